//! Writing takes time in proportion to the value, and no stack.

use v8wire::json::{self, TypedOptions};
use v8wire::{
    Builder, Document, Literal, ParseOptions, Target, Transcoder, WriteOptions, node, transcode,
};

use crate::blobs::{array, int, map, nested, object, set, text};
use crate::texts::SHAPES;
use crate::{MANY, deep, on_a_small_stack, roughly_linear, shuffled};

#[test]
fn written_again() {
    for make in SHAPES {
        on_a_small_stack(move || {
            roughly_linear(make, |blob| {
                let document = deep().parse(blob).unwrap();
                assert_eq!(document.to_vec(), &blob[..]);
                let bytes = node::serialize(document.root().value()).unwrap();
                assert_eq!(bytes.len(), blob.len());
                let literal = Literal::from(document.root().value()).to_vec().unwrap();
                assert_eq!(literal.len(), blob.len());
            });
        });
    }
}

#[test]
fn transcoded() {
    for make in SHAPES {
        on_a_small_stack(move || {
            roughly_linear(make, |blob| {
                for version in [13, 16] {
                    let to = WriteOptions::new().version(version);
                    assert_eq!(transcode(blob, &deep(), &to).unwrap().len(), blob.len());
                }
            });
        });
    }
}

/// Each of a million values is one that the target does not read, and each has a path.
#[test]
fn a_million_obstacles() {
    const NEW: &[u8] = b"R\"\x01a\x80\x02"; // with the flag `v`
    let shapes: [fn(usize) -> Vec<u8>; 4] = [
        |count| array(count, |blob, _| blob.extend_from_slice(NEW)),
        |count| {
            object(count, |blob, number| {
                int(blob, number);
                blob.extend_from_slice(NEW);
            })
        },
        |count| map(count / 2, |blob, _| blob.extend_from_slice(&[NEW, NEW].concat())),
        |count| set(count, |blob, _| blob.extend_from_slice(NEW)),
    ];
    let to = WriteOptions::for_target(Target::node(18).unwrap());
    for make in shapes {
        roughly_linear(make, |blob| {
            let document = Document::parse(blob).unwrap();
            let transcoder = Transcoder::new(&document, &ParseOptions::new(), &to);
            let longest = transcoder.obstacles().map(|it| it.path().unwrap().len()).max();
            assert!(longest < Some(20), "{longest:?}");
            let wanted = blob.len() / (NEW.len() + 6);
            assert!(transcoder.obstacles().count() > wanted);
        });
    }
    // Far down.
    on_a_small_stack(|| {
        let to = WriteOptions::for_target(Target::node(18).unwrap());
        let blob = nested(b"A\x02R\"\x01a\x80\x02", b"0", b"$\0\x02", MANY);
        let document = deep().parse(&blob).unwrap();
        let paths = document.obstacles(&to).map(|it| it.path().unwrap().len());
        assert_eq!(paths.clone().count(), MANY);
        assert!(paths.max() < Some(200));
    });
}

/// Bytes that no writer would make, before each of a million values; and back.
#[test]
fn a_million_patches() {
    roughly_linear(
        |count| {
            array(count, |blob, number| {
                blob.extend_from_slice(if number % 2 == 0 { b"\0\0I\x02" } else { b"I\x82\x00" });
            })
        },
        |blob| {
            let document = Document::parse(blob).unwrap();
            let text = json::to_typed_string(&document, &TypedOptions::default()).unwrap();
            assert!(text.contains("\"patches\""));
            assert_eq!(json::to_vec(&text).unwrap(), &blob[..]);
        },
    );
}

/// A text of a million keys, one of which is there twice, or of which the last is wrong.
#[test]
fn texts_with_a_million_keys() {
    for order in [|number: usize, _: usize| number, |number, count| count - 1 - number, shuffled] {
        for prefix in ["", "k"] {
            let members = |count: usize, last: &str| {
                let mut text = String::from("{");
                for number in 0..count {
                    text += &format!("\"{prefix}{}\":[],", order(number, count));
                }
                text + last + "}"
            };
            roughly_linear(
                |count| members(count, "\"-\":0"),
                |text| drop(json::to_vec(text).unwrap()),
            );
            roughly_linear(
                |count| members(count, &format!("\"{prefix}0\":0")),
                |text| drop(json::to_vec(text).unwrap_err()),
            );
            roughly_linear(
                |count| members(count, "\"last\":{\"$nothing\":0}"),
                |text| {
                    let error = json::to_vec(text).unwrap_err().to_string();
                    assert!(error.contains("last") && error.len() < 200, "{error}");
                },
            );
        }
    }
}

/// The same key set again and again, keys in any order, an array that is filled from its end.
#[test]
fn builders() {
    for order in [|number: usize, _: usize| number, |number, count| count - 1 - number, shuffled] {
        roughly_linear(
            |count| count,
            |&count| {
                let mut builder = Builder::new();
                let [names, indices, again] = [(); 3].map(|()| builder.object());
                let [list, filled] = [(); 2].map(|()| builder.array());
                for number in 0..count {
                    let value = builder.value(true);
                    builder.set(names, format!("k{}", order(number, count)), value);
                    builder.set(indices, order(number, count), value);
                    builder.set(again, "k", value);
                    builder.push(list, value);
                    builder.set(filled, order(number, count), value);
                }
                for (node, length) in
                    [(names, count), (indices, count), (again, 1), (list, count), (filled, count)]
                {
                    let bytes = builder.to_vec(node, &WriteOptions::new()).unwrap();
                    assert_eq!(Document::parse(&bytes).unwrap().root().len(), Some(length));
                }
                // What is wrong with the last of them has a path.
                let wrong = builder.regexp("", u32::MAX);
                let wrong = builder.view(v8wire::ViewKind::Int8, wrong, 0, 1);
                builder.push(list, wrong);
                let error = builder.to_vec(list, &WriteOptions::new()).unwrap_err();
                assert_eq!(error.path(), Some(&format!("$[{count}]")[..]), "{error}");
            },
        );
    }
}

