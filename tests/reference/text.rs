//! Strings, numbers and names as JavaScript has them.

use crate::bytes::{Refused, refuse};
use crate::value::Value;

/// 1.8: there is one NaN.
pub(crate) fn number(value: f64) -> Value {
    Value::Number(bits(value))
}

pub(crate) fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

/// 3.13.2.
pub(crate) fn time_clip(milliseconds: f64) -> u64 {
    if milliseconds.is_nan() || milliseconds.abs() > 8.64e15 {
        return bits(f64::NAN);
    }
    bits(milliseconds.trunc() + 0.0)
}

/// 3.8.6.
pub(crate) fn bounded(units: Vec<u16>) -> Result<Vec<u16>, Refused> {
    if units.len() > (1 << 29) - 24 { refuse() } else { Ok(units) }
}

/// 3.8.2: what is ill-formed becomes U+FFFD as in the WHATWG decoder; a byte order mark stays.
pub(crate) fn decode_utf8(mut bytes: &[u8]) -> Vec<u16> {
    let mut units = Vec::new();
    while let Some((&first, rest)) = bytes.split_first() {
        let (more, mut code) = match first {
            0x00..=0x7F => (0, u32::from(first)),
            0xC2..=0xDF => (1, u32::from(first & 0x1F)),
            0xE0..=0xEF => (2, u32::from(first & 0x0F)),
            0xF0..=0xF4 => (3, u32::from(first & 0x07)),
            _ => (0, 0xFFFD),
        };
        let mut taken = 1;
        for index in 0..more {
            // The first byte bounds the second: nothing overlong, no surrogate, nothing above 10FFFF.
            let (low, high) = match (index, first) {
                (0, 0xE0) => (0xA0, 0xBF),
                (0, 0xED) => (0x80, 0x9F),
                (0, 0xF0) => (0x90, 0xBF),
                (0, 0xF4) => (0x80, 0x8F),
                _ => (0x80, 0xBF),
            };
            match rest.get(index) {
                Some(&byte) if (low..=high).contains(&byte) => {
                    code = code << 6 | u32::from(byte & 0x3F);
                    taken += 1;
                }
                _ => {
                    code = 0xFFFD;
                    break;
                }
            }
        }
        if code < 0x1_0000 {
            units.push(code as u16);
        } else {
            units.push(0xD800 + ((code - 0x1_0000) >> 10) as u16);
            units.push(0xDC00 + ((code - 0x1_0000) & 0x3FF) as u16);
        }
        bytes = &bytes[taken..];
    }
    units
}

/// The property that a key names (3.10.2, 3.10.3).
pub(crate) fn name(key: &Value) -> Option<Vec<u16>> {
    match key {
        Value::String(units) => Some(units.clone()),
        Value::Number(bits) => Some(spell(f64::from_bits(*bits)).encode_utf16().collect()),
        _ => None,
    }
}

pub(crate) fn is(name: &[u16], text: &str) -> bool {
    text.encode_utf16().eq(name.iter().copied())
}

/// The array index that a name spells: 0 to 2^32-2, no leading zeros.
pub(crate) fn index(name: &[u16]) -> Option<u32> {
    let index: u32 = String::from_utf16(name).ok()?.parse().ok()?;
    (index != u32::MAX && is(name, &index.to_string())).then_some(index)
}

/// `Number::toString` of ECMAScript.
pub(crate) fn spell(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    if value < 0.0 {
        return format!("-{}", spell(-value));
    }
    if value.is_infinite() {
        return "Infinity".into();
    }
    // Rust gives the shortest digits as well.
    let (digits, point) = scientific(&format!("{value:e}"));
    let digits = even(digits, value);
    let count = digits.len() as i32;
    if count <= point && point <= 21 {
        return digits + &"0".repeat((point - count) as usize);
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        return format!("{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", "0".repeat(-point as usize));
    }
    let sign = if point > 0 { '+' } else { '-' };
    let power = (point - 1).abs();
    match digits.split_at(1) {
        (first, "") => format!("{first}e{sign}{power}"),
        (first, rest) => format!("{first}.{rest}e{sign}{power}"),
    }
}

/// The digits, and how many of them stand before the point.
fn scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').expect("an exponent");
    (mantissa.replace('.', ""), exponent.parse::<i32>().expect("a number") + 1)
}

/// Of two shortest spellings that are equally far from the number JavaScript takes the even one, Rust the
/// higher.
fn even(digits: String, value: f64) -> String {
    let last = digits.as_bytes()[digits.len() - 1];
    let lower = format!("{}{}", &digits[..digits.len() - 1], char::from(last - 1));
    let (exact, _) = scientific(&format!("{value:.800e}"));
    let tie = exact.strip_prefix(&lower).and_then(|rest| rest.strip_prefix('5'));
    if last % 2 == 1 && tie.is_some_and(|rest| rest.bytes().all(|digit| digit == b'0')) {
        return lower;
    }
    digits
}
