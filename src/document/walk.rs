//! A value on its way out: each object once, with an explicit stack.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::node::{Node, NodeKind, after};
use super::parser::Document;
use super::value::Value;
use crate::read::event::{ErrorPart, Event};
use crate::view::ViewKind;
use crate::wire::ErrorTag;
use crate::write::writer::Writer;
use crate::write::{HostViews, WriteError, WriteErrorKind};

const NONE: u32 = u32::MAX;

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// A container that is being written.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// The next slot, and where the slots end.
    next: u32,
    end: u32,
    /// The node of the container.
    of: u32,
    /// The view to be written behind it; of an error the stack, before its end.
    behind: u32,
}

pub(super) struct Walk<'w, 'd, 'a> {
    pub(super) doc: &'d Document<'a>,
    pub(super) address: usize,
    pub(super) host_views: HostViews,
    pub(super) transfers: &'w BTreeMap<(usize, u32), u32>,
    /// By node: the id that the object has been given, plus one.
    pub(super) known: &'w mut [u32],
    pub(super) writer: &'w mut Writer,
    pub(super) open: Vec<Open>,
}

impl<'a> Walk<'_, '_, 'a> {
    /// Writes the value that has this node.
    pub(super) fn run(&mut self, index: u32) -> Result<(), WriteError> {
        self.value(index)?;
        while let Some(open) = self.open.last_mut() {
            if open.next >= open.end {
                let (of, behind) = (open.of, open.behind);
                let is_error = self.kind(of) == NodeKind::Error;
                if is_error && behind != NONE {
                    self.event(behind)?;
                }
                self.writer.end()?;
                self.open.pop();
                if !is_error && behind != NONE {
                    self.event(behind)?;
                }
                continue;
            }
            let slot = open.next;
            open.next = after(&self.doc.nodes, slot);
            if self.kind(slot) == NodeKind::HostBytes {
                self.event(slot)?;
            } else {
                self.value(Value::at_slot(self.doc, slot).index)?;
            }
        }
        Ok(())
    }

    fn node(&self, index: u32) -> Option<&Node> {
        self.doc.nodes.get(index as usize)
    }

    fn kind(&self, index: u32) -> NodeKind {
        self.node(index).map_or(NodeKind::Undefined, Node::kind)
    }

    /// Writes the node as it is, and notes its id if it took one.
    fn event(&mut self, index: u32) -> Result<(), WriteError> {
        let Some((event, _)) = self.doc.event_at(index) else { return Ok(()) };
        self.put(index, event)
    }

    fn put(&mut self, index: u32, event: Event<'_>) -> Result<(), WriteError> {
        self.noted(index, |writer| writer.event(event))
    }

    fn noted(
        &mut self,
        index: u32,
        write: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let id = self.writer.next_id();
        write(self.writer)?;
        if self.writer.next_id() != id
            && let Some(known) = self.known.get_mut(index as usize)
        {
            *known = id.saturating_add(1);
        }
        Ok(())
    }

    /// A reference, if the object has been written.
    fn again(&mut self, index: u32) -> Result<bool, WriteError> {
        match self.known.get(index as usize).and_then(|id| id.checked_sub(1)) {
            Some(id) => self.writer.event(Event::Reference(id)).map(|()| true),
            None => Ok(false),
        }
    }

    fn value(&mut self, index: u32) -> Result<(), WriteError> {
        if self.again(index)? {
            return Ok(());
        }
        match self.kind(index) {
            NodeKind::View if self.host_views == HostViews::Node => self.host_view(index),
            NodeKind::View => {
                let buffer = self.node(index).map_or(index, |node| node.a);
                if self.again(buffer)? {
                    return self.event(index);
                }
                self.buffer(buffer, index)
            }
            NodeKind::HostView => match self.host_views {
                HostViews::Keep => self.event(index),
                HostViews::Node => self.host_view(index),
                HostViews::Raw => self.raw_view(index),
            },
            NodeKind::Error => self.error(index),
            NodeKind::ArrayBuffer
            | NodeKind::ImmutableArrayBuffer
            | NodeKind::ResizableArrayBuffer
            | NodeKind::TransferredArrayBuffer => self.buffer(index, NONE),
            _ => {
                self.event(index)?;
                self.enter(index, NONE);
                Ok(())
            }
        }
    }

    /// Goes into a container, whose begin has been written.
    fn enter(&mut self, index: u32, view: u32) -> bool {
        let Some(node) = self.doc.nodes.get(index as usize).filter(|node| node.is_container())
        else {
            return false;
        };
        self.open.push(Open { next: index + 1, end: node.a, of: index, behind: view });
        true
    }

    /// A buffer, and the view over it if there is one.
    fn buffer(&mut self, index: u32, view: u32) -> Result<(), WriteError> {
        match self.transfers.get(&(self.address, index)) {
            Some(&id) => self.put(index, Event::TransferredArrayBuffer { id })?,
            None => self.event(index)?,
        }
        // A shared buffer over a memory, which stands between it and the view.
        if self.enter(index, view) || view == NONE {
            return Ok(());
        }
        self.event(view)
    }

