//! Typed JSON back to bytes, by the rules of SPEC.md 10 alone: what shows that nothing is lost.

#[path = "encode/objects.rs"]
mod objects;
#[path = "encode/scalars.rs"]
mod scalars;

use std::collections::HashMap;

pub(crate) use self::scalars::base64;
use self::scalars::{crc32, parse_date};
use super::tree::Json;

/// The bytes of a document.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    let json = Json::parse(text);
    let head = json.field("$v8");
    let mut encoder = Encoder {
        bytes: Vec::new(),
        version: head.field("version").integer() as u64,
        big: head.get("byteOrder").is_some(),
        ids: HashMap::new(),
        next_id: 0,
    };
    if head.get("header").is_none() {
        encoder.header(encoder.version);
    }
    match json.get("value") {
        Some(value) => encoder.value(value),
        None => {
            for value in json.field("values").list() {
                match value.tagged() {
                    Some(("$header", both)) => {
                        encoder.header(both.list()[0].integer() as u64);
                        encoder.value(&both.list()[1]);
                    }
                    _ => encoder.value(value),
                }
            }
        }
    }
    match json.get("patches") {
        Some(patches) => patched(&encoder.bytes, patches),
        None => encoder.bytes,
    }
}

/// SPEC.md 10.16
fn patched(bytes: &[u8], patches: &Json) -> Vec<u8> {
    assert_eq!(patches.field("crc32").integer(), i64::from(crc32(bytes)));
    let (mut out, mut done) = (Vec::new(), 0);
    for patch in patches.field("list").list() {
        let [offset, removed, inserted] = patch.list() else { panic!("{patch:?}") };
        let offset = offset.integer() as usize;
        out.extend(&bytes[done..offset]);
        out.extend(base64(inserted.text()));
        done = offset + removed.integer() as usize;
    }
    out.extend(&bytes[done..]);
    out
}

struct Encoder {
    bytes: Vec<u8>,
    version: u64,
    big: bool,
    /// Ids by label.
    ids: HashMap<i64, u64>,
    next_id: u64,
}

fn array_index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    (index != u32::MAX && index.to_string() == name).then_some(index)
}

