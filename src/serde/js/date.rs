//! `Date`.

use core::fmt;

use ::serde::de::{Deserialize, Deserializer, Visitor};
use ::serde::ser::{Serialize, Serializer};

use super::super::token::Token;
use crate::spell;

/// The longest time from 1970, in milliseconds (ECMAScript's TimeClip).
const MAX_TIME: i64 = 8_640_000_000_000_000;

/// A `Date`: whole milliseconds since 1970, or invalid.
///
/// Formats for people, such as serde_json, get the milliseconds as a number, `null` if it is invalid.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use v8wire::js::Date;
///
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
/// let date = Date::from(time);
/// assert_eq!(v8wire::from_slice::<Date>(&v8wire::to_vec(&date)?)?, date);
/// assert_eq!(SystemTime::try_from(date)?, time);
/// assert_eq!(date.to_string(), "2023-11-14T22:13:20.123Z");
/// assert_eq!(serde_json::to_string(&date)?, "1700000000123");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(Option<i64>);

impl Date {
    /// `new Date(NaN)`
    pub const INVALID: Date = Date(None);

    /// So many milliseconds since 1970; invalid if that is above 8.64e15 either way.
    pub const fn from_millis(millis: i64) -> Self {
        if -MAX_TIME <= millis && millis <= MAX_TIME { Date(Some(millis)) } else { Self::INVALID }
    }

    /// As `new Date(millis)`: cut to whole milliseconds, and invalid if it is out of range or NaN.
    pub fn from_millis_f64(millis: f64) -> Self {
        if millis.is_nan() { Self::INVALID } else { Self::from_millis(millis as i64) }
    }

    /// The milliseconds since 1970; `None` if it is invalid.
    pub const fn millis(self) -> Option<i64> {
        self.0
    }
}

/// As `toISOString`; `Invalid Date` if it is invalid.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(millis) => spell::iso_date(f, millis as f64).map(|_| ()),
            None => f.write_str("Invalid Date"),
        }
    }
}

/// A `Date` that is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the date is invalid, or out of the range of times")
    }
}

impl core::error::Error for InvalidDate {}

/// Cut to whole milliseconds, downwards.
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Date {
    fn from(time: std::time::SystemTime) -> Self {
        let millis = match time.duration_since(std::time::SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()),
            Err(before) => i64::try_from(before.duration().as_nanos().div_ceil(1_000_000))
                .map(|millis| -millis),
        };
        millis.map_or(Self::INVALID, Self::from_millis)
    }
}

#[cfg(feature = "std")]
impl TryFrom<Date> for std::time::SystemTime {
    type Error = InvalidDate;

    fn try_from(date: Date) -> Result<Self, InvalidDate> {
        let millis = date.0.ok_or(InvalidDate)?;
        let distance = core::time::Duration::from_millis(millis.unsigned_abs());
        let epoch = std::time::SystemTime::UNIX_EPOCH;
        let time =
            if millis < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
        time.ok_or(InvalidDate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Date.name(), &self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::Date.read::<D, Millis>(deserializer).map(|Millis(date)| date)
    }
}

struct Millis(Date);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(MillisVisitor);
        }
        Ok(Millis(Option::deserialize(deserializer)?.map_or(Date::INVALID, Date::from_millis)))
    }
}

struct MillisVisitor;

impl<'de> Visitor<'de> for MillisVisitor {
    type Value = Millis;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("milliseconds since 1970")
    }

    fn visit_unit<E>(self) -> Result<Millis, E> {
        Ok(Millis(Date::INVALID))
    }

    fn visit_i64<E>(self, millis: i64) -> Result<Millis, E> {
        Ok(Millis(Date::from_millis(millis)))
    }

    fn visit_u64<E: ::serde::de::Error>(self, millis: u64) -> Result<Millis, E> {
        i64::try_from(millis).map(|millis| Millis(Date::from_millis(millis))).map_err(E::custom)
    }

    fn visit_f64<E>(self, millis: f64) -> Result<Millis, E> {
        Ok(Millis(Date::from_millis_f64(millis)))
    }
}
