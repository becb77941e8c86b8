//! The grammar, for writing: the one place that knows in which order things stand.
//!
//! Mirrors `ValueSerializer` in V8's `src/objects/value-serializer.cc`, and the reader's machine:
//! what that reports as events goes in here, in the same order. Counts at the ends of containers are
//! made here; those of the events are not looked at.

use alloc::vec::Vec;

use super::error::{WriteError, WriteErrorKind};
use super::frame::{Class, Frame, FrameKind, Next, bounded, misuse};
use super::options::WriteOptions;
use crate::read::event::{BigInt, ErrorPart, Event};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::output::Output;
use crate::wire::{ErrorTag, Tag};

type Done<T = ()> = Result<T, WriteError>;

/// The longest string of V8 in UTF-16 units (SPEC.md 3.8.6).
const MAX_STRING_UNITS: u64 = (1 << 29) - 24;
/// The longest bigint of V8 in bytes (SPEC.md 3.7.4).
const MAX_BIGINT_BYTES: u64 = ((1 << 30) - 1) / 64 * 8;
/// The longest buffer of V8 in bytes.
const MAX_BYTE_LENGTH: u64 = (1 << 53) - 1;

/// Whether what an engine would not write is changed to what it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Every event has one form on the wire, and that is written.
    AsGiven,
    /// The form that V8 would choose for the value: no UTF-8 strings, no unsigned numbers, flags behind
    /// views exactly where the version has them.
    AsV8,
}

/// What views need to know of their buffer.
#[derive(Clone, Copy, Debug)]
struct Buffer {
    /// `None` where nobody knows.
    length: Option<u64>,
    /// `None` where nobody knows.
    resizable: Option<bool>,
    shared: bool,
}

/// The state of writing.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    out: Output,
    options: WriteOptions,
    form: Form,
    version: u32,
    frames: Vec<Frame>,
    next_id: u32,
    /// Buffers by id, ascending.
    buffers: Vec<(u32, Buffer)>,
    /// The buffer that was written just now, or referred to: a view may follow.
    view_of: Option<Buffer>,
    /// Buffers that are open, the innermost last.
    open_buffers: Vec<u32>,
    failed: Option<WriteError>,
}

#[cold]
fn invalid_view<T>(reason: &'static str) -> Done<T> {
    Err(WriteError::new(WriteErrorKind::InvalidView { reason }))
}

impl Writer {
    pub(crate) fn new(options: WriteOptions, form: Form) -> Self {
        let version = options.version;
        let mut out = Output::new(options.byte_order);
        out.reserve(options.size_hint);
        let good = (13..=16).contains(&version);
        Writer {
            out,
            options,
            form,
            version,
            frames: Vec::new(),
            next_id: 0,
            buffers: Vec::new(),
            view_of: None,
            open_buffers: Vec::new(),
            failed: (!good)
                .then(|| WriteError::new(WriteErrorKind::UnsupportedVersion { version })),
        }
    }

