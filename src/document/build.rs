//! The sink that makes nodes of events.

use super::ids::Ids;
use super::known::Known;
use super::node::{
    GOES_ON, HAS_EXTRA, HAS_PROPERTIES, HAS_VIEW, MEMORY64, Node, NodeKind, OUTSIDE, STATES_WIDTH,
    WORDS,
};
use super::nodes::Nodes;
use crate::error::{Error, ErrorKind};
use crate::read::event::{BigInt, ErrorPart, Event, Span};
use crate::read::machine::Sink;
use crate::text::Text;

/// See [`Builder::mark`].
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// The node that comes next.
    pub(super) next: u32,
    pairs: u32,
    ids: u32,
}

/// Makes nodes; the buffers are the caller's to keep.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) nodes: Nodes,
    ids: Ids,
    /// The innermost container that is open. Each has the one around it where later the node behind it stands.
    open: u32,
    /// The buffer that a view would be of.
    last_buffer: u32,
    /// The node in front of such a view: that buffer, or a reference to it.
    last_slot: u32,
    /// The address of the input, from which those of its parts give offsets.
    base: usize,
    /// The length of the input.
    size: usize,
    /// Whether errors take an id, see `Rules::error_ids`.
    error_ids: bool,
    /// Buffers and modules that are elsewhere, by tag and id: each is one object however often it is
    /// named.
    outside: Known<(u8, u32), u32>,
    /// Where the node stands for which there was no index, and the nodes up to there. What is behind it is
    /// built on, for nothing.
    full: Option<(usize, Nodes)>,
}

/// An index has 32 bits, and the last one stands for none.
const MOST_WORDS: usize = if cfg!(test) { 1 << 16 } else { u32::MAX as usize - 1 };

/// No container.
const NONE: u32 = u32::MAX;

/// The words that are made room for at first.
const FIRST_WORDS: usize = 512;

/// As many as most small inputs need.
const LEAST_WORDS: usize = 32;

/// A header of a string, of its tag and a length that takes no more bytes than it may in any version.
const STRING_HEADER: usize = 6;

fn text_kind(text: Text<'_>, [one, two, utf8]: [NodeKind; 3]) -> (NodeKind, u32) {
    let kind = match text {
        Text::OneByte(_) => one,
        Text::TwoByte(..) => two,
        Text::Utf8(_) => utf8,
    };
    (kind, text.as_bytes().len() as u32)
}

const STRING: [NodeKind; 3] = [NodeKind::OneByte, NodeKind::TwoByte, NodeKind::Utf8];

impl Builder {
    pub(crate) fn start(&mut self, data: &[u8], error_ids: bool) {
        self.error_ids = error_ids;
        self.outside.clear();
        self.base = data.as_ptr().addr();
        self.size = data.len();
        self.nodes.clear();
        self.ids.clear();
        self.open = NONE;
        self.full = None;
    }

    /// Where building stands between two values.
    pub(super) fn mark(&self) -> Mark {
        Mark { next: self.nodes.end(), pairs: self.nodes.pairs, ids: self.ids.len() as u32 }
    }

    /// Forgets all that came behind the mark.
    pub(super) fn undo(&mut self, mark: Mark) {
        if let Some((_, nodes)) = self.full.take() {
            self.nodes = nodes;
        }
        self.nodes.words.truncate(mark.next as usize);
        self.nodes.pairs = mark.pairs;
        self.ids.truncate(mark.ids as usize);
        self.outside.retain(|&node| node < mark.next);
        self.open = NONE;
    }

    /// Where in the input a part of it is.
    #[inline(always)]
    fn offset(&self, bytes: &[u8]) -> usize {
        bytes.as_ptr().addr() - self.base
    }

    /// A node of one word.
    #[inline(always)]
    fn short(&mut self, kind: NodeKind, tag: usize) {
        self.push_word(Node::short(kind, tag), tag);
    }

    #[inline(always)]
    fn push_word(&mut self, word: u64, tag: usize) {
        let words = &self.nodes.words;
        if words.len() == words.capacity() {
            self.grow(tag);
        }
        self.nodes.words.push(word);
    }

    /// A node of two words.
    #[inline(always)]
    fn push(&mut self, node: Node) -> u32 {
        let words = &self.nodes.words;
        let index = words.len() as u32;
        if words.capacity() - words.len() < WORDS as usize {
            self.grow(node.content());
        }
        // Copied as two they would have to wait for each other.
        let [head, second] = node.words();
        self.nodes.words.push(head);
        self.nodes.words.push(second);
        self.nodes.pairs += 1;
        index
    }

