//! What failed readings of version 13 left behind: ghosts.
//!
//! V8 keeps under their ids the objects that it has built when it gives a reading up, whole or not, and
//! the next reading may refer to them (SPEC.md 4.10). Where the reading that counts first refers to
//! one, it is read once more from where it stands in the input, in the way in which it was, and its events
//! stand in the place of the reference. From then on it is an object like all others.
//!
//! So each byte of a failed reading is given out once at most: of what has been given out already there
//! is a reference. Ghosts within ghosts are a stack, as containers are; each step of a ghost goes through
//! [`Machine::ghost_step`], since its innermost frame says that it is one.

use super::event::{Event, Span};
use super::frame::{Frame, FrameKind, Next};
use super::machine::{Machine, Sink};
use super::record::Noted;
use crate::error::{Error, ErrorKind};
use crate::wire::version::Version;
use crate::wire::{ErrorTag, Tag};

/// A ghost that is being given out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replay {
    id: u32,
    is_view: bool,
    /// How much of it there is, where it is not whole.
    done: Option<u32>,
    /// Of an array that is not whole: whether the index of the next element has been given out.
    indexed: bool,
    /// Of such an array: how many holes it has before that.
    holes: u32,
    /// How many containers are open around it.
    depth: usize,
    /// Where reading goes on behind the reference, and how.
    position: usize,
    next_id: u32,
    version: Version,
    view_flags: Option<bool>,
}

/// [`Frame::length`] of an error whose cause has been read.
pub(super) const CAUSE: u32 = 4;

/// How many children of a container have been read, of an error up to which part.
pub(super) fn progress(frame: &Frame) -> u32 {
    match frame.container() {
        FrameKind::Dense if frame.next() != Next::Element => {
            frame.length.saturating_add(frame.count)
        }
        FrameKind::Error => frame.length,
        _ => frame.count,
    }
}

impl<'a> Machine<'a> {
    /// How far the input has been read, ghosts aside.
    pub(crate) fn position(&self) -> usize {
        self.second.readings.replays.first().map_or(self.input.pos(), |replay| replay.position)
    }

