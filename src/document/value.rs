//! The ergonomic view of one value.

use alloc::borrow::Cow;

use super::node::{HAS_VIEW, HERE, Node, NodeKind, VIEW_WORDS};
use super::parser::Document;
use crate::read::event::BigInt;
use crate::text::Text;
use crate::wire::varint::{self, unzigzag};

/// What a value is, in JavaScript's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, whatever tag it has.
    Number,
    /// A bigint
    BigInt,
    /// A string
    String,
    /// An absent array element
    Hole,
    /// A plain object
    Object,
    /// An array, dense or sparse
    Array,
    /// A `Map`
    Map,
    /// A `Set`
    Set,
    /// A `Date`
    Date,
    /// `new Boolean(..)`
    BooleanObject,
    /// `new Number(..)`
    NumberObject,
    /// `Object(1n)`
    BigIntObject,
    /// `new String(..)`
    StringObject,
    /// A `RegExp`
    RegExp,
    /// An `ArrayBuffer` of any kind
    ArrayBuffer,
    /// A `SharedArrayBuffer`
    SharedArrayBuffer,
    /// A typed array, `DataView` or Node `Buffer`
    View,
    /// An `Error`
    Error,
    /// A `WebAssembly.Module`
    WasmModule,
    /// A `WebAssembly.Memory`
    WasmMemory,
    /// A value shared between isolates
    SharedObject,
    /// A host object that is no view
    HostObject,
}

/// A value in a [`Document`]: a handle to copy around.
///
/// Strings and bytes are borrowed from the input (`'a`), not from the document (`'d`). References
/// have been followed: a value that occurs twice is the same value, see [`Value::is_same`].
#[derive(Clone, Copy)]
pub struct Value<'d, 'a> {
    pub(super) doc: &'d Document<'a>,
    pub(super) index: u32,
}

/// Of a value that is not there.
const MISSING: u32 = u32::MAX;

impl<'d, 'a> Value<'d, 'a> {
    pub(super) fn missing(doc: &'d Document<'a>) -> Self {
        Value { doc, index: MISSING }
    }

    /// The value that stands at `index`: references followed, the view in place of its buffer.
    #[inline]
    pub(super) fn at_slot(doc: &'d Document<'a>, index: u32) -> Self {
        if doc.nodes.is_short(index) {
            return Value { doc, index };
        }
        let Some(node) = doc.nodes.get(index) else { return Self::missing(doc) };
        if node.flag(HAS_VIEW) {
            return Value { doc, index: doc.nodes.after(index).saturating_sub(VIEW_WORDS) };
        }
        if node.kind() == NodeKind::Reference {
            return Value { doc, index: node.a };
        }
        Value { doc, index }
    }

    #[inline]
    pub(super) fn node(self) -> Option<Node> {
        self.doc.nodes.get(self.index)
    }

    #[inline]
    pub(super) fn node_kind(self) -> NodeKind {
        self.doc.nodes.kind(self.index).unwrap_or(NodeKind::Undefined)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.node_kind() {
            NodeKind::Undefined | NodeKind::Extra | NodeKind::ErrorPart => Kind::Undefined,
            NodeKind::Null => Kind::Null,
            NodeKind::True | NodeKind::False => Kind::Bool,
            NodeKind::Hole => Kind::Hole,
            NodeKind::Int32 | NodeKind::Uint32 | NodeKind::Double => Kind::Number,
            NodeKind::BigInt => Kind::BigInt,
            NodeKind::OneByte | NodeKind::TwoByte | NodeKind::Utf8 => Kind::String,
            NodeKind::Object | NodeKind::Reference => Kind::Object,
            NodeKind::Dense | NodeKind::Sparse => Kind::Array,
            NodeKind::Map => Kind::Map,
            NodeKind::Set => Kind::Set,
            NodeKind::Date => Kind::Date,
            NodeKind::TrueObject | NodeKind::FalseObject => Kind::BooleanObject,
            NodeKind::NumberObject => Kind::NumberObject,
            NodeKind::BigIntObject => Kind::BigIntObject,
            NodeKind::OneByteObject | NodeKind::TwoByteObject | NodeKind::Utf8Object => {
                Kind::StringObject
            }
            NodeKind::OneByteRegExp | NodeKind::TwoByteRegExp | NodeKind::Utf8RegExp => {
                Kind::RegExp
            }
            NodeKind::ArrayBuffer
            | NodeKind::ImmutableArrayBuffer
            | NodeKind::ResizableArrayBuffer
            | NodeKind::TransferredArrayBuffer => Kind::ArrayBuffer,
            NodeKind::SharedArrayBuffer | NodeKind::WasmShared => Kind::SharedArrayBuffer,
            NodeKind::View | NodeKind::HostView => Kind::View,
            NodeKind::Error => Kind::Error,
            NodeKind::WasmModuleTransfer | NodeKind::WasmModule => Kind::WasmModule,
            NodeKind::WasmMemory => Kind::WasmMemory,
            NodeKind::SharedObject => Kind::SharedObject,
            NodeKind::Host | NodeKind::HostBytes => Kind::HostObject,
        }
    }

