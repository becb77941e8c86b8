//! What typed JSON spells as a number or a string: numbers, bigints, dates, bytes.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::{Fault, Step};
use super::string::JsonStr;
use super::text::{Kind, Tape};
use crate::json::scalar::MAX_UNSPELLED;
use crate::spell;
use crate::wire::engine::MAX_BIGINT_BYTES;

/// The NaN that V8 writes.
const NAN: u64 = 0x7FF8_0000_0000_0000;
/// As many digits as 65,536 bits have: the work grows with the square of their number. Longer bigints
/// are spelled in hexadecimal.
const MAX_DECIMAL: usize = 19_729;

/// A number of JSON as JavaScript holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int32(i32),
    Double(f64),
}

impl Number {
    pub(super) fn of(value: f64) -> Self {
        let integer = value as i32;
        if f64::from(integer).to_bits() == value.to_bits() {
            Number::Int32(integer)
        } else {
            Number::Double(value)
        }
    }
}

impl<'t> Tape<'t> {
    pub(super) fn fault<T>(&self, index: u32, reason: impl Into<String>) -> Step<T> {
        Err(Fault::typed(self.at(index), reason))
    }

    pub(super) fn to_f64(&self, index: u32) -> f64 {
        // The grammar of JSON is within that of Rust.
        self.number(index).parse().unwrap_or(f64::NAN)
    }

    /// A whole number of 0 to `max`.
    pub(super) fn uint(&self, index: u32, max: u64) -> Step<u64> {
        if self.kind(index) != Kind::Number {
            return self.fault(index, "expected a whole number");
        }
        let value = self.number(index).parse().ok().or_else(|| {
            let value = self.to_f64(index);
            (value >= 0.0 && value as u64 as f64 == value).then_some(value as u64)
        });
        match value {
            Some(value) if value <= max => Ok(value),
            _ => self.fault(index, alloc::format!("expected a whole number of 0 to {max}")),
        }
    }

    pub(super) fn u32(&self, index: u32) -> Step<u32> {
        self.uint(index, u32::MAX.into()).map(|value| value as u32)
    }

    pub(super) fn bool(&self, index: u32) -> Step<bool> {
        match self.kind(index) {
            Kind::True => Ok(true),
            Kind::False => Ok(false),
            _ => self.fault(index, "expected `true` or `false`"),
        }
    }

    pub(super) fn is_true(&self, index: u32) -> Step {
        match self.kind(index) {
            Kind::True => Ok(()),
            _ => self.fault(index, "expected `true`"),
        }
    }

    pub(super) fn list<const N: usize>(&self, index: u32, what: &str) -> Step<[u32; N]> {
        let mut items = [0; N];
        if self.kind(index) != Kind::List || self.count(index) as usize != N {
            return self.fault(index, alloc::format!("expected a list {what}"));
        }
        for (item, child) in items.iter_mut().zip(self.children(index)) {
            *item = child;
        }
        Ok(items)
    }

