//! A map that keeps its memory when it is cleared.

use alloc::vec::Vec;

/// Keys and values in sorted runs, whose lengths are the powers of two that the count is made of. So an
/// insertion costs log² n on average, a lookup too, and the memory is one vector.
#[derive(Debug)]
pub(super) struct Known<K, V>(Vec<(K, V)>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Known(Vec::new())
    }
}

impl<K: Ord + Copy, V: Copy> Known<K, V> {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        let mut rest = &self.0[..];
        while !rest.is_empty() {
            let (run, more) = rest.split_at(1 << rest.len().ilog2());
            if let Ok(index) = run.binary_search_by(|entry| entry.0.cmp(key)) {
                return Some(run[index].1);
            }
            rest = more;
        }
        None
    }

    /// Adds a key that is not there yet.
    pub(super) fn insert(&mut self, key: K, value: V) {
        self.0.push((key, value));
        // The runs that make the last one, as adding one carries in binary.
        let run = 1 << self.0.len().trailing_zeros();
        let start = self.0.len() - run;
        self.0[start..].sort_unstable_by_key(|entry| entry.0);
    }

    /// Keeps the entries with these values.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.0.retain(|entry| keep(&entry.1));
        // In one piece all runs are in order.
        self.0.sort_unstable_by_key(|entry| entry.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_at_any_count() {
        for count in 0..130u32 {
            let mut known = Known::default();
            for key in 0..count {
                // No order: 59 and 131 have no divisor in common.
                known.insert(key * 59 % 131, key);
            }
            for key in 0..131 {
                let inserted = (0..count).find(|n| n * 59 % 131 == key);
                assert_eq!(known.get(&key), inserted, "{key} of {count}");
            }
            known.retain(|&value| value % 3 == 0);
            for key in 0..count {
                let kept = (key % 3 == 0).then_some(key);
                assert_eq!(known.get(&(key * 59 % 131)), kept);
            }
        }
    }
}
