//! Reading and writing Rust values by other policies, readers and writers.
#![cfg(feature = "serde")]

use std::io::ErrorKind;

use serde::de::IgnoredAny;
use v8wire::{DeserializeOptions, Document, Error, HolesAs, WriteError, from_reader, to_writer};

/// Bytes of a version 15 value.
fn blob(body: &[u8]) -> Vec<u8> {
    [&[0xFF, 15], body].concat()
}

#[test]
fn readers_and_writers() {
    let mut file = Vec::new();
    to_writer(&mut file, &(1, "x")).unwrap();
    assert_eq!(from_reader::<(u8, String)>(&file[..]).unwrap(), (1, "x".into()));
    let short = from_reader::<(u8, String)>(&file[..6]).unwrap_err();
    assert_eq!(short.kind(), ErrorKind::UnexpectedEof);
    let wrong = from_reader::<u8>(&file[..]).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::InvalidData);
    let reason = wrong.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!((reason.path(), reason.offset()), ("$", 2));
    let refused = to_writer(&mut file, &[(f64::NAN, Refuses)]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidData);
    let reason = refused.get_ref().unwrap().downcast_ref::<WriteError>().unwrap();
    assert_eq!(reason.path(), Some("$[0][1]"));

    struct Refuses;
    impl serde::Serialize for Refuses {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no"))
        }
    }
}

#[test]
fn holes_by_policy() {
    let read = |holes, body: &[u8]| {
        let bytes = blob(body);
        let options = DeserializeOptions::new().holes(holes);
        let direct = options.from_slice::<Vec<Option<u8>>>(&bytes);
        let document = Document::parse(&bytes).unwrap();
        let by_document = options.from_document::<Vec<Option<u8>>>(&document);
        assert_eq!(
            format!("{:?}", direct.as_ref().map_err(Error::to_string)),
            format!("{:?}", by_document.as_ref().map_err(Error::to_string)),
        );
        direct
    };
    let (none, skip, error) = (HolesAs::None, HolesAs::Skip, HolesAs::Error);
    // [, 1, , undefined, 3, ,]
    let dense = b"A\x06-I\x02-_I\x06-$\0\x06";
    assert_eq!(read(none, dense).unwrap(), [None, Some(1), None, None, Some(3), None]);
    assert_eq!(read(skip, dense).unwrap(), [Some(1), None, Some(3)]);
    assert!(read(error, dense).unwrap_err().to_string().starts_with("$[0]: invalid type: hole"));
    // Properties that fill a hole or stand behind the end, and sparse arrays.
    let filled = b"A\x02-I\x02I\x00I\x0AI\x06I\x0E$\x02\x02";
    assert_eq!(read(skip, filled).unwrap(), [Some(5), Some(1), Some(7)]);
    assert!(read(error, filled).unwrap_err().to_string().starts_with("$[2]: invalid type: hole"));
    let sparse = b"a\xFF\xFF\xFF\xFF\x0FI\x04I\x0AI\x00I\x02@\x02\xFF\xFF\xFF\xFF\x0F";
    assert_eq!(read(skip, sparse).unwrap(), [Some(1), Some(5)]);
    assert!(read(none, sparse).unwrap_err().is_limit());
    assert!(read(error, sparse).unwrap_err().to_string().starts_with("$[1]: invalid type: hole"));
    let wrong = blob(b"a\x0AI\x02I\x02I\x0ATI\x0C\"\x01x@\x03\x0A");
    let options = DeserializeOptions::new().holes(skip);
    let mismatch = options.from_slice::<(u8, bool, u8)>(&wrong).unwrap_err();
    assert!(mismatch.to_string().starts_with("$[6]: invalid type: string"), "{mismatch}");
    // A tuple is as long as its elements are.
    let options = DeserializeOptions::new().holes(skip);
    assert_eq!(options.from_slice::<(u8, u8)>(&blob(b"A\x04-I\x02-I\x04$\0\x04")).unwrap(), (1, 2));
    assert_eq!(options.from_slice::<(u8,)>(&blob(b"A\x03-I\x02-$\0\x03")).unwrap(), (1,));
    assert!(options.from_slice::<(u8,)>(&blob(b"A\x03-I\x02I\x04$\0\x03")).is_err());
    // Not told apart from elements by those who pass over them.
    let options = DeserializeOptions::new().holes(error);
    options.from_slice::<IgnoredAny>(&blob(dense)).unwrap();
}
