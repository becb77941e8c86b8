//! JSON strings: their UTF-16 units, escapes resolved.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::text::Text;

/// A well-formed JSON string, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonStr<'t>(pub(super) &'t str);

/// Characters shown of a long string in an error.
const SHOWN: usize = 64;

impl<'t> JsonStr<'t> {
    /// The string, if it has no escapes.
    pub(super) fn plain(self) -> Option<&'t str> {
        (!self.0.as_bytes().contains(&b'\\')).then_some(self.0)
    }

    /// The units. A lone surrogate can only come from an escape.
    pub(super) fn units(self) -> JsonUnits<'t> {
        JsonUnits { rest: self.0, low: None }
    }

    pub(super) fn is(self, text: &str) -> bool {
        match self.plain() {
            Some(plain) => plain == text,
            None => self.units().eq(text.encode_utf16()),
        }
    }

    /// The array index that it spells, if it does.
    pub(super) fn as_array_index(self) -> Option<u32> {
        match self.0.as_bytes().first()? {
            b'0'..=b'9' | b'\\' => match self.plain() {
                Some(plain) => Text::Utf8(plain.as_bytes()).as_array_index(),
                None => Text::Utf8(self.to_string()?.as_bytes()).as_array_index(),
            },
            _ => None,
        }
    }

    /// Whether it begins as the tags of typed JSON do.
    pub(super) fn has_dollar(self) -> bool {
        self.units().next() == Some(u16::from(b'$'))
    }

    /// The string, unless it has lone surrogates.
    pub(super) fn to_string(self) -> Option<String> {
        match self.plain() {
            Some(plain) => Some(plain.into()),
            None => char::decode_utf16(self.units()).collect::<Result<_, _>>().ok(),
        }
    }

    /// What to show of it.
    pub(super) fn start(self) -> String {
        char::decode_utf16(self.units())
            .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
            .take(SHOWN)
            .collect()
    }

    /// Whether all units are below 256, which are then in `bytes`.
    pub(super) fn to_latin1(self, bytes: &mut Vec<u8>) -> bool {
        bytes.clear();
        for unit in self.units() {
            let Ok(byte) = u8::try_from(unit) else { return false };
            bytes.push(byte);
        }
        true
    }
}

impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for JsonStr<'_> {}

impl PartialOrd for JsonStr<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By units, so that an escape and what it stands for are the same.
impl Ord for JsonStr<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.plain(), other.plain()) {
            // ASCII is ordered by its bytes in either form.
            (Some(a), Some(b)) if a.is_ascii() && b.is_ascii() => a.cmp(b),
            _ => self.units().cmp(other.units()),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct JsonUnits<'t> {
    rest: &'t str,
    /// The second unit of a pair.
    low: Option<u16>,
}

impl Iterator for JsonUnits<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if let Some(low) = self.low.take() {
            return Some(low);
        }
        let mut chars = self.rest.chars();
        let mut char = chars.next()?;
        if char == '\\' {
            char = match chars.next()? {
                'b' => '\u{8}',
                'f' => '\u{C}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let (digits, rest) = chars.as_str().split_at_checked(4)?;
                    self.rest = rest;
                    return u16::from_str_radix(digits, 16).ok();
                }
                itself => itself,
            };
        }
        self.rest = chars.as_str();
        let mut pair = [0; 2];
        if let [_, low] = char.encode_utf16(&mut pair) {
            self.low = Some(*low);
        }
        Some(pair[0])
    }
}
