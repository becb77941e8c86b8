//! Names of properties: what is one name, whatever the key's type, encoding and length.

use v8wire::{Document, Error, ErrorKind, Event, Parser, Reader};

use super::blob;

/// A key as the wire has it, in the three encodings: tag, length, text.
fn encodings(name: &str) -> Vec<Vec<u8>> {
    let key = |tag: u8, text: Vec<u8>| [vec![tag, text.len() as u8], text].concat();
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut keys = vec![key(b'c', units), key(b'S', name.as_bytes().to_vec())];
    if name.chars().all(|c| c < '\u{100}') {
        keys.push(key(b'"', name.chars().map(|c| c as u8).collect()));
    }
    keys
}

/// An object with these keys; where the one stands that is refused, if any is.
fn refused(keys: &[&[u8]]) -> Option<usize> {
    let properties = keys.iter().flat_map(|key| [key, &b"_"[..]]).collect::<Vec<_>>().concat();
    let blob = blob(&[b"o", &properties, b"{", &[keys.len() as u8]]);
    let refused = |error: Error| {
        assert!(matches!(error.kind(), ErrorKind::DuplicateKey { .. }), "{error}");
        error.offset()
    };
    Document::parse(&blob).err().map(refused)
}

/// Keys of other names: with them the keys of an object are sorted.
fn others() -> Vec<Vec<u8>> {
    (0..20).map(|number| vec![b'I', 2 * number]).collect()
}

/// SPEC.md 3.10.4: a key in another encoding is the same, at all lengths, among few keys and many.
#[test]
fn one_name_in_any_encoding() {
    let others = others();
    for length in 1..=26 {
        let ascii = "abcdefghijklmnopqrstuvwxyz"[..length].to_owned();
        let start = &ascii[..length - 1];
        let names = [ascii.clone(), format!("{start}\u{EB}"), format!("\u{E9}{start}")];
        for name in names.into_iter().chain([format!("{start}\u{20AC}")]) {
            for first in encodings(&name) {
                for second in encodings(&name) {
                    let at = 3 + first.len() + 1;
                    assert_eq!(
                        refused(&[&first, &second]),
                        Some(at),
                        "{name} {first:?} {second:?}"
                    );
                    let mut keys: Vec<&[u8]> = others.iter().map(|key| &key[..]).collect();
                    keys.splice(7..7, [&first[..]]);
                    keys.push(&second);
                    let at = 3 + keys.iter().rev().skip(1).map(|key| key.len() + 1).sum::<usize>();
                    assert_eq!(refused(&keys), Some(at), "{name} {first:?} {second:?}, many");
                }
            }
        }
    }
}

/// Names that differ in one place are two, wherever that is.
#[test]
fn names_that_nearly_are_one() {
    for length in 1..=26 {
        let name = "abcdefghijklmnopqrstuvwxyz"[..length].to_owned();
        for place in 0..length {
            let mut other = name.clone().into_bytes();
            other[place] ^= 0x20;
            let other = String::from_utf8(other).unwrap();
            for first in encodings(&name) {
                for second in encodings(&other) {
                    assert_eq!(refused(&[&first, &second]), None, "{name} {other}");
                }
            }
        }
    }
}

/// Of several keys that are there twice the first second one is told, among few and many.
#[test]
fn the_first_duplicate_is_told() {
    let others = others();
    let mut keys: Vec<&[u8]> = others.iter().map(|key| &key[..]).collect();
    for (first, second) in [(3, 5), (5, 3)] {
        let at = 3 + keys.iter().map(|key| key.len() + 1).sum::<usize>();
        let mut all = keys.clone();
        all.extend([&others[first][..], &others[second]]);
        assert_eq!(refused(&all), Some(at));
        // There three times.
        all.push(&others[first]);
        assert_eq!(refused(&all), Some(at));
    }
    keys.truncate(4);
    keys.extend([&others[2][..], &others[1]]);
    assert_eq!(refused(&keys), Some(3 + 4 * 3));
}

/// SPEC.md 3.10.3: numbers name what JavaScript spells them as.
#[test]
fn numbers_are_names() {
    let text = |text: &str| encodings(text).pop().unwrap();
    let double = super::double;
    // From 0 to 2^32 - 2 they are array indices.
    let same = [
        vec![text("0"), vec![b'I', 0], vec![b'U', 0], double(0.0), double(-0.0)],
        vec![text("7"), vec![b'I', 14], vec![b'U', 7], double(7.0)],
        vec![text("-1"), vec![b'I', 1], double(-1.0)],
        vec![text("1.5"), double(1.5)],
        vec![text("4294967294"), b"U\xFE\xFF\xFF\xFF\x0F".to_vec(), double(4_294_967_294.0)],
        vec![text("4294967295"), b"U\xFF\xFF\xFF\xFF\x0F".to_vec(), double(4_294_967_295.0)],
        vec![text("4294967296"), double(4_294_967_296.0)],
        vec![text("1e+21"), double(1e21)],
        vec![text("NaN"), double(f64::NAN)],
        vec![text("07")],
        vec![text("-0")],
        vec![text("7.0")],
    ];
    for (this, names) in same.iter().enumerate() {
        for (that, others) in same.iter().enumerate() {
            for (first, one) in names.iter().enumerate() {
                for (second, other) in others.iter().enumerate() {
                    let at = (this == that).then_some(3 + one.len() + 1);
                    assert_eq!(refused(&[one, other]), at, "{this}.{first} {that}.{second}");
                }
            }
        }
    }
}

