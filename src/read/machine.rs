//! The grammar: the one place that knows what follows a tag.
//!
//! Mirrors `ValueDeserializer::ReadObjectInternal` and what it calls in V8's
//! `src/objects/value-serializer.cc`, with an explicit stack in place of recursion. The rules are
//! those of SPEC.md, by number in the comments.

use super::event::{Event, Span};
use super::frame::{Frame, FrameKind, Next};
use super::scalar::{self, Bounds};
use super::state::Root;
pub(crate) use super::state::{Machine, State};
use crate::error::{Error, ErrorKind};
use crate::grow::push;
use crate::options::{Externals, Limits};
use crate::wire::Tag;

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

    /// The index of an element, which does not stand in the input: a key.
    #[inline]
    fn index(&mut self, index: u32, span: Span) {
        self.event(Event::Int32(index as i32), span);
    }

    /// The payload of the last event ends in a number that says it goes on.
    #[inline]
    fn payload_goes_on(&mut self) {}

    /// An object count, which means nothing (SPEC.md 3.29.1).
    fn object_count(&mut self, _count: u32, _span: Span) {}
}

/// Events go nowhere: validation.
impl<'a> Sink<'a> for () {
    #[inline(always)]
    fn event(&mut self, _: Event<'a>, _: Span) {}
}

impl<'a> Machine<'a> {
    /// Reads on to the end of the value.
    #[inline(always)]
    pub(crate) fn run<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<(), Error> {
        loop {
            match self.advance::<S, true>(sink) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(self.placed(error)),
            }
        }
    }

