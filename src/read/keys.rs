//! Duplicate keys: V8 refuses an object that has one (SPEC.md 3.10.4, 5.8).
//!
//! Keys of open objects lie on one stack as hashes and offsets; an object's keys are compared when
//! it ends. Names are compared as JavaScript does: `1`, `"1"` and `1.0` are one name, and so is a
//! text in any encoding. The cost is n log n whatever the keys are.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use super::scalar::{Bounds, Key, Name, key};
use crate::grow::push;
use crate::text::Text;
use crate::wire::ByteOrder;
use crate::wire::input::Input;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyRecord {
    pub(super) hash: u64,
    /// Of the key's tag.
    pub(super) offset: u64,
}

/// The keys of all open objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    records: Vec<KeyRecord>,
}

/// Up to here comparing all pairs is faster than sorting.
const PAIRWISE: usize = 16;

impl Keys {
    pub(crate) fn clear(&mut self) {
        self.records.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.records.truncate(length);
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, key: Key<'_>, offset: usize, input: usize) {
        let record = KeyRecord { hash: hash(key), offset: offset as u64 };
        // A key and its value take three bytes of the input at least.
        push(&mut self.records, record, input / 3 + 1);
    }

    /// As [`Keys::push`], for keys that were pushed before in another object.
    #[inline]
    pub(super) fn push_all(&mut self, records: impl Iterator<Item = KeyRecord>) {
        self.records.extend(records);
    }

    /// The last `count` keys; their order is lost where they are many.
    #[inline]
    pub(super) fn last(&self, count: usize) -> &[KeyRecord] {
        &self.records[self.records.len() - count..]
    }

    /// Takes the last `count` keys off; the offset of one that occurs twice.
    #[inline]
    pub(crate) fn pop(&mut self, count: usize, input: &Input<'_>) -> Option<usize> {
        let found = self.duplicate_of_last(count, input);
        self.forget(count);
        found
    }

    /// Takes the last `count` keys off.
    #[inline]
    pub(super) fn forget(&mut self, count: usize) {
        self.records.truncate(self.records.len() - count);
    }

    /// The offset of one of the last `count` keys that occurs before among them.
    #[inline]
    pub(super) fn duplicate_of_last(&mut self, count: usize, input: &Input<'_>) -> Option<usize> {
        let base = self.records.len() - count;
        duplicate(&mut self.records[base..], input)
    }

    /// The offset of the first of these keys that occurs before among them. Their order is lost.
    pub(super) fn duplicate(&mut self, keys: Range<usize>, input: &Input<'_>) -> Option<usize> {
        duplicate(self.records.get_mut(keys)?, input)
    }
}

#[inline]
fn duplicate(records: &mut [KeyRecord], input: &Input<'_>) -> Option<usize> {
    match records.len() {
        0 | 1 => None,
        2..=PAIRWISE => pairwise(records, input),
        _ => sorted(records, input),
    }
}

#[inline]
fn pairwise(records: &[KeyRecord], input: &Input<'_>) -> Option<usize> {
    for (i, record) in records.iter().enumerate() {
        for earlier in &records[..i] {
            if earlier.hash == record.hash && compare(input, *earlier, *record).is_eq() {
                return Some(record.offset as usize);
            }
        }
    }
    None
}

fn sorted(records: &mut [KeyRecord], input: &Input<'_>) -> Option<usize> {
    records.sort_unstable_by_key(|record| record.hash);
    let mut found: Option<usize> = None;
    for group in records.chunk_by_mut(|a, b| a.hash == b.hash) {
        if group.len() > 1 {
            group.sort_by(|a, b| compare(input, *a, *b).then(a.offset.cmp(&b.offset)));
            for pair in group.windows(2) {
                if compare(input, pair[0], pair[1]).is_eq() {
                    let offset = pair[1].offset as usize;
                    found = Some(found.map_or(offset, |other| other.min(offset)));
                }
            }
        }
    }
    found
}

