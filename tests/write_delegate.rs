//! What the embedder brings to writing.

use std::sync::Arc;

use v8wire::{
    Delegate, Document, Externals, HostError, HostObject, HostReader, HostStep, HostWriter,
    ParseOptions, Profile, SerializerDelegate, ValueSerializer, WriteError, WriteErrorKind,
};

/// As V8 without an embedder: takes nothing.
struct Nobody;

impl SerializerDelegate for Nobody {
    fn write_host_object(
        &self,
        _: &HostObject<'_>,
        _: &mut HostWriter<'_>,
    ) -> Result<HostStep, HostError> {
        Err(HostError::new("#<Object> could not be cloned."))
    }
}

fn write(
    blob: &[u8],
    options: &ParseOptions,
    delegate: Option<Arc<dyn SerializerDelegate>>,
) -> Result<Vec<u8>, WriteError> {
    let doc = options.parse(blob).expect("a good blob");
    let mut serializer = ValueSerializer::new();
    if let Some(delegate) = delegate {
        serializer.set_delegate(delegate);
    }
    serializer.write_header()?;
    serializer.write_value(doc.root().value())?;
    serializer.release()
}

#[test]
fn texts_are_those_of_v8() {
    let keep = ParseOptions::new().externals(Externals::Keep);
    let refused = [
        (&b"\xFF\x0FA\x01u\x07$\0\x01"[..], "#<SharedArrayBuffer> could not be cloned. ($[0])"),
        (b"\xFF\x0FA\x01w\x07$\0\x01", "#<Module> could not be cloned. ($[0])"),
        (b"\xFF\x0FA\x01p\x07$\0\x01", "#<Object> could not be cloned. ($[0])"),
    ];
    for (blob, text) in refused {
        // Nobody is asked: ids are kept.
        assert_eq!(write(blob, &keep, None).unwrap(), blob);
        let error = write(blob, &keep, Some(Arc::new(Nobody))).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(matches!(error.kind(), WriteErrorKind::DataClone { .. }));
    }
}

/// Gives ids, and its own words.
struct Ids;

impl SerializerDelegate for Ids {
    fn write_host_object(
        &self,
        _: &HostObject<'_>,
        _: &mut HostWriter<'_>,
    ) -> Result<HostStep, HostError> {
        Ok(HostStep::Done)
    }

    fn shared_array_buffer_id(&self, id: u32) -> Option<u32> {
        (id < 10).then_some(id + 100)
    }

    fn wasm_module_transfer_id(&self, id: u32) -> Option<u32> {
        Some(id + 1)
    }

    fn shared_value_id(&self, id: u32) -> Option<u32> {
        Some(id + 2)
    }

    fn data_clone_error(&self, message: String) -> String {
        format!("DataCloneError: {message}")
    }
}

#[test]
fn ids_are_the_delegate_s() {
    let keep = ParseOptions::new().externals(Externals::Keep);
    let blob = b"\xFF\x0FA\x04u\x07w\x07p\x07^\x01$\0\x04";
    let written = write(blob, &keep, Some(Arc::new(Ids))).unwrap();
    assert_eq!(written, b"\xFF\x0FA\x04u\x6Bw\x08p\x09^\x01$\0\x04");
    let error = write(b"\xFF\x0Fu\x0A", &keep, Some(Arc::new(Ids))).unwrap_err();
    assert_eq!(error.to_string(), "DataCloneError: #<SharedArrayBuffer> could not be cloned. ($)");
}

/// Host objects: how many values follow, and these.
struct Counted;

impl Delegate for Counted {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() == 0 {
            let count = host.read_uint32()?;
            host.set_token(count);
        }
        Ok(if host.step() < host.token() { HostStep::Value } else { HostStep::Done })
    }
}

/// The same with a double in front and a byte behind each value.
struct Framed;

impl SerializerDelegate for Framed {
    fn write_host_object(
        &self,
        object: &HostObject<'_>,
        host: &mut HostWriter<'_>,
    ) -> Result<HostStep, HostError> {
        if host.step() == 0 {
            assert_eq!(object.view(), None);
            assert_eq!(object.bytes(), [[object.value_count() as u8]]);
            host.write_double(1.5);
            host.set_token(7);
        } else {
            host.write_raw_bytes(b".");
        }
        assert_eq!(host.token(), 7);
        Ok(if host.step() < object.value_count() { HostStep::Value } else { HostStep::Done })
    }
}

