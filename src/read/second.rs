//! Version 13's quirk: some writers put flags behind views, which the version does not have.
//!
//! V8 reads such a value without flags and, when that fails, once more with flags
//! (`ReadObjectWrapper`; SPEC.md 6.11). It goes on counting ids, and keeps what the failed reading
//! built, so that references may find that (SPEC.md 4.8). Here a scout makes V8's readings first, as
//! soon as they could differ: at the first view, or at a reference to an object not yet met. It notes
//! where the reading that counts was begun again, and with which id; then that reading is followed.
//! Events that have been given out stay right, since up to there all readings are the same.
//!
//! Ids in events are those of the reading that counts, without gaps. An object of a failed reading
//! stands for the one in its place in the reading that counts, which is what the writer meant
//! (SPEC.md 12.3). A lenient reader does not count on: its ids are always the writer's.

use alloc::vec::Vec;

use super::frame::{Frame, FrameKind, Next};
use super::machine::Machine;
use crate::error::{Error, ErrorKind};

/// What V8's ids stand for, and what the scout has found.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecondReading {
    /// The ids in events by V8's; behind these they are `offset` apart.
    targets: Vec<u32>,
    /// How many ids V8 has given to what is in no event.
    offset: u32,
    /// Whether a reference had another id than its object has in events.
    renumbered: bool,
    /// Where the value being read begins.
    value: Start,
    /// Where the reading that counts was begun again, in the order of the input.
    starts: Vec<Start>,
    /// The first of `starts` that is still to come.
    next_start: usize,
    /// Of the scout: the values within values that are open.
    open: Vec<Open>,
    /// Whether the scout has been here for this value; or this is the scout.
    settled: bool,
    /// Of the scout: V8 has thrown an exception, behind which nothing is read again.
    threw: bool,
    /// Of the scout: the key behind whose value V8 gives up.
    stop: Option<usize>,
}

/// The start of a value that V8 reads once or twice.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    position: usize,
    /// V8's count of ids there.
    id: u32,
    /// The count in events.
    given: u32,
    nodes_left: u32,
}

/// The caller's value, or one within it that a host object's delegate reads.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: Start,
    again: bool,
    view_flags: Option<bool>,
    /// Lengths of the machine's stacks at the start.
    depth: usize,
    keys: usize,
    holes: usize,
    incomplete: usize,
    /// How many of `starts` are before it.
    starts: usize,
}

/// Where a failed value began, to read something else there.
#[derive(Clone, Copy)]
pub(crate) struct Checkpoint {
    start: Start,
    view_flags: Option<bool>,
}

/// No object.
const NONE: u32 = u32::MAX;

/// Host values within host values can each be read twice by the one around them. This bounds how
/// often all of the input may be.
const PASSES: usize = 16;

impl SecondReading {
    pub(super) fn clear(&mut self) {
        self.targets.clear();
        (self.offset, self.renumbered) = (0, false);
        self.begin_value();
    }

    pub(super) fn begin_value(&mut self) {
        self.starts.clear();
        self.open.clear();
        self.next_start = 0;
        (self.settled, self.threw, self.stop) = (false, false, None);
    }

    /// Notes that V8 throws an exception here, where for other errors it just gives no value.
    #[cold]
    pub(super) fn note_throw(&mut self) {
        self.threw = true;
    }

    /// The id in events of the object that has this one in V8.
    #[inline(always)]
    fn target(&self, id: u32) -> u32 {
        match self.targets.get(id as usize) {
            Some(&target) => target,
            None => id.wrapping_sub(self.offset),
        }
    }

    /// The place that V8's id for an object has in the reading that counts, up to this position.
    fn renumbered(&self, id: u32, position: usize) -> u32 {
        let given = id.wrapping_sub(self.offset);
        // Both grow from start to start.
        let begun =
            self.starts.partition_point(|start| start.position <= position && start.given <= given);
        let last = begun.checked_sub(1).and_then(|index| self.starts.get(index));
        last.map_or(id, |start| start.id.wrapping_add(given - start.given))
    }
}

