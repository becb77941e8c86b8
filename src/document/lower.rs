//! What is put in the place of what the target or the version cannot carry (SPEC.md 7.20), and which
//! conversions lose nothing and are always made (SPEC.md 7.19).

use super::node::NodeKind;
use super::parser::Document;
use super::raw::Cursor;
use super::value::Value;
use crate::read::event::Event;
use crate::view::ViewKind;
use crate::wire::regexp_flags;
use crate::write::{HostViews, WriteOptions};

/// What a document's values are fitted to.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    pub(super) options: WriteOptions,
    pub(super) host_views: HostViews,
    /// Host objects that hold one value stand for it: those of messages to child processes.
    pub(super) unwrap: bool,
}

impl Fit {
    fn refused(&self, event: &Event<'_>) -> bool {
        let profile = self.options.profile_of_values();
        self.options.target.is_some_and(|target| target.refusal(event, profile).is_some())
    }

    /// Whether a resizable buffer becomes one of fixed length: views over it need version 14.
    fn fixes_length(&self) -> bool {
        let event = Event::ResizableArrayBuffer { data: &[], max_byte_length: 0 };
        self.options.lower && (self.options.version < 14 || self.refused(&event))
    }

    /// The kind that a view is written as.
    pub(super) fn kind(&self, kind: ViewKind) -> ViewKind {
        let refused = self.options.target.is_some_and(|target| target.view_refusal(kind).is_some());
        match kind {
            ViewKind::Float16 if self.options.lower && refused => ViewKind::Uint16,
            _ => kind,
        }
    }

    /// Whether a view of this kind is written as a host object that carries what it shows.
    pub(super) fn as_host_view(&self, kind: ViewKind) -> bool {
        let known =
            || self.options.target.is_none_or(|target| target.knows_host_view(self.kind(kind)));
        matches!(self.host_views, HostViews::Node | HostViews::NodeIpc) && known()
    }

    /// Whether causes are left out.
    pub(super) fn drops_causes(&self) -> bool {
        self.options.lower
            && self.options.target.is_some_and(|target| !target.rules().error_causes())
    }

    /// The event to be written in the place of that of a node.
    pub(super) fn lowered<'a>(
        &self,
        doc: &Document<'a>,
        index: u32,
        event: Event<'a>,
    ) -> Event<'a> {
        if !self.options.lower {
            return event;
        }
        match event {
            Event::ResizableArrayBuffer { data, .. } if self.fixes_length() => {
                Event::ArrayBuffer(data)
            }
            Event::ImmutableArrayBuffer(data) if self.refused(&event) => Event::ArrayBuffer(data),
            Event::RegExp { pattern, flags } => {
                let known = self.options.target.map_or(flags, |target| target.known_flags(flags));
                let harmless = regexp_flags::HAS_INDICES | regexp_flags::LINEAR;
                Event::RegExp { pattern, flags: flags & (known | !harmless) }
            }
            Event::View { kind, byte_offset, byte_length, flags } => {
                let kind = self.kind(kind);
                let of_fixed = self.fixes_length()
                    && doc.buffer_kind(index) == Some(NodeKind::ResizableArrayBuffer);
                if !of_fixed {
                    return Event::View { kind, byte_offset, byte_length, flags };
                }
                let shown = doc.value_of(index).as_view().map_or(0, |view| view.byte_length);
                // Of a view that tracks the length the rest may be no whole element.
                let byte_length = shown - shown % kind.element_size() as u64;
                Event::View { kind, byte_offset, byte_length, flags: None }
            }
            _ => event,
        }
    }
}

impl Document<'_> {
    /// The kind of the buffer that a view is over.
    pub(super) fn buffer_kind(&self, view: u32) -> Option<NodeKind> {
        self.nodes.kind(self.nodes.get(view)?.a)
    }

    /// The value in a host object of a message: a 1 and that value (SPEC.md 8.7). Going on from one to the
    /// next comes to an end, as a host object cannot be referred to within itself.
    pub(super) fn wrapped(&self, index: u32) -> Option<u32> {
        let is_host = self.nodes.kind(index) == Some(NodeKind::Host);
        let mut slots: Cursor = self.contents(if is_host { index } else { u32::MAX });
        let tag = self.host_bytes_at(slots.next(self)?)?;
        let inner = Value::at_slot(self, slots.next(self)?).index;
        // All of it is one number, finished or not (SPEC.md 1.4).
        let bits =
            (0..32).step_by(7).zip(tag).map(|(shift, &byte)| u32::from(byte & 0x7F) << shift);
        (bits.fold(0, |number, bits| number | bits) == 1 && slots.is_empty()).then_some(inner)
    }
}
