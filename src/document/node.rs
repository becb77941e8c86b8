//! Nodes: one or two words of 8 bytes each, in the order of the wire, containers before their contents.

use crate::view::ViewKind;

/// Lists the kinds, each with its number. What is in no group has two words.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $number:expr,)*) => {
        /// What a node is. Strings have a kind for each encoding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum NodeKind {
            $($(#[$doc])* $kind = $number,)*
        }

        /// By number; those that there are not stand for none.
        const KINDS: [NodeKind; 64] = {
            let mut kinds = [NodeKind::Extra; 64];
            $(kinds[NodeKind::$kind as usize] = NodeKind::$kind;)*
            kinds
        };
    };
}

/// The upper two bits of a kind: its group.
const GROUP: u32 = 4;
/// Kinds that have one word, but with [`TWO_WORDS`].
const SHORT: u8 = 0;
/// Kinds that have two words always.
const LONG: u8 = 1 << GROUP;
/// Kinds that hold other nodes. `a`: the node behind the contents.
const CONTAINER: u8 = 3 << GROUP;

kinds! {
    // What is not in the head is read again from the input, where it stands behind the tag.
    Undefined = SHORT,
    Null = SHORT + 1,
    True = SHORT + 2,
    False = SHORT + 3,
    Hole = SHORT + 4,
    /// With [`HERE`] it is not in the input.
    Int32 = SHORT + 5,
    Uint32 = SHORT + 6,
    Double = SHORT + 7,
    /// With two words `a`: the length of the text, which is at the content.
    OneByte = SHORT + 8,
    TwoByte = SHORT + 9,
    Utf8 = SHORT + 10,
    Date = SHORT + 11,
    TrueObject = SHORT + 12,
    FalseObject = SHORT + 13,
    NumberObject = SHORT + 14,
    /// Messages and stacks follow as strings, a cause as a value.
    ErrorPart = SHORT + 15,
    /// `a`: the number of digits' bytes and, in the lowest bit, the sign.
    BigInt = LONG,
    BigIntObject = LONG + 1,
    /// `a`: the node of the object, `b`: its id, or with [`OUTSIDE`] the id that it has elsewhere.
    Reference = LONG + 2,
    /// `a`: the length.
    OneByteObject = LONG + 3,
    TwoByteObject = LONG + 4,
    Utf8Object = LONG + 5,
    /// `a`: length of the pattern, `b`: flags.
    OneByteRegExp = LONG + 6,
    TwoByteRegExp = LONG + 7,
    Utf8RegExp = LONG + 8,
    /// `a`, `b`: the length.
    ArrayBuffer = LONG + 9,
    ImmutableArrayBuffer = LONG + 10,
    /// An [`Extra`](NodeKind::Extra) with the maximum length follows.
    ResizableArrayBuffer = LONG + 11,
    /// `a`: the id.
    TransferredArrayBuffer = LONG + 12,
    /// `a`: the id, `b`: 1 for a WebAssembly memory of fixed length, which may stand in an extra.
    SharedArrayBuffer = LONG + 13,
    /// See [`Node::view`].
    View = LONG + 14,
    /// `a`: the length, `b`: the kind.
    HostView = LONG + 15,
    WasmModuleTransfer = LONG + 16,
    /// `a`: length of the module, `b`: of the compiled code. An extra says where that is.
    WasmModule = LONG + 17,
    SharedObject = LONG + 18,
    /// `a`, `b`: the length.
    HostBytes = LONG + 19,
    /// More numbers of the node before.
    Extra = LONG + 20,
    /// `b`: the count that stands at the end.
    Object = CONTAINER,
    /// `b`: the length.
    Dense = CONTAINER + 1,
    /// `b`: the length.
    Sparse = CONTAINER + 2,
    Map = CONTAINER + 3,
    Set = CONTAINER + 4,
    /// `b`: the id.
    WasmShared = CONTAINER + 5,
    Error = CONTAINER + 6,
    /// `b`: maximum pages; the flags [`MEMORY64`] and [`STATES_WIDTH`].
    WasmMemory = CONTAINER + 7,
    Host = CONTAINER + 8,
}

const _: () = assert!((NodeKind::ErrorPart as u8) < LONG && (NodeKind::Extra as u8) < CONTAINER);

