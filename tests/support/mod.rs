//! Shared by the tests over the corpus: cases, and our own description of a document in the grammar
//! of corpus/README.md, to be compared with the one that an engine wrote.
#![allow(dead_code, unreachable_pub)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use v8wire::{
    ArrayBufferKind, ByteOrder, Delegate, Document, HostError, HostReader, HostStep, Key, Kind,
    ParseOptions, Profile, SharedBuffer, Text, Value, ViewKind, regexp_flags,
};

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

/// Describes values of one document.
pub struct Describer<'s> {
    setup: &'s Setup,
    numbers: HashMap<u32, usize>,
}

impl<'s> Describer<'s> {
    pub fn new(setup: &'s Setup) -> Self {
        Describer { setup, numbers: HashMap::new() }
    }

    pub fn describe(&mut self, value: Value<'_, '_>) -> Json {
        match value.kind() {
            Kind::Undefined => return json!(["undefined"]),
            Kind::Null => return json!(["null"]),
            Kind::Bool => return json!(["bool", value.as_bool()]),
            Kind::Number => return json!(["number", number(value.as_f64().expect("number"))]),
            Kind::BigInt => return json!(["bigint", bigint(value)]),
            Kind::String => return json!(["string", string(value.as_text().expect("text"))]),
            Kind::Hole => return json!(["hole"]),
            _ => {}
        }
        let next = self.numbers.len();
        if let Some(&number) = self.numbers.get(&value.id().expect("id")) {
            return json!(["ref", number]);
        }
        self.numbers.insert(value.id().expect("id"), next);
        match value.kind() {
            Kind::Object => json!(["object", self.properties(value)]),
            Kind::Array => self.array(value),
            Kind::Map => {
                let mut entries: Vec<(Value<'_, '_>, Value<'_, '_>)> = Vec::new();
                for (key, value) in value.entries() {
                    match entries.iter_mut().find(|entry| same_value_zero(entry.0, key)) {
                        Some(entry) => entry.1 = value,
                        None => entries.push((key, value)),
                    }
                }
                let entries: Vec<Json> = entries
                    .into_iter()
                    .map(|(key, value)| json!([self.collection_key(key), self.describe(value)]))
                    .collect();
                json!(["map", entries])
            }
            Kind::Set => {
                let mut members: Vec<Value<'_, '_>> = Vec::new();
                for member in value.members() {
                    if !members.iter().any(|&other| same_value_zero(other, member)) {
                        members.push(member);
                    }
                }
                let members: Vec<Json> =
                    members.into_iter().map(|member| self.collection_key(member)).collect();
                json!(["set", members])
            }
            Kind::Date => json!(["date", number(value.as_date_ms().expect("date"))]),
            Kind::BooleanObject => json!(["boolean-object", value.as_bool()]),
            Kind::NumberObject => {
                json!(["number-object", number(value.as_f64().expect("number"))])
            }
            Kind::BigIntObject => json!(["bigint-object", bigint(value)]),
            Kind::StringObject => {
                json!(["string-object", string(value.as_text().expect("text"))])
            }
            Kind::RegExp => {
                let (pattern, flags) = value.as_regexp().expect("regexp");
                json!(["regexp", source(&string(pattern)), regexp_flags::to_string(flags)])
            }
            Kind::ArrayBuffer | Kind::SharedArrayBuffer => self.buffer(value),
            Kind::View => self.view(value),
            Kind::Error => {
                let text = |text: Option<Text<'_>>| match text {
                    Some(text) => json!(["string", string(text)]),
                    None => json!(["absent"]),
                };
                let cause = value.error_cause().map(|cause| self.describe(cause));
                json!([
                    "error",
                    value.error_name(),
                    text(value.error_message()),
                    text(value.error_stack()),
                    cause.unwrap_or(json!(["absent"])),
                ])
            }
            Kind::WasmModule => json!(["wasm-module"]),
            Kind::WasmMemory => {
                let (_, _, buffer) = value.as_wasm_memory().expect("memory");
                let outside = buffer.external_id().and_then(|id| self.setup.shared.get(&id));
                json!(["wasm-memory", outside.map(|outside| outside.length)])
            }
            Kind::HostObject => self.host(value, next),
            other => panic!("{other:?}"),
        }
    }

    /// Maps and sets know one zero.
    fn collection_key(&mut self, key: Value<'_, '_>) -> Json {
        if key.kind() == Kind::Number && key.as_f64() == Some(0.0) {
            return json!(["number", "0"]);
        }
        self.describe(key)
    }

    /// Own properties in JavaScript's order; the last of duplicates counts, at the first one's place.
    fn properties(&mut self, value: Value<'_, '_>) -> Vec<Json> {
        let (indices, names) = split(value);
        indices
            .into_iter()
            .map(|(index, value)| (json!(index.to_string()), value))
            .chain(names)
            .map(|(key, value)| json!([key, self.describe(value)]))
            .collect()
    }

    fn array(&mut self, value: Value<'_, '_>) -> Json {
        let length = value.len().expect("length");
        let (mut indices, names) = split(value);
        for (index, element) in value.elements().enumerate() {
            if element.kind() != Kind::Hole {
                // With duplicates the property that comes later wins.
                if !indices.iter().any(|&(known, _)| known == index as u32) {
                    indices.push((index as u32, element));
                }
            }
        }
        indices.sort_by_key(|entry| entry.0);
        if length > 10_000 {
            let elements: Vec<Json> = indices
                .into_iter()
                .map(|(index, value)| json!([index.to_string(), self.describe(value)]))
                .collect();
            let names: Vec<Json> =
                names.into_iter().map(|(key, value)| json!([key, self.describe(value)])).collect();
            return json!(["sparse", length, elements, names]);
        }
        let mut elements = vec![json!(["hole"]); length];
        for (index, value) in indices {
            elements[index as usize] = self.describe(value);
        }
        let names: Vec<Json> =
            names.into_iter().map(|(key, value)| json!([key, self.describe(value)])).collect();
        json!(["array", length, elements, names])
    }

    fn buffer(&mut self, value: Value<'_, '_>) -> Json {
        let mut extras = serde_json::Map::new();
        let mut name = "arraybuffer";
        let mut hex_text = value.as_bytes().map(hex).unwrap_or_default();
        let mut outside = None;
        match value.array_buffer_kind().expect("kind") {
            ArrayBufferKind::Resizable { max_byte_length } => {
                extras.insert("resizable".into(), json!(max_byte_length));
            }
            ArrayBufferKind::Immutable => {
                extras.insert("immutable".into(), json!(true));
            }
            ArrayBufferKind::Transferred { id } => outside = self.setup.transfers.get(&id),
            ArrayBufferKind::Shared { id } => {
                name = "sharedarraybuffer";
                outside = self.setup.shared.get(&id);
            }
            _ => {}
        }
        if let Some(outside) = outside {
            if outside.shared {
                name = "sharedarraybuffer";
            }
            hex_text = outside.hex.clone();
            if let Some(max) = outside.max {
                extras.insert("resizable".into(), json!(max));
            }
        }
        if extras.is_empty() { json!([name, hex_text]) } else { json!([name, hex_text, extras]) }
    }

    fn view(&mut self, value: Value<'_, '_>) -> Json {
        let view = value.as_view().expect("view");
        let Some(buffer) = view.buffer else {
            let bytes = view.bytes.expect("bytes");
            let whole = bytes.len() - bytes.len() % view.kind.element_size();
            return json!(["hostview", view.kind.name(), hex(&bytes[..whole])]);
        };
        assert_ne!(view.kind, ViewKind::Buffer);
        let mut byte_length = view.byte_length;
        if view.length_tracking && view.bytes.is_none() {
            let id = buffer.external_id().expect("id");
            let outside = self.setup.transfers.get(&id).or(self.setup.shared.get(&id));
            let rest = outside.expect("buffer").length - view.byte_offset;
            byte_length = rest - rest % view.kind.element_size() as u64;
        }
        let buffer = self.describe(buffer);
        json!([
            "view",
            view.kind.name(),
            view.byte_offset,
            byte_length,
            view.length_tracking,
            buffer
        ])
    }

    fn host(&mut self, value: Value<'_, '_>, number: usize) -> Json {
        let bytes: Vec<u8> = value.host_bytes().flatten().copied().collect();
        let mut host = HostBytes(&bytes);
        let values: Vec<Value<'_, '_>> = value.host_values().collect();
        match self.setup.form {
            HostForm::Uint32 => json!(["host", ["number", host.varint().to_string()]]),
            HostForm::Uint64 => {
                let value = host.varint();
                let [high, low] = [value >> 32, value & 0xFFFF_FFFF];
                json!([
                    "host",
                    ["array", 2, [["number", high.to_string()], ["number", low.to_string()]], []]
                ])
            }
            HostForm::Double => {
                let value = f64::from_le_bytes(bytes[..8].try_into().expect("double"));
                json!(["host", ["number", self::number(value)]])
            }
            HostForm::OneValue => json!(["host", self.describe(values[0])]),
            HostForm::Nothing => json!(["host", ["null"]]),
            HostForm::Channel => {
                // The plain object that stands for it is the value itself.
                self.numbers.remove(&value.id().expect("id"));
                debug_assert_eq!(self.numbers.len(), number);
                self.describe(values[0])
            }
            HostForm::DenoCore => {
                let index = host.varint();
                let mut fields = vec![json!(["index", ["number", index.to_string()]])];
                for value in values {
                    fields.push(json!(["a", self.describe(value)]));
                }
                json!(["host", fields])
            }
            HostForm::Custom => {
                let kind = host.varint();
                let mut fields = vec![json!(["kind", ["number", kind.to_string()]])];
                match kind {
                    2 => {
                        host.varint();
                        fields.push(json!(["raw", ["string", hex(host.0)]]));
                    }
                    3 => {
                        let wide = host.varint();
                        let double = host.0.try_into().expect("double");
                        let double = match self.setup.options.byte_order {
                            ByteOrder::Little => f64::from_le_bytes(double),
                            ByteOrder::Big => f64::from_be_bytes(double),
                        };
                        fields.push(json!(["uint64", ["number", wide.to_string()]]));
                        fields.push(json!(["double", ["number", self::number(double)]]));
                    }
                    _ => {}
                }
                for (name, value) in ["a", "b"].iter().zip(values) {
                    fields.push(json!([name, self.describe(value)]));
                }
                json!(["host", fields])
            }
            HostForm::None => panic!("a host object"),
        }
    }
}

