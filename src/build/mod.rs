//! Values made in Rust: a graph of nodes, written as V8 writes the value.

mod insert;
mod literal;
mod macros;
mod node;
mod path;
mod write;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub use literal::{IntoNode, Literal};

use crate::document::Document;
use crate::options::{Externals, Limits, ParseOptions};
use crate::read::BigInt;
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::ErrorTag;
use crate::write::{WriteError, WriteErrorKind, WriteOptions};
use node::{Array, ArrayForm, ErrorNode, Name, Node, Run, ViewNode};

/// A value of a [`Builder`]. It is good for that builder only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// Makes values, also shared and cyclic ones: an object is put wherever its [`NodeId`] is, and is one
/// object in all these places.
///
/// ```
/// use v8wire::{Builder, WriteOptions, value};
/// let mut builder = Builder::new();
/// let parent = builder.object();
/// let child = builder.object();
/// builder.set(parent, "child", child);
/// builder.set(child, "parent", parent); // a cycle
/// builder.set(child, "tags", value!(["a", 1.5, null]));
/// let blob = builder.to_vec(parent, &WriteOptions::new())?;
/// let doc = v8wire::Document::parse(&blob).unwrap();
/// assert!(doc.root()["child"]["parent"].is_same(doc.root().value()));
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// Values are written in the form that V8 has for them: properties in the order of JavaScript (array
/// indices first, ascending, then names as they were first set), arrays without holes dense and others
/// sparse, an array of numbers as one of doubles where one of them is no small integer. What V8 decides
/// by the history of an object, such as whether an array once had a hole or another object of the same
/// shape has a fraction in the place of an integer, has methods:
/// [`sparse_array`](Self::sparse_array), [`double`](Self::double), [`text`](Self::text).
///
/// A call that makes no sense, such as [`push`](Self::push) to what is no array, makes
/// [`to_vec`](Self::to_vec) fail.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    nodes: Vec<Node>,
    /// The first call that made no sense.
    misuse: Option<&'static str>,
}

/// The key of a property: anything that [`Builder::set`] takes.
#[derive(Clone, Debug)]
pub struct PropertyKey(Name);

impl From<Text<'_>> for PropertyKey {
    fn from(text: Text<'_>) -> Self {
        PropertyKey(text.as_array_index().map_or_else(|| Name::Text(text.into()), Name::Index))
    }
}

impl From<&str> for PropertyKey {
    fn from(name: &str) -> Self {
        Text::Utf8(name.as_bytes()).into()
    }
}

impl From<String> for PropertyKey {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

impl From<&String> for PropertyKey {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

macro_rules! integer_keys {
    ($($ty:ty)*) => {$(
        impl From<$ty> for PropertyKey {
            fn from(number: $ty) -> Self {
                match u32::try_from(number) {
                    Ok(index) if index != u32::MAX => PropertyKey(Name::Index(index)),
                    _ => number.to_string().into(),
                }
            }
        }
    )*};
}

integer_keys! { i32 u32 i64 u64 usize }

macro_rules! flat {
    ($($(#[$doc:meta])* $name:ident ( $($arg:ident : $ty:ty),* ) => $node:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name(&mut self $(, $arg: $ty)*) -> NodeId {
            self.add($node)
        }
    )*};
}

impl Builder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    fn add(&mut self, node: Node) -> NodeId {
        let Ok(index) = u32::try_from(self.nodes.len()) else {
            self.refuse("more than 4,294,967,295 nodes");
            return NodeId(u32::MAX);
        };
        self.nodes.push(node);
        NodeId(index)
    }

    fn refuse(&mut self, reason: &'static str) {
        self.misuse.get_or_insert(reason);
    }

    /// All nodes of another builder, behind those of this one. Gives what is to be added to their ids.
    fn append(&mut self, other: Builder) -> u32 {
        let by = self.nodes.len() as u32;
        self.misuse = self.misuse.or(other.misuse);
        if self.nodes.len() + other.nodes.len() > u32::MAX as usize {
            self.refuse("more than 4,294,967,295 nodes");
            return 0;
        }
        self.nodes.extend(other.nodes.into_iter().map(|mut node| {
            node.held_mut(|held| held.0 = held.0.saturating_add(by));
            node
        }));
        by
    }

    /// A value of Rust, or what [`value!`](crate::value) made. [`set`](Self::set) and the like take
    /// these as they are.
    pub fn value(&mut self, value: impl IntoNode) -> NodeId {
        value.into_node(self)
    }

    // Values that hold no others.

