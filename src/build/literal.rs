//! Values of Rust as values of JavaScript.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::node::Node;
use super::{Builder, NodeId, PropertyKey};
use crate::document::Value;
use crate::text::Text;
use crate::view::ViewKind;
use crate::write::{WriteError, WriteOptions};

/// A value that [`value!`](crate::value) made, or one of Rust. It can be written, and put into a
/// [`Builder`].
///
/// ```
/// use v8wire::{Literal, value};
/// let blob = value!({ "name": "Ada", "born": Literal::date(-4_861_728_000_000.0) }).to_vec()?;
/// let doc = v8wire::Document::parse(&blob).unwrap();
/// assert_eq!(doc.root()["name"].as_str().as_deref(), Some("Ada"));
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// Integers of more than 32 bits become numbers up to ±(2<sup>53</sup> - 1) and bigints beyond, as with
/// `to_vec`; `None` becomes `null`.
#[derive(Clone, Debug)]
pub struct Literal(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Leaf(Box<Node>),
    Tree(Builder, NodeId),
}

/// What a [`Builder`] takes for a value: a [`NodeId`] of that builder, or anything that is
/// `Into<Literal>`.
pub trait IntoNode {
    /// The value as a node.
    fn into_node(self, builder: &mut Builder) -> NodeId;
}

impl IntoNode for NodeId {
    fn into_node(self, _: &mut Builder) -> NodeId {
        self
    }
}

impl<T: Into<Literal>> IntoNode for T {
    fn into_node(self, builder: &mut Builder) -> NodeId {
        match self.into().0 {
            Inner::Leaf(node) => builder.add(*node),
            Inner::Tree(other, root) => {
                let by = builder.append(other);
                NodeId(root.0.saturating_add(by))
            }
        }
    }
}

fn leaf(node: Node) -> Literal {
    Literal(Inner::Leaf(Box::new(node)))
}

fn tree(build: impl FnOnce(&mut Builder) -> NodeId) -> Literal {
    let mut builder = Builder::new();
    let root = build(&mut builder);
    Literal::of(builder, root)
}

impl Literal {
    /// The value of a node.
    pub fn of(builder: Builder, root: NodeId) -> Self {
        Literal(Inner::Tree(builder, root))
    }

    /// `undefined`
    pub fn undefined() -> Self {
        leaf(Node::Undefined)
    }

    /// `null`
    pub fn null() -> Self {
        leaf(Node::Null)
    }

    /// A `Date`, in milliseconds since 1970; NaN for an invalid one.
    pub fn date(milliseconds: f64) -> Self {
        leaf(Node::Date(milliseconds))
    }

    /// A bigint.
    pub fn bigint(value: i128) -> Self {
        leaf(Node::bigint(value))
    }

    /// A `RegExp`; its flags are bits, see [`regexp_flags`](crate::regexp_flags). Neither is checked.
    pub fn regexp(source: &str, flags: u32) -> Self {
        leaf(Node::RegExp { pattern: source.into(), flags })
    }

    /// A Buffer of Node's.
    pub fn buffer(data: &[u8]) -> Self {
        leaf(Node::host_view(ViewKind::Buffer, data))
    }

    /// An `ArrayBuffer`.
    pub fn array_buffer(data: &[u8]) -> Self {
        leaf(Node::ArrayBuffer(data.into()))
    }

    /// An object.
    pub fn object<K, V>(properties: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<PropertyKey>,
        V: Into<Literal>,
    {
        tree(|builder| {
            let object = builder.object();
            for (key, value) in properties {
                builder.set(object, key, value.into());
            }
            object
        })
    }

    /// An array.
    pub fn array<V: Into<Literal>>(elements: impl IntoIterator<Item = V>) -> Self {
        tree(|builder| {
            let array = builder.array();
            for element in elements {
                builder.push(array, element.into());
            }
            array
        })
    }

    /// A `Map`.
    pub fn map<K, V>(entries: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<Literal>,
        V: Into<Literal>,
    {
        tree(|builder| {
            let map = builder.map();
            for (key, value) in entries {
                builder.entry(map, key.into(), value.into());
            }
            map
        })
    }

    /// A `Set`.
    pub fn set<V: Into<Literal>>(members: impl IntoIterator<Item = V>) -> Self {
        tree(|builder| {
            let set = builder.new_set();
            for member in members {
                builder.member(set, member.into());
            }
            set
        })
    }

    /// The bytes: what `v8.serialize` of Node 18 to 26 gives for the value.
    ///
    /// # Errors
    /// As [`Builder::to_vec`].
    pub fn to_vec(self) -> Result<Vec<u8>, WriteError> {
        self.to_vec_with(&WriteOptions::new())
    }

    /// The bytes, by options.
    ///
    /// # Errors
    /// As [`Builder::to_vec`].
    pub fn to_vec_with(self, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
        let mut builder = Builder::new();
        let root = self.into_node(&mut builder);
        builder.to_vec(root, options)
    }
}

macro_rules! leaves {
    ($($ty:ty: |$value:ident| $node:expr;)*) => {$(
        impl From<$ty> for Literal {
            fn from($value: $ty) -> Self {
                leaf($node)
            }
        }
    )*};
}

leaves! {
    bool: |value| Node::Bool(value);
    i8: |value| Node::Int32(value.into());
    i16: |value| Node::Int32(value.into());
    i32: |value| Node::Int32(value);
    u8: |value| Node::Int32(value.into());
    u16: |value| Node::Int32(value.into());
    u32: |value| Node::number(value.into());
    i64: |value| integer(value.into());
    u64: |value| integer(value.into());
    isize: |value| integer(value as i128);
    usize: |value| integer(value as i128);
    f32: |value| Node::number(value.into());
    f64: |value| Node::number(value);
    &str: |value| Node::Text(value.into());
    String: |value| Node::Text(value.into());
    &String: |value| Node::Text(value.as_str().into());
    Text<'_>: |value| Node::Text(value.into());
}

/// A number where it is exact, a bigint elsewhere.
fn integer(value: i128) -> Node {
    const MAX_SAFE: i128 = (1 << 53) - 1;
    if (-MAX_SAFE..=MAX_SAFE).contains(&value) {
        Node::number(value as f64)
    } else {
        Node::bigint(value)
    }
}

impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Literal::null, Into::into)
    }
}

impl<T: Into<Literal>> From<Vec<T>> for Literal {
    fn from(elements: Vec<T>) -> Self {
        Literal::array(elements)
    }
}

impl<T: Into<Literal>, const N: usize> From<[T; N]> for Literal {
    fn from(elements: [T; N]) -> Self {
        Literal::array(elements)
    }
}

/// A copy, as [`Builder::insert`] makes it.
impl From<Value<'_, '_>> for Literal {
    fn from(value: Value<'_, '_>) -> Self {
        tree(|builder| builder.insert(value))
    }
}

/// A `Date`.
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Literal {
    fn from(time: std::time::SystemTime) -> Self {
        let ms = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => after.as_millis() as f64,
            // Down, as `Date` cuts what is before 1970.
            Err(before) => -(before.duration().as_nanos().div_ceil(1_000_000) as f64),
        };
        Literal::date(ms)
    }
}

#[cfg(feature = "num-bigint")]
impl From<num_bigint::BigInt> for Literal {
    fn from(value: num_bigint::BigInt) -> Self {
        let (sign, digits) = value.to_bytes_le();
        let negative = sign == num_bigint::Sign::Minus;
        leaf(Node::BigInt(crate::BigInt { negative, digits: &digits }.into()))
    }
}
