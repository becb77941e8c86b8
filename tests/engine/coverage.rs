//! Precise coverage.

use v8wire::engine::{Coverage, Engine, EngineErrorKind};

use crate::Folder;

const SCRIPT: &str = "function twice(x) { if (x > 1) { return x * 2 } return 0 }
function never() {}
twice(1); twice(2); twice(3);";

/// How often a function of `main.js` ran, block by block.
fn counts(coverage: &Coverage, name: &str) -> Vec<(String, u64)> {
    let Some(script) = coverage.result.iter().find(|script| script.url == "main.js") else {
        return Vec::new();
    };
    let function = script.functions.iter().find(|function| function.function_name == name);
    function
        .iter()
        .flat_map(|function| &function.ranges)
        .map(|range| {
            let text = &SCRIPT[range.start_offset as usize..range.end_offset as usize];
            (text.to_owned(), range.count)
        })
        .collect()
}

#[test]
fn counts_are_precise_and_start_again() {
    let mut engine = Engine::new();
    assert_eq!(engine.take_coverage().unwrap_err().kind(), EngineErrorKind::Misuse);
    engine.start_coverage().unwrap();
    engine.run("main.js", SCRIPT).unwrap();
    let coverage = engine.take_coverage().unwrap();
    assert_eq!(
        counts(&coverage, "twice"),
        [
            ("function twice(x) { if (x > 1) { return x * 2 } return 0 }".into(), 3),
            ("{ return x * 2 }".into(), 2),
            (" return 0 ".into(), 1),
        ]
    );
    assert_eq!(counts(&coverage, "never"), [("function never() {}".into(), 0)]);
    assert_eq!(coverage.file, None);
    engine.run("b.js", "twice(5)").unwrap();
    let coverage = engine.take_coverage().unwrap();
    assert_eq!(counts(&coverage, "twice")[0].1, 1);
    assert!(engine.take_coverage().unwrap().timestamp >= coverage.timestamp);
    engine.stop_coverage().unwrap();
    assert_eq!(engine.stop_coverage().unwrap_err().kind(), EngineErrorKind::Misuse);
    assert_eq!(engine.take_coverage().unwrap_err().kind(), EngineErrorKind::Misuse);
}

#[test]
fn files_are_nodes() {
    let folder = Folder::new("coverage");
    let dir = folder.0.join("made");
    let mut engine = Engine::builder().coverage(&dir).build().unwrap();
    engine.run("main.js", SCRIPT).unwrap();
    let coverage = engine.take_coverage().unwrap();
    let file = coverage.file.clone().unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let parts: Vec<&str> = name.strip_suffix(".json").unwrap().split('-').collect();
    let (pid, number) = (std::process::id().to_string(), engine.number().to_string());
    assert_eq!((parts[0], parts[1], parts[3]), ("coverage", &*pid, &*number));
    let text = std::fs::read_to_string(&file).unwrap();
    let written: Coverage = serde_json::from_str(&text).unwrap();
    assert_eq!(written.result, coverage.result);
    assert!(text.starts_with(r#"{"result":[{"scriptId":""#), "{text}");
    // A last one at the end, with what came since.
    engine.run("main.js", "1").unwrap();
    drop(engine);
    let count = |dir: &std::path::Path| std::fs::read_dir(dir).unwrap().count();
    assert_eq!(count(&dir), 2);

    // None at the end where it was stopped.
    let dir = folder.0.join("stopped");
    let mut engine = Engine::builder().coverage(&dir).build().unwrap();
    engine.stop_coverage().unwrap();
    drop(engine);
    assert!(!dir.exists());
}

#[test]
fn folders_that_cannot_be_written_are_errors() {
    let folder = Folder::new("coverage-bad");
    let file = folder.0.join("file");
    std::fs::write(&file, "").unwrap();
    let mut engine = Engine::builder().coverage(&file).build().unwrap();
    let error = engine.take_coverage().unwrap_err();
    assert_eq!((error.kind(), error.file()), (EngineErrorKind::Io, Some(&*file)));
    engine.stop_coverage().unwrap();
}
