//! Strings as the wire has them: Latin-1, UTF-16 in either byte order, or UTF-8.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::wire::ByteOrder;

/// A borrowed string in the encoding of the wire.
///
/// JavaScript strings are sequences of 16-bit units, lone surrogates included; [`Text::units`] gives
/// those exactly, [`Text::to_str`] is what one mostly wants.
#[derive(Clone, Copy)]
pub enum Text<'a> {
    /// Latin-1: one byte a unit (tag `"`).
    OneByte(&'a [u8]),
    /// UTF-16 in the given byte order (tag `c`). The length is even.
    TwoByte(&'a [u8], ByteOrder),
    /// UTF-8 (tag `S`). V8 reads malformed sequences as U+FFFD.
    Utf8(&'a [u8]),
}

/// The text if it is ASCII.
#[inline]
pub(crate) fn ascii(bytes: &[u8]) -> Option<&str> {
    if is_ascii(bytes) { core::str::from_utf8(bytes).ok() } else { None }
}

/// As `is_ascii` of the standard library, which looks at the last bytes of a word one by one.
#[inline]
pub(crate) fn is_ascii(bytes: &[u8]) -> bool {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            (u64::from_le_bytes(*first) | u64::from_le_bytes(*last)) & 0x8080_8080_8080_8080 == 0
        }
        (None, None) => match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first) | u32::from_le_bytes(*last)) & 0x8080_8080 == 0
            }
            _ => bytes.iter().fold(0, |all, byte| all | byte) < 0x80,
        },
        _ => bytes.is_ascii(),
    }
}

impl<'a> Text<'a> {
    /// The bytes as they stand in the input.
    #[inline]
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Text::OneByte(bytes) | Text::TwoByte(bytes, _) | Text::Utf8(bytes) => bytes,
        }
    }

    /// The string if it is borrowed as it is: one-byte or UTF-8, and ASCII.
    #[inline]
    pub fn as_ascii(self) -> Option<&'a str> {
        match self {
            Text::OneByte(bytes) | Text::Utf8(bytes) => ascii(bytes),
            Text::TwoByte(..) => None,
        }
    }

    /// The string, borrowed where it is ASCII (or good UTF-8). Lone surrogates become U+FFFD; see
    /// [`Text::is_well_formed`] and [`Text::units`].
    pub fn to_str(self) -> Cow<'a, str> {
        if let Some(ascii) = self.as_ascii() {
            return Cow::Borrowed(ascii);
        }
        match self {
            Text::OneByte(bytes) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
            Text::Utf8(bytes) => String::from_utf8_lossy(bytes),
            Text::TwoByte(..) => Cow::Owned(
                char::decode_utf16(self.units())
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect(),
            ),
        }
    }

    /// Whether the string has no lone surrogates, so that [`Text::to_str`] loses nothing.
    pub fn is_well_formed(self) -> bool {
        match self {
            Text::TwoByte(..) => char::decode_utf16(self.units()).all(|unit| unit.is_ok()),
            Text::OneByte(_) | Text::Utf8(_) => true,
        }
    }

    /// The UTF-16 code units, as JavaScript sees them.
    pub fn units(self) -> Units<'a> {
        Units(match self {
            Text::OneByte(bytes) => UnitsInner::OneByte(bytes.iter()),
            Text::TwoByte(bytes, order) => UnitsInner::TwoByte(bytes.chunks_exact(2), order),
            Text::Utf8(bytes) => UnitsInner::Utf8 {
                chunks: bytes.utf8_chunks(),
                chars: "".chars(),
                bad: false,
                low: None,
            },
        })
    }

    /// The UTF-16 code units in a vector.
    pub fn to_utf16(self) -> Vec<u16> {
        self.units().collect()
    }

    /// The length in UTF-16 code units, JavaScript's `length`.
    pub fn len_utf16(self) -> usize {
        match self {
            Text::OneByte(bytes) => bytes.len(),
            Text::TwoByte(bytes, _) => bytes.len() / 2,
            Text::Utf8(_) => self.units().count(),
        }
    }

    /// Whether the string is empty.
    pub fn is_empty(self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The array index that the string spells (`"0"` to `"4294967294"`, no leading zeros), if it does.
    pub fn as_array_index(self) -> Option<u32> {
        let mut units = self.units();
        let first = units.next()?;
        let mut value = u64::from(first.checked_sub(0x30).filter(|&digit| digit < 10)?);
        if value == 0 {
            return units.next().is_none().then_some(0);
        }
        for unit in units {
            let digit = unit.checked_sub(0x30).filter(|&digit| digit < 10)?;
            value = value * 10 + u64::from(digit);
            if value > u64::from(u32::MAX) - 1 {
                return None;
            }
        }
        Some(value as u32)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Text::OneByte(a), Text::OneByte(b)) => a == b,
            _ => self.units().eq(other.units()),
        }
    }
}

