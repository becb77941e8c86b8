//! Where bytes are appended: the one place that knows how numbers and strings look on the wire.

use alloc::vec::Vec;

use byteorder::{BigEndian, ByteOrder as _, LittleEndian};

use super::input::ByteOrder;
use super::tag::Tag;

/// The zigzag code of a signed number (SPEC.md 1.6).
pub(crate) const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

/// How many bytes a varint takes.
pub(crate) const fn varint_len(value: u64) -> usize {
    match 64 - value.leading_zeros() as usize {
        0 => 1,
        bits => bits.div_ceil(7),
    }
}

/// The length of a one-byte string is a single byte below this.
pub(crate) const SHORT: usize = 0x80;

/// Bytes being written.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// How many bytes stood before these and have been taken.
    taken: usize,
    pub(crate) order: ByteOrder,
    /// Contents of this length and more are not kept: who drives the writer has them, see [`Output::data`].
    passed_on_from: usize,
    passed_on: bool,
}

impl Output {
    pub(crate) fn new(order: ByteOrder) -> Self {
        Output { bytes: Vec::new(), taken: 0, order, passed_on_from: usize::MAX, passed_on: false }
    }

    /// Contents of this length and more are left to who drives the writer; gives the length that held
    /// before.
    pub(crate) fn pass_on_from(&mut self, length: usize) -> usize {
        core::mem::replace(&mut self.passed_on_from, length)
    }

    /// Whether the last contents are missing at the end.
    #[cfg_attr(not(feature = "std"), allow(dead_code))]
    pub(crate) fn has_passed_on(&self) -> bool {
        self.passed_on
    }

    /// Forgets the bytes, which stand elsewhere now. Positions count them all the same.
    #[cfg_attr(not(feature = "std"), allow(dead_code))]
    pub(crate) fn take(&mut self) {
        self.taken += self.bytes.len();
        self.bytes.clear();
        self.passed_on = false;
    }

    /// Contents that are the end of an event: of buffers, host objects and strings.
    #[inline(always)]
    pub(crate) fn data(&mut self, bytes: &[u8]) {
        if bytes.len() >= self.passed_on_from {
            self.taken += bytes.len();
            self.passed_on = true;
            return;
        }
        self.raw(bytes);
    }

    /// Makes room for `more` bytes at least; beyond that the room doubles each time it is used up.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.bytes.reserve(more);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What has been written and not been taken.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What has been written behind this position and not been taken.
    pub(crate) fn behind(&self, position: usize) -> &[u8] {
        self.bytes.get(position.saturating_sub(self.taken)..).unwrap_or_default()
    }

