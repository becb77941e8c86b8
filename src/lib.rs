//! V8's structured-clone wire format in pure Rust: the bytes behind Node's `v8.serialize`, IndexedDB,
//! Deno KV, and every cache file that a JavaScript tool left on disk.
//!
//! - [`Document`] reads a value whole: flat, zero-copy, with identity kept.
//! - [`Reader`] gives its events one by one.
//! - [`ParseOptions`] says how: limits, strictness, profile, byte order, delegate.
//! - [`ValueDeserializer`] and [`ValueSerializer`] have V8's own interface, [`node`] has Node's.
//! - `from_slice` and `to_vec` (feature `serde`) map to Rust types and back, as `mapping` says; `js` and
//!   `with` have the types that Rust has none of.
//! - [`value!`] and [`Builder`] make values, the latter also shared and cyclic ones.
//! - [`inspect`], [`json`] and [`annotate`] show values and bytes to people and programs.
//!
//! The format is described in SPEC.md, rule by rule, each with blobs that show it.
//!
//! # Features
//! - `std` (default): `SystemTime`. Without it the crate needs `alloc` only.
//! - `serde` (default): the bridge to serde.
//! - `num-bigint`: bigints as `num_bigint::BigInt`.
//! - `regress`: RegExp patterns that do not compile are refused, as V8 does.
//! - `cli`: the command `v8wire`.
//! - `v8`: a live V8, `engine`; needs an installed one and a C++ compiler.
//! - `arbitrary`: for fuzzers, `Arbitrary` values and blobs, and `mutate::Mutator`.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(feature = "v8"), forbid(unsafe_code))]

extern crate alloc;

pub mod annotate;
#[cfg(feature = "v8")]
pub mod engine;
pub mod inspect;
pub mod json;
#[cfg(feature = "arbitrary")]
pub mod mutate;

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod build;
mod document;
mod error;
mod grow;
mod host;
pub mod node;
mod options;
mod packed;
mod path;
mod rare;
mod read;
#[cfg(feature = "serde")]
mod serde;
mod spell;
mod text;
mod view;
mod wire;
mod write;

#[cfg(feature = "arbitrary")]
pub use arbitrary::ValidBlob;
pub use build::{Builder, IntoNode, Literal, NodeId, PropertyKey};
pub use document::{
    ArrayBufferKind, Document, Elements, Entries, Events, HostValues, Indexed, Key, Kind, Members,
    Obstacles, Parser, PathError, Properties, TranscodeError, Transcoder, TypedArray, Value,
    ValueDeserializer, View, transcode,
};
pub use error::{Error, ErrorKind};
pub use host::{
    Delegate, HostError, HostObject, HostReader, HostStep, HostWriter, NodeHost, NodeIpcHost,
    SerializerDelegate, SharedBuffer,
};
pub use options::{Externals, Limits, ParseOptions, Profile, Strictness, UnknownProfile};
pub use read::{BigInt, ErrorPart, Event, Reader, Span};
#[cfg(feature = "serde")]
pub use serde::{
    BytesAs, DeserializeOptions, HolesAs, IntegersAs, MapsAs, NoneAs, SerializeOptions,
    from_document, from_slice, to_vec, to_vec_with,
};
#[cfg(all(feature = "serde", feature = "std"))]
pub use serde::{from_reader, to_writer};
#[cfg(feature = "serde")]
pub use serde::{js, mapping, with};
pub use text::{Text, Units};
pub use view::ViewKind;
pub use wire::{
    ByteOrder, ErrorTag, LATEST_VERSION, Release, Tag, UnknownRelease, ViewTag, regexp_flags,
};
pub use write::{
    Platform, Target, UnknownTarget, ValueSerializer, WriteError, WriteErrorKind, WriteOptions,
};

pub use half::f16;
#[cfg(feature = "num-bigint")]
pub use num_bigint;

/// The README's example, as a test.
#[cfg(all(doctest, feature = "std", feature = "serde"))]
#[doc = include_str!("../README.md")]
struct Readme;
