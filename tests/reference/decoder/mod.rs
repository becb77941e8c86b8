//! A second decoder, slow and plain, written from SPEC.md and from nothing else: it recurses, copies all
//! that it reads and shares no code with the library. What the library makes of any bytes is compared
//! with what this makes of them.
//!
//! It is as strict as the newest release (or lenient), with Node's host objects and nothing given by the
//! caller. Rules are named by their numbers. One thing it leaves open: whether a RegExp's pattern
//! compiles (12.1).
//!
//! Objects are built in a list, so that what a failed reading left can be told as it is (4.8).

mod objects;

use crate::bytes::{Bytes, Refused, refuse, thrown};
use crate::text;
use crate::value::{Made, Properties, Thing, Told, Value};

/// The first value of `data`, and where it ends.
pub(crate) fn read(data: &[u8], lenient: bool) -> Result<(Value, usize), Refused> {
    let mut bytes = Bytes::new(data);
    let mut version = 0;
    if data.first() == Some(&0xFF) {
        bytes.at = 1;
        version = bytes.varint32()?; // 2.1
    }
    if version > 16 {
        return refuse(); // 2.3
    }
    let start = bytes.at;
    let mut reader =
        Reader { bytes, version, lenient, flags: false, ids: Vec::new(), made: Vec::new() };
    if version == 0 {
        let value = reader.version_0()?; // 6.1
        return Ok((Told::new(reader.made).value(value), data.len()));
    }
    let first = reader.value();
    let result = match first {
        // 6.11: for any reason but an exception.
        Err(Refused::Plain) if version == 13 => {
            (reader.bytes.at, reader.flags) = (start, true);
            if lenient {
                reader.ids.clear(); // 12.3
            }
            reader.value()
        }
        first => first,
    };
    let (value, end) = (result?, reader.bytes.at);
    Ok((Told::new(reader.made).value(value), end))
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    version: u32,
    lenient: bool,
    /// Views of version 13 have flags.
    flags: bool,
    /// The objects that have an id, once they may be referred to (4.2).
    ids: Vec<Option<Known>>,
    made: Vec<Made>,
}

#[derive(Clone, Copy)]
struct Known {
    /// Among those made.
    index: usize,
    /// Of a buffer: its length, and whether it can change.
    buffer: Option<(u64, bool)>,
}

