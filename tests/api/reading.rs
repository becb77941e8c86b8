//! Byte order, several values, headers, strictness, threads, reuse.

use v8wire::{
    ByteOrder, Document, ErrorKind, Event, Kind, ParseOptions, Parser, Profile, Reader, Release,
    Strictness, Value,
};

use super::{PEOPLE, blob};

/// What a big-endian machine writes for `{ d: 1.5, s: 'αβ', t: new Date(86400000) }`.
#[test]
fn big_endian() {
    let write = |order: ByteOrder| {
        let double = |value: f64| match order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        };
        let units = |text: &str| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| match order {
                    ByteOrder::Little => unit.to_le_bytes(),
                    ByteOrder::Big => unit.to_be_bytes(),
                })
                .collect()
        };
        blob(&[
            b"o\"\x01dN",
            &double(1.5),
            b"c\x02",
            &units("s"),
            b"c\x04",
            &units("αβ"),
            b"\"\x01tD",
            &double(86_400_000.0),
            b"{\x03",
        ])
    };
    assert_ne!(write(ByteOrder::Little), write(ByteOrder::Big));
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let blob = write(order);
        let doc = ParseOptions::new().byte_order(order).parse(&blob).unwrap();
        assert_eq!(doc.byte_order(), order);
        let root = doc.root();
        assert_eq!(root["d"].as_f64(), Some(1.5));
        assert_eq!(root["s"].as_str().as_deref(), Some("αβ"));
        assert_eq!(root["t"].as_date_ms(), Some(86_400_000.0));
    }
    let wrong = write(ByteOrder::Big);
    assert_ne!(Document::parse(&wrong).unwrap().root()["d"].as_f64(), Some(1.5));
}

#[test]
fn several_values() {
    // An object, the same object again, and behind a second header a third value.
    let data = b"\xFF\x0Fo{\x00^\x00\xFF\x0DT";
    let doc = ParseOptions::new().parse_all(data).unwrap();
    let values: Vec<Value<'_, '_>> = doc.values().collect();
    assert_eq!(values.len(), 3);
    assert!(values[0].is_same(values[1]) && values[0].is_same(doc.root().value()));
    assert_eq!((values[2].as_bool(), doc.version()), (Some(true), 15));
    assert!(doc.root().value().is_same(values[0]));

    let error = Document::parse(data).unwrap_err();
    assert!(error.is_trailing());
    assert_eq!((error.offset(), error.kind()), (5, &ErrorKind::TrailingData { remaining: 5 }));
    let (first, read) = Document::parse_prefix(data).unwrap();
    assert_eq!((first.root().kind(), read), (Kind::Object, 5));

    let mut reader = Reader::new(data).unwrap();
    let mut kinds = Vec::new();
    loop {
        while let Some(event) = reader.next_event().unwrap() {
            kinds.push(event);
        }
        if !reader.next_value().unwrap() {
            break;
        }
    }
    assert_eq!(
        kinds,
        [
            Event::ObjectBegin,
            Event::ObjectEnd { properties: 0 },
            Event::Reference(0),
            Event::Bool(true)
        ]
    );
    assert_eq!(reader.position(), data.len());
    assert_eq!(ParseOptions::new().parse_all(b"\xFF\x0F").unwrap().values().count(), 0);
}

#[test]
fn headers() {
    assert_eq!(Document::parse(b"\xFF\x0DT").unwrap().version(), 13);
    let bare = ParseOptions::new().headerless_version(13).parse(b"T").unwrap();
    assert_eq!((bare.version(), bare.root().as_bool()), (13, Some(true)));
    let error = Document::parse(b"\xFF\x11T").unwrap_err();
    assert!(error.is_version() && !error.is_eof());
    assert!(matches!(error.kind(), ErrorKind::UnsupportedVersion { version: 17, max: 16, .. }));
    let old = Strictness::Engine(Release::node(12).unwrap());
    let error = ParseOptions::new().strictness(old).parse(b"\xFF\x0FT").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnsupportedVersion { version: 15, max: 13, .. }));
    assert!(Document::parse(b"").is_err());
}

