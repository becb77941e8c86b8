//! The lines of `annotate`: over the whole corpus, whole and cut, every byte belongs to exactly one.

use std::path::{Path, PathBuf};

use v8wire::annotate::{AnnotateOptions, Damaged, Item, Line, lines, write};
use v8wire::{Error, Event, Externals, ParseOptions, Profile, Span};

fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() {
            files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "v8"));
    files.sort();
    assert!(files.len() > 4000, "{} files in the corpus", files.len());
    files
}

fn ways_to_read() -> Vec<ParseOptions> {
    let keep = || ParseOptions::new().externals(Externals::Keep);
    vec![
        keep(),
        keep().profile(Profile::V8),
        keep().lenient(),
        keep().profile(Profile::NodeIpc).headerless_version(15),
    ]
}

fn annotate_options(all: bool) -> AnnotateOptions {
    let mut options = AnnotateOptions::default();
    options.all = all;
    options
}

/// Checks what holds for the lines of any input, and gives the error found.
fn check_lines(data: &[u8], parse: &ParseOptions, all: bool, what: &str) -> Option<Error> {
    let mut covered = 0;
    let mut errors = 0;
    let mut ids = 0;
    let mut whole = true;
    let found = lines(data, parse, &annotate_options(all), &mut |line: &Line<'_, '_>| {
        assert_eq!(line.span.start, covered, "{what}: {line:?}");
        assert!(line.span.end >= line.span.start, "{what}: {line:?}");
        covered = line.span.end;
        if let Some(error) = line.error {
            let Span { start, end } = line.span;
            let here = (start..end).contains(&error.offset());
            assert!(here || start == end && error.offset() == end, "{what}: {line:?}");
            errors += 1;
        }
        if let Some(id) = line.id {
            // What a failed reading left has no lines of its own.
            let skips = data.starts_with(&[0xFF, 13]) && data.contains(&b'^');
            assert!(id == ids || skips && id > ids, "{what}: {line:?}");
            ids = id + 1;
        }
        match line.item {
            Item::Damaged(_) | Item::Unread | Item::Trailing => whole = false,
            // What the lines call padding is padding.
            Item::Padding => {
                assert!(data[line.span.start..line.span.end].iter().all(|&byte| byte == 0));
                assert!(!line.span.is_empty());
            }
            _ => {}
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(covered, data.len(), "{what}: bytes in lines");
    assert_eq!(errors, u32::from(found.is_some()), "{what}: {found:?}");
    if found.is_none() {
        assert!(whole, "{what}: damage without an error");
    }
    found
}

#[test]
fn every_byte_is_in_one_line() {
    let mut good = 0;
    for path in corpus() {
        let data = std::fs::read(&path).unwrap();
        for (i, parse) in ways_to_read().iter().enumerate() {
            for all in [false, true] {
                let what = format!("{} ({i}, all: {all})", path.display());
                let found = check_lines(&data, parse, all, &what);
                let parsed = if all { parse.parse_all(&data) } else { parse.parse(&data) };
                assert_eq!(found, parsed.err(), "{what}");
                good += u32::from(found.is_none());
            }
        }
    }
    assert!(good > 20_000, "{good} good readings");
}

#[test]
fn every_byte_of_cut_data_is_in_one_line() {
    let mut cuts = 0;
    for path in corpus() {
        let data = std::fs::read(&path).unwrap();
        if data.len() > 40 || !path.to_string_lossy().contains("handmade") {
            continue;
        }
        for parse in &ways_to_read()[..3] {
            for cut in 0..data.len() {
                let what = format!("{} cut at {cut}", path.display());
                check_lines(&data[..cut], parse, cut % 2 == 0, &what);
                cuts += 1;
            }
        }
    }
    assert!(cuts > 10_000, "{cuts} cuts");
}

#[test]
fn flipped_bytes_are_in_one_line() {
    for path in corpus() {
        let mut data = std::fs::read(&path).unwrap();
        if data.len() > 30 || !path.to_string_lossy().contains("node-24") {
            continue;
        }
        for at in 0..data.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                data[at] ^= flip;
                check_lines(&data, &ways_to_read()[0], false, &format!("{path:?} at {at}"));
                data[at] ^= flip;
            }
        }
    }
}

#[test]
fn paths_lead_to_the_values() {
    let mut followed = 0;
    let parse = &ways_to_read()[0];
    for path in corpus() {
        let data = std::fs::read(&path).unwrap();
        let Ok(document) = parse.parse(&data) else { continue };
        if data.len() > 100_000 || path.to_string_lossy().contains("deep") {
            continue;
        }
        let mut buffer = None;
        lines(&data, parse, &annotate_options(false), &mut |line| {
            match line.item {
                Item::Part(Event::View { .. }) => buffer = None,
                Item::Value(_) => check_buffer(&mut buffer),
                _ => {}
            }
            let Item::Value(event) = line.item else { return Ok(()) };
            let place = line.path.expect("the path of a value");
            match event {
                // The path leads to the object that is meant, which the same id gives again; holes are
                // not there.
                Event::Reference(_)
                | Event::Hole
                | Event::TransferredArrayBuffer { .. }
                | Event::SharedArrayBuffer { .. }
                | Event::WasmSharedArrayBuffer { .. } => {}
                // Not every path of an error can be followed back.
                _ if place.contains(['<', '\\', '\u{2026}', '\u{FFFD}']) => {}
                _ if place.contains(".buffer") => {}
                _ => {
                    let value = document.root().at(place);
                    let value = value.unwrap_or_else(|error| panic!("{path:?}: {error}"));
                    let offset = value.offset().unwrap();
                    // Of a view and its buffer, the path leads to the view.
                    if offset > line.span.start && value.offset() >= Some(line.span.end) {
                        buffer = Some((offset, format!("{path:?}: {place}")));
                    } else if !line.span.is_empty() {
                        assert_eq!(offset, line.span.start, "{path:?}: {place}");
                    }
                    followed += 1;
                }
            }
            Ok(())
        })
        .unwrap();
    }
    assert!(followed > 10_000, "{followed} paths");
}

/// A value that starts where a view was due.
fn check_buffer(buffer: &mut Option<(usize, String)>) {
    if let Some((offset, what)) = buffer.take() {
        panic!("{what}: the value is at {offset}, and no view is there");
    }
}

fn text(data: &[u8], options: &AnnotateOptions) -> String {
    let mut text = String::new();
    write(data, &ParseOptions::new(), options, &mut text).unwrap();
    text
}

#[test]
fn strings_are_cut_and_escaped() {
    let mut data = b"\xFF\x0F\"\x50\x1b[31m\x07'\"".to_vec();
    data.resize(4 + 0x50, b'x');
    let mut options = AnnotateOptions::default();
    options.max_bytes = 8;
    let shown = text(&data, &options);
    let x = "x".repeat(60 - 8);
    assert_eq!(
        shown,
        format!(
            "   0  ff 0f                     version 15\n   2  22 50 1b 5b 33 31 6d 07   \
             one-byte string \"\\u{{1b}}[31m\\u{{7}}'\\\"{x}\"\u{2026}  $\n      \u{2026} 74 more bytes\n"
        )
    );
    assert!(!shown.contains('\x1b') && !shown.contains('\x07'));
    options.max_bytes = 0;
    assert!(text(b"\xFF\x0FT", &options).contains("\u{2026} 1 byte\n"));
}

#[test]
fn colours_change_nothing_but_colours() {
    for path in corpus().iter().filter(|path| path.to_string_lossy().contains("handmade")) {
        let data = std::fs::read(path).unwrap();
        let mut options = AnnotateOptions::default();
        let plain = text(&data, &options);
        options.colors = true;
        let coloured = text(&data, &options);
        assert!(coloured.contains("\x1b[90m"));
        let mut stripped = String::new();
        let mut parts = coloured.split('\x1b');
        stripped.push_str(parts.next().unwrap());
        for part in parts {
            stripped.push_str(part.split_once('m').unwrap().1);
        }
        assert_eq!(stripped, plain, "{path:?}");
    }
}

#[test]
fn damage_is_named() {
    let damage = |data: &[u8], parse: &ParseOptions| {
        let mut found = None;
        lines(data, parse, &annotate_options(false), &mut |line| {
            if let Item::Damaged(damaged) = line.item {
                found = Some(damaged);
            }
            Ok(())
        })
        .unwrap();
        found
    };
    let parse = ParseOptions::new();
    let tag = |byte: u8| Some(Damaged::Tag(byte.into()));
    assert_eq!(damage(b"\xFF\x63", &parse), tag(0xFF));
    assert_eq!(damage(b"\xFF\x0F\x00\"\x05a", &parse), tag(b'"'));
    assert_eq!(damage(b"\xFF\x0Fo?\x01c\x03abc", &parse), tag(b'c'));
    assert_eq!(damage(b"\xFF\x0F?", &parse), tag(b'?'));
    assert_eq!(damage(b"\xFF\x0Fr", &parse), None);
    assert_eq!(damage(b"\xFF\x0Frm\"\x05", &parse), Some(Damaged::ErrorPart(b'm'.into())));
    assert_eq!(damage(b"\xFF\x0Frc\"\x05", &parse), tag(b'"'));
    assert_eq!(damage(b"S\x01a", &parse), None);
    assert_eq!(damage(b"S\x01aT{\x02", &parse), Some(Damaged::Legacy));
    let ipc = ParseOptions::new().profile(Profile::NodeIpc);
    assert_eq!(damage(b"\xFF\x0F\\\x01\"\x05", &ipc), Some(Damaged::HostBytes));
}

/// No stack is needed, nor time that grows faster than the input.
#[test]
fn deep_nesting() {
    let depth = 20_000;
    let mut data = b"\xFF\x0F".to_vec();
    data.extend(b"A\x01".repeat(depth));
    data.push(b'_');
    data.extend(b"$\0\x01".repeat(depth));
    assert_eq!(check_lines(&data, &ParseOptions::new(), false, "deep"), None);
    let shown = text(&data, &AnnotateOptions::default());
    assert!(shown.contains("+19976 undefined"), "{}", &shown[shown.len() / 2..][..200]);
    let longest = shown.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(400), "{longest:?}");
}
