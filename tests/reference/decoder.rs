//! A second decoder, slow and plain, written from SPEC.md and from nothing else: it recurses, copies all
//! that it reads and shares no code with the library. What the library makes of any bytes is compared
//! with what this makes of them.
//!
//! It is as strict as the newest release (or lenient), with Node's host objects and nothing given by the
//! caller. Rules are named by their numbers. Two things it leaves open: references within the second
//! reading of version 13, which mean something else in the library than in V8 (12.3), and whether a
//! RegExp's pattern compiles (12.1).

use crate::bytes::{Bytes, Refused, refuse, thrown};
use crate::text;

/// A value as JavaScript sees it, and where on the wire its objects are.
#[derive(Debug, PartialEq)]
pub(crate) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Hole,
    /// The bits of the double, one NaN.
    Number(u64),
    /// Whether below zero, and the magnitude without leading zeros.
    BigInt(bool, Vec<u8>),
    String(Vec<u16>),
    /// An object that was met before, by the offset of its tag.
    Again(usize),
    /// An object. Containers of version 0 have no tag in front.
    Object(Option<usize>, Thing),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Thing {
    Plain(Properties),
    /// The length is the one that JavaScript sees: elements may stand behind the written one.
    Array {
        dense: bool,
        length: u64,
        elements: Vec<Value>,
        properties: Properties,
    },
    Map(Vec<(Value, Value)>),
    Set(Vec<Value>),
    Date(u64),
    Wrapper(Box<Value>),
    RegExp(Vec<u16>, u32),
    Buffer {
        bytes: Vec<u8>,
        max: Option<u64>,
        immutable: bool,
    },
    View {
        kind: &'static str,
        offset: u64,
        length: u64,
        flags: Option<u32>,
        buffer: Box<Value>,
    },
    HostView(&'static str, Vec<u8>),
    Host(Vec<u8>),
    Error(Vec<Part>),
    Module(Vec<u8>),
}

pub(crate) type Properties = Vec<(Vec<u16>, Value)>;

#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Class(u8),
    Message(Vec<u16>),
    Stack(Vec<u16>),
    Cause(Value),
}

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
        Reader { bytes, version, lenient, flags: false, ids: Vec::new(), again: false };
    if version == 0 {
        return Ok((reader.version_0()?, data.len())); // 6.1
    }
    let first = reader.value(true);
    let result = match first {
        // 6.11: for any reason but an exception.
        Err(Refused::Plain) if version == 13 => {
            reader.bytes.at = start;
            (reader.flags, reader.again) = (true, true);
            reader.ids.clear();
            reader.value(true)
        }
        first => first,
    };
    Ok((result?, reader.bytes.at))
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    version: u32,
    lenient: bool,
    /// Views of version 13 have flags.
    flags: bool,
    /// Whether this is the second reading.
    again: bool,
    /// The objects that have an id: where they are, once they may be referred to (4.2).
    ids: Vec<Option<Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    at: usize,
    /// Of a buffer: its length, and whether it can change.
    buffer: Option<(u64, bool)>,
}

