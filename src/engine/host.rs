//! Host objects of a live engine: what V8 leaves to its embedder.

use std::marker::PhantomData;

use super::ffi;
use crate::ViewKind;

/// Writes and reads host objects for V8, as `_writeHostObject` and `_readHostObject` do in Node.
///
/// In an engine without Node the only host objects are views, and those only where
/// [`SerializeOptions::host_objects`](super::SerializeOptions::host_objects) asks for it. What is
/// read may be a view, or an object that is a value within.
///
/// The methods can be called within each other, for host objects within host objects.
pub trait HostObjects {
    /// Writes the object, behind the tag.
    ///
    /// # Errors
    /// The message of an exception that V8 throws.
    fn write(&self, object: &mut HostWriter<'_>) -> Result<(), String>;

    /// Reads what [`HostObjects::write`] wrote, behind the tag.
    ///
    /// # Errors
    /// The message of an exception that V8 throws.
    fn read(&self, object: &mut HostReader<'_>) -> Result<HostObject, String>;
}

/// The proof that a host object was read.
#[derive(Debug)]
pub struct HostObject(());

/// Writes a host object.
pub struct HostWriter<'w> {
    raw: *mut ffi::HostWriter,
    _life: PhantomData<&'w mut ()>,
}

impl HostWriter<'_> {
    /// The kind and the bytes of the view that is to be written; `None` for another object.
    pub fn view(&mut self) -> Option<(ViewKind, Vec<u8>)> {
        let (mut kind, mut bytes) = (0, ffi::Bytes::EMPTY);
        // SAFETY: V8 waits for this host object to be written.
        let is_view = unsafe { ffi::v8wire_write_view(self.raw, &mut kind, &mut bytes) };
        let bytes = bytes.into_vec();
        let kind = ViewKind::ALL.get(kind as usize).filter(|_| is_view)?;
        Some((*kind, bytes))
    }

    /// V8's `WriteUint32`.
    pub fn write_uint32(&mut self, value: u32) {
        // SAFETY: V8 waits for this host object to be written.
        unsafe { ffi::v8wire_write_uint32(self.raw, value) }
    }

    /// V8's `WriteUint64`.
    pub fn write_uint64(&mut self, value: u64) {
        // SAFETY: V8 waits for this host object to be written.
        unsafe { ffi::v8wire_write_uint64(self.raw, value) }
    }

    /// V8's `WriteDouble`.
    pub fn write_double(&mut self, value: f64) {
        // SAFETY: V8 waits for this host object to be written.
        unsafe { ffi::v8wire_write_double(self.raw, value) }
    }

    /// V8's `WriteRawBytes`.
    pub fn write_raw_bytes(&mut self, bytes: &[u8]) {
        // SAFETY: V8 waits for this host object to be written, and copies the bytes.
        unsafe { ffi::v8wire_write_raw_bytes(self.raw, bytes.as_ptr(), bytes.len()) }
    }
}

/// Reads a host object. The methods give `None` at the end of the data.
pub struct HostReader<'r> {
    raw: *mut ffi::HostReader,
    _life: PhantomData<&'r mut ()>,
}

