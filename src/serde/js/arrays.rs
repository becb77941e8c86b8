//! Typed arrays, `DataView`, `Buffer` and `ArrayBuffer`.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

use ::serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use ::serde::ser::{Serialize, Serializer};
use half::f16;

use super::super::token::Token;
use crate::document::elements;
use crate::view::ViewKind;
use crate::wire::ByteOrder;

/// An element of a typed array.
pub trait Element: bytemuck::Pod + sealed::Sealed {}

mod sealed {
    use ::serde::de::DeserializeOwned;
    use ::serde::ser::Serialize;

    pub trait Sealed: Sized {
        /// What other formats get.
        type Number: Serialize + DeserializeOwned;

        fn to_number(self) -> Self::Number;
        fn of_number(number: Self::Number) -> Self;
    }
}

macro_rules! element {
    ($($ty:ty as $number:ty: $to:expr, $of:expr;)*) => {$(
        impl Element for $ty {}

        impl sealed::Sealed for $ty {
            type Number = $number;

            fn to_number(self) -> $number {
                $to(self)
            }

            fn of_number(number: $number) -> Self {
                $of(number)
            }
        }
    )*};
    ($($ty:ty)*) => {
        element! { $($ty as $ty: core::convert::identity, core::convert::identity;)* }
    };
}

element! { i8 u8 i16 u16 i32 u32 f32 f64 i64 u64 }
element! { f16 as f32: f16::to_f32, f16::from_f32; }

/// How much room is made for what is said to come, in bytes.
const MAX_ROOM: usize = 1 << 16;

/// Elements as a payload: bytes for machines, numbers for people.
pub(in crate::serde) struct Elements<T>(pub(in crate::serde) T);

impl<T: Element> Serialize for Elements<&[T]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_seq(self.0.iter().map(|element| element.to_number()));
        }
        let bytes: &[u8] = bytemuck::cast_slice(self.0);
        if ByteOrder::NATIVE == ByteOrder::Little || size_of::<T>() == 1 {
            return serializer.serialize_bytes(bytes);
        }
        let mut swapped = Vec::from(bytes);
        swapped.chunks_exact_mut(size_of::<T>()).for_each(<[u8]>::reverse);
        serializer.serialize_bytes(&swapped)
    }
}

impl<'de, T: Element> Deserialize<'de> for Elements<Cow<'de, [T]>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = ElementsVisitor(PhantomData);
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(visitor)
        } else {
            deserializer.deserialize_bytes(visitor)
        }
    }
}

struct ElementsVisitor<T>(PhantomData<T>);

impl<'de, T: Element> Visitor<'de> for ElementsVisitor<T> {
    type Value = Elements<Cow<'de, [T]>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the elements of a typed array")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Elements(elements(bytes, ByteOrder::Little)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Elements(Cow::Owned(elements(bytes, ByteOrder::Little).into_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let room = seq.size_hint().unwrap_or(0).min(MAX_ROOM / size_of::<T>());
        let mut list = Vec::with_capacity(room);
        while let Some(number) = seq.next_element()? {
            list.push(T::of_number(number));
        }
        Ok(Elements(Cow::Owned(list)))
    }
}

/// A type of this module: what is written as it, and read from it.
pub trait Array {
    type Element: Element;
    const TOKEN: Token;
}

macro_rules! arrays {
    ($($(#[$doc:meta])* $name:ident of $ty:ty: $token:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name<'a>(pub Cow<'a, [$ty]>);

        impl Array for $name<'_> {
            type Element = $ty;
            const TOKEN: Token = $token;
        }

        impl $name<'_> {
            /// With elements of its own.
            pub fn into_owned(self) -> $name<'static> {
                $name(Cow::Owned(self.0.into_owned()))
            }
        }

        impl Deref for $name<'_> {
            type Target = [$ty];

            fn deref(&self) -> &[$ty] {
                &self.0
            }
        }

        impl From<Vec<$ty>> for $name<'_> {
            fn from(elements: Vec<$ty>) -> Self {
                $name(Cow::Owned(elements))
            }
        }

        impl<'a> From<&'a [$ty]> for $name<'a> {
            fn from(elements: &'a [$ty]) -> Self {
                $name(Cow::Borrowed(elements))
            }
        }

        impl Serialize for $name<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct($token.name(), &Elements(&self.0[..]))
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $token.read::<D, Elements<Cow<'de, [$ty]>>>(deserializer).map(|read| $name(read.0))
            }
        }
    )*};
}

arrays! {
    /// An `ArrayBuffer`, its bytes borrowed from the input. One that is resizable or immutable is read
    /// too, and written as one that is not.
    ///
    /// In a struct it wants `#[serde(borrow)]`, as all types of this kind do; for fields that are not
    /// borrowed there are [`with::array_buffer`](crate::with::array_buffer) and its neighbours.
    ArrayBuffer of u8: Token::ArrayBuffer;
    /// Node's `Buffer`, which is a `Uint8Array` where there is no Node; such are read too.
    ///
    /// ```
    /// use v8wire::js::Buffer;
    /// let bytes = v8wire::to_vec(&Buffer::from(&b"hi"[..]))?;
    /// assert_eq!(bytes, b"\xFF\x0F\\\x0A\x02hi");
    /// assert_eq!(&v8wire::from_slice::<Buffer<'_>>(&bytes)?[..], b"hi");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Buffer of u8: Token::View(ViewKind::Buffer);
    /// A `DataView` over all of its buffer.
    DataView of u8: Token::View(ViewKind::DataView);
    /// An `Int8Array`.
    Int8Array of i8: Token::View(ViewKind::Int8);
    /// A `Uint8Array`. A Node `Buffer`, which is one, is read too.
    Uint8Array of u8: Token::View(ViewKind::Uint8);
    /// A `Uint8ClampedArray`.
    Uint8ClampedArray of u8: Token::View(ViewKind::Uint8Clamped);
    /// An `Int16Array`.
    Int16Array of i16: Token::View(ViewKind::Int16);
    /// A `Uint16Array`.
    Uint16Array of u16: Token::View(ViewKind::Uint16);
    /// An `Int32Array`.
    Int32Array of i32: Token::View(ViewKind::Int32);
    /// A `Uint32Array`.
    Uint32Array of u32: Token::View(ViewKind::Uint32);
    /// A `Float16Array`; other formats get its numbers as `f32`. Node has it from Node 24 on.
    Float16Array of f16: Token::View(ViewKind::Float16);
    /// A `Float32Array`.
    Float32Array of f32: Token::View(ViewKind::Float32);
    /// A `Float64Array`: the input itself where it is aligned, a copy otherwise.
    Float64Array of f64: Token::View(ViewKind::Float64);
    /// A `BigInt64Array`.
    BigInt64Array of i64: Token::View(ViewKind::BigInt64);
    /// A `BigUint64Array`.
    BigUint64Array of u64: Token::View(ViewKind::BigUint64);
}
