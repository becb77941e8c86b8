//! A whole value in memory: flat, zero-copy, with identity kept.

mod build;
mod deserializer;
mod entries;
mod indexed;
mod lookup;
mod node;
mod numbers;
mod parser;
mod typed_array;
mod value;

pub use deserializer::ValueDeserializer;
pub use entries::{Elements, Entries, HostValues, Key, Members, Properties};
pub use indexed::Indexed;
pub use lookup::PathError;
pub use parser::{Document, Parser};
pub use typed_array::{ArrayBufferKind, TypedArray, View};
pub use value::{Kind, Value};