    pub(super) fn text(&self, index: u32) -> Step<JsonStr<'t>> {
        match self.kind(index) {
            Kind::Text => Ok(self.str(index)),
            _ => self.fault(index, "expected a string"),
        }
    }

    /// A string without lone surrogates.
    pub(super) fn string(&self, index: u32) -> Step<String> {
        match self.text(index)?.to_string() {
            Some(string) => Ok(string),
            None => self.fault(index, "a lone surrogate cannot stand here"),
        }
    }

    /// A number, or a string for what is no JSON number (SPEC.md 10.4).
    pub(super) fn double(&self, index: u32) -> Step<f64> {
        match self.kind(index) {
            Kind::Number => Ok(self.to_f64(index)),
            Kind::Text => {
                let text = self.string(index)?;
                let hex = |digits: &str| match digits.len() {
                    16 if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
                    _ => None,
                };
                match (text.as_str(), text.strip_prefix("0x").and_then(hex)) {
                    ("NaN", _) => Ok(f64::from_bits(NAN)),
                    ("-0", _) => Ok(-0.0),
                    ("Infinity", _) => Ok(f64::INFINITY),
                    ("-Infinity", _) => Ok(f64::NEG_INFINITY),
                    (_, Some(bits)) => Ok(f64::from_bits(bits)),
                    _ => self.fault(
                        index,
                        "expected a number, or one of the strings `-0`, `Infinity`, `-Infinity`, \
                         `NaN`, `0x` and sixteen digits",
                    ),
                }
            }
            _ => self.fault(index, "expected a string or a number"),
        }
    }

    /// Milliseconds since 1970 (SPEC.md 10.9).
    pub(super) fn date(&self, index: u32) -> Step<f64> {
        if self.kind(index) == Kind::Text {
            let text = self.string(index)?;
            if text.ends_with('Z') {
                let ms = iso_date(&text);
                return ms.map_or_else(|| self.fault(index, "no date of `toISOString`"), Ok);
            }
        }
        self.double(index)
    }

    /// Bytes in base64.
    pub(super) fn base64(&self, index: u32, bytes: &mut Vec<u8>) -> Step {
        bytes.clear();
        if decode_base64(self.text(index)?, bytes).is_none() {
            return self.fault(index, "no base64 with padding");
        }
        Ok(())
    }

    /// The sign, and the magnitude in `digits`, least byte first (SPEC.md 10.4).
    pub(super) fn bigint(&self, index: u32, digits: &mut Vec<u8>) -> Step<bool> {
        digits.clear();
        if self.kind(index) != Kind::Object {
            let (negative, _) = self.integer(index, digits)?;
            if negative && digits.is_empty() {
                return self.fault(index, "-0 needs its number of bytes");
            }
            digits.resize(digits.len().next_multiple_of(8), 0);
            return Ok(negative);
        }
        let [value, bytes] = self.fields(index, ["value", "bytes"])?;
        let (value, bytes) = (self.must(index, value, "value")?, self.must(index, bytes, "bytes")?);
        let (negative, spelled) = self.integer(value, digits)?;
        let length = self.uint(bytes, MAX_BIGINT_BYTES)? as usize;
        if length < digits.len() {
            return self.fault(bytes, "too few bytes for the value");
        }
        if length.saturating_sub(spelled) > MAX_UNSPELLED {
            return self.fault(bytes, "more than 1,024 bytes above those of the value");
        }
        digits.resize(length, 0);
        Ok(negative)
    }

    /// The sign, and how many bytes the digits spell, leading zeros of hexadecimal ones included.
    fn integer(&self, index: u32, bytes: &mut Vec<u8>) -> Step<(bool, usize)> {
        let text = self.string(index)?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.as_str()),
        };
        let good = match digits.strip_prefix("0x") {
            Some(digits) => hexadecimal(digits, bytes),
            None if digits.len() > MAX_DECIMAL => {
                return self.fault(
                    index,
                    "more than 19,729 decimal digits; spell it in hexadecimal, with `0x`",
                );
            }
            None => decimal(digits, bytes),
        };
        if !good {
            return self.fault(index, "expected the digits of an integer");
        }
        let spelled = bytes.len();
        let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        bytes.truncate(end);
        Ok((negative, spelled))
    }

    /// The members of an object by name; there may be no others.
    pub(super) fn fields<const N: usize>(
        &self,
        index: u32,
        names: [&str; N],
    ) -> Step<[Option<u32>; N]> {
        if self.kind(index) != Kind::Object {
            return self.fault(index, "expected an object");
        }
        let mut fields = [None; N];
        for (key, value) in self.members(index) {
            let name = self.str(key);
            match names.iter().zip(&mut fields).find(|(known, _)| name.is(known)) {
                Some((_, field)) => *field = Some(value),
                None => {
                    let known = names.join("`, `");
                    return self.fault(key, alloc::format!("expected one of `{known}`"));
                }
            }
        }
        Ok(fields)
    }

    pub(super) fn must(&self, index: u32, field: Option<u32>, name: &str) -> Step<u32> {
        field.map_or_else(|| self.fault(index, alloc::format!("`{name}` is missing")), Ok)
    }
}

fn hexadecimal(digits: &str, bytes: &mut Vec<u8>) -> bool {
    let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    for pair in digits.as_bytes().rchunks(2) {
        let byte = pair.iter().try_fold(0u8, |byte, &digit| Some(byte << 4 | value(digit)?));
        let Some(byte) = byte else { return false };
        bytes.push(byte);
    }
    !digits.is_empty()
}