#[test]
fn strictness() {
    let twice = blob(&[b"o\"\x01kI\x02\"\x01kI\x04{\x02"]);
    let error = Document::parse(&twice).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::DuplicateKey { key: String::from("k") });
    let doc = ParseOptions::new().lenient().parse(&twice).unwrap();
    assert_eq!(doc.root()["k"].as_i32(), Some(2), "the last one counts");
    assert_eq!(doc.root().properties().count(), 2);
    // Named properties of an array whose count is wrong are kept.
    let array = blob(&[b"A\x00\"\x01kT$\x00\x00"]);
    assert_eq!(Document::parse(&array).unwrap_err().kind().code(), "count-mismatch");
    let doc = ParseOptions::new().lenient().parse(&array).unwrap();
    assert_eq!(doc.root()["k"].as_bool(), Some(true));
}

#[test]
fn documents_go_to_other_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Document<'static>>();
    shared::<Value<'static, 'static>>();
    shared::<ParseOptions>();
    shared::<v8wire::Error>();
    fn moved<T: Send>() {}
    moved::<Parser>();
    moved::<Reader<'static>>();
    let doc = Document::parse(PEOPLE).unwrap();
    std::thread::scope(|scope| {
        let users = doc.root()["users"].value();
        let names =
            scope.spawn(move || users.elements().filter_map(|user| user.get("name")).count());
        assert_eq!(names.join().unwrap(), 2);
    });
}

#[test]
fn a_parser_again_and_again() {
    let mut parser = Parser::new();
    for round in 0..3 {
        let doc = parser.parse(PEOPLE).unwrap();
        assert_eq!(doc.root()["users"].len(), Some(2), "{round}");
        parser.recycle(doc);
        assert!(parser.parse(&PEOPLE[..20]).unwrap_err().is_eof());
        assert_eq!(parser.parse_all(b"\xFF\x0FTF").unwrap().values().count(), 2);
        assert_eq!(parser.parse_prefix(b"\xFF\x0FTF").unwrap().1, 3);
    }
}

#[test]
fn releases_and_profiles_have_names() {
    assert_eq!("node-18".parse(), Ok(Release::new(10, 2)));
    assert_eq!(Release::node(18), "node18".parse().ok());
    assert!("node-9".parse::<Release>().is_err() && "twelve".parse::<Release>().is_err());
    for profile in Profile::ALL {
        assert_eq!(profile.name().parse(), Ok(profile));
    }
    assert!("chrome".parse::<Profile>().is_err());
}

/// Behind a value of version 13 whose views have flags, all of them have (as Node 18 to 26 read it):
/// flags of zero are not padding in front of what comes next.
#[test]
fn view_flags_of_version_13_stay() {
    let with_flags = b"A\x01B\x04abcdVB\x00\x04\x04$\x00\x01";
    let zero_flags = b"B\x04abcdVB\x00\x04\x00";
    let data = [&b"\xFF\x0D"[..], with_flags, zero_flags].concat();
    let doc = ParseOptions::new().parse_all(&data).unwrap();
    let flags: Vec<_> = doc.values().map(Value::view_flags).collect();
    assert_eq!(flags, [None, Some(0)]);
    assert_eq!(doc.root()[0].view_flags(), Some(4));
    // Where nothing shows that there are flags, there are none.
    let plain = [&b"\xFF\x0D"[..], zero_flags].concat();
    let longer = [&plain[..], b"T"].concat();
    for data in [&plain, &longer] {
        let (doc, read) = ParseOptions::new().parse_prefix(data).unwrap();
        assert_eq!((doc.root().view_flags(), read), (None, plain.len() - 1));
    }
    // They are the one thing that may be left over (SPEC.md 12.9), and are kept by what keeps bytes.
    let doc = ParseOptions::new().parse(&plain).unwrap();
    let text = v8wire::json::to_typed_string(&doc, &v8wire::json::TypedOptions::default()).unwrap();
    assert_eq!(v8wire::json::to_vec(&text).unwrap(), plain);
    assert!(ParseOptions::new().parse(&longer).unwrap_err().is_trailing());
}