    /// A number for the value within its document. Two handles have the same one if and only if
    /// they are the same value, in JavaScript's sense for objects. It is below twice
    /// [`Document::node_count`]. `None` where there is no value.
    pub fn id(self) -> Option<u32> {
        (self.index != MISSING).then_some(self.index)
    }

    /// Whether the two are the same object, or the same place in the document.
    pub fn is_same(self, other: Value<'_, '_>) -> bool {
        core::ptr::eq(self.doc, other.doc) && self.index == other.index
    }

    /// Where in the input the value starts: its tag.
    pub fn offset(self) -> Option<usize> {
        self.node().map(|_| self.doc.tag_offset(self.index))
    }

    /// Whether it is `undefined`, or not there at all.
    pub fn is_undefined(self) -> bool {
        self.node_kind() == NodeKind::Undefined
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.node_kind() == NodeKind::Null
    }

    /// Whether it is there.
    pub fn exists(self) -> bool {
        self.index != MISSING
    }

    /// `true` or `false`, also of a `Boolean` object.
    pub fn as_bool(self) -> Option<bool> {
        match self.node_kind() {
            NodeKind::True | NodeKind::TrueObject => Some(true),
            NodeKind::False | NodeKind::FalseObject => Some(false),
            _ => None,
        }
    }

    /// The text of a string or a `String` object, in the encoding of the wire.
    #[inline]
    pub fn as_text(self) -> Option<Text<'a>> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::OneByte
            | NodeKind::OneByteObject
            | NodeKind::TwoByte
            | NodeKind::TwoByteObject
            | NodeKind::Utf8
            | NodeKind::Utf8Object => Some(self.doc.text(&node)),
            _ => None,
        }
    }

    /// A string or a `String` object; borrowed from the input where it is ASCII. A lone surrogate
    /// becomes U+FFFD; [`Value::as_text`] has it as it is.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        self.as_text().map(Text::to_str)
    }

    /// A bigint, also that of a `BigInt` object.
    pub fn as_bigint(self) -> Option<BigInt<'a>> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::BigInt | NodeKind::BigIntObject => {
                let digits = self.doc.bytes(node.content(), u64::from(node.a >> 1));
                Some(BigInt { negative: node.a & 1 != 0, digits })
            }
            _ => None,
        }
    }

    /// The source and the flags of a `RegExp`; see [`regexp_flags`](crate::regexp_flags).
    pub fn as_regexp(self) -> Option<(Text<'a>, u32)> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::OneByteRegExp | NodeKind::TwoByteRegExp | NodeKind::Utf8RegExp => {
                Some((self.doc.text(&node), node.b))
            }
            _ => None,
        }
    }

    /// The transfer id or shared id of a value that lives elsewhere: a transferred or shared buffer,
    /// a wasm module, a shared value.
    pub fn external_id(self) -> Option<u32> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::TransferredArrayBuffer
            | NodeKind::SharedArrayBuffer
            | NodeKind::WasmModuleTransfer
            | NodeKind::SharedObject => Some(node.a),
            NodeKind::WasmShared => Some(node.b),
            _ => None,
        }
    }

    /// The `WebAssembly.Memory` that a growable shared buffer is of.
    pub fn wasm_memory(self) -> Option<Value<'d, 'a>> {
        (self.node_kind() == NodeKind::WasmShared)
            .then(|| Value::at_slot(self.doc, self.doc.nodes.next(self.index)))
    }

    /// The bytes of a `WebAssembly.Module` that V8 up to 7.x wrote inline.
    pub fn wasm_module_bytes(self) -> Option<&'a [u8]> {
        let node = self.node()?;
        (node.kind() == NodeKind::WasmModule)
            .then(|| self.doc.bytes(node.content(), u64::from(node.a)))
    }

    /// The maximum pages (`None`: no maximum), the address width in bits and the buffer of a
    /// `WebAssembly.Memory`.
    pub fn as_wasm_memory(self) -> Option<(Option<i32>, u32, Value<'d, 'a>)> {
        let node = self.node()?;
        if node.kind() != NodeKind::WasmMemory {
            return None;
        }
        let width = if node.flag(super::node::MEMORY64) { 64 } else { 32 };
        let buffer = Value::at_slot(self.doc, self.doc.nodes.next(self.index));
        let maximum = node.b as i32;
        Some(((maximum != -1).then_some(maximum), width, buffer))
    }
}

