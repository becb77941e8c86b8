//! The explicit stack: one frame for each container that is open.

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum FrameKind {
    Object,
    Sparse,
    Dense,
    Map,
    Set,
    Error,
    WasmMemory,
    WasmShared,
    Host,
    /// A container of version 0, which is replayed from a plan.
    LegacyObject,
    LegacySparse,
}

/// What comes next in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Next {
    /// An element of a dense array; a value within a host object or, being read, the cause of an error.
    Element,
    /// A key (or a set's member), or the end.
    Key,
    /// The value of the last key; the cause of an error; the one child of the others.
    Value,
}

/// An open container. 24 bytes, because a hostile input opens one with each byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// The last key's tag, low 48 bits; what is next above them.
    key_next: u64,
    /// The container's tag, low 48 bits; the kind above them.
    start_kind: u64,
    /// Children read: elements until all are there, then properties; entries; parts.
    pub(crate) count: u32,
    /// The declared length of an array; an id or the bits of parts seen for others.
    pub(crate) length: u32,
}

const LOW: u64 = (1 << 48) - 1;

const KINDS: [FrameKind; 11] = [
    FrameKind::Object,
    FrameKind::Sparse,
    FrameKind::Dense,
    FrameKind::Map,
    FrameKind::Set,
    FrameKind::Error,
    FrameKind::WasmMemory,
    FrameKind::WasmShared,
    FrameKind::Host,
    FrameKind::LegacyObject,
    FrameKind::LegacySparse,
];
const NEXTS: [Next; 3] = [Next::Element, Next::Key, Next::Value];

impl Frame {
    #[inline(always)]
    pub(crate) fn new(kind: FrameKind, next: Next, start: usize, length: u32) -> Self {
        Frame {
            key_next: (next as u64) << 48,
            start_kind: (start as u64 & LOW) | (kind as u64) << 48,
            count: 0,
            length,
        }
    }

    #[inline(always)]
    pub(crate) fn kind(&self) -> FrameKind {
        KINDS[(self.start_kind >> 48) as usize % KINDS.len()]
    }

    #[inline(always)]
    pub(crate) fn next(&self) -> Next {
        NEXTS[(self.key_next >> 48) as usize % NEXTS.len()]
    }

    #[inline(always)]
    pub(crate) fn set_next(&mut self, next: Next) {
        self.key_next = (self.key_next & LOW) | (next as u64) << 48;
    }

    /// Notes the key whose value is next.
    #[inline(always)]
    pub(crate) fn set_key(&mut self, offset: usize) {
        self.key_next = (offset as u64 & LOW) | (Next::Value as u64) << 48;
    }

    pub(crate) fn start(&self) -> usize {
        (self.start_kind & LOW) as usize
    }

    pub(crate) fn key(&self) -> usize {
        (self.key_next & LOW) as usize
    }
}
