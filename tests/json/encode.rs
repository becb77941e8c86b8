//! Typed JSON back to bytes, by the rules of SPEC.md 10 alone: what shows that nothing is lost.

use std::collections::HashMap;

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

/// As division of polynomials: the remainder of the bits, least bit of each byte first.
fn crc32(bytes: &[u8]) -> u32 {
    let bits = bytes.iter().chain(&[0; 4]).flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
    let mut remainder = 0u64;
    for (at, bit) in bits.enumerate() {
        remainder = remainder << 1 | u64::from(bit ^ u8::from(at < 32));
        if remainder >> 32 == 1 {
            remainder ^= 0x1_04C1_1DB7;
        }
    }
    !(remainder as u32).reverse_bits()
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

    fn bytes_or_more(&mut self, tag: &str, json: &Json, mut label: Option<i64>) {
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

pub(crate) fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{other} in base64"),
    };
    assert_eq!(text.len() % 4, 0, "padding");
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect();
    digits
        .chunks(4)
        .flat_map(|four| {
            let group = four.iter().fold(0u32, |group, &digit| group << 6 | u32::from(digit))
                << (6 * (4 - four.len()));
            group.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

/// Milliseconds since 1970 of a text such as `2000-01-01T00:00:00.000Z`.
fn parse_date(text: &str) -> i64 {
    let (date, time) = text.trim_end_matches('Z').split_once('T').expect("date and time");
    let (year, rest) = date.split_at(date.len() - 6);
    let number = |text: &str| text.parse::<i64>().expect("digits");
    let (year, month, day) = (number(year), number(&rest[1..3]), number(&rest[4..6]));
    // Days from 0000-03-01 on, year by year in one step.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day
            - 1
            - 719_468;
    let ms = number(&time[0..2]) * 3_600_000
        + number(&time[3..5]) * 60_000
        + number(&time[6..8]) * 1000
        + number(&time[9..12]);
    days * 86_400_000 + ms
}
