//! Nodes: 16 bytes each, in the order of the wire, containers before their contents.

use crate::view::ViewKind;

/// What a node is. Strings have a kind for each encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NodeKind {
    Undefined,
    Null,
    True,
    False,
    Hole,
    Int32,
    Uint32,
    Double,
    BigInt,
    OneByte,
    TwoByte,
    Utf8,
    /// `a`: the node of the object, `b`: its id, or with [`OUTSIDE`] the id that it has elsewhere.
    Reference,
    /// `a`: the node behind the contents, `b`: the count that stands at the end.
    Object,
    /// `b`: the length.
    Dense,
    /// `b`: the length.
    Sparse,
    Map,
    Set,
    Date,
    TrueObject,
    FalseObject,
    NumberObject,
    BigIntObject,
    OneByteObject,
    TwoByteObject,
    Utf8Object,
    /// `a`: length of the pattern, `b`: flags.
    OneByteRegExp,
    TwoByteRegExp,
    Utf8RegExp,
    /// `a`, `b`: the length.
    ArrayBuffer,
    ImmutableArrayBuffer,
    /// An [`Extra`](NodeKind::Extra) with the maximum length follows.
    ResizableArrayBuffer,
    /// `a`: the id.
    TransferredArrayBuffer,
    /// `a`: the id, `b`: 1 for a WebAssembly memory of fixed length, which may stand in an extra.
    SharedArrayBuffer,
    /// `b`: the id.
    WasmShared,
    /// See [`Node::view`].
    View,
    /// `a`: the length, `b`: the kind.
    HostView,
    Error,
    /// `b`: the part. Messages and stacks follow as strings, a cause as a value.
    ErrorPart,
    WasmModuleTransfer,
    /// `a`: length of the module, `b`: of the compiled code. An extra says where that is.
    WasmModule,
    /// `b`: maximum pages; the flags [`MEMORY64`] and [`STATES_WIDTH`].
    WasmMemory,
    SharedObject,
    Host,
    /// `a`, `b`: the length.
    HostBytes,
    /// More numbers of the node before.
    Extra,
}

/// A view follows: the two are one value.
pub(crate) const HAS_VIEW: u8 = 1;
/// An array has properties besides its elements.
pub(crate) const HAS_PROPERTIES: u8 = 2;
/// A reference that is written as the transfer id or shared id of its object, not as a reference.
pub(crate) const OUTSIDE: u8 = 2;
/// A host object's payload ends in a number that says it goes on.
pub(crate) const GOES_ON: u8 = 2;
/// A memory's addresses have 64 bits.
pub(crate) const MEMORY64: u8 = 2;
/// A memory says how wide its addresses are.
pub(crate) const STATES_WIDTH: u8 = 8;
/// An [`Extra`](NodeKind::Extra) follows.
pub(crate) const HAS_EXTRA: u8 = 4;

/// A node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// 48 bits: where its contents are; 6: how far before that its tag is; 4: flags; 6: kind.
    head: u64,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

const _: () = assert!(size_of::<Node>() == 16);

const OFFSET: u64 = (1 << 48) - 1;
const BACK: u32 = 48;
const FLAGS: u32 = 54;
const KIND: u32 = 58;
/// Of an extra: all but the kind.
const EXTRA: u64 = (1 << KIND) - 1;
/// The flags of a view: their lower bits in `b` behind the kind and a bit that says whether there are
/// flags, the rest in the extra above the length, which is below 2^53.
const VIEW_FLAGS: u32 = 9;
const MORE_VIEW_FLAGS: u32 = 55;

macro_rules! kinds {
    ($($kind:ident)*) => {
        const KINDS: &[NodeKind] = &[$(NodeKind::$kind),*];
    };
}

kinds! {
    Undefined Null True False Hole Int32 Uint32 Double BigInt OneByte TwoByte Utf8 Reference Object Dense
    Sparse Map Set Date TrueObject FalseObject NumberObject BigIntObject OneByteObject TwoByteObject
    Utf8Object OneByteRegExp TwoByteRegExp Utf8RegExp ArrayBuffer ImmutableArrayBuffer
    ResizableArrayBuffer TransferredArrayBuffer SharedArrayBuffer WasmShared View HostView Error ErrorPart
    WasmModuleTransfer WasmModule WasmMemory SharedObject Host HostBytes Extra
}

const _: () = assert!(KINDS.len() == NodeKind::Extra as usize + 1 && KINDS.len() <= 64);

impl Node {
    /// How far behind its tag the contents may be for the node to know where the tag is.
    pub(crate) const NEAR: usize = 63;

    /// A node whose contents are at `content`, `content - tag` bytes behind its tag.
    #[inline(always)]
    pub(crate) fn new(kind: NodeKind, tag: usize, content: usize, a: u32, b: u32) -> Self {
        let back = (content - tag).min(Self::NEAR) as u64;
        Node { head: (content as u64 & OFFSET) | back << BACK | (kind as u64) << KIND, a, b }
    }

