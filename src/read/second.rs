//! Version 13's quirk: some writers put flags behind views, which the version does not have.
//!
//! V8 reads such a value without flags and, when that fails, once more with flags
//! (`ReadObjectWrapper`; SPEC.md 6.11). It goes on counting ids, and keeps what the failed reading
//! built, so that references may find that (SPEC.md 4.8). Here a [scout](super::scout) makes V8's
//! readings first, as soon as they could differ: at the first view or reference. Mostly the first one is
//! good. Otherwise it notes where the reading that counts was begun again, and with which id; then
//! that reading is followed.
//! Events that have been given out stay right, since up to there all readings are the same.
//!
//! Ids in events are those of the reading that counts, without gaps. What a failed reading left has
//! none until it is referred to; then it is [given out](super::ghosts) in the place of the reference. A
//! lenient reader does not count on: its ids are always the writer's.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::frame::FrameKind;
use super::ghosts::Replay;
use super::machine::Machine;
use super::record::{Lengths, Record};
use super::scout::Open;
use super::shapes::FOLLOWS;
use crate::rare::{Empty, Rare};
use crate::wire::version::Version;

/// What V8's ids stand for, and what the scout has found.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecondReading {
    /// References to ids below this one have to be looked up; all bits where that goes for all.
    direct: u32,
    /// V8's ids from this one on are `offset` above those in events.
    linear: u32,
    offset: u32,
    /// Whether a reference had another id than its object has in events.
    pub(super) renumbered: bool,
    /// Where the value being read begins.
    value: Start,
    /// The first of [`Readings::starts`] that is still to come.
    next_start: usize,
    /// The first id that was given with flags behind views.
    pub(super) flags_from: Option<u32>,
    /// Whether the scout has been here for this value; or this is the scout.
    settled: bool,
    /// Of a scout: it does not go on behind an error.
    is_plain: bool,
    /// Of the scout: V8 has thrown an exception, behind which nothing is read again.
    pub(super) threw: bool,
    /// Of the scout: what stands in the place of a key or a string, behind which V8 gives up.
    pub(super) stop: Option<usize>,
    pub(super) readings: Rare<Readings>,
}

/// What is kept of readings of which there is more than one.
#[derive(Clone, Debug, Default)]
pub(super) struct Readings {
    /// Ids below [`SecondReading::linear`], by the first of a run: the id behind it, and the offset.
    runs: BTreeMap<u32, (u32, u32)>,
    /// Ids that were taken in a failed reading, for objects that could not be made.
    pub(super) unmade: BTreeSet<u32>,
    /// Where the reading that counts was begun again, in the order of the input.
    pub(super) starts: Vec<Start>,
    /// What the scout's readings have met.
    pub(super) record: Record,
    /// What is being given out of what they left.
    pub(super) replays: Vec<Replay>,
    /// How many host objects of them have been given out.
    pub(super) hosts: usize,
    /// Of the scout: the values within values that are open.
    pub(super) open: Vec<Open>,
}

impl Empty for Readings {
    const EMPTY: &'static Self = &Readings {
        runs: BTreeMap::new(),
        unmade: BTreeSet::new(),
        starts: Vec::new(),
        record: Record::new(),
        replays: Vec::new(),
        hosts: 0,
        open: Vec::new(),
    };
}

/// The start of a value that V8 reads once or twice.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    pub(super) position: usize,
    /// V8's count of ids there.
    pub(super) id: u32,
    /// The count in events.
    pub(super) given: u32,
    pub(super) nodes_left: u32,
}

/// Where a failed value began, to read something else there.
#[derive(Clone, Copy)]
pub(crate) struct Checkpoint {
    start: Start,
    version: Version,
    view_flags: Option<bool>,
    flags_from: Option<u32>,
    linear: u32,
    noted: Lengths,
    hosts: usize,
}

/// No id is below.
const ALL: u32 = u32::MAX;

impl SecondReading {
    pub(super) fn clear(&mut self) {
        (self.direct, self.linear, self.offset) = (0, 0, 0);
        if let Some(readings) = self.readings.made() {
            readings.runs.clear();
            readings.unmade.clear();
            readings.record.clear();
            readings.hosts = 0;
        }
        (self.renumbered, self.flags_from) = (false, None);
        self.begin_value();
    }

    pub(super) fn begin_value(&mut self) {
        if let Some(readings) = self.readings.made() {
            readings.starts.clear();
            readings.open.clear();
            readings.replays.clear();
        }
        self.next_start = 0;
        (self.settled, self.is_plain, self.threw, self.stop) = (false, false, false, None);
    }

    /// Notes that V8 throws an exception here, where for other errors it just gives no value.
    #[cold]
    pub(super) fn note_throw(&mut self) {
        self.threw = true;
    }

