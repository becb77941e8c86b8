//! V8's own serializer and deserializer.

use v8wire::engine::{
    DeserializeOptions, Engine, EngineErrorKind, HostObject, HostObjects, HostReader, HostWriter,
    NodeHostObjects, SerializeOptions,
};

fn node() -> SerializeOptions<'static> {
    SerializeOptions::new().host_objects(&NodeHostObjects)
}

#[test]
fn node_blobs_are_read_and_written_again() {
    let mut engine = Engine::new();
    let options = DeserializeOptions::new().host_objects(&NodeHostObjects);
    let (mut read, mut same) = (0, 0);
    for entry in std::fs::read_dir("corpus/node-18").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "v8") {
            continue;
        }
        let blob = std::fs::read(&path).unwrap();
        let Ok(value) = engine.deserialize(&blob, &options) else { continue };
        read += 1;
        if engine.serialize(&value.value, &node()).is_ok_and(|again| again.as_bytes() == blob) {
            same += 1;
        }
    }
    // All but headerless ones, custom host objects, and those that need a buffer.
    assert!(read > 270, "only {read} were read");
    // Not so: what has arrays, since V8 reads those as sparse; views with their buffers.
    assert!(same > 200, "only {same} of {read} came out the same");
}

#[test]
fn old_versions_are_read_on_demand() {
    let mut engine = Engine::new();
    let blob = b"\xFF\x09I\x02";
    let error = engine.deserialize(blob, &DeserializeOptions::new()).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Deserialize);
    let read = engine.deserialize(blob, &DeserializeOptions::new().legacy(true)).unwrap();
    assert_eq!((read.consumed, read.version), (4, 9));
    let behind = engine.deserialize(b"\xFF\x0FI\x02behind", &DeserializeOptions::new()).unwrap();
    assert_eq!(behind.consumed, 4);
    let read = engine.deserialize(b"I\x02", &DeserializeOptions::new().legacy(true)).unwrap();
    assert_eq!((read.consumed, read.version), (2, 0));
    assert_eq!(engine.describe(&read.value).unwrap(), "1");
}

#[test]
fn buffers_are_transferred() {
    let mut engine = Engine::new();
    let value = engine.run("a", "var b = new Uint8Array([1, 2, 3]); ({ b, c: b.buffer })").unwrap();
    let buffer = engine.run("a", "b.buffer").unwrap();
    let wire = engine.serialize(&value, &SerializeOptions::new().transfer(7, &buffer)).unwrap();
    let doc = wire.document().unwrap();
    assert!(doc.root()["c"].exists());
    let missing = engine.deserialize(wire.as_bytes(), &DeserializeOptions::new());
    assert_eq!(missing.unwrap_err().kind(), EngineErrorKind::Deserialize);
    let options = DeserializeOptions::new().transfer(7, &buffer);
    let copy = engine.deserialize(wire.as_bytes(), &options).unwrap();
    engine.set_global_handle("copy", &copy.value).unwrap();
    assert_eq!(engine.eval("copy.c === b.buffer && copy.b[2]").unwrap().to::<i32>().unwrap(), 3);
    let number = engine.run("a", "1").unwrap();
    let error =
        engine.serialize(&value, &SerializeOptions::new().transfer(7, &number)).unwrap_err();
    assert_eq!(error.message(), "only an ArrayBuffer can be transferred");
}

#[test]
fn shared_buffers_and_modules_have_numbers() {
    let mut engine = Engine::new();
    let script = "var s = new SharedArrayBuffer(4), t = new SharedArrayBuffer(8);
        var m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        [s, new Uint8Array(t), s, m]";
    let value = engine.run("a", script).unwrap();
    let wire = engine.serialize(&value, &SerializeOptions::new()).unwrap();
    assert_eq!((wire.shared_buffers().len(), wire.modules().len()), (2, 1));
    let options = DeserializeOptions::new()
        .shared_buffer(0, &wire.shared_buffers()[0])
        .shared_buffer(1, &wire.shared_buffers()[1])
        .module(0, &wire.modules()[0]);
    let copy = engine.deserialize(wire.as_bytes(), &options).unwrap();
    engine.set_global_handle("copy", &copy.value).unwrap();
    // Memory is shared; the objects are the given ones.
    let script = "copy[1][5] = 9; [new Uint8Array(t)[5], copy[0] === copy[2], copy[0] === s,
        copy[3] instanceof WebAssembly.Module]";
    let checks: (u8, bool, bool, bool) = engine.eval(script).unwrap().to().unwrap();
    assert_eq!(checks, (9, true, true, true));
    assert!(engine.deserialize(wire.as_bytes(), &DeserializeOptions::new()).is_err());
}

