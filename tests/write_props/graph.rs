//! Generated graphs with cycles and sharing: how they are written, and whether a document holds one.

use proptest::prelude::*;
use v8wire::{ArrayBufferKind, BigInt, ErrorTag, Kind, Text, Value, ValueSerializer, ViewKind};

/// A value of a graph. References name one of the objects written so far, counted from the newest.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Undefined,
    Null,
    Bool(bool),
    Int(i32),
    Double(f64),
    BigInt(bool, Vec<u8>),
    Str(String),
    Date(f64),
    Wrapper(Box<Node>),
    RegExp(String, u32),
    Buffer(Vec<u8>),
    Resizable(Vec<u8>, u64),
    View(ViewKind, Vec<u8>),
    HostView(ViewKind, Vec<u8>),
    Back(usize),
    Object(Vec<(String, Node)>),
    Dense(Vec<Option<Node>>, Vec<(String, Node)>),
    Sparse(u32, Vec<(u32, Node)>),
    Map(Vec<(Node, Node)>),
    Set(Vec<Node>),
    Error(Option<String>, Option<String>, Option<Box<Node>>),
}

pub(crate) fn view_kind() -> impl Strategy<Value = ViewKind> {
    (0..ViewKind::ALL.len()).prop_map(|index| ViewKind::ALL[index])
}

pub(crate) fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Undefined),
        Just(Node::Null),
        any::<bool>().prop_map(Node::Bool),
        any::<i32>().prop_map(Node::Int),
        any::<f64>().prop_map(Node::Double),
        (any::<bool>(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(negative, digits)| Node::BigInt(negative, digits)),
        any::<String>().prop_map(Node::Str),
        any::<f64>().prop_map(Node::Date),
        ("[a-z]{0,4}", 0u32..64).prop_map(|(source, flags)| Node::RegExp(source, flags)),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Node::Buffer),
        (prop::collection::vec(any::<u8>(), 0..20), 0u64..50)
            .prop_map(|(data, more)| Node::Resizable(data, more)),
        (view_kind(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(kind, data)| Node::View(kind, data)),
        // Of a host view what is no whole element is dropped by readers (SPEC.md 8.4).
        (view_kind(), prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(kind, mut data)| {
            data.truncate(data.len() - data.len() % kind.element_size());
            Node::HostView(kind, data)
        }),
        any::<usize>().prop_map(Node::Back),
        any::<usize>().prop_map(Node::Back),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        let pairs = || prop::collection::vec(("[a-z0-9\u{e9}\u{20ac}]{0,3}", inner.clone()), 0..6);
        prop_oneof![
            pairs().prop_map(Node::Object),
            (prop::collection::vec(prop::option::of(inner.clone()), 0..6), pairs())
                .prop_map(|(elements, pairs)| Node::Dense(elements, pairs)),
            (any::<u32>(), prop::collection::vec((any::<u32>(), inner.clone()), 0..5))
                .prop_map(|(length, pairs)| Node::Sparse(length, pairs)),
            prop::collection::vec((inner.clone(), inner.clone()), 0..5).prop_map(Node::Map),
            prop::collection::vec(inner.clone(), 0..5).prop_map(Node::Set),
            inner.clone().prop_map(|node| Node::Wrapper(Box::new(node))),
            (any::<Option<String>>(), any::<Option<String>>(), prop::option::of(inner.clone()))
                .prop_map(|(message, stack, cause)| Node::Error(
                    message,
                    stack,
                    cause.map(Box::new)
                )),
        ]
    })
}

/// What is kept while a graph is written.
struct Graph {
    serializer: ValueSerializer<'static>,
    /// Objects that may be referred to.
    usable: Vec<u32>,
}

impl Graph {
    fn pairs(&mut self, pairs: &[(String, Node)], mut seen: Vec<String>) {
        for (key, value) in pairs {
            // Array indices and `length` are spelled in many ways; here each is met once.
            if seen.contains(key) {
                continue;
            }
            seen.push(key.clone());
            self.serializer.write_key(key).unwrap();
            self.write(value);
        }
    }

