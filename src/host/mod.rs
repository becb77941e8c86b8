//! What the embedder brings: host objects, shared buffers, wasm modules, shared values.
//!
//! Mirrors `v8::ValueDeserializer::Delegate` (V8's `include/v8-value-serializer.h`). The one
//! difference: a host object's payload is read in steps, so that values nested in it cost no stack.

mod node;
mod write;

use alloc::string::{String, ToString};
use core::fmt;

use crate::error::Error;
use crate::view::ViewKind;
use crate::wire::Tag;
use crate::wire::input::Input;

pub use node::{NodeHost, NodeIpcHost};
pub use write::{HostObject, HostWriter, SerializerDelegate};

/// Reads what V8 leaves to its embedder.
///
/// All methods take `&self`: a delegate may be asked twice for the same bytes (version 13 data is
/// read ahead to find out whether its views carry flags), and one may serve several threads.
///
/// ```
/// use std::sync::Arc;
/// use v8wire::{Delegate, Document, HostError, HostReader, HostStep, ParseOptions};
///
/// /// Host objects are a kind and one nested value.
/// struct Tagged;
///
/// impl Delegate for Tagged {
///     fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
///         if host.step() == 0 {
///             host.read_uint32()?;
///             return Ok(HostStep::Value);
///         }
///         Ok(HostStep::Done)
///     }
/// }
///
/// let blob = [0xFF, 15, b'\\', 7, b'I', 84];
/// let doc = ParseOptions::new().delegate(Arc::new(Tagged)).parse(&blob)?;
/// assert_eq!(doc.root().host_values().next().unwrap().as_i32(), Some(42));
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// The same bytes may be read more than once: values of version 13 are (SPEC.md 6.11), and so may be all that a
/// [`Reader`](crate::Reader#memory) has read. What is asked again is to be answered alike.
pub trait Delegate: Send + Sync {
    /// Reads one step of a host object's payload.
    ///
    /// Called first right behind the host object tag (or, in versions below 13, behind the unknown
    /// tag, which [`HostReader::legacy_tag`] gives), then again after each [`HostStep::Value`].
    ///
    /// # Errors
    /// Whatever makes the payload unreadable; it becomes [`ErrorKind::HostObject`](crate::ErrorKind::HostObject).
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError>;

    /// The shared buffer with this id (`GetSharedArrayBufferFromId`), `None` if there is none.
    fn shared_array_buffer(&self, id: u32) -> Option<SharedBuffer> {
        let _ = id;
        None
    }

    /// Whether there is a wasm module with this transfer id (`GetWasmModuleFromId`).
    fn has_wasm_module(&self, id: u32) -> bool {
        let _ = id;
        false
    }

    /// Whether there is a shared value with this id (`GetSharedValueConveyor`).
    fn has_shared_value(&self, id: u32) -> bool {
        let _ = id;
        false
    }
}

/// What a delegate knows of a shared buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharedBuffer {
    /// Its length in bytes; views are checked against it.
    pub byte_length: u64,
    /// Whether it is growable, so that views may track its length.
    pub growable: bool,
    /// Whether it is the memory of a WebAssembly instance: V8 13.6 and later write more behind the
    /// id of such a buffer (SPEC.md 3.22.2).
    pub wasm: bool,
}

impl SharedBuffer {
    /// A plain shared buffer of `byte_length` bytes.
    pub const fn new(byte_length: u64) -> Self {
        SharedBuffer { byte_length, growable: false, wasm: false }
    }

    /// The same, growable.
    pub const fn growable(mut self) -> Self {
        self.growable = true;
        self
    }

    /// The same, as the memory of a WebAssembly instance.
    pub const fn wasm(mut self) -> Self {
        self.wasm = true;
        self
    }
}

/// What a delegate wants next, in reading and in writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostStep {
    /// A value follows in the payload: read it (or write the next one that the object holds), then call
    /// again.
    Value,
    /// The payload is complete.
    Done,
    /// The payload is complete and its last `length` bytes are the contents of a view. In writing the
    /// same as [`HostStep::Done`].
    View {
        /// The kind of view.
        kind: ViewKind,
        /// How many of the bytes just read are its contents.
        length: usize,
    },
}

/// Why a delegate cannot read a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError(pub(crate) HostFault);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostFault {
    /// A read went past the end.
    Wire(Error),
    Message(String),
}

impl HostError {
    /// An error with this reason.
    pub fn new(reason: impl fmt::Display) -> Self {
        HostError(HostFault::Message(reason.to_string()))
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            HostFault::Wire(error) => error.fmt(f),
            HostFault::Message(reason) => f.write_str(reason),
        }
    }
}

impl core::error::Error for HostError {}

impl From<Error> for HostError {
    fn from(error: Error) -> Self {
        HostError(HostFault::Wire(error))
    }
}

/// The payload of a host object, as a [`Delegate`] sees it.
pub struct HostReader<'r, 'a> {
    pub(crate) input: &'r mut Input<'a>,
    pub(crate) step: u32,
    pub(crate) token: u32,
    pub(crate) legacy_tag: Option<Tag>,
    pub(crate) lenient: bool,
}

impl fmt::Debug for HostReader<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostReader")
            .field("step", &self.step)
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

impl<'a> HostReader<'_, 'a> {
    /// How many nested values have been read: 0 at the first call for a host object.
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

    /// The tag that makes this a host object in data below version 13. It is part of the payload
    /// and has been consumed.
    pub fn legacy_tag(&self) -> Option<Tag> {
        self.legacy_tag
    }

    /// Whether the caller reads leniently: what can be kept as it is should be.
    pub fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// Where the payload's next byte is in the whole input.
    pub fn position(&self) -> usize {
        self.input.pos()
    }

    /// How many bytes are left in the whole input.
    pub fn remaining(&self) -> usize {
        self.input.remaining()
    }

    /// A varint of 32 bits.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_uint32(&mut self) -> Result<u32, Error> {
        self.input.varint_u32("host object")
    }

    /// A varint of 64 bits.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_uint64(&mut self) -> Result<u64, Error> {
        self.input.varint_u64("host object")
    }

    /// A double in the input's byte order.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_double(&mut self) -> Result<f64, Error> {
        self.input.double("host object")
    }

    /// `length` bytes.
    ///
    /// # Errors
    /// The input ends.
    pub fn read_raw_bytes(&mut self, length: usize) -> Result<&'a [u8], Error> {
        self.input.take(length as u64, "host object")
    }
}
