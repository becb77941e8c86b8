//! Node's own layer, for writing.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

use super::error::WriteError;
use super::options::WriteOptions;
use super::serializer::ValueSerializer;

/// A [`ValueSerializer`] that writes typed arrays, DataViews and Buffers as Node's host objects, as
/// `v8.DefaultSerializer` does.
///
/// ```
/// use v8wire::{ViewKind, node::DefaultSerializer};
/// let mut serializer = DefaultSerializer::new();
/// serializer.write_header()?;
/// serializer.write_host_view(ViewKind::Buffer, b"hi")?;
/// assert_eq!(serializer.release()?, b"\xFF\x0F\\\x0A\x02hi");
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DefaultSerializer<'v>(ValueSerializer<'v>);

impl Default for DefaultSerializer<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl DefaultSerializer<'_> {
    /// With the default options: version 15, as Node 18 and later write it.
    pub fn new() -> Self {
        Self::with_options(WriteOptions::default())
    }

    /// With these options.
    pub fn with_options(options: WriteOptions) -> Self {
        let mut serializer = ValueSerializer::with_options(options);
        serializer.set_treat_array_buffer_views_as_host_objects(true);
        DefaultSerializer(serializer)
    }

    /// All bytes.
    ///
    /// # Errors
    /// The error that was met before, or a container is still open.
    pub fn release(self) -> Result<Vec<u8>, WriteError> {
        self.0.release()
    }
}

impl<'v> DefaultSerializer<'v> {
    /// The serializer without its name.
    pub fn into_inner(self) -> ValueSerializer<'v> {
        self.0
    }
}

impl<'v> Deref for DefaultSerializer<'v> {
    type Target = ValueSerializer<'v>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for DefaultSerializer<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
