//! v8wire beside its peers: one process, the same data, a table of medians and ratios with targets.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml [--features v8] [-- ROUNDS [NAME]]
//! ```
//!
//! With a name, only contenders that have it in theirs are run, as for a profiler. All results are checked
//! before anything is timed. See benches/README.md.

mod alone;
#[cfg(feature = "v8")]
mod engine;
mod race;
#[path = "../../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::Duration;

use race::Race;
use serde::Deserialize as _;
use serde::de::IgnoredAny;
use support::{OwnedRecord, Record};
use v8wire::{Document, Event, Parser, Reader, WriteOptions};

const RECORDS: u32 = 100_000;
const BUFFER: usize = 64 << 20;
const ROUNDS: usize = 15;

/// A line of the table of targets.
struct Target {
    what: &'static str,
    /// The least (for times, the most) that it may be, in words.
    target: String,
    /// What it is, `None` where a peer is not there.
    found: Option<(String, bool)>,
}

fn at_least(what: &'static str, least: f64, found: Option<f64>) -> Target {
    let found = found.map(|found| (format!("{found:.2}x"), found >= least));
    Target { what, target: format!("{least}x"), found }
}

/// The typed value in the last record, found without reading the others into anything.
fn lookup(blob: &[u8]) -> Option<String> {
    let mut reader = Reader::new(blob).ok()?;
    let Some(Event::DenseArrayBegin { length }) = reader.next_event().ok()? else { return None };
    reader.skip_values(length as usize - 1).ok()?;
    reader.next_event().ok()?;
    while let Some(Event::String(key)) = reader.next_event().ok()? {
        if key == "city" {
            let Some(Event::String(city)) = reader.next_event().ok()? else { return None };
            return Some(city.to_string());
        }
        reader.skip_value().ok()?;
    }
    None
}

/// Looks at each event, as a consumer does. (To hand a whole event to `black_box` would be most of the time.)
fn events(blob: &[u8]) -> usize {
    let mut reader = Reader::new(blob).expect("header");
    let (mut count, mut sum) = (0, 0u64);
    while let Some(event) = reader.next_event().expect("good data") {
        count += 1;
        sum = sum.wrapping_add(match event {
            Event::Int32(value) => value as u64,
            Event::Double(value) => value.to_bits(),
            Event::Bool(value) => value.into(),
            Event::String(text) => text.as_bytes().iter().map(|&byte| u64::from(byte)).sum(),
            _ => 1,
        });
    }
    std::hint::black_box(sum);
    count
}

