//! Values.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ::serde::{Serialize, ser};

use super::super::token::Token;
use super::compound::Compound;
use super::level::{Level, Names, current_path};
use super::options::{BytesAs, IntegersAs, MapsAs, NoneAs, SerializeOptions};
use super::shapes::Shapes;
use super::token::TokenSer;
use crate::options::Profile;
use crate::read::{BigInt, Event};
use crate::text::{Text, is_ascii};
use crate::view::ViewKind;
use crate::wire::Tag;
use crate::write::writer::{Form, Writer};
use crate::write::{Entry, WriteError, WriteErrorKind};

pub(super) type Done<T = ()> = Result<T, WriteError>;

/// The largest integer up to which JavaScript's numbers have them all.
pub(super) const MAX_SAFE: u128 = (1 << 53) - 1;

/// The most fields that are made room for at once.
const MOST_FIELDS: usize = 32;

/// The bytes that there is room for at first: those of most small values.
const LEAST_ROOM: usize = 128;

pub(super) struct Serializer<'o> {
    pub(super) writer: Writer,
    pub(super) options: &'o SerializeOptions,
    pub(super) levels: Vec<Level>,
    /// The properties of all open objects.
    pub(super) entries: Vec<Entry>,
    pub(super) shapes: Shapes,
    /// How many `Some`s and newtypes are open.
    wrappers: usize,
    /// Whether there is a two-byte string, which is to be aligned.
    pub(super) wide: bool,
    /// The stack of an error that is to stand behind its cause.
    pub(super) kept: Option<String>,
    /// Whether bytes have moved since they were written.
    pub(super) moved: bool,
}

impl<'o> Serializer<'o> {
    pub(super) fn write<T: Serialize + ?Sized>(
        value: &T,
        options: &'o SerializeOptions,
    ) -> Done<Vec<u8>> {
        let room = options.write.size_hint.max(LEAST_ROOM);
        let mut serializer = Serializer {
            writer: Writer::new(options.write.size_hint(room), Form::AsV8),
            options,
            levels: Vec::new(),
            entries: Vec::new(),
            shapes: Shapes::default(),
            wrappers: 0,
            wide: false,
            kept: None,
            moved: false,
        };
        serializer.writer.header(options.write.version)?;
        value.serialize(&mut serializer).map_err(|error| {
            error
                .place(|| current_path(&serializer.levels, &serializer.entries, &serializer.writer))
        })?;
        if serializer.wide && serializer.moved {
            serializer.writer.aligned(options.in_profile())
        } else {
            serializer.writer.finish()
        }
    }

    pub(super) fn event(&mut self, event: Event<'_>) -> Done {
        self.writer.event(event)
    }

    pub(super) fn text(&mut self, text: &str) -> Done {
        if is_ascii(text.as_bytes()) {
            return self.writer.ascii(text.as_bytes());
        }
        let start = self.writer.position();
        self.event(Event::String(Text::Utf8(text.as_bytes())))?;
        self.note_wide(start);
        Ok(())
    }

    /// Notes whether a string that starts here is of two bytes a unit.
    #[inline]
    fn note_wide(&mut self, start: usize) {
        let tag = self.writer.written().get(start).copied().map(Tag);
        self.wide |= tag == Some(Tag::TWO_BYTE_STRING) || tag == Some(Tag::PADDING);
    }

    /// Writes the key of the innermost container, which is an object.
    pub(super) fn name(&mut self, name: &str) -> Done {
        let start = self.writer.position();
        let entry = self.writer.name(name)?;
        self.note_wide(start);
        self.entries.push(entry);
        if let Some(Level::Object { between, .. }) = self.levels.last_mut() {
            *between = false;
        }
        Ok(())
    }

    /// Writes the name of a field, if the innermost struct has it in this place as the last one had; those
    /// before were.
    #[inline]
    pub(super) fn known_field(&mut self, number: usize, name: &'static str) -> bool {
        let Some(key) = self.shapes.follow(self.levels.len(), number, name) else { return false };
        let Some(entry) = self.writer.plain_key(key) else { return false };
        self.entries.push(entry);
        true
    }

    /// Writes the name of a field, as [`Serializer::name`].
    #[inline(never)]
    pub(super) fn field(&mut self, name: &'static str) -> Done {
        let depth = self.levels.len();
        if let Some(Level::Object { base, between, .. }) = self.levels.last_mut() {
            let number = self.entries.len() - *base;
            *between = true;
            self.name(name)?;
            if let Some(entry) = self.entries.last() {
                self.shapes.note(depth, number, name, *entry);
            }
            return Ok(());
        }
        self.name(name)
    }