    /// Room for as many words as the input will need if it goes on as it began up to here, but for no more
    /// than four times as many as there are, nor for more than it can need: two for each byte. Beyond that are
    /// only those of what a failed reading of version 13 left, by and by.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, position: usize) {
        if self.nodes.words.len() + WORDS as usize > MOST_WORDS {
            let nodes = core::mem::take(&mut self.nodes);
            self.full.get_or_insert((position, nodes));
        }
        let words = self.nodes.words.len();
        let most = self.size.saturating_add(1).saturating_mul(WORDS as usize);
        let next = words + WORDS as usize;
        let least = next + words / if next <= most { 8 } else { 64 };
        let estimate = match words {
            0 => (self.size / 4).max(self.size.min(LEAST_WORDS)).min(FIRST_WORDS) as u128,
            _ => words as u128 * self.size as u128 / position.max(1) as u128,
        };
        let estimate = usize::try_from(estimate).unwrap_or(usize::MAX).saturating_add(words / 64);
        let capacity = estimate.clamp(least, (4 * words).max(FIRST_WORDS));
        let capacity = if next <= most { capacity.min(most) } else { least };
        self.nodes.words.reserve_exact(capacity.min(MOST_WORDS) - words);
    }

    /// Whether there were more nodes than can be counted.
    pub(super) fn check(&self) -> Result<(), Error> {
        match &self.full {
            Some((offset, nodes)) => {
                let max = nodes.count() as u64;
                Err(Error::new(*offset, ErrorKind::LimitExceeded { limit: "nodes", max }))
            }
            None => Ok(()),
        }
    }

    #[inline(always)]
    fn short_object(&mut self, kind: NodeKind, tag: usize) {
        self.give_id(self.nodes.end());
        self.short(kind, tag);
    }

    #[inline(always)]
    fn object(&mut self, node: Node) {
        self.give_id(self.nodes.end());
        self.push(node);
    }

    #[inline(always)]
    fn give_id(&mut self, index: u32) {
        self.ids.push(index, self.size);
    }

    #[inline(always)]
    fn begin(&mut self, kind: NodeKind, span: Span, b: u32) {
        let around = core::mem::replace(&mut self.open, self.nodes.end());
        self.object(Node::new(kind, span.start, span.start, around, b));
    }

    /// Ends the innermost container, whose count or length is `b` now if there is one.
    #[inline(always)]
    fn end(&mut self, b: Option<u32>) -> u32 {
        let index = self.open;
        self.open = self.nodes.end_container(index, b).unwrap_or(NONE);
        index
    }

    /// A string that stands right behind its tag, or behind a length that goes on without end.
    #[inline(always)]
    fn string(&mut self, text: Text<'_>, span: Span) {
        let (kind, length) = text_kind(text, STRING);
        if span.len() - length as usize <= STRING_HEADER {
            return self.short(kind, span.start);
        }
        self.text(text, STRING, span, 0);
    }

    fn text(&mut self, text: Text<'_>, kinds: [NodeKind; 3], span: Span, b: u32) {
        let (kind, length) = text_kind(text, kinds);
        let node = Node::new(kind, span.start, self.offset(text.as_bytes()), length, b);
        self.place(node, span);
    }

    /// Pushes a node whose contents may be far behind its tag: padding without end may stand before a
    /// string within another value, and numbers may be overlong without end in old data.
    fn place(&mut self, mut node: Node, span: Span) -> u32 {
        if node.content() - span.start <= Node::NEAR {
            return self.push(node);
        }
        node.set_flag(HAS_EXTRA);
        let index = self.push(node);
        self.push(Node::extra(span.start as u64, 0));
        index
    }

    fn bigint(&mut self, kind: NodeKind, value: BigInt<'_>, span: Span) {
        let bitfield = (value.digits.len() as u32) << 1 | u32::from(value.negative);
        let node = Node::new(kind, span.start, self.offset(value.digits), bitfield, 0);
        self.place(node, span);
    }

    /// A buffer that is here, the maximum of its length if that can change.
    fn data(&mut self, kind: NodeKind, bytes: &[u8], max: Option<u64>, span: Span) {
        self.last_buffer = self.nodes.end();
        self.last_slot = self.last_buffer;
        self.give_id(self.last_buffer);
        let mut node = Node::wide(kind, span.start, self.offset(bytes), bytes.len() as u64);
        match max {
            Some(max) => {
                node.set_flag(HAS_EXTRA);
                self.push(node);
                self.push(Node::extra(span.start as u64, max));
            }
            None => drop(self.place(node, span)),
        }
    }

    fn buffer(&mut self, node: Node) {
        self.last_buffer = self.nodes.end();
        self.last_slot = self.last_buffer;
        self.object(node);
    }

    /// An object that is elsewhere: a node the first time, then a reference to that.
    fn outside(&mut self, node: Node, id: u32) {
        let key = (node.kind() as u8, id);
        let Some(first) = self.outside.get(&key) else {
            self.outside.insert(key, self.nodes.end());
            return self.buffer(node);
        };
        let at = node.tag_offset();
        self.give_id(first);
        self.last_buffer = first;
        let mut again = Node::new(NodeKind::Reference, at, node.content(), first, id);
        again.set_flag(OUTSIDE);
        self.last_slot = self.push(again);
    }
}

