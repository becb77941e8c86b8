//! Startup snapshots.

use v8wire::engine::{Engine, EngineErrorKind, StartupSnapshot, v8_version};

use crate::Folder;

/// `startup/expected.txt` is what Node 18 prints, see `startup/make.sh`.
#[test]
fn order_is_nodes() {
    let snapshot = StartupSnapshot::build("entry.js", include_str!("startup/entry.js")).unwrap();
    for _ in 0..2 {
        let mut engine = Engine::builder().startup_snapshot(&snapshot).build().unwrap();
        let log: Vec<String> = engine.eval("log").unwrap().to().unwrap();
        assert_eq!(log.join("\n"), include_str!("startup/expected.txt").trim_end());
    }
}

#[test]
fn state_survives() {
    let script =
        "class Shelf { #books = new Map([['a', 1n]]); get(k) { return this.#books.get(k) } }
        globalThis.shelf = new Shelf();
        globalThis.bytes = new Uint8Array([1, 2, 3]);
        globalThis.self = globalThis;
        globalThis.made = Date.now();
        globalThis.pattern = /x+/g;";
    let snapshot = StartupSnapshot::build("a.js", script).unwrap();
    let mut engine = Engine::builder().startup_snapshot(&snapshot).build().unwrap();
    let test =
        "[shelf.get('a') === 1n, bytes[2] === 3, self === globalThis, 'axx'.match(pattern)[0],
        v8.startupSnapshot.isBuildingSnapshot()]";
    let checks: (bool, bool, bool, String, bool) = engine.eval(test).unwrap().to().unwrap();
    assert_eq!(checks, (true, true, true, "xx".into(), false));
    // What is not there while the snapshot is made is there again.
    let types = "[typeof WebAssembly, typeof SharedArrayBuffer, typeof console]";
    let types: Vec<String> = engine.eval(types).unwrap().to().unwrap();
    assert_eq!(types, ["object", "function", "object"]);
    // Two engines from one heap are apart.
    let mut other = Engine::builder().startup_snapshot(&snapshot).build().unwrap();
    engine.run("b.js", "bytes[0] = 9").unwrap();
    assert_eq!(other.eval("bytes[0]").unwrap().to::<u8>().unwrap(), 1);
    // A snapshot is not written for an engine without one.
    assert_eq!(Engine::new().eval("typeof v8").unwrap().to::<String>().unwrap(), "undefined");
}

#[test]
fn callbacks_that_throw_are_errors() {
    let error = StartupSnapshot::build("a.js", "throw new Error('no')").unwrap_err();
    assert_eq!((error.kind(), error.message()), (EngineErrorKind::Exception, "Error: no"));
    assert_eq!(error.position().unwrap().script, "a.js");
    let script = "v8.startupSnapshot.addSerializeCallback(() => { throw new Error('late') })";
    let error = StartupSnapshot::build("a.js", script).unwrap_err();
    assert_eq!(error.message(), "Error: late");
    let script = "v8.startupSnapshot.setDeserializeMainFunction(() => { throw new Error('main') })";
    let snapshot = StartupSnapshot::build("a.js", script).unwrap();
    let error = Engine::builder().startup_snapshot(&snapshot).build().unwrap_err();
    assert_eq!(error.message(), "Error: main");
}

#[test]
fn files_are_checked() {
    let folder = Folder::new("startup");
    let path = folder.0.join("snapshot.blob");
    StartupSnapshot::build("a.js", "globalThis.x = 42").unwrap().save(&path).unwrap();
    let snapshot = StartupSnapshot::load(&path).unwrap();
    let mut engine = Engine::builder().startup_snapshot(&snapshot).build().unwrap();
    assert_eq!(engine.eval("x").unwrap().to::<i32>().unwrap(), 42);

    let bytes = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        let error = StartupSnapshot::from_bytes(bytes).unwrap_err();
        assert_eq!(error.kind(), EngineErrorKind::Startup);
        error.message().to_owned()
    };
    assert_eq!(refused(b"text"), "this is no startup snapshot");
    assert_eq!(refused(&bytes[..20]), "the startup snapshot is cut short");
    assert_eq!(refused(&bytes[..bytes.len() - 1]), "the startup snapshot is damaged");
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&other), "the startup snapshot is damaged");
    let mut other = bytes.clone();
    other[17] = b'9';
    let message = refused(&other);
    assert!(message.starts_with("the startup snapshot is of V8 9"), "{message}");
    assert!(message.ends_with(v8_version()), "{message}");
    let missing = StartupSnapshot::load(&folder.0.join("none")).unwrap_err();
    assert_eq!(missing.kind(), EngineErrorKind::Io);
}
