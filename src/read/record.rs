//! Where the objects of version 13's readings stand in the input, as the scout meets them (see `scout`).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::event::{Event, Span};
use super::machine::Sink;
use crate::grow::{push, reserve};
use crate::packed::Packed;

/// The id of no object.
pub(super) const NONE: u32 = u32::MAX;

/// An object that was met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) id: u32,
    /// The offset of its tag. A view starts where its buffer does, or the reference to one.
    pub(super) start: usize,
    pub(super) is_view: bool,
}

/// The objects by id, each in a byte or two: a hostile input has one for each of its own.
#[derive(Clone, Debug, Default)]
struct Objects {
    /// Where they start; the lowest bit says whether it is a view.
    starts: Packed,
    /// Where ids do not run on: the first id, and how many objects are before it.
    runs: Vec<(u32, usize)>,
}

impl Objects {
    fn push(&mut self, object: Noted) {
        let count = self.starts.len();
        let next =
            self.runs.last().map(|&(first, before)| first.wrapping_add((count - before) as u32));
        if next != Some(object.id) {
            reserve(&mut self.runs, 1);
            self.runs.push((object.id, count));
        }
        self.starts.push((object.start as u64) << 1 | u64::from(object.is_view));
    }

    fn truncate(&mut self, count: usize) {
        self.starts.truncate(count);
        let behind = self.runs.partition_point(|run| run.1 < count);
        self.runs.truncate(behind);
    }

    /// How many have an id below this one, and whether the next one has this.
    fn below(&self, id: u32) -> (usize, bool) {
        let behind = self.runs.partition_point(|run| run.0 <= id);
        let end = self.runs.get(behind).map_or(self.starts.len(), |run| run.1);
        match behind.checked_sub(1).and_then(|last| self.runs.get(last)) {
            Some(&(first, before)) => {
                let index = before + (id - first) as usize;
                (index.min(end), index < end)
            }
            None => (0, false),
        }
    }

    /// The id of the one before which so many are.
    fn id(&self, index: usize) -> u32 {
        let behind = self.runs.partition_point(|run| run.1 <= index);
        self.runs[..behind].last().map_or(NONE, |&(first, before)| first + (index - before) as u32)
    }

    fn get(&self, id: u32) -> Option<Noted> {
        let (index, true) = self.below(id) else { return None };
        let number = self.starts.get(index)?;
        Some(Noted { id, start: (number >> 1) as usize, is_view: number & 1 != 0 })
    }
}

/// A container that was read to its end.
#[derive(Clone, Copy, Debug)]
struct End {
    id: u32,
    /// The id that comes next.
    next_id: u32,
    /// How many bytes it takes, [`OPEN`] or [`LONG`].
    length: u32,
}

/// It has not ended.
const OPEN: u32 = u32::MAX;
/// So many bytes and more are in [`Record::long`].
const LONG: u32 = OPEN - 1;

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
    objects: Objects,
    /// By id.
    ends: Vec<End>,
    long: BTreeMap<u32, usize>,
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
    /// How many containers may be open.
    depth: usize,
}

