//! What a big-endian engine wrote: read and written in that order, and against what the same release
//! wrote on a little-endian machine.

mod support;

use std::collections::BTreeSet;

use serde_json::Value as Json;
use support::{Case, Describer, Setup, cases, engine_setup, hex, read_parts, with_stack};
use v8wire::json::{PlainOptions, to_plain_string};
use v8wire::{
    ByteOrder, Document, ParseOptions, Reader, Release, Strictness, ValueDeserializer,
    ValueSerializer, WriteOptions,
};

const BIG: &str = "node-18-s390x";
const LITTLE: &str = "node-18";

/// Writing leaves bytes as they are, which are in the writer's order: the contents of views whose
/// elements have more than one byte, and a double in a host object.
const BYTES_KEPT: [&str; 9] = [
    "app-metrics",
    "app-metrics-raw",
    "channel-views",
    "default-serializer-class",
    "host-numbers",
    "view-after-strings",
    "view-after-strings-raw",
    "view-bigint-values",
    "view-bigint-values-raw",
];

fn name(case: &Case) -> &str {
    case.json["case"].as_str().expect("case")
}

fn setup(case: &Case, order: ByteOrder) -> Setup {
    let mut setup = engine_setup(case);
    setup.options.byte_order = order;
    setup.options.strictness = match name(case) {
        // Its own engine refuses it; see corpus/README.md.
        "error-cause-itself" => Strictness::Lenient,
        _ => Strictness::Engine(Release::new(10, 2)),
    };
    setup
}

fn parse<'a>(case: &'a Case, options: &ParseOptions) -> Document<'a> {
    let all = case.has("values");
    let parsed = if all { options.parse_all(&case.bytes) } else { options.parse(&case.bytes) };
    parsed.unwrap_or_else(|error| panic!("{}: {error}", case.name()))
}

/// The cases of both folders, pairwise.
fn pairs() -> Vec<(Case, Case)> {
    let (big, little) = (cases(BIG), cases(LITTLE));
    assert_eq!(big.len(), little.len());
    assert!(big.len() > 300, "only {}", big.len());
    let pairs: Vec<_> = big.into_iter().zip(little).collect();
    assert!(pairs.iter().all(|(big, little)| name(big) == name(little)));
    // Written piece by piece: no document.
    pairs.into_iter().filter(|(big, _)| !big.has("parts")).collect()
}

fn assert_same_text(name: &str, ours: &str, theirs: &str) {
    let at = ours.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
    let cut = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(60)..text.len().min(at + 100)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(ours == theirs, "{name}\n   ours: {}\n   theirs: {}", cut(ours), cut(theirs));
}

fn assert_same_bytes(name: &str, ours: &[u8], theirs: &[u8]) {
    assert_same_text(name, &hex(ours), &hex(theirs));
}

/// Written value by value, as the engine of the two folders does it.
fn write_values(case: &Case, doc: &Document<'_>, order: ByteOrder) -> Vec<u8> {
    let options = WriteOptions::new()
        .version(doc.version())
        .memory64_byte(false)
        .cause_before_stack(true)
        .byte_order(order);
    let mut serializer = ValueSerializer::with_options(options);
    let node = case.json["serializer"] == "default";
    serializer.set_treat_array_buffer_views_as_host_objects(node);
    if case.bytes[0] == 0xFF {
        serializer.write_header().unwrap();
    }
    for value in doc.values() {
        serializer.write_value(value).unwrap_or_else(|error| panic!("{}: {error}", case.name()));
    }
    serializer.release().unwrap()
}

