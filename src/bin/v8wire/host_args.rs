//! The payload of an embedder's host objects, as it can be typed.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use v8wire::{Delegate, HostError, HostReader, HostStep};

/// What stands behind the tag of a host object: `uint32`, `uint64`, `double`, `value`, `bytes` (a uint32 and so
/// many bytes), `[items]` (a uint32 and so many times the items), `{1: items | 2: items | items}` (a uint32
/// and what it stands for; the last one, without a number, is for all others).
#[derive(Clone)]
pub(crate) struct Layout {
    steps: Arc<[Step]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Uint32,
    Uint64,
    Double,
    Bytes,
    Value,
    /// Reads how often, and goes on behind the [`Step::Again`] at the end if that is not at all.
    Repeat(usize),
    /// Goes back to the first step of a repetition.
    Again(usize),
    /// Reads a number and goes on where it says.
    Choose(Vec<(Option<u32>, usize)>),
    Go(usize),
}

/// Deeper ones are refused.
const MAX_DEPTH: usize = 32;

struct Parser<'t> {
    tokens: std::iter::Peekable<std::vec::IntoIter<&'t str>>,
    steps: Vec<Step>,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut tokens = Vec::new();
        for word in text.split([' ', ',']) {
            let marks = |char: char| "[]{}|:".contains(char);
            tokens.extend(word.split_inclusive(marks).flat_map(|part| {
                let end = part.trim_end_matches(marks).len();
                let (name, mark) = part.split_at(end);
                [name, mark].into_iter().filter(|token| !token.is_empty())
            }));
        }
        Parser { tokens: tokens.into_iter().peekable(), steps: Vec::new(), depth: 0 }
    }

    /// Up to a mark that ends them.
    fn items(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} levels"));
        }
        while let Some(token) = self.tokens.next_if(|token| !["]", "}", "|"].contains(token)) {
            match token {
                "uint32" => self.steps.push(Step::Uint32),
                "uint64" => self.steps.push(Step::Uint64),
                "double" => self.steps.push(Step::Double),
                "bytes" => self.steps.push(Step::Bytes),
                "value" => self.steps.push(Step::Value),
                "[" => self.repetition()?,
                "{" => self.choice()?,
                other => return Err(format!("`{other}` is no part of a payload")),
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn repetition(&mut self) -> Result<(), String> {
        let start = self.steps.len();
        self.steps.push(Step::Repeat(0));
        self.items()?;
        if self.steps.len() == start + 1 {
            return Err("nothing to repeat".into());
        }
        self.expect("]")?;
        self.steps.push(Step::Again(start + 1));
        self.steps[start] = Step::Repeat(self.steps.len());
        Ok(())
    }

    fn choice(&mut self) -> Result<(), String> {
        let start = self.steps.len();
        self.steps.push(Step::Choose(Vec::new()));
        let (mut cases, mut ends) = (Vec::new(), Vec::new());
        loop {
            let number = self.tokens.peek().and_then(|token| token.parse().ok());
            if number.is_some() {
                self.tokens.next();
                self.expect(":")?;
            }
            cases.push((number, self.steps.len()));
            self.items()?;
            ends.push(self.steps.len());
            self.steps.push(Step::Go(0));
            match self.tokens.next() {
                Some("}") => break,
                Some("|") if number.is_some() => {}
                _ => return Err("expected `}`".into()),
            }
        }
        let behind = self.steps.len();
        for end in ends {
            self.steps[end] = Step::Go(behind);
        }
        self.steps[start] = Step::Choose(cases);
        Ok(())
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        match self.tokens.next() {
            Some(found) if found == token => Ok(()),
            _ => Err(format!("expected `{token}`")),
        }
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parser = Parser::new(text);
        parser.items()?;
        match parser.tokens.next() {
            None => Ok(Layout { steps: parser.steps.into() }),
            Some(token) => Err(format!("`{token}` ends nothing")),
        }
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.fmt(f)
    }
}

/// Reads host objects of a layout.
pub(crate) struct LayoutHost {
    layout: Layout,
    /// Of the host objects that are open. Their tokens are the places here.
    open: Mutex<Vec<Reading>>,
}

/// How far a host object has been read.
#[derive(Clone, Default)]
struct Reading {
    step: usize,
    /// How often the repetitions that are open go on.
    left: Vec<u32>,
    done: bool,
}

impl LayoutHost {
    pub(crate) fn new(layout: Layout) -> Self {
        LayoutHost { layout, open: Mutex::default() }
    }
}

impl Delegate for LayoutHost {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if host.step() == 0 {
            // Those that were never read to their end may stay.
            while open.last().is_some_and(|reading| reading.done) {
                open.pop();
            }
            host.set_token(open.len() as u32);
            open.push(Reading::default());
        }
        let Some(reading) = open.get_mut(host.token() as usize) else {
            return Err(HostError::new("a host object that was never begun"));
        };
        reading.read(&self.layout.steps, host)
    }
}

