//! Plain JSON (SPEC.md 11): a walk with a stack of open containers.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::out::Out;
use super::{BigInts, Bytes, Cycles, JsonError, PlainOptions, Reason};
use crate::document::raw::Cursor;
use crate::document::{Document, Key, Kind, TypedArray, Value};
use crate::path::push_property;
use crate::spell;
use crate::text::Text;
use crate::wire::regexp_flags;

/// Bigints of more bytes are strings even where numbers are asked for.
const MAX_NUMBER: usize = 8192;

/// Steps shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// An open container.
struct Frame {
    /// Its node.
    index: u32,
    cursor: Cursor,
    state: State,
}

enum State {
    /// Elements: how many are done, and how many there are.
    Array {
        done: u32,
        length: u32,
    },
    /// Elements that do not stand in their places.
    Indexed(Box<Indexed>),
    /// The slot of the last key.
    Object {
        key: u32,
    },
    /// A map as an object, likewise.
    MapObject {
        key: u32,
    },
    /// A map as a list of pairs, or a set: keys and values that are done.
    Map {
        done: u32,
    },
    Set {
        done: u32,
    },
    /// The node of the cause, once.
    Error {
        cause: Option<u32>,
    },
    /// Payload bytes and values.
    Host {
        done: u32,
    },
    /// A host object that is written as the one value in it.
    Shell {
        value: Option<u32>,
    },
}

