//! The properties of an object in the stream: what structs are mostly read from.
//!
//! [`Entries`](super::entries::Entries) could give them too. This is small enough to be handed around.

use ::serde::de::{DeserializeSeed, Error as _, MapAccess};

use super::direct::Direct;
use super::error::Step;
use super::key::KeyDe;
use super::source::Source;
use super::stream::Stream;
use crate::document::Key;
use crate::error::Error;
use crate::read::Event;

/// A key that has been read.
#[derive(Clone, Copy)]
pub(super) enum Name<'de> {
    Ascii(&'de str),
    /// From that offset.
    Key(Key<'de>, usize),
}

impl<'de> Stream<'de> {
    /// The next key of the object of this level, if it has one left. Its value is next then.
    #[inline]
    pub(super) fn next_key(&mut self, level: usize) -> Result<Option<Name<'de>>, Error> {
        match self.next_known_key(level)? {
            Some(name) => Ok(Some(Name::Ascii(name))),
            None => {
                let mut name = None;
                self.other_key(level, &mut name)?;
                Ok(name)
            }
        }
    }

    /// Whether the object has a key left.
    #[inline]
    fn has_key(&mut self, level: usize) -> Result<bool, Error> {
        self.settle(level)?;
        Ok(self.level >= level && self.peek()?.is_some_and(|(event, _)| !event.is_end()))
    }

    /// As [`Stream::next_key`], if it is the one that the last object had in this place.
    #[inline]
    fn next_known_key(&mut self, level: usize) -> Result<Option<&'de str>, Error> {
        self.settle(level)?;
        if self.level < level {
            return Ok(None);
        }
        let name = self.known_key()?;
        self.pending |= name.is_some();
        Ok(name)
    }

    #[inline(never)]
    fn other_key(&mut self, level: usize, to: &mut Option<Name<'de>>) -> Result<(), Error> {
        *to = None;
        if self.level < level {
            return Ok(());
        }
        let (key, at) = match self.peek()? {
            Some(&(Event::String(text), at)) => (Key::Text(text), at),
            Some(&(Event::Int32(number), at)) => (Key::Number(number.into()), at),
            Some(&(Event::Uint32(number), at)) => (Key::Number(number.into()), at),
            Some(&(Event::Double(number), at)) => (Key::Number(number), at),
            _ => return Ok(()),
        };
        let name = match key {
            Key::Text(text) => text.as_ascii().map(Name::Ascii),
            Key::Number(_) => None,
        };
        self.next()?;
        self.pending = true;
        *to = Some(name.unwrap_or(Name::Key(key, at)));
        Ok(())
    }
}

/// What a struct or map in Rust is made of.
pub(super) struct Fields<'s, 'd, 'de> {
    source: &'s mut Source<'d, 'de>,
    level: usize,
    /// The last key, if it is none of `other`. Keys are not one enum with the others: to move it around
    /// its tag, right after it was made, takes longer than reading the key.
    name: &'de str,
    other: Option<Name<'de>>,
    count: usize,
}

impl<'s, 'd, 'de> Fields<'s, 'd, 'de> {
    /// Of the object that was opened last.
    pub(super) fn new(source: &'s mut Source<'d, 'de>, level: usize) -> Self {
        Fields { source, level, name: "", other: None, count: 0 }
    }

    /// Passes over what the visitor was not interested in, and refuses entries that it left.
    #[inline]
    pub(super) fn finish(self, expected: &str) -> Result<(), Error> {
        let stream = self.source.stream()?;
        if stream.has_key(self.level)? {
            return Err(Error::invalid_length(self.count + 1, &expected));
        }
        stream.settle(self.level)?;
        stream.close(self.level.saturating_sub(1))
    }

    #[inline(never)]
    fn other_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Fields { source, level, other, .. } = self;
        source.stream()?.other_key(*level, other)?;
        let key = match self.other {
            None => return Ok(None),
            Some(Name::Ascii(name)) => KeyDe::Ascii(name),
            Some(Name::Key(key, _)) => KeyDe::Key(key),
        };
        self.count += 1;
        match seed.deserialize(key) {
            Ok(key) => Ok(Some(key)),
            Err(error) => self.misread_key(error),
        }
    }

    #[cold]
    #[inline(never)]
    fn misread_key<T>(&mut self, error: Error) -> Result<T, Error> {
        let offset = match self.other {
            Some(Name::Key(_, offset)) => offset,
            _ => self.source.stream()?.start(),
        };
        Err(self.source.located(error, offset))
    }

    #[cold]
    #[inline(never)]
    fn misread(&mut self, error: Error, offset: usize) -> Error {
        let step = match self.other {
            None => Step::Ascii(self.name),
            Some(Name::Ascii(name)) => Step::Ascii(name),
            Some(Name::Key(key, _)) => Step::Property(key),
        };
        self.source.stepped(error, offset, step)
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let stream = self.source.stream()?;
        let Some(name) = stream.next_known_key(self.level)? else {
            return self.other_key_seed(seed);
        };
        (self.name, self.other) = (name, None);
        self.count += 1;
        match seed.deserialize(KeyDe::Ascii(name)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => self.misread_key(error),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let stream = self.source.stream()?;
        if !stream.pending {
            return Err(Error::custom("a value was asked for before its key"));
        }
        let offset = stream.next_start()?;
        match seed.deserialize(Direct(self.source)) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.misread(error, offset)),
        }
    }
}