/// Nine digits at a time.
fn decimal(digits: &str, bytes: &mut Vec<u8>) -> bool {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut limbs: Vec<u32> = Vec::new();
    let (head, rest) = digits.split_at(digits.len() % 9);
    let groups = rest.as_bytes().chunks(9);
    for group in core::iter::once(head.as_bytes()).chain(groups).filter(|group| !group.is_empty()) {
        let mut carry = group.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let factor = 10u64.pow(group.len() as u32);
        for limb in &mut limbs {
            carry += u64::from(*limb) * factor;
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    bytes.extend(limbs.iter().flat_map(|limb| limb.to_le_bytes()));
    true
}

fn decode_base64(text: JsonStr<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let (mut group, mut digits, mut padding) = (0u32, 0u32, 0u32);
    bytes.reserve(text.0.len() / 4 * 3);
    for unit in text.units() {
        let digit = match u8::try_from(unit).ok()? {
            b'=' if digits >= 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            byte @ b'A'..=b'Z' => byte - b'A',
            byte @ b'a'..=b'z' => byte - b'a' + 26,
            byte @ b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        group = group << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            let [_, all @ ..] = group.to_be_bytes();
            let (data, rest) = all.split_at_checked(3 - padding as usize)?;
            // What the padding stands for says nothing.
            if rest.iter().any(|&byte| byte != 0) {
                return None;
            }
            bytes.extend_from_slice(data);
            (group, digits) = (0, 0);
            if padding > 0 {
                // Nothing may follow, which the next digit would find out.
                continue;
            }
        }
    }
    (digits == 0).then_some(())
}

/// Of a text such as `2000-01-01T00:00:00.000Z`, and of no other spelling.
fn iso_date(text: &str) -> Option<f64> {
    let (date, time) = text.split_once('T')?;
    let (year, month_day) = date.split_at_checked(date.len().checked_sub(6)?)?;
    let number = |text: &str| text.parse::<i64>().ok();
    let part = |text: &str, at: usize, length: usize| number(text.get(at..at + length)?);
    let (year, month, day) = (number(year)?, part(month_day, 1, 2)?, part(month_day, 4, 2)?);
    if !(-300_000..=300_000).contains(&year) {
        return None;
    }
    // Days since 0000-03-01 in years that begin in March.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leaps = y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    let days = 365 * y + leaps + (153 * m + 2) / 5 + day - 1 - 719_468;
    let seconds = part(time, 0, 2)? * 3600 + part(time, 3, 2)? * 60 + part(time, 6, 2)?;
    let ms = (days * 86_400_000 + seconds * 1000 + part(time, 9, 3)?) as f64;
    // The months and days that there are, and the signs between the numbers.
    let mut again = String::new();
    (spell::iso_date(&mut again, ms) == Ok(true) && again == text).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_come_back() {
        for ms in [0.0, -1.0, 951_782_400_000.0, 8.64e15, -8.64e15, -62_167_219_200_001.0] {
            let mut text = String::new();
            assert_eq!(spell::iso_date(&mut text, ms), Ok(true));
            assert_eq!(iso_date(&text), Some(ms), "{text}");
        }
        for text in [
            "",
            "Z",
            "2001-02-29T00:00:00.000Z",
            "2000-13-01T00:00:00.000Z",
            "2000-01-01T24:00:00.000Z",
            "2000-01-01T00:00:00Z",
            "2000/01/01T00:00:00.000Z",
            "02000-01-01T00:00:00.000Z",
            "+275760-09-13T00:00:00.001Z",
            "9223372036854775807-01-01T00:00:00.000Z",
            "2000-01-01T00:00:00.00\u{20AC}Z",
        ] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        let decoded = |text| {
            let mut bytes = Vec::new();
            decode_base64(JsonStr(text), &mut bytes).map(|()| bytes)
        };
        assert_eq!(decoded("").as_deref(), Some(&b""[..]));
        assert_eq!(decoded("Zm9vYg==").as_deref(), Some(&b"foob"[..]));
        assert_eq!(decoded("Zm9vYmE=").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(decoded("+\\/8=").as_deref(), Some(&[0xFB, 0xFF][..]));
        for text in ["Z", "Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zg==Zg==", "Zg=a", "Z-g=", "é"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
