//! Object ids, tracking, sampling and the embedder's graph.

use std::cell::Cell;
use std::rc::Rc;

use v8wire::engine::{
    AllocationProfile, Detachedness, Engine, EngineErrorKind, HeapNodeKind, SamplingOptions,
    SnapshotOptions, UNKNOWN_OBJECT_ID,
};

#[test]
fn object_ids_last() {
    let mut engine = Engine::new();
    let object = engine.run("a.js", "var found = { here: 1 }; found").unwrap();
    let number = engine.run("a.js", "1").unwrap();
    let mut profiler = engine.heap_profiler();
    assert_eq!(profiler.object_id(&object).unwrap(), UNKNOWN_OBJECT_ID);
    profiler.take_heap_snapshot(SnapshotOptions::new()).unwrap();
    let id = profiler.object_id(&object).unwrap();
    assert_ne!(id, UNKNOWN_OBJECT_ID);
    assert_eq!(profiler.object_id(&number).unwrap(), UNKNOWN_OBJECT_ID);
    profiler.take_heap_snapshot(SnapshotOptions::new()).unwrap();
    assert_eq!(profiler.object_id(&object).unwrap(), id);
    let again = profiler.find_object_by_id(id).unwrap();
    assert!(profiler.find_object_by_id(id + 100_001).is_none());
    engine.set_global_handle("again", &again).unwrap();
    assert!(engine.eval("again === found").unwrap().to::<bool>().unwrap());
    let mut profiler = engine.heap_profiler();
    profiler.delete_all_heap_snapshots();
    profiler.clear_object_ids();
    assert_eq!(profiler.object_id(&object).unwrap(), UNKNOWN_OBJECT_ID);
    let other = Engine::new().run("a.js", "({})").unwrap();
    assert_eq!(profiler.object_id(&other).unwrap_err().kind(), EngineErrorKind::Misuse);
}

#[test]
fn tracking_counts_what_lives() {
    let mut engine = Engine::new();
    assert_eq!(engine.heap_profiler().heap_stats().unwrap_err().kind(), EngineErrorKind::Misuse);
    engine.heap_profiler().start_tracking_heap_objects(true);
    let first = engine.heap_profiler().heap_stats().unwrap();
    engine.run("a.js", "var kept = []; for (let i = 0; i < 5000; i++) kept.push({ i })").unwrap();
    let second = engine.heap_profiler().heap_stats().unwrap();
    assert!(second.last_seen_object_id > first.last_seen_object_id);
    assert!(second.timestamp_us >= first.timestamp_us);
    let made = second.updates.iter().find(|update| update.index == 1).unwrap();
    assert!(made.count >= 5000 && made.size >= 5000 * 16, "{made:?}");
    // When they are gone, the same interval has fewer.
    engine.run("a.js", "kept = null").unwrap();
    engine.collect_garbage();
    let third = engine.heap_profiler().heap_stats().unwrap();
    let left = third.updates.iter().find(|update| update.index == 1).unwrap();
    assert!(left.count + 5000 <= made.count, "{left:?} {made:?}");

    // The traces are in a snapshot.
    engine.run("a.js", "function maker() { return { made: 'here' } } var one = maker()").unwrap();
    let mut json = String::new();
    let mut stream = engine.heap_snapshot(SnapshotOptions::new()).unwrap();
    std::io::Read::read_to_string(&mut stream, &mut json).unwrap();
    let snapshot: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(!snapshot["trace_tree"].as_array().unwrap().is_empty());
    engine.heap_profiler().stop_tracking_heap_objects();
    engine.heap_profiler().stop_tracking_heap_objects();
    assert!(engine.heap_profiler().heap_stats().is_err());
}

/// The bytes of a function, by its name.
fn size(profile: &AllocationProfile, name: &str) -> u64 {
    profile.nodes.iter().filter(|node| node.name == name).map(|node| node.self_size()).sum()
}

