//! Documents and their values as what serde serializes, and documents out of what it serializes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use ::serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use half::f16;

use super::head::Head;
use super::js::{self, BigInt, Date, ErrorClass, RegExp};
use super::token::Token;
use super::{DeserializeOptions, SerializeOptions};
use crate::document::raw::{NodeKind, OUTSIDE};
use crate::document::{Document, Indexed, Kind, Value, elements};
use crate::error::{Error, ErrorKind};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::{ByteOrder, ErrorTag};
use crate::write::{WriteError, WriteErrorKind};

/// Writes the value to any format, as the types of [`js`](crate::js) for what serde has no words for: in
/// JSON a `Date` is a number of milliseconds, a bigint a string. (The JSON of [`json`](crate::json) is
/// that of `JSON.stringify` where it can be.) A `Map` is a map where all its keys are strings or
/// the format is for machines, else a sequence of pairs.
///
/// An object that is referred to several times is written at each place. What is bounded there is
/// bounded as in [`from_document`](crate::from_document), with the default options: 128 containers
/// within containers, since serde recurses, and 2^24 values that are written again.
///
/// ```
/// // What Node 18 writes for `{ a: [1, , 'x'], d: new Date(0) }`.
/// let doc = v8wire::Document::parse(
///     b"\xFF\x0Fo\"\x01aA\x03I\x02-\"\x01x$\0\x03\"\x01dD\0\0\0\0\0\0\0\0{\x02",
/// )?;
/// assert_eq!(serde_json::to_string(&doc.root())?, r#"{"a":[1,null,"x"],"d":0}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Cycles, what exceeds the bounds, and what there is nothing in Rust for (WebAssembly, buffers that are
/// elsewhere, host objects other than Node's).
impl Serialize for Value<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bounds = DeserializeOptions::default();
        let walk = Walk {
            max_depth: bounds.max_depth,
            max_repeats: bounds.max_repeats,
            open: RefCell::new(Vec::new()),
            left: Cell::new(bounds.max_repeats),
            within: Cell::new(0),
        };
        let at = self.offset().unwrap_or(0);
        Node { value: *self, at, again: false, walk: &walk }.serialize(serializer)
    }
}

/// As for [`Value`].
impl Serialize for Indexed<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

/// The (first) value, as for [`Value`].
impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root().serialize(serializer)
    }
}

impl<'a> Document<'a> {
    /// The document of a Rust value, whose bytes are put into `buffer`: what
    /// [`to_vec`](crate::to_vec) writes, read again.
    ///
    /// ```
    /// let mut buffer = Vec::new();
    /// let doc = v8wire::Document::from_serialize(&[Some("Ada"), None], &mut buffer)?;
    /// assert_eq!(doc.root()[0].as_str().as_deref(), Some("Ada"));
    /// assert!(doc.root()[1].is_null());
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](crate::to_vec).
    pub fn from_serialize<T: Serialize + ?Sized>(
        value: &T,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Self, WriteError> {
        *buffer = SerializeOptions::default().to_vec(value)?;
        Document::parse(buffer).map_err(|error| {
            // Only where there are more values than a document takes.
            WriteError::new(WriteErrorKind::Unsupported { message: format!("{error}") })
        })
    }
}

/// What all nodes of a value share.
struct Walk {
    max_depth: usize,
    max_repeats: u64,
    /// The containers that are open.
    open: RefCell<Vec<u32>>,
    /// How many values may still be written again.
    left: Cell<u64>,
    /// How many references have been followed to here.
    within: Cell<usize>,
}

/// A value, on its way into a serializer.
#[derive(Clone, Copy)]
struct Node<'w, 'd, 'a> {
    value: Value<'d, 'a>,
    /// The offset of its tag, or of the reference to it.
    at: usize,
    /// Whether a reference led to it.
    again: bool,
    walk: &'w Walk,
}

