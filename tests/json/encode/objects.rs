//! Buffers, views, errors, host objects and WebAssembly: SPEC.md 10.8 to 10.12.

use super::scalars::base64;
use super::{Encoder, Json};

impl Encoder {
    pub(super) fn bytes_or_more(&mut self, tag: &str, json: &Json, mut label: Option<i64>) {
        match tag {
            "$arraybuffer" => {
                let bytes = base64(json.get("bytes").unwrap_or(json).text());
                self.take_id(&mut label);
                self.bytes.push(match (json.get("immutable"), json.get("max")) {
                    (Some(_), _) => b'C',
                    (_, Some(_)) => b'~',
                    _ => b'B',
                });
                self.varint(bytes.len() as u64);
                if let Some(max) = json.get("max") {
                    self.varint(max.integer() as u64);
                }
                self.bytes.extend(bytes);
            }
            "$transfer" => {
                self.bytes.push(b't');
                self.take_id(&mut label);
                self.varint(json.integer() as u64);
            }
            "$shared" => {
                self.bytes.push(b'u');
                self.take_id(&mut label);
                self.varint(json.get("id").unwrap_or(json).integer() as u64);
                if let Some(length) = json.get("wasm-length") {
                    self.bytes.push(b'f');
                    if !matches!(length, Json::Null) {
                        self.varint(length.integer() as u64);
                    }
                }
                if let Some(memory) = json.get("memory") {
                    self.bytes.push(b'r');
                    self.value(memory);
                }
            }
            "$view" => {
                self.value(json.field("buffer"));
                self.bytes.push(b'V');
                self.bytes.push(match json.field("type").text() {
                    "Int8Array" => b'b',
                    "Uint8Array" => b'B',
                    "Uint8ClampedArray" => b'C',
                    "Int16Array" => b'w',
                    "Uint16Array" => b'W',
                    "Int32Array" => b'd',
                    "Uint32Array" => b'D',
                    "Float16Array" => b'h',
                    "Float32Array" => b'f',
                    "Float64Array" => b'F',
                    "BigInt64Array" => b'q',
                    "BigUint64Array" => b'Q',
                    "DataView" => b'?',
                    other => panic!("{other}"),
                });
                self.varint(json.field("offset").integer() as u64);
                self.varint(json.field("length").integer() as u64);
                let flags = json.get("flags").map(Json::integer);
                if self.version >= 14 || flags.is_some() {
                    self.varint(flags.unwrap_or(0) as u64);
                }
                self.take_id(&mut label);
            }
            "$host-view" => self.host_view(json, &mut label),
            "$host" | "$untagged-host" => {
                if tag == "$host" {
                    self.bytes.push(b'\\');
                }
                self.take_id(&mut label);
                for part in json.list() {
                    match part {
                        Json::Text(text) => self.bytes.extend(base64(text)),
                        value => self.value(&value.list()[0]),
                    }
                }
            }
            "$error" => self.error(json, &mut label),
            "$wasm-module" => match json.get("bytes") {
                None => {
                    self.bytes.push(b'w');
                    self.varint(json.integer() as u64);
                    self.take_id(&mut label);
                }
                Some(module) => {
                    self.bytes.extend(b"Wy");
                    for bytes in [base64(module.text()), base64(json.field("compiled").text())] {
                        self.varint(bytes.len() as u64);
                        self.bytes.extend(bytes);
                    }
                    self.take_id(&mut label);
                }
            },
            "$wasm-memory" => {
                self.bytes.push(b'm');
                self.take_id(&mut label);
                let maximum = match json.field("maximum") {
                    Json::Null => -1,
                    pages => pages.integer() as i32,
                };
                self.varint(u64::from(((maximum << 1) ^ (maximum >> 31)) as u32));
                if let Some(Json::Bool(wide)) = json.get("memory64") {
                    self.bytes.push(u8::from(*wide));
                }
                self.value(json.field("buffer"));
            }
            other => panic!("tag {other}"),
        }
    }

    fn host_view(&mut self, json: &Json, label: &mut Option<i64>) {
        const KINDS: [&str; 14] = [
            "Int8Array",
            "Uint8Array",
            "Uint8ClampedArray",
            "Int16Array",
            "Uint16Array",
            "Int32Array",
            "Uint32Array",
            "Float32Array",
            "Float64Array",
            "DataView",
            "Buffer",
            "BigInt64Array",
            "BigUint64Array",
            "Float16Array",
        ];
        let (list, bytes) = (json.list(), base64(json.list()[1].text()));
        let head = list.get(2).map(|head| base64(head.text())).unwrap_or_default();
        if list.get(3).is_none_or(|tagged| tagged.text() == "tagged") {
            self.bytes.push(b'\\');
        }
        self.bytes.extend(head);
        if list.len() < 4 {
            let kind = KINDS.iter().position(|&kind| kind == list[0].text()).expect("kind");
            self.varint(kind as u64);
            self.varint(bytes.len() as u64);
        }
        self.bytes.extend(bytes);
        self.take_id(label);
    }

    fn error(&mut self, json: &Json, label: &mut Option<i64>) {
        self.bytes.push(b'r');
        self.take_id(label);
        let parts: Vec<(String, &Json)> = match json {
            Json::Members(members) => members.iter().map(|(name, v)| (name.clone(), v)).collect(),
            other => {
                let pairs = other.list().iter().map(Json::list);
                pairs.map(|pair| (pair[0].text().to_owned(), &pair[1])).collect()
            }
        };
        for (name, value) in parts {
            match name.as_str() {
                "name" => self.bytes.push(match value.text() {
                    "EvalError" => b'E',
                    "RangeError" => b'R',
                    "ReferenceError" => b'F',
                    "SyntaxError" => b'S',
                    "TypeError" => b'T',
                    "URIError" => b'U',
                    other => panic!("{other}"),
                }),
                "cause" => {
                    self.bytes.push(b'c');
                    self.value(value);
                }
                part => {
                    self.bytes.push(part.as_bytes()[0]);
                    self.inner_string(value);
                }
            }
        }
        self.bytes.push(b'.');
    }
}