impl<'a> Machine<'a> {
    /// How many ids have been given in events.
    #[inline(always)]
    pub(crate) fn given_ids(&self) -> u32 {
        self.next_id.wrapping_sub(self.second.offset)
    }

    /// Whether the ids in events are not always those on the wire.
    pub(crate) fn is_renumbered(&self) -> bool {
        self.second.renumbered
    }

    /// The caller's value begins here.
    #[inline]
    pub(super) fn note_value(&mut self) {
        self.second.value = self.start();
    }

    fn start(&self) -> Start {
        Start {
            position: self.input.pos(),
            id: self.next_id,
            given: self.given_ids(),
            nodes_left: self.nodes_left,
        }
    }

    /// A value begins here that a host object's delegate reads.
    #[inline]
    pub(super) fn note_host_value(&mut self) {
        let next = self.second.starts.get(self.second.next_start).copied();
        if let Some(start) = next.filter(|start| start.position == self.input.pos()) {
            self.second.next_start += 1;
            (self.next_id, self.second.offset) = (start.id, start.id.wrapping_sub(start.given));
            self.view_flags = Some(true);
        }
    }

    /// The id in events for one on the wire, `None` where there is no such object (SPEC.md 3.9.2).
    #[inline(always)]
    pub(super) fn resolve(&mut self, id: u32) -> Option<u32> {
        if id >= self.next_id && !self.is_there_when_read_again(id) {
            return None;
        }
        let target = self.second.target(id);
        self.second.renumbered |= target != id;
        // What a failed reading made of other bytes need not have a counterpart here yet.
        let good = target < self.given_ids() && self.incomplete.binary_search(&id).is_err();
        good.then_some(target)
    }

    #[cold]
    #[inline(never)]
    fn is_there_when_read_again(&mut self, id: u32) -> bool {
        if self.version.view_flags_unclear() && !self.rules.lenient {
            self.read_ahead();
        }
        id < self.next_id
    }

    /// Makes V8's readings of this value, unless that has been done, and follows the one that counts.
    #[cold]
    #[inline(never)]
    pub(super) fn read_ahead(&mut self) {
        if self.second.settled || !self.rules.second_reading() {
            return;
        }
        let keeps_ids = !self.rules.lenient;
        let (here, known, value) = (self.input.pos(), self.second.targets.len(), self.second.value);
        let mut scout = self.scout();
        scout.second.settled = true;
        scout.input.set_pos(value.position);
        (scout.next_id, scout.nodes_left) = (value.id, value.nodes_left);
        scout.forget_tables(value.id);
        scout.view_flags = self.view_flags;
        scout.second.offset = self.second.offset;
        core::mem::swap(&mut scout.second.targets, &mut self.second.targets);
        let follow = scout.make_readings();
        scout.part_unequal_buffers(value.id);
        core::mem::swap(&mut scout.second.targets, &mut self.second.targets);
        core::mem::swap(&mut scout.second.starts, &mut self.second.starts);
        self.retire(scout);
        self.second.settled = true;
        if !follow {
            self.second.starts.clear();
        }
        if !follow || !keeps_ids {
            self.second.targets.truncate(known);
            self.forget_tables(self.next_id);
        }
        self.follow(here);
    }

    /// Takes the place that the reading that counts has here.
    fn follow(&mut self, here: usize) {
        let second = &self.second;
        for id in &mut self.incomplete {
            *id = second.renumbered(*id, here);
        }
        for frame in &mut self.frames {
            if matches!(frame.kind(), FrameKind::WasmMemory | FrameKind::WasmShared) {
                frame.length = second.renumbered(frame.length, here);
            }
        }
        let given = self.given_ids();
        let begun = second.starts.partition_point(|start| start.position <= here);
        self.next_id = second.renumbered(self.next_id, here);
        self.second.offset = self.next_id.wrapping_sub(given);
        self.second.next_start = begun;
        self.view_flags = Some(self.view_flags == Some(true) || begun > 0);
    }

