//! Rust structs, written for Node.
//!
//! `cargo run --example structs_to_node [FILE]` writes a cache to FILE, by default in the folder for
//! temporary files, and reads it again. Node reads it with
//!
//! ```sh
//! node -p 'v8.deserialize(fs.readFileSync(process.argv[1]))' FILE
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use v8wire::{NoneAs, SerializeOptions};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    version: u32,
    /// Milliseconds: too large for a small integer, so it is a double on the wire.
    built: u64,
    /// Too large for a number, so it becomes a bigint.
    build_id: u64,
    /// An object.
    files: BTreeMap<String, File>,
    /// A `Map`, since tuples can be no names of properties.
    spans: BTreeMap<(u32, u32), String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct File {
    size: u64,
    ratio: f64,
    kind: Kind,
    hash: Option<Hash>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// `'module'`
    Module,
    /// `{ asset: { width, height } }`
    Asset { width: u32, height: u32 },
}

/// A `Buffer`.
#[derive(Debug, PartialEq)]
struct Hash([u8; 4]);

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A sequence of numbers, which buffers can be read as.
        <[u8; 4]>::deserialize(deserializer).map(Hash)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let script = File {
        size: 1200,
        ratio: 0.25,
        kind: Kind::Module,
        hash: Some(Hash([0xDE, 0xAD, 0xBE, 0xEF])),
    };
    let kind = Kind::Asset { width: 640, height: 480 };
    let picture = File { size: 50_000, ratio: 0.75, kind, hash: None };
    let report = Report {
        version: 3,
        built: 1_700_000_000_000,
        build_id: 0xFEDC_BA98_7654_3210,
        files: BTreeMap::from([("src/index.js".into(), script), ("logo.png".into(), picture)]),
        spans: BTreeMap::from([((0, 14), "héllo".into()), ((15, 20), "世界".into())]),
    };
    // Properties that are not there are undefined to JavaScript, and so shall be `None`.
    let options = SerializeOptions::new().none(NoneAs::Undefined);
    let bytes = options.to_vec(&report)?;

    let path = match std::env::args_os().nth(1) {
        Some(path) => path.into(),
        None => std::env::temp_dir().join("v8wire-report.v8"),
    };
    std::fs::write(&path, &bytes)?;
    println!("{} bytes in {}", bytes.len(), path.display());

    let read: Report = v8wire::from_slice(&bytes)?;
    assert_eq!(read, report);
    println!("{read:#?}");
    Ok(())
}
