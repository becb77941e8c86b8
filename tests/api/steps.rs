//! The reader step by step: paths, counts of objects, what is skipped, what an open container may hold.

use std::sync::{Arc, Mutex};

use v8wire::{
    Delegate, Document, ErrorKind, Event, HostError, HostReader, HostStep, Limits, ParseOptions,
    Profile, Reader, Release, Span, Strictness, Tag,
};

use super::blob;

/// Keeps a last string behind the value, since near the end of the input keys are read the long way.
fn padded(value: &[u8]) -> Vec<u8> {
    blob(&[b"A\x02", value, b"\"\x20", &[b'x'; 32], b"$\0\x02"])
}

/// A host object is one byte and two values.
#[derive(Default)]
struct Two {
    tags: Mutex<Vec<Option<Tag>>>,
}

impl Delegate for Two {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() == 0 {
            host.read_raw_bytes(1)?;
            self.tags.lock().unwrap().push(host.legacy_tag());
        }
        Ok(if host.step() < 2 { HostStep::Value } else { HostStep::Done })
    }
}

fn two() -> ParseOptions {
    ParseOptions::new().delegate(Arc::new(Two::default()))
}

#[test]
fn spans_have_lengths() {
    let span = Span { start: 3, end: 8 };
    assert_eq!((span.len(), span.is_empty()), (5, false));
    assert_eq!((Span { start: 3, ..span }.len(), Span { start: 8, end: 8 }.is_empty()), (5, true));
}

/// After each event the path is that of the value, key or end that was read.
#[test]
fn paths_at_each_event() {
    let cases: [(&[u8], &[&str]); 6] = [
        (b";TFTT:\x04", &["$", "$<key 0>", "$<value 0>", "$<key 1>", "$<value 1>", "$"]),
        (b"'TF,\x02", &["$", "$<0>", "$<1>", "$"]),
        (b"A\x01T\"\x01aF$\x01\x01", &["$", "$[0]", "$.a", "$.a", "$"]),
        (b"o\"\x01aTI\x02F{\x02", &["$", "$.a", "$.a", "$[1]", "$[1]", "$"]),
        (b"rEm\"\x01ac_.", &["$", "$", "$", "$.cause", "$.cause", "$"]),
        (b"\\hTF", &["$<host 0>", "$<host 0>", "$<host 0>", "$<host 1>", "$"]),
    ];
    for (value, expected) in cases {
        let blob = blob(&[value]);
        let mut reader = Reader::with_options(&blob, &two()).unwrap();
        let mut paths = Vec::new();
        while reader.next_event().unwrap().is_some() {
            paths.push(reader.path());
        }
        assert_eq!(paths, expected, "{value:?}");
        reader.finish().unwrap();
    }
}

/// Errors tell the tag of the value that they are about, or of the container's end.
#[test]
fn tags_of_errors() {
    let cases: [(&[u8], u8); 3] =
        [(b"A\x01Q$\0\x01", b'Q'), (b"o\"\x01aT{\x02", b'{'), (b"^\x09", b'^')];
    for (value, tag) in cases {
        let error = Document::parse(&blob(&[value])).unwrap_err();
        assert_eq!(error.tag(), Some(Tag::from(tag)), "{error}");
    }
}

/// SPEC.md 4.1: ids are given one after the other.
#[test]
fn objects_are_counted() {
    let blob = blob(&[b"A\x02o{\0D\0\0\0\0\0\0\0\0$\0\x02"]);
    let mut reader = Reader::new(&blob).unwrap();
    let mut counts = vec![reader.object_count()];
    while reader.next_event().unwrap().is_some() {
        counts.push(reader.object_count());
    }
    assert_eq!(counts, [0, 1, 2, 2, 3, 3]);
    let shown = format!("{reader:?}");
    assert!(shown.contains("version: 15") && shown.contains("depth: 0"), "{shown}");
}

