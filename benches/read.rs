//! Reading: a document, its events, and validation alone. See benches/README.md.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use v8wire::{Event, Kind, ParseOptions, Parser, Reader};

/// Just enough of a writer for the inputs, which Node would write byte for byte.
mod writer {
    #[derive(Default)]
    pub(super) struct Writer(Vec<u8>);

    impl Writer {
        pub(super) fn new() -> Self {
            Writer(vec![0xFF, 15])
        }

        pub(super) fn varint(&mut self, mut value: u64) -> &mut Self {
            while value >= 0x80 {
                self.0.push(value as u8 | 0x80);
                value >>= 7;
            }
            self.0.push(value as u8);
            self
        }

        pub(super) fn tag(&mut self, tag: u8) -> &mut Self {
            self.0.push(tag);
            self
        }

        pub(super) fn int32(&mut self, value: i32) -> &mut Self {
            self.tag(b'I').varint(u64::from(((value << 1) ^ (value >> 31)) as u32))
        }

        pub(super) fn double(&mut self, value: f64) -> &mut Self {
            self.tag(b'N').0.extend_from_slice(&value.to_le_bytes());
            self
        }

        pub(super) fn string(&mut self, text: &str) -> &mut Self {
            if text.chars().all(|char| u32::from(char) < 256) {
                self.tag(b'"').varint(text.chars().count() as u64);
                self.0.extend(text.chars().map(|char| char as u8));
                return self;
            }
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            // The units are aligned to two bytes; the tag and a length of one or two bytes precede.
            let length = units.len() as u64;
            if !(self.0.len() + 2 + usize::from(length >= 0x80)).is_multiple_of(2) {
                self.tag(0);
            }
            self.tag(b'c').varint(length).0.extend_from_slice(&units);
            self
        }

        pub(super) fn array(
            &mut self,
            length: u64,
            mut element: impl FnMut(&mut Self, u64),
        ) -> &mut Self {
            self.tag(b'A').varint(length);
            for index in 0..length {
                element(self, index);
            }
            self.tag(b'$').varint(0).varint(length)
        }

        pub(super) fn buffer(&mut self, length: usize) -> &mut Self {
            self.tag(b'B').varint(length as u64);
            self.0.extend((0..length).map(|at| (at * 31) as u8));
            self
        }

        pub(super) fn finish(&mut self) -> Vec<u8> {
            std::mem::take(&mut self.0)
        }
    }
}

use writer::Writer;

/// An input and what it holds, so that nothing is timed that was read wrong.
struct Input {
    name: &'static str,
    blob: Vec<u8>,
    /// Events of one reading.
    events: usize,
    /// A question to the document and its answer.
    check: fn(&v8wire::Document<'_>) -> bool,
}

const RECORDS: u64 = 100_000;
const NUMBERS: u64 = 1_000_000;
const STRINGS: u64 = 200_000;
const BUFFER: usize = 64 << 20;
const LEVELS: u64 = 1_000_000;

fn inputs() -> Vec<Input> {
    let records = Writer::new()
        .array(RECORDS, |out, index| {
            out.tag(b'o').string("id").int32(index as i32);
            out.string("name").string(&format!("user-{index}"));
            out.string("score").double(index as f64 * 0.5 + 0.25);
            out.string("active").tag(if index % 2 == 0 { b'T' } else { b'F' });
            out.string("city").string(["Oslo", "Zürich", "Łódź", "Kyoto"][index as usize % 4]);
            out.tag(b'{').varint(5);
        })
        .finish();
    let numbers = Writer::new()
        .array(NUMBERS, |out, index| {
            match index % 4 {
                0 => out.double(index as f64 / 3.0),
                1 => out.int32(index as i32),
                2 => out.int32(-(index as i32 % 64)),
                _ => out.tag(b'U').varint(u64::from(u32::MAX) - index),
            };
        })
        .finish();
    let strings = Writer::new()
        .array(STRINGS, |out, index| {
            match index % 4 {
                0..=2 => out.string(&format!("{index}: the quick brown fox jumps")),
                _ => out.string(&format!("{index}: съешь ещё этих мягких булок")),
            };
        })
        .finish();
    let deep = {
        let mut out = Writer::new();
        for _ in 0..LEVELS {
            out.tag(b'A').varint(1);
        }
        out.tag(b'0');
        for _ in 0..LEVELS {
            out.tag(b'$').varint(0).varint(1);
        }
        out.finish()
    };
    vec![
        Input {
            name: "records",
            blob: records,
            events: 2 + RECORDS as usize * 12,
            check: |doc| {
                let last = doc.root().elements().last();
                last.and_then(|last| last.get("city")?.as_str()).as_deref() == Some("Kyoto")
            },
        },
        Input {
            name: "numbers",
            blob: numbers,
            events: 2 + NUMBERS as usize,
            check: |doc| doc.root()[3].as_u32() == Some(u32::MAX - 3),
        },
        Input {
            name: "strings",
            blob: strings,
            events: 2 + STRINGS as usize,
            check: |doc| {
                doc.root()[3].as_str().as_deref() == Some("3: съешь ещё этих мягких булок")
            },
        },
        Input {
            name: "buffer",
            blob: Writer::new().buffer(BUFFER).finish(),
            events: 1,
            check: |doc| doc.root().as_bytes().is_some_and(|bytes| bytes[..3] == [0, 31, 62]),
        },
        Input {
            name: "deep",
            blob: deep,
            events: 1 + 2 * LEVELS as usize,
            check: |doc| doc.root()[0][0][0].kind() == Kind::Array,
        },
    ]
}

fn options() -> ParseOptions {
    ParseOptions::new().max_depth(u32::MAX)
}

fn events(blob: &[u8], options: &ParseOptions) -> usize {
    let mut reader = Reader::with_options(blob, options).expect("header");
    let mut count = 0;
    while let Some(event) = reader.next_event().expect("good data") {
        count += usize::from(!matches!(black_box(event), Event::Undefined));
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
        assert_eq!(events(&blob, &options), expected, "{name}");
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
        group.finish();
    }
}

criterion_group!(benches, read);
criterion_main!(benches);
