//! Nodes: 16 bytes each, in the order of the wire, containers before their contents.

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
    /// `a`: the id. Where [`node::HAS_EXTRA`](HAS_EXTRA) is set, its WebAssembly length follows.
    SharedArrayBuffer,
    /// `b`: the id.
    WasmShared,
    /// `a`: the buffer's node, `b`: kind and flags. Offset and length follow in an extra.
    View,
    /// `a`: the length, `b`: the kind.
    HostView,
    Error,
    /// `b`: the part. Messages and stacks follow as strings, a cause as a value.
    ErrorPart,
    WasmModuleTransfer,
    /// `a`: length of the module, `b`: of the compiled code, which ends where the value ends.
    WasmModule,
    /// `b`: maximum pages; the flag [`MEMORY64`].
    WasmMemory,
    SharedObject,
    Host,
    /// `a`: the length.
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
/// A memory's addresses have 64 bits.
pub(crate) const MEMORY64: u8 = 2;
/// An [`Extra`](NodeKind::Extra) follows.
pub(crate) const HAS_EXTRA: u8 = 4;

/// A node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// 48 bits: where its contents are; 4: how far before that its tag is; 4: flags; 8: kind.
    head: u64,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

const _: () = assert!(size_of::<Node>() == 16);

const OFFSET: u64 = (1 << 48) - 1;

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

const _: () = assert!(KINDS.len() == NodeKind::Extra as usize + 1);

impl Node {
    /// A node whose contents are at `content`, `content - tag` bytes behind its tag.
    #[inline(always)]
    pub(crate) fn new(kind: NodeKind, tag: usize, content: usize, a: u32, b: u32) -> Self {
        let back = (content - tag).min(15) as u64;
        Node { head: (content as u64 & OFFSET) | back << 48 | (kind as u64) << 56, a, b }
    }

    /// A node with a 64-bit number.
    #[inline(always)]
    pub(crate) fn wide(kind: NodeKind, tag: usize, content: usize, number: u64) -> Self {
        Self::new(kind, tag, content, number as u32, (number >> 32) as u32)
    }

    /// An extra with two numbers, the first of 48 bits.
    pub(crate) fn extra(first: u64, second: u64) -> Self {
        Self::wide(NodeKind::Extra, first as usize, first as usize, second)
    }

    #[inline(always)]
    pub(crate) fn kind(&self) -> NodeKind {
        KINDS[(self.head >> 56) as usize % KINDS.len()]
    }

    #[inline(always)]
    pub(crate) fn content(&self) -> usize {
        (self.head & OFFSET) as usize
    }

    /// Where its tag is.
    pub(crate) fn tag_offset(&self) -> usize {
        self.content() - ((self.head >> 48) & 15) as usize
    }

    #[inline(always)]
    pub(crate) fn flag(&self, flag: u8) -> bool {
        self.head >> 52 & u64::from(flag) != 0
    }

    pub(crate) fn set_flag(&mut self, flag: u8) {
        self.head |= u64::from(flag) << 52;
    }

    #[inline(always)]
    pub(crate) fn number(&self) -> u64 {
        u64::from(self.a) | u64::from(self.b) << 32
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
