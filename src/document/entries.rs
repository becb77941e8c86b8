//! What containers hold.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::fmt;

use super::node::{HAS_PROPERTIES, NodeKind, WORDS};
use super::value::{Kind, Value};
use crate::read::event::ErrorPart;
use crate::text::Text;
use crate::wire::ErrorTag;

/// The key of a property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Key<'a> {
    /// A string key.
    Text(Text<'a>),
    /// A key that was written as a number.
    Number(f64),
}

impl<'a> Key<'a> {
    /// The name of the property as JavaScript has it.
    pub fn to_str(self) -> Cow<'a, str> {
        match self {
            Key::Text(text) => text.to_str(),
            Key::Number(number) => Cow::Owned(ryu_js::Buffer::new().format(number).to_string()),
        }
    }

    /// The start of the name, for a path that shows `max` characters of it.
    pub(crate) fn start(self, max: usize) -> String {
        match self {
            Key::Text(text) => crate::path::start_of(text, max),
            Key::Number(_) => self.to_str().into_owned(),
        }
    }

    /// The array index that the key is or spells (0 to 2^32 - 2).
    pub fn as_array_index(self) -> Option<u32> {
        match self {
            Key::Text(text) => text.as_array_index(),
            Key::Number(number) => {
                let index = number as u32;
                (f64::from(index) == number && index != u32::MAX).then_some(index)
            }
        }
    }

    /// Whether this is the key of the property `name`.
    pub fn is(self, name: &str) -> bool {
        match self {
            Key::Text(text) => text == *name,
            Key::Number(_) => self.to_str() == name,
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_str())
    }
}

/// Values that stand one behind the other.
#[derive(Clone, Copy, Debug)]
struct Slots<'d, 'a> {
    of: Value<'d, 'a>,
    next: u32,
    end: u32,
}

impl<'d, 'a> Slots<'d, 'a> {
    /// The contents of a container, or nothing.
    fn of(value: Value<'d, 'a>, good: bool) -> Self {
        match value.node() {
            Some(node) if good && node.is_container() => {
                Slots { of: value, next: value.index + WORDS, end: node.a }
            }
            _ => Slots { of: value, next: 0, end: 0 },
        }
    }

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.next >= self.end {
            return None;
        }
        let index = self.next;
        self.next = self.of.doc.nodes.after(index);
        Some(index)
    }

    #[inline]
    fn value(&mut self) -> Option<Value<'d, 'a>> {
        self.next().map(|index| Value::at_slot(self.of.doc, index))
    }
}

/// The properties of an object or an array, without the elements of a dense one.
#[derive(Clone, Debug)]
pub struct Properties<'d, 'a>(Slots<'d, 'a>);

impl<'d, 'a> Iterator for Properties<'d, 'a> {
    type Item = (Key<'a>, Value<'d, 'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.next()?;
        let value = self.0.value()?;
        Some((self.0.of.doc.key_at(key)?, value))
    }
}

/// The elements of an array, holes included.
#[derive(Clone, Debug)]
pub struct Elements<'d, 'a> {
    slots: Slots<'d, 'a>,
    left: u32,
}

impl<'d, 'a> Iterator for Elements<'d, 'a> {
    type Item = Value<'d, 'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        self.slots.value()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Elements<'_, '_> {}

/// The entries of a `Map`, in the order of the wire.
#[derive(Clone, Debug)]
pub struct Entries<'d, 'a>(Slots<'d, 'a>);

impl<'d, 'a> Iterator for Entries<'d, 'a> {
    type Item = (Value<'d, 'a>, Value<'d, 'a>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.value()?, self.0.value()?))
    }
}

/// The members of a `Set`, in the order of the wire.
#[derive(Clone, Debug)]
pub struct Members<'d, 'a>(Slots<'d, 'a>);

impl<'d, 'a> Iterator for Members<'d, 'a> {
    type Item = Value<'d, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.value()
    }
}

/// The values nested in a host object.
#[derive(Clone, Debug)]
pub struct HostValues<'d, 'a>(Slots<'d, 'a>);

impl<'d, 'a> Iterator for HostValues<'d, 'a> {
    type Item = Value<'d, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let index = self.0.next()?;
            if self.0.of.doc.nodes.kind(index) != Some(NodeKind::HostBytes) {
                return Some(Value::at_slot(self.0.of.doc, index));
            }
        }
    }
}

impl<'d, 'a> Value<'d, 'a> {
    /// The properties of an object, of a sparse array (elements among them), or those of a dense
    /// array that are no elements; of anything else nothing.
    pub fn properties(self) -> Properties<'d, 'a> {
        let kind = self.node_kind();
        let good = matches!(kind, NodeKind::Object | NodeKind::Sparse | NodeKind::Dense);
        let mut slots = Slots::of(self, good);
        if kind == NodeKind::Dense {
            let node = self.node();
            if node.is_some_and(|node| node.flag(HAS_PROPERTIES)) {
                for _ in 0..node.map_or(0, |node| node.b) {
                    slots.next();
                }
            } else {
                slots.next = slots.end;
            }
        }
        Properties(slots)
    }