impl<'a> Document<'a> {
    /// Where the tag of a node is.
    pub(crate) fn tag_offset(&self, index: u32) -> usize {
        let Some(node) = self.nodes.get(index) else { return 0 };
        match (self.nodes.extra(index, &node), node.kind()) {
            (Some(extra), NodeKind::WasmModule) => extra.number() as usize,
            (Some(extra), _) if node.is_placed() => extra.first() as usize,
            // The index of the element that is next.
            (_, NodeKind::Int32) if node.flag(HERE) => {
                self.nodes.get(index + 1).map_or(0, |element| element.tag_offset())
            }
            _ => node.tag_offset(),
        }
    }

    pub(super) fn bytes(&self, start: usize, length: u64) -> &'a [u8] {
        self.data.get(start..start + length as usize).unwrap_or_default()
    }
}

/// What short nodes leave in the input, where the reader has checked it.
impl<'a> Document<'a> {
    /// The text of a node that has one. In place everywhere: what a function gives back in memory is moved on
    /// from there in other pieces than it came in, and waited for.
    #[inline(always)]
    pub(crate) fn text(&self, node: &Node) -> Text<'a> {
        let bytes = match self.short_text(node) {
            Some(bytes) => bytes,
            None => self.other_text(node),
        };
        match node.kind() {
            NodeKind::TwoByte | NodeKind::TwoByteObject | NodeKind::TwoByteRegExp => {
                Text::TwoByte(bytes, self.order)
            }
            NodeKind::Utf8 | NodeKind::Utf8Object | NodeKind::Utf8RegExp => Text::Utf8(bytes),
            _ => Text::OneByte(bytes),
        }
    }

    /// What has a length of one byte, right behind its tag.
    #[inline(always)]
    fn short_text(&self, node: &Node) -> Option<&'a [u8]> {
        let tag = node.content();
        let length = *self.data.get(tag + 1).filter(|&&length| length < 0x80 && node.is_short())?;
        self.data.get(tag + 2..tag + 2 + usize::from(length))
    }

    #[inline(never)]
    fn other_text(&self, node: &Node) -> &'a [u8] {
        if !node.is_short() {
            return self.bytes(node.content(), u64::from(node.a));
        }
        let (length, rest) = self.varint_behind(node.content());
        rest.get(..length as usize).unwrap_or_default()
    }

    /// The number behind a tag, and what is behind that.
    #[inline(never)]
    fn varint_behind(&self, tag: usize) -> (u32, &'a [u8]) {
        let input = self.data.get(tag + 1..).unwrap_or_default();
        match varint::short(input) {
            Some((length, value)) => (value, input.get(length..).unwrap_or_default()),
            None => varint::varint_u32(input).map_or((0, &[]), |(rest, value)| (value, rest)),
        }
    }

    #[inline]
    fn number_behind(&self, tag: usize) -> u32 {
        match self.data.get(tag + 1) {
            Some(&byte) if byte < 0x80 => byte.into(),
            _ => self.varint_behind(tag).0,
        }
    }

    /// The number of an `Int32`.
    #[inline]
    pub(crate) fn int32(&self, node: &Node) -> i32 {
        if node.flag(HERE) {
            return node.content() as i32;
        }
        unzigzag(self.number_behind(node.content()))
    }

    /// The number of an `Uint32`.
    #[inline]
    pub(crate) fn uint32(&self, node: &Node) -> u32 {
        self.number_behind(node.content())
    }

    /// The bits of a double, alone or in an object.
    #[inline]
    pub(crate) fn double_bits(&self, node: &Node) -> u64 {
        let bytes = self.data.get(node.content() + 1..).and_then(|rest| rest.first_chunk::<8>());
        bytes.map_or(0, |bytes| self.order.u64(bytes))
    }
}

impl core::fmt::Debug for Value<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Value({:?}", self.kind())?;
        if let Some(offset) = self.offset() {
            write!(f, " at {offset}")?;
        }
        f.write_str(")")
    }
}
