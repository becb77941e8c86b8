//! Reading takes time in proportion to the input.

use std::time::{Duration, Instant};

use v8wire::{Document, ErrorKind, Kind, ParseOptions, Parser, Reader};

use crate::blobs::{array, int, map, nested, object, set, text, varint};
use crate::{MANY, deep, roughly_linear, shuffled};

/// An object of `count` properties, the keys made by `key`, and one more at its end.
fn keys(count: usize, key: impl Fn(usize) -> String, last: &str) -> Vec<u8> {
    object(count + 1, |blob, number| {
        match number < count {
            true => text(blob, &key(number)),
            false => text(blob, last),
        }
        blob.push(b'T');
    })
}

fn parses(blob: &[u8]) {
    Document::parse(blob).unwrap();
}

#[test]
fn a_million_keys_and_one_again() {
    let names = |number: usize| format!("key{number}");
    roughly_linear(
        |count| keys(count, names, "key0"),
        |blob| {
            let error = Document::parse(blob).unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::DuplicateKey { key: String::from("key0") });
            assert_eq!(error.path(), "$");
        },
    );
    roughly_linear(
        |count| keys(count, names, "other"),
        |blob| assert_eq!(Document::parse(blob).unwrap().root()["other"].as_bool(), Some(true)),
    );
    // Keys that look alike to a weak hash: numbers as text, and long common beginnings and ends.
    roughly_linear(|count| keys(count, |n| n.to_string(), "-"), |blob| parses(blob));
    roughly_linear(|count| keys(count, |n| format!("{:032}", n << 16), "-"), |blob| parses(blob));
}

/// Integer keys and names, ascending, descending and in no order, in objects and in arrays.
#[test]
fn a_million_keys_in_any_order() {
    let orders: [fn(usize, usize) -> usize; 3] =
        [|number, _| number, |number, count| count - 1 - number, shuffled];
    for order in orders {
        roughly_linear(
            |count| {
                object(count, |blob, number| {
                    int(blob, order(number, count));
                    blob.push(b'T');
                })
            },
            |blob| {
                let document = Document::parse(blob).unwrap();
                let keys = document.root().len().unwrap();
                assert_eq!(
                    document.root().get_index(keys as u32 - 1).unwrap().as_bool(),
                    Some(true)
                );
            },
        );
        roughly_linear(
            |count| keys(count, |n| format!("k{}", order(n, count)), "-"),
            |blob| parses(blob),
        );
        // Indices that are no small integers, and such as are spelled.
        roughly_linear(
            |count| {
                object(count, |blob, number| {
                    blob.push(b'U');
                    varint(blob, (1 << 31) + order(number, count));
                    blob.push(b'T');
                })
            },
            |blob| parses(blob),
        );
        roughly_linear(
            |count| {
                let mut blob = b"\xFF\x0Fa".to_vec();
                varint(&mut blob, count);
                for number in 0..count {
                    int(&mut blob, order(number, count));
                    blob.push(b'T');
                }
                blob.push(b'@');
                varint(&mut blob, count);
                varint(&mut blob, count);
                blob
            },
            |blob| assert!(!Document::parse(blob).unwrap().root().is_dense()),
        );
    }
}

/// The entries of one `Map`, the members of one `Set`; what is there twice is nobody's care but the reader's.
#[test]
fn a_million_entries_and_members() {
    roughly_linear(
        |count| {
            map(count, |blob, number| {
                text(blob, &format!("key{}", number / 2));
                int(blob, number);
            })
        },
        |blob| {
            let document = Document::parse(blob).unwrap();
            let count = document.root().entries().count();
            let last = document.root().get(&format!("key{}", (count - 1) / 2)).unwrap();
            assert_eq!(last.as_u32(), Some(count as u32 - 1));
        },
    );
    roughly_linear(
        |count| set(count, |blob, number| int(blob, shuffled(number, count))),
        |blob| {
            let document = Document::parse(blob).unwrap();
            assert_eq!(document.root().members().count(), document.root().len().unwrap());
        },
    );
}

