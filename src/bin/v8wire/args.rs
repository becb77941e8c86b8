//! What can be typed, and what it means for the reader.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use v8wire::{ByteOrder, Externals, ParseOptions, Profile, Release, Strictness, WriteOptions};

use crate::host_args::{Layout, LayoutHost};
use crate::target_args::TargetArgs;

/// Decodes, encodes, explains, checks and transcodes data in V8's structured-clone wire format: what `v8.serialize`,
/// IndexedDB, Deno KV and many caches write.
///
/// Exit codes: 0 all is good, 1 the data is bad, 2 the command is wrong or a file cannot be read.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours; `auto` is on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Decode(DecodeArgs),
    Encode(EncodeArgs),
    Annotate(AnnotateArgs),
    Check(CheckArgs),
    Transcode(crate::transcode::TranscodeArgs),
    #[cfg(feature = "v8")]
    Engine(crate::engine::EngineArgs),
}

const JSON: &str = "Plain JSON";

/// Shows a value as JavaScript or as JSON
#[derive(Args, Debug)]
pub(crate) struct DecodeArgs {
    /// The file to read; `-` or nothing for standard input
    pub(crate) file: Option<PathBuf>,

    /// How to show the value
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,

    /// Show all of long strings, long lists and deep nesting (`js`)
    #[arg(long)]
    pub(crate) full: bool,

    /// Indent (`json` and `typed`)
    #[arg(long)]
    pub(crate) pretty: bool,

    /// The value begins at this offset, behind an envelope such as Blink's (`typed` keeps what is before it)
    #[arg(long, value_name = "N", default_value_t)]
    pub(crate) skip: usize,

    /// Take what follows the value for something else, as V8 does (`typed` keeps it)
    #[arg(long, conflicts_with = "all")]
    pub(crate) trailing: bool,

    /// Show the value at this path only, such as `$.users[0].name` (`js` and `json`)
    #[arg(long)]
    pub(crate) path: Option<String>,

    /// What bigints become in plain JSON
    #[arg(long, value_enum, default_value_t, value_name = "HOW", help_heading = JSON)]
    pub(crate) bigints: OnBigInts,

    /// What typed arrays and Buffers become in plain JSON
    #[arg(long, value_enum, default_value_t, value_name = "HOW", help_heading = JSON)]
    pub(crate) bytes: OnBytes,

    /// What becomes of objects that are inside of themselves in plain JSON
    #[arg(long, value_enum, default_value_t, value_name = "HOW", help_heading = JSON)]
    pub(crate) cycles: OnCycles,

    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// Makes a blob of JSON: of what `decode --format typed` shows, or of plain JSON
///
/// Without options for writing, typed JSON becomes the bytes that it was made of. With one of them all is
/// written anew, in the form that V8 has for the value.
#[derive(Args, Debug)]
pub(crate) struct EncodeArgs {
    /// The text to read; `-` or nothing for standard input
    pub(crate) file: Option<PathBuf>,

    /// The file to write; `-` or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write the values as a writer does, without the patches that make bytes of them which no writer makes:
    /// for a text whose values were changed
    #[arg(long)]
    pub(crate) ignore_patches: bool,

    /// What the text is
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,

    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// How to write anew.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Writing")]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    /// Write for a big-endian machine
    #[arg(long, conflicts_with = "target")]
    pub(crate) big_endian: bool,

    /// The bits of small integers, above which numbers are doubles: 32 in Node and Deno (the default),
    /// 31 in Chromium and Electron
    #[arg(long, value_name = "BITS", value_parser = clap::value_parser!(u32).range(31..=32))]
    pub(crate) smi_bits: Option<u32>,
}

impl WriteArgs {
    /// `None` where the text says all.
    pub(crate) fn options(&self) -> Option<WriteOptions> {
        if !self.target.is_any() && !self.big_endian && self.smi_bits.is_none() {
            return None;
        }
        let order = if self.big_endian { ByteOrder::Big } else { ByteOrder::Little };
        let mut options = self.target.options(order);
        options.smi_bits = self.smi_bits.unwrap_or(options.smi_bits);
        Some(options)
    }
}

/// Explains the bytes one by one, up to the first error
#[derive(Args, Debug)]
pub(crate) struct AnnotateArgs {
    /// The file to read; `-` or nothing for standard input
    pub(crate) file: Option<PathBuf>,

    /// Show all bytes of long strings and buffers
    #[arg(long)]
    pub(crate) full: bool,

    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// Reads files and says which are good
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Files, and folders to read all files of
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// In folders, only files with this extension; may be given several times
    #[arg(long, value_name = "EXTENSION")]
    pub(crate) ext: Vec<std::ffi::OsString>,

    /// Print a line of JSON for each file in place of the table
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// How to read, the same for all commands.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadArgs {
    /// Read several values, one behind the other
    #[arg(long)]
    pub(crate) all: bool,

    /// Whose host objects the data holds
    #[arg(long, default_value = "node", value_parser = profiles())]
    pub(crate) profile: Profile,

    /// What host objects hold, where no profile knows: a list of `uint32`, `uint64`, `double`, `value`, `bytes`
    /// (a uint32 and so many bytes), `[items]` (a uint32 and so many times the items) and
    /// `{1: items | 2: items | items}` (a uint32 and what it stands for)
    #[arg(long, value_name = "LAYOUT", conflicts_with = "profile")]
    pub(crate) host: Option<Layout>,