impl<'d, 'a> Node<'_, 'd, 'a> {
    fn fail<E: ::serde::ser::Error>(self, kind: ErrorKind) -> E {
        E::custom(Error::new(self.at, kind))
    }

    /// Counts values that are written again, or that are not in the data.
    fn charge<E: ::serde::ser::Error>(self, values: u64) -> Result<(), E> {
        match self.walk.left.get().checked_sub(values) {
            Some(left) => {
                self.walk.left.set(left);
                Ok(())
            }
            None => {
                let max = self.walk.max_repeats;
                Err(self.fail(ErrorKind::LimitExceeded { limit: "repeated values", max }))
            }
        }
    }

    fn charge_repeated<E: ::serde::ser::Error>(self, values: u64) -> Result<(), E> {
        if self.walk.within.get() > 0 { self.charge(values) } else { Ok(()) }
    }

    /// The value at a slot of the contents.
    fn slot(self, slot: u32) -> Self {
        let doc = self.value.document();
        let node = doc.nodes().get(slot);
        let again =
            node.is_some_and(|node| node.kind() == NodeKind::Reference && !node.flag(OUTSIDE));
        let at = doc.tag_offset(slot);
        Node { value: doc.value_at(slot), at, again, ..self }
    }

    fn slots(self) -> impl Iterator<Item = Self> {
        let mut contents = self.value.contents();
        core::iter::from_fn(move || {
            contents.next(self.value.document()).map(|slot| self.slot(slot))
        })
    }

    /// Writes a container, which `write` does.
    fn enter<T, E: ::serde::ser::Error>(
        self,
        write: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let id = self.value.id().unwrap_or(0);
        if self.again && self.walk.open.borrow().contains(&id) {
            return Err(self.fail(ErrorKind::Cycle { start: self.value.offset().unwrap_or(0) }));
        }
        if self.walk.open.borrow().len() >= self.walk.max_depth {
            let max = self.walk.max_depth as u64;
            return Err(self.fail(ErrorKind::LimitExceeded { limit: "depth", max }));
        }
        self.walk.open.borrow_mut().push(id);
        let written = write()?;
        self.walk.open.borrow_mut().pop();
        Ok(written)
    }

    fn container<S: Serializer>(
        self,
        head: &Head<'d, 'a>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match *head {
            Head::Object(_) => {
                serializer.serialize_newtype_struct(Token::Object.name(), &Properties(self))
            }
            Head::Array(..) => self.array(serializer),
            Head::Map(_) => serializer.serialize_newtype_struct(Token::Map.name(), &Entries(self)),
            Head::Set(_) => serializer.serialize_newtype_struct(Token::Set.name(), &Members(self)),
            _ => self.error(serializer),
        }
    }

    fn array<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.value.has_indices() {
            let length = self.value.declared_length() as usize;
            let mut seq = serializer.serialize_seq(Some(length))?;
            self.slots().take(length).try_for_each(|element| seq.serialize_element(&element))?;
            return seq.end();
        }
        let length = self.value.len().unwrap_or(0);
        let slots = self.value.indexed_slots();
        // Holes cost nothing in the data, so they are counted here.
        self.charge((length - slots.len().min(length)) as u64)?;
        self.charge_repeated(slots.len() as u64)?;
        let mut seq = serializer.serialize_seq(Some(length))?;
        let mut next = 0;
        for (index, slot) in slots {
            (next..index).try_for_each(|_| seq.serialize_element(&js::Undefined))?;
            seq.serialize_element(&self.slot(slot))?;
            next = index.saturating_add(1);
        }
        (next as usize..length).try_for_each(|_| seq.serialize_element(&js::Undefined))?;
        seq.end()
    }

    fn error<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |text: Text<'_>| String::from(text.to_str());
        let mut contents = self.value.contents();
        let mut cause = None;
        let doc = self.value.document();
        while let Some(slot) = contents.next(doc) {
            if doc.error_tag(slot) == Some(ErrorTag::CAUSE) {
                cause = contents.next(doc).map(|slot| self.slot(slot));
            }
        }
        js::Error {
            class: ErrorClass::from_name(self.value.error_name().unwrap_or("Error")),
            message: self.value.error_message().map(text),
            stack: self.value.error_stack().map(text),
            cause,
        }
        .serialize(serializer)
    }

    fn view<S: Serializer>(
        self,
        kind: ViewKind,
        bytes: &[u8],
        order: ByteOrder,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        self.charge_repeated((bytes.len() / kind.element_size()) as u64)?;
        macro_rules! write {
            ($ty:ty) => {{
                let elements = elements::<$ty>(bytes, order);
                let payload = js::Elements(&elements[..]);
                serializer.serialize_newtype_struct(Token::View(kind).name(), &payload)
            }};
        }
        match kind {
            ViewKind::Int8 => write!(i8),
            ViewKind::Int16 => write!(i16),
            ViewKind::Uint16 => write!(u16),
            ViewKind::Int32 => write!(i32),
            ViewKind::Uint32 => write!(u32),
            ViewKind::Float16 => write!(f16),
            ViewKind::Float32 => write!(f32),
            ViewKind::Float64 => write!(f64),
            ViewKind::BigInt64 => write!(i64),
            ViewKind::BigUint64 => write!(u64),
            ViewKind::Uint8 | ViewKind::Uint8Clamped | ViewKind::Buffer | ViewKind::DataView => {
                write!(u8)
            }
        }
    }

    fn scalar<S: Serializer>(self, head: &Head<'d, 'a>, serializer: S) -> Result<S::Ok, S::Error> {
        match *head {
            Head::Undefined => js::Undefined.serialize(serializer),
            Head::Bool(value) => serializer.serialize_bool(value),
            Head::Number(value) => match safe(value) {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(value),
            },
            Head::BigInt(value) => BigInt::from(value).serialize(serializer),
            Head::Text(text) => serializer.serialize_str(&text.to_str()),
            Head::Date(ms) => Date::from_millis_f64(ms).serialize(serializer),
            Head::RegExp(pattern, flags) => {
                RegExp::new(pattern.to_str(), flags).serialize(serializer)
            }
            Head::Bytes(None, bytes) => {
                self.charge_repeated(bytes.len() as u64)?;
                js::ArrayBuffer::from(bytes).serialize(serializer)
            }
            Head::Bytes(Some(kind), bytes) => self.view(kind, bytes, ByteOrder::Little, serializer),
            Head::Elements(kind, bytes, order) => self.view(kind, bytes, order, serializer),
            Head::Opaque(what) => Err(S::Error::custom(format!("{what} cannot be serialized"))),
            _ => serializer.serialize_unit(),
        }
    }
}

