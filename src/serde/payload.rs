//! The deserializer of a payload: the value that a type of [`js`](super::js) asks for.

use alloc::format;
use alloc::vec::Vec;

use ::serde::de::{Deserializer, Error as _, Unexpected, Visitor};
use ::serde::forward_to_deserialize_any;

use super::de::{MAX_WRAPS, any, float, visit_text};
use super::head::Head;
use super::number;
use super::source::{Source, Taken};
use super::token::Token;
use crate::error::Error;
use crate::view::ViewKind;
use crate::wire::{ByteOrder, regexp_flags};

/// Deserializes a value if it is what the token says, in the form that machines get.
pub(super) struct PayloadDe<'s, 'd, 'de> {
    pub(super) source: &'s mut Source<'d, 'de>,
    pub(super) taken: &'s Taken<'d, 'de>,
    pub(super) token: Token,
    /// Whether the value is an object of a primitive.
    pub(super) boxed: bool,
    pub(super) wraps: u8,
}

/// What a value is, for an error about it.
fn unexpected<'a>(head: &Head<'_, '_>, boxed: bool) -> Unexpected<'a> {
    Unexpected::Other(match *head {
        Head::BigInt(_) if boxed => "BigInt object",
        Head::Undefined => "undefined",
        Head::Null => "null",
        Head::Bool(value) => return Unexpected::Bool(value),
        Head::Number(value) => return Unexpected::Float(value),
        Head::BigInt(_) | Head::Signed(_) | Head::Unsigned(_) => "bigint",
        Head::Text(_) | Head::Flags(_) => "string",
        Head::Date(_) => "Date",
        Head::RegExp(..) => "RegExp",
        Head::Bytes(None, _) => "ArrayBuffer",
        Head::Bytes(Some(kind), _) | Head::Elements(kind, ..) => kind.name(),
        Head::Object(_) => "object",
        Head::Array(..) => "array",
        Head::Map(_) => "Map",
        Head::Set(_) => "Set",
        Head::Error(_) => "Error",
        Head::Opaque(what) => what,
    })
}

impl<'de> PayloadDe<'_, '_, 'de> {
    /// Refuses what is no such value.
    fn check(&self) -> Result<(), Error> {
        let same = match (self.token, &self.taken.head) {
            (Token::Undefined, Head::Undefined)
            | (Token::Date, Head::Date(_))
            | (Token::RegExp, Head::RegExp(..))
            | (Token::Object, Head::Object(_))
            | (Token::Map, Head::Map(_))
            | (Token::Set, Head::Set(_))
            | (Token::Error, Head::Error(_))
            | (Token::ArrayBuffer, Head::Bytes(None, _)) => true,
            (Token::BigInt, Head::BigInt(_) | Head::Signed(_) | Head::Unsigned(_)) => !self.boxed,
            (Token::Boxed, _) => self.boxed,
            // A Buffer is a `Uint8Array`, and where there are no Buffers it was written as one.
            (
                Token::View(ViewKind::Uint8 | ViewKind::Buffer),
                Head::Bytes(Some(ViewKind::Uint8 | ViewKind::Buffer), _),
            ) => true,
            (Token::View(wanted), Head::Bytes(Some(kind), _) | Head::Elements(kind, ..)) => {
                wanted == *kind
            }
            _ => false,
        };
        if same {
            return Ok(());
        }
        Err(Error::invalid_type(unexpected(&self.taken.head, self.boxed), &self.token.what()))
    }

    /// The elements of a typed array, in little-endian order.
    fn elements<V: Visitor<'de>>(
        kind: ViewKind,
        bytes: &'de [u8],
        order: ByteOrder,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let size = kind.element_size();
        if order == ByteOrder::Little || size == 1 {
            return visitor.visit_borrowed_bytes(bytes);
        }
        let mut swapped = Vec::from(bytes);
        swapped.chunks_exact_mut(size).for_each(<[u8]>::reverse);
        visitor.visit_byte_buf(swapped)
    }

    /// The sign of a bigint and its digits.
    fn digits<V: Visitor<'de>>(
        negative: bool,
        digits: &[u8],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut bytes = Vec::with_capacity(1 + digits.len());
        bytes.push(negative.into());
        bytes.extend_from_slice(digits);
        visitor.visit_byte_buf(bytes)
    }

    /// One more newtype or `Some` around the payload.
    fn wrapped(mut self) -> Result<Self, Error> {
        if self.wraps >= MAX_WRAPS {
            let start = self.taken.start;
            return Err(self.source.too_deep(start));
        }
        self.wraps += 1;
        Ok(self)
    }

    /// A date that is valid.
    fn is_date(&self) -> bool {
        matches!(self.taken.head, Head::Date(ms) if !ms.is_nan())
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.check()?;
            match self.taken.head {
                Head::Number(value) => number::visit_as_integer(value, visitor),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

macro_rules! wide {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.check()?;
            match self.taken.head {
                Head::Number(value) => number::visit_as_i128(value, visitor),
                Head::BigInt(value) => number::visit_bigint_as_i128(value, visitor),
                Head::Signed(value) => visitor.visit_i128(value.into()),
                Head::Unsigned(value) => visitor.visit_u128(value.into()),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

macro_rules! floats {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.check()?;
            match self.taken.head {
                // Bigints with care: serde rounds those that it is given.
                Head::Number(_) | Head::BigInt(_) | Head::Signed(_) | Head::Unsigned(_) => {
                    float(self.source, self.taken, visitor)
                }
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

macro_rules! bytes {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.check()?;
            match self.taken.head {
                Head::BigInt(value) => Self::digits(value.negative, value.digits, visitor),
                Head::Signed(value) => {
                    Self::digits(value < 0, &value.unsigned_abs().to_le_bytes(), visitor)
                }
                Head::Unsigned(value) => Self::digits(false, &value.to_le_bytes(), visitor),
                Head::Elements(kind, bytes, order) => Self::elements(kind, bytes, order, visitor),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for PayloadDe<'_, '_, 'de> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.check()?;
        match self.taken.head {
            Head::Date(ms) if ms.is_nan() => visitor.visit_unit(),
            Head::Date(ms) => visitor.visit_i64(ms as i64),
            Head::RegExp(pattern, flags) => {
                visitor.visit_string(format!("/{pattern}/{}", regexp_flags::to_string(flags)))
            }
            Head::Text(text) => visit_text(text, visitor),
            _ => any(self.source, self.taken, visitor),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }
    wide! { deserialize_i128 deserialize_u128 }
    floats! { deserialize_f32 deserialize_f64 }
    bytes! { deserialize_bytes deserialize_byte_buf }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let none = match self.token {
            Token::Date => {
                self.check()?;
                !self.is_date()
            }
            _ => self.taken.head.is_nothing(),
        };
        if none { visitor.visit_none() } else { visitor.visit_some(self.wrapped()?) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        // A `Boxed<BigInt>` is no object of a number.
        if let Some(token) = Token::of(name) {
            self.check()?;
            self.token = token;
            self.boxed = false;
            self.check()?;
        }
        visitor.visit_newtype_struct(self.wrapped()?)
    }

    forward_to_deserialize_any! {
        bool char str string unit unit_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