    /// As Node's host object, which carries what the view shows.
    fn host_view(&mut self, index: u32) -> Result<(), WriteError> {
        let (kind, data) = self.shown(index)?;
        self.noted(index, |writer| writer.host_view(kind, data))
    }

    /// A view that was a host object, as a buffer of its own and a view over all of it.
    fn raw_view(&mut self, index: u32) -> Result<(), WriteError> {
        let (kind, data) = self.shown(index)?;
        // Node's readers drop what is no whole element (SPEC.md 8.4).
        let length = data.len() - data.len() % kind.element_size();
        let data = data.get(..length).unwrap_or(data);
        self.writer.event(Event::ArrayBuffer(data))?;
        let byte_length = length as u64;
        self.put(index, Event::View { kind, byte_offset: 0, byte_length, flags: None })
    }

    /// The kind and the bytes of a view.
    fn shown(&self, index: u32) -> Result<(ViewKind, &'a [u8]), WriteError> {
        let view = Value { doc: self.doc, index }.as_view();
        match view.and_then(|view| Some((view.kind, view.bytes?))) {
            Some(shown) => Ok(shown),
            None => Err(WriteError::new(WriteErrorKind::BytesElsewhere)),
        }
    }

    /// The parts in the order that V8 from 12.4 on asks for, the last one of each kind.
    fn error(&mut self, index: u32) -> Result<(), WriteError> {
        let nodes = &self.doc.nodes;
        let end = self.node(index).map_or(0, |node| node.a);
        let [mut class, mut message, mut stack] = [None; 3];
        let mut cause = None;
        let mut slot = index + 1;
        while slot < end
            && let Some(node) = nodes.get(slot as usize)
        {
            if node.kind() == NodeKind::ErrorPart {
                match ErrorTag(node.b as u8) {
                    ErrorTag::MESSAGE => message = Some(slot),
                    ErrorTag::STACK => stack = Some(slot),
                    ErrorTag::CAUSE => cause = Some(slot + 1),
                    _ => class = Some(slot),
                }
            }
            slot = after(nodes, slot);
        }
        self.event(index)?;
        let late_stack =
            stack.filter(|_| cause.is_some() && self.writer.options().cause_before_stack);
        let early_stack = stack.filter(|_| late_stack.is_none());
        for part in [class, message, early_stack].into_iter().flatten() {
            self.event(part)?;
        }
        let (mut next, mut behind) = (end, end);
        if let Some(slot) = cause {
            self.writer.event(Event::ErrorPart(ErrorPart::Cause))?;
            (next, behind) = (slot, after(nodes, slot));
        }
        self.open.push(Open { next, end: behind, of: index, behind: late_stack.unwrap_or(NONE) });
        Ok(())
    }

    // Where an error is.

    /// The path of the value that was being written.
    #[cold]
    pub(super) fn path(&self) -> String {
        let mut path = String::from("$");
        let cut = self.open.len() > HEAD + TAIL + 1;
        for (i, open) in self.open.iter().enumerate() {
            if cut && i == HEAD {
                let _ = write!(path, "\u{2026}<{} more>\u{2026}", self.open.len() - HEAD - TAIL);
            }
            if !cut || i < HEAD || i >= self.open.len() - TAIL {
                self.segment(&mut path, open);
            }
        }
        path
    }

    fn segment(&self, path: &mut String, open: &Open) {
        let nodes = &self.doc.nodes;
        let Some(container) = nodes.get(open.of as usize) else { return };
        // The slot being written is the one before the next; what stands before that is its key.
        let (mut slot, mut key, mut last, mut count) = (open.of + 1, None, None, 0u32);
        while slot < open.next {
            if self.kind(slot) != NodeKind::HostBytes {
                (key, last, count) = (last, Some(slot), count + 1);
            }
            slot = after(nodes, slot);
        }
        if last.is_none() {
            return;
        }
        let position = count - 1;
        let _ = match container.kind() {
            NodeKind::Dense if count <= container.b => write!(path, "[{position}]"),
            NodeKind::Object | NodeKind::Sparse | NodeKind::Dense => {
                let key = key.and_then(|slot| self.doc.key_at(slot));
                match key.map(|key| (key.as_array_index(), key)) {
                    Some((Some(index), _)) => write!(path, "[{index}]"),
                    Some((None, key)) => {
                        crate::path::push_property(path, &key.start(KEY), KEY);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            NodeKind::Map if position % 2 == 0 => write!(path, "<key {}>", position / 2),
            NodeKind::Map => write!(path, "<value {}>", position / 2),
            NodeKind::Set => write!(path, "<{position}>"),
            NodeKind::Error => write!(path, ".cause"),
            NodeKind::WasmMemory => write!(path, ".buffer"),
            NodeKind::WasmShared => write!(path, ".memory"),
            _ => write!(path, "<host {position}>"),
        };
    }
}
