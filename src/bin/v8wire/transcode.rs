//! `v8wire transcode`

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use v8wire::Transcoder;

use crate::args::ReadArgs;
use crate::io::{Exit, Source, Streams};
use crate::target_args::TargetArgs;

/// Writes a value again, in another version or for another engine
///
/// What the engine does not read, or the version cannot carry, is listed on standard error, one a line
/// with its path; nothing is written then.
#[derive(Args, Debug)]
pub(crate) struct TranscodeArgs {
    /// The file to read; `-` or nothing for standard input
    pub(crate) file: Option<PathBuf>,

    /// The file to write; `-` or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// List what stands in the way and write nothing
    #[arg(long, conflicts_with = "output")]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) write: TargetArgs,

    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

pub(crate) fn run(args: &TranscodeArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let output = args.output.as_deref().filter(|path| *path != std::path::Path::new("-"));
    if output.is_none() && !args.check && io::stdout().is_terminal() {
        streams.complain("standard output", "a terminal; name a file with --output")?;
        return Ok(Exit::Usage);
    }
    let Source { name, data } = match Source::read(args.file.as_deref(), streams)? {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let from = args.read.options();
    let parsed = if args.read.all { from.parse_all(&data) } else { from.parse(&data) };
    let doc = match parsed {
        Ok(doc) => doc,
        Err(error) => {
            streams.complain(name, error)?;
            return Ok(Exit::Bad);
        }
    };
    let to = args.write.options(from.byte_order);
    let transcoder = Transcoder::new(&doc, &from, &to);
    let mut good = true;
    for obstacle in transcoder.obstacles() {
        good = false;
        streams.complain(&name, obstacle)?;
    }
    if good && let Err(error) = transcoder.check() {
        good = false;
        streams.complain(&name, error)?;
    }
    if args.check || !good {
        return Ok(if good { Exit::Good } else { Exit::Bad });
    }
    let Some(path) = output else {
        return transcoder.write_to(&mut *streams.out).map(|()| Exit::Good);
    };
    let written = std::fs::File::create(path).and_then(|file| {
        let mut file = io::BufWriter::new(file);
        transcoder.write_to(&mut file)?;
        file.flush()
    });
    match written {
        Ok(()) => Ok(Exit::Good),
        Err(error) => {
            streams.complain(path.display(), error)?;
            Ok(Exit::Usage)
        }
    }
}
