//! `v8wire decode --format typed` and `v8wire encode` over the whole corpus: the same bytes.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::num::NonZero;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use serde_json::Value as Json;
use support::{Case, ENGINES, cases, with_stack};

/// The folders besides those of [`ENGINES`].
const OTHERS: [&str; 6] =
    ["node-18-s390x", "handmade", "refused", "other/chromium", "other/workerd", "other/bun"];
/// Host objects of the cases of engines (`host` in their JSON).
const CUSTOM: &str = "{1: | 2: bytes | 3: uint64 double | 4: value | 5: value value}";
/// Those of `Deno.core`: an index, or 2^32 - 1 and a value.
const DENO_CORE: &str = "{4294967295: value | }";
/// SPEC.md 9.5
const WORKERD: &str = "{4: uint32 [{0: bytes | } bytes] | 5: bytes value | 6: value value | 8: bytes bytes bytes \
                       | 10: {0: value | } value value | 15: bytes bytes}";
/// SPEC.md 9.1; of an ImageData the three settings that are there, and of a CryptoKey what Chromium wrote.
const CHROMIUM: &str = "{35: uint32 uint32 uint32 uint32 uint32 uint32 uint32 uint32 uint32 bytes \
                        | 69: double double double double | 73: double double double double double double \
                        | 75: uint32 uint32 uint32 uint32 | 76: [uint32] | 81: double double double double \
                        | 84: double double double double double double double double \
                              double double double double double double double double \
                        | 87: double double double double | 101: uint32 | 105: uint32 | 120: bytes bytes bytes}";
/// The length of Blink's header from 21 on.
const ENVELOPE: &str = "15";

fn is_wasm(shared: &Json) -> bool {
    let mut buffers = shared.as_object().into_iter().flat_map(|buffers| buffers.values());
    buffers.any(|buffer| buffer.get("wasm").is_some() || buffer.get("length").is_some())
}

/// What the case's JSON says that a reader has to know.
fn options(case: &Case, folder: &str) -> Vec<String> {
    let mut args: Vec<&str> = Vec::new();
    let given = &case.json["options"];
    match folder {
        "node-18-s390x" => args.push("--big-endian"),
        "other/chromium" => {
            args.extend(["--skip", ENVELOPE, "--trailing", "--host", CHROMIUM]);
        }
        "other/workerd" => args.extend(["--host", WORKERD]),
        _ => {}
    }
    if case.has("values") {
        args.push("--all");
    }
    let host = match (case.json["serializer"].as_str(), given["host"].as_str()) {
        (Some("custom" | "raw"), _) if case.has("host") => Some(CUSTOM),
        (Some("core"), _) => Some(DENO_CORE),
        (_, Some("nothing")) => Some(""),
        (_, host) => host,
    };
    match (host, case.json["serializer"].as_str()) {
        (Some(host), _) => args.extend(["--host", host]),
        (None, Some("channel")) => args.extend(["--profile", "node-ipc"]),
        (None, _) if given.is_object() && given["profile"] != "node" => {
            args.extend(["--profile", "v8"]);
        }
        _ => {}
    }
    if is_wasm(&case.json["shared"]) || is_wasm(&given["shared"]) {
        args.push("--wasm-shared-buffers");
    }
    let version = case.json["version"].as_u64().map(|version| version.to_string());
    args.extend(version.iter().flat_map(|version| ["--wire-version", version]));
    args.into_iter().map(String::from).collect()
}

fn v8wire(args: &[String], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_v8wire"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("v8wire");
    let mut stdin = child.stdin.take().expect("stdin");
    std::thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("output")
    })
}

/// Cases of the same bytes, and whether each [has no value](has_no_value).
type Group = Vec<(Case, bool)>;

#[derive(Clone, Copy, Debug)]
enum Outcome {
    Good,
    /// Decode did not take it.
    Refused,
    Changed,
}

/// Both commands, as a pipe has them. Leniently, and with something behind the value, only where need be.
fn there_and_back(case: &Case, args: &[String]) -> Outcome {
    let path = case.path.to_str().expect("path");
    for more in [&[][..], &["--lenient"], &["--lenient", "--trailing"]] {
        if more.len() == 2 && args.iter().any(|arg| arg == "--all" || arg == "--trailing") {
            continue;
        }
        let mut command: Vec<String> =
            ["decode", "--format", "typed", path].map(String::from).into();
        command.extend(args.iter().cloned());
        command.extend(more.iter().map(|&arg| String::from(arg)));
        let decoded = v8wire(&command, &[]);
        match decoded.status.code() {
            Some(0) => {}
            Some(1) => continue,
            _ => panic!("{command:?}: {}", String::from_utf8_lossy(&decoded.stderr)),
        }
        let encoded = v8wire(&["encode".into(), "-".into()], &decoded.stdout);
        let good = encoded.status.success() && encoded.stdout == case.bytes;
        return if good { Outcome::Good } else { Outcome::Changed };
    }
    Outcome::Refused
}

/// Whether there is no value to decode: pieces written one by one, another format, a value that is cut, packed
/// or in a file of its own, or what no reader takes however lenient, or that has bytes behind it.
fn has_no_value(case: &Case, folder: &str) -> bool {
    let packed = case.bytes.starts_with(&[0xFF, 17]);
    let cut = case.json["note"].as_str().is_some_and(|note| note.contains("first 256"));
    match folder {
        "refused" | "other/bun" => true,
        "other/chromium" => packed || cut,
        // Strictly there are too many bytes, leniently other ids.
        "handmade" => {
            let verdict =
                &case.json["engines"][case.json["decided_by"].as_str().expect("an engine")];
            case.json["topic"] == "version 13, what a failed reading left"
                && verdict["left"].is_u64()
        }
        _ => case.json["case"] == "parts",
    }
}

#[test]
fn encode_undoes_decode_for_the_whole_corpus() {
    // Engines mostly write the same: each blob is read once, and speaks for all cases of it.
    let mut all: BTreeMap<(Vec<u8>, Vec<String>), Group> = BTreeMap::new();
    with_stack(|| {
        for folder in ENGINES.into_iter().chain(OTHERS) {
            for case in cases(folder) {
                let (args, none) = (options(&case, folder), has_no_value(&case, folder));
                all.entry((case.bytes.clone(), args)).or_default().push((case, none));
            }
        }
    });
    let next = Mutex::new(all.into_iter());
    let work = || {
        let mut found = Vec::new();
        loop {
            let Some(((_, args), cases)) = next.lock().expect("the rest").next() else {
                return found;
            };
            found.push((there_and_back(&cases[0].0, &args), cases));
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, NonZero::get);
    let found: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|worker| worker.join().expect("worker")).collect()
    });
    let (mut good, mut refused, mut wrong) = (0, 0, Vec::new());
    for (outcome, cases) in found {
        for (case, has_no_value) in cases {
            match outcome {
                Outcome::Good => good += 1,
                Outcome::Refused if has_no_value => refused += 1,
                _ => wrong.push(format!("{}: {outcome:?}", case.name())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{good} blobs come back, {refused} have no value");
    assert!(good > 5000 && refused < 270, "{good} come back, {refused} have no value");
}
