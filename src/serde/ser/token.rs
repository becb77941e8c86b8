//! The payloads of [`js`](crate::js)'s types, as the values that they stand for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use ::serde::Serialize;
use ::serde::ser::{self, Impossible};

use super::super::token::Token;
use super::compound::Compound;
use super::level::Level;
use super::serializer::{Done, MAX_SAFE, Serializer};
use crate::read::{BigInt, ErrorPart, Event};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::{ByteOrder, ErrorTag, regexp_flags};
use crate::write::{WriteError, WriteErrorKind};

/// What a payload is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Token(Token),
    BigIntObject,
    ErrorName,
    ErrorMessage,
    ErrorStack,
    /// Kept, and written later.
    LaterStack,
    /// An option, of which what is in it is the cause.
    ErrorCause,
}

/// The class of errors that has this name, unless it is a plain `Error`.
fn class(name: &str) -> Option<ErrorTag> {
    let is_it = |tag: &ErrorTag| {
        tag.name().and_then(|name| name.strip_suffix(" prototype")).is_some_and(|of| of == name)
    };
    ErrorTag::ALL.iter().copied().find(is_it)
}

/// Writes the payload of a newtype struct that has a [`Token`] for a name.
pub(super) struct TokenSer<'a, 'o> {
    serializer: &'a mut Serializer<'o>,
    written_as: As,
}

impl<'a, 'o> TokenSer<'a, 'o> {
    pub(super) fn of(serializer: &'a mut Serializer<'o>, token: Token) -> Self {
        TokenSer { serializer, written_as: As::Token(token) }
    }

    fn wrong<T>(&self, payload: &str) -> Done<T> {
        let what = match self.written_as {
            As::Token(token) => token.what(),
            As::BigIntObject => Token::BigInt.what(),
            As::ErrorName => "name of an Error",
            As::ErrorMessage => "message of an Error",
            As::ErrorStack | As::LaterStack => "stack of an Error",
            As::ErrorCause => "option of a cause",
        };
        let message = format!("{payload} cannot be written as {what}");
        Err(WriteError::new(WriteErrorKind::Unsupported { message }))
    }

    fn integer(self, negative: bool, magnitude: u128, wide: bool) -> Done {
        let event = match self.written_as {
            As::Token(Token::BigInt) => {
                return self.bigint(negative, &magnitude.to_le_bytes());
            }
            As::Token(Token::Boxed) if wide || magnitude > MAX_SAFE => {
                let digits = &magnitude.to_le_bytes();
                return self.serializer.event(Event::BigIntObject(BigInt { negative, digits }));
            }
            As::Token(Token::Boxed) => Event::NumberObject,
            As::Token(Token::Date) => Event::Date,
            _ => return self.wrong("an integer"),
        };
        let value = magnitude as f64;
        self.serializer.event(event(if negative { -value } else { value }))
    }

    fn bigint(self, negative: bool, digits: &[u8]) -> Done {
        let value = BigInt { negative, digits };
        self.serializer.event(match self.written_as {
            As::BigIntObject => Event::BigIntObject(value),
            _ => Event::BigInt(value),
        })
    }

    fn text(self, value: &str) -> Done {
        let text = Text::Utf8(value.as_bytes());
        let event = match self.written_as {
            As::Token(Token::Boxed) => Event::StringObject(text),
            As::Token(Token::RegExp) => return self.regexp(value),
            As::ErrorMessage => Event::ErrorPart(ErrorPart::Message(text)),
            As::ErrorStack => Event::ErrorPart(ErrorPart::Stack(text)),
            As::LaterStack => {
                self.serializer.kept = Some(value.into());
                return Ok(());
            }
            As::ErrorName => match class(value) {
                Some(tag) => Event::ErrorPart(ErrorPart::Prototype(tag)),
                // Of these V8 keeps no name.
                None => return Ok(()),
            },
            _ => return self.wrong("a string"),
        };
        self.wide_event(value, event)
    }

    /// Writes what has this text.
    fn wide_event(self, text: &str, event: Event<'_>) -> Done {
        // From U+0100 on the first byte of UTF-8 is this or above.
        self.serializer.wide |= text.bytes().any(|byte| byte >= 0xC4);
        self.serializer.event(event)
    }

    /// A regexp, out of `/source/flags`.
    fn regexp(self, literal: &str) -> Done {
        let parts = literal.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
        let Some((source, flags)) =
            parts.and_then(|(source, flags)| Some((source, regexp_flags::from_str(flags)?)))
        else {
            return self.wrong("a string that is no `/source/flags`");
        };
        let pattern = Text::Utf8(source.as_bytes());
        self.wide_event(source, Event::RegExp { pattern, flags })
    }

    /// A view of elements that are given in little-endian order.
    fn view(self, kind: ViewKind, bytes: &[u8]) -> Done {
        let size = kind.element_size();
        if self.serializer.options.write.byte_order == ByteOrder::Little || size == 1 {
            return self.serializer.view(kind, bytes);
        }
        let mut swapped = Vec::from(bytes);
        swapped.chunks_exact_mut(size).for_each(<[u8]>::reverse);
        self.serializer.view(kind, &swapped)
    }

    /// What stands in a `Some` or a newtype: the payload goes on.
    fn inner<T: Serialize + ?Sized>(self, written_as: As, value: &T) -> Done {
        let TokenSer { serializer, .. } = self;
        serializer.wrap()?;
        let result = value.serialize(TokenSer { serializer: &mut *serializer, written_as });
        serializer.unwrap();
        result
    }

    fn begin_set(self, payload: &str) -> Done<Compound<'a, 'o>> {
        if self.written_as != As::Token(Token::Set) {
            return self.wrong(payload);
        }
        self.serializer.begin(Event::SetBegin, Level::Set { count: 0 })?;
        Ok(Compound::of(self.serializer))
    }
}

