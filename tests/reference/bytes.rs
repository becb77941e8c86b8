//! Section 1: bytes and varints.

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refused {
    /// "Unable to deserialize cloned data."
    Plain,
    /// An exception of the delegate's.
    Thrown,
}

pub(crate) fn refuse<T>() -> Result<T, Refused> {
    Err(Refused::Plain)
}

pub(crate) fn thrown<T>() -> Result<T, Refused> {
    Err(Refused::Thrown)
}

pub(crate) struct Bytes<'a> {
    pub(crate) all: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(all: &'a [u8]) -> Self {
        Bytes { all, at: 0 }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.all[self.at..]
    }

    pub(crate) fn left(&self) -> usize {
        self.rest().len()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Refused> {
        Ok(self.take(1)?[0])
    }

    pub(crate) fn take(&mut self, length: u64) -> Result<&'a [u8], Refused> {
        if length > self.left() as u64 {
            return refuse();
        }
        let taken = &self.rest()[..length as usize];
        self.at += taken.len();
        Ok(taken)
    }

    /// The next tag: padding is skipped (1.10).
    pub(crate) fn tag(&mut self) -> Result<u8, Refused> {
        loop {
            let byte = self.byte()?;
            if byte != 0 {
                return Ok(byte);
            }
        }
    }

    pub(crate) fn peek_tag(&self) -> Option<u8> {
        self.rest().iter().copied().find(|&byte| byte != 0)
    }

    /// 1.2 to 1.4: at most `most` bytes; all bits, to be cut to the width by the caller.
    fn varint(&mut self, most: usize) -> Result<u128, Refused> {
        let mut value = 0u128;
        for index in 0..most {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        if self.left() == 0 { refuse() } else { Ok(value) }
    }

    pub(crate) fn varint8(&mut self) -> Result<u8, Refused> {
        Ok(self.varint(2)? as u8)
    }

    pub(crate) fn varint32(&mut self) -> Result<u32, Refused> {
        Ok(self.varint(5)? as u32)
    }

    pub(crate) fn varint64(&mut self) -> Result<u64, Refused> {
        Ok(self.varint(10)? as u64)
    }

    /// 1.6.
    pub(crate) fn zigzag(&mut self) -> Result<i32, Refused> {
        let code = self.varint32()?;
        let half = (code / 2) as i32;
        Ok(if code % 2 == 0 { half } else { -half - 1 })
    }

    /// 1.7: little-endian.
    pub(crate) fn double(&mut self) -> Result<f64, Refused> {
        let mut bits = 0;
        for (index, &byte) in self.take(8)?.iter().enumerate() {
            bits |= u64::from(byte) << (8 * index);
        }
        Ok(f64::from_bits(bits))
    }
}