#[test]
fn blobs_are_as_the_engine_describes_them() {
    with_stack(|| {
        for (case, _) in pairs() {
            let setup = setup(&case, ByteOrder::Big);
            let doc = parse(&case, &setup.options);
            assert_eq!(doc.byte_order(), ByteOrder::Big);
            let (ours, mut theirs) = if case.has("values") {
                let mut all = Describer::new(&setup);
                let one_numbering = name(&case) == "several-values-shared";
                let each = doc.values().map(|value| match one_numbering {
                    true => all.describe(value),
                    false => Describer::new(&setup).describe(value),
                });
                (each.collect(), case.json["values"].clone())
            } else {
                let ours = Describer::new(&setup).describe(doc.root().value());
                (ours, case.json["value"].clone())
            };
            support::normalise(&mut theirs);
            assert_same_text(&case.name(), &ours.to_string(), &theirs.to_string());
        }
    });
}

#[test]
fn documents_come_out_identical() {
    with_stack(|| {
        for (case, _) in pairs() {
            let options = setup(&case, ByteOrder::Big).options;
            let doc = parse(&case, &options);
            if doc.values().next().is_some() {
                let mut reader = Reader::with_options(&case.bytes, &options).expect("header");
                let mut events = doc.events();
                while let Some(theirs) = reader.next_event().expect("a good value") {
                    let ours = events.next().expect("an event");
                    // NaN is not equal to itself.
                    let same = ours == theirs || format!("{ours:?}") == format!("{theirs:?}");
                    assert!(same, "{}: {ours:?}, {theirs:?}", case.name());
                }
            }
            assert_same_bytes(&case.name(), &doc.to_vec(), &case.bytes);
        }
    });
}

#[test]
fn values_are_written_as_the_engine_writes_them() {
    with_stack(|| {
        let mut exceptions = Vec::new();
        for (case, _) in pairs() {
            let doc = parse(&case, &setup(&case, ByteOrder::Big).options);
            let written = write_values(&case, &doc, ByteOrder::Big);
            if let "several-headers" | "channel-host-object" | "channel-views" = name(&case) {
                // As in write-exceptions.txt.
                assert_ne!(written, case.bytes);
                exceptions.push(name(&case).to_owned());
            } else {
                assert_same_bytes(&case.name(), &written, &case.bytes);
            }
        }
        assert_eq!(exceptions.len(), 3);
    });
}

/// A value read in one order and written in the other is what the other machine wrote.
#[test]
fn the_orders_turn_into_each_other() {
    with_stack(|| {
        let mut kept = BTreeSet::new();
        for (big, little) in pairs() {
            let docs = [(&big, ByteOrder::Big), (&little, ByteOrder::Little)]
                .map(|(case, order)| parse(case, &setup(case, order).options));
            let turned = [
                write_values(&big, &docs[0], ByteOrder::Little),
                write_values(&little, &docs[1], ByteOrder::Big),
            ];
            let straight = [
                write_values(&little, &docs[1], ByteOrder::Little),
                write_values(&big, &docs[0], ByteOrder::Big),
            ];
            if BYTES_KEPT.contains(&name(&big)) {
                assert_ne!(turned, straight, "{}", name(&big));
                assert_eq!(turned[0].len(), straight[0].len(), "{}", name(&big));
                kept.insert(name(&big).to_owned());
            } else {
                assert_same_bytes(&big.name(), &turned[0], &straight[0]);
                assert_same_bytes(&little.name(), &turned[1], &straight[1]);
            }
        }
        assert_eq!(kept, BYTES_KEPT.map(String::from).into());
    });
}

