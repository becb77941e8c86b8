//! Reading: a document, its events, and validation alone. See benches/README.md.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use v8wire::{Event, Kind, ParseOptions, Parser, Reader};

#[path = "support/mod.rs"]
mod support;

use support::Script;

/// An input and what it holds, so that nothing is timed that was read wrong.
struct Input {
    name: &'static str,
    blob: Vec<u8>,
    /// Events of one reading, 0 where nobody has counted them.
    events: usize,
    /// A question to the document and its answer.
    check: fn(&v8wire::Document<'_>) -> bool,
}

const RECORDS: u32 = 100_000;
const PACKAGES: u32 = 5_000;
const FILES: u64 = 20_000;
const NUMBERS: u64 = 1_000_000;
const STRINGS: u64 = 200_000;
const BUFFER: usize = 64 << 20;
const LEVELS: u64 = 1_000_000;

fn inputs() -> Vec<Input> {
    let records = RECORDS as usize;
    vec![
        Input {
            name: "records",
            blob: support::records(&support::owned_records(RECORDS)),
            events: 2 + records * 12,
            check: |doc| text(doc, "$[99999].city") == "Kyoto",
        },
        Input {
            name: "world records",
            blob: support::world_records(RECORDS),
            events: 2 + records * 12,
            check: |doc| text(doc, "$[99998].city") == "Łódź",
        },
        Input {
            name: "integers",
            blob: support::integers(NUMBERS),
            events: 2 + NUMBERS as usize,
            check: |doc| doc.root()[3].as_u32() == Some(u32::MAX - 3),
        },
        Input {
            name: "doubles",
            blob: support::doubles(NUMBERS),
            events: 2 + NUMBERS as usize,
            check: |doc| doc.root()[3].as_f64() == Some(1.0),
        },
        Input {
            name: "ASCII",
            blob: support::strings(STRINGS, Script::Ascii),
            events: 2 + STRINGS as usize,
            check: |doc| text(doc, "$[3]") == "3: the quick brown fox jumps",
        },
        Input {
            name: "two-byte",
            blob: support::strings(STRINGS, Script::TwoByte),
            events: 2 + STRINGS as usize,
            check: |doc| text(doc, "$[3]") == "3: съешь ещё этих мягких булок",
        },
        Input {
            name: "package-lock",
            blob: support::package_lock(PACKAGES),
            events: 0,
            check: |doc| {
                doc.root()["packages"].properties().count() == PACKAGES as usize
                    && text(doc, "$.packages[\"node_modules/@scope-1/package-1\"].version")
                        == "1.1.1"
            },
        },
        Input {
            name: "haste map",
            blob: support::haste_map(FILES),
            events: 0,
            check: |doc| doc.root()["files"].entries().count() == FILES as usize,
        },
        Input {
            name: "shared",
            blob: support::shared(NUMBERS),
            events: 0,
            check: |doc| doc.root()[12]["n"].as_i32() == Some(2),
        },
        Input {
            name: "buffer",
            blob: support::buffer(BUFFER),
            events: 1,
            check: |doc| doc.root().as_bytes().is_some_and(|bytes| bytes[..3] == [0, 31, 62]),
        },
        Input {
            name: "deep",
            blob: support::deep(LEVELS),
            events: 1 + 2 * LEVELS as usize,
            check: |doc| doc.root()[0][0][0].kind() == Kind::Array,
        },
    ]
}

fn text(doc: &v8wire::Document<'_>, path: &str) -> String {
    doc.root().at(path).ok().and_then(|value| value.as_str()).unwrap_or_default().into_owned()
}

fn options() -> ParseOptions {
    ParseOptions::new().max_depth(u32::MAX)
}

fn events(blob: &[u8], options: &ParseOptions) -> usize {
    let mut reader = Reader::with_options(blob, options).expect("header");
    let mut count = 0;
    while let Some(event) = reader.next_event().expect("good data") {
        count += usize::from(!matches!(*black_box(&event), Event::Undefined));
    }
    reader.finish().expect("nothing behind");
    count
}

fn validate(blob: &[u8], options: &ParseOptions) -> bool {
    Reader::with_options(blob, options).and_then(Reader::finish).is_ok()
}

fn read(criterion: &mut Criterion) {
    let options = options();
    for Input { name, blob, events: expected, check } in inputs() {
        let document = options.parse(&blob).expect("good data");
        assert!(check(&document), "{name} is read wrong");
        let found = events(&blob, &options);
        assert!(expected == 0 || found == expected, "{name}: {found} events");
        assert!(validate(&blob, &options), "{name}");
        drop(document);

        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(blob.len() as u64)).sample_size(20);
        // With the buffers of the parse before, and with new ones each time.
        group.bench_function(BenchmarkId::from_parameter("document"), |bencher| {
            let mut parser = Parser::with_options(options.clone());
            bencher.iter(|| {
                let document = parser.parse(black_box(&blob)).expect("good data");
                black_box(document.node_count());
                parser.recycle(document);
            });
        });
        group.bench_function(BenchmarkId::from_parameter("document, once"), |bencher| {
            bencher.iter_batched(
                || (),
                |()| options.parse(black_box(&blob)).expect("good data"),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(BenchmarkId::from_parameter("events"), |bencher| {
            bencher.iter(|| events(black_box(&blob), &options));
        });
        group.bench_function(BenchmarkId::from_parameter("validate"), |bencher| {
            bencher.iter(|| validate(black_box(&blob), &options));
        });
        group.bench_function(BenchmarkId::from_parameter("path"), |bencher| {
            bencher.iter(|| last(black_box(&blob), &options));
        });
        group.finish();
    }
}

/// Passes over all elements of an array but the last, and reads that: what a path lookup takes.
fn last(blob: &[u8], options: &ParseOptions) {
    let mut reader = Reader::with_options(blob, options).expect("header");
    if let Some(Event::DenseArrayBegin { length }) = reader.next_event().expect("good data") {
        for _ in 1..length {
            reader.skip_value().expect("good data");
        }
    }
    black_box(reader.next_event().expect("good data"));
}

criterion_group!(benches, read);
criterion_main!(benches);