/// What has been skipped counts like what has been read.
#[test]
fn skipped_values_have_their_place() {
    // A buffer with its view, a host object of bytes, one of values.
    let cases: [(&[u8], usize); 4] =
        [(b"B\x01xVB\0\x01\0", 2), (b"B\x01x", 1), (b"\\hTo{\0", 2), (b"o\"\x01aT{\x01", 1)];
    for (value, objects) in cases {
        let blob = blob(&[b"A\x02", value, b"T$\0\x02"]);
        let mut reader = Reader::with_options(&blob, &two()).unwrap();
        reader.next_event().unwrap();
        assert!(reader.skip_value().unwrap());
        assert_eq!(reader.object_count() as usize, 1 + objects, "{value:?}");
        assert_eq!((reader.position(), reader.span().end), (4 + value.len(), 4 + value.len()));
        assert_eq!(reader.next_event().unwrap(), Some(Event::Bool(true)), "{value:?}");
        assert_eq!(reader.depth(), 1);
    }
    // Bytes are passed over like values, and the end behind them is not.
    let blob = blob(&[b"\\hTF"]);
    let mut reader = Reader::with_options(&blob, &two()).unwrap();
    assert!(matches!(reader.next_event(), Ok(Some(Event::HostObjectBegin { .. }))));
    for more in [true, true, true, false] {
        assert_eq!(reader.skip_value().unwrap(), more);
    }
    assert_eq!(reader.next_event().unwrap(), Some(Event::HostObjectEnd));
    // All that a lenient reader knows of a host object is its bytes.
    let options = ParseOptions::new().profile(Profile::V8).lenient();
    for whole in [true, false] {
        let mut reader = Reader::with_options(b"\xFF\x0F\\abc", &options).unwrap();
        if !whole {
            assert!(matches!(reader.next_event(), Ok(Some(Event::HostObjectBegin { .. }))));
        }
        assert!(reader.skip_value().unwrap());
        let end = (!whole).then_some(Event::HostObjectEnd);
        assert_eq!((reader.next_event().unwrap(), reader.position()), (end, 6));
        assert_eq!(reader.next_event().unwrap(), None);
        reader.finish().unwrap();
    }
}

/// Behind an error nothing is skipped, also not what would be an element.
#[test]
fn nothing_is_skipped_behind_an_error() {
    let blob = blob(&[b"A\x03QTT$\0\x03"]);
    let mut reader = Reader::new(&blob).unwrap();
    reader.next_event().unwrap();
    let error = reader.next_event().unwrap_err();
    let place = reader.position();
    assert_eq!((reader.skip_value(), reader.position()), (Ok(false), place));
    assert_eq!(reader.finish(), Err(error));
}

/// SPEC.md 3.28.1: without a delegate all that is left may be the payload, but not within a container.
#[test]
fn host_objects_that_nobody_knows() {
    let lenient = ParseOptions::new().profile(Profile::V8).lenient();
    assert!(lenient.parse(b"\xFF\x0F\\abc").is_ok());
    for (options, data) in [
        (lenient, &b"\xFF\x0FA\x01\\abc"[..]),
        (ParseOptions::new().profile(Profile::V8), b"\xFF\x0F\\abc"),
    ] {
        let error = options.parse(data).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::NoHostDelegate);
    }
}

/// SPEC.md 6.9: below version 13 a tag that is none begins a host object, whose payload begins with it.
#[test]
fn tags_that_begin_host_objects() {
    let host = Arc::new(Two::default());
    let options = ParseOptions::new().delegate(host.clone());
    options.parse(b"\xFF\x0CA\x02QTF\\hTF$\0\x02").unwrap();
    assert_eq!(*host.tags.lock().unwrap(), [Some(Tag::from(b'Q')), None]);
}

/// The bound on bytes is one on the payload of a host object too.
#[test]
fn payloads_have_bounds() {
    struct Bytes;
    impl Delegate for Bytes {
        fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
            host.read_raw_bytes(8)?;
            Ok(HostStep::Done)
        }
    }
    let blob = blob(&[b"A\x01\\abcdefgh$\0\x01"]);
    for (bytes, good) in [(7, false), (8, true)] {
        let options = ParseOptions::new().delegate(Arc::new(Bytes));
        let mut limits = Limits::default();
        limits.bytes = bytes;
        let options = options.limits(limits);
        assert_eq!(options.parse(&blob).is_ok(), good, "{bytes}");
    }
}

