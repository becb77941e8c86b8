//! A cache file of a JavaScript tool, read into structs.
//!
//! `cargo run --example structs [FILE]`: FILE is what a bundler keeps of its modules, by default
//! `corpus/node-18/app-build-cache.v8`, which Node 18 wrote with `v8.serialize`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Cache<'a> {
    version: &'a str,
    /// Milliseconds.
    timestamp: f64,
    /// A `Map` of paths to modules. The graph, which refers to the same modules, is not asked for.
    #[serde(borrow)]
    modules: BTreeMap<&'a str, Module<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Module<'a> {
    id: &'a str,
    source: &'a str,
    /// A `Uint8Array`: borrowed from the file.
    hash: &'a [u8],
    #[serde(borrow)]
    map: Option<SourceMap<'a>>,
    used_exports: Exports,
    deps: Vec<Dependency<'a>>,
}

#[derive(Debug, Deserialize)]
struct SourceMap<'a> {
    #[serde(borrow)]
    sources: Vec<&'a str>,
}

/// `true` where all are used, a `Set` of names otherwise.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Exports {
    All(bool),
    Some(BTreeSet<String>),
}

/// A module as a dependency. Its `issuer` is the module that it is found in: a cycle, left out here.
#[derive(Debug, Deserialize)]
struct Dependency<'a> {
    id: &'a str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/node-18/app-build-cache.v8");
    let path = std::env::args().nth(1).unwrap_or_else(|| default.into());
    let bytes = std::fs::read(path)?;
    let cache: Cache<'_> = v8wire::from_slice(&bytes)?;

    let written = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(cache.timestamp / 1000.0);
    println!("cache of {}, written {written:?}", cache.version);
    for (path, module) in &cache.modules {
        let hash: String = module.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{path} ({}): {} bytes, {hash}", module.id, module.source.len());
        if let Some(map) = &module.map {
            println!("  from {}", map.sources.join(", "));
        }
        match &module.used_exports {
            Exports::All(all) => println!("  all exports used: {all}"),
            Exports::Some(names) => println!("  exports used: {names:?}"),
        }
        for dependency in &module.deps {
            println!("  needs {}", dependency.id);
        }
    }
    Ok(())
}
