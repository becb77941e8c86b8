//! Structs, maps, enums, and what they are read from.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::{Newtype, User, read, refused};

#[test]
fn structs() {
    let body = b"A\x04o\"\x04name\"\x03Ada\"\x03ageIH{\x02o\"\x04name\"\x01x\"\x03age_\"\x05otherA\x01o{\0$\0\x01{\x03;\"\x04name\"\x01y:\x02A\x02\"\x01z0$\0\x02$\0\x04";
    let user = |name: &str, age| User { name: name.into(), age };
    assert_eq!(
        read::<Vec<User>>(body).unwrap(),
        [user("Ada", Some(36)), user("x", None), user("y", None), user("z", None)]
    );
    assert_eq!(
        refused::<Vec<User>>(b"A\x01o\"\x03ageI\x02{\x01$\0\x01"),
        "$[0]: missing field `name` at offset 4"
    );
    assert_eq!(
        refused::<HashMap<String, Vec<User>>>(
            b"o\"\x05usersA\x01o\"\x03age\"\x01x{\x01$\0\x01{\x01"
        ),
        "$.users[0].age: invalid type: string \"x\", expected u8 at offset 18"
    );
    assert!(refused::<User>(b"\"\x01x").contains("expected struct User"));

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        a: u8,
    }
    assert_eq!(
        refused::<Strict>(b"o\"\x01aI\x02\"\x01bI\x02{\x02"),
        "$: unknown field `b`, expected `a` at offset 8"
    );
    assert_eq!(read::<Newtype>(b"A\x01I\x02$\0\x01").unwrap(), Newtype(vec![1]));
}

#[test]
fn maps_and_their_keys() {
    let object = b"oI\x02T\"\x02-7T{\x02";
    assert_eq!(read::<BTreeMap<i32, bool>>(object).unwrap(), [(-7, true), (1, true)].into());
    assert_eq!(
        read::<BTreeMap<String, bool>>(object).unwrap(),
        [("-7".into(), true), ("1".into(), true)].into()
    );
    assert!(
        refused::<BTreeMap<u8, bool>>(object).contains("integer `-7`, expected u8 at offset 6")
    );
    assert_eq!(read::<BTreeMap<bool, u8>>(b"o\"\x04trueI\x02{\x01").unwrap(), [(true, 1)].into());
    assert_eq!(
        read::<BTreeMap<(u8, u8), Option<char>>>(
            b";A\x02I\x02I\x04$\0\x02\"\x01xA\x02I\x02I\x06$\0\x020:\x04"
        )
        .unwrap(),
        [((1, 2), Some('x')), ((1, 3), None)].into()
    );
    assert_eq!(
        refused::<BTreeMap<String, u8>>(b";\"\x01aI\x02I\x02T:\x04"),
        "$<key 1>: invalid type: integer `1`, expected a string at offset 8"
    );
    assert_eq!(
        refused::<BTreeMap<u8, u8>>(b";I\x02T:\x02"),
        "$<value 0>: invalid type: boolean `true`, expected u8 at offset 5"
    );
    #[derive(Debug, Deserialize, PartialEq, PartialOrd, Eq, Ord)]
    enum Key {
        A,
        B,
    }
    assert_eq!(
        read::<BTreeMap<Key, u8>>(b"o\"\x01BI\x02\"\x01AI\x04{\x02").unwrap(),
        [(Key::A, 2), (Key::B, 1)].into()
    );
}

#[derive(Debug, Deserialize, PartialEq)]
enum External {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "t")]
enum Internal {
    One { a: u8 },
    Two,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    One(u8),
    Two,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Number(u64),
    Float(f64),
    Text(String),
    List(Vec<u8>),
    Object { a: u8 },
}

