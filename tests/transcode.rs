//! From one version and engine to another: what is written, what stands in the way, what is lowered.

#[path = "oracle/transcode.rs"]
mod oracle;
mod support;

use support::{Describer, cases, verdict_setup, with_stack};
use v8wire::{
    ByteOrder, Document, Externals, ParseOptions, Profile, Release, Strictness, Target,
    TranscodeError, Transcoder, WriteErrorKind, WriteOptions, transcode,
};

fn to(target: &str) -> WriteOptions {
    WriteOptions::for_target(target.parse().expect("target"))
}

fn obstacles(blob: &[u8], to: &WriteOptions) -> Vec<String> {
    let from = ParseOptions::new().externals(Externals::Keep);
    let doc = from.parse_all(blob).expect("a good blob");
    let found: Vec<String> =
        Transcoder::new(&doc, &from, to).obstacles().map(|error| error.to_string()).collect();
    // The error has the same list.
    match transcode(blob, &from, to) {
        Ok(_) => assert!(found.is_empty(), "{found:?}"),
        Err(error) => assert_eq!(error.to_string(), found.join("\n")),
    }
    found
}

fn written(blob: &[u8], to: &WriteOptions) -> Vec<u8> {
    let from = ParseOptions::new().externals(Externals::Keep);
    transcode(blob, &from, to).unwrap_or_else(|error| panic!("{error}"))
}

/// Each of them is one value in an array: what is said of it, and its bytes once it is lowered.
#[test]
fn what_targets_do_not_read() {
    let float16 = "makes it a Uint16Array of the same bytes";
    let fixed = "a resizable ArrayBuffer; lowering makes it one of fixed length";
    let plain = "an immutable ArrayBuffer; lowering makes it an ordinary one";
    type Case = (&'static [u8], &'static str, &'static str, Option<&'static [u8]>);
    let cases: &[Case] = &[
        (b"~\x01\x02!", "node18", fixed, Some(b"B\x01!")),
        (b"~\x01\x02!", "node20", "", None),
        (b"C\x01!", "node24", plain, Some(b"B\x01!")),
        (b"C\x01!", "node26", "", None),
        (b"C\x01!", "v8-14.6", "", None),
        (b"\\\x0D\x02ab", "node22", float16, Some(b"\\\x04\x02ab")),
        (b"\\\x0D\x02ab", "deno", "", None),
        (b"B\x02abVh\0\x02\0", "deno-core", "", None),
        (b"B\x02abVh\0\x02\0", "chromium-120", float16, Some(b"B\x02abVW\0\x02\0")),
        (b"r.", "node10", "an error", None),
        (
            b"rm\"\x01ac0.",
            "node14",
            "the cause of an error; lowering leaves it out",
            Some(b"rm\"\x01a."),
        ),
        (b"rm\"\x01ac0.", "node16", "", None),
        (b"Z\0", "node8", "a bigint", None),
        (b"z\0", "node8", "a BigInt object", None),
        (
            b"R\"\x01a\x80\x01",
            "node14",
            "flags `d` or `l`; lowering drops the flags",
            Some(b"R\"\x01a\0"),
        ),
        (b"R\"\x01a\x80\x02", "node18", "a RegExp with the flag `v`", None),
        (b"R\"\x01a\x80\x02", "node20", "", None),
        (b"u\x01", "node26", "a SharedArrayBuffer, which lives in one process", None),
        (b"u\x01", "chromium", "", None),
        (b"w\x01", "node26", "a WebAssembly module", None),
        (b"p\x01", "chromium", "a value of the heap shared by isolates", None),
    ];
    for &(value, target, what, lowered) in cases {
        let blob = [b"\xFF\x0FA\x01", value, b"$\0\x01"].concat();
        let found = obstacles(&blob, &to(target));
        if what.is_empty() {
            assert!(found.is_empty(), "{target}: {found:?}");
            continue;
        }
        assert_eq!(found.len(), 1, "{target}: {found:?}");
        assert!(found[0].contains(what), "{target}: {found:?}");
        let lower = to(target).lower(true);
        match lowered {
            Some(value) => {
                let written = written(&blob, &lower);
                assert_eq!(written[4..written.len() - 3], *value, "{target}");
            }
            None => assert_eq!(obstacles(&blob, &lower).len(), 1, "{target}"),
        }
    }
}

