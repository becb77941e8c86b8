//! The mutator and `Arbitrary`: what they make is different, often good, and the same for the same seed.
#![cfg(feature = "arbitrary")]

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Unstructured};
use v8wire::mutate::{Mutator, mutate_in_place};
use v8wire::{Document, Event, Literal, ParseOptions, ValidBlob, WriteOptions};

/// An object with an array, a map with a cycle, views, an error.
const BLOB: &[u8] = b"\xFF\x0Fo\"\x01aA\x03I\x02TN\0\0\0\0\0\0\xF8\x3F$\0\x03\"\x01m;\"\x01k^\0:\x02\
    \"\x01bB\x04\x01\x02\x03\x04VW\x02\x02\0\"\x01erTm\"\x01xs\"\x01yc'I\x02,\x01.\"\x01h\\\x0A\x02\x01\x02{\x05";

#[test]
fn mutations_differ_and_are_often_good() {
    assert!(Document::parse(BLOB).is_ok());
    let (mut different, mut good) = (BTreeSet::new(), 0);
    for seed in 0..4000 {
        let mut data = BLOB.to_vec();
        Mutator::new(seed).mutate(&mut data, 4096);
        let mut again = BLOB.to_vec();
        Mutator::new(seed).mutate(&mut again, 4096);
        assert_eq!(data, again, "seed {seed}");
        if different.insert(data.clone()) {
            good += usize::from(Document::parse(&data).is_ok());
        }
    }
    let different = different.len();
    assert!(different > 2500, "{different} different ones");
    assert!(good * 5 > different && good < different, "{good} good ones of {different}");
}

/// Each kind of change comes about.
#[test]
fn mutations_change_structure() {
    let mut seen = BTreeSet::new();
    for seed in 0..3000 {
        let mut data = b"\xFF\x0FA\x03TFo\"\x01aT{\x01$\0\x03".to_vec();
        Mutator::new(seed).mutate(&mut data, 4096);
        let Ok(document) = ParseOptions::new().parse(&data) else { continue };
        let root = document.root();
        if document.version() != 15 {
            seen.insert("another version");
        }
        match (root.is_dense(), root.elements().len()) {
            (true, 2) => drop(seen.insert("an element less")),
            (true, 4) => drop(seen.insert("an element more")),
            _ => {}
        }
        if root[0].as_bool() == Some(false) && root[1].as_bool() == Some(true) {
            seen.insert("swapped");
        }
        if root[2]["a"].exists() && root[2]["a"].as_bool().is_none() {
            seen.insert("another value");
        }
        if document.events().any(|event| matches!(event, Event::Reference(_))) {
            seen.insert("a reference");
        }
        if root[2].len() == Some(2) {
            seen.insert("another property");
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}

#[test]
fn splices_take_from_the_donor() {
    let donor = b"\xFF\x0F;\"\x05donorD\0\0\0\0\0\0\0\0:\x02";
    let mut taken = 0;
    for seed in 0..1000 {
        let mut data = BLOB.to_vec();
        Mutator::new(seed).splice(&mut data, donor, 4096);
        let good = Document::parse(&data).is_ok();
        taken += usize::from(good && data.windows(5).any(|window| window == b"donor"));
    }
    assert!(taken > 100, "{taken}");
}

/// Any bytes at all, any bound.
#[test]
fn mutations_take_anything() {
    let mut state = 1u64;
    for seed in 0..20_000u64 {
        let length = (seed % 24) as usize;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1);
            BLOB[(state >> 33) as usize % BLOB.len()]
        })
        .take(length)
        .collect();
        let max = (seed % 31) as usize;
        let mut data = bytes.clone();
        Mutator::new(seed).mutate(&mut data, max);
        assert!(data.len() <= max);
        let mut data = bytes.clone();
        Mutator::new(seed).splice(&mut data, &bytes, max);
        assert!(data.len() <= max);
        let mut buffer = [0; 16];
        let size = length.min(16);
        buffer[..size].copy_from_slice(&bytes[..size]);
        assert!(mutate_in_place(&mut buffer, size, max, seed) <= max.min(16));
    }
}

/// Version 0 has its containers behind their contents.
#[test]
fn mutations_of_version_0() {
    let mut good = 0;
    for seed in 0..1000 {
        let mut data = b"I\x02\"\x01aTI\x04{\x01{\x01".to_vec();
        Mutator::new(seed).mutate(&mut data, 64);
        good += usize::from(Document::parse(&data).is_ok());
    }
    assert!(good > 20, "{good}");
}

fn source(seed: u64) -> Vec<u8> {
    let mut state = seed;
    std::iter::repeat_with(|| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(600)
    .collect()
}

#[test]
fn arbitrary_values_are_good_and_of_all_kinds() {
    let (mut kinds, mut cycles, mut versions) = (BTreeSet::new(), 0, BTreeSet::new());
    for seed in 0..3000 {
        let bytes = source(seed);
        let blob = ValidBlob::arbitrary(&mut Unstructured::new(&bytes)).unwrap().0;
        let document = Document::parse(&blob).unwrap_or_else(|error| panic!("{error}: {blob:x?}"));
        versions.insert(document.version());
        for event in document.events() {
            cycles += usize::from(matches!(event, Event::Reference(_)));
            let name = format!("{event:?}");
            kinds.insert(name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned());
        }
    }
    assert!(cycles > 100, "{cycles}");
    assert_eq!(versions, BTreeSet::from([13, 14, 15, 16]));
    assert!(kinds.len() >= 32, "{} kinds: {kinds:?}", kinds.len());
}

#[test]
fn arbitrary_values_are_written_twice_the_same() {
    for seed in 0..300 {
        let bytes = source(seed);
        let literal = Literal::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        let options = WriteOptions::new();
        let once = literal.clone().to_vec_with(&options).unwrap();
        assert_eq!(once, literal.to_vec_with(&options).unwrap());
    }
    // Nothing to go on makes a value, too.
    assert!(Literal::arbitrary(&mut Unstructured::new(&[])).is_ok());
}