/// A number as an integer, where JavaScript would count with it as one.
fn safe(value: f64) -> Option<i64> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    let integer = value as i64;
    let same = (integer as f64).to_bits() == value.to_bits();
    (same && (-SAFE..=SAFE).contains(&value)).then_some(integer)
}

impl Serialize for Node<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut node = *self;
        while let Some((inner, referred)) = Head::inner_value(node.value) {
            node.value = inner;
            node.again |= referred;
        }
        let head = Head::of_value(node.value);
        if node.again || node.walk.within.get() > 0 {
            node.charge(1 + (head.byte_length() / super::source::BYTES_PER_VALUE) as u64)?;
        }
        let within = node.walk.within.get();
        node.walk.within.set(within + usize::from(node.again));
        let written = if head.is_container() {
            node.enter(|| node.container(&head, serializer))
        } else if matches!(
            node.value.kind(),
            Kind::BooleanObject | Kind::NumberObject | Kind::BigIntObject | Kind::StringObject
        ) {
            serializer.serialize_newtype_struct(Token::Boxed.name(), &Primitive(node, head))
        } else {
            node.scalar(&head, serializer)
        };
        node.walk.within.set(within);
        written
    }
}

/// What is in an object of a primitive.
struct Primitive<'w, 'd, 'a>(Node<'w, 'd, 'a>, Head<'d, 'a>);

impl Serialize for Primitive<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.scalar(&self.1, serializer)
    }
}

/// The properties of an object.
struct Properties<'w, 'd, 'a>(Node<'w, 'd, 'a>);

impl Serialize for Properties<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0.value;
        let mut map = serializer.serialize_map(None)?;
        for (key, slot) in value.document().pairs(value.contents()) {
            self.0.charge_repeated(1)?;
            map.serialize_entry(&key.to_str(), &self.0.slot(slot))?;
        }
        map.end()
    }
}

/// The members of a set.
struct Members<'w, 'd, 'a>(Node<'w, 'd, 'a>);

impl Serialize for Members<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.slots().count()))?;
        self.0.slots().try_for_each(|member| seq.serialize_element(&member))?;
        seq.end()
    }
}

/// The entries of a map.
struct Entries<'w, 'd, 'a>(Node<'w, 'd, 'a>);

impl Serialize for Entries<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let count = self.0.slots().count() / 2;
        let mut slots = self.0.slots();
        let mut entries = core::iter::from_fn(|| Some((slots.next()?, slots.next()?)));
        let names = self.0.slots().step_by(2).all(|key| key.value.kind() == Kind::String);
        if names || !serializer.is_human_readable() {
            let mut map = serializer.serialize_map(Some(count))?;
            entries.try_for_each(|(key, value)| map.serialize_entry(&key, &value))?;
            return map.end();
        }
        let mut seq = serializer.serialize_seq(Some(count))?;
        entries.try_for_each(|entry| seq.serialize_element(&entry))?;
        seq.end()
    }
}
