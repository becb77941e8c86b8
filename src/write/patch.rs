//! What is put right when a container ends: lengths that were not known when it began, numbers in
//! arrays of doubles, and the order of keys.
//!
//! Each moves bytes of the container that ends, and nothing else. So the work is in proportion to
//! what was written, times the depth at worst.

use alloc::vec::Vec;

use super::frame::{FrameKind, Next, bounded};
use super::writer::{Done, Form, Writer};
use crate::error::Error;
use crate::options::{ParseOptions, Profile};
use crate::read::{Event, Reader};
use crate::text::Text;
use crate::wire::output::Output;
use crate::wire::varint::{unzigzag, varint_u32};
use crate::wire::{ByteOrder, Tag};

/// Where the length of an array stands, whose elements nobody has counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenArray {
    /// The offset of the length.
    at: usize,
    /// What stands there.
    hint: u32,
    /// The offset of the first element.
    first: usize,
}

/// A property of an object that is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    hash: u64,
    /// The offset of the key, padding included.
    start: usize,
    /// How long it is in bytes, padding included.
    len: u32,
    /// The array index that the key is, or `NAME`.
    index: u32,
}

impl Entry {
    /// Of a name, which is all that is written from `start` on.
    #[inline]
    pub(super) fn of_name(start: usize, written: &[u8]) -> Self {
        Entry { hash: hash(written), start, len: written.len() as u32, index: NAME }
    }

    /// Whether the key is an array index.
    #[inline]
    pub(super) fn is_index(&self) -> bool {
        self.index != NAME
    }

    /// The same key elsewhere.
    #[inline]
    pub(super) fn moved_to(self, start: usize) -> Self {
        Entry { start, ..self }
    }
}

/// No array index: they end at 2<sup>32</sup> - 2.
const NAME: u32 = u32::MAX;

/// Up to here comparing all pairs is faster than sorting.
const PAIRWISE: usize = 16;

impl Writer {
    /// What has been written.
    pub(crate) fn written(&self) -> &[u8] {
        self.out.bytes()
    }

    /// Begins a dense array of about `hint` elements.
    pub(crate) fn begin_open_array(&mut self, hint: u32) -> Done<OpenArray> {
        self.guard(|w| {
            w.begin_array(FrameKind::Dense, Tag::BEGIN_DENSE_JS_ARRAY, hint)?;
            let first = w.out.len();
            if let Some(frame) = w.frames.last_mut() {
                frame.length = u32::MAX;
                frame.next = Next::Element;
            }
            Ok(OpenArray { at: first - crate::wire::output::varint_len(hint.into()), hint, first })
        })
    }

    /// Ends it. With `widen` its elements are numbers, and those that are integers are made doubles, as
    /// V8 holds all elements of an array alike. Says whether strings may have lost their alignment.
    pub(crate) fn end_open_array(&mut self, array: OpenArray, widen: bool) -> Done<bool> {
        let mut shift = 0;
        self.guard(|w| {
            let Some(frame) = w.frames.last_mut().filter(|frame| frame.kind == FrameKind::Dense)
            else {
                return Ok(());
            };
            frame.length = frame.count;
            if !widen && frame.count == array.hint {
                return Ok(());
            }
            let mut tail = Output::new(w.out.order);
            tail.varint_u32(frame.count);
            let width = array.first - array.at;
            if !widen && tail.len() == width {
                if let Some(length) = w.out.bytes_mut().get_mut(array.at..array.first) {
                    length.copy_from_slice(tail.bytes());
                }
                return Ok(());
            }
            let elements = w.out.bytes().get(array.first..).unwrap_or_default();
            if widen {
                doubles(elements, &mut tail);
            } else {
                shift = tail.len().abs_diff(width);
                tail.raw(elements);
            }
            w.out.bytes_mut().truncate(array.at);
            w.out.raw(tail.bytes());
            Ok(())
        })?;
        self.event(Event::DenseArrayEnd { properties: 0, length: 0 })?;
        Ok(!shift.is_multiple_of(2))
    }

    /// Writes the key of a property in the one form that V8 has for it, so that equal keys are equal
    /// bytes.
    #[inline]
    pub(crate) fn name(&mut self, name: &str) -> Done<Entry> {
        if let Some(entry) = self.plain_name(name) {
            return Ok(entry);
        }
        let start = self.out.len();
        let text = Text::Utf8(name.as_bytes());
        // Most names are known to be no index by their first letter.
        let index = match name.as_bytes().first() {
            Some(first) if first.is_ascii_digit() => text.as_array_index(),
            _ => None,
        };
        match index {
            Some(index) => self.event(Event::Uint32(index))?,
            None => self.event(Event::String(text))?,
        }
        let bytes = self.out.bytes().get(start..).unwrap_or_default();
        let len = u32::try_from(bytes.len());
        let len =
            len.or_else(|_| bounded("key", bytes.len() as u64, u32::MAX.into()).map(|()| 0))?;
        Ok(Entry { hash: hash(bytes), start, len, index: index.unwrap_or(NAME) })
    }

