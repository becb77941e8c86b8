//! The profiler of garbage collections.

use v8wire::engine::{Engine, GcProfiler};

#[test]
fn report_shows_what_was_freed() {
    let mut engine = Engine::new();
    let mut profiler = GcProfiler::new(&engine);
    assert!(profiler.stop().is_none());
    profiler.start();
    profiler.start();
    engine.run("a", "var keep = Array.from({ length: 3e5 }, (_, i) => ({ i }))").unwrap();
    engine.run("a", "keep = null").unwrap();
    engine.collect_garbage();
    let report = profiler.stop().unwrap();
    assert!(profiler.stop().is_none());
    engine.collect_garbage();

    assert_eq!(report.version, 1);
    assert!(report.start_time <= report.end_time);
    let names: Vec<&str> = report.statistics.iter().map(|gc| &*gc.gc_type).collect();
    assert!(names.contains(&"Scavenge"), "{names:?}");
    assert!(names.contains(&"MarkSweepCompact"), "{names:?}");
    // The objects took 16 bytes each at least, and the last full collections freed them.
    let freed = |gc: &&v8wire::engine::GcStatistics| {
        let used = |heap: &v8wire::engine::GcHeap| heap.heap_statistics.used_heap_size;
        used(&gc.before_gc) > used(&gc.after_gc) + 4_800_000
    };
    let full = report.statistics.iter().filter(|gc| gc.gc_type == "MarkSweepCompact");
    let full = full.clone().find(freed).expect("a collection that frees");
    assert!(full.cost > 1.0 && full.cost < 10e6, "{} µs", full.cost);
    assert!(
        full.before_gc.heap_space_statistics.iter().any(|space| space.space_name == "old_space")
    );
}

#[test]
fn report_has_nodes_form() {
    let mut engine = Engine::new();
    let mut profiler = GcProfiler::new(&engine);
    profiler.start();
    engine.collect_garbage();
    let mut report = profiler.stop().unwrap();
    report.statistics.truncate(1);
    report.statistics[0].before_gc.heap_space_statistics.truncate(1);
    report.statistics[0].after_gc.heap_space_statistics.truncate(1);
    let json = serde_json::to_string(&report).unwrap();
    // Each key in its place, as Node 18 prints them.
    let keys: Vec<&str> = json
        .split('"')
        .collect::<Vec<_>>()
        .windows(2)
        .filter(|pair| pair[1].starts_with(':'))
        .map(|pair| pair[0])
        .collect();
    let heap = [
        "heapStatistics",
        "totalHeapSize",
        "totalHeapSizeExecutable",
        "totalPhysicalSize",
        "totalAvailableSize",
        "totalGlobalHandlesSize",
        "usedGlobalHandlesSize",
        "usedHeapSize",
        "heapSizeLimit",
        "mallocedMemory",
        "externalMemory",
        "peakMallocedMemory",
        "heapSpaceStatistics",
        "spaceName",
        "spaceSize",
        "spaceUsedSize",
        "spaceAvailableSize",
        "physicalSpaceSize",
    ];
    let head = ["version", "startTime", "statistics", "gcType", "beforeGC"];
    let expected: Vec<&str> =
        [&head[..], &heap, &["cost", "afterGC"], &heap, &["endTime"]].concat();
    assert_eq!(keys, expected);
    assert_eq!(serde_json::from_str::<v8wire::engine::GcReport>(&json).unwrap(), report);
}

#[test]
fn profilers_do_not_mind_each_other() {
    let mut engine = Engine::new();
    let mut outer = GcProfiler::new(&engine);
    let mut inner = GcProfiler::new(&engine);
    outer.start();
    engine.collect_garbage();
    inner.start();
    let first = outer.stop().unwrap().statistics.len();
    assert!(first > 0);
    assert_eq!(inner.stop().unwrap().statistics.len(), 0);
    inner.start();
    drop(engine);
    assert!(inner.stop().is_some());
    inner.start();
    assert!(inner.stop().is_none());
}
