//! The scout: reads a value of version 13 as V8 does, once or twice, before the machine follows the
//! reading that counts (see `second`).
//!
//! What counts is how far V8 came when it gave up, since the ids run on (SPEC.md 4.11): a value in the
//! place of a key or a string is read whole, a property that is there twice is refused behind its
//! value. Of each container that was open then it notes how much V8 had put in.

use super::frame::{Frame, FrameKind, Next};
use super::ghosts::{CAUSE, progress};
use super::machine::Machine;
use super::record::{Lengths, NONE, Record};
use super::second::Start;
use super::views::MAXIMUM;
use crate::error::{Error, ErrorKind};
use crate::wire::Tag;

/// The caller's value, or one within it that a host object's delegate reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    start: Start,
    again: bool,
    /// The key that an object in it has twice, behind whose value V8 gives up.
    twice: Option<usize>,
    view_flags: Option<bool>,
    /// Lengths of the machine's stacks at the start.
    depth: usize,
    keys: usize,
    holes: usize,
    incomplete: usize,
    /// How many of `starts` are before it.
    starts: usize,
    noted: Lengths,
}

/// What the machine was at before a step.
#[derive(Clone, Copy)]
struct Before {
    position: usize,
    next_id: u32,
    depth: usize,
    innermost: Option<Frame>,
}

/// Host values within host values can each be read twice by the one around them. This bounds how
/// often all of the input may be.
const PASSES: usize = 16;

/// [`Frame::length`] of a container that is none: what is read in it stands in the place of a key, or of a
/// string within another value.
const KEY: u32 = 2;
const STRING: u32 = 3;

/// The last part of an error that V8 reads before it makes the object.
const STACK: u32 = CAUSE - 1;

impl<'a> Machine<'a> {
    /// Reads as V8 does. Whether the last reading is the one to follow: it is good, or came further
    /// than the first.
    pub(super) fn make_readings(&mut self, record: &mut Record) -> bool {
        let mut budget = self.input.data().len().saturating_mul(PASSES);
        let (mut first, mut last) = (None, 0);
        self.open_value(record);
        loop {
            self.enter_or_leave_host_value(record);
            record.is_last = matches!(&self.second.readings.open[..], [only] if only.again);
            let innermost = self.frames.last().copied();
            let before = Before {
                position: self.input.pos(),
                next_id: self.next_id,
                depth: self.frames.len(),
                innermost,
            };
            let mut failed = None;
            if !self.gives_up() {
                record.next_id = self.next_id;
                let error = match self.step(record) {
                    Ok(true) => continue,
                    Ok(false) => return !self.second.readings.starts.is_empty(),
                    Err(error) => error,
                };
                last = error.offset();
                first.get_or_insert(last);
                self.note_unmade(before.next_id, record);
                if error.is_limit() {
                    break;
                }
                if let Some(open) = self.open_with_duplicate(&error) {
                    budget = match budget.checked_sub(self.rewind(open, record)) {
                        Some(left) => left,
                        None => break,
                    };
                    continue;
                }
                if self.second.threw {
                    break;
                }
                if self.reads_on(&error, before, record) {
                    continue;
                }
                failed = Some(error);
            }
            let Some(open) = self.second.readings.open.last().copied().filter(|open| !open.again)
            else {
                break;
            };
            if !self.rules.lenient {
                self.note_halves(open, before, failed.as_ref(), record);
            }
            budget = match budget.checked_sub(self.reread(open, record)) {
                Some(left) => left,
                None => break,
            };
        }
        first.is_some_and(|first| last > first)
    }

    /// Whether V8 refuses what it has read of the innermost object.
    fn gives_up(&self) -> bool {
        let key = self.frames.last().filter(|frame| frame.next() == Next::Key).map(Frame::key);
        key.is_some()
            && (key == self.second.stop
                || self.second.readings.open.iter().any(|open| open.twice == key))
    }

