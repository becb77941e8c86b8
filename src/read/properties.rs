//! The contents of containers: elements, properties, entries, and the counts at their ends.

use super::event::Event;
use super::frame::{Frame, FrameKind};
use super::machine::{Machine, Sink};
use super::scalar::{self, Key};
use super::shapes::{FOLLOWS, Shapes};
use crate::error::{Error, ErrorKind};
use crate::grow::push;
use crate::text::Text;
use crate::wire::Tag;

/// A key that the last object had in the same place too. It is ASCII.
#[cfg_attr(not(feature = "serde"), allow(dead_code))]
pub(crate) struct KnownKey {
    /// Where its tag is.
    pub(crate) start: usize,
    /// Behind its text.
    end: usize,
    /// The place among those of all shapes.
    pub(crate) place: usize,
    /// Where the key stands that this one is like: the same one as long as this is the same.
    pub(crate) first: u64,
}

impl KnownKey {
    /// Its text, in the data that it was read from.
    #[inline(always)]
    pub(crate) fn text<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        data.get(self.start + 2..self.end).unwrap_or_default()
    }
}

impl<'a> Machine<'a> {
    // Arrays.

    /// Each element takes a byte at least, so the length is bounded by what is left (SPEC.md 3.11.2).
    #[inline(always)]
    pub(super) fn dense_length(&mut self) -> Result<u32, Error> {
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

    /// The length of a sparse array, which costs nothing here (SPEC.md 3.12.2).
    pub(super) fn sparse_length(&mut self) -> Result<u32, Error> {
        let at = self.input.pos();
        let length = self.input.varint_u32("length of sparse array")?;
        let max = self.options.limits.sparse_length;
        if length > max {
            let kind = ErrorKind::LimitExceeded { limit: "sparse length", max: max.into() };
            return Err(Error::new(at, kind));
        }
        Ok(length)
    }

    #[inline(never)]
    pub(super) fn hole<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        self.count_node()?;
        if let Some(frame) = self.frames.last().filter(|_| self.unique_keys) {
            let hole = (self.frames.len() as u32, frame.count - 1);
            push(&mut self.state.holes, hole, self.input.data().len());
        }
        sink.event(Event::Hole, self.span());
        Ok(true)
    }

    /// Takes the holes of the innermost array off.
    #[inline]
    fn forget_holes(&mut self) {
        let depth = self.frames.len() as u32;
        while self.holes.last().is_some_and(|hole| hole.0 == depth) {
            self.holes.pop();
        }
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

    /// A key, or the end of the properties (`ReadJSObjectProperties`; SPEC.md 3.10.2). Whether it was a
    /// key.
    #[inline(always)]
    pub(super) fn property<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if let Some(key) = self.take_known_key::<true>() {
            let text = key.text(self.input.data());
            sink.event(Event::String(Text::OneByte(text)), self.span());
            return Ok(true);
        }
        let tag = self.next_tag_or_end("property key")?;
        if Tag(tag).is_end() && self.is_end(tag) {
            self.end_properties(sink)?;
            return Ok(false);
        }
        match self.property_key(tag, sink) {
            Ok(()) => Ok(true),
            Err(error) => Err(self.placed_at_container(error)),
        }
    }

    /// Reads the next key if it is the one that the last object had in this place: with `LONG` whatever
    /// its length.
    #[inline(always)]
    pub(crate) fn take_known_key<const LONG: bool>(&mut self) -> Option<KnownKey> {
        let depth = self.frames.len();
        let frame = self.state.frames.last_mut()?;
        if !frame.expects_key() || frame.length != FOLLOWS {
            return None;
        }
        // Where no more values may be read, the usual way says so.
        let left = self.state.nodes_left.checked_sub(1)?;
        let (data, start) = (self.input.data(), self.input.pos());
        let place = Shapes::place(depth, frame.count);
        let known = self.state.shapes.follow(place, data, start)?;
        if known.is_long() && !(LONG && known.ends_alike(data, start)) {
            return None;
        }
        let end = start + known.length;
        self.state.nodes_left = left;
        frame.count += 1;
        frame.set_key(start);
        self.state.value_start = start;
        self.input.set_pos(end);
        Some(KnownKey { start, end, place, first: known.first() })
    }