/// What is wrong with the last of a million is told with its place, which is found once.
#[test]
fn the_last_of_a_million_is_wrong() {
    type Make = fn(usize) -> Vec<u8>;
    /// The last item is no value.
    fn item(blob: &mut Vec<u8>, number: usize, count: usize) {
        blob.push(if number + 1 == count { b'%' } else { b'T' });
    }
    let cases: [(Make, &str); 5] = [
        (
            |count| {
                object(count, |blob, number| {
                    text(blob, &format!("k{number}"));
                    item(blob, number, count);
                })
            },
            "$.k#",
        ),
        (
            |count| {
                object(count, |blob, number| {
                    int(blob, number);
                    item(blob, number, count);
                })
            },
            "$[#]",
        ),
        (|count| array(count, |blob, number| item(blob, number, count)), "$[#]"),
        (
            |count| {
                map(count, |blob, number| {
                    blob.push(b'T');
                    item(blob, number, count);
                })
            },
            "$<value #>",
        ),
        (|count| set(count, |blob, number| item(blob, number, count)), "$<#>"),
    ];
    for (make, path) in cases {
        roughly_linear(
            |count| (make(count), path.replace('#', &(count - 1).to_string())),
            |(blob, path)| {
                assert_eq!(Document::parse(blob).unwrap_err().path(), path);
                let mut reader = Reader::new(blob).unwrap();
                let error = loop {
                    match reader.next_event() {
                        Ok(event) => assert!(event.is_some()),
                        Err(error) => break error,
                    }
                };
                assert_eq!(error.path(), path);
            },
        );
    }
}

#[test]
fn many_objects_with_the_same_keys() {
    roughly_linear(
        |count| array(count, |blob, _| blob.extend_from_slice(b"o\"\x01aT\"\x01bT{\x02")),
        |blob| parses(blob),
    );
}

/// Each level refers twice to the one before: 2^n values if they were copied.
#[test]
fn reference_bomb() {
    roughly_linear(
        |count| {
            array(count, |blob, id| {
                if id == 0 {
                    return blob.extend_from_slice(b"A\0$\0\0");
                }
                blob.extend_from_slice(b"A\x02");
                for _ in 0..2 {
                    blob.push(b'^');
                    varint(blob, id);
                }
                blob.extend_from_slice(b"$\0\x02");
            })
        },
        |blob| {
            let document = Document::parse(blob).unwrap();
            let last = document.root().elements().last().unwrap();
            let [left, right] = [0, 1].map(|index| last.get_index(index).unwrap());
            assert!(left.is_same(right));
        },
    );
}

/// Arrays full of holes, into which keys then put elements.
#[test]
fn holes_that_are_filled() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 15, b'A'];
            varint(&mut blob, count);
            blob.extend(std::iter::repeat_n(b'-', count));
            for index in 0..count {
                blob.push(b'U');
                varint(&mut blob, index);
                blob.push(b'T');
            }
            blob.push(b'$');
            varint(&mut blob, count);
            varint(&mut blob, count);
            blob
        },
        |blob| parses(blob),
    );
}

/// Version 13 is read twice to find out whether views carry flags: once for each value.
#[test]
fn many_values_of_version_13_with_views() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 13];
            for _ in 0..count {
                blob.extend_from_slice(b"B\0VB\0\0");
            }
            blob
        },
        |blob| {
            let document = ParseOptions::new().parse_all(blob).unwrap();
            assert!(document.values().all(|value| value.kind() == Kind::View));
        },
    );
}

/// Ids of things that nobody provides, all of them different.
#[test]
fn many_ids_from_outside() {
    roughly_linear(
        |count| {
            array(count, |blob, id| {
                blob.push(b't');
                varint(blob, id);
            })
        },
        |blob| {
            let options = ParseOptions::new().externals(v8wire::Externals::Keep);
            let document = options.parse(blob).unwrap();
            assert_eq!(document.root().elements().count(), document.root().len().unwrap());
        },
    );
}

/// A parser may be used for small data after large data without paying for the large data again.
#[test]
fn small_after_large() {
    let large = nested(b"A\x01", b"0", b"$\x00\x01", MANY);
    let mut parser = Parser::with_options(deep());
    let document = parser.parse(&large).unwrap();
    parser.recycle(document);
    let start = Instant::now();
    for _ in 0..10_000 {
        let document = parser.parse(b"\xFF\x0FT").unwrap();
        parser.recycle(document);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

/// A path that leads over a long key is asked for at each line.
#[test]
fn a_long_key_over_many_values() {
    roughly_linear(
        |count| {
            let values = array(count, |blob, _| blob.push(b'T'));
            object(1, |blob, _| {
                text(blob, &"k".repeat(count));
                blob.extend_from_slice(&values[2..]);
            })
        },
        |blob| {
            let mut reader = Reader::new(blob).unwrap();
            let mut longest = 0;
            while reader.next_event().unwrap().is_some() {
                longest = longest.max(reader.path().len());
            }
            assert!(longest > 64 && longest < 100, "{longest}");
        },
    );
}
