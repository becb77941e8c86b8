//! Our own description of a document, in the grammar of corpus/README.md.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use v8wire::{ArrayBufferKind, ByteOrder, Key, Kind, Text, Value, ViewKind, regexp_flags};

use super::texts::{bigint, number, source, string};
use super::{HostForm, Outside, Setup, hex};

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
