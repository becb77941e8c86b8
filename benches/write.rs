//! Writing: documents and event by event; typed values in and out. See benches/README.md.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use v8wire::{Document, ValueSerializer, WriteOptions};

#[path = "support/mod.rs"]
mod support;

use support::{OwnedRecord, Record};

const RECORDS: u32 = 100_000;

/// All events of a document through a serializer.
fn write_events(document: &Document<'_>, size: usize) -> Vec<u8> {
    let mut out = ValueSerializer::with_options(WriteOptions::new().size_hint(size));
    out.write_header().expect("a header");
    for event in document.events() {
        out.write_event(event).expect("good events");
    }
    out.release().expect("all is closed")
}

fn write(criterion: &mut Criterion) {
    let inputs = [
        ("records", support::records(&support::owned_records(RECORDS))),
        ("world records", support::world_records(RECORDS)),
        ("package-lock", support::package_lock(5_000)),
        ("buffer", support::buffer(64 << 20)),
    ];
    for (name, blob) in inputs {
        let document = Document::parse(&blob).expect("good data");
        assert!(document.to_vec() == blob && write_events(&document, 0) == blob, "{name}");
        let mut group = criterion.benchmark_group(format!("write {name}"));
        group.throughput(Throughput::Bytes(blob.len() as u64)).sample_size(20);
        group.bench_function("document", |bencher| {
            bencher.iter(|| black_box(&document).to_vec());
        });
        group.bench_function("events", |bencher| {
            bencher.iter(|| write_events(black_box(&document), blob.len()));
        });
        group.bench_function("memcpy", |bencher| bencher.iter(|| black_box(&blob).to_vec()));
        group.finish();
    }
}

fn serde(criterion: &mut Criterion) {
    let owned = support::owned_records(RECORDS);
    let records = support::borrowed(&owned);
    let blob = support::records(&owned);
    assert!(v8wire::from_slice::<Vec<Record<'_>>>(&blob).expect("records") == records);
    assert!(v8wire::from_slice::<Vec<OwnedRecord>>(&blob).expect("records") == owned);
    assert!(v8wire::to_vec(&records).expect("records") == blob);
    let mut group = criterion.benchmark_group("serde records");
    group.throughput(Throughput::Bytes(blob.len() as u64)).sample_size(20);
    group.bench_function("in, borrowed", |bencher| {
        bencher.iter(|| v8wire::from_slice::<Vec<Record<'_>>>(black_box(&blob)));
    });
    group.bench_function("in, owned", |bencher| {
        bencher.iter(|| v8wire::from_slice::<Vec<OwnedRecord>>(black_box(&blob)));
    });
    group.bench_function("out", |bencher| bencher.iter(|| v8wire::to_vec(black_box(&records))));
    group.finish();
}

criterion_group!(benches, write, serde);
criterion_main!(benches);
