//! `v8wire annotate`

use std::io;

use v8wire::annotate::{AnnotateOptions, write};

use crate::args::AnnotateArgs;
use crate::io::{Exit, Source, Streams, Text};

pub(crate) fn run(args: &AnnotateArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let source = match Source::read(args.file.as_deref(), streams)? {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let mut options = AnnotateOptions::default();
    options.colors = streams.colors;
    options.all = args.read.all;
    if args.full {
        options.max_bytes = usize::MAX;
    }
    let mut text = Text::new(streams.out);
    let found = write(&source.data, &args.read.options(), &options, &mut text);
    text.finish()?;
    match found {
        Ok(None) => Ok(Exit::Good),
        Ok(Some(error)) => {
            streams.complain(&source.name, error)?;
            Ok(Exit::Bad)
        }
        // The library makes no such error of its own.
        Err(error) => Err(io::Error::other(error)),
    }
}
