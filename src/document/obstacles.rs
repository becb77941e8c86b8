//! What of a document cannot be written for a target or in a version: all of it, without writing.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::lower::Fit;
use super::node::{HAS_VIEW, NodeKind, OUTSIDE, VIEW_WORDS};
use super::parser::Document;
use super::value::Value;
use crate::read::event::Event;
use crate::write::{HostViews, WriteError, WriteErrorKind, WriteOptions};

/// What of a [`Document`] cannot be written: see [`Document::obstacles`].
///
/// It needs no memory but a stack of the containers that are open.
#[derive(Clone)]
pub struct Obstacles<'d, 'a> {
    doc: &'d Document<'a>,
    fit: Fit,
    next: u32,
    open: Vec<Open>,
}

/// A container that is open.
#[derive(Clone, Copy)]
struct Open {
    of: u32,
    /// Where it ends.
    end: u32,
    /// How many values have been met in it, and the last two of them.
    count: u32,
    last: u32,
    before: u32,
}

impl core::fmt::Debug for Obstacles<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Obstacles").field("next", &self.next).finish_non_exhaustive()
    }
}

impl<'a> Document<'a> {
    /// Everything in the document that cannot be written with these options, in the order of the wire: what
    /// the target does not read, what the version cannot carry. What lowering puts right is none where
    /// [`lower`](WriteOptions::lower) is set.
    ///
    /// ```
    /// use v8wire::{Document, Target, WriteOptions};
    /// // [/a/v, an immutable ArrayBuffer]
    /// let doc = Document::parse(b"\xFF\x0FA\x02R\"\x01a\x80\x02C\x01!$\0\x02")?;
    /// let options = WriteOptions::for_target(Target::node(18).unwrap());
    /// let obstacles: Vec<String> = doc.obstacles(&options).map(|o| o.to_string()).collect();
    /// assert_eq!(obstacles, [
    ///     "Node 18 does not read a RegExp with the flag `v` ($[0])",
    ///     "Node 18 does not read an immutable ArrayBuffer; lowering makes it an ordinary one ($[1])",
    /// ]);
    /// assert_eq!(doc.obstacles(&options.lower(true)).count(), 1);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    pub fn obstacles(&self, options: &WriteOptions) -> Obstacles<'_, 'a> {
        self.obstacles_to(Fit {
            options: *options,
            host_views: HostViews::of(options.profile),
            unwrap: false,
        })
    }

    pub(super) fn obstacles_to(&self, fit: Fit) -> Obstacles<'_, 'a> {
        Obstacles { doc: self, fit, next: 0, open: Vec::new() }
    }

    /// Typed arrays whose elements would have to be turned round for the target. Without one the contents
    /// of buffers are the caller's care.
    pub(super) fn foreign_elements(
        &self,
        index: u32,
        options: &WriteOptions,
    ) -> Option<WriteError> {
        if self.order == options.byte_order || options.target.is_none() {
            return None;
        }
        let view = self.value_of(index).as_view()?;
        (view.kind.element_size() > 1)
            .then(|| WriteError::new(WriteErrorKind::ForeignElements { kind: view.kind }))
    }
}