#[test]
fn enums() {
    assert_eq!(read::<External>(b"\"\x04Unit").unwrap(), External::Unit);
    assert_eq!(read::<External>(b"o\"\x04Unit0{\x01").unwrap(), External::Unit);
    assert_eq!(read::<External>(b"o\"\x07NewtypeI\x02{\x01").unwrap(), External::Newtype(1));
    assert_eq!(read::<External>(b";\"\x07NewtypeI\x02:\x02").unwrap(), External::Newtype(1));
    assert_eq!(
        read::<External>(b"o\"\x05TupleA\x02I\x02I\x04$\0\x02{\x01").unwrap(),
        External::Tuple(1, 2)
    );
    assert_eq!(
        read::<External>(b"o\"\x06Structo\"\x01aI\x02{\x01{\x01").unwrap(),
        External::Struct { a: 1 }
    );
    assert_eq!(
        refused::<External>(b"o\"\x07NewtypeI\x02\"\x01bT{\x02"),
        "$: invalid length 2, expected an object with one key at offset 2"
    );
    assert!(
        refused::<External>(b"o{\0").contains("invalid length 0, expected an object with one key")
    );
    assert!(refused::<External>(b"\"\x01x").contains("unknown variant `x`"));
    assert_eq!(
        refused::<External>(b"o\"\x07NewtypeT{\x01"),
        "$.Newtype: invalid type: boolean `true`, expected u8 at offset 12"
    );
    assert!(refused::<External>(b"I\x02").contains("expected enum External"));

    assert_eq!(
        read::<Internal>(b"o\"\x01aI\x02\"\x01t\"\x03One{\x02").unwrap(),
        Internal::One { a: 1 }
    );
    assert_eq!(read::<Internal>(b"o\"\x01t\"\x03Two{\x01").unwrap(), Internal::Two);
    assert_eq!(read::<Adjacent>(b"o\"\x01cI\x02\"\x01t\"\x03One{\x02").unwrap(), Adjacent::One(1));
    assert_eq!(read::<Adjacent>(b"o\"\x01t\"\x03Two{\x01").unwrap(), Adjacent::Two);
    // 1e10 is a double on the wire, but an integer in JavaScript's eyes.
    let all = [
        b"N\0\0\0\x20\x5F\xA0\x02\x42".to_vec(),
        b"N\0\0\0\0\0\0\xF8\x3F".to_vec(),
        b"\"\x01x".to_vec(),
        b"A\x01I\x02$\0\x01".to_vec(),
        b"o\"\x01aI\x02{\x01".to_vec(),
    ];
    let read: Vec<Untagged> = all.iter().map(|body| read(body).unwrap()).collect();
    assert_eq!(
        read,
        [
            Untagged::Number(10_000_000_000),
            Untagged::Float(1.5),
            Untagged::Text("x".into()),
            Untagged::List(vec![1]),
            Untagged::Object { a: 1 },
        ]
    );
}

#[test]
fn flattened_and_regexps_and_errors() {
    #[derive(Debug, Deserialize)]
    struct Flat {
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    let flat: Flat = read(b"o\"\x01bI\x04\"\x01aI\x02{\x02").unwrap();
    assert_eq!((flat.a, flat.rest), (1, [("b".into(), 2)].into()));

    #[derive(Debug, Deserialize)]
    struct RegExp {
        source: String,
        flags: String,
    }
    let regexp = b"R\"\x02a+\x03";
    let parts: RegExp = read(regexp).unwrap();
    assert_eq!((&*parts.source, &*parts.flags), ("a+", "gi"));
    assert_eq!(read::<String>(regexp).unwrap(), "/a+/gi");

    #[derive(Debug, Deserialize)]
    struct Failure {
        name: String,
        message: Option<String>,
        cause: Option<Box<Failure>>,
    }
    let failure: Failure = read(b"rTm\"\x01mcrm\"\x01i..").unwrap();
    assert_eq!((&*failure.name, failure.message.as_deref()), ("TypeError", Some("m")));
    let cause = failure.cause.unwrap();
    assert_eq!((&*cause.name, cause.message.as_deref()), ("Error", Some("i")));
    assert!(cause.cause.is_none());
    assert_eq!(
        refused::<Failure>(b"rcT."),
        "$.cause: invalid type: boolean `true`, expected struct Failure at offset 4"
    );
}
