//! Node's own layer: what `v8.deserialize` reads.
//!
//! Mirrors Node's `lib/v8.js`; SPEC.md 8.1.

use core::ops::{Deref, DerefMut};

pub use crate::document::serialize;
pub use crate::write::DefaultSerializer;

use crate::document::{Document, ValueDeserializer};
use crate::error::Error;
use crate::options::{ParseOptions, Profile};

/// The oldest wire format version that Node reads.
const MINIMUM_VERSION: u32 = 13;

fn options() -> ParseOptions {
    ParseOptions::new().profile(Profile::Node).minimum_version(MINIMUM_VERSION)
}

/// Reads what `v8.serialize` wrote, as the newest Node's `v8.deserialize` does: versions from 13 on,
/// and bytes behind the value are ignored.
///
/// [`Document::parse`] takes older versions as well and refuses bytes that it does not understand.
///
/// ```
/// let doc = v8wire::node::deserialize(b"\xFF\x0F\\\x0A\x02hi")?;
/// assert_eq!(doc.root().as_bytes(), Some(&b"hi"[..]));
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// # Errors
/// What Node refuses.
pub fn deserialize(data: &[u8]) -> Result<Document<'_>, Error> {
    options().parse_prefix(data).map(|(document, _)| document)
}

/// A [`ValueDeserializer`] that reads Node's host objects (typed arrays, DataView and Buffer, kinds
/// 0 to 13) as `v8.DefaultDeserializer` does.
#[derive(Debug)]
pub struct DefaultDeserializer<'a>(ValueDeserializer<'a>);

impl<'a> DefaultDeserializer<'a> {
    /// Over `data`.
    pub fn new(data: &'a [u8]) -> Self {
        DefaultDeserializer(ValueDeserializer::with_options(data, &options()))
    }

    /// Over `data`, with options of which the profile is Node's.
    pub fn with_options(data: &'a [u8], options: &ParseOptions) -> Self {
        let options = options.clone().profile(Profile::Node);
        DefaultDeserializer(ValueDeserializer::with_options(data, &options))
    }

    /// The deserializer without its name.
    pub fn into_inner(self) -> ValueDeserializer<'a> {
        self.0
    }
}

impl<'a> Deref for DefaultDeserializer<'a> {
    type Target = ValueDeserializer<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for DefaultDeserializer<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