impl Reader<'_> {
    /// Section 6.1 to 6.6.
    fn version_0(&mut self) -> Result<Value, Refused> {
        let mut stack: Vec<Value> = Vec::new();
        while let Some(tag) = self.bytes.peek_tag() {
            if !matches!(tag, b'{' | b'@' | b'$') {
                stack.push(self.value()?);
                continue;
            }
            self.bytes.tag()?;
            if tag == b'$' {
                return refuse();
            }
            let pairs = self.bytes.varint32()? as usize;
            let length = if tag == b'@' { Some(self.bytes.varint32()?) } else { None };
            let first = stack.len().checked_sub(2 * pairs).ok_or(Refused::Plain)?;
            let values = stack.split_off(first);
            let mut values = values.into_iter();
            let mut properties = Properties::new();
            while let (Some(key), Some(value)) = (values.next(), values.next()) {
                let name = text::name(&key).ok_or(Refused::Plain)?;
                let taken = properties.iter().any(|property| property.0 == name)
                    || (length.is_some() && text::is(&name, "length"));
                if taken && !self.lenient {
                    return refuse();
                }
                properties.push((name, value));
            }
            let thing = match length {
                Some(length) => Thing::Array {
                    dense: false,
                    length: length.into(),
                    elements: vec![],
                    properties,
                },
                None => Thing::Plain(properties),
            };
            let container = self.make(None, thing);
            self.made[container].whole = true;
            stack.push(Value::Again(container));
        }
        match stack.len() {
            1 => stack.pop().ok_or(Refused::Plain),
            _ => refuse(),
        }
    }

    /// Takes the next id; it may not be referred to yet.
    fn take_id(&mut self) -> usize {
        self.ids.push(None);
        self.ids.len() - 1
    }

    fn make(&mut self, at: Option<usize>, thing: Thing) -> usize {
        self.made.push(Made { at, thing, whole: false });
        self.made.len() - 1
    }

    /// From here on the object may be referred to.
    fn usable(&mut self, id: usize, index: usize) {
        self.ids[id] = Some(Known { index, buffer: None });
    }

    /// An object that is there whole, and has this id.
    fn object(&mut self, id: usize, at: usize, thing: Thing) -> Result<Value, Refused> {
        let index = self.make(Some(at), thing);
        self.usable(id, index);
        self.done(index)
    }

    /// A container that may be referred to before it is there.
    fn begin(&mut self, at: usize, thing: Thing) -> usize {
        let id = self.take_id();
        let index = self.make(Some(at), thing);
        self.usable(id, index);
        index
    }

    fn done(&mut self, index: usize) -> Result<Value, Refused> {
        self.made[index].whole = true;
        Ok(Value::Again(index))
    }

    /// A value with its tag.
    fn value(&mut self) -> Result<Value, Refused> {
        let mut tag = self.bytes.tag()?;
        while tag == b'?' {
            self.bytes.varint32()?; // 3.29.1
            tag = self.bytes.tag()?;
        }
        let at = self.bytes.at - 1;
        match tag {
            b'_' => Ok(Value::Undefined),
            b'0' => Ok(Value::Null),
            b'T' => Ok(Value::Bool(true)),
            b'F' => Ok(Value::Bool(false)),
            b'I' => Ok(text::number(f64::from(self.bytes.zigzag()?))),
            b'U' => Ok(text::number(f64::from(self.bytes.varint32()?))),
            b'N' => Ok(text::number(self.bytes.double()?)),
            b'Z' => self.bigint(),
            b'"' => Ok(Value::String(self.one_byte()?)),
            b'c' => Ok(Value::String(self.two_byte()?)),
            b'S' => Ok(Value::String(self.utf8()?)),
            b'^' => self.reference(),
            b'o' => {
                let object = self.begin(at, Thing::Plain(Properties::new()));
                // 4.8: what could be the first key must be long enough to be a string.
                let start = self.bytes.at;
                if self.bytes.tag()? != b'{' {
                    self.bytes.varint32()?;
                }
                self.bytes.at = start;
                self.properties(object, b'{')
            }
            b'A' => self.dense(at),
            b'a' => {
                let length = self.bytes.varint32()?.into();
                let (elements, properties) = (vec![], Properties::new());
                let array = Thing::Array { dense: false, length, elements, properties };
                let array = self.begin(at, array);
                self.properties(array, b'@')
            }
            b';' => {
                let map = self.begin(at, Thing::Map(vec![]));
                let mut count = 0;
                while self.bytes.peek_tag() != Some(b':') {
                    let entry = (self.value()?, self.value()?);
                    if let Thing::Map(entries) = &mut self.made[map].thing {
                        entries.push(entry);
                    }
                    count += 2;
                }
                self.bytes.tag()?;
                self.count(count)?;
                self.done(map)
            }
            b'\'' => {
                let set = self.begin(at, Thing::Set(vec![]));
                let mut count = 0;
                while self.bytes.peek_tag() != Some(b',') {
                    let member = self.value()?;
                    if let Thing::Set(members) = &mut self.made[set].thing {
                        members.push(member);
                    }
                    count += 1;
                }
                self.bytes.tag()?;
                self.count(count)?;
                self.done(set)
            }
            b'D' => {
                let milliseconds = self.bytes.double()?;
                let id = self.take_id();
                self.object(id, at, Thing::Date(text::time_clip(milliseconds)))
            }
            b'y' | b'x' | b'n' | b'z' | b's' => {
                let id = self.take_id();
                let inner = match tag {
                    b'y' => Value::Bool(true),
                    b'x' => Value::Bool(false),
                    b'n' => text::number(self.bytes.double()?),
                    b'z' => self.bigint()?,
                    _ => Value::String(self.string()?),
                };
                self.object(id, at, Thing::Wrapper(Box::new(inner)))
            }
            b'R' => {
                let id = self.take_id();
                let pattern = self.string()?;
                let flags = self.bytes.varint32()?;
                // 3.15.2, 3.15.3: g i m y u s d v, and not both u and v.
                let both = flags & 0x10 != 0 && flags & 0x100 != 0;
                if !self.lenient && (flags & !0b1_1011_1111 != 0 || both) {
                    return refuse();
                }
                self.object(id, at, Thing::RegExp(pattern, flags))
            }
            b'B' | b'C' | b'~' => {
                let (buffer, length, resizable) = self.buffer(tag, at)?;
                self.view(buffer, length, resizable)
            }
            b't' => {
                self.take_id();
                self.bytes.varint32()?;
                refuse() // 3.21.1: not given
            }
            b'u' => {
                self.take_id();
                self.bytes.varint32()?;
                thrown()
            }
            b'w' => {
                self.bytes.varint32()?;
                thrown()
            }
            b'p' if self.version >= 15 => {
                self.bytes.varint32()?;
                thrown()
            }
            b'm' => self.memory(at),
            b'r' => self.error(at),
            b'W' if self.lenient => {
                if self.bytes.byte()? != b'y' {
                    return refuse();
                }
                let length = self.bytes.varint32()?;
                let module = self.bytes.take(length.into())?.to_vec();
                let length = self.bytes.varint32()?;
                self.bytes.take(length.into())?;
                let id = self.take_id();
                self.object(id, at, Thing::Module(module))
            }
            b'\\' => self.host(at),
            _ if self.version < 13 => {
                self.bytes.at = at; // 6.9: the payload begins with the byte.
                self.host(at)
            }
            _ => refuse(),
        }
    }

    /// 3.7.1 to 3.7.4.
    fn bigint(&mut self) -> Result<Value, Refused> {
        let bitfield = self.bytes.varint32()?;
        let (negative, length) = (bitfield & 1 != 0, bitfield >> 1);
        let mut digits = self.bytes.take(length.into())?.to_vec();
        if (negative && length == 0 && !self.lenient) || length > 1 << 27 {
            return refuse();
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Ok(Value::BigInt(negative && !digits.is_empty(), digits))
    }

    // Strings, 3.8.1 to 3.8.6.

    fn one_byte(&mut self) -> Result<Vec<u16>, Refused> {
        let length = self.bytes.varint32()?;
        let units = self.bytes.take(length.into())?.iter().map(|&byte| byte.into()).collect();
        text::bounded(units)
    }

    fn two_byte(&mut self) -> Result<Vec<u16>, Refused> {
        let length = self.bytes.varint32()?;
        if length % 2 != 0 {
            return refuse();
        }
        let bytes = self.bytes.take(length.into())?;
        let units =
            bytes.chunks(2).map(|pair| u16::from(pair[0]) | u16::from(pair[1]) << 8).collect();
        text::bounded(units)
    }

    fn utf8(&mut self) -> Result<Vec<u16>, Refused> {
        let length = self.bytes.varint32()?;
        text::bounded(text::decode_utf8(self.bytes.take(length.into())?))
    }

    /// The string within another value: 3.14.4, 6.8.
    fn string(&mut self) -> Result<Vec<u16>, Refused> {
        if self.version < 12 {
            return self.utf8();
        }
        match self.value()? {
            Value::String(units) => Ok(units),
            _ => refuse(),
        }
    }

    /// 3.9.1, 3.9.2; a view may stand behind a reference to a buffer.
    fn reference(&mut self) -> Result<Value, Refused> {
        let id = self.bytes.varint32()?;
        let known = self.ids.get(id as usize).copied().flatten().ok_or(Refused::Plain)?;
        match known.buffer {
            Some((length, resizable)) => self.view(Value::Again(known.index), length, resizable),
            None => Ok(Value::Again(known.index)),
        }
    }

    /// Keys and values up to the end tag, and the counts behind it.
    fn properties(&mut self, object: usize, end: u8) -> Result<Value, Refused> {
        let mut count = 0;
        while self.bytes.peek_tag() != Some(end) {
            // 4.8: V8 reads key and value whole before it refuses.
            let key = self.value()?;
            let Some(name) = text::name(&key) else { return refuse() };
            let value = self.value()?;
            let (properties, elements, is_array) = match &mut self.made[object].thing {
                Thing::Array { elements, properties, .. } => (properties, &elements[..], true),
                Thing::Plain(properties) => (properties, &[][..], false),
                _ => return refuse(),
            };
            let element = text::index(&name)
                .and_then(|index| elements.get(index as usize))
                .is_some_and(|element| *element != Value::Hole);
            let taken = element
                || (is_array && text::is(&name, "length"))
                || properties.iter().any(|property| property.0 == name);
            if taken && !self.lenient {
                return refuse(); // 3.10.4, 3.11.4, 3.12.4
            }
            properties.push((name, value));
            count += 1;
        }
        self.bytes.tag()?;
        self.count(count)?;
        if let Thing::Array { length, .. } = self.made[object].thing {
            self.count(length as usize)?;
        }
        self.done(object)
    }

    /// A number that must be what was read.
    fn count(&mut self, found: usize) -> Result<(), Refused> {
        let declared = self.bytes.varint32()?;
        if declared as usize != found && !self.lenient { refuse() } else { Ok(()) }
    }

    /// 3.11.1 to 3.11.5.
    fn dense(&mut self, at: usize) -> Result<Value, Refused> {
        let length = self.bytes.varint32()?;
        if length as usize > self.bytes.left() || length > (128 << 20) - 3 {
            return refuse();
        }
        let (elements, properties) = (vec![], Properties::new());
        let array = Thing::Array { dense: true, length: length.into(), elements, properties };
        let array = self.begin(at, array);
        for _ in 0..length {
            let element = if self.bytes.peek_tag() == Some(b'-') {
                self.bytes.tag()?;
                Value::Hole
            } else {
                match self.value()? {
                    Value::Undefined if self.version < 11 => Value::Hole, // 6.7
                    value => value,
                }
            };
            if let Thing::Array { elements, .. } = &mut self.made[array].thing {
                elements.push(element);
            }
        }
        self.properties(array, b'$')
    }
}
