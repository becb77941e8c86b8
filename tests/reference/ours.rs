//! The library's value in the reference's form.

use std::collections::HashMap;

use v8wire::{ArrayBufferKind, Document, ErrorPart, Key, Kind, Value as Ours};

use crate::text::{bits, number};
use crate::value::{Part, Properties, Thing, Value};

/// The value of a document.
pub(crate) fn describe(document: &Document<'_>) -> Value {
    Describer { document, seen: HashMap::new() }.value(document.root().value())
}

struct Describer<'d, 'a> {
    document: &'d Document<'a>,
    /// The order of meeting, by id.
    seen: HashMap<u32, usize>,
}

impl<'d, 'a> Describer<'d, 'a> {
    fn value(&mut self, value: Ours<'d, 'a>) -> Value {
        let text = || value.as_text().expect("text").to_utf16();
        match value.kind() {
            Kind::Undefined => return Value::Undefined,
            Kind::Null => return Value::Null,
            Kind::Bool => return Value::Bool(value.as_bool().expect("bool")),
            Kind::Hole => return Value::Hole,
            Kind::Number => return number(value.as_f64().expect("number")),
            Kind::BigInt => return bigint(value),
            Kind::String => return Value::String(text()),
            _ => {}
        }
        let at = value.offset().expect("an offset");
        let id = value.id().expect("an id");
        if let Some(&before) = self.seen.get(&id) {
            return Value::Again(before);
        }
        self.seen.insert(id, self.seen.len());
        let thing = match value.kind() {
            Kind::Object => Thing::Plain(self.properties(value)),
            Kind::Array => {
                let dense = value.is_dense();
                let elements: Vec<_> = if dense {
                    value.elements().map(|it| self.value(it)).collect()
                } else {
                    vec![]
                };
                let length = value.len().expect("a length") as u64;
                Thing::Array { dense, length, elements, properties: self.properties(value) }
            }
            Kind::Map => Thing::Map(
                value.entries().map(|(key, it)| (self.value(key), self.value(it))).collect(),
            ),
            Kind::Set => Thing::Set(value.members().map(|member| self.value(member)).collect()),
            Kind::Date => Thing::Date(bits(value.as_date_ms().expect("date"))),
            Kind::BooleanObject => wrapper(Value::Bool(value.as_bool().expect("bool"))),
            Kind::NumberObject => wrapper(number(value.as_f64().expect("number"))),
            Kind::BigIntObject => wrapper(bigint(value)),
            Kind::StringObject => wrapper(Value::String(text())),
            Kind::RegExp => {
                let (pattern, flags) = value.as_regexp().expect("regexp");
                Thing::RegExp(pattern.to_utf16(), flags)
            }
            Kind::ArrayBuffer => {
                let kind = value.array_buffer_kind();
                Thing::Buffer {
                    bytes: value.as_bytes().expect("bytes").to_vec(),
                    max: match kind {
                        Some(ArrayBufferKind::Resizable { max_byte_length }) => {
                            Some(max_byte_length)
                        }
                        _ => None,
                    },
                    immutable: kind == Some(ArrayBufferKind::Immutable),
                }
            }
            Kind::View => self.view(value),
            Kind::Error => Thing::Error(
                value
                    .error_parts()
                    .map(|(part, cause)| match part {
                        ErrorPart::Prototype(class) => Part::Class(class.0),
                        ErrorPart::Message(text) => Part::Message(text.to_utf16()),
                        ErrorPart::Stack(text) => Part::Stack(text.to_utf16()),
                        _ => Part::Cause(self.value(cause.expect("a cause"))),
                    })
                    .collect(),
            ),
            Kind::HostObject => Thing::Host(value.host_bytes().flatten().copied().collect()),
            Kind::WasmModule => {
                Thing::Module(value.wasm_module_bytes().expect("a module").to_vec())
            }
            Kind::WasmMemory => {
                let (maximum, width, buffer) = value.as_wasm_memory().expect("a memory");
                assert!(buffer.is_undefined(), "none is given");
                Thing::Memory(maximum, width)
            }
            other => panic!("{other:?} cannot be here"),
        };
        // A container of version 0 stands behind its contents.
        let in_front = self.document.version() > 0
            || !matches!(thing, Thing::Plain(_) | Thing::Array { .. })
            || matches!(self.document.input().get(at), Some(b'o' | b'a' | b'A'));
        Value::Object(in_front.then_some(at), thing)
    }

    fn properties(&mut self, value: Ours<'d, 'a>) -> Properties {
        value
            .properties()
            .map(|(key, value)| {
                let name = match key {
                    Key::Text(text) => text.to_utf16(),
                    Key::Number(_) => key.to_str().encode_utf16().collect(),
                };
                (name, self.value(value))
            })
            .collect()
    }

    fn view(&mut self, value: Ours<'d, 'a>) -> Thing {
        let view = value.as_view().expect("a view");
        let kind = view.kind.name();
        match view.buffer {
            None => Thing::HostView(kind, view.bytes.expect("bytes").to_vec()),
            Some(buffer) => Thing::View {
                kind,
                offset: view.byte_offset,
                length: view.byte_length,
                flags: value.view_flags(),
                buffer: Box::new(self.value(buffer)),
            },
        }
    }
}

fn wrapper(inner: Value) -> Thing {
    Thing::Wrapper(Box::new(inner))
}

fn bigint(value: Ours<'_, '_>) -> Value {
    let bigint = value.as_bigint().expect("bigint");
    let mut digits = bigint.digits.to_vec();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    Value::BigInt(bigint.negative && !digits.is_empty(), digits)
}