/// Every obstacle is listed, each with its path.
#[test]
fn all_obstacles_are_listed() {
    let blob = b"\xFF\x0Fo\"\x01aC\x01!\"\x03b c;C\x01!'C\x01!,\x01:\x02\"\x01dA\x02TC\x01!$\0\x02\"\x01erm\"\x01xcC\x01!.{\x04";
    let of = |path: &str| {
        format!(
            "Node 24 does not read an immutable ArrayBuffer; lowering makes it an ordinary one ({path})"
        )
    };
    let paths = ["$.a", "$[\"b c\"].<key 0>", "$[\"b c\"].<value 0>.<0>", "$.d[1]", "$.e.cause"];
    let expected: Vec<String> = paths.iter().map(|path| of(&path.replace(".<", "<"))).collect();
    assert_eq!(obstacles(blob, &to("node24")), expected);
    assert!(obstacles(blob, &to("node24").lower(true)).is_empty());
    // The paths are those of the document.
    let doc = Document::parse(blob).unwrap();
    for error in doc.obstacles(&to("node24")) {
        let path = error.path().unwrap().to_owned();
        assert_eq!(doc.root().at(&path).unwrap().kind(), v8wire::Kind::ArrayBuffer, "{path}");
        assert_eq!(error.kind().code(), "not-carried");
    }
}

#[test]
fn errors_keep_the_first_thousand() {
    let count = 2500u32;
    let mut blob = b"\xFF\x0FA\xC4\x13".to_vec();
    blob.extend(b"p\x01".repeat(count as usize));
    blob.extend(b"$\0\xC4\x13");
    let from = ParseOptions::new().externals(Externals::Keep);
    let error = transcode(&blob, &from, &to("node26")).unwrap_err();
    let TranscodeError::Write { obstacles, count: found } = &error else { panic!("{error}") };
    assert_eq!((obstacles.len(), *found), (1000, 2500));
    assert!(error.to_string().ends_with("($[999])\nand 1500 more"));
}

/// What the version alone cannot carry.
#[test]
fn versions() {
    let view = b"\xFF\x0F~\x02\x04abVB\0\0\x03";
    let at = |version: u32| WriteOptions::new().version(version);
    assert_eq!(
        obstacles(view, &at(13)),
        ["a view of a resizable array buffer needs version 14, not 13 ($)"]
    );
    assert_eq!(written(view, &at(14))[1..], [b"\x0E", &view[2..]].concat());
    assert_eq!(written(view, &at(13).lower(true)), b"\xFF\x0DB\x02abVB\0\x02");
    let shared = b"\xFF\x0Fp\x01";
    assert_eq!(obstacles(shared, &at(14)), ["a shared object needs version 15, not 14 ($)"]);
    assert_eq!(written(shared, &at(16)), b"\xFF\x10p\x01");
    let long = b"\xFF\x10~\x01\x80\x80\x80\x80\x10a";
    assert_eq!(obstacles(long, &at(15)), ["array buffer of 4294967296 is above 4294967295 ($)"]);
    assert_eq!(written(long, &at(16)), long);
    assert!(transcode(b"\xFF\x0FT", &ParseOptions::new(), &at(12)).is_err());
}

/// A length-tracking view becomes one of as many whole elements as there are.
#[test]
fn lowered_views_show_the_same() {
    let blob = b"\xFF\x0FA\x03~\x07\x09abcdefgVW\x02\0\x03^\x01VB\x01\x02\x02^\x01$\0\x03";
    let lower = to("v8-9.4").lower(true);
    let expected = b"\xFF\x0DA\x03B\x07abcdefgVW\x02\x04^\x01VB\x01\x02^\x01$\0\x03";
    assert_eq!(written(blob, &lower), expected);
    // Only the buffer is in the way, not its views as well.
    assert_eq!(obstacles(blob, &to("v8-9.4")).len(), 1);
    // As host objects the views carry their bytes, and the buffer stands where it is referred to.
    let hosted = written(blob, &to("node14").lower(true));
    assert_eq!(hosted, b"\xFF\x0DA\x03\\\x04\x04cdef\\\x01\x02bcB\x07abcdefg$\0\x03");
    assert_eq!(
        obstacles(blob, &to("node14")),
        [
            "Node 14 does not read a resizable ArrayBuffer; lowering makes it one of fixed length ($[2])"
        ]
    );
}