/// A parser that is used again knows nothing of the keys that it read before.
#[test]
fn keys_of_other_data_are_forgotten() {
    let data = |before: &[u8], object: &[u8]| {
        let length = before.len() as u8 + 2;
        blob(&[b"A", &[length], before, object, b"\"\x20", &[b'x'; 32], b"$\0", &[length]])
    };
    let mut parser = Parser::new();
    // Where a key stood in the other data there may be another one in these.
    for before in 1..12 {
        for (object, good) in [
            (&b"o\"\x01aT\"\x01aT{\x02"[..], false),
            (b"o\"\x01aT\"\x01bT\"\x01aT{\x03", false),
            (b"o\"\x01aT\"\x01bT{\x02", true),
        ] {
            parser.parse(&data(&b"TTTTTTTTTTT"[..before], b"o\"\x01aT\"\x01bT{\x02")).unwrap();
            assert_eq!(parser.parse(&data(b"T", object)).is_ok(), good, "{before} {object:?}");
        }
    }
}

/// Of long keys all but the first bytes are compared where they stood, which is somewhere else in other data.
#[test]
fn long_keys_of_other_data_are_forgotten() {
    let [first, second] =
        [&b"\"\x19another-long-key-number-1T"[..], b"\"\x19another-long-key-number-2T"];
    let data = |keys: [&[u8]; 2]| {
        let object = [b"o", keys[0], keys[1], b"{\x02"].concat();
        blob(&[b"A\x03", &object, &object, b"\"\x20", &[b'x'; 32], b"$\0\x03"])
    };
    let mut parser = Parser::new();
    parser.parse(&data([first, second])).unwrap();
    let data = data([first, first]);
    let error = parser.parse(&data).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DuplicateKey { .. }), "{error}");
}

/// The keys of an object are compared with those of the one before it, where they stand: these differ in one byte.
#[test]
fn keys_nearly_those_of_the_last_object() {
    let object =
        |name: &str| [b"o\"", &[name.len() as u8][..], name.as_bytes(), b"T{\x01"].concat();
    let names = |data: &[u8]| {
        let mut reader = Reader::new(data).unwrap();
        let mut names = Vec::new();
        while let Some(event) = reader.next_event().unwrap() {
            if let Event::String(text) = event {
                names.push(text.to_str().into_owned());
            }
        }
        names
    };
    for length in 1..=26 {
        let name = &"abcdefghijklmnopqrstuvwxyz"[..length];
        let mut others: Vec<String> =
            (0..length).map(|place| format!("{}_{}", &name[..place], &name[place + 1..])).collect();
        // No bit of the two letters is the same.
        others.push(format!("{}0", &name[1..]));
        others.push(format!("{}A", &name[1..]));
        others.extend([name.to_owned(), format!("{name}_"), name[1..].to_owned()]);
        for other in others {
            let objects = [name, &other, name].map(object).concat();
            let data = blob(&[b"A\x04", &objects, b"\"\x20", &[b'x'; 32], b"$\0\x04"]);
            assert_eq!(names(&data)[..3], [name, &other, name]);
            let document = Document::parse(&data).unwrap();
            let read = (0..3).map(|index| document.root()[index].properties().next().unwrap().0);
            let read: Vec<String> = read.map(|key| key.to_str().into_owned()).collect();
            assert_eq!(read, [name, &other, name]);
            let maps: Vec<serde_json::Value> = v8wire::from_slice(&data).unwrap();
            assert!(maps[1].get(&other).is_some() && maps[2].get(name).is_some(), "{other}");
        }
    }
}

/// Keys that are long, or no ASCII, in one object after the other.
#[test]
fn unusual_keys_of_objects() {
    for length in [1, 14, 15, 126, 127, 128, 129, 200, 300] {
        for letter in ["a", "\u{EB}"] {
            let name = letter.repeat(length);
            let value = serde_json::json!([{ &name: 1 }, { &name: 2 }, { &name: 3, "b": 4 }, "x".repeat(40)]);
            let data = v8wire::to_vec(&value).unwrap();
            let again: serde_json::Value = v8wire::from_slice(&data).unwrap();
            assert_eq!(again, value);
            let document = Document::parse(&data).unwrap();
            assert_eq!(document.root()[2][name.as_str()].as_i32(), Some(3));
        }
    }
}