    /// Reads on, keeping nothing, while at least so many containers are open: with 0 to the end of the
    /// value.
    ///
    /// The one loop of all that validates or passes over. It is a function of its own, so that it takes
    /// the same time from wherever it is called.
    #[inline(never)]
    pub(crate) fn pass(&mut self, open: usize) -> Result<(), Error> {
        self.floor = open;
        let result = loop {
            if self.frames.len() < open {
                break Ok(());
            }
            match self.advance::<(), true>(&mut ()) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) => break Err(self.placed(error)),
            }
        };
        self.floor = 0;
        result
    }

    /// Passes over so many elements of the innermost container, which is a dense array that has them.
    #[inline(never)]
    pub(crate) fn pass_elements(&mut self, count: u32) -> Result<(), Error> {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        // It ends there, for the loops that go on from one element to the next.
        let (length, end) = (frame.length, frame.count.saturating_add(count));
        frame.length = end;
        self.floor = depth;
        let result = self.pass_up_to(depth, end);
        self.floor = 0;
        if let Some(frame) = self.frames.get_mut(depth - 1) {
            frame.length = length;
        }
        result.map_err(|error| self.placed(error))
    }

    /// Elements of the array at this depth, which has so many now.
    #[inline(always)]
    fn pass_up_to(&mut self, depth: usize, length: u32) -> Result<(), Error> {
        while self.frames.last().is_some_and(|array| array.count < length) {
            self.elements(&mut ());
            if self.frames.last().is_none_or(|array| array.count == length) {
                break;
            }
            self.element(&mut ())?;
            while self.frames.len() > depth {
                self.advance::<(), true>(&mut ())?;
            }
        }
        Ok(())
    }

    /// Reads one step: mostly one event, two where a view follows its buffer. `false` when the value
    /// is complete.
    #[inline(always)]
    pub(crate) fn step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        self.advance::<S, false>(sink).map_err(|error| self.placed(error))
    }

    /// One step; with `ON` as many as there are up to the next container, within this one.
    #[inline(always)]
    pub(super) fn advance<S: Sink<'a>, const ON: bool>(
        &mut self,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let Some(frame) = self.frames.last_mut() else {
            return self.root(sink);
        };
        match (frame.kind(), frame.next()) {
            (FrameKind::Dense, Next::Element) => {
                let depth = self.frames.len();
                loop {
                    if ON {
                        self.elements(sink);
                    }
                    if !self.element(sink)? {
                        return self.property(sink).map(|_| true);
                    }
                    if ON && self.frames.last().is_some_and(Frame::expects_key) {
                        self.properties(sink);
                    }
                    if !ON || self.frames.len() != depth {
                        return Ok(true);
                    }
                }
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, Next::Value) => {
                frame.set_next(Next::Key);
                self.any_value(sink)
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, _) if ON => {
                let depth = self.frames.len();
                loop {
                    let at_value = self.properties(sink);
                    if self.frames.len() != depth || !at_value && !self.property(sink)? {
                        return Ok(true);
                    }
                    if let Some(frame) = self.frames.last_mut() {
                        frame.set_next(Next::Key);
                    }
                    self.any_value(sink)?;
                    if self.frames.len() != depth {
                        return Ok(true);
                    }
                }
            }
            (FrameKind::Object | FrameKind::Sparse | FrameKind::Dense, _) => {
                self.property(sink).map(|_| true)
            }
            _ => self.uncommon(sink),
        }
    }

    /// An element of a dense array; `false` behind the last.
    #[inline(always)]
    fn element<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last_mut() else { return Ok(false) };
        if frame.count == frame.length {
            frame.count = 0;
            frame.set_next(Next::Key);
            return Ok(false);
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
            FrameKind::Ghost => self.ghost_step(sink),
        }
    }

    #[inline(never)]
    fn root<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if self.root == Root::Running {
            if self.legacy.is_planned() {
                // Version 0 has nothing behind its value but padding.
                self.input.set_pos(self.input.data().len());
            }
            return Ok(false);
        }
        self.root = Root::Running;
        self.note_value();
        if self.version.0 == 0 {
            return self.legacy_begin(sink);
        }
        self.any_value(sink)
    }

    #[inline(always)]
    pub(super) fn next_tag(&mut self, what: &'static str) -> Result<u8, Error> {
        let Some(tag) = self.input.tag() else { return Err(self.end_of_input(what)) };
        self.value_start = self.input.pos() - 1;
        Ok(tag)
    }

    /// Between two entries: what is missing there is missing in the container.
    #[inline(always)]
    pub(super) fn next_tag_or_end(&mut self, what: &'static str) -> Result<u8, Error> {
        match self.next_tag(what) {
            Ok(tag) => Ok(tag),
            Err(error) => Err(self.placed_at_container(error)),
        }
    }

    #[cold]
    pub(super) fn end_of_input(&mut self, what: &'static str) -> Error {
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
    pub(super) fn skip_counts<S: Sink<'a>>(
        &mut self,
        mut tag: u8,
        sink: &mut S,
    ) -> Result<u8, Error> {
        while tag == Tag::OBJECT_COUNT.0 {
            self.input.odd = true;
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
    pub(super) fn count_node(&mut self) -> Result<(), Error> {
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
        let frame = Frame::new(kind, next, self.value_start, length);
        let most = self.input.data().len().min(self.options.limits.depth as usize);
        push(&mut self.frames, frame, most);
        Ok(())
    }

    /// The value behind `tag`, which has been consumed. Always `true`: there may be more to read.
    #[inline(always)]
    fn value<S: Sink<'a>>(&mut self, tag: u8, sink: &mut S) -> Result<bool, Error> {
        if let Some(value) = self.usual(tag)? {
            sink.event(value.event(), self.span());
            return Ok(true);
        }
        let event = match Tag(tag) {
            Tag::BEGIN_JS_OBJECT => {
                self.take_id();
                self.open(FrameKind::Object, Next::Key, self.object_length)?;
                Event::ObjectBegin
            }
            Tag::BEGIN_DENSE_JS_ARRAY => {
                let length = self.dense_length()?;
                self.take_id();
                self.open(FrameKind::Dense, Next::Element, length)?;
                Event::DenseArrayBegin { length }
            }
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
            Tag::TWO_BYTE_STRING => {
                Event::String(scalar::two_byte(&mut self.input, self.state.bounds)?)
            }
            Tag::UTF8_STRING => Event::String(scalar::utf8(&mut self.input, self.state.bounds)?),
            Tag::BIGINT => Event::BigInt(scalar::bigint(&mut self.input, self.state.bounds)?),
            Tag::OBJECT_REFERENCE => return self.reference(sink),
            Tag::BEGIN_SPARSE_JS_ARRAY => {
                let length = self.sparse_length()?;
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
                Event::BigIntObject(scalar::bigint(&mut self.input, self.state.bounds)?)
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
                self.delegated(provided, "wasm module", id)?;
                self.take_id();
                Event::WasmModuleTransfer { id }
            }
            Tag::WASM_MODULE => self.wasm_module()?,
            Tag::WASM_MEMORY_TRANSFER => self.wasm_memory()?,
            Tag::SHARED_OBJECT if self.version.shared_objects() => {
                let id = self.input.varint_u32("shared object id")?;
                let provided =
                    self.options.delegate.as_ref().is_some_and(|host| host.has_shared_value(id));
                self.delegated(provided, "shared value", id)?;
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

    /// What the caller provides, by id.
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

    /// What a delegate provides, by id. Where it does not, it throws.
    pub(super) fn delegated(
        &mut self,
        provided: bool,
        what: &'static str,
        id: u32,
    ) -> Result<(), Error> {
        let result = self.provided(provided, what, id);
        if result.is_err() && self.host.delegate().is_some() {
            self.second.note_throw();
        }
        result
    }
}