    flat! {
        /// `undefined`
        undefined() => Node::Undefined;
        /// `null`
        null() => Node::Null;
        /// A number that V8 holds as a double even if it is a small integer.
        double(value: f64) => Node::Double(value);
        /// A string in an encoding of one's choice: [`Text::TwoByte`] is written so whatever it holds,
        /// lone surrogates included.
        text(text: Text<'_>) => Node::Text(text.into());
        /// A bigint.
        bigint(value: BigInt<'_>) => Node::BigInt(value.into());
        /// A bigint that fits into 128 bits.
        bigint_i128(value: i128) => Node::bigint(value);
        /// A `Date`, in milliseconds since 1970; NaN for an invalid one.
        date(milliseconds: f64) => Node::Date(milliseconds);
        /// `new Boolean(..)`
        boolean_object(value: bool) => Node::BooleanObject(value);
        /// `new Number(..)`
        number_object(value: f64) => Node::NumberObject(value);
        /// `Object(1n)`
        bigint_object(value: BigInt<'_>) => Node::BigIntObject(value.into());
        /// `new String(..)`
        string_object(value: &str) => Node::StringObject(value.into());
        /// A `RegExp`; its flags are bits, see [`regexp_flags`](crate::regexp_flags). Neither is checked.
        regexp(source: &str, flags: u32) => Node::RegExp { pattern: source.into(), flags };
        /// An `ArrayBuffer`.
        array_buffer(data: &[u8]) => Node::ArrayBuffer(data.into());
        /// An immutable `ArrayBuffer` (V8 14.6 and later).
        immutable_array_buffer(data: &[u8]) => Node::ImmutableArrayBuffer(data.into());
        /// A resizable `ArrayBuffer` (V8 11.3 and later).
        resizable_array_buffer(data: &[u8], max_byte_length: u64) => {
            Node::ResizableArrayBuffer { data: data.into(), max_byte_length }
        };
        /// An `ArrayBuffer` that is passed on by a transfer id.
        transferred_array_buffer(id: u32) => Node::TransferredArrayBuffer(id);
        /// A `SharedArrayBuffer` under the embedder's id for it.
        shared_array_buffer(id: u32) => Node::SharedArrayBuffer(id);
        /// A value shared between isolates, under the embedder's id for it.
        shared_object(id: u32) => Node::SharedObject(id);
        /// A `WebAssembly.Module` that is passed on by a transfer id.
        wasm_module_transfer(id: u32) => Node::WasmModuleTransfer(id);
        /// A typed array, `DataView` or Buffer as `v8.serialize` of Node writes it: a host object with its
        /// bytes.
        host_view(kind: ViewKind, data: &[u8]) => Node::host_view(kind, data);
        /// A view over a buffer, as bare V8 writes it. Offset and length are in bytes. Several views may
        /// share a buffer.
        view(kind: ViewKind, buffer: NodeId, byte_offset: u64, byte_length: u64) => {
            Node::View(Box::new(ViewNode { kind, buffer, byte_offset, byte_length, flags: None }))
        };
        /// A view that tracks the length of a resizable buffer.
        length_tracking_view(kind: ViewKind, buffer: NodeId, byte_offset: u64) => {
            let (byte_length, flags) = (0, Some(1));
            Node::View(Box::new(ViewNode { kind, buffer, byte_offset, byte_length, flags }))
        };
        /// `{}`, for [`set`](Self::set).
        object() => Node::Object(Vec::new());
        /// `[]`, for [`push`](Self::push).
        array() => Node::Array(Box::default());
        /// An array whose elements V8 writes as properties: `new Array(length)`, and any other that has or
        /// had a hole. Its elements are [`set`](Self::set).
        sparse_array(length: u32) => {
            Node::Array(Box::new(Array { length, form: ArrayForm::Sparse, ..Array::default() }))
        };
        /// `new Map()`, for [`entry`](Self::entry).
        map() => Node::Map(Vec::new());
        /// `new Set()`, for [`member`](Self::member).
        new_set() => Node::Set(Vec::new());
        /// An error of this class: one of `ErrorTag::EVAL_ERROR` and so on, `None` for a plain `Error`.
        error(class: Option<ErrorTag>, message: &str) => {
            let message = Some(message.into());
            Node::Error(Box::new(ErrorNode { class, message, ..ErrorNode::default() }))
        };
        /// A host object of the embedder's, for [`host_bytes`](Self::host_bytes) and
        /// [`host_value`](Self::host_value).
        host_object() => Node::Host(Vec::new());
    }

    // What values hold.

    /// Sets a property of an object, or of an array: what is set before is replaced.
    pub fn set(&mut self, object: NodeId, key: impl Into<PropertyKey>, value: impl IntoNode) {
        let value = value.into_node(self);
        let PropertyKey(name) = key.into();
        match (self.nodes.get_mut(object.index()), name) {
            (Some(Node::Object(properties)), name) => properties.push((name, value)),
            (Some(Node::Array(array)), Name::Index(index)) => {
                array.set(index, value);
            }
            (Some(Node::Array(array)), name) => array.properties.push((name, value)),
            _ => self.refuse("a property of what is neither an object nor an array"),
        }
    }

    /// Appends an element to an array.
    pub fn push(&mut self, array: NodeId, value: impl IntoNode) {
        let value = value.into_node(self);
        match self.nodes.get(array.index()) {
            Some(Node::Array(array)) if array.length == u32::MAX => {
                self.refuse("an array of more than 4,294,967,295 elements");
            }
            Some(Node::Array(node)) => {
                let end = node.length;
                self.set(array, end, value);
            }
            _ => self.refuse("an element of what is no array"),
        }
    }

    /// Appends a hole to an array, which is sparse from then on.
    pub fn push_hole(&mut self, array: NodeId) {
        match self.nodes.get_mut(array.index()) {
            Some(Node::Array(array)) if array.length < u32::MAX => {
                array.form = ArrayForm::Sparse;
                array.length += 1;
            }
            _ => self.refuse("an element of what is no array"),
        }
    }

    /// Appends an entry to a map. Keys that are the same are not looked for: whoever reads takes the
    /// last.
    pub fn entry(&mut self, map: NodeId, key: impl IntoNode, value: impl IntoNode) {
        let (key, value) = (key.into_node(self), value.into_node(self));
        match self.nodes.get_mut(map.index()) {
            Some(Node::Map(entries)) => entries.push((key, value)),
            _ => self.refuse("an entry of what is no map"),
        }
    }

    /// Appends a member to a set.
    pub fn member(&mut self, set: NodeId, value: impl IntoNode) {
        let value = value.into_node(self);
        match self.nodes.get_mut(set.index()) {
            Some(Node::Set(members)) => members.push(value),
            _ => self.refuse("a member of what is no set"),
        }
    }

    fn error_mut(&mut self, error: NodeId) -> Option<&mut ErrorNode> {
        if !matches!(self.nodes.get(error.index()), Some(Node::Error(_))) {
            self.refuse("a part of what is no error");
        }
        match self.nodes.get_mut(error.index()) {
            Some(Node::Error(error)) => Some(error),
            _ => None,
        }
    }

    /// Sets the stack of an error. Without one an error has none when it is read.
    pub fn set_stack(&mut self, error: NodeId, stack: &str) {
        if let Some(error) = self.error_mut(error) {
            error.stack = Some(stack.into());
        }
    }

    /// Sets the cause of an error.
    pub fn set_cause(&mut self, error: NodeId, cause: impl IntoNode) {
        let cause = cause.into_node(self);
        if let Some(error) = self.error_mut(error) {
            error.cause = Some(cause);
        }
    }

    fn run(&mut self, host: NodeId, run: Run) {
        match self.nodes.get_mut(host.index()) {
            Some(Node::Host(runs)) => runs.push(run),
            _ => self.refuse("payload of what is no host object"),
        }
    }

    /// Appends bytes to the payload of a host object.
    pub fn host_bytes(&mut self, host: NodeId, bytes: &[u8]) {
        self.run(host, Run::Bytes(bytes.into()));
    }

    /// Appends a value to the payload of a host object.
    pub fn host_value(&mut self, host: NodeId, value: impl IntoNode) {
        let value = value.into_node(self);
        self.run(host, Run::Value(value));
    }

    // What comes of it.

    /// The bytes of a value: header, then the value.
    ///
    /// # Errors
    /// What the version cannot carry, a view that does not fit its buffer, a call that made no sense, a
    /// node of another builder.
    pub fn to_vec(&self, root: NodeId, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
        match self.misuse {
            Some(reason) => Err(WriteError::new(WriteErrorKind::Misuse { reason })),
            None => write::to_vec(self, root, options),
        }
    }

    /// The value as a document, to be looked at, shown or compared. It is written to `buffer`, whose
    /// former contents are lost, and borrows it.
    ///
    /// ```
    /// use v8wire::{Builder, value};
    /// let mut builder = Builder::new();
    /// let root = builder.value(value!({ "n": [1, 2] }));
    /// let mut buffer = Vec::new();
    /// let doc = builder.document(root, &mut buffer)?;
    /// assert_eq!(doc.root()["n"][1].as_i32(), Some(2));
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); also host objects whose payload nobody can read.
    pub fn document<'a>(
        &self,
        root: NodeId,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Document<'a>, WriteError> {
        *buffer = self.to_vec(root, &WriteOptions::new())?;
        let options = ParseOptions::new()
            .lenient()
            .externals(Externals::Keep)
            .limits(Limits { depth: u32::MAX, ..Limits::default() });
        options.parse(buffer).map_err(|error| {
            let message = alloc::format!("cannot be read again: {error}");
            WriteError::new(WriteErrorKind::Unsupported { message })
        })
    }
}