macro_rules! integers {
    ($($method:ident: $ty:ty;)*) => {$(
        fn $method(self, value: $ty) -> Done {
            let value = i128::from(value);
            self.integer(value < 0, value.unsigned_abs(), false)
        }
    )*};
}

type No = Impossible<(), WriteError>;

impl<'a, 'o> ser::Serializer for TokenSer<'a, 'o> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Compound<'a, 'o>;
    type SerializeTuple = Compound<'a, 'o>;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = Compound<'a, 'o>;
    type SerializeStruct = ErrorSer<'a, 'o>;
    type SerializeStructVariant = No;

    fn is_human_readable(&self) -> bool {
        false
    }

    integers! {
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
    }

    fn serialize_i128(self, value: i128) -> Done {
        self.integer(value < 0, value.unsigned_abs(), true)
    }

    fn serialize_u128(self, value: u128) -> Done {
        self.integer(false, value, true)
    }

    fn serialize_bool(self, value: bool) -> Done {
        match self.written_as {
            As::Token(Token::Boxed) => self.serializer.event(Event::BooleanObject(value)),
            _ => self.wrong("a boolean"),
        }
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        match self.written_as {
            As::Token(Token::Boxed) => self.serializer.event(Event::NumberObject(value)),
            _ => self.wrong("a float"),
        }
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        match (self.written_as, value) {
            (As::Token(Token::ArrayBuffer), _) => self.serializer.event(Event::ArrayBuffer(value)),
            (As::Token(Token::View(kind)), _) => self.view(kind, value),
            (As::Token(Token::BigInt) | As::BigIntObject, [sign, digits @ ..]) => {
                self.bigint(*sign != 0, digits)
            }
            _ => self.wrong("bytes"),
        }
    }

    fn serialize_none(self) -> Done {
        match self.written_as {
            As::Token(Token::Date) => self.serializer.event(Event::Date(f64::NAN)),
            As::Token(Token::Undefined) => self.serializer.event(Event::Undefined),
            As::Token(_) | As::BigIntObject => self.serializer.none(),
            // An error has it not.
            _ => Ok(()),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        match self.written_as {
            As::Token(Token::Undefined) => self.serializer.serialize_some(value),
            As::ErrorCause => {
                self.serializer.event(Event::ErrorPart(ErrorPart::Cause))?;
                self.serializer.serialize_some(value)
            }
            written_as => self.inner(written_as, value),
        }
    }

    fn serialize_unit(self) -> Done {
        match self.written_as {
            As::Token(Token::Undefined) => self.serializer.event(Event::Undefined),
            _ => self.wrong("a unit"),
        }
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Done {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Done {
        match (self.written_as, Token::of(name)) {
            (As::Token(Token::Boxed), Some(Token::BigInt)) => self.inner(As::BigIntObject, value),
            (written_as, None) => self.inner(written_as, value),
            (As::Token(token), Some(same)) if token == same => self.inner(As::Token(token), value),
            (_, Some(other)) => self.wrong(other.what()),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Done {
        self.wrong("a variant with data")
    }

    fn serialize_seq(self, _length: Option<usize>) -> Done<Compound<'a, 'o>> {
        self.begin_set("a sequence")
    }

    fn serialize_tuple(self, _length: usize) -> Done<Compound<'a, 'o>> {
        self.begin_set("a tuple")
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Done<No> {
        self.wrong("a tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Done<No> {
        self.wrong("a variant with data")
    }

    fn serialize_map(self, _length: Option<usize>) -> Done<Compound<'a, 'o>> {
        match self.written_as {
            As::Token(Token::Object) => self.serializer.begin_object()?,
            As::Token(Token::Map) => {
                self.serializer.begin(Event::MapBegin, Level::Map { count: 0 })?;
            }
            _ => return self.wrong("a map"),
        }
        Ok(Compound::of(self.serializer))
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Done<ErrorSer<'a, 'o>> {
        if self.written_as != As::Token(Token::Error) {
            return self.wrong("a struct");
        }
        self.serializer.begin(Event::ErrorBegin, Level::Error { part: "name" })?;
        Ok(ErrorSer { serializer: self.serializer, stack: None })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Done<No> {
        self.wrong("a variant with data")
    }
}

/// The parts of an error: `name`, `message`, `stack` and `cause`, in this order.
pub(super) struct ErrorSer<'a, 'o> {
    serializer: &'a mut Serializer<'o>,
    /// A stack that is to stand behind the cause.
    stack: Option<String>,
}

impl ErrorSer<'_, '_> {
    fn part<T: Serialize + ?Sized>(&mut self, written_as: As, value: &T) -> Done {
        value.serialize(TokenSer { serializer: &mut *self.serializer, written_as })
    }
}

impl ser::SerializeStruct for ErrorSer<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        if let Some(Level::Error { part }) = self.serializer.levels.last_mut() {
            *part = name;
        }
        match name {
            "name" => self.part(As::ErrorName, value),
            "message" => self.part(As::ErrorMessage, value),
            "stack" if self.serializer.options.write.cause_before_stack => {
                self.part(As::LaterStack, value)?;
                self.stack = self.serializer.kept.take();
                Ok(())
            }
            "stack" => self.part(As::ErrorStack, value),
            "cause" => self.part(As::ErrorCause, value),
            _ => Ok(()),
        }
    }

    fn end(mut self) -> Done {
        if let Some(stack) = self.stack.take() {
            self.part(As::ErrorStack, &*stack)?;
        }
        self.serializer.event(Event::ErrorEnd)?;
        self.serializer.levels.pop();
        Ok(())
    }
}
