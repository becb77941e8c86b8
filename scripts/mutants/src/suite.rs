//! The tests, one by one.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Failure, Options, pool, tree};

#[derive(Default)]
pub struct Test {
    binary: PathBuf,
    /// Binary and test.
    pub name: String,
    path: String,
    pub time: Duration,
    /// The mutants whose switch it asks.
    pub reaches: HashSet<usize>,
    alone: Mutex<()>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Outcome {
    Passed,
    Failed,
    TimedOut,
}

/// Builds the tests and runs each alone, with no mutant on: what it reaches, and its time. Of no use are those
/// that fail so, or take longer than `slow`.
pub fn record(copy: &Path, options: &Options) -> Result<Vec<Test>, Failure> {
    let mut tests = Vec::new();
    for (name, binary) in build(copy)? {
        if !options.takes(&name) {
            continue;
        }
        let listed = Command::new(&binary)
            .current_dir(copy)
            .args(["--list", "--format", "terse"])
            .output()?;
        for line in String::from_utf8(listed.stdout)?.lines() {
            if let Some(path) = line.strip_suffix(": test") {
                let (binary, path) = (binary.clone(), path.to_owned());
                let name = format!("{name}::{path}");
                tests.push(Test { binary, name, path, ..Test::default() });
            }
        }
    }
    let hits = copy.with_file_name("hits");
    fs::create_dir_all(&hits)?;
    let recorded = pool::map(options.jobs, tests, |mut test| {
        let file = hits.join(&test.name);
        if !is_newer(&file, &test.binary) {
            let _ = fs::remove_file(&file);
            let start = Instant::now();
            let outcome =
                test.run(copy, ("V8WIRE_MUTANT_HITS", &file.to_string_lossy()), options.slow);
            let mut noted = fs::read_to_string(&file).unwrap_or_default();
            match outcome {
                Outcome::Passed => noted += &format!("{} ms\n", start.elapsed().as_millis()),
                Outcome::Failed => println!("fails with no mutant on: {}", test.name),
                Outcome::TimedOut => println!("left out as too slow: {}", test.name),
            }
            fs::write(&file, noted).expect("a file can be written");
        }
        let noted = fs::read_to_string(&file).unwrap_or_default();
        test.reaches = noted.lines().filter_map(|line| line.trim().parse().ok()).collect();
        let time = noted.lines().next_back().and_then(|line| line.strip_suffix(" ms"));
        let time = time.and_then(|time| time.parse().ok()).map(Duration::from_millis)?;
        test.time = time;
        (!test.reaches.is_empty() && time < options.slow).then_some(test)
    });
    Ok(recorded.into_iter().flatten().collect())
}

/// What a test reaches is known if it has not been built again since.
fn is_newer(file: &Path, binary: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path)?.modified();
    matches!((time(file), time(binary)), (Ok(file), Ok(binary)) if file > binary)
}

fn build(copy: &Path) -> Result<HashMap<String, PathBuf>, Failure> {
    let mut cargo = tree::cargo(copy);
    cargo.args(["test", "--no-run", "--features", tree::FEATURES, "--message-format=json"]);
    let output = cargo.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the tests do not build".into());
    }
    let mut binaries = HashMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line)?;
        if message["profile"]["test"] == true
            && let (Some(name), Some(path)) =
                (message["target"]["name"].as_str(), message["executable"].as_str())
        {
            let name = if message["target"]["kind"][0] == "bin" { "bin" } else { name };
            binaries.insert(name.to_owned(), path.into());
        }
    }
    Ok(binaries)
}

impl Test {
    pub fn with_mutant(&self, copy: &Path, number: usize) -> Outcome {
        // Two runs of a test of the command would write the same files.
        let _alone = self.name.starts_with("cli").then(|| self.alone.lock());
        let limit = Duration::from_secs(5) + 8 * self.time;
        self.run(copy, ("V8WIRE_MUTANT", &number.to_string()), limit)
    }

    /// Memory is limited too, as what grows without bound would take the machine's.
    fn run(&self, copy: &Path, variable: (&str, &str), limit: Duration) -> Outcome {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 6000000; exec nice -n 10 \"$@\"", "sh"]);
        command.arg(&self.binary).args([
            "--exact",
            &self.path,
            "--include-ignored",
            "--test-threads=1",
        ]);
        command.current_dir(copy).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("CARGO_MANIFEST_DIR", copy).env("PROPTEST_RNG_SEED", "1");
        command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
        command.env(variable.0, variable.1);
        match wait(command.spawn().expect("a shell"), limit) {
            Some(status) if status.success() => Outcome::Passed,
            Some(_) => Outcome::Failed,
            None => Outcome::TimedOut,
        }
    }
}

fn wait(mut child: Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut nap = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        if start.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(nap);
        nap = (nap * 5 / 4).min(Duration::from_millis(20));
    }
}
