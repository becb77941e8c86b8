//! A document as the events that it was read from.

use alloc::vec::Vec;

use super::node::{GOES_ON, MEMORY64, Node, NodeKind, OUTSIDE, STATES_WIDTH};
use super::parser::Document;
use crate::read::event::{BigInt, ErrorPart, Event};
use crate::view::ViewKind;
use crate::wire::{ErrorTag, Tag, varint};

/// The events of a [`Document`], as [`Reader`](crate::Reader) gave them: all values one behind the
/// other. Counts at ends are those of what is there, also where the data was read leniently and claimed
/// others. It needs no memory but a stack of the containers that are open.
#[derive(Clone, Debug)]
pub struct Events<'d, 'a> {
    doc: &'d Document<'a>,
    next: u32,
    /// The node of the last event, but where that was an end.
    last: u32,
    open: Vec<Open>,
}

/// A container that is open, and how many values stand in it so far.
#[derive(Clone, Copy, Debug)]
struct Open {
    index: u32,
    /// The node behind its contents.
    end: u32,
    count: u32,
}

impl<'a> Document<'a> {
    /// The events of all values, in the order of the wire: what a [`Reader`](crate::Reader) gives.
    ///
    /// ```
    /// use v8wire::{Document, Event};
    /// let doc = Document::parse(b"\xFF\x0FA\x01T$\0\x01")?;
    /// let events: Vec<Event<'_>> = doc.events().collect();
    /// assert_eq!(events, [
    ///     Event::DenseArrayBegin { length: 1 },
    ///     Event::Bool(true),
    ///     Event::DenseArrayEnd { properties: 0, length: 1 },
    /// ]);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    pub fn events(&self) -> Events<'_, 'a> {
        Events { doc: self, next: 0, last: 0, open: Vec::new() }
    }
}

impl<'a> Events<'_, 'a> {
    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the event, the last one, is a payload that ends in a number which says it goes on.
    pub(super) fn goes_on(&self, event: &Event<'_>) -> bool {
        if !matches!(event, Event::HostBytes(_) | Event::HostView { .. }) {
            return false;
        }
        self.doc.nodes.get(self.last).is_some_and(|node| node.flag(GOES_ON))
    }

    /// Whether the next event begins a value that is in nothing else.
    pub(super) fn at_root(&self) -> bool {
        let next = self.doc.nodes.kind(self.next);
        self.open.is_empty() && next.is_some_and(|kind| kind != NodeKind::View)
    }
}

impl<'a> Iterator for Events<'_, 'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let nodes = &self.doc.nodes;
        if let Some(open) = self.open.last().copied()
            && open.end == self.next
            && let Some(container) = nodes.get(open.index)
        {
            self.open.pop();
            return Some(end(&container, open.count));
        }
        let index = self.next;
        let node = nodes.get(index)?;
        let (event, next) = self.doc.event_at(index)?;
        (self.last, self.next) = (index, next);
        let is_value = !matches!(
            node.kind(),
            NodeKind::View | NodeKind::HostBytes | NodeKind::ErrorPart | NodeKind::Extra
        );
        if is_value && let Some(open) = self.open.last_mut() {
            open.count = open.count.saturating_add(1);
        }
        if node.is_container() {
            self.open.push(Open { index, end: node.a, count: 0 });
        }
        Some(event)
    }
}

/// The end of a container that has so many keys and values.
fn end<'a>(container: &Node, count: u32) -> Event<'a> {
    let length = container.b;
    match container.kind() {
        NodeKind::Dense => {
            Event::DenseArrayEnd { properties: count.saturating_sub(length) / 2, length }
        }
        NodeKind::Sparse => Event::SparseArrayEnd { properties: count / 2, length },
        NodeKind::Map => Event::MapEnd { length: count },
        NodeKind::Set => Event::SetEnd { length: count },
        NodeKind::Error => Event::ErrorEnd,
        NodeKind::WasmShared => Event::WasmSharedArrayBufferEnd,
        NodeKind::WasmMemory => Event::WasmMemoryEnd,
        NodeKind::Host => Event::HostObjectEnd,
        _ => Event::ObjectEnd { properties: count / 2 },
    }
}

