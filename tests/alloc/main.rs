//! What reading allocates: nothing on a second parse, and never more than the input is worth.

#[path = "../blobs/mod.rs"]
mod blobs;
mod counting;
mod ghosts;

use counting::counted;
use v8wire::{Document, Event, Externals, ParseOptions, Parser, Profile, Reader};

#[test]
fn the_allocator_counts() {
    let (vector, calls, peak) = counted(|| vec![0u8; 1000]);
    assert_eq!((vector.len(), calls, peak), (1000, 1, 1000));
    let ((), calls, peak) = counted(|| drop(vector));
    assert_eq!((calls, peak), (0, 0));
}

/// One value of every kind that takes memory while it is read.
fn rich() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("object", b"\xFF\x0Fo\"\x01aT\"\x01bo\"\x01cI\x02{\x01{\x02"),
        ("array", b"\xFF\x0FA\x03TFI\x02$\x00\x03"),
        ("map and set", b"\xFF\x0F;T',\x00:\x02"),
        ("views", b"\xFF\x0FA\x02B\x01xVB\x00\x01\x00^\x01VB\x00\x01\x00$\x00\x02"),
        ("host view", b"\xFF\x0F\\\x0A\x03abc"),
        ("error", b"\xFF\x0FrTm\"\x01mcr.."),
        ("references", b"\xFF\x0FA\x02^\x00^\x00$\x00\x02"),
        ("holes", b"\xFF\x0FA\x02--$\x00\x02"),
        ("strings", b"\xFF\x0FA\x03\"\x02\xE9\xE9c\x02\xB1\x03S\x02\xC3\xA9$\x00\x03"),
        ("buffers of version 13", b"\xFF\x0DA\x01B\x01x$\x00\x01"),
        ("host object of version 12", b"\xFF\x0C\\\x0A\x03abc"),
        ("keys of version 9", b"\xFF\x09oS\x0A\xC3\xA9bcdefghiT{\x01"),
        ("views of version 13", b"\xFF\x0DA\x02B\x01xVB\x00\x01^\x01VB\x00\x01$\x00\x02"),
        (
            "views of version 13, read twice",
            b"\xFF\x0DA\x02B\x01xVB\x00\x01\x04^\x04VB\x00\x01\x04$\x00\x02",
        ),
        ("reference of version 13, read twice", b"\xFF\x0DA\x02\"\x01a^\x01$\x00\x02"),
        ("transferred buffers", b"\xFF\x0FA\x04t\x01t\x02t\x01t\x03$\x00\x04"),
        ("version 0", b"S\x01aTS\x01bS\x01cI\x02{\x01{\x02"),
    ]
}

/// All are read twice, so that the buffers are large enough for any of them.
#[test]
fn a_second_parse_allocates_nothing() {
    for profile in Profile::ALL {
        let options = ParseOptions::new().profile(profile).externals(Externals::Keep);
        let mut parser = Parser::with_options(options.clone());
        let mut parse = |blob: &'static [u8]| {
            if let Ok(document) = parser.parse(blob) {
                parser.recycle(document);
            }
        };
        for (_, blob) in rich() {
            parse(blob);
        }
        let mut wrong = Vec::new();
        for (name, blob) in rich() {
            // An error is a box; only what V8 writes has to be free.
            let good = options.parse(blob).is_ok();
            assert!(good || name.contains("host"), "{name}");
            let ((), calls, _) = counted(|| parse(blob));
            // The errors of readings that fail are boxes, too.
            let errors = if name.ends_with("read twice") { 5 } else { 0 };
            if good && calls > errors {
                wrong.push((name, calls));
            }
        }
        assert!(wrong.is_empty(), "{profile:?} allocates again for {wrong:?}");
    }
}

