//! The deserializer of the next value of the stream.

use ::serde::de::{Deserializer, Visitor};

use super::de::{De, visit_text};
use super::number;
use super::source::{At, Source};
use super::stream::Quick;
use crate::error::Error;
use crate::text::Text;

/// Reads strings, numbers and booleans itself, and is [`De`] for all else. It is no more than a
/// reference: a [`De`] is moved each time it is made, which takes longer than reading a number.
pub(super) struct Direct<'s, 'd, 'de>(pub(super) &'s mut Source<'d, 'de>);

impl<'s, 'd, 'de> Direct<'s, 'd, 'de> {
    #[inline(always)]
    fn quick<V: Visitor<'de>>(
        self,
        visitor: V,
        number: impl FnOnce(f64, V) -> Result<V::Value, Error>,
        other: impl FnOnce(De<'s, 'd, 'de>, V) -> Result<V::Value, Error>,
    ) -> Result<V::Value, Error> {
        let result = match self.0.stream()?.quick() {
            Ok(Quick::Number(value)) => number(value, visitor),
            Ok(Quick::Ascii(text)) => visitor.visit_borrowed_str(text),
            Ok(Quick::Latin1(bytes)) => visit_text(Text::OneByte(bytes), visitor),
            Ok(Quick::True) => visitor.visit_bool(true),
            Ok(Quick::False) => visitor.visit_bool(false),
            Ok(Quick::Not) => return other(De::new(self.0, At::Stream), visitor),
            Err(error) => return Err(error),
        };
        if result.is_ok() {
            return result;
        }
        result.map_err(|error| self.misread(error))
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

macro_rules! quick {
    ($($number:expr => $($method:ident)*;)*) => {$($(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.quick(visitor, $number, |de, visitor| de.$method(visitor))
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
        number::visit_number => deserialize_any deserialize_bool deserialize_char deserialize_str
            deserialize_string deserialize_unit deserialize_identifier;
        number::visit_as_integer => deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64;
        |value, visitor: V| visitor.visit_f64(value) => deserialize_f32 deserialize_f64;
    }

    forward! {
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
        deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_ignored_any()
    }
}