/// What an object may repeat is no matter of those at other depths.
#[test]
fn duplicates_behind_objects_at_other_depths() {
    let object = |keys: &[u8], value: &[u8]| {
        let mut object = vec![b'o'];
        keys.iter().for_each(|&key| object.extend([&[b'"', 1, key][..], value].concat()));
        object.extend([b'{', keys.len() as u8]);
        object
    };
    let keys: [&[u8]; 5] = [b"a", b"ab", b"ba", b"abc", b"b"];
    let twice: [&[u8]; 5] = [b"aa", b"aba", b"abb", b"baa", b"abca"];
    for first in keys {
        for second in keys {
            for repeats in twice {
                // One within the other, then one at the outer's depth, and at the inner's.
                let nested = object(first, &object(second, b"T"));
                for last in [object(repeats, b"T"), object(b"z", &object(repeats, b"T"))] {
                    let data =
                        blob(&[b"A\x03", &nested, &last, b"\"\x20", &[b'x'; 32], b"$\0\x03"]);
                    assert!(Document::parse(&data).is_err(), "{first:?} {second:?} {repeats:?}");
                }
            }
        }
    }
}

/// While an object is read, one within it may have other keys in the same places.
#[test]
fn duplicates_around_an_object_within() {
    let other = b"o\"\x01zT\"\x01aT{\x02";
    let last = [&b"o\"\x01a"[..], other, b"\"\x01aT{\x02"].concat();
    let data = blob(&[b"A\x03o\"\x01aT\"\x01bT{\x02", &last, b"\"\x20", &[b'x'; 32], b"$\0\x03"]);
    let error = Document::parse(&data).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DuplicateKey { .. }), "{error}");
    assert!(Reader::new(&data).unwrap().finish().is_err());
}

/// Ten letters of which no bit is that of the other key's.
#[test]
fn keys_of_other_bits() {
    let [first, second] = [b"abcdefAAAA", b"abcdef0000"];
    let object = |keys: [&[u8]; 2]| [b"o\"\x0A", keys[0], b"T\"\x0A", keys[1], b"T{\x02"].concat();
    let third: &[u8] = b"abcdefabcd";
    let objects = [object([first, third]), object([second, second])].concat();
    let data = blob(&[b"A\x03", &objects, b"\"\x20", &[b'x'; 32], b"$\0\x03"]);
    assert!(Document::parse(&data).is_err());
    let objects = [object([third, first]), object([third, second])].concat();
    let data = blob(&[b"A\x03", &objects, b"\"\x20", &[b'x'; 32], b"$\0\x03"]);
    let maps: serde_json::Value = v8wire::from_slice(&data).unwrap();
    assert!(maps[1].get("abcdef0000").is_some(), "{maps}");
}

/// Each property counts, whether its key is one that the last object had or not.
#[test]
fn known_keys_count_as_values() {
    let least = |objects: usize| {
        let object = b"o\"\x01aT\"\x01bI\x02{\x02".repeat(objects);
        let data = blob(&[
            b"A",
            &[objects as u8 + 1],
            &object,
            b"\"\x20",
            &[b'x'; 32],
            b"$\0",
            &[objects as u8 + 1],
        ]);
        let good = |nodes: u32| {
            let mut limits = v8wire::Limits::default();
            limits.nodes = nodes;
            let options = v8wire::ParseOptions::new().limits(limits);
            let read = Reader::with_options(&data, &options).unwrap().finish().is_ok();
            assert_eq!(options.parse(&data).is_ok(), read, "{nodes}");
            read
        };
        (0..).find(|&nodes| good(nodes)).unwrap()
    };
    // The array, the string, and of each object itself, two keys and two values.
    for objects in 1..8 {
        assert_eq!(least(objects) as usize, 2 + 5 * objects);
    }
}

/// What is known of a deeper object's keys is not known of this one's: behind sixteen keys the first one of the object
/// in the last of them, which is here the first one again.
#[test]
fn a_key_behind_those_that_are_kept() {
    let record = |last: &[u8], count: u8| {
        let keys = (0..16).flat_map(|key| [b"\"\x02k", &[b'a' + key][..], b"_"].concat());
        let mut bytes = [b"o", &keys.collect::<Vec<_>>()[..]].concat();
        // In the place of the last value.
        bytes.pop();
        [&bytes[..], b"o\"\x02kaT{\x01", last, b"{", &[count]].concat()
    };
    for (key, good) in [(&b"\"\x02kaT"[..], false), (b"\"\x02kqT", true)] {
        let records = [record(b"", 16).repeat(4), record(key, 17)].concat();
        let data = blob(&[b"A\x06", &records, b"\"\x20", &[b'x'; 32], b"$\0\x06"]);
        let parsed = Document::parse(&data).map(drop);
        assert_eq!(parsed.is_ok(), good, "{parsed:?}");
        assert_eq!(Reader::new(&data).unwrap().finish(), parsed);
        let read = v8wire::from_slice::<serde::de::IgnoredAny>(&data).map(drop);
        assert_eq!(read, parsed);
    }
}