impl Eq for Text<'_> {}

/// By UTF-16 code units: equal strings have equal hashes, whatever their encodings.
impl core::hash::Hash for Text<'_> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.units().for_each(|unit| state.write_u16(unit));
        state.write_u8(0xFF);
    }
}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By UTF-16 code units, as JavaScript compares strings.
impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Text::OneByte(a), Text::OneByte(b)) => a.cmp(b),
            _ => self.units().cmp(other.units()),
        }
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        match self {
            Text::OneByte(bytes) if other.is_ascii() => *bytes == other.as_bytes(),
            _ => self.units().eq(other.encode_utf16()),
        }
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_str())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.to_str(), f)
    }
}

/// The UTF-16 code units of a [`Text`].
#[derive(Clone, Debug)]
pub struct Units<'a>(UnitsInner<'a>);

#[derive(Clone, Debug)]
enum UnitsInner<'a> {
    OneByte(core::slice::Iter<'a, u8>),
    TwoByte(core::slice::ChunksExact<'a, u8>, ByteOrder),
    Utf8 {
        chunks: core::str::Utf8Chunks<'a>,
        chars: core::str::Chars<'a>,
        bad: bool,
        low: Option<u16>,
    },
}

impl Iterator for Units<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        match &mut self.0 {
            UnitsInner::OneByte(bytes) => bytes.next().map(|&byte| u16::from(byte)),
            UnitsInner::TwoByte(pairs, order) => pairs.next().map(|pair| order.u16(pair)),
            UnitsInner::Utf8 { chunks, chars, bad, low } => {
                if let Some(low) = low.take() {
                    return Some(low);
                }
                loop {
                    if let Some(char) = chars.next() {
                        let mut pair = [0; 2];
                        if let [_, second] = char.encode_utf16(&mut pair) {
                            *low = Some(*second);
                        }
                        return Some(pair[0]);
                    }
                    if core::mem::take(bad) {
                        return Some(0xFFFD);
                    }
                    let chunk = chunks.next()?;
                    *chars = chunk.valid().chars();
                    *bad = !chunk.invalid().is_empty();
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            UnitsInner::OneByte(bytes) => bytes.size_hint(),
            UnitsInner::TwoByte(pairs, _) => pairs.size_hint(),
            UnitsInner::Utf8 { .. } => (0, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_told_at_all_lengths() {
        for length in 0..40 {
            let text = vec![b'a'; length];
            assert_eq!(ascii(&text).map(str::len), Some(length));
            for at in 0..length {
                let mut text = text.clone();
                text[at] = 0x80;
                assert_eq!(ascii(&text), None, "{length} {at}");
            }
        }
    }

    #[test]
    fn encodings_agree() {
        let two = Text::TwoByte(&[b'h', 0, 0xE9, 0], ByteOrder::Little);
        assert_eq!(two, Text::OneByte(b"h\xE9"));
        assert_eq!(two, Text::Utf8("hé".as_bytes()));
        assert_eq!(two, Text::TwoByte(&[0, b'h', 0, 0xE9], ByteOrder::Big));
        assert_eq!(two.to_str(), "hé");
        assert!(two == "hé");
        assert_eq!(Text::Utf8("a😀".as_bytes()).to_utf16(), [0x61, 0xD83D, 0xDE00]);
        assert_eq!(Text::Utf8(b"a\xFFb").to_str(), "a\u{FFFD}b");
        assert_eq!(Text::Utf8(b"a\xFFb").to_utf16(), [0x61, 0xFFFD, 0x62]);
    }

    #[test]
    fn lone_surrogates() {
        let lone = Text::TwoByte(&[0x3D, 0xD8, 0x61, 0], ByteOrder::Little);
        assert!(!lone.is_well_formed());
        assert_eq!(lone.to_str(), "\u{FFFD}a");
        assert_eq!(lone.to_utf16(), [0xD83D, 0x61]);
    }

    #[test]
    fn array_indices() {
        for (text, index) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("4294967294", Some(4_294_967_294)),
            ("4294967295", None),
            ("99999999999999999999", None),
            ("01", None),
            ("", None),
            ("-1", None),
            ("1.5", None),
        ] {
            assert_eq!(Text::OneByte(text.as_bytes()).as_array_index(), index, "{text}");
        }
    }
}
