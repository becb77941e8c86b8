//! The vocabulary of the format: tags, versions, varints, the input cursor.
//!
//! Everything that reads or writes bytes stands on this module, and it knows nothing of objects,
//! ids or values.

pub(crate) mod engine;
pub(crate) mod input;
pub(crate) mod output;
pub mod regexp_flags;
pub(crate) mod tag;
pub(crate) mod varint;
pub(crate) mod version;

pub use input::ByteOrder;
pub use tag::{ErrorTag, Tag, ViewTag};
pub use version::{LATEST_VERSION, Release, UnknownRelease};