/// The path of an error far down is cut.
#[test]
fn builders_far_down() {
    on_a_small_stack(|| {
        let mut builder = Builder::new();
        let root = builder.array();
        let mut last = root;
        for _ in 0..MANY {
            let next = builder.array();
            builder.push(last, next);
            last = next;
        }
        let bytes = builder.to_vec(root, &WriteOptions::new()).unwrap();
        assert_eq!(bytes.len(), 2 + 5 * (MANY + 1));
        let wrong = builder.view(v8wire::ViewKind::Int8, root, 0, 1);
        builder.push(last, wrong);
        let error = builder.to_vec(root, &WriteOptions::new()).unwrap_err();
        assert!(error.path().is_some_and(|path| path.len() < 400), "{error}");
    });
}

#[cfg(feature = "serde")]
mod rust_types {
    use std::collections::{BTreeMap, HashMap};

    use serde::de::IgnoredAny;
    use serde::{Deserialize, Serialize};
    use v8wire::js::{Map, Set};
    use v8wire::{from_slice, to_vec};

    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct Record {
        id: usize,
        name: String,
    }

    /// Keys in any order, and one that is there twice.
    #[test]
    fn maps() {
        for order in
            [|number: usize, _: usize| number, |number, count| count - 1 - number, shuffled]
        {
            roughly_linear(
                |count| {
                    let keys = (0..count).map(|number| order(number, count));
                    keys.map(|key| (key, format!("k{key}"))).collect::<Vec<_>>()
                },
                |keys| {
                    struct Pairs<'p, K>(&'p [(K, K)]);
                    impl<K: Serialize> Serialize for Pairs<'_, K> {
                        fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                            s.collect_map(self.0.iter().map(|pair| (&pair.0, &pair.1)))
                        }
                    }
                    let integers: Vec<_> = keys.iter().map(|it| (it.0, it.0)).collect();
                    let bytes = to_vec(&Pairs(&integers)).unwrap();
                    assert_eq!(
                        from_slice::<HashMap<usize, usize>>(&bytes).unwrap().len(),
                        keys.len()
                    );
                    let names: Vec<_> = keys.iter().map(|it| (&it.1[..], &it.1[..])).collect();
                    let bytes = to_vec(&Pairs(&names)).unwrap();
                    let map: BTreeMap<&str, &str> = from_slice(&bytes).unwrap();
                    assert_eq!(map.len(), keys.len());
                    let twice = [&names[..], &[names[0]]].concat();
                    assert!(to_vec(&Pairs(&twice)).is_err());
                },
            );
        }
    }

    #[test]
    fn lists_and_collections() {
        roughly_linear(
            |count| (0..count).map(|id| Record { id, name: "x".into() }).collect::<Vec<_>>(),
            |records| {
                let bytes = to_vec(records).unwrap();
                assert_eq!(from_slice::<Vec<Record>>(&bytes).unwrap().len(), records.len());
                assert_eq!(from_slice::<Vec<IgnoredAny>>(&bytes).unwrap().len(), records.len());
                // The last one is wrong.
                let error = from_slice::<Vec<BTreeMap<String, usize>>>(&bytes).unwrap_err();
                assert_eq!(error.path(), "$[0].name");
                let map: Map<usize, &Record> = records.iter().map(|it| (it.id, it)).collect();
                let bytes = to_vec(&map).unwrap();
                assert_eq!(from_slice::<Map<u32, Record>>(&bytes).unwrap().len(), records.len());
                let set: Set<usize> = records.iter().map(|it| it.id).collect();
                let bytes = to_vec(&set).unwrap();
                assert_eq!(from_slice::<Set<u32>>(&bytes).unwrap().len(), records.len());
            },
        );
    }

    /// One object in a million places is read in each.
    #[test]
    fn references() {
        roughly_linear(SHAPES[4], |blob| {
            let read = from_slice::<Vec<BTreeMap<String, u8>>>(blob).unwrap();
            let document = Document::parse(blob).unwrap();
            assert_eq!(Some(read.len()), document.root().len());
        });
    }

    /// Where the last of many is none of the type.
    #[test]
    fn errors_at_the_end() {
        roughly_linear(
            |count| {
                let last = move |number| number + 1 == count;
                let list = array(count, |blob, number| match last(number) {
                    true => blob.push(b'T'),
                    false => int(blob, number),
                });
                let object = object(count, |blob, number| {
                    text(blob, &format!("k{number}"));
                    blob.push(if last(number) { b'0' } else { b'T' });
                });
                (list, object, count - 1)
            },
            |(list, object, last)| {
                let error = from_slice::<Vec<u32>>(list).unwrap_err();
                assert_eq!(error.path(), format!("$[{last}]"));
                let error = from_slice::<HashMap<String, bool>>(object).unwrap_err();
                assert_eq!(error.path(), format!("$.k{last}"));
            },
        );
    }
}
