//! Shared by the tests over the corpus: cases and how they are read, and our own description of a document
//! to be compared with the one that an engine wrote.
#![allow(dead_code, unreachable_pub, unused_imports)]

mod describe;
mod parts;
mod texts;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use v8wire::{
    Delegate, Document, HostError, HostReader, HostStep, ParseOptions, Profile, SharedBuffer, Value,
};

pub use self::describe::Describer;
pub use self::parts::read_parts;
pub use self::texts::{mark_lone_surrogates, normalise, source};

/// The folders of what engines wrote.
pub const ENGINES: [&str; 13] = [
    "node-8",
    "node-10",
    "node-12",
    "node-14",
    "node-16",
    "node-18",
    "node-20",
    "node-22",
    "node-24",
    "node-26",
    "deno-2.9",
    "deno-2.9-core",
    "deno-2.9-kv",
];

pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A blob and what its JSON says.
pub struct Case {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub json: Json,
}

impl Case {
    pub fn name(&self) -> String {
        self.path.strip_prefix(corpus()).unwrap_or(&self.path).display().to_string()
    }

    pub fn has(&self, key: &str) -> bool {
        self.json.get(key).is_some()
    }
}

pub fn parse_json(text: &str) -> Json {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut deserializer).expect("the case's JSON")
}

/// All cases of one folder of the corpus, in the order of their names. At least one.
pub fn cases(folder: &str) -> Vec<Case> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(corpus().join(folder))
        .unwrap_or_else(|error| panic!("corpus/{folder}: {error}"))
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "v8"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "corpus/{folder} is empty");
    paths
        .into_iter()
        .map(|path| Case {
            bytes: std::fs::read(&path).expect("blob"),
            json: parse_json(&mark_lone_surrogates(
                &std::fs::read_to_string(path.with_extension("json")).expect("json"),
            )),
            path,
        })
        .collect()
}

/// Descriptions nest deeply, and serde_json and this module recurse.
pub fn with_stack<R: Send>(test: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(1 << 30)
            .spawn_scoped(scope, test)
            .expect("thread")
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What a case says of buffers that are elsewhere.
#[derive(Clone, Default, Debug)]
pub struct Outside {
    pub hex: String,
    pub length: u64,
    pub max: Option<u64>,
    pub shared: bool,
    pub wasm: bool,
}

impl Outside {
    fn from(json: &Json) -> Outside {
        if let Some(hex) = json.as_str() {
            return Outside { hex: hex.into(), length: hex.len() as u64 / 2, ..Outside::default() };
        }
        let hex = json["hex"].as_str().unwrap_or_default();
        let pages = json["wasm"]["initial"].as_u64().map(|pages| pages * 65536);
        Outside {
            hex: hex.into(),
            length: pages.or(json["length"].as_u64()).unwrap_or(hex.len() as u64 / 2),
            max: json["max"].as_u64(),
            shared: json["shared"].as_bool().unwrap_or(false),
            wasm: pages.is_some() || json["length"].is_u64(),
        }
    }
}

pub fn outsides(json: &Json) -> HashMap<u32, Outside> {
    json.as_object()
        .map(|map| {
            map.iter().map(|(id, what)| (id.parse().expect("id"), Outside::from(what))).collect()
        })
        .unwrap_or_default()
}

/// How the payload of host objects is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HostForm {
    None,
    /// `options.host` of the hand-made cases.
    Uint32,
    Uint64,
    Double,
    OneValue,
    Nothing,
    /// `custom` cases: a kind, then what belongs to it.
    Custom,
    /// `deno-2.9-core`: an index, or 2^32 - 1 and a value.
    DenoCore,
    /// `channel`: Node's.
    Channel,
}

impl HostForm {
    pub fn of(name: &str) -> HostForm {
        match name {
            "uint32" => HostForm::Uint32,
            "uint64" => HostForm::Uint64,
            "double" => HostForm::Double,
            "value" => HostForm::OneValue,
            "nothing" => HostForm::Nothing,
            other => panic!("host form {other}"),
        }
    }
}

pub struct TestHost {
    pub form: HostForm,
    pub node: Option<v8wire::NodeHost>,
    pub shared: HashMap<u32, Outside>,
    pub modules: Vec<u32>,
}

