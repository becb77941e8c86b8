//! The grammar: the one place that knows what follows a tag.
//!
//! Mirrors `ValueDeserializer::ReadObjectInternal` and what it calls in V8's
//! `src/objects/value-serializer.cc`, with an explicit stack in place of recursion. The rules are
//! those of SPEC.md, by number in the comments.

use alloc::vec::Vec;

use super::event::{ErrorPart, Event, Span};
use super::frame::{Frame, FrameKind, Next};
use super::keys::Keys;
use super::legacy::Legacy;
use super::rules::Rules;
use super::scalar::{self, Bounds, Key};
use super::views::Buffer;
use crate::error::{Error, ErrorKind};
use crate::host::{Delegate, HostFault, HostReader, HostStep};
use crate::options::{Externals, Host, Limits, ParseOptions};
use crate::text::Text;
use crate::wire::input::Input;
use crate::wire::tag::{ErrorTag, Tag};
use crate::wire::varint::unzigzag;
use crate::wire::version::Version;

/// Where events go.
///
/// Inlined at each place that makes an event, so that the kind of event is known there.
pub(crate) trait Sink<'a> {
    fn event(&mut self, event: Event<'a>, span: Span);

    /// A container of version 0 begins, which takes no id: a sparse array of this length, or an object.
    #[inline]
    fn legacy_begin(&mut self, length: Option<u32>, span: Span) {
        match length {
            Some(length) => self.event(Event::SparseArrayBegin { length }, span),
            None => self.event(Event::ObjectBegin, span),
        }
    }

    /// An object count, which means nothing (SPEC.md 3.29.1).
    fn object_count(&mut self, _count: u32, _span: Span) {}
}

/// Events go nowhere: validation.
impl<'a> Sink<'a> for () {
    #[inline(always)]
    fn event(&mut self, _: Event<'a>, _: Span) {}
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    Ready,
    Running,
}

/// The state of reading.
#[derive(Clone)]
pub(crate) struct Machine<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) rules: Rules,
    pub(crate) options: ParseOptions,
    host: Host,
    pub(crate) version: Version,
    pub(crate) frames: Vec<Frame>,
    pub(crate) keys: Keys,
    bounds: Bounds,
    unique_keys: bool,
    /// Absent elements of open dense arrays: depth and index.
    holes: Vec<(u32, u32)>,
    pub(crate) next_id: u32,
    /// Ids that are taken but not yet usable, ascending.
    incomplete: Vec<u32>,
    /// Buffers by id, ascending.
    pub(crate) buffers: Vec<(u32, Buffer)>,
    /// Values that may still be read.
    nodes_left: u32,
    root: Root,
    /// Where the value being read has its tag.
    value_start: usize,
    /// Whether views of version 13 carry flags, once that is known.
    pub(super) view_flags: Option<bool>,
    pub(super) legacy: Option<Legacy>,
}

/// What is kept from one parse to the next, so that the next allocates nothing.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) options: ParseOptions,
    frames: Vec<Frame>,
    keys: Keys,
    buffers: Vec<(u32, Buffer)>,
}

impl Scratch {
    pub(crate) fn new(options: ParseOptions) -> Self {
        Scratch { options, ..Self::default() }
    }
}

impl<'a> Machine<'a> {
    pub(crate) fn new(data: &'a [u8], options: &ParseOptions) -> Self {
        Self::with_scratch(data, Scratch::new(options.clone()))
    }

    pub(crate) fn with_scratch(data: &'a [u8], scratch: Scratch) -> Self {
        let Scratch { options, mut frames, mut keys, mut buffers } = scratch;
        let rules = Rules::new(&options);
        frames.clear();
        keys.clear();
        buffers.clear();
        let mut input = Input::new(data, options.byte_order);
        input.endless_varints = rules.endless_varints();
        Machine {
            input,
            rules,
            host: options.host(),
            version: Version(options.headerless_version.unwrap_or(0)),
            frames,
            keys,
            bounds: Bounds {
                bytes: options.limits.bytes,
                negative_zero: rules.negative_zero(),
                bigint_length_mask: rules.bigint_length_mask(),
            },
            unique_keys: rules.unique_keys(),
            holes: Vec::new(),
            next_id: 0,
            incomplete: Vec::new(),
            buffers,
            nodes_left: options.limits.nodes.min(Limits::MAX_NODES),
            root: Root::Ready,
            value_start: 0,
            view_flags: None,
            legacy: None,
            options,
        }
    }