/// Writes a view as its bytes in reverse, behind one number of each kind; or a value within.
struct Custom;

impl HostObjects for Custom {
    fn write(&self, object: &mut HostWriter<'_>) -> Result<(), String> {
        let (kind, mut bytes) = object.view().ok_or("no view")?;
        if kind != v8wire::ViewKind::Uint8 {
            return Err(format!("no {}", kind.name()));
        }
        object.write_uint32(1);
        object.write_uint64(1 << 40);
        object.write_double(0.5);
        object.write_uint32(bytes.len() as u32);
        bytes.reverse();
        object.write_raw_bytes(&bytes);
        Ok(())
    }

    fn read(&self, object: &mut HostReader<'_>) -> Result<HostObject, String> {
        if object.read_uint32().ok_or("early end")? == 2 {
            return object.read_value();
        }
        assert_eq!(object.read_uint64().ok_or("early end")?, 1 << 40);
        assert_eq!(object.read_double(), Some(0.5));
        let length = object.read_uint32().ok_or("early end")? as usize;
        let mut bytes = object.read_raw_bytes(length).ok_or("early end")?.to_vec();
        bytes.reverse();
        object.view(v8wire::ViewKind::Uint8Clamped, &bytes)
    }
}

#[test]
fn host_objects_are_the_embedders() {
    let mut engine = Engine::new();
    let value = engine.run("a", "[new Uint8Array([1, 2, 3])]").unwrap();
    let wire = engine.serialize(&value, &SerializeOptions::new().host_objects(&Custom)).unwrap();
    assert!(wire.as_bytes().ends_with(&[3, 3, 2, 1, b'$', 0, 1]), "{:x?}", wire.as_bytes());
    let options = DeserializeOptions::new().host_objects(&Custom);
    let read = engine.deserialize(wire.as_bytes(), &options).unwrap();
    engine.set_global_handle("copy", &read.value).unwrap();
    let text: String = engine.eval("copy[0].constructor.name + copy[0]").unwrap().to().unwrap();
    assert_eq!(text, "Uint8ClampedArray1,2,3");

    for short in [&b"\xFF\x0F\\"[..], b"\xFF\x0F\\\x01"] {
        let error = engine.deserialize(short, &options).unwrap_err();
        assert_eq!(error.message(), "Error: early end");
    }
    // V8's own exception is not covered by what the reader says of it.
    let error = engine.deserialize(b"\xFF\x0F\\\x02?!", &options).unwrap_err();
    assert_eq!(error.message(), "Error: Unable to deserialize cloned data.");
    let error = engine.deserialize(b"\xFF\x0F\\\x02I\x02", &options).unwrap_err();
    assert_eq!(error.message(), "Error: the host object holds no object");
    // Host objects within host objects.
    let mut nested = b"\xFF\x0F".to_vec();
    nested.extend(b"\\\x02".repeat(100));
    nested.extend(b"o{\0");
    assert_eq!(engine.deserialize(&nested, &options).unwrap().consumed, nested.len());
    nested.truncate(2);
    nested.extend(b"\\\x02".repeat(1_000_000));
    assert!(engine.deserialize(&nested, &options).is_err());

    let other = engine.run("a", "new Float64Array(1)").unwrap();
    let error =
        engine.serialize(&other, &SerializeOptions::new().host_objects(&Custom)).unwrap_err();
    assert_eq!(error.message(), "Error: no Float64Array");
}

struct Panics;

impl HostObjects for Panics {
    fn write(&self, _: &mut HostWriter<'_>) -> Result<(), String> {
        panic!("in write")
    }

    fn read(&self, _: &mut HostReader<'_>) -> Result<HostObject, String> {
        panic!("in read")
    }
}

#[test]
fn panics_pass_by_v8() {
    let mut engine = Engine::new();
    let options = DeserializeOptions::new().host_objects(&Panics);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        engine.deserialize(b"\xFF\x0F\\", &options).is_ok()
    }));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"in read"));
    assert_eq!(engine.eval("1 + 1").unwrap().to::<i32>().unwrap(), 2);
}
