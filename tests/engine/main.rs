//! A live V8 (feature `v8`): each test asks the real engine.
#![cfg(feature = "v8")]

mod scripts;
mod statistics;
mod wire;
