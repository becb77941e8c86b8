//! Asks running engines, which `scripts/fetch-engines.sh` has fetched, how they read blobs.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::support::{corpus, mark_lone_surrogates, parse_json};

/// The answers of an engine, such as `node-26`, to a file of jobs: see `corpus/verdicts/ask.cjs`.
pub(crate) fn ask(engine: &str, jobs: &Path) -> Vec<Json> {
    let engines = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/engines").join(engine);
    let script = corpus().join("verdicts/ask.cjs");
    let immutable = "--js-immutable-arraybuffer";
    let mut command = if engine.starts_with("deno") {
        let mut command = Command::new(engines.join("package/deno"));
        command.args(["run", "-A"]).arg(format!("--v8-flags={immutable}"));
        command
    } else {
        let mut command = Command::new(engines.join("package/bin/node"));
        if engine == "node-26" {
            command.arg(immutable);
        }
        command
    };
    // Old releases of Node do not write all of a long line to a pipe.
    let answers = jobs.with_extension("answers");
    let file = std::fs::File::create(&answers).expect("a file for the answers");
    let output = command.arg(script).arg(jobs).arg("0").stdout(file).output().expect("the engine");
    assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&answers).expect("ASCII");
    let _ = std::fs::remove_file(answers);
    text.lines().map(|line| parse_json(&mark_lone_surrogates(line))).collect()
}

/// What a Node that is a child process makes of messages, one in hexadecimal a line: see
/// `scripts/channel-read-back.js`.
#[allow(dead_code)]
pub(crate) fn ask_channel(engine: &str, messages: &Path) -> Vec<Json> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let node = root.join("target/engines").join(engine).join("package/bin/node");
    let output = Command::new(node)
        .args((engine == "node-26").then_some("--js-immutable-arraybuffer"))
        .arg(root.join("scripts/channel-read-back.js"))
        .arg(messages)
        .output()
        .expect("the engine");
    assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
    let answers = String::from_utf8(output.stdout).expect("ASCII");
    answers.lines().map(|line| parse_json(&mark_lone_surrogates(line))).collect()
}
