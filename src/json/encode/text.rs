//! JSON text, read without recursion: where each value is, and where the next one behind it.

use alloc::vec::Vec;

use super::error::{EncodeErrorKind, Fault, Step};
use super::string::JsonStr;

/// A JSON value, or the key of a member.
#[derive(Clone, Copy, Debug)]
struct Token {
    /// Its offset in the text. The byte there tells what it is.
    at: usize,
    /// The token behind all that it holds.
    next: u32,
    /// How many items or members it has.
    count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    True,
    False,
    Number,
    Text,
    List,
    Object,
}

/// The tokens in the order of the text: the contents of a value stand behind it, a member's key in front
/// of the member. 16 bytes each.
#[derive(Clone, Debug)]
pub(super) struct Tape<'t> {
    text: &'t str,
    tokens: Vec<Token>,
}

impl<'t> Tape<'t> {
    /// Reads one JSON text (RFC 8259). With an error comes what was read before it.
    pub(super) fn parse(text: &'t str) -> (Self, Step) {
        let tape = Tape { text, tokens: Vec::new() };
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, tape, open: Vec::new() };
        let result = scanner.run();
        let Scanner { mut tape, open, .. } = scanner;
        let end = tape.tokens.len() as u32;
        for container in open {
            if let Some(token) = tape.tokens.get_mut(container as usize) {
                token.next = end;
            }
        }
        (tape, result)
    }

    fn token(&self, index: u32) -> Token {
        let nothing = Token { at: self.text.len(), next: index.saturating_add(1), count: 0 };
        self.tokens.get(index as usize).copied().unwrap_or(nothing)
    }

    pub(super) fn at(&self, index: u32) -> usize {
        self.token(index).at
    }

    /// The token behind all that this one holds.
    pub(super) fn next(&self, index: u32) -> u32 {
        self.token(index).next
    }

    /// How many items or members.
    pub(super) fn count(&self, index: u32) -> u32 {
        self.token(index).count
    }

    pub(super) fn kind(&self, index: u32) -> Kind {
        match self.text.as_bytes().get(self.at(index)) {
            Some(b'n') => Kind::Null,
            Some(b't') => Kind::True,
            Some(b'f') => Kind::False,
            Some(b'"') => Kind::Text,
            Some(b'[') => Kind::List,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    /// The items of a list; of an object keys and members in turn.
    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = u32> + Clone + use<'_, 't> {
        let Token { next: end, .. } = self.token(index);
        let mut child = index + 1;
        core::iter::from_fn(move || {
            let this = (child < end).then_some(child)?;
            child = self.next(this);
            Some(this)
        })
    }

    /// Keys and members of an object.
    pub(super) fn members(
        &self,
        index: u32,
    ) -> impl Iterator<Item = (u32, u32)> + Clone + use<'_, 't> {
        let mut children = self.children(index);
        core::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// What stands between the quotes.
    pub(super) fn str(&self, index: u32) -> JsonStr<'t> {
        let start = self.at(index) + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        JsonStr(rest.get(..string_end(rest.as_bytes())).unwrap_or_default())
    }

    pub(super) fn number(&self, index: u32) -> &'t str {
        let rest = self.text.get(self.at(index)..).unwrap_or_default();
        let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
        let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// The containers around an offset, each with the token in it that is on the way.
    pub(super) fn way_to(&self, offset: usize) -> Vec<(u32, u32)> {
        let (mut way, mut here) = (Vec::new(), 0);
        loop {
            let last = self.children(here).take_while(|&child| self.at(child) <= offset).last();
            let Some(child) = last else { return way };
            way.push((here, child));
            here = child;
        }
    }
}

/// Where the closing quote is, or the end.
fn string_end(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    tape: Tape<'t>,
    /// The lists and objects that are open.
    open: Vec<u32>,
}

impl Scanner<'_> {
    fn run(&mut self) -> Step {
        loop {
            if self.value()? && self.ends()? {
                return Ok(());
            }
        }
    }

    #[cold]
    fn syntax<T>(&self, reason: &'static str) -> Step<T> {
        let reason = if self.at >= self.bytes.len() { "the text ends too early" } else { reason };
        Err(Fault::new(self.at.min(self.bytes.len()), EncodeErrorKind::Syntax { reason }))
    }

    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn push(&mut self) -> Step<u32> {
        match u32::try_from(self.tape.tokens.len()) {
            Ok(index) if index < u32::MAX - 1 => {
                self.tape.tokens.push(Token { at: self.at, next: index + 1, count: 0 });
                Ok(index)
            }
            _ => self.syntax("more than 4,294,967,294 values and keys"),
        }
    }

    /// The start of a value; whether that is all of it.
    fn value(&mut self) -> Step<bool> {
        let first = self.peek();
        let index = self.push()?;
        match first {
            Some(open @ (b'{' | b'[')) => {
                self.at += 1;
                self.open.push(index);
                match (open, self.peek()) {
                    (b'{', Some(b'}')) | (b'[', Some(b']')) => {
                        self.open.pop();
                        self.at += 1;
                        return Ok(true);
                    }
                    (b'{', _) => self.key()?,
                    _ => {}
                }
                return Ok(false);
            }
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => return self.syntax("no JSON value begins so"),
        }
        Ok(true)
    }

    /// What stands behind a value; whether that is the end of the text.
    fn ends(&mut self) -> Step<bool> {
        loop {
            let Some(&container) = self.open.last() else {
                return match self.peek() {
                    None => Ok(true),
                    Some(_) => self.syntax("something follows the value"),
                };
            };
            let is_list = self.tape.kind(container) == Kind::List;
            let next = self.tape.tokens.len() as u32;
            if let Some(token) = self.tape.tokens.get_mut(container as usize) {
                token.count += 1;
                token.next = next;
            }
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    if !is_list {
                        self.peek();
                        self.key()?;
                    }
                    return Ok(false);
                }
                Some(b']') if is_list => {}
                Some(b'}') if !is_list => self.no_duplicates(container)?,
                _ if is_list => return self.syntax("expected `,` or `]`"),
                _ => return self.syntax("expected `,` or `}`"),
            }
            self.at += 1;
            self.open.pop();
        }
    }

    fn key(&mut self) -> Step {
        if self.peek() != Some(b'"') {
            return self.syntax("expected a key in quotes");
        }
        self.push()?;
        self.string()?;
        if self.peek() != Some(b':') {
            return self.syntax("expected `:`");
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &'static str) -> Step {
        for byte in word.bytes() {
            if self.bytes.get(self.at) != Some(&byte) {
                return self.syntax("no JSON value begins so");
            }
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Step {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    match self.bytes.get(self.at) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                        Some(b'u') => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.bytes.get(self.at).is_some_and(u8::is_ascii_hexdigit) {
                                    return self.syntax("`\\u` without four hexadecimal digits");
                                }
                            }
                        }
                        _ => return self.syntax("no such escape"),
                    }
                }
                Some(0..0x20) => return self.syntax("a control character within a string"),
                Some(_) => {}
                None => return self.syntax(""),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Step {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.bytes.get(self.at) {
            Some(b'0'..=b'9' | b'.' | b'+' | b'-') => self.syntax("no JSON number is spelled so"),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Step {
        if !self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            return self.syntax("expected a digit");
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Ok(())
    }

    /// V8 refuses to read an object with the same key twice.
    fn no_duplicates(&self, container: u32) -> Step {
        /// Up to here comparing all pairs is faster than sorting.
        const PAIRWISE: usize = 8;
        let tape = &self.tape;
        let keys = tape.members(container).map(|(key, _)| (tape.str(key), key));
        let count = tape.count(container) as usize;
        let twice = if count <= PAIRWISE {
            keys.clone().enumerate().find_map(|(number, (name, key))| {
                keys.clone().take(number).any(|(other, _)| other == name).then_some(key)
            })
        } else {
            let mut sorted: Vec<_> = keys.collect();
            sorted.sort_unstable();
            sorted.windows(2).find_map(|pair| match pair {
                [(a, _), (b, key)] if a == b => Some(*key),
                _ => None,
            })
        };
        match twice {
            None => Ok(()),
            Some(key) => {
                let kind = EncodeErrorKind::DuplicateKey { key: tape.str(key).start() };
                Err(Fault::new(tape.at(key), kind))
            }
        }
    }
}