    /// A number that V8 holds as a small integer where it can.
    #[inline]
    fn number(&mut self, value: f64) -> Done {
        let integer = value as i32;
        if f64::from(integer).to_bits() == value.to_bits() {
            self.writer.int32_value(integer)
        } else {
            self.writer.double_value(value)
        }
    }

    /// `wide`: of a type of 128 bits.
    fn integer(&mut self, negative: bool, magnitude: u128, wide: bool) -> Done {
        let safe = magnitude <= MAX_SAFE;
        match self.options.integers {
            IntegersAs::NumberOrBigInt if safe && !wide => {}
            IntegersAs::NumberOrBigInt | IntegersAs::BigInt => {
                let digits = &magnitude.to_le_bytes();
                return self.event(Event::BigInt(BigInt { negative, digits }));
            }
            IntegersAs::Number if !safe => {
                let sign = if negative { "-" } else { "" };
                let value = alloc::format!("{sign}{magnitude}");
                return Err(WriteError::new(WriteErrorKind::UnsafeInteger { value }));
            }
            IntegersAs::Number | IntegersAs::NumberLossy => {}
        }
        // The nearest double, ties to even, as `Number(1n)` rounds.
        let value = magnitude as f64;
        self.number(if negative { -value } else { value })
    }

    /// A view of all of its buffer.
    pub(super) fn view(&mut self, kind: ViewKind, bytes: &[u8]) -> Done {
        match self.options.in_profile() {
            Profile::Node => self.writer.host_view(kind, bytes, false),
            Profile::NodeIpc => self.writer.host_view(kind, bytes, true),
            Profile::V8 => {
                self.event(Event::ArrayBuffer(bytes))?;
                let byte_length = bytes.len() as u64;
                self.event(Event::View { kind, byte_offset: 0, byte_length, flags: None })
            }
        }
    }

    /// Makes sure that another container may be opened.
    fn open(&mut self, level: Level) -> Done {
        if self.levels.len() >= self.options.max_depth {
            return Err(limit("depth", self.options.max_depth));
        }
        self.levels.push(level);
        Ok(())
    }

    /// What is in a `Some` or a newtype.
    fn wrapped<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.wrap()?;
        let result = value.serialize(&mut *self);
        self.unwrap();
        result
    }

    /// A `Some` or a newtype is opened, which must be closed whatever becomes of it.
    pub(super) fn wrap(&mut self) -> Done {
        let max = self.options.max_depth.saturating_mul(4).saturating_add(32);
        if self.wrappers >= max {
            return Err(limit("wrappers", max));
        }
        self.wrappers += 1;
        Ok(())
    }

    pub(super) fn unwrap(&mut self) {
        self.wrappers -= 1;
    }

    /// Begins a container that nothing is put right in at its end.
    pub(super) fn begin(&mut self, event: Event<'_>, level: Level) -> Done {
        self.open(Level::Undecided)?;
        self.event(event)?;
        self.decide(level);
        Ok(())
    }

    pub(super) fn begin_array(&mut self, length: usize) -> Done {
        // The level first: what is wrong with its depth is wrong with it, not with its first element.
        self.open(Level::Undecided)?;
        let array = self.writer.begin_open_array(u32::try_from(length).unwrap_or(u32::MAX))?;
        self.decide(Level::Array { array, count: 0, integers: 0, doubles: 0 });
        Ok(())
    }

    pub(super) fn begin_object(&mut self) -> Done {
        self.open(Level::Undecided)?;
        self.decide_object()
    }

    /// Begins the object of a struct with so many fields; whether its fields may be those of the last one.
    #[inline]
    fn begin_struct(&mut self, fields: usize) -> Done<bool> {
        if self.levels.len() >= self.options.max_depth {
            return Err(limit("depth", self.options.max_depth));
        }
        self.writer.object_begin()?;
        let more = matches!(self.levels.last(), Some(Level::Array { .. }));
        let known = self.shapes.begin(self.levels.len() + 1, more);
        self.entries.reserve(fields.min(MOST_FIELDS));
        let (base, names) = (self.entries.len(), Names::Fields);
        self.levels.push(Level::Object { base, between: true, names });
        Ok(known)
    }

    pub(super) fn decide_object(&mut self) -> Done {
        self.event(Event::ObjectBegin)?;
        self.decide(Level::Object { base: self.entries.len(), between: true, names: Names::Any });
        Ok(())
    }

    pub(super) fn decide_map(&mut self) -> Done {
        self.event(Event::MapBegin)?;
        self.decide(Level::Map { count: 0 });
        Ok(())
    }

    fn decide(&mut self, level: Level) {
        if let Some(last) = self.levels.last_mut() {
            *last = level;
        }
    }

    /// The object around what a variant holds.
    fn begin_variant(&mut self, variant: &str) -> Done {
        self.begin_object()?;
        self.name(variant)
    }

    pub(super) fn none(&mut self) -> Done {
        self.event(match self.options.none {
            NoneAs::Null => Event::Null,
            NoneAs::Undefined => Event::Undefined,
        })
    }
}

