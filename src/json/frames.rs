//! The stack of plain JSON: containers that are open, and what comes next in each.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use core::fmt::{self, Write as _};

use crate::document::raw::Cursor;
use crate::document::{Document, Kind, Value};
use crate::path::push_property;

/// Characters shown of a long key.
const KEY: usize = 64;

/// An open container.
pub(super) struct Frame {
    /// Its node.
    pub(super) index: u32,
    pub(super) cursor: Cursor,
    pub(super) state: State,
}

pub(super) enum State {
    /// Elements: how many are done, and how many there are.
    Array {
        done: u32,
        length: u32,
    },
    /// Elements that do not stand in their places.
    Indexed(Box<Indexed>),
    /// The slot of the last key.
    Object {
        key: u32,
    },
    /// A map as an object, likewise.
    MapObject {
        key: u32,
    },
    /// A map as a list of pairs, or a set: keys and values that are done.
    Map {
        done: u32,
    },
    Set {
        done: u32,
    },
    /// The node of the cause, once.
    Error {
        cause: Option<u32>,
    },
    /// Payload bytes and values.
    Host {
        done: u32,
    },
    /// A host object that is written as the one value in it.
    Shell {
        value: Option<u32>,
    },
}

/// What comes next in a container.
pub(super) enum Next<'d, 'a> {
    Item(Value<'d, 'a>),
    /// A value without anything in front of it.
    Only(Value<'d, 'a>),
    /// The slot of the key, and the value. A key itself would be waited for: it is in pieces, made just now.
    Property(u32, Value<'d, 'a>),
    Named(Name, Value<'d, 'a>),
    /// The key of an entry, its value is next; whether it is the first entry.
    EntryKey(Value<'d, 'a>, bool),
    EntryValue(Value<'d, 'a>),
    Bytes(&'a [u8]),
    Hole,
    /// Something that is left out.
    Absent,
    Length(u32),
    Close(&'static str),
}

#[derive(Clone, Copy)]
pub(super) enum Name {
    Index(u32),
    Cause,
}

pub(super) struct Indexed {
    pub(super) elements: vec::IntoIter<(u32, u32)>,
    pub(super) next: Option<(u32, u32)>,
    pub(super) done: u32,
    pub(super) length: u32,
    /// As an object, because there are too many holes.
    pub(super) object: bool,
}

/// What `JSON.stringify` leaves out of objects.
fn is_absent(value: Value<'_, '_>) -> bool {
    matches!(value.kind(), Kind::Undefined | Kind::Hole)
}

impl Frame {
    /// What comes next, up to the end of the container.
    pub(super) fn next<'d, 'a>(&mut self, doc: &'d Document<'a>) -> Next<'d, 'a> {
        match &mut self.state {
            State::Array { done, length } => {
                if *done == *length {
                    return Next::Close("]");
                }
                *done += 1;
                self.cursor.value(doc).map_or(Next::Close("]"), Next::Item)
            }
            State::Indexed(indexed) => indexed.next(doc),
            State::Object { key } | State::MapObject { key } => {
                let Some(slot) = self.cursor.next(doc) else { return Next::Close("}") };
                *key = slot;
                let Some(value) = self.cursor.value(doc) else { return Next::Close("}") };
                if is_absent(value) { Next::Absent } else { Next::Property(slot, value) }
            }
            State::Map { done } => {
                let Some(value) = self.cursor.value(doc) else { return Next::Close("]") };
                *done += 1;
                match *done % 2 {
                    1 => Next::EntryKey(value, *done == 1),
                    _ => Next::EntryValue(value),
                }
            }
            State::Set { done } => {
                *done += 1;
                self.cursor.value(doc).map_or(Next::Close("]"), Next::Item)
            }
            State::Error { cause } => match cause.take().map(|index| doc.value_of(index)) {
                Some(value) if !is_absent(value) => Next::Named(Name::Cause, value),
                _ => Next::Close("}"),
            },
            State::Host { done } => {
                let Some(slot) = self.cursor.next(doc) else { return Next::Close("]") };
                if let Some(bytes) = doc.host_bytes_at(slot) {
                    return Next::Bytes(bytes);
                }
                *done += 1;
                Next::Item(doc.value_at(slot))
            }
            State::Shell { value } => match value.take() {
                Some(index) => Next::Only(doc.value_of(index)),
                None => Next::Close(""),
            },
        }
    }

    /// Appends the step to the value that was read last.
    pub(super) fn step(&self, doc: &Document<'_>, path: &mut String) -> fmt::Result {
        match &self.state {
            State::Array { done, .. } => write!(path, "[{}]", done.saturating_sub(1)),
            State::Indexed(indexed) => write!(path, "[{}]", indexed.done.saturating_sub(1)),
            State::Object { key } | State::MapObject { key } => {
                if let Some(key) = doc.key_at(*key) {
                    match key.as_array_index() {
                        Some(index) => write!(path, "[{index}]")?,
                        None => push_property(path, &key.start(KEY), KEY),
                    }
                }
                Ok(())
            }
            State::Map { done } if done % 2 == 1 => write!(path, "<key {}>", done / 2),
            State::Map { done } => write!(path, "<value {}>", (done / 2).saturating_sub(1)),
            State::Set { done } => write!(path, "<{}>", done.saturating_sub(1)),
            State::Error { .. } => path.write_str(".cause"),
            State::Host { done } => write!(path, "<host {}>", done.saturating_sub(1)),
            State::Shell { .. } => path.write_str("<host 0>"),
        }
    }
}

impl Indexed {
    fn next<'d, 'a>(&mut self, doc: &'d Document<'a>) -> Next<'d, 'a> {
        if self.object {
            let Some((index, slot)) = self.next else {
                // Once, behind the elements.
                return match core::mem::take(&mut self.length) {
                    0 => Next::Close("}"),
                    length => Next::Length(length),
                };
            };
            self.next = self.elements.next();
            self.done = index.saturating_add(1);
            let value = doc.value_at(slot);
            return match is_absent(value) {
                true => Next::Absent,
                false => Next::Named(Name::Index(index), value),
            };
        }
        if self.done == self.length {
            return Next::Close("]");
        }
        let here = self.done;
        self.done += 1;
        match self.next {
            Some((index, slot)) if index == here => {
                self.next = self.elements.next();
                Next::Item(doc.value_at(slot))
            }
            _ => Next::Hole,
        }
    }
}
