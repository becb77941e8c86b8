//! Vectors that grow with the input: doubled, but never above what the rest of it could need; or by little.

use alloc::vec::Vec;

/// Adds an item to a list that the input can fill with `most` items. (It may have more where a caller's
/// delegate makes them, or version 13 is read twice; then the list grows by little.)
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
    let more = if most > length { length.max(8).min(most - length) } else { (length / 32).max(8) };
    list.reserve_exact(more);
}

/// Makes room for so many items in a list that is not to have much more than it needs, however often it has to
/// grow.
pub(crate) fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact((list.len() / 16).max(16 + more));
    }
}