    /// The innermost object has another key than the last one had there: from now on its keys are
    /// compared.
    #[inline(never)]
    fn leave_shape(&mut self) {
        let depth = self.frames.len();
        if let Some(frame) = self.state.frames.last_mut() {
            frame.length = 0;
            self.state.keys.push_all(self.state.shapes.records(depth, frame.count));
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
        let Some(key) = scalar::key(&mut self.input, tag, self.state.bounds)? else {
            return Err(Error::new(start, ErrorKind::InvalidKey { tag: Tag(tag) }));
        };
        if self.unique_keys {
            self.note_key(key, start);
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

    /// Keeps a key of the innermost container, to be compared with its others.
    #[inline(always)]
    pub(super) fn note_key(&mut self, key: Key<'_>, start: usize) {
        if self.frames.last().is_some_and(Self::follows) {
            self.leave_shape();
        }
        self.state.keys.push(key, start, self.input.data().len());
    }

    #[cold]
    fn duplicate(&self, offset: usize) -> Error {
        let key = super::keys::spelling(&self.input, offset).unwrap_or_default();
        Error::new(offset, ErrorKind::DuplicateKey { key })
    }

    /// Takes the keys of the innermost container off and compares them (SPEC.md 3.10.4).
    #[inline(always)]
    pub(super) fn check_keys(&mut self, count: u32) -> Result<(), Error> {
        if count > 0 && self.unique_keys && !self.frames.last().is_some_and(Self::follows) {
            self.compare_keys(count as usize)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn follows(frame: &Frame) -> bool {
        frame.kind() == FrameKind::Object && frame.length == FOLLOWS
    }

    fn compare_keys(&mut self, count: usize) -> Result<(), Error> {
        if let Some(offset) = self.state.keys.duplicate_of_last(count, &self.input) {
            self.keys.forget(count);
            let error = self.duplicate(offset);
            return Err(self.placed_at_container(error));
        }
        if let [outer @ .., frame] = &self.frames[..]
            && frame.kind() == FrameKind::Object
        {
            let more = outer.last().is_some_and(|outer| {
                outer.kind() == FrameKind::Dense && outer.count < outer.length
            });
            self.state.shapes.learn(
                self.state.frames.len(),
                self.state.keys.last(count),
                self.input.data(),
                more,
            );
        }
        self.keys.forget(count);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn end_properties<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<(), Error> {
        let Some(frame) = self.frames.last().copied() else { return Ok(()) };
        let at = self.input.pos();
        let properties = self.end_count("property count")?;
        self.check_count("property count", at, properties, frame.count)?;
        self.check_keys(frame.count)?;
        let event = if frame.kind() == FrameKind::Object {
            Event::ObjectEnd { properties: frame.count }
        } else {
            let at = self.input.pos();
            let length = self.end_count("array length")?;
            self.check_count("array length", at, length, frame.length)?;
            if frame.kind() == FrameKind::Sparse {
                Event::SparseArrayEnd { properties: frame.count, length: frame.length }
            } else {
                self.forget_holes();
                Event::DenseArrayEnd { properties: frame.count, length: frame.length }
            }
        };
        self.ended_properties = frame.count;
        self.frames.pop();
        sink.event(event, self.span());
        Ok(())
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
        &mut self,
        what: &'static str,
        at: usize,
        declared: u32,
        found: u32,
    ) -> Result<(), Error> {
        self.input.odd |= declared != found;
        if declared != found && !self.rules.lenient {
            let error = Error::new(at, ErrorKind::CountMismatch { what, declared, found });
            return Err(self.placed_at_container(error));
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn end_collection<S: Sink<'a>>(
        &mut self,
        map: bool,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let what = if map { "map length" } else { "set length" };
        let at = self.input.pos();
        let length = self.end_count(what)?;
        let count = self.frames.last().map_or(0, |frame| frame.count);
        let found = if map { count.wrapping_mul(2) } else { count };
        self.check_count(what, at, length, found)?;
        let length = found;
        self.frames.pop();
        sink.event(
            if map { Event::MapEnd { length } } else { Event::SetEnd { length } },
            self.span(),
        );
        Ok(true)
    }
}
