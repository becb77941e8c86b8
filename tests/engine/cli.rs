//! `v8wire engine`.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::Folder;

const SCRIPT: &str = "function hungry() { return Array.from({ length: 5e4 }, () => ({ a: [] })) }
function never() {}
var kept = hungry();";

fn run(folder: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_v8wire"))
        .arg("engine")
        .args(args)
        .current_dir(&folder.0)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json(folder: &Folder, report: &str) -> Json {
    let (code, out, err) = run(folder, &[report, "main.js", "--json", "--interval=1024"]);
    assert_eq!((code, &*err), (Some(0), ""));
    serde_json::from_str(&out).unwrap()
}

fn table(folder: &Folder, report: &str) -> Vec<String> {
    let (code, out, err) = run(folder, &[report, "main.js", "--interval=1024"]);
    assert_eq!((code, &*err), (Some(0), ""));
    out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn reports_are_json_or_tables() {
    let folder = Folder::new("cli");
    std::fs::write(folder.0.join("main.js"), SCRIPT).unwrap();
    assert!(json(&folder, "stats")["used_heap_size"].as_u64().unwrap() > 3_000_000);
    assert!(table(&folder, "stats").iter().any(|line| line == "1 number_of_native_contexts"));
    assert!(json(&folder, "code")["bytecode_and_metadata_size"].as_u64().unwrap() > 0);
    assert!(table(&folder, "code")[0] == "VALUE STATISTIC");
    let spaces = json(&folder, "spaces");
    assert!(spaces.as_array().unwrap().iter().any(|space| space["space_name"] == "old_space"));
    assert!(table(&folder, "spaces").iter().any(|line| line.ends_with(" old_space")));

    let coverage = json(&folder, "coverage");
    let functions = coverage["result"][0]["functions"].as_array().unwrap();
    assert_eq!(functions[1]["functionName"], "hungry");
    assert_eq!(functions[1]["ranges"][0]["count"], 1);
    let lines = table(&folder, "coverage");
    assert!(lines.contains(&"1 1 0 hungry (main.js)".into()), "{lines:?}");
    assert!(lines.contains(&"0 1 1 never (main.js)".into()), "{lines:?}");

    let gc = json(&folder, "gc");
    assert_eq!(gc["version"], 1);
    assert!(!gc["statistics"].as_array().unwrap().is_empty());
    assert!(table(&folder, "gc").iter().any(|line| line.ends_with(" Scavenge")));
    let sample = json(&folder, "sample");
    assert!(sample["nodes"].as_array().unwrap().iter().any(|node| node["scriptName"] == "main.js"));
    assert!(table(&folder, "sample").iter().any(|line| line.contains("(anonymous) (main.js:1:")));
}

#[test]
fn snapshots_go_to_files() {
    let folder = Folder::new("cli-snapshot");
    std::fs::write(folder.0.join("main.js"), SCRIPT).unwrap();
    let (code, out, _) = run(&folder, &["snapshot", "main.js", "-o", "a.heapsnapshot"]);
    assert_eq!((code, &*out), (Some(0), "a.heapsnapshot\n"));
    let (code, out, _) = run(&folder, &["snapshot", "main.js"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("Heap-") && folder.0.join(out.trim_end()).exists(), "{out}");
    let text = std::fs::read_to_string(folder.0.join("a.heapsnapshot")).unwrap();
    assert!(serde_json::from_str::<Json>(&text).is_ok());
}

#[test]
fn errors_have_exit_codes() {
    let folder = Folder::new("cli-errors");
    std::fs::write(folder.0.join("bad.js"), "function f() { throw new Error('no') }\nf()").unwrap();
    let (code, out, err) = run(&folder, &["stats", "bad.js"]);
    assert_eq!((code, &*out), (Some(1), ""));
    assert!(err.starts_with("v8wire: bad.js: Error: no\n    at f (bad.js:1:"), "{err}");
    assert_eq!(run(&folder, &["stats", "none.js"]).0, Some(2));
    let (code, _, err) = run(&folder, &["stats", "bad.js", "--v8-flags=--none-such"]);
    assert_eq!((code, err.contains("V8 does not take --none-such")), (Some(2), true));
    std::fs::write(folder.0.join("good.js"), "1").unwrap();
    // Flags that are set before V8 starts.
    std::fs::write(folder.0.join("gc.js"), "gc()").unwrap();
    assert_eq!(run(&folder, &["stats", "gc.js"]).0, Some(1));
    assert_eq!(run(&folder, &["stats", "gc.js", "--v8-flags=--expose-gc"]).0, Some(0));
    let missing = Path::new("no folder/a").to_str().unwrap();
    assert_eq!(run(&folder, &["snapshot", "good.js", "-o", missing]).0, Some(2));
    let (code, out, _) = run(&folder, &["stats", "good.js", "--heap-limit=16", "--json"]);
    let limit = serde_json::from_str::<Json>(&out).unwrap()["heap_size_limit"].as_u64().unwrap();
    assert!(code == Some(0) && limit < 100 << 20, "{limit}");
}
