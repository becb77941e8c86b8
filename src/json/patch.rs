//! What makes bytes of a typed text that no writer would make of its values: padding that nothing needs,
//! overlong numbers, wrong counts (SPEC.md 10.16).

use alloc::vec::Vec;
use core::fmt;

use super::out::Out;

/// How far from a difference the bytes may go on as before, in either of the two.
const NEAR: usize = 16;
/// So many equal bytes are no chance.
const SURE: usize = 8;
/// Fewer are not worth a patch of their own.
const LEAST: usize = 4;
/// Behind so many places where nothing near is equal, the rest is one patch.
const STRANGE: usize = 1000;

/// Bytes in the place of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch<'a> {
    pub(super) offset: usize,
    pub(super) removed: usize,
    pub(super) inserted: &'a [u8],
}

/// What changes some bytes to others: patches in ascending order, apart from each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Patches<'a> {
    /// Of the bytes that are to be changed.
    pub(super) crc32: u32,
    pub(super) list: Vec<Patch<'a>>,
}

impl<'a> Patches<'a> {
    pub(super) fn between(from: &[u8], to: &'a [u8]) -> Self {
        let mut patches = Patches { crc32: crc32fast::hash(from), list: Vec::new() };
        let (mut old, mut new, mut strange) = (from, to, 0);
        loop {
            let same = equal_bytes(old, new, usize::MAX);
            (old, new) = (&old[same..], &new[same..]);
            if old.is_empty() && new.is_empty() {
                return patches;
            }
            let near = if strange < STRANGE { difference(old, new) } else { None };
            let (removed, inserted) = near.unwrap_or_else(|| {
                strange += 1;
                match strange < STRANGE {
                    true => (NEAR.min(old.len()), NEAR.min(new.len())),
                    false => rest(old, new),
                }
            });
            let patch =
                Patch { offset: from.len() - old.len(), removed, inserted: &new[..inserted] };
            (old, new) = (&old[removed..], &new[inserted..]);
            match patches.list.last_mut() {
                // Where nothing is equal, one patch goes on.
                Some(last) if last.offset + last.removed == patch.offset => {
                    last.removed += removed;
                    let start = to.len() - new.len() - inserted - last.inserted.len();
                    last.inserted = &to[start..to.len() - new.len()];
                }
                _ => patches.list.push(patch),
            }
        }
    }
}

impl Patches<'_> {
    /// As a member of the document.
    pub(super) fn write(&self, out: &mut Out<'_>) -> fmt::Result {
        out.key("patches")?;
        out.open("{")?;
        out.key("crc32")?;
        write!(out.writer(), "{}", self.crc32)?;
        out.key("list")?;
        out.open("[")?;
        for Patch { offset, removed, inserted } in &self.list {
            out.item()?;
            write!(out.writer(), "[{offset}")?;
            out.comma()?;
            write!(out.writer(), "{removed}")?;
            out.comma()?;
            out.base64(inserted)?;
            out.raw("]")?;
        }
        out.close("]")?;
        out.close("}")
    }
}

/// How many bytes are equal at the start of both, up to a number of them.
fn equal_bytes(a: &[u8], b: &[u8], most: usize) -> usize {
    a.iter().zip(b).take(most).take_while(|(a, b)| a == b).count()
}

/// How many bytes differ at the start of both before they go on as equals: the fewest.
fn difference(old: &[u8], new: &[u8]) -> Option<(usize, usize)> {
    let zeros = new.iter().take_while(|&&byte| byte == 0).count();
    let mut best = (LEAST - 1, None);
    let near = (1..=2 * NEAR).flat_map(|sum| {
        (sum.saturating_sub(NEAR)..=sum.min(NEAR)).map(move |removed| (removed, sum - removed))
    });
    for (removed, inserted) in near.chain([(0, zeros)]) {
        let (Some(a), Some(b)) = (old.get(removed..), new.get(inserted..)) else { continue };
        let same = equal_bytes(a, b, SURE);
        if same == SURE || (a.len() == same && b.len() == same) {
            return Some((removed, inserted));
        }
        if same > best.0 {
            best = (same, Some((removed, inserted)));
        }
    }
    best.1
}

/// All but the bytes that are equal at the end.
fn rest(old: &[u8], new: &[u8]) -> (usize, usize) {
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (old.len() - same, new.len() - same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patches(from: &[u8], to: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
        let patches = Patches::between(from, to);
        let (mut made, mut at) = (Vec::new(), 0);
        for patch in &patches.list {
            made.extend_from_slice(&from[at..patch.offset]);
            made.extend_from_slice(patch.inserted);
            at = patch.offset + patch.removed;
        }
        made.extend_from_slice(&from[at..]);
        assert_eq!(made, to);
        let list = patches.list.into_iter();
        list.map(|patch| (patch.offset, patch.removed, patch.inserted.to_vec())).collect()
    }

    #[test]
    fn small_changes_make_small_patches() {
        let text = b"The quick brown fox jumps over the lazy dog, and the dog sleeps on.";
        assert_eq!(patches(text, text), []);
        assert_eq!(patches(b"", b"ab"), [(0, 0, b"ab".to_vec())]);
        assert_eq!(patches(b"ab", b""), [(0, 2, Vec::new())]);
        for at in 0..text.len() {
            let [mut more, mut less, mut other, mut zeros] = [(); 4].map(|()| text.to_vec());
            more.insert(at, 0);
            less.remove(at);
            other[at] = 0;
            zeros.splice(at..at, [0; 1000]);
            assert_eq!(patches(text, &more), [(at, 0, vec![0])]);
            assert_eq!(patches(text, &less).len(), 1);
            assert_eq!(patches(text, &other), [(at, 1, vec![0])]);
            assert_eq!(patches(text, &zeros), [(at, 0, vec![0; 1000])]);
        }
    }

    #[test]
    fn strange_bytes_are_replaced() {
        let noise = |seed: u32, length: u32| -> Vec<u8> {
            let next = |state: &mut u32| {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                Some((*state >> 24) as u8)
            };
            core::iter::successors(Some(seed), |seed| Some(*seed))
                .scan(seed, |state, _| next(state))
                .take(length as usize)
                .collect()
        };
        for (a, b) in [(10, 2000), (2000, 10), (50_000, 50_000), (50_000, 49_000)] {
            assert!(patches(&noise(1, a), &noise(2, b)).len() < 100);
        }
    }
}
