//! Mutation testing with one build: every mutant that cargo-mutants lists is in one copy of the sources,
//! behind a switch that the environment turns on. See tests/README.md.
//!
//!     cargo run --release --manifest-path scripts/mutants/Cargo.toml -- [options] GLOB...
//!
//! - `--again`: only those that were not caught the last time, nor are explained
//! - `--resume`: only those that were not tried the last time
//! - `--alone`: those that cannot be in one build, each in its own; of these those that were not caught
//! - `--test NAME`: only the tests of this binary (and others so named)
//! - `--skip NAME`: not the tests of this binary
//! - `--slow SECONDS`: no test that takes longer, else 10
//! - `--tries N`: no more tests than this for a mutant, the likeliest ones
//! - `--jobs N`: so many tests at a time, else 2

mod alone;
mod known;
mod list;
mod pool;
mod rounds;
mod suite;
mod tree;
mod weave;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use std::{env, fs};

use list::Mutant;
use suite::{Outcome, Test};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const WORK: &str = "target/mutants";

pub struct Options {
    globs: Vec<String>,
    tests: Vec<String>,
    skipped: Vec<String>,
    again: bool,
    resume: bool,
    alone: bool,
    slow: Duration,
    tries: usize,
    jobs: usize,
}

impl Options {
    fn takes(&self, test: &str) -> bool {
        (self.tests.is_empty() || self.tests.iter().any(|name| name == test))
            && !self.skipped.iter().any(|name| name == test)
    }
}

fn options() -> Result<Options, Failure> {
    let mut options = Options {
        globs: Vec::new(),
        tests: Vec::new(),
        skipped: Vec::new(),
        again: false,
        resume: false,
        alone: false,
        slow: Duration::from_secs(10),
        tries: usize::MAX,
        jobs: 2,
    };
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} what?"));
        match argument.as_str() {
            "--again" => options.again = true,
            "--alone" => (options.again, options.alone) = (true, true),
            "--resume" => (options.again, options.resume) = (true, true),
            "--test" => options.tests.push(value()?),
            "--skip" => options.skipped.push(value()?),
            "--slow" => options.slow = Duration::from_secs(value()?.parse()?),
            "--tries" => options.tries = value()?.parse()?,
            "--jobs" => options.jobs = value()?.parse()?,
            _ => options.globs.push(argument),
        }
    }
    Ok(options)
}

fn main() -> Result<(), Failure> {
    env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))?;
    let options = options()?;
    let results_path = Path::new(WORK).join("results.json");
    let mut results: BTreeMap<String, String> = match fs::read(&results_path) {
        Ok(old) if options.again => serde_json::from_slice(&old)?,
        _ => BTreeMap::new(),
    };

    let mutants = list::list(&options.globs)?;
    let copy =
        tree::prepare(Path::new(WORK), &|path| mutants.iter().any(|m| Path::new(&m.file) == path))?;
    let unviable = rounds::settle(&mutants, &copy, options.again)?;
    for (&number, reason) in &unviable {
        let old = results.get(&mutants[number].key).filter(|_| reason == weave::NOT_IN_ONE_BUILD);
        // What came of it alone stays known.
        if old.is_none() {
            results.insert(mutants[number].key.clone(), format!("unviable: {reason}"));
        }
    }
    // Whoever looks at it meanwhile, or stops this, finds it whole.
    let keep = |results: &BTreeMap<String, String>| {
        let text = serde_json::to_string_pretty(results).expect("strings");
        let next = results_path.with_extension("next");
        fs::write(&next, text).and_then(|()| fs::rename(&next, &results_path)).expect("a file");
    };
    if options.alone {
        let open = |key: &str| results.get(key).is_none_or(|old| !is_caught(old));
        let numbers: Vec<usize> = unviable
            .iter()
            .filter(|&(&number, reason)| {
                reason == weave::NOT_IN_ONE_BUILD && open(&mutants[number].key)
            })
            .map(|(&number, _)| number)
            .collect();
        alone::test(&mutants, &numbers, &options.tests, |number, outcome| {
            println!("{}: {outcome}", mutants[number].key);
            results.insert(mutants[number].key.clone(), outcome);
            keep(&results);
        })?;
        return known::report(&mutants, &results);
    }

    let mut tests = suite::record(&copy, &options)?;
    let all: Duration = tests.iter().map(|test| test.time).sum();
    tests.sort_by_key(|test| std::cmp::Reverse(test.time));
    println!("{} tests, {all:.1?}, the slowest:", tests.len());
    for test in tests.iter().take(12) {
        println!("  {:8.2?} {}", test.time, test.name);
    }

    let known = known::explained();
    let wanted: Vec<usize> = (0..mutants.len())
        .filter(|number| !unviable.contains_key(number))
        .filter(|&number| match results.get(&mutants[number].key) {
            Some(old) => {
                !options.resume && !is_caught(old) && !known.contains(&mutants[number].key)
            }
            None => true,
        })
        .collect();
    let hunt = Hunt {
        mutants: &mutants,
        tests: &tests,
        copy,
        tries: Mutex::default(),
        tries_each: options.tries,
        done: AtomicUsize::new(0),
        of: wanted.len(),
    };
    let results = Mutex::new(results);
    pool::map(options.jobs, wanted, |number| {
        let outcome = hunt.test(number);
        let mut results = results.lock().unwrap();
        results.insert(mutants[number].key.clone(), outcome);
        keep(&results);
    });
    known::report(&mutants, &results.into_inner().unwrap())
}

