//! The key of a property: a string in JavaScript, whatever a map's keys are in Rust.

use alloc::borrow::Cow;

use ::serde::de::{Deserializer, IntoDeserializer, Visitor};
use ::serde::forward_to_deserialize_any;

use super::de::visit_text;
use super::methods::with_methods;
use super::number::visit_integer;
use crate::document::Key;
use crate::error::Error;

/// Deserializes a property's key. Integers, floats and booleans are read from what it spells.
#[derive(Clone, Copy)]
pub(super) enum KeyDe<'de> {
    Ascii(&'de str),
    Key(Key<'de>),
}

impl<'de> KeyDe<'de> {
    fn to_str(self) -> Cow<'de, str> {
        match self {
            KeyDe::Ascii(text) => Cow::Borrowed(text),
            KeyDe::Key(key) => key.to_str(),
        }
    }

    fn parsed<T: core::str::FromStr>(self) -> Option<T> {
        self.to_str().parse().ok()
    }
}

macro_rules! spelled {
    ($($method:ident: $ty:ty => $visit:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.parsed::<$ty>() {
                Some(value) => $visit(value, visitor),
                None => self.deserialize_any(visitor),
            }
        }
    )*};
}

fn integer<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result<V::Value, Error> {
    visit_integer(value, visitor)
}

impl<'de> Deserializer<'de> for KeyDe<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            KeyDe::Ascii(text) => visitor.visit_borrowed_str(text),
            KeyDe::Key(Key::Text(text)) => visit_text(text, visitor),
            KeyDe::Key(key) => visitor.visit_str(&key.to_str()),
        }
    }

    spelled! {
        deserialize_i8: i128 => integer;
        deserialize_i16: i128 => integer;
        deserialize_i32: i128 => integer;
        deserialize_i64: i128 => integer;
        deserialize_u8: i128 => integer;
        deserialize_u16: i128 => integer;
        deserialize_u32: i128 => integer;
        deserialize_u64: i128 => integer;
        deserialize_i128: i128 => |value, visitor: V| visitor.visit_i128(value);
        deserialize_u128: u128 => |value, visitor: V| visitor.visit_u128(value);
        deserialize_f32: f64 => |value, visitor: V| visitor.visit_f64(value);
        deserialize_f64: f64 => |value, visitor: V| visitor.visit_f64(value);
        deserialize_bool: bool => |value, visitor: V| visitor.visit_bool(value);
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.to_str().into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// Deserializes a property's key that is ASCII, as [`KeyDe::Ascii`]. It is small enough to be handed around.
#[derive(Clone, Copy)]
pub(super) struct NameDe<'de>(pub(super) &'de str);

macro_rules! forward {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            KeyDe::Ascii(self.0).$method($($arg,)* visitor)
        }
    )*};
}

macro_rules! names {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_borrowed_str(self.0)
        }
    )*};
}

impl<'de> Deserializer<'de> for NameDe<'de> {
    type Error = Error;

    names! { deserialize_any deserialize_str deserialize_string deserialize_identifier }

    with_methods! { forward! { deserialize_ignored_any() } }
}