/// Forms of views: what a layer does not know its V8 may.
#[test]
fn views_take_the_form_of_the_target() {
    let blob = b"\xFF\x0FA\x04\\\x0A\x02hi\\\x0B\x08\x01\0\0\0\0\0\0\0^\x01t\x05VB\0\0\0$\0\x04";
    // Node 14 has no BigInt64Array among its host objects, and a transferred buffer has no bytes here.
    assert_eq!(
        written(blob, &to("node14")),
        b"\xFF\x0DA\x04\\\x0A\x02hiB\x08\x01\0\0\0\0\0\0\0Vq\0\x08^\x01t\x05VB\0\0$\0\x04"
    );
    assert_eq!(
        written(blob, &to("node16"))[1..],
        [b"\x0D", &blob[2..blob.len() - 4], b"$\0\x04"].concat()
    );
    assert_eq!(
        written(blob, &to("chromium-110")),
        b"\xFF\x0FA\x04B\x02hiVB\0\x02\0B\x08\x01\0\0\0\0\0\0\0Vq\0\x08\0^\x02t\x05VB\0\0\0$\0\x04"
    );
    // Without a profile they keep their form.
    assert_eq!(written(blob, &WriteOptions::new()), blob);
}

#[test]
fn messages_to_child_processes() {
    let message = b"\xFF\x0FA\x03\\\0\x0A\x02hi\\\x01o\"\x01aT{\x01^\x02$\0\x03";
    let from = ParseOptions::new().profile(Profile::NodeIpc);
    let node = to("node22");
    // What stands for an object is that object, also where it is referred to.
    assert_eq!(
        transcode(message, &from, &node).unwrap(),
        b"\xFF\x0FA\x03\\\x0A\x02hio\"\x01aT{\x01^\x02$\0\x03"
    );
    assert_eq!(transcode(message, &from, &node.profile(Profile::NodeIpc)).unwrap(), message);
    let plain = b"\xFF\x0FA\x02\\\x0A\x02hiB\x01!VB\0\x01\0$\0\x02";
    assert_eq!(
        written(plain, &node.profile(Profile::NodeIpc)),
        b"\xFF\x0FA\x02\\\0\x0A\x02hi\\\0\x01\x01!$\0\x02"
    );
    // The 1 may be overlong.
    let overlong = b"\xFF\x0F\\\x81\0T";
    assert_eq!(transcode(overlong, &from, &node).unwrap(), b"\xFF\x0FT");
    // The value may stand elsewhere.
    let again = b"\xFF\x0FA\x03o{\0\\\x01^\x01^\x02$\0\x03";
    assert_eq!(transcode(again, &from, &node).unwrap(), b"\xFF\x0FA\x03o{\0^\x01^\x01$\0\x03");
    // Host objects within each other, very many.
    let mut deep = b"\xFF\x0F".to_vec();
    deep.extend(b"\\\x01".repeat(50_000));
    deep.push(b'T');
    assert_eq!(transcode(&deep, &from, &node).unwrap(), b"\xFF\x0FT");
}

/// Node 12 to 16 give errors no id when reading; Node 18 and 20 do, but not within themselves.
#[test]
fn errors_and_ids() {
    let blob = b"\xFF\x0FA\x03r.o{\0^\x02$\0\x03";
    assert_eq!(written(blob, &to("node16")), b"\xFF\x0DA\x03r.o{\0^\x01$\0\x03");
    assert_eq!(written(blob, &to("node18")), blob);
    let node_16 = ParseOptions::new().strictness(Strictness::Engine(Release::node(16).unwrap()));
    let bytes = written(blob, &to("node16"));
    let doc = node_16.parse(&bytes).unwrap();
    assert!(doc.root()[1].is_same(doc.root()[2].value()));
    let again = b"\xFF\x0FA\x02r.^\x01$\0\x02";
    assert_eq!(
        obstacles(again, &to("node12")),
        ["Node 12 does not read an error that is referred to ($[1])"]
    );
    assert!(obstacles(again, &to("node18")).is_empty());
    let itself = b"\xFF\x0Frm\"\x01aco\"\x01b^\0{\x01.";
    assert_eq!(
        obstacles(itself, &to("node20")),
        ["Node 20 does not read a reference to an error within itself ($.cause.b)"]
    );
    assert!(obstacles(itself, &to("node22")).is_empty());
    // Written value by value the same is refused.
    let doc = Document::parse(itself).unwrap();
    for target in ["node12", "node20"] {
        let mut serializer = v8wire::ValueSerializer::with_options(to(target).lower(true));
        serializer.write_header().unwrap();
        // Without its cause, as Node 12 has it, there is nothing within.
        assert_eq!(serializer.write_value(doc.root().value()).is_ok(), target == "node12");
    }
    // The order of its parts is the target's own.
    let parts = b"\xFF\x0Frs\"\x01ac0.";
    assert_eq!(written(parts, &to("node20")), b"\xFF\x0Frc0s\"\x01a.");
    assert_eq!(written(parts, &to("node22")), parts);
}

