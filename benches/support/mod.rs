//! Data for the benchmarks, each made by a small writer of its own that has nothing of the crate's:
//! what Node would write for the same values, byte for byte.

// Each benchmark takes what it needs.
#![allow(dead_code)]

use serde::{Deserialize, Serialize};

/// A record as in the peers' figures: five fields, text in ASCII so that all formats can lend it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record<'a> {
    pub(crate) id: u32,
    pub(crate) name: &'a str,
    pub(crate) score: f64,
    pub(crate) active: bool,
    pub(crate) city: &'a str,
}

/// The same with text of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OwnedRecord {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) score: f64,
    pub(crate) active: bool,
    pub(crate) city: String,
}

/// What the records are made from: text must live somewhere.
pub(crate) fn owned_records(count: u32) -> Vec<OwnedRecord> {
    (0..count)
        .map(|index| OwnedRecord {
            id: index,
            name: format!("user-{index}"),
            score: f64::from(index) * 0.5 + 0.25,
            active: index % 2 == 0,
            city: ["Oslo", "Nairobi", "Lima", "Kyoto"][index as usize % 4].to_owned(),
        })
        .collect()
}

pub(crate) fn borrowed(records: &[OwnedRecord]) -> Vec<Record<'_>> {
    records
        .iter()
        .map(|OwnedRecord { id, name, score, active, city }| Record {
            id: *id,
            name,
            score: *score,
            active: *active,
            city,
        })
        .collect()
}

