//! A live V8: what no codec can give without an engine.
//!
//! [`Engine`] runs scripts; values cross as wire bytes, or stay in V8 behind a [`Handle`].
//!
//! | Node's `node:v8`, V8's `HeapProfiler` | here |
//! |---|---|
//! | `cachedDataVersionTag`, `setFlagsFromString` | [`cached_data_version_tag`], [`set_flags_from_string`] |
//! | `getHeapStatistics`, `getHeapSpaceStatistics`, `getHeapCodeStatistics` | [`Engine::heap_statistics`], [`Engine::heap_space_statistics`], [`Engine::heap_code_statistics`] |
//! | `getHeapSnapshot`, `writeHeapSnapshot` | [`Engine::heap_snapshot`], [`Engine::write_heap_snapshot`] |
//! | `setHeapSnapshotNearHeapLimit` | [`Engine::set_heap_snapshot_near_heap_limit`] |
//! | `takeCoverage`, `stopCoverage` | [`Engine::take_coverage`], [`Engine::stop_coverage`] |
//! | `promiseHooks` | [`Engine::promise_hooks`] |
//! | `GCProfiler` | [`GcProfiler`] |
//! | `startupSnapshot` | [`StartupSnapshot`] |
//! | V8's `ValueSerializer`, `ValueDeserializer` | [`Engine::serialize`], [`Engine::deserialize`] |
//! | V8's `HeapProfiler` | [`Engine::heap_profiler`] |
//!
//! The README has the whole table, with the test of each.
//!
//! # Finding V8
//!
//! The feature `v8` compiles a C++ shim against the V8 that it finds: the folders that the environment
//! variables `V8WIRE_V8_INCLUDE` and `V8WIRE_V8_LIB` name (with `V8WIRE_V8_NAME`, the libraries, and
//! `V8WIRE_V8_DEFINES`, how V8 was built, both separated by commas), else Debian's `libnode-dev`,
//! else what pkg-config knows as `v8`, else Homebrew's `v8`, else what `scripts/fetch-v8.sh` unpacked
//! below `target/`.
//!
//! Tests, examples and binaries of this package find the library where it was found. Packages that
//! depend on this one, if V8 is in no folder where the loader looks, do so by a build script of their
//! own:
//!
//! ```no_run
//! if let Ok(folder) = std::env::var("DEP_V8WIRE_SHIM_RPATH") {
//!     println!("cargo::rustc-link-arg=-Wl,--disable-new-dtags,-rpath,{folder},-rpath-link,{folder}");
//! }
//! ```
//!
//! # What can go wrong
//!
//! JavaScript's exceptions are errors, and panics of callbacks go on behind V8. V8 itself ends the
//! process, with a message on standard error, where memory runs out or where it finds itself
//! broken. Flags and startup snapshots are trusted: V8 does not look at them closely.
#![allow(unsafe_code)]

mod builder;
mod coverage;
mod embedder;
mod error;
mod ffi;
mod gc;
mod graph;
mod handle;
mod heap;
mod hooks;
mod host;
mod isolate;
mod near_limit;
mod process;
mod profiler;
mod sampling;
mod snapshot;
mod startup;
mod wire;

pub use builder::EngineBuilder;
pub use coverage::{Coverage, CoverageRange, FunctionCoverage, ScriptCoverage};
pub use embedder::{Detachedness, EmbedderGraph, EmbedderNode, GraphCallback};
pub use error::{EngineError, EngineErrorKind, Position};
pub use gc::{GcHeap, GcHeapSpaceStatistics, GcHeapStatistics, GcProfiler, GcReport, GcStatistics};
pub use graph::{HeapEdge, HeapEdgeKind, HeapEdgeName, HeapNode, HeapNodeKind};
pub use handle::Handle;
pub use heap::{HeapCodeStatistics, HeapSpaceStatistics, HeapStatistics};
pub use hooks::{Promise, PromiseCallbacks, PromiseHooks, PromiseState, StopHook};
pub use host::{HostObject, HostObjects, HostReader, HostWriter, NodeHostObjects};
pub use isolate::Engine;
pub use process::{cached_data_version_tag, set_flags_from_string, v8_version};
pub use profiler::{HeapProfiler, HeapStats, HeapStatsUpdate, UNKNOWN_OBJECT_ID};
pub use sampling::{
    Allocation, AllocationNode, AllocationProfile, AllocationSample, SamplingOptions,
};
pub use snapshot::{HeapSnapshot, HeapSnapshotStream, SnapshotOptions};
pub use startup::StartupSnapshot;
pub use wire::{DeserializeOptions, Deserialized, SerializeOptions, Serialized};
