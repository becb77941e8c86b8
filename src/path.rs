//! How a path such as `$.users[0]["first name"]` spells the name of a property, and how that is read.

use alloc::string::String;
use core::fmt::Write as _;

use crate::text::Text;

/// The start of a name of which `max` characters are shown, and one more if there are more: a long key
/// must not be gone through each time that a path leads over it.
pub(crate) fn start_of(name: Text<'_>, max: usize) -> String {
    char::decode_utf16(name.units())
        .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
        .take(max.saturating_add(1))
        .collect()
}

/// Appends the property `name` to a path: `.name`, or `["na me"]` where what is shown is no identifier.
pub(crate) fn push_property(path: &mut String, name: &str, max: usize) {
    let (shown, more) = match name.char_indices().nth(max) {
        Some((end, _)) => (&name[..end], "\u{2026}"),
        None => (name, ""),
    };
    let identifier = shown.chars().next().is_some_and(|first| !first.is_ascii_digit())
        && shown.chars().all(|char| char.is_alphanumeric() || char == '_' || char == '$');
    if identifier {
        let _ = write!(path, ".{shown}{more}");
        return;
    }
    path.push_str("[\"");
    for char in shown.chars() {
        match char {
            '"' | '\\' => path.extend(['\\', char]),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            char if char.is_control() => drop(write!(path, "\\u{:04x}", u32::from(char))),
            char => path.push(char),
        }
    }
    let _ = write!(path, "{more}\"]");
}

/// Reads a quoted name, of which the opening quote has been read: the name, and what is behind the
/// closing quote.
pub(crate) fn quoted_property(quoted: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = quoted.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => return Some((name, chars.as_str())),
            '\\' => name.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let code = chars.as_str().get(..4)?;
                    chars = chars.as_str()[4..].chars();
                    char::from_u32(u32::from_str_radix(code, 16).ok()?)?
                }
                char => char,
            }),
            char => name.push(char),
        }
    }
    None
}
