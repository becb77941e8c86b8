//! What cannot be written: every shape of serde's as a key, and as the payload of every type of `js`.
#![cfg(feature = "serde")]

use serde::{Serialize, Serializer};
use v8wire::js::{self, Boxed, Error, Map};
use v8wire::{Document, Kind, MapsAs, SerializeOptions, from_slice, to_vec, with};

/// Every shape that serde has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Bool,
    I64,
    U128,
    F32,
    F64,
    Char,
    Str,
    Bytes,
    None,
    Some,
    Unit,
    UnitStruct,
    UnitVariant,
    Newtype,
    NewtypeVariant,
    Seq,
    Tuple,
    TupleStruct,
    TupleVariant,
    Map,
    Struct,
    StructVariant,
}

use Shape as S;

const ALL: [Shape; 22] = [
    S::Bool,
    S::I64,
    S::U128,
    S::F32,
    S::F64,
    S::Char,
    S::Str,
    S::Bytes,
    S::None,
    S::Some,
    S::Unit,
    S::UnitStruct,
    S::UnitVariant,
    S::Newtype,
    S::NewtypeVariant,
    S::Seq,
    S::Tuple,
    S::TupleStruct,
    S::TupleVariant,
    S::Map,
    S::Struct,
    S::StructVariant,
];

impl Serialize for Shape {
    fn serialize<Z: Serializer>(&self, s: Z) -> Result<Z::Ok, Z::Error> {
        use serde::ser::{
            SerializeMap as _, SerializeStruct as _, SerializeStructVariant as _,
            SerializeTupleStruct as _, SerializeTupleVariant as _,
        };
        match self {
            S::Bool => s.serialize_bool(true),
            S::I64 => s.serialize_i64(-5),
            S::U128 => s.serialize_u128(5),
            S::F32 => s.serialize_f32(0.5),
            S::F64 => s.serialize_f64(1e21),
            S::Char => s.serialize_char('c'),
            S::Str => s.serialize_str("text"),
            S::Bytes => s.serialize_bytes(b"\x01\x02"),
            S::None => s.serialize_none(),
            S::Some => s.serialize_some("some"),
            S::Unit => s.serialize_unit(),
            S::UnitStruct => s.serialize_unit_struct("U"),
            S::UnitVariant => s.serialize_unit_variant("E", 0, "Unit"),
            S::Newtype => s.serialize_newtype_struct("N", "new"),
            S::NewtypeVariant => s.serialize_newtype_variant("E", 1, "New", &1),
            S::Seq => s.collect_seq([1, 2]),
            S::Tuple => (1, 2).serialize(s),
            S::TupleStruct => {
                let mut tuple = s.serialize_tuple_struct("T", 1)?;
                tuple.serialize_field(&1)?;
                tuple.end()
            }
            S::TupleVariant => {
                let mut tuple = s.serialize_tuple_variant("E", 2, "Tuple", 1)?;
                tuple.serialize_field(&1)?;
                tuple.end()
            }
            S::Map => {
                let mut map = s.serialize_map(Some(1))?;
                map.serialize_entry("k", &1)?;
                map.end()
            }
            S::Struct => {
                let mut fields = s.serialize_struct("S", 1)?;
                fields.serialize_field("f", &1)?;
                fields.end()
            }
            S::StructVariant => {
                let mut fields = s.serialize_struct_variant("E", 3, "Struct", 1)?;
                fields.serialize_field("f", &1)?;
                fields.end()
            }
        }
    }
}

/// The entries of a map, in their order.
struct Entries<'e>(&'e [(Shape, Shape)]);

impl Serialize for Entries<'_> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_map(self.0.iter().map(|entry| (&entry.0, &entry.1)))
    }
}