/// SPEC.md 3.28.2: a host object that is being read cannot be referred to, whatever was read within it.
#[test]
fn host_objects_are_no_targets_while_open() {
    for value in [&b"T"[..], b"r.", b"rEm\"\x01a.", b"o{\0", b"\\hTF"] {
        let blob = blob(&[b"\\h", value, b"^\0"]);
        let error = two().parse(&blob).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidReference { id: 0, .. }), "{error}");
    }
    two().parse(&blob(&[b"A\x02\\hTF^\x01$\0\x02"])).unwrap();
}

/// The keys of one object are the next one's mostly. An array or a map at the same depth has none of them.
#[test]
fn keys_of_an_object_are_no_values_of_others() {
    let cases: [(&[u8], bool); 7] = [
        (b"A\x02o\"\x01aT{\x01A\x01\"\x01a$\0\x01$\0\x02", true),
        (b"A\x02o\"\x01aT{\x01A\x01T\"\x01aT$\x01\x01$\0\x02", true),
        (b"A\x02o\"\x01aT{\x01A\x01T\"\x01aT\"\x01aT$\x02\x01$\0\x02", false),
        (b"A\x02o\"\x01aT{\x01a\x01\"\x01aT@\x01\x01$\0\x02", true),
        (b"A\x02o\"\x01aT{\x01a\x01\"\x01aT\"\x01aT@\x02\x01$\0\x02", false),
        (b"A\x02o\"\x01aT{\x01'\"\x01a,\x01$\0\x02", true),
        (b"A\x02o\"\x01aT{\x01;\"\x01a\"\x01a:\x02$\0\x02", true),
    ];
    for (value, good) in cases {
        let blob = padded(value);
        assert_eq!(Document::parse(&blob).is_ok(), good, "{value:?}");
        let mut reader = Reader::new(&blob).unwrap();
        let mut read = 0;
        while let Ok(Some(_)) = reader.next_event() {
            read += 1;
        }
        assert_eq!(reader.finish().is_ok(), good, "{value:?} {read}");
        if good {
            let document = Document::parse(&blob).unwrap();
            assert_eq!(document.events().count(), read);
        }
    }
}

/// SPEC.md 3.11.4: a hole may be filled by a property, and is one of its own array only.
#[test]
fn holes_are_of_one_array() {
    let cases: [(&[u8], bool); 6] = [
        (b"A\x01-I\0T$\x01\x01", true),
        (b"A\x01TI\0T$\x01\x01", false),
        (b"A\x02A\x01-$\0\x01A\x01TI\0T$\x01\x01$\0\x02", false),
        (b"A\x02A\x01-$\0\x01A\x01-I\0T$\x01\x01$\0\x02", true),
        (b"A\x02-A\x01T$\0\x01I\0T$\x01\x02", true),
        (b"A\x02-A\x01-$\0\x01I\x02T$\x01\x02", false),
    ];
    for (value, good) in cases {
        let read = Document::parse(&blob(&[value])).map(drop);
        assert_eq!(read.is_ok(), good, "{value:?}");
        assert!(good || matches!(read.unwrap_err().kind(), ErrorKind::DuplicateKey { .. }));
    }
}

/// SPEC.md 6.2: in version 0 a container stands behind its contents; as a key it is refused where it is.
#[test]
fn a_container_is_no_key_in_version_0() {
    let options = ParseOptions::new().headerless_version(0);
    options.parse(b"I\0{\0{\x01").unwrap();
    for data in [&b"\0\0{\0T{\x01"[..], b"\0\0{\0{\0{\x01"] {
        let error = options.parse(data).unwrap_err();
        assert_eq!(
            (error.kind(), error.offset()),
            (&ErrorKind::InvalidKey { tag: b'{'.into() }, 2)
        );
    }
}

/// SPEC.md 3.23.3: kinds of views are of an age.
#[test]
fn kinds_of_views_are_known_from_a_release_on() {
    for (kind, from) in [(b'q', (6, 8)), (b'Q', (6, 8)), (b'h', (13, 6))] {
        let blob = [&b"\xFF\x0DB\x08abcdefghV"[..], &[kind, 0, 8]].concat();
        for (major, minor) in [(6, 2), (6, 8), (13, 5), (13, 6)] {
            let strictness = Strictness::Engine(Release::new(major, minor));
            let read = ParseOptions::new().strictness(strictness).parse(&blob);
            assert_eq!(read.is_ok(), (major, minor) >= from, "{} in {major}.{minor}", kind as char);
        }
    }
}

