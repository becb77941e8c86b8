//! A value on its way out: each object once, with an explicit stack.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::hosts::HostState;
use super::lower::Fit;
use super::node::{GOES_ON, Node, NodeKind, WORDS};
use super::parser::Document;
use super::value::Value;
use crate::host::SerializerDelegate;
use crate::read::event::{ErrorPart, Event};
use crate::view::ViewKind;
use crate::wire::ErrorTag;
use crate::write::drain::{Drain, contents};
use crate::write::writer::Writer;
use crate::write::{HostViews, Target, WriteError, WriteErrorKind};

const NONE: u32 = u32::MAX;

/// Of an error that was written and has no id, in the place of the id plus one.
const NO_ID: u32 = u32::MAX;

/// A container that is being written.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// The next slot, and where the slots end.
    pub(super) next: u32,
    pub(super) end: u32,
    /// The node of the container.
    pub(super) of: u32,
    /// The view to be written behind it; of an error the stack, before its end.
    behind: u32,
}

impl Open {
    pub(super) fn new(of: u32, end: u32) -> Self {
        Open { next: of + WORDS, end, of, behind: NONE }
    }
}

pub(super) struct Walk<'w, 'd, 'a> {
    pub(super) doc: &'d Document<'a>,
    pub(super) address: usize,
    pub(super) fit: Fit,
    /// Whether events are written as they are.
    pub(super) plain: bool,
    pub(super) delegate: Option<&'w dyn SerializerDelegate>,
    pub(super) transfers: &'w BTreeMap<(usize, u32), u32>,
    /// By node: the id that the object has been given, plus one.
    pub(super) known: &'w mut [u32],
    pub(super) writer: &'w mut Writer,
    pub(super) drain: Option<&'w mut dyn Drain>,
    pub(super) open: Vec<Open>,
    /// Host objects that are open and that a delegate writes.
    pub(super) hosts: Vec<HostState<'a>>,
    /// The values that host objects stand for, where those are within each other.
    pub(super) wrapped: BTreeMap<u32, u32>,
    /// Errors that are open, where they may not be referred to.
    pub(super) open_errors: BTreeSet<u32>,
}

impl<'a> Walk<'_, '_, 'a> {
    /// Writes the value that has this node.
    pub(super) fn run(&mut self, index: u32) -> Result<(), WriteError> {
        self.value(index)?;
        while let Some(open) = self.open.last_mut() {
            if !self.hosts.is_empty() && self.hosts.last().is_some_and(|host| host.of == open.of) {
                self.host_step()?;
                continue;
            }
            if open.next >= open.end {
                let (of, behind) = (open.of, open.behind);
                let is_error = self.kind(of) == NodeKind::Error;
                if is_error && behind != NONE {
                    self.event(behind)?;
                }
                self.writer.end()?;
                self.open.pop();
                if is_error {
                    self.open_errors.remove(&of);
                }
                if !is_error && behind != NONE {
                    self.event(behind)?;
                }
                continue;
            }
            let slot = open.next;
            open.next = self.doc.nodes.after(slot);
            if self.kind(slot) == NodeKind::HostBytes {
                self.event(slot)?;
            } else {
                self.value(Value::at_slot(self.doc, slot).index)?;
            }
        }
        Ok(())
    }

    fn node(&self, index: u32) -> Option<Node> {
        self.doc.nodes.get(index)
    }

    fn kind(&self, index: u32) -> NodeKind {
        self.doc.nodes.kind(index).unwrap_or(NodeKind::Undefined)
    }

    /// Writes the node as it is, and notes its id if it took one.
    fn event(&mut self, index: u32) -> Result<(), WriteError> {
        let Some((event, _)) = self.doc.event_at(index) else { return Ok(()) };
        let payload = matches!(event, Event::HostBytes(_) | Event::HostView { .. });
        if payload && self.node(index).is_some_and(|node| node.flag(GOES_ON)) {
            return self.noted(index, &[], |writer| writer.event_and_number(event));
        }
        if self.plain {
            let id = self.writer.next_id();
            self.writer.event(event)?;
            self.note_id(index, id);
            return Ok(());
        }
        self.put(index, event)
    }

    /// Notes the id that a node has taken, which is the next one, if it did.
    #[inline(always)]
    fn note_id(&mut self, index: u32, id: u32) {
        if self.writer.next_id() != id
            && let Some(known) = self.known.get_mut(index as usize)
        {
            *known = id.saturating_add(1);
        }
    }

    fn put(&mut self, index: u32, event: Event<'a>) -> Result<(), WriteError> {
        let event = self.fit.lowered(self.doc, index, event);
        let event = match self.delegate {
            Some(delegate) => super::hosts::named(delegate, event)?,
            None => event,
        };
        self.noted(index, contents(&event), |writer| writer.event(event))
    }

    /// Writes something of the node, which ends with these contents, and notes the id that it took.
    pub(super) fn noted(
        &mut self,
        index: u32,
        contents: &[u8],
        write: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let id = self.writer.next_id();
        write(self.writer)?;
        self.note_id(index, id);
        match &mut self.drain {
            Some(drain) => self.writer.drain_behind(&mut **drain, contents),
            None => Ok(()),
        }
    }

    /// A reference, if the object has been written.
    #[inline(always)]
    fn again(&mut self, index: u32) -> Result<bool, WriteError> {
        match self.known.get(index as usize).copied() {
            None | Some(0) => Ok(false),
            Some(id) => self.known_again(index, id),
        }
    }

    fn known_again(&mut self, index: u32, id: u32) -> Result<bool, WriteError> {
        match id {
            NO_ID => Err(self.error_again("an error that is referred to")),
            _ if self.open_errors.contains(&index) => {
                Err(self.error_again("a reference to an error within itself"))
            }
            id => self.writer.event(Event::Reference(id - 1)).map(|()| true),
        }
    }

