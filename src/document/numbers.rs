//! Numbers and dates.

use super::node::NodeKind;
use super::value::Value;

/// The longest time that a `Date` can be from 1970, in milliseconds (ECMAScript's TimeClip).
const MAX_TIME: f64 = 8.64e15;

impl Value<'_, '_> {
    /// A number, also that of a `Number` object, as JavaScript sees it.
    pub fn as_f64(self) -> Option<f64> {
        let node = self.node()?;
        Some(match node.kind() {
            NodeKind::Int32 => f64::from(self.doc.int32(&node)),
            NodeKind::Uint32 => f64::from(self.doc.uint32(&node)),
            NodeKind::Double | NodeKind::NumberObject => {
                let value = f64::from_bits(self.doc.double_bits(&node));
                // V8 knows one NaN.
                if value.is_nan() { f64::NAN } else { value }
            }
            _ => return None,
        })
    }

    /// The bits of a double as the wire has them, where the value was written as one.
    pub fn double_bits(self) -> Option<u64> {
        let node = self.node()?;
        matches!(node.kind(), NodeKind::Double | NodeKind::NumberObject | NodeKind::Date)
            .then(|| self.doc.double_bits(&node))
    }

    /// A number that is an integer of 32 bits, whatever its tag. -0 is none.
    pub fn as_i32(self) -> Option<i32> {
        i32::try_from(self.as_i64()?).ok()
    }

    /// A number that is an integer of 32 bits without sign, whatever its tag. -0 is none.
    pub fn as_u32(self) -> Option<u32> {
        u32::try_from(self.as_i64()?).ok()
    }

    /// A number that is a safe integer (up to 2^53 - 1 either way), or a bigint that fits.
    /// -0 is none.
    pub fn as_i64(self) -> Option<i64> {
        const SAFE: f64 = 9_007_199_254_740_991.0;
        if let Some(bigint) = self.as_bigint() {
            return i64::try_from(bigint.to_i128()?).ok();
        }
        let value = self.as_f64()?;
        let integer = value as i64;
        let same = integer as f64 == value && (-SAFE..=SAFE).contains(&value);
        (same && !(value == 0.0 && value.is_sign_negative())).then_some(integer)
    }

    /// As [`Value::as_i64`], without sign.
    pub fn as_u64(self) -> Option<u64> {
        match self.as_bigint() {
            Some(bigint) => u64::try_from(bigint.to_i128()?).ok(),
            None => u64::try_from(self.as_i64()?).ok(),
        }
    }

    /// The time of a `Date` in milliseconds since 1970: a whole number, or NaN for an invalid date.
    pub fn as_date_ms(self) -> Option<f64> {
        let node = self.node()?;
        if node.kind() != NodeKind::Date {
            return None;
        }
        let value = f64::from_bits(self.doc.double_bits(&node));
        if value.is_nan() || !(-MAX_TIME..=MAX_TIME).contains(&value) {
            return Some(f64::NAN);
        }
        // Whole, towards zero, and never -0.
        Some((value as i64) as f64)
    }

    /// The time of a valid `Date`.
    #[cfg(feature = "std")]
    pub fn as_system_time(self) -> Option<std::time::SystemTime> {
        use std::time::{Duration, SystemTime};
        let ms = self.as_date_ms().filter(|ms| !ms.is_nan())?;
        let distance = Duration::from_millis((ms as i64).unsigned_abs());
        if ms < 0.0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}
