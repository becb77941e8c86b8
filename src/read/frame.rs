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
    /// What a failed reading left, see `ghosts`. Only the innermost frame says so.
    Ghost,
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

/// An open container. 24 bytes, because a hostile input opens one with each byte: offsets have 48 bits,
/// in two parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Children read: elements until all are there, then properties; entries; parts.
    pub(crate) count: u32,
    /// The declared length of an array; an id or the bits of parts seen for others; of an object
    /// whether its keys so far are those of the last one, see `shapes`.
    pub(crate) length: u32,
    /// The last key's tag.
    key_low: u32,
    /// The container's tag.
    start_low: u32,
    key_high: u16,
    start_high: u16,
    kind: FrameKind,
    next: Next,
    /// What a ghost is.
    container: FrameKind,
}

const _: () = assert!(size_of::<Frame>() <= 24);

#[inline(always)]
fn high(offset: usize) -> u16 {
    (offset as u64 >> 32) as u16
}

fn joined(high: u16, low: u32) -> usize {
    (u64::from(high) << 32 | u64::from(low)) as usize
}

impl Frame {
    #[inline(always)]
    pub(crate) fn new(kind: FrameKind, next: Next, start: usize, length: u32) -> Self {
        let (start_low, start_high) = (start as u32, high(start));
        Frame {
            count: 0,
            length,
            key_low: 0,
            start_low,
            key_high: 0,
            start_high,
            kind,
            next,
            container: kind,
        }
    }

    #[inline(always)]
    pub(crate) fn kind(&self) -> FrameKind {
        self.kind
    }

    /// The kind, also of a ghost.
    pub(crate) fn container(&self) -> FrameKind {
        self.container
    }

    /// From here on each step is one of a ghost, or is not.
    pub(crate) fn set_ghost(&mut self, ghost: bool) {
        self.kind = if ghost { FrameKind::Ghost } else { self.container };
    }

    #[inline(always)]
    pub(crate) fn next(&self) -> Next {
        self.next
    }

    #[inline(always)]
    pub(crate) fn set_next(&mut self, next: Next) {
        self.next = next;
    }

    /// Whether a key, or the end, is next in an object.
    #[inline(always)]
    pub(super) fn expects_key(&self) -> bool {
        (self.kind, self.next) == (FrameKind::Object, Next::Key)
    }

    /// Notes the key whose value is next.
    #[inline(always)]
    pub(crate) fn set_key(&mut self, offset: usize) {
        (self.key_low, self.key_high) = (offset as u32, high(offset));
        self.next = Next::Value;
    }

    pub(crate) fn start(&self) -> usize {
        joined(self.start_high, self.start_low)
    }

    pub(crate) fn key(&self) -> usize {
        joined(self.key_high, self.key_low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beyond four gigabytes too, which no test reads.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn offsets_have_48_bits() {
        for offset in [0, 1, 0xFFFF_FFFF, 0x1_0000_0000, 0x1234_89AB_CDEF, 0xFFFF_FFFF_FFFF] {
            let mut frame = Frame::new(FrameKind::Object, Next::Key, offset, 0);
            assert_eq!((frame.start(), frame.key()), (offset, 0));
            frame.set_key(offset);
            assert_eq!((frame.start(), frame.key()), (offset, offset));
        }
    }
}