/// The name that a shape is as a key, or what it is said to be where it is none.
fn as_key(shape: Shape) -> Result<&'static str, &'static str> {
    match shape {
        S::Bool => Ok("true"),
        S::I64 => Ok("-5"),
        S::U128 => Ok("5"),
        S::F32 => Ok("0.5"),
        S::F64 => Ok("1e+21"),
        S::Char => Ok("c"),
        S::Str => Ok("text"),
        S::Some => Ok("some"),
        S::UnitVariant => Ok("Unit"),
        S::Newtype => Ok("new"),
        S::Bytes => Err("bytes"),
        S::None => Err("None"),
        S::Unit => Err("a unit"),
        S::UnitStruct => Err("a unit struct"),
        S::Seq => Err("a sequence"),
        S::Tuple => Err("a tuple"),
        S::TupleStruct => Err("a tuple struct"),
        S::Map => Err("a map"),
        S::Struct => Err("a struct"),
        S::NewtypeVariant | S::TupleVariant | S::StructVariant => Err("a variant with data"),
    }
}

#[test]
fn every_shape_as_a_key() {
    let options = SerializeOptions::new();
    for shape in ALL {
        let first = to_vec(&Entries(&[(shape, S::Bool)])).unwrap();
        let document = Document::parse(&first).unwrap();
        // The same behind a key that has made an object of it.
        let later = to_vec(&Entries(&[(S::Char, S::Bool), (shape, S::Bool)]));
        let objects = options.maps(MapsAs::Objects).to_vec(&Entries(&[(shape, S::Bool)]));
        match as_key(shape) {
            Ok(name) => {
                assert_eq!(document.root().kind(), Kind::Object, "{shape:?}");
                assert_eq!(document.root().get(name).unwrap().as_bool(), Some(true), "{shape:?}");
                assert_eq!(objects.unwrap(), first);
                assert_eq!(later.is_ok(), shape != S::Char, "{later:?}");
            }
            Err(what) => {
                assert_eq!(document.root().kind(), Kind::Map, "{shape:?}");
                let message = format!("the key of an object cannot be {what}");
                let [later, objects] = [later, objects].map(|it| it.unwrap_err().to_string());
                assert_eq!(later, format!("{message} ($)"));
                assert_eq!(objects, format!("{message} ($)"));
            }
        }
        // In a `Map` the key is the value that the shape is by itself.
        let entries = [(S::Seq, S::Bool), (shape, S::Bool)];
        let map = options.maps(MapsAs::Maps).to_vec(&Entries(&entries)).unwrap();
        let map = Document::parse(&map).unwrap();
        let alone = options.maps(MapsAs::Maps).to_vec(&shape).unwrap();
        let alone = Document::parse(&alone).unwrap();
        let key = map.root().entries().nth(1).unwrap().0;
        assert_eq!(key.kind(), alone.root().kind(), "{shape:?}");
    }
}

macro_rules! fields {
    ($($name:ident $with:literal;)*) => {$(
        #[derive(Serialize)]
        struct $name {
            #[serde(with = $with)]
            field: Shape,
        }
    )*};
}

fields! {
    AsObject "with::object";
    AsMap "with::map";
    AsSet "with::set";
    AsBoxed "with::boxed";
    AsRegExp "with::regexp";
}