/// A view follows: the two are one value.
pub(crate) const HAS_VIEW: u8 = 1;
/// An array has properties besides its elements.
pub(crate) const HAS_PROPERTIES: u8 = 2;
/// A reference that is written as the transfer id or shared id of its object, not as a reference.
pub(crate) const OUTSIDE: u8 = 2;
/// A number is in the place of the offset.
pub(crate) const HERE: u8 = 2;
/// A host object's payload ends in a number that says it goes on.
pub(crate) const GOES_ON: u8 = 2;
/// A memory's addresses have 64 bits.
pub(crate) const MEMORY64: u8 = 2;
/// A memory says how wide its addresses are.
pub(crate) const STATES_WIDTH: u8 = 8;
/// A node of a short kind has two words.
const TWO_WORDS: u8 = 8;
/// An [`Extra`](NodeKind::Extra) follows.
pub(crate) const HAS_EXTRA: u8 = 4;

/// A node, its words taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// 48 bits: where its contents are, of short nodes the tag; 6: how far before that its tag is; 4: flags;
    /// 6: kind.
    head: u64,
    /// The second word. Of a short node it is not its own, and means nothing.
    pub(crate) a: u32,
    pub(crate) b: u32,
}

const OFFSET: u64 = (1 << 48) - 1;
const BACK: u32 = 48;
const FLAGS: u32 = 54;
const KIND: u32 = 58;
/// Set in a head of two words.
const SECOND: u64 = 3 << (KIND + GROUP) | flag_bits(TWO_WORDS);
/// Set in a head behind which not just the next word is another node.
const FOLLOWED: u64 = SECOND | flag_bits(HAS_VIEW | HAS_EXTRA);
/// Of an extra: all but the kind.
const EXTRA: u64 = (1 << KIND) - 1;
/// The words of a node that is not short.
pub(crate) const WORDS: u32 = 2;
/// The words of a view and its extra.
pub(crate) const VIEW_WORDS: u32 = 2 * WORDS;
/// The flags of a view: their lower bits in `b` behind the kind and a bit that says whether there are
/// flags, the rest in the extra above the length, which is below 2^53.
const VIEW_FLAGS: u32 = 9;
const MORE_VIEW_FLAGS: u32 = 55;

/// Of a head: the flag.
pub(super) const fn flag_bits(flag: u8) -> u64 {
    (flag as u64) << FLAGS
}

/// Whether a node with this head has a second word.
#[inline(always)]
pub(super) fn has_second(head: u64) -> bool {
    head & SECOND != 0
}

/// Whether the next word is the next node.
#[inline(always)]
pub(super) fn is_alone(head: u64) -> bool {
    head & FOLLOWED == 0
}

#[inline(always)]
pub(super) fn is_container(head: u64) -> bool {
    head >> KIND >= u64::from(CONTAINER)
}

impl Node {
    /// How far behind its tag the contents may be for the node to know where the tag is.
    pub(crate) const NEAR: usize = 63;

    #[inline(always)]
    pub(super) fn from_words(head: u64, second: u64) -> Self {
        Node { head, a: second as u32, b: (second >> 32) as u32 }
    }

    #[inline(always)]
    pub(super) fn words(self) -> [u64; 2] {
        [self.head, self.number()]
    }

    /// The word that is all of a short node.
    #[inline(always)]
    pub(super) fn short(kind: NodeKind, tag: usize) -> u64 {
        debug_assert!(kind as u8 >> GROUP == 0);
        (tag as u64 & OFFSET) | (kind as u64) << KIND
    }

    /// A node of two words whose contents are at `content`, `content - tag` bytes behind its tag.
    #[inline(always)]
    pub(crate) fn new(kind: NodeKind, tag: usize, content: usize, a: u32, b: u32) -> Self {
        let back = (content - tag).min(Self::NEAR) as u64;
        let flags = if (kind as u8) < LONG { flag_bits(TWO_WORDS) } else { 0 };
        let head = (content as u64 & OFFSET) | back << BACK | flags | (kind as u64) << KIND;
        Node { head, a, b }
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
        KINDS[(self.head >> KIND) as usize]
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
        self.head |= flag_bits(flag);
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

    /// The words of the node and its extra.
    #[inline(always)]
    pub(super) fn own_words(&self) -> u32 {
        let own = if has_second(self.head) { WORDS } else { 1 };
        own + if self.flag(HAS_EXTRA) { WORDS } else { 0 }
    }

    /// The word that is all of an index that is not in the input.
    pub(super) fn index(index: u32) -> u64 {
        Self::short(NodeKind::Int32, index as usize) | flag_bits(HERE)
    }

    /// Whether what it says is not in the node, but stands behind the tag.
    #[inline(always)]
    pub(super) fn is_short(&self) -> bool {
        !has_second(self.head)
    }

    #[inline(always)]
    pub(crate) fn is_container(&self) -> bool {
        is_container(self.head)
    }
}
