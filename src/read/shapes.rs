//! The keys of the object that was read last at each depth: mostly those of the next one too.
//!
//! As long as an object has the same keys in the same order, byte for byte, they need not be read, nor
//! compared with each other: those before were found to be different (SPEC.md 3.10.4).

use alloc::vec::Vec;

use super::keys::KeyRecord;
use crate::wire::Tag;

/// Objects at greater depths are read without.
const DEPTHS: usize = 16;
/// So many keys of an object are kept.
pub(super) const KEYS: usize = 16;

/// What [`Frame::length`](super::frame::Frame) says of an object that has had the keys of its shape.
pub(super) const FOLLOWS: u32 = 1;

/// The bytes of a key that are compared at once. What is longer is compared where it stands.
const CHUNK: usize = 16;

/// It has 64 bytes, so that its place is found without a multiplication.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Key {
    words: [u64; 2],
    masks: [u64; 2],
    /// Tag, length and text, in bytes.
    pub(super) length: usize,
    record: KeyRecord,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    /// A row for each depth up to the deepest that was needed: keys, and behind them [`Key::NONE`].
    keys: Vec<Key>,
    /// The depths at which an object has been read: the first one is mostly the only one.
    met: u16,
}

/// The keys of a row.
const ROW: usize = KEYS + 1;

/// The chunk at `offset`.
#[inline(always)]
fn words(data: &[u8], offset: usize) -> Option<[u64; 2]> {
    let chunk = u128::from_le_bytes(*data.get(offset..)?.first_chunk::<CHUNK>()?);
    Some([chunk as u64, (chunk >> 64) as u64])
}

impl Shapes {
    pub(super) fn clear(&mut self) {
        self.keys.iter_mut().step_by(ROW).for_each(|key| *key = Key::NONE);
        self.met = 0;
    }

    /// The place of key `index` of an object at this depth, which has had all keys before it.
    #[inline(always)]
    pub(super) fn place(depth: usize, index: u32) -> usize {
        depth * ROW + index as usize
    }

    /// The key at `offset`, if it is the one that the last object had in this place: of a long one only
    /// the first bytes have been compared, see [`Key::ends_alike`].
    #[inline(always)]
    pub(super) fn follow(&self, place: usize, data: &[u8], offset: usize) -> Option<&Key> {
        self.keys.get(place).filter(|key| key.begins_at(data, offset))
    }

    /// The keys from this place on, behind the last a [`Key::NONE`].
    #[inline(always)]
    pub(super) fn row(&self, place: usize) -> &[Key] {
        self.keys.get(place..).unwrap_or_default()
    }

    /// The first keys of the shape at this depth.
    pub(super) fn records(&self, depth: usize, count: u32) -> impl Iterator<Item = KeyRecord> + '_ {
        let start = Self::place(depth, 0);
        let keys = self.keys.get(start..start + count as usize).unwrap_or_default();
        keys.iter().map(|key| key.record)
    }

    /// Keeps the keys of an object, which are different from each other; of the first one at this depth only
    /// if more are to be expected.
    pub(super) fn learn(&mut self, depth: usize, records: &[KeyRecord], data: &[u8], more: bool) {
        if depth >= DEPTHS || records.is_empty() || records.len() > KEYS {
            return;
        }
        let first = self.met & 1 << depth == 0;
        self.met |= 1 << depth;
        if first && !more {
            return;
        }
        let start = Self::place(depth, 0);
        if let Some(more @ 1..) = (start + ROW).checked_sub(self.keys.len()) {
            self.keys.reserve_exact(more);
            self.keys.resize(start + ROW, Key::NONE);
        }
        let mut row = self.keys[start..].iter_mut();
        for (record, slot) in records.iter().zip(row.by_ref()) {
            let key = Key::of(*record, data);
            *slot = key.unwrap_or(Key::NONE);
            if key.is_none() {
                return;
            }
        }
        if let Some(end) = row.next() {
            *end = Key::NONE;
        }
    }
}

impl Key {
    /// No key is this one.
    const NONE: Key =
        Key { words: [1, 0], masks: [0; 2], length: 0, record: KeyRecord { hash: 0, offset: 0 } };

    /// Whether it stands there too: of a long one its first bytes.
    #[inline(always)]
    fn begins_at(&self, data: &[u8], offset: usize) -> bool {
        let Some([low, high]) = words(data, offset) else { return false };
        low & self.masks[0] == self.words[0] && high & self.masks[1] == self.words[1]
    }

    /// Whether it stands there too.
    #[inline(always)]
    pub(super) fn is_at(&self, data: &[u8], offset: usize) -> bool {
        self.begins_at(data, offset) && (!self.is_long() || self.ends_alike(data, offset))
    }

    /// Where the key stood first.
    #[inline(always)]
    pub(super) fn first(&self) -> u64 {
        self.record.offset
    }

    /// Only what nearly all keys are: short, and ASCII.
    fn of(record: KeyRecord, data: &[u8]) -> Option<Self> {
        let offset = record.offset as usize;
        let (&[tag, text], words) = (data.get(offset..)?.first_chunk()?, words(data, offset)?);
        if tag != Tag::ONE_BYTE_STRING.0 || text >= 0x80 {
            return None;
        }
        let length = 2 + usize::from(text);
        if !data.get(offset + 2..offset + length)?.is_ascii() {
            return None;
        }
        let mask = |from: usize| match length.saturating_sub(from) {
            0 => 0,
            more => u64::MAX >> (64 - 8 * more.min(8)),
        };
        let masks = [mask(0), mask(8)];
        let words = [words[0] & masks[0], words[1] & masks[1]];
        Some(Key { words, masks, length, record })
    }

    /// Whether there is more of the key than has been compared.
    #[inline(always)]
    pub(super) fn is_long(&self) -> bool {
        self.length > CHUNK
    }

    #[inline(never)]
    pub(super) fn ends_alike(&self, data: &[u8], offset: usize) -> bool {
        let end = |offset: usize| data.get(offset + CHUNK..offset + self.length);
        let here = end(offset);
        here.is_some() && here == end(self.record.offset as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of an object that has more would lie in the rows of deeper ones.
    #[test]
    fn as_many_keys_are_kept_as_a_row_has() {
        for count in [1, KEYS - 1, KEYS, KEYS + 1, 3 * KEYS] {
            let data: Vec<u8> = (0..=count as u8).flat_map(|key| [b'"', 1, b' ' + key]).collect();
            let data = [&data[..], &[0; CHUNK]].concat();
            let record = |key: usize| KeyRecord { hash: 0, offset: 3 * key as u64 };
            let records: Vec<KeyRecord> = (0..count).map(record).collect();
            // From the second object on, or at once where more are to be expected.
            for (objects, more, learnt) in [(1, false, false), (2, false, true), (1, true, true)] {
                let mut shapes = Shapes::default();
                for _ in 0..objects {
                    shapes.learn(1, &records, &data, more);
                }
                let kept = (0..=count).filter(|&key| {
                    shapes.follow(Shapes::place(1, key as u32), &data, 3 * key).is_some()
                });
                assert_eq!(
                    kept.count(),
                    if learnt && count <= KEYS { count } else { 0 },
                    "{count}"
                );
            }
        }
    }
}
