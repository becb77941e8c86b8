//! Vectors that grow with the input: doubled, but never above what the rest of it could need.

use alloc::vec::Vec;

/// Adds an item to a list that the input can fill with `most` items. (It may have more where a caller's
/// delegate makes them; then the list just doubles.)
#[inline(always)]
pub(crate) fn push<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() == list.capacity() {
        grow(list, most);
    }
    list.push(item);
}

#[cold]
#[inline(never)]
fn grow<T>(list: &mut Vec<T>, most: usize) {
    let length = list.len();
    let doubled = length.saturating_mul(2).max(8);
    let capacity = if most > length { doubled.min(most) } else { doubled };
    list.reserve_exact(capacity - length);
}