/// What each module takes is written as its type; all else is refused, by both names.
#[test]
fn every_shape_as_a_payload() {
    let name = |shape| match shape {
        S::Bool => "a boolean",
        S::I64 | S::U128 => "an integer",
        S::F32 | S::F64 => "a float",
        S::Char | S::Str | S::Some | S::UnitVariant | S::Newtype => "a string",
        S::Unit | S::UnitStruct => "a unit",
        other => as_key(other).unwrap_err(),
    };
    let check = |what: &str, kind: Kind, good: &[Shape], write: &dyn Fn(Shape) -> _| {
        for shape in ALL {
            let written: Result<Vec<u8>, v8wire::WriteError> = write(shape);
            if good.contains(&shape) {
                let written = written.unwrap_or_else(|error| panic!("{shape:?}: {error}"));
                let document = Document::parse(&written).unwrap();
                let field = document.root().get("field").unwrap();
                // Whatever else, `None` is what it is elsewhere.
                let kind = if shape == S::None { Kind::Null } else { kind };
                assert_eq!(field.kind(), kind, "{what} {shape:?}");
                continue;
            }
            let name = match what {
                "RegExp" if name(shape) == "a string" => "a string that is no `/source/flags`",
                _ => name(shape),
            };
            let message = format!("{name} cannot be written as {what} ($.field)");
            assert_eq!(written.unwrap_err().to_string(), message);
        }
    };
    let write = |shape| to_vec(&AsObject { field: shape });
    check("object", Kind::Object, &[S::None, S::Map], &write);
    let write = |shape| to_vec(&AsMap { field: shape });
    check("Map", Kind::Map, &[S::None, S::Map], &write);
    let write = |shape| to_vec(&AsSet { field: shape });
    check("Set", Kind::Set, &[S::None, S::Seq, S::Tuple], &write);
    let write = |shape| to_vec(&AsRegExp { field: shape });
    check("RegExp", Kind::RegExp, &[S::None], &write);
    let boxed = [S::None, S::Bool, S::I64, S::U128, S::F32, S::F64];
    for (good, kind) in boxed.into_iter().zip([
        Kind::Null,
        Kind::BooleanObject,
        Kind::NumberObject,
        Kind::BigIntObject,
        Kind::NumberObject,
        Kind::NumberObject,
    ]) {
        let bytes = to_vec(&AsBoxed { field: good }).unwrap();
        let document = Document::parse(&bytes).unwrap();
        assert_eq!(document.root().get("field").unwrap().kind(), kind, "{good:?}");
    }
    let strings = [S::Char, S::Str, S::Some, S::UnitVariant, S::Newtype];
    let good = [&boxed[..], &strings].concat();
    for shape in ALL.into_iter().filter(|shape| !good.contains(shape)) {
        let error = to_vec(&AsBoxed { field: shape }).unwrap_err().to_string();
        let name = name(shape);
        assert_eq!(error, format!("{name} cannot be written as object of a primitive ($.field)"));
    }
    for shape in strings {
        let bytes = to_vec(&AsBoxed { field: shape }).unwrap();
        let document = Document::parse(&bytes).unwrap();
        let field = document.root().get("field").unwrap();
        assert_eq!(
            (field.kind(), field.as_str().as_deref()),
            (Kind::StringObject, as_key(shape).ok())
        );
    }
}

/// The parts of an error are strings, and a cause is an option.
#[test]
fn errors_of_another_form() {
    struct Parts(&'static str, Shape);
    impl Serialize for Parts {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            struct Fields<'p>(&'p Parts);
            impl Serialize for Fields<'_> {
                fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                    use serde::ser::SerializeStruct as _;
                    let mut fields = serializer.serialize_struct("Parts", 1)?;
                    fields.serialize_field(self.0.0, &self.0.1)?;
                    fields.end()
                }
            }
            // The name by which the types of `js` are told.
            serializer.serialize_newtype_struct("$v8wire::Error", &Fields(self))
        }
    }
    for (part, what) in [
        ("name", "name of an Error"),
        ("message", "message of an Error"),
        ("stack", "stack of an Error"),
        ("cause", "option of a cause"),
    ] {
        let error = to_vec(&Parts(part, S::Bool)).unwrap_err().to_string();
        assert_eq!(error, format!("a boolean cannot be written as {what} ($.{part})"));
    }
    for part in ["name", "message", "stack", "cause"] {
        let shape = if part == "cause" { S::Some } else { S::Str };
        let bytes = to_vec(&Parts(part, shape)).unwrap();
        let error: Error<String> = from_slice(&bytes).unwrap();
        assert_eq!(error.message.is_some(), part == "message");
        assert_eq!(error.stack.is_some(), part == "stack");
        assert_eq!(error.cause.as_deref(), (part == "cause").then_some("some"));
    }
}

