//! Engines made, used and dropped; `scripts/leak-check.sh` runs this under Valgrind.

use std::ops::ControlFlow;

use v8wire::engine::{
    DeserializeOptions, Detachedness, Engine, GcProfiler, NodeHostObjects, PromiseCallbacks,
    SamplingOptions, SerializeOptions, SnapshotOptions, StartupSnapshot,
};

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

/// The memory of this process, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

#[test]
fn hundred_engines_leave_nothing() {
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
    // Valgrind does not see an engine that is not freed: V8's platform knows it. Each takes megabytes.
    let grown = resident().saturating_sub(before) >> 20;
    eprintln!("GROWN {grown}");
    assert!(grown < 200, "80 engines have left {grown} MiB");
}
