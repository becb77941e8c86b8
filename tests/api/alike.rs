//! A document is read in longer steps than events are: what comes of it is the same.

use v8wire::{ByteOrder, Document, Error, Event, ParseOptions, Reader, Release, Strictness};

use super::blob;

/// The events up to the end or an error.
fn stepwise(data: &[u8], options: &ParseOptions) -> Result<Vec<String>, Error> {
    let mut reader = Reader::with_options(data, options)?;
    let mut events = Vec::new();
    while let Some(event) = reader.next_event()? {
        events.push(format!("{event:?}"));
    }
    reader.finish().map(|()| events)
}

/// All three ways give the same value or the same error.
fn alike(data: &[u8], options: &ParseOptions) -> bool {
    let steps = stepwise(data, options);
    let document = options.parse(data);
    let spelled = |event: Event<'_>| format!("{event:?}");
    let events = document.as_ref().map(|it| it.events().map(spelled).collect::<Vec<_>>());
    assert_eq!(events.map_err(Clone::clone), steps, "{data:x?}");
    let passed = Reader::with_options(data, options).and_then(Reader::finish);
    assert_eq!(passed, steps.map(drop), "{data:x?}");
    document.is_ok()
}

/// Records of the same keys: numbers of any length, strings, what is in them, and one with less.
fn records() -> Vec<u8> {
    let long = [b'k'; 40];
    let record = |values: &[u8]| [b"o\"\x01aI", values, b"\"\x02bc\"\x03xyz\"\x28", &long].concat();
    blob(&[
        b"A\x06",
        &record(b"\x05"),
        b"N\0\0\0\0\0\0\xF8\x3F\"\x01dT{\x04",
        &record(b"\xAC\x02"),
        b"0\"\x01d_{\x04",
        &record(b"\xFE\xFF\xFF\xFF\x0F"),
        b"o\"\x01aF{\x01\"\x01dA\x01T$\0\x01{\x04",
        b"o\"\x01aT\"\x02bcI\x02{\x02o\"\x01a0\"\x02bd0{\x02",
        &record(b"\x03"),
        b"D\0\0\0\0\0\0\0\0\"\x01d^\0{\x04",
        b"$\0\x06",
    ])
}

#[test]
fn records_with_any_byte_changed() {
    let good = records();
    let options = ParseOptions::new();
    assert!(alike(&good, &options));
    for lenient in [options.clone(), options.clone().lenient()] {
        for at in 2..good.len() {
            alike(&good[..at], &lenient);
            for byte in [0, 1, 2, 0x7F, 0x80, 0xFF, b'"', b'I', b'T', b'?', b'{', b'o', b'-', b'c']
            {
                let mut bad = good.clone();
                bad[at] = byte;
                alike(&bad, &lenient);
                bad.insert(at, byte);
                alike(&bad, &lenient);
            }
        }
    }
}

#[test]
fn records_within_limits() {
    let good = records();
    let parsed = Document::parse(&good).unwrap().node_count() as u32;
    for nodes in 0..parsed {
        let mut options = ParseOptions::new();
        options.limits.nodes = nodes;
        assert!(!alike(&good, &options), "{nodes}");
    }
    let mut options = ParseOptions::new();
    options.limits.nodes = parsed;
    assert!(alike(&good, &options));
    for bytes in 0..40 {
        options.limits.bytes = bytes;
        assert!(!alike(&good, &options));
    }
    options.limits.bytes = 40;
    for depth in 0..4 {
        options.limits.depth = depth;
        assert_eq!(alike(&good, &options), depth == 3);
    }
}

/// Numbers and lengths that go on without end, as V8 up to 9.x reads them, and padding.
#[test]
fn numbers_and_texts_however_long() {
    let old = ParseOptions::new().strictness(Strictness::Engine(Release::node(14).unwrap()));
    for (zeros, options) in [(0, ParseOptions::new()), (4, ParseOptions::new()), (4, old.clone())]
        .into_iter()
        .chain([5, 70].map(|zeros| (zeros, old.clone())))
    {
        // All bits above are zero.
        let varint = |first: u8| match zeros {
            0 => vec![first],
            _ => [&[first | 0x80][..], &vec![0x80; zeros - 1], &[0]].concat(),
        };
        let mut data = blob(&[
            b"A\x0A",
            &[b"I", &varint(2)[..], b"U", &varint(3), b"\"", &varint(1), b"a"].concat(),
            &[b"c", &varint(2)[..], b"a\0S", &varint(2), b"\xC3\xA9Z", &varint(16)].concat(),
            b"12345678",
            &[b"s\"", &varint(1)[..], b"bR\"", &varint(1), b"c", &varint(1)].concat(),
            &[b"B", &varint(1)[..], b"x", b"rm", &vec![0; zeros], b"\"", &varint(1), b"m."]
                .concat(),
            b"$\0\x0A",
        ]);
        data[1] = if options.strictness == old.strictness { 13 } else { 15 };
        assert!(alike(&data, &options), "{zeros} {:?}", options.parse(&data).err());
        let doc = options.parse(&data).unwrap();
        let root = doc.root();
        assert_eq!((root[0].as_i32(), root[1].as_u32()), (Some(1), Some(3)));
        let texts = [2, 3, 4, 6].map(|index| root[index].as_str().unwrap().into_owned());
        assert_eq!(texts, ["a", "a", "é", "b"]);
        assert_eq!(root[5].as_bigint().unwrap().digits, b"12345678");
        assert_eq!(root[7].as_regexp().map(|it| (it.0.to_string(), it.1)), Some(("c".into(), 1)));
        assert_eq!(root[8].as_bytes(), Some(&b"x"[..]));
        assert_eq!(root[9].error_message().unwrap(), *"m");
        let tags: Vec<u8> = root.elements().map(|value| data[value.offset().unwrap()]).collect();
        assert_eq!(tags, *b"IU\"cSZsRBr");
    }
}

#[test]
fn doubles_in_either_order() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let bytes = |value: f64| match order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        };
        let data = blob(&[
            b"A\x03N",
            &bytes(-1.5),
            b"D",
            &bytes(86_400_000.5),
            b"n",
            &bytes(f64::from_bits(0x7FF4_0000_0000_0001)),
            b"$\0\x03",
        ]);
        let options = ParseOptions::new().byte_order(order);
        assert!(alike(&data, &options));
        let doc = options.parse(&data).unwrap();
        let root = doc.root();
        assert_eq!((root[0].as_f64(), root[1].as_date_ms()), (Some(-1.5), Some(86_400_000.0)));
        assert_eq!(root[2].double_bits(), Some(0x7FF4_0000_0000_0001));
        assert!(root[2].as_f64().is_some_and(f64::is_nan));
    }
}

#[test]
fn texts_of_any_length() {
    for length in [0usize, 1, 127, 128, 300, 20_000] {
        let header = match length {
            0..0x80 => vec![length as u8],
            _ => vec![length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8],
        };
        let text = "x".repeat(length);
        let data =
            blob(&[b"o\"", &header, text.as_bytes(), b"\"", &header, text.as_bytes(), b"{\x01"]);
        assert!(alike(&data, &ParseOptions::new()));
        let doc = Document::parse(&data).unwrap();
        assert_eq!(doc.root().get(&text).and_then(|value| value.as_str()).as_deref(), Some(&*text));
    }
}
