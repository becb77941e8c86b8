//! Containers.

use alloc::string::String;

use ::serde::{Serialize, ser};

use super::key::KeySer;
use super::level::{Level, Names};
use super::serializer::{Done, Serializer};
use crate::read::Event;
use crate::wire::Tag;
use crate::write::{WriteError, WriteErrorKind};

/// A container that is being written, the innermost one.
pub(super) struct Compound<'a, 'o> {
    serializer: &'a mut Serializer<'o>,
    /// Whether it stands in the object of a variant, which ends with it.
    pub(super) variant: bool,
    /// How many fields a struct has, as long as all were those of the last one.
    known: Option<usize>,
}

impl<'a, 'o> Compound<'a, 'o> {
    pub(super) fn of(serializer: &'a mut Serializer<'o>) -> Self {
        Compound { serializer, variant: false, known: None }
    }

    /// `known`: see [`Serializer::begin_struct`].
    pub(super) fn of_struct(serializer: &'a mut Serializer<'o>, known: bool) -> Self {
        Compound { serializer, variant: false, known: known.then_some(0) }
    }

    pub(super) fn of_variant(serializer: &'a mut Serializer<'o>) -> Self {
        Compound { serializer, variant: true, known: None }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let start = self.serializer.writer.position();
        value.serialize(&mut *self.serializer)?;
        let tag = self.serializer.writer.written().get(start).copied().map(Tag);
        if let Some(Level::Array { count, integers, doubles, .. }) =
            self.serializer.levels.last_mut()
        {
            *count += 1;
            match tag {
                Some(Tag::INT32) => *integers += 1,
                Some(Tag::DOUBLE) => *doubles += 1,
                _ => {}
            }
        } else if let Some(Level::Set { count }) = self.serializer.levels.last_mut() {
            *count += 1;
        }
        Ok(())
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        if let Some(number) = self.known
            && self.serializer.known_field(number, name)
        {
            if number == 0 {
                self.between(false);
            }
            self.known = Some(number + 1);
        } else {
            self.known = None;
            self.serializer.field(name)?;
        }
        value.serialize(&mut *self.serializer)
    }

    /// Notes whether no property is being written.
    fn between(&mut self, is: bool) {
        if let Some(Level::Object { between, .. }) = self.serializer.levels.last_mut() {
            *between = is;
        }
    }

    #[inline]
    pub(super) fn end_any(mut self) -> Done {
        match self.known {
            Some(count) => self.end_known(count)?,
            None => self.end_one()?,
        }
        if self.variant {
            self.end_one()?;
        }
        Ok(())
    }

    /// Ends a struct that has had so many fields of the last one, no two of them alike.
    #[inline]
    fn end_known(&mut self, count: usize) -> Done {
        let serializer = &mut *self.serializer;
        serializer.entries.truncate(serializer.entries.len() - count);
        serializer.writer.object_end()?;
        serializer.levels.pop();
        Ok(())
    }

    /// Ends the innermost container.
    fn end_one(&mut self) -> Done {
        self.between(true);
        let serializer = &mut *self.serializer;
        if let Some(Level::Undecided) = serializer.levels.last() {
            serializer.decide_object()?;
        }
        match serializer.levels.last().copied() {
            Some(Level::Array { array, count, integers, doubles }) => {
                let widen = integers > 0 && doubles > 0 && integers + doubles == count;
                serializer.moved |= serializer.writer.end_open_array(array, widen)?;
            }
            Some(Level::Object { base, names, .. }) => {
                let entries = serializer.entries.get(base..).unwrap_or_default();
                if let Some(entry) = serializer.writer.duplicate(entries) {
                    let key = match serializer.writer.key_of(entry) {
                        Ok(index) => alloc::format!("{index}"),
                        Err(text) => String::from(text.to_str()),
                    };
                    return Err(WriteError::new(WriteErrorKind::DuplicateKey { key }));
                }
                serializer.moved |= serializer.writer.order(entries);
                if names == Names::Fields {
                    serializer.shapes.end(serializer.levels.len(), entries.len());
                }
                serializer.entries.truncate(base);
                serializer.event(Event::ObjectEnd { properties: 0 })?;
            }
            Some(Level::Map { .. }) => serializer.event(Event::MapEnd { length: 0 })?,
            Some(Level::Set { .. }) => serializer.event(Event::SetEnd { length: 0 })?,
            Some(Level::Undecided | Level::Error { .. }) | None => {}
        }
        serializer.levels.pop();
        Ok(())
    }
}

macro_rules! children {
    ($($container:ident: $method:ident($($name:ident: $ty:ty)?) as $child:ident;)*) => {$(
        impl ser::$container for Compound<'_, '_> {
            type Ok = ();
            type Error = WriteError;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $ty,)? value: &T) -> Done {
                self.$child($($name,)? value)
            }

            fn end(self) -> Done {
                self.end_any()
            }
        }
    )*};
}

children! {
    SerializeSeq: serialize_element() as element;
    SerializeTuple: serialize_element() as element;
    SerializeTupleStruct: serialize_field() as element;
    SerializeTupleVariant: serialize_field() as element;
    SerializeStruct: serialize_field(name: &'static str) as field;
    SerializeStructVariant: serialize_field(name: &'static str) as field;
}

impl ser::SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.between(true);
        if let Some(Level::Map { count }) = self.serializer.levels.last_mut() {
            *count += 1;
            return key.serialize(&mut *self.serializer);
        }
        key.serialize(KeySer::of(&mut *self.serializer))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        if let Some(Level::Map { count }) = self.serializer.levels.last_mut() {
            *count += 1;
        }
        value.serialize(&mut *self.serializer)
    }

    fn end(self) -> Done {
        self.end_any()
    }
}