    /// The value that a host object stands for. Many may be within each other: the way is gone once.
    fn unwrapped(&mut self, index: u32) -> u32 {
        let (mut inner, mut way) = (index, Vec::new());
        while let Some(next) = self.wrapped.get(&inner).copied().or_else(|| self.doc.wrapped(inner))
        {
            way.push(inner);
            inner = next;
        }
        if way.len() > 1 {
            self.wrapped.extend(way.into_iter().map(|outer| (outer, inner)));
        }
        inner
    }

    #[cold]
    fn error_again(&self, what: &'static str) -> WriteError {
        let target = self.fit.options.target.unwrap_or(Target::NODE);
        WriteError::not_carried(target, (what, None))
    }

    pub(super) fn value(&mut self, index: u32) -> Result<(), WriteError> {
        let index = if self.fit.unwrap { self.unwrapped(index) } else { index };
        if self.again(index)? {
            return Ok(());
        }
        let kind = self.kind(index);
        if matches!(kind, NodeKind::View | NodeKind::HostView)
            && let Some(error) = self.doc.foreign_elements(index, &self.fit.options)
        {
            return Err(error);
        }
        match kind {
            NodeKind::View if self.is_host_view(index) => self.host_view(index),
            NodeKind::View => {
                let buffer = self.node(index).map_or(index, |node| node.a);
                if self.again(buffer)? {
                    return self.event(index);
                }
                self.buffer(buffer, index)
            }
            NodeKind::HostView if self.fit.host_views == HostViews::Keep => self.event(index),
            NodeKind::HostView if self.is_host_view(index) => self.host_view(index),
            NodeKind::HostView => self.raw_view(index),
            NodeKind::Host if self.delegate.is_some() => self.delegated(index),
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
        let Some(node) = self.node(index).filter(Node::is_container) else { return false };
        self.open.push(Open { behind: view, ..Open::new(index, node.a) });
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

    /// Whether a view is written as a host object. Where a target is named, the other form stands in where
    /// that cannot be: its V8 reads that as well.
    fn is_host_view(&self, index: u32) -> bool {
        let view = Value { doc: self.doc, index }.as_view();
        let has_bytes = || view.is_some_and(|view| view.bytes.is_some());
        view.is_some_and(|view| self.fit.as_host_view(view.kind))
            && (self.fit.options.target.is_none() || has_bytes())
    }

    /// As a host object, which carries what the view shows.
    fn host_view(&mut self, index: u32) -> Result<(), WriteError> {
        let (kind, data) = self.shown(index)?;
        let kind = self.fit.kind(kind);
        if self.delegate.is_some() {
            return self.delegated_view(index, kind, data);
        }
        let channel = self.fit.host_views == HostViews::NodeIpc;
        self.noted(index, data, |writer| writer.host_view(kind, data, channel))
    }

    /// A view that was a host object, as a buffer of its own and a view over all of it.
    fn raw_view(&mut self, index: u32) -> Result<(), WriteError> {
        let (kind, data) = self.shown(index)?;
        // Node's readers drop what is no whole element (SPEC.md 8.4).
        let length = data.len() - data.len() % kind.element_size();
        let data = data.get(..length).unwrap_or(data);
        let buffer = Event::ArrayBuffer(data);
        self.writer.event(buffer)?;
        if let Some(drain) = &mut self.drain {
            self.writer.drain_behind(&mut **drain, data)?;
        }
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
        let mut slot = nodes.next(index);
        while slot < end {
            match self.doc.error_tag(slot) {
                Some(ErrorTag::MESSAGE) => message = Some(slot),
                Some(ErrorTag::STACK) => stack = Some(slot),
                Some(ErrorTag::CAUSE) => cause = Some(nodes.after(slot)),
                Some(_) => class = Some(slot),
                None => {}
            }
            slot = nodes.after(slot);
        }
        self.event(index)?;
        match self.fit.options.target {
            Some(target) if !target.errors_take_ids() => {
                if let Some(known) = self.known.get_mut(index as usize) {
                    *known = NO_ID;
                }
            }
            Some(target) if !target.errors_hold_themselves() => {
                self.open_errors.insert(index);
            }
            _ => {}
        }
        if self.fit.drops_causes() {
            cause = None;
        }
        let late_stack =
            stack.filter(|_| cause.is_some() && self.writer.options().cause_before_stack);
        let early_stack = stack.filter(|_| late_stack.is_none());
        for part in [class, message, early_stack].into_iter().flatten() {
            self.event(part)?;
        }
        let (mut next, mut behind) = (end, end);
        if let Some(slot) = cause {
            self.writer.event(Event::ErrorPart(ErrorPart::Cause))?;
            (next, behind) = (slot, nodes.after(slot));
        }
        self.open.push(Open { next, end: behind, of: index, behind: late_stack.unwrap_or(NONE) });
        Ok(())
    }

    /// The path of the value that was being written.
    #[cold]
    pub(super) fn path(&self) -> String {
        super::trail::path(self.open.len(), |path, i| {
            if let Some(open) = self.open.get(i) {
                self.segment(path, open);
            }
        })
    }

    fn segment(&self, path: &mut String, open: &Open) {
        // The slot being written is the one before the next; what stands before that is its key.
        let (mut slot, mut key, mut last, mut count) = (open.of + WORDS, None, None, 0u32);
        while slot < open.next {
            if self.kind(slot) != NodeKind::HostBytes {
                (key, last, count) = (last, Some(slot), count + 1);
            }
            slot = self.doc.nodes.after(slot);
        }
        if last.is_some() {
            self.doc.segment(path, open.of, count - 1, key);
        }
    }
}
