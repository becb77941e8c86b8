//! What the embedder brings to writing.
//!
//! Mirrors `v8::ValueSerializer::Delegate` (V8's `include/v8-value-serializer.h`), with host objects
//! written in steps as the reader's delegate reads them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{HostError, HostStep};
use crate::view::ViewKind;
use crate::wire::output::Output;

/// Writes what V8 leaves to its embedder: host objects, and ids of what lives elsewhere.
///
/// Without a delegate a [`ValueSerializer`](crate::ValueSerializer) keeps payloads and ids as the document has
/// them. With one, whatever the delegate does not take is an error, in V8's words.
///
/// ```
/// use std::sync::Arc;
/// use v8wire::{Document, HostError, HostObject, HostStep, HostWriter, SerializerDelegate, ValueSerializer};
///
/// /// Puts a number in front of the bytes of a view.
/// struct Numbered;
///
/// impl SerializerDelegate for Numbered {
///     fn write_host_object(
///         &self,
///         object: &HostObject<'_>,
///         host: &mut HostWriter<'_>,
///     ) -> Result<HostStep, HostError> {
///         let Some((_, data)) = object.view() else {
///             return Err(HostError::new("views only"));
///         };
///         host.write_uint32(7);
///         host.write_raw_bytes(data);
///         Ok(HostStep::Done)
///     }
/// }
///
/// let doc = Document::parse(b"\xFF\x0F\\\x0A\x02hi").unwrap(); // Node's Buffer
/// let mut serializer = ValueSerializer::new();
/// serializer.set_treat_array_buffer_views_as_host_objects(true);
/// serializer.set_delegate(Arc::new(Numbered));
/// serializer.write_header()?;
/// serializer.write_value(doc.root().value())?;
/// assert_eq!(serializer.release()?, b"\xFF\x0F\\\x07hi");
/// # Ok::<(), v8wire::WriteError>(())
/// ```
pub trait SerializerDelegate: Send + Sync {
    /// Writes one step of a host object's payload (`WriteHostObject`). Called first right behind the tag,
    /// then again after each [`HostStep::Value`], which writes the next of the object's values.
    ///
    /// Views come here where [`set_treat_array_buffer_views_as_host_objects`] says so.
    ///
    /// [`set_treat_array_buffer_views_as_host_objects`]: crate::ValueSerializer::set_treat_array_buffer_views_as_host_objects
    ///
    /// # Errors
    /// Whatever makes the object unwritable; it becomes
    /// [`WriteErrorKind::HostObject`](crate::WriteErrorKind::HostObject).
    fn write_host_object(
        &self,
        object: &HostObject<'_>,
        host: &mut HostWriter<'_>,
    ) -> Result<HostStep, HostError>;

    /// The id to write for the shared buffer that has this id in the document (`GetSharedArrayBufferId`);
    /// `None` refuses it.
    fn shared_array_buffer_id(&self, id: u32) -> Option<u32> {
        let _ = id;
        None
    }

    /// The transfer id to write for a wasm module (`GetWasmModuleTransferId`); `None` refuses it.
    fn wasm_module_transfer_id(&self, id: u32) -> Option<u32> {
        let _ = id;
        None
    }

    /// The id to write for a shared value (`AdoptSharedValueConveyor`); `None` refuses it.
    fn shared_value_id(&self, id: u32) -> Option<u32> {
        let _ = id;
        None
    }

    /// The text of the error for what was refused (`ThrowDataCloneError`), given V8's.
    fn data_clone_error(&self, message: String) -> String {
        message
    }
}

/// A host object that is to be written, as a [`SerializerDelegate`] sees it.
#[derive(Clone, Debug)]
pub struct HostObject<'a> {
    pub(crate) view: Option<(ViewKind, &'a [u8])>,
    pub(crate) bytes: Vec<&'a [u8]>,
    pub(crate) values: u32,
}

impl<'a> HostObject<'a> {
    /// The kind and the bytes of a view.
    pub fn view(&self) -> Option<(ViewKind, &'a [u8])> {
        self.view
    }

    /// The runs of bytes in the payload that it was read from.
    pub fn bytes(&self) -> &[&'a [u8]] {
        &self.bytes
    }

    /// How many values it holds.
    pub fn value_count(&self) -> u32 {
        self.values
    }
}

/// Where a [`SerializerDelegate`] writes a payload.
pub struct HostWriter<'w> {
    pub(crate) out: &'w mut Output,
    pub(crate) step: u32,
    pub(crate) token: u32,
}

impl fmt::Debug for HostWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostWriter")
            .field("step", &self.step)
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

impl HostWriter<'_> {
    /// How many of the object's values have been written: 0 at the first call.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// What the delegate kept in the step before, at first 0.
    pub fn token(&self) -> u32 {
        self.token
    }

    /// Keeps a number for the next step.
    pub fn set_token(&mut self, token: u32) {
        self.token = token;
    }

    /// How many bytes have been written in all.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// A varint of 32 bits.
    pub fn write_uint32(&mut self, value: u32) {
        self.out.varint_u32(value);
    }

    /// A varint of 64 bits.
    pub fn write_uint64(&mut self, value: u64) {
        self.out.varint(value);
    }

    /// Eight bytes in the output's byte order.
    pub fn write_double(&mut self, value: f64) {
        self.out.double(value);
    }

    /// Bytes as they are.
    pub fn write_raw_bytes(&mut self, bytes: &[u8]) {
        self.out.raw(bytes);
    }
}