#[test]
fn a_reader_does_not_go_on_behind_an_error() {
    let mut reader = Reader::new(b"\xFF\x0FA\x02QTT").unwrap();
    assert!(matches!(reader.next_event(), Ok(Some(Event::DenseArrayBegin { length: 2 }))));
    let error = reader.next_event().unwrap_err();
    assert_eq!(reader.next_event(), Ok(None), "told once");
    assert_eq!(reader.next_value(), Err(error.clone()));
    assert_eq!(reader.finish(), Err(error));
    // Also at the end of the input, and without having been told.
    let reader = Reader::new(b"\xFF\x0FA\x01T").unwrap();
    assert!(reader.finish().unwrap_err().is_eof());
    let mut reader = Reader::new(b"\xFF\x0FT\xFF\x63F").unwrap();
    for _ in 0..2 {
        assert!(reader.next_value().unwrap_err().is_version());
    }
}

/// Whatever the data claims, the ends that are read leniently say what was there.
#[test]
fn counts_at_lenient_ends() {
    for (blob, end) in [
        (&b"\xFF\x0F;TT:\x09"[..], Event::MapEnd { length: 2 }),
        (b"\xFF\x0F'T,\x09", Event::SetEnd { length: 1 }),
        (b"\xFF\x0Fo\"\x01aT{\x09", Event::ObjectEnd { properties: 1 }),
        (b"\xFF\x0FA\x01T$\x05\x07", Event::DenseArrayEnd { properties: 0, length: 1 }),
    ] {
        let options = ParseOptions::new().lenient();
        let mut reader = Reader::with_options(blob, &options).unwrap();
        let mut last = None;
        while let Some(event) = reader.next_event().unwrap() {
            last = Some(event);
        }
        assert_eq!(last, Some(end));
        assert_eq!(options.parse(blob).unwrap().events().last(), Some(end));
    }
}

#[test]
fn values_are_skipped_whole() {
    // What each is skipped by: once, and the next event is the one that ends the array.
    let values: [&[u8]; 9] = [
        b"I\x02",
        b"\"\x01a",
        b"o\"\x01aA\x01T$\0\x01{\x01",
        b";\"\x01aT:\x02",
        b"B\x01xVB\0\x01\0",
        b"\\\x0A\x03abc",
        b"rEm\"\x01a.",
        b"^\0",
        b"-",
    ];
    for value in values {
        let blob = [b"\xFF\x0FA\x01", value, b"$\0\x01"].concat();
        let mut reader = Reader::new(&blob).unwrap();
        assert_eq!(reader.next_event().unwrap(), Some(Event::DenseArrayBegin { length: 1 }));
        assert!(reader.skip_value().unwrap(), "{value:?}");
        for _ in 0..2 {
            assert!(!reader.skip_value().unwrap(), "{value:?}");
        }
        let end = Event::DenseArrayEnd { properties: 0, length: 1 };
        assert_eq!(reader.next_event().unwrap(), Some(end), "{value:?}");
        assert_eq!((reader.next_event().unwrap(), reader.skip_value().unwrap()), (None, false));
        reader.finish().unwrap();
    }
    // The buffer's view is no value of its own.
    let mut reader = Reader::new(b"\xFF\x0FA\x02B\x01xVB\0\x01\0TA\0").unwrap();
    for _ in 0..2 {
        reader.next_event().unwrap();
    }
    assert!(reader.skip_value().unwrap());
    assert_eq!(reader.position(), 13);
    // What is skipped is checked.
    let mut reader = Reader::new(b"\xFF\x0Fo\"\x01aT\"\x01aT{\x02").unwrap();
    let error = reader.skip_value().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DuplicateKey { .. }), "{error}");
    assert_eq!(reader.finish().unwrap_err(), error);
}

