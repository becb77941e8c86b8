//! The grammar, for writing: the one place that knows in which order things stand.
//!
//! Mirrors `ValueSerializer` in V8's `src/objects/value-serializer.cc`, and the reader's machine:
//! what that reports as events goes in here, in the same order. Counts at the ends of containers are
//! made here; those of the events are not looked at.

use alloc::vec::Vec;

use super::buffers::Buffer;
use super::error::{WriteError, WriteErrorKind};
use super::frame::{Class, Frame, FrameKind, Next, bounded, misuse};
use super::names::{Names, duplicate};
use super::options::WriteOptions;
use super::target::Target;
use crate::host::HostWriter;
use crate::read::event::Event;
use crate::view::ViewKind;
use crate::wire::output::Output;
use crate::wire::{ErrorTag, Tag};

pub(super) type Done<T = ()> = Result<T, WriteError>;

/// Whether what an engine would not write is changed to what it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Every event has one form on the wire, and that is written.
    AsGiven,
    /// The form that V8 would choose for the value: no UTF-8 strings, no unsigned numbers, flags behind
    /// views exactly where the version has them.
    AsV8,
}

/// The state of writing.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(super) out: Output,
    pub(super) options: WriteOptions,
    pub(super) form: Form,
    /// Whether all integers of 32 bits are written as such.
    pub(super) all_int32: bool,
    pub(super) version: u32,
    pub(super) frames: Vec<Frame>,
    pub(super) next_id: u32,
    /// Buffers by id, ascending.
    pub(super) buffers: Vec<(u32, Buffer)>,
    /// Ids of WebAssembly memories, ascending.
    pub(super) memories: Vec<u32>,
    /// The buffer that was written just now, or referred to: a view may follow.
    pub(super) view_of: Option<Buffer>,
    /// Buffers that are open, the innermost last.
    pub(super) open_buffers: Vec<u32>,
    pub(super) failed: Option<WriteError>,
    /// The keys of open objects, where they are compared.
    pub(super) names: Option<Names>,
    /// Whether errors take an id, as they do for all but a few old readers.
    errors_take_ids: bool,
}

impl Writer {
    pub(crate) fn new(options: WriteOptions, form: Form) -> Self {
        let version = options.version;
        let mut out = Output::new(options.byte_order);
        out.reserve(options.size_hint);
        let good = Writer::writes(form, version);
        Writer {
            out,
            options,
            form,
            all_int32: form == Form::AsGiven || options.smi_bits >= 32,
            version,
            frames: Vec::new(),
            next_id: 0,
            buffers: Vec::new(),
            memories: Vec::new(),
            view_of: None,
            open_buffers: Vec::new(),
            failed: (!good)
                .then(|| WriteError::new(WriteErrorKind::UnsupportedVersion { version })),
            names: None,
            errors_take_ids: options.target.is_none_or(Target::errors_take_ids),
        }
    }

