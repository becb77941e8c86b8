//! V8's own `ValueSerializer` and `ValueDeserializer`.

use std::cell::RefCell;
use std::ffi::c_void;
use std::rc::Rc;

use serde::de::DeserializeOwned;

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::handle::Handle;
use super::host::{self, HostObjects, NodeHostObjects};
use super::isolate::{Engine, Inner};
use crate::{DeserializeOptions as FromOptions, Document, Externals, ParseOptions, Value};

/// A value in V8's wire format, as V8 wrote it.
#[derive(Clone, Debug)]
pub struct Serialized {
    bytes: Vec<u8>,
    shared_buffers: Vec<Handle>,
    modules: Vec<Handle>,
}

impl Serialized {
    /// The bytes, header first.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, header first.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The shared buffers that the bytes name, each by its index here.
    pub fn shared_buffers(&self) -> &[Handle] {
        &self.shared_buffers
    }

    /// The WebAssembly modules that the bytes name, each by its index here.
    pub fn modules(&self) -> &[Handle] {
        &self.modules
    }

    /// The value, read. Shared and transferred buffers are numbers.
    ///
    /// # Errors
    /// Host objects that are not Node's.
    pub fn document(&self) -> Result<Document<'_>, EngineError> {
        options().parse(&self.bytes).map_err(decode)
    }

    /// The value as a Rust type, as [`from_slice`](crate::from_slice) has it.
    ///
    /// # Errors
    /// A value of another shape.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, EngineError> {
        FromOptions::new().parse(options()).from_slice(&self.bytes).map_err(decode)
    }
}

fn options() -> ParseOptions {
    ParseOptions::new().externals(Externals::Keep)
}

#[cold]
fn decode(error: crate::Error) -> EngineError {
    EngineError::new(EngineErrorKind::Decode, error.to_string())
}

/// How V8 is to write a value: what its embedder provides.
#[derive(Default)]
pub struct SerializeOptions<'h> {
    host: Option<&'h dyn HostObjects>,
    transfers: Vec<(u32, Handle)>,
}

impl<'h> SerializeOptions<'h> {
    /// As `new v8.Serializer()`: views are written with their buffers, there are no host objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has views written as host objects, by this; [`NodeHostObjects`] for what `v8.serialize` does.
    /// V8's `SetTreatArrayBufferViewsAsHostObjects`.
    #[must_use]
    pub fn host_objects(mut self, host: &'h dyn HostObjects) -> Self {
        self.host = Some(host);
        self
    }

    /// Has an `ArrayBuffer` written as this number. V8's `TransferArrayBuffer`, which does not detach
    /// it.
    #[must_use]
    pub fn transfer(mut self, id: u32, buffer: &Handle) -> Self {
        self.transfers.push((id, buffer.clone()));
        self
    }
}

/// How V8 is to read bytes: what its embedder provides.
#[derive(Default)]
pub struct DeserializeOptions<'h> {
    host: Option<&'h dyn HostObjects>,
    legacy: bool,
    transfers: Vec<(u32, Handle)>,
    shared_buffers: Vec<(u32, Handle)>,
    modules: Vec<(u32, Handle)>,
}

impl<'h> DeserializeOptions<'h> {
    /// As `new v8.Deserializer()`: no host objects, and versions from 13 on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has host objects read by this; [`NodeHostObjects`] for what `v8.deserialize` does.
    #[must_use]
    pub fn host_objects(mut self, host: &'h dyn HostObjects) -> Self {
        self.host = Some(host);
        self
    }

    /// Whether versions below 13 are read. V8's `SetSupportsLegacyWireFormat`.
    #[must_use]
    pub fn legacy(mut self, legacy: bool) -> Self {
        self.legacy = legacy;
        self
    }

    /// Provides a transferred buffer, an `ArrayBuffer` or, as Node allows, a `SharedArrayBuffer`.
    #[must_use]
    pub fn transfer(mut self, id: u32, buffer: &Handle) -> Self {
        self.transfers.push((id, buffer.clone()));
        self
    }

    /// Provides a shared buffer: V8's `GetSharedArrayBufferFromId`.
    #[must_use]
    pub fn shared_buffer(mut self, id: u32, buffer: &Handle) -> Self {
        self.shared_buffers.push((id, buffer.clone()));
        self
    }

    /// Provides a WebAssembly module: V8's `GetWasmModuleFromId`.
    #[must_use]
    pub fn module(mut self, id: u32, module: &Handle) -> Self {
        self.modules.push((id, module.clone()));
        self
    }
}

/// What V8 read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Deserialized {
    /// The value.
    pub value: Handle,
    /// The number of bytes that it takes, header included.
    pub consumed: usize,
    /// The version in the header; 0 where there is none.
    pub version: u32,
}

/// What the serializer's callbacks see. They may nest, so all of it is shared.
struct Writing<'w> {
    inner: &'w Rc<Inner>,
    host: Option<&'w dyn HostObjects>,
    shared_buffers: RefCell<Vec<Handle>>,
    modules: RefCell<Vec<Handle>>,
}

