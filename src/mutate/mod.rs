//! Changes to wire bytes that know what they are made of, for fuzzing engines and tools.
//!
//! A mutator that sees bytes only rarely gets past the first count or length that is wrong.
//! [`Mutator`] moves whole values: it removes, doubles and swaps elements and properties, puts values in the place
//! of others or takes them from a second blob, and changes what stands in numbers: counts, lengths, object
//! ids, flags, versions. Mostly it then makes the counts right again, so that the outcome is often a value that
//! is read to its end. It takes any bytes, and gives the same for the same seed.
//!
//! ```
//! use v8wire::mutate::Mutator;
//! let blob = b"\xFF\x0FA\x02o\"\x01aT{\x01I\x02$\0\x02";
//! let mut mutator = Mutator::new(1);
//! let mut good = 0;
//! for _ in 0..100 {
//!     let mut data = blob.to_vec();
//!     mutator.mutate(&mut data, 64);
//!     good += usize::from(v8wire::Document::parse(&data).is_ok());
//! }
//! assert!(good > 20);
//! ```
//!
//! As a custom mutator of libFuzzer, in turns with its own changes, which know the dictionary:
//!
//! ```ignore
//! libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
//!     if seed % 2 == 0 {
//!         libfuzzer_sys::fuzzer_mutate(data, size, max_size)
//!     } else {
//!         v8wire::mutate::mutate_in_place(data, size, max_size, seed.into())
//!     }
//! });
//! libfuzzer_sys::fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
//!     let mut data = one.to_vec();
//!     v8wire::mutate::Mutator::new(seed.into()).splice(&mut data, other, out.len());
//!     out[..data.len()].copy_from_slice(&data);
//!     data.len()
//! });
//! ```

mod layout;
mod random;

use alloc::vec::Vec;
use core::ops::Range;

use layout::Layout;
use random::Random;

use crate::wire::Tag;
use crate::wire::output::Output;
use crate::wire::{ByteOrder, varint};

/// Changes wire bytes. See the [module](self).
#[derive(Clone, Debug)]
pub struct Mutator {
    random: Random,
}

/// Short values, one of each kind that there is.
const VALUES: [&[u8]; 36] = [
    b"_",
    b"0",
    b"T",
    b"F",
    b"I\x02",
    b"I\xFF\xFF\xFF\xFF\x0F",
    b"U\x07",
    b"N\0\0\0\0\0\0\xF8\x7F",
    b"N\0\0\0\0\0\0\0\x80",
    b"Z\0",
    b"Z\x11\x01\0\0\0\0\0\0\0",
    b"\"\0",
    b"\"\x01a",
    b"\"\x06length",
    b"\"\x09__proto__",
    b"c\x02\x3D\xD8",
    b"S\x02\xC3\xA9",
    b"o{\0",
    b"o\"\x01aT{\x01",
    b"A\0$\0\0",
    b"A\x02-_$\0\x02",
    b"a\x02I\x02T@\x01\x02",
    b";:\0",
    b";TF:\x02",
    b"',\0",
    b"D\0\0\0\0\0\0\0\0",
    b"y",
    b"n\0\0\0\0\0\0\xF0\x3F",
    b"z\x10\x01\0\0\0\0\0\0\0",
    b"s\"\x01a",
    b"R\"\x01a\x01",
    b"B\x04\x01\x02\x03\x04",
    b"B\x04\x01\x02\x03\x04VW\x02\x02\0",
    b"~\x02\x08\x01\x02VB\0\0\x03",
    b"rTm\"\x01ms\"\x01sc0.",
    b"\\\x0A\x02\x01\x02",
];

/// Numbers at which something changes.
const NUMBERS: [u64; 20] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    13,
    14,
    15,
    16,
    0x7F,
    0x80,
    0xFF,
    0x3FFF,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
    0x1_0000_0000,
];

impl Mutator {
    /// A mutator that makes the changes of this seed.
    pub fn new(seed: u64) -> Self {
        Mutator { random: Random::new(seed) }
    }

    /// Makes one change, or a few. At most `max_len` bytes come of it; what is longer is cut.
    pub fn mutate(&mut self, data: &mut Vec<u8>, max_len: usize) {
        self.change(data, max_len, &[]);
    }

    /// Puts a part of `donor` into the data, in the place of a value or beside one. At most `max_len` bytes
    /// come of it; what is longer is cut.
    pub fn splice(&mut self, data: &mut Vec<u8>, donor: &[u8], max_len: usize) {
        let units = Layout::of(donor).units;
        let piece = match self.random.pick(&units) {
            Some(unit) => &donor[unit.value()],
            None => donor,
        };
        self.change(data, max_len, piece);
    }

    /// `piece`: what is to be put in, if not empty.
    fn change(&mut self, data: &mut Vec<u8>, max_len: usize, piece: &[u8]) {
        let mut made = Vec::new();
        for _ in 0..8 {
            made.clone_from(data);
            if piece.is_empty() {
                self.step(&mut made);
                while self.random.below(3) == 0 {
                    self.step(&mut made);
                }
            } else {
                let layout = Layout::of(&made);
                self.put(&mut made, &layout, piece);
            }
            if self.random.below(4) > 0 {
                layout::repair(&mut made);
            }
            if made.len() <= max_len && made != *data {
                break;
            }
        }
        made.truncate(max_len);
        *data = made;
    }

