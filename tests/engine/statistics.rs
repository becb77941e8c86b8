//! Statistics and flags.

use std::collections::BTreeMap;

use v8wire::engine::{
    Engine, EngineErrorKind, cached_data_version_tag, set_flags_from_string, v8_version,
};

#[test]
fn heap_statistics_have_nodes_fields() {
    let mut engine = Engine::new();
    let before = engine.heap_statistics();
    let json: BTreeMap<String, u64> =
        serde_json::from_str(&serde_json::to_string(&before).unwrap()).unwrap();
    let fields: Vec<&str> = json.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "does_zap_garbage",
            "external_memory",
            "heap_size_limit",
            "malloced_memory",
            "number_of_detached_contexts",
            "number_of_native_contexts",
            "peak_malloced_memory",
            "total_available_size",
            "total_global_handles_size",
            "total_heap_size",
            "total_heap_size_executable",
            "total_physical_size",
            "used_global_handles_size",
            "used_heap_size",
        ]
    );
    assert_eq!(before.number_of_native_contexts, 1);
    assert!(before.used_heap_size < before.total_heap_size);
    let script = "var list = Array.from({ length: 1e5 }, (_, i) => ({ i }));
        var buffer = new ArrayBuffer(1 << 20)";
    engine.run("a", script).unwrap();
    let after = engine.heap_statistics();
    // At least a pointer and a header an object.
    assert!(after.used_heap_size > before.used_heap_size + 1_600_000, "{before:?} {after:?}");
    assert!(after.external_memory >= before.external_memory + (1 << 20), "{before:?} {after:?}");
}

#[test]
fn heap_spaces_add_up() {
    let mut engine = Engine::new();
    engine.run("a", "var list = new Array(1e6).fill(0.5)").unwrap();
    let spaces = engine.heap_space_statistics();
    let find = |name: &str| spaces.iter().find(|space| space.space_name == name).unwrap();
    find("new_space");
    find("old_space");
    assert!(find("large_object_space").space_used_size >= 8_000_000);
    let used: u64 = spaces.iter().map(|space| space.space_used_size).sum();
    let total = engine.heap_statistics().used_heap_size;
    assert!(used.abs_diff(total) < total / 20, "{used} {total}");
}

#[test]
fn code_statistics_grow_with_code() {
    let mut engine = Engine::new();
    let before = engine.heap_code_statistics();
    let script: String = (0..500)
        .map(|i| format!("function f{i}(a) {{ return a * {i} + [a, {i}] }} f{i}(1);"))
        .collect();
    engine.run("a", &script).unwrap();
    let after = engine.heap_code_statistics();
    assert!(after.bytecode_and_metadata_size > before.bytecode_and_metadata_size + 10_000);
    assert!(after.code_and_metadata_size > 0);
}

#[test]
fn heap_limit_is_set() {
    let engine = Engine::builder().heap_limit(32 << 20).build().unwrap();
    let limit = engine.heap_statistics().heap_size_limit;
    assert!((32 << 20..128 << 20).contains(&limit), "{limit}");
}

#[test]
fn flags_are_set_or_reported() {
    let tag = cached_data_version_tag();
    assert_ne!(tag, 0);
    assert!(v8_version().split('.').count() >= 4);
    // As in Node's documentation: the tag depends on the flags.
    set_flags_from_string("--allow-natives-syntax").unwrap();
    assert_ne!(cached_data_version_tag(), tag);
    let mut engine = Engine::new();
    assert!(engine.eval("%IsSmi(1)").unwrap().to::<bool>().unwrap());
    set_flags_from_string("--noallow_natives_syntax").unwrap();
    // Another script: the first one is in V8's cache.
    assert!(engine.eval("%IsSmi(2)").is_err());

    for bad in ["--no-such-flag", "expose-gc", "--random-seed=big", "--random-seed", "--help"] {
        let error = set_flags_from_string(bad).expect_err(bad);
        assert_eq!(error.kind(), EngineErrorKind::Flag);
        assert!(error.message().contains(bad), "{error}");
    }
    // The others are set all the same.
    let error = set_flags_from_string("--no-such --expose-gc --nor-this").unwrap_err();
    assert_eq!(error.message(), "V8 does not take --no-such --nor-this");
    let mut engine = Engine::new();
    assert_eq!(engine.eval("typeof gc").unwrap().to::<String>().unwrap(), "function");
    let error = Engine::builder().flags("--none-such").build().unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Flag);
}
