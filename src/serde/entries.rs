//! The properties of objects and arrays, the entries of maps, the parts of errors and regexps.

use alloc::vec;
use alloc::vec::Vec;

use ::serde::de::{DeserializeSeed, Error as _, MapAccess};

use super::de::De;
use super::error::Step;
use super::fields;
use super::head::{Head, Place};
use super::key::KeyDe;
use super::source::{At, Source, lost};
use crate::document::raw::Cursor;
use crate::document::{Document, Key, Value};
use crate::error::Error;
use crate::text::Text;
use crate::wire::ErrorTag;

enum Of<'d, 'de> {
    StreamObject {
        level: usize,
    },
    StreamMap {
        level: usize,
    },
    Object {
        doc: &'d Document<'de>,
        cursor: Cursor,
    },
    Map {
        doc: &'d Document<'de>,
        cursor: Cursor,
    },
    /// The elements of an array under their indices, then its other properties, last to first.
    Array {
        doc: &'d Document<'de>,
        list: vec::IntoIter<(u32, u32)>,
        properties: Vec<(Key<'de>, u32)>,
    },
    Parts(vec::IntoIter<(&'static str, At<'d, 'de>)>),
}

/// A key, on the way to its value.
pub(super) enum Name<'d, 'de> {
    /// Of a property, from that offset.
    Key(Key<'de>, usize),
    /// Of a map.
    Value(At<'d, 'de>),
}

/// What a map or struct in Rust is made of.
pub(super) struct Entries<'s, 'd, 'de> {
    pub(super) source: &'s mut Source<'d, 'de>,
    of: Of<'d, 'de>,
    /// The value of the key that was given last.
    value: Option<At<'d, 'de>>,
    step: Step<'de>,
    count: usize,
    start: usize,
}

impl<'s, 'd, 'de> Entries<'s, 'd, 'de> {
    fn new(source: &'s mut Source<'d, 'de>, of: Of<'d, 'de>, start: usize) -> Self {
        Entries { source, of, value: None, step: Step::Index(0), count: 0, start }
    }

    /// What a map or struct is read from: an array's elements and properties too, if it comes to that.
    pub(super) fn of(
        source: &'s mut Source<'d, 'de>,
        head: &Head<'d, 'de>,
        start: usize,
    ) -> Result<Self, Error> {
        let of = match *head {
            Head::Object(Place::Stream) => Of::StreamObject { level: source.stream()?.level },
            Head::Object(Place::Value(value)) if value.document().may_repeat_keys() => {
                let doc = value.document();
                let mut properties: Vec<_> = doc.pairs(value.contents()).collect();
                source.charge_repeated(properties.len() as u64, start)?;
                keep_last(&mut properties);
                properties.reverse();
                Of::Array { doc, list: Vec::new().into_iter(), properties }
            }
            Head::Object(Place::Value(value)) => {
                Of::Object { doc: value.document(), cursor: value.contents() }
            }
            Head::Map(Place::Stream) => Of::StreamMap { level: source.stream()?.level },
            Head::Map(Place::Value(value)) => {
                Of::Map { doc: value.document(), cursor: value.contents() }
            }
            Head::Array(place, _) => Self::array(source, place, start)?,
            Head::Error(value) => Self::error(value, start),
            Head::RegExp(pattern, flags) => Self::regexp(pattern, flags, start),
            _ => return Err(lost()),
        };
        Ok(Self::new(source, of, start))
    }

    /// An array as JavaScript's `Object.entries` sees it: no holes, and all properties.
    fn array(
        source: &mut Source<'d, 'de>,
        place: Place<'d, 'de>,
        start: usize,
    ) -> Result<Of<'d, 'de>, Error> {
        let value = match place {
            Place::Value(value) => value,
            Place::Stream => match source.slot(start)? {
                At::Slot(doc, slot) => doc.value_at(slot),
                _ => return Err(lost()),
            },
        };
        let doc = value.document();
        let list = value.indexed_slots();
        let mut cursor = value.contents();
        if value.is_dense() {
            for _ in 0..value.declared_length() {
                cursor.next(doc);
            }
        }
        let mut properties: Vec<_> =
            doc.pairs(cursor).filter(|(key, _)| key.as_array_index().is_none()).collect();
        if doc.may_repeat_keys() {
            keep_last(&mut properties);
        }
        properties.reverse();
        let work = u64::from(value.declared_length().min(list.len() as u32));
        source.charge_repeated(work + properties.len() as u64, start)?;
        Ok(Of::Array { doc, list: list.into_iter(), properties })
    }

    /// An error as an object of what it has.
    fn error(value: Value<'d, 'de>, start: usize) -> Of<'d, 'de> {
        let doc = value.document();
        let name = value.error_name().unwrap_or("Error");
        let mut parts = vec![("name", literal(name, start))];
        let mut contents = value.contents();
        while let Some(slot) = contents.next(doc) {
            let name = match doc.error_tag(slot) {
                Some(ErrorTag::MESSAGE) => "message",
                Some(ErrorTag::STACK) => "stack",
                Some(ErrorTag::CAUSE) => "cause",
                _ => continue,
            };
            if let Some(slot) = contents.next(doc) {
                // Of a part that stands there twice, the last one counts.
                parts.retain(|(before, _)| *before != name);
                parts.push((name, At::Slot(doc, slot)));
            }
        }
        Of::Parts(parts.into_iter())
    }

    /// A regexp as an object of its source and flags.
    fn regexp(pattern: Text<'de>, flags: u32, start: usize) -> Of<'d, 'de> {
        let text = At::Ready(Head::Text(pattern), start);
        let parts = vec![("source", text), ("flags", At::Ready(Head::Flags(flags), start))];
        Of::Parts(parts.into_iter())
    }

    /// The next key; `None` behind the last.
    #[inline]
    pub(super) fn next_name(&mut self) -> Result<Option<Name<'d, 'de>>, Error> {
        let (name, value) = match &mut self.of {
            Of::StreamObject { level } => {
                let (key, at) = match self.source.stream()?.next_key(*level)? {
                    Some(fields::Name::Key(key, at)) => (key, at),
                    Some(fields::Name::Ascii(name)) => {
                        let at = self.source.stream()?.start();
                        (Key::Text(Text::OneByte(name.as_bytes())), at)
                    }
                    None => return Ok(None),
                };
                (Name::Key(key, at), At::Stream)
            }
            Of::StreamMap { level } => {
                let stream = self.source.stream()?;
                stream.settle(*level)?;
                let over =
                    stream.level < *level || stream.peek()?.is_none_or(|(event, _)| event.is_end());
                if over {
                    return Ok(None);
                }
                stream.pending = true;
                (Name::Value(At::Stream), At::Stream)
            }
            Of::Object { doc, cursor } => match Self::pair(doc, cursor) {
                Some((key, value)) => (key, value),
                None => return Ok(None),
            },
            Of::Map { doc, cursor } => match (cursor.next(doc), cursor.next(doc)) {
                (Some(key), Some(value)) => (Name::Value(At::Slot(doc, key)), At::Slot(doc, value)),
                _ => return Ok(None),
            },
            Of::Array { doc, list, properties } => {
                if let Some((index, slot)) = list.next() {
                    (Name::Key(Key::Number(index.into()), self.start), At::Slot(doc, slot))
                } else if let Some((key, slot)) = properties.pop() {
                    (Name::Key(key, self.start), At::Slot(doc, slot))
                } else {
                    return Ok(None);
                }
            }
            Of::Parts(parts) => match parts.next() {
                Some((name, value)) => {
                    (Name::Key(Key::Text(Text::OneByte(name.as_bytes())), self.start), value)
                }
                None => return Ok(None),
            },
        };
        self.source.charge_repeated(1, self.start)?;
        self.step = match &name {
            Name::Key(key, _) => Step::Property(*key),
            Name::Value(_) => Step::MapValue(self.count),
        };
        self.count += 1;
        self.value = Some(value);
        Ok(Some(name))
    }

    fn pair(doc: &'d Document<'de>, cursor: &mut Cursor) -> Option<(Name<'d, 'de>, At<'d, 'de>)> {
        let slot = cursor.next(doc)?;
        let key = doc.key_at(slot)?;
        let offset = doc.tag_offset(slot);
        Some((Name::Key(key, offset), At::Slot(doc, cursor.next(doc)?)))
    }

    /// The key, read into what the seed wants.
    pub(super) fn read_name<T: DeserializeSeed<'de>>(
        &mut self,
        name: Name<'d, 'de>,
        seed: T,
    ) -> Result<T::Value, Error> {
        match name {
            Name::Key(key, offset) => seed
                .deserialize(KeyDe::Key(key))
                .map_err(|error| self.source.located(error, offset)),
            Name::Value(at) => {
                let offset = self.source.offset(at)?;
                let step = Step::MapKey(self.count.saturating_sub(1));
                let result = seed
                    .deserialize(De::new(self.source, at))
                    .map_err(|error| self.source.stepped(error, offset, step));
                if let Of::StreamMap { level } = self.of {
                    // The key is behind us, whatever became of it; the value is next.
                    let stream = self.source.stream()?;
                    stream.settle(level)?;
                    stream.pending = true;
                }
                result
            }
        }
    }

    /// Where the value of the last key is.
    pub(super) fn next_place(&mut self) -> Result<At<'d, 'de>, Error> {
        self.value.take().ok_or_else(|| Error::custom("a value was asked for before its key"))
    }

    /// Reads the value of the last key with `read`.
    pub(super) fn read_value<T>(
        &mut self,
        read: impl FnOnce(De<'_, 'd, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(At::Stream) = self.value {
            // Said again in full, so that nothing is copied.
            self.value = None;
            let offset = self.source.stream()?.next_start()?;
            return match read(De::new(self.source, At::Stream)) {
                Ok(value) => Ok(value),
                Err(error) => Err(self.source.stepped(error, offset, self.step)),
            };
        }
        let at = self.next_place()?;
        let offset = self.source.offset(at)?;
        match read(De::new(self.source, at)) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.source.stepped(error, offset, self.step)),
        }
    }

    /// Passes over what the visitor was not interested in, and refuses entries that it left.
    pub(super) fn finish(mut self, level: Option<usize>, expected: &str) -> Result<(), Error> {
        let count = self.count;
        if self.next_name()?.is_some() {
            return Err(Error::invalid_length(count + 1, &expected));
        }
        match level {
            Some(level) => {
                let stream = self.source.stream()?;
                stream.settle(level)?;
                stream.close(level.saturating_sub(1))
            }
            None => Ok(()),
        }
    }
}

/// Of a key that occurs twice, leaves the first place and the last value, as JavaScript does.
fn keep_last(properties: &mut Vec<(Key<'_>, u32)>) {
    let mut names: Vec<(_, usize)> =
        properties.iter().map(|(key, _)| key.to_str()).zip(0..).collect();
    names.sort();
    let mut doomed = Vec::new();
    let mut moved = Vec::new();
    for same in names.chunk_by(|a, b| a.0 == b.0) {
        if let [(_, first), .., (_, last)] = same {
            moved.push((*first, *last));
            doomed.extend(same.iter().skip(1).map(|name| name.1));
        }
    }
    drop(names);
    for (first, last) in moved {
        let slot = properties.get(last).map(|property| property.1);
        if let (Some(property), Some(slot)) = (properties.get_mut(first), slot) {
            property.1 = slot;
        }
    }
    doomed.sort_unstable();
    let mut number = 0;
    properties.retain(|_| {
        number += 1;
        doomed.binary_search(&(number - 1)).is_err()
    });
}

fn literal<'d, 'de>(text: &'static str, start: usize) -> At<'d, 'de> {
    At::Ready(Head::Text(Text::OneByte(text.as_bytes())), start)
}

impl<'de> MapAccess<'de> for Entries<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        match self.next_name()? {
            Some(name) => self.read_name(name, seed).map(Some),
            None => Ok(None),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.read_value(|de| seed.deserialize(de))
    }
}
