//! Finding values by key, index and path.

use alloc::string::String;
use core::fmt;

use super::node::NodeKind;
use super::value::{Kind, Value};

impl<'d, 'a> Value<'d, 'a> {
    /// The property `name` of an object or array; the value of the string key `name` of a `Map`;
    /// `message`, `stack` and `cause` of an error; `buffer` of a `WebAssembly.Memory`.
    ///
    /// An index may be spelled: `"0"`. Holes are not there.
    pub fn get(self, name: &str) -> Option<Value<'d, 'a>> {
        match self.kind() {
            Kind::Object => self.property(|key| key.is(name)),
            Kind::Array => match crate::text::Text::Utf8(name.as_bytes()).as_array_index() {
                Some(index) => self.get_index(index),
                None => self.property(|key| key.is(name)),
            },
            Kind::Map => self
                .entries()
                .filter(|(key, _)| {
                    key.kind() == Kind::String && key.as_text().is_some_and(|text| text == *name)
                })
                .last()
                .map(|(_, value)| value),
            Kind::Error if name == "cause" => self.error_cause(),
            Kind::WasmMemory if name == "buffer" => self.as_wasm_memory().map(|memory| memory.2),
            Kind::SharedArrayBuffer if name == "memory" => self.wasm_memory(),
            Kind::Error => {
                let part = match name {
                    "message" => b'm',
                    "stack" => b's',
                    _ => return None,
                };
                self.error_parts()
                    .filter_map(|(part, value)| {
                        let tag = match part {
                            super::super::read::ErrorPart::Message(_) => b'm',
                            super::super::read::ErrorPart::Stack(_) => b's',
                            _ => 0,
                        };
                        Some((tag, value?))
                    })
                    .filter(|&(tag, _)| tag == part)
                    .last()
                    .map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The element at `index` of an array, the property of that name of an object, or the value of
    /// that number in a `Map`. Holes are not there.
    ///
    /// It takes a step for each element before it, whatever that holds: to visit all, go through
    /// [`elements`](Value::elements).
    pub fn get_index(self, index: u32) -> Option<Value<'d, 'a>> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::Dense => {
                let element = || {
                    let element = self.elements().nth(index as usize);
                    element.filter(|value| value.kind() != Kind::Hole)
                };
                let property = || self.property(|key| key.as_array_index() == Some(index));
                // A property of that name stands behind the element, so it wins where both may be.
                if self.doc.duplicates {
                    property().or_else(element)
                } else {
                    element().or_else(property)
                }
            }
            NodeKind::Object | NodeKind::Sparse => {
                self.property(|key| key.as_array_index() == Some(index))
            }
            NodeKind::Map => self
                .entries()
                .filter(|(key, _)| {
                    key.kind() == Kind::Number && key.as_f64() == Some(f64::from(index))
                })
                .last()
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The property whose key `is` the one.
    fn property(self, is: impl Fn(super::entries::Key<'a>) -> bool) -> Option<Value<'d, 'a>> {
        let mut found = self.properties().filter(|(key, _)| is(*key)).map(|(_, value)| value);
        if self.doc.duplicates { found.last() } else { found.next() }
    }

    /// The value at a path: `$.users[0].name`, `users[0]["first name"]`, `config.<value 3>` as in the
    /// paths of errors.
    ///
    /// ```
    /// # let doc = v8wire::Document::parse(b"\xFF\x0Fo\"\x05usersA\x01o\"\x04name\"\x03Ada{\x01$\0\x01{\x01")?;
    /// let name = doc.root().at("$.users[0].name")?;
    /// assert_eq!(name.as_str().unwrap(), "Ada");
    /// assert_eq!(doc.root().at("$.users[9]").unwrap_err().to_string(), "no value at `$.users[9]`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The path is not well-formed, or there is no value at one of its steps.
    pub fn at(self, path: &str) -> Result<Value<'d, 'a>, PathError> {
        let mut value = self;
        let mut rest = path.strip_prefix('$').unwrap_or(path);
        while !rest.is_empty() {
            let done = path.len() - rest.len();
            let syntax = || PathError { path: path.into(), missing: false };
            let (step, more) = Step::parse(rest, done == 0).ok_or_else(syntax)?;
            rest = more;
            value = step.apply(value).ok_or_else(|| PathError {
                path: path[..path.len() - rest.len()].into(),
                missing: true,
            })?;
        }
        Ok(value)
    }
}

enum Step {
    Name(String),
    Index(u32),
    MapKey(usize),
    MapValue(usize),
    Member(usize),
    Host(usize),
}

impl Step {
    fn parse(rest: &str, first: bool) -> Option<(Step, &str)> {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (name, more) = crate::path::quoted_property(quoted)?;
            return Some((Step::Name(name), more.strip_prefix(']')?));
        }
        if let Some(index) = rest.strip_prefix('[') {
            let (index, more) = index.split_once(']')?;
            return Some((Step::Index(index.parse().ok()?), more));
        }
        if let Some(angle) = rest.strip_prefix(".<").or_else(|| rest.strip_prefix('<')) {
            let (inner, more) = angle.split_once('>')?;
            let step = match inner.split_once(' ') {
                Some(("key", number)) => Step::MapKey(number.parse().ok()?),
                Some(("value", number)) => Step::MapValue(number.parse().ok()?),
                Some(("host", number)) => Step::Host(number.parse().ok()?),
                Some(_) => return None,
                None => Step::Member(inner.parse().ok()?),
            };
            return Some((step, more));
        }
        let name = match rest.strip_prefix('.') {
            Some(name) => name,
            None if first => rest,
            None => return None,
        };
        let end = name.find(['.', '[', '<']).unwrap_or(name.len());
        (end > 0).then(|| (Step::Name(name[..end].into()), &name[end..]))
    }

    fn apply<'d, 'a>(self, value: Value<'d, 'a>) -> Option<Value<'d, 'a>> {
        match self {
            Step::Name(name) => value.get(&name).or_else(|| {
                // A number as the key of a map.
                value.entries().find(|(key, _)| key.spelled().as_ref() == Some(&name)).map(|e| e.1)
            }),
            Step::Index(index) => value.get_index(index),
            Step::MapKey(number) => value.entries().nth(number).map(|(key, _)| key),
            Step::MapValue(number) => value.entries().nth(number).map(|(_, value)| value),
            Step::Member(number) => value.members().nth(number),
            Step::Host(number) => value.host_values().nth(number),
        }
    }
}

/// A path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    path: String,
    missing: bool,
}

impl PathError {
    /// The path, up to the step that leads nowhere; all of it where it is not well-formed.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the path is well-formed and there is no value.
    pub fn is_missing(&self) -> bool {
        self.missing
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.missing {
            write!(f, "no value at `{}`", self.path)
        } else {
            write!(f, "`{}` is no path such as `$.users[0].name`", self.path)
        }
    }
}

impl core::error::Error for PathError {}
