//! The deserializer of one value.

use alloc::borrow::Cow;
use alloc::format;

use ::serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    Unexpected, VariantAccess, Visitor,
};

use super::entries::Entries;
use super::fields::Fields;
use super::head::{Head, Place};
use super::items::Items;
use super::number;
use super::payload::PayloadDe;
use super::source::{At, Source, Taken, lost};
use super::stream::Quick;
use super::token::Token;
use crate::error::Error;
use crate::text::Text;
use crate::wire::regexp_flags;

/// How often a value may be handed on before it is read (`Some` and newtypes). Types that do so more
/// often never end: `struct Endless(Option<Box<Endless>>)`.
pub(super) const MAX_WRAPS: u8 = 128;

/// Deserializes the value at a place.
pub(super) struct De<'s, 'd, 'de> {
    source: &'s mut Source<'d, 'de>,
    at: At<'d, 'de>,
    wraps: u8,
}

pub(super) fn visit_text<'de, V: Visitor<'de>>(
    text: Text<'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match text.to_str() {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl<'s, 'd, 'de> De<'s, 'd, 'de> {
    #[inline]
    pub(super) fn new(source: &'s mut Source<'d, 'de>, at: At<'d, 'de>) -> Self {
        De { source, at, wraps: 0 }
    }

    /// Reads the tag and then the rest with `read`, for which the value's containers are open.
    #[inline]
    fn with<T>(
        self,
        read: impl FnOnce(&mut Source<'d, 'de>, &Taken<'d, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let De { source, at, .. } = self;
        let mut taken = Taken { head: Head::Undefined, start: 0, again: false };
        match at {
            At::Stream => source.take_next(&mut taken)?,
            _ => source.take(at, &mut taken)?,
        }
        let (start, again) = (taken.start, taken.again);
        let depth = source.depth();
        source.within += usize::from(again);
        let mut result = read(source, &taken);
        source.within -= usize::from(again);
        source.leave(depth);
        if result.is_err() {
            result = result.map_err(|error| source.located(error, start));
        }
        result
    }

    /// The value if it is in the stream and of the usual kinds; it has been read then.
    #[inline]
    fn quick(&mut self) -> Result<Quick<'de>, Error> {
        match self.at {
            At::Stream => self.source.stream()?.quick(),
            _ => Ok(Quick::Not),
        }
    }

    /// What [`De::quick`] read and is no number.
    #[inline]
    fn other<V: Visitor<'de>>(self, quick: Quick<'de>, visitor: V) -> Result<V::Value, Error> {
        self.about(match quick {
            Quick::Ascii(text) => visitor.visit_borrowed_str(text),
            Quick::Latin1(bytes) => visit_text(Text::OneByte(bytes), visitor),
            Quick::True => visitor.visit_bool(true),
            Quick::False => visitor.visit_bool(false),
            Quick::Number(value) => number::visit_number(value, visitor),
            Quick::Not => Err(lost()),
        })
    }

    /// Gives the offset of what [`De::quick`] read to an error about it.
    #[inline]
    fn about<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_ok() {
            return result;
        }
        let start = self.source.stream()?.start();
        result.map_err(|error| self.source.located(error, start))
    }

    /// Gives the value to the visitor of a type that stands for a type of JavaScript.
    fn payload<V: Visitor<'de>>(self, token: Token, visitor: V) -> Result<V::Value, Error> {
        let wraps = self.wrapped()?;
        let asks = matches!(token, Token::Boxed | Token::BigInt);
        let boxed = asks && wraps.source.is_boxed(wraps.at)?;
        let count = wraps.wraps;
        wraps.with(|source, taken| {
            visitor.visit_newtype_struct(PayloadDe { source, taken, token, boxed, wraps: count })
        })
    }

    /// One more wrapper around the value.
    fn wrapped(mut self) -> Result<Self, Error> {
        if self.wraps >= MAX_WRAPS {
            let offset = self.source.offset(self.at)?;
            return Err(self.source.too_deep(offset));
        }
        self.wraps += 1;
        Ok(self)
    }
}

const ONE_MAP: &str = "fewer elements in map";
const ONE_KEY: &str = "an object with one key";

// Each container has a function of its own, and what it needs is in that function's frame alone: the
// frames of all levels are on the stack at once.