#[cold]
fn limit(limit: &'static str, max: usize) -> WriteError {
    WriteError::new(WriteErrorKind::LimitExceeded { limit, max: max as u64 })
}

impl<'a, 'o> ser::Serializer for &'a mut Serializer<'o> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Compound<'a, 'o>;
    type SerializeTuple = Compound<'a, 'o>;
    type SerializeTupleStruct = Compound<'a, 'o>;
    type SerializeTupleVariant = Compound<'a, 'o>;
    type SerializeMap = Compound<'a, 'o>;
    type SerializeStruct = Compound<'a, 'o>;
    type SerializeStructVariant = Compound<'a, 'o>;

    fn serialize_bool(self, value: bool) -> Done {
        self.writer.bool_value(value)
    }

    fn serialize_i8(self, value: i8) -> Done {
        self.writer.int32_value(value.into())
    }

    fn serialize_i16(self, value: i16) -> Done {
        self.writer.int32_value(value.into())
    }

    fn serialize_i32(self, value: i32) -> Done {
        self.writer.int32_value(value)
    }

    fn serialize_i64(self, value: i64) -> Done {
        self.integer(value < 0, value.unsigned_abs().into(), false)
    }

    fn serialize_i128(self, value: i128) -> Done {
        self.integer(value < 0, value.unsigned_abs(), true)
    }

    fn serialize_u8(self, value: u8) -> Done {
        self.writer.int32_value(value.into())
    }

    fn serialize_u16(self, value: u16) -> Done {
        self.writer.int32_value(value.into())
    }

    fn serialize_u32(self, value: u32) -> Done {
        match i32::try_from(value) {
            Ok(value) => self.writer.int32_value(value),
            Err(_) => self.event(Event::Uint32(value)),
        }
    }

    fn serialize_u64(self, value: u64) -> Done {
        self.integer(false, value.into(), false)
    }

    fn serialize_u128(self, value: u128) -> Done {
        self.integer(false, value, true)
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.number(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        self.number(value)
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        match self.options.bytes {
            BytesAs::Buffer => self.view(ViewKind::Buffer, value),
            BytesAs::Uint8Array => self.view(ViewKind::Uint8, value),
            BytesAs::ArrayBuffer => self.event(Event::ArrayBuffer(value)),
        }
    }

    fn serialize_none(self) -> Done {
        self.none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        self.wrapped(value)
    }

    fn serialize_unit(self) -> Done {
        self.none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Done {
        self.none()
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
        match Token::of(name) {
            Some(token) => {
                self.wrap()?;
                let result = value.serialize(TokenSer::of(self, token));
                self.unwrap();
                result
            }
            None => self.wrapped(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.begin_variant(variant)?;
        value.serialize(&mut *self)?;
        Compound::of(self).end_any()
    }

    fn serialize_seq(self, length: Option<usize>) -> Done<Compound<'a, 'o>> {
        self.begin_array(length.unwrap_or(0))?;
        Ok(Compound::of(self))
    }

    fn serialize_tuple(self, length: usize) -> Done<Compound<'a, 'o>> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Done<Compound<'a, 'o>> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Done<Compound<'a, 'o>> {
        self.begin_variant(variant)?;
        self.begin_array(length)?;
        Ok(Compound::of_variant(self))
    }

    fn serialize_map(self, _length: Option<usize>) -> Done<Compound<'a, 'o>> {
        self.open(Level::Undecided)?;
        match self.options.maps {
            MapsAs::ObjectsOrMaps => {}
            MapsAs::Objects => self.decide_object()?,
            MapsAs::Maps => self.decide_map()?,
        }
        Ok(Compound::of(self))
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Done<Compound<'a, 'o>> {
        let known = self.begin_struct(length)?;
        Ok(Compound::of_struct(self, known))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Done<Compound<'a, 'o>> {
        self.begin_variant(variant)?;
        let known = self.begin_struct(length)?;
        let mut compound = Compound::of_struct(self, known);
        compound.variant = true;
        Ok(compound)
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> Done {
        self.text(&value.to_string())
    }
}
