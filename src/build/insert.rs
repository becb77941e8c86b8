//! Values of a document, copied with all that they hold.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::node::{Array, ArrayForm, Chars, ErrorNode, Name, Node, Run, ViewNode};
use super::{Builder, NodeId};
use crate::document::{Key, Kind, Value};
use crate::read::event::{ErrorPart, Event};

impl Builder {
    /// Copies a value of a document with all that it holds, shared and cyclic objects included. Another
    /// call makes other copies.
    ///
    /// Arrays stay dense or sparse, and keep their doubles.
    ///
    /// ```
    /// use v8wire::{Builder, Document, WriteOptions};
    /// let doc = Document::parse(b"\xFF\x0Fo\"\x02meo{\0{\x01").unwrap();
    /// let mut builder = Builder::new();
    /// let me = builder.insert(doc.root()["me"].value());
    /// let twice = builder.array();
    /// builder.push(twice, me);
    /// builder.push(twice, me);
    /// assert_eq!(builder.to_vec(twice, &WriteOptions::new())?, b"\xFF\x0FA\x02o{\0^\x01$\0\x02");
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    pub fn insert(&mut self, value: Value<'_, '_>) -> NodeId {
        let mut copy = Copy { builder: self, known: BTreeMap::new(), open: Vec::new() };
        let root = copy.node(value);
        while let Some((value, id)) = copy.open.pop() {
            copy.fill(value, id);
        }
        root
    }
}

struct Copy<'b, 'd, 'a> {
    builder: &'b mut Builder,
    /// The nodes of values that have been met, by their ids.
    known: BTreeMap<u32, NodeId>,
    /// Values whose contents are still to be copied.
    open: Vec<(Value<'d, 'a>, NodeId)>,
}

impl<'d, 'a> Copy<'_, 'd, 'a> {
    fn node(&mut self, value: Value<'d, 'a>) -> NodeId {
        let Some(number) = value.id() else { return self.builder.add(Node::Undefined) };
        if let Some(id) = self.known.get(&number) {
            return *id;
        }
        let (node, is_open) = match value.flat_event().and_then(Node::of_event) {
            Some(node) => (node, false),
            None => (Node::Undefined, true),
        };
        let id = self.builder.add(node);
        self.known.insert(number, id);
        if is_open {
            self.open.push((value, id));
        }
        id
    }

    fn nodes(&mut self, values: impl Iterator<Item = Value<'d, 'a>>) -> Vec<NodeId> {
        values.map(|value| self.node(value)).collect()
    }

    fn properties(&mut self, value: Value<'d, 'a>) -> Vec<(Name, NodeId)> {
        value.properties().map(|(key, value)| (name(key), self.node(value))).collect()
    }

    fn fill(&mut self, value: Value<'d, 'a>, id: NodeId) {
        let node = match value.kind() {
            Kind::Object => Node::Object(self.properties(value)),
            Kind::Array => Node::Array(Box::new(self.array(value))),
            Kind::Map => Node::Map(
                value.entries().map(|(key, value)| (self.node(key), self.node(value))).collect(),
            ),
            Kind::Set => Node::Set(self.nodes(value.members())),
            Kind::Error => Node::Error(Box::new(self.error(value))),
            Kind::View => match value.flat_event().zip(value.as_view().and_then(|it| it.buffer)) {
                Some((Event::View { kind, byte_offset, byte_length, flags }, buffer)) => {
                    let buffer = self.node(buffer);
                    Node::View(Box::new(ViewNode { kind, buffer, byte_offset, byte_length, flags }))
                }
                _ => return,
            },
            Kind::HostObject => Node::Host(
                value
                    .host_runs()
                    .map(|run| match run {
                        Ok(bytes) => Run::Bytes(bytes.into()),
                        Err(value) => Run::Value(self.node(value)),
                    })
                    .collect(),
            ),
            Kind::WasmMemory => match (value.flat_event(), value.as_wasm_memory()) {
                (
                    Some(Event::WasmMemoryBegin { maximum_pages, memory64 }),
                    Some((_, _, buffer)),
                ) => Node::WasmMemory { maximum_pages, memory64, buffer: self.node(buffer) },
                _ => return,
            },
            Kind::SharedArrayBuffer => match (value.external_id(), value.wasm_memory()) {
                (Some(id), Some(memory)) => Node::WasmShared { id, memory: self.node(memory) },
                _ => return,
            },
            _ => return,
        };
        if let Some(place) = self.builder.nodes.get_mut(id.index()) {
            *place = node;
        }
    }

    fn array(&mut self, value: Value<'d, 'a>) -> Array {
        let is_dense = value.is_dense();
        let elements: Vec<_> = value
            .elements()
            .map(|element| (element.kind() != Kind::Hole).then(|| self.node(element)))
            .collect();
        Array {
            elements,
            properties: self.properties(value),
            length: value.declared_length(),
            form: if is_dense { ArrayForm::Dense } else { ArrayForm::Sparse },
        }
    }

    fn error(&mut self, value: Value<'d, 'a>) -> ErrorNode {
        let mut error = ErrorNode::default();
        for (part, cause) in value.error_parts() {
            match part {
                ErrorPart::Prototype(class) => error.class = Some(class),
                ErrorPart::Message(text) => error.message = Some(Chars::from(text)),
                ErrorPart::Stack(text) => error.stack = Some(Chars::from(text)),
                ErrorPart::Cause => error.cause = cause.map(|cause| self.node(cause)),
            }
        }
        error
    }
}

fn name(key: Key<'_>) -> Name {
    match (key.as_array_index(), key) {
        (Some(index), _) => Name::Index(index),
        (None, Key::Text(text)) => Name::Text(text.into()),
        (None, Key::Number(_)) => Name::Text(Chars::from(&*key.to_str())),
    }
}
