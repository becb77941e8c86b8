//! Each record by itself, as a key-value store has them: what every call costs counts here.

use serde::Deserialize as _;
use v8wire::{Document, Parser, Reader};

use crate::race::Race;
use crate::support::Record;
use crate::{RECORDS, table};

#[cfg(feature = "v8")]
type Engine = crate::engine::Engine;
/// There is none.
#[cfg(not(feature = "v8"))]
type Engine = ();

/// How many times faster than V8's `ValueDeserializer` a record is parsed, and written than by its `ValueSerializer`.
pub fn race(
    records: &[Record<'_>],
    rounds: usize,
    only: Option<&str>,
    engine: &Engine,
) -> [Option<f64>; 2] {
    let each = |write: fn(&Record<'_>) -> Vec<u8>| records.iter().map(write).collect::<Vec<_>>();
    let blobs = each(|record| v8wire::to_vec(record).expect("record"));
    let json = each(|record| serde_json::to_vec(record).expect("JSON"));
    let msgpack = each(|record| rmp_serde::to_vec_named(record).expect("MessagePack"));
    for (blob, record) in blobs.iter().zip(records) {
        assert_eq!(v8wire::from_slice::<Record<'_>>(blob).expect("typed"), *record);
    }
    let heaps: Vec<_> = blobs
        .iter()
        .map(|blob| v8_valueserializer::ValueDeserializer::default().read(blob).expect("record"))
        .collect();
    #[cfg(feature = "v8")]
    assert!(blobs.iter().all(|blob| engine.read(blob)) && engine.keep(&blobs[0]));
    #[cfg(not(feature = "v8"))]
    let () = engine;

    let all = |blobs: &[Vec<u8>]| blobs.iter().map(Vec::len).sum::<usize>();
    let sizes = [
        ("v8wire", all(&blobs)),
        ("json", all(&json)),
        ("sonic-rs", all(&json)),
        ("rmp-serde", all(&msgpack)),
        ("V8", all(&blobs)),
    ];
    let mut parser = Parser::new();
    let mut race = Race::default();
    race.add("v8wire Document::parse", || {
        blobs.iter().filter(|blob| Document::parse(blob).is_ok()).count()
    });
    race.add("v8wire Parser, buffers kept", || {
        for blob in &blobs {
            let document = parser.parse(blob).expect("record");
            parser.recycle(document);
        }
    });
    race.add("v8wire Reader, validate", || {
        blobs.iter().filter(|blob| Reader::new(blob).and_then(Reader::finish).is_ok()).count()
    });
    race.add("v8wire from_slice, borrowed", || {
        blobs
            .iter()
            .filter_map(|blob| v8wire::from_slice::<Record<'_>>(blob).ok())
            .map(|it| it.id)
            .max()
    });
    race.add("sonic-rs Value", || {
        json.iter().filter(|json| sonic_rs::from_slice::<sonic_rs::Value>(json).is_ok()).count()
    });
    race.add("serde_json Value", || {
        json.iter().filter(|json| serde_json::from_slice::<serde_json::Value>(json).is_ok()).count()
    });
    race.add("serde_json, borrowed", || {
        json.iter()
            .filter_map(|json| serde_json::from_slice::<Record<'_>>(json).ok())
            .map(|it| it.id)
            .max()
    });
    race.add("rmp-serde named, borrowed", || {
        let read =
            |bytes| Record::deserialize(&mut rmp_serde::Deserializer::from_read_ref(bytes)).ok();
        msgpack.iter().filter_map(read).map(|it| it.id).max()
    });
    race.add("v8_valueserializer read", || {
        let read = |blob| v8_valueserializer::ValueDeserializer::default().read(blob).is_ok();
        blobs.iter().filter(|blob| read(blob)).count()
    });
    #[cfg(feature = "v8")]
    race.add("V8 ValueDeserializer", || blobs.iter().filter(|blob| engine.read(blob)).count());

    race.add("v8wire to_vec, typed", || {
        records
            .iter()
            .map(|record| v8wire::to_vec(record).map_or(0, |bytes| bytes.len()))
            .sum::<usize>()
    });
    race.add("serde_json to_vec", || {
        records
            .iter()
            .map(|record| serde_json::to_vec(record).map_or(0, |bytes| bytes.len()))
            .sum::<usize>()
    });
    race.add("rmp-serde to_vec_named", || {
        records
            .iter()
            .map(|record| rmp_serde::to_vec_named(record).map_or(0, |bytes| bytes.len()))
            .sum::<usize>()
    });
    race.add("v8_valueserializer write", || {
        let write =
            |(value, heap)| v8_valueserializer::ValueSerializer::default().finish(heap, value);
        heaps
            .iter()
            .map(|(value, heap)| write((value, heap)).map_or(0, |bytes| bytes.len()))
            .sum::<usize>()
    });
    #[cfg(feature = "v8")]
    race.add("V8 ValueSerializer", || (0..RECORDS).map(|_| engine.write().len()).sum::<usize>());
    race.run(rounds, only);
    table("Each record alone", &sizes, &race);
    [
        race.ratio("v8wire Document::parse", "V8 ValueDeserializer"),
        race.ratio("v8wire to_vec, typed", "V8 ValueSerializer"),
    ]
}
