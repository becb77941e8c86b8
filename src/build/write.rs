//! A graph on its way out, with an explicit stack: each object once, then by reference.

use alloc::borrow::Cow;
use alloc::vec::{self, Vec};
use core::slice;

use super::node::{Array, ArrayForm, Chars, ErrorNode, Name, NameRef, Node, Run, ViewNode};
use super::{Builder, NodeId};
use crate::read::event::{ErrorPart, Event};
use crate::write::writer::{Form, Writer};
use crate::write::{WriteError, WriteErrorKind, WriteOptions};

type Done<T = ()> = Result<T, WriteError>;

/// Something still to be written.
enum Task<'b> {
    Value(NodeId),
    Elements {
        elements: slice::Iter<'b, Option<NodeId>>,
        as_doubles: bool,
    },
    Values(slice::Iter<'b, NodeId>),
    Entries(slice::Iter<'b, (NodeId, NodeId)>),
    Properties(Properties<'b>),
    Runs(slice::Iter<'b, Run>),
    Cause(NodeId),
    Stack(&'b Chars),
    /// A view whose buffer has been written.
    View(NodeId, &'b ViewNode),
    End,
}

/// Properties in the order of JavaScript, each name once.
enum Properties<'b> {
    InOrder(slice::Iter<'b, (Name, NodeId)>),
    Sorted(vec::IntoIter<(NameRef<'b>, NodeId)>),
}

impl<'b> Iterator for Properties<'b> {
    type Item = (NameRef<'b>, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Properties::InOrder(properties) => {
                properties.next().map(|(name, value)| (name.as_ref(), *value))
            }
            Properties::Sorted(properties) => properties.next(),
        }
    }
}

pub(super) struct Walk<'b> {
    nodes: &'b [Node],
    /// By node: the id that the object has been given, plus one.
    ids: Vec<u32>,
    writer: Writer,
    tasks: Vec<Task<'b>>,
    /// What is being written, for an error.
    current: NodeId,
}

/// The header and the value.
pub(super) fn to_vec(builder: &Builder, root: NodeId, options: &WriteOptions) -> Done<Vec<u8>> {
    let mut walk = Walk {
        nodes: &builder.nodes,
        ids: alloc::vec![0; builder.nodes.len()],
        writer: Writer::new(*options, Form::AsV8),
        tasks: alloc::vec![Task::Value(root)],
        current: root,
    };
    walk.writer.header(options.version)?;
    while let Some(task) = walk.tasks.pop() {
        walk.task(task)
            .map_err(|error| error.place(|| super::path::path(builder, root, walk.current)))?;
    }
    walk.writer.finish()
}

impl<'b> Walk<'b> {
    fn task(&mut self, task: Task<'b>) -> Done {
        match task {
            Task::Value(id) => self.value(id),
            Task::Elements { mut elements, as_doubles } => {
                let Some(element) = elements.next() else { return Ok(()) };
                self.tasks.push(Task::Elements { elements, as_doubles });
                match element {
                    None => self.writer.event(Event::Hole),
                    Some(id) => match self.nodes.get(id.index()) {
                        Some(Node::Int32(value)) if as_doubles => {
                            self.writer.event(Event::Double((*value).into()))
                        }
                        _ => self.value(*id),
                    },
                }
            }
            Task::Values(mut values) => {
                let Some(value) = values.next() else { return Ok(()) };
                self.tasks.push(Task::Values(values));
                self.value(*value)
            }
            Task::Entries(mut entries) => {
                let Some((key, value)) = entries.next() else { return Ok(()) };
                self.tasks.push(Task::Entries(entries));
                self.tasks.push(Task::Value(*value));
                self.value(*key)
            }
            Task::Properties(mut properties) => {
                let Some((name, value)) = properties.next() else { return Ok(()) };
                self.tasks.push(Task::Properties(properties));
                self.writer.event(match name {
                    NameRef::Index(index) => Event::Uint32(index),
                    NameRef::Text(text) => Event::String(text),
                })?;
                self.value(value)
            }
            Task::Runs(mut runs) => {
                let Some(run) = runs.next() else { return Ok(()) };
                self.tasks.push(Task::Runs(runs));
                match run {
                    Run::Bytes(bytes) => self.writer.event(Event::HostBytes(bytes)),
                    Run::Value(value) => self.value(*value),
                }
            }
            Task::Cause(value) => {
                self.writer.event(Event::ErrorPart(ErrorPart::Cause))?;
                self.value(value)
            }
            Task::Stack(stack) => self.stack(stack),
            Task::View(id, view) => {
                self.current = id;
                let &ViewNode { kind, byte_offset, byte_length, flags, .. } = view;
                self.object(id, Event::View { kind, byte_offset, byte_length, flags })
            }
            Task::End => self.writer.end(),
        }
    }

    /// Writes the event, and notes the id if it took one.
    fn object(&mut self, id: NodeId, event: Event<'_>) -> Done {
        let next = self.writer.next_id();
        self.writer.event(event)?;
        if self.writer.next_id() != next
            && let Some(known) = self.ids.get_mut(id.index())
        {
            *known = next.saturating_add(1);
        }
        Ok(())
    }

    fn value(&mut self, id: NodeId) -> Done {
        self.current = id;
        let Some(node) = self.nodes.get(id.index()) else {
            let reason = "a node of another builder";
            return Err(self.writer.fail(WriteError::new(WriteErrorKind::Misuse { reason })));
        };
        if let Some(known) = self.ids.get(id.index()).and_then(|id| id.checked_sub(1)) {
            return self.writer.event(Event::Reference(known));
        }
        if let Some(event) = node.event() {
            return self.object(id, event);
        }
        match node {
            Node::Object(properties) => {
                self.begin(id, Event::ObjectBegin, None)?;
                self.tasks.push(Task::Properties(in_order(properties)));
            }
            Node::Array(array) => self.array(id, array)?,
            Node::Map(entries) => {
                self.begin(id, Event::MapBegin, Some(Task::Entries(entries.iter())))?
            }
            Node::Set(members) => {
                self.begin(id, Event::SetBegin, Some(Task::Values(members.iter())))?
            }
            Node::Error(error) => self.error(id, error)?,
            Node::View(view) => {
                self.tasks.push(Task::View(id, view));
                self.tasks.push(Task::Value(view.buffer));
            }
            Node::Host(runs) => {
                let begin = Event::HostObjectBegin { legacy_tag: None };
                self.begin(id, begin, Some(Task::Runs(runs.iter())))?;
            }
            Node::WasmMemory { maximum_pages, memory64, buffer } => {
                let (maximum_pages, memory64) = (*maximum_pages, *memory64);
                let begin = Event::WasmMemoryBegin { maximum_pages, memory64 };
                self.begin(id, begin, Some(Task::Value(*buffer)))?;
            }
            Node::WasmShared { id: shared, memory } => {
                let begin = Event::WasmSharedArrayBufferBegin { id: *shared };
                self.begin(id, begin, Some(Task::Value(*memory)))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, id: NodeId, event: Event<'_>, contents: Option<Task<'b>>) -> Done {
        self.object(id, event)?;
        self.tasks.push(Task::End);
        self.tasks.extend(contents);
        Ok(())
    }

    /// Dense where no element is missing, as V8 most likely has it (SPEC.md 7.5).
    fn array(&mut self, id: NodeId, array: &'b Array) -> Done {
        let length = array.length;
        let whole = array.elements.len() as u64 == u64::from(length)
            && array.elements.iter().all(Option::is_some);
        if array.form == ArrayForm::Dense || (array.form == ArrayForm::Auto && whole) {
            let as_doubles = array.form == ArrayForm::Auto && self.are_doubles(&array.elements);
            self.begin(id, Event::DenseArrayBegin { length }, None)?;
            self.tasks.push(Task::Properties(in_order(&array.properties)));
            let elements = array.elements.iter();
            self.tasks.push(Task::Elements { elements, as_doubles });
            return Ok(());
        }
        self.begin(id, Event::SparseArrayBegin { length }, None)?;
        let elements = array.elements.iter().zip(0..);
        let elements = elements.filter_map(|(id, index)| Some((NameRef::Index(index), (*id)?)));
        let properties = array.properties.iter().map(|(name, id)| (name.as_ref(), *id));
        self.tasks.push(Task::Properties(sorted(elements.chain(properties).collect())));
        Ok(())
    }

    /// An array of numbers, one of which is no small integer, is one of doubles (SPEC.md 7.2).
    fn are_doubles(&self, elements: &[Option<NodeId>]) -> bool {
        let mut any = false;
        for id in elements.iter().flatten() {
            match self.nodes.get(id.index()) {
                Some(Node::Int32(value)) => any |= !self.writer.options().is_smi(*value),
                Some(Node::Double(_)) => any = true,
                _ => return false,
            }
        }
        any
    }

    fn stack(&mut self, stack: &Chars) -> Done {
        self.writer.event(Event::ErrorPart(ErrorPart::Stack(stack.text())))
    }

    fn error(&mut self, id: NodeId, error: &'b ErrorNode) -> Done {
        self.begin(id, Event::ErrorBegin, None)?;
        if let Some(class) = error.class {
            self.writer.event(Event::ErrorPart(ErrorPart::Prototype(class)))?;
        }
        if let Some(message) = &error.message {
            self.writer.event(Event::ErrorPart(ErrorPart::Message(message.text())))?;
        }
        let cause = error.cause.map(Task::Cause);
        if self.writer.options().cause_before_stack {
            self.tasks.extend(error.stack.as_ref().map(Task::Stack));
            self.tasks.extend(cause);
        } else {
            if let Some(stack) = &error.stack {
                self.stack(stack)?;
            }
            self.tasks.extend(cause);
        }
        Ok(())
    }
}

/// Each name once, where it was first set, with what it was set to last; indices first, ascending.
fn in_order(properties: &[(Name, NodeId)]) -> Properties<'_> {
    /// Up to here comparing all pairs is faster than sorting.
    const PAIRWISE: usize = 8;
    let names = || properties.iter().map(|(name, _)| name.as_ref());
    let is_ordered = properties.len() <= PAIRWISE
        && names().enumerate().all(|(number, name)| {
            names().take(number).all(|before| match (before, name) {
                (NameRef::Text(before), NameRef::Text(name)) => before != name,
                (before, name) => before < name,
            })
        });
    if is_ordered {
        return Properties::InOrder(properties.iter());
    }
    sorted(properties.iter().map(|(name, value)| (name.as_ref(), *value)).collect())
}

fn sorted(properties: Vec<(NameRef<'_>, NodeId)>) -> Properties<'_> {
    // By name, those of the same name in the order in which they were set.
    let mut order: Vec<usize> = (0..properties.len()).collect();
    let name = |at: &usize| properties.get(*at).map(|property| property.0);
    order.sort_by_key(|at| (name(at), *at));
    let mut kept: Vec<(usize, usize)> = Vec::with_capacity(order.len());
    for at in order {
        match kept.last_mut() {
            Some((first, last)) if name(first) == name(&at) => *last = at,
            _ => kept.push((at, at)),
        }
    }
    // Indices stand first and ascend already; names go back to where they were.
    kept.sort_by_key(|(first, _)| match name(first) {
        Some(NameRef::Index(index)) => (false, index as usize),
        _ => (true, *first),
    });
    let values = kept.into_iter();
    let values: Vec<_> = values
        .filter_map(|(first, last)| Some((properties.get(first)?.0, properties.get(last)?.1)))
        .collect();
    Properties::Sorted(values.into_iter())
}

/// The name of a property for a path.
pub(super) fn shown<'b>(name: &'b Name) -> Cow<'b, str> {
    match name.as_ref() {
        NameRef::Text(text) => text.to_str(),
        NameRef::Index(index) => alloc::format!("{index}").into(),
    }
}
