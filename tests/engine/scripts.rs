//! Scripts, values and errors.

use v8wire::Document;
use v8wire::engine::{Engine, EngineErrorKind};

#[test]
fn values_come_out() {
    let mut engine = Engine::new();
    let value = engine.eval("({ a: [1, 'two', 3n], m: new Map([[{}, new Date(5)]]) })").unwrap();
    let doc = value.document().unwrap();
    assert_eq!(doc.root()["a"][0].as_i32(), Some(1));
    assert_eq!(doc.root()["a"][1].as_str().as_deref(), Some("two"));
    let text: String = engine.eval("'x'.repeat(3)").unwrap().to().unwrap();
    assert_eq!(text, "xxx");
}

#[test]
fn values_go_in() {
    let blob = std::fs::read("corpus/node-18/app-records.v8").unwrap();
    let doc = Document::parse(&blob).unwrap();
    let mut engine = Engine::new();
    engine.set_global("records", doc.root().value()).unwrap();
    let count: u32 = engine.eval("Object.keys(records).length").unwrap().to().unwrap();
    assert!(count > 0);
    // Buffers are Uint8Arrays, and the script's own Uint8Array has no part in that.
    let blob = b"\xFF\x0F\\\x0A\x02hi";
    engine.run("trap", "Uint8Array = undefined").unwrap();
    engine.set_global("buffer", Document::parse(blob).unwrap().root().value()).unwrap();
    let bytes: Vec<u8> = engine.eval("[...buffer]").unwrap().to().unwrap();
    assert_eq!(bytes, b"hi");
}

#[test]
fn exceptions_say_what_and_where() {
    let mut engine = Engine::new();
    let error = engine.run("main.js", "function f() {\n  null.x\n}\nf()").unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Exception);
    assert_eq!(error.message(), "TypeError: Cannot read properties of null (reading 'x')");
    assert!(error.stack().unwrap().contains("at f (main.js:2:8)"), "{:?}", error.stack());
    let position = error.position().unwrap();
    assert_eq!((&*position.script, position.line, position.column), ("main.js", 2, 8));
    assert_eq!(
        error.to_string(),
        "exception: TypeError: Cannot read properties of null (reading 'x') (main.js:2:8)"
    );

    let error = engine.run("bad.js", "1 +").unwrap_err();
    assert_eq!(error.message(), "SyntaxError: Unexpected end of input");
    let error = engine.eval("() => 1").unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::NotCloneable);
    assert_eq!(error.message(), "Error: () => 1 could not be cloned.");
    // What is thrown need not be an error, nor say anything.
    assert_eq!(engine.eval("throw 7").unwrap_err().message(), "7");
    let error = engine.eval("throw { toString() { throw 1 } }").unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Exception);
    let error = engine.eval("(function f() { f() })()").unwrap_err();
    assert_eq!(error.message(), "RangeError: Maximum call stack size exceeded");
    // The engine is none the worse for it.
    assert_eq!(engine.eval("6 * 7").unwrap().to::<i32>().unwrap(), 42);
}

#[test]
fn microtasks_run_before_the_script_returns() {
    let mut engine = Engine::new();
    engine
        .run("a", "var log = []; Promise.resolve().then(() => log.push(1)); log.push(0)")
        .unwrap();
    assert_eq!(engine.eval("log").unwrap().to::<Vec<i32>>().unwrap(), [0, 1]);
}

#[test]
fn engines_are_apart() {
    let mut first = Engine::new();
    let mut second = Engine::new();
    first.run("a", "var x = 1").unwrap();
    assert!(second.eval("x").is_err());
    let handle = first.run("a", "({})").unwrap();
    let error = second.set_global_handle("x", &handle).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Misuse);
    // A handle outlives its engine.
    drop(first);
    drop(handle.clone());
    drop(second);
    drop(handle);
    let threads: Vec<_> = (0..4)
        .map(|i| {
            std::thread::spawn(move || {
                Engine::new().eval(&format!("{i} + 1")).unwrap().to::<i32>().unwrap()
            })
        })
        .collect();
    let sums: Vec<i32> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(sums, [1, 2, 3, 4]);
}

#[test]
fn handles_keep_what_has_no_bytes() {
    let mut engine = Engine::new();
    let function = engine.run("f", "(function add(a, b) { return a + b })").unwrap();
    assert_eq!(engine.describe(&function).unwrap(), "function add(a, b) { return a + b }");
    engine.set_global_handle("sum", &function).unwrap();
    assert_eq!(engine.eval("sum(1, 2)").unwrap().to::<i32>().unwrap(), 3);
}

#[test]
fn small_stacks_are_no_crash() {
    for kib in [192, 256, 512, 4096] {
        let thread = std::thread::Builder::new().stack_size(kib << 10);
        let thread = thread.spawn(|| {
            let mut engine = Engine::new();
            let script = "var depth = 0; (function f() { depth++; f() })()";
            let error = engine.run("deep.js", script).unwrap_err();
            assert_eq!(error.message(), "RangeError: Maximum call stack size exceeded");
            // What V8 does in C++ counts as well.
            engine
                .run("a", "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; var deep = a")
                .unwrap();
            assert!(engine.eval("deep").is_err());
            assert!(engine.eval("JSON.stringify(deep)").is_err());
            engine.eval("depth").unwrap().to::<u32>().unwrap()
        });
        let depth = thread.unwrap().join().unwrap();
        assert!(depth > 100 && (kib < 2048 || depth > 5000), "{depth} with {kib} KiB");
    }
}
