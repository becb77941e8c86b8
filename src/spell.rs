//! How JavaScript spells numbers, bigints and dates.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use crate::read::BigInt;

/// Bigints up to so many bytes are spelled in decimal. The work grows with the square of the length;
/// up to here it is below a microsecond a byte.
const MAX_DECIMAL: usize = 8192;

/// A number as `String(number)` gives it, with `-0` for minus zero where `sign` says so.
pub(crate) fn number(out: &mut dyn Write, number: f64, sign: bool) -> fmt::Result {
    if sign && number == 0.0 && number.is_sign_negative() {
        return out.write_str("-0");
    }
    let integer = number as i32;
    if f64::from(integer) == number {
        return int32(out, integer);
    }
    out.write_str(ryu_js::Buffer::new().format(number))
}

fn int32(out: &mut dyn Write, integer: i32) -> fmt::Result {
    let mut text = *b"-0123456789";
    let (mut start, mut rest) = (text.len(), integer.unsigned_abs());
    for (at, digit) in text.iter_mut().enumerate().rev() {
        *digit = b'0' + (rest % 10) as u8;
        (start, rest) = (at, rest / 10);
        if rest == 0 {
            break;
        }
    }
    if integer < 0 {
        out.write_char('-')?;
    }
    let digits = text.get(start..).unwrap_or_default();
    out.write_str(core::str::from_utf8(digits).unwrap_or_default())
}

/// A bigint in decimal, without `n`; in hexadecimal (`0x…`) above 65,536 bits.
pub(crate) fn bigint(out: &mut dyn Write, value: BigInt<'_>) -> fmt::Result {
    if let Some(small) = value.to_i128() {
        return write!(out, "{small}");
    }
    let digits = value.digits;
    let length = digits.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let digits = digits.get(..length).unwrap_or_default();
    if value.negative {
        out.write_char('-')?;
    }
    if length <= MAX_DECIMAL { decimal(out, digits) } else { hexadecimal(out, digits) }
}

/// Nine digits at a time, least first, by long division.
fn decimal(out: &mut dyn Write, digits: &[u8]) -> fmt::Result {
    const NINE_DIGITS: u64 = 1_000_000_000;
    let mut limbs: Vec<u32> = digits
        .chunks(4)
        .map(|chunk| chunk.iter().rev().fold(0, |limb, &byte| limb << 8 | u32::from(byte)))
        .collect();
    let mut groups = Vec::new();
    while !limbs.is_empty() {
        let mut rest = 0u64;
        for limb in limbs.iter_mut().rev() {
            let part = rest << 32 | u64::from(*limb);
            *limb = (part / NINE_DIGITS) as u32;
            rest = part % NINE_DIGITS;
        }
        groups.push(rest);
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
    }
    let mut groups = groups.into_iter().rev();
    write!(out, "{}", groups.next().unwrap_or(0))?;
    groups.try_for_each(|group| write!(out, "{group:09}"))
}

/// `0x` and the digits, the first one not 0.
pub(crate) fn hexadecimal(out: &mut dyn Write, digits: &[u8]) -> fmt::Result {
    out.write_str("0x")?;
    let mut bytes = digits.iter().rev();
    write!(out, "{:x}", bytes.next().unwrap_or(&0))?;
    bytes.try_for_each(|byte| write!(out, "{byte:02x}"))
}

/// A time as `Date.prototype.toISOString` gives it; `false` where it is none.
pub(crate) fn iso_date(out: &mut dyn Write, ms: f64) -> Result<bool, fmt::Error> {
    const DAY: i64 = 86_400_000;
    if !(-8.64e15..=8.64e15).contains(&ms) {
        return Ok(false);
    }
    let ms = ms as i64;
    let (days, time) = (ms.div_euclid(DAY), ms.rem_euclid(DAY));
    // Days since 0000-03-01 in eras of 400 years (Hinnant's `civil_from_days`).
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    match year {
        0..=9999 => write!(out, "{year:04}")?,
        10_000.. => write!(out, "+{year:06}")?,
        _ => write!(out, "-{:06}", -year)?,
    }
    let (hour, minute) = (time / 3_600_000, time / 60_000 % 60);
    let (second, milli) = (time / 1000 % 60, time % 1000);
    write!(out, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::*;

    fn spelled(negative: bool, digits: &[u8]) -> String {
        let mut out = String::new();
        bigint(&mut out, BigInt { negative, digits }).unwrap();
        out
    }

    #[test]
    fn bigints() {
        assert_eq!(spelled(false, &[]), "0");
        assert_eq!(spelled(true, &[12, 0, 0]), "-12");
        let mut power = vec![0; 25];
        power[24] = 1;
        assert_eq!(
            spelled(true, &power),
            "-6277101735386680763835789423207666416102355444464034512896"
        );
        let mut long = vec![0; MAX_DECIMAL + 1];
        long[MAX_DECIMAL] = 10;
        let text = spelled(false, &long);
        assert!(text.starts_with("0xa0000"), "{}", &text[..9]);
        assert_eq!(text.len(), 3 + 2 * MAX_DECIMAL);
    }

    #[test]
    fn dates() {
        for (ms, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (-1.0, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
            (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000.0, "+010000-01-01T00:00:00.000Z"),
            (-62_167_219_200_000.0, "0000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001.0, "-000001-12-31T23:59:59.999Z"),
            (8.64e15, "+275760-09-13T00:00:00.000Z"),
            (-8.64e15, "-271821-04-20T00:00:00.000Z"),
        ] {
            let mut out = String::new();
            assert_eq!(iso_date(&mut out, ms), Ok(true));
            assert_eq!(out, text);
        }
        assert_eq!(iso_date(&mut String::new(), f64::NAN), Ok(false));
        assert_eq!(iso_date(&mut String::new(), 8.64e15 + 1.0), Ok(false));
    }
}