#[test]
fn both_orders_have_the_same_elements() {
    with_stack(|| {
        let (mut views, mut shown) = (0, 0);
        for (big, little) in pairs() {
            let [big_setup, little_setup] = [(&big, ByteOrder::Big), (&little, ByteOrder::Little)]
                .map(|(case, order)| setup(case, order));
            let (a, b) = (parse(&big, &big_setup.options), parse(&little, &little_setup.options));
            let mut same = name(&big) != "host-numbers";
            for (a, b) in nested(&a).into_iter().zip(nested(&b)) {
                let (Some(a), Some(b)) = (a.as_view(), b.as_view()) else { continue };
                assert_eq!(a.kind, b.kind);
                if BYTES_KEPT.contains(&name(&big)) {
                    views += 1;
                    assert_eq!(a.elements(), b.elements(), "{}", name(&big));
                } else {
                    // Filled byte by byte: the elements are others.
                    same &= a.bytes.is_none() || a.elements() == b.elements();
                    assert_eq!(a.bytes, b.bytes, "{}", name(&big));
                }
            }
            if same {
                shown += 1;
                let plain = |doc: &Document<'_>| {
                    let options = PlainOptions::default();
                    doc.values()
                        .map(|value| to_plain_string(value, &options).map_err(|e| e.to_string()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(plain(&a), plain(&b), "{}", name(&big));
            }
        }
        assert!(views > 15 && shown > 270, "{views} views, {shown} cases");
    });
}

#[cfg(feature = "serde")]
#[test]
fn serde_reads_the_same_from_both_orders() {
    use v8wire::DeserializeOptions;
    with_stack(|| {
        let (mut good, mut count) = (0, 0);
        for (big, little) in pairs() {
            if big.json["serializer"] != "default" || big.has("values") || !big.has("value") {
                continue;
            }
            // Filled byte by byte: the elements are others.
            if name(&big).starts_with("view-") && !BYTES_KEPT.contains(&name(&big)) {
                continue;
            }
            let read = |case: &Case, order| {
                let mut options = DeserializeOptions::new().parse(setup(case, order).options);
                // Arrays with millions of holes only take time.
                options.max_repeats = 10_000;
                let document = options.from_document::<Json>(&parse(case, &options.parse));
                let slice = options.from_slice::<Json>(&case.bytes);
                let texts = [&document, &slice].map(|result| match result {
                    Ok(json) => Some(json.to_string()),
                    // Not all of JavaScript is JSON.
                    Err(_) => None,
                });
                assert_eq!(texts[0], texts[1], "{}", case.name());
                texts
            };
            let ours = read(&big, ByteOrder::Big);
            assert_eq!(ours, read(&little, ByteOrder::Little), "{}", name(&big));
            good += usize::from(ours[0].is_some());
            count += 1;
        }
        assert!(good > 100, "{good} of {count}");
    });
}

/// The roots, and what is one level below them.
fn nested<'d, 'a>(doc: &'d Document<'a>) -> Vec<v8wire::Value<'d, 'a>> {
    doc.values()
        .flat_map(|value| {
            let below = value.elements().chain(value.properties().map(|(_, value)| value));
            [value].into_iter().chain(below.collect::<Vec<_>>())
        })
        .collect()
}

#[test]
fn parts_are_read_as_they_were_written() {
    with_stack(|| {
        let case =
            cases(BIG).into_iter().find(|case| case.has("parts")).expect("a case with parts");
        let setup = setup(&case, ByteOrder::Big);
        let mut reader = ValueDeserializer::with_options(&case.bytes, &setup.options);
        assert!(reader.read_header().expect("header"));
        read_parts(&mut reader, &case, &setup);
        assert_eq!(reader.remaining(), 0);
    });
}

/// The bytes do not tell the order: in the wrong one they are other values, mostly without an error.
#[test]
fn the_wrong_order_gives_other_values() {
    let (mut same, mut other, mut refused) = (0, 0, 0);
    with_stack(|| {
        for (case, _) in pairs() {
            let described = |order| {
                let setup = setup(&case, order);
                let doc = setup.options.parse_all(&case.bytes).ok()?;
                let values = doc.values().map(|value| Describer::new(&setup).describe(value));
                Some(values.collect::<Vec<_>>())
            };
            match described(ByteOrder::Little) {
                None => refused += 1,
                little if little == described(ByteOrder::Big) => same += 1,
                Some(_) => other += 1,
            }
        }
        assert!(same > 200 && other > 70, "{same} the same, {other} others, {refused} refused");
    });
}