/// Keys are read as what they spell, or refused as the strings that they are.
#[test]
fn keys_as_numbers() {
    use serde::de::IgnoredAny;
    use std::collections::{BTreeMap, HashMap};

    #[derive(Debug, PartialEq, Eq, Hash, serde::Deserialize)]
    struct Id(u64);

    let bytes = to_vec(&HashMap::from([("7", 1u8)])).unwrap();
    assert_eq!(from_slice::<HashMap<Id, u8>>(&bytes).unwrap(), HashMap::from([(Id(7), 1)]));
    assert_eq!(from_slice::<HashMap<Option<i128>, u8>>(&bytes).unwrap()[&Some(7)], 1);
    assert_eq!(from_slice::<BTreeMap<u128, IgnoredAny>>(&bytes).unwrap().len(), 1);
    let read = from_slice::<Map<f64, u8>>(&to_vec(&Map::from_iter([(0.5, 1)])).unwrap()).unwrap();
    assert_eq!(read.0, [(0.5, 1)]);
    for (name, number) in [("0.5", Some(0.5)), ("-1e3", Some(-1000.0)), ("x", None)] {
        struct Keys(Vec<f64>);
        impl<'de> serde::Deserialize<'de> for Keys {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct KeysVisitor;
                impl<'de> serde::de::Visitor<'de> for KeysVisitor {
                    type Value = Keys;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Keys, A::Error> {
                        let mut keys = Vec::new();
                        while let Some((key, IgnoredAny)) = map.next_entry::<f64, _>()? {
                            keys.push(key);
                        }
                        Ok(Keys(keys))
                    }
                }
                deserializer.deserialize_map(KeysVisitor)
            }
        }
        // A name is ASCII in the stream, and any text in the document.
        let bytes = to_vec(&HashMap::from([(name, 1)])).unwrap();
        let read = from_slice::<Keys>(&bytes).map(|keys| keys.0);
        assert_eq!(read.ok(), number.map(|number| vec![number]), "{name}");
        let ignored = from_slice::<Vec<(IgnoredAny, u8)>>(&to_vec(&[(name, 1)]).unwrap());
        assert_eq!(ignored.unwrap().len(), 1);
    }
    let keys = from_slice::<HashMap<bool, u8>>(&to_vec(&HashMap::from([("é", 1)])).unwrap());
    let error = keys.unwrap_err().to_string();
    assert!(error.contains("invalid type: string \"é\", expected a boolean"), "{error}");
}

/// What is in an object of a primitive has the range of its type.
#[test]
fn objects_of_integers() {
    for value in [0i64, -1, (1 << 53) - 1, 1 << 53, i64::MIN, i64::MAX] {
        let bytes = to_vec(&Boxed(value)).unwrap();
        let exact = value.unsigned_abs() < 1 << 53;
        let document = Document::parse(&bytes).unwrap();
        let kind = if exact { Kind::NumberObject } else { Kind::BigIntObject };
        assert_eq!(document.root().kind(), kind);
        assert_eq!(from_slice::<Boxed<i64>>(&bytes).unwrap(), Boxed(value));
        assert_eq!(from_slice::<Boxed<i128>>(&bytes).unwrap(), Boxed(value.into()));
        assert_eq!(from_slice::<Boxed<u128>>(&bytes).is_ok(), value >= 0);
        assert_eq!(from_slice::<Boxed<u8>>(&bytes).is_ok(), value == 0);
        let bytes = to_vec(&Boxed(i128::from(value))).unwrap();
        assert_eq!(Document::parse(&bytes).unwrap().root().kind(), Kind::BigIntObject);
        assert_eq!(from_slice::<Boxed<i64>>(&bytes).unwrap(), Boxed(value));
        assert_eq!(from_slice::<Boxed<js::BigInt>>(&bytes).unwrap(), Boxed(value.into()));
    }
}
