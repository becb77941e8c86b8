//! A whole value in memory: flat, zero-copy, with identity kept.

mod build;
mod deserializer;
mod encode;
mod entries;
mod events;
mod hosts;
mod ids;
mod indexed;
mod known;
mod lookup;
mod lower;
mod node;
mod nodes;
mod numbers;
mod obstacles;
mod parser;
pub(crate) mod raw;
mod trail;
mod transcode;
mod typed_array;
mod value;
mod walk;

pub use deserializer::ValueDeserializer;
pub use encode::serialize;
pub use entries::{Elements, Entries, HostValues, Key, Members, Properties};
pub use events::Events;
pub use indexed::Indexed;
pub use lookup::PathError;
pub use obstacles::Obstacles;
pub use parser::{Document, Parser};
pub use transcode::{TranscodeError, Transcoder, transcode};
#[cfg(feature = "serde")]
pub(crate) use typed_array::elements;
pub use typed_array::{ArrayBufferKind, TypedArray, View};
pub use value::{Kind, Value};