/// What comes next in a container.
enum Next<'d, 'a> {
    Item(Value<'d, 'a>),
    /// A value without anything in front of it.
    Only(Value<'d, 'a>),
    Property(Name<'a>, Value<'d, 'a>),
    /// The key of an entry, its value is next; whether it is the first entry.
    EntryKey(Value<'d, 'a>, bool),
    EntryValue(Value<'d, 'a>),
    Bytes(&'a [u8]),
    Hole,
    Length(u32),
    Close(&'static str),
}

enum Name<'a> {
    Key(Key<'a>),
    Index(u32),
    Cause,
}

struct Indexed {
    elements: vec::IntoIter<(u32, u32)>,
    next: Option<(u32, u32)>,
    done: u32,
    length: u32,
    /// As an object, because there are too many holes.
    object: bool,
}

struct Plain<'d, 'a, 'o> {
    doc: &'d Document<'a>,
    options: &'o PlainOptions,
    out: Out<'o>,
    frames: Vec<Frame>,
    /// A bit for each node: whether it is an open container.
    open: Vec<u64>,
    left: u64,
}

pub(super) fn write(
    value: Value<'_, '_>,
    options: &PlainOptions,
    out: &mut dyn fmt::Write,
) -> Result<(), JsonError> {
    let doc = value.document();
    let cyclic = doc.references().next().is_some();
    let mut plain = Plain {
        doc,
        options,
        out: Out::new(out, options.indent),
        frames: Vec::new(),
        open: if cyclic { vec![0; doc.node_count().div_ceil(64)] } else { Vec::new() },
        left: options.max_nodes,
    };
    plain.value(value)?;
    while plain.step()? {}
    Ok(())
}

/// What `JSON.stringify` leaves out of objects.
fn is_absent(value: Value<'_, '_>) -> bool {
    matches!(value.kind(), Kind::Undefined | Kind::Hole)
}

impl<'d, 'a> Plain<'d, 'a, '_> {
    fn count(&mut self, values: u64) -> Result<(), JsonError> {
        match self.left.checked_sub(values) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let (path, max) = (self.path(self.frames.len()), self.options.max_nodes);
                Err(JsonError(Reason::Limit { path, max }))
            }
        }
    }

    /// Writes a value, of a container the beginning.
    fn value(&mut self, value: Value<'d, 'a>) -> Result<(), JsonError> {
        self.count(1)?;
        match value.kind() {
            Kind::Bool | Kind::BooleanObject => {
                let text = if value.as_bool() == Some(true) { "true" } else { "false" };
                self.out.raw(text)?;
            }
            Kind::Number | Kind::NumberObject => self.number(value.as_f64().unwrap_or(0.0))?,
            Kind::BigInt | Kind::BigIntObject => self.bigint(value)?,
            Kind::String | Kind::StringObject => {
                self.out.text(value.as_text().unwrap_or(Text::OneByte(b"")))?;
            }
            Kind::Date => self.date(value.as_date_ms().unwrap_or(f64::NAN))?,
            Kind::RegExp => self.regexp(value)?,
            Kind::ArrayBuffer | Kind::SharedArrayBuffer => self.bytes(value.as_bytes())?,
            Kind::View => self.view(value)?,
            Kind::WasmModule => self.bytes(value.wasm_module_bytes())?,
            Kind::Object | Kind::Array | Kind::Map | Kind::Set | Kind::Error | Kind::HostObject => {
                self.container(value)?
            }
            Kind::Undefined | Kind::Null | Kind::Hole => self.out.raw("null")?,
            // What they are is in another process.
            Kind::WasmMemory | Kind::SharedObject => self.out.raw("null")?,
        }
        Ok(())
    }

    fn number(&mut self, number: f64) -> fmt::Result {
        if number.is_finite() {
            spell::number(self.out.writer(), number, false)
        } else {
            self.out.raw("null")
        }
    }

    fn bigint(&mut self, value: Value<'d, 'a>) -> fmt::Result {
        let Some(bigint) = value.as_bigint() else { return self.out.raw("null") };
        if self.options.bigints == BigInts::Number && bigint.digits.len() <= MAX_NUMBER {
            return spell::bigint(self.out.writer(), bigint);
        }
        self.out.raw("\"")?;
        spell::bigint(self.out.writer(), bigint)?;
        self.out.raw("\"")
    }

    fn date(&mut self, ms: f64) -> fmt::Result {
        if ms.is_nan() {
            return self.out.raw("null");
        }
        self.out.raw("\"")?;
        spell::iso_date(self.out.writer(), ms)?;
        self.out.raw("\"")
    }

    fn regexp(&mut self, value: Value<'d, 'a>) -> fmt::Result {
        let Some((source, flags)) = value.as_regexp() else { return self.out.raw("null") };
        self.out.raw("\"/")?;
        if source.is_empty() {
            self.out.raw("(?:)")?;
        }
        let chars = char::decode_utf16(source.units());
        self.out.characters(chars.map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)))?;
        self.out.raw("/")?;
        self.out.raw(&regexp_flags::to_string(flags))?;
        self.out.raw("\"")
    }

    fn bytes(&mut self, bytes: Option<&[u8]>) -> fmt::Result {
        match bytes {
            Some(bytes) => self.out.base64(bytes),
            None => self.out.raw("null"),
        }
    }

    fn view(&mut self, value: Value<'d, 'a>) -> Result<(), JsonError> {
        let Some(view) = value.as_view() else { return Ok(self.out.raw("null")?) };
        let base64 = self.options.bytes == Bytes::Base64;
        let (false, Some(elements), Some(bytes)) =
            (base64 || view.kind == crate::ViewKind::DataView, view.elements(), view.bytes)
        else {
            return Ok(self.bytes(view.bytes)?);
        };
        self.count((bytes.len() / view.kind.element_size()) as u64)?;
        self.out.open("[")?;
        match elements {
            TypedArray::Int8(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Uint8(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Int16(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Uint16(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Int32(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Uint32(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Float16(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Float32(list) => self.numbers(list.iter().map(|&n| f64::from(n)))?,
            TypedArray::Float64(list) => self.numbers(list.iter().copied())?,
            TypedArray::BigInt64(list) => self.integers(list.iter())?,
            TypedArray::BigUint64(list) => self.integers(list.iter())?,
        }
        Ok(self.out.close("]")?)
    }

    fn numbers(&mut self, mut list: impl Iterator<Item = f64>) -> fmt::Result {
        list.try_for_each(|number| {
            self.out.item()?;
            self.number(number)
        })
    }

    fn integers<T: fmt::Display>(&mut self, mut list: impl Iterator<Item = T>) -> fmt::Result {
        list.try_for_each(|number| {
            self.out.item()?;
            match self.options.bigints {
                BigInts::Number => write!(self.out.writer(), "{number}"),
                BigInts::String => write!(self.out.writer(), "\"{number}\""),
            }
        })
    }

    fn container(&mut self, value: Value<'d, 'a>) -> Result<(), JsonError> {
        let Some(index) = value.id() else { return Ok(()) };
        if self.is_open(index) {
            return self.cycle(index);
        }
        let cursor = value.contents();
        let array = State::Array { done: 0, length: value.declared_length() };
        let (bracket, state) = match value.kind() {
            Kind::Object => ("{", State::Object { key: 0 }),
            Kind::Array if !value.has_indices() => ("[", array),
            Kind::Array => {
                let elements = value.indexed_slots();
                let length = value.len().unwrap_or(0) as u32;
                let object = length as usize > elements.len().saturating_mul(16) + 1024;
                let mut elements = elements.into_iter();
                let next = elements.next();
                let indexed = Indexed { elements, next, done: 0, length, object };
                (if object { "{" } else { "[" }, State::Indexed(Box::new(indexed)))
            }
            Kind::Map if value.entries().all(|(key, _)| key.kind() == Kind::String) => {
                ("{", State::MapObject { key: 0 })
            }
            Kind::Map => ("[", State::Map { done: 0 }),
            Kind::Set => ("[", State::Set { done: 0 }),
            Kind::Error => ("{", State::Error { cause: value.error_cause().and_then(Value::id) }),
            _ => {
                let mut values = value.host_values();
                match (values.next(), values.next()) {
                    // The object is a shell around it.
                    (Some(only), None) => ("", State::Shell { value: only.id() }),
                    _ => ("[", State::Host { done: 0 }),
                }
            }
        };
        if !bracket.is_empty() {
            self.out.open(bracket)?;
        }
        if let State::Error { .. } = state {
            self.error(value)?;
        }
        self.set_open(index, true);
        self.frames.push(Frame { index, cursor, state });
        Ok(())
    }

    fn error(&mut self, value: Value<'d, 'a>) -> fmt::Result {
        self.out.key("name")?;
        self.out.str(value.error_name().unwrap_or("Error"))?;
        for (key, text) in [("message", value.error_message()), ("stack", value.error_stack())] {
            if let Some(text) = text {
                self.out.key(key)?;
                self.out.text(text)?;
            }
        }
        Ok(())
    }

    /// Goes on in the innermost container; `false` when there is none.
    fn step(&mut self) -> Result<bool, JsonError> {
        let doc = self.doc;
        let Some(frame) = self.frames.last_mut() else { return Ok(false) };
        match frame.next(doc) {
            Next::Item(value) => {
                self.out.item()?;
                self.value(value)?;
            }
            Next::Only(value) => self.value(value)?,
            Next::Property(name, value) => {
                self.out.item()?;
                match name {
                    Name::Key(Key::Text(text)) => self.out.text(text)?,
                    Name::Key(key) => self.out.str(&key.to_str())?,
                    Name::Index(index) => write!(self.out.writer(), "\"{index}\"")?,
                    Name::Cause => self.out.str("cause")?,
                }
                self.out.colon()?;
                self.value(value)?;
            }
            Next::EntryKey(value, first) => {
                if !first {
                    self.out.raw("]")?;
                }
                self.out.item()?;
                self.out.raw("[")?;
                self.value(value)?;
            }
            Next::EntryValue(value) => {
                self.out.comma()?;
                self.value(value)?;
            }
            Next::Bytes(bytes) => {
                self.out.item()?;
                self.out.base64(bytes)?;
            }
            Next::Hole => {
                self.count(1)?;
                self.out.item()?;
                self.out.raw("null")?;
            }
            Next::Length(length) => {
                self.out.key("length")?;
                write!(self.out.writer(), "{length}")?;
            }
            Next::Close(bracket) => {
                let index = frame.index;
                if matches!(frame.state, State::Map { done: 1.. }) {
                    // The last entry.
                    self.out.raw("]")?;
                }
                self.frames.pop();
                self.set_open(index, false);
                if !bracket.is_empty() {
                    self.out.close(bracket)?;
                }
            }
        }
        Ok(true)
    }

    fn is_open(&self, index: u32) -> bool {
        let word = self.open.get(index as usize / 64).copied().unwrap_or(0);
        word >> (index % 64) & 1 != 0
    }

    fn set_open(&mut self, index: u32, open: bool) {
        if let Some(word) = self.open.get_mut(index as usize / 64) {
            let bit = 1 << (index % 64);
            *word = if open { *word | bit } else { *word & !bit };
        }
    }

    /// The value is within itself: its node is open.
    fn cycle(&mut self, index: u32) -> Result<(), JsonError> {
        let depth = self.frames.iter().position(|frame| frame.index == index).unwrap_or(0);
        let target = self.path(depth);
        if self.options.cycles == Cycles::Error {
            return Err(JsonError(Reason::Cycle { path: self.path(self.frames.len()), target }));
        }
        self.out.raw("{")?;
        self.out.name("$ref")?;
        self.out.str(&target)?;
        Ok(self.out.raw("}")?)
    }

    /// The path of the value that the containers up to `depth` lead to.
    fn path(&self, depth: usize) -> String {
        let frames = self.frames.get(..depth).unwrap_or_default();
        let cut = frames.len() > HEAD + TAIL + 1;
        let mut path = String::from("$");
        for (i, frame) in frames.iter().enumerate() {
            if cut && i == HEAD {
                let _ = write!(path, "\u{2026}<{} more>\u{2026}", frames.len() - HEAD - TAIL);
            }
            if !cut || i < HEAD || i >= frames.len() - TAIL {
                let _ = frame.step(self.doc, &mut path);
            }
        }
        path
    }
}

impl Frame {
    fn next<'d, 'a>(&mut self, doc: &'d Document<'a>) -> Next<'d, 'a> {
        match &mut self.state {
            State::Array { done, length } => {
                if *done == *length {
                    return Next::Close("]");
                }
                *done += 1;
                self.cursor.value(doc).map_or(Next::Close("]"), Next::Item)
            }
            State::Indexed(indexed) => indexed.next(doc),
            State::Object { key } | State::MapObject { key } => loop {
                let Some(slot) = self.cursor.next(doc) else { return Next::Close("}") };
                *key = slot;
                let Some(value) = self.cursor.value(doc) else { return Next::Close("}") };
                if let (false, Some(key)) = (is_absent(value), doc.key_at(slot)) {
                    return Next::Property(Name::Key(key), value);
                }
            },
            State::Map { done } => {
                let Some(value) = self.cursor.value(doc) else { return Next::Close("]") };
                *done += 1;
                match *done % 2 {
                    1 => Next::EntryKey(value, *done == 1),
                    _ => Next::EntryValue(value),
                }
            }
            State::Set { done } => {
                *done += 1;
                self.cursor.value(doc).map_or(Next::Close("]"), Next::Item)
            }
            State::Error { cause } => match cause.take().map(|index| doc.value_of(index)) {
                Some(value) if !is_absent(value) => Next::Property(Name::Cause, value),
                _ => Next::Close("}"),
            },
            State::Host { done } => {
                let Some(slot) = self.cursor.next(doc) else { return Next::Close("]") };
                if let Some(bytes) = doc.host_bytes_at(slot) {
                    return Next::Bytes(bytes);
                }
                *done += 1;
                Next::Item(doc.value_at(slot))
            }
            State::Shell { value } => match value.take() {
                Some(index) => Next::Only(doc.value_of(index)),
                None => Next::Close(""),
            },
        }
    }

    /// Appends the step to the value that was read last.
    fn step(&self, doc: &Document<'_>, path: &mut String) -> fmt::Result {
        match &self.state {
            State::Array { done, .. } => write!(path, "[{}]", done.saturating_sub(1)),
            State::Indexed(indexed) => write!(path, "[{}]", indexed.done.saturating_sub(1)),
            State::Object { key } | State::MapObject { key } => {
                match doc.key_at(*key) {
                    Some(key) => match key.as_array_index() {
                        Some(index) => write!(path, "[{index}]")?,
                        None => push_property(path, &key.to_str(), KEY),
                    },
                    None => {}
                }
                Ok(())
            }
            State::Map { done } if done % 2 == 1 => write!(path, "<key {}>", done / 2),
            State::Map { done } => write!(path, "<value {}>", (done / 2).saturating_sub(1)),
            State::Set { done } => write!(path, "<{}>", done.saturating_sub(1)),
            State::Error { .. } => path.write_str(".cause"),
            State::Host { done } => write!(path, "<host {}>", done.saturating_sub(1)),
            State::Shell { .. } => path.write_str("<host 0>"),
        }
    }
}

impl Indexed {
    fn next<'d, 'a>(&mut self, doc: &'d Document<'a>) -> Next<'d, 'a> {
        while self.object {
            let Some((index, slot)) = self.next else {
                // Once, behind the elements.
                return match core::mem::take(&mut self.length) {
                    0 => Next::Close("}"),
                    length => Next::Length(length),
                };
            };
            self.next = self.elements.next();
            self.done = index.saturating_add(1);
            let value = doc.value_at(slot);
            if is_absent(value) {
                continue;
            }
            return Next::Property(Name::Index(index), value);
        }
        if self.done == self.length {
            return Next::Close("]");
        }
        let here = self.done;
        self.done += 1;
        match self.next {
            Some((index, slot)) if index == here => {
                self.next = self.elements.next();
                Next::Item(doc.value_at(slot))
            }
            _ => Next::Hole,
        }
    }
}