#[test]
fn several_values_share_their_objects() {
    let blob = b"\xFF\x0Do{\0\xFF\x0D^\0I\x02";
    assert_eq!(written(blob, &to("node26")), b"\xFF\x0Fo{\0\xFF\x0F^\0I\x02");
    // A header and nothing more, as Node 14 and later write modules.
    assert_eq!(written(b"\xFF\x0D", &to("node26")), b"\xFF\x0F");
    assert_eq!(written(b"\xFF\x0D", &WriteOptions::new()), b"\xFF\x0F");
}

#[test]
fn small_integers_are_those_of_the_target() {
    let blob = b"\xFF\x0FI\x80\x80\x80\x80\x08";
    assert_eq!(written(blob, &to("electron"))[2], b'N');
    assert_eq!(written(blob, &to("node")), blob);
}

/// Contents of buffers are not turned round; all else is.
#[test]
fn byte_orders() {
    let big = ParseOptions::new().byte_order(ByteOrder::Big);
    let number = b"\xFF\x0FN\x3F\xF8\0\0\0\0\0\0";
    let node = to("node22");
    assert_eq!(transcode(number, &big, &node).unwrap(), b"\xFF\x0FN\0\0\0\0\0\0\xF8\x3F");
    let bytes = b"\xFF\x0F\\\x0A\x02hi";
    assert_eq!(transcode(bytes, &big, &node).unwrap(), bytes);
    for view in [&b"\xFF\x0F\\\x03\x02hi"[..], b"\xFF\x0FB\x02hiVw\0\x02\0"] {
        let error = transcode(view, &big, &node).unwrap_err();
        assert_eq!(error.to_string(), "elements in the other byte order: Int16Array ($)");
        let same = node.byte_order(ByteOrder::Big);
        assert!(transcode(view, &big, &same).is_ok());
        let doc = big.parse(view).unwrap();
        let mut serializer = v8wire::ValueSerializer::with_options(node);
        serializer.write_header().unwrap();
        let error = serializer.write_value(doc.root().value()).unwrap_err();
        assert!(matches!(error.kind(), WriteErrorKind::ForeignElements { .. }));
    }
}

/// A key that is there twice, which only a lenient reader lets pass.
#[test]
fn keys_that_are_there_twice() {
    let blob = b"\xFF\x0Fo\"\x01xo\"\x01aT\"\x01aF{\x02{\x01";
    let from = ParseOptions::new().lenient();
    let error = transcode(blob, &from, &to("node22")).unwrap_err();
    assert_eq!(error.to_string(), "duplicate key: \"a\" occurs before ($.x.a)");
    let doc = from.parse(blob).unwrap();
    let mut out = Vec::new();
    let transcoder = Transcoder::new(&doc, &from, &WriteOptions::new());
    assert!(transcoder.write_to(&mut out).is_err() && out.is_empty());
    assert!(transcode(blob, &from, &WriteOptions::new().check_keys(false)).is_ok());
}

