//! What is shown of a large value takes time and text in proportion to it, and no stack.

use std::fmt::{self, Write};

use v8wire::Document;
use v8wire::annotate::{self, AnnotateOptions, lines};
use v8wire::inspect::{self, InspectOptions};
use v8wire::json::{self, PlainOptions, TypedOptions};

use crate::blobs::{array, int, map, nested, object, set, text};
use crate::{MANY, deep, on_a_small_stack, roughly_linear, shuffled};

/// Takes text and forgets it.
#[derive(Default)]
struct Counted {
    calls: usize,
    bytes: usize,
}

impl Write for Counted {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.calls += 1;
        self.bytes += text.len();
        Ok(())
    }
}

/// At most so many bytes of text, and calls, for each byte: a level of nesting is two bytes, and a line of an
/// annotation with a path of 32 steps.
const PER_BYTE: usize = 256;

pub(crate) type Make = fn(usize) -> Vec<u8>;

/// A million of everything, side by side and within each other.
pub(crate) const SHAPES: [Make; 11] = [
    |count| {
        object(count, |blob, number| {
            text(blob, &format!("key {number}"));
            blob.push(b'T');
        })
    },
    |count| {
        object(count, |blob, number| {
            int(blob, shuffled(number, count));
            text(blob, "x");
        })
    },
    |count| array(count, int),
    |count| array(count, |blob, _| blob.extend_from_slice(b"o\"\x01aT\"\x01bT{\x02")),
    // One object in all places.
    |count| {
        array(count, |blob, number| match number {
            0 => blob.extend_from_slice(b"o{\0"),
            _ => blob.extend_from_slice(b"^\x01"),
        })
    },
    |count| {
        map(count, |blob, number| {
            int(blob, number);
            blob.extend_from_slice(b"o{\0");
        })
    },
    |count| set(count, |blob, number| text(blob, &number.to_string())),
    |levels| nested(b"A\x01", b"0", b"$\x00\x01", levels),
    |levels| nested(b"o\"\x01a", b"0", b"{\x01", levels),
    |levels| nested(b";", b"0", b"0:\x02", levels),
    |levels| nested(b"rc", b"0", b".", levels),
];

/// For each shape of each size: a text of it, by `write`.
fn proportionate(write: impl Fn(&[u8], &Document<'_>, &mut Counted) + Copy + Send + 'static) {
    for make in SHAPES {
        on_a_small_stack(move || {
            roughly_linear(make, |blob| {
                let document = deep().parse(blob).unwrap();
                let mut counted = Counted::default();
                write(blob, &document, &mut counted);
                let most = PER_BYTE * blob.len();
                let Counted { calls, bytes } = counted;
                assert!(bytes <= most && calls <= most, "{bytes} in {calls} of {}", blob.len());
            });
        });
    }
}

#[test]
fn annotated() {
    proportionate(|blob, _, out| {
        annotate::write(blob, &deep(), &AnnotateOptions::default(), out).unwrap();
        let mut longest = 0;
        let error = lines(blob, &deep(), &AnnotateOptions::default(), &mut |line| {
            longest = longest.max(line.path.map_or(0, str::len));
            Ok(())
        });
        assert_eq!(error, Ok(None));
        assert!(longest < 300, "{longest}");
    });
}

#[test]
fn inspected() {
    proportionate(|_, document, out| {
        let mut options = InspectOptions::default();
        inspect::write(document.root().value(), &options, out).unwrap();
        options.full = true;
        inspect::write(document.root().value(), &options, out).unwrap();
    });
}

#[test]
fn as_typed_json() {
    proportionate(|_, document, out| {
        let mut options = TypedOptions::default();
        json::write_typed(document, &options, out).unwrap();
        options.indent = Some(2);
        json::write_typed(document, &options, out).unwrap();
    });
}

#[test]
fn as_plain_json() {
    proportionate(|_, document, out| {
        let mut options = PlainOptions::default();
        json::write_plain(document.root().value(), &options, out).unwrap();
        options.indent = Some(2);
        json::write_plain(document.root().value(), &options, out).unwrap();
    });
}

/// The path of an error at the bottom of a million levels is cut in its middle, wherever it comes from.
#[test]
fn errors_far_down() {
    let short = |path: &str| assert!((50..400).contains(&path.len()), "{path}");
    on_a_small_stack(move || {
        // A cycle, which JSON has none of.
        let blob = nested(b"A\x01", b"^\0", b"$\x00\x01", MANY);
        let document = deep().parse(&blob).unwrap();
        let error = json::to_plain_string(document.root().value(), &PlainOptions::default());
        short(error.unwrap_err().path().unwrap());
        // Damage, told by an annotation.
        let blob = nested(b"o\"\x01a", b"%", b"", MANY);
        let mut told = None;
        let error = lines(&blob, &deep(), &AnnotateOptions::default(), &mut |line| {
            told = line.error.map(|error| error.path().to_owned()).or(told.take());
            Ok(())
        });
        short(error.unwrap().unwrap().path());
        short(&told.unwrap());
        // A limit.
        let blob = nested(b"'", b"\"\x02ab", b",\x01", MANY);
        let mut options = deep();
        options.limits.bytes = 1;
        let error = options.parse(&blob).unwrap_err();
        short(error.path());
        assert!(error.is_limit());
    });
}