/// A view stands behind its buffer, and its span begins with its own tag.
#[test]
fn views_have_their_span() {
    let blob = blob(&[b"A\x02B\x01xVB\0\x01\0^\x01VB\0\x01\0$\0\x02"]);
    let mut reader = Reader::new(&blob).unwrap();
    let mut spans = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        if let Event::View { .. } = event {
            spans.push((reader.span().start, reader.span().end));
        }
    }
    assert_eq!(spans, [(7, 12), (14, 19)]);
}

/// SPEC.md 12.9 is of version 13 alone: a zero behind the view of an older one is not its flags.
#[test]
fn flags_behind_views_of_other_versions() {
    let options = ParseOptions::new().minimum_version(0);
    for (version, flags) in [(12, None), (13, None), (14, Some(0))] {
        let blob = [&[0xFF, version][..], b"B\x01xVB\0\x01\0"].concat();
        let (document, read) = options.parse_prefix(&blob).unwrap();
        assert_eq!(document.root().view_flags(), flags, "{version}");
        assert_eq!(read, blob.len() - usize::from(flags.is_none()));
        assert_eq!(options.parse(&blob).is_ok(), version > 12, "{version}");
        assert_eq!(options.parse_all(&blob).is_ok(), version > 12, "{version}");
        let mut reader = Reader::with_options(&blob, &options).unwrap();
        assert_eq!(reader.next_value().unwrap(), version == 12);
        assert_eq!(reader.finish().is_ok(), version > 12, "{version}");
        #[cfg(feature = "serde")]
        {
            let ignored = v8wire::from_slice::<serde::de::IgnoredAny>(&blob);
            assert_eq!(ignored.is_ok(), version > 12, "{version}");
        }
    }
}