    /// Refuse what this release refuses: `newest` (the default), a V8 such as `13.6`, or `node-22`
    #[arg(long, value_name = "RELEASE", conflicts_with = "lenient")]
    pub(crate) strict: Option<Release>,

    /// Take whatever can be read: duplicate keys, wrong counts, unknown host objects
    #[arg(long)]
    pub(crate) lenient: bool,

    /// The version of data without a header (0 if not given)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=16))]
    pub(crate) wire_version: Option<u32>,

    /// The data is from a big-endian machine
    #[arg(long)]
    pub(crate) big_endian: bool,

    /// What to do with transferred and shared buffers, which are not in the data
    #[arg(long, value_enum, default_value_t)]
    pub(crate) externals: OnExternals,

    /// Shared buffers are the memories of WebAssembly instances, which have more behind their id
    #[arg(long)]
    pub(crate) wasm_shared_buffers: bool,

    /// The deepest nesting [default: 100000]
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<u32>,

    /// The most nodes: values, keys and parts of values
    #[arg(long, value_name = "N")]
    pub(crate) max_nodes: Option<u32>,

    /// The most bytes of one string, bigint or buffer
    #[arg(long, value_name = "N")]
    pub(crate) max_bytes: Option<u64>,

    /// The greatest length of a sparse array
    #[arg(long, value_name = "N")]
    pub(crate) max_sparse_length: Option<u32>,
}

pub(crate) fn profiles() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .try_map(|name| name.parse::<Profile>())
}

impl ReadArgs {
    pub(crate) fn options(&self) -> ParseOptions {
        let mut options = ParseOptions::new()
            .profile(self.profile)
            .strictness(match self.strict {
                _ if self.lenient => Strictness::Lenient,
                Some(release) => Strictness::Engine(release),
                None => Strictness::default(),
            })
            .byte_order(if self.big_endian { ByteOrder::Big } else { ByteOrder::Little })
            .externals(match self.externals {
                OnExternals::Keep => Externals::Keep,
                OnExternals::Refuse => Externals::Refuse,
            });
        if let Some(layout) = &self.host {
            options = options.delegate(std::sync::Arc::new(LayoutHost::new(layout.clone())));
        }
        options.headerless_version = self.wire_version;
        options.wasm_shared_buffers = self.wasm_shared_buffers;
        let limits = &mut options.limits;
        limits.depth = self.max_depth.unwrap_or(limits.depth);
        limits.nodes = self.max_nodes.unwrap_or(limits.nodes);
        limits.bytes = self.max_bytes.unwrap_or(limits.bytes);
        limits.sparse_length = self.max_sparse_length.unwrap_or(limits.sparse_length);
        options
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OnExternals {
    /// Show their ids
    #[default]
    Keep,
    /// Refuse them, as V8 and the library do
    Refuse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As Node's `util.inspect` shows it
    #[default]
    Js,
    /// Plain JSON, with conversions where JSON has no such value
    Json,
    /// JSON that keeps everything
    Typed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// JSON that keeps everything; plain JSON too, as long as no key begins with `$`
    #[default]
    Typed,
    /// Plain JSON, in which `$` means nothing
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OnBigInts {
    /// Strings of digits
    #[default]
    String,
    /// Numbers, which many readers round
    Number,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OnBytes {
    /// Arrays of numbers
    #[default]
    Array,
    /// Strings
    Base64,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OnCycles {
    /// They are refused
    #[default]
    Error,
    /// The path of the object, as `{"$ref":"$.a"}`
    Path,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour standard output.
    pub(crate) fn enabled(self) -> bool {
        use std::io::IsTerminal as _;
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        self.wanted(plain, std::io::stdout().is_terminal())
    }

    fn wanted(self, plain: bool, terminal: bool) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definition_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn colours_are_for_terminals() {
        let wanted = |color: Color| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(plain, terminal)| color.wanted(plain, terminal))
        };
        assert_eq!(wanted(Color::Auto), [false, true, false, false]);
        assert_eq!(wanted(Color::Always), [true; 4]);
        assert_eq!(wanted(Color::Never), [false; 4]);
    }

    #[test]
    fn options_reach_the_reader() {
        let parse = |args: &[&str]| match Cli::try_parse_from(args).unwrap().command {
            Command::Decode(args) => args.read.options(),
            other => panic!("{other:?}"),
        };
        let options = parse(&["v8wire", "decode"]);
        assert_eq!(options.externals, Externals::Keep);
        assert_eq!(options.profile, Profile::Node);
        assert_eq!(options.strictness, Strictness::Engine(Release::NEWEST));
        let options = parse(&[
            "v8wire",
            "decode",
            "--profile=node-ipc",
            "--strict=node-18",
            "--wire-version=13",
            "--big-endian",
            "--externals=refuse",
            "--max-depth=1",
            "--max-nodes=2",
            "--max-bytes=3",
            "--max-sparse-length=4",
        ]);
        assert_eq!(options.profile, Profile::NodeIpc);
        assert_eq!(options.strictness, Strictness::Engine(Release::new(10, 2)));
        assert_eq!(options.headerless_version, Some(13));
        assert_eq!(options.byte_order, ByteOrder::Big);
        assert_eq!(options.externals, Externals::Refuse);
        let limits = options.limits;
        let limits = (limits.depth, limits.nodes, limits.bytes, limits.sparse_length);
        assert_eq!(limits, (1, 2, 3, 4));
        assert_eq!(parse(&["v8wire", "decode", "--lenient"]).strictness, Strictness::Lenient);
    }
}
