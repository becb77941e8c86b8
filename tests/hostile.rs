//! Damage, bit by bit and byte by byte; and data made to be slow. Whatever it is, reading ends with a value or
//! an error that stands in the input.

mod blobs;

use std::time::{Duration, Instant};

use v8wire::{Error, Externals, ParseOptions, Parser, Reader};

fn in_place(data: &[u8], error: &Error) {
    assert!(error.offset() <= data.len(), "{error}: of {} bytes", data.len());
    assert!(error.to_string().len() < 16_384 + 6 * data.len());
}

/// Strictly and leniently.
struct Parsers([Parser; 2]);

impl Parsers {
    fn new() -> Self {
        let options = ParseOptions::new();
        Parsers(
            [options.clone(), options.lenient().externals(Externals::Keep)]
                .map(Parser::with_options),
        )
    }

    /// How many took it.
    fn judge(&mut self, data: &[u8]) -> usize {
        let mut taken = 0;
        for parser in &mut self.0 {
            match parser.parse(data) {
                Ok(document) => {
                    assert!(document.node_count() <= data.len() + 1);
                    parser.recycle(document);
                    taken += 1;
                }
                Err(error) => in_place(data, &error),
            }
        }
        taken
    }
}

/// Every blob of the corpus, cut behind every byte; large ones at up to 300 places.
#[test]
fn cut_at_every_byte() {
    let (mut parsers, mut cuts, mut taken) = (Parsers::new(), 0, 0);
    for blob in blobs::corpus(usize::MAX) {
        let step = if blob.len() <= 2_000 { 1 } else { blob.len() / 300 };
        for end in (0..blob.len()).step_by(step) {
            cuts += 1;
            taken += parsers.judge(&blob[..end]);
        }
    }
    // Version 0, buffers without their views, host objects that are read leniently.
    assert!(cuts > 100_000 && taken < cuts / 50, "{taken} of {cuts}");
}

/// Every bit of the small blobs, one at a time.
#[test]
fn every_bit_flipped() {
    let longest = if cfg!(debug_assertions) { 100 } else { 400 };
    let (mut parsers, mut flips, mut taken) = (Parsers::new(), 0, 0);
    for mut blob in blobs::corpus(usize::MAX).into_iter().filter(|blob| blob.len() <= longest) {
        for bit in 0..8 * blob.len() {
            blob[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
            taken += parsers.judge(&blob);
            blob[bit / 8] ^= 1 << (bit % 8);
        }
    }
    assert!(flips > 200_000 && taken > flips / 10 && taken < 2 * flips, "{taken} of {flips}");
}

/// Steps without a clock: an event takes a byte of the input, but for the ends of containers and the like,
/// which a byte opened.
#[test]
fn events_are_in_proportion() {
    for unit in
        [&b";"[..], b"'", b"y", b"B\0", b"rc", b"\\\x0A\0", b"TT", b"?\0", b"\0", b"o\"\0", b"r."]
    {
        for head in [&b""[..], b"\xFF\x0F'", b"\xFF\x0D'", b"\xFF\x0C;"] {
            let blob: Vec<u8> =
                head.iter().chain(unit.iter().cycle().take(20_000)).copied().collect();
            for options in [ParseOptions::new(), ParseOptions::new().lenient()] {
                let options = options.max_depth(u32::MAX);
                let Ok(mut reader) = Reader::with_options(&blob, &options) else { continue };
                let mut events = 0;
                while let Ok(Some(_)) = reader.next_event() {
                    events += 1;
                }
                assert!(events <= 2 * blob.len(), "{events} events of {unit:x?}");
            }
        }
    }
}

const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// Keys of 16 bytes that have one hash, whatever their first half is: the second undoes it. The arithmetic
/// of `src/read/keys.rs`, which has no secret.
fn colliding(number: u64) -> [u8; 16] {
    let first = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 0xFF;
    let mut state = (0x9E37_79B9_7F4A_7C15 ^ 16 ^ first).wrapping_mul(0xF135_7AEA_2E62_A9C5);
    state ^= state >> 29;
    let mut key = [0; 16];
    key[..8].copy_from_slice(&first.to_le_bytes());
    key[8..].copy_from_slice(&(state ^ 0x5555).to_le_bytes());
    key
}

#[test]
fn a_flood_of_colliding_keys() {
    let object = |count: u64, last: u64| {
        blobs::object(count as usize + 1, |blob, number| {
            let number = if number as u64 == count { last } else { number as u64 };
            blob.extend_from_slice(b"\"\x10");
            blob.extend_from_slice(&colliding(number << 8));
            blob.push(b'T');
        })
    };
    let count = MANY as u64;
    let start = Instant::now();
    let good = object(count, count);
    assert_eq!(v8wire::Document::parse(&good).unwrap().root().len(), Some(MANY + 1));
    let error = v8wire::Document::parse(&object(count, count / 2)).unwrap_err();
    assert_eq!(error.kind().code(), "duplicate-key");
    // All pairs would be 5 * 10^11 comparisons.
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
}

/// The same object in a million places, and a path to each.
#[test]
fn a_million_references() {
    let blob = blobs::array(MANY, |blob, number| match number {
        0 => blob.extend_from_slice(b"o{\0"),
        _ => blob.extend_from_slice(b"^\x01"),
    });
    let start = Instant::now();
    let document = v8wire::Document::parse(&blob).unwrap();
    let elements = document.root().elements();
    assert!(elements.skip(1).all(|element| element.is_same(document.root()[0].value())));
    let mut reader = Reader::new(&blob).unwrap();
    while reader.next_event().unwrap().is_some() {
        assert!(reader.path().len() < 16);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// The largest lengths and counts that can be said, behind every tag.
#[test]
fn the_largest_numbers() {
    let numbers: [&[u8]; 5] = [
        b"\xFF\xFF\xFF\xFF\x0F",
        b"\xFE\xFF\xFF\xFF\x0F",
        b"\xFF\xFF\xFF\xFF\x07",
        b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
        b"\x80\x80\x80\x80\x10",
    ];
    let mut parsers = Parsers::new();
    for version in [0, 1, 9, 11, 12, 13, 14, 15, 16] {
        for tag in 0..=u8::MAX {
            for number in numbers {
                for more in [&b""[..], b"\0\0\0", number] {
                    for inside in [&b""[..], b"'", b"B\x08\0\0\0\0\0\0\0\0VB"] {
                        let header: &[u8] = if version == 0 { &[] } else { &[0xFF, version] };
                        parsers.judge(&[header, inside, &[tag], number, more].concat());
                    }
                }
            }
        }
    }
}
