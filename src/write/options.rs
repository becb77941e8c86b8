//! How to write.

use super::target::Target;
use crate::options::Profile;
use crate::wire::ByteOrder;

/// How to write a value.
///
/// ```
/// use v8wire::{ValueSerializer, WriteOptions};
/// let mut serializer = ValueSerializer::with_options(WriteOptions::new().version(13).smi_bits(31));
/// serializer.write_header()?;
/// serializer.write_number(1_073_741_824.0)?; // 2^30 is no small integer of 31 bits
/// assert_eq!(serializer.release()?, b"\xFF\x0DN\0\0\0\0\0\0\xD0\x41");
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// The wire format version: 13, 14, 15 (the default) or 16. Another one makes the first write
    /// fail.
    pub version: u32,
    /// The bits of V8's small integers, which are written as such; other numbers are doubles. 32 (the
    /// default) in Node and Deno, 31 in Chromium and Electron.
    pub smi_bits: u32,
    /// The byte order of doubles and two-byte strings. The contents of buffers are not changed.
    pub byte_order: ByteOrder,
    /// Whether WebAssembly memories say whether their addresses have 64 bits: V8 12.4 and later.
    pub memory64_byte: bool,
    /// Whether the cause of an error stands before its stack: V8 9.4 to 11.3. Later releases want it
    /// behind, and refuse the other order.
    pub cause_before_stack: bool,
    /// Bytes to make room for at the start.
    pub size_hint: usize,
    /// The form of typed arrays, DataViews and Buffers: host objects of Node or of its channels to child
    /// processes, or behind their buffers ([`Profile::V8`]). `None` (the default) means the last for
    /// values, and the form that they have for whole documents.
    pub profile: Option<Profile>,
    /// The engine that is to read it; what it does not read is refused. Set by
    /// [`for_target`](Self::for_target).
    pub target: Option<Target>,
    /// Whether an object that has a key twice is refused, which V8 does not read. At first so. It costs
    /// about a quarter of the time of writing piece by piece, and nothing for documents that were read
    /// strictly.
    pub check_keys: bool,
    /// Whether documents are changed where the target or the version cannot carry what they hold and
    /// something near can stand for it (SPEC.md 7.20).
    pub lower: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        WriteOptions {
            version: 15,
            smi_bits: 32,
            byte_order: ByteOrder::Little,
            memory64_byte: true,
            cause_before_stack: false,
            size_hint: 0,
            profile: None,
            target: None,
            check_keys: true,
            lower: false,
        }
    }
}

impl WriteOptions {
    /// The defaults: what Node 18 to 26 write.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`version`](Self::version).
    #[must_use]
    pub fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Sets [`smi_bits`](Self::smi_bits).
    #[must_use]
    pub fn smi_bits(mut self, bits: u32) -> Self {
        self.smi_bits = bits;
        self
    }

    /// Sets [`byte_order`](Self::byte_order).
    #[must_use]
    pub fn byte_order(mut self, order: ByteOrder) -> Self {
        self.byte_order = order;
        self
    }

    /// Sets [`memory64_byte`](Self::memory64_byte).
    #[must_use]
    pub fn memory64_byte(mut self, byte: bool) -> Self {
        self.memory64_byte = byte;
        self
    }

    /// Sets [`cause_before_stack`](Self::cause_before_stack).
    #[must_use]
    pub fn cause_before_stack(mut self, before: bool) -> Self {
        self.cause_before_stack = before;
        self
    }

    /// Sets [`size_hint`](Self::size_hint).
    #[must_use]
    pub fn size_hint(mut self, bytes: usize) -> Self {
        self.size_hint = bytes;
        self
    }

    /// Sets [`profile`](Self::profile).
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Sets [`target`](Self::target), and nothing else: see [`for_target`](Self::for_target).
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Sets [`check_keys`](Self::check_keys).
    #[must_use]
    pub fn check_keys(mut self, check: bool) -> Self {
        self.check_keys = check;
        self
    }

    /// Sets [`lower`](Self::lower).
    #[must_use]
    pub fn lower(mut self, lower: bool) -> Self {
        self.lower = lower;
        self
    }

    /// The profile of values that are written one by one.
    pub(crate) fn profile_of_values(&self) -> Profile {
        self.profile.unwrap_or(Profile::V8)
    }

    /// Whether V8 holds the number as a small integer.
    pub(crate) fn is_smi(&self, value: i32) -> bool {
        let spare = 32u32.saturating_sub(self.smi_bits.clamp(1, 32));
        (value << spare) >> spare == value
    }
}