#[test]
fn sampling_names_who_allocates() {
    let mut engine = Engine::new();
    let mut profiler = engine.heap_profiler();
    assert!(profiler.allocation_profile().is_none());
    let zero = profiler.start_sampling_heap_profiler(SamplingOptions::new().interval(0));
    assert_eq!(zero.unwrap_err().kind(), EngineErrorKind::Misuse);
    let options = SamplingOptions::new().interval(1024).depth(8).force_gc(true);
    profiler.start_sampling_heap_profiler(options).unwrap();
    let twice = profiler.start_sampling_heap_profiler(options).unwrap_err();
    assert_eq!(twice.kind(), EngineErrorKind::Misuse);
    let script = "function hungry(n) { return Array.from({ length: n }, () => ({})) }
function caller() { return hungry(50000) }
function modest() { return [1] }
var kept = [caller(), modest()]; hungry(50000).length";
    engine.run("eaters.js", script).unwrap();
    let profile = engine.heap_profiler().allocation_profile().unwrap();
    assert!(profile.nodes[0].parent.is_none() && profile.nodes[0].name == "(root)");
    let hungry = profile.nodes.iter().find(|node| node.name == "hungry").unwrap();
    assert_eq!((&*hungry.script_name, hungry.line_number), ("eaters.js", 1));
    let below = |name: &str| {
        profile.nodes.iter().enumerate().any(|(mut at, node)| {
            let mut names = Vec::new();
            while let Some(parent) = profile.nodes[at].parent {
                at = parent;
                names.push(&*profile.nodes[at].name);
            }
            node.name == "hungry" && names.contains(&name)
        })
    };
    assert!(below("caller") && !below("modest"));
    let total: u64 = profile.nodes.iter().map(|node| node.self_size()).sum();
    let made = profile.nodes.iter().filter(|node| node.script_name == "eaters.js");
    let made: u64 = made.map(|node| node.self_size()).sum();
    // 50,000 objects of 28 bytes at least that are kept.
    assert!(made > 1_000_000 && made > total / 2, "{made} of {total}");
    assert!(size(&profile, "modest") < made / 100);
    assert!(!profile.samples.is_empty());
    for sample in &profile.samples {
        assert!(profile.nodes.iter().any(|node| node.node_id == sample.node_id));
    }
    let json = serde_json::to_string(&profile).unwrap();
    assert_eq!(serde_json::from_str::<AllocationProfile>(&json).unwrap(), profile);
    let mut profiler = engine.heap_profiler();
    profiler.stop_sampling_heap_profiler();
    assert!(profiler.allocation_profile().is_none());
    profiler.start_sampling_heap_profiler(SamplingOptions::new()).unwrap();
}

#[test]
fn embedder_nodes_are_in_the_graph() {
    let mut engine = Engine::new();
    let owner = engine.run("a.js", "globalThis.owner = { wraps: 'native memory' }; owner").unwrap();
    let calls = Rc::new(Cell::new(0));
    let callback = engine.heap_profiler().on_build_embedder_graph({
        let (owner, calls) = (owner.clone(), calls.clone());
        let foreign = Engine::new().run("b.js", "({})").unwrap();
        move |graph| {
            calls.set(calls.get() + 1);
            let texture = graph.add_node("Texture", 123_456, Detachedness::Detached);
            let root = graph.add_root("Window", 8);
            let value = graph.v8_node(&owner).unwrap();
            assert!(graph.v8_node(&foreign).is_none());
            graph.add_edge(value, texture, Some("texture"));
            graph.add_edge(root, value, Some("owner"));
            graph.add_edge(texture, value, None);
        }
    });
    let mut profiler = engine.heap_profiler();
    profiler.take_heap_snapshot(SnapshotOptions::new()).unwrap();
    let id = profiler.object_id(&owner).unwrap();
    let snapshot = profiler.heap_snapshot(0).unwrap();
    let texture = snapshot.node_by_id(id).unwrap().get("texture").unwrap();
    assert_eq!((texture.kind(), texture.self_size()), (HeapNodeKind::Native, 123_456));
    assert!(texture.name().ends_with("Texture"), "{}", texture.name());
    assert!(texture.edges().any(|edge| edge.to.id() == id));
    assert!(snapshot.nodes().any(|node| node.name().contains("Window")));
    snapshot.delete();
    assert_eq!(calls.get(), 1);
    engine.heap_profiler().remove_embedder_graph_callback(callback);
    engine.heap_profiler().take_heap_snapshot(SnapshotOptions::new()).unwrap();
    assert_eq!(calls.get(), 1);
}
