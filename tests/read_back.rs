//! What we write, read by the engines that it was written for.
//!
//! Runs where `V8WIRE_READ_BACK` names engines, such as `node-12,deno-2.9`: see
//! `scripts/engines-read-back.sh`. Every value of the corpus is transcoded for each of them, and must be
//! read as the value that the corpus describes.

#[path = "support/ask.rs"]
mod ask;
mod support;

use std::fmt::Write as _;
use std::path::Path;

use ask::ask;
use serde_json::{Value as Json, json};
use support::{Case, ENGINES, cases, engine_setup, hex, normalise, with_stack};
use v8wire::{
    ByteOrder, Profile, Release, Strictness, Target, TranscodeError, Transcoder, WriteErrorKind,
    WriteOptions,
};

/// What was written of a case, and what must come of it.
struct Job {
    name: String,
    blob: Vec<u8>,
    value: Json,
    must: Must,
}

#[derive(Clone, Copy, PartialEq)]
enum Must {
    /// It is read as the value.
    BeEqual,
    /// It was lowered, and is read.
    BeRead,
    /// It was refused, and with right: written all the same it is not read as the value.
    Differ,
}

#[derive(Default)]
struct Counts {
    refused: usize,
    lowered: usize,
    foreign: usize,
}

/// Patterns are not compiled before they are written (SPEC.md 12.1), so that old engines may refuse them.
fn is_newer_pattern(case: &Case, release: Release) -> bool {
    let since = match case.json["case"].as_str() {
        Some("regexp-modifiers") => Release::new(13, 6),
        Some("regexp-named-groups") => Release::new(6, 8),
        _ => return false,
    };
    release < since
}

/// Cases of one value whose host objects, if any, Node or nobody writes.
fn all_cases() -> Vec<Case> {
    let folders = ENGINES.into_iter().chain(["node-18-s390x"]);
    let mut all: Vec<Case> = folders.flat_map(cases).collect();
    all.retain(|case| {
        let own = case.json["serializer"] == "custom"
            || (case.json["serializer"] == "core"
                && case.json["value"].to_string().contains("\"host\""));
        case.has("value") && !own && !case.has("shared") && !case.has("host")
    });
    all
}

