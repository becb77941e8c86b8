//! A live V8.
#![allow(unsafe_code)]

mod builder;
mod engine;
mod error;
mod ffi;
mod handle;
mod heap;
mod host;
mod process;
mod wire;

pub use builder::EngineBuilder;
pub use engine::Engine;
pub use error::{EngineError, EngineErrorKind, Position};
pub use handle::Handle;
pub use heap::{HeapCodeStatistics, HeapSpaceStatistics, HeapStatistics};
pub use host::{HostObject, HostObjects, HostReader, HostWriter, NodeHostObjects};
pub use process::{cached_data_version_tag, set_flags_from_string, v8_version};
pub use wire::{DeserializeOptions, Deserialized, SerializeOptions, Serialized};
