//! Memories, buffers and their views, errors, Node's host objects.

use super::{Known, Reader};
use crate::bytes::{Refused, refuse, thrown};
use crate::value::{Part, Thing, Value};

impl Reader<'_> {
    /// 3.26.1, 3.26.2. The buffer must be a shared one, and none is given.
    pub(super) fn memory(&mut self, at: usize) -> Result<Value, Refused> {
        let id = self.take_id();
        let maximum = self.bytes.zigzag()?;
        let (wide, most) = match self.bytes.byte()? {
            0 => (32, 65_536),
            1 => (64, 262_144),
            _ => return refuse(),
        };
        if !self.lenient && !(-1..=most).contains(&maximum) {
            return refuse();
        }
        let memory = Thing::Memory((maximum != -1).then_some(maximum), wide);
        let memory = self.make(Some(at), memory);
        self.usable(id, memory);
        // 4.8: no view is read behind a buffer.
        match self.bytes.peek_tag() {
            Some(b'^') => {}
            Some(tag @ (b'B' | b'C' | b'~')) => {
                self.bytes.tag()?;
                let at = self.bytes.at - 1;
                self.buffer(tag, at)?;
            }
            _ => drop(self.value()?),
        }
        refuse()
    }

    /// 3.18.1 to 3.20.1: the buffer, its length, and whether that can change.
    pub(super) fn buffer(&mut self, tag: u8, at: usize) -> Result<(Value, u64, bool), Refused> {
        let id = self.take_id();
        let length = self.bytes.varint64()?;
        let max = if tag == b'~' { Some(self.bytes.varint64()?) } else { None };
        if max.is_some_and(|max| length > max || max > (1 << 53) - 1) {
            return refuse();
        }
        let bytes = self.bytes.take(length)?.to_vec();
        let buffer = Thing::Buffer { bytes, max, immutable: tag == b'C' };
        let index = self.make(Some(at), buffer);
        self.ids[id] = Some(Known { index, buffer: Some((length, max.is_some())) });
        Ok((self.done(index)?, length, max.is_some()))
    }

    /// The view behind a buffer, if there is one: 3.23.1 to 3.23.8.
    pub(super) fn view(
        &mut self,
        buffer: Value,
        all: u64,
        resizable: bool,
    ) -> Result<Value, Refused> {
        if self.bytes.peek_tag() != Some(b'V') {
            return Ok(buffer);
        }
        self.bytes.tag()?;
        let at = self.bytes.at - 1;
        let kind = self.bytes.varint8()?;
        let (offset, length) = (self.bytes.varint64()?, self.bytes.varint64()?);
        let rest = all.checked_sub(offset).filter(|&rest| length <= rest).ok_or(Refused::Plain)?;
        let flags =
            if self.version >= 14 || self.flags { Some(self.bytes.varint32()?) } else { None };
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
        // 3.23.7: the written length means nothing where the view tracks the buffer's.
        let length = if tracking { rest - rest % size } else { length };
        let buffer = Box::new(buffer);
        self.object(id, at, Thing::View { kind, offset, length, flags, buffer })
    }

    /// 3.24.1 to 3.24.5.
    pub(super) fn error(&mut self, at: usize) -> Result<Value, Refused> {
        let id = self.take_id();
        let error = self.make(Some(at), Thing::Error(vec![]));
        if self.lenient {
            self.usable(id, error);
        }
        let mut last = 0;
        loop {
            let tag = self.bytes.varint8()?;
            let place = match tag {
                b'E' | b'R' | b'F' | b'S' | b'T' | b'U' => 1,
                b'm' => 2,
                b's' => 3,
                b'c' => 4,
                b'.' => 5,
                _ => 0,
            };
            // 4.8: it is made as soon as no message and no stack can follow.
            if place >= 4 || place <= last {
                self.usable(id, error);
            }
            if place == 0 || (place <= last && !self.lenient) {
                return refuse(); // 3.24.4
            }
            last = place;
            let part = match tag {
                b'm' => Part::Message(self.string()?),
                b's' => Part::Stack(self.string()?),
                b'c' => Part::Cause(self.value()?),
                b'.' => return self.done(error),
                class => Part::Class(class),
            };
            if let Thing::Error(parts) = &mut self.made[error].thing {
                parts.push(part);
            }
        }
    }

    /// Node's host objects: 8.2 to 8.4. What fails there is an exception.
    pub(super) fn host(&mut self, at: usize) -> Result<Value, Refused> {
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
        let thing = match kind {
            Some(kind) => Thing::HostView(kind, view),
            None => Thing::Host(self.bytes.all[start..self.bytes.at].to_vec()),
        };
        self.object(id, at, thing)
    }
}