impl<'a> Obstacles<'_, 'a> {
    fn refusal(&self, event: &Event<'_>) -> Option<WriteError> {
        let options = &self.fit.options;
        let target = options.target?;
        let refusal = target.refusal(event, options.profile_of_values())?;
        Some(WriteError::not_carried(target, refusal))
    }

    /// What is wrong with the event of a node, in itself.
    fn event(&self, index: u32) -> Option<WriteError> {
        let (event, _) = self.doc.event_at(index)?;
        let event = self.fit.lowered(self.doc, index, event);
        if let Some(error) = self.refusal(&event) {
            return Some(error);
        }
        let version = self.fit.options.version;
        let too_old = |what, needs| {
            Some(WriteError::new(WriteErrorKind::VersionTooOld { what, needs, version }))
        };
        let max = u64::from(u32::MAX);
        let length = match event {
            Event::SharedObject { .. } if version < 15 => return too_old("a shared object", 15),
            // V8's writer refuses it in other places as well, but this is the one that a value can have.
            Event::View { flags, .. }
                if version < 14 && flags.is_some_and(|flags| flags & 3 != 0) =>
            {
                return too_old("a view of a resizable array buffer", 14);
            }
            Event::ArrayBuffer(data) | Event::ImmutableArrayBuffer(data) => data.len() as u64,
            Event::ResizableArrayBuffer { max_byte_length, .. } => max_byte_length,
            Event::View { byte_offset, byte_length, .. } => byte_offset.max(byte_length),
            _ => return None,
        };
        (version < 16 && length > max).then(|| {
            let what = "array buffer";
            WriteError::new(WriteErrorKind::TooLong { what, length, max })
        })
    }

    /// A view, or what of its buffer stands in its way; `own` is a buffer that stands here itself.
    fn view(&self, view: u32, own: Option<u32>) -> Option<WriteError> {
        if let Some(error) = self.doc.foreign_elements(view, &self.fit.options) {
            return Some(error);
        }
        let shown = Value { doc: self.doc, index: view }.as_view()?;
        let hosted = self.fit.as_host_view(shown.kind);
        if hosted && shown.bytes.is_some() {
            return None;
        }
        if hosted && self.fit.options.target.is_none() {
            return Some(WriteError::new(WriteErrorKind::BytesElsewhere));
        }
        let buffer = own.and_then(|buffer| self.event(buffer));
        // The view of a buffer that cannot be carried is no other obstacle.
        let of_refused = || {
            let kind = self.doc.buffer_kind(view);
            kind == Some(NodeKind::ResizableArrayBuffer)
                && self.doc.nodes.get(view).is_some_and(|n| self.event(n.a).is_some())
        };
        buffer.or_else(|| if of_refused() { None } else { self.event(view) })
    }

    /// What is wrong with what stands at a slot.
    fn obstacle(&self, slot: u32) -> Option<WriteError> {
        let node = self.doc.nodes.get(slot)?;
        let view =
            node.flag(HAS_VIEW).then(|| self.doc.nodes.after(slot).saturating_sub(VIEW_WORDS));
        match node.kind() {
            NodeKind::HostBytes | NodeKind::Extra => None,
            NodeKind::Reference if node.flag(OUTSIDE) => {
                view.and_then(|view| self.view(view, None)).or_else(|| self.event(slot))
            }
            NodeKind::Reference => match view {
                Some(view) => self.view(view, None),
                None => self.reference(slot, node.a),
            },
            NodeKind::HostView if self.fit.host_views == HostViews::Keep => self.event(slot),
            NodeKind::HostView => {
                if let Some(error) = self.doc.foreign_elements(slot, &self.fit.options) {
                    return Some(error);
                }
                let kind = self.doc.value_of(slot).as_view()?.kind;
                let target = self.fit.options.target?;
                if self.fit.as_host_view(kind) {
                    return None;
                }
                let refusal = target.view_refusal(self.fit.kind(kind))?;
                Some(WriteError::not_carried(target, refusal))
            }
            NodeKind::Host if self.fit.unwrap && self.doc.wrapped(slot).is_some() => None,
            _ => match view {
                Some(view) => self.view(view, Some(slot)),
                None => self.event(slot),
            },
        }
    }

    /// An object that is met again.
    fn reference(&self, slot: u32, to: u32) -> Option<WriteError> {
        let object = self.doc.nodes.get(to)?;
        let target = self.fit.options.target?;
        let refuse = |what| Some(WriteError::not_carried(target, (what, None)));
        match object.kind() {
            NodeKind::Error if !target.errors_take_ids() => refuse("an error that is referred to"),
            NodeKind::Error if !target.errors_hold_themselves() && slot < object.a => {
                refuse("a reference to an error within itself")
            }
            // A buffer whose views carry their bytes stands here for the first time.
            NodeKind::ArrayBuffer
            | NodeKind::ImmutableArrayBuffer
            | NodeKind::ResizableArrayBuffer
                if object.flag(HAS_VIEW) && self.fit.host_views != HostViews::Raw =>
            {
                self.event(to)
            }
            _ => None,
        }
    }

    #[cold]
    fn path(&self, part: bool) -> String {
        let depth = self.open.len() - usize::from(part && !self.open.is_empty());
        let mut path = super::trail::path(depth, |path, i| {
            if let Some(open) = self.open.get(i).filter(|open| open.count > 0) {
                let key = (open.before != u32::MAX).then_some(open.before);
                self.doc.segment(path, open.of, open.count - 1, key);
            }
        });
        if part {
            let _ = write!(path, ".cause");
        }
        path
    }
}

impl Iterator for Obstacles<'_, '_> {
    type Item = WriteError;

    fn next(&mut self) -> Option<WriteError> {
        loop {
            while self.open.last().is_some_and(|open| open.end <= self.next) {
                self.open.pop();
            }
            let slot = self.next;
            let node = self.doc.nodes.get(slot)?;
            let is_part = node.kind() == NodeKind::ErrorPart;
            if node.kind() != NodeKind::HostBytes
                && let Some(open) = self.open.last_mut()
            {
                (open.before, open.last, open.count) = (open.last, slot, open.count + 1);
            }
            let behind = self.doc.nodes.after(slot);
            // Strings behind the parts of an error are values like others; a cause that is left out is
            // not looked at.
            let left_out = is_part
                && self.fit.drops_causes()
                && matches!(
                    self.doc.event_at(slot),
                    Some((Event::ErrorPart(crate::read::event::ErrorPart::Cause), _))
                );
            let found = if left_out { None } else { self.obstacle(slot) };
            let end = node.a;
            let is_container = node.is_container();
            self.next = match (left_out, is_container) {
                (true, _) if behind < self.doc.nodes.end() => self.doc.nodes.after(behind),
                (false, true) => self.doc.nodes.next(slot),
                _ => behind,
            };
            let error = found.map(|error| error.place(|| self.path(is_part)));
            if is_container && !left_out {
                let none = u32::MAX;
                self.open.push(Open { of: slot, end, count: 0, last: none, before: none });
            }
            if error.is_some() {
                return error;
            }
        }
    }
}
