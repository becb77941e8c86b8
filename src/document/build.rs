//! The sink that makes nodes of events.

use alloc::vec::Vec;

use super::known::Known;
use super::node::{
    GOES_ON, HAS_EXTRA, HAS_PROPERTIES, HAS_VIEW, MEMORY64, Node, NodeKind, OUTSIDE, STATES_WIDTH,
};
use crate::grow::push;
use crate::read::event::{BigInt, ErrorPart, Event, Span};
use crate::read::machine::Sink;
use crate::text::Text;

/// See [`Builder::mark`].
#[derive(Clone, Copy)]
pub(super) struct Mark([u32; 2]);

impl Mark {
    /// The node that comes next.
    pub(super) fn nodes(self) -> u32 {
        self.0[0]
    }
}

/// Makes nodes; the buffers are the caller's to keep.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) nodes: Vec<Node>,
    /// Nodes by object id.
    pub(crate) ids: Vec<u32>,
    /// Containers that are open.
    open: Vec<u32>,
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
}

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
        self.open.clear();
    }

    /// Where building stands between two values.
    pub(super) fn mark(&self) -> Mark {
        let lengths = [self.nodes.len(), self.ids.len()];
        Mark(lengths.map(|length| length as u32))
    }

    /// Forgets all that came behind the mark.
    pub(super) fn undo(&mut self, Mark([nodes, ids]): Mark) {
        self.nodes.truncate(nodes as usize);
        self.ids.truncate(ids as usize);
        self.outside.retain(|&node| node < nodes);
        self.open.clear();
    }

    /// Where in the input a part of it is.
    #[inline(always)]
    fn offset(&self, bytes: &[u8]) -> usize {
        bytes.as_ptr().addr() - self.base
    }

    #[inline(always)]
    fn push(&mut self, node: Node) -> u32 {
        let index = self.nodes.len() as u32;
        if self.nodes.len() == self.nodes.capacity() {
            self.grow();
        }
        self.nodes.push(node);
        index
    }

    /// Room for as many nodes as the input will have if it goes on as it began, but for no more than
    /// twice as many as there are, nor for more than it can have: each takes a byte. (Beyond that are only
    /// those of what a failed reading of version 13 left.)
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let nodes = self.nodes.len();
        let position = self.nodes.last().map_or(0, |node| node.content()).max(1);
        let estimate = nodes as u128 * self.size as u128 / position as u128;
        let estimate = usize::try_from(estimate).unwrap_or(usize::MAX).saturating_add(nodes / 64);
        let least = nodes + nodes / 8 + 4;
        let capacity = estimate.clamp(least, (2 * nodes).max(least));
        let most = self.size + 1;
        let capacity = if most > nodes { capacity.min(most) } else { least };
        self.nodes.reserve_exact(capacity - nodes);
    }

    #[inline(always)]
    fn object(&mut self, node: Node) {
        let index = self.push(node);
        self.give_id(index);
    }

    #[inline(always)]
    fn give_id(&mut self, index: u32) {
        push(&mut self.ids, index, self.size + 1);
    }

    #[inline(always)]
    fn begin(&mut self, kind: NodeKind, span: Span, b: u32) {
        push(&mut self.open, self.nodes.len() as u32, self.size + 1);
        self.object(Node::new(kind, span.start, span.start, 0, b));
    }

    #[inline(always)]
    fn end(&mut self, b: Option<u32>) -> Option<&mut Node> {
        let index = self.open.pop()?;
        let after = self.nodes.len() as u32;
        let node = self.nodes.get_mut(index as usize)?;
        node.a = after;
        if let Some(b) = b {
            node.b = b;
        }
        Some(node)
    }

    #[inline(always)]
    fn text(&mut self, text: Text<'_>, kinds: [NodeKind; 3], span: Span, b: u32) {
        let (kind, length) = text_kind(text, kinds);
        let node = Node::new(kind, span.start, self.offset(text.as_bytes()), length, b);
        self.place(node, span);
    }

    /// Pushes a node whose contents may be far behind its tag: padding without end may stand before a
    /// string within another value, and numbers may be overlong without end in old data.
    #[inline(always)]
    fn place(&mut self, mut node: Node, span: Span) -> u32 {
        if node.content() - span.start <= Node::NEAR {
            return self.push(node);
        }
        node.set_flag(HAS_EXTRA);
        let index = self.push(node);
        self.push(Node::extra(span.start as u64, 0));
        index
    }

    fn bigint(&mut self, kind: NodeKind, value: BigInt<'_>, span: Span) -> u32 {
        let bitfield = (value.digits.len() as u32) << 1 | u32::from(value.negative);
        let node = Node::new(kind, span.start, self.offset(value.digits), bitfield, 0);
        self.place(node, span)
    }

    /// A buffer that is here, the maximum of its length if that can change.
    fn data(&mut self, kind: NodeKind, bytes: &[u8], max: Option<u64>, span: Span) {
        self.last_buffer = self.nodes.len() as u32;
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
        self.last_buffer = self.nodes.len() as u32;
        self.last_slot = self.last_buffer;
        self.object(node);
    }

    /// An object that is elsewhere: a node the first time, then a reference to that.
    fn outside(&mut self, node: Node, id: u32) {
        let key = (node.kind() as u8, id);
        let Some(first) = self.outside.get(&key) else {
            self.outside.insert(key, self.nodes.len() as u32);
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
        self.ids.pop();
    }

    #[cold]
    fn payload_goes_on(&mut self) {
        if let Some(payload) = self.nodes.last_mut() {
            payload.set_flag(GOES_ON);
        }
    }

    #[inline(always)]
    fn event(&mut self, event: Event<'a>, span: Span) {
        let at = span.start;
        let plain = |kind, a, b| Node::new(kind, at, at, a, b);
        match event {
            Event::Undefined => drop(self.push(plain(NodeKind::Undefined, 0, 0))),
            Event::Null => drop(self.push(plain(NodeKind::Null, 0, 0))),
            Event::Bool(true) => drop(self.push(plain(NodeKind::True, 0, 0))),
            Event::Bool(false) => drop(self.push(plain(NodeKind::False, 0, 0))),
            Event::Hole => drop(self.push(plain(NodeKind::Hole, 0, 0))),
            Event::Int32(value) => drop(self.push(plain(NodeKind::Int32, value as u32, 0))),
            Event::Uint32(value) => drop(self.push(plain(NodeKind::Uint32, value, 0))),
            Event::Double(value) => {
                self.push(Node::wide(NodeKind::Double, at, at, value.to_bits()));
            }
            Event::BigInt(value) => drop(self.bigint(NodeKind::BigInt, value, span)),
            Event::String(text) => self.text(text, STRING, span, 0),
            Event::Reference(id) => {
                let target = self.ids.get(id as usize).copied().unwrap_or(0);
                self.last_buffer = target;
                self.last_slot = self.push(plain(NodeKind::Reference, target, id));
            }
            Event::ObjectBegin => self.begin(NodeKind::Object, span, 0),
            Event::ObjectEnd { properties } => drop(self.end(Some(properties))),
            Event::DenseArrayBegin { length } => self.begin(NodeKind::Dense, span, length),
            Event::SparseArrayBegin { length } => self.begin(NodeKind::Sparse, span, length),
            Event::DenseArrayEnd { properties, .. } => {
                if let Some(node) = self.end(None)
                    && properties > 0
                {
                    node.set_flag(HAS_PROPERTIES);
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
            Event::Date(value) => self.object(Node::wide(NodeKind::Date, at, at, value.to_bits())),
            Event::BooleanObject(true) => self.object(plain(NodeKind::TrueObject, 0, 0)),
            Event::BooleanObject(false) => self.object(plain(NodeKind::FalseObject, 0, 0)),
            Event::NumberObject(value) => {
                self.object(Node::wide(NodeKind::NumberObject, at, at, value.to_bits()));
            }
            Event::BigIntObject(value) => {
                let index = self.bigint(NodeKind::BigIntObject, value, span);
                self.give_id(index);
            }
            Event::StringObject(text) => {
                self.give_id(self.nodes.len() as u32);
                let kinds =
                    [NodeKind::OneByteObject, NodeKind::TwoByteObject, NodeKind::Utf8Object];
                self.text(text, kinds, span, 0);
            }
            Event::RegExp { pattern, flags } => {
                self.give_id(self.nodes.len() as u32);
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
                self.last_buffer = self.open.last().copied().unwrap_or(0);
                self.last_slot = self.last_buffer;
                self.end(None);
            }
            Event::View { kind, byte_offset, byte_length, flags } => {
                if let Some(before) = self.nodes.get_mut(self.last_slot as usize) {
                    before.set_flag(HAS_VIEW);
                }
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
                    self.ids.pop();
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
                self.begin(NodeKind::WasmMemory, span, maximum_pages as u32);
                if let Some(node) = self.nodes.last_mut()
                    && let Some(memory64) = memory64
                {
                    node.set_flag(STATES_WIDTH | if memory64 { MEMORY64 } else { 0 });
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
        let (code, text) = match part {
            ErrorPart::Prototype(tag) => (tag.0, None),
            ErrorPart::Message(text) => (b'm', Some(text)),
            ErrorPart::Stack(text) => (b's', Some(text)),
            ErrorPart::Cause => (b'c', None),
        };
        self.push(Node::new(NodeKind::ErrorPart, span.start, span.start, 0, code.into()));
        if let Some(text) = text {
            self.text(text, STRING, span, 0);
        }
    }
}
