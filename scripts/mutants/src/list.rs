//! What cargo-mutants would try.

use std::collections::HashMap;
use std::process::Command;

use serde_json::Value;

use crate::Failure;

/// A place in a source file, both numbers from 1, the column in characters.
pub type Place = (usize, usize);

/// One change to the sources, as cargo-mutants lists it.
pub struct Mutant {
    /// File, change and function, and which of several that are equal in these. Holds no line number, so
    /// that it outlives edits elsewhere in the file.
    pub key: String,
    pub file: String,
    pub line: usize,
    pub genre: String,
    pub start: Place,
    pub end: Place,
    pub replacement: String,
}

/// All mutants of the files that match.
pub fn list(globs: &[String]) -> Result<Vec<Mutant>, Failure> {
    let mut command = Command::new("cargo");
    command.args(["mutants", "--list", "--json"]);
    for glob in globs {
        command.args(["-f", glob]);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("cargo mutants: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let listed: Value = serde_json::from_slice(&output.stdout)?;
    let mut seen = HashMap::new();
    listed.as_array().ok_or("not a list")?.iter().map(|mutant| parse(mutant, &mut seen)).collect()
}

fn parse(mutant: &Value, seen: &mut HashMap<String, usize>) -> Result<Mutant, Failure> {
    let text = |name: &str| Ok::<_, Failure>(mutant[name].as_str().ok_or("no text")?.to_owned());
    let place = |end: &str| -> Result<Place, Failure> {
        let number = |name| mutant["span"][end][name].as_u64().ok_or("no place");
        Ok((number("line")? as usize, number("column")? as usize))
    };
    let (file, name) = (text("file")?, text("name")?);
    let (start, end) = (place("start")?, place("end")?);
    // The name is `file:line:column: change`.
    let change = name.splitn(4, ':').nth(3).unwrap_or(&name).trim();
    let mut key = format!("{file}: {change}");
    let nth = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(1);
    if *nth > 1 {
        key = format!("{key} #{nth}");
    }
    let (genre, replacement) = (text("genre")?, text("replacement")?);
    Ok(Mutant { key, file, line: start.0, genre, start, end, replacement })
}