impl Delegate for TestHost {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if let Some(node) = &self.node {
            return node.read_host_object(host);
        }
        let step = host.step();
        match self.form {
            HostForm::None => return Err(HostError::new("no host objects here")),
            HostForm::Uint32 => drop(host.read_uint32()?),
            HostForm::Uint64 => drop(host.read_uint64()?),
            HostForm::Double => drop(host.read_double()?),
            HostForm::OneValue if step == 0 => return Ok(HostStep::Value),
            HostForm::DenoCore if step == 0 && host.read_uint32()? == u32::MAX => {
                return Ok(HostStep::Value);
            }
            HostForm::Custom => {
                if step == 0 {
                    let kind = host.read_uint32()?;
                    host.set_token(kind);
                    match kind {
                        2 => {
                            let length = host.read_uint32()? as usize;
                            host.read_raw_bytes(length)?;
                        }
                        3 => {
                            host.read_uint64()?;
                            host.read_double()?;
                        }
                        _ => {}
                    }
                }
                let values = [0, 0, 0, 0, 1, 2].get(host.token() as usize).copied().unwrap_or(0);
                if step < values {
                    return Ok(HostStep::Value);
                }
            }
            _ => {}
        }
        Ok(HostStep::Done)
    }

    fn shared_array_buffer(&self, id: u32) -> Option<SharedBuffer> {
        let known = self.shared.get(&id)?;
        let mut buffer = SharedBuffer::new(known.length);
        if known.max.is_some() {
            buffer = buffer.growable();
        }
        Some(if known.wasm { buffer.wasm() } else { buffer })
    }

    fn has_wasm_module(&self, id: u32) -> bool {
        self.modules.contains(&id)
    }
}

/// What a reader of this case is given.
pub struct Setup {
    pub options: ParseOptions,
    pub form: HostForm,
    pub transfers: HashMap<u32, Outside>,
    pub shared: HashMap<u32, Outside>,
}

/// For a case of an engine's folder.
pub fn engine_setup(case: &Case) -> Setup {
    let serializer = case.json["serializer"].as_str().unwrap_or_default();
    let form = match serializer {
        "custom" | "raw" if case.has("host") => HostForm::Custom,
        "core" => HostForm::DenoCore,
        "channel" => HostForm::Channel,
        _ => HostForm::None,
    };
    let mut shared = outsides(&case.json["shared"]);
    for (known, max) in
        shared.values_mut().zip(case.json["shared_max"].as_array().into_iter().flatten())
    {
        known.max = max.as_u64();
    }
    let transfers = outsides(&case.json["transfers"]);
    let mut options = ParseOptions::new();
    options.headerless_version = case.json["version"].as_u64().map(|version| version as u32);
    options = with_transfers(options, &transfers);
    options = match serializer {
        "default" => options.profile(Profile::Node),
        "channel" => options.profile(Profile::NodeIpc),
        _ => options.delegate(Arc::new(TestHost {
            form,
            node: None,
            shared: shared.clone(),
            modules: vec![0],
        })),
    };
    Setup { options, form, transfers, shared }
}

fn with_transfers(mut options: ParseOptions, transfers: &HashMap<u32, Outside>) -> ParseOptions {
    for (&id, known) in transfers {
        options = match (known.shared, known.max) {
            (true, max) => options.transfer_shared_array_buffer(id, known.length, max.is_some()),
            (false, Some(_)) => options.transfer_resizable_array_buffer(id, known.length),
            (false, None) => options.transfer_array_buffer(id, known.length),
        };
    }
    options
}

/// For a hand-made case.
pub fn verdict_setup(case: &Case, release: v8wire::Release) -> Setup {
    let given = &case.json["options"];
    let form = given["host"].as_str().map_or(HostForm::None, HostForm::of);
    let node = given["profile"] == "node";
    let shared = outsides(&given["shared"]);
    let transfers = outsides(&given["transfers"]);
    let modules = given["modules"]
        .as_object()
        .map(|map| map.keys().map(|id| id.parse().expect("id")).collect())
        .unwrap_or_default();
    let mut options = ParseOptions::new().strictness(v8wire::Strictness::Engine(release));
    options = with_transfers(options, &transfers);
    options = if form == HostForm::None && shared.is_empty() && !case_has_modules(given) {
        options.profile(if node { Profile::Node } else { Profile::V8 })
    } else {
        options.delegate(Arc::new(TestHost {
            form,
            node: node.then(|| v8wire::NodeHost::new(release)),
            shared: shared.clone(),
            modules,
        }))
    };
    Setup { options, form, transfers, shared }
}

fn case_has_modules(given: &Json) -> bool {
    given.get("modules").is_some()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn document_values<'d, 'a>(doc: &'d Document<'a>) -> Vec<Value<'d, 'a>> {
    doc.values().collect()
}
