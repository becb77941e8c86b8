//! Writing: one implementation of the grammar, and V8's own interface over it.
//!
//! [`writer`] mirrors [`read::machine`](crate::read::machine): events in, bytes out. Documents are
//! written by `document::encode`, which stands above both.

mod buffers;
pub(crate) mod drain;
mod error;
mod frame;
mod legacy;
pub(crate) mod names;
mod node;
mod options;
mod parts;
#[cfg(feature = "serde")]
mod patch;
#[cfg(feature = "serde")]
mod quick;
mod serializer;
mod target;
pub(crate) mod writer;

pub use error::{WriteError, WriteErrorKind};
pub use node::DefaultSerializer;
pub use options::WriteOptions;
#[cfg(feature = "serde")]
pub(crate) use patch::{Entry, OpenArray};
#[cfg(feature = "serde")]
pub(crate) use quick::PlainKey;
pub(crate) use serializer::HostViews;
pub use serializer::ValueSerializer;
pub use target::{Platform, Target, UnknownTarget};