/// From any version that is read to any that is written, as the same value.
#[test]
fn every_version_to_every_version() {
    with_stack(|| {
        let (mut counts, mut refused, mut wrong) = ([0u32; 17], 0, Vec::new());
        for case in cases("handmade") {
            let setup = verdict_setup(&case, Release::NEWEST);
            let Ok((doc, _)) = setup.options.parse_prefix(&case.bytes) else { continue };
            let described = |doc: &Document<'_>| {
                Describer::new(&setup).describe(doc.root().value()).to_string()
            };
            for version in 13..=16 {
                let to = WriteOptions::new().version(version);
                let transcoder = Transcoder::new(&doc, &setup.options, &to);
                let bytes = match transcoder.to_vec() {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        assert!(version < 16, "{}: {error}", case.name());
                        refused += 1;
                        continue;
                    }
                };
                counts[doc.version() as usize] += 1;
                assert_eq!(bytes[..2], [0xFF, version as u8]);
                let again = setup.options.parse(&bytes);
                if again.as_ref().map(described) != Ok(described(&doc)) {
                    wrong.push(format!("{} to {version}: {bytes:02x?} {again:?}", case.name()));
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
        println!("by version {counts:?}, {refused} refused");
        for version in [0, 1, 9, 10, 11, 12, 13, 14, 15, 16] {
            assert!(counts[version] >= 4, "{counts:?}");
        }
        assert!(refused > 0);
    });
}

/// Below version 13 the tag is the first byte of the payload, and stays it.
#[test]
fn payloads_of_old_host_objects_keep_their_first_byte() {
    let case =
        cases("handmade").into_iter().find(|case| case.json["case"] == "host-unknown-tag-v12");
    let case = case.expect("the case");
    let setup = verdict_setup(&case, Release::NEWEST);
    let doc = setup.options.parse(&case.bytes).unwrap();
    let bytes = Transcoder::new(&doc, &setup.options, &WriteOptions::new()).to_vec().unwrap();
    assert_eq!(bytes, [b"\xFF\x0F\\", &case.bytes[2..]].concat());
    // Node has no such objects.
    let error = Transcoder::new(&doc, &setup.options, &to("node22")).to_vec().unwrap_err();
    assert_eq!(error.to_string(), "Node 22 does not read a host object of another embedder ($)");
}

#[test]
fn data_that_cannot_be_read() {
    let error = transcode(b"\xFF\x0F", &ParseOptions::new().max_depth(1), &to("node")).map(drop);
    assert_eq!(error, Ok(()));
    let error = transcode(b"\xFF\x0FI", &ParseOptions::new(), &to("node")).unwrap_err();
    assert!(matches!(error, TranscodeError::Read(_)));
    assert_eq!(Target::node(11), None);
}

/// Damaged blobs that are still read.
#[test]
fn damaged_blobs_are_refused_or_read() {
    with_stack(damaged_blobs);
}

fn damaged_blobs() {
    let mut blobs: Vec<Vec<u8>> = ["node-12", "node-22", "deno-2.9-core", "handmade", "refused"]
        .into_iter()
        .flat_map(cases)
        .map(|case| case.bytes)
        .filter(|blob| (3..=40).contains(&blob.len()))
        .collect();
    blobs.sort();
    blobs.dedup();
    let sets = option_sets();
    let (mut count, mut random) = (0, 1u32);
    for blob in &blobs {
        let mut damaged = blob.clone();
        for at in 2..blob.len() {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bytes =
                [0x00, 0x01, 0x80, 0xFF, b'^', b'V', b'~', b'r', b'C', b'\\', blob[at] ^ 0x20];
            damaged[at] = bytes[(random >> 16) as usize % bytes.len()];
            let options = &sets[(random >> 8) as usize % sets.len()];
            count += oracle::transcodes(&damaged, options);
            damaged[at] = blob[at];
        }
        for options in &sets {
            count += oracle::transcodes(blob, options);
        }
    }
    assert!(count > 10_000, "only {count}");
}

fn option_sets() -> [ParseOptions; 4] {
    let keep = ParseOptions::new().externals(Externals::Keep);
    [
        keep.clone(),
        keep.clone().profile(Profile::NodeIpc),
        keep.clone().profile(Profile::V8),
        keep.lenient(),
    ]
}

/// What fuzzing found. The package on the registry goes without.
#[test]
fn regressions() {
    let Ok(folder) = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/regressions"))
    else {
        return;
    };
    for file in folder {
        let blob = std::fs::read(file.expect("a file").path()).expect("a blob");
        for options in option_sets() {
            oracle::transcodes(&blob, &options);
        }
    }
}
