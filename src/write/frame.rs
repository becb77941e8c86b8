//! The explicit stack of writing: one frame for each container that is open.

use super::error::{WriteError, WriteErrorKind};

type Done<T = ()> = Result<T, WriteError>;

#[cold]
pub(super) fn misuse<T>(reason: &'static str) -> Done<T> {
    Err(WriteError::new(WriteErrorKind::Misuse { reason }))
}

#[inline]
pub(super) fn bounded(what: &'static str, length: u64, max: u64) -> Done {
    if length > max {
        return Err(WriteError::new(WriteErrorKind::TooLong { what, length, max }));
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Object,
    Sparse,
    Dense,
    Map,
    Set,
    Error,
    WasmMemory,
    WasmShared,
    Host,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// An element of a dense array, or its first key where all elements are there.
    Element,
    /// A key or the end; an entry, a member, a part.
    Key,
    /// The value of a key, or a cause.
    Value,
    /// The end only.
    End,
}

/// An open container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    pub(super) next: Next,
    /// Elements until all are there, then properties; entries; the last part of an error.
    pub(super) count: u32,
    /// The length of an array.
    pub(super) length: u32,
}

/// What kind of thing is about to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A string or a number, which may be a key.
    Name,
    Hole,
    SharedBuffer,
    WasmMemory,
    Other,
}

impl Frame {
    pub(super) fn new(kind: FrameKind) -> Self {
        Frame { kind, next: Next::Key, count: 0, length: 0 }
    }

    /// Readies the place for a value or a key.
    #[inline(always)]
    pub(super) fn slot(&mut self, class: Class) -> Done {
        if class == Class::Hole && !(self.next == Next::Element && self.count < self.length) {
            return misuse("a hole that is no element of a dense array");
        }
        match (self.kind, self.next) {
            (FrameKind::Dense, Next::Element) if self.count < self.length => self.count += 1,
            (FrameKind::Dense, Next::Element) => {
                (self.next, self.count) = (Next::Key, 0);
                return self.key(class);
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, Next::Key) => {
                return self.key(class);
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, _) => self.next = Next::Key,
            (FrameKind::Map | FrameKind::Set, _) => return self.count_one(),
            (FrameKind::Error, Next::Value) => self.next = Next::Key,
            (FrameKind::Error, _) => return misuse("a value within an error that is no cause"),
            (FrameKind::Host, _) => {}
            (FrameKind::WasmMemory, Next::Key) if class == Class::SharedBuffer => {
                self.next = Next::End;
            }
            (FrameKind::WasmShared, Next::Key) if class == Class::WasmMemory => {
                self.next = Next::End;
            }
            (FrameKind::WasmMemory | FrameKind::WasmShared, _) => {
                return misuse("a memory holds one shared buffer, its buffer one memory");
            }
        }
        Ok(())
    }

    /// Takes the place of a property's value or of an element of a dense array, if that is next.
    #[cfg(feature = "serde")]
    #[inline(always)]
    pub(super) fn takes_value(&mut self) -> bool {
        match (self.kind, self.next) {
            (FrameKind::Object, Next::Value) => self.next = Next::Key,
            (FrameKind::Dense, Next::Element) if self.count < self.length => self.count += 1,
            _ => return false,
        }
        true
    }

    /// Takes the place of a key of an object, if that is next.
    #[cfg(feature = "serde")]
    #[inline(always)]
    pub(super) fn takes_key(&mut self) -> bool {
        let takes =
            (self.kind, self.next) == (FrameKind::Object, Next::Key) && self.count < u32::MAX;
        if takes {
            self.count += 1;
            self.next = Next::Value;
        }
        takes
    }

    fn key(&mut self, class: Class) -> Done {
        if class != Class::Name {
            return misuse("a key that is neither a string nor a number");
        }
        self.count_one()?;
        self.next = Next::Value;
        Ok(())
    }

    fn count_one(&mut self) -> Done {
        let Some(count) = self.count.checked_add(1) else {
            return bounded("count", 1 << 32, u32::MAX.into());
        };
        self.count = count;
        Ok(())
    }

    /// Whether the container may end, as one of this kind. Gives its count.
    #[inline]
    pub(super) fn close(&self, kind: FrameKind) -> Done<u32> {
        if self.kind != kind {
            return misuse(kind.instead_of(self.kind));
        }
        match (kind, self.next) {
            (FrameKind::Dense, Next::Element) if self.count < self.length => {
                let (declared, found) = (self.length, self.count);
                Err(WriteError::new(WriteErrorKind::WrongCount { declared, found }))
            }
            (FrameKind::Dense, Next::Element) => Ok(0),
            (FrameKind::WasmMemory | FrameKind::WasmShared, Next::Key) => {
                misuse("a memory ends before its buffer, or a buffer before its memory")
            }
            (FrameKind::Error, Next::Value) => misuse("an error ends before its cause"),
            (_, Next::Value) => misuse("a container ends behind a key"),
            (FrameKind::Map, _) if !self.count.is_multiple_of(2) => {
                misuse("a map ends behind a key")
            }
            _ => Ok(self.count),
        }
    }
}

impl FrameKind {
    /// What is wrong where this kind of container ends and another one is open.
    fn instead_of(self, open: FrameKind) -> &'static str {
        match (self, open) {
            (FrameKind::Object, FrameKind::Dense | FrameKind::Sparse) => {
                "an object ends, but an array is open"
            }
            (FrameKind::Dense | FrameKind::Sparse, FrameKind::Object) => {
                "an array ends, but an object is open"
            }
            (FrameKind::Dense | FrameKind::Sparse, FrameKind::Dense | FrameKind::Sparse) => {
                "an array ends, but one of the other kind is open"
            }
            (FrameKind::Object, _) => "an object ends, but another container is open",
            (FrameKind::Dense | FrameKind::Sparse, _) => {
                "an array ends, but another container is open"
            }
            (FrameKind::Map, _) => "a map ends, but another container is open",
            (FrameKind::Set, _) => "a set ends, but another container is open",
            (FrameKind::Error, _) => "an error ends, but another container is open",
            (FrameKind::Host, _) => "a host object ends, but another container is open",
            (FrameKind::WasmMemory, _) => "a memory ends, but another container is open",
            (FrameKind::WasmShared, _) => "a shared buffer ends, but another container is open",
        }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    /// Behind the last element of an array its end is next, or a key.
    #[test]
    fn elements_are_taken_up_to_the_last() {
        let mut frame = Frame { next: Next::Element, length: 2, ..Frame::new(FrameKind::Dense) };
        assert_eq!([(); 4].map(|()| frame.takes_value()), [true, true, false, false]);
        assert_eq!(frame.count, 2);
    }
}
