//! What is said in the end: new survivors, and explanations that are no longer needed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::list::Mutant;
use crate::{Failure, is_caught, weave};

/// Survivors that are explained: `# why` and below it their keys.
const KNOWN: &str = "tests/mutants.txt";

/// The keys of those that are explained.
pub fn explained() -> BTreeSet<String> {
    let known = fs::read_to_string(KNOWN).unwrap_or_default();
    let keys = known.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    keys.map(str::to_owned).collect()
}

pub fn report(mutants: &[Mutant], results: &BTreeMap<String, String>) -> Result<(), Failure> {
    let mut known = explained();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut survivors = Vec::new();
    for mutant in mutants {
        let outcome = results.get(&mutant.key).map_or("not tried", String::as_str);
        let explained = known.remove(mutant.key.as_str());
        let kind = match outcome {
            caught if caught.starts_with("caught") => "caught",
            late if late.starts_with("timed out") => "timed out",
            not if not.contains(weave::NOT_IN_ONE_BUILD) => "not in one build",
            not if not.starts_with("unviable") => "unviable",
            _ if explained => "explained",
            _ => "survived",
        };
        *counts.entry(kind).or_default() += 1;
        if kind == "survived" {
            survivors.push(format!("{} (line {}): {outcome}", mutant.key, mutant.line));
        }
        if explained && is_caught(outcome) {
            survivors.push(format!("{}: explained, but {outcome}", mutant.key));
        }
    }
    survivors
        .extend(known.iter().map(|key| format!("{key}: explained, but there is no such mutant")));
    println!("{} mutants: {counts:?}", mutants.len());
    if survivors.is_empty() { Ok(()) } else { Err(format!("\n{}", survivors.join("\n")).into()) }
}