    /// Forgets the buffers and memories from this id on.
    fn forget_tables(&mut self, id: u32) {
        self.buffers.truncate(self.buffers.partition_point(|known| known.id < id));
        self.memories.truncate(self.memories.partition_point(|&entry| entry < id));
    }

    /// Of the scout: reads as V8 does. Whether the last reading is the one to follow: it is good, or
    /// came further than the first.
    fn make_readings(&mut self) -> bool {
        let mut budget = self.input.data().len().saturating_mul(PASSES);
        let (mut first, mut last, mut compared) = (None, 0, false);
        self.open_value();
        loop {
            self.enter_or_leave_host_value();
            let before = self.next_id;
            if !self.gives_up() {
                let error = match self.step(&mut ()) {
                    Ok(true) => continue,
                    Ok(false) => return !self.second.starts.is_empty(),
                    Err(error) => error,
                };
                last = error.offset();
                first.get_or_insert(last);
                self.note_unmade(before);
                if self.second.threw || error.is_limit() {
                    break;
                }
                let open = self.second.open.last().copied();
                if let Some(open) = open.filter(|_| !compared)
                    && let Some(key) = self.first_duplicate(open, &error)
                {
                    (compared, self.second.stop) = (true, Some(key));
                    budget = match budget.checked_sub(self.rewind(open)) {
                        Some(left) => left,
                        None => break,
                    };
                    continue;
                }
                if self.reads_on(&error) {
                    continue;
                }
            }
            let Some(open) = self.second.open.last().copied().filter(|open| !open.again) else {
                break;
            };
            budget = match budget.checked_sub(self.reread(open)) {
                Some(left) => left,
                None => break,
            };
            compared = false;
        }
        first.is_some_and(|first| last > first)
    }

    /// Whether V8 refuses what it has read of the innermost object.
    fn gives_up(&self) -> bool {
        let key = self.frames.last().filter(|frame| frame.next() == Next::Key).map(Frame::key);
        key.is_some() && key == self.second.stop
    }

    /// Where V8 reads a whole value before it refuses it, or the property that it is of.
    fn reads_on(&mut self, error: &Error) -> bool {
        let offset = error.offset();
        self.second.stop = Some(offset);
        match error.kind() {
            // The key of an array's element or length; its value is next.
            ErrorKind::DuplicateKey { .. } => {
                self.frames.last().is_some_and(|frame| frame.next() == Next::Value)
            }
            ErrorKind::InvalidKey { .. } | ErrorKind::ExpectedString { .. } => {
                let mut frame = Frame::new(FrameKind::Object, Next::Value, offset, 0);
                frame.set_key(offset);
                self.frames.push(frame);
                self.input.set_pos(offset);
                true
            }
            _ => false,
        }
    }

    /// The first property that an open object has twice: V8 refuses that as soon as its value is read,
    /// we at the object's end.
    fn first_duplicate(&mut self, open: Open, error: &Error) -> Option<usize> {
        let mut base = open.keys;
        for depth in open.depth..self.frames.len() {
            let frame = self.frames[depth];
            let keys = match frame.kind() {
                FrameKind::Object | FrameKind::Sparse => frame.count as usize,
                FrameKind::Dense if frame.next() != Next::Element => frame.count as usize,
                _ => 0,
            };
            // A value that is being read has not been refused.
            let whole = keys - usize::from(keys > 0 && depth + 1 < self.frames.len());
            let found = self.keys.duplicate(base..base + whole, &self.input);
            if found.is_some() {
                return found;
            }
            base += keys;
        }
        let at_end = matches!(error.kind(), ErrorKind::DuplicateKey { .. })
            && self.frames.last().is_some_and(|frame| frame.next() == Next::Key);
        at_end.then_some(error.offset())
    }