impl<'a> Sink<'a> for Builder {
    fn legacy_begin(&mut self, length: Option<u32>, span: Span) {
        match length {
            Some(length) => self.begin(NodeKind::Sparse, span, length),
            None => self.begin(NodeKind::Object, span, 0),
        }
        self.ids.take_back();
    }

    #[cold]
    fn index(&mut self, index: u32, span: Span) {
        self.push_word(Node::index(index), span.start);
    }

    #[cold]
    fn payload_goes_on(&mut self) {
        self.nodes.set_flag(self.nodes.end().wrapping_sub(WORDS), GOES_ON);
    }

    // Unoptimized, each copy would take stack of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn event(&mut self, event: Event<'a>, span: Span) {
        let at = span.start;
        let plain = |kind, a, b| Node::new(kind, at, at, a, b);
        match event {
            Event::Undefined => self.short(NodeKind::Undefined, at),
            Event::Null => self.short(NodeKind::Null, at),
            Event::Bool(true) => self.short(NodeKind::True, at),
            Event::Bool(false) => self.short(NodeKind::False, at),
            Event::Hole => self.short(NodeKind::Hole, at),
            Event::Int32(_) => self.short(NodeKind::Int32, at),
            Event::Uint32(_) => self.short(NodeKind::Uint32, at),
            Event::Double(_) => self.short(NodeKind::Double, at),
            Event::BigInt(value) => self.bigint(NodeKind::BigInt, value, span),
            Event::String(text) => self.string(text, span),
            Event::Reference(id) => {
                let target = self.ids.get(id).unwrap_or(0);
                self.last_buffer = target;
                self.last_slot = self.push(plain(NodeKind::Reference, target, id));
            }
            Event::ObjectBegin => self.begin(NodeKind::Object, span, 0),
            Event::ObjectEnd { properties } => drop(self.end(Some(properties))),
            Event::DenseArrayBegin { length } => self.begin(NodeKind::Dense, span, length),
            Event::SparseArrayBegin { length } => self.begin(NodeKind::Sparse, span, length),
            Event::DenseArrayEnd { properties, .. } => {
                let array = self.end(None);
                if properties > 0 {
                    self.nodes.set_flag(array, HAS_PROPERTIES);
                }
            }
            Event::SparseArrayEnd { .. } => drop(self.end(None)),
            _ => self.uncommon(event, span),
        }
    }
}