    /// The one of an object's entries whose key there is twice.
    pub(crate) fn duplicate(&self, entries: &[Entry]) -> Option<Entry> {
        if entries.len() <= PAIRWISE {
            return entries.iter().enumerate().find_map(|(number, entry)| {
                let before = entries.get(..number).unwrap_or_default();
                let same = |other: &Entry| {
                    other.hash == entry.hash && self.key(*other) == self.key(*entry)
                };
                before.iter().any(same).then_some(*entry)
            });
        }
        let mut sorted = Vec::from(entries);
        sorted.sort_unstable_by(|a, b| {
            a.hash.cmp(&b.hash).then_with(|| self.key(*a).cmp(self.key(*b)))
        });
        sorted.windows(2).find_map(|pair| match pair {
            [a, b] if a.hash == b.hash && self.key(*a) == self.key(*b) => Some(*b),
            _ => None,
        })
    }

    /// Puts the properties of the innermost object into the order that JavaScript has them in: array
    /// indices ascending, then names as they came. Says whether bytes have moved.
    pub(crate) fn order(&mut self, entries: &[Entry]) -> bool {
        // `NAME` is above all indices.
        if entries.is_sorted_by_key(|entry| entry.index) {
            return false;
        }
        let Some(base) = entries.first().map(|entry| entry.start) else { return false };
        let ends = entries.iter().skip(1).map(|entry| entry.start).chain([self.out.len()]);
        let mut ranges: Vec<_> = entries.iter().zip(ends).collect();
        ranges.sort_by_key(|(entry, _)| entry.index);
        let bytes = self.out.bytes();
        let mut ordered = Vec::with_capacity(bytes.len() - base.min(bytes.len()));
        for (entry, end) in ranges {
            ordered.extend_from_slice(bytes.get(entry.start..end).unwrap_or_default());
        }
        self.out.bytes_mut().truncate(base);
        self.out.raw(&ordered);
        true
    }

    /// The bytes of a key, without padding.
    fn key(&self, entry: Entry) -> &[u8] {
        let end = entry.start.saturating_add(entry.len as usize);
        unpadded(self.out.bytes().get(entry.start..end).unwrap_or_default())
    }

    /// The key as it was given: an array index or a text.
    pub(crate) fn key_of(&self, entry: Entry) -> Result<u32, Text<'_>> {
        if entry.index != NAME {
            return Ok(entry.index);
        }
        let key = self.key(entry);
        let text =
            key.get(1..).and_then(|rest| varint_u32(rest).ok()).map_or(&[][..], |read| read.0);
        Err(match key.first() {
            Some(&tag) if Tag(tag) == Tag::TWO_BYTE_STRING => Text::TwoByte(text, self.out.order),
            _ => Text::OneByte(text),
        })
    }

    /// The bytes of a finished value, with the padding where it belongs: where bytes have moved by an
    /// odd number, two-byte strings are not aligned any more. It changes nothing of the value, whose host
    /// objects are those of `profile`.
    pub(crate) fn aligned(self, profile: Profile) -> Done<Vec<u8>> {
        let options = self.options;
        let bytes = self.finish()?;
        let mut writer = Writer::new(options.size_hint(bytes.len()), Form::AsV8);
        writer.header(options.version)?;
        match copy(&bytes, options.byte_order, profile, &mut writer) {
            Ok(copied) => copied.and_then(|()| writer.finish()),
            // Only where there are more values than the reader takes. The value is whole all the same.
            Err(_) => Ok(bytes),
        }
    }
}

fn copy(
    bytes: &[u8],
    order: ByteOrder,
    profile: Profile,
    writer: &mut Writer,
) -> Result<Done, Error> {
    let mut options = ParseOptions::new().byte_order(order).profile(profile).max_depth(u32::MAX);
    options.limits.nodes = u32::MAX;
    let mut reader = Reader::with_options(bytes, &options)?;
    while let Some(event) = reader.next_event()? {
        if let Err(error) = writer.event(event) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Numbers, all as doubles.
fn doubles(mut numbers: &[u8], to: &mut Output) {
    while let Some((&tag, rest)) = numbers.split_first() {
        numbers = match varint_u32(rest) {
            Ok((behind, code)) if Tag(tag) == Tag::INT32 => {
                to.tag(Tag::DOUBLE);
                to.double(unzigzag(code).into());
                behind
            }
            _ => {
                let (double, behind) = numbers.split_at(numbers.len().min(9));
                to.raw(double);
                behind
            }
        };
    }
}

fn unpadded(bytes: &[u8]) -> &[u8] {
    match bytes.split_first() {
        Some((0, rest)) => rest,
        _ => bytes,
    }
}

/// Of the bytes of a key.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(0xF135_7AEA_2E62_A9C5);
        hash ^ (hash >> 29)
    };
    let bytes = unpadded(bytes);
    let hash = bytes
        .chunks_exact(8)
        .fold(bytes.len() as u64, |hash, chunk| mix(hash, ByteOrder::Little.u64(chunk)));
    // The last eight once more, if not all.
    match bytes.last_chunk::<8>() {
        Some(last) => mix(hash, u64::from_le_bytes(*last)),
        None => mix(hash, bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))),
    }
}
