//! Values as the slow decoder makes them.

use crate::text;

/// A value as JavaScript sees it, and where on the wire its objects are.
#[derive(Debug, PartialEq)]
pub(crate) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Hole,
    /// The bits of the double, one NaN.
    Number(u64),
    /// Whether below zero, and the magnitude without leading zeros.
    BigInt(bool, Vec<u8>),
    String(Vec<u16>),
    /// An object that was met before: its number in the order of meeting; while reading, of making.
    Again(usize),
    /// An object, and the offset of its tag. Containers of version 0 have no tag in front.
    Object(Option<usize>, Thing),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Thing {
    Plain(Properties),
    /// The length is the one that JavaScript sees: elements may stand behind the written one.
    Array {
        dense: bool,
        length: u64,
        elements: Vec<Value>,
        properties: Properties,
    },
    Map(Vec<(Value, Value)>),
    Set(Vec<Value>),
    Date(u64),
    Wrapper(Box<Value>),
    RegExp(Vec<u16>, u32),
    Buffer {
        bytes: Vec<u8>,
        max: Option<u64>,
        immutable: bool,
    },
    View {
        kind: &'static str,
        offset: u64,
        length: u64,
        flags: Option<u32>,
        buffer: Box<Value>,
    },
    HostView(&'static str, Vec<u8>),
    Host(Vec<u8>),
    Error(Vec<Part>),
    Module(Vec<u8>),
    /// A memory whose buffer is not there: the maximum of its pages, and the width of addresses.
    Memory(Option<i32>, u32),
}

pub(crate) type Properties = Vec<(Vec<u16>, Value)>;

#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Class(u8),
    Message(Vec<u16>),
    Stack(Vec<u16>),
    Cause(Value),
}

/// An object in the making.
pub(crate) struct Made {
    pub(crate) at: Option<usize>,
    pub(crate) thing: Thing,
    /// Whether it has been read to its end.
    pub(crate) whole: bool,
}

/// The objects as they are in the end, in the order in which they are met.
pub(crate) struct Told {
    made: Vec<Option<Made>>,
    numbers: Vec<Option<usize>>,
    count: usize,
}

impl Told {
    pub(crate) fn new(made: Vec<Made>) -> Self {
        let numbers = made.iter().map(|_| None).collect();
        Told { made: made.into_iter().map(Some).collect(), numbers, count: 0 }
    }

    pub(crate) fn value(&mut self, value: Value) -> Value {
        let Value::Again(index) = value else { return value };
        if let Some(number) = self.numbers[index] {
            return Value::Again(number);
        }
        self.numbers[index] = Some(self.count);
        self.count += 1;
        let made = self.made[index].take().expect("met once");
        Value::Object(made.at, self.thing(made.thing, made.whole))
    }

    fn thing(&mut self, thing: Thing, whole: bool) -> Thing {
        match thing {
            Thing::Plain(properties) => Thing::Plain(self.properties(properties)),
            Thing::Array { dense, length, elements, properties } => {
                let length = length_of(length, &properties); // 3.11.4, 3.12.3
                if whole {
                    let elements = elements.into_iter().map(|it| self.value(it)).collect();
                    let properties = self.properties(properties);
                    return Thing::Array { dense, length, elements, properties };
                }
                // Of an array that is not whole there are the elements that had been read.
                let indices = (0u32..).map(|index| index.to_string().encode_utf16().collect());
                let there = indices.zip(elements).filter(|element| element.1 != Value::Hole);
                let all = there.chain(properties).collect();
                let properties = self.properties(all);
                Thing::Array { dense: false, length, elements: vec![], properties }
            }
            Thing::Map(entries) => Thing::Map(
                entries.into_iter().map(|(key, it)| (self.value(key), self.value(it))).collect(),
            ),
            Thing::Set(members) => {
                Thing::Set(members.into_iter().map(|it| self.value(it)).collect())
            }
            Thing::View { kind, offset, length, flags, buffer } => {
                let buffer = Box::new(self.value(*buffer));
                Thing::View { kind, offset, length, flags, buffer }
            }
            Thing::Error(parts) => Thing::Error(
                parts
                    .into_iter()
                    .map(|part| match part {
                        Part::Cause(cause) => Part::Cause(self.value(cause)),
                        part => part,
                    })
                    .collect(),
            ),
            thing => thing,
        }
    }

    fn properties(&mut self, properties: Properties) -> Properties {
        properties.into_iter().map(|(name, it)| (name, self.value(it))).collect()
    }
}

/// An index among the properties may stand behind the written length.
fn length_of(length: u64, properties: &Properties) -> u64 {
    let indices = properties.iter().filter_map(|property| text::index(&property.0));
    indices.map(|index| u64::from(index) + 1).fold(length, u64::max)
}
