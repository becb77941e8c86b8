//! Which mutants compile: the compiler is asked until it has no complaint.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use crate::list::Mutant;
use crate::weave::{self, Woven, weave};
use crate::{Failure, tree};

/// The mutants that are not in the sources, with the reason.
pub type Unviable = BTreeMap<usize, String>;

/// Puts all mutants that compile into the sources of the copy. `again` begins where it ended the last time.
pub fn settle(mutants: &[Mutant], copy: &Path, again: bool) -> Result<Unviable, Failure> {
    let mut files: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, mutant) in mutants.iter().enumerate() {
        files.entry(&mutant.file).or_default().push(number);
    }
    let mut unviable = Unviable::new();
    let mut constant = HashSet::new();
    let noted = copy.with_file_name("unviable.json");
    if again && let Ok(old) = fs::read(&noted) {
        let (keys, names): (HashMap<String, String>, _) = serde_json::from_slice(&old)?;
        let reason =
            |(number, mutant): (usize, &Mutant)| Some((number, keys.get(&mutant.key)?.clone()));
        unviable.extend(mutants.iter().enumerate().filter_map(reason));
        constant = names;
    }
    for round in 1.. {
        let mut woven = HashMap::new();
        for (&file, numbers) in &files {
            let these: Vec<_> = numbers
                .iter()
                .filter(|n| !unviable.contains_key(n))
                .map(|&n| (n, &mutants[n]))
                .collect();
            let text = weave(&fs::read_to_string(file)?, &these, &constant)?;
            write_if_changed(&copy.join(file), &text.text)?;
            woven.insert(file, text);
        }
        let before = unviable.len() + constant.len();
        for &(number, reason) in woven.values().flat_map(|text| &text.left_out) {
            unviable.insert(number, reason.to_owned());
        }
        let errors = check(copy)?;
        println!("round {round}: {} errors, {} mutants left out", errors.len(), unviable.len());
        if errors.is_empty() {
            return Ok(unviable);
        }
        for error in &errors {
            blame(error, &woven, &mut unviable, &mut constant);
        }
        let keys: HashMap<_, _> =
            unviable.iter().map(|(&n, reason)| (&mutants[n].key, reason)).collect();
        fs::write(&noted, serde_json::to_vec(&(keys, &constant))?)?;
        if unviable.len() + constant.len() == before {
            let texts: Vec<_> = errors.iter().filter_map(|e| e["rendered"].as_str()).collect();
            return Err(format!("no mutant is to blame for:\n{}", texts.concat()).into());
        }
    }
    unreachable!()
}

/// So that what did not change need not be compiled again.
pub fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        Ok(())
    } else {
        fs::write(path, text)
    }
}

fn check(copy: &Path) -> Result<Vec<Value>, Failure> {
    // A small test, for what the library is built as for the others.
    let mut cargo = tree::cargo(copy);
    cargo.args([
        "test",
        "--no-run",
        "--test",
        "spec",
        "--features",
        tree::FEATURES,
        "--message-format=json",
    ]);
    let output = cargo.output()?;
    let mut errors = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line)?;
        let inner = &message["message"];
        if message["reason"] == "compiler-message" && inner["level"] == "error" {
            errors.push(inner.clone());
        }
    }
    // The last one only counts the others.
    errors.retain(|error| error["spans"].as_array().is_some_and(|spans| !spans.is_empty()));
    if errors.is_empty() && !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(errors)
}

fn blame(
    error: &Value,
    woven: &HashMap<&str, Woven>,
    unviable: &mut Unviable,
    constant: &mut HashSet<String>,
) {
    let code = error["code"]["code"].as_str().unwrap_or("syntax");
    let text = error["message"].as_str().unwrap_or_default();
    let reason = match code {
        // In a constant nothing can be asked.
        "E0015" => weave::NOT_IN_ONE_BUILD.to_owned(),
        _ => format!("{code}: {text}"),
    };
    // A function that was const is called where it must be.
    if code == "E0015"
        && let Some(name) = text.split('`').nth(1)
    {
        let name = name.rsplit("::").next().unwrap_or(name);
        if woven.values().any(|file| file.loosened.contains(name)) {
            constant.insert(name.to_owned());
            return;
        }
    }
    // A match that would not be whole: the next switches are in its arms.
    if code == "E0004"
        && let Some((file, place)) = places(error, woven).into_iter().next()
    {
        let deleted = |range: &Range<usize>| file.text[range.clone()].starts_with(weave::ARM);
        let after =
            file.pieces.iter().filter(|(range, _)| range.start >= place.end && deleted(range));
        if let Some((_, numbers)) = after.min_by_key(|(range, _)| range.start) {
            unviable.extend(numbers.iter().map(|&number| (number, reason.clone())));
        }
        return;
    }
    for (file, place) in places(error, woven) {
        let around = file
            .pieces
            .iter()
            .filter(|(range, _)| range.start <= place.start && place.end <= range.end);
        if let Some((_, numbers)) = around.min_by_key(|(range, _)| range.len()) {
            unviable.extend(numbers.iter().map(|&number| (number, reason.clone())));
            return;
        }
    }
}

/// Where an error is: the main place first, then the others.
fn places<'a>(error: &Value, woven: &'a HashMap<&str, Woven>) -> Vec<(&'a Woven, Range<usize>)> {
    let mut spans: Vec<_> = error["spans"].as_array().into_iter().flatten().collect();
    spans.sort_by_key(|span| span["is_primary"] != true);
    let place = |span: &Value| {
        let number = |name| span[name].as_u64().unwrap_or(0) as usize;
        let file = woven.get(span["file_name"].as_str()?)?;
        Some((file, number("byte_start")..number("byte_end")))
    };
    spans.into_iter().filter_map(place).collect()
}
