//! `v8wire decode`

use std::fmt::Write as _;
use std::io;

use v8wire::inspect::{self, InspectOptions};
use v8wire::json::{self, BigInts, Bytes, Cycles, PlainOptions, TypedOptions};
use v8wire::{Document, Error, ParseOptions, Release, Strictness, Value};

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
    let Some(data) = source.data.get(args.skip..) else {
        let message = format!("--skip {}: there are {} bytes", args.skip, source.data.len());
        streams.complain(&source.name, message)?;
        return Ok(Exit::Bad);
    };
    let document = match parse(args, &args.read.options(), data) {
        Ok(document) => document,
        Err(error) => {
            if let Some((release, document)) = as_older(args, data) {
                streams.complain(
                    &source.name,
                    format_args!("note: {release} reads this, the newest does not: {error}"),
                )?;
                return print(args, streams, &source, &document);
            }
            let hint = match error.is_trailing() {
                true => "; --all reads several values, --trailing one",
                false => "",
            };
            streams.complain(&source.name, format_args!("{error}{hint}"))?;
            return Ok(Exit::Bad);
        }
    };
    print(args, streams, &source, &document)
}

fn parse<'a>(
    args: &DecodeArgs,
    options: &ParseOptions,
    data: &'a [u8],
) -> Result<Document<'a>, Error> {
    match (args.read.all, args.trailing) {
        (true, _) => options.parse_all(data),
        (_, true) => options.parse_prefix(data).map(|(document, _)| document),
        _ => options.parse(data),
    }
}

/// What older releases wrote and read, and newer ones refuse (an error's cause before its stack, inline
/// WebAssembly), is good data as long as nobody asks for a release's verdict.
fn as_older<'a>(args: &DecodeArgs, data: &'a [u8]) -> Option<(Release, Document<'a>)> {
    if args.read.lenient || args.read.strict.is_some() {
        return None;
    }
    [26, 24, 22, 20, 18, 16, 14, 12].into_iter().filter_map(Release::node).find_map(|release| {
        let options = args.read.options().strictness(Strictness::Engine(release));
        Some((release, parse(args, &options, data).ok()?))
    })
}

fn print(
    args: &DecodeArgs,
    streams: &mut Streams<'_>,
    source: &Source,
    document: &Document<'_>,
) -> io::Result<Exit> {
    let mut text = Text::new(streams.out);
    let shown = show(args, streams.colors, (document, &source.data), &mut text);
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
    (document, data): (&Document<'_>, &[u8]),
    out: &mut Text<'_>,
) -> Result<(), Failure> {
    if args.format == Format::Typed {
        let mut options = TypedOptions::default();
        options.indent = args.pretty.then_some(INDENT);
        json::write_typed_within(document, data, &options, out).map_err(bad)?;
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