/// Writes the records event by event.
fn write_events(records: &[Record<'_>], size: usize) -> Vec<u8> {
    let options = WriteOptions::new().size_hint(size);
    let mut out = v8wire::ValueSerializer::with_options(options);
    let mut write = || {
        out.write_header()?;
        out.begin_array(records.len() as u32)?;
        for record in records {
            out.begin_object()?;
            out.write_key("id")?;
            out.write_int32(record.id as i32)?;
            out.write_key("name")?;
            out.write_str(record.name)?;
            out.write_key("score")?;
            out.write_number(record.score)?;
            out.write_key("active")?;
            out.write_bool(record.active)?;
            out.write_key("city")?;
            out.write_str(record.city)?;
            out.end_object()?;
        }
        out.end_array()
    };
    write().expect("records can be written");
    out.release().expect("all is closed")
}

fn table(title: &str, bytes: &[(&str, usize)], race: &Race<'_>) {
    println!("\n### {title}\n");
    println!("| what | median | per record | throughput |");
    println!("|---|---:|---:|---:|");
    for contender in &race.contenders {
        let name = contender.name;
        let Some(median) = race.median(name) else { continue };
        let length = bytes.iter().filter(|(prefix, _)| name.contains(prefix)).map(|it| it.1).next();
        let length = length.unwrap_or(bytes[0].1);
        let rate = length as f64 / 1e6 / median.as_secs_f64();
        let each = median.as_nanos() as f64 / f64::from(RECORDS);
        println!(
            "| {name} | {:.2} ms | {each:.1} ns | {rate:.0} MB/s |",
            median.as_secs_f64() * 1e3
        );
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let rounds = args.next().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let only = args.next();
    let only = only.as_deref();
    let owned = support::owned_records(RECORDS);
    let records = support::borrowed(&owned);
    let blob = support::records(&owned);
    #[cfg(feature = "v8")]
    let engine = engine::Engine::start();
    #[cfg(feature = "v8")]
    println!("V8 {} in process", engine.version());
    #[cfg(not(feature = "v8"))]
    let engine = ();

    // The same records in each format.
    let json = serde_json::to_vec(&records).expect("JSON");
    let msgpack = rmp_serde::to_vec_named(&records).expect("MessagePack");
    let bincode = bincode::serialize(&records).expect("bincode");
    let mut cbor = Vec::new();
    ciborium::into_writer(&records, &mut cbor).expect("CBOR");
    let (heap_value, heap) =
        v8_valueserializer::ValueDeserializer::default().read(&blob).expect("v8_valueserializer");

    // Nothing is timed that is wrong.
    let document = Document::parse(&blob).expect("good data");
    let last = document.root().elements().last().expect("records");
    assert_eq!(last.get("city").and_then(|city| city.as_str()).as_deref(), Some("Kyoto"));
    assert!(document.to_vec() == blob);
    assert_eq!(lookup(&blob).as_deref(), Some("Kyoto"));
    assert_eq!(events(&blob), 2 + RECORDS as usize * 12);
    assert!(v8wire::from_slice::<Vec<Record<'_>>>(&blob).expect("typed") == records);
    assert!(v8wire::from_slice::<Vec<OwnedRecord>>(&blob).expect("typed") == owned);
    assert!(v8wire::to_vec(&records).expect("typed") == blob);
    assert!(write_events(&records, blob.len()) == blob);
    // It writes another kind of array: half a percent more.
    let written = v8_valueserializer::ValueSerializer::default().finish(&heap, &heap_value);
    let written = written.expect("written");
    assert!(v8wire::from_slice::<Vec<Record<'_>>>(&written).expect("typed") == records);
    assert!(rmp_serde::from_slice::<Vec<Record<'_>>>(&msgpack).expect("typed") == records);
    assert!(bincode::deserialize::<Vec<Record<'_>>>(&bincode).expect("typed") == records);
    assert!(serde_json::from_slice::<Vec<Record<'_>>>(&json).expect("typed") == records);
    assert!(sonic_rs::from_slice::<Vec<Record<'_>>>(&json).expect("typed") == records);
    assert!(ciborium::from_reader::<Vec<OwnedRecord>, _>(&cbor[..]).expect("typed") == owned);
    let mut copy = json.clone();
    assert!(simd_json::from_slice::<Vec<OwnedRecord>>(&mut copy).expect("typed") == owned);
    #[cfg(feature = "v8")]
    {
        assert!(engine.read(&blob) && engine.keep(&blob));
        let written = engine.write();
        assert!(v8wire::from_slice::<Vec<Record<'_>>>(&written).expect("typed") == records);
        println!("V8 writes {} bytes", written.len());
    }
    drop(document);

    let sizes = [
        ("v8wire", blob.len()),
        ("json", json.len()),
        ("sonic-rs", json.len()),
        ("rmp-serde", msgpack.len()),
        ("bincode", bincode.len()),
        ("ciborium", cbor.len()),
        ("V8", blob.len()),
    ];
    println!(
        "{RECORDS} records of five fields; medians of {rounds} rounds, all contenders in turn"
    );
    println!(
        "bytes: v8 {}, JSON {}, MessagePack named {}, CBOR {}, bincode {}",
        blob.len(),
        json.len(),
        msgpack.len(),
        cbor.len(),
        bincode.len()
    );

    let mut parser = Parser::new();
    let mut dynamic = Race::default();
    dynamic.add("v8wire Document::parse", || Document::parse(&blob));
    dynamic.add("v8wire Parser, buffers kept", || {
        let document = parser.parse(&blob).expect("good data");
        parser.recycle(document);
    });
    dynamic.add("v8wire Reader, events", || events(&blob));
    dynamic.add("v8wire Reader, validate", || Reader::new(&blob).and_then(Reader::finish));
    dynamic.add("v8wire IgnoredAny", || v8wire::from_slice::<IgnoredAny>(&blob));
    dynamic.add("v8wire Vec<IgnoredAny>", || v8wire::from_slice::<Vec<IgnoredAny>>(&blob));
    dynamic.add("v8wire Reader, last record by path", || lookup(&blob));
    dynamic.add("sonic-rs Value", || sonic_rs::from_slice::<sonic_rs::Value>(&json));
    dynamic.add_prepared(
        "simd-json borrowed Value",
        || json.clone(),
        |mut json| simd_json::to_borrowed_value(&mut json).map(drop),
    );
    dynamic.add_prepared(
        "simd-json Tape",
        || json.clone(),
        |mut json| simd_json::to_tape(&mut json).map(drop),
    );
    dynamic.add("serde_json Value", || serde_json::from_slice::<serde_json::Value>(&json));
    dynamic.add("ciborium Value", || ciborium::from_reader::<ciborium::Value, _>(&cbor[..]));
    dynamic.add("v8_valueserializer read", || {
        v8_valueserializer::ValueDeserializer::default().read(&blob)
    });
    #[cfg(feature = "v8")]
    dynamic.add("V8 ValueDeserializer", || engine.read(&blob));
    dynamic.run(rounds, only);
    table("In, to values of no type", &sizes, &dynamic);

    let mut typed = Race::default();
    typed.add("v8wire from_slice, borrowed", || v8wire::from_slice::<Vec<Record<'_>>>(&blob));
    typed.add("v8wire from_slice, owned", || v8wire::from_slice::<Vec<OwnedRecord>>(&blob));
    typed.add("rmp-serde named, borrowed", || {
        let mut input = rmp_serde::Deserializer::from_read_ref(&msgpack);
        Vec::<Record<'_>>::deserialize(&mut input)
    });
    typed.add("rmp-serde named, owned", || rmp_serde::from_slice::<Vec<OwnedRecord>>(&msgpack));
    typed.add("bincode 1, borrowed", || bincode::deserialize::<Vec<Record<'_>>>(&bincode));
    typed.add("bincode 1, owned", || bincode::deserialize::<Vec<OwnedRecord>>(&bincode));
    typed.add("sonic-rs, borrowed", || sonic_rs::from_slice::<Vec<Record<'_>>>(&json));
    typed.add("serde_json, borrowed", || serde_json::from_slice::<Vec<Record<'_>>>(&json));
    typed.add_prepared(
        "simd-json, owned",
        || json.clone(),
        |mut json| simd_json::from_slice::<Vec<OwnedRecord>>(&mut json),
    );
    typed.add("ciborium, owned", || ciborium::from_reader::<Vec<OwnedRecord>, _>(&cbor[..]));
    typed.run(rounds, only);
    table("In, typed", &sizes, &typed);

    let document = Document::parse(&blob).expect("good data");
    let mut out = Race::default();
    out.add("v8wire to_vec, typed", || v8wire::to_vec(&records));
    out.add("v8wire Document::to_vec", || document.to_vec());
    out.add("v8wire ValueSerializer, calls", || write_events(&records, 0));
    out.add("rmp-serde to_vec_named", || rmp_serde::to_vec_named(&records));
    out.add("bincode 1 serialize", || bincode::serialize(&records));
    out.add("sonic-rs to_vec", || sonic_rs::to_vec(&records));
    out.add("serde_json to_vec", || serde_json::to_vec(&records));
    out.add("simd-json to_vec", || simd_json::to_vec(&records));
    out.add("ciborium into_writer", || {
        let mut bytes = Vec::new();
        ciborium::into_writer(&records, &mut bytes).map(|()| bytes)
    });
    out.add("v8_valueserializer write", || {
        v8_valueserializer::ValueSerializer::default().finish(&heap, &heap_value)
    });
    #[cfg(feature = "v8")]
    out.add("V8 ValueSerializer", || engine.write());
    out.run(rounds, only);
    table("Out", &sizes, &out);

    let [alone_in, alone_out] = alone::race(&records, rounds, only, &engine);

    let large = support::buffer(BUFFER);
    let large_document = Document::parse(&large).expect("good data");
    assert!(large_document.root().as_bytes().is_some_and(|bytes| bytes.len() == BUFFER));
    let mut buffers = Race::default();
    buffers.add("in", || Document::parse(&large));
    buffers.add("out", || large_document.to_vec());
    buffers.add("memcpy", || large.to_vec());
    buffers.run(rounds, only);
    let micros = |name| buffers.median(name).map(|median: Duration| median.as_secs_f64() * 1e6);

    let parse = "v8wire Document::parse";
    let borrowed = "v8wire from_slice, borrowed";
    let in_time = micros("in");
    let targets = [
        at_least(
            "parse to Document / V8's ValueDeserializer",
            20.0,
            dynamic.ratio(parse, "V8 ValueDeserializer"),
        ),
        at_least(
            "parse to Document / v8_valueserializer",
            20.0,
            dynamic.ratio(parse, "v8_valueserializer read"),
        ),
        at_least(
            "parse to Document / sonic-rs to its Value",
            1.5,
            dynamic.ratio(parse, "sonic-rs Value"),
        ),
        at_least(
            "typed borrowed / rmp-serde named, borrowed",
            2.0,
            typed.ratio(borrowed, "rmp-serde named, borrowed"),
        ),
        at_least(
            "typed borrowed / bincode 1, borrowed",
            1.0,
            typed.ratio(borrowed, "bincode 1, borrowed"),
        ),
        at_least(
            "typed out / rmp-serde named",
            1.2,
            out.ratio("v8wire to_vec, typed", "rmp-serde to_vec_named"),
        ),
        at_least(
            "Document out / V8's ValueSerializer",
            20.0,
            out.ratio("v8wire Document::to_vec", "V8 ValueSerializer"),
        ),
        at_least(
            "validate only / parse to Document",
            2.0,
            dynamic.ratio("v8wire Reader, validate", parse),
        ),
        at_least(
            "IgnoredAny / validate only",
            0.98,
            dynamic.ratio("v8wire IgnoredAny", "v8wire Reader, validate"),
        ),
        at_least(
            "Vec<IgnoredAny> / validate only",
            0.98,
            dynamic.ratio("v8wire Vec<IgnoredAny>", "v8wire Reader, validate"),
        ),
        at_least(
            "path lookup to the last record / parse",
            2.0,
            dynamic.ratio("v8wire Reader, last record by path", parse),
        ),
        Target {
            what: "64 MB ArrayBuffer in",
            target: "below 2 µs".into(),
            found: in_time.map(|time| (format!("{time:.2} µs"), time < 2.0)),
        },
        at_least("64 MB ArrayBuffer out / memcpy", 0.8, buffers.ratio("out", "memcpy")),
        at_least("one record to Document / V8's ValueDeserializer", 4.0, alone_in),
        at_least("one record out, typed / V8's ValueSerializer", 2.5, alone_out),
    ];
    println!("\n### Targets\n\n| what | at least | found | |\n|---|---:|---:|---|");
    let mut missed = 0;
    for Target { what, target, found } in &targets {
        let (found, verdict) = match found {
            Some((found, true)) => (found.as_str(), "pass"),
            Some((found, false)) => {
                missed += 1;
                (found.as_str(), "MISSED")
            }
            None => ("-", "not run (feature `v8`)"),
        };
        println!("| {what} | {target} | {found} | {verdict} |");
    }
    if missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
