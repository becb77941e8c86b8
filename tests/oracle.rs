//! The oracles over the corpus, over everything that a fuzzer ever found, and over damaged forms of
//! both.

#[path = "oracle/mod.rs"]
mod oracle;
#[path = "differential/readings.rs"]
mod readings;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use v8wire::ParseOptions;

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "v8") {
            into.push(path);
        }
    }
}

/// All blobs of at most `longest` bytes below a folder, each once. Engines often write the same.
fn blobs(folder: &str, longest: usize) -> BTreeSet<Vec<u8>> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    paths.iter().map(|path| fs::read(path).unwrap()).filter(|blob| blob.len() <= longest).collect()
}

/// Runs an oracle over blobs, and names those that it panics on.
fn each<'b>(blobs: impl IntoIterator<Item = &'b Vec<u8>>, oracle: impl Fn(&[u8])) -> usize {
    let (mut count, mut bad) = (0, 0);
    for blob in blobs {
        count += 1;
        if catch_unwind(AssertUnwindSafe(|| oracle(blob))).is_err() {
            bad += 1;
            if bad <= 20 {
                eprintln!("  in {} bytes: {:02x?}", blob.len(), &blob[..blob.len().min(200)]);
            }
        }
    }
    assert_eq!(bad, 0, "of {count} blobs");
    count
}

#[test]
fn corpus() {
    let count = each(&blobs("corpus", usize::MAX), oracle::everything);
    assert!(count > 1000, "only {count} blobs in the corpus");
}

#[test]
fn regressions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    // The package on the registry goes without them.
    if folder.is_dir() {
        let count = each(&blobs("fuzz/regressions", usize::MAX), oracle::everything);
        assert!(count > 0, "no regressions in {}", folder.display());
    }
}

#[test]
fn truncated_corpus() {
    let sets = oracle::option_sets();
    let count = each(&blobs("corpus", 160), |blob| {
        for (name, options) in &sets {
            if matches!(*name, "strict" | "lenient" | "embedder") {
                oracle::truncations(blob, options);
            }
        }
    });
    assert!(count > 500, "only {count} small blobs in the corpus");
}

/// One byte of each small blob is replaced by others that mean something.
#[test]
fn mutated_corpus() {
    let sets = [ParseOptions::new(), ParseOptions::new().lenient()];
    let count = each(&blobs("corpus", 48), |blob| {
        let mut damaged = blob.to_vec();
        for at in 0..blob.len() {
            for byte in [0x00, 0x01, 0x80, 0xFF, b'^', b'V', b'{', blob[at] ^ 0x20] {
                damaged[at] = byte;
                for options in &sets {
                    oracle::events_match_document(&damaged, options);
                }
            }
            damaged[at] = blob[at];
        }
    });
    assert!(count > 500, "only {count} small blobs in the corpus");
}