    /// Runs `write`, unless something failed before; keeps what fails.
    #[inline(always)]
    fn guard<T>(&mut self, write: impl FnOnce(&mut Self) -> Done<T>) -> Done<T> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = write(self);
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }

    /// Makes all further writes fail.
    pub(crate) fn fail(&mut self, error: WriteError) -> WriteError {
        self.failed = Some(error.clone());
        error
    }

    pub(crate) fn options(&self) -> &WriteOptions {
        &self.options
    }

    /// The id that the next object gets.
    pub(crate) fn next_id(&self) -> u32 {
        self.next_id
    }

    /// How many containers are open.
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// How many bytes have been written.
    pub(crate) fn position(&self) -> usize {
        self.out.len()
    }

    /// All bytes.
    pub(crate) fn finish(self) -> Done<Vec<u8>> {
        match self.failed {
            Some(error) => Err(error),
            None if !self.frames.is_empty() => misuse("released while a container is open"),
            None => Ok(self.out.into_bytes()),
        }
    }

    /// A header (SPEC.md 2.1). Several may stand in one stream.
    pub(crate) fn header(&mut self, version: u32) -> Done {
        self.guard(|w| {
            if !w.frames.is_empty() {
                return misuse("a header within a value");
            }
            if !(13..=16).contains(&version) {
                return Err(WriteError::new(WriteErrorKind::UnsupportedVersion { version }));
            }
            w.version = version;
            w.view_of = None;
            w.out.tag(Tag::VERSION);
            w.out.varint_u32(version);
            Ok(())
        })
    }

    /// Bytes that are no value: between values, or in the payload of a host object.
    pub(crate) fn raw(&mut self, write: impl FnOnce(&mut Output)) -> Done {
        self.guard(|w| {
            if w.frames.last().is_some_and(|frame| frame.kind != FrameKind::Host) {
                return misuse("raw data within a value that is no host object");
            }
            w.view_of = None;
            write(&mut w.out);
            Ok(())
        })
    }

    /// A view as Node's host object (SPEC.md 8.2).
    pub(crate) fn host_view(&mut self, kind: ViewKind, data: &[u8]) -> Done {
        self.guard(|w| {
            bounded("view", data.len() as u64, u32::MAX.into())?;
            w.object(Tag::HOST_OBJECT)?;
            w.out.varint_u32(kind as u32);
            w.out.varint(data.len() as u64);
            w.out.raw(data);
            Ok(())
        })
    }

    /// The form of a shared buffer's WebAssembly memory behind the buffer written just now: V8 13.6 to
    /// 14.x say that its length is fixed, and not what it is.
    pub(crate) fn wasm_fixed(&mut self) -> Done {
        self.guard(|w| {
            w.out.byte(b'f');
            Ok(())
        })
    }

    /// The next event.
    #[inline]
    pub(crate) fn event(&mut self, event: Event<'_>) -> Done {
        self.guard(|w| w.put(event))
    }

    // Places.

    /// Readies the place for a value or a key.
    #[inline(always)]
    fn slot(&mut self, class: Class) -> Done {
        self.view_of = None;
        match self.frames.last_mut() {
            Some(frame) => frame.slot(class),
            None if class == Class::Hole => misuse("a hole that is no element of a dense array"),
            None => Ok(()),
        }
    }

    /// An object takes the next id.
    fn take_id(&mut self) -> Done<u32> {
        let id = self.next_id;
        match id.checked_add(1) {
            Some(next) => self.next_id = next,
            None => bounded("object id", u64::from(id) + 1, id.into())?,
        }
        Ok(id)
    }

    fn object(&mut self, tag: Tag) -> Done {
        self.slot(Class::Other)?;
        self.take_id()?;
        self.out.tag(tag);
        Ok(())
    }

    fn begin(&mut self, kind: FrameKind, tag: Tag, class: Class) -> Done {
        self.slot(class)?;
        self.take_id()?;
        self.out.tag(tag);
        self.frames.push(Frame::new(kind));
        Ok(())
    }

    fn begin_array(&mut self, kind: FrameKind, tag: Tag, length: u32) -> Done {
        self.begin(kind, tag, Class::Other)?;
        self.out.varint_u32(length);
        if let Some(frame) = self.frames.last_mut() {
            frame.length = length;
            if kind == FrameKind::Dense {
                frame.next = Next::Element;
            }
        }
        Ok(())
    }

    /// Ends the innermost container, which must be of this kind. Gives its count and length.
    fn close(&mut self, kind: FrameKind) -> Done<(u32, u32)> {
        self.view_of = None;
        let Some(frame) = self.frames.last() else {
            return misuse("an end where nothing is open");
        };
        let counts = (frame.close(kind)?, frame.length);
        self.frames.pop();
        Ok(counts)
    }

    /// Ends the innermost container, whatever it is.
    pub(crate) fn end(&mut self) -> Done {
        let Some(frame) = self.frames.last() else {
            return self.guard(|_| misuse("an end where nothing is open"));
        };
        self.event(match frame.kind {
            FrameKind::Object => Event::ObjectEnd { properties: 0 },
            FrameKind::Sparse => Event::SparseArrayEnd { properties: 0, length: 0 },
            FrameKind::Dense => Event::DenseArrayEnd { properties: 0, length: 0 },
            FrameKind::Map => Event::MapEnd { length: 0 },
            FrameKind::Set => Event::SetEnd { length: 0 },
            FrameKind::Error => Event::ErrorEnd,
            FrameKind::WasmMemory => Event::WasmMemoryEnd,
            FrameKind::WasmShared => Event::WasmSharedArrayBufferEnd,
            FrameKind::Host => Event::HostObjectEnd,
        })
    }

    // The grammar.

    #[inline(always)]
    fn put(&mut self, event: Event<'_>) -> Done {
        match event {
            Event::Int32(value) => {
                self.slot(Class::Name)?;
                self.int32(value);
            }
            Event::Double(value) => {
                self.slot(Class::Name)?;
                self.out.tag(Tag::DOUBLE);
                self.double(value);
            }
            Event::String(text) => {
                self.slot(Class::Name)?;
                self.text(text)?;
            }
            Event::Bool(true) => self.oddball(Tag::TRUE)?,
            Event::Bool(false) => self.oddball(Tag::FALSE)?,
            Event::Null => self.oddball(Tag::NULL)?,
            Event::Undefined => self.oddball(Tag::UNDEFINED)?,
            Event::ObjectBegin => {
                self.begin(FrameKind::Object, Tag::BEGIN_JS_OBJECT, Class::Other)?;
            }
            Event::ObjectEnd { .. } => {
                let (properties, _) = self.close(FrameKind::Object)?;
                self.out.tag(Tag::END_JS_OBJECT);
                self.out.varint_u32(properties);
            }
            Event::DenseArrayBegin { length } => {
                self.begin_array(FrameKind::Dense, Tag::BEGIN_DENSE_JS_ARRAY, length)?;
            }
            Event::DenseArrayEnd { .. } => {
                self.end_array(FrameKind::Dense, Tag::END_DENSE_JS_ARRAY)?;
            }
            _ => return self.uncommon(event),
        }
        Ok(())
    }

    #[inline(never)]
    fn uncommon(&mut self, event: Event<'_>) -> Done {
        match event {
            Event::Hole => {
                self.slot(Class::Hole)?;
                self.out.tag(Tag::HOLE);
            }
            Event::Uint32(value) => {
                self.slot(Class::Name)?;
                self.uint32(value);
            }
            Event::BigInt(value) => {
                self.slot(Class::Other)?;
                self.out.tag(Tag::BIGINT);
                self.bigint(value)?;
            }
            Event::Reference(id) => self.reference(id)?,
            Event::SparseArrayBegin { length } => {
                self.begin_array(FrameKind::Sparse, Tag::BEGIN_SPARSE_JS_ARRAY, length)?;
            }
            Event::SparseArrayEnd { .. } => {
                self.end_array(FrameKind::Sparse, Tag::END_SPARSE_JS_ARRAY)?;
            }
            Event::MapBegin => self.begin(FrameKind::Map, Tag::BEGIN_JS_MAP, Class::Other)?,
            Event::MapEnd { .. } => {
                let (length, _) = self.close(FrameKind::Map)?;
                self.out.tag(Tag::END_JS_MAP);
                self.out.varint_u32(length);
            }
            Event::SetBegin => self.begin(FrameKind::Set, Tag::BEGIN_JS_SET, Class::Other)?,
            Event::SetEnd { .. } => {
                let (length, _) = self.close(FrameKind::Set)?;
                self.out.tag(Tag::END_JS_SET);
                self.out.varint_u32(length);
            }
            Event::Date(value) => {
                self.object(Tag::DATE)?;
                self.double(value);
            }
            Event::BooleanObject(true) => self.object(Tag::TRUE_OBJECT)?,
            Event::BooleanObject(false) => self.object(Tag::FALSE_OBJECT)?,
            Event::NumberObject(value) => {
                self.object(Tag::NUMBER_OBJECT)?;
                self.double(value);
            }
            Event::BigIntObject(value) => {
                self.object(Tag::BIGINT_OBJECT)?;
                self.bigint(value)?;
            }
            Event::StringObject(text) => {
                self.object(Tag::STRING_OBJECT)?;
                self.text(text)?;
            }
            Event::RegExp { pattern, flags } => {
                self.object(Tag::REGEXP)?;
                self.text(pattern)?;
                self.out.varint_u32(flags);
            }
            Event::ErrorBegin => self.begin(FrameKind::Error, Tag::ERROR, Class::Other)?,
            Event::ErrorPart(part) => self.error_part(part)?,
            Event::ErrorEnd => {
                self.close(FrameKind::Error)?;
                self.out.byte(ErrorTag::END.0);
            }
            Event::SharedObject { id } => {
                self.needs("a shared object", 15)?;
                self.slot(Class::Other)?;
                // No id: V8's writer takes one, but its reader does not (SPEC.md 4.3).
                self.out.tag(Tag::SHARED_OBJECT);
                self.out.varint_u32(id);
            }
            Event::HostObjectBegin { .. } => {
                self.begin(FrameKind::Host, Tag::HOST_OBJECT, Class::Other)?;
            }
            Event::HostBytes(bytes) => {
                if self.frames.last().is_none_or(|frame| frame.kind != FrameKind::Host) {
                    return misuse("payload outside of a host object");
                }
                self.view_of = None;
                self.out.raw(bytes);
            }
            Event::HostView { payload, .. } => {
                self.object(Tag::HOST_OBJECT)?;
                self.out.raw(payload);
            }
            Event::HostObjectEnd => drop(self.close(FrameKind::Host)?),
            _ => return self.buffers(event),
        }
        Ok(())
    }

    fn buffers(&mut self, event: Event<'_>) -> Done {
        let buffer = |length, resizable| Buffer {
            length: Some(length),
            resizable: Some(resizable),
            shared: false,
        };
        let elsewhere = |shared| Buffer { length: None, resizable: None, shared };
        match event {
            Event::ArrayBuffer(data) => {
                let length = data.len() as u64;
                self.buffer(Tag::ARRAY_BUFFER, Class::Other, buffer(length, false))?;
                self.length("array buffer", length)?;
                self.out.raw(data);
            }
            Event::ImmutableArrayBuffer(data) => {
                let length = data.len() as u64;
                self.buffer(Tag::IMMUTABLE_ARRAY_BUFFER, Class::Other, buffer(length, false))?;
                self.length("array buffer", length)?;
                self.out.raw(data);
            }
            Event::ResizableArrayBuffer { data, max_byte_length } => {
                let length = data.len() as u64;
                self.buffer(Tag::RESIZABLE_ARRAY_BUFFER, Class::Other, buffer(length, true))?;
                bounded("length of resizable array buffer", length, max_byte_length)?;
                self.length("array buffer", length)?;
                self.length("maximum of array buffer", max_byte_length)?;
                self.out.raw(data);
            }
            Event::TransferredArrayBuffer { id } => {
                // What is given under the id may as well be a shared buffer.
                self.buffer(Tag::ARRAY_BUFFER_TRANSFER, Class::Other, elsewhere(false))?;
                self.out.varint_u32(id);
            }
            Event::SharedArrayBuffer { id, wasm_length } => {
                let shared = Buffer { length: wasm_length, ..elsewhere(true) };
                self.buffer(Tag::SHARED_ARRAY_BUFFER, Class::SharedBuffer, shared)?;
                self.out.varint_u32(id);
                if let Some(length) = wasm_length {
                    self.out.byte(b'f');
                    self.out.varint(length);
                }
            }
            Event::WasmSharedArrayBufferBegin { id } => {
                let object = self.next_id;
                let kind = FrameKind::WasmShared;
                self.begin(kind, Tag::SHARED_ARRAY_BUFFER, Class::SharedBuffer)?;
                self.buffers.push((object, elsewhere(true)));
                self.open_buffers.push(object);
                self.out.varint_u32(id);
                self.out.byte(b'r');
            }
            Event::WasmSharedArrayBufferEnd => {
                self.close(FrameKind::WasmShared)?;
                if let Some(object) = self.open_buffers.pop() {
                    self.may_view(self.buffer_of(object));
                }
            }
            Event::View { kind, byte_offset, byte_length, flags } => {
                self.view(kind, byte_offset, byte_length, flags)?;
            }
            Event::WasmModuleTransfer { id } => {
                self.object(Tag::WASM_MODULE_TRANSFER)?;
                self.out.varint_u32(id);
            }
            Event::WasmModule { wire_bytes, compiled } => {
                self.object(Tag::WASM_MODULE)?;
                self.out.byte(b'y');
                for bytes in [wire_bytes, compiled] {
                    bounded("wasm module", bytes.len() as u64, u32::MAX.into())?;
                    self.out.varint(bytes.len() as u64);
                    self.out.raw(bytes);
                }
            }
            Event::WasmMemoryBegin { maximum_pages, memory64 } => {
                let kind = FrameKind::WasmMemory;
                self.begin(kind, Tag::WASM_MEMORY_TRANSFER, Class::WasmMemory)?;
                self.out.zigzag(maximum_pages);
                if self.options.memory64_byte {
                    self.out.byte(memory64.into());
                } else if memory64 {
                    return misuse("a memory of 64 bits without the byte that says so");
                }
            }
            Event::WasmMemoryEnd => drop(self.close(FrameKind::WasmMemory)?),
            _ => return misuse("an event that this writer does not know"),
        }
        Ok(())
    }

    // Parts of values.

    fn needs(&self, what: &'static str, needs: u32) -> Done {
        if self.version < needs {
            let kind = WriteErrorKind::VersionTooOld { what, needs, version: self.version };
            return Err(WriteError::new(kind));
        }
        Ok(())
    }

    #[inline(always)]
    fn oddball(&mut self, tag: Tag) -> Done {
        self.slot(Class::Other)?;
        self.out.tag(tag);
        Ok(())
    }

    #[inline(always)]
    fn int32(&mut self, value: i32) {
        if self.form == Form::AsGiven || self.options.is_smi(value) {
            self.out.tag(Tag::INT32);
            self.out.zigzag(value);
        } else {
            self.out.tag(Tag::DOUBLE);
            self.out.double(value.into());
        }
    }

    fn uint32(&mut self, value: u32) {
        if self.form == Form::AsGiven {
            self.out.tag(Tag::UINT32);
            self.out.varint_u32(value);
            return;
        }
        match i32::try_from(value) {
            Ok(value) => self.int32(value),
            Err(_) => {
                self.out.tag(Tag::DOUBLE);
                self.out.double(value.into());
            }
        }
    }

    fn double(&mut self, value: f64) {
        let canonical = self.form == Form::AsV8 && value.is_nan();
        self.out.double(if canonical { f64::from_bits(0x7FF8 << 48) } else { value });
    }

    fn text(&mut self, text: Text<'_>) -> Done {
        let what = "string length in units";
        match text {
            Text::OneByte(bytes) => {
                bounded(what, bytes.len() as u64, MAX_STRING_UNITS)?;
                self.out.one_byte(bytes);
            }
            Text::TwoByte(bytes, order) => {
                let units = bytes.len() / 2;
                bounded(what, units as u64, MAX_STRING_UNITS)?;
                self.out.two_byte_head(2 * units);
                if order == self.out.order {
                    self.out.raw(bytes.get(..2 * units).unwrap_or(bytes));
                } else {
                    self.out.units(text.units());
                }
            }
            Text::Utf8(bytes) if self.form == Form::AsGiven => {
                bounded("bytes of string", bytes.len() as u64, u32::MAX.into())?;
                self.out.tag(Tag::UTF8_STRING);
                self.out.varint(bytes.len() as u64);
                self.out.raw(bytes);
            }
            Text::Utf8(bytes) if bytes.is_ascii() => return self.text(Text::OneByte(bytes)),
            Text::Utf8(_) => {
                let (mut units, mut all) = (0usize, 0u16);
                for unit in text.units() {
                    units += 1;
                    all |= unit;
                }
                bounded(what, units as u64, MAX_STRING_UNITS)?;
                if all < 0x100 {
                    self.out.tag(Tag::ONE_BYTE_STRING);
                    self.out.varint(units as u64);
                    for unit in text.units() {
                        self.out.byte(unit as u8);
                    }
                } else {
                    self.out.two_byte_head(2 * units);
                    self.out.units(text.units());
                }
            }
        }
        Ok(())
    }

    /// V8 writes whole words of 64 bits, none of them a leading zero, and no sign of zero.
    fn bigint(&mut self, value: BigInt<'_>) -> Done {
        let BigInt { mut negative, mut digits } = value;
        let mut padding = 0;
        if self.form == Form::AsV8 {
            let end = digits.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            digits = digits.get(..end).unwrap_or_default();
            padding = digits.len().next_multiple_of(8) - digits.len();
            negative &= !digits.is_empty();
        }
        let length = (digits.len() + padding) as u64;
        bounded("bigint length", length, MAX_BIGINT_BYTES)?;
        self.out.varint(length << 1 | u64::from(negative));
        self.out.raw(digits);
        self.out.raw([0; 8].get(..padding).unwrap_or_default());
        Ok(())
    }

    fn reference(&mut self, id: u32) -> Done {
        self.slot(Class::Reference)?;
        if id >= self.next_id {
            let kind = WriteErrorKind::InvalidReference { id, known: self.next_id };
            return Err(WriteError::new(kind));
        }
        self.out.tag(Tag::OBJECT_REFERENCE);
        self.out.varint_u32(id);
        self.may_view(self.buffer_of(id));
        Ok(())
    }

    fn buffer_of(&self, id: u32) -> Option<Buffer> {
        let index = self.buffers.binary_search_by_key(&id, |entry| entry.0).ok()?;
        self.buffers.get(index).map(|entry| entry.1)
    }

    fn end_array(&mut self, kind: FrameKind, tag: Tag) -> Done {
        let (properties, length) = self.close(kind)?;
        self.out.tag(tag);
        self.out.varint_u32(properties);
        self.out.varint_u32(length);
        Ok(())
    }

    fn error_part(&mut self, part: ErrorPart<'_>) -> Done {
        self.view_of = None;
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.kind == FrameKind::Error)
        else {
            return misuse("part of an error outside of one");
        };
        if frame.next == Next::Value {
            return misuse("part of an error in the place of its cause");
        }
        let (code, stage) = match part {
            ErrorPart::Prototype(tag) => (tag, 1),
            ErrorPart::Message(_) => (ErrorTag::MESSAGE, 2),
            ErrorPart::Stack(_) => (ErrorTag::STACK, 3),
            ErrorPart::Cause => (ErrorTag::CAUSE, 4),
        };
        // V8 from 12.4 on takes one order only (SPEC.md 3.24.4).
        if self.form == Form::AsV8 && stage <= frame.count {
            return misuse("part of an error behind one that it must precede");
        }
        frame.count = stage;
        frame.next = if part == ErrorPart::Cause { Next::Value } else { Next::Key };
        let is_prototype = code.name().is_some_and(|name| name.ends_with("prototype"));
        if stage == 1 && !is_prototype {
            return misuse("no class of error has this tag");
        }
        self.out.byte(code.0);
        match part {
            ErrorPart::Message(text) | ErrorPart::Stack(text) => self.text(text),
            ErrorPart::Prototype(_) | ErrorPart::Cause => Ok(()),
        }
    }

    // Buffers and views.

    /// A length or an offset of a buffer: 32 bits wide below version 16.
    fn length(&mut self, what: &'static str, length: u64) -> Done {
        let max = if self.version < 16 { u32::MAX.into() } else { MAX_BYTE_LENGTH };
        bounded(what, length, max)?;
        self.out.varint(length);
        Ok(())
    }

    fn buffer(&mut self, tag: Tag, class: Class, buffer: Buffer) -> Done {
        self.slot(class)?;
        let id = self.take_id()?;
        self.out.tag(tag);
        self.buffers.push((id, buffer));
        self.may_view(Some(buffer));
        Ok(())
    }

    /// A view may follow, unless the buffer is that of a memory.
    fn may_view(&mut self, buffer: Option<Buffer>) {
        let of_memory = self.frames.last().is_some_and(|frame| frame.kind == FrameKind::WasmMemory);
        self.view_of = buffer.filter(|_| !of_memory);
    }

    fn view(&mut self, kind: ViewKind, offset: u64, length: u64, flags: Option<u32>) -> Done {
        let Some(buffer) = self.view_of.take() else {
            return misuse("a view that does not follow its buffer");
        };
        let all = buffer.length.unwrap_or(MAX_BYTE_LENGTH);
        if offset > all || length > all - offset {
            return invalid_view("ends behind the end of its buffer");
        }
        let size = kind.element_size() as u64;
        if offset % size != 0 || length % size != 0 {
            return invalid_view("is no whole number of elements");
        }
        let as_v8 = self.form == Form::AsV8;
        let (given, given_flags) = (flags.unwrap_or(0), flags.is_some());
        let tracking = given & 1 != 0;
        if tracking && buffer.resizable == Some(false) {
            return invalid_view("tracks the length of a buffer that is not resizable");
        }
        // Bit 1 says that the buffer is resizable, and is clear over shared ones (SPEC.md 3.23.6).
        let resizable = match buffer.resizable {
            _ if buffer.shared => false,
            Some(resizable) => resizable,
            None => given & 2 != 0,
        };
        let needed = u32::from(tracking) | u32::from(resizable) << 1;
        let (flags, length) = match flags {
            _ if as_v8 => (needed, if tracking { 0 } else { length }),
            Some(flags) => (flags, length),
            None => (needed, length),
        };
        let has_flags = self.version >= 14 || (!as_v8 && given_flags);
        if !has_flags && needed != 0 {
            self.needs("a view of a resizable array buffer", 14)?;
        }
        self.take_id()?;
        self.out.tag(Tag::ARRAY_BUFFER_VIEW);
        self.out.byte(kind.tag().0);
        self.length("offset of view", offset)?;
        self.length("length of view", length)?;
        if has_flags {
            self.out.varint_u32(flags);
        }
        Ok(())
    }
}
