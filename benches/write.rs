//! Writing: documents, and event by event. See benches/README.md.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use v8wire::{Document, ValueSerializer, WriteOptions};

#[path = "support/mod.rs"]
mod support;

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

criterion_group!(benches, write);
criterion_main!(benches);