/// The result, if what comes after it is good. It stays where it is: moving a value just made, piece by
/// piece around the byte that tells it from an error, can take longer than reading it.
#[inline(always)]
fn and_then<T>(
    result: Result<T, Error>,
    after: impl FnOnce() -> Result<(), Error>,
) -> Result<T, Error> {
    if result.is_ok()
        && let Err(error) = after()
    {
        return Err(error);
    }
    result
}

/// The level of the stream in a container that was just opened in it.
fn level(source: &mut Source<'_, '_>, head: &Head<'_, '_>) -> Result<Option<usize>, Error> {
    Ok(match head {
        Head::Object(Place::Stream)
        | Head::Map(Place::Stream)
        | Head::Array(Place::Stream, _)
        | Head::Set(Place::Stream) => Some(source.stream()?.level),
        _ => None,
    })
}

#[inline(never)]
fn map<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    source.enter(taken)?;
    let level = level(source, &taken.head)?;
    if let (Head::Object(Place::Stream), Some(level)) = (&taken.head, level) {
        let mut fields = Fields::new(source, level);
        return and_then(visitor.visit_map(&mut fields), || fields.finish(ONE_MAP));
    }
    entries(source, taken, level, visitor)
}

/// An object that was just opened in the stream.
#[inline(never)]
pub(super) fn object<'de, V: Visitor<'de>>(
    source: &mut Source<'_, 'de>,
    start: usize,
    visitor: V,
) -> Result<V::Value, Error> {
    let depth = source.depth();
    source.enter_streamed(start)?;
    let level = source.stream()?.level;
    let mut fields = Fields::new(source, level);
    let result = visitor.visit_map(&mut fields);
    let over = fields.is_over();
    if result.is_ok() && over {
        source.leave(depth);
        return result;
    }
    let result = and_then(result, || fields.finish(ONE_MAP));
    source.leave(depth);
    result.map_err(|error| source.located(error, start))
}

#[inline(never)]
fn entries<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    level: Option<usize>,
    visitor: V,
) -> Result<V::Value, Error> {
    let mut entries = Entries::of(source, &taken.head, taken.start)?;
    and_then(visitor.visit_map(&mut entries), || entries.finish(level, ONE_MAP))
}

#[inline(never)]
fn seq<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    source.enter(taken)?;
    let level = level(source, &taken.head)?;
    let mut items = Items::of(source, &taken.head, taken.start)?;
    and_then(visitor.visit_seq(&mut items), || items.finish(level))
}

#[inline(never)]
fn variant<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    source.enter(taken)?;
    let level = level(source, &taken.head)?;
    let mut entries = Entries::of(source, &taken.head, taken.start)?;
    and_then(visitor.visit_enum(Variant(&mut entries)), || entries.finish(level, ONE_KEY))
}

/// Any value, as serde's data model has it.
pub(super) fn any<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match taken.head {
        Head::Object(_) | Head::Map(_) | Head::Error(_) => map(source, taken, visitor),
        Head::Array(..) | Head::Set(_) | Head::Elements(..) => seq(source, taken, visitor),
        _ => scalar(&taken.head, visitor),
    }
}

#[inline(never)]
fn scalar<'de, V: Visitor<'de>>(head: &Head<'_, 'de>, visitor: V) -> Result<V::Value, Error> {
    match *head {
        Head::Undefined | Head::Null => visitor.visit_unit(),
        Head::Bool(value) => visitor.visit_bool(value),
        Head::Number(value) => number::visit_number(value, visitor),
        Head::BigInt(value) => number::visit_bigint(value, visitor),
        Head::Signed(value) => number::visit_integer(value.into(), visitor),
        Head::Unsigned(value) => visitor.visit_u64(value),
        Head::Text(text) => visit_text(text, visitor),
        Head::Date(ms) => visitor.visit_f64(ms),
        Head::RegExp(pattern, flags) => {
            visitor.visit_string(format!("/{pattern}/{}", regexp_flags::to_string(flags)))
        }
        Head::Flags(flags) => visitor.visit_string(regexp_flags::to_string(flags)),
        Head::Bytes(_, bytes) => visitor.visit_borrowed_bytes(bytes),
        Head::Opaque(what) => Err(Error::invalid_type(Unexpected::Other(what), &visitor)),
        _ => Err(lost()),
    }
}

