//! Numbers in little memory, where each is mostly little above the one before.

use alloc::vec::Vec;

use crate::grow::reserve;

/// A list of numbers, each in a byte or two: how much it is above the one before, as zigzag varint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packed {
    bytes: Vec<u8>,
    /// Of each block its first number, and where in `bytes` the rest of it begins.
    blocks: Vec<(u64, usize)>,
    length: usize,
    last: u64,
}

/// How many numbers may have to be read for one of them.
const BLOCK: usize = 32;

impl Packed {
    pub(crate) const fn new() -> Self {
        Packed { bytes: Vec::new(), blocks: Vec::new(), length: 0, last: 0 }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn push(&mut self, number: u64) {
        if self.length.is_multiple_of(BLOCK) {
            reserve(&mut self.blocks, 1);
            self.blocks.push((number, self.bytes.len()));
        } else {
            reserve(&mut self.bytes, 10);
            let step = number.wrapping_sub(self.last) as i64;
            let mut rest = (step << 1 ^ step >> 63) as u64;
            while rest >= 0x80 {
                self.bytes.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            self.bytes.push(rest as u8);
        }
        self.length += 1;
        self.last = number;
    }

    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        if index >= self.length {
            return None;
        }
        let (first, place) = *self.blocks.get(index / BLOCK)?;
        Some(self.steps(first, place).nth(index % BLOCK)?.0)
    }

    /// The numbers of a block, and those behind it as if they were of it; each with the place behind it.
    fn steps(&self, first: u64, place: usize) -> impl Iterator<Item = (u64, usize)> {
        let mut number = first;
        let mut rest = self.bytes.get(place..).unwrap_or_default().iter();
        let end = self.bytes.len();
        let next = core::iter::from_fn(move || {
            let (mut step, mut shift) = (0, 0);
            loop {
                let byte = *rest.next()?;
                step |= u64::from(byte & 0x7F) << shift;
                if byte < 0x80 {
                    break;
                }
                shift += 7;
            }
            number = number.wrapping_add(step >> 1 ^ (step & 1).wrapping_neg());
            Some((number, end - rest.len()))
        });
        core::iter::once((first, place)).chain(next)
    }

    /// The numbers before this place, the last one first, each with its index.
    pub(crate) fn before(&self, index: usize) -> impl Iterator<Item = (usize, u64)> {
        let mut block = [0; BLOCK];
        let mut next = index.min(self.length);
        let mut is_read = false;
        core::iter::from_fn(move || {
            let index = next.checked_sub(1)?;
            if !core::mem::replace(&mut is_read, index % BLOCK != 0) {
                let (first, place) = *self.blocks.get(index / BLOCK)?;
                for (number, step) in block.iter_mut().zip(self.steps(first, place)) {
                    *number = step.0;
                }
            }
            next = index;
            Some((index, block[index % BLOCK]))
        })
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        if length >= self.length {
            return;
        }
        self.length = length;
        self.blocks.truncate(length.div_ceil(BLOCK));
        let last = self
            .blocks
            .last()
            .copied()
            .and_then(|(first, place)| self.steps(first, place).nth((length - 1) % BLOCK));
        let (last, end) = last.unwrap_or_default();
        self.last = last;
        self.bytes.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of all sizes, up and down.
    fn numbers() -> Vec<u64> {
        let steps = (0..64).flat_map(|bit| [1 << bit, u64::MAX << bit, (1 << bit) - 1]);
        let mut number = 0u64;
        let mut numbers: Vec<u64> = (0..100).collect();
        numbers.extend(steps.map(|step| {
            number = number.wrapping_add(step);
            number
        }));
        numbers
    }

    fn packed(numbers: &[u64]) -> Packed {
        let mut packed = Packed::default();
        numbers.iter().for_each(|&number| packed.push(number));
        packed
    }

    #[track_caller]
    fn check(packed: &Packed, numbers: &[u64]) {
        assert_eq!(packed.len(), numbers.len());
        for (index, &number) in numbers.iter().enumerate() {
            assert_eq!(packed.get(index), Some(number), "{index}");
        }
        assert_eq!(packed.get(numbers.len()), None);
        for index in [0, 1, BLOCK, BLOCK + 1, numbers.len()] {
            let before: Vec<_> = packed.before(index).collect();
            let expected = numbers.iter().copied().enumerate().take(index);
            assert_eq!(before, expected.rev().collect::<Vec<_>>(), "before {index}");
        }
    }

    #[test]
    fn numbers_come_back() {
        check(&Packed::default(), &[]);
        check(&packed(&numbers()), &numbers());
    }

    #[test]
    fn shorter_lists_go_on() {
        let numbers = numbers();
        for length in 0..=numbers.len() {
            let mut shorter = packed(&numbers);
            shorter.truncate(length);
            check(&shorter, &numbers[..length]);
            shorter.push(7);
            check(&shorter, &[&numbers[..length], &[7]].concat());
        }
    }

    #[test]
    fn small_steps_take_little() {
        let list: Vec<u64> = (0..100_000).map(|number| 20 * number).collect();
        let packed = packed(&list);
        let taken = packed.bytes.capacity() + packed.blocks.capacity() * size_of::<(u64, usize)>();
        assert!(taken < list.len() * 8 / 5, "{taken}");
    }
}