impl Reading {
    fn read(
        &mut self,
        steps: &[Step],
        host: &mut HostReader<'_, '_>,
    ) -> Result<HostStep, HostError> {
        while let Some(step) = steps.get(self.step) {
            self.step += 1;
            match step {
                Step::Uint32 => drop(host.read_uint32()?),
                Step::Uint64 => drop(host.read_uint64()?),
                Step::Double => drop(host.read_double()?),
                Step::Bytes => {
                    let length = host.read_uint32()? as usize;
                    host.read_raw_bytes(length)?;
                }
                Step::Value => return Ok(HostStep::Value),
                Step::Repeat(behind) => match host.read_uint32()? {
                    0 => self.step = *behind,
                    times => self.left.push(times - 1),
                },
                Step::Again(start) => match self.left.last_mut() {
                    Some(left @ 1..) => {
                        *left -= 1;
                        self.step = *start;
                    }
                    _ => drop(self.left.pop()),
                },
                Step::Choose(cases) => {
                    let number = host.read_uint32()?;
                    let found = cases.iter().find(|case| case.0.is_none_or(|it| it == number));
                    self.step = match found {
                        Some(case) => case.1,
                        None => {
                            let reason = format!("the layout has no case {number}");
                            return Err(HostError::new(reason));
                        }
                    };
                }
                Step::Go(to) => self.step = *to,
            }
        }
        self.done = true;
        Ok(HostStep::Done)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use v8wire::{Kind, ParseOptions};

    use super::*;

    fn payloads(layout: &str, data: &[u8]) -> Result<Vec<usize>, String> {
        let host = LayoutHost::new(layout.parse()?);
        let options = ParseOptions::new().delegate(Arc::new(host));
        let doc = options.parse(data).map_err(|error| error.to_string())?;
        let values = doc.root().value().elements();
        let hosts = values.filter(|value| value.kind() == Kind::HostObject);
        Ok(hosts.map(|value| value.host_values().count()).collect())
    }

    #[test]
    fn layouts_are_followed() {
        let nested = b"\xFF\x0FA\x03\\\x02\\\x01\x02abT\\\x07\x05\\\x00$\0\x03";
        let layout = "{0: | 1: bytes | 2:value, value | uint32}";
        assert_eq!(payloads(layout, nested), Ok(vec![2, 0, 0]));
        let lists = b"\xFF\x0FA\x02\\\x02\x01TF\x02N0\x01\\\x00$\0\x02";
        assert!(payloads("[[value]]", lists).is_err());
        let lists = b"\xFF\x0FA\x02\\\x03\x01T\x00\x020F\\\x00$\0\x02";
        assert_eq!(payloads("[ [value] ]", lists), Ok(vec![3, 0]));
        let numbers = b"\xFF\x0FA\x01\\\x01\x80\x01\0\0\0\0\0\0\0\0$\0\x01";
        assert_eq!(payloads("uint32 uint64 double", numbers), Ok(vec![0]));
        assert!(payloads("{1: value}", b"\xFF\x0FA\x01\\\x02T$\0\x01").is_err());
    }

    /// A layout, and a payload that it describes.
    #[derive(Clone, Debug)]
    enum Item {
        Uint32(u8),
        Uint64(u8),
        Double([u8; 8]),
        Bytes(Vec<u8>),
        Value,
        /// How often, and what.
        Repeat(u8, Vec<Item>),
        /// Which case it is, those with a number, and the last one.
        Choose(usize, Vec<Vec<Item>>),
    }

    fn items() -> impl Strategy<Value = Vec<Item>> {
        let leaf = prop_oneof![
            (0u8..128).prop_map(Item::Uint32),
            (0u8..128).prop_map(Item::Uint64),
            any::<[u8; 8]>().prop_map(Item::Double),
            prop::collection::vec(any::<u8>(), 0..4).prop_map(Item::Bytes),
            Just(Item::Value),
        ];
        let item = leaf.prop_recursive(3, 16, 3, |inner| {
            let items = || prop::collection::vec(inner.clone(), 1..3);
            prop_oneof![
                (0u8..3, items()).prop_map(|(times, items)| Item::Repeat(times, items)),
                (any::<usize>(), prop::collection::vec(items(), 1..3))
                    .prop_map(|(which, cases)| Item::Choose(which % cases.len(), cases)),
            ]
        });
        prop::collection::vec(item, 0..4)
    }

    fn spelled(items: &[Item]) -> String {
        let spelled = items.iter().map(|item| match item {
            Item::Uint32(_) => "uint32".into(),
            Item::Uint64(_) => "uint64".into(),
            Item::Double(_) => "double".into(),
            Item::Bytes(_) => "bytes".into(),
            Item::Value => "value".into(),
            Item::Repeat(_, items) => format!("[{}]", spelled(items)),
            Item::Choose(_, cases) => {
                let last = cases.len() - 1;
                let cases = cases.iter().enumerate().map(|(number, items)| match number {
                    _ if number == last => spelled(items),
                    _ => format!("{number}: {}", spelled(items)),
                });
                format!("{{{}}}", cases.collect::<Vec<_>>().join(" | "))
            }
        });
        spelled.collect::<Vec<_>>().join(" ")
    }

    /// Appends the payload; how many values are in it.
    fn payload(items: &[Item], out: &mut Vec<u8>) -> usize {
        let mut values = 0;
        for item in items {
            match item {
                Item::Uint32(value) | Item::Uint64(value) => out.push(*value),
                Item::Double(bytes) => out.extend(bytes),
                Item::Bytes(bytes) => {
                    out.push(bytes.len() as u8);
                    out.extend(bytes);
                }
                Item::Value => {
                    out.push(b'T');
                    values += 1;
                }
                Item::Repeat(times, items) => {
                    out.push(*times);
                    values += (0..*times).map(|_| payload(items, out)).sum::<usize>();
                }
                Item::Choose(which, cases) => {
                    out.push(*which as u8);
                    values += payload(&cases[*which], out);
                }
            }
        }
        values
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn layouts_fit_the_payloads_that_they_describe(items in items()) {
            let mut bytes = b"\xFF\x0FA\x02\\".to_vec();
            let values = payload(&items, &mut bytes);
            // Behind it only what ends right there is read.
            bytes.push(b'\\');
            let again = payload(&items, &mut bytes);
            bytes.extend(b"$\0\x02");
            prop_assert_eq!(payloads(&spelled(&items), &bytes), Ok(vec![values, again]));
        }
    }

    #[test]
    fn what_is_no_layout() {
        for (text, message) in [
            ("uint", "`uint` is no part of a payload"),
            ("[]", "nothing to repeat"),
            ("[value", "expected `]`"),
            ("{1 value}", "expected `:`"),
            ("{value | 1: value}", "expected `}`"),
            ("value]", "`]` ends nothing"),
            (&"[".repeat(33), "more than 32 levels"),
        ] {
            assert_eq!(text.parse::<Layout>().unwrap_err(), message, "{text}");
        }
        assert_eq!(payloads("", b"\xFF\x0FA\x01\\$\0\x01"), Ok(vec![0]));
    }
}