    /// Gives out the object with this id in the place of the reference to it at `at`. Whether that was all
    /// of it; if not, it is open now.
    #[cold]
    #[inline(never)]
    pub(super) fn deliver<S: Sink<'a>>(
        &mut self,
        id: u32,
        at: usize,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let found = if self.is_made(id) { self.second.readings.record.object(id) } else { None };
        let Some(ghost) = found else {
            let kind = ErrorKind::InvalidReference { id, known: self.next_id };
            return Err(Error::new(at, kind));
        };
        let depth = self.frames.len();
        let replay = Replay {
            id,
            is_view: ghost.is_view,
            done: self.second.readings.record.half(id),
            indexed: false,
            holes: 0,
            depth,
            position: self.input.pos(),
            next_id: self.next_id,
            version: self.version,
            view_flags: self.view_flags,
        };
        self.second.readings.replays.push(replay);
        self.second.look_up_all(true);
        self.second.renumbered = true;
        // The failed reading has compared its keys.
        self.unique_keys = false;
        self.input.odd = true;
        self.input.set_pos(ghost.start);
        self.version = Version::READ_TWICE;
        self.view_flags = Some(self.second.flags_from.is_some_and(|from| id >= from));
        // The reference has been counted, which is all of it that takes room.
        self.nodes_left = self.nodes_left.saturating_add(1);
        self.begin_ghost(ghost, replay.done.is_some(), sink)?;
        if self.frames.len() == depth {
            self.leave_ghost();
            return Ok(true);
        }
        self.mark_ghost();
        Ok(false)
    }

    /// Reads it, or the begin of it.
    fn begin_ghost<S: Sink<'a>>(
        &mut self,
        ghost: Noted,
        half: bool,
        sink: &mut S,
    ) -> Result<(), Error> {
        if ghost.is_view {
            let is_reference = self.input.data().get(ghost.start) == Some(&Tag::OBJECT_REFERENCE.0);
            self.jump(if is_reference {
                ghost.id
            } else {
                self.second.readings.record.first_at(ghost)
            });
            if let Some((buffer, position)) = self.given_out_here() {
                return self.refer_to(buffer, position, sink);
            }
        } else {
            self.jump(ghost.id);
        }
        let mut peek = self.input;
        match peek.tag().map(Tag) {
            Some(Tag::BEGIN_DENSE_JS_ARRAY) if half => {
                // Most of it may be holes.
                self.next_tag("value")?;
                self.count_node()?;
                let length = self.dense_length()?;
                self.take_id();
                self.open(FrameKind::Dense, Next::Element, length)?;
                sink.event(Event::SparseArrayBegin { length }, self.span());
            }
            Some(tag) if tag.is_buffer() && !ghost.is_view => {
                self.next_tag("value")?;
                self.count_node()?;
                self.buffer_alone(tag, sink)?;
            }
            _ => drop(self.any_value(sink)?),
        }
        Ok(())
    }

    /// Whether the buffer that has just been read is all that is to be given out.
    pub(super) fn is_whole_ghost(&self) -> bool {
        let replay = self.second.readings.replays.last();
        replay.is_some_and(|replay| !replay.is_view && replay.depth == self.frames.len())
    }

    /// Counts a host object, if it is one that a failed reading left. Where the delegate reads values and nothing else
    /// they cost the input a byte each, and more memory than that is to take (SECURITY.md).
    pub(super) fn count_ghost_host(&mut self) -> Result<(), Error> {
        if self.second.readings.replays.is_empty() {
            return Ok(());
        }
        let max = 128 + self.input.data().len() / 16;
        let hosts = &mut self.second.readings.hosts;
        *hosts += 1;
        if *hosts > max {
            let kind = ErrorKind::LimitExceeded { limit: "repeated host objects", max: max as u64 };
            return Err(Error::new(self.value_start, kind));
        }
        Ok(())
    }

    /// Goes on behind the reference.
    fn leave_ghost(&mut self) {
        let Some(replay) = self.second.readings.replays.pop() else { return };
        self.jump(replay.next_id);
        self.input.set_pos(replay.position);
        (self.version, self.view_flags) = (replay.version, replay.view_flags);
        if self.second.readings.replays.is_empty() {
            self.second.look_up_all(false);
            self.unique_keys = self.rules.unique_keys();
        }
    }

    /// Lets the next step be one of the ghost.
    fn mark_ghost(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.set_ghost(true);
        }
    }

    /// One step within a ghost.
    #[cold]
    #[inline(never)]
    pub(super) fn ghost_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if let Some(frame) = self.frames.last_mut() {
            frame.set_ghost(false);
        }
        if !self.half_step(sink)? && !self.known_step(sink)? {
            self.advance::<S, false>(sink)?;
        }
        while let Some(replay) = self.second.readings.replays.last().copied()
            && replay.depth == self.frames.len()
        {
            self.leave_ghost();
            if let Some(buffer) = self.buffer_with(replay.id) {
                self.view_behind(buffer, sink)?;
            }
        }
        if !self.second.readings.replays.is_empty() {
            self.mark_ghost();
        }
        Ok(true)
    }

    /// A step that only a ghost has which is not whole: its end, or the index of an element.
    fn half_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let (Some(replay), Some(frame)) =
            (self.state.second.readings.replays.last_mut(), self.state.frames.last())
        else {
            return Ok(false);
        };
        let Some(done) = replay.done.filter(|_| self.state.frames.len() == replay.depth + 1) else {
            return Ok(false);
        };
        if core::mem::take(&mut replay.indexed) {
            return Ok(false);
        }
        let mut peek = self.input;
        let ends = match (frame.container(), frame.next()) {
            (FrameKind::Dense, Next::Element) => progress(frame) >= done,
            (FrameKind::Error, Next::Key) => {
                let part = peek.varint_u8("part of error").map(ErrorTag);
                progress(frame) >= done || done < CAUSE && part == Ok(ErrorTag::CAUSE)
            }
            (FrameKind::Error, Next::Element) => true,
            (_, Next::Key) => progress(frame) >= done,
            _ => false,
        };
        if ends {
            return self.end_half(sink).map(|()| true);
        }
        let (index, length) = (frame.count, frame.length);
        if frame.container() != FrameKind::Dense || frame.next() != Next::Element || index == length
        {
            return Ok(false);
        }
        if peek.tag().map(Tag) == Some(Tag::HOLE) {
            replay.holes += 1;
            return self.advance::<(), false>(&mut ());
        }
        replay.indexed = true;
        let position = self.input.pos();
        self.set_value_start(position);
        self.count_node()?;
        sink.index(index, self.span());
        Ok(true)
    }

    /// A value that has been given out already: there is a reference to it.
    fn known_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last() else { return Ok(false) };
        let is_value = match (frame.container(), frame.next()) {
            (FrameKind::Dense, Next::Element) | (FrameKind::Map | FrameKind::Set, _) => true,
            (FrameKind::Host, next) => next == Next::Element,
            (FrameKind::WasmMemory | FrameKind::WasmShared, next) => next == Next::Key,
            (_, next) => next == Next::Value,
        };
        if !is_value {
            return Ok(false);
        }
        if frame.container() == FrameKind::Host {
            self.restart_in_ghost();
        }
        let Some((id, position)) = self.given_out_here() else { return Ok(false) };
        if let Some(frame) = self.frames.last_mut() {
            match (frame.container(), frame.next()) {
                (FrameKind::Dense, Next::Element) | (FrameKind::Set, _) => frame.count += 1,
                (FrameKind::Map, Next::Key) => {
                    frame.count += 1;
                    frame.set_next(Next::Value);
                }
                (FrameKind::Error, _) => frame.set_next(Next::Element),
                (FrameKind::Host | FrameKind::WasmMemory | FrameKind::WasmShared, _) => {
                    frame.set_next(Next::Value);
                }
                _ => frame.set_next(Next::Key),
            }
        }
        self.refer_to(id, position, sink).map(|()| true)
    }

    /// The object that is next, and where it stands, if it has been given out. It may be a buffer with a
    /// view behind it that has not been.
    fn given_out_here(&self) -> Option<(u32, usize)> {
        let mut peek = self.input;
        while peek.tag()? == Tag::OBJECT_COUNT.0 {
            peek.varint_u32("object count").ok()?;
        }
        let (position, next) = (peek.pos() - 1, self.next_id);
        let is_here = |id: u32| {
            let object = self.second.readings.record.object(id).filter(|it| it.start == position);
            object.is_some_and(|it| it.is_view || id == next) && self.second.known(id).is_some()
        };
        // The view behind a buffer has the id behind that of the buffer.
        let id = [next.wrapping_add(1), next].into_iter().find(|&id| is_here(id))?;
        Some((id, position))
    }

    /// Passes over an object that has been given out.
    fn refer_to<S: Sink<'a>>(
        &mut self,
        id: u32,
        position: usize,
        sink: &mut S,
    ) -> Result<(), Error> {
        let Some(target) = self.second.known(id) else { return Ok(()) };
        self.input.set_pos(position);
        self.set_value_start(position);
        self.count_node()?;
        let (given, nodes_left) = (self.given_ids(), self.nodes_left);
        self.state.second.close_run(self.state.next_id);
        if let Some((end, next_id)) = self.second.readings.record.end(id) {
            self.input.set_pos(end);
            self.next_id = next_id;
        } else if self.buffer_with(id).is_some() {
            let tag = self.next_tag("value")?;
            self.buffer_alone(Tag(tag), &mut ())?;
        } else {
            self.any_value(&mut ())?;
        }
        self.nodes_left = nodes_left;
        self.state.second.open_run(self.state.next_id, given);
        let span = Span { start: position, end: self.input.pos() };
        sink.event(Event::Reference(target), span);
        if let Some(buffer) = self.buffer_with(id) {
            self.view_behind(buffer, sink)?;
        }
        Ok(())
    }

    /// A value within a host object begins here, which may have been read twice.
    #[cold]
    pub(super) fn restart_in_ghost(&mut self) {
        let here = (self.next_id, self.input.pos());
        if let Some(&id) = self.second.readings.record.restarts.get(&here) {
            self.jump(id);
            self.view_flags = Some(true);
        }
    }

    /// Ends a container of which there is no more.
    fn end_half<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<(), Error> {
        let Some(frame) = self.frames.last().copied() else { return Ok(()) };
        let here = self.input.pos();
        self.set_value_start(here);
        let mut entries = frame.count;
        let event = match frame.container() {
            FrameKind::Map => Event::MapEnd { length: entries.wrapping_mul(2) },
            FrameKind::Set => Event::SetEnd { length: entries },
            FrameKind::Error => Event::ErrorEnd,
            FrameKind::WasmMemory | FrameKind::WasmShared => {
                // It has nothing yet.
                self.count_node()?;
                sink.event(Event::Undefined, self.span());
                match frame.container() {
                    FrameKind::WasmMemory => Event::WasmMemoryEnd,
                    _ => Event::WasmSharedArrayBufferEnd,
                }
            }
            FrameKind::Object => Event::ObjectEnd { properties: entries },
            container => {
                if container == FrameKind::Dense {
                    let holes =
                        self.second.readings.replays.last().map_or(0, |replay| replay.holes);
                    entries = progress(&frame).saturating_sub(holes);
                }
                Event::SparseArrayEnd { properties: entries, length: frame.length }
            }
        };
        self.frames.pop();
        sink.event(event, self.span());
        Ok(())
    }
}
