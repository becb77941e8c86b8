//! `inspect` against what Node 20's `util.inspect` shows of the same values, and what is our own.

use std::fmt::Write as _;

use v8wire::inspect::{InspectOptions, to_string, write};
use v8wire::{Document, Externals, ParseOptions, Release, Strictness};

/// Cases whose text differs on purpose; see the documentation of the module.
const DIFFERENT: [&str; 0] = [];

fn decode_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{other} in base64"),
    };
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect();
    digits
        .chunks(4)
        .flat_map(|four| {
            let group = four.iter().fold(0u32, |group, &digit| group << 6 | u32::from(digit))
                << (6 * (4 - four.len()));
            group.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

fn options() -> InspectOptions {
    InspectOptions::default()
}

fn shown(blob: &[u8]) -> String {
    shown_with(blob, &options())
}

fn shown_with(blob: &[u8], options: &InspectOptions) -> String {
    let doc = ParseOptions::new().externals(Externals::Keep).parse(blob).expect("blob");
    to_string(doc.root().value(), options)
}

#[test]
fn as_node_shows_it() {
    // Newer ones refuse the order of its errors' parts.
    let release = Release::node(20).expect("release");
    let node_20 = ParseOptions::new().strictness(Strictness::Engine(release));
    let goldens = include_str!("goldens/inspect.txt");
    let mut lines = goldens.lines();
    let mut wrong = String::new();
    let (mut count, mut differing) = (0, Vec::new());
    while let Some(head) = lines.next() {
        let mut words = head.split(' ');
        let name = words.next().expect("name");
        let mut options = options();
        options.depth = words.next().map(|depth| depth.parse().expect("depth"));
        options.colors = words.next() == Some("colors");
        let blob = decode_base64(lines.next().expect("blob"));
        let expected: Vec<&str> = lines.by_ref().map_while(|line| line.strip_prefix('|')).collect();
        let expected = expected.join("\n");
        let doc = node_20.parse(&blob).expect("blob");
        let ours = to_string(doc.root().value(), &options);
        count += 1;
        if ours != expected {
            if DIFFERENT.contains(&name) {
                differing.push(name);
            } else {
                writeln!(wrong, "--- {head}\n{expected}\n--- ours\n{ours}").expect("string");
            }
        }
    }
    assert!(count > 140, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(differing, DIFFERENT);
}
