//! The buffers that were met, by id.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::grow::push;
use crate::rare::{Empty, Rare};

/// What views need to know of the buffer before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buffer {
    /// `None` where nobody knows.
    pub(super) length: Option<u64>,
    /// Whether its length can change; `None` where nobody knows.
    pub(super) resizable: Option<bool>,
    pub(super) shared: bool,
}

/// A buffer in 8 bytes: a hostile input has one for every two of its own, and version 13 may be read twice.
#[derive(Clone, Copy, Debug)]
struct Known {
    id: u32,
    /// The length and, in the lower [`BITS`], the rest.
    code: u32,
}

const BITS: u32 = 3;
const SHARED: u32 = 1;
/// The length can change; both where nobody knows.
const RESIZABLE: u32 = 2;
const FIXED: u32 = 4;

/// Nobody knows the length.
const UNKNOWN: u32 = u32::MAX >> BITS;
/// Lengths from this one on are in [`Long`], at the number above it.
const LONG: u32 = 1 << (31 - BITS);

/// Buffers by id, ascending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers {
    list: Vec<Known>,
    long: Rare<Long>,
}

/// Lengths that are too large for a code, each once: those of buffers that are elsewhere are no part of the
/// input.
#[derive(Clone, Debug, Default)]
struct Long {
    lengths: Vec<u64>,
    places: BTreeMap<u64, u32>,
}

impl Empty for Long {
    const EMPTY: &'static Self = &Long { lengths: Vec::new(), places: BTreeMap::new() };
}

impl Buffers {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        if let Some(long) = self.long.made() {
            long.lengths.clear();
            long.places.clear();
        }
    }

    /// Forgets those from this id on.
    pub(super) fn forget(&mut self, id: u32) {
        self.list.truncate(self.list.partition_point(|known| known.id < id));
    }

    /// Whether all ids are below this one.
    #[inline]
    pub(super) fn is_behind(&self, id: u32) -> bool {
        self.list.last().is_none_or(|last| last.id < id)
    }

    #[inline]
    pub(super) fn push(&mut self, id: u32, buffer: Buffer, input: usize) {
        let length = match buffer.length {
            Some(length) if length < LONG.into() => length as u32,
            Some(length) => self.long(length),
            None => UNKNOWN,
        };
        let resizable = match buffer.resizable {
            Some(true) => RESIZABLE,
            Some(false) => FIXED,
            None => RESIZABLE | FIXED,
        };
        let code = length << BITS | resizable | u32::from(buffer.shared);
        // A buffer takes two bytes of the input at least.
        push(&mut self.list, Known { id, code }, input / 2 + 1);
    }

    #[cold]
    fn long(&mut self, length: u64) -> u32 {
        let Long { lengths, places } = &mut *self.long;
        let place = *places.entry(length).or_insert_with(|| {
            lengths.push(length);
            lengths.len() as u32 - 1
        });
        (LONG + place).min(UNKNOWN)
    }

    /// What is known of the one with this id, if there is one.
    #[inline]
    pub(super) fn get(&self, id: u32) -> Option<Buffer> {
        let index = self.list.binary_search_by_key(&id, |known| known.id).ok()?;
        let code = self.list[index].code;
        let length = match code >> BITS {
            UNKNOWN => None,
            length if length < LONG => Some(length.into()),
            length => self.long.lengths.get((length - LONG) as usize).copied(),
        };
        let resizable = match code & (RESIZABLE | FIXED) {
            RESIZABLE => Some(true),
            FIXED => Some(false),
            _ => None,
        };
        Some(Buffer { length, resizable, shared: code & SHARED != 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_come_back() {
        // The first that is long is not the one whose code looks like itself.
        let lengths = [0, 1, u64::from(LONG) - 1, u64::MAX, u64::from(LONG), u64::from(UNKNOWN)];
        let lengths = lengths.map(Some).into_iter().chain([None]);
        let all: Vec<Buffer> = lengths
            .flat_map(|length| [None, Some(false), Some(true)].map(|resizable| (length, resizable)))
            .flat_map(|(length, resizable)| {
                [false, true].map(|shared| Buffer { length, resizable, shared })
            })
            .collect();
        let mut buffers = Buffers::default();
        for (buffer, id) in all.iter().zip((1..).step_by(2)) {
            assert!(buffers.is_behind(id));
            buffers.push(id, *buffer, 100);
            assert!(!buffers.is_behind(id));
        }
        assert_eq!(buffers.long.lengths.len(), 3);
        for (buffer, id) in all.iter().zip((1..).step_by(2)) {
            assert_eq!((buffers.get(id - 1), buffers.get(id)), (None, Some(*buffer)));
        }
        buffers.forget(3);
        assert_eq!((buffers.list.len(), buffers.get(1), buffers.get(3)), (1, Some(all[0]), None));
    }
}
