//! A type that takes whatever serde gives it, and bytes.
#![allow(dead_code, unreachable_pub)]

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What `deserialize_any` gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Any {
    Unit,
    Bool(bool),
    Integer(i128),
    Unsigned(u128),
    Float(u64),
    Text(String),
    Bytes(Vec<u8>),
    Seq(Vec<Any>),
    Map(Vec<(Any, Any)>),
}

pub fn float(value: f64) -> Any {
    Any::Float(if value.is_nan() { f64::NAN } else { value }.to_bits())
}

pub fn text(value: impl Into<String>) -> Any {
    Any::Text(value.into())
}

/// A number of JavaScript: an integer up to 2^53 - 1 is one.
pub fn number(value: f64) -> Any {
    let whole = value.fract() == 0.0 && value.abs() < 9007199254740992.0;
    if whole && !(value == 0.0 && value.is_sign_negative()) {
        Any::Integer(value as i128)
    } else {
        float(value)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("anything")
    }
    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any::Unit)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Any, E> {
        Ok(Any::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Any, E> {
        Ok(Any::Integer(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Any, E> {
        Ok(Any::Integer(value.into()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Any, E> {
        Ok(Any::Integer(value))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Any, E> {
        Ok(Any::Unsigned(value))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Any, E> {
        Ok(float(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Any, E> {
        Ok(text(value))
    }
    fn visit_bytes<E>(self, value: &[u8]) -> Result<Any, E> {
        Ok(Any::Bytes(value.into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Any, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Any::Seq(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Any::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Any, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

/// The parts of errors in one order.
pub fn sorted(any: Any) -> Any {
    match any {
        Any::Map(entries) => {
            let mut entries: Vec<_> =
                entries.into_iter().map(|(key, value)| (sorted(key), sorted(value))).collect();
            entries.sort_by_key(|entry| format!("{:?}", entry.0));
            Any::Map(entries)
        }
        Any::Seq(list) => Any::Seq(list.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// Bytes to serde, as of the crate `serde_bytes`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.into()))
            }
        }

        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}