type Named<'d, 'a> = Vec<(Json, Value<'d, 'a>)>;

/// Properties by index (ascending) and by name.
fn split<'d, 'a>(value: Value<'d, 'a>) -> (Vec<(u32, Value<'d, 'a>)>, Named<'d, 'a>) {
    let mut indices: Vec<(u32, Value<'_, '_>)> = Vec::new();
    let mut names: Named<'_, '_> = Vec::new();
    for (key, value) in value.properties() {
        if let Some(index) = key.as_array_index() {
            match indices.iter_mut().find(|entry| entry.0 == index) {
                Some(entry) => entry.1 = value,
                None => indices.push((index, value)),
            }
        } else {
            let key = match key {
                Key::Text(text) => json!(string(text)),
                Key::Number(_) => json!(key.to_str()),
            };
            match names.iter_mut().find(|entry| entry.0 == key) {
                Some(entry) => entry.1 = value,
                None => names.push((key, value)),
            }
        }
    }
    indices.sort_by_key(|entry| entry.0);
    (indices, names)
}

fn same_value_zero(a: Value<'_, '_>, b: Value<'_, '_>) -> bool {
    if a.kind() != b.kind() {
        return false;
    }
    match a.kind() {
        Kind::Undefined | Kind::Null => true,
        Kind::Bool => a.as_bool() == b.as_bool(),
        Kind::Number => {
            let (a, b) = (a.as_f64().expect("number"), b.as_f64().expect("number"));
            a == b || (a.is_nan() && b.is_nan())
        }
        Kind::String => a.as_text() == b.as_text(),
        Kind::BigInt => bigint(a) == bigint(b),
        _ => a.is_same(b),
    }
}