impl Reader<'_> {
    /// Section 6.1 to 6.6.
    fn version_0(&mut self) -> Result<Value, Refused> {
        let mut stack: Vec<Value> = Vec::new();
        while let Some(tag) = self.bytes.peek_tag() {
            if !matches!(tag, b'{' | b'@' | b'$') {
                stack.push(self.value(true)?);
                continue;
            }
            self.bytes.tag()?;
            if tag == b'$' {
                return refuse();
            }
            let pairs = self.bytes.varint32()? as usize;
            let length = if tag == b'@' { Some(self.bytes.varint32()?) } else { None };
            let first = stack.len().checked_sub(2 * pairs).ok_or(Refused::Plain)?;
            let mut values = stack.drain(first..);
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
            drop(values);
            stack.push(Value::Object(
                None,
                match length {
                    Some(length) => array(length, None, properties),
                    None => Thing::Plain(properties),
                },
            ));
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

    /// From here on the object may be referred to.
    fn usable(&mut self, id: usize, at: usize) {
        self.ids[id] = Some(Known { at, buffer: None });
    }

    /// A value with its tag. `top`: it is all there is.
    fn value(&mut self, top: bool) -> Result<Value, Refused> {
        let mut tag = self.bytes.tag()?;
        while tag == b'?' {
            self.bytes.varint32()?; // 3.29.1
            tag = self.bytes.tag()?;
        }
        let at = self.bytes.at - 1;
        let object = |thing| Ok(Value::Object(Some(at), thing));
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
            b'^' => self.reference(top),
            b'o' => {
                let id = self.take_id();
                self.usable(id, at);
                let properties = self.properties(b'{', None, &[])?;
                object(Thing::Plain(properties))
            }
            b'A' => self.dense(at),
            b'a' => {
                let length = self.bytes.varint32()?;
                let id = self.take_id();
                self.usable(id, at);
                let properties = self.properties(b'@', Some(length), &[])?;
                object(array(length, None, properties))
            }
            b';' => {
                let id = self.take_id();
                self.usable(id, at);
                let mut entries = Vec::new();
                while self.bytes.peek_tag() != Some(b':') {
                    entries.push((self.value(false)?, self.value(false)?));
                }
                self.bytes.tag()?;
                self.count(2 * entries.len())?;
                object(Thing::Map(entries))
            }
            b'\'' => {
                let id = self.take_id();
                self.usable(id, at);
                let mut members = Vec::new();
                while self.bytes.peek_tag() != Some(b',') {
                    members.push(self.value(false)?);
                }
                self.bytes.tag()?;
                self.count(members.len())?;
                object(Thing::Set(members))
            }
            b'D' => {
                let milliseconds = self.bytes.double()?;
                let id = self.take_id();
                self.usable(id, at);
                object(Thing::Date(text::time_clip(milliseconds)))
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
                self.usable(id, at);
                object(Thing::Wrapper(Box::new(inner)))
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
                self.usable(id, at);
                object(Thing::RegExp(pattern, flags))
            }
            b'B' | b'C' | b'~' => self.buffer(tag, at, top),
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
            b'm' => {
                let id = self.take_id();
                self.usable(id, at);
                self.bytes.zigzag()?;
                self.bytes.byte()?;
                self.value(false)?;
                refuse() // The buffer must be a shared one, and none is given.
            }
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
                self.usable(id, at);
                object(Thing::Module(module))
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
        match self.value(false)? {
            Value::String(units) => Ok(units),
            _ => refuse(),
        }
    }

    /// 3.9.1, 3.9.2; a view may stand behind a reference to a buffer.
    fn reference(&mut self, top: bool) -> Result<Value, Refused> {
        let id = self.bytes.varint32()?;
        if self.again && !self.lenient {
            return Err(Refused::Unknown);
        }
        let known = self.ids.get(id as usize).copied().flatten().ok_or(Refused::Plain)?;
        match known.buffer {
            Some((length, resizable)) => self.view(Value::Again(known.at), length, resizable, top),
            None => Ok(Value::Again(known.at)),
        }
    }

    /// Keys and values up to the end tag, and the counts behind it. `length`: of an array.
    fn properties(
        &mut self,
        end: u8,
        length: Option<u32>,
        elements: &[Value],
    ) -> Result<Properties, Refused> {
        let mut properties = Properties::new();
        while self.bytes.peek_tag() != Some(end) {
            // 4.8: V8 reads key and value whole before it refuses.
            let key = self.value(false)?;
            let Some(name) = text::name(&key) else { return refuse() };
            let value = self.value(false)?;
            let element = text::index(&name)
                .and_then(|index| elements.get(index as usize))
                .is_some_and(|element| *element != Value::Hole);
            let taken = element
                || (length.is_some() && text::is(&name, "length"))
                || properties.iter().any(|property| property.0 == name);
            if taken && !self.lenient {
                return refuse(); // 3.10.4, 3.11.4, 3.12.4
            }
            properties.push((name, value));
        }
        self.bytes.tag()?;
        self.count(properties.len())?;
        if let Some(length) = length {
            self.count(length as usize)?;
        }
        Ok(properties)
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
        let id = self.take_id();
        self.usable(id, at);
        let mut elements = Vec::new();
        for _ in 0..length {
            if self.bytes.peek_tag() == Some(b'-') {
                self.bytes.tag()?;
                elements.push(Value::Hole);
                continue;
            }
            elements.push(match self.value(false)? {
                Value::Undefined if self.version < 11 => Value::Hole, // 6.7
                value => value,
            });
        }
        let properties = self.properties(b'$', Some(length), &elements)?;
        Ok(Value::Object(Some(at), array(length, Some(elements), properties)))
    }

    /// 3.18.1 to 3.20.1.
    fn buffer(&mut self, tag: u8, at: usize, top: bool) -> Result<Value, Refused> {
        let id = self.take_id();
        let length = self.bytes.varint64()?;
        let max = if tag == b'~' { Some(self.bytes.varint64()?) } else { None };
        if max.is_some_and(|max| length > max || max > (1 << 53) - 1) {
            return refuse();
        }
        let bytes = self.bytes.take(length)?.to_vec();
        self.ids[id] = Some(Known { at, buffer: Some((length, max.is_some())) });
        let buffer = Thing::Buffer { bytes, max, immutable: tag == b'C' };
        self.view(Value::Object(Some(at), buffer), length, max.is_some(), top)
    }

    /// The view behind a buffer, if there is one: 3.23.1 to 3.23.8.
    fn view(
        &mut self,
        buffer: Value,
        all: u64,
        resizable: bool,
        top: bool,
    ) -> Result<Value, Refused> {
        if self.bytes.peek_tag() != Some(b'V') {
            return Ok(buffer);
        }
        self.bytes.tag()?;
        let at = self.bytes.at - 1;
        let kind = self.bytes.varint8()?;
        let (offset, length) = (self.bytes.varint64()?, self.bytes.varint64()?);
        let rest = all.checked_sub(offset).filter(|&rest| length <= rest).ok_or(Refused::Plain)?;
        let alone = self.version == 13 && top && self.bytes.rest() == [0]; // 12.9
        let flags = if self.version >= 14 || self.flags || alone {
            Some(self.bytes.varint32()?)
        } else {
            None
        };
        let id = self.take_id();
        let (kind, size) = match kind {
            b'b' => ("Int8Array", 1),
            b'B' => ("Uint8Array", 1),
            b'C' => ("Uint8ClampedArray", 1),
            b'w' => ("Int16Array", 2),
            b'W' => ("Uint16Array", 2),
            b'd' => ("Int32Array", 4),
            b'D' => ("Uint32Array", 4),
            b'h' => ("Float16Array", 2),
            b'f' => ("Float32Array", 4),
            b'F' => ("Float64Array", 8),
            b'q' => ("BigInt64Array", 8),
            b'Q' => ("BigUint64Array", 8),
            b'?' => ("DataView", 1),
            _ => return refuse(),
        };
        let [tracking, over_resizable] = [1, 2].map(|bit| flags.unwrap_or(0) & bit != 0);
        let good = if resizable { over_resizable } else { !tracking && !over_resizable };
        if offset % size != 0 || length % size != 0 || !good {
            return refuse();
        }
        self.usable(id, at);
        // 3.23.7: the written length means nothing where the view tracks the buffer's.
        let length = if tracking { rest - rest % size } else { length };
        let buffer = Box::new(buffer);
        Ok(Value::Object(Some(at), Thing::View { kind, offset, length, flags, buffer }))
    }

    /// 3.24.1 to 3.24.5.
    fn error(&mut self, at: usize) -> Result<Value, Refused> {
        let id = self.take_id();
        // The string that stands where a message or a stack should is refused if it refers to anything,
        // so that it does not matter when within these the error becomes usable.
        self.usable(id, at);
        let mut parts = Vec::new();
        let mut last = 0;
        loop {
            let tag = self.bytes.varint8()?;
            let place = match tag {
                b'E' | b'R' | b'F' | b'S' | b'T' | b'U' => 1,
                b'm' => 2,
                b's' => 3,
                b'c' => 4,
                b'.' => 5,
                _ => return refuse(),
            };
            if place <= last && !self.lenient {
                return refuse(); // 3.24.4
            }
            last = place;
            parts.push(match tag {
                b'm' => Part::Message(self.string()?),
                b's' => Part::Stack(self.string()?),
                b'c' => Part::Cause(self.value(false)?),
                b'.' => return Ok(Value::Object(Some(at), Thing::Error(parts))),
                class => Part::Class(class),
            });
        }
    }

    /// Node's host objects: 8.2 to 8.4. What fails there is an exception.
    fn host(&mut self, at: usize) -> Result<Value, Refused> {
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
        let id = self.take_id();
        let start = self.bytes.at;
        let (kind, length) = self
            .bytes
            .varint32()
            .and_then(|kind| Ok((kind, self.bytes.varint32()?)))
            .map_err(|_| Refused::Thrown)?;
        let kind = KINDS.get(kind as usize).copied();
        if kind.is_none() && !self.lenient {
            return thrown();
        }
        let view = self.bytes.take(length.into()).map_err(|_| Refused::Thrown)?.to_vec();
        self.usable(id, at);
        let thing = match kind {
            Some(kind) => Thing::HostView(kind, view),
            None => Thing::Host(self.bytes.all[start..self.bytes.at].to_vec()),
        };
        Ok(Value::Object(Some(at), thing))
    }
}

/// 3.11.4, 3.12.3.
fn array(length: u32, elements: Option<Vec<Value>>, properties: Properties) -> Thing {
    let indices = properties.iter().filter_map(|property| text::index(&property.0));
    let length = indices.map(|index| u64::from(index) + 1).fold(length.into(), u64::max);
    Thing::Array {
        dense: elements.is_some(),
        length,
        elements: elements.unwrap_or_default(),
        properties,
    }
}
