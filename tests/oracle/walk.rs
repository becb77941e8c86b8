//! Every accessor on every value.

use v8wire::{Document, Kind, Value};

/// Visits each value once, whatever the cycles, and asks it everything.
pub(crate) fn walk(document: &Document<'_>) {
    let mut seen = vec![false; 2 * document.node_count()];
    let mut stack: Vec<Value<'_, '_>> = document.values().collect();
    let mut visits = 0usize;
    while let Some(value) = stack.pop() {
        visits += 1;
        assert!(visits <= 4 * document.node_count() + 4, "more values than nodes can hold");
        let Some(id) = value.id() else { panic!("a value without id") };
        if std::mem::replace(&mut seen[id as usize], true) {
            continue;
        }
        ask(document, value);
        stack.extend(value.elements());
        stack.extend(value.members());
        stack.extend(value.host_values());
        stack.extend(value.error_cause());
        stack.extend(value.as_view().and_then(|view| view.buffer));
        stack.extend(value.as_wasm_memory().map(|(_, _, buffer)| buffer));
        for (key, property) in value.properties() {
            assert!(key.is(&key.to_str()) || !well_formed(key), "{key} is not its own name");
            stack.push(property);
        }
        for (key, entry) in value.entries() {
            stack.extend([key, entry]);
        }
    }
}

fn well_formed(key: v8wire::Key<'_>) -> bool {
    match key {
        v8wire::Key::Text(text) => text.is_well_formed(),
        v8wire::Key::Number(_) => true,
    }
}

/// Answers that belong together agree.
fn ask(document: &Document<'_>, value: Value<'_, '_>) {
    let kind = value.kind();
    let offset = value.offset().expect("a value stands somewhere");
    assert!(offset <= document.input().len());
    assert!(value.exists() && value.is_same(value));
    let _ = format!("{value:?} {:?}", value.len());

    let is_string = matches!(kind, Kind::String | Kind::StringObject);
    assert_eq!(value.as_text().is_some(), is_string);
    if let Some(text) = value.as_text().or(value.as_regexp().map(|regexp| regexp.0)) {
        let units = text.to_utf16();
        assert_eq!(text.len_utf16(), units.len());
        let lossy = String::from_utf16_lossy(&units);
        assert_eq!(text.to_str(), lossy);
        assert_eq!(text.is_well_formed(), String::from_utf16(&units).is_ok());
        if text.is_well_formed() {
            assert!(text == *lossy);
        }
    }
    assert_eq!(value.as_f64().is_some(), matches!(kind, Kind::Number | Kind::NumberObject));
    if let (Some(integer), Some(number)) = (value.as_i64(), value.as_f64()) {
        assert_eq!(integer as f64, number);
        assert_eq!(value.as_i32().map(i64::from), i32::try_from(integer).ok().map(i64::from));
    }
    let _ = (value.as_u32(), value.as_u64(), value.double_bits());
    assert_eq!(value.as_date_ms().is_some(), kind == Kind::Date);
    assert_eq!(
        value.as_system_time().is_some(),
        value.as_date_ms().is_some_and(|milliseconds| !milliseconds.is_nan())
    );
    if let Some(bigint) = value.as_bigint() {
        assert_eq!(bigint.words().len(), bigint.digits.len().div_ceil(8));
        let _ = bigint.to_i128();
    }
    if let Some(view) = value.as_view() {
        assert_eq!(kind, Kind::View);
        if let Some(bytes) = view.bytes {
            assert_eq!(bytes.len() as u64, view.byte_length);
            assert!(view.elements().is_some());
        }
        let _ = (view.len(), view.is_empty(), value.view_flags());
    }
    for bytes in value.as_bytes().into_iter().chain(value.host_bytes()) {
        let (input, part) = (document.input().as_ptr_range(), bytes.as_ptr_range());
        assert!(bytes.is_empty() || (input.start <= part.start && part.end <= input.end));
    }
    let _ = (value.array_buffer_kind(), value.external_id(), value.wasm_module_bytes());
    let _ = (value.as_bool(), value.is_null(), value.is_undefined(), value.is_empty());
    assert_eq!(value.error_name().is_some(), kind == Kind::Error);
    let _ = (value.error_message(), value.error_stack(), value.error_parts().count());
    let _ = (value.get("length"), value.get_index(0), value.at("[0].cause"));
}
