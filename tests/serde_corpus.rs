//! Reading the corpus into Rust values: every blob against the description of the engine that wrote
//! it, straight off the bytes against by way of a document, and hostile data.
#![cfg(feature = "serde")]

mod serde_any;
mod support;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_any::{Any, float, number, sorted, text};
use serde_json::Value as Json;
use support::{Case, ENGINES, cases, engine_setup, with_stack};
use v8wire::{DeserializeOptions, Error, ErrorKind, ParseOptions};

/// Why a description is no tree.
#[derive(Debug, PartialEq)]
enum Not {
    Cycle,
    /// There is nothing in serde for it.
    Opaque,
}

/// What an engine's description says, as serde sees it.
struct Expected<'j> {
    objects: Vec<&'j Json>,
    open: Vec<*const Json>,
}

fn items(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn unhex(json: &Json) -> Vec<u8> {
    let hex = json.as_str().expect("hex");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// A string, with U+FFFD for the marks that `support` puts in place of lone surrogates.
fn string(json: &Json) -> String {
    let mut out = String::new();
    let mut rest = json.as_str().expect("string");
    while let Some(at) = rest.find("<d") {
        let mark = rest.get(at + 1..at + 5).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let lone = mark.is_some_and(|unit| (0xD800..0xE000).contains(&unit));
        out.push_str(&rest[..at]);
        out.push(if lone { '\u{FFFD}' } else { '<' });
        rest = &rest[at + if lone { 6 } else { 1 }..];
    }
    out + rest
}

fn elements(kind: &str, bytes: &[u8]) -> Any {
    macro_rules! seq {
        ($ty:ty, $into:expr) => {
            Any::Seq(
                bytes
                    .chunks_exact(size_of::<$ty>())
                    .map(|chunk| $into(<$ty>::from_le_bytes(chunk.try_into().unwrap())))
                    .collect(),
            )
        };
    }
    match kind {
        "Int8Array" => seq!(i8, |value| number(f64::from(value))),
        "Int16Array" => seq!(i16, |value| number(f64::from(value))),
        "Uint16Array" => seq!(u16, |value| number(f64::from(value))),
        "Int32Array" => seq!(i32, |value| number(f64::from(value))),
        "Uint32Array" => seq!(u32, |value| number(f64::from(value))),
        "Float32Array" => seq!(f32, |value| number(f64::from(value))),
        "Float64Array" => seq!(f64, number),
        "Float16Array" => seq!(u16, |bits| number(half(bits))),
        "BigInt64Array" => seq!(i64, |value| Any::Integer(i128::from(value))),
        "BigUint64Array" => seq!(u64, |value| Any::Integer(i128::from(value))),
        _ => Any::Bytes(bytes.into()),
    }
}

fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

impl<'j> Expected<'j> {
    fn of(description: &'j Json) -> Result<Any, Not> {
        let mut expected = Expected { objects: Vec::new(), open: Vec::new() };
        expected.number(description);
        expected.value(description)
    }

    fn children(json: &'j Json) -> Vec<&'j Json> {
        let values = |at: usize| items(&json[at]).iter().map(|pair| &pair[1]);
        match json[0].as_str().expect("kind") {
            "object" | "host" => values(1).collect(),
            "array" => items(&json[2]).iter().chain(values(3)).collect(),
            "sparse" => values(2).chain(values(3)).collect(),
            "map" => items(&json[1]).iter().flat_map(|pair| [&pair[0], &pair[1]]).collect(),
            "set" => items(&json[1]).iter().collect(),
            "view" => vec![&json[5]],
            "error" => vec![&json[4]],
            _ => Vec::new(),
        }
    }

    fn number(&mut self, json: &'j Json) {
        match json[0].as_str().expect("kind") {
            "undefined" | "null" | "bool" | "number" | "bigint" | "string" | "hole" | "ref"
            | "absent" => {}
            _ => {
                self.objects.push(json);
                for child in Self::children(json) {
                    self.number(child);
                }
            }
        }
    }

    fn value(&mut self, mut json: &'j Json) -> Result<Any, Not> {
        if json[0] == "ref" {
            json = self.objects[json[1].as_u64().expect("ref") as usize];
        }
        if self.open.contains(&std::ptr::from_ref(json)) {
            return Err(Not::Cycle);
        }
        self.open.push(json);
        let value = self.tree(json);
        self.open.pop();
        value
    }

    fn all(&mut self, list: &'j Json) -> Result<Vec<Any>, Not> {
        items(list).iter().map(|item| self.value(item)).collect()
    }

    fn tree(&mut self, json: &'j Json) -> Result<Any, Not> {
        let parse = || json[1].as_str().expect("text").parse::<f64>().expect("number");
        Ok(match json[0].as_str().expect("kind") {
            "undefined" | "null" | "hole" => Any::Unit,
            "bool" | "boolean-object" => Any::Bool(json[1].as_bool().expect("bool")),
            "number" | "number-object" => number(parse()),
            "bigint" | "bigint-object" => {
                let digits = json[1].as_str().expect("digits");
                match (digits.parse(), digits.parse()) {
                    (Ok(value), _) => Any::Integer(value),
                    (_, Ok(value)) => Any::Unsigned(value),
                    _ => return Err(Not::Opaque),
                }
            }
            "string" | "string-object" => text(string(&json[1])),
            "date" => float(parse()),
            "regexp" => text(format!("/{}/{}", string(&json[1]), json[2].as_str().unwrap())),
            "object" => Any::Map(
                items(&json[1])
                    .iter()
                    .map(|pair| Ok((text(string(&pair[0])), self.value(&pair[1])?)))
                    .collect::<Result<_, Not>>()?,
            ),
            "array" => Any::Seq(self.all(&json[2])?),
            "sparse" => {
                let length = json[1].as_u64().expect("length") as usize;
                if length > 1 << 20 {
                    return Err(Not::Opaque);
                }
                let mut seq = vec![Any::Unit; length];
                for pair in items(&json[2]) {
                    let index: usize = pair[0].as_str().expect("index").parse().expect("index");
                    seq[index] = self.value(&pair[1])?;
                }
                Any::Seq(seq)
            }
            "map" => Any::Map(
                items(&json[1])
                    .iter()
                    .map(|pair| Ok((self.value(&pair[0])?, self.value(&pair[1])?)))
                    .collect::<Result<_, Not>>()?,
            ),
            "set" => Any::Seq(self.all(&json[1])?),
            "arraybuffer" => Any::Bytes(unhex(&json[1])),
            "view" => {
                let mut buffer = &json[5];
                if buffer[0] == "ref" {
                    buffer = self.objects[buffer[1].as_u64().expect("ref") as usize];
                }
                if buffer[0] != "arraybuffer" {
                    return Err(Not::Opaque);
                }
                let [start, length] = [2, 3].map(|at| json[at].as_u64().expect("size") as usize);
                let bytes = unhex(&buffer[1]);
                elements(json[1].as_str().expect("kind"), &bytes[start..start + length])
            }
            "hostview" => elements(json[1].as_str().expect("kind"), &unhex(&json[2])),
            "error" => {
                let mut parts = vec![(text("name"), text(string(&json[1])))];
                for (name, part) in [("message", 2), ("stack", 3), ("cause", 4)] {
                    if json[part][0] != "absent" {
                        parts.push((text(name), self.value(&json[part])?));
                    }
                }
                Any::Map(parts)
            }
            _ => return Err(Not::Opaque),
        })
    }
}

/// A deep value needs much of serde's stack; the corpus has some with 1000 levels.
fn deep(parse: ParseOptions) -> DeserializeOptions {
    let mut options = DeserializeOptions::new().parse(parse);
    options.max_depth = 100_000;
    // The corpus has arrays of more holes than that, which take their time to count.
    options.max_repeats = 1 << 20;
    options
}

#[test]
fn engines_blobs_are_as_the_engines_describe_them() {
    with_stack(|| {
        let (mut trees, mut cycles, mut opaque) = (0, 0, 0);
        for case in ENGINES.into_iter().flat_map(cases).filter(|case| case.has("value")) {
            if case.has("transfers") || case.has("shared") || case.has("host") {
                continue;
            }
            let mut parse = engine_setup(&case).options;
            parse.strictness = v8wire::Strictness::Lenient;
            if parse.parse(&case.bytes).is_err() {
                // Needs an older engine's rules; tests/corpus.rs has them.
                continue;
            }
            let name = case.name();
            if name.ends_with("regexp-slash.v8") {
                // Older engines do not escape what the source then shows escaped.
                continue;
            }
            let expected = Expected::of(&case.json["value"]).map(sorted);
            let ours = deep(parse).from_slice::<Any>(&case.bytes).map(sorted);
            match (expected, ours) {
                (Ok(expected), Ok(ours)) => {
                    assert_eq!(format!("{ours:?}"), format!("{expected:?}"), "{name}");
                    trees += 1;
                }
                (Err(Not::Cycle), Err(error)) => {
                    assert!(matches!(error.kind(), ErrorKind::Cycle { .. }), "{name}: {error}");
                    cycles += 1;
                }
                (Err(Not::Opaque), Err(error)) => {
                    let known = error.is_mismatch() || error.is_limit();
                    assert!(known, "{name}: {error}");
                    opaque += 1;
                }
                (expected, ours) => panic!("{name}\n   ours: {ours:?}\n   theirs: {expected:?}"),
            }
        }
        println!("{trees} trees, {cycles} cycles, {opaque} without a Rust value");
        assert!(trees > 3000 && cycles > 80 && opaque > 20);
    });
}

/// The events and the document are read alike, whatever is wrong with the data or the type.
#[test]
fn bytes_and_documents_read_alike() {
    fn same<'a, T: Deserialize<'a> + std::fmt::Debug>(
        case: &'a Case,
        parse: &ParseOptions,
    ) -> bool {
        let options = deep(parse.clone());
        let direct = options.from_slice::<T>(&case.bytes);
        let document = match parse.parse(&case.bytes) {
            Ok(document) => document,
            Err(expected) => {
                // The type may be refused before the damage is met.
                match direct {
                    Err(error) if error.is_mismatch() || error.is_limit() => {}
                    Err(error) if matches!(error.kind(), ErrorKind::Cycle { .. }) => {}
                    Err(error) => assert_eq!(error.to_string(), expected.to_string()),
                    Ok(value) => panic!("{}: {value:?} out of {expected}", case.name()),
                }
                return false;
            }
        };
        let whole = options.from_document::<T>(&document);
        assert_eq!(
            format!("{:?}", direct.as_ref().map_err(Error::to_string)),
            format!("{:?}", whole.as_ref().map_err(Error::to_string)),
            "{}",
            case.name()
        );
        whole.is_ok()
    }
    with_stack(|| {
        let folders = ENGINES.into_iter().chain(["handmade", "refused"]);
        let mut good = [0; 6];
        for case in folders.flat_map(cases) {
            let setups = if case.has("serializer") {
                vec![engine_setup(&case).options]
            } else {
                let setup = support::verdict_setup(&case, v8wire::Release::NEWEST).options;
                vec![setup.clone().lenient(), setup]
            };
            for parse in setups {
                let results = [
                    same::<Any>(&case, &parse),
                    same::<IgnoredAny>(&case, &parse),
                    same::<BTreeMap<String, Option<Any>>>(&case, &parse),
                    same::<Vec<Option<Any>>>(&case, &parse),
                    same::<(IgnoredAny, Any)>(&case, &parse),
                    same::<f64>(&case, &parse),
                ];
                good.iter_mut().zip(results).for_each(|(good, ok)| *good += usize::from(ok));
            }
        }
        println!("{good:?}");
        assert!(good.into_iter().all(|count| count > 40), "{good:?}");
    });
}

/// Nothing panics, and nothing takes long, whatever the bytes and the type.
#[test]
fn hostile_bytes() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct All<'a> {
        #[serde(borrow)]
        name: Option<&'a str>,
        version: Option<Choice>,
        data: Option<Untagged>,
        #[serde(borrow, flatten)]
        rest: BTreeMap<&'a str, Any>,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    enum Choice {
        Unit,
        One(u8),
        Two(u8, u8),
        #[serde(rename = "version")]
        Fields {
            a: u8,
        },
    }
    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Untagged {
        Number(u64),
        Text(String),
        List(Vec<u8>),
        Object { a: u8 },
    }
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % below.max(1)
    };
    // Without their JSON, which is deep.
    let mut paths: Vec<_> = ["node-12", "node-18", "node-26", "handmade", "refused"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(support::corpus().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "v8"))
        .collect();
    paths.sort();
    let blobs: Vec<Vec<u8>> = paths
        .into_iter()
        .map(|path| std::fs::read(path).unwrap())
        .filter(|bytes| bytes.len() < 3000)
        .collect();
    assert!(blobs.len() > 1000);
    const TAGS: &[u8] = b"oAaI;'^{$@:,\\BVrRDNZ\"cST_0-\0";
    let mut options = DeserializeOptions::new();
    options.max_repeats = 10_000;
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = blobs[random(blobs.len())].clone();
        for _ in 0..random(4) {
            let at = random(bytes.len());
            match random(5) {
                0 if !bytes.is_empty() => drop(bytes.remove(at)),
                1 => bytes.insert(at, TAGS[random(TAGS.len())]),
                2 if !bytes.is_empty() => bytes[at] = random(256) as u8,
                3 if !bytes.is_empty() => bytes[at] = TAGS[random(TAGS.len())],
                _ => bytes.truncate(at.max(3)),
            }
        }
        options.parse.strictness = match random(2) {
            0 => v8wire::Strictness::Lenient,
            _ => v8wire::Strictness::default(),
        };
        let results = [
            options.from_slice::<Any>(&bytes).is_ok(),
            options.from_slice::<All<'_>>(&bytes).is_ok(),
            options.from_slice::<Vec<(Option<u8>, Any)>>(&bytes).is_ok(),
            options.from_slice::<BTreeMap<u8, &[u8]>>(&bytes).is_ok(),
            options.from_slice::<Choice>(&bytes).is_ok(),
            options.from_slice::<IgnoredAny>(&bytes).is_ok(),
        ];
        if let Ok(document) = options.parse.parse(&bytes) {
            assert!(results[5]);
            assert_eq!(options.from_document::<Any>(&document).is_ok(), results[0], "{bytes:?}");
            assert_eq!(
                options.from_document::<All<'_>>(&document).is_ok(),
                results[1],
                "{bytes:?}"
            );
            good += 1;
        } else {
            assert!(results.iter().all(|good| !good), "{bytes:?}");
            bad += 1;
        }
    }
    println!("{good} good, {bad} bad");
    assert!(good > 1000 && bad > 1000);
}
