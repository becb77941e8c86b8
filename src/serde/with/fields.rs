//! Types of fields, and what they are written as.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use ::serde::de::{Deserialize, Deserializer, Error as _, Unexpected};
use ::serde::ser::{Serialize, Serializer};

use super::js::{self, Array, Elements};

/// What can be written as a value of type `W`.
pub trait WriteAs<W> {
    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// What can be read from a value of type `W`.
pub trait ReadAs<'de, W>: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What is no `W`, or what this type cannot hold.
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A field within an option.
struct Inner<T, W>(T, PhantomData<W>);

impl<T: WriteAs<W>, W> Serialize for Inner<&T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_as(serializer)
    }
}

impl<'de, T: ReadAs<'de, W>, W> Deserialize<'de> for Inner<T, W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_as(deserializer).map(|value| Inner(value, PhantomData))
    }
}

impl<T: WriteAs<W>, W> WriteAs<W> for Option<T> {
    fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Inner(value, PhantomData)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, T: ReadAs<'de, W>, W> ReadAs<'de, W> for Option<T> {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let inner = Option::<Inner<T, W>>::deserialize(deserializer)?;
        Ok(inner.map(|Inner(value, _)| value))
    }
}

macro_rules! values {
    ($($(#[$cfg:meta])? $ty:ty as $js:ty: $write:expr, $read:expr;)*) => {$(
        $(#[$cfg])?
        impl WriteAs<$js> for $ty {
            fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$ty) -> $js = $write;
                write(self).serialize(serializer)
            }
        }

        $(#[$cfg])?
        impl<'de> ReadAs<'de, $js> for $ty {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(&$js) -> Option<$ty> = $read;
                let value = <$js>::deserialize(deserializer)?;
                read(&value).ok_or_else(|| {
                    D::Error::invalid_value(Unexpected::Other(OUT_OF_RANGE), &stringify!($ty))
                })
            }
        }
    )*};
}

const OUT_OF_RANGE: &str = "value out of range";

values! {
    #[cfg(feature = "std")]
    std::time::SystemTime as js::Date: |time| (*time).into(), |date| (*date).try_into().ok();
    i64 as js::Date: |millis| js::Date::from_millis(*millis), |date| date.millis();
    f64 as js::Date: |millis| js::Date::from_millis_f64(*millis),
        |date| Some(date.millis().map_or(f64::NAN, |millis| millis as f64));
    i32 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    i64 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    i128 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    u32 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    u64 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    u128 as js::BigInt: |value| (*value).into(), |value| value.try_into().ok();
    #[cfg(feature = "num-bigint")]
    num_bigint::BigInt as js::BigInt: |value| value.into(), |value| Some(value.into());
}

/// The elements that a field is written as.
fn write<S: Serializer, A: Array>(
    elements: &[A::Element],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(A::TOKEN.name(), &Elements(elements))
}

fn read<'de, D: Deserializer<'de>, A: Array>(
    deserializer: D,
) -> Result<Cow<'de, [A::Element]>, D::Error> {
    let elements = A::TOKEN.read::<D, Elements<Cow<'de, [A::Element]>>>(deserializer)?;
    Ok(elements.0)
}

macro_rules! writes {
    ($($(const $n:ident)? $field:ty;)*) => {$(
        impl<A: Array $(, const $n: usize)?> WriteAs<A> for $field {
            fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write::<S, A>(self, serializer)
            }
        }
    )*};
}

writes! {
    Vec<A::Element>;
    Box<[A::Element]>;
    Cow<'_, [A::Element]>;
    &[A::Element];
    const N [A::Element; N];
}

impl<'de, A: Array> ReadAs<'de, A> for Vec<A::Element> {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::<D, A>(deserializer).map(Cow::into_owned)
    }
}

impl<'de, A: Array> ReadAs<'de, A> for Box<[A::Element]> {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::<D, A>(deserializer).map(|elements| elements.into_owned().into())
    }
}

impl<'de: 'a, 'a, A: Array> ReadAs<'de, A> for Cow<'a, [A::Element]> {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::<D, A>(deserializer)
    }
}

/// Only where the elements are aligned, as bytes always are.
impl<'de: 'a, 'a, A: Array> ReadAs<'de, A> for &'a [A::Element] {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match read::<D, A>(deserializer)? {
            Cow::Borrowed(elements) => Ok(elements),
            Cow::Owned(_) => Err(D::Error::custom("the elements cannot be borrowed")),
        }
    }
}

impl<'de, A: Array, const N: usize> ReadAs<'de, A> for [A::Element; N] {
    fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements = read::<D, A>(deserializer)?;
        <[A::Element; N]>::try_from(&elements[..]).map_err(|_| {
            D::Error::invalid_length(elements.len(), &"as many elements as the array has")
        })
    }
}
