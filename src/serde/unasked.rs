//! Elements of which nothing is asked, as by `IgnoredAny`.

use ::serde::de::{Deserializer, Visitor};

use super::items::Items;
use super::source::lost;
use crate::error::Error;

/// The next element of a dense array in the stream, as long as nothing is asked of it.
pub(super) struct Unasked<'i, 's, 'd, 'de>(pub(super) &'i mut Items<'s, 'd, 'de>);

macro_rules! ask {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            self.0.tell_left()?;
            match self.0.next()? {
                Some(at) => self.0.read(at, |de| de.$method($($arg,)* visitor)),
                None => Err(lost()),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Unasked<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    ask! {
        deserialize_any()
        deserialize_bool()
        deserialize_i8()
        deserialize_i16()
        deserialize_i32()
        deserialize_i64()
        deserialize_i128()
        deserialize_u8()
        deserialize_u16()
        deserialize_u32()
        deserialize_u64()
        deserialize_u128()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_option()
        deserialize_unit()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_seq()
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_identifier()
    }
}