fn jobs(all: &[Case], target: Target, version: u32, counts: &mut Counts) -> Vec<(Json, Job)> {
    let mut jobs = Vec::new();
    for case in all {
        let mut setup = engine_setup(case);
        if case.name().starts_with("node-18-s390x") {
            setup.options.byte_order = ByteOrder::Big;
        }
        // Errors of old writers: the first release that takes it, the newest first.
        let releases = [(15, 2), (12, 4), (11, 3), (7, 8), (6, 2)];
        let read = releases.iter().find_map(|&(major, minor)| {
            let strictness = Strictness::Engine(Release::new(major, minor));
            let options = setup.options.clone().strictness(strictness);
            options.parse(&case.bytes).ok()
        });
        let Some(doc) = read else { continue }; // A header and nothing more.
        let raw = ["raw", "core", "kv"].contains(&case.json["serializer"].as_str().unwrap_or(""))
            || target.profile() == Profile::V8;
        let profile = if raw { Profile::V8 } else { Profile::Node };
        // An id of a module means nothing in another process.
        let has_module = case.bytes.contains(&b'w') && case.json["case"] == "wasm-module";
        if is_newer_pattern(case, target.release())
            || (has_module && target.profile() == Profile::V8)
        {
            continue;
        }
        if target.profile() == Profile::V8 && case.json.to_string().contains("\"hostview\"") {
            continue; // Read as views over buffers, and described otherwise.
        }
        let to = WriteOptions::for_target(target).version(version).profile(profile);
        let transcode = |to: WriteOptions| Transcoder::new(&doc, &setup.options, &to).to_vec();
        let mut options = match target.profile() {
            Profile::V8 => json!({"shared": {}}),
            _ if raw => json!({}),
            _ => json!({"profile": "node"}),
        };
        if case.has("transfers") {
            if target.profile() == Profile::V8 {
                continue; // Deno's core takes none.
            }
            options["transfers"] = case.json["transfers"].clone();
        }
        let mut value = case.json["value"].clone();
        normalise(&mut value);
        let name = format!("{} for {target} in version {version}", case.name());
        match transcode(to) {
            Ok(blob) => jobs.push((options, Job { name, blob, value, must: Must::BeEqual })),
            Err(TranscodeError::Write { obstacles, .. }) => {
                let foreign = obstacles
                    .iter()
                    .any(|error| matches!(error.kind(), WriteErrorKind::ForeignElements { .. }));
                counts.foreign += usize::from(foreign);
                counts.refused += usize::from(!foreign);
                let mut push = |blob, must| {
                    let (name, value) = (name.clone(), value.clone());
                    jobs.push((options.clone(), Job { name, blob, value, must }));
                };
                if let Ok(blob) = transcode(to.lower(true)) {
                    counts.lowered += 1;
                    push(blob, Must::BeRead);
                }
                let mut anyhow = to;
                anyhow.target = None;
                if !foreign && let Ok(blob) = transcode(anyhow) {
                    push(blob, Must::Differ);
                }
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    jobs
}

#[test]
fn engines_read_what_is_written_for_them() {
    let Ok(engines) = std::env::var("V8WIRE_READ_BACK") else {
        println!("no engines given in V8WIRE_READ_BACK");
        return;
    };
    with_stack(|| check_all(&engines));
}

fn check_all(engines: &str) {
    let all = all_cases();
    assert!(all.len() > 3500, "only {}", all.len());
    for engine in engines.split(',') {
        let mut targets = vec![engine.parse::<Target>().unwrap_or(Target::DENO)];
        if engine.starts_with("deno") {
            targets.push(Target::DENO_CORE);
        }
        if let Some(major) = engine.strip_prefix("node-")
            && major.parse::<u32>().is_ok_and(|major| major >= 12)
        {
            check_channel(&all, engine, targets[0]);
        }
        for target in targets {
            let newest = target.release().latest_version();
            for version in (13..=newest).filter(|version| newest > 13 || *version == 13) {
                check(&all, engine, target, version);
            }
        }
    }
}

/// Messages to child processes, as Node's own end of a channel takes them.
fn check_channel(all: &[Case], engine: &str, target: Target) {
    let to = WriteOptions::for_target(target).profile(Profile::NodeIpc);
    let (mut expected, mut lines) = (Vec::new(), String::new());
    for case in all {
        let serializer = case.json["serializer"].as_str().unwrap_or_default();
        if !["default", "channel"].contains(&serializer)
            || is_newer_pattern(case, target.release())
            || case.name().starts_with("node-18-s390x")
        {
            continue;
        }
        // Null and undefined are no messages.
        let setup = engine_setup(case);
        let Ok(doc) = setup.options.parse(&case.bytes) else { continue };
        if doc.root().is_null() || doc.root().is_undefined() {
            continue;
        }
        let Ok(blob) = Transcoder::new(&doc, &setup.options, &to).to_vec() else { continue };
        let mut value = case.json["value"].clone();
        normalise(&mut value);
        expected.push((case.name(), value));
        let _ = writeln!(lines, "{}", hex(&blob));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("v8wire-channel-{}", std::process::id()));
    std::fs::write(&file, lines).expect("write");
    let answers = ask::ask_channel(engine, &file);
    let _ = std::fs::remove_file(file);
    assert_eq!(answers.len(), expected.len(), "{target}: messages");
    for ((name, value), mut answer) in expected.iter().zip(answers) {
        normalise(&mut answer);
        assert_eq!(&answer, value, "{name} for {target}");
    }
    println!("{target}, messages to a child process: {} taken as equal", expected.len());
    assert!(expected.len() > 1500);
}

fn check(all: &[Case], engine: &str, target: Target, version: u32) {
    let mut counts = Counts::default();
    let (options, jobs): (Vec<Json>, Vec<Job>) =
        jobs(all, target, version, &mut counts).into_iter().unzip();
    let mut lines = String::new();
    for (options, job) in options.iter().zip(&jobs) {
        let _ = writeln!(lines, "{}", json!({"hex": hex(&job.blob), "options": options}));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("v8wire-read-back-{}.jsonl", std::process::id()));
    std::fs::write(&file, lines).expect("write");
    let answers = ask(engine, &file);
    let _ = std::fs::remove_file(file);
    assert_eq!(answers.len(), jobs.len());
    let (mut equal, mut wrong) = (0, Vec::new());
    for (job, mut answer) in jobs.iter().zip(answers) {
        if let Some(description) = answer.get_mut("ok") {
            normalise(description);
        }
        let same = answer.get("ok") == Some(&job.value) && answer.get("left").is_none();
        let good = match job.must {
            Must::BeEqual => same,
            Must::BeRead => answer.get("ok").is_some(),
            Must::Differ => !same,
        };
        equal += usize::from(same && job.must == Must::BeEqual);
        if !good {
            let cut = |json: &Json| json.to_string().chars().take(400).collect::<String>();
            wrong.push(format!(
                "{}: {}\n  expected {}\n  found    {}",
                job.name,
                hex(&job.blob).chars().take(200).collect::<String>(),
                cut(&job.value),
                cut(&answer)
            ));
        }
    }
    println!(
        "{target}, version {version}: {equal} values read as equal, {} refused ({} of them lowered and read), \
         {} with elements of the other byte order",
        counts.refused, counts.lowered, counts.foreign
    );
    let count = wrong.len();
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{target}: {count} wrong\n{}", wrong.join("\n"));
    assert!(equal > 2500, "{target}: only {equal}");
}
