//! The properties of an object in the stream: what structs are mostly read from.
//!
//! [`Entries`](super::entries::Entries) could give them too. This is small enough to be handed around.

use ::serde::de::{DeserializeSeed, Error as _, MapAccess};

use super::direct::Direct;
use super::error::Step;
use super::key::{KeyDe, NameDe};
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
        self.settle(level)?;
        match self.known_key(level) {
            Some(name) => Ok(Some(Name::Ascii(name))),
            None => self.other_key(level),
        }
    }

    /// Whether the object has a key left.
    #[inline]
    fn has_key(&mut self, level: usize) -> Result<bool, Error> {
        self.settle(level)?;
        Ok(self.level >= level && self.peek()?.is_some_and(|(event, _)| !event.is_end()))
    }

    #[inline(never)]
    fn other_key(&mut self, level: usize) -> Result<Option<Name<'de>>, Error> {
        if self.level < level {
            return Ok(None);
        }
        if let Some(name) = self.ascii_key(level) {
            return Ok(Some(Name::Ascii(name)));
        }
        let (key, at) = match self.peek()? {
            Some(&(Event::String(text), at)) => (Key::Text(text), at),
            Some(&(Event::Int32(number), at)) => (Key::Number(number.into()), at),
            Some(&(Event::Uint32(number), at)) => (Key::Number(number.into()), at),
            Some(&(Event::Double(number), at)) => (Key::Number(number), at),
            _ => return Ok(None),
        };
        let name = match key {
            Key::Text(text) => text.as_ascii().map(Name::Ascii),
            Key::Number(_) => None,
        };
        self.next()?;
        self.pending = true;
        Ok(Some(name.unwrap_or(Name::Key(key, at))))
    }
}

/// What a struct or map in Rust is made of.
pub(super) struct Fields<'s, 'd, 'de> {
    source: &'s mut Source<'d, 'de>,
    level: usize,
    /// Where the last key is.
    key: usize,
    count: usize,
}

impl<'s, 'd, 'de> Fields<'s, 'd, 'de> {
    /// Of the object that was opened last.
    #[inline]
    pub(super) fn new(source: &'s mut Source<'d, 'de>, level: usize) -> Self {
        Fields { source, level, key: 0, count: 0 }
    }

    /// Whether the object has been read to its end.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.source.stream.as_ref().is_some_and(|stream| stream.level < self.level)
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
        let stream = self.source.stream()?;
        let key = match stream.next_key(self.level)? {
            None => return Ok(None),
            Some(Name::Ascii(name)) => KeyDe::Ascii(name),
            Some(Name::Key(key, _)) => KeyDe::Key(key),
        };
        self.key = stream.start();
        self.count += 1;
        match seed.deserialize(key) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(self.source.located(error, self.key)),
        }
    }

    #[cold]
    #[inline(never)]
    fn misread(&mut self, error: Error) -> Error {
        match self.source.stream().map(|stream| stream.property(self.key)) {
            Ok(Some((key, offset))) => self.source.stepped(error, offset, Step::Property(key)),
            _ => error,
        }
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
        let name = match stream.known_key(self.level) {
            Some(name) => name,
            None if stream.object_end(self.level)? => return Ok(None),
            None => match stream.ascii_key(self.level) {
                Some(name) => name,
                None => return self.other_key_seed(seed),
            },
        };
        self.key = stream.start();
        self.count += 1;
        match seed.deserialize(NameDe(name)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(self.source.located(error, self.key)),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        if !self.source.stream()?.pending {
            return Err(Error::custom("a value was asked for before its key"));
        }
        let mut result = seed.deserialize(Direct(self.source));
        if let Err(error) = result {
            result = Err(self.misread(error));
        }
        result
    }
}
