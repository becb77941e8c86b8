//! How numbers, strings and patterns stand in descriptions.

use serde_json::{Value as Json, json};
use v8wire::{Key, Text, Value};

/// A RegExp's source as the newest engines show it: slashes and line ends are escaped.
pub fn source(pattern: &str) -> String {
    let mut source = String::new();
    let (mut escaped, mut in_class) = (false, false);
    for char in pattern.chars() {
        match char {
            '/' if !escaped && !in_class => source.push_str("\\/"),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                if escaped {
                    source.pop();
                }
                source.push_str(match char {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\u{2028}' => "\\u2028",
                    _ => "\\u2029",
                });
            }
            _ => source.push(char),
        }
        in_class = (in_class || (char == '[' && !escaped)) && (char != ']' || escaped);
        escaped = char == '\\' && !escaped;
    }
    if source.is_empty() { "(?:)".into() } else { source }
}

/// Escapes the sources of older engines' descriptions, too.
pub fn normalise(json: &mut Json) {
    if let Json::Array(items) = json {
        if items.len() == 3 && items[0] == "regexp" {
            items[1] = json!(source(items[1].as_str().unwrap_or_default()));
            return;
        }
        items.iter_mut().for_each(normalise);
    }
}

/// JavaScript's text of a number, with -0.
pub fn number(value: f64) -> String {
    if value == 0.0 && value.is_sign_negative() {
        return "-0".into();
    }
    Key::Number(value).to_str().into_owned()
}

/// In decimal, the slow way.
pub fn bigint(value: Value<'_, '_>) -> String {
    let bigint = value.as_bigint().expect("bigint");
    let mut words: Vec<u64> = bigint.words().collect();
    let mut digits: Vec<String> = Vec::new();
    while words.iter().any(|&word| word != 0) {
        let mut rest = 0u128;
        for word in words.iter_mut().rev() {
            let part = rest << 64 | u128::from(*word);
            *word = (part / 10_000_000_000_000_000_000) as u64;
            rest = part % 10_000_000_000_000_000_000;
        }
        digits.push(format!("{rest:019}"));
    }
    let text: String = digits.iter().rev().map(String::as_str).collect();
    let text = text.trim_start_matches('0');
    match (text, bigint.negative) {
        ("", _) => "0".into(),
        (text, true) => format!("-{text}"),
        (text, false) => text.into(),
    }
}

/// serde_json has no lone surrogates: they are marked, on both sides.
pub fn string(text: Text<'_>) -> String {
    char::decode_utf16(text.units())
        .map(|unit| match unit {
            Ok(char) => char.to_string(),
            Err(lone) => format!("<{:04x}>", lone.unpaired_surrogate()),
        })
        .collect()
}

/// Marks the `\ud8xx` escapes of lone surrogates in a JSON text, which serde_json refuses.
pub fn mark_lone_surrogates(text: &str) -> String {
    let escape = |at: usize| -> Option<u32> {
        let code = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(code, 16).ok()
    };
    let mut marked = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("\\\\") {
            marked.push_str("\\\\");
            at += 2;
        } else if let Some(unit @ 0xD800..=0xDFFF) = escape(at) {
            let low = escape(at + 6).filter(|low| (0xDC00..=0xDFFF).contains(low));
            if unit < 0xDC00 && low.is_some() {
                marked.push_str(&text[at..at + 12]);
                at += 12;
            } else {
                marked.push_str(&format!("<{unit:04x}>"));
                at += 6;
            }
        } else {
            let char = rest.chars().next().expect("char");
            marked.push(char);
            at += char.len_utf8();
        }
    }
    marked
}