/// Reads the key at an offset again.
pub(crate) fn key_at<'a>(input: &Input<'a>, offset: usize) -> Option<Key<'a>> {
    let mut input = *input;
    input.set_pos(offset);
    next_key(&mut input)
}

/// Reads a key again that is next.
pub(crate) fn next_key<'a>(input: &mut Input<'a>) -> Option<Key<'a>> {
    let tag = input.tag()?;
    let bounds = Bounds { bytes: u64::MAX, negative_zero: true, bigint_length_mask: u32::MAX };
    key(input, tag, bounds).ok()?
}

/// How JavaScript spells the name of the key at an offset.
pub(crate) fn spelling(input: &Input<'_>, offset: usize) -> Option<String> {
    let mut name = key_at(input, offset)?.name();
    Some(match name {
        Name::Index(index) => alloc::format!("{index}"),
        _ => name.with_text(|text| text.to_str().into_owned())?,
    })
}

fn compare(input: &Input<'_>, a: KeyRecord, b: KeyRecord) -> Ordering {
    let name = |record: KeyRecord| key_at(input, record.offset as usize).map(Key::name);
    let (Some(mut a), Some(mut b)) = (name(a), name(b)) else { return Ordering::Equal };
    match (&mut a, &mut b) {
        (Name::Index(a), Name::Index(b)) => (*a).cmp(b),
        (Name::Index(_), _) => Ordering::Less,
        (_, Name::Index(_)) => Ordering::Greater,
        (a, b) => a.with_text(|a| b.with_text(|b| a.cmp(&b))).flatten().unwrap_or(Ordering::Equal),
    }
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline(always)]
fn mix(hash: u64, word: u64) -> u64 {
    let hash = (hash ^ word).wrapping_mul(0xF135_7AEA_2E62_A9C5);
    hash ^ (hash >> 29)
}

#[inline(always)]
fn hash(key: Key<'_>) -> u64 {
    match key {
        // The quick way for nearly all keys: no digit in front, so no index.
        Key::Text(Text::OneByte(bytes))
            if bytes.first().is_none_or(|byte| !byte.is_ascii_digit()) =>
        {
            hash_bytes(bytes)
        }
        _ => hash_name(key.name()),
    }
}

#[inline(always)]
fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = SEED ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(hash, ByteOrder::Little.u64(chunk));
    }
    mix(hash, last_word(bytes))
}

/// The bytes behind the last whole word, zeros behind them. Copying so few of them takes longer than
/// all the rest.
#[inline(always)]
fn last_word(bytes: &[u8]) -> u64 {
    let over = bytes.len() % 8;
    if over == 0 {
        return 0;
    }
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last) >> (64 - 8 * over);
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let last = u64::from(u32::from_le_bytes(*last)) >> (64 - 8 * over);
            u64::from(u32::from_le_bytes(*first)) | last << 32
        }
        _ => bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// As [`hash_bytes`] of the same text in one byte a unit.
fn hash_narrow(text: Text<'_>) -> u64 {
    let mut hash = SEED ^ text.len_utf16() as u64;
    let (mut word, mut bits) = (0, 0);
    for unit in text.units() {
        word |= u64::from(unit) << bits;
        bits += 8;
        if bits == 64 {
            hash = mix(hash, word);
            (word, bits) = (0, 0);
        }
    }
    mix(hash, word)
}

#[inline(never)]
fn hash_name(mut name: Name<'_>) -> u64 {
    if let Name::Index(index) = name {
        return mix(!SEED, u64::from(index));
    }
    name.with_text(|text| match text {
        Text::OneByte(bytes) => hash_bytes(bytes),
        Text::Utf8(bytes) if bytes.is_ascii() => hash_bytes(bytes),
        _ if text.units().all(|unit| unit < 0x100) => hash_narrow(text),
        _ => text.units().fold(SEED, |hash, unit| mix(hash, u64::from(unit))),
    })
    .unwrap_or(SEED)
}
