//! SPEC.md and the code name each other's places, and those exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn spec() -> String {
    std::fs::read_to_string(root().join("SPEC.md")).expect("SPEC.md")
}

/// The numbers of all rules: `3.22.2`.
fn rules(spec: &str) -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for part in spec.split("<a id=\"r-").skip(1) {
        let id = part.split('"').next().expect("id");
        let number = id.replace('-', ".");
        assert!(
            part.contains(&format!("**{number}**")),
            "anchor {id} is not that of rule {number}"
        );
        assert!(rules.insert(number), "rule {id} stands twice");
    }
    rules
}

#[test]
fn links_lead_somewhere() {
    let spec = spec();
    let rules = rules(&spec);
    assert!(rules.len() > 150, "{} rules", rules.len());
    let mut files = 0;
    for link in spec.split("](").skip(1) {
        let target = link.split(')').next().expect("target");
        if let Some(rule) = target.strip_prefix("#r-") {
            assert!(rules.contains(&rule.replace('-', ".")), "no rule {rule}");
        } else if !target.contains("://") && !target.starts_with('#') {
            files += 1;
            assert!(root().join(target).exists(), "no file {target}");
        }
    }
    assert!(files > 300, "{files} links to the corpus");
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_code_names_rules_that_exist() {
    let rules = rules(&spec());
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut named = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("source");
        // Comments are broken into lines anywhere.
        let text: String = text
            .lines()
            .map(|line| line.trim().trim_start_matches('/').trim_start_matches('!'))
            .collect();
        for mention in text.split("SPEC.md ").skip(1) {
            let end = mention
                .find(|char: char| !char.is_ascii_digit() && !" .,to;and".contains(char))
                .unwrap_or(mention.len());
            for number in mention[..end].split([' ', ',', ';']) {
                let number = number.trim_matches('.');
                if number.contains('.') && number.starts_with(|char: char| char.is_ascii_digit()) {
                    assert!(rules.contains(number), "{}: no rule {number}", file.display());
                    named.insert(number.to_owned());
                }
            }
        }
    }
    assert!(named.len() > 40, "only {} rules are named: {named:?}", named.len());
}
