//! V8's own interface for writing, and a way to write values that exist nowhere yet.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use super::error::WriteError;
use super::names::Names;
use super::options::WriteOptions;
use super::writer::{Form, Writer};
use crate::host::SerializerDelegate;
use crate::options::Profile;
use crate::read::event::{BigInt, ErrorPart, Event};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::ErrorTag;

/// Writes values and raw data one behind the other.
///
/// Mirrors `v8::ValueSerializer` and Node's `v8.Serializer`. Values come out of a
/// [`Document`](crate::Document) with [`write_value`](Self::write_value), or are written piece by
/// piece:
///
/// ```
/// use v8wire::ValueSerializer;
/// let mut serializer = ValueSerializer::new();
/// serializer.write_header()?;
/// let users = serializer.begin_object()?;
/// serializer.write_key("name")?;
/// serializer.write_str("Ada")?;
/// serializer.write_key("tags")?;
/// serializer.begin_array(2)?;
/// serializer.write_number(1.5)?;
/// serializer.write_reference(users)?; // the object itself: a cycle
/// serializer.end_array()?;
/// serializer.end_object()?;
/// let blob = serializer.release()?;
///
/// let doc = v8wire::Document::parse(&blob).unwrap();
/// assert_eq!(doc.root()["name"].as_str().as_deref(), Some("Ada"));
/// assert!(doc.root()["tags"][1].is_same(doc.root().value()));
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// Ids run on from value to value. What makes an object gives its id, which
/// [`write_reference`](Self::write_reference) takes.
///
/// A call that cannot stand where it is made is refused, and so is everything behind it: once there
/// was an error, [`release`](Self::release) gives that error and no bytes. An object that has a key
/// twice is refused when it ends, since V8 refuses to read it.
///
/// The lifetime is that of the documents whose values are written.
#[derive(Clone)]
pub struct ValueSerializer<'v> {
    pub(crate) writer: Writer,
    pub(crate) host_views: HostViews,
    /// Whether host objects of messages to child processes are written as the value that they hold.
    pub(crate) unwrap: bool,
    /// The ids of nodes that have been written, plus one, by document.
    pub(crate) known: BTreeMap<usize, Vec<u32>>,
    /// Transfer ids of buffers, by document and node.
    pub(crate) transfers: BTreeMap<(usize, u32), u32>,
    pub(crate) delegate: Option<Arc<dyn SerializerDelegate>>,
    /// Keeps the documents in place, by whose addresses they are known.
    pub(crate) documents: PhantomData<&'v ()>,
}

impl fmt::Debug for ValueSerializer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueSerializer")
            .field("options", self.options())
            .field("position", &self.position())
            .field("depth", &self.depth())
            .finish_non_exhaustive()
    }
}

/// How views are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostViews {
    /// Behind their buffers, as V8 does.
    Raw,
    /// As Node's host objects.
    Node,
    /// As those of messages to child processes.
    NodeIpc,
    /// As they were read.
    Keep,
}

impl HostViews {
    /// Those of a profile; without one they are kept.
    pub(crate) fn of(profile: Option<Profile>) -> Self {
        match profile {
            None => HostViews::Keep,
            Some(Profile::Node) => HostViews::Node,
            Some(Profile::NodeIpc) => HostViews::NodeIpc,
            Some(Profile::V8) => HostViews::Raw,
        }
    }
}

impl Default for ValueSerializer<'_> {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident ( $($arg:ident : $ty:ty),* ) => $event:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// No value can stand here, or there was an error before.
        pub fn $name(&mut self $(, $arg: $ty)*) -> Result<(), WriteError> {
            self.writer.event($event)
        }
    )*};
}

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident ( $($arg:ident : $ty:ty),* ) => $event:expr;)*) => {$(
        $(#[$doc])*
        #[doc = " Gives the object's id."]
        ///
        /// # Errors
        /// No value can stand here, the version cannot carry it, or there was an error before.
        pub fn $name(&mut self $(, $arg: $ty)*) -> Result<u32, WriteError> {
            self.object($event)
        }
    )*};
}

