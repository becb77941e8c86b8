//! Every blob of the corpus against what the engine that made it says.

mod support;

use serde_json::{Value as Json, json};
use support::{Case, Describer, ENGINES, cases, engine_setup, hex, verdict_setup, with_stack};
use v8wire::{Document, Error, Release};

/// Shows the two, cut, where they differ.
fn differ(name: &str, ours: &Json, theirs: &Json) -> Option<String> {
    let mut theirs = theirs.clone();
    match theirs.get_mut("ok") {
        Some(description) => support::normalise(description),
        None => support::normalise(&mut theirs),
    }
    let (ours, theirs) = (ours.to_string(), theirs.to_string());
    if ours == theirs {
        return None;
    }
    let at = ours.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
    let cut = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(60)..text.len().min(at + 100)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    Some(format!("{name}\n   ours: {}\n   theirs: {}", cut(&ours), cut(&theirs)))
}

fn report(folder: &str, count: usize, wrong: &[String]) {
    assert!(wrong.is_empty(), "{folder}: {} of {count} wrong\n{}", wrong.len(), wrong.join("\n"));
    println!("{folder}: {count} blobs as described");
}

/// Which release reads what this engine wrote: its own for the errors of older ones (Node 26 cannot
/// read those), the newest for all else.
fn release(case: &Case) -> Release {
    let cause_before_stack =
        ["node-16", "node-18", "node-20"].contains(&case.json["engine"].as_str().unwrap_or(""));
    if cause_before_stack && case.json["value"].to_string().contains("\"error\"") {
        return Release::new(12, 0);
    }
    match case.json["case"].as_str() {
        // Modules with their bytes, which only older releases know.
        Some("wasm-module") if case.bytes.contains(&b'W') => Release::new(7, 8),
        Some("wasm-memory") => match case.json["engine"].as_str().unwrap_or("") {
            "node-16" => Release::new(9, 4),
            "node-18" => Release::new(10, 2),
            "node-20" => Release::new(11, 3),
            "node-22" => Release::new(12, 4),
            "node-24" => Release::new(13, 6),
            "node-26" => Release::new(14, 6),
            _ => Release::NEWEST,
        },
        _ => Release::NEWEST,
    }
}

fn check_engine_case(case: &Case) -> Option<String> {
    let mut setup = engine_setup(case);
    setup.options.strictness = match case.json["case"].as_str() {
        // Its own engines refuse it; see corpus/README.md.
        Some("error-cause-itself") => v8wire::Strictness::Lenient,
        _ => v8wire::Strictness::Engine(release(case)),
    };
    let name = case.name();
    let several = case.has("values");
    let parsed: Result<Document<'_>, Error> = if several {
        setup.options.parse_all(&case.bytes)
    } else {
        setup.options.parse(&case.bytes)
    };
    let doc = match parsed {
        Ok(doc) => doc,
        Err(error) => {
            return Some(format!(
                "{name}: {error}\n   {}",
                hex(&case.bytes[..case.bytes.len().min(64)])
            ));
        }
    };
    if several {
        let mut all = Describer::new(&setup);
        let one_numbering = case.json["case"] == "several-values-shared";
        let ours: Vec<Json> = doc
            .values()
            .map(|value| {
                if one_numbering {
                    all.describe(value)
                } else {
                    Describer::new(&setup).describe(value)
                }
            })
            .collect();
        return differ(&name, &json!(ours), &case.json["values"]);
    }
    let ours = Describer::new(&setup).describe(doc.root().value());
    differ(&name, &ours, &case.json["value"])
}

#[test]
fn engines_blobs_are_as_the_engines_describe_them() {
    with_stack(|| {
        let mut total = 0;
        let mut wrong = Vec::new();
        for folder in ENGINES {
            // Written piece by piece: no value to parse, see tests/deserializer.rs.
            let cases: Vec<Case> =
                cases(folder).into_iter().filter(|case| !case.has("parts")).collect();
            total += cases.len();
            wrong.extend(cases.iter().filter_map(check_engine_case));
        }
        report("engines", total, &wrong);
    });
}

/// A difference between us and an engine that we know of.
struct Known {
    case: &'static str,
    engines: Vec<&'static str>,
    used: bool,
    line: &'static str,
}

fn known_differences() -> Vec<Known> {
    let mut known = Vec::new();
    for line in include_str!("known-differences.txt").lines() {
        let (without, with) =
            (line.strip_prefix("without regress "), line.strip_prefix("with regress "));
        let rule = match if cfg!(feature = "regress") { (with, without) } else { (without, with) } {
            (Some(rule), _) => rule,
            (None, Some(_)) => continue,
            (None, None) => line,
        };
        if rule.starts_with('#') || rule.is_empty() {
            continue;
        }
        let (who, _reason) = rule.split_once(": ").expect("case and reason");
        let mut words = who.split(' ');
        let case = words.next().expect("case");
        known.push(Known { case, engines: words.collect(), used: false, line });
    }
    known
}

fn engine_release(engine: &str) -> Release {
    match engine {
        "libnode-10.2" => Release::new(10, 2),
        "deno-2.9" => Release::new(15, 0),
        node => node.parse().expect("engine"),
    }
}

/// Our verdict and description at a release, as the engine's JSON has them.
fn verdict(case: &Case, release: Release) -> Result<Json, Error> {
    let setup = verdict_setup(case, release);
    let (doc, read) = setup.options.parse_prefix(&case.bytes)?;
    let mut ours = json!({ "ok": Describer::new(&setup).describe(doc.root().value()) });
    if read < case.bytes.len() {
        ours["left"] = json!(case.bytes.len() - read);
    }
    Ok(ours)
}

#[test]
fn strictness_is_that_of_each_release() {
    with_stack(|| {
        let mut total = 0;
        let mut wrong = Vec::new();
        let mut known = known_differences();
        for folder in ["handmade", "refused"] {
            for case in cases(folder) {
                let short = case.json["case"].as_str().expect("name").to_owned();
                let engines = case.json["engines"].as_object().expect("engines");
                for (engine, theirs) in engines {
                    total += 1;
                    let refused = theirs.get("refused").is_some();
                    let problem = match verdict(&case, engine_release(engine)) {
                        Ok(_) if refused => {
                            Some(format!("{} {engine}: taken, they refuse", case.name()))
                        }
                        Ok(mut ours) => {
                            if theirs.get("left").is_none()
                                && case.json["options"].as_object().is_some_and(|o| {
                                    o.contains_key("shared") || o.contains_key("modules")
                                })
                            {
                                ours.as_object_mut().expect("object").remove("left");
                            }
                            differ(&format!("{} {engine}", case.name()), &ours, theirs)
                        }
                        Err(_) if refused => None,
                        Err(error) => Some(format!("{} {engine}: {error}", case.name())),
                    };
                    let Some(problem) = problem else { continue };
                    match known.iter_mut().find(|known| {
                        known.case == short
                            && (known.engines.is_empty() || known.engines.contains(&&**engine))
                    }) {
                        Some(known) => known.used = true,
                        None => wrong.push(problem),
                    }
                }
            }
        }
        report("hand-made cases", total, &wrong);
        let unused: Vec<&str> =
            known.iter().filter(|known| !known.used).map(|known| known.line).collect();
        assert!(unused.is_empty(), "known differences that are none:\n{}", unused.join("\n"));
    });
}