    fn write(&mut self, node: &Node) {
        let s = &mut self.serializer;
        let id = match node {
            Node::Undefined => return s.write_undefined().unwrap(),
            Node::Null => return s.write_null().unwrap(),
            Node::Bool(value) => return s.write_bool(*value).unwrap(),
            Node::Int(value) => return s.write_int32(*value).unwrap(),
            Node::Double(value) => return s.write_double_value(*value).unwrap(),
            Node::Str(value) => return s.write_str(value).unwrap(),
            Node::BigInt(negative, digits) => {
                return s.write_bigint(BigInt { negative: *negative, digits }).unwrap();
            }
            Node::Back(back) => {
                return match self.usable.len() {
                    0 => s.write_null().unwrap(),
                    count => s.write_reference(self.usable[back % count]).unwrap(),
                };
            }
            Node::Date(value) => s.write_date(*value).unwrap(),
            Node::Wrapper(inner) => match &**inner {
                Node::Bool(value) => s.write_boolean_object(*value).unwrap(),
                Node::Double(value) => s.write_number_object(*value).unwrap(),
                Node::Str(value) => s.write_string_object(value).unwrap(),
                Node::BigInt(negative, digits) => {
                    s.write_bigint_object(BigInt { negative: *negative, digits }).unwrap()
                }
                other => return self.write(other),
            },
            Node::RegExp(source, flags) => s.write_regexp(source, *flags).unwrap(),
            Node::Buffer(data) => s.write_array_buffer(data).unwrap(),
            Node::Resizable(data, more) => {
                s.write_resizable_array_buffer(data, data.len() as u64 + more).unwrap()
            }
            Node::View(kind, data) => {
                let buffer = s.write_array_buffer(data).unwrap();
                let length = data.len() - data.len() % kind.element_size();
                self.usable.push(buffer);
                s.write_view(*kind, 0, length as u64).unwrap()
            }
            Node::HostView(kind, data) => s.write_host_view(*kind, data).unwrap(),
            Node::Object(pairs) => {
                let id = s.begin_object().unwrap();
                self.usable.push(id);
                self.pairs(pairs, Vec::new());
                return self.serializer.end_object().unwrap();
            }
            Node::Dense(elements, pairs) => {
                let id = s.begin_array(elements.len() as u32).unwrap();
                self.usable.push(id);
                for element in elements {
                    match element {
                        Some(element) => self.write(element),
                        None => self.serializer.write_hole().unwrap(),
                    }
                }
                let taken = (0..elements.len()).map(|index| index.to_string()).collect();
                self.pairs(pairs, taken);
                return self.serializer.end_array().unwrap();
            }
            Node::Sparse(length, pairs) => {
                let id = s.begin_sparse_array(*length).unwrap();
                self.usable.push(id);
                let pairs: Vec<_> =
                    pairs.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
                self.pairs(&pairs, Vec::new());
                return self.serializer.end_sparse_array().unwrap();
            }
            Node::Map(entries) => {
                let id = s.begin_map().unwrap();
                self.usable.push(id);
                for (key, value) in entries {
                    self.write(key);
                    self.write(value);
                }
                return self.serializer.end_map().unwrap();
            }
            Node::Set(members) => {
                let id = s.begin_set().unwrap();
                self.usable.push(id);
                members.iter().for_each(|member| self.write(member));
                return self.serializer.end_set().unwrap();
            }
            Node::Error(message, stack, cause) => {
                let id = s.begin_error(Some(ErrorTag::TYPE_ERROR)).unwrap();
                if let Some(message) = message {
                    s.write_error_message(message).unwrap();
                }
                if let Some(stack) = stack {
                    s.write_error_stack(stack).unwrap();
                }
                self.usable.push(id);
                if let Some(cause) = cause {
                    s.begin_error_cause().unwrap();
                    self.write(cause);
                }
                return self.serializer.end_error().unwrap();
            }
        };
        self.usable.push(id);
    }
}

pub(crate) fn written(node: &Node) -> Vec<u8> {
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    let mut graph = Graph { serializer, usable: Vec::new() };
    graph.write(node);
    graph.serializer.release().unwrap()
}

/// Compares what was read with what was to be written.
#[derive(Default)]
pub(crate) struct Compare {
    /// The values that may be referred to, in the order of [`Graph::usable`].
    usable: Vec<u32>,
}

/// Of pairs, those that are written.
fn once<'n, K: Clone + PartialEq, V>(
    pairs: impl Iterator<Item = (K, &'n V)>,
    mut taken: Vec<K>,
) -> Vec<(K, &'n V)> {
    let mut kept = Vec::new();
    for (key, value) in pairs {
        if !taken.contains(&key) {
            taken.push(key.clone());
            kept.push((key, value));
        }
    }
    kept
}

impl Compare {
    fn pairs(&mut self, value: Value<'_, '_>, pairs: &[(String, &Node)]) -> bool {
        let found: Vec<_> = value.properties().collect();
        found.len() == pairs.len()
            && found.iter().zip(pairs).all(|((name, found), (key, node))| {
                name.to_str() == key.as_str() && self.same(*found, node)
            })
    }