    pub(crate) fn into_scratch(self) -> Scratch {
        let Machine { options, frames, keys, buffers, .. } = self;
        Scratch { options, frames, keys, buffers }
    }

    /// Reads a header if there is one (`ReadHeader`; SPEC.md 2.1 to 2.5).
    pub(crate) fn header(&mut self) -> Result<bool, Error> {
        let start = self.input.pos();
        let has_header = self.input.data().get(start) == Some(&Tag::VERSION.0);
        let (min, max) = (self.options.minimum_version, self.rules.latest_version());
        if has_header {
            self.input.set_pos(start + 1);
            self.version = Version(self.input.varint_u32("version")?);
        }
        let version = self.version.0;
        if version > max || version < min {
            let kind = ErrorKind::UnsupportedVersion { version, min, max };
            return Err(Error::new(start + usize::from(has_header), kind));
        }
        Ok(has_header)
    }

    /// Readies for the next value; ids run on, as in V8 (SPEC.md 2.7, 4.7).
    pub(crate) fn begin_value(&mut self) {
        self.frames.clear();
        self.keys.clear();
        self.holes.clear();
        self.incomplete.clear();
        self.root = Root::Ready;
        self.view_flags = None;
        self.legacy = None;
    }

    /// Reads on to the end of the value.
    #[inline(always)]
    pub(crate) fn run<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<(), Error> {
        while self.step(sink)? {}
        Ok(())
    }