pub fn is_caught(outcome: &str) -> bool {
    outcome.starts_with("caught") || outcome.starts_with("timed out")
}

/// By test and file: how often it was tried with the file's mutants, and how often it failed.
type Tries<'a> = HashMap<(usize, &'a str), (u32, u32)>;

struct Hunt<'a> {
    mutants: &'a [Mutant],
    tests: &'a [Test],
    copy: PathBuf,
    tries: Mutex<Tries<'a>>,
    tries_each: usize,
    done: AtomicUsize,
    of: usize,
}

impl Hunt<'_> {
    /// Tries the tests that reach it until one fails; first those that are likely to and quick.
    fn test(&self, number: usize) -> String {
        let mutant = &self.mutants[number];
        let mut left: Vec<usize> = (0..self.tests.len())
            .filter(|&test| self.tests[test].reaches.contains(&number))
            .collect();
        let outcome = if left.is_empty() {
            "not reached".to_owned()
        } else {
            let most = left.len().min(self.tries_each);
            let rest = left.len() - most;
            loop {
                if left.len() == rest {
                    break format!("survived {most} tests");
                }
                let next = self.best(&mutant.file, &left).expect("there are some");
                let test = left.swap_remove(next);
                let result = self.tests[test].with_mutant(&self.copy, number);
                let mut tries = self.tries.lock().unwrap();
                let (tried, failed) = tries.entry((test, &mutant.file)).or_default();
                *tried += 1;
                if result != Outcome::Passed {
                    *failed += 1;
                    let how = if result == Outcome::Failed { "caught by" } else { "timed out in" };
                    break format!("{how} {}", self.tests[test].name);
                }
            }
        };
        let done = self.done.fetch_add(1, Relaxed) + 1;
        if !is_caught(&outcome) || done.is_multiple_of(100) {
            println!(
                "{done}/{} {}:{} {}: {outcome}",
                self.of, mutant.file, mutant.line, mutant.key
            );
        }
        outcome
    }

    fn best(&self, file: &str, left: &[usize]) -> Option<usize> {
        let tries = self.tries.lock().unwrap();
        let cost = |&test: &usize| {
            let (tried, failed) = tries.get(&(test, file)).copied().unwrap_or_default();
            self.tests[test].time.as_secs_f64() * f64::from(tried + 2) / f64::from(failed + 1)
        };
        (0..left.len()).min_by(|&a, &b| cost(&left[a]).total_cmp(&cost(&left[b])))
    }
}
