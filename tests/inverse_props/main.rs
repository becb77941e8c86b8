//! Properties of what undoes each other, over generated values. Rust's types have theirs in `serde_props`.

#[allow(dead_code)] // Each test uses some of it.
#[path = "../write_props/graph.rs"]
mod graph;

mod calls;
mod documents;
mod hosts;
mod paths;
mod scalars;
