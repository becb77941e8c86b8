//! Cost in proportion: sizes, depths, and the primitives. See benches/README.md.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use v8wire::{Document, ParseOptions, Parser};

#[path = "support/mod.rs"]
mod support;

use support::Script;

/// Sizes above this are measured only where `V8WIRE_BENCH_LARGE` is set: 256 MB take a gigabyte.
const SMALL: usize = 10 << 20;

fn is_large(size: usize) -> bool {
    size > SMALL && std::env::var_os("V8WIRE_BENCH_LARGE").is_none()
}

fn parse(criterion: &mut Criterion, group: &str, name: String, blob: &[u8], nodes: usize) {
    let options = ParseOptions::new().max_depth(u32::MAX);
    let mut parser = Parser::with_options(options);
    let document = parser.parse(blob).expect("good data");
    assert!(document.node_count() >= nodes, "{name}");
    parser.recycle(document);
    let mut group = criterion.benchmark_group(group);
    group.throughput(Throughput::Bytes(blob.len() as u64)).sample_size(20);
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let document: Document<'_> = parser.parse(black_box(blob)).expect("good data");
            parser.recycle(document);
        });
    });
    group.finish();
}

fn sizes(criterion: &mut Criterion) {
    for size in [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 256_000_000] {
        if !is_large(size) {
            let blob = support::records_of_size(size);
            parse(criterion, "size", size.to_string(), &blob, size / 10);
        }
    }
}

fn depths(criterion: &mut Criterion) {
    for depth in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        let blob = support::deep(depth);
        parse(criterion, "depth", depth.to_string(), &blob, depth as usize);
    }
}

/// As many levels each time, in trees of that depth: what a level takes apart from what a parse does.
fn forests(criterion: &mut Criterion) {
    const LEVELS: u64 = 2_000_000;
    for depth in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        let blob = support::forest(LEVELS / depth, depth);
        parse(criterion, "forest", depth.to_string(), &blob, LEVELS as usize);
    }
}

fn primitives(criterion: &mut Criterion) {
    let inputs = [
        ("integers", support::integers(1_000_000), 1_000_000),
        ("doubles", support::doubles(1_000_000), 1_000_000),
        ("ASCII", support::strings(200_000, Script::Ascii), 200_000),
        ("Latin-1", support::strings(200_000, Script::Latin1), 200_000),
        ("two-byte", support::strings(200_000, Script::TwoByte), 200_000),
        ("Float64Array", support::float64_arrays(10_000, 100), 10_000),
    ];
    for (name, blob, nodes) in inputs {
        parse(criterion, "primitive", name.to_owned(), &blob, nodes);
    }
}

criterion_group!(benches, sizes, depths, forests, primitives);
criterion_main!(benches);
