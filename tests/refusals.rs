//! Every refused case is refused at the expected offset, with the expected text.
//!
//! `UPDATE_GOLDENS=1 cargo test --features regress --test refusals` writes the expectations anew; read
//! the difference before it is committed.

mod support;

use std::fmt::Write as _;

use support::{cases, corpus, verdict_setup, with_stack};
use v8wire::Release;

#[test]
fn refusals_say_where_and_why() {
    with_stack(|| {
        let mut ours = String::new();
        for case in cases("refused") {
            let setup = verdict_setup(&case, Release::NEWEST);
            let name = case.json["case"].as_str().expect("name");
            // Patterns are compiled by the feature `regress` only; which words it uses is its affair.
            let decided_by = case.json["decided_by"].as_str().expect("an engine");
            let theirs = case.json["engines"][decided_by]["refused"].as_str().unwrap_or_default();
            let compiled = theirs.starts_with("Invalid regular expression: ");
            match setup.options.parse_prefix(&case.bytes) {
                Err(error) => {
                    assert!(error.offset() <= case.bytes.len(), "{name}: {error}");
                    if compiled {
                        assert!(std::hint::black_box(cfg!(feature = "regress")));
                        assert!(error.to_string().starts_with("invalid regexp at offset "));
                    } else {
                        let _ = writeln!(ours, "{name}: {error}");
                    }
                }
                Ok(_) => assert!(compiled && !cfg!(feature = "regress"), "{name} is taken"),
            }
        }
        let path = corpus().join("refused/expected.txt");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(&path, &ours).expect("write");
        }
        let theirs = std::fs::read_to_string(&path).unwrap_or_default();
        for (ours, theirs) in ours.lines().zip(theirs.lines()) {
            assert_eq!(ours, theirs);
        }
        assert_eq!(ours.lines().count(), theirs.lines().count());
    });
}
