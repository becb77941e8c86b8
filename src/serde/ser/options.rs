//! How Rust values are written.

use alloc::vec::Vec;

use ::serde::Serialize;

use super::serializer::Serializer;
use crate::options::Profile;
use crate::write::{WriteError, WriteOptions};

/// What `serialize_bytes` becomes (`serde_bytes::Bytes` and the like; a plain `Vec<u8>` is a sequence
/// of numbers to serde).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BytesAs {
    /// A `Buffer` in Node's profiles; a `Uint8Array` in V8's, which has no Buffers.
    #[default]
    Buffer,
    /// A `Uint8Array`.
    Uint8Array,
    /// An `ArrayBuffer`.
    ArrayBuffer,
}

/// What maps become. Structs are objects always, but with `#[serde(flatten)]` they are maps to serde.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MapsAs {
    /// Objects where the first key is a string, a character, a number, a boolean or a unit variant, or
    /// there is none; `Map`s where it is something else. In an object all keys must be such.
    #[default]
    ObjectsOrMaps,
    /// Objects; keys that cannot be the name of a property are refused.
    Objects,
    /// `Map`s, whose keys keep their types.
    Maps,
}

/// What `None`, `()` and unit structs become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoneAs {
    /// `null`
    #[default]
    Null,
    /// `undefined`
    Undefined,
}

/// What integers become. Those of types of up to 32 bits are numbers always; those of 128 bits are
/// bigints, unless numbers are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntegersAs {
    /// Numbers up to ±(2<sup>53</sup> - 1), which is `Number.MAX_SAFE_INTEGER`, and bigints beyond.
    #[default]
    NumberOrBigInt,
    /// Bigints, if the type has 64 bits or more (`usize` and `isize` have, to serde): so the type in
    /// JavaScript does not depend on the value.
    BigInt,
    /// Numbers; what is beyond ±(2<sup>53</sup> - 1) is refused.
    Number,
    /// Numbers; what is beyond ±(2<sup>53</sup> - 1) is rounded to the nearest double.
    NumberLossy,
}

/// How to write Rust values.
///
/// ```
/// use v8wire::{IntegersAs, SerializeOptions, WriteOptions};
/// let options = SerializeOptions::new()
///     .write(WriteOptions::new().version(13)) // for Node 8 to 16
///     .integers(IntegersAs::Number);
/// assert_eq!(options.to_vec(&[1, 2])?, b"\xFF\x0DA\x02I\x02I\x04$\0\x02");
/// assert_eq!(
///     options.to_vec(&[1, u64::MAX]).unwrap_err().to_string(),
///     "integer 18446744073709551615 is not exact as a number ($[1])"
/// );
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SerializeOptions {
    /// Version, size of small integers, byte order, target. Of the byte order, the contents of byte arrays
    /// are untouched. Where [`WriteOptions::profile`] is `None`, it is [`Profile::Node`].
    pub write: WriteOptions,
    /// What bytes become.
    pub bytes: BytesAs,
    /// What maps become.
    pub maps: MapsAs,
    /// What `None`, `()` and unit structs become.
    pub none: NoneAs,
    /// What integers become.
    pub integers: IntegersAs,
    /// Containers within containers. Default: 128. serde recurses, so this guards the stack. `Some` and
    /// newtype structs, which leave no trace in the data, are counted apart: open at a time may be four
    /// times as many and 32.
    pub max_depth: usize,
}

impl Default for SerializeOptions {
    fn default() -> Self {
        SerializeOptions {
            write: WriteOptions::default(),
            bytes: BytesAs::default(),
            maps: MapsAs::default(),
            none: NoneAs::default(),
            integers: IntegersAs::default(),
            max_depth: 128,
        }
    }
}

impl SerializeOptions {
    /// The defaults: what Node 18 and later write and read.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`write`](Self::write). Options that name no profile leave that of before.
    #[must_use]
    pub fn write(mut self, options: WriteOptions) -> Self {
        let profile = options.profile.or(self.write.profile);
        self.write = options;
        self.write.profile = profile;
        self
    }

    /// Sets [`WriteOptions::profile`]: whether views and Buffers are host objects, as Node's
    /// `v8.serialize` writes them and only Node reads them ([`Profile::Node`], the default), or stand
    /// behind an `ArrayBuffer` of their own, as V8 writes them: for Deno, IndexedDB and all others
    /// ([`Profile::V8`]; Node reads those too).
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.write.profile = Some(profile);
        self
    }

    /// The profile in force.
    pub(super) fn in_profile(&self) -> Profile {
        self.write.profile.unwrap_or_default()
    }

    /// Sets [`bytes`](Self::bytes).
    #[must_use]
    pub fn bytes(mut self, bytes: BytesAs) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets [`maps`](Self::maps).
    #[must_use]
    pub fn maps(mut self, maps: MapsAs) -> Self {
        self.maps = maps;
        self
    }

    /// Sets [`none`](Self::none).
    #[must_use]
    pub fn none(mut self, none: NoneAs) -> Self {
        self.none = none;
        self
    }

    /// Sets [`integers`](Self::integers).
    #[must_use]
    pub fn integers(mut self, integers: IntegersAs) -> Self {
        self.integers = integers;
        self
    }

    /// Sets [`max_depth`](Self::max_depth).
    #[must_use]
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.max_depth = depth;
        self
    }

    /// As [`to_vec`](crate::to_vec).
    ///
    /// # Errors
    /// As [`to_vec`](crate::to_vec), and what these options refuse.
    pub fn to_vec<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, WriteError> {
        Serializer::write(value, self)
    }
}
