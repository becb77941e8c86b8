//! `v8wire decode`

use std::fmt::Write as _;
use std::io;

use v8wire::inspect::{self, InspectOptions};
use v8wire::json::{self, BigInts, Bytes, Cycles, PlainOptions, TypedOptions};
use v8wire::{Document, Value};

use crate::args::{DecodeArgs, Format, OnBigInts, OnBytes, OnCycles};
use crate::io::{Exit, Source, Streams, Text};

/// Spaces a level of `--pretty`.
const INDENT: usize = 2;

pub(crate) fn run(args: &DecodeArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    if args.format == Format::Typed && args.path.is_some() {
        streams.complain("decode", "--path is for the formats `js` and `json`")?;
        return Ok(Exit::Usage);
    }
    let source = match Source::read(args.file.as_deref(), streams)? {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let options = args.read.options();
    let parsed = match args.read.all {
        true => options.parse_all(&source.data),
        false => options.parse(&source.data),
    };
    let document = match parsed {
        Ok(document) => document,
        Err(error) => {
            let hint = if error.is_trailing() { "; --all reads several values" } else { "" };
            streams.complain(&source.name, format_args!("{error}{hint}"))?;
            return Ok(Exit::Bad);
        }
    };
    let mut text = Text::new(streams.out);
    let shown = show(args, streams.colors, &document, &mut text);
    text.finish()?;
    match shown {
        Ok(()) => Ok(Exit::Good),
        Err((exit, message)) => {
            streams.complain(&source.name, message)?;
            Ok(exit)
        }
    }
}

/// How it ends, and the error in words.
type Failure = (Exit, String);

fn bad(error: impl std::fmt::Display) -> Failure {
    (Exit::Bad, error.to_string())
}

fn show(
    args: &DecodeArgs,
    colors: bool,
    document: &Document<'_>,
    out: &mut Text<'_>,
) -> Result<(), Failure> {
    if args.format == Format::Typed {
        let mut options = TypedOptions::default();
        options.indent = args.pretty.then_some(INDENT);
        json::write_typed(document, &options, out).map_err(bad)?;
        return out.write_char('\n').map_err(bad);
    }
    for mut value in document.values() {
        if let Some(path) = &args.path {
            value = value.at(path).map_err(|error| {
                (if error.is_missing() { Exit::Bad } else { Exit::Usage }, error.to_string())
            })?;
        }
        show_value(args, colors, value, out)?;
        out.write_char('\n').map_err(bad)?;
    }
    Ok(())
}

fn show_value(
    args: &DecodeArgs,
    colors: bool,
    value: Value<'_, '_>,
    out: &mut Text<'_>,
) -> Result<(), Failure> {
    if args.format == Format::Json {
        let mut options = PlainOptions::default();
        options.indent = args.pretty.then_some(INDENT);
        options.bigints = match args.bigints {
            OnBigInts::String => BigInts::String,
            OnBigInts::Number => BigInts::Number,
        };
        options.bytes = match args.bytes {
            OnBytes::Array => Bytes::Array,
            OnBytes::Base64 => Bytes::Base64,
        };
        options.cycles = match args.cycles {
            OnCycles::Error => Cycles::Error,
            OnCycles::Path => Cycles::Path,
        };
        return json::write_plain(value, &options, out).map_err(bad);
    }
    let mut options = InspectOptions::default();
    options.colors = colors;
    options.full = args.full;
    inspect::write(value, &options, out).map_err(bad)
}