/// What is read is written, told as JSON, shown and given to serde.
#[test]
fn corpus_written() {
    let sets = oracle::option_sets();
    let sets: Vec<_> = sets
        .into_iter()
        .filter(|(name, _)| {
            matches!(*name, "strict" | "lenient" | "lenient keep" | "keep wasm" | "big-endian")
        })
        .map(|(_, options)| options)
        .collect();
    let longest = if cfg!(debug_assertions) { 200 } else { 20_000 };
    for (folder, longest) in [("corpus", longest), ("fuzz/regressions", usize::MAX)] {
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).is_dir() {
            continue;
        }
        each(&blobs(folder, longest), |blob| {
            for options in &sets {
                oracle::written_again(blob, options);
                oracle::typed_json(blob, options);
                oracle::texts(blob, options);
                oracle::types(blob, options);
            }
        });
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Values of version 13 that are read twice, with references to what the first reading left.
#[test]
fn readings_of_version_13() {
    let mut random = Random(0x5EED);
    let count = if cfg!(debug_assertions) { 4_000 } else { 40_000 };
    let blobs: Vec<_> =
        (0..count).map(|number| readings::make(&mut random, number, false)).collect();
    each(&blobs, oracle::everything);
    let options = ParseOptions::new();
    let taken = blobs.iter().filter(|blob| options.parse(blob).is_ok()).count();
    assert!(taken > count / 3, "{taken} of {count}");
    let sets = oracle::option_sets();
    let sets = sets.iter().filter(|(name, _)| matches!(*name, "strict" | "keep wasm" | "embedder"));
    for (_, options) in sets {
        each(&blobs, |blob| {
            oracle::written_again(blob, options);
            oracle::typed_json(blob, options);
            oracle::texts(blob, options);
            oracle::types(blob, options);
        });
    }
}

/// Values behind each other under headers of any version, with references to buffers and memories of all of them,
/// which events look for when they are asked only.
#[test]
fn streams_of_buffers() {
    const PIECES: [&[u8]; 14] = [
        b"B\x02\x01\x02",
        b"B\0",
        b"B\x02\x01\x02VB\0\x01",
        b"u\0",
        b"u\x02rm\x02\0u\x02f\0",
        b"m\x02\0u\0",
        b"o{\0",
        b"\"\x01a",
        b"\0",
        b"?\x01",
        b"^",
        b"^",
        b"^",
        b"r",
    ];
    let mut random = Random(0xB0F);
    let count = if cfg!(debug_assertions) { 20_000 } else { 200_000 };
    let mut blobs = Vec::new();
    for _ in 0..count {
        let mut blob = Vec::new();
        for _ in 0..random.below(4) + 1 {
            let version = random.of(&[15, 15, 14, 16, 13, 13, 12, 1, 0]);
            if blob.is_empty() || random.below(3) == 0 {
                blob.extend([0xFF, version]);
            }
            let length = random.below(4) as u8;
            blob.extend([b'A', length]);
            for _ in 0..length {
                match random.of(&PIECES) {
                    b"^" => {
                        blob.extend([b'^', random.below(10) as u8]);
                        if random.below(3) > 0 {
                            blob.extend([b'V', b'B', 0, random.below(3) as u8]);
                            blob.extend((version > 13).then_some(0));
                        }
                    }
                    b"r" => blob.extend([b'u', 2, b'r', b'^', random.below(10) as u8]),
                    piece => blob.extend_from_slice(piece),
                }
            }
            blob.extend([b'$', 0, length]);
        }
        blobs.push(blob);
    }
    let sets: Vec<_> = oracle::option_sets()
        .into_iter()
        .filter(|(name, _)| {
            matches!(*name, "strict" | "keep wasm" | "lenient embedder" | "embedder")
        })
        .collect();
    each(&blobs, |blob| {
        for (_, options) in &sets {
            oracle::values_match_document(blob, options);
            oracle::events_match_document(blob, options);
        }
    });
    let options = &sets[1].1;
    let taken = blobs.iter().filter(|blob| options.parse_all(blob).is_ok()).count();
    assert!(taken > count / 8, "{taken} of {count}");
}

/// Reads in any order. The program is made of the data.
#[test]
fn corpus_programs() {
    let sets = oracle::option_sets();
    each(&blobs("corpus", 200), |blob| {
        for (_, options) in &sets {
            let scrambled: Vec<u8> =
                blob.iter().map(|byte| byte.wrapping_mul(167) ^ byte >> 3).collect();
            oracle::program(&scrambled, blob, options);
            oracle::program(&[0, 1, 1, 4, 1, 6, 1, 0, 1, 15, 1], blob, options);
        }
    });
}

/// `A 01 T $ 00 01`: an array that holds `true`.
const ARRAY: [u8; 8] = [0xFF, 15, b'A', 1, b'T', b'$', 0, 1];

#[test]
#[should_panic(expected = "only the reader refuses it")]
fn a_different_verdict_is_noticed() {
    let document = ParseOptions::new().parse(&ARRAY);
    oracle::events_match(&ARRAY, document, &ParseOptions::new().max_depth(0));
}

#[test]
#[should_panic(expected = "against Bool(true)")]
fn different_contents_are_noticed() {
    let other = [0xFF, 15, b'A', 1, b'F', b'$', 0, 1];
    oracle::events_match(&ARRAY, ParseOptions::new().parse(&other), &ParseOptions::new());
}
