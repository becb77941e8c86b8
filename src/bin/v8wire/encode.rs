//! `v8wire encode`

use std::io::{self, IsTerminal as _};
use std::path::Path;

use v8wire::json::{self, EncodeErrorKind, EncodeOptions};

use crate::args::{EncodeArgs, TextFormat};
use crate::io::{Exit, Source, Streams};

pub(crate) fn run(args: &EncodeArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if args.output.is_none() && io::stdout().is_terminal() {
        let message = "a terminal, and the blob is no text; name a file with --output, or `-`";
        streams.complain("standard output", message)?;
        return Ok(Exit::Usage);
    }
    let source = match Source::read(args.file.as_deref(), streams)? {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let text = match std::str::from_utf8(&source.data) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("not UTF-8 at offset {}", error.valid_up_to());
            streams.complain(&source.name, message)?;
            return Ok(Exit::Bad);
        }
    };
    let mut options = EncodeOptions::default();
    options.plain = args.format == TextFormat::Json;
    options.write = args.write.options();
    options.ignore_patches = args.ignore_patches;
    let blob = match json::to_vec_with(text, &options) {
        Ok(blob) => blob,
        Err(error) => {
            let typed = matches!(error.kind(), EncodeErrorKind::Typed { .. });
            let stale = matches!(error.kind(), EncodeErrorKind::StalePatches);
            streams.complain(&source.name, error)?;
            options.plain = true;
            if typed && json::to_vec_with(text, &options).is_ok() {
                let note = "note: --format json takes `$` for a letter";
                streams.complain(&source.name, note)?;
            }
            if stale {
                let note = "note: --ignore-patches writes the values as they are now";
                streams.complain(&source.name, note)?;
            }
            return Ok(Exit::Bad);
        }
    };
    let Some(path) = file else {
        streams.out.write_all(&blob)?;
        return Ok(Exit::Good);
    };
    // Only now, so that a file is not lost to a bad text.
    if let Err(error) = std::fs::write(path, &blob) {
        streams.complain(path.display(), error)?;
        return Ok(Exit::Usage);
    }
    Ok(Exit::Good)
}