    fn step(&mut self, data: &mut Vec<u8>) {
        let layout = Layout::of(data);
        let Some(&unit) = self.random.pick(&layout.units) else {
            return self.bytes(data);
        };
        match self.random.below(16) {
            0 => {
                let copy = data[unit.value()].to_vec();
                self.put(data, &layout, &copy);
            }
            1 | 2 => layout.remove(data, unit),
            3 => {
                if let Some(other) = self.random.pick(&layout.units) {
                    swap(data, unit.value(), other.value());
                }
            }
            4 | 5 => {
                let value = self.value(&layout);
                self.put(data, &layout, &value);
            }
            6..=9 => self.number(data, &layout),
            10 => {
                let at = self.random.pick(&layout.tags).copied().unwrap_or(unit.start);
                if let (Some(place), Some(tag)) = (data.get_mut(at), self.random.pick(Tag::ALL)) {
                    *place = tag.0;
                }
            }
            11 => {
                let filler: &[u8] = [&b"\0"[..], b"\0\0\0", b"?\x01", b"-"][self.random.below(4)];
                data.splice(unit.start..unit.start, filler.iter().copied());
            }
            12 => self.version(data),
            13 if self.random.below(4) == 0 => data.truncate(unit.end.saturating_sub(1)),
            _ => self.bytes(data),
        }
    }

    /// A short value; a reference to an object that there is.
    fn value(&mut self, layout: &Layout) -> Vec<u8> {
        if self.random.below(4) == 0 {
            let id = self.random.below(layout.objects.saturating_add(1));
            return [&b"^"[..], &encode(id as u64)].concat();
        }
        VALUES[self.random.below(VALUES.len())].to_vec()
    }

    /// Puts a value in the place of another one, or beside it.
    fn put(&mut self, data: &mut Vec<u8>, layout: &Layout, value: &[u8]) {
        let Some(&unit) = self.random.pick(&layout.units) else {
            return data.extend_from_slice(value);
        };
        if unit.has_room_beside() && self.random.below(2) == 0 {
            let [a, b] = [0; 2].map(|_| b'a' + self.random.below(26) as u8);
            layout.insert(data, unit, &[Tag::ONE_BYTE_STRING.0, 2, a, b], value);
        } else {
            data.splice(unit.value(), value.iter().copied());
        }
    }

    /// Another number behind a tag: a count, a length, an id, a small integer.
    fn number(&mut self, data: &mut Vec<u8>, layout: &Layout) {
        let Some(&tag) = self.random.pick(&layout.tags) else { return };
        let mut at = tag + 1;
        // Mostly the first; of several, such as an offset, a length and flags, any.
        while self.random.below(4) == 0 {
            let Ok((rest, _)) = varint::varint_u64(data.get(at..).unwrap_or(&[])) else { break };
            at = data.len() - rest.len();
        }
        let tail = data.get(at..).unwrap_or(&[]);
        let Ok((rest, value)) = varint::varint_u64(tail) else { return };
        let width = tail.len() - rest.len();
        let other = match self.random.below(6) {
            0 => value.wrapping_add(1),
            1 => value.wrapping_sub(1) & u64::from(u32::MAX),
            2 => value ^ 1 << self.random.below(33),
            3 => value.wrapping_mul(2),
            4 => NUMBERS[self.random.below(NUMBERS.len())],
            _ => value,
        };
        let mut bytes = encode(other);
        if other == value || self.random.below(16) == 0 {
            // The same in more bytes than it needs.
            let more = self.random.below(5);
            for _ in 0..more {
                if let Some(last) = bytes.last_mut() {
                    *last |= 0x80;
                }
                bytes.push(0);
            }
        }
        data.splice(at..at + width, bytes);
    }

    fn version(&mut self, data: &mut Vec<u8>) {
        let version = self.random.below(18) as u8;
        match data.first() {
            Some(0xFF) if self.random.below(8) == 0 => drop(data.drain(..data.len().min(2))),
            Some(0xFF) if data.len() > 1 => data[1] = version,
            _ => drop(data.splice(..0, [0xFF, version])),
        }
    }

    /// Something that needs no understanding.
    fn bytes(&mut self, data: &mut Vec<u8>) {
        let at = self.random.below(data.len() + 1);
        match (self.random.below(4), data.get_mut(at)) {
            (0, Some(byte)) => *byte ^= 1 << self.random.below(8),
            (1, Some(_)) => drop(data.remove(at)),
            (2, Some(byte)) => *byte = self.random.next() as u8,
            _ => data.insert(at, Tag::ALL[self.random.below(Tag::ALL.len())].0),
        }
    }
}

/// Makes one change to the first `size` bytes of a buffer, and gives how many bytes there are then: at most
/// `max_size`, nor more than the buffer holds. The signature of libFuzzer's `LLVMFuzzerCustomMutator`.
pub fn mutate_in_place(data: &mut [u8], size: usize, max_size: usize, seed: u64) -> usize {
    let max = max_size.min(data.len());
    let mut bytes = data[..size.min(data.len())].to_vec();
    Mutator::new(seed).mutate(&mut bytes, max);
    data[..bytes.len()].copy_from_slice(&bytes);
    bytes.len()
}

fn encode(value: u64) -> Vec<u8> {
    let mut out = Output::new(ByteOrder::Little);
    out.varint(value);
    out.into_bytes()
}

/// Swaps two ranges; nothing where one is within the other.
fn swap(data: &mut Vec<u8>, a: Range<usize>, b: Range<usize>) {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    if first.end > second.start {
        return;
    }
    let [one, other] = [first.clone(), second.clone()].map(|range| data[range].to_vec());
    data.splice(second, one);
    data.splice(first, other);
}
