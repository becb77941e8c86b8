//! Heap snapshots.

use std::cell::Cell;
use std::io::Read;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use v8wire::engine::{
    Engine, EngineErrorKind, HeapEdgeKind, HeapEdgeName, HeapNodeKind, SnapshotOptions,
};

use crate::Folder;

const SCRIPT: &str =
    "class Planet { constructor() { this.moon = { phase: 'waning gibbous' }; this[3] = 0.5 } }
globalThis.earth = new Planet();";

#[test]
fn stream_is_the_json_that_tools_load() {
    let mut engine = Engine::new();
    engine.run("a.js", SCRIPT).unwrap();
    let mut json = String::new();
    engine.heap_snapshot(SnapshotOptions::new()).unwrap().read_to_string(&mut json).unwrap();
    let snapshot: serde_json::Value = serde_json::from_str(&json).unwrap();
    let fields = snapshot["snapshot"]["meta"]["node_fields"].as_array().unwrap();
    let at = |name: &str| fields.iter().position(|field| field == name).unwrap();
    let (kind, name) = (at("type"), at("name"));
    let types = &snapshot["snapshot"]["meta"]["node_types"][0];
    let strings = snapshot["strings"].as_array().unwrap();
    let nodes: Vec<u64> =
        snapshot["nodes"].as_array().unwrap().iter().map(|part| part.as_u64().unwrap()).collect();
    let planets = nodes
        .chunks(fields.len())
        .filter(|node| strings[node[name] as usize] == "Planet")
        .filter(|node| types[node[kind] as usize] == "object")
        .count();
    assert_eq!(planets, 1);
    assert!(strings.iter().any(|text| text == "waning gibbous"));
    // It is not kept.
    assert_eq!(engine.heap_profiler().snapshot_count(), 0);
}

#[test]
fn nodes_and_edges_can_be_walked() {
    let mut engine = Engine::new();
    engine.run("a.js", SCRIPT).unwrap();
    let earth = engine.run("a.js", "earth").unwrap();
    let mut profiler = engine.heap_profiler();
    profiler.take_heap_snapshot(SnapshotOptions::new()).unwrap();
    let id = profiler.object_id(&earth).unwrap();
    let snapshot = profiler.heap_snapshot(0).unwrap();
    assert!(snapshot.max_object_id() >= id);

    let node = snapshot.node_by_id(id).unwrap();
    assert_eq!((node.name(), node.kind(), node.id()), ("Planet".into(), HeapNodeKind::Object, id));
    assert!(node.self_size() >= 24);
    let phase = node.get("moon").unwrap().get("phase").unwrap();
    assert_eq!((phase.name(), phase.kind()), ("waning gibbous".into(), HeapNodeKind::String));
    let names: Vec<(HeapEdgeKind, String)> =
        node.edges().map(|edge| (edge.kind, edge.name.to_string())).collect();
    assert!(names.contains(&(HeapEdgeKind::Property, "moon".into())), "{names:?}");
    assert!(names.contains(&(HeapEdgeKind::Property, "__proto__".into())), "{names:?}");
    assert_eq!(names.len(), node.edge_count());

    // It is reached from the root, over elements and properties.
    let mut open = vec![snapshot.root()];
    let mut seen = std::collections::HashSet::new();
    let mut indexes = 0;
    while let Some(node) = open.pop() {
        if seen.insert(node.id()) {
            for edge in node.edges() {
                indexes += usize::from(matches!(edge.name, HeapEdgeName::Index(_)));
                open.push(edge.to);
            }
        }
    }
    assert!(seen.contains(&id));
    assert!(indexes > 0);
    assert!(seen.len() > snapshot.node_count() / 2);
    assert_eq!(snapshot.nodes().filter(|node| node.id() == id).count(), 1);
    assert!(snapshot.node(snapshot.node_count()).is_none());
    assert!(snapshot.node_by_id(0).is_none());
}

