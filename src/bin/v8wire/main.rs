//! The command line: decodes, encodes, explains, checks and transcodes data in V8's structured-clone wire format.

mod annotate;
mod args;
mod check;
mod decode;
mod encode;
#[cfg(feature = "v8")]
mod engine;
mod host_args;
mod io;
mod target_args;
mod transcode;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use io::{Exit, Streams};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut err = std::io::stderr();
    let mut streams = Streams { colors: cli.color.enabled(), out: &mut out, err: &mut err };
    let result = match &cli.command {
        Command::Decode(args) => decode::run(args, &mut streams),
        Command::Encode(args) => encode::run(args, &mut streams),
        Command::Annotate(args) => annotate::run(args, &mut streams),
        Command::Check(args) => check::run(args, &mut streams),
        Command::Transcode(args) => transcode::run(args, &mut streams),
        #[cfg(feature = "v8")]
        Command::Engine(args) => engine::run(args, &mut streams),
    };
    match result.and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.into(),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Good.into(),
        Err(error) => {
            io::complain(&mut err, "standard output", &error);
            Exit::Usage.into()
        }
    }
}