impl Encoder {
    fn header(&mut self, version: u64) {
        self.version = version;
        self.bytes.push(0xFF);
        self.varint(version);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn u64(&mut self, bits: u64) {
        self.bytes.extend(if self.big { bits.to_be_bytes() } else { bits.to_le_bytes() });
    }

    fn take_id(&mut self, label: &mut Option<i64>) {
        if let Some(label) = label.take() {
            self.ids.insert(label, self.next_id);
        }
        self.next_id += 1;
    }

    fn value(&mut self, json: &Json) {
        match json {
            Json::Null => self.bytes.push(b'0'),
            Json::Bool(true) => self.bytes.push(b'T'),
            Json::Bool(false) => self.bytes.push(b'F'),
            Json::Integer(integer) => self.number(*integer),
            Json::Double(double) => self.double_tag(double.to_bits()),
            Json::Text(text) => self.text(text),
            Json::List(items) => self.dense(items, None, &mut None),
            Json::Members(members) => match json.tagged() {
                Some((tag, value)) => self.tagged(tag, value, None),
                None => self.members(members, &mut None),
            },
        }
    }

    fn number(&mut self, integer: i64) {
        match i32::try_from(integer) {
            Ok(small) => {
                self.bytes.push(b'I');
                self.varint(u64::from(((small << 1) ^ (small >> 31)) as u32));
            }
            Err(_) => self.double_tag((integer as f64).to_bits()),
        }
    }

    fn double_tag(&mut self, bits: u64) {
        self.bytes.push(b'N');
        self.u64(bits);
    }

    /// What `$double` holds.
    fn double_bits(&self, json: &Json) -> u64 {
        match json {
            Json::Integer(integer) => (*integer as f64).to_bits(),
            Json::Double(double) => double.to_bits(),
            Json::Text(text) => match text.as_str() {
                "NaN" => 0x7FF8_0000_0000_0000,
                "-0" => (-0.0f64).to_bits(),
                "Infinity" => f64::INFINITY.to_bits(),
                "-Infinity" => f64::NEG_INFINITY.to_bits(),
                hex => u64::from_str_radix(hex.strip_prefix("0x").expect("bits"), 16).expect("hex"),
            },
            other => panic!("{other:?} is no double"),
        }
    }

    fn text(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        if units.iter().all(|&unit| unit < 0x100) {
            self.bytes.push(b'"');
            self.varint(units.len() as u64);
            self.bytes.extend(units.iter().map(|&unit| unit as u8));
        } else {
            self.two_byte(&units);
        }
    }

    /// Padding puts the units at an even offset.
    fn two_byte(&mut self, units: &[u16]) {
        let length = units.len() as u64 * 2;
        let varint = (1..).find(|bytes| length >> (7 * bytes) == 0).expect("length");
        if (self.bytes.len() + 1 + varint) % 2 == 1 {
            self.bytes.push(0);
        }
        self.bytes.push(b'c');
        self.varint(length);
        for unit in units {
            self.bytes.extend(if self.big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
    }

    fn utf8(json: &Json) -> Vec<u8> {
        match json.get("base64") {
            Some(bytes) => base64(bytes.text()),
            None => json.text().as_bytes().to_vec(),
        }
    }

    /// A string in a RegExp, String object or error.
    fn inner_string(&mut self, json: &Json) {
        if self.version >= 12 {
            return self.value(json);
        }
        let bytes = match json.tagged() {
            Some(("$utf8", bytes)) => Self::utf8(bytes),
            _ => json.text().as_bytes().to_vec(),
        };
        self.varint(bytes.len() as u64);
        self.bytes.extend(bytes);
    }

    fn bigint(&mut self, json: &Json) {
        let text = json.get("value").unwrap_or(json).text();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let mut bytes: Vec<u8> = match digits.strip_prefix("0x") {
            Some(hex) => {
                let digits: Vec<u8> =
                    hex.bytes().rev().map(|d| (d as char).to_digit(16).unwrap() as u8).collect();
                digits.chunks(2).map(|pair| pair[0] | pair.get(1).unwrap_or(&0) << 4).collect()
            }
            None => {
                let mut bytes: Vec<u8> = Vec::new();
                for digit in digits.bytes() {
                    let mut carry = u32::from(digit - b'0');
                    for byte in &mut bytes {
                        carry += u32::from(*byte) * 10;
                        *byte = carry as u8;
                        carry >>= 8;
                    }
                    if carry > 0 {
                        bytes.push(carry as u8);
                    }
                }
                bytes
            }
        };
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        let length = match json.get("bytes") {
            Some(length) => length.integer() as usize,
            None => bytes.len().next_multiple_of(8),
        };
        bytes.resize(length, 0);
        self.varint((length as u64) << 1 | u64::from(negative));
        self.bytes.extend(bytes);
    }

    /// Pairs of keys and values, and their number.
    fn pairs(&mut self, json: &Json) -> u64 {
        match json {
            Json::Members(members) => {
                for (key, value) in members {
                    match array_index(key) {
                        Some(index) => self.number(index.into()),
                        None => self.text(key),
                    }
                    self.value(value);
                }
                members.len() as u64
            }
            other => {
                for pair in other.list() {
                    self.value(&pair.list()[0]);
                    self.value(&pair.list()[1]);
                }
                other.list().len() as u64
            }
        }
    }

    fn members(&mut self, members: &[(String, Json)], label: &mut Option<i64>) {
        let json = Json::Members(members.to_vec());
        self.object(&json, label);
    }

    fn object(&mut self, pairs: &Json, label: &mut Option<i64>) {
        let stack = self.version == 0;
        if !stack {
            self.bytes.push(b'o');
            self.take_id(label);
        }
        let count = self.pairs(pairs);
        self.bytes.push(b'{');
        self.varint(count);
    }

    fn dense(&mut self, items: &[Json], properties: Option<&Json>, label: &mut Option<i64>) {
        self.bytes.push(b'A');
        self.varint(items.len() as u64);
        self.take_id(label);
        for item in items {
            self.value(item);
        }
        let count = properties.map_or(0, |properties| self.pairs(properties));
        self.bytes.push(b'$');
        self.varint(count);
        self.varint(items.len() as u64);
    }

    fn sparse(&mut self, json: &Json, label: &mut Option<i64>, prefix: bool) {
        let length = json.field("length").integer() as u64;
        if prefix {
            self.bytes.push(b'a');
            self.varint(length);
            self.take_id(label);
        }
        let count = self.pairs(json.field("properties"));
        self.bytes.push(b'@');
        self.varint(count);
        self.varint(length);
    }

    fn tagged(&mut self, tag: &str, json: &Json, label: Option<i64>) {
        let mut label = label;
        match tag {
            "$id" => {
                let [id, value] = json.list() else { panic!("{json:?}") };
                self.labelled(value, id.integer());
            }
            "$ref" => {
                self.bytes.push(b'^');
                self.varint(self.ids[&json.integer()]);
            }
            "$undefined" => self.bytes.push(b'_'),
            "$hole" => self.bytes.push(if let Json::Text(_) = json { b'_' } else { b'-' }),
            "$uint32" => {
                self.bytes.push(b'U');
                self.varint(json.integer() as u64);
            }
            "$double" => self.double_tag(self.double_bits(json)),
            "$bigint" => {
                self.bytes.push(b'Z');
                self.bigint(json);
            }
            "$utf8" => {
                let bytes = Self::utf8(json);
                self.bytes.push(b'S');
                self.varint(bytes.len() as u64);
                self.bytes.extend(bytes);
            }
            "$two-byte" => {
                let units: Vec<u16> = json.text().encode_utf16().collect();
                self.two_byte(&units);
            }
            "$units" => {
                let units: Vec<u16> = json
                    .list()
                    .iter()
                    .flat_map(|part| match part {
                        Json::Text(text) => text.encode_utf16().collect(),
                        other => vec![other.integer() as u16],
                    })
                    .collect();
                self.two_byte(&units);
            }
            "$shared-object" => {
                self.bytes.push(b'p');
                self.varint(json.integer() as u64);
            }
            "$object" => self.object(json, &mut label),
            "$prefix" => match json.tagged() {
                Some(("$sparse", sparse)) => self.sparse(sparse, &mut label, true),
                other => {
                    self.bytes.push(b'o');
                    self.take_id(&mut label);
                    let pairs = match other {
                        Some(("$object", pairs)) => pairs,
                        _ => json,
                    };
                    let count = self.pairs(pairs);
                    self.bytes.push(b'{');
                    self.varint(count);
                }
            },
            "$array" => {
                let properties = json.field("properties");
                self.dense(json.field("elements").list(), Some(properties), &mut label);
            }
            "$sparse" => self.sparse(json, &mut label, self.version > 0),
            "$map" => {
                self.bytes.push(b';');
                self.take_id(&mut label);
                let count = self.pairs(json);
                self.bytes.push(b':');
                self.varint(2 * count);
            }
            "$set" => {
                self.bytes.push(b'\'');
                self.take_id(&mut label);
                json.list().iter().for_each(|member| self.value(member));
                self.bytes.push(b',');
                self.varint(json.list().len() as u64);
            }
            "$date" => {
                self.bytes.push(b'D');
                let bits = match json {
                    Json::Text(text) if text.ends_with('Z') => (parse_date(text) as f64).to_bits(),
                    other => self.double_bits(other),
                };
                self.u64(bits);
                self.take_id(&mut label);
            }
            "$boolean-object" => {
                self.bytes.push(if let Json::Bool(true) = json { b'y' } else { b'x' });
                self.take_id(&mut label);
            }
            "$number-object" => {
                self.bytes.push(b'n');
                self.take_id(&mut label);
                self.u64(self.double_bits(json));
            }
            "$bigint-object" => {
                self.bytes.push(b'z');
                self.take_id(&mut label);
                self.bigint(json);
            }
            "$string-object" => {
                self.bytes.push(b's');
                self.take_id(&mut label);
                self.inner_string(json);
            }
            "$regexp" => {
                self.bytes.push(b'R');
                self.take_id(&mut label);
                self.inner_string(&json.list()[0]);
                let flags = match &json.list()[1] {
                    Json::Text(letters) => letters
                        .chars()
                        .map(|letter| 1 << "gimyusldv".find(letter).expect("flag"))
                        .sum::<u64>(),
                    other => other.integer() as u64,
                };
                self.varint(flags);
            }
            _ => self.bytes_or_more(tag, json, label),
        }
    }

    fn labelled(&mut self, json: &Json, label: i64) {
        let mut some = Some(label);
        match json {
            Json::List(items) => self.dense(items, None, &mut some),
            Json::Members(members) => match json.tagged() {
                Some((tag, value)) => self.tagged(tag, value, some),
                None => self.members(members, &mut some),
            },
            other => panic!("{other:?} has an id"),
        }
    }
}
