//! Reading: one state machine for the grammar, and what is built on it directly.
//!
//! [`machine`] and its parts are the only place that knows what follows a tag. It reports [`event`]s to a sink; the
//! pull [`Reader`](reader::Reader), the document builder and all that stands on them only listen.

mod buffers;
#[cfg(feature = "serde")]
mod direct;
pub(crate) mod event;
mod frame;
mod ghosts;
mod host;
pub(crate) mod keys;
mod later;
mod legacy;
pub(crate) mod machine;
mod parts;
mod path;
pub(crate) mod pattern;
pub(crate) mod properties;
pub(crate) mod reader;
mod record;
pub(crate) mod rules;
pub(crate) mod scalar;
mod scout;
mod second;
mod shapes;
mod state;
mod usual;
mod views;

pub use event::{BigInt, ErrorPart, Event, Span};
pub use reader::Reader;