struct HostBytes<'b>(&'b [u8]);

impl HostBytes<'_> {
    fn varint(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.0[0];
            self.0 = &self.0[1..];
            value |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }
}

/// A RegExp's source as the newest engines show it: slashes and line ends are escaped.
pub fn source(pattern: &str) -> String {
    let mut source = String::new();
    let (mut escaped, mut in_class) = (false, false);
    for char in pattern.chars() {
        match char {
            '/' if !escaped && !in_class => source.push_str("\\/"),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                if escaped {
                    source.pop();
                }
                source.push_str(match char {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\u{2028}' => "\\u2028",
                    _ => "\\u2029",
                });
            }
            _ => source.push(char),
        }
        in_class = (in_class || (char == '[' && !escaped)) && (char != ']' || escaped);
        escaped = char == '\\' && !escaped;
    }
    if source.is_empty() { "(?:)".into() } else { source }
}

/// Escapes the sources of older engines' descriptions, too.
pub fn normalise(json: &mut Json) {
    if let Json::Array(items) = json {
        if items.len() == 3 && items[0] == "regexp" {
            items[1] = json!(source(items[1].as_str().unwrap_or_default()));
            return;
        }
        items.iter_mut().for_each(normalise);
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JavaScript's text of a number, with -0.
fn number(value: f64) -> String {
    if value == 0.0 && value.is_sign_negative() {
        return "-0".into();
    }
    Key::Number(value).to_str().into_owned()
}

/// In decimal, the slow way.
fn bigint(value: Value<'_, '_>) -> String {
    let bigint = value.as_bigint().expect("bigint");
    let mut words: Vec<u64> = bigint.words().collect();
    let mut digits: Vec<String> = Vec::new();
    while words.iter().any(|&word| word != 0) {
        let mut rest = 0u128;
        for word in words.iter_mut().rev() {
            let part = rest << 64 | u128::from(*word);
            *word = (part / 10_000_000_000_000_000_000) as u64;
            rest = part % 10_000_000_000_000_000_000;
        }
        digits.push(format!("{rest:019}"));
    }
    let text: String = digits.iter().rev().map(String::as_str).collect();
    let text = text.trim_start_matches('0');
    match (text, bigint.negative) {
        ("", _) => "0".into(),
        (text, true) => format!("-{text}"),
        (text, false) => text.into(),
    }
}

/// serde_json has no lone surrogates: they are marked, on both sides.
fn string(text: Text<'_>) -> String {
    char::decode_utf16(text.units())
        .map(|unit| match unit {
            Ok(char) => char.to_string(),
            Err(lone) => format!("<{:04x}>", lone.unpaired_surrogate()),
        })
        .collect()
}

/// Marks the `\ud8xx` escapes of lone surrogates in a JSON text, which serde_json refuses.
pub fn mark_lone_surrogates(text: &str) -> String {
    let escape = |at: usize| -> Option<u32> {
        let code = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(code, 16).ok()
    };
    let mut marked = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("\\\\") {
            marked.push_str("\\\\");
            at += 2;
        } else if let Some(unit @ 0xD800..=0xDFFF) = escape(at) {
            let low = escape(at + 6).filter(|low| (0xDC00..=0xDFFF).contains(low));
            if unit < 0xDC00 && low.is_some() {
                marked.push_str(&text[at..at + 12]);
                at += 12;
            } else {
                marked.push_str(&format!("<{unit:04x}>"));
                at += 6;
            }
        } else {
            let char = rest.chars().next().expect("char");
            marked.push(char);
            at += char.len_utf8();
        }
    }
    marked
}

pub fn document_values<'d, 'a>(doc: &'d Document<'a>) -> Vec<Value<'d, 'a>> {
    doc.values().collect()
}
