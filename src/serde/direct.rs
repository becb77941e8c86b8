//! The deserializer of the next value of the stream.

use ::serde::de::{Deserializer, Visitor};

use super::de::{De, object};
use super::number;
use super::source::{At, Source};
use crate::error::Error;

/// Reads strings, numbers and booleans itself, and is [`De`] for all else. It is no more than a
/// reference: a [`De`] is moved each time it is made, which takes longer than reading a number.
pub(super) struct Direct<'s, 'd, 'de>(pub(super) &'s mut Source<'d, 'de>);

impl<'s, 'd, 'de> Direct<'s, 'd, 'de> {
    /// What a visitor made of a value that was read just now.
    #[inline(always)]
    fn told<T>(self, mut result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = result {
            result = Err(self.misread(error));
        }
        result
    }

    #[cold]
    #[inline(never)]
    fn misread(self, error: Error) -> Error {
        match self.0.stream().map(|stream| stream.start()) {
            Ok(start) => self.0.located(error, start),
            Err(error) => error,
        }
    }
}

/// What follows is tried in turn, and where it is none of these [`De`] reads the value.
macro_rules! ways {
    ($($name:ident: $($way:ident $visit:expr),+;)*) => {
        impl<'s, 'd, 'de> Direct<'s, 'd, 'de> {$(
            #[inline(always)]
            fn $name<V: Visitor<'de>>(
                self,
                visitor: V,
                other: impl FnOnce(De<'s, 'd, 'de>, V) -> Result<V::Value, Error>,
            ) -> Result<V::Value, Error> {
                if let Some(stream) = &mut self.0.stream {
                    $(if let Some(value) = stream.$way() {
                        return self.told($visit(value, visitor));
                    })+
                }
                other(De::new(self.0, At::Stream), visitor)
            }
        )*}
    };
}

ways! {
    text: ascii |text, visitor: V| visitor.visit_borrowed_str(text);
    integer: int32 number::visit_int32;
    float: double |value, visitor: V| visitor.visit_f64(value),
        int32 |value, visitor: V| visitor.visit_f64(f64::from(value));
    boolean: bool |value, visitor: V| visitor.visit_bool(value);
    anything: ascii |text, visitor: V| visitor.visit_borrowed_str(text), int32 number::visit_int32,
        bool |value, visitor: V| visitor.visit_bool(value), double number::visit_number;
}

macro_rules! quick {
    ($($way:ident => $($method:ident)*;)*) => {$($(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$way(visitor, |de, visitor| de.$method(visitor))
        }
    )*)*};
}

macro_rules! forward {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            De::new(self.0, At::Stream).$method($($arg,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Direct<'_, '_, 'de> {
    type Error = Error;

    quick! {
        anything => deserialize_any;
        boolean => deserialize_bool;
        integer => deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64;
        float => deserialize_f32 deserialize_f64;
        text => deserialize_str deserialize_string deserialize_identifier;
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.stream()?.object() {
            Some(start) => object(self.0, start, visitor),
            None => De::new(self.0, At::Stream).deserialize_map(visitor),
        }
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0.stream()?.object() {
            Some(start) => object(self.0, start, visitor),
            None => De::new(self.0, At::Stream).deserialize_struct(name, fields, visitor),
        }
    }

    forward! {
        deserialize_char()
        deserialize_unit()
        deserialize_i128()
        deserialize_u128()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_option()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_seq()
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_ignored_any()
    }
}
