//! Rust values: reading, passing over, writing. See benches/README.md.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use v8wire::{Document, Reader, from_slice, to_vec};

#[derive(Serialize, Deserialize)]
struct Record {
    id: u32,
    name: String,
    email: String,
    score: f64,
    active: bool,
    tags: Vec<String>,
    parent: Option<u32>,
}

/// The same, borrowed.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Borrowed<'a> {
    id: u32,
    name: &'a str,
    email: &'a str,
    score: f64,
    active: bool,
    #[serde(borrow)]
    tags: Vec<&'a str>,
    parent: Option<u32>,
}

/// One field of seven.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Id {
    id: u32,
}

fn records(count: u32) -> Vec<Record> {
    (0..count)
        .map(|id| Record {
            id,
            name: format!("user {id}"),
            email: format!("user{id}@example.com"),
            score: f64::from(id) / 7.0,
            active: id % 3 == 0,
            tags: (0..id % 5).map(|tag| format!("tag{tag}")).collect(),
            parent: (id % 2 == 0).then_some(id / 2),
        })
        .collect()
}

fn serde(criterion: &mut Criterion) {
    let records = records(20_000);
    let bytes = to_vec(&records).expect("bytes");
    let mut group = criterion.benchmark_group("serde");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    // What checks and keeps nothing: the measure of passing over.
    group.bench_function("validate", |bencher| {
        bencher.iter(|| Reader::new(black_box(&bytes)).and_then(Reader::finish).expect("good"));
    });
    group.bench_function("ignore all", |bencher| {
        bencher.iter(|| from_slice::<IgnoredAny>(black_box(&bytes)).expect("good"));
    });
    group.bench_function("ignore each", |bencher| {
        bencher.iter(|| from_slice::<Vec<IgnoredAny>>(black_box(&bytes)).expect("good"));
    });
    group.bench_function("one field of seven", |bencher| {
        bencher.iter(|| from_slice::<Vec<Id>>(black_box(&bytes)).expect("good"));
    });
    group.bench_function("borrowed structs", |bencher| {
        bencher.iter(|| from_slice::<Vec<Borrowed<'_>>>(black_box(&bytes)).expect("good"));
    });
    group.bench_function("owned structs", |bencher| {
        bencher.iter(|| from_slice::<Vec<Record>>(black_box(&bytes)).expect("good"));
    });
    group.bench_function("document, then structs", |bencher| {
        bencher.iter(|| {
            let document = Document::parse(black_box(&bytes)).expect("good");
            v8wire::from_document::<Vec<Record>>(&document).expect("good")
        });
    });
    group.bench_function("write", |bencher| {
        bencher.iter(|| to_vec(black_box(&records)).expect("good"));
    });
    group.finish();
}

criterion_group!(benches, serde);
criterion_main!(benches);