impl Builder {
    #[inline(never)]
    fn uncommon(&mut self, event: Event<'_>, span: Span) {
        let at = span.start;
        let plain = |kind, a, b| Node::new(kind, at, at, a, b);
        match event {
            Event::MapBegin => self.begin(NodeKind::Map, span, 0),
            Event::MapEnd { length } => drop(self.end(Some(length))),
            Event::SetBegin => self.begin(NodeKind::Set, span, 0),
            Event::SetEnd { length } => drop(self.end(Some(length))),
            Event::Date(_) => self.short_object(NodeKind::Date, at),
            Event::BooleanObject(true) => self.short_object(NodeKind::TrueObject, at),
            Event::BooleanObject(false) => self.short_object(NodeKind::FalseObject, at),
            Event::NumberObject(_) => self.short_object(NodeKind::NumberObject, at),
            Event::BigIntObject(value) => {
                self.give_id(self.nodes.end());
                self.bigint(NodeKind::BigIntObject, value, span);
            }
            Event::StringObject(text) => {
                self.give_id(self.nodes.end());
                let kinds =
                    [NodeKind::OneByteObject, NodeKind::TwoByteObject, NodeKind::Utf8Object];
                self.text(text, kinds, span, 0);
            }
            Event::RegExp { pattern, flags } => {
                self.give_id(self.nodes.end());
                let kinds =
                    [NodeKind::OneByteRegExp, NodeKind::TwoByteRegExp, NodeKind::Utf8RegExp];
                self.text(pattern, kinds, span, flags);
            }
            Event::ArrayBuffer(bytes) => {
                self.data(NodeKind::ArrayBuffer, bytes, None, span);
            }
            Event::ImmutableArrayBuffer(bytes) => {
                self.data(NodeKind::ImmutableArrayBuffer, bytes, None, span);
            }
            Event::ResizableArrayBuffer { data: bytes, max_byte_length } => {
                self.data(NodeKind::ResizableArrayBuffer, bytes, Some(max_byte_length), span);
            }
            Event::TransferredArrayBuffer { id } => {
                self.outside(plain(NodeKind::TransferredArrayBuffer, id, 0), id);
            }
            Event::SharedArrayBuffer { id } => {
                self.outside(plain(NodeKind::SharedArrayBuffer, id, 0), id);
            }
            Event::WasmSharedArrayBuffer { id, length } => {
                let mut node = plain(NodeKind::SharedArrayBuffer, id, 1);
                if length.is_some() {
                    node.set_flag(HAS_EXTRA);
                }
                self.buffer(node);
                if let Some(length) = length {
                    self.push(Node::extra(0, length));
                }
            }
            Event::WasmSharedArrayBufferBegin { id } => self.begin(NodeKind::WasmShared, span, id),
            Event::WasmSharedArrayBufferEnd => {
                self.last_buffer = self.end(None);
                self.last_slot = self.last_buffer;
            }
            Event::View { kind, byte_offset, byte_length, flags } => {
                self.nodes.set_flag(self.last_slot, HAS_VIEW);
                let range = [byte_offset, byte_length];
                let [node, extra] = Node::view(at, self.last_buffer, kind, range, flags);
                self.object(node);
                self.push(extra);
            }
            Event::HostView { kind, data: bytes, .. } => {
                let (content, length) = (self.offset(bytes), bytes.len() as u32);
                self.object(Node::new(NodeKind::HostView, at, content, length, kind as u32));
            }
            Event::ErrorBegin => {
                self.begin(NodeKind::Error, span, 0);
                if !self.error_ids {
                    self.ids.take_back();
                }
            }
            Event::ErrorEnd => drop(self.end(None)),
            Event::ErrorPart(part) => self.error_part(part, span),
            Event::WasmModuleTransfer { id } => {
                self.outside(plain(NodeKind::WasmModuleTransfer, id, 0), id);
            }
            Event::WasmModule { wire_bytes, compiled } => {
                let content = self.offset(wire_bytes);
                let [a, b] = [wire_bytes, compiled].map(|bytes| bytes.len() as u32);
                let mut node = Node::new(NodeKind::WasmModule, at, content, a, b);
                node.set_flag(HAS_EXTRA);
                self.object(node);
                self.push(Node::extra(self.offset(compiled) as u64, at as u64));
            }
            Event::WasmMemoryBegin { maximum_pages, memory64 } => {
                let memory = self.nodes.end();
                self.begin(NodeKind::WasmMemory, span, maximum_pages as u32);
                if let Some(memory64) = memory64 {
                    let width = if memory64 { MEMORY64 } else { 0 };
                    self.nodes.set_flag(memory, STATES_WIDTH | width);
                }
            }
            Event::WasmMemoryEnd => drop(self.end(None)),
            Event::SharedObject { id } => drop(self.push(plain(NodeKind::SharedObject, id, 0))),
            Event::HostObjectBegin { .. } => self.begin(NodeKind::Host, span, 0),
            Event::HostBytes(bytes) => {
                self.push(Node::wide(NodeKind::HostBytes, at, at, bytes.len() as u64));
            }
            Event::HostObjectEnd => drop(self.end(None)),
            _ => {}
        }
    }

    fn error_part(&mut self, part: ErrorPart<'_>, span: Span) {
        self.short(NodeKind::ErrorPart, span.start);
        if let ErrorPart::Message(text) | ErrorPart::Stack(text) = part {
            self.text(text, STRING, span, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::MOST_WORDS;
    use crate::{Document, ErrorKind, Parser, ValueDeserializer};

    /// An array of so many values of one word.
    fn array(length: usize) -> Vec<u8> {
        let varint =
            |length: usize| [length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8];
        let mut data = [&b"\xFF\x0FA"[..], &varint(length)].concat();
        data.resize(data.len() + length, b'T');
        data.extend(b"$\0");
        data.extend(varint(length));
        data
    }

    #[test]
    fn no_more_nodes_than_an_index_can_count() {
        let (good, bad) = (array(MOST_WORDS - 10), array(MOST_WORDS));
        assert_eq!(Document::parse(&good).unwrap().node_count(), MOST_WORDS - 9);
        let mut parser = Parser::new();
        let error = parser.parse(&bad).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::LimitExceeded { limit: "nodes", .. }), "{error}");
        let document = parser.parse(&good).unwrap();
        assert_eq!(document.root().elements().len(), MOST_WORDS - 10);

        let both = [&b"\xFF\x0F'T,\x01"[..], &bad[2..]].concat();
        let mut deserializer = ValueDeserializer::new(&both);
        deserializer.read_header().unwrap();
        deserializer.read_value().unwrap();
        assert!(deserializer.read_value().unwrap_err().is_limit());
        assert_eq!(deserializer.position(), 6);
        assert_eq!(deserializer.document().values().count(), 1);
        assert_eq!(deserializer.document().root().members().count(), 1);
    }
}
