//! The corpus, byte by byte: what an engine says that it wrote, written by us.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Value as Json;
use v8wire::{BytesAs, IntegersAs, MapsAs, NoneAs, SerializeOptions};

use crate::serde_any::Any;
use crate::support::{self, Case, cases, with_stack};

/// What an engine's description says, as a Rust value. Objects are structs, maps are maps.
struct Described<'j>(&'j Json);

fn items(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn unhex(json: &Json) -> Vec<u8> {
    let hex = json.as_str().expect("hex");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

impl Serialize for Described<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = items(self.0);
        let text = || parts[1].as_str().expect("text");
        match parts[0].as_str().expect("kind") {
            "null" | "undefined" => serializer.serialize_none(),
            "bool" => serializer.serialize_bool(parts[1] == true),
            "number" => serializer.serialize_f64(text().parse().expect("number")),
            "bigint" => serializer.serialize_i128(text().parse().expect("bigint")),
            "string" => serializer.serialize_str(text()),
            "hostview" | "arraybuffer" => {
                let hex = if parts[0] == "hostview" { &parts[2] } else { &parts[1] };
                serializer.serialize_bytes(&unhex(hex))
            }
            "array" => {
                // The length is announced only sometimes.
                let elements = items(&parts[2]);
                let length = elements.len().is_multiple_of(2).then_some(elements.len());
                let mut seq = serializer.serialize_seq(length)?;
                elements.iter().try_for_each(|item| seq.serialize_element(&Described(item)))?;
                seq.end()
            }
            "object" => {
                let mut object = serializer.serialize_struct("", 0)?;
                for entry in items(&parts[1]) {
                    let name = items(entry)[0].as_str().expect("name").to_owned();
                    object.serialize_field(name.leak(), &Described(&items(entry)[1]))?;
                }
                object.end()
            }
            "map" => {
                let mut map = serializer.serialize_map(None)?;
                for entry in items(&parts[1]) {
                    map.serialize_entry(
                        &Described(&items(entry)[0]),
                        &Described(&items(entry)[1]),
                    )?;
                }
                map.end()
            }
            other => Err(serde::ser::Error::custom(format!("a {other}"))),
        }
    }
}

/// The kinds in a description, `None` where there is what serde has no word for.
fn kinds<'j>(json: &'j Json, seen: &mut BTreeSet<&'j str>) -> Option<()> {
    let parts = items(json);
    let kind = parts[0].as_str()?;
    seen.insert(kind);
    let lone = |text: &Json| text.as_str().is_some_and(|text| text.contains("<d"));
    match kind {
        "null" | "undefined" | "bool" | "number" => Some(()),
        "bigint" => parts[1].as_str()?.parse::<i128>().ok().map(drop),
        "string" => (!lone(&parts[1])).then_some(()),
        "arraybuffer" => parts.get(2).is_none().then_some(()),
        "hostview" => {
            seen.insert(parts[1].as_str()?);
            ["Buffer", "Uint8Array"].contains(&parts[1].as_str()?).then_some(())
        }
        "array" => {
            items(&parts[3]).is_empty().then_some(())?;
            items(&parts[2]).iter().try_for_each(|item| kinds(item, seen))
        }
        "object" => items(&parts[1]).iter().try_for_each(|entry| {
            (!lone(&items(entry)[0])).then_some(())?;
            kinds(&items(entry)[1], seen)
        }),
        "map" => items(&parts[1]).iter().try_for_each(|entry| {
            kinds(&items(entry)[0], seen)?;
            kinds(&items(entry)[1], seen)
        }),
        _ => None,
    }
}

/// How the case must be written to become what the engine wrote, if serde has words for it.
fn options_for(case: &Case) -> Option<SerializeOptions> {
    let json = &case.json;
    let special = ["header", "headers", "host", "transfers", "shared", "original", "own_reading"];
    if !case.has("value") || special.iter().any(|key| case.has(key)) {
        return None;
    }
    let serializer = json["serializer"].as_str()?;
    if !["default", "raw", "kv", "core"].contains(&serializer) {
        return None;
    }
    let mut seen = BTreeSet::new();
    kinds(&json["value"], &mut seen)?;
    let mut options = SerializeOptions::new().maps(MapsAs::Maps).max_depth(2000);
    options.write.version = case.bytes[1].into();
    if seen.contains("undefined") {
        (!seen.contains("null")).then_some(())?;
        options.none = NoneAs::Undefined;
    }
    if seen.contains("bigint") {
        // Which integers are bigints is the types' affair in Rust.
        options.integers = IntegersAs::BigInt;
    }
    options.bytes = match (seen.contains("Buffer"), seen.contains("Uint8Array")) {
        (true, true) => return None,
        (false, true) => BytesAs::Uint8Array,
        _ if seen.contains("arraybuffer") => BytesAs::ArrayBuffer,
        _ => BytesAs::Buffer,
    };
    (!(seen.contains("arraybuffer") && seen.contains("hostview"))).then_some(options)
}

/// Where some engine holds the value in another way than is usual.
const HELD_OTHERWISE: &[&str] = &[
    // Arrays that may have holes, as V8 sees them, are sparse (SPEC.md 7.5).
    "array-1000-doubles",
    "array-fill",
    "array-from-length",
    "array-same-shape",
    "array-subclass",
    "array-undefined",
    "object-frozen",
    // Doubles though they are small integers (7.1).
    "app-geojson",
    "number-smi32-max",
    "number-smi32-min",
    "object-integer-keys",
    // Two bytes a unit though one would do (7.3).
    "string-ascii-stored-wide",
    "string-latin1-stored-wide",
];

#[test]
fn the_corpus_byte_by_byte() {
    with_stack(|| {
        let (mut equal, mut other) = (0, BTreeSet::new());
        for folder in support::ENGINES {
            let before = equal;
            for case in cases(folder) {
                let Some(options) = options_for(&case) else { continue };
                let bytes = options.to_vec(&Described(&case.json["value"])).expect("bytes");
                if bytes == case.bytes {
                    equal += 1;
                    continue;
                }
                let read = |bytes: &[u8]| {
                    let options = v8wire::DeserializeOptions::new();
                    options.from_slice::<Any>(bytes).expect("a value")
                };
                assert_eq!(read(&bytes), read(&case.bytes), "{}", case.name());
                other.insert(case.path.file_stem().unwrap().to_str().unwrap().to_owned());
            }
            assert!(equal > before, "nothing of {folder}");
        }
        let listed: BTreeSet<String> = HELD_OTHERWISE.iter().map(|&name| name.into()).collect();
        assert_eq!(other, listed);
        assert!(equal > 1300, "{equal}");
    });
}
