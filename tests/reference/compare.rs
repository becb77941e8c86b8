//! Both decoders on the same bytes.

use v8wire::{ErrorKind, ParseOptions};

use crate::{decoder, ours};

/// What came of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Taken,
    Refused,
    /// One of the two does not judge this.
    Open,
}

/// Both decoders, strictly and leniently: the same verdict, the same value, the same end.
pub(crate) fn compare(data: &[u8]) -> [Outcome; 2] {
    [false, true].map(|lenient| {
        let options = ParseOptions::new();
        let options = if lenient { options.lenient() } else { options };
        let ours = options.parse_prefix(data);
        let theirs = decoder::read(data, lenient);
        let context = || format!("lenient: {lenient}; {} bytes: {data:02x?}", data.len());
        match (ours, theirs) {
            (Err(error), _) if error.is_limit() => Outcome::Open,
            (Err(error), _) if matches!(error.kind(), ErrorKind::InvalidRegExp { .. }) => {
                Outcome::Open
            }
            // A pattern that does not compile may have been met in a first reading.
            (Err(_), Ok(_)) if cfg!(feature = "regress") && data.contains(&b'R') => Outcome::Open,
            (Ok((document, end)), Ok((value, expected_end))) => {
                assert_eq!(ours::describe(&document), value, "{}", context());
                assert_eq!(end, expected_end, "{}", context());
                Outcome::Taken
            }
            (Err(_), Err(_)) => Outcome::Refused,
            (Ok(_), Err(_)) => panic!("taken, the reference refuses it; {}", context()),
            (Err(error), Ok(_)) => panic!("{error}, the reference takes it; {}", context()),
        }
    })
}