    /// Reads one step: mostly one event, two where a view follows its buffer. `false` when the value
    /// is complete.
    #[inline(always)]
    pub(crate) fn step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        self.advance(sink).map_err(|error| self.placed(error))
    }

    #[inline(always)]
    fn advance<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last_mut() else {
            return self.root(sink);
        };
        match (frame.kind(), frame.next()) {
            (FrameKind::Dense, Next::Element) => {
                if frame.count == frame.length {
                    frame.count = 0;
                    frame.set_next(Next::Key);
                    return self.property(sink);
                }
                frame.count += 1;
                let tag = self.next_tag("element of array")?;
                // Holes count only where nothing but padding is in front of them (SPEC.md 3.3.2).
                if tag == Tag::HOLE.0 {
                    return self.hole(sink);
                }
                let tag = self.skip_counts(tag, sink)?;
                if tag == Tag::UNDEFINED.0 && self.version.undefined_is_hole() {
                    return self.hole(sink);
                }
                self.value(tag, sink)
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, Next::Value) => {
                frame.set_next(Next::Key);
                self.any_value(sink)
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, _) => self.property(sink),
            _ => self.uncommon(sink),
        }
    }

    /// A value in a container that is no object or array.
    #[inline(never)]
    fn uncommon<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last_mut() else {
            return self.root(sink);
        };
        match frame.kind() {
            FrameKind::Map | FrameKind::Set => {
                let map = frame.kind() == FrameKind::Map;
                if map && frame.next() == Next::Value {
                    frame.set_next(Next::Key);
                    return self.any_value(sink);
                }
                let tag = self.next_tag_or_end("entry of map or set")?;
                if tag == if map { Tag::END_JS_MAP.0 } else { Tag::END_JS_SET.0 } {
                    return self.end_collection(map, sink);
                }
                if let Some(frame) = self.frames.last_mut() {
                    frame.count += 1;
                    if map {
                        frame.set_next(Next::Value);
                    }
                }
                let tag = self.skip_counts(tag, sink)?;
                self.value(tag, sink)
            }
            FrameKind::Error => self.error_part(sink),
            FrameKind::Host => self.host_step(sink),
            FrameKind::WasmMemory | FrameKind::WasmShared => self.wasm_child(sink),
            FrameKind::LegacyObject | FrameKind::LegacySparse => self.legacy_step(sink),
            FrameKind::Object | FrameKind::Sparse | FrameKind::Dense => self.any_value(sink),
        }
    }

    #[inline(never)]
    fn root<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if self.root == Root::Running {
            if self.legacy.is_some() {
                // Version 0 has nothing behind its value but padding.
                self.input.set_pos(self.input.data().len());
            }
            return Ok(false);
        }
        self.root = Root::Running;
        if self.version.0 == 0 {
            return self.legacy_begin(sink);
        }
        self.any_value(sink)
    }

    #[inline(always)]
    fn next_tag(&mut self, what: &'static str) -> Result<u8, Error> {
        let Some(tag) = self.input.tag() else { return Err(self.end_of_input(what)) };
        self.value_start = self.input.pos() - 1;
        Ok(tag)
    }

    /// Between two entries: what is missing there is missing in the container.
    #[inline(always)]
    fn next_tag_or_end(&mut self, what: &'static str) -> Result<u8, Error> {
        match self.next_tag(what) {
            Ok(tag) => Ok(tag),
            Err(error) => Err(self.placed_at_container(error)),
        }
    }

    #[cold]
    fn end_of_input(&mut self, what: &'static str) -> Error {
        self.value_start = self.input.pos();
        let kind = ErrorKind::UnexpectedEnd { what, size: None, missing: 1 };
        Error::new(self.input.pos(), kind)
    }

    #[inline(always)]
    pub(super) fn any_value<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let tag = self.next_tag("value")?;
        let tag = self.skip_counts(tag, sink)?;
        self.value(tag, sink)
    }

    /// Object counts in front of a value: read and ignored, however many (SPEC.md 3.29.1).
    #[inline(always)]
    fn skip_counts<S: Sink<'a>>(&mut self, mut tag: u8, sink: &mut S) -> Result<u8, Error> {
        while tag == Tag::OBJECT_COUNT.0 {
            let count = self.input.varint_u32("object count")?;
            sink.object_count(count, self.span());
            tag = self.next_tag("value")?;
        }
        Ok(tag)
    }

    /// From the tag of the value being read to here.
    #[inline(always)]
    pub(super) fn span(&self) -> Span {
        Span { start: self.value_start, end: self.input.pos() }
    }

    pub(super) fn set_value_start(&mut self, start: usize) {
        self.value_start = start;
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    #[inline(always)]
    pub(super) fn take_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        id
    }

    #[inline(always)]
    fn count_node(&mut self) -> Result<(), Error> {
        match self.nodes_left.checked_sub(1) {
            Some(left) => {
                self.nodes_left = left;
                Ok(())
            }
            None => {
                let kind = ErrorKind::LimitExceeded {
                    limit: "nodes",
                    max: self.options.limits.nodes.min(Limits::MAX_NODES).into(),
                };
                Err(Error::new(self.value_start, kind))
            }
        }
    }

    #[inline(always)]
    pub(super) fn open(&mut self, kind: FrameKind, next: Next, length: u32) -> Result<(), Error> {
        if self.frames.len() >= self.options.limits.depth as usize {
            let kind =
                ErrorKind::LimitExceeded { limit: "depth", max: self.options.limits.depth.into() };
            return Err(Error::new(self.value_start, kind));
        }
        self.frames.push(Frame::new(kind, next, self.value_start, length));
        Ok(())
    }

    /// The value behind `tag`, which has been consumed. Always `true`: there may be more to read.
    #[inline(always)]
    fn value<S: Sink<'a>>(&mut self, tag: u8, sink: &mut S) -> Result<bool, Error> {
        self.count_node()?;
        let event = match Tag(tag) {
            Tag::INT32 => Event::Int32(unzigzag(self.input.varint_u32("int32")?)),
            Tag::ONE_BYTE_STRING => {
                let text = scalar::one_byte(&mut self.input, self.bounds)?;
                sink.event(Event::String(text), self.span());
                return Ok(true);
            }
            Tag::DOUBLE => {
                let value = self.input.double("double")?;
                sink.event(Event::Double(value), self.span());
                return Ok(true);
            }
            Tag::BEGIN_JS_OBJECT => {
                self.take_id();
                self.open(FrameKind::Object, Next::Key, 0)?;
                Event::ObjectBegin
            }
            Tag::BEGIN_DENSE_JS_ARRAY => {
                let length = self.dense_length()?;
                self.take_id();
                self.open(FrameKind::Dense, Next::Element, length)?;
                Event::DenseArrayBegin { length }
            }
            Tag::TRUE => Event::Bool(true),
            Tag::FALSE => Event::Bool(false),
            Tag::NULL => Event::Null,
            Tag::UNDEFINED => Event::Undefined,
            _ => return self.uncommon_value(Tag(tag), sink),
        };
        sink.event(event, self.span());
        Ok(true)
    }

    #[inline(never)]
    fn uncommon_value<S: Sink<'a>>(&mut self, tag: Tag, sink: &mut S) -> Result<bool, Error> {
        if !self.rules.knows(tag) {
            return self.unknown(tag, sink);
        }
        let event = match tag {
            Tag::UINT32 => Event::Uint32(self.input.varint_u32("uint32")?),
            Tag::TWO_BYTE_STRING => Event::String(scalar::two_byte(&mut self.input, self.bounds)?),
            Tag::UTF8_STRING => Event::String(scalar::utf8(&mut self.input, self.bounds)?),
            Tag::BIGINT => Event::BigInt(scalar::bigint(&mut self.input, self.bounds)?),
            Tag::OBJECT_REFERENCE => return self.reference(sink),
            Tag::BEGIN_SPARSE_JS_ARRAY => {
                let at = self.input.pos();
                let length = self.input.varint_u32("length of sparse array")?;
                if length > self.options.limits.sparse_length {
                    let max = self.options.limits.sparse_length.into();
                    let kind = ErrorKind::LimitExceeded { limit: "sparse length", max };
                    return Err(Error::new(at, kind));
                }
                self.take_id();
                self.open(FrameKind::Sparse, Next::Key, length)?;
                Event::SparseArrayBegin { length }
            }
            Tag::BEGIN_JS_MAP => {
                self.take_id();
                self.open(FrameKind::Map, Next::Key, 0)?;
                Event::MapBegin
            }
            Tag::BEGIN_JS_SET => {
                self.take_id();
                self.open(FrameKind::Set, Next::Key, 0)?;
                Event::SetBegin
            }
            Tag::DATE => {
                let value = self.input.double("date")?;
                self.take_id();
                Event::Date(value)
            }
            Tag::TRUE_OBJECT | Tag::FALSE_OBJECT => {
                self.take_id();
                Event::BooleanObject(tag == Tag::TRUE_OBJECT)
            }
            Tag::NUMBER_OBJECT => {
                self.take_id();
                Event::NumberObject(self.input.double("number object")?)
            }
            Tag::BIGINT_OBJECT => {
                self.take_id();
                Event::BigIntObject(scalar::bigint(&mut self.input, self.bounds)?)
            }
            Tag::STRING_OBJECT => {
                self.take_id();
                Event::StringObject(self.string("string object")?)
            }
            Tag::REGEXP => {
                self.take_id();
                self.regexp()?
            }
            Tag::ARRAY_BUFFER
            | Tag::IMMUTABLE_ARRAY_BUFFER
            | Tag::RESIZABLE_ARRAY_BUFFER
            | Tag::ARRAY_BUFFER_TRANSFER
            | Tag::SHARED_ARRAY_BUFFER => return self.buffer(tag, sink),
            Tag::ERROR => {
                self.open(FrameKind::Error, Next::Key, 0)?;
                if self.rules.error_ids() {
                    let id = self.take_id();
                    // Older readers make the error when all its parts are read (SPEC.md 4.5).
                    if self.errors_are_late() {
                        self.incomplete.push(id);
                    }
                }
                Event::ErrorBegin
            }
            Tag::WASM_MODULE_TRANSFER => {
                let id = self.input.varint_u32("wasm module id")?;
                let provided =
                    self.options.delegate.as_ref().is_some_and(|host| host.has_wasm_module(id));
                self.provided(provided, "wasm module", id)?;
                self.take_id();
                Event::WasmModuleTransfer { id }
            }
            Tag::WASM_MODULE => self.wasm_module()?,
            Tag::WASM_MEMORY_TRANSFER => self.wasm_memory()?,
            Tag::SHARED_OBJECT if self.version.shared_objects() => {
                let id = self.input.varint_u32("shared object id")?;
                let provided =
                    self.options.delegate.as_ref().is_some_and(|host| host.has_shared_value(id));
                self.provided(provided, "shared value", id)?;
                Event::SharedObject { id }
            }
            Tag::HOST_OBJECT => return self.host_begin(None, sink),
            _ => return self.unknown(tag, sink),
        };
        sink.event(event, self.span());
        Ok(true)
    }

    #[cold]
    fn unknown<S: Sink<'a>>(&mut self, tag: Tag, sink: &mut S) -> Result<bool, Error> {
        if self.version.unknown_tag_is_host() && self.host.delegate().is_some() {
            // The tag is the first byte of the payload (SPEC.md 6.9).
            self.input.set_pos(self.value_start);
            return self.host_begin(Some(tag), sink);
        }
        Err(Error::new(self.value_start, ErrorKind::UnknownTag { tag }))
    }

    pub(super) fn provided(
        &self,
        provided: bool,
        what: &'static str,
        id: u32,
    ) -> Result<(), Error> {
        if provided || self.options.externals == Externals::Keep {
            return Ok(());
        }
        Err(Error::new(self.value_start, ErrorKind::Unresolved { what, id }))
    }

    // Arrays.

    /// Each element takes a byte at least, so the length is bounded by what is left (SPEC.md 3.11.2).
    #[inline(always)]
    fn dense_length(&mut self) -> Result<u32, Error> {
        /// `FixedArray::kMaxLength` on 64-bit machines.
        const MAX: u64 = (128 << 20) - 3;
        let at = self.input.pos();
        let length = self.input.varint_u32("length of dense array")?;
        let max = MAX.min(self.input.remaining() as u64);
        if u64::from(length) > max {
            let kind =
                ErrorKind::InvalidLength { what: "dense array length", length: length.into(), max };
            return Err(Error::new(at, kind));
        }
        Ok(length)
    }

    #[inline(never)]
    fn hole<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        self.count_node()?;
        if let Some(frame) = self.frames.last() {
            self.holes.push((self.frames.len() as u32, frame.count - 1));
        }
        sink.event(Event::Hole, self.span());
        Ok(true)
    }

    /// Whether an array has this key already, without looking at its other properties (SPEC.md 3.11.4).
    fn array_has(&self, key: Key<'_>) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let dense = frame.kind() == FrameKind::Dense;
        match key.name() {
            scalar::Name::Index(index) => {
                let depth = self.frames.len() as u32;
                dense && index < frame.length && self.holes.binary_search(&(depth, index)).is_err()
            }
            scalar::Name::Text(text) => text == "length",
            scalar::Name::Number(..) => false,
        }
    }

    // Properties of objects and arrays.

    /// A key, or the end of the properties (`ReadJSObjectProperties`; SPEC.md 3.10.2).
    #[inline(always)]
    fn property<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let tag = self.next_tag_or_end("property key")?;
        if Tag(tag).is_end() && self.is_end(tag) {
            return self.end_properties(sink);
        }
        match self.property_key(tag, sink) {
            Ok(()) => Ok(true),
            Err(error) => Err(self.placed_at_container(error)),
        }
    }

    #[inline(always)]
    fn is_end(&self, tag: u8) -> bool {
        self.frames.last().is_some_and(|frame| {
            tag == match frame.kind() {
                FrameKind::Object => Tag::END_JS_OBJECT.0,
                FrameKind::Sparse => Tag::END_SPARSE_JS_ARRAY.0,
                _ => Tag::END_DENSE_JS_ARRAY.0,
            }
        })
    }

    #[inline(always)]
    pub(super) fn property_key<S: Sink<'a>>(&mut self, tag: u8, sink: &mut S) -> Result<(), Error> {
        let tag = self.skip_counts(tag, sink)?;
        self.count_node()?;
        let start = self.value_start;
        let Some(key) = scalar::key(&mut self.input, tag, self.bounds)? else {
            return Err(Error::new(start, ErrorKind::InvalidKey { tag: Tag(tag) }));
        };
        if self.unique_keys {
            self.keys.push(key, start);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.count += 1;
            frame.set_key(start);
            if !matches!(frame.kind(), FrameKind::Object | FrameKind::LegacyObject)
                && self.unique_keys
                && self.array_has(key)
            {
                return Err(self.duplicate(start));
            }
        }
        let event = match key {
            Key::Text(text) => Event::String(text),
            Key::Int32(value) => Event::Int32(value),
            Key::Uint32(value) => Event::Uint32(value),
            Key::Double(value) => Event::Double(value),
        };
        sink.event(event, self.span());
        Ok(())
    }

    #[cold]
    fn duplicate(&self, offset: usize) -> Error {
        let key = super::keys::spelling(&self.input, offset).unwrap_or_default();
        Error::new(offset, ErrorKind::DuplicateKey { key })
    }

    /// Takes the keys of the innermost container off and compares them (SPEC.md 3.10.4).
    #[inline(always)]
    pub(super) fn check_keys(&mut self, count: u32) -> Result<(), Error> {
        if self.unique_keys
            && let Some(offset) = self.keys.pop(count as usize, &self.input)
        {
            let error = self.duplicate(offset);
            return Err(self.placed_at_container(error));
        }
        Ok(())
    }

    #[inline(always)]
    fn end_properties<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last().copied() else { return Ok(true) };
        let at = self.input.pos();
        let properties = self.end_count("property count")?;
        self.check_count("property count", at, properties, frame.count)?;
        self.check_keys(frame.count)?;
        let event = if frame.kind() == FrameKind::Object {
            Event::ObjectEnd { properties }
        } else {
            let at = self.input.pos();
            let length = self.end_count("array length")?;
            self.check_count("array length", at, length, frame.length)?;
            if frame.kind() == FrameKind::Sparse {
                Event::SparseArrayEnd { properties, length }
            } else {
                let depth = self.frames.len() as u32;
                while self.holes.last().is_some_and(|hole| hole.0 == depth) {
                    self.holes.pop();
                }
                Event::DenseArrayEnd { properties, length }
            }
        };
        self.frames.pop();
        sink.event(event, self.span());
        Ok(true)
    }

    /// Counts at an end belong to the container, not to its last property (SPEC.md 3.10.5, 3.11.5, 3.16.2).
    #[inline(always)]
    fn end_count(&mut self, what: &'static str) -> Result<u32, Error> {
        match self.input.varint_u32(what) {
            Ok(count) => Ok(count),
            Err(error) => Err(self.placed_at_container(error)),
        }
    }

    #[inline(always)]
    fn check_count(
        &self,
        what: &'static str,
        at: usize,
        declared: u32,
        found: u32,
    ) -> Result<(), Error> {
        if declared != found && !self.rules.lenient {
            let error = Error::new(at, ErrorKind::CountMismatch { what, declared, found });
            return Err(self.placed_at_container(error));
        }
        Ok(())
    }

    #[inline(never)]
    fn end_collection<S: Sink<'a>>(&mut self, map: bool, sink: &mut S) -> Result<bool, Error> {
        let what = if map { "map length" } else { "set length" };
        let at = self.input.pos();
        let length = self.end_count(what)?;
        let count = self.frames.last().map_or(0, |frame| frame.count);
        self.check_count(what, at, length, if map { count.wrapping_mul(2) } else { count })?;
        self.frames.pop();
        sink.event(
            if map { Event::MapEnd { length } } else { Event::SetEnd { length } },
            self.span(),
        );
        Ok(true)
    }

    // Strings within other values.

    /// `ReadString`: raw UTF-8 in old versions, else a tagged string and nothing else (SPEC.md 3.14.4,
    /// 6.8).
    fn string(&mut self, what: &'static str) -> Result<Text<'a>, Error> {
        if self.version.raw_utf8_strings() {
            return scalar::utf8(&mut self.input, self.bounds);
        }
        loop {
            let Some(tag) = self.input.tag() else { return Err(self.end_of_input(what)) };
            let at = self.input.pos() - 1;
            if tag == Tag::OBJECT_COUNT.0 {
                self.input.varint_u32("object count")?;
            } else if let Some(text) = scalar::string(&mut self.input, tag, self.bounds)? {
                return Ok(text);
            } else {
                return Err(Error::new(at, ErrorKind::ExpectedString { what, tag: Tag(tag) }));
            }
        }
    }

    /// SPEC.md 3.15.1.
    fn regexp(&mut self) -> Result<Event<'a>, Error> {
        let at = self.input.pos();
        let pattern = self.string("pattern of regexp")?;
        let flags_at = self.input.pos();
        let flags = self.input.varint_u32("flags of regexp")?;
        super::rules::check_regexp(&self.rules, pattern, flags)
            .map_err(|(in_flags, kind)| Error::new(if in_flags { flags_at } else { at }, kind))?;
        Ok(Event::RegExp { pattern, flags })
    }

    // References.

    /// SPEC.md 3.9.2; a view may stand behind a reference to a buffer (3.23.8).
    fn reference<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let at = self.input.pos();
        let id = self.input.varint_u32("object id")?;
        if id >= self.next_id || self.incomplete.binary_search(&id).is_ok() {
            let kind = ErrorKind::InvalidReference { id, known: self.next_id };
            return Err(Error::new(at, kind));
        }
        sink.event(Event::Reference(id), self.span());
        match self.buffers.binary_search_by_key(&id, |entry| entry.0) {
            Ok(index) => self.view_behind(self.buffers[index].1, sink),
            Err(_) => Ok(true),
        }
    }

    // Errors.

    /// Whether an error can be referred to only when all its parts are read.
    fn errors_are_late(&self) -> bool {
        !self.rules.lenient && !self.rules.ordered_error_parts()
    }

    /// One part of an error (`ReadJSError`; SPEC.md 3.24.1 to 3.24.4). The sub-tag is a varint, without
    /// padding before it.
    fn error_part<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let at = self.input.pos();
        self.value_start = at;
        if let Some(frame) = self.frames.last_mut() {
            if frame.next() == Next::Value {
                frame.set_next(Next::Element);
                return self.any_value(sink);
            }
            frame.set_next(Next::Key);
        }
        let part = ErrorTag(self.input.varint_u8("part of error")?);
        let stage = match part {
            ErrorTag::MESSAGE => 2,
            ErrorTag::STACK => 3,
            ErrorTag::CAUSE if self.rules.error_causes() => 4,
            ErrorTag::END => 5,
            tag if tag != ErrorTag::CAUSE && tag.name().is_some() => 1,
            _ => {
                let kind = ErrorKind::InvalidErrorPart { part, reason: "is unknown" };
                return Err(Error::new(at, kind));
            }
        };
        let Some(frame) = self.frames.last_mut() else { return Ok(true) };
        if self.rules.ordered_error_parts() && stage <= frame.length {
            let reason = "stands behind a part that it must precede";
            return Err(Error::new(at, ErrorKind::InvalidErrorPart { part, reason }));
        }
        frame.length = stage;
        let event = match part {
            ErrorTag::MESSAGE => ErrorPart::Message(self.string("message of error")?),
            ErrorTag::STACK => ErrorPart::Stack(self.string("stack of error")?),
            ErrorTag::CAUSE => {
                frame.set_next(Next::Value);
                ErrorPart::Cause
            }
            ErrorTag::END => {
                self.frames.pop();
                if self.rules.error_ids() && self.errors_are_late() {
                    self.incomplete.pop();
                }
                sink.event(Event::ErrorEnd, self.span());
                return Ok(true);
            }
            prototype => ErrorPart::Prototype(prototype),
        };
        sink.event(Event::ErrorPart(event), self.span());
        Ok(true)
    }

    // Host objects.

    /// SPEC.md 3.28.1, 3.28.2.
    fn host_begin<S: Sink<'a>>(&mut self, tag: Option<Tag>, sink: &mut S) -> Result<bool, Error> {
        let id = self.take_id();
        let begin = Event::HostObjectBegin { legacy_tag: tag };
        let host = self.host.clone();
        let Some(host) = host.delegate() else {
            if !self.rules.lenient || !self.frames.is_empty() {
                return Err(Error::new(self.value_start, ErrorKind::NoHostDelegate));
            }
            // All that is left is the payload.
            sink.event(begin, self.span());
            let rest = self.input.take(self.input.remaining() as u64, "host object")?;
            let end = self.input.pos();
            sink.event(Event::HostBytes(rest), Span { start: end - rest.len(), end });
            sink.event(Event::HostObjectEnd, Span { start: end, end });
            return Ok(true);
        };
        self.open(FrameKind::Host, Next::Value, 0)?;
        self.incomplete.push(id);
        let start = self.input.pos();
        let step = self.ask_host(host)?;
        let end = self.input.pos();
        if let HostStep::View { kind, length } = step
            && length <= end - start
        {
            self.close_host();
            let data = &self.input.data()[end - length..end];
            self.bounds.check(start, length as u64)?;
            let payload = &self.input.data()[start..end];
            sink.event(Event::HostView { kind, data, payload }, self.span());
            return Ok(true);
        }
        sink.event(begin, Span { start: self.value_start, end: start });
        self.host_answer(start, step, sink)
    }

    fn host_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if let Some(frame) = self.frames.last_mut()
            && frame.next() == Next::Element
        {
            frame.set_next(Next::Value);
            return self.any_value(sink);
        }
        let host = self.host.clone();
        let Some(host) = host.delegate() else { return Ok(true) };
        let start = self.input.pos();
        self.value_start = start;
        let step = self.ask_host(host)?;
        self.host_answer(start, step, sink)
    }

    fn host_answer<S: Sink<'a>>(
        &mut self,
        start: usize,
        step: HostStep,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let end = self.input.pos();
        if end > start {
            self.bounds.check(start, (end - start) as u64)?;
            sink.event(Event::HostBytes(&self.input.data()[start..end]), Span { start, end });
        }
        if step == HostStep::Value {
            if let Some(frame) = self.frames.last_mut() {
                frame.set_next(Next::Element);
            }
            return Ok(true);
        }
        self.close_host();
        sink.event(Event::HostObjectEnd, Span { start: end, end });
        Ok(true)
    }

    fn close_host(&mut self) {
        self.frames.pop();
        self.incomplete.pop();
    }

    fn ask_host(&mut self, host: &dyn Delegate) -> Result<HostStep, Error> {
        let Some(frame) = self.frames.last_mut() else { return Ok(HostStep::Done) };
        let start = self.input.pos();
        let tag = self.input.data()[frame.start()];
        let mut reader = HostReader {
            input: &mut self.input,
            step: frame.count,
            token: frame.length,
            legacy_tag: (tag != Tag::HOST_OBJECT.0).then_some(Tag(tag)),
            lenient: self.rules.lenient,
        };
        let answer = host.read_host_object(&mut reader);
        frame.length = reader.token;
        frame.count += 1;
        answer.map_err(|error| {
            let error = match error.0 {
                HostFault::Wire(error) => error,
                HostFault::Message(reason) => Error::new(start, ErrorKind::HostObject { reason }),
            };
            self.placed_at_container(error)
        })
    }
}