#[test]
fn real_blobs_a_second_time() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut blobs = Vec::new();
    for folder in std::fs::read_dir(corpus).unwrap() {
        let Ok(files) = std::fs::read_dir(folder.unwrap().path()) else { continue };
        for entry in files {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "v8") {
                blobs.push((path.clone(), std::fs::read(path).unwrap()));
            }
        }
    }
    let mut parser = Parser::new();
    let mut checked = 0;
    for (path, blob) in &blobs {
        if !parser.parse(blob).map(|document| parser.recycle(document)).is_ok_and(|()| true) {
            continue;
        }
        let (document, calls, _) = counted(|| parser.parse(blob));
        let document = document.unwrap();
        // A pattern that is compiled takes memory while it is.
        let compiled = cfg!(feature = "regress")
            && document.events().any(|event| matches!(event, Event::RegExp { .. }));
        if !compiled {
            let read_twice = blob.starts_with(b"\xFF\x0D")
                && path.parent().is_some_and(|it| it.ends_with("handmade"));
            // Errors of the readings that fail, and the trees in which is looked up what they left.
            assert!(calls <= if read_twice { 24 } else { 0 }, "{calls} for {}", path.display());
        }
        parser.recycle(document);
        checked += 1;
    }
    assert!(checked > 4000, "only {checked} blobs");
}

/// Bytes for each byte of hostile input, at most: what any container, string or number can cost, once or, in
/// version 13, twice.
const PER_BYTE: usize = 32;
/// Bytes for each level of nesting that [`Limits::depth`](v8wire::Limits::depth) allows: a frame and the id of an open
/// container. Readers of version 13 and 0 have two such stacks.
const PER_LEVEL: usize = 2 * (24 + 4);
const ANY: usize = 8192;

/// Openers, values of one byte, keys, buffers, host objects, holes: over and over, with nothing closed.
const UNITS: [&[u8]; 25] = [
    b";",
    b"'",
    b"o",
    b"o\"\x00",
    b"a\x00",
    b"rc",
    b"y",
    b"B\x00",
    b"B\0VB\0\0\0",
    b"VB\x00\x00",
    b"B\0^\x01VB\0\0\0",
    b"?\x00",
    b"\x00",
    b"\\",
    b"\\\x0A\x00",
    b"r.",
    b"TT",
    b"\"\0T",
    b"{\x00",
    b"I\x00I\x00{\x01",
    b"I\x00T",
    b"o{\0",
    b"',\0",
    b"^\0",
    b"D\0\0\0\0\0\0\0\0",
];

/// Hostile blobs of about this size: what `UNITS` gives behind several beginnings.
fn hostile(size: usize) -> impl Iterator<Item = Vec<u8>> {
    const HEADS: [&[u8]; 7] =
        [b"", b"\xFF\x0F", b"\xFF\x0F'", b"\xFF\x0Fo", b"\xFF\x0D'", b"\xFF\x0Do", b"\xFF\x0C'"];
    let dense = move |version: u8, element: u8| {
        let mut blob = vec![0xFF, version, b'A'];
        blobs::varint(&mut blob, size);
        blob.resize(blob.len() + size, element);
        blob
    };
    let arrays = [(15, b'-'), (13, b'-'), (10, b'_'), (15, b'T'), (15, b'y'), (13, b'y')];
    HEADS
        .into_iter()
        .flat_map(move |head| {
            UNITS.into_iter().map(move |unit| {
                let mut blob = head.to_vec();
                blob.extend(unit.iter().copied().cycle().take(size / unit.len() * unit.len()));
                blob
            })
        })
        .chain(arrays.into_iter().map(move |(version, element)| dense(version, element)))
}

/// The bound holds for `task`, which gets each hostile blob of several sizes.
fn bounded(name: &str, per_level: usize, task: impl Fn(&[u8], &ParseOptions)) {
    let options = ParseOptions::new().max_depth(10_000);
    let mut worst = (0, Vec::new());
    // Just behind a power of two is where vectors are emptiest.
    let sizes: &[usize] =
        if cfg!(debug_assertions) { &[1_000, 65_600] } else { &[1_000, 65_600, 400_000] };
    for &size in sizes {
        for blob in hostile(size) {
            for options in [options.clone(), options.clone().lenient()] {
                let ((), _, peak) = counted(|| task(&blob, &options));
                let levels = per_level * blob.len().min(10_000);
                let each = peak.saturating_sub(ANY + levels).div_ceil(blob.len());
                if each > worst.0 {
                    worst = (each, blob[..blob.len().min(16)].to_vec());
                }
            }
        }
    }
    println!("{name}: {} bytes each for {:x?}", worst.0, worst.1);
    assert!(worst.0 <= PER_BYTE, "{name}: {} bytes each for {:x?}", worst.0, worst.1);
}

#[test]
fn parsing_hostile_input_takes_memory_in_proportion() {
    bounded("parse", PER_LEVEL, |blob, options| drop(options.parse(blob)));
    bounded("parse_all", PER_LEVEL, |blob, options| drop(options.parse_all(blob)));
}

