//! `undefined`, and objects of primitives.

use ::serde::de::{Deserialize, Deserializer};
use ::serde::ser::{Serialize, Serializer};

use super::super::token::Token;

/// `undefined`, and not `null`. For fields that may be `undefined` there is
/// [`with::undefined`](crate::with::undefined).
///
/// Other formats get a unit, which is `null` in JSON.
///
/// ```
/// use v8wire::js::Undefined;
/// assert_eq!(v8wire::to_vec(&(Undefined, ()))?, b"\xFF\x0FA\x02_0$\0\x02");
/// assert!(v8wire::from_slice::<Undefined>(b"\xFF\x0F0").is_err()); // null
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Undefined;

impl Serialize for Undefined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Undefined.name(), &())
    }
}

impl<'de> Deserialize<'de> for Undefined {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::Undefined.read::<D, ()>(deserializer).map(|()| Undefined)
    }
}

/// The object of a primitive: `new Boolean(true)`, `new Number(1)`, `new String('')`, `Object(1n)`. In
/// it is a `bool`, a number, a string or a [`BigInt`](super::BigInt); integers of 128 bits, and those
/// that no number is, become bigints.
///
/// Other formats get what is in it.
///
/// ```
/// use v8wire::js::Boxed;
/// assert_eq!(v8wire::to_vec(&Boxed(true))?, b"\xFF\x0Fy");
/// assert_eq!(v8wire::from_slice::<Boxed<String>>(b"\xFF\x0Fs\"\x02hi")?.0, "hi");
/// assert!(v8wire::from_slice::<Boxed<String>>(b"\xFF\x0F\"\x02hi").is_err()); // no object
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Boxed<T>(pub T);

impl<T: Serialize> Serialize for Boxed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Boxed.name(), &self.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Boxed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::Boxed.read::<D, T>(deserializer).map(Boxed)
    }
}