impl Record {
    pub(super) const fn new() -> Self {
        Record {
            objects: Objects { starts: Packed::new(), runs: Vec::new() },
            ends: Vec::new(),
            long: BTreeMap::new(),
            halves: Vec::new(),
            restarts: BTreeMap::new(),
            is_last: false,
            open: Vec::new(),
            next_id: 0,
            last_start: 0,
            depth: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.truncate(Lengths::default());
        self.restarts.clear();
        self.long.clear();
    }

    /// The scout begins.
    pub(super) fn begin(&mut self, depth: usize) -> Lengths {
        self.open.clear();
        self.is_last = false;
        self.depth = depth;
        self.lengths()
    }

    /// Whether there is anything.
    pub(super) fn is_noted(&self) -> bool {
        self.objects.starts.len() > 0
    }

    pub(super) fn lengths(&self) -> Lengths {
        let objects = self.objects.starts.len();
        let [ends, halves] = [self.ends.len(), self.halves.len()];
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
        self.objects.truncate(self.objects.below(id).0);
        self.ends.truncate(self.ends.partition_point(|end| end.id < id));
        if let Some(halves) = self.halves.get_mut(since.halves..) {
            halves.sort_unstable();
        }
    }

    pub(super) fn object(&self, id: u32) -> Option<Noted> {
        self.objects.get(id)
    }

    /// The id of the first object that stands where a view does: the buffer, or the view itself.
    pub(super) fn first_at(&self, view: Noted) -> u32 {
        let (index, _) = self.objects.below(view.id);
        // What is within the buffer starts behind it.
        let mut before = self.objects.starts.before(index);
        let found = before.find(|&(_, start)| (start >> 1) as usize <= view.start);
        match found {
            Some((buffer, start)) if (start >> 1) as usize == view.start => self.objects.id(buffer),
            _ => view.id,
        }
    }

    /// Where a container that was read to its end has it, and the id that came next.
    pub(super) fn end(&self, id: u32) -> Option<(usize, u32)> {
        let index = self.ends.binary_search_by_key(&id, |end| end.id).ok()?;
        let end = self.ends.get(index)?;
        let length = match end.length {
            OPEN => return None,
            LONG => *self.long.get(&id)?,
            length => length as usize,
        };
        Some((self.object(id)?.start + length, end.next_id))
    }

    /// Notes the end of an object that has been begun.
    fn note_end(&mut self, object: Noted, position: usize) {
        let Ok(index) = self.ends.binary_search_by_key(&object.id, |end| end.id) else { return };
        let length = position - object.start;
        let short = u32::try_from(length).unwrap_or(LONG).min(LONG);
        if short == LONG {
            self.long.insert(object.id, length);
        }
        (self.ends[index].length, self.ends[index].next_id) = (short, self.next_id);
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
            let open = self.open.pop().filter(|_| !self.is_last);
            let Some(object) = open.and_then(|id| self.object(id)) else { return };
            self.note_end(object, span.end);
            if event == Event::WasmSharedArrayBufferEnd {
                self.last_start = object.start;
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
        let id = self.next_id;
        if !self.is_last {
            self.objects.push(Noted { id, start: self.last_start, is_view });
            if event.is_begin() {
                reserve(&mut self.ends, 1);
                self.ends.push(End { id, next_id: id, length: OPEN });
            }
        }
        if event.is_begin() {
            push(&mut self.open, id, self.depth);
        }
        self.next_id = id.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_of_any_length() {
        const LENGTHS: [usize; 5] = [2, LONG as usize - 1, LONG as usize, OPEN as usize, 1 << 40];
        let mut record = Record::default();
        record.begin(100);
        record.event(Event::SetBegin, Span { start: 9, end: 10 });
        let mut start = 10;
        for length in LENGTHS {
            record.event(Event::MapBegin, Span { start, end: start + 1 });
            let end = start + length;
            record.event(Event::MapEnd { length: 0 }, Span { start: end - 1, end });
            start = end;
        }
        start = 10;
        assert_eq!(record.end(0), None);
        for (length, id) in LENGTHS.into_iter().zip(1..) {
            let noted = record.object(id).unwrap();
            assert_eq!((noted.start, noted.is_view), (start, false));
            start += length;
            assert_eq!(record.end(id), Some((start, id + 1)));
        }
        assert_eq!((record.end(6), record.object(6).map(|noted| noted.id)), (None, None));
    }

    /// Ids that are left out, objects that are forgotten.
    #[test]
    fn objects_by_id() {
        let mut record = Record::default();
        record.begin(100);
        let mut lengths = Vec::new();
        let ids: Vec<u32> = (3..40).chain(50..51).chain(52..90).collect();
        for &id in &ids {
            lengths.push(record.lengths());
            record.next_id = id;
            let start = 2 * id as usize;
            record.event(Event::ArrayBuffer(&[]), Span { start, end: start + 2 });
        }
        // A run where ids do not run on, and no more.
        let objects = &record.objects;
        assert_eq!(objects.runs.iter().map(|run| run.0).collect::<Vec<_>>(), [3, 50, 52]);
        assert_eq!((0..ids.len()).map(|index| objects.id(index)).collect::<Vec<_>>(), ids);
        for count in (0..=ids.len()).rev() {
            for id in 0..100 {
                let found = record.object(id).map(|noted| noted.start);
                assert_eq!(found, ids[..count].contains(&id).then_some(2 * id as usize));
            }
            if count > 0 {
                record.truncate(lengths[count - 1]);
            }
        }
        assert!(!record.is_noted());
    }

    /// Behind those that are forgotten there may be some with ids in between.
    #[test]
    fn objects_in_the_place_of_others() {
        let mut objects = Objects::default();
        let noted = |id| Noted { id, start: id as usize, is_view: id % 2 == 0 };
        for id in [1, 2, 10, 11] {
            objects.push(noted(id));
        }
        objects.truncate(2);
        objects.push(noted(5));
        let found = [1, 2, 5, 6, 10].map(|id| objects.get(id).map(|noted| noted.start));
        assert_eq!(found, [Some(1), Some(2), Some(5), None, None]);
        assert_eq!(objects.runs.len(), 2);
    }

    #[test]
    fn views_are_at_their_buffers() {
        let mut record = Record::default();
        record.begin(100);
        record.next_id = 7;
        let span = |start| Span { start, end: start + 2 };
        let view = Event::View {
            kind: crate::ViewKind::Uint8,
            byte_offset: 0,
            byte_length: 0,
            flags: None,
        };
        record.event(Event::ArrayBuffer(&[]), span(4));
        record.event(view, span(6));
        record.event(Event::WasmSharedArrayBufferBegin { id: 0 }, span(20));
        record.event(Event::WasmMemoryBegin { maximum_pages: 0, memory64: None }, span(22));
        record.event(Event::SharedArrayBuffer { id: 0 }, span(24));
        record.event(Event::WasmMemoryEnd, span(26));
        record.event(Event::WasmSharedArrayBufferEnd, span(26));
        record.event(view, span(30));
        record.event(Event::Reference(7), span(40));
        record.event(view, span(42));
        let found: Vec<_> = (7..14)
            .filter_map(|id| record.object(id))
            .map(|noted| (noted.start, noted.is_view, record.first_at(noted)))
            .collect();
        let expected = [
            (4, false, 7),
            (4, true, 7),
            (20, false, 9),
            (22, false, 10),
            (24, false, 11),
            (20, true, 9),
            (40, true, 13),
        ];
        assert_eq!(found, expected);
        // The objects below this id are kept.
        record.keep(Lengths::default(), 10);
        assert_eq!(
            (record.object(9).map(|noted| noted.start), record.end(9)),
            (Some(20), Some((28, 12)))
        );
        assert!(record.object(10).is_none() && record.end(10).is_none());
    }
}
