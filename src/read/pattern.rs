//! RegExp patterns: whether an engine compiles them.

use alloc::string::String;

use super::rules::Rules;
use crate::text::Text;

/// Without the feature `regress` all patterns are taken (SPEC.md 12.1).
#[cfg(not(feature = "regress"))]
pub(crate) fn compile(_: &Rules, _: Text<'_>, _: u32) -> Result<(), String> {
    Ok(())
}

/// Compiles the pattern by the newest syntax, and refuses what came later than the release.
#[cfg(feature = "regress")]
pub(crate) fn compile(rules: &Rules, pattern: Text<'_>, flags: u32) -> Result<(), String> {
    use crate::wire::regexp_flags::*;
    let unicode = flags & UNICODE != 0;
    let unicode_sets = flags & UNICODE_SETS != 0;
    let options = regress::Flags {
        icase: flags & IGNORE_CASE != 0,
        multiline: flags & MULTILINE != 0,
        dot_all: flags & DOT_ALL != 0,
        unicode,
        unicode_sets,
        no_opt: true,
    };
    let points = char::decode_utf16(pattern.units())
        .map(|unit| unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from));
    regress::Regex::from_unicode(points, options).map_err(|error| alloc::format!("{error}"))?;
    if rules.modifiers() && !unicode_sets {
        return Ok(());
    }
    let scan = Scan { units: pattern.units().collect(), at: 0, rules, unicode, unicode_sets };
    scan.run().map_err(String::from)
}

/// Goes through a pattern that compiles.
#[cfg(feature = "regress")]
struct Scan<'r> {
    units: alloc::vec::Vec<u16>,
    at: usize,
    rules: &'r Rules,
    unicode: bool,
    unicode_sets: bool,
}

#[cfg(feature = "regress")]
impl Scan<'_> {
    fn run(mut self) -> Result<(), &'static str> {
        let mut names = alloc::collections::BTreeSet::new();
        let mut classes = 0u32;
        while let Some(unit) = self.next() {
            match unit {
                b'\\' => match self.next() {
                    Some(b'p' | b'P') if self.unicode && !self.rules.named_groups() => {
                        return Err("property names came with V8 6.4");
                    }
                    // The crate takes it for a class's.
                    Some(b'-') if self.unicode_sets && classes == 0 => {
                        return Err("`\\-` outside of a class");
                    }
                    _ => {}
                },
                // Classes are nested with `v` only.
                b'[' if classes == 0 || self.unicode_sets => classes += 1,
                b']' => classes = classes.saturating_sub(1),
                b'(' if classes == 0 && self.peek(0) == Some(b'?') => match self.peek(1) {
                    Some(b':' | b'=' | b'!') => {}
                    Some(b'<') if matches!(self.peek(2), Some(b'=' | b'!')) => {}
                    Some(b'<') => {
                        self.at += 2;
                        let name = self.name()?;
                        if !names.insert(name) && !self.rules.modifiers() {
                            return Err("one name for two groups came with V8 12.5");
                        }
                    }
                    _ if !self.rules.modifiers() => return Err("modifiers came with V8 12.5"),
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// The unit that is this far ahead, 0 where it is not ASCII.
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.units.get(self.at + ahead).map(|&unit| u8::try_from(unit).unwrap_or(0))
    }

    fn next(&mut self) -> Option<u8> {
        let unit = self.peek(0);
        self.at += 1;
        unit
    }

    /// The name up to its `>`, without escapes.
    fn name(&mut self) -> Result<alloc::vec::Vec<u32>, &'static str> {
        if !self.rules.named_groups() {
            return Err("named groups came with V8 6.4");
        }
        let rest = self.units.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|&unit| unit == u16::from(b'>')).unwrap_or(rest.len());
        let text = String::from_utf16_lossy(&rest[..length]);
        self.at += length;
        let mut units = alloc::vec::Vec::new();
        let mut parts = text.split("\\u");
        units.extend(parts.next().unwrap_or_default().encode_utf16());
        for part in parts {
            let (digits, tail) = match part.strip_prefix('{').and_then(|part| part.split_once('}'))
            {
                Some(parts) => parts,
                None => part.split_at_checked(4).unwrap_or((part, "")),
            };
            match u32::from_str_radix(digits, 16).ok() {
                Some(point) if point > 0xFFFF => {
                    let pair = char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
                    units.extend_from_slice(pair.encode_utf16(&mut [0; 2]));
                }
                Some(unit) => units.push(unit as u16),
                None => {}
            }
            units.extend(tail.encode_utf16());
        }
        let name = char::decode_utf16(units)
            .map(|unit| unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from));
        let name: alloc::vec::Vec<u32> = name.collect();
        let wide = name.iter().any(|&point| point > 0xFFFF);
        if wide && !(self.unicode || self.unicode_sets || self.rules.wide_names()) {
            return Err("such names came with V8 10.2");
        }
        Ok(name)
    }
}