/// Keys that are those of the object before are not compared with each other again.
#[test]
fn duplicates_are_found_behind_keys_seen_before() {
    let long = ["an unusually long key, a", "an unusually long key, b"];
    let [a, b] = long;
    // Keys of two objects, and which of the second one's repeats another.
    let cases: [(&[&str], &[&str], Option<usize>); 11] = [
        (&["a", "b"], &["a", "b"], None),
        (&["a", "b"], &["a", "a"], Some(1)),
        (&["a"], &["a", "a"], Some(1)),
        (&["a", "b", "c"], &["a", "b", "a"], Some(2)),
        (&["a", "b", "c"], &["a", "b", "d", "b"], Some(3)),
        (&["a", "b", "c"], &["b", "c", "b"], Some(2)),
        (&["a", "b", "c"], &["a"], None),
        (&[a, b], &[a, b], None),
        (&[a, b], &[a, a], Some(1)),
        (&[a, b], &[b, b], Some(1)),
        (&["", "1"], &["", "1", ""], Some(2)),
    ];
    for (first, second, repeated) in cases {
        let mut blob = b"\xFF\x0FA\x03".to_vec();
        let mut at = None;
        for (number, keys) in [first, second].into_iter().enumerate() {
            blob.push(b'o');
            for (index, key) in keys.iter().enumerate() {
                if number == 1 && repeated == Some(index) {
                    at = Some(blob.len());
                }
                blob.extend([b'"', key.len() as u8]);
                blob.extend(key.bytes());
                blob.push(b'T');
            }
            blob.extend([b'{', keys.len() as u8]);
        }
        // Near the end of the input keys are read the long way.
        blob.extend([b'"', 32]);
        blob.extend([b'x'; 32]);
        blob.extend(b"$\0\x03");
        let whole = Document::parse(&blob).map(drop);
        let mut reader = Reader::new(&blob).unwrap();
        let events = loop {
            match reader.next_event() {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        assert_eq!(whole, events, "{second:?}");
        assert_eq!(whole.err().map(|error| error.offset()), at, "{second:?}");
    }
}

/// Of three objects, all with up to three keys: the second one may be shorter than the first.
#[test]
fn duplicates_are_found_behind_a_shorter_object() {
    let lists: Vec<&[u8]> = vec![
        b"a", b"b", b"c", b"ab", b"ac", b"ba", b"bc", b"ca", b"cb", b"abc", b"acb", b"bac", b"bca",
        b"cab", b"cba",
    ];
    let repeating: [&[u8]; 12] = [
        b"aa", b"bb", b"aab", b"aba", b"baa", b"abb", b"bab", b"bba", b"cca", b"cac", b"acc",
        b"aaa",
    ];
    let object = |keys: &[u8]| {
        let mut bytes = vec![b'o'];
        keys.iter().for_each(|&key| bytes.extend([b'"', 1, key, b'T']));
        bytes.extend([b'{', keys.len() as u8]);
        bytes
    };
    for first in &lists {
        for second in &lists {
            for third in lists.iter().chain(&repeating) {
                let objects = [first, second, third].map(|keys| object(keys)).concat();
                // Near the end of the input keys are read the long way.
                let blob =
                    [b"\xFF\x0FA\x04", &objects[..], b"\"\x20", &[b'x'; 32], b"$\0\x04"].concat();
                let twice = repeating.contains(third);
                let names = [first, second, third].map(|keys| String::from_utf8_lossy(keys));
                assert_eq!(Document::parse(&blob).is_err(), twice, "{names:?}");
                let read = Reader::new(&blob).and_then(Reader::finish);
                assert_eq!(read.is_err(), twice, "{names:?}");
            }
        }
    }
}