    pub(crate) fn same(&mut self, value: Value<'_, '_>, node: &Node) -> bool {
        let number = |value: f64| value.to_bits();
        let canonical = |wanted: f64| if wanted.is_nan() { f64::NAN } else { wanted };
        let double = |wanted: f64| value.as_f64().map(number) == Some(number(canonical(wanted)));
        let text = |wanted: &str| value.as_str().as_deref() == Some(wanted);
        let bigint = |negative: bool, digits: &[u8]| {
            value.as_bigint().is_some_and(|found| {
                let cut = |digits: &[u8]| {
                    let end = digits.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
                    digits[..end].to_vec()
                };
                let digits = cut(digits);
                cut(found.digits) == digits && found.negative == (negative && !digits.is_empty())
            })
        };
        let good = match node {
            Node::Undefined => return value.exists() && value.is_undefined(),
            Node::Null => return value.is_null(),
            Node::Bool(wanted) => {
                return value.kind() == Kind::Bool && value.as_bool() == Some(*wanted);
            }
            Node::Int(wanted) => return value.as_i32() == Some(*wanted),
            Node::Double(wanted) => return value.kind() == Kind::Number && double(*wanted),
            Node::Str(wanted) => return value.kind() == Kind::String && text(wanted),
            Node::BigInt(negative, digits) => {
                return value.kind() == Kind::BigInt && bigint(*negative, digits);
            }
            Node::Back(back) => {
                return match self.usable.len() {
                    0 => value.is_null(),
                    count => value.id() == Some(self.usable[back % count]),
                };
            }
            Node::Wrapper(inner) => match &**inner {
                Node::Bool(wanted) => {
                    value.kind() == Kind::BooleanObject && value.as_bool() == Some(*wanted)
                }
                Node::Double(wanted) => value.kind() == Kind::NumberObject && double(*wanted),
                Node::Str(wanted) => value.kind() == Kind::StringObject && text(wanted),
                Node::BigInt(negative, digits) => {
                    value.kind() == Kind::BigIntObject && bigint(*negative, digits)
                }
                other => return self.same(value, other),
            },
            Node::Date(wanted) => {
                let found = value.as_date_ms();
                // As `new Date` takes it: a whole number of milliseconds in range, or none.
                let clipped = match wanted.trunc() + 0.0 {
                    within if within.abs() <= 8.64e15 => within,
                    _ => f64::NAN,
                };
                found.map(number) == Some(number(clipped))
                    || found.map(number) == Some(number(*wanted))
            }
            Node::RegExp(source, flags) => value
                .as_regexp()
                .is_some_and(|(found, bits)| found == *source.as_str() && bits == *flags),
            Node::Buffer(data) => {
                value.kind() == Kind::ArrayBuffer && value.as_bytes() == Some(&data[..])
            }
            Node::Resizable(data, more) => {
                let max_byte_length = data.len() as u64 + more;
                value.array_buffer_kind() == Some(ArrayBufferKind::Resizable { max_byte_length })
                    && value.as_bytes() == Some(&data[..])
            }
            Node::View(kind, data) => {
                let Some(view) = value.as_view() else { return false };
                let Some(buffer) = view.buffer else { return false };
                self.usable.extend(buffer.id());
                let length = data.len() - data.len() % kind.element_size();
                view.kind.tag() == kind.tag()
                    && view.bytes == Some(&data[..length])
                    && buffer.as_bytes() == Some(&data[..])
            }
            Node::HostView(kind, data) => value.as_view().is_some_and(|view| {
                view.kind == *kind && view.buffer.is_none() && view.bytes == Some(&data[..])
            }),
            Node::Object(pairs) => {
                self.usable.extend(value.id());
                let pairs = once(pairs.iter().map(|(key, node)| (key.clone(), node)), Vec::new());
                return value.kind() == Kind::Object && self.pairs(value, &pairs);
            }
            Node::Dense(elements, pairs) => {
                self.usable.extend(value.id());
                let taken = (0..elements.len()).map(|index| index.to_string()).collect();
                let pairs = once(pairs.iter().map(|(key, node)| (key.clone(), node)), taken);
                let found: Vec<_> = value.elements().take(elements.len()).collect();
                return found.len() == elements.len()
                    && found.iter().zip(elements).all(|(found, element)| match element {
                        Some(element) => self.same(*found, element),
                        None => found.kind() == Kind::Hole,
                    })
                    && self.pairs(value, &pairs);
            }
            Node::Sparse(_, pairs) => {
                self.usable.extend(value.id());
                let pairs =
                    once(pairs.iter().map(|(key, node)| (key.to_string(), node)), Vec::new());
                return value.kind() == Kind::Array && self.pairs(value, &pairs);
            }
            Node::Map(entries) => {
                self.usable.extend(value.id());
                let found: Vec<_> = value.entries().collect();
                return value.kind() == Kind::Map
                    && found.len() == entries.len()
                    && found.iter().zip(entries).all(|(found, entry)| {
                        self.same(found.0, &entry.0) && self.same(found.1, &entry.1)
                    });
            }
            Node::Set(members) => {
                self.usable.extend(value.id());
                let found: Vec<_> = value.members().collect();
                return value.kind() == Kind::Set
                    && found.len() == members.len()
                    && found.iter().zip(members).all(|(found, member)| self.same(*found, member));
            }
            Node::Error(message, stack, cause) => {
                self.usable.extend(value.id());
                let text = |text: Option<Text<'_>>| text.map(|text| text.to_str().into_owned());
                return value.error_name() == Some("TypeError")
                    && text(value.error_message()) == *message
                    && text(value.error_stack()) == *stack
                    && match (value.error_cause(), cause) {
                        (Some(found), Some(cause)) => self.same(found, cause),
                        (found, cause) => found.is_none() && cause.is_none(),
                    };
            }
        };
        self.usable.extend(value.id());
        good
    }
}