impl HostReader<'_> {
    /// V8's `ReadUint32`.
    pub fn read_uint32(&mut self) -> Option<u32> {
        let mut value = 0;
        // SAFETY: V8 waits for this host object to be read.
        unsafe { ffi::v8wire_read_uint32(self.raw, &mut value) }.then_some(value)
    }

    /// V8's `ReadUint64`.
    pub fn read_uint64(&mut self) -> Option<u64> {
        let mut value = 0;
        // SAFETY: V8 waits for this host object to be read.
        unsafe { ffi::v8wire_read_uint64(self.raw, &mut value) }.then_some(value)
    }

    /// V8's `ReadDouble`.
    pub fn read_double(&mut self) -> Option<f64> {
        let mut value = 0.0;
        // SAFETY: V8 waits for this host object to be read.
        unsafe { ffi::v8wire_read_double(self.raw, &mut value) }.then_some(value)
    }

    /// V8's `ReadRawBytes`.
    pub fn read_raw_bytes(&mut self, length: usize) -> Option<&[u8]> {
        let mut data = std::ptr::null();
        // SAFETY: V8 waits for this host object to be read.
        if !unsafe { ffi::v8wire_read_raw_bytes(self.raw, length, &mut data) } {
            return None;
        }
        if length == 0 {
            return Some(&[]);
        }
        // SAFETY: V8 has found so many bytes in the data, which the caller of `deserialize` lent.
        Some(unsafe { std::slice::from_raw_parts(data, length) })
    }

    /// Reads a value, which is the host object.
    ///
    /// # Errors
    /// It is no object, or V8 cannot read it; V8's own message is the one that counts then.
    pub fn read_value(&mut self) -> Result<HostObject, String> {
        // SAFETY: V8 waits for this host object to be read.
        let read = unsafe { ffi::v8wire_read_value(self.raw) };
        if read { Ok(HostObject(())) } else { Err("the host object holds no object".into()) }
    }

    /// Makes a view of this kind over a copy of the bytes, which is the host object. Bytes that do not
    /// fill an element are left out.
    ///
    /// # Errors
    /// This V8 has no such view.
    pub fn view(&mut self, kind: ViewKind, bytes: &[u8]) -> Result<HostObject, String> {
        let number = ViewKind::ALL.iter().position(|&other| other == kind).unwrap_or(usize::MAX);
        // SAFETY: V8 waits for this host object to be read, and copies the bytes.
        let made =
            unsafe { ffi::v8wire_read_view(self.raw, number as u32, bytes.as_ptr(), bytes.len()) };
        if made { Ok(HostObject(())) } else { Err("this V8 has no such view".into()) }
    }
}

/// Calls the writer; false where an exception is under way.
///
/// # Safety
/// The writer is alive.
pub(super) unsafe fn write(host: &dyn HostObjects, raw: *mut ffi::HostWriter) -> bool {
    match host.write(&mut HostWriter { raw, _life: PhantomData }) {
        Ok(()) => true,
        Err(message) => {
            // SAFETY: the writer is alive.
            unsafe { ffi::v8wire_write_failed(raw, message.as_ptr(), message.len()) };
            false
        }
    }
}

/// Calls the reader; false where an exception is under way.
///
/// # Safety
/// The reader is alive.
pub(super) unsafe fn read(host: &dyn HostObjects, raw: *mut ffi::HostReader) -> bool {
    match host.read(&mut HostReader { raw, _life: PhantomData }) {
        Ok(HostObject(())) => true,
        Err(message) => {
            // SAFETY: the reader is alive.
            unsafe { ffi::v8wire_read_failed(raw, message.as_ptr(), message.len()) };
            false
        }
    }
}

/// The host objects of Node's `DefaultSerializer` and `DefaultDeserializer`: kind, length and bytes of
/// a view.
///
/// Buffers become `Uint8Array`s with a prototype of their own, and are written as Buffers again.
/// Mirrors Node's `lib/v8.js`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeHostObjects;

impl HostObjects for NodeHostObjects {
    fn write(&self, object: &mut HostWriter<'_>) -> Result<(), String> {
        let (kind, bytes) = object.view().ok_or("Unserializable host object")?;
        let number = ViewKind::ALL.iter().position(|&other| other == kind);
        let number = number.and_then(|number| u32::try_from(number).ok());
        let length = u32::try_from(bytes.len()).map_err(|_| "a view of 4 GiB or more")?;
        object.write_uint32(number.ok_or("Unserializable host object")?);
        object.write_uint32(length);
        object.write_raw_bytes(&bytes);
        Ok(())
    }

    fn read(&self, object: &mut HostReader<'_>) -> Result<HostObject, String> {
        let number = object.read_uint32().ok_or("ReadUint32() failed")?;
        let kind = ViewKind::ALL.get(number as usize);
        let length = object.read_uint32().ok_or("ReadUint32() failed")? as usize;
        let bytes = object.read_raw_bytes(length).ok_or("ReadRawBytes() failed")?.to_vec();
        let kind = kind.ok_or_else(|| format!("Unknown view of kind {number}"))?;
        object.view(*kind, &bytes)
    }
}