impl<'a> Document<'a> {
    fn bigint(&self, node: &Node) -> BigInt<'a> {
        let digits = self.bytes(node.content(), u64::from(node.a >> 1));
        BigInt { negative: node.a & 1 != 0, digits }
    }

    /// The event of the node at `index`, and the node behind all that make it. Of a container it is the begin.
    pub(super) fn event_at(&self, index: u32) -> Option<(Event<'a>, u32)> {
        let node = &self.nodes.get(index)?;
        let double = || f64::from_bits(self.double_bits(node));
        let data = || self.bytes(node.content(), node.number());
        let event = match node.kind() {
            NodeKind::Undefined => Event::Undefined,
            NodeKind::Null => Event::Null,
            NodeKind::True => Event::Bool(true),
            NodeKind::False => Event::Bool(false),
            NodeKind::Hole => Event::Hole,
            NodeKind::Int32 => Event::Int32(self.int32(node)),
            NodeKind::Uint32 => Event::Uint32(self.uint32(node)),
            NodeKind::Double => Event::Double(double()),
            NodeKind::BigInt => Event::BigInt(self.bigint(node)),
            NodeKind::OneByte | NodeKind::TwoByte | NodeKind::Utf8 => {
                Event::String(self.text(node))
            }
            NodeKind::Reference if node.flag(OUTSIDE) => self.elsewhere(node),
            NodeKind::Reference => Event::Reference(node.b),
            NodeKind::Object => Event::ObjectBegin,
            NodeKind::Dense => Event::DenseArrayBegin { length: node.b },
            NodeKind::Sparse => Event::SparseArrayBegin { length: node.b },
            NodeKind::Map => Event::MapBegin,
            NodeKind::Set => Event::SetBegin,
            NodeKind::Date => Event::Date(double()),
            NodeKind::TrueObject => Event::BooleanObject(true),
            NodeKind::FalseObject => Event::BooleanObject(false),
            NodeKind::NumberObject => Event::NumberObject(double()),
            NodeKind::BigIntObject => Event::BigIntObject(self.bigint(node)),
            NodeKind::OneByteObject | NodeKind::TwoByteObject | NodeKind::Utf8Object => {
                Event::StringObject(self.text(node))
            }
            NodeKind::OneByteRegExp | NodeKind::TwoByteRegExp | NodeKind::Utf8RegExp => {
                Event::RegExp { pattern: self.text(node), flags: node.b }
            }
            NodeKind::ArrayBuffer => Event::ArrayBuffer(data()),
            NodeKind::ImmutableArrayBuffer => Event::ImmutableArrayBuffer(data()),
            NodeKind::ResizableArrayBuffer => {
                let max_byte_length = self.nodes.extra(index, node)?.number();
                Event::ResizableArrayBuffer { data: data(), max_byte_length }
            }
            NodeKind::TransferredArrayBuffer => Event::TransferredArrayBuffer { id: node.a },
            NodeKind::SharedArrayBuffer => {
                let length = self.nodes.extra(index, node).map(|extra| extra.number());
                match node.b {
                    0 => Event::SharedArrayBuffer { id: node.a },
                    _ => Event::WasmSharedArrayBuffer { id: node.a, length },
                }
            }
            NodeKind::WasmShared => Event::WasmSharedArrayBufferBegin { id: node.b },
            NodeKind::View => {
                let (kind, byte_offset, byte_length, flags) =
                    node.as_view(&self.nodes.extra(index, node)?);
                Event::View { kind, byte_offset, byte_length, flags }
            }
            NodeKind::HostView => {
                // In versions below 13 another tag may stand there, which is payload already.
                let tag = node.tag_offset();
                let is_host = self.data.get(tag) == Some(&Tag::HOST_OBJECT.0);
                let start = tag + usize::from(is_host);
                let end = node.content() + node.a as usize;
                let payload = self.bytes(start, end.saturating_sub(start) as u64);
                let data = self.bytes(node.content(), node.a.into());
                Event::HostView { kind: view_kind(node), data, payload }
            }
            NodeKind::Error => Event::ErrorBegin,
            NodeKind::ErrorPart => return self.error_part(index, node),
            NodeKind::WasmModuleTransfer => Event::WasmModuleTransfer { id: node.a },
            NodeKind::WasmModule => Event::WasmModule {
                wire_bytes: self.bytes(node.content(), node.a.into()),
                compiled: self.compiled_code(index),
            },
            NodeKind::WasmMemory => Event::WasmMemoryBegin {
                maximum_pages: node.b as i32,
                memory64: node.flag(STATES_WIDTH).then(|| node.flag(MEMORY64)),
            },
            NodeKind::SharedObject => Event::SharedObject { id: node.a },
            NodeKind::Host => {
                let tag = self.data.get(node.tag_offset()).map(|&tag| Tag(tag));
                let legacy_tag = tag.filter(|&tag| tag != Tag::HOST_OBJECT);
                Event::HostObjectBegin { legacy_tag }
            }
            NodeKind::HostBytes => Event::HostBytes(self.bytes(node.content(), node.number())),
            NodeKind::Extra => return None,
        };
        Some((event, index + node.own_words()))
    }

    /// A value that lives elsewhere, named again by its own id.
    fn elsewhere(&self, node: &Node) -> Event<'a> {
        match self.nodes.kind(node.a) {
            Some(NodeKind::SharedArrayBuffer) => Event::SharedArrayBuffer { id: node.b },
            Some(NodeKind::WasmModuleTransfer) => Event::WasmModuleTransfer { id: node.b },
            _ => Event::TransferredArrayBuffer { id: node.b },
        }
    }

    /// Which part of an error is at a slot, if there is one.
    pub(crate) fn error_tag(&self, slot: u32) -> Option<ErrorTag> {
        let part = self.nodes.get(slot).filter(|node| node.kind() == NodeKind::ErrorPart)?;
        let (_, tag) = varint::varint_u8(self.data.get(part.content()..)?).ok()?;
        Some(ErrorTag(tag))
    }

    /// A part of an error and, of a message or a stack, the string behind it.
    fn error_part(&self, index: u32, node: &Node) -> Option<(Event<'a>, u32)> {
        let next = index + node.own_words();
        let text = || Some(self.text(&self.nodes.get(next)?));
        let (part, has_text) = match self.error_tag(index)? {
            ErrorTag::MESSAGE => (ErrorPart::Message(text()?), true),
            ErrorTag::STACK => (ErrorPart::Stack(text()?), true),
            ErrorTag::CAUSE => (ErrorPart::Cause, false),
            prototype => (ErrorPart::Prototype(prototype), false),
        };
        let behind = if has_text { self.nodes.next(next) } else { next };
        Some((Event::ErrorPart(part), behind))
    }
}

fn view_kind(node: &Node) -> ViewKind {
    ViewKind::ALL.get((node.b & 0xFF) as usize).copied().unwrap_or(ViewKind::Uint8)
}