/// SPEC.md 3.19.2: how long a resizable buffer may be, and become.
#[test]
fn lengths_of_resizable_buffers() {
    let varint = |mut value: u64| {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let most = (1 << 53) - 1;
    let cases = [
        (1, 1, None),
        (1, most, None),
        (1, most + 1, Some("maximum length of array buffer")),
        (2, 1, Some("length of resizable array buffer")),
        (most + 1, most + 1, Some("maximum length of array buffer")),
    ];
    for (length, max, refused) in cases {
        let blob = blob(&[b"~", &varint(length), &varint(max), b"x"]);
        let read = Document::parse(&blob).map(drop);
        let what = read.err().map(|error| match *error.kind() {
            ErrorKind::InvalidLength { what, .. } => what,
            _ => panic!("{error}"),
        });
        assert_eq!(what, refused, "{length} {max}");
    }
}

/// A value of another type is told with its place: that of its tag, whatever stands in front.
#[test]
fn values_of_other_types_have_their_place() {
    use std::collections::HashMap;
    for before in [&b""[..], b"\0", b"\0\0", b"?\x05", b"\0?\x05\0"] {
        let array = blob(&[b"A\x02I\x02", before, b"\"\x01x$\0\x02"]);
        let object = blob(&[b"o\"\x01aI\x02\"\x01b", before, b"\"\x01x{\x02"]);
        let map = blob(&[b";\"\x01aI\x02\"\x01b", before, b"\"\x01x:\x04"]);
        let errors = [
            (v8wire::from_slice::<Vec<i32>>(&array).unwrap_err(), "$[1]", 6),
            (v8wire::from_slice::<HashMap<String, i32>>(&object).unwrap_err(), "$.b", 11),
            (v8wire::from_slice::<HashMap<String, i32>>(&map).unwrap_err(), "$<value 1>", 11),
        ];
        for (error, path, offset) in errors {
            assert_eq!(error.offset(), offset + before.len(), "{before:?}: {error}");
            assert_eq!(error.path(), path, "{error}");
        }
    }
}

/// What no writer would write is put right when it is written again; all else stays as it is.
#[test]
fn odd_bytes_are_put_right() {
    let bigint = |bitfield: &[u8]| [&b"\xFF\x0FZ"[..], bitfield, b"\x01\0\0\0\0\0\0\0"].concat();
    let old = Strictness::Engine(Release::new(10, 2));
    let options = [ParseOptions::new(), ParseOptions::new().strictness(old)];
    let cases: [(usize, Vec<u8>, &[u8]); 8] = [
        (0, b"\xFF\x0FI\x82\0".to_vec(), b"\xFF\x0FI\x02"),
        (0, b"\xFF\x0FI\x82\x80\x80\x80\0".to_vec(), b"\xFF\x0FI\x02"),
        (0, b"\xFF\x0FI\xFE\xFF\xFF\xFF\x7F".to_vec(), b"\xFF\x0FI\xFE\xFF\xFF\xFF\x0F"),
        (0, b"\xFF\x0F\0T".to_vec(), b"\xFF\x0FT"),
        (0, b"\xFF\x0F\0c\x02\xAC\x20".to_vec(), b"\xFF\x0Fc\x02\xAC\x20"),
        (0, b"\xFF\x0F?\x05T".to_vec(), b"\xFF\x0FT"),
        (1, bigint(b"\x90\x80\x80\x80\x08"), &bigint(b"\x10")),
        (1, bigint(b"\x11"), &bigint(b"\x11")),
    ];
    for (release, odd, right) in cases {
        let document = options[release].parse(&odd).unwrap();
        assert_eq!(document.to_vec(), right, "{odd:?}");
        assert_eq!(Document::parse(right).unwrap().to_vec(), right);
    }
}

/// An element that is passed over begins at its tag.
#[test]
fn skipped_elements_begin_at_their_tags() {
    let data = blob(&[b"A\x04I\x02\0T?\x05TT$\0\x04"]);
    let mut reader = Reader::new(&data).unwrap();
    reader.next_event().unwrap();
    for (start, end) in [(4, 6), (7, 8), (10, 11), (11, 12)] {
        assert!(reader.skip_value().unwrap());
        assert_eq!((reader.span().start, reader.span().end), (start, end));
    }
}

/// Passing over many values at once is passing over them one by one.
#[test]
fn values_are_skipped_one_by_one_or_together() {
    let inner: &[u8] = b"o\"\x01aA\x02TF$\x00\x02\"\x01bB\x01xVB\x00\x01\x00{\x02";
    let elements: &[&[u8]] =
        &[inner, b"I\x02", inner, b"-", b"\0T", b";TF:\x02", b"B\x01xVB\x00\x01\x00", inner];
    let array = [b"A\x08", &elements.concat()[..], b"\"\x01pT$\x01\x08"].concat();
    // One behind the other, the loop over an array's objects goes through them.
    let record: &[u8] = b"o\"\x01aI\x02\"\x01bo\"\x01cT{\x01\"\x01dA\x02TF$\x00\x02{\x03";
    let flat: &[u8] = b"o\"\x01aI\x02\"\x01bT{\x02";
    let records = [b"A\x07", &[record; 7].concat()[..], b"$\x00\x07"].concat();
    let flats = [b"A\x07", &[flat; 7].concat()[..], b"\"\x01pT$\x01\x07"].concat();
    for array in [array, records, flats] {
        let data = blob(&[b"A\x02", &array, b"T$\x00\x02"]);
        for before in 0..40 {
            for count in 0..14 {
                let [mut one, mut many] = [(); 2].map(|()| Reader::new(&data).unwrap());
                for _ in 0..before {
                    assert_eq!(one.next_event(), many.next_event());
                }
                let mut skipped = 0;
                while skipped < count && one.skip_value().unwrap() {
                    skipped += 1;
                }
                assert_eq!(many.skip_values(count), Ok(skipped), "{count} behind {before} events");
                assert_eq!(one.span().end, many.span().end);
                assert_eq!((one.position(), one.path()), (many.position(), many.path()));
                while let Some(event) = one.next_event().unwrap() {
                    assert_eq!(many.next_event(), Ok(Some(event)));
                }
            }
        }
    }
    // What is wrong is told once by each.
    let data = blob(&[b"A\x03I\x02?"]);
    let mut reader = Reader::new(&data).unwrap();
    reader.next_event().unwrap();
    let error = reader.skip_values(3).unwrap_err();
    assert_eq!(reader.skip_values(1), Ok(0));
    assert_eq!(reader.finish(), Err(error));
}