    fn open_value(&mut self) {
        let open = Open {
            start: self.start(),
            again: false,
            view_flags: self.view_flags,
            depth: self.frames.len(),
            keys: self.keys.len(),
            holes: self.holes.len(),
            incomplete: self.incomplete.len(),
            starts: self.second.starts.len(),
        };
        self.second.open.push(open);
    }

    fn enter_or_leave_host_value(&mut self) {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last().filter(|frame| frame.kind() == FrameKind::Host) else {
            return;
        };
        let inside = self.second.open.last().is_some_and(|open| open.depth == depth);
        match (frame.next(), inside) {
            (Next::Element, false) => self.open_value(),
            (Next::Value, true) => drop(self.second.open.pop()),
            _ => {}
        }
    }

    /// Goes back to the start of a value, to read it as before. Gives the number of bytes read since.
    fn rewind(&mut self, open: Open) -> usize {
        let again = self.second.starts.get(open.starts).copied().filter(|_| open.again);
        let start = again.unwrap_or(open.start);
        self.second.starts.truncate(open.starts);
        self.second.starts.extend(again);
        self.second.targets.truncate(start.id as usize);
        self.forget_tables(start.id);
        self.next_id = start.id;
        self.second.offset = start.id.wrapping_sub(start.given);
        self.view_flags = if open.again { Some(true) } else { open.view_flags };
        self.nodes_left = start.nodes_left;
        self.frames.truncate(open.depth);
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

    /// Goes back to the start of a value, to read it with flags behind views.
    fn reread(&mut self, open: Open) -> usize {
        let mut start = open.start;
        if !self.rules.lenient {
            start.id = self.next_id;
            self.keep_targets(open.incomplete);
        }
        if let Some(open) = self.second.open.last_mut() {
            open.again = true;
        }
        self.second.starts.truncate(open.starts);
        self.second.starts.push(start);
        self.second.stop = None;
        self.rewind(Open { again: true, ..open })
    }

    /// Keeps what the ids given so far stand for. Those that got no object stand for none.
    fn keep_targets(&mut self, incomplete: usize) {
        let second = &mut self.second;
        let (known, offset) = (second.targets.len() as u32, second.offset);
        second.targets.extend((known..self.next_id).map(|id| id.wrapping_sub(offset)));
        for id in &self.incomplete[incomplete..] {
            second.targets[*id as usize] = NONE;
        }
    }

    /// Notes the ids that a failed step has taken and made nothing for.
    fn note_unmade(&mut self, before: u32) {
        for id in before..self.next_id {
            let made = self.buffers.binary_search_by_key(&id, |known| known.id).is_ok();
            if !made && self.incomplete.last() != Some(&id) {
                self.incomplete.push(id);
            }
        }
    }

    /// A view behind a reference to a misread buffer could not be one of the buffer in its place,
    /// unless the two are alike.
    fn part_unequal_buffers(&mut self, first: u32) {
        let (second, buffers) = (&mut self.second, &self.buffers);
        let known = buffers.partition_point(|known| known.id < first);
        for misread in &buffers[known..] {
            let id = misread.id;
            let Some(target) = second.targets.get_mut(id as usize) else { break };
            let begun = second.starts.partition_point(|start| start.given <= *target);
            let place = begun.checked_sub(1).map(|index| {
                second.starts[index].id.wrapping_add(*target - second.starts[index].given)
            });
            let alike = |place| {
                let found = buffers.binary_search_by_key(&place, |known| known.id);
                found.is_ok_and(|index| buffers[index].buffer() == misread.buffer())
            };
            if place.is_some_and(|place| place != id && !alike(place)) {
                *target = NONE;
            }
        }
    }

    // Between values.

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { start: self.start(), view_flags: self.view_flags }
    }

    /// Forgets the value that has been read since.
    pub(crate) fn go_back(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { start, view_flags } = checkpoint;
        self.input.set_pos(start.position);
        self.next_id = start.id;
        self.second.offset = start.id.wrapping_sub(start.given);
        self.second.targets.truncate(start.id as usize);
        self.forget_tables(start.id);
        self.view_flags = view_flags;
    }
}