/// Visits a number, or a bigint that a double is equal to.
pub(super) fn float<'d, 'de, V: Visitor<'de>>(
    source: &mut Source<'d, 'de>,
    taken: &Taken<'d, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    match taken.head {
        Head::Number(value) => visitor.visit_f64(value),
        Head::BigInt(value) => number::visit_as_float(value, visitor),
        Head::Signed(value) if value as f64 as i128 == i128::from(value) => {
            visitor.visit_f64(value as f64)
        }
        Head::Unsigned(value) if value as f64 as u128 == u128::from(value) => {
            visitor.visit_f64(value as f64)
        }
        Head::Signed(_) | Head::Unsigned(_) => Err(number::not_equal(&visitor)),
        _ => any(source, taken, visitor),
    }
}

macro_rules! forward {
    ($to:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$to(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for De<'_, '_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.quick()? {
            Quick::Number(value) => return self.about(number::visit_number(value, visitor)),
            Quick::Not => {}
            other => return self.other(other, visitor),
        }
        self.with(|source, taken| any(source, taken, visitor))
    }

    forward! { deserialize_any: deserialize_bool deserialize_char deserialize_str deserialize_string
    deserialize_unit deserialize_identifier }

    fn deserialize_i64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.quick()? {
            Quick::Number(value) => return self.about(number::visit_as_integer(value, visitor)),
            Quick::Not => {}
            other => return self.other(other, visitor),
        }
        self.with(|source, taken| match taken.head {
            Head::Number(value) | Head::Date(value) => number::visit_as_integer(value, visitor),
            _ => any(source, taken, visitor),
        })
    }

    forward! { deserialize_i64: deserialize_i8 deserialize_i16 deserialize_i32
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::Number(value) | Head::Date(value) => number::visit_as_i128(value, visitor),
            Head::BigInt(value) => number::visit_bigint_as_i128(value, visitor),
            Head::Signed(value) => visitor.visit_i128(value.into()),
            Head::Unsigned(value) => visitor.visit_u128(value.into()),
            _ => any(source, taken, visitor),
        })
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_i128(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.quick()? {
            Quick::Number(value) => return self.about(visitor.visit_f64(value)),
            Quick::Not => {}
            other => return self.other(other, visitor),
        }
        self.with(|source, taken| float(source, taken, visitor))
    }

    forward! { deserialize_f64: deserialize_f32 }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::Elements(_, bytes, _) => visitor.visit_borrowed_bytes(bytes),
            _ => any(source, taken, visitor),
        })
    }

    forward! { deserialize_bytes: deserialize_byte_buf }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.source.is_nothing(self.at)? {
            return self.with(|_, _| visitor.visit_none());
        }
        visitor.visit_some(self.wrapped()?)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match Token::of(name) {
            Some(token) => self.payload(token, visitor),
            None => visitor.visit_newtype_struct(self.wrapped()?),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::Bytes(..) => seq(source, taken, visitor),
            _ => any(source, taken, visitor),
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::Array(..) | Head::RegExp(..) => map(source, taken, visitor),
            _ => any(source, taken, visitor),
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::RegExp(..) => map(source, taken, visitor),
            _ => any(source, taken, visitor),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.with(|source, taken| match taken.head {
            Head::Text(text) => visitor.visit_enum(text.to_str().into_deserializer()),
            Head::Object(_) | Head::Map(_) => variant(source, taken, visitor),
            _ => any(source, taken, visitor),
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.source.skip(self.at)?;
        visitor.visit_unit()
    }
}

/// An object with one key, which names the variant of an enum.
struct Variant<'e, 's, 'd, 'de>(&'e mut Entries<'s, 'd, 'de>);

impl<'de> EnumAccess<'de> for Variant<'_, '_, '_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Error> {
        match self.0.next_name()? {
            Some(name) => Ok((self.0.read_name(name, seed)?, self)),
            None => Err(Error::invalid_length(0, &ONE_KEY)),
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_, '_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.0.read_value(|de| <()>::deserialize(de))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.0.read_value(|de| seed.deserialize(de))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.read_value(|de| de.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.read_value(|de| de.deserialize_struct("", fields, visitor))
    }
}
