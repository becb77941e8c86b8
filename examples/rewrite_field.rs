//! A filter that rewrites one field of a blob and leaves all else as it is.
//!
//! `cargo run --example rewrite_field [FILE PATH TEXT]`: in FILE, which `v8.serialize` wrote, the value at
//! PATH becomes the string TEXT. By default it is another address in
//! `corpus/node-18/app-config-cache.v8`. The result goes to a file in the folder for temporary files.
//!
//! Events go from a [`Reader`] to a [`ValueSerializer`], so the blob may be of any size and hold anything:
//! nothing is decoded but the one field, and what a Rust struct would have lost (references, holes,
//! `undefined`, buffers) comes out byte by byte as it went in.

use std::ops::Range;

use v8wire::{Event, Reader, ValueSerializer, WriteOptions};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A blob on its way through.
struct Filter<'t> {
    writer: ValueSerializer<'static>,
    path: &'t str,
    text: &'t str,
    /// Where in the input the field was.
    found: Option<Range<usize>>,
}

impl Filter<'_> {
    fn replace(&mut self, event: Event<'_>, place: Range<usize>) -> Result<()> {
        if !is_primitive(event) {
            // An object takes an id: references to those behind it would lead elsewhere.
            return Err(format!("{} is no primitive value", self.path).into());
        }
        self.found = Some(place);
        Ok(self.writer.write_str(self.text)?)
    }

    fn run(mut self, reader: &mut Reader<'_>) -> Result<(Vec<u8>, Range<usize>)> {
        self.writer.write_header()?;
        // A property's key has the path of its value, which comes next. An element has no key.
        let mut held = None;
        while let Some(event) = reader.next_event()? {
            let place = reader.span().start..reader.span().end;
            let here = self.found.is_none() && reader.path() == self.path;
            match held.take() {
                Some((key, _)) if here => {
                    self.writer.write_event(key)?;
                    self.replace(event, place)?;
                }
                Some((element, place)) => {
                    self.replace(element, place)?;
                    self.writer.write_event(event)?;
                }
                None if here => held = Some((event, place)),
                None => self.writer.write_event(event)?,
            }
        }
        if let Some((event, place)) = held {
            self.replace(event, place)?;
        }
        let found = self.found.ok_or_else(|| format!("there is no {}", self.path))?;
        Ok((self.writer.release()?, found))
    }
}

fn is_primitive(event: Event<'_>) -> bool {
    matches!(
        event,
        Event::Undefined
            | Event::Null
            | Event::Bool(_)
            | Event::Int32(_)
            | Event::Uint32(_)
            | Event::Double(_)
            | Event::BigInt(_)
            | Event::String(_)
    )
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/node-18/app-config-cache.v8");
    let (file, path, text) = match &arguments[..] {
        [] => (default, "$.services.api.url", "https://example.com/v2"),
        [file, path, text] => (&file[..], &path[..], &text[..]),
        _ => return Err("expected FILE PATH TEXT".into()),
    };
    let blob = std::fs::read(file)?;
    let mut reader = Reader::new(&blob)?;
    let options = WriteOptions::new().version(reader.version()).size_hint(blob.len());
    let writer = ValueSerializer::with_options(options);
    let filter = Filter { writer, path, text, found: None };
    let (rewritten, place) = filter.run(&mut reader)?;
    reader.finish()?;

    // All else is as it was. (Behind a string of another length, the padding of two-byte strings may
    // change.)
    let behind = rewritten.len() - (blob.len() - place.end);
    assert!(rewritten[..place.start] == blob[..place.start]);
    println!("all behind it is the same: {}", rewritten[behind..] == blob[place.end..]);
    println!("{path} was at {place:?}: {} bytes, now {}", blob.len(), rewritten.len());
    println!(
        "was: {}",
        v8wire::Document::parse(&blob)?.root().at(path)?.as_str().unwrap_or_default()
    );
    println!(
        "is:  {}",
        v8wire::Document::parse(&rewritten)?.root().at(path)?.as_str().unwrap_or_default()
    );
    let out = std::env::temp_dir().join("v8wire-rewritten.v8");
    std::fs::write(&out, &rewritten)?;
    println!("in {}", out.display());
    Ok(())
}
