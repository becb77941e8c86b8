//! Types of fields, and what they are written as.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use ::serde::de::{Deserialize, Deserializer, Error as _, Unexpected};
use ::serde::ser::{Serialize, Serializer};
use half::f16;

use super::super::token::Token;
use super::js::{self, Elements};
use crate::view::ViewKind;

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
fn write<S: Serializer, T: js::Element>(
    token: Token,
    elements: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(token.name(), &Elements(elements))
}

fn read<'de, D: Deserializer<'de>, T: js::Element>(
    token: Token,
    deserializer: D,
) -> Result<Cow<'de, [T]>, D::Error> {
    token.read::<D, Elements<Cow<'de, [T]>>>(deserializer).map(|Elements(elements)| elements)
}

macro_rules! writes {
    ($ty:ty, $js:ident, $token:expr; $($field:ty;)*) => {$(
        impl WriteAs<js::$js<'static>> for $field {
            fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write::<S, $ty>($token, self, serializer)
            }
        }
    )*};
}

macro_rules! arrays {
    ($($js:ident of $ty:ty: $token:expr;)*) => {$(
        writes! { $ty, $js, $token;
            Vec<$ty>;
            Box<[$ty]>;
            Cow<'_, [$ty]>;
            &[$ty];
        }

        impl<const N: usize> WriteAs<js::$js<'static>> for [$ty; N] {
            fn write_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write::<S, $ty>($token, self, serializer)
            }
        }

        impl<'de> ReadAs<'de, js::$js<'static>> for Vec<$ty> {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read($token, deserializer).map(Cow::into_owned)
            }
        }

        impl<'de> ReadAs<'de, js::$js<'static>> for Box<[$ty]> {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read($token, deserializer).map(|elements| elements.into_owned().into())
            }
        }

        impl<'de: 'a, 'a> ReadAs<'de, js::$js<'static>> for Cow<'a, [$ty]> {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read($token, deserializer)
            }
        }

        /// Only where the elements are aligned, as bytes always are.
        impl<'de: 'a, 'a> ReadAs<'de, js::$js<'static>> for &'a [$ty] {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match read($token, deserializer)? {
                    Cow::Borrowed(elements) => Ok(elements),
                    Cow::Owned(_) => Err(D::Error::custom("the elements cannot be borrowed")),
                }
            }
        }

        impl<'de, const N: usize> ReadAs<'de, js::$js<'static>> for [$ty; N] {
            fn read_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let elements: Cow<'de, [$ty]> = read($token, deserializer)?;
                <[$ty; N]>::try_from(&elements[..]).map_err(|_| {
                    D::Error::invalid_length(elements.len(), &"as many elements as the array has")
                })
            }
        }
    )*};
}

arrays! {
    ArrayBuffer of u8: Token::ArrayBuffer;
    Buffer of u8: Token::View(ViewKind::Buffer);
    DataView of u8: Token::View(ViewKind::DataView);
    Int8Array of i8: Token::View(ViewKind::Int8);
    Uint8Array of u8: Token::View(ViewKind::Uint8);
    Uint8ClampedArray of u8: Token::View(ViewKind::Uint8Clamped);
    Int16Array of i16: Token::View(ViewKind::Int16);
    Uint16Array of u16: Token::View(ViewKind::Uint16);
    Int32Array of i32: Token::View(ViewKind::Int32);
    Uint32Array of u32: Token::View(ViewKind::Uint32);
    Float16Array of f16: Token::View(ViewKind::Float16);
    Float32Array of f32: Token::View(ViewKind::Float32);
    Float64Array of f64: Token::View(ViewKind::Float64);
    BigInt64Array of i64: Token::View(ViewKind::BigInt64);
    BigUint64Array of u64: Token::View(ViewKind::BigUint64);
}