/// Just enough of a writer.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn new() -> Self {
        Writer(vec![0xFF, 15])
    }

    fn varint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    fn tag(&mut self, tag: u8) -> &mut Self {
        self.0.push(tag);
        self
    }

    fn int32(&mut self, value: i32) -> &mut Self {
        self.tag(b'I').varint(u64::from(((value << 1) ^ (value >> 31)) as u32))
    }

    fn double(&mut self, value: f64) -> &mut Self {
        self.tag(b'N').0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn bool(&mut self, value: bool) -> &mut Self {
        self.tag(if value { b'T' } else { b'F' })
    }

    fn string(&mut self, text: &str) -> &mut Self {
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

    fn array(&mut self, length: u64, mut element: impl FnMut(&mut Self, u64)) -> &mut Self {
        self.tag(b'A').varint(length);
        for index in 0..length {
            element(self, index);
        }
        self.tag(b'$').varint(0).varint(length)
    }

    fn object(&mut self, properties: u64, write: impl FnOnce(&mut Self)) -> &mut Self {
        self.tag(b'o');
        write(self);
        self.tag(b'{').varint(properties)
    }

    fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// An array of [`Record`]s.
pub(crate) fn records(records: &[OwnedRecord]) -> Vec<u8> {
    Writer::new()
        .array(records.len() as u64, |out, index| {
            let record = &records[index as usize];
            out.object(5, |out| {
                out.string("id").int32(record.id as i32);
                out.string("name").string(&record.name);
                out.string("score").double(record.score);
                out.string("active").bool(record.active);
                out.string("city").string(&record.city);
            });
        })
        .finish()
}

/// Records of at least so many bytes.
pub(crate) fn records_of_size(bytes: usize) -> Vec<u8> {
    let mut count = (bytes / 70).max(1) as u32;
    loop {
        let blob = records(&owned_records(count));
        if blob.len() >= bytes {
            return blob;
        }
        count += count / 50 + 1;
    }
}

/// Records of which half of the cities are beyond ASCII: Latin-1 and two-byte.
pub(crate) fn world_records(count: u32) -> Vec<u8> {
    let mut all = owned_records(count);
    for (record, city) in all.iter_mut().zip(["Oslo", "Zürich", "Łódź", "Kyoto"].iter().cycle())
    {
        record.city = (*city).to_owned();
    }
    records(&all)
}

/// Integers: small, negative, beyond 2^30.
pub(crate) fn integers(count: u64) -> Vec<u8> {
    Writer::new()
        .array(count, |out, index| {
            match index % 4 {
                0 => out.int32(index as i32 % 100),
                1 => out.int32(index as i32),
                2 => out.int32(-(index as i32 % 64)),
                _ => out.tag(b'U').varint(u64::from(u32::MAX) - index),
            };
        })
        .finish()
}

pub(crate) fn doubles(count: u64) -> Vec<u8> {
    Writer::new()
        .array(count, |out, index| {
            out.double(index as f64 / 3.0);
        })
        .finish()
}

/// Strings of some 30 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Ascii,
    Latin1,
    TwoByte,
}

pub(crate) fn strings(count: u64, script: Script) -> Vec<u8> {
    let text = match script {
        Script::Ascii => "the quick brown fox jumps",
        Script::Latin1 => "vår sære Zulu fra badeøya",
        Script::TwoByte => "съешь ещё этих мягких булок",
    };
    Writer::new()
        .array(count, |out, index| {
            out.string(&format!("{index}: {text}"));
        })
        .finish()
}

/// Arrays, each in the one before.
pub(crate) fn deep(levels: u64) -> Vec<u8> {
    let mut out = Writer::new();
    for _ in 0..levels {
        out.tag(b'A').varint(1);
    }
    out.tag(b'0');
    for _ in 0..levels {
        out.tag(b'$').varint(0).varint(1);
    }
    out.finish()
}

/// An array of so many trees of that depth, as [`deep`].
pub(crate) fn forest(trees: u64, levels: u64) -> Vec<u8> {
    let tree = deep(levels);
    let mut out = Writer::new();
    out.tag(b'A').varint(trees);
    for _ in 0..trees {
        out.0.extend_from_slice(&tree[2..]);
    }
    out.tag(b'$').varint(0).varint(trees);
    out.finish()
}

/// As npm's package-lock.json: a wide object of objects, whose keys are all different.
pub(crate) fn package_lock(packages: u32) -> Vec<u8> {
    Writer::new()
        .object(4, |out| {
            out.string("name").string("app");
            out.string("version").string("1.0.0");
            out.string("lockfileVersion").int32(3);
            out.string("packages").object(packages.into(), |out| {
                for index in 0..packages {
                    let name = format!("@scope-{}/package-{index}", index % 17);
                    let version = format!("{}.{}.{}", index % 9, index % 31, index % 5);
                    out.string(&format!("node_modules/{name}")).object(5, |out| {
                        out.string("version").string(&version);
                        out.string("resolved").string(&format!(
                            "https://registry.example/{name}/-/package-{index}-{version}.tgz"
                        ));
                        out.string("integrity").string(&format!("sha512-{index:086}=="));
                        out.string("engines").object(1, |out| {
                            out.string("node").string(">=18");
                        });
                        out.string("dependencies").object(2, |out| {
                            out.string(&format!("package-{}", index / 2)).string("^1.0.0");
                            out.string(&format!("package-{}", index / 3 + packages))
                                .string("~2.1.0");
                        });
                    });
                }
            });
        })
        .finish()
}

/// As Metro's file map: a `Map` of paths to arrays.
pub(crate) fn haste_map(files: u64) -> Vec<u8> {
    let mut out = Writer::new();
    out.object(2, |out| {
        out.string("version").int32(9);
        out.string("files").tag(b';');
        for index in 0..files {
            out.string(&format!("src/components/group-{}/File{index}.tsx", index % 97));
            out.array(6, |out, column| {
                match column {
                    0 => out.string(&format!("File{index}")),
                    1 => out.double(1.7e12 + index as f64),
                    2 => out.int32((index * 37 % 90_000) as i32),
                    3 => out.int32(1),
                    4 => out.string("react\0react-native\0./styles"),
                    _ => out.string(&format!("{index:040x}")),
                };
            });
        }
        out.tag(b':').varint(files * 2);
    });
    out.finish()
}

/// An array of ten objects, and references to them.
pub(crate) fn shared(references: u64) -> Vec<u8> {
    Writer::new()
        .array(10 + references, |out, index| {
            if index < 10 {
                out.object(1, |out| {
                    out.string("n").int32(index as i32);
                });
            } else {
                // The array has id 0.
                out.tag(b'^').varint(1 + index % 10);
            }
        })
        .finish()
}

/// One ArrayBuffer.
pub(crate) fn buffer(length: usize) -> Vec<u8> {
    let mut out = Writer::new();
    out.tag(b'B').varint(length as u64);
    out.0.extend((0..length).map(|at| (at * 31) as u8));
    out.finish()
}

/// An array of Node's views: a host object each, of `length` elements of eight bytes.
pub(crate) fn float64_arrays(count: u64, length: u32) -> Vec<u8> {
    Writer::new()
        .array(count, |out, index| {
            // Float64Array is number 8 of Node's kinds.
            out.tag(b'\\').varint(8).varint(u64::from(length) * 8);
            for element in 0..length {
                out.0.extend_from_slice(&(f64::from(element) + index as f64).to_le_bytes());
            }
        })
        .finish()
}