    /// Runs `write`, unless something failed before; keeps what fails.
    #[inline(always)]
    pub(super) fn guard<T>(&mut self, write: impl FnOnce(&mut Self) -> Done<T>) -> Done<T> {
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

    /// That of the last header.
    pub(crate) fn version(&self) -> u32 {
        self.version
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
            if !Writer::writes(w.form, version) {
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

    /// A step of a delegate that writes a host object's payload.
    pub(crate) fn host_payload<T>(
        &mut self,
        token: &mut u32,
        step: u32,
        write: impl FnOnce(&mut HostWriter<'_>) -> T,
    ) -> Done<T> {
        self.guard(|w| {
            w.view_of = None;
            let mut host = HostWriter { out: &mut w.out, step, token: *token };
            let answer = write(&mut host);
            *token = host.token;
            Ok(answer)
        })
    }

    /// A view as Node's host object (SPEC.md 8.2).
    /// On Node's channels another varint stands before that (SPEC.md 8.7).
    pub(crate) fn host_view(&mut self, kind: ViewKind, data: &[u8], channel: bool) -> Done {
        self.guard(|w| {
            bounded("view", data.len() as u64, u32::MAX.into())?;
            if let Some(target) = w.options.target.filter(|target| !target.knows_host_view(kind)) {
                let what = "a view of this kind as a host object";
                return Err(WriteError::not_carried(target, (what, None)));
            }
            w.object(Tag::HOST_OBJECT)?;
            if channel {
                w.out.varint_u32(0);
            }
            w.out.varint_u32(kind as u32);
            w.out.varint(data.len() as u64);
            w.out.data(data);
            Ok(())
        })
    }

    /// The next event.
    #[inline]
    pub(crate) fn event(&mut self, event: Event<'_>) -> Done {
        self.guard(|w| w.put(event))
    }

    /// A payload whose last number says that it goes on, and ends here all the same (SPEC.md 1.3): at the end
    /// of data V8 refuses that (SPEC.md 1.4), and up to 9.4 it reads on.
    pub(crate) fn event_and_number(&mut self, event: Event<'_>) -> Done {
        // The bytes must be there.
        let limit = self.out.pass_on_from(usize::MAX);
        let result = self.event(event);
        self.out.pass_on_from(limit);
        result?;
        self.guard(|w| {
            if let Some(last) = w.out.bytes_mut().last_mut() {
                *last &= 0x7F;
            }
            Ok(())
        })
    }

    // Places.

    /// Readies the place for a value or a key.
    #[inline(always)]
    pub(super) fn slot(&mut self, class: Class) -> Done {
        self.view_of = None;
        match self.frames.last_mut() {
            Some(frame) => frame.slot(class),
            None if class == Class::Hole => misuse("a hole that is no element of a dense array"),
            None => Ok(()),
        }
    }

    /// An object takes the next id.
    #[inline]
    pub(super) fn take_id(&mut self) -> Done<u32> {
        let id = self.next_id;
        match id.checked_add(1) {
            Some(next) => self.next_id = next,
            None => bounded("object id", u64::from(id) + 1, id.into())?,
        }
        Ok(id)
    }

    pub(super) fn object(&mut self, tag: Tag) -> Done {
        self.slot(Class::Other)?;
        self.take_id()?;
        self.out.tag(tag);
        Ok(())
    }

    #[inline]
    pub(super) fn begin(&mut self, kind: FrameKind, tag: Tag, class: Class) -> Done {
        self.slot(class)?;
        if kind != FrameKind::Error || self.errors_take_ids {
            self.take_id()?;
        }
        self.out.tag(tag);
        self.frames.push(Frame::new(kind));
        if let Some(names) = &mut self.names {
            names.begin(kind);
        }
        Ok(())
    }

    pub(super) fn begin_array(&mut self, kind: FrameKind, tag: Tag, length: u32) -> Done {
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
    #[inline]
    pub(super) fn close(&mut self, kind: FrameKind) -> Done<(u32, u32)> {
        self.view_of = None;
        let Some(frame) = self.frames.last() else {
            return misuse("an end where nothing is open");
        };
        let counts = (frame.close(kind)?, frame.length);
        match &mut self.names {
            // To take the frame off as a whole would wait for its last count, written just now.
            None => self.frames.truncate(self.frames.len() - 1),
            Some(names) => {
                let depth = self.frames.len() as u32;
                if let Some(frame) = self.frames.pop()
                    && let Some(key) = names.end(frame, depth, self.out.order)
                {
                    return duplicate(key);
                }
            }
        }
        Ok(counts)
    }

    #[inline]
    pub(super) fn end_object(&mut self) -> Done {
        let (properties, _) = self.close(FrameKind::Object)?;
        self.out.tag(Tag::END_JS_OBJECT);
        self.out.varint_u32(properties);
        Ok(())
    }

    fn end_array(&mut self, kind: FrameKind, tag: Tag) -> Done {
        let (properties, length) = self.close(kind)?;
        self.out.tag(tag);
        self.out.varint_u32(properties);
        self.out.varint_u32(length);
        Ok(())
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
    pub(super) fn put(&mut self, event: Event<'_>) -> Done {
        if self.names.is_some() {
            return self.put_and_note(event);
        }
        self.put_any(event)
    }

    /// As [`put`](Self::put), with an eye on keys.
    #[inline(never)]
    fn put_and_note(&mut self, event: Event<'_>) -> Done {
        match event {
            Event::String(_) => {
                // Keys are compared by their bytes, which must be there.
                let (start, limit) = (self.out.len(), self.out.pass_on_from(usize::MAX));
                let result = self.put_any(event);
                self.out.pass_on_from(limit);
                result?;
                self.note(event, start)
            }
            Event::Int32(_) | Event::Double(_) | Event::Uint32(_) | Event::Hole => {
                let start = self.out.len();
                self.put_any(event)?;
                self.note(event, start)
            }
            _ => self.put_any(event),
        }
    }

    #[inline(always)]
    fn put_any(&mut self, event: Event<'_>) -> Done {
        match event {
            Event::Int32(value) => {
                self.slot(Class::Name)?;
                self.int32(value);
            }
            Event::Double(value) => {
                self.slot(Class::Name)?;
                self.out.tagged_double(Tag::DOUBLE, self.canonical(value));
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
            Event::ObjectEnd { .. } => self.end_object()?,
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
    pub(super) fn uncommon(&mut self, event: Event<'_>) -> Done {
        if let Some(target) = self.options.target
            && let Some(refusal) = target.refusal(&event, self.options.profile_of_values())
        {
            return Err(WriteError::not_carried(target, refusal));
        }
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
                self.inner_text(text)?;
            }
            Event::RegExp { pattern, flags } => {
                self.object(Tag::REGEXP)?;
                self.inner_text(pattern)?;
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
            Event::HostObjectBegin { legacy_tag: Some(_) } if self.form == Form::AsGiven => {
                // The payload begins with that tag (SPEC.md 6.9).
                self.slot(Class::Other)?;
                self.take_id()?;
                self.frames.push(Frame::new(FrameKind::Host));
            }
            Event::HostObjectBegin { .. } => {
                self.begin(FrameKind::Host, Tag::HOST_OBJECT, Class::Other)?;
            }
            Event::HostBytes(bytes) => {
                if self.frames.last().is_none_or(|frame| frame.kind != FrameKind::Host) {
                    return misuse("payload outside of a host object");
                }
                self.view_of = None;
                self.out.data(bytes);
            }
            Event::HostView { payload, .. } => {
                self.object(Tag::HOST_OBJECT)?;
                self.out.data(payload);
            }
            Event::HostObjectEnd => drop(self.close(FrameKind::Host)?),
            _ => return self.buffers(event),
        }
        Ok(())
    }
}
