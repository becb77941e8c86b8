//! `v8wire check`: many files on all cores, one line for each, in order.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use v8wire::{ErrorKind, ParseOptions, Parser, Reader, Tag};

use crate::args::CheckArgs;
use crate::io::{Exit, Streams, printable};

/// What is said of a file; the fields of its line of JSON.
#[derive(Debug, Serialize)]
struct Report {
    path: String,
    ok: bool,
    /// `None` where the data is too damaged to tell.
    version: Option<u32>,
    /// `None` where the file cannot be read.
    bytes: Option<usize>,
    /// `None` where the data is bad.
    nodes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

#[derive(Debug, Serialize)]
struct Problem {
    /// `None` where the file cannot be read.
    offset: Option<usize>,
    /// [`ErrorKind::code`], or `io`.
    kind: &'static str,
    message: String,
}

const UNREADABLE: &str = "io";

impl Report {
    fn unreadable(path: &Path, error: &io::Error) -> Self {
        let message = error.to_string();
        Report {
            path: path.display().to_string(),
            ok: false,
            version: None,
            bytes: None,
            nodes: None,
            error: Some(Problem { offset: None, kind: UNREADABLE, message }),
        }
    }

    fn exit(&self) -> Exit {
        match &self.error {
            None => Exit::Good,
            Some(problem) if problem.kind == UNREADABLE => Exit::Usage,
            Some(_) => Exit::Bad,
        }
    }
}

/// Reads one file after the other with the same buffers.
struct Checker {
    options: ParseOptions,
    all: bool,
    parser: Parser,
}

impl Checker {
    fn new(args: &CheckArgs) -> Self {
        let options = args.read.options();
        Checker { all: args.read.all, parser: Parser::with_options(options.clone()), options }
    }

    fn check(&mut self, path: &Path) -> Report {
        let data = match std::fs::read(path) {
            Ok(data) => data,
            Err(error) => return Report::unreadable(path, &error),
        };
        let read = if self.all { self.parser.parse_all(&data) } else { self.parser.parse(&data) };
        let (version, nodes, error) = match read {
            Ok(document) => {
                let found = (Some(document.version()), Some(document.node_count()), None);
                self.parser.recycle(document);
                found
            }
            Err(error) => {
                let version = match error.kind() {
                    ErrorKind::UnsupportedVersion { version, .. } => Some(*version),
                    // Bad data without a header may be of no version at all.
                    _ if data.first() != Some(&Tag::VERSION.0) => self.options.headerless_version,
                    _ => Reader::with_options(&data, &self.options).ok().map(|it| it.version()),
                };
                let problem = Problem {
                    offset: Some(error.offset()),
                    kind: error.kind().code(),
                    message: error.to_string(),
                };
                (version, None, Some(problem))
            }
        };
        Report {
            path: path.display().to_string(),
            ok: error.is_none(),
            version,
            bytes: Some(data.len()),
            nodes,
            error,
        }
    }
}

/// A file to check, or why there is none.
type Found = Result<PathBuf, (PathBuf, io::Error)>;

/// The files that are meant, folders read, each folder in the order of its names.
fn files(args: &CheckArgs) -> Vec<Found> {
    let mut found = Vec::new();
    for path in &args.paths {
        if path.is_dir() {
            folder(path, &args.ext, &mut found);
        } else {
            found.push(Ok(path.clone()));
        }
    }
    found
}

fn folder(root: &Path, extensions: &[std::ffi::OsString], found: &mut Vec<Found>) {
    // Folders and files that are still to be taken, the next one last.
    let mut stack = vec![(root.to_path_buf(), true)];
    while let Some((path, is_folder)) = stack.pop() {
        if !is_folder {
            let extension = path.extension();
            if extensions.is_empty() || extensions.iter().any(|it| extension == Some(it)) {
                found.push(Ok(path));
            }
            continue;
        }
        let entries = std::fs::read_dir(&path).and_then(|entries| {
            let mut inside = Vec::new();
            for entry in entries {
                let entry = entry?;
                let kind = entry.file_type()?;
                // Links are not followed: they can lead back.
                if kind.is_dir() || kind.is_file() {
                    inside.push((entry.path(), kind.is_dir()));
                }
            }
            Ok(inside)
        });
        match entries {
            Ok(mut inside) => {
                inside.sort_unstable_by(|a, b| b.cmp(a));
                stack.extend(inside);
            }
            Err(error) => found.push(Err((path, error))),
        }
    }
}

/// Where the reports go.
enum Sink {
    Json,
    Table(Table),
}

#[derive(Default)]
struct Table {
    colors: bool,
    begun: bool,
    files: usize,
    bad: usize,
    unreadable: usize,
    bytes: u64,
    /// Good files by version.
    versions: BTreeMap<u32, usize>,
}

impl Table {
    fn row(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            writeln!(out, "{:>7}  {:>11}  {:>10}  PATH", "VERSION", "BYTES", "NODES")?;
        }
        self.files += 1;
        match report.exit() {
            Exit::Good => {}
            Exit::Bad => self.bad += 1,
            Exit::Usage => self.unreadable += 1,
        }
        self.bytes += report.bytes.unwrap_or(0) as u64;
        if let Some(version) = report.version.filter(|_| report.ok) {
            *self.versions.entry(version).or_default() += 1;
        }
        let number = |number: Option<usize>| number.map_or("-".into(), |it| it.to_string());
        let version = report.version.map_or("-".into(), |it| it.to_string());
        let (bytes, nodes) = (number(report.bytes), number(report.nodes));
        let path = printable(&report.path);
        write!(out, "{version:>7}  {bytes:>11}  {nodes:>10}  {path}")?;
        match &report.error {
            Some(problem) if self.colors => writeln!(out, ": \x1b[31m{}\x1b[0m", problem.message),
            Some(problem) => writeln!(out, ": {}", problem.message),
            None => writeln!(out),
        }
    }

    fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let Table { files, bad, unreadable, bytes, .. } = self;
        let plural = if *files == 1 { "" } else { "s" };
        let good = files - bad - unreadable;
        write!(out, "{files} file{plural}, {bytes} bytes: {good} good")?;
        for (i, (version, count)) in self.versions.iter().enumerate() {
            write!(out, "{}{count} of version {version}", if i == 0 { " (" } else { ", " })?;
        }
        write!(out, "{}, {bad} bad", if good > 0 { ")" } else { "" })?;
        if *unreadable > 0 {
            write!(out, ", {unreadable} unreadable")?;
        }
        writeln!(out)
    }
}

impl Sink {
    fn report(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Sink::Json => {
                serde_json::to_writer(&mut *out, report)?;
                out.write_all(b"\n")
            }
            Sink::Table(table) => table.row(report, out),
        }
    }
}

/// A bar on standard error, if that is a terminal.
fn progress(files: usize) -> ProgressBar {
    let bar = ProgressBar::new(files as u64);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} files, {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) fn run(args: &CheckArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let files = files(args);
    if files.is_empty() {
        streams.complain("check", "no files there")?;
        return Ok(Exit::Usage);
    }
    let bar = progress(files.len());
    // A bar and rows on one terminal would write over each other.
    let hold = !bar.is_hidden() && io::stdout().is_terminal();
    let mut held = Vec::new();
    let mut sink = match args.json {
        true => Sink::Json,
        false => Sink::Table(Table { colors: streams.colors, ..Table::default() }),
    };
    let mut exit = Exit::Good;
    check_all(args, &files, &mut |report| {
        bar.inc(1);
        exit = exit.max(report.exit());
        let out: &mut dyn Write = if hold { &mut held } else { &mut *streams.out };
        sink.report(report, out)
    })?;
    bar.finish_and_clear();
    streams.out.write_all(&held)?;
    if let Sink::Table(table) = &sink {
        table.summary(streams.out)?;
    }
    Ok(exit)
}

/// So many files are reported on at once, at most.
const BATCH: usize = 32;

/// Checks the files on all cores and calls `done` with the reports, in the order of the files.
fn check_all(
    args: &CheckArgs,
    files: &[Found],
    done: &mut dyn FnMut(&Report) -> io::Result<()>,
) -> io::Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(files.len());
    // Small files take less time than waking the one who prints.
    let batch = (files.len() / (8 * workers).max(1)).clamp(1, BATCH);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let mut checker = Checker::new(args);
                loop {
                    let start = next.fetch_add(batch, Ordering::Relaxed);
                    let Some(files) = files.get(start..files.len().min(start + batch)) else {
                        break;
                    };
                    let report = |file: &Found| match file {
                        Ok(path) => checker.check(path),
                        Err((path, error)) => Report::unreadable(path, error),
                    };
                    let reports: Vec<Report> = files.iter().map(report).collect();
                    // Nobody listens any more when the output was closed.
                    if reports.is_empty() || sender.send((start, reports)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (start, reports) in receiver {
            early.insert(start, reports);
            while let Some(reports) = early.remove(&expected) {
                expected += reports.len();
                reports.iter().try_for_each(&mut *done)?;
            }
        }
        Ok(())
    })
}