    /// Forgets what has been noted of ids from this one on.
    pub(super) fn forget_unmade(&mut self, id: u32) {
        while self.readings.unmade.last().is_some_and(|&last| last >= id) {
            self.readings.unmade.pop_last();
        }
    }

    /// The id in events of an object below the ids that are counted now, if it has been given out.
    pub(super) fn known(&self, id: u32) -> Option<u32> {
        let (_, &(end, offset)) = self.readings.runs.range(..=id).next_back()?;
        (id < end).then(|| id.wrapping_sub(offset))
    }

    /// The ids that are counted now end there.
    pub(super) fn close_run(&mut self, end: u32) {
        self.add_run(self.linear, end, self.offset);
    }

    fn add_run(&mut self, first: u32, end: u32, offset: u32) {
        if first >= end {
            return;
        }
        if let Some((_, last)) = self.readings.runs.range_mut(..first).next_back()
            && *last == (first, offset)
        {
            last.0 = end;
        } else {
            self.readings.runs.insert(first, (end, offset));
        }
    }

    /// From this id on they are counted on, and `given` have been in events.
    pub(super) fn open_run(&mut self, id: u32, given: u32) {
        (self.linear, self.offset) = (id, id.wrapping_sub(given));
        if self.direct != ALL {
            self.direct = id;
        }
    }

    /// From here on all references are looked up, or no more.
    pub(super) fn look_up_all(&mut self, all: bool) {
        self.direct = if all { ALL } else { self.linear };
    }

    /// The id that an object of this value has in the reading that counts, of which so many starts are
    /// before it.
    fn moved(&self, id: u32, begun: usize) -> u32 {
        let given = id.wrapping_sub(self.offset);
        let starts = &self.readings.starts[..begun];
        // Both grow from start to start.
        let last = starts.partition_point(|start| start.given <= given).checked_sub(1);
        last.map_or(id, |last| starts[last].id.wrapping_add(given - starts[last].given))
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

    /// Whether V8 reads data of this version once more where it cannot read it, and counts on.
    fn may_count_on(&self) -> bool {
        self.version.view_flags_unclear() && !self.rules.lenient && self.rules.second_reading()
    }

    /// The caller's value begins here.
    #[inline]
    pub(super) fn note_value(&mut self) {
        self.second.value = self.start();
        self.state.second.look_up_all(self.may_count_on() && !self.state.second.is_plain);
    }

    pub(super) fn start(&self) -> Start {
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
        if !self.second.readings.replays.is_empty() {
            return self.restart_in_ghost();
        }
        let next = self.second.readings.starts.get(self.second.next_start).copied();
        if let Some(start) = next.filter(|start| start.position == self.input.pos()) {
            self.second.next_start += 1;
            self.jump(start.id);
            self.view_flags = Some(true);
        }
    }

    /// The next object gets this id of V8's. Ids in events run on.
    pub(super) fn jump(&mut self, id: u32) {
        if id != self.next_id {
            let given = self.given_ids();
            self.state.second.close_run(self.state.next_id);
            self.next_id = id;
            self.second.open_run(id, given);
        }
    }

    /// The id in events for one on the wire, `None` where no object in events has it (SPEC.md 3.9.2).
    #[inline(always)]
    pub(super) fn resolve(&mut self, id: u32) -> Option<u32> {
        if id >= self.next_id || id < self.second.direct {
            return self.look_up(id);
        }
        let target = id.wrapping_sub(self.second.offset);
        self.second.renumbered |= target != id;
        self.incomplete.binary_search(&id).is_err().then_some(target)
    }

    #[cold]
    #[inline(never)]
    fn look_up(&mut self, id: u32) -> Option<u32> {
        if self.second.readings.replays.is_empty() && self.may_count_on() {
            self.read_ahead();
        }
        if !self.is_made(id) {
            return None;
        }
        let target = if id >= self.second.linear {
            id.wrapping_sub(self.second.offset)
        } else {
            self.second.known(id)?
        };
        self.second.renumbered |= target != id;
        Some(target)
    }

    /// Whether V8 has an object of this id.
    pub(super) fn is_made(&self, id: u32) -> bool {
        // What failed readings left refers to nothing that is open now.
        let is_open =
            self.second.readings.replays.is_empty() && self.incomplete.binary_search(&id).is_ok();
        id < self.next_id && !is_open && !self.second.readings.unmade.contains(&id)
    }

    /// Makes V8's readings of this value, unless that has been done, and follows the one that counts.
    #[cold]
    #[inline(never)]
    pub(super) fn read_ahead(&mut self) {
        if self.second.settled || !self.rules.second_reading() {
            return;
        }
        let keeps_ids = !self.rules.lenient;
        let (here, value) = (self.input.pos(), self.second.value);
        self.second.settled = true;
        if self.reads_plainly() {
            self.forget_tables(self.next_id);
            self.follow(here, keeps_ids);
            return;
        }
        self.find_buffers(value.id);
        let mut record = core::mem::take(&mut self.second.readings.record);
        let known = record.begin(self.input.data().len().min(self.options.limits.depth as usize));
        let mut scout = self.scout_of_value();
        core::mem::swap(&mut scout.second.readings.unmade, &mut self.second.readings.unmade);
        let follow = scout.make_readings(&mut record);
        core::mem::swap(&mut scout.second.readings.unmade, &mut self.second.readings.unmade);
        core::mem::swap(&mut scout.second.readings.starts, &mut self.second.readings.starts);
        let flags_from = scout.second.flags_from;
        self.retire(scout);
        self.give_back();
        if !follow {
            self.second.readings.starts.clear();
        }
        match self.second.readings.starts.last() {
            Some(last) if keeps_ids => {
                record.keep(known, last.id);
                self.second.flags_from = self.second.flags_from.or(flags_from);
            }
            _ => {
                record.truncate(known);
                self.second.forget_unmade(value.id);
            }
        }
        self.second.readings.record = record;
        if !follow || !keeps_ids {
            self.forget_tables(self.next_id);
        }
        self.follow(here, keeps_ids);
    }

    /// Whether V8 can read this value at the first go, which is most often so. Nothing is noted.
    fn reads_plainly(&mut self) -> bool {
        if !self.second.readings.unmade.is_empty() || self.second.readings.record.is_noted() {
            return false;
        }
        let mut scout = self.scout_of_value();
        scout.read_plainly();
        scout.object_length = FOLLOWS;
        let good = loop {
            match scout.advance::<(), true>(&mut ()) {
                Ok(true) => {}
                result => break result.is_ok(),
            }
        };
        self.retire(scout);
        good
    }

    /// Reads the value without flags behind views, if it has none before.
    pub(super) fn read_plainly(&mut self) {
        (self.second.settled, self.second.is_plain) = (true, true);
    }

    /// A scout at the start of this value.
    fn scout_of_value(&mut self) -> Machine<'a> {
        let value = self.second.value;
        let mut scout = self.scout();
        scout.second.settled = true;
        scout.input.set_pos(value.position);
        (scout.next_id, scout.nodes_left) = (value.id, value.nodes_left);
        scout.forget_tables(value.id);
        scout.view_flags = self.view_flags;
        scout.second.offset = self.second.offset;
        scout
    }

