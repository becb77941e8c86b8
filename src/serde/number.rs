//! Numbers and bigints as what Rust wants of them.

use ::serde::de::{Error as _, Unexpected, Visitor};

use crate::error::Error;
use crate::read::BigInt;

/// The largest integer up to which JavaScript's numbers have them all.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// The integer that a number is.
fn integral(number: f64) -> Option<i128> {
    let small = number as i64;
    if small as f64 == number && small != i64::MAX {
        return Some(small.into());
    }
    let large = number as i128;
    (large as f64 == number && large != i128::MAX).then_some(large)
}

pub(super) fn visit_integer<'de, V: Visitor<'de>>(
    integer: i128,
    visitor: V,
) -> Result<V::Value, Error> {
    if let Ok(value) = u64::try_from(integer) {
        visitor.visit_u64(value)
    } else if let Ok(value) = i64::try_from(integer) {
        visitor.visit_i64(value)
    } else {
        visitor.visit_i128(integer)
    }
}

/// An integer of the wire, wherever integers are welcome.
#[inline]
pub(super) fn visit_int32<'de, V: Visitor<'de>>(value: i32, visitor: V) -> Result<V::Value, Error> {
    match u64::try_from(value) {
        Ok(value) => visitor.visit_u64(value),
        Err(_) => visitor.visit_i64(value.into()),
    }
}

/// A number where anything is welcome: as an integer where JavaScript would count with it as one.
pub(super) fn visit_number<'de, V: Visitor<'de>>(
    number: f64,
    visitor: V,
) -> Result<V::Value, Error> {
    let safe = (-MAX_SAFE..=MAX_SAFE).contains(&number);
    let minus_zero = number == 0.0 && number.is_sign_negative();
    match integral(number) {
        Some(integer) if safe && !minus_zero => visit_integer(integer, visitor),
        _ => visitor.visit_f64(number),
    }
}

/// A number where an integer is wanted, of up to 64 bits.
pub(super) fn visit_as_integer<'de, V: Visitor<'de>>(
    number: f64,
    visitor: V,
) -> Result<V::Value, Error> {
    match integral(number) {
        Some(integer) if u64::try_from(integer).is_ok() || i64::try_from(integer).is_ok() => {
            visit_integer(integer, visitor)
        }
        _ => visitor.visit_f64(number),
    }
}

/// A number where an integer of 128 bits is wanted.
pub(super) fn visit_as_i128<'de, V: Visitor<'de>>(
    number: f64,
    visitor: V,
) -> Result<V::Value, Error> {
    match integral(number) {
        Some(integer) => visitor.visit_i128(integer),
        None => visitor.visit_f64(number),
    }
}

/// A bigint where a float is wanted: only if the float is the same number.
pub(super) fn visit_as_float<'de, V: Visitor<'de>>(
    value: BigInt<'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match value.to_i128() {
        Some(integer) if integral(integer as f64) == Some(integer) => {
            visitor.visit_f64(integer as f64)
        }
        _ => Err(not_equal(&visitor)),
    }
}

/// No double is the same number.
pub(super) fn not_equal<'de, V: Visitor<'de>>(visitor: &V) -> Error {
    Error::invalid_value(Unexpected::Other("bigint that no double is equal to"), visitor)
}

/// A bigint as the smallest integer that holds it.
pub(super) fn visit_bigint<'de, V: Visitor<'de>>(
    value: BigInt<'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match value.to_i128() {
        Some(integer) => visit_integer(integer, visitor),
        None => visit_large(value, visitor),
    }
}

/// A bigint where an integer of 128 bits is wanted.
pub(super) fn visit_bigint_as_i128<'de, V: Visitor<'de>>(
    value: BigInt<'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match value.to_i128() {
        Some(integer) => visitor.visit_i128(integer),
        None => visit_large(value, visitor),
    }
}

fn visit_large<'de, V: Visitor<'de>>(value: BigInt<'de>, visitor: V) -> Result<V::Value, Error> {
    match to_u128(value) {
        Some(value) => visitor.visit_u128(value),
        None => Err(Error::invalid_value(Unexpected::Other("bigint beyond 128 bits"), &visitor)),
    }
}

fn to_u128(value: BigInt<'_>) -> Option<u128> {
    let mut words = value.words();
    let low = words.next().unwrap_or(0);
    let high = words.next().unwrap_or(0);
    let fits = !value.negative && words.all(|word| word == 0);
    fits.then_some(u128::from(low) | u128::from(high) << 64)
}
