//! `v8wire engine`: what a live V8 says of a script.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use v8wire::engine::{
    AllocationProfile, Coverage, Engine, EngineError, EngineErrorKind, GcProfiler, GcReport,
    HeapCodeStatistics, HeapSpaceStatistics, HeapStatistics, SamplingOptions, SnapshotOptions,
};

use crate::io::{Exit, Source, Streams, printable};

/// Runs a script in a live V8 and reports on its heap, its code or what it ran
#[derive(Args, Debug)]
pub(crate) struct EngineArgs {
    /// What to report
    #[arg(value_enum)]
    pub(crate) report: Report,

    /// The script to run; `-` for standard input
    pub(crate) script: PathBuf,

    /// Print JSON, with the names that Node has, in place of a table
    #[arg(long)]
    pub(crate) json: bool,

    /// Flags for V8, such as `--v8-flags="--no-opt --trace-gc"`
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    pub(crate) v8_flags: Option<String>,

    /// The most that old objects may take, in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) heap_limit: Option<u32>,

    /// The file to write (`snapshot`)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The bytes between two samples, on the average (`sample`)
    #[arg(long, value_name = "BYTES", default_value_t = 512 << 10)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) interval: u32,

    /// The most frames of a stack (`sample`)
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) depth: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// The heap behind the script, as `v8.getHeapStatistics()`
    Stats,
    /// The same space by space, as `v8.getHeapSpaceStatistics()`
    Spaces,
    /// Its code, as `v8.getHeapCodeStatistics()`
    Code,
    /// A heap snapshot in a file, as `v8.writeHeapSnapshot()`
    Snapshot,
    /// How often functions and blocks ran, as NODE_V8_COVERAGE
    Coverage,
    /// The garbage collections meanwhile, as `v8.GCProfiler`
    Gc,
    /// Who allocated what still lives, by samples
    Sample,
}

