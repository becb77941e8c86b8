//! Mutants that cannot be in one build with the others: a build for each.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::list::Mutant;
use crate::{Failure, WORK, tree, weave};

/// So many seconds for all tests together.
const LIMIT: &str = "900";

const SURVIVED: &str = "survived alone";

/// Tries each by itself, with the tests of these binaries or with all, and tells how that ended.
pub fn test(
    mutants: &[Mutant],
    numbers: &[usize],
    tests: &[String],
    mut note: impl FnMut(usize, String),
) -> Result<(), Failure> {
    let copy = tree::prepare(&Path::new(WORK).join("alone"), &|_| false)?;
    let unchanged = outcome(&copy, tests)?;
    if unchanged != SURVIVED {
        return Err(format!("with no mutant at all: {unchanged}").into());
    }
    for &number in numbers {
        let mutant = &mutants[number];
        let source = fs::read_to_string(&mutant.file)?;
        let offset = weave::offsets(&source);
        let (before, behind) = (&source[..offset(mutant.start)], &source[offset(mutant.end)..]);
        let mutated = copy.join(&mutant.file);
        fs::write(&mutated, [before, &mutant.replacement, behind].concat())?;
        let outcome = outcome(&copy, tests)?;
        fs::write(&mutated, &source)?;
        note(number, outcome);
    }
    Ok(())
}

fn outcome(copy: &Path, tests: &[String]) -> Result<String, Failure> {
    let mut arguments = vec!["test", "--features", tree::FEATURES];
    for test in tests {
        arguments.extend(if test == "v8wire" { vec!["--lib"] } else { vec!["--test", test] });
    }
    if tests.is_empty() {
        arguments.extend(["--lib", "--tests"]);
    }
    if !tree::cargo(copy).args(&arguments).arg("--no-run").output()?.status.success() {
        return Ok("unviable: alone".to_owned());
    }
    // Memory is limited too, as what grows without bound would take the machine's.
    let cargo = tree::cargo(copy);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 6000000; exec timeout -k 5 \"$@\"", "sh", LIMIT, "cargo"]);
    command.args(&arguments).current_dir(copy);
    command.envs(cargo.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // Or it would not say which.
    command.env("CARGO_TERM_QUIET", "false");
    command.env("PROPTEST_RNG_SEED", "1").env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
    let output = command.output()?;
    if output.status.success() {
        return Ok(SURVIVED.to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut failed = text.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
    let name = failed.next().and_then(|line| line.strip_prefix("test "));
    Ok(format!("caught by {}", name.unwrap_or("what ended the tests")))
}
