//! Where the objects of version 13's readings stand in the input, as the scout meets them (see `scout`).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::event::{Event, Span};
use super::machine::Sink;
use crate::grow::push;

/// The id of no object.
pub(super) const NONE: u32 = u32::MAX;

/// An object, in 12 bytes: a hostile input has one for each byte. Offsets have 48 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) id: u32,
    start_low: u32,
    start_high: u16,
    /// A view starts where its buffer does, or the reference to one.
    pub(super) is_view: bool,
}

impl Noted {
    /// The offset of its tag.
    pub(super) fn start(self) -> usize {
        (u64::from(self.start_high) << 32 | u64::from(self.start_low)) as usize
    }
}

/// The end of a container.
#[derive(Clone, Copy, Debug)]
struct End {
    id: u32,
    /// The id that comes next.
    next_id: u32,
    position: u64,
}

/// How much has been noted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    objects: usize,
    ends: usize,
    halves: usize,
}

/// What the scout's readings have met, by V8's ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    objects: Vec<Noted>,
    ends: Vec<End>,
    /// Containers that were open when their reading failed, and how much of them was there.
    halves: Vec<(u32, u32)>,
    /// Values within host objects that were read again: the id and the place of their start, and
    /// the id with which they were begun again.
    pub(super) restarts: BTreeMap<(u32, usize), u32>,
    /// Whether nothing of this reading will be looked for: if it fails there is no other.
    pub(super) is_last: bool,
    /// The ids of the open containers.
    pub(super) open: Vec<u32>,
    /// The id of the object that comes next.
    pub(super) next_id: u32,
    last_start: usize,
    /// The length of the input.
    size: usize,
}

impl Record {
    pub(super) const fn new() -> Self {
        Record {
            objects: Vec::new(),
            ends: Vec::new(),
            halves: Vec::new(),
            restarts: BTreeMap::new(),
            is_last: false,
            open: Vec::new(),
            next_id: 0,
            last_start: 0,
            size: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.truncate(Lengths::default());
        self.restarts.clear();
    }

    /// The scout begins.
    pub(super) fn begin(&mut self, size: usize) -> Lengths {
        self.open.clear();
        self.is_last = false;
        self.size = size;
        self.lengths()
    }

    /// Whether there is anything.
    pub(super) fn is_noted(&self) -> bool {
        !self.objects.is_empty()
    }

    pub(super) fn lengths(&self) -> Lengths {
        let [objects, ends, halves] = [self.objects.len(), self.ends.len(), self.halves.len()];
        Lengths { objects, ends, halves }
    }

    /// Forgets what was noted since.
    pub(super) fn truncate(&mut self, lengths: Lengths) {
        self.objects.truncate(lengths.objects);
        self.ends.truncate(lengths.ends);
        self.halves.truncate(lengths.halves);
    }

    /// Forgets the restarts of values that began with this id or a later one.
    pub(super) fn forget_restarts(&mut self, id: u32) {
        while self.restarts.last_key_value().is_some_and(|(&(begun, _), _)| begun >= id) {
            self.restarts.pop_last();
        }
    }

    pub(super) fn note_half(&mut self, id: u32, done: u32) {
        self.halves.push((id, done));
    }

    /// Keeps what was noted since of objects below this id, to be found.
    pub(super) fn keep(&mut self, since: Lengths, id: u32) {
        self.objects.truncate(self.objects.partition_point(|object| object.id < id));
        if let Some(ends) = self.ends.get_mut(since.ends..) {
            ends.sort_unstable_by_key(|end| end.id);
        }
        self.ends.truncate(self.ends.partition_point(|end| end.id < id));
        if let Some(halves) = self.halves.get_mut(since.halves..) {
            halves.sort_unstable();
        }
    }

    fn find(&self, id: u32) -> Option<usize> {
        self.objects.binary_search_by_key(&id, |object| object.id).ok()
    }

    pub(super) fn object(&self, id: u32) -> Option<Noted> {
        self.find(id).map(|index| self.objects[index])
    }

    /// The id of the first object that stands where a view does: the buffer, or the view itself.
    pub(super) fn first_at(&self, view: Noted) -> u32 {
        let index = self.find(view.id).unwrap_or(0);
        let mut before = self.objects[..index].iter().rev();
        // What is within the buffer starts behind it.
        let found = before.find(|object| object.start() <= view.start());
        found.filter(|object| object.start() == view.start()).map_or(view.id, |object| object.id)
    }

    /// Where a container that was read to its end has it, and the id that came next.
    pub(super) fn end(&self, id: u32) -> Option<(usize, u32)> {
        let index = self.ends.binary_search_by_key(&id, |end| end.id).ok()?;
        let end = self.ends[index];
        Some((end.position as usize, end.next_id))
    }

    /// How much there is of a container that was not.
    pub(super) fn half(&self, id: u32) -> Option<u32> {
        let index = self.halves.binary_search_by_key(&id, |half| half.0).ok()?;
        Some(self.halves[index].1)
    }
}

impl<'a> Sink<'a> for Record {
    #[inline(always)]
    fn event(&mut self, event: Event<'a>, span: Span) {
        if event.is_end() {
            let Some(id) = self.open.pop().filter(|_| !self.is_last) else { return };
            let end = End { id, next_id: self.next_id, position: span.end as u64 };
            push(&mut self.ends, end, self.size);
            if event == Event::WasmSharedArrayBufferEnd
                && let Some(buffer) = self.object(id)
            {
                self.last_start = buffer.start();
            }
            return;
        }
        let is_view = matches!(event, Event::View { .. });
        if !is_view {
            self.last_start = span.start;
        }
        if !event.takes_id() {
            return;
        }
        let start = self.last_start as u64;
        let (id, start_low, start_high) = (self.next_id, start as u32, (start >> 32) as u16);
        if !self.is_last {
            push(&mut self.objects, Noted { id, start_low, start_high, is_view }, self.size);
        }
        if event.is_begin() {
            push(&mut self.open, id, self.size);
        }
        self.next_id = id.wrapping_add(1);
    }
}