    /// A node with a 64-bit number.
    #[inline(always)]
    pub(crate) fn wide(kind: NodeKind, tag: usize, content: usize, number: u64) -> Self {
        Self::new(kind, tag, content, number as u32, (number >> 32) as u32)
    }

    /// An extra with two numbers, the first of 58 bits.
    pub(crate) fn extra(first: u64, second: u64) -> Self {
        let head = (first & EXTRA) | (NodeKind::Extra as u64) << KIND;
        Node { head, a: second as u32, b: (second >> 32) as u32 }
    }

    /// The first number of an extra; [`Node::number`] is the second.
    pub(crate) fn first(&self) -> u64 {
        self.head & EXTRA
    }

    /// A view of the buffer at node `buffer`, and its extra.
    pub(crate) fn view(
        tag: usize,
        buffer: u32,
        kind: ViewKind,
        [byte_offset, byte_length]: [u64; 2],
        flags: Option<u32>,
    ) -> [Self; 2] {
        let bits = flags.map_or(0, |flags| 1 << 8 | flags << VIEW_FLAGS);
        let more = u64::from(flags.unwrap_or(0) >> (32 - VIEW_FLAGS)) << MORE_VIEW_FLAGS;
        let mut node = Self::new(NodeKind::View, tag, tag, buffer, kind as u32 | bits);
        node.set_flag(HAS_EXTRA);
        [node, Self::extra(byte_offset, byte_length | more)]
    }

    /// Kind, offset, length and flags of a view, of which `extra` is the extra.
    pub(crate) fn as_view(&self, extra: &Node) -> (ViewKind, u64, u64, Option<u32>) {
        let kind = ViewKind::ALL.get((self.b & 0xFF) as usize).copied().unwrap_or(ViewKind::Uint8);
        let low = self.b >> VIEW_FLAGS;
        let high = (extra.number() >> MORE_VIEW_FLAGS) as u32;
        let flags = (self.b >> 8 & 1 != 0).then_some(low | high << (32 - VIEW_FLAGS));
        (kind, extra.first(), extra.number() & ((1 << MORE_VIEW_FLAGS) - 1), flags)
    }

    #[inline(always)]
    pub(crate) fn kind(&self) -> NodeKind {
        KINDS[(self.head >> KIND) as usize % KINDS.len()]
    }

    #[inline(always)]
    pub(crate) fn content(&self) -> usize {
        (self.head & OFFSET) as usize
    }

    /// Where its tag is, if that is near; see [`Document::tag_offset`](super::Document).
    pub(crate) fn tag_offset(&self) -> usize {
        self.content() - (self.head >> BACK & Self::NEAR as u64) as usize
    }

    #[inline(always)]
    pub(crate) fn flag(&self, flag: u8) -> bool {
        self.head >> FLAGS & u64::from(flag) != 0
    }

    pub(crate) fn set_flag(&mut self, flag: u8) {
        self.head |= u64::from(flag) << FLAGS;
    }

    #[inline(always)]
    pub(crate) fn number(&self) -> u64 {
        u64::from(self.a) | u64::from(self.b) << 32
    }

    /// Whether an extra, where there is one, begins with the place of the tag.
    pub(crate) fn is_placed(&self) -> bool {
        matches!(
            self.kind(),
            NodeKind::OneByte
                | NodeKind::TwoByte
                | NodeKind::Utf8
                | NodeKind::OneByteObject
                | NodeKind::TwoByteObject
                | NodeKind::Utf8Object
                | NodeKind::OneByteRegExp
                | NodeKind::TwoByteRegExp
                | NodeKind::Utf8RegExp
                | NodeKind::BigInt
                | NodeKind::BigIntObject
                | NodeKind::ArrayBuffer
                | NodeKind::ImmutableArrayBuffer
                | NodeKind::ResizableArrayBuffer
        )
    }

    #[inline(always)]
    pub(crate) fn is_container(&self) -> bool {
        matches!(
            self.kind(),
            NodeKind::Object
                | NodeKind::Dense
                | NodeKind::Sparse
                | NodeKind::Map
                | NodeKind::Set
                | NodeKind::Error
                | NodeKind::WasmShared
                | NodeKind::WasmMemory
                | NodeKind::Host
        )
    }
}

/// The node behind the value at `index`: one step, whatever the value holds.
#[inline(always)]
pub(crate) fn after(nodes: &[Node], index: u32) -> u32 {
    let node = &nodes[index as usize];
    let mut next =
        if node.is_container() { node.a } else { index + 1 + u32::from(node.flag(HAS_EXTRA)) };
    if node.flag(HAS_VIEW) {
        next += 2;
    }
    next
}