    /// Takes the place that the reading that counts has here.
    fn follow(&mut self, here: usize, keeps_ids: bool) {
        let given = self.given_ids();
        let second = &mut self.state.second;
        let begun = second.readings.starts.partition_point(|start| start.position <= here);
        second.next_start = begun;
        self.state.view_flags = Some(self.state.view_flags == Some(true) || begun > 0);
        if keeps_ids {
            for id in &mut self.state.incomplete {
                *id = second.moved(*id, begun);
            }
            for frame in &mut self.state.frames {
                if matches!(frame.kind(), FrameKind::WasmMemory | FrameKind::WasmShared) {
                    frame.length = second.moved(frame.length, begun);
                }
            }
            let value = second.value;
            second.close_run(value.id);
            second.open_run(value.id, value.given);
            for index in 0..begun {
                let start = second.readings.starts[index];
                second.close_run(second.offset.wrapping_add(start.given));
                second.open_run(start.id, start.given);
            }
            self.state.next_id = second.offset.wrapping_add(given);
        }
        second.look_up_all(false);
    }

    /// Forgets the buffers and memories from this id on.
    pub(super) fn forget_tables(&mut self, id: u32) {
        self.buffers.forget(id);
        self.state.memories.truncate(self.state.memories.partition_point(|&entry| entry < id));
    }

    // Between values.

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            start: self.start(),
            version: self.version,
            view_flags: self.view_flags,
            flags_from: self.second.flags_from,
            linear: self.second.linear,
            noted: self.second.readings.record.lengths(),
            hosts: self.second.readings.hosts,
        }
    }

    /// Forgets the value that has been read since.
    pub(crate) fn go_back(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { start, version, view_flags, flags_from, linear, noted, hosts } =
            checkpoint;
        self.input.set_pos(start.position);
        (self.version, self.view_flags, self.next_id) = (version, view_flags, start.id);
        let second = &mut self.second;
        second.readings.replays.clear();
        second.readings.record.truncate(noted);
        second.readings.hosts = hosts;
        second.readings.record.forget_restarts(start.id);
        second.forget_unmade(start.id);
        second.flags_from = flags_from;
        // What it referred to of what was left before is as if it had not been given out.
        second.readings.runs.retain(|&first, (end, offset)| {
            let left = start.given.saturating_sub(first.wrapping_sub(*offset));
            *end = (*end).min(first.saturating_add(left));
            left > 0
        });
        second.open_run(linear, linear.wrapping_sub(start.id.wrapping_sub(start.given)));
        self.unique_keys = self.rules.unique_keys();
        self.forget_tables(start.id);
    }
}
