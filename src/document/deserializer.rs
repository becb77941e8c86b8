//! V8's own interface: values and raw reads in turn.

use super::build::Builder;
use super::parser::Document;
use super::value::Value;
use crate::error::Error;
use crate::options::ParseOptions;
use crate::read::machine::Machine;

/// Reads values and raw data in the order in which a `ValueSerializer` wrote them.
///
/// Mirrors `v8::ValueDeserializer` and Node's `v8.Deserializer`: object ids run on from value to
/// value, so a later one may refer to objects of an earlier one; all of them are in one
/// [`Document`](ValueDeserializer::document). Host objects, shared buffers, wasm modules and shared
/// values come from the [`Delegate`](crate::Delegate) of the options.
///
/// ```
/// use v8wire::ValueDeserializer;
/// // writeHeader(), writeUint32(7), writeValue('a'), writeDouble(0.5)
/// let mut deserializer = ValueDeserializer::new(b"\xFF\x0F\x07\"\x01a\0\0\0\0\0\0\xE0\x3F");
/// assert!(deserializer.read_header()?);
/// assert_eq!(deserializer.wire_format_version(), 15);
/// assert_eq!(deserializer.read_uint32()?, 7);
/// assert_eq!(deserializer.read_value()?.as_str().unwrap(), "a");
/// assert_eq!(deserializer.read_double()?, 0.5);
/// # Ok::<(), v8wire::Error>(())
/// ```
pub struct ValueDeserializer<'a> {
    machine: Machine<'a>,
    builder: Builder,
    document: Document<'a>,
    /// How many values have been read.
    values: usize,
}

impl<'a> ValueDeserializer<'a> {
    /// Over `data`, as strict as the newest V8, with no host objects: `new v8.Deserializer(data)`.
    /// Versions below 13 are refused, see [`Self::set_supports_legacy_wire_format`].
    pub fn new(data: &'a [u8]) -> Self {
        let options = ParseOptions::new().profile(crate::options::Profile::V8).minimum_version(13);
        Self::with_options(data, &options)
    }

    /// Over `data`, with these options.
    pub fn with_options(data: &'a [u8], options: &ParseOptions) -> Self {
        let machine = Machine::new(data, options);
        let mut builder = Builder::default();
        builder.start(data, machine.rules.error_ids());
        let document = Document::empty(data, options.byte_order, !machine.rules.unique_keys());
        ValueDeserializer { machine, builder, document, values: 0 }
    }

    /// Reads a header if there is one at this place; whether there was. Without one the version stays
    /// what it is, at first 0 (or [`ParseOptions::headerless_version`]).
    ///
    /// # Errors
    /// A version that is not supported.
    pub fn read_header(&mut self) -> Result<bool, Error> {
        let has_header = self.machine.header()?;
        self.document.set_header(has_header, self.values, self.machine.version.0);
        Ok(has_header)
    }

    /// Reads the next value.
    ///
    /// # Errors
    /// What the options refuse. The position is then where it was, and nothing of the value is kept.
    pub fn read_value(&mut self) -> Result<Value<'_, 'a>, Error> {
        core::mem::swap(&mut self.builder.nodes, self.document.nodes_mut());
        let before = self.builder.mark();
        let checkpoint = self.machine.checkpoint();
        self.machine.begin_value();
        let result = self.machine.run(&mut self.builder).and_then(|()| self.builder.check());
        if result.is_err() {
            self.builder.undo(before);
            self.machine.go_back(checkpoint);
        }
        core::mem::swap(&mut self.builder.nodes, self.document.nodes_mut());
        self.document.set_renumbered(self.machine.is_renumbered());
        self.values += usize::from(result.is_ok());
        result.map(|()| Value::at_slot(&self.document, before.next))
    }

    /// Reads a varint of 32 bits.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_uint32(&mut self) -> Result<u32, Error> {
        self.machine.input.varint_u32("uint32")
    }

    /// Reads a varint of 64 bits.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_uint64(&mut self) -> Result<u64, Error> {
        self.machine.input.varint_u64("uint64")
    }

    /// Reads a varint of 64 bits as its high and its low half, as Node's `readUint64` gives it.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_uint64_hi_lo(&mut self) -> Result<[u32; 2], Error> {
        let value = self.read_uint64()?;
        Ok([(value >> 32) as u32, value as u32])
    }

    /// Reads a double; every NaN is the same one, as in V8.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_double(&mut self) -> Result<f64, Error> {
        let value = self.machine.input.double("double")?;
        Ok(if value.is_nan() { f64::NAN } else { value })
    }

    /// Reads `length` bytes.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_raw_bytes(&mut self, length: usize) -> Result<&'a [u8], Error> {
        self.machine.input.take(length as u64, "raw bytes")
    }

    /// Provides the transferred buffer `id`, which is `byte_length` bytes long. It is to be called
    /// before the value that holds it is read.
    pub fn transfer_array_buffer(&mut self, id: u32, byte_length: u64) {
        let options = core::mem::take(&mut self.machine.options);
        self.machine.options = options.transfer_array_buffer(id, byte_length);
    }

    /// As [`transfer_array_buffer`](Self::transfer_array_buffer), for a resizable buffer that is now
    /// `byte_length` bytes long.
    pub fn transfer_resizable_array_buffer(&mut self, id: u32, byte_length: u64) {
        let options = core::mem::take(&mut self.machine.options);
        self.machine.options = options.transfer_resizable_array_buffer(id, byte_length);
    }

    /// As [`transfer_array_buffer`](Self::transfer_array_buffer), for a `SharedArrayBuffer`, as Node
    /// allows.
    pub fn transfer_shared_array_buffer(&mut self, id: u32, byte_length: u64, growable: bool) {
        let options = core::mem::take(&mut self.machine.options);
        self.machine.options = options.transfer_shared_array_buffer(id, byte_length, growable);
    }

    /// Whether data below version 13 is taken. At first not.
    pub fn set_supports_legacy_wire_format(&mut self, supports: bool) {
        self.machine.options.minimum_version = if supports { 0 } else { 13 };
    }

    /// The version of the last header.
    pub fn wire_format_version(&self) -> u32 {
        self.machine.version.0
    }

    /// How far the input has been read.
    pub fn position(&self) -> usize {
        self.machine.input.pos()
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.machine.input.remaining()
    }

    /// All values read so far.
    pub fn document(&self) -> &Document<'a> {
        &self.document
    }

    /// All values read so far, to keep.
    pub fn into_document(self) -> Document<'a> {
        self.document
    }
}

impl core::fmt::Debug for ValueDeserializer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ValueDeserializer")
            .field("version", &self.wire_format_version())
            .field("position", &self.position())
            .field("document", &self.document)
            .finish_non_exhaustive()
    }
}