#[test]
fn snapshots_are_counted_and_deleted() {
    let mut engine = Engine::new();
    let mut profiler = engine.heap_profiler();
    for _ in 0..3 {
        profiler.take_heap_snapshot(SnapshotOptions::new()).unwrap();
    }
    assert_eq!(profiler.snapshot_count(), 3);
    assert!(profiler.heap_snapshot(3).is_none());
    profiler.heap_snapshot(1).unwrap().delete();
    assert_eq!(profiler.snapshot_count(), 2);
    profiler.delete_all_heap_snapshots();
    assert_eq!(profiler.snapshot_count(), 0);
}

#[test]
fn progress_can_cancel() {
    let mut engine = Engine::new();
    let steps = Cell::new(0);
    let last = Cell::new((0, 0));
    let options = SnapshotOptions::new().progress(|done, total| {
        steps.set(steps.get() + 1);
        last.set((done, total));
        ControlFlow::Continue(())
    });
    engine.heap_snapshot(options).unwrap();
    assert!(steps.get() > 1);
    assert!(last.get().0 > 0 && last.get().0 == last.get().1, "{last:?}");

    let stop = || SnapshotOptions::new().progress(|_, _| ControlFlow::Break(()));
    let error = engine.heap_snapshot(stop()).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Cancelled);
    let folder = Folder::new("cancelled");
    let path = folder.0.join("a.heapsnapshot");
    let error = engine.write_heap_snapshot(Some(&path), stop()).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Cancelled);
    assert!(!path.exists());

    let panics = SnapshotOptions::new().progress(|_, _| panic!("in progress"));
    let panic = catch_unwind(AssertUnwindSafe(|| engine.heap_snapshot(panics).is_ok()));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"in progress"));
    assert_eq!(engine.heap_profiler().snapshot_count(), 0);
}

#[test]
fn global_objects_can_be_named() {
    let mut engine = Engine::new();
    let options = SnapshotOptions::new().global_object_name(|| Some("main window".into()));
    let mut profiler = engine.heap_profiler();
    let snapshot = profiler.take_heap_snapshot(options).unwrap();
    let named = snapshot.nodes().filter(|node| node.name().ends_with(" / main window"));
    assert!(named.count() > 0);
}

#[test]
fn files_have_names_or_are_errors() {
    let folder = Folder::new("snapshots");
    let mut engine = Engine::builder().diagnostic_dir(&folder.0).build().unwrap();
    engine.run("a.js", SCRIPT).unwrap();
    let path = engine.write_heap_snapshot(None, SnapshotOptions::new()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let parts: Vec<&str> = name.strip_suffix(".heapsnapshot").unwrap().split('-').collect();
    assert_eq!(parts[0], "Heap");
    assert!(parts[1].len() == 8 && parts[1].starts_with("20"), "{name}");
    assert_eq!(parts[2].len(), 6, "{name}");
    assert_eq!(parts[3], std::process::id().to_string());
    assert_eq!(parts[4], engine.number().to_string());
    // Another one within the second does not take its place.
    let second = engine.write_heap_snapshot(None, SnapshotOptions::new()).unwrap();
    assert_ne!(path, second);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"snapshot\":{\"meta\":") && text.ends_with('}'), "{name}");
    assert!(text.contains("waning gibbous"));

    let given = folder.0.join("given");
    assert_eq!(engine.write_heap_snapshot(Some(&given), SnapshotOptions::new()).unwrap(), given);
    assert_eq!(folder.files().len(), 3);
    let bad = folder.0.join("no such folder/a");
    let error = engine.write_heap_snapshot(Some(&bad), SnapshotOptions::new()).unwrap_err();
    assert_eq!((error.kind(), error.file()), (EngineErrorKind::Io, Some(&*bad)));
    if std::path::Path::new("/dev/full").exists() {
        let full = folder.0.join("full");
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let error = engine.write_heap_snapshot(Some(&full), SnapshotOptions::new()).unwrap_err();
        assert_eq!(error.kind(), EngineErrorKind::Io);
    }
}
