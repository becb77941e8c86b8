//! Prints a file that `v8.serialize` wrote, as an indented outline.
//!
//! ```sh
//! cargo run --example decode_file -- path/to/cache.bin
//! ```
//!
//! Without a path it reads a file map as JavaScript test runners cache it.

use std::collections::HashSet;
use std::error::Error;
use std::fs;

use v8wire::{Document, Kind, Value};

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/node-18/app-haste-map.v8");

/// A line to print: how deep, what stands before the value, and the value.
type Line<'d, 'a> = (usize, String, Value<'d, 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| DEFAULT.into());
    let bytes = fs::read(&path)?;
    let document = Document::parse(&bytes)?;
    println!("{path}: version {}, {} nodes", document.version(), document.node_count());

    // A stack in place of recursion: the file decides how deep it is. An object that has been shown
    // is not shown again, so that cycles end.
    let mut shown = HashSet::new();
    let mut stack: Vec<Line<'_, '_>> = vec![(0, String::new(), document.root().value())];
    while let Some((depth, label, value)) = stack.pop() {
        let (text, is_container) = describe(value);
        let again = is_container && !shown.insert(value.id());
        let note = if again { " (shown above)" } else { "" };
        println!("{:indent$}{label}{text}{note}", "", indent = 2 * depth);
        if !again {
            let children = children(value).into_iter();
            stack.extend(children.rev().map(|(label, child)| (depth + 1, label, child)));
        }
    }
    Ok(())
}

/// The value in one line, and whether there may be more in it.
fn describe(value: Value<'_, '_>) -> (String, bool) {
    let kind = value.kind();
    let text = match kind {
        Kind::Undefined => "undefined".into(),
        Kind::Null => "null".into(),
        Kind::Hole => "(nothing)".into(),
        Kind::Bool => value.as_bool().unwrap_or_default().to_string(),
        Kind::Number => value.as_f64().unwrap_or_default().to_string(),
        Kind::BigInt => match value.as_bigint().and_then(v8wire::BigInt::to_i128) {
            Some(integer) => format!("{integer}n"),
            None => "a bigint beyond 128 bits".into(),
        },
        Kind::String => format!("{:?}", value.as_str().unwrap_or_default()),
        Kind::Date => match value.as_date_ms() {
            Some(ms) => format!("Date({ms})"),
            None => "Date".into(),
        },
        Kind::View | Kind::ArrayBuffer => match value.as_bytes() {
            Some(bytes) => format!("{kind:?} of {} bytes", bytes.len()),
            None => format!("{kind:?}, its bytes elsewhere"),
        },
        Kind::Error => match value.error_message() {
            Some(message) => format!("{}: {message}", value.error_name().unwrap_or("Error")),
            None => value.error_name().unwrap_or("Error").into(),
        },
        _ => match value.len() {
            Some(length) => format!("{kind:?}({length})"),
            None => format!("{kind:?}"),
        },
    };
    let is_container = matches!(
        kind,
        Kind::Object | Kind::Array | Kind::Map | Kind::Set | Kind::Error | Kind::HostObject
    );
    (text, is_container)
}

/// What a value holds, each with its label.
fn children<'d, 'a>(value: Value<'d, 'a>) -> Vec<(String, Value<'d, 'a>)> {
    let elements = value.elements().enumerate().map(|(at, child)| (format!("[{at}] "), child));
    let properties = value.properties().map(|(key, child)| (format!("{key}: "), child));
    let entries = value.entries().map(|(key, child)| (format!("{} => ", describe(key).0), child));
    let members = value.members().map(|child| ("- ".to_string(), child));
    let cause = value.error_cause().map(|cause| ("cause: ".to_string(), cause));
    let nested = value.host_values().map(|child| ("- ".to_string(), child));
    elements.chain(properties).chain(entries).chain(members).chain(cause).chain(nested).collect()
}
