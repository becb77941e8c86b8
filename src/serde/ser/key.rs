//! Keys of maps that are, or may become, objects.

use alloc::string::ToString;

use ::serde::{Serialize, ser};

use super::super::token::Token;
use super::compound::Compound;
use super::level::Level;
use super::serializer::{Done, Serializer};
use crate::write::{WriteError, WriteErrorKind};

/// Writes a key as the name of a property: as JavaScript spells it. Where the container is not decided
/// yet, what can be no name makes it a `Map`.
pub(super) struct KeySer<'a, 'o> {
    serializer: &'a mut Serializer<'o>,
    /// How many wrappers the key stands in.
    wrappers: usize,
}

/// No key is wrapped more often; it guards the stack.
const MAX_WRAPPERS: usize = 128;

impl<'a, 'o> KeySer<'a, 'o> {
    pub(super) fn of(serializer: &'a mut Serializer<'o>) -> Self {
        KeySer { serializer, wrappers: 0 }
    }

    fn name(self, name: &str) -> Done {
        if let Some(Level::Undecided) = self.serializer.levels.last() {
            self.serializer.decide_object()?;
        }
        self.serializer.name(name)
    }

    fn integer(self, value: impl ToString) -> Done {
        self.name(&value.to_string())
    }

    fn wrapped<T: Serialize + ?Sized>(mut self, value: &T) -> Done {
        self.wrappers += 1;
        if self.wrappers > MAX_WRAPPERS {
            let max = MAX_WRAPPERS as u64;
            return Err(WriteError::new(WriteErrorKind::LimitExceeded { limit: "wrappers", max }));
        }
        value.serialize(self)
    }

    /// For a key that is no name: the serializer for keys of a `Map`.
    fn no_name(self, what: &str) -> Done<&'a mut Serializer<'o>> {
        if let Some(Level::Undecided) = self.serializer.levels.last() {
            self.serializer.decide_map()?;
            if let Some(Level::Map { count }) = self.serializer.levels.last_mut() {
                *count = 1;
            }
            return Ok(self.serializer);
        }
        let message = alloc::format!("the key of an object cannot be {what}");
        Err(WriteError::new(WriteErrorKind::Unsupported { message }))
    }
}

macro_rules! integers {
    ($($method:ident: $ty:ty;)*) => {$(
        fn $method(self, value: $ty) -> Done {
            self.integer(value)
        }
    )*};
}

impl<'a, 'o> ser::Serializer for KeySer<'a, 'o> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Compound<'a, 'o>;
    type SerializeTuple = Compound<'a, 'o>;
    type SerializeTupleStruct = Compound<'a, 'o>;
    type SerializeTupleVariant = Compound<'a, 'o>;
    type SerializeMap = Compound<'a, 'o>;
    type SerializeStruct = Compound<'a, 'o>;
    type SerializeStructVariant = Compound<'a, 'o>;

    integers! {
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.name(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        self.name(ryu_js::Buffer::new().format(value))
    }

    fn serialize_char(self, value: char) -> Done {
        self.name(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.name(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.no_name("bytes")?.serialize_bytes(value)
    }

    fn serialize_none(self) -> Done {
        self.no_name("None")?.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        self.wrapped(value)
    }

    fn serialize_unit(self) -> Done {
        self.no_name("a unit")?.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Done {
        self.no_name("a unit struct")?.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Done {
        self.name(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Done {
        match Token::of(name) {
            Some(token) => {
                let what = alloc::format!("a value of type {}", token.what());
                self.no_name(&what)?.serialize_newtype_struct(name, value)
            }
            None => self.wrapped(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.no_name("a variant with data")?.serialize_newtype_variant(name, index, variant, value)
    }

    fn serialize_seq(self, length: Option<usize>) -> Done<Compound<'a, 'o>> {
        self.no_name("a sequence")?.serialize_seq(length)
    }

    fn serialize_tuple(self, length: usize) -> Done<Compound<'a, 'o>> {
        self.no_name("a tuple")?.serialize_tuple(length)
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Done<Compound<'a, 'o>> {
        self.no_name("a tuple struct")?.serialize_tuple_struct(name, length)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Done<Compound<'a, 'o>> {
        self.no_name("a variant with data")?.serialize_tuple_variant(name, index, variant, length)
    }

    fn serialize_map(self, length: Option<usize>) -> Done<Compound<'a, 'o>> {
        self.no_name("a map")?.serialize_map(length)
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Done<Compound<'a, 'o>> {
        self.no_name("a struct")?.serialize_struct(name, length)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Done<Compound<'a, 'o>> {
        self.no_name("a variant with data")?.serialize_struct_variant(name, index, variant, length)
    }
}