impl ValueSerializer<'_> {
    /// With the default options: version 15, as Node 18 and later write it.
    pub fn new() -> Self {
        Self::with_options(WriteOptions::default())
    }

    /// With these options.
    pub fn with_options(options: WriteOptions) -> Self {
        let mut writer = Writer::new(options, Form::AsV8);
        writer.set_names(options.check_keys.then(Names::default));
        ValueSerializer {
            writer,
            host_views: HostViews::of(Some(options.profile_of_values())),
            unwrap: false,
            known: BTreeMap::new(),
            transfers: BTreeMap::new(),
            delegate: None,
            documents: PhantomData,
        }
    }

    /// The options.
    pub fn options(&self) -> &WriteOptions {
        self.writer.options()
    }

    /// How many bytes have been written.
    pub fn position(&self) -> usize {
        self.writer.position()
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.writer.depth()
    }

    /// How many ids have been given; the next object gets this one.
    pub fn object_count(&self) -> u32 {
        self.writer.next_id()
    }

    /// All bytes.
    ///
    /// # Errors
    /// The error that was met before, or a container is still open.
    pub fn release(self) -> Result<Vec<u8>, WriteError> {
        self.writer.finish()
    }

    /// Passes on to `to` what has been written since the last time, within containers too. Positions and the
    /// padding of two-byte strings go on as if it were still there; [`release`](Self::release) gives the rest.
    ///
    /// ```
    /// use v8wire::ValueSerializer;
    /// let mut out = Vec::new();
    /// let mut serializer = ValueSerializer::new();
    /// serializer.write_header()?;
    /// serializer.begin_array(1000)?;
    /// for number in 0..1000 {
    ///     serializer.write_int32(number)?;
    ///     serializer.drain_to(&mut out).unwrap();
    /// }
    /// serializer.end_array()?;
    /// out.extend(serializer.release()?);
    /// assert_eq!(v8wire::Document::parse(&out).unwrap().root()[999].as_i32(), Some(999));
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// That of the writer; the serializer takes nothing more then. Where there was an error before, that
    /// one.
    #[cfg(feature = "std")]
    pub fn drain_to(&mut self, to: impl std::io::Write) -> std::io::Result<()> {
        super::drain::draining(self, to, |serializer| &mut serializer.writer, |_, _| Ok(()))
    }

    /// Writes a header with the version of the options. V8 has one at the start; several may follow
    /// between values.
    ///
    /// # Errors
    /// The version is none that can be written, or a container is open.
    pub fn write_header(&mut self) -> Result<(), WriteError> {
        self.writer.header(self.writer.options().version)
    }

    // Raw data, between values or in the payload of a host object.

    /// Writes a varint of 32 bits that is no value.
    ///
    /// # Errors
    /// Within a value other than a host object.
    pub fn write_uint32(&mut self, value: u32) -> Result<(), WriteError> {
        self.writer.raw(|out| out.varint_u32(value))
    }

    /// Writes a varint of 64 bits that is no value.
    ///
    /// # Errors
    /// Within a value other than a host object.
    pub fn write_uint64(&mut self, value: u64) -> Result<(), WriteError> {
        self.writer.raw(|out| out.varint(value))
    }

    /// Writes a varint of 64 bits given as its two halves, as Node's `writeUint64`.
    ///
    /// # Errors
    /// Within a value other than a host object.
    pub fn write_uint64_hi_lo(&mut self, hi: u32, lo: u32) -> Result<(), WriteError> {
        self.write_uint64(u64::from(hi) << 32 | u64::from(lo))
    }

    /// Writes eight bytes that are no value; see [`Self::write_number`].
    ///
    /// # Errors
    /// Within a value other than a host object.
    pub fn write_double(&mut self, value: f64) -> Result<(), WriteError> {
        self.writer.raw(|out| out.double(value))
    }

    /// Writes bytes that are no value.
    ///
    /// # Errors
    /// Within a value other than a host object.
    pub fn write_raw_bytes(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.writer.raw(|out| out.raw(bytes))
    }

    /// Whether [`write_value`](Self::write_value) writes typed arrays and DataViews as Node's host
    /// objects, which carry just the bytes that they show. At first not: the buffer is written, and
    /// the view behind it.
    pub fn set_treat_array_buffer_views_as_host_objects(&mut self, treat: bool) {
        self.host_views = match (treat, self.options().profile) {
            (false, _) => HostViews::Raw,
            (true, Some(Profile::NodeIpc)) => HostViews::NodeIpc,
            (true, _) => HostViews::Node,
        };
    }

    /// Sets who writes host objects and gives ids to what lives elsewhere. Without one, payloads and ids
    /// are kept as the document has them.
    pub fn set_delegate(&mut self, delegate: Arc<dyn SerializerDelegate>) {
        self.delegate = Some(delegate);
    }

    // Values.

    fn object(&mut self, event: Event<'_>) -> Result<u32, WriteError> {
        let id = self.writer.next_id();
        self.writer.event(event)?;
        Ok(id)
    }

    /// Writes any [`Event`], as [`Reader`](crate::Reader) gives them; counts and lengths in end events
    /// are not looked at. `U` numbers and UTF-8 strings are written in the form that V8 has for them.
    ///
    /// ```
    /// use v8wire::{Reader, ValueSerializer};
    /// let blob = b"\xFF\x0FA\x01S\x02\xC3\xA9$\0\x01";
    /// let mut serializer = ValueSerializer::new();
    /// serializer.write_header()?;
    /// let mut reader = Reader::new(blob).unwrap();
    /// while let Some(event) = reader.next_event().unwrap() {
    ///     serializer.write_event(event)?;
    /// }
    /// assert_eq!(serializer.release()?, b"\xFF\x0FA\x01\"\x01\xE9$\0\x01");
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// What cannot stand here, or what the version cannot carry.
    pub fn write_event(&mut self, event: Event<'_>) -> Result<(), WriteError> {
        self.writer.event(event)
    }

    plain! {
        /// Writes `undefined`.
        write_undefined() => Event::Undefined;
        /// Writes `null`.
        write_null() => Event::Null;
        /// Writes `true` or `false`.
        write_bool(value: bool) => Event::Bool(value);
        /// Writes an absent element of a dense array.
        write_hole() => Event::Hole;
        /// Writes a number that V8 holds as an integer, as a double where it is too large for a small
        /// one.
        write_int32(value: i32) => Event::Int32(value);
        /// Writes a number that V8 holds as a double, even if it is a small integer.
        write_double_value(value: f64) => Event::Double(value);
        /// Writes a string, as one-byte where all of it is Latin-1.
        write_str(value: &str) => Event::String(Text::Utf8(value.as_bytes()));
        /// Writes a string in the encoding that it has; UTF-8 as [`Self::write_str`] does.
        write_text(value: Text<'_>) => Event::String(value);
        /// Writes a bigint.
        write_bigint(value: BigInt<'_>) => Event::BigInt(value);
        /// Writes an object that has been written before.
        write_reference(id: u32) => Event::Reference(id);
        /// Ends an object.
        end_object() => Event::ObjectEnd { properties: 0 };
        /// Ends a dense array. All its elements must be there; keys and values may follow them.
        end_array() => Event::DenseArrayEnd { properties: 0, length: 0 };
        /// Ends a sparse array.
        end_sparse_array() => Event::SparseArrayEnd { properties: 0, length: 0 };
        /// Ends a map.
        end_map() => Event::MapEnd { length: 0 };
        /// Ends a set.
        end_set() => Event::SetEnd { length: 0 };
        /// Writes the message of an error.
        write_error_message(value: &str) => {
            Event::ErrorPart(ErrorPart::Message(Text::Utf8(value.as_bytes())))
        };
        /// Writes the stack of an error, behind its message.
        write_error_stack(value: &str) => {
            Event::ErrorPart(ErrorPart::Stack(Text::Utf8(value.as_bytes())))
        };
        /// The next value is the cause of the error, its last part.
        begin_error_cause() => Event::ErrorPart(ErrorPart::Cause);
        /// Ends an error.
        end_error() => Event::ErrorEnd;
        /// Ends a host object.
        end_host_object() => Event::HostObjectEnd;
        /// Writes a value shared between isolates; version 15 and later.
        write_shared_object(id: u32) => Event::SharedObject { id };
    }

    objects! {
        /// Begins an object: keys and values follow.
        begin_object() => Event::ObjectBegin;
        /// Begins an array: `length` elements follow, then keys and values.
        begin_array(length: u32) => Event::DenseArrayBegin { length };
        /// Begins an array whose elements are written as properties: keys and values follow.
        begin_sparse_array(length: u32) => Event::SparseArrayBegin { length };
        /// Begins a map: keys and values follow, both of any kind.
        begin_map() => Event::MapBegin;
        /// Begins a set: values follow.
        begin_set() => Event::SetBegin;
        /// Begins a host object: raw data and values follow.
        begin_host_object() => Event::HostObjectBegin { legacy_tag: None };
        /// Writes a `Date`, in milliseconds since 1970; NaN for an invalid one.
        write_date(milliseconds: f64) => Event::Date(milliseconds);
        /// Writes `new Boolean(..)`.
        write_boolean_object(value: bool) => Event::BooleanObject(value);
        /// Writes `new Number(..)`.
        write_number_object(value: f64) => Event::NumberObject(value);
        /// Writes `Object(1n)`.
        write_bigint_object(value: BigInt<'_>) => Event::BigIntObject(value);
        /// Writes `new String(..)`.
        write_string_object(value: &str) => Event::StringObject(Text::Utf8(value.as_bytes()));
        /// Writes a `RegExp`; its flags are bits, see [`regexp_flags`](crate::regexp_flags). Neither is
        /// checked.
        write_regexp(source: &str, flags: u32) => {
            Event::RegExp { pattern: Text::Utf8(source.as_bytes()), flags }
        };
        /// Writes an `ArrayBuffer`. [`write_view`](Self::write_view) may follow.
        write_array_buffer(data: &[u8]) => Event::ArrayBuffer(data);
        /// Writes an immutable `ArrayBuffer` (V8 14.6 and later).
        write_immutable_array_buffer(data: &[u8]) => Event::ImmutableArrayBuffer(data);
        /// Writes a resizable `ArrayBuffer` (V8 11.3 and later).
        write_resizable_array_buffer(data: &[u8], max_byte_length: u64) => {
            Event::ResizableArrayBuffer { data, max_byte_length }
        };
        /// Writes a transferred `ArrayBuffer`.
        write_transferred_array_buffer(id: u32) => Event::TransferredArrayBuffer { id };
        /// Writes a `SharedArrayBuffer` under the embedder's id for it.
        write_shared_array_buffer(id: u32) => Event::SharedArrayBuffer { id };
        /// Writes a WebAssembly module that is passed on by id.
        write_wasm_module_transfer(id: u32) => Event::WasmModuleTransfer { id };
        /// Writes a view over the buffer, or the reference to one, that was written just before. The
        /// two are one value. Offset and length are in bytes.
        write_view(kind: ViewKind, byte_offset: u64, byte_length: u64) => {
            Event::View { kind, byte_offset, byte_length, flags: None }
        };
        /// Writes a view that tracks the length of the resizable buffer that was written just before.
        write_length_tracking_view(kind: ViewKind, byte_offset: u64) => {
            Event::View { kind, byte_offset, byte_length: 0, flags: Some(1) }
        };
    }

    /// Writes a number as V8 does: small integers as such, all others as doubles.
    ///
    /// # Errors
    /// No value can stand here, or there was an error before.
    pub fn write_number(&mut self, value: f64) -> Result<(), WriteError> {
        let integer = value as i32;
        if f64::from(integer).to_bits() == value.to_bits() {
            self.write_int32(integer)
        } else {
            self.write_double_value(value)
        }
    }

    /// Writes a string given as UTF-16 units, lone surrogates included; as one-byte where all are below
    /// 256.
    ///
    /// # Errors
    /// No value can stand here, or there was an error before.
    pub fn write_utf16(&mut self, units: &[u16]) -> Result<(), WriteError> {
        if let Some(narrow) =
            units.iter().map(|&unit| u8::try_from(unit).ok()).collect::<Option<Vec<u8>>>()
        {
            return self.write_text(Text::OneByte(&narrow));
        }
        let order = self.options().byte_order;
        let bytes: Vec<u8> = units
            .iter()
            .flat_map(|unit| match order {
                crate::wire::ByteOrder::Little => unit.to_le_bytes(),
                crate::wire::ByteOrder::Big => unit.to_be_bytes(),
            })
            .collect();
        self.write_text(Text::TwoByte(&bytes, order))
    }

    /// Writes a bigint that fits into 128 bits.
    ///
    /// # Errors
    /// No value can stand here, or there was an error before.
    pub fn write_bigint_i128(&mut self, value: i128) -> Result<(), WriteError> {
        let digits = value.unsigned_abs().to_le_bytes();
        self.write_bigint(BigInt { negative: value < 0, digits: &digits })
    }

    /// Writes the key of a property, as a number where it spells an array index. V8 writes those
    /// first, ascending.
    ///
    /// # Errors
    /// No key can stand here, or there was an error before.
    pub fn write_key(&mut self, key: &str) -> Result<(), WriteError> {
        let text = Text::Utf8(key.as_bytes());
        match text.as_array_index() {
            Some(index) => self.write_number(index.into()),
            None => self.write_text(text),
        }
    }

    /// Begins an error of this class: one of `ErrorTag::EVAL_ERROR` and so on, `None` for a plain
    /// `Error`. Its message, stack and cause follow, in this order, each at most once. Gives its id.
    ///
    /// # Errors
    /// No value can stand here, there is no such class, or there was an error before.
    pub fn begin_error(&mut self, class: Option<ErrorTag>) -> Result<u32, WriteError> {
        let id = self.object(Event::ErrorBegin)?;
        if let Some(tag) = class {
            self.writer.event(Event::ErrorPart(ErrorPart::Prototype(tag)))?;
        }
        Ok(id)
    }

    /// Writes a view as Node's host object, with its bytes. Gives its id.
    ///
    /// # Errors
    /// No value can stand here, `data` is longer than 4 GiB, or there was an error before.
    pub fn write_host_view(&mut self, kind: ViewKind, data: &[u8]) -> Result<u32, WriteError> {
        let id = self.writer.next_id();
        self.writer.host_view(kind, data, self.host_views == HostViews::NodeIpc)?;
        Ok(id)
    }
}