#[test]
fn events_of_hostile_input_take_memory_in_proportion() {
    bounded("events", PER_LEVEL, |blob, options| {
        let Ok(mut reader) = Reader::with_options(blob, options) else { return };
        while let Ok(Some(_)) = reader.next_event() {}
    });
}

#[cfg(feature = "serde")]
#[test]
fn serde_of_hostile_input_takes_memory_in_proportion() {
    use std::collections::BTreeMap;
    bounded("serde", PER_LEVEL + 512, |blob, options| {
        let with = v8wire::DeserializeOptions::new().parse(options.clone());
        drop(with.from_slice::<serde::de::IgnoredAny>(blob));
        drop(with.from_slice::<Vec<bool>>(blob));
        drop(with.from_slice::<Vec<Option<u8>>>(blob));
        drop(with.from_slice::<BTreeMap<String, bool>>(blob));
        drop(with.from_slice::<String>(blob));
    });
}

#[test]
fn json_of_hostile_input_takes_memory_in_proportion() {
    bounded("json", 3 * PER_LEVEL, |blob, options| {
        let Ok(document) = options.parse(blob) else { return };
        drop(v8wire::json::to_typed_string(&document, &Default::default()));
        let mut plain = v8wire::json::PlainOptions::default();
        plain.max_nodes = blob.len() as u64;
        drop(v8wire::json::to_plain_string(document.root().value(), &plain));
    });
}

/// Keys are kept while their object is open.
#[test]
fn events_need_their_stack_and_keys_only() {
    let blob = blobs::array(1_000_000, |blob, _| blob.extend_from_slice(b"I\x02"));
    let (count, _, peak) = counted(|| {
        let mut reader = Reader::new(&blob).unwrap();
        let mut count = 0;
        while let Some(event) = reader.next_event().unwrap() {
            count += usize::from(event == Event::Int32(1));
        }
        count
    });
    assert_eq!(count, 1_000_000);
    assert!(peak < ANY, "{peak} bytes for events of a flat array");
}

/// Only refusing duplicates takes memory for keys.
#[test]
fn lenient_events_keep_no_keys() {
    const KEYS: u32 = 100_000;
    let mut blob = b"\xFF\x0Fo".to_vec();
    for key in 0..KEYS {
        blob.extend_from_slice(format!("\"\x06{key:06}T").as_bytes());
    }
    blob.extend_from_slice(b"{\xA0\x8D\x06");
    let peak = |options: &ParseOptions| {
        let (count, _, peak) = counted(|| {
            let mut reader = Reader::with_options(&blob, options).unwrap();
            let mut count = 0;
            while let Some(event) = reader.next_event().unwrap() {
                count += u32::from(event == Event::Bool(true));
            }
            count
        });
        assert_eq!(count, KEYS);
        peak
    };
    let (strict, lenient) = (peak(&ParseOptions::new()), peak(&ParseOptions::new().lenient()));
    assert!(strict > 16 * KEYS as usize, "{strict} bytes: keys are not kept, or elsewhere");
    assert!(lenient < ANY, "{lenient} bytes for leniently read events of a flat object");
}

/// A buffer is kept only from where a view stands behind a reference to one.
#[test]
fn events_keep_no_buffers() {
    const COUNT: usize = 100_000;
    let blob = |version: u8, last: &[u8]| {
        let mut blob = vec![0xFF, version, b'A'];
        blobs::varint(&mut blob, 2 * COUNT + 1);
        for _ in 0..COUNT {
            blob.extend_from_slice(b"B\x01\x07VB\0\x01\0^\x01");
        }
        blob.extend_from_slice(last);
        blob.extend_from_slice(b"$\0");
        blobs::varint(&mut blob, 2 * COUNT + 1);
        blob
    };
    let peak = |blob: &[u8]| {
        let (count, _, peak) = counted(|| {
            let mut reader = Reader::new(blob).unwrap();
            let mut count = 0;
            while let Some(event) = reader.next_event().unwrap() {
                count += usize::from(matches!(event, Event::View { .. }));
            }
            count
        });
        assert!(count >= COUNT, "{count}");
        peak
    };
    // In version 13 the 00 is padding.
    for version in [1, 12, 13, 14, 15, 16] {
        let alone = peak(&blob(version, b"_"));
        assert!(alone < ANY, "{alone} bytes for events of buffers in version {version}");
        let with_view = peak(&blob(version, b"^\x01VB\0\x01\0"));
        assert!(with_view > 8 * COUNT, "{with_view} bytes: buffers are not kept, or elsewhere");
    }
}

