//! The library against the slow decoder beside this file: over the corpus, and over damaged forms of it.

#[path = "../blobs/mod.rs"]
mod blobs;
mod bytes;
mod compare;
mod decoder;
mod ours;
#[path = "../differential/readings.rs"]
mod readings;
mod text;
mod value;

use compare::compare;

/// Runs where recursion has room, and counts the outcomes.
fn counted(test: impl FnOnce(&mut dyn FnMut(&[u8])) + Send + 'static) -> [usize; 3] {
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(move || {
        let mut counts = [0; 3];
        test(&mut |data| {
            for outcome in compare(data) {
                counts[outcome as usize] += 1;
            }
        });
        counts
    });
    match thread.expect("a thread").join() {
        Ok(counts) => counts,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

#[test]
fn corpus() {
    // Large blobs say little more, and take the reference long.
    let [taken, refused, open] =
        counted(|judge| blobs::corpus(100_000).iter().for_each(|blob| judge(blob)));
    assert!(taken > 2500 && refused > 800 && open < 100, "{taken}, {refused}, {open}");
}

/// A few bytes of small blobs are replaced, removed, doubled or made up; other ones with another
/// `V8WIRE_SEED`.
#[test]
fn damaged_corpus() {
    let rounds = if cfg!(debug_assertions) { 40 } else { 400 };
    let [taken, refused, open] = counted(move |judge| {
        let blobs = blobs::corpus(120);
        let mut random = Random(seed());
        for _ in 0..rounds {
            for blob in &blobs {
                let mut data = blob.clone();
                for _ in 0..=random.below(3) {
                    random.damage(&mut data);
                }
                judge(&data);
            }
        }
    });
    assert!(taken > 1000 && refused > 1000, "{taken}, {refused}, {open}");
    assert!(open * 20 < taken + refused, "{taken}, {refused}, {open}");
}

/// Values of version 13 that are read twice, with references to what the first reading left.
#[test]
fn readings_of_version_13() {
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 400_000 };
    let [taken, refused, _] = counted(move |judge| {
        let mut random = Random(seed());
        for number in 0..rounds {
            let mut data = readings::make(&mut random, number, false);
            judge(&data);
            random.damage(&mut data);
            judge(&data);
        }
    });
    assert!(taken > rounds / 2 && refused > rounds / 2, "{taken}, {refused}");
}

/// Every byte of the smallest blobs, one at a time, as every other.
#[test]
fn every_single_byte() {
    let longest = if cfg!(debug_assertions) { 9 } else { 16 };
    let [taken, refused, _] = counted(move |judge| {
        for blob in blobs::corpus(longest) {
            let mut data = blob.clone();
            for at in 0..blob.len() {
                for byte in 0..=u8::MAX {
                    data[at] = byte;
                    judge(&data);
                }
                data[at] = blob[at];
            }
        }
    });
    assert!(taken > 10_000 && refused > 10_000, "{taken}, {refused}");
}

fn seed() -> u64 {
    std::env::var("V8WIRE_SEED").map_or(0x5EED, |seed| seed.parse().expect("a number"))
}

struct Random(u64);

impl Random {
    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// A byte that means something, more often than not.
    fn byte(&mut self) -> u8 {
        const TAGS: &[u8] =
            b"_0TFIUNZ\"cSoAa;'DyxnzsR^BC~V\\?-{$@:,rmsc.Wtuwp\x00\x01\x02\x7F\x80\xFF";
        if self.below(4) == 0 { self.next() as u8 } else { TAGS[self.below(TAGS.len())] }
    }

    fn damage(&mut self, data: &mut Vec<u8>) {
        let at = self.below(data.len().max(1));
        match self.below(6) {
            // Another version.
            0 if data.first() == Some(&0xFF) && data.len() > 1 => data[1] = self.below(18) as u8,
            1 if at < data.len() => drop(data.remove(at)),
            2 => data.insert(at, self.byte()),
            3 => {
                let end = (at + 1 + self.below(6)).min(data.len());
                let piece = data[at.min(end)..end].to_vec();
                let to = self.below(data.len() + 1);
                data.splice(to..to, piece);
            }
            4 if at < data.len() => data[at] ^= 1 << self.below(8),
            _ => {
                let byte = self.byte();
                if let Some(place) = data.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }
}
