//! What happens when memory runs out, in processes that end by it.

use v8wire::engine::{Engine, EngineErrorKind};

use crate::{Folder, child};

const FOLDER: &str = "V8WIRE_TEST_NEAR_LIMIT";

fn fill(snapshots: u32) {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut engine = Engine::builder().heap_limit(24 << 20).diagnostic_dir(folder).build().unwrap();
    if snapshots > 0 {
        engine.set_heap_snapshot_near_heap_limit(snapshots).unwrap();
        // Only the first call counts.
        engine.set_heap_snapshot_near_heap_limit(100).unwrap();
    }
    let script = "class Leak { constructor(i) { this.data = new Array(1000).fill(i) } }
        const all = []; for (let i = 0; ; i++) all.push(new Leak(i))";
    engine.run("leak.js", script).unwrap();
}

#[test]
#[ignore = "for a child process"]
fn child_without_snapshots() {
    fill(0);
}

#[test]
#[ignore = "for a child process"]
fn child_with_two_snapshots() {
    fill(2);
}

#[test]
fn end_has_a_message() {
    let folder = Folder::new("out-of-memory");
    let output = child("near_limit::child_without_snapshots", FOLDER, &folder.0);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(text.contains("JavaScript heap out of memory"), "{text}");
    assert!(folder.files().is_empty());
}

#[test]
fn snapshots_are_written_before_the_end() {
    let folder = Folder::new("near-limit");
    let output = child("near_limit::child_with_two_snapshots", FOLDER, &folder.0);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    let files = folder.files();
    assert_eq!(files.len(), 2, "{text}");
    for file in files {
        assert!(text.contains(&format!("Wrote snapshot to {}", file.display())), "{text}");
        let json = std::fs::read_to_string(&file).unwrap();
        let snapshot: serde_json::Value = serde_json::from_str(&json).unwrap();
        let strings = snapshot["strings"].as_array().unwrap();
        assert!(strings.iter().any(|text| text == "Leak"));
        assert!(snapshot["snapshot"]["node_count"].as_u64().unwrap() > 3000);
    }
    assert!(text.contains("JavaScript heap out of memory"), "{text}");
}

#[test]
fn limit_of_none_is_an_error() {
    let error = Engine::new().set_heap_snapshot_near_heap_limit(0).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Misuse);
}