    /// Where V8 reads a whole value before it refuses it, or the property that it is of.
    fn reads_on(&mut self, error: &Error, before: Before, record: &mut Record) -> bool {
        let offset = error.offset();
        self.second.stop = Some(offset);
        let frame = self.frames.last().copied();
        match error.kind() {
            // The key of an array's element or length; its value is next.
            ErrorKind::DuplicateKey { .. } => {
                frame.is_some_and(|frame| frame.next() == Next::Value)
            }
            ErrorKind::InvalidKey { .. } => {
                // What could be the first key of an object is taken for a string at first.
                let first = frame.is_some_and(|frame| {
                    frame.kind() == FrameKind::Object
                        && frame.count == 0
                        && self.rules.first_key_has_number()
                });
                let mut peek = self.input;
                peek.set_pos(offset + 1);
                if first && peek.varint_u32("length of key").is_err() {
                    return false;
                }
                self.read_in_place(KEY, offset, record);
                true
            }
            ErrorKind::ExpectedString { .. } => {
                // An error whose message is none is not made.
                let error = frame.filter(|frame| frame.kind() == FrameKind::Error);
                if error.is_some_and(|frame| frame.next() == Next::Key) {
                    self.second.readings.unmade.extend(record.open.last());
                }
                self.read_in_place(STRING, offset, record);
                true
            }
            ErrorKind::InvalidWasm { reason: MAXIMUM } => {
                let reads = !self.rules.wasm_memory_at_once();
                if reads {
                    self.read_in_place(STRING, self.input.pos(), record);
                }
                reads
            }
            // What is no buffer in a memory, or no memory around a buffer.
            ErrorKind::InvalidWasm { .. } if self.input.pos() == before.position => {
                self.reads_on_in_wasm(record)
            }
            _ => false,
        }
    }

    fn reads_on_in_wasm(&mut self, record: &mut Record) -> bool {
        let kind = self.frames.last().map(Frame::kind);
        let (position, mut peek) = (self.input.pos(), self.input);
        let Some(tag) = peek.tag().map(Tag).filter(|_| self.rules.wasm_memory_reads_on()) else {
            return false;
        };
        match kind {
            // There no view is read behind a buffer.
            Some(FrameKind::WasmMemory) if self.rules.wasm_memory_at_once() && tag.is_buffer() => {
                let next_id = self.next_id;
                self.set_value_start(peek.pos() - 1);
                self.input = peek;
                // Whatever it is, it is refused.
                let _ = self.buffer_alone(tag, record);
                self.note_unmade(next_id, record);
                false
            }
            Some(FrameKind::WasmMemory)
                if self.rules.wasm_memory_at_once() && tag == Tag::OBJECT_REFERENCE =>
            {
                false
            }
            Some(FrameKind::WasmMemory | FrameKind::WasmShared) => {
                self.read_in_place(STRING, position, record);
                true
            }
            _ => false,
        }
    }

    /// Reads the value at `offset`, where none may be, in a container that is none.
    fn read_in_place(&mut self, place: u32, offset: usize, record: &mut Record) {
        let mut frame = Frame::new(FrameKind::Object, Next::Value, offset, place);
        frame.set_key(offset);
        self.second.stop = Some(offset);
        self.frames.push(frame);
        record.open.push(NONE);
        self.input.set_pos(offset);
    }

    /// The value to read again up to a property that is there twice, if there is one: whatever came behind that,
    /// V8 has not met.
    fn open_with_duplicate(&mut self, error: &Error) -> Option<Open> {
        let (depth, key) = self.first_duplicate(error)?;
        let index = self.second.readings.open.iter().rposition(|open| open.depth <= depth)?;
        let open = self.second.readings.open.get_mut(index).filter(|open| open.twice.is_none())?;
        open.twice = Some(key);
        let open = *open;
        self.second.readings.open.truncate(index + 1);
        self.second.threw = false;
        Some(open)
    }

    /// The first property that an open object has twice, and how deep that is: V8 refuses it as soon as its value
    /// is read, we at the object's end.
    fn first_duplicate(&mut self, error: &Error) -> Option<(usize, usize)> {
        let outermost = *self.second.readings.open.first()?;
        let mut base = outermost.keys;
        for depth in outermost.depth..self.frames.len() {
            let frame = self.frames[depth];
            let keys = match frame.kind() {
                FrameKind::Object | FrameKind::Sparse => frame.count as usize,
                FrameKind::Dense if frame.next() != Next::Element => frame.count as usize,
                _ => 0,
            };
            // A value that is being read has not been refused.
            let whole = keys - usize::from(keys > 0 && depth + 1 < self.frames.len());
            if let Some(key) = self.state.keys.duplicate(base..base + whole, &self.input) {
                return Some((depth, key));
            }
            base += keys;
        }
        let at_end = matches!(error.kind(), ErrorKind::DuplicateKey { .. })
            && self.frames.last().is_some_and(|frame| frame.next() == Next::Key);
        at_end.then(|| (self.frames.len(), error.offset()))
    }

    fn open_value(&mut self, record: &Record) {
        let open = Open {
            start: self.start(),
            again: false,
            twice: None,
            view_flags: self.view_flags,
            depth: self.frames.len(),
            keys: self.keys.len(),
            holes: self.holes.len(),
            incomplete: self.incomplete.len(),
            starts: self.second.readings.starts.len(),
            noted: record.lengths(),
        };
        self.second.readings.open.push(open);
    }