pub(crate) fn run(args: &EngineArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let source = match Source::read(Some(&args.script), streams)? {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let Ok(script) = str::from_utf8(&source.data) else {
        streams.complain(&source.name, "a script is UTF-8")?;
        return Ok(Exit::Bad);
    };
    let made = match make(args, &source.name, script) {
        Ok(made) => made,
        Err(error) => {
            streams.complain(&source.name, error.stack().unwrap_or(&error.to_string()))?;
            let is_usage = matches!(error.kind(), EngineErrorKind::Flag | EngineErrorKind::Io);
            return Ok(if is_usage { Exit::Usage } else { Exit::Bad });
        }
    };
    made.print(args.json, streams.out).map(|()| Exit::Good)
}

/// What a report is made of.
#[derive(Serialize)]
#[serde(untagged)]
enum Made {
    Stats(HeapStatistics),
    Spaces(Vec<HeapSpaceStatistics>),
    Code(HeapCodeStatistics),
    Snapshot { file: String },
    Coverage(Coverage),
    Gc(GcReport),
    Sample(AllocationProfile),
}

fn make(args: &EngineArgs, name: &str, script: &str) -> Result<Made, EngineError> {
    let mut builder = Engine::builder();
    if let Some(flags) = &args.v8_flags {
        builder = builder.flags(flags);
    }
    if let Some(megabytes) = args.heap_limit {
        builder = builder.heap_limit(u64::from(megabytes) << 20);
    }
    let mut engine = builder.build()?;
    let mut profiler = GcProfiler::new(&engine);
    match &args.report {
        Report::Coverage => engine.start_coverage()?,
        Report::Gc => profiler.start(),
        Report::Sample => {
            let options = SamplingOptions::new().interval(args.interval.into()).depth(args.depth);
            engine.heap_profiler().start_sampling_heap_profiler(options)?;
        }
        _ => {}
    }
    engine.run(name, script)?;
    Ok(match &args.report {
        Report::Stats => Made::Stats(engine.heap_statistics()),
        Report::Spaces => Made::Spaces(engine.heap_space_statistics()),
        Report::Code => Made::Code(engine.heap_code_statistics()),
        Report::Snapshot => {
            let options = SnapshotOptions::new();
            let file = engine.write_heap_snapshot(args.output.as_deref(), options)?;
            Made::Snapshot { file: file.display().to_string() }
        }
        Report::Coverage => Made::Coverage(engine.take_coverage()?),
        Report::Gc => Made::Gc(profiler.stop().expect("it was started")),
        Report::Sample => {
            let profile = engine.heap_profiler().allocation_profile();
            Made::Sample(profile.expect("it was started"))
        }
    })
}

impl Made {
    fn print(&self, json: bool, out: &mut dyn Write) -> io::Result<()> {
        if json {
            serde_json::to_writer(&mut *out, self)?;
            return out.write_all(b"\n");
        }
        let table = match self {
            Made::Stats(statistics) => fields(statistics)?,
            Made::Code(statistics) => fields(statistics)?,
            Made::Spaces(spaces) => space_table(spaces),
            Made::Snapshot { file } => return writeln!(out, "{}", printable(file)),
            Made::Coverage(coverage) => coverage_table(coverage),
            Made::Gc(report) => gc_table(report),
            Made::Sample(profile) => sample_table(profile),
        };
        table.print(out)
    }
}

/// Rows of text; all columns but the last are numbers.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(head: &[&str]) -> Table {
        Table { rows: vec![head.iter().map(|&title| title.to_owned()).collect()] }
    }

    fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns)
            .map(|column| self.rows.iter().map(|row| row[column].chars().count()).max())
            .map(Option::unwrap_or_default)
            .collect();
        for row in &self.rows {
            for (cell, width) in row.iter().zip(&widths).take(columns.saturating_sub(1)) {
                write!(out, "{cell:>width$}  ")?;
            }
            writeln!(out, "{}", row.last().map(|cell| printable(cell)).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The fields of statistics, by the names that Node has for them.
fn fields(statistics: &impl Serialize) -> io::Result<Table> {
    let mut table = Table::new(&["VALUE", "STATISTIC"]);
    if let serde_json::Value::Object(fields) = serde_json::to_value(statistics)? {
        for (name, value) in fields {
            table.row(vec![value.to_string(), name]);
        }
    }
    Ok(table)
}

fn space_table(spaces: &[HeapSpaceStatistics]) -> Table {
    let mut table = Table::new(&["SIZE", "USED", "AVAILABLE", "PHYSICAL", "SPACE"]);
    for space in spaces {
        table.row(vec![
            space.space_size.to_string(),
            space.space_used_size.to_string(),
            space.space_available_size.to_string(),
            space.physical_space_size.to_string(),
            space.space_name.clone(),
        ]);
    }
    table
}

fn coverage_table(coverage: &Coverage) -> Table {
    let mut table = Table::new(&["COUNT", "BLOCKS", "MISSED", "FUNCTION"]);
    for script in &coverage.result {
        for (i, function) in script.functions.iter().enumerate() {
            // The first one is the script itself.
            let name = match (i, &*function.function_name) {
                (0, "") => "(script)",
                (_, "") => "(anonymous)",
                (_, name) => name,
            };
            let missed = function.ranges.iter().filter(|range| range.count == 0).count();
            table.row(vec![
                function.ranges.first().map_or(0, |range| range.count).to_string(),
                function.ranges.len().to_string(),
                missed.to_string(),
                format!("{name} ({})", script.url),
            ]);
        }
    }
    table
}

fn gc_table(report: &GcReport) -> Table {
    let mut table = Table::new(&["COST (us)", "BEFORE", "AFTER", "TYPE"]);
    for gc in &report.statistics {
        table.row(vec![
            format!("{:.0}", gc.cost),
            gc.before_gc.heap_statistics.used_heap_size.to_string(),
            gc.after_gc.heap_statistics.used_heap_size.to_string(),
            gc.gc_type.clone(),
        ]);
    }
    table
}

fn sample_table(profile: &AllocationProfile) -> Table {
    let mut table = Table::new(&["BYTES", "COUNT", "FUNCTION"]);
    let mut nodes: Vec<_> = profile.nodes.iter().filter(|node| node.self_size() > 0).collect();
    nodes.sort_by_key(|node| std::cmp::Reverse(node.self_size()));
    for node in nodes {
        let count: u64 = node.allocations.iter().map(|one| u64::from(one.count)).sum();
        let name = if node.name.is_empty() { "(anonymous)" } else { &node.name };
        let place = match &*node.script_name {
            "" => name.to_owned(),
            script => format!("{name} ({script}:{}:{})", node.line_number, node.column_number),
        };
        table.row(vec![node.self_size().to_string(), count.to_string(), place]);
    }
    table
}
