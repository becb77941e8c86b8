//! Base-128 varints and zigzag, as V8's `ReadVarint` and `WriteZigZag` have them.
//!
//! SPEC.md 1.2 to 1.6. A reader of width T takes at most `bits(T) / 7` bytes rounded up and drops
//! what does not fit; overlong forms are good. Where the last byte that counts says that there are
//! more, V8 looks at the next byte without consuming it, which matters at the end of the input. V8 up
//! to 9.x reads on to a byte without the high bit.

use nom::{IResult, Parser, bytes::complete::take_while_m_n, error::ErrorKind as NomKind};

/// Why a varint could not be read: the input ended inside of it.
pub(crate) type Cut = nom::Err<nom::error::Error<()>>;

/// What was read, and the input behind it.
pub(crate) type Read<'a, T> = Result<(&'a [u8], T), Cut>;

fn cut<T>(_: T) -> Cut {
    nom::Err::Error(nom::error::Error::new((), NomKind::Eof))
}

/// A varint of up to four bytes, where as many bytes follow: its length and value. A reader of any width
/// that takes so many bytes and can hold the value reads the same.
#[inline(always)]
pub(crate) fn short(input: &[u8]) -> Option<(usize, u32)> {
    let word = u32::from_le_bytes(*input.first_chunk::<4>()?);
    let ends = !word & 0x8080_8080;
    if ends == 0 {
        return None;
    }
    // All bits up to the first byte without the high bit.
    let word = word & (ends ^ (ends - 1));
    let value = word & 0x7F | word >> 1 & 0x3F80 | word >> 2 & 0x1F_C000 | word >> 3 & 0xFE0_0000;
    Some((ends.trailing_zeros() as usize / 8 + 1, value))
}

/// The same, of one byte or as many as a writer would take.
#[inline(always)]
pub(crate) fn tidy(input: &[u8]) -> Option<(usize, u32)> {
    match input.first() {
        Some(&byte) if byte < 0x80 => Some((1, byte.into())),
        _ => short(input).filter(|(length, _)| input.get(length - 1) != Some(&0)),
    }
}

/// A varint of `BITS` bits at the start of `input`, and what is behind it.
fn varint<const BITS: u32>(input: &[u8]) -> Read<'_, u64> {
    let max = BITS.div_ceil(7) as usize;
    let more: IResult<&[u8], &[u8]> =
        take_while_m_n(0, max - 1, |byte: u8| byte & 0x80 != 0).parse(input);
    let (rest, head) = more.map_err(cut)?;
    let (&last, rest) = rest.split_first().ok_or_else(|| cut(()))?;
    let mut value = 0u64;
    for (i, &byte) in head.iter().chain(core::iter::once(&last)).enumerate() {
        value |= u64::from(byte & 0x7F) << (7 * i);
    }
    if last & 0x80 != 0 && rest.is_empty() {
        return Err(cut(()));
    }
    Ok((rest, if BITS == 64 { value } else { value & ((1 << BITS) - 1) }))
}

/// Skips a varint that goes on behind the bytes that count, as V8 up to 9.x does.
pub(crate) fn skip_continued(input: &[u8]) -> Result<&[u8], Cut> {
    let end = input.iter().position(|byte| byte & 0x80 == 0).ok_or_else(|| cut(()))?;
    Ok(&input[end + 1..])
}

/// `ReadVarint<uint8_t>`: at most two bytes.
pub(crate) fn varint_u8(input: &[u8]) -> Read<'_, u8> {
    varint::<8>(input).map(|(rest, value)| (rest, value as u8))
}

/// `ReadVarint<uint32_t>`: at most five bytes.
pub(crate) fn varint_u32(input: &[u8]) -> Read<'_, u32> {
    varint::<32>(input).map(|(rest, value)| (rest, value as u32))
}

/// `ReadVarint<uint64_t>`: at most ten bytes.
pub(crate) fn varint_u64(input: &[u8]) -> Read<'_, u64> {
    varint::<64>(input)
}

/// The signed number behind a zigzag code.
pub(crate) const fn unzigzag(value: u32) -> i32 {
    (value >> 1) as i32 ^ -((value & 1) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_drop_what_does_not_fit() {
        assert_eq!(varint_u32(&[0xAC, 0x02, 9]).unwrap(), (&[9][..], 300));
        assert_eq!(varint_u32(&[0xFF; 6]).unwrap(), (&[0xFF][..], u32::MAX));
        assert_eq!(varint_u32(&[0x80, 0x80, 0x00]).unwrap(), (&[][..], 0));
        assert_eq!(varint_u8(&[0xED, 0x81, 7]).unwrap(), (&[7][..], 0xED));
        assert_eq!(varint_u64(&[0xFF; 11]).unwrap(), (&[0xFF][..], u64::MAX));
        assert!(varint_u64(&[0xFF; 10]).is_err());
        assert!(varint_u32(&[0xFF; 5]).is_err());
        assert!(varint_u32(&[]).is_err());
    }

    #[test]
    fn zigzag() {
        for (code, value) in
            [(0, 0), (1, -1), (2, 1), (u32::MAX, i32::MIN), (u32::MAX - 1, i32::MAX)]
        {
            assert_eq!(unzigzag(code), value);
        }
    }
}