    fn enter_or_leave_host_value(&mut self, record: &mut Record) {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last().filter(|frame| frame.kind() == FrameKind::Host) else {
            return;
        };
        let inside = self.second.readings.open.last().is_some_and(|open| open.depth == depth);
        match (frame.next(), inside) {
            (Next::Element, false) => self.open_value(record),
            (Next::Value, true) => self.leave_host_value(record),
            _ => {}
        }
    }

    fn leave_host_value(&mut self, record: &mut Record) {
        let left = self.second.readings.open.pop().filter(|left| !left.again);
        // Within the last reading nothing will be looked for but what was read twice.
        if let (Some(left), [only]) = (left, &self.second.readings.open[..])
            && only.again
            && left.starts == self.second.readings.starts.len()
        {
            record.truncate(left.noted);
        }
    }

    /// Goes back to the start of a value, to read it as before. Gives the number of bytes read since.
    fn rewind(&mut self, open: Open, record: &mut Record) -> usize {
        let again = self.second.readings.starts.get(open.starts).copied().filter(|_| open.again);
        let start = again.unwrap_or(open.start);
        self.second.readings.starts.truncate(open.starts);
        self.second.readings.starts.extend(again);
        self.second.forget_unmade(start.id);
        record.forget_restarts(start.id);
        record.truncate(open.noted);
        self.begin_from(start, open, record)
    }

    /// Goes back to the start of a value, to read it with flags behind views.
    fn reread(&mut self, open: Open, record: &mut Record) -> usize {
        let mut start = open.start;
        let noted = if self.rules.lenient {
            open.noted
        } else {
            start.id = self.next_id;
            self.second.flags_from.get_or_insert(start.id);
            record.restarts.insert((open.start.id, start.position), start.id);
            record.lengths()
        };
        record.truncate(noted);
        if let Some(open) = self.second.readings.open.last_mut() {
            (open.again, open.twice, open.noted) = (true, None, noted);
        }
        self.second.readings.starts.truncate(open.starts);
        self.second.readings.starts.push(start);
        self.second.stop = None;
        self.begin_from(start, Open { again: true, ..open }, record)
    }

    fn begin_from(&mut self, start: Start, open: Open, record: &mut Record) -> usize {
        self.forget_tables(start.id);
        self.next_id = start.id;
        self.second.open_run(0, start.given.wrapping_sub(start.id));
        self.view_flags = if open.again { Some(true) } else { open.view_flags };
        self.nodes_left = start.nodes_left;
        self.frames.truncate(open.depth);
        record.open.truncate(open.depth);
        self.keys.truncate(open.keys);
        self.holes.truncate(open.holes);
        self.incomplete.truncate(open.incomplete);
        match self.frames.last_mut() {
            // It is asked to read the value once more.
            Some(frame) => frame.set_next(Next::Element),
            None => self.begin_again(),
        }
        let read = self.input.pos().saturating_sub(start.position);
        self.input.set_pos(start.position);
        read
    }

    /// Notes the ids that a failed step has taken and made nothing for.
    fn note_unmade(&mut self, before: u32, record: &Record) {
        for id in before..self.next_id {
            if record.object(id).is_none() {
                self.second.readings.unmade.insert(id);
            }
        }
    }

    /// Notes how much there is of the containers that are open, when V8 gives up the value that holds
    /// them, and which of them it had not made so far.
    fn note_halves(
        &mut self,
        open: Open,
        before: Before,
        failed: Option<&Error>,
        record: &mut Record,
    ) {
        for depth in open.depth..self.frames.len().min(record.open.len()) {
            let id = record.open[depth];
            if id == NONE {
                continue;
            }
            let inner = self.frames.get(depth + 1).zip(record.open.get(depth + 1));
            // The step that failed was one of this container's own.
            let own = before.innermost.filter(|_| {
                inner.is_none() && failed.is_some() && before.depth == self.frames.len()
            });
            let frame = own.unwrap_or(self.frames[depth]);
            // Whether a child, or the property that it is of, is there in part.
            let part = match (inner, own) {
                (Some((inner, &id)), _) => id != NONE || inner.length != KEY,
                (None, Some(frame)) => frame.next() == Next::Value,
                // A property that is there twice; a buffer whose view is none.
                (None, None) => true,
            };
            let invalid = failed
                .is_some_and(|error| matches!(error.kind(), ErrorKind::InvalidErrorPart { .. }));
            let done = match frame.kind() {
                FrameKind::WasmMemory if !self.rules.wasm_memory_at_once() => None,
                FrameKind::Error if self.errors_are_late() => None,
                FrameKind::Error if part => Some(STACK),
                FrameKind::Error => (invalid || frame.length == CAUSE).then_some(frame.length),
                _ => Some(progress(&frame).saturating_sub(part.into())),
            };
            match done {
                Some(done) => record.note_half(id, done),
                None => drop(self.second.readings.unmade.insert(id)),
            }
        }
    }
}
