//! The nodes of the objects, by id.

use alloc::vec::Vec;

use crate::packed::Packed;
use crate::rare::{Empty, Rare};

/// Nodes by object id. An object takes two bytes of the input, but for a `Boolean`; so mostly 4 bytes each are
/// little. Of what may be more, those of `Boolean`s one behind the other, and of what a failed reading of version 13
/// left, the ones that were there first are packed.
#[derive(Default)]
pub(crate) struct Ids {
    packed: Rare<Packed>,
    /// How many are packed.
    first: usize,
    rest: Vec<u32>,
}

impl Empty for Packed {
    const EMPTY: &'static Self = &Packed::new();
}

impl Ids {
    pub(super) fn clear(&mut self) {
        self.truncate(0);
    }

    pub(super) fn len(&self) -> usize {
        self.first + self.rest.len()
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.rest.truncate(count.saturating_sub(self.first));
        if let Some(packed) = self.packed.made() {
            packed.truncate(count);
            self.first = packed.len();
        }
    }

    /// The last one takes no id.
    pub(super) fn take_back(&mut self) {
        self.rest.pop();
    }

    /// The next id is that of this node. `size` is the length of the input.
    #[inline(always)]
    pub(super) fn push(&mut self, node: u32, size: usize) {
        if self.rest.len() == self.rest.capacity() {
            self.grow(size);
        }
        self.rest.push(node);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, size: usize) {
        let (length, most) = (self.rest.len(), size / 2 + 8);
        if self.first == 0 && length < most {
            self.rest.reserve_exact((2 * length).clamp(8, most) - length);
            return;
        }
        for node in self.rest.drain(..) {
            self.packed.push(node.into());
        }
        self.first = self.packed.len();
        let room = (size / 32).max(64);
        self.rest.shrink_to(room);
        self.rest.reserve_exact(room);
    }

    #[inline(always)]
    pub(super) fn get(&self, id: u32) -> Option<u32> {
        match self.rest.get((id as usize).wrapping_sub(self.first)) {
            Some(&node) => Some(node),
            None => self.get_packed(id),
        }
    }

    #[cold]
    #[inline(never)]
    fn get_packed(&self, id: u32) -> Option<u32> {
        self.packed.get(id as usize).map(|node| node as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_ids() {
        let node = |id: u32| id * 3 / 2;
        for size in [0, 100, 3_000] {
            let mut ids = Ids::default();
            for count in 0..10_000 {
                assert_eq!((ids.len(), ids.get(count)), (count as usize, None));
                ids.push(node(count), size);
                for id in [0, count / 2, count] {
                    assert_eq!(ids.get(id), Some(node(id)));
                }
            }
            let taken = ids.rest.capacity();
            assert!(taken <= size / 2 + 72, "{taken} of {size}");
            for count in (0..10_000).rev().step_by(97) {
                ids.truncate(count);
                assert_eq!((ids.len(), ids.get(count as u32)), (count, None));
                assert_eq!(ids.get(count as u32 / 2), (count > 0).then(|| node(count as u32 / 2)));
                ids.push(7, size);
                assert_eq!(ids.get(count as u32), Some(7));
            }
            ids.clear();
            assert_eq!((ids.len(), ids.get(0)), (0, None));
        }
    }
}