    /// The elements of a dense array, holes included; of anything else nothing. See
    /// [`Value::get_index`] for sparse ones.
    pub fn elements(self) -> Elements<'d, 'a> {
        let good = self.node_kind() == NodeKind::Dense;
        let left = self.node().filter(|_| good).map_or(0, |node| node.b);
        Elements { slots: Slots::of(self, good), left }
    }

    /// The entries of a `Map`; of anything else nothing. V8 collapses keys that are the same, the
    /// last value wins.
    pub fn entries(self) -> Entries<'d, 'a> {
        Entries(Slots::of(self, self.node_kind() == NodeKind::Map))
    }

    /// The members of a `Set`; of anything else nothing.
    pub fn members(self) -> Members<'d, 'a> {
        Members(Slots::of(self, self.node_kind() == NodeKind::Set))
    }

    /// The values nested in a host object; of anything else nothing.
    pub fn host_values(self) -> HostValues<'d, 'a> {
        HostValues(Slots::of(self, self.node_kind() == NodeKind::Host))
    }

    /// The runs of bytes in a host object's payload, before, between and behind the nested values.
    pub fn host_bytes(self) -> impl Iterator<Item = &'a [u8]> + use<'d, 'a> {
        let mut slots = Slots::of(self, self.node_kind() == NodeKind::Host);
        core::iter::from_fn(move || {
            loop {
                let slot = slots.next()?;
                if let Some(bytes) = slots.of.doc.host_bytes_at(slot) {
                    return Some(bytes);
                }
            }
        })
    }

    /// The length of an array as JavaScript has it, the number of entries of a map or set as they
    /// stand in the data, or of properties of an object.
    pub fn len(self) -> Option<usize> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::Dense | NodeKind::Sparse => {
                let length = self
                    .properties()
                    .filter_map(|(key, _)| key.as_array_index())
                    .fold(node.b, |length, index| length.max(index.saturating_add(1)));
                Some(length as usize)
            }
            NodeKind::Object => Some(self.properties().count()),
            NodeKind::Map => Some(self.entries().count()),
            NodeKind::Set => Some(self.members().count()),
            _ => None,
        }
    }

    /// Whether [`Value::len`] is 0.
    pub fn is_empty(self) -> bool {
        self.len() == Some(0)
    }

    /// Whether it is an array that was written as a dense one.
    pub fn is_dense(self) -> bool {
        self.node_kind() == NodeKind::Dense
    }

    /// The parts of an error as they stand in the data.
    pub fn error_parts(self) -> impl Iterator<Item = (ErrorPart<'a>, Option<Value<'d, 'a>>)> {
        let mut slots = Slots::of(self, self.kind() == Kind::Error);
        core::iter::from_fn(move || {
            let index = slots.next()?;
            let part = slots.of.doc.error_tag(index)?;
            Some(match part {
                ErrorTag::CAUSE => (ErrorPart::Cause, slots.value()),
                ErrorTag::MESSAGE => {
                    let value = slots.value();
                    (ErrorPart::Message(value?.as_text()?), value)
                }
                ErrorTag::STACK => {
                    let value = slots.value();
                    (ErrorPart::Stack(value?.as_text()?), value)
                }
                prototype => (ErrorPart::Prototype(prototype), None),
            })
        })
    }

    /// The class of an error: `"TypeError"`, `"Error"` and so on.
    pub fn error_name(self) -> Option<&'static str> {
        let mut name = (self.kind() == Kind::Error).then_some("Error")?;
        for (part, _) in self.error_parts() {
            if let ErrorPart::Prototype(tag) = part {
                name = match tag {
                    ErrorTag::EVAL_ERROR => "EvalError",
                    ErrorTag::RANGE_ERROR => "RangeError",
                    ErrorTag::REFERENCE_ERROR => "ReferenceError",
                    ErrorTag::SYNTAX_ERROR => "SyntaxError",
                    ErrorTag::TYPE_ERROR => "TypeError",
                    _ => "URIError",
                };
            }
        }
        Some(name)
    }

    /// The message of an error.
    pub fn error_message(self) -> Option<Text<'a>> {
        self.error_parts()
            .filter_map(|(part, _)| match part {
                ErrorPart::Message(text) => Some(text),
                _ => None,
            })
            .last()
    }

    /// The stack of an error.
    pub fn error_stack(self) -> Option<Text<'a>> {
        self.error_parts()
            .filter_map(|(part, _)| match part {
                ErrorPart::Stack(text) => Some(text),
                _ => None,
            })
            .last()
    }

    /// The cause of an error.
    pub fn error_cause(self) -> Option<Value<'d, 'a>> {
        self.error_parts()
            .filter_map(|(part, value)| value.filter(|_| part == ErrorPart::Cause))
            .last()
    }

    /// A primitive as a property key would spell it; for lookups in maps.
    pub(super) fn spelled(self) -> Option<String> {
        match self.kind() {
            Kind::String => self.as_str().map(Cow::into_owned),
            Kind::Number => self.as_f64().map(|number| ryu_js::Buffer::new().format(number).into()),
            _ => None,
        }
    }
}
