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

#[derive(Clone, Copy, Debug, Default)]
struct Key {
    words: [u64; 2],
    masks: [u64; 2],
    /// Tag, length and text, in bytes.
    length: usize,
    record: KeyRecord,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    /// [`KEYS`] for each depth, or none at all.
    keys: Vec<Key>,
    lengths: [u8; DEPTHS],
}

/// The chunk at `offset`.
#[inline(always)]
fn words(data: &[u8], offset: usize) -> Option<[u64; 2]> {
    let chunk = u128::from_le_bytes(*data.get(offset..)?.first_chunk::<CHUNK>()?);
    Some([chunk as u64, (chunk >> 64) as u64])
}

impl Shapes {
    pub(super) fn clear(&mut self) {
        self.lengths = [0; DEPTHS];
    }

    /// The length of the key at `offset`, which would be key `index` of an object at this depth, if it
    /// is the one that the last object had there.
    #[inline(always)]
    pub(super) fn follow(
        &self,
        depth: usize,
        index: u32,
        data: &[u8],
        offset: usize,
    ) -> Option<usize> {
        let index = index as usize;
        if depth >= DEPTHS || index >= self.lengths[depth] as usize {
            return None;
        }
        let key = self.keys.get(depth * KEYS + index)?;
        let [low, high] = words(data, offset)?;
        let different = (low ^ key.words[0]) & key.masks[0] | (high ^ key.words[1]) & key.masks[1];
        if different != 0 || key.length > CHUNK && !key.ends_alike(data, offset) {
            return None;
        }
        Some(key.length)
    }

    /// The first keys of the shape at this depth.
    pub(super) fn records(&self, depth: usize, count: u32) -> impl Iterator<Item = KeyRecord> + '_ {
        let start = depth * KEYS;
        let keys = self.keys.get(start..start + count as usize).unwrap_or_default();
        keys.iter().map(|key| key.record)
    }

    /// Keeps the keys of an object, which are different from each other.
    pub(super) fn learn(&mut self, depth: usize, records: &[KeyRecord], data: &[u8]) {
        if depth >= DEPTHS || records.is_empty() || records.len() > KEYS {
            return;
        }
        if self.keys.is_empty() {
            self.keys.resize(DEPTHS * KEYS, Key::default());
        }
        let start = depth * KEYS;
        let mut length = 0;
        for (slot, record) in self.keys[start..].iter_mut().zip(records) {
            let Some(key) = Key::of(*record, data) else { break };
            *slot = key;
            length += 1;
        }
        self.lengths[depth] = length;
    }
}

impl Key {
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

    #[inline(never)]
    fn ends_alike(&self, data: &[u8], offset: usize) -> bool {
        let end = |offset: usize| data.get(offset + CHUNK..offset + self.length);
        let here = end(offset);
        here.is_some() && here == end(self.record.offset as usize)
    }
}
