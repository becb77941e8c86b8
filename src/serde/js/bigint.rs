//! Bigints of any size.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use ::serde::de::{Deserialize, Deserializer, Visitor};
use ::serde::ser::{Serialize, Serializer};

use super::super::token::Token;
use crate::spell;

/// A bigint of any size, which stays one however small it is.
///
/// Formats for people get a string of decimal digits, above 65,536 bits of hexadecimal ones behind
/// `0x`; they may give integers too.
///
/// ```
/// use v8wire::js::BigInt;
/// let seven = BigInt::from(7);
/// assert_eq!(v8wire::to_vec(&seven)?, b"\xFF\x0FZ\x10\x07\0\0\0\0\0\0\0");
/// assert!(v8wire::from_slice::<BigInt>(b"\xFF\x0FI\x0E").is_err()); // the number 7
/// let large: BigInt = "-1234567890123456789012345678901234567890".parse()?;
/// assert_eq!(v8wire::from_slice::<BigInt>(&v8wire::to_vec(&large)?)?, large);
/// assert_eq!(i64::try_from(&seven), Ok(7));
/// assert_eq!(serde_json::to_string(&seven)?, r#""7""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BigInt {
    /// Never of 0.
    negative: bool,
    /// From the lowest, the last one not 0.
    digits: Vec<u8>,
}

impl BigInt {
    /// With a magnitude of these bytes, the lowest first.
    pub fn from_bytes_le(negative: bool, magnitude: &[u8]) -> Self {
        let length = magnitude.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        let digits = Vec::from(magnitude.get(..length).unwrap_or_default());
        BigInt { negative: negative && !digits.is_empty(), digits }
    }

    /// As the reader and the writer have it.
    pub fn as_bigint(&self) -> crate::BigInt<'_> {
        crate::BigInt { negative: self.negative, digits: &self.digits }
    }
}

impl From<crate::BigInt<'_>> for BigInt {
    fn from(value: crate::BigInt<'_>) -> Self {
        BigInt::from_bytes_le(value.negative, value.digits)
    }
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl From<$ty> for BigInt {
            #[allow(unused_comparisons)]
            fn from(value: $ty) -> Self {
                let magnitude = if value < 0 { (value as i128).unsigned_abs() } else { value as u128 };
                BigInt::from_bytes_le(value < 0, &magnitude.to_le_bytes())
            }
        }

        /// Fails where it does not fit.
        impl TryFrom<&BigInt> for $ty {
            type Error = TryFromBigIntError;

            fn try_from(value: &BigInt) -> Result<Self, Self::Error> {
                match (value.as_bigint().to_i128(), value.to_u128()) {
                    (Some(value), _) => value.try_into().ok(),
                    (None, Some(value)) => value.try_into().ok(),
                    (None, None) => None,
                }
                .ok_or(TryFromBigIntError)
            }
        }
    )*};
}

integers! { i32 i64 i128 u32 u64 u128 }

impl BigInt {
    fn to_u128(&self) -> Option<u128> {
        let mut bytes = [0; 16];
        bytes.get_mut(..self.digits.len())?.copy_from_slice(&self.digits);
        (!self.negative).then_some(u128::from_le_bytes(bytes))
    }
}

#[cfg(feature = "num-bigint")]
impl From<&num_bigint::BigInt> for BigInt {
    fn from(value: &num_bigint::BigInt) -> Self {
        let (sign, digits) = value.to_bytes_le();
        BigInt::from_bytes_le(sign == num_bigint::Sign::Minus, &digits)
    }
}

#[cfg(feature = "num-bigint")]
impl From<&BigInt> for num_bigint::BigInt {
    fn from(value: &BigInt) -> Self {
        value.as_bigint().to_num_bigint()
    }
}

/// Decimal; hexadecimal above 65,536 bits.
impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spell::bigint(f, self.as_bigint())
    }
}

/// A bigint that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TryFromBigIntError;

impl fmt::Display for TryFromBigIntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bigint does not fit into the type")
    }
}

