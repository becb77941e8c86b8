//! Plain JSON (SPEC.md 11): a walk with a stack of open containers.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::frames::{Frame, Indexed, Name, Next, State};
use super::out::Out;
use super::{BigInts, Bytes, Cycles, JsonError, PlainOptions, Reason};
use crate::document::{Document, Key, Kind, TypedArray, Value};
use crate::spell;
use crate::text::Text;
use crate::wire::regexp_flags;

/// Bigints of more bytes are strings even where numbers are asked for.
const MAX_NUMBER: usize = 8192;

/// So many bytes count as one value.
const BYTES_A_NODE: usize = 64;

/// Steps shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;

struct Plain<'d, 'a, 'o> {
    doc: &'d Document<'a>,
    options: &'o PlainOptions,
    out: Out<'o>,
    frames: Vec<Frame>,
    /// For each node how deep it is open, 0 where it is not. Empty where nothing can be cyclic.
    open: Vec<u32>,
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
        open: if cyclic { vec![0; doc.nodes().end() as usize] } else { Vec::new() },
        left: options.max_nodes,
    };
    let result = plain.run(value);
    plain.out.finish(result)
}

impl<'d, 'a> Plain<'d, 'a, '_> {
    fn run(&mut self, value: Value<'d, 'a>) -> Result<(), JsonError> {
        self.value(value)?;
        while self.step()? {}
        Ok(())
    }

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

    /// Counts text and bytes, of which a few references could make any amount.
    fn count_bytes(&mut self, length: usize) -> Result<(), JsonError> {
        self.count((length / BYTES_A_NODE) as u64)
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
            Kind::BigInt | Kind::BigIntObject => {
                // Decimal digits take time by the square of the length.
                let length = value.as_bigint().map_or(0, |bigint| bigint.digits.len());
                self.count_bytes(length.saturating_mul(length.min(MAX_NUMBER)) / 32)?;
                self.bigint(value)?;
            }
            Kind::String | Kind::StringObject => {
                let text = &value.as_text().unwrap_or(Text::OneByte(b""));
                self.count_bytes(text.as_bytes().len())?;
                self.out.text(text)?;
            }
            Kind::Date => self.date(value.as_date_ms().unwrap_or(f64::NAN))?,
            Kind::RegExp => {
                self.count_bytes(value.as_regexp().map_or(0, |(text, _)| text.as_bytes().len()))?;
                self.regexp(value)?;
            }
            Kind::ArrayBuffer | Kind::SharedArrayBuffer | Kind::View | Kind::WasmModule => {
                let bytes = value.as_bytes().or(value.wasm_module_bytes());
                self.count_bytes(bytes.map_or(0, <[u8]>::len))?;
                match value.kind() {
                    Kind::View => self.view(value)?,
                    _ => self.bytes(bytes)?,
                }
            }
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
        if let Some(depth) = self.depth_of(index) {
            return self.cycle(depth);
        }
        if value.kind() == Kind::Array && value.has_properties() {
            // Those that are left out take time as well.
            self.count(value.properties().count() as u64)?;
        }
        if value.kind() == Kind::Error {
            // Older releases let parts repeat, and all are looked through for the last.
            self.count(value.error_parts().count() as u64)?;
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
        if let Some(open) = self.open.get_mut(index as usize) {
            *open = self.frames.len() as u32 + 1;
        }
        self.frames.push(Frame { index, cursor, state });
        Ok(())
    }

    fn error(&mut self, value: Value<'d, 'a>) -> Result<(), JsonError> {
        self.out.key("name")?;
        self.out.str(value.error_name().unwrap_or("Error"))?;
        for (key, text) in [("message", value.error_message()), ("stack", value.error_stack())] {
            if let Some(text) = text {
                self.count_bytes(text.as_bytes().len())?;
                self.out.key(key)?;
                self.out.text(&text)?;
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
            Next::Property(slot, value) => {
                match &doc.key_at(slot) {
                    Some(Key::Text(text)) => {
                        self.count_bytes(text.as_bytes().len())?;
                        self.out.item()?;
                        self.out.text(text)?;
                    }
                    Some(key) => {
                        self.out.item()?;
                        self.out.str(&key.to_str())?;
                    }
                    None => return self.count(1).map(|()| true),
                }
                self.out.colon()?;
                self.value(value)?;
            }
            Next::Named(name, value) => {
                self.out.item()?;
                match name {
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
            Next::Absent => self.count(1)?,
            Next::Bytes(bytes) => {
                self.count_bytes(bytes.len())?;
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
                if let Some(open) = self.open.get_mut(index as usize) {
                    *open = 0;
                }
                if !bracket.is_empty() {
                    self.out.close(bracket)?;
                }
            }
        }
        Ok(true)
    }

    /// How many containers are around the one at this node, if it is open.
    fn depth_of(&self, index: u32) -> Option<usize> {
        let depth = self.open.get(index as usize).copied().unwrap_or(0);
        (depth as usize).checked_sub(1)
    }

    /// The value is within itself: its node is open.
    fn cycle(&mut self, depth: usize) -> Result<(), JsonError> {
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