#[test]
fn host_objects_hold_values() {
    let options = ParseOptions::new().delegate(Arc::new(Counted));
    // [host of an object and that object, the host again]
    let blob = b"\xFF\x0FA\x02\\\x02o{\0^\x02^\x01$\0\x02";
    let written = write(blob, &options, Some(Arc::new(Framed))).unwrap();
    assert_eq!(written, b"\xFF\x0FA\x02\\\0\0\0\0\0\0\xF8\x3Fo{\0.^\x02.^\x01$\0\x02");
    assert_eq!(write(blob, &options, None).unwrap(), blob);

    struct Greedy;
    impl SerializerDelegate for Greedy {
        fn write_host_object(
            &self,
            _: &HostObject<'_>,
            _: &mut HostWriter<'_>,
        ) -> Result<HostStep, HostError> {
            Ok(HostStep::Value)
        }
    }
    let error = write(blob, &options, Some(Arc::new(Greedy))).unwrap_err();
    assert!(
        error.to_string().starts_with("host object: it holds no further value ($[0]"),
        "{error}"
    );
    let error = write(blob, &options, Some(Arc::new(Nobody))).unwrap_err();
    assert_eq!(error.to_string(), "host object: #<Object> could not be cloned. ($[0])");

    // Deeply within each other.
    let mut deep = b"\xFF\x0F".to_vec();
    deep.extend(b"\\\x01".repeat(50_000));
    deep.push(b'T');
    assert_eq!(write(&deep, &options, Some(Arc::new(Framed))).unwrap().len(), 2 + 50_000 * 10 + 1);
}

#[test]
fn views_go_to_the_delegate_where_they_are_host_objects() {
    struct Views;
    impl SerializerDelegate for Views {
        fn write_host_object(
            &self,
            object: &HostObject<'_>,
            host: &mut HostWriter<'_>,
        ) -> Result<HostStep, HostError> {
            let (kind, data) = object.view().ok_or_else(|| HostError::new("no view"))?;
            host.write_uint64(kind as u64 + 1000);
            host.write_uint32(data.len() as u32);
            Ok(HostStep::Done)
        }
    }
    let doc =
        Document::parse(b"\xFF\x0FA\x03\\\x0A\x02hiB\x04abcdVw\x02\x02\0^\x01$\0\x03").unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.set_delegate(Arc::new(Views));
    serializer.set_treat_array_buffer_views_as_host_objects(true);
    serializer.write_header().unwrap();
    serializer.write_value(doc.root().value()).unwrap();
    assert_eq!(
        serializer.release().unwrap(),
        b"\xFF\x0FA\x03\\\xF2\x07\x02\\\xEB\x07\x02^\x01$\0\x03"
    );
}

#[test]
fn channel_views() {
    let doc = Document::parse(b"\xFF\x0F\\\x0A\x02hi").unwrap();
    let options = v8wire::WriteOptions::new().profile(Profile::NodeIpc);
    let mut serializer = ValueSerializer::with_options(options);
    serializer.write_header().unwrap();
    serializer.write_value(doc.root().value()).unwrap();
    serializer.write_host_view(v8wire::ViewKind::Uint8, b"!").unwrap();
    assert_eq!(serializer.release().unwrap(), b"\xFF\x0F\\\0\x0A\x02hi\\\0\x01\x01!");
}

#[test]
fn keys_that_are_there_twice() {
    let write = |calls: &dyn Fn(&mut ValueSerializer<'_>) -> Result<(), WriteError>| {
        let mut serializer = ValueSerializer::new();
        serializer.write_header()?;
        calls(&mut serializer)?;
        serializer.release()
    };
    let key = |error: WriteError| match error.kind() {
        WriteErrorKind::DuplicateKey { key } => key.clone(),
        other => panic!("{other:?}"),
    };
    let error = write(&|s| {
        s.begin_object()?;
        for key in ["a", "b", "a"] {
            s.write_key(key)?;
            s.begin_object()?; // keys of its own
            s.write_key("a")?;
            s.write_null()?;
            s.end_object()?;
        }
        s.end_object()
    });
    assert_eq!(key(error.unwrap_err()), "a");
    // As JavaScript compares them: a number and its spelling, texts in any encoding.
    let error = write(&|s| {
        s.begin_sparse_array(5)?;
        s.write_number(1.0)?;
        s.write_null()?;
        s.write_str("1")?;
        s.write_null()?;
        s.end_sparse_array()
    });
    assert_eq!(key(error.unwrap_err()), "1");
    // Elements that are there have their names; holes do not.
    let array = |name: &'static str, hole: bool| {
        write(&move |s| {
            s.begin_array(2)?;
            s.write_null()?;
            if hole {
                s.write_hole()?
            } else {
                s.write_null()?
            };
            s.write_key(name)?;
            s.write_null()?;
            s.end_array()
        })
    };
    assert_eq!(key(array("1", false).unwrap_err()), "1");
    assert_eq!(key(array("length", true).unwrap_err()), "length");
    assert!(Document::parse(&array("1", true).unwrap()).is_ok());
    assert!(Document::parse(&array("2", false).unwrap()).is_ok());
    // Very many.
    let many = |last: u32| {
        write(&move |s| {
            s.begin_object()?;
            for number in (0..50_000).chain([last]) {
                s.write_key(&format!("k{number}"))?;
                s.write_null()?;
            }
            s.end_object()
        })
    };
    assert!(many(50_000).is_ok());
    assert_eq!(key(many(777).unwrap_err()), "k777");
}
