//! The cursor over the input: offset-tracked, borrowed, in either byte order.
//!
//! This is the only home of nom and byteorder; what they report becomes [`Error`] here.

use byteorder::{BigEndian, ByteOrder as _, LittleEndian};

use super::tag::Tag;
use super::varint;
use crate::error::{Error, ErrorKind};

/// The byte order of doubles and two-byte strings: that of the machine which wrote them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// x86, ARM and nearly everything else.
    #[default]
    Little,
    /// s390x.
    Big,
}

impl ByteOrder {
    /// The order of the machine that this program runs on.
    pub const NATIVE: ByteOrder =
        if cfg!(target_endian = "big") { ByteOrder::Big } else { ByteOrder::Little };

    pub(crate) fn u16(self, bytes: &[u8]) -> u16 {
        match self {
            ByteOrder::Little => LittleEndian::read_u16(bytes),
            ByteOrder::Big => BigEndian::read_u16(bytes),
        }
    }

    pub(crate) fn u64(self, bytes: &[u8]) -> u64 {
        match self {
            ByteOrder::Little => LittleEndian::read_u64(bytes),
            ByteOrder::Big => BigEndian::read_u64(bytes),
        }
    }
}

/// A cursor over borrowed bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    data: &'a [u8],
    pos: usize,
    pub(crate) order: ByteOrder,
    /// Whether varints are read to their end however long they are, as V8 up to 9.x does.
    pub(crate) endless_varints: bool,
    /// Whether something was read that a writer would write otherwise: padding that nothing needs,
    /// overlong numbers.
    pub(crate) odd: bool,
    /// Where the last number ended that says it goes on (SPEC.md 1.3), at first 0.
    pub(crate) goes_on: usize,
}

macro_rules! varints {
    ($($(#[$doc:meta])* $name:ident -> $ty:ty;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub(crate) fn $name(&mut self, what: &'static str) -> Result<$ty, Error> {
            match self.data.get(self.pos) {
                Some(&byte) if byte < 0x80 => {
                    self.pos += 1;
                    Ok(<$ty>::from(byte))
                }
                _ => self.longer(varint::$name, what),
            }
        }
    )*};
}

impl<'a> Input<'a> {
    pub(crate) fn new(data: &'a [u8], order: ByteOrder) -> Self {
        Input { data, pos: 0, order, endless_varints: false, odd: false, goes_on: 0 }
    }

    #[inline(always)]
    pub(crate) fn pos(&self) -> usize {
        self.pos
    }

    pub(crate) fn set_pos(&mut self, pos: usize) {
        debug_assert!(pos <= self.data.len());
        self.pos = pos;
    }

    #[inline(always)]
    pub(crate) fn data(&self) -> &'a [u8] {
        self.data
    }

    #[inline(always)]
    pub(crate) fn remaining(&self) -> usize {
        self.data.len() - self.pos
    }

    /// The next tag, padding skipped (`PeekTag`; SPEC.md 1.10). The position stands behind it.
    #[inline(always)]
    pub(crate) fn tag(&mut self) -> Option<u8> {
        loop {
            let &byte = self.data.get(self.pos)?;
            self.pos += 1;
            if byte != 0 {
                return Some(byte);
            }
            // Two-byte strings are aligned; that they are is seen there.
            self.odd |= self.data.get(self.pos) != Some(&Tag::TWO_BYTE_STRING.0);
        }
    }

    /// Consumes the next tag if it is `tag`, padding before it included.
    #[inline]
    pub(crate) fn tag_if(&mut self, tag: u8) -> bool {
        let start = self.pos;
        if self.tag() == Some(tag) {
            return true;
        }
        self.pos = start;
        false
    }

    varints! {
        varint_u8 -> u8;
        varint_u32 -> u32;
        varint_u64 -> u64;
    }

    /// A varint of two to four bytes, or what it takes to know better.
    #[inline(always)]
    fn longer<T: TryFrom<u32> + Into<u64> + Copy>(
        &mut self,
        read: fn(&'a [u8]) -> varint::Read<'a, T>,
        what: &'static str,
    ) -> Result<T, Error> {
        if let Some((length, value)) = varint::short(&self.data[self.pos..])
            && length <= (8 * size_of::<T>()).div_ceil(7)
            && let Ok(value) = T::try_from(value)
        {
            self.odd |= self.data[self.pos + length - 1] == 0;
            self.pos += length;
            return Ok(value);
        }
        self.long(read, what)
    }

    #[cold]
    #[inline(never)]
    fn long<T: Into<u64> + Copy>(
        &mut self,
        read: fn(&'a [u8]) -> varint::Read<'a, T>,
        what: &'static str,
    ) -> Result<T, Error> {
        match read(&self.data[self.pos..]) {
            Ok((rest, value)) => {
                let read = &self.data[self.pos..self.data.len() - rest.len()];
                let last = value.into() >> (7 * (read.len() - 1));
                self.odd |= last == 0 || read.last().is_some_and(|&byte| u64::from(byte) != last);
                self.pos = self.data.len() - rest.len();
                if self.data[self.pos - 1] & 0x80 != 0 {
                    if self.endless_varints {
                        let rest = varint::skip_continued(rest).map_err(|_| self.cut(what))?;
                        self.pos = self.data.len() - rest.len();
                    } else {
                        self.goes_on = self.pos;
                    }
                }
                Ok(value)
            }
            Err(_) => Err(self.cut(what)),
        }
    }

    fn cut(&self, what: &'static str) -> Error {
        let kind = ErrorKind::UnexpectedEnd { what, size: None, missing: 1 };
        Error::new(self.data.len(), kind)
    }

    /// One raw byte.
    pub(crate) fn byte(&mut self, what: &'static str) -> Result<u8, Error> {
        self.take(1, what).map(|bytes| bytes[0])
    }

    /// `length` raw bytes.
    #[inline(always)]
    pub(crate) fn take(&mut self, length: u64, what: &'static str) -> Result<&'a [u8], Error> {
        if length > self.remaining() as u64 {
            return Err(self.short(length, what));
        }
        let start = self.pos;
        self.pos += length as usize;
        Ok(&self.data[start..self.pos])
    }

    #[cold]
    #[inline(never)]
    fn short(&self, length: u64, what: &'static str) -> Error {
        let missing = length - self.remaining() as u64;
        Error::new(self.pos, ErrorKind::UnexpectedEnd { what, size: Some(length), missing })
    }

    /// Eight bytes as a double, bits untouched.
    #[inline(always)]
    pub(crate) fn double(&mut self, what: &'static str) -> Result<f64, Error> {
        let bytes = self.take(8, what)?;
        Ok(f64::from_bits(self.order.u64(bytes)))
    }
}