impl core::error::Error for TryFromBigIntError {}

/// A text that is no integer, or a decimal one of more than 19,728 digits, which would take long to
/// read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseBigIntError;

impl fmt::Display for ParseBigIntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected decimal digits, at most 19728, or hexadecimal ones behind `0x`")
    }
}

impl core::error::Error for ParseBigIntError {}

/// As many decimal digits always fit into 65,536 bits.
const MAX_DIGITS: usize = 19_728;

/// Decimal, or hexadecimal behind `0x`; with `-` in front where it is negative.
impl FromStr for BigInt {
    type Err = ParseBigIntError;

    fn from_str(text: &str) -> Result<Self, ParseBigIntError> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let digits = match text.strip_prefix("0x") {
            Some(digits) => hexadecimal(digits.as_bytes()),
            None => decimal(text.as_bytes()),
        };
        digits.map(|digits| BigInt::from_bytes_le(negative, &digits)).ok_or(ParseBigIntError)
    }
}

fn value(digit: u8, radix: u32) -> Option<u8> {
    char::from(digit).to_digit(radix).map(|value| value as u8)
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let pairs = digits
        .rchunks(2)
        .map(|pair| pair.iter().try_fold(0, |byte, &digit| Some(byte << 4 | value(digit, 16)?)));
    pairs.collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())
}

/// Nine digits at a time, first to last.
fn decimal(digits: &[u8]) -> Option<Vec<u8>> {
    if digits.is_empty() || digits.len() > MAX_DIGITS {
        return None;
    }
    let mut limbs: Vec<u32> = Vec::new();
    let first = digits.len() % 9;
    let (head, rest) = digits.split_at(first);
    for group in Some(head).filter(|head| !head.is_empty()).into_iter().chain(rest.chunks(9)) {
        let mut carry = group
            .iter()
            .try_fold(0, |number, &digit| Some(number * 10 + u64::from(value(digit, 10)?)))?;
        let scale = 10u64.pow(group.len() as u32);
        for limb in &mut limbs {
            let sum = u64::from(*limb) * scale + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    Some(limbs.into_iter().flat_map(u32::to_le_bytes).collect())
}

/// A string where people read it, else the sign and the digits.
struct Digits<T>(T);

impl Serialize for Digits<&BigInt> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_str(self.0);
        }
        let mut bytes = Vec::with_capacity(1 + self.0.digits.len());
        bytes.push(self.0.negative.into());
        bytes.extend_from_slice(&self.0.digits);
        serializer.serialize_bytes(&bytes)
    }
}

impl Serialize for BigInt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::BigInt.name(), &Digits(self))
    }
}

impl<'de> Deserialize<'de> for BigInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::BigInt.read::<D, Digits<BigInt>>(deserializer).map(|Digits(value)| value)
    }
}

impl<'de> Deserialize<'de> for Digits<BigInt> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(DigitsVisitor)
        } else {
            deserializer.deserialize_bytes(DigitsVisitor)
        }
    }
}

struct DigitsVisitor;

impl Visitor<'_> for DigitsVisitor {
    type Value = Digits<BigInt>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bigint")
    }

    fn visit_str<E: ::serde::de::Error>(self, text: &str) -> Result<Digits<BigInt>, E> {
        text.parse().map(Digits).map_err(E::custom)
    }

    fn visit_bytes<E: ::serde::de::Error>(self, bytes: &[u8]) -> Result<Digits<BigInt>, E> {
        match bytes {
            [sign @ 0..=1, digits @ ..] => Ok(Digits(BigInt::from_bytes_le(*sign == 1, digits))),
            _ => Err(E::invalid_length(bytes.len(), &"a sign and the digits of a bigint")),
        }
    }

    fn visit_i64<E>(self, value: i64) -> Result<Digits<BigInt>, E> {
        Ok(Digits(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Digits<BigInt>, E> {
        Ok(Digits(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Digits<BigInt>, E> {
        Ok(Digits(value.into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Digits<BigInt>, E> {
        Ok(Digits(value.into()))
    }
}