/// Lengths that the data does not have.
#[test]
fn a_declared_length_allocates_nothing() {
    const HUGE: &[u8] = b"\xFF\xFF\xFF\xFF\x0F";
    const SOME: &[u8] = b"\xFF\xFF\xFF\x3F";
    for tag in [
        &b"A"[..],
        b"a",
        b"\"",
        b"c",
        b"S",
        b"Z",
        b"z",
        b"s\"",
        b"R\"",
        b"B",
        b"C",
        b"~",
        b"\\\x0A",
        b"Wy",
        b"rm\"",
        b"o\"",
        b"{",
        b"@",
    ] {
        for length in [HUGE, SOME] {
            for header in [&b"\xFF\x10"[..], b"\xFF\x0D", b"\xFF\x0A", b""] {
                let blob = [header, tag, length, length].concat();
                for options in [ParseOptions::new(), ParseOptions::new().lenient()] {
                    let (result, _, peak) = counted(|| options.parse(&blob).map(drop));
                    assert!(peak < ANY, "{peak} bytes for {blob:x?}: {result:?}");
                }
            }
        }
    }
}

/// Strings, buffers and typed arrays are the input itself.
#[test]
fn contents_are_not_copied() {
    let mut blob = b"\xFF\x0FA\x02B\x80\x80\x40".to_vec();
    blob.resize(blob.len() + (1 << 20), 7);
    blob.extend_from_slice(b"\"\x80\x80\x40");
    blob.resize(blob.len() + (1 << 20), b'a');
    blob.extend_from_slice(b"$\x00\x02");
    let (document, _, peak) = counted(|| Document::parse(&blob).unwrap());
    assert!(peak < ANY, "{peak} bytes");
    let root = document.root().value();
    let (buffer, text) = (root.get_index(0).unwrap(), root.get_index(1).unwrap());
    let (length, calls, _) =
        counted(|| buffer.as_bytes().unwrap().len() + text.as_str().unwrap().len());
    assert_eq!((length, calls), (2 << 20, 0));
}

/// What is written to a writer is not held as well.
#[test]
fn writing_holds_little() {
    let mut blob = b"\xFF\x0FA\x02B\x80\x80\x80\x20".to_vec();
    blob.extend(vec![7; 64 << 20]);
    blob.extend(b"A\x80\x80\x40");
    blob.extend(b"I\x02".repeat(1 << 20));
    blob.extend(b"$\0\x80\x80\x40$\0\x02");
    let doc = Document::parse(&blob).unwrap();
    let (_, _, peak) = counted(|| doc.write_to(std::io::sink()).unwrap());
    assert!(peak < 300_000, "{peak} bytes");
    let to = v8wire::WriteOptions::for_target(v8wire::Target::NODE);
    let transcoder = v8wire::Transcoder::new(&doc, &ParseOptions::new(), &to);
    let (_, _, peak) = counted(|| transcoder.write_to(std::io::sink()).unwrap());
    // Four bytes for each word of a node: which object it has become.
    assert!(peak < 300_000 + 4 * doc.node_count(), "{peak} bytes");
}

/// An array of records of five fields.
fn records(count: usize) -> Vec<u8> {
    blobs::array(count, |blob, index| {
        blob.extend(b"o\"\x02id");
        blobs::int(blob, index);
        blob.extend(b"\"\x04name\"\x0A");
        blob.extend(format!("user-{index:05}").bytes().take(10));
        blob.extend(b"\"\x05scoreN\0\0\0\0\0\0\xF8\x3F\"\x06activeT\"\x04city\"\x05Kyoto{\x05");
    })
}

/// Nodes grow by what the input will need as far as one can tell.
#[test]
fn records_take_twice_their_length_at_most() {
    for count in [1_000, 10_000, 77_777, 131_073] {
        let blob = records(count);
        let (document, _, peak) = counted(|| Document::parse(&blob).unwrap());
        assert_eq!(document.node_count(), 1 + 11 * count);
        assert!(peak <= 2 * blob.len(), "{count}: {peak} bytes for {}", blob.len());
    }
}
