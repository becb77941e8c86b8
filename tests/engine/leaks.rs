//! Engines made, used and dropped; `scripts/leak-check.sh` runs this under Valgrind.

use std::ops::ControlFlow;

use v8wire::engine::{
    DeserializeOptions, Detachedness, Engine, GcProfiler, NodeHostObjects, PromiseCallbacks,
    SamplingOptions, SerializeOptions, SnapshotOptions, StartupSnapshot,
};

use crate::{child, resident};

/// Everything once.
fn use_engine(engine: &mut Engine) {
    let mut gc = GcProfiler::new(engine);
    gc.start();
    let callbacks =
        PromiseCallbacks::new().init(|promise, _| drop(promise.handle())).settled(|promise| {
            drop(promise.result());
        });
    let hook = engine.promise_hooks().create_hook(callbacks);
    let script = "var all = { list: [1, 2n, 'three'], view: new Uint8Array([1, 2]) };
        Promise.resolve(1).then(() => 2); all";
    let value = engine.run("a.js", script).unwrap();
    hook.stop();
    let bytes = engine
        .serialize(&value, &SerializeOptions::new().host_objects(&NodeHostObjects))
        .unwrap()
        .into_bytes();
    let options = DeserializeOptions::new().host_objects(&NodeHostObjects).legacy(true);
    let copy = engine.deserialize(&bytes, &options).unwrap();
    engine.set_global_handle("copy", &copy.value).unwrap();
    assert!(engine.deserialize(&bytes[..9], &options).is_err());
    assert!(engine.run("b.js", "throw new Error('no')").is_err());
    assert!(engine.eval("() => 1").is_err());
    engine.eval("[copy, new SharedArrayBuffer(1)]").unwrap();

    let mut profiler = engine.heap_profiler();
    profiler.start_sampling_heap_profiler(SamplingOptions::new().interval(256)).unwrap();
    profiler.start_tracking_heap_objects(true);
    let held = value.clone();
    profiler.on_build_embedder_graph(move |graph| {
        let node = graph.add_node("Native", 1, Detachedness::Unknown);
        let value = graph.v8_node(&held).unwrap();
        graph.add_edge(value, node, Some("native"));
    });
    let named = SnapshotOptions::new()
        .global_object_name(|| Some("window".into()))
        .progress(|_, _| ControlFlow::Continue(()));
    let snapshot = profiler.take_heap_snapshot(named).unwrap();
    assert!(snapshot.root().edges().count() > 0);
    profiler.heap_stats().unwrap();
    profiler.allocation_profile().unwrap();
    engine.set_heap_snapshot_near_heap_limit(1).unwrap();
    engine.start_coverage().unwrap();
    engine.run("c.js", "function f() {} f()").unwrap();
    engine.take_coverage().unwrap();
    engine.collect_garbage();
    gc.stop().unwrap();
}

#[test]
#[ignore = "for a child process"]
fn child_hundred_engines() {
    let mut before = 0;
    for round in 0..100 {
        let mut engine = match round % 10 {
            0 => {
                let snapshot = StartupSnapshot::build("a.js", "globalThis.x = 1").unwrap();
                Engine::builder().startup_snapshot(&snapshot).build().unwrap()
            }
            _ => Engine::new(),
        };
        use_engine(&mut engine);
        if round == 19 {
            before = resident();
        }
    }
    println!("GROWN {}", resident().saturating_sub(before));
}

/// What a fuzzer does: good and bad bytes, again and again, in one engine.
#[test]
#[ignore = "for a child process"]
fn child_many_calls() {
    let mut engine = Engine::new();
    let options = DeserializeOptions::new().host_objects(&NodeHostObjects).legacy(true);
    let blob = std::fs::read("corpus/node-18/app-session-store.v8").unwrap();
    let mut before = 0;
    let mut good = 0;
    for round in 0..60_000 {
        let mut blob = blob.clone();
        let at = round % blob.len();
        blob[at] = blob[at].wrapping_add((round / blob.len()) as u8);
        if let Ok(read) = engine.deserialize(&blob, &options) {
            good += 1;
            let _ = engine.serialize(&read.value, &SerializeOptions::new());
        }
        if round == 20_000 {
            before = resident();
        }
    }
    assert!(good > 1000 && good < 60_000, "{good}");
    println!("GROWN {}", resident().saturating_sub(before));
}

/// By how many MiB a test of this file has grown.
fn grown(test: &str) -> u64 {
    let output = child(test, "V8WIRE_TEST_ALONE", "1");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let (_, bytes) = text.split_once("GROWN ").unwrap();
    bytes.split_whitespace().next().unwrap().parse::<u64>().unwrap() >> 20
}

/// Valgrind does not see an engine that is not freed, since V8's platform knows it. Each takes
/// megabytes.
#[test]
fn engines_leave_nothing() {
    let grown = grown("leaks::child_hundred_engines");
    assert!(grown < 40, "80 engines have left {grown} MiB");
}

#[test]
fn many_calls_leave_nothing() {
    let grown = grown("leaks::child_many_calls");
    assert!(grown < 20, "40,000 calls have left {grown} MiB");
}