    /// What has been written, to be put right.
    pub(crate) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// How many bytes have been written, those that were taken included.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.taken + self.bytes.len()
    }

    #[inline(always)]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    #[inline(always)]
    pub(crate) fn tag(&mut self, tag: Tag) {
        self.byte(tag.0);
    }

    #[inline(always)]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The first `length` of these bytes. All are appended, and those behind taken off again: so many at
    /// once are faster than as many as there are.
    #[inline(always)]
    pub(crate) fn raw_of<const N: usize>(&mut self, bytes: &[u8; N], length: usize) {
        let end = self.bytes.len() + length;
        self.bytes.extend_from_slice(bytes);
        self.bytes.truncate(end);
    }

    /// A tag and a number in zigzag behind it.
    #[inline(always)]
    pub(crate) fn tagged_zigzag(&mut self, tag: Tag, value: i32) {
        let code = u64::from(zigzag(value));
        // Seven bits in each byte.
        let spread = code & 0x7F
            | (code & 0x3F80) << 1
            | (code & 0x1F_C000) << 2
            | (code & 0xFE0_0000) << 3
            | (code & 0xF000_0000) << 4;
        let length = varint_len(code);
        // The high bit of all bytes but the last.
        let more = 0x80_8080_8080_u64 & ((1 << (8 * (length - 1))) - 1);
        let bytes = (spread | more) << 8 | u64::from(tag.0);
        self.raw_of(&bytes.to_le_bytes(), 1 + length);
    }

    /// A tag and eight bytes behind it, as [`Output::double`].
    #[inline(always)]
    pub(crate) fn tagged_double(&mut self, tag: Tag, value: f64) {
        let mut bytes = [tag.0; 9];
        match self.order {
            ByteOrder::Little => LittleEndian::write_u64(&mut bytes[1..], value.to_bits()),
            ByteOrder::Big => BigEndian::write_u64(&mut bytes[1..], value.to_bits()),
        }
        self.raw(&bytes);
    }

    #[inline(always)]
    pub(crate) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.byte(value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8);
    }

    #[inline(always)]
    pub(crate) fn varint_u32(&mut self, value: u32) {
        self.varint(value.into());
    }

    #[inline(always)]
    pub(crate) fn zigzag(&mut self, value: i32) {
        self.varint_u32(zigzag(value));
    }

    /// Eight bytes in this output's order, bits untouched.
    #[inline(always)]
    pub(crate) fn double(&mut self, value: f64) {
        let mut bytes = [0; 8];
        match self.order {
            ByteOrder::Little => LittleEndian::write_u64(&mut bytes, value.to_bits()),
            ByteOrder::Big => BigEndian::write_u64(&mut bytes, value.to_bits()),
        }
        self.raw(&bytes);
    }

    /// A one-byte string shorter than [`SHORT`]. Two words that overlap are copied faster than as many bytes as
    /// there are.
    #[cfg(feature = "serde")]
    #[inline]
    pub(crate) fn short_one_byte(&mut self, latin1: &[u8]) {
        let length = latin1.len();
        self.bytes.extend_from_slice(&[Tag::ONE_BYTE_STRING.0, length as u8]);
        let end = self.bytes.len() + length;
        if let (Some(first), Some(last)) = (latin1.first_chunk::<8>(), latin1.last_chunk::<8>()) {
            if length > 16 {
                self.bytes.extend_from_slice(latin1);
                return;
            }
            self.bytes.extend_from_slice(first);
            self.bytes.truncate(end - 8);
            self.bytes.extend_from_slice(last);
        } else if let (Some(first), Some(last)) =
            (latin1.first_chunk::<4>(), latin1.last_chunk::<4>())
        {
            self.bytes.extend_from_slice(first);
            self.bytes.truncate(end - 4);
            self.bytes.extend_from_slice(last);
        } else {
            latin1.iter().for_each(|&byte| self.bytes.push(byte));
        }
    }

    /// A one-byte string: its bytes are Latin-1.
    #[inline]
    pub(crate) fn one_byte(&mut self, latin1: &[u8]) {
        if latin1.len() < SHORT {
            self.raw(&[Tag::ONE_BYTE_STRING.0, latin1.len() as u8]);
        } else {
            self.tag(Tag::ONE_BYTE_STRING);
            self.varint(latin1.len() as u64);
        }
        self.data(latin1);
    }

    /// The head of a two-byte string of `length` bytes. Its units are made to start at an even offset
    /// of the whole buffer (SPEC.md 7.4).
    pub(crate) fn two_byte_head(&mut self, length: usize) {
        if !(self.len() + 1 + varint_len(length as u64)).is_multiple_of(2) {
            self.tag(Tag::PADDING);
        }
        self.tag(Tag::TWO_BYTE_STRING);
        self.varint(length as u64);
    }

    /// UTF-16 units in this output's order.
    pub(crate) fn units(&mut self, units: impl Iterator<Item = u16>) {
        for unit in units {
            match self.order {
                ByteOrder::Little => self.raw(&unit.to_le_bytes()),
                ByteOrder::Big => self.raw(&unit.to_be_bytes()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::varint::{short, unzigzag, varint_u8, varint_u32, varint_u64};

    /// Numbers of all lengths on the wire.
    fn numbers() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0u32..64).prop_map(|(value, shift)| value >> shift)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn varints_come_back(value in numbers(), behind in prop::collection::vec(any::<u8>(), 0..6)) {
            let mut output = Output::new(ByteOrder::Little);
            output.varint(value);
            prop_assert_eq!(output.len(), varint_len(value));
            let mut bytes = output.into_bytes();
            let length = bytes.len();
            bytes.extend(&behind);
            prop_assert_eq!(varint_u64(&bytes), Ok((&behind[..], value)));
            // Bits that do not fit are dropped.
            let narrow = varint_u32(&bytes).ok().filter(|_| length <= 5);
            prop_assert_eq!(narrow.map(|it| it.1), (length <= 5).then_some(value as u32));
            if let Ok(value) = u8::try_from(value) {
                prop_assert_eq!(varint_u8(&bytes), Ok((&behind[..], value)));
            }
            // What is read at once is read the same.
            let at_once = short(&bytes);
            prop_assert_eq!(at_once.is_some(), length <= 4 && bytes.len() >= 4);
            prop_assert!(at_once.is_none_or(|it| it == (length, value as u32)));
        }

        #[test]
        fn zigzag_is_undone(value in any::<i32>(), shift in 0u32..32) {
            for value in [value >> shift, value, i32::MIN, 0] {
                prop_assert_eq!(unzigzag(zigzag(value)), value);
                let [mut parts, mut whole] = [0; 2].map(|_| Output::new(ByteOrder::Little));
                parts.tag(Tag::INT32);
                parts.zigzag(value);
                whole.tagged_zigzag(Tag::INT32, value);
                prop_assert_eq!(whole.into_bytes(), parts.into_bytes());
            }
        }
    }

    #[test]
    fn two_byte_units_are_aligned() {
        for before in 0..4 {
            for length in [0, 126, 128] {
                let mut output = Output::new(ByteOrder::Big);
                output.raw(&[1; 4][..before]);
                output.two_byte_head(length);
                assert_eq!(output.len() % 2, 0, "{before} {length}");
            }
        }
        let mut output = Output::new(ByteOrder::Big);
        output.units([0x20AC].into_iter());
        assert_eq!(output.into_bytes(), [0x20, 0xAC]);
    }
}