unsafe extern "C" fn write_host(data: *mut c_void, writer: *mut ffi::HostWriter) -> bool {
    // SAFETY: `data` is the `Writing` of a call of `serialize` that is still under way.
    let writing = unsafe { &*data.cast::<Writing<'_>>() };
    let Some(host) = writing.host else { return false };
    // SAFETY: the writer is alive until this returns.
    writing.inner.guard(false, || unsafe { host::write(host, writer) })
}

unsafe extern "C" fn external(data: *mut c_void, what: i32, handle: *mut ffi::Handle) {
    // SAFETY: as in `write_host`.
    let writing = unsafe { &*data.cast::<Writing<'_>>() };
    let list = if what == 0 { &writing.shared_buffers } else { &writing.modules };
    list.borrow_mut().extend(Handle::new(writing.inner, handle));
}

/// What the deserializer's callbacks see.
struct Reading<'r> {
    inner: &'r Inner,
    host: Option<&'r dyn HostObjects>,
}

unsafe extern "C" fn read_host(data: *mut c_void, reader: *mut ffi::HostReader) -> bool {
    // SAFETY: `data` is the `Reading` of a call of `deserialize` that is still under way.
    let reading = unsafe { &*data.cast::<Reading<'_>>() };
    let Some(host) = reading.host else { return false };
    // SAFETY: the reader is alive until this returns.
    reading.inner.guard(false, || unsafe { host::read(host, reader) })
}

impl Engine {
    /// Writes a value by V8's own serializer, header first.
    ///
    /// # Errors
    /// A value that cannot be cloned, what a getter throws, what the host objects' writer says, and
    /// handles of another engine.
    pub fn serialize(
        &mut self,
        value: &Handle,
        options: &SerializeOptions<'_>,
    ) -> Result<Serialized, EngineError> {
        let value = self.own(value)?;
        let transfers = self.numbered(&options.transfers)?;
        let writing = Writing {
            inner: &self.inner,
            host: options.host,
            shared_buffers: RefCell::default(),
            modules: RefCell::default(),
        };
        let raw = ffi::SerializeOptions {
            views_as_host_objects: options.host.is_some(),
            transfers: transfers.as_ptr(),
            transfer_count: transfers.len(),
            write_host: options.host.is_some().then_some(write_host),
            external,
            data: (&raw const writing).cast_mut().cast(),
        };
        let mut bytes = ffi::Bytes::EMPTY;
        // SAFETY: the handles are of this engine, and all that `raw` points to outlives the call.
        self.inner.call(EngineErrorKind::Exception, |engine, failure| unsafe {
            ffi::v8wire_serialize(engine, value, &raw, &mut bytes, failure)
        })?;
        Ok(Serialized {
            bytes: bytes.into_vec(),
            shared_buffers: writing.shared_buffers.into_inner(),
            modules: writing.modules.into_inner(),
        })
    }

    /// Reads one value by V8's own deserializer: header, then value. Bytes behind it are not looked at.
    ///
    /// # Errors
    /// What V8 refuses, what the host objects' reader says, and handles of another engine.
    pub fn deserialize(
        &mut self,
        data: &[u8],
        options: &DeserializeOptions<'_>,
    ) -> Result<Deserialized, EngineError> {
        let transfers = self.numbered(&options.transfers)?;
        let shared = self.numbered(&options.shared_buffers)?;
        let modules = self.numbered(&options.modules)?;
        let reading = Reading { inner: &self.inner, host: options.host };
        let raw = ffi::DeserializeOptions {
            legacy: options.legacy,
            transfers: transfers.as_ptr(),
            transfer_count: transfers.len(),
            shared: shared.as_ptr(),
            shared_count: shared.len(),
            modules: modules.as_ptr(),
            module_count: modules.len(),
            read_host: options.host.is_some().then_some(read_host),
            data: (&raw const reading).cast_mut().cast(),
        };
        let mut result = ffi::Deserialized { value: std::ptr::null_mut(), consumed: 0, version: 0 };
        // SAFETY: the handles are of this engine, and all that `raw` points to outlives the call.
        self.inner.call(EngineErrorKind::Deserialize, |engine, failure| unsafe {
            let (data, length) = (data.as_ptr(), data.len());
            ffi::v8wire_deserialize(engine, data, length, &raw, &mut result, failure)
        })?;
        let ffi::Deserialized { value, consumed, version } = result;
        Ok(Deserialized { value: self.handle(value), consumed, version })
    }

    /// Brings a copy of a value into the engine.
    ///
    /// # Errors
    /// A value that has no bytes to copy, or that this V8 does not read.
    pub fn import(&mut self, value: Value<'_, '_>) -> Result<Handle, EngineError> {
        let bytes = crate::node::serialize(value)
            .map_err(|error| EngineError::new(EngineErrorKind::Deserialize, error.to_string()))?;
        let options = DeserializeOptions::new().host_objects(&NodeHostObjects);
        self.deserialize(&bytes, &options).map(|read| read.value)
    }

    fn numbered(&self, list: &[(u32, Handle)]) -> Result<Vec<ffi::Numbered>, EngineError> {
        let one = |&(id, ref handle): &(u32, Handle)| {
            self.own(handle).map(|handle| ffi::Numbered { id, handle })
        };
        list.iter().map(one).collect()
    }
}
