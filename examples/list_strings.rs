//! Lists the strings of a file with their offsets and paths, like `strings` for serialized values.
//!
//! The file is read as events: nothing is kept in memory but the stack of open containers.
//!
//! ```sh
//! cargo run --example list_strings -- path/to/cache.bin
//! ```

use std::error::Error;
use std::fs;

use v8wire::{ErrorPart, Event, Reader};

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/node-18/app-haste-map.v8");

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| DEFAULT.into());
    let bytes = fs::read(&path)?;
    let mut reader = Reader::new(&bytes)?;
    let mut count = 0;
    while let Some(event) = reader.next_event()? {
        let text = match event {
            Event::String(text)
            | Event::StringObject(text)
            | Event::ErrorPart(ErrorPart::Message(text) | ErrorPart::Stack(text))
            | Event::RegExp { pattern: text, .. } => text,
            _ => continue,
        };
        count += 1;
        println!("{:>8}  {:?}  {}", reader.span().start, text, reader.path());
    }
    reader.finish()?;
    println!("{count} strings in {path}");
    Ok(())
}
