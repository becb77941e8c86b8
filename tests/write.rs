//! Writing the corpus again: documents back to bytes, values to the bytes that engines write.

#[path = "write/calls.rs"]
mod calls;
mod support;
#[path = "write/targets.rs"]
mod targets;

use std::collections::HashSet;

use support::{Case, Describer, ENGINES, cases, engine_setup, verdict_setup, with_stack};
use v8wire::{
    Document, Event, Externals, ParseOptions, Profile, Reader, Release, Strictness, Target,
    Transcoder, ValueSerializer, WriteOptions, node,
};

/// The exceptions to a promise: `promise case [engines]: reason`. All must be used.
struct Exceptions {
    promise: &'static str,
    used: HashSet<&'static str>,
}

impl Exceptions {
    fn of(promise: &'static str) -> Self {
        Exceptions { promise, used: HashSet::new() }
    }

    fn lines(&self) -> impl Iterator<Item = &'static str> + use<> {
        let promise = self.promise;
        include_str!("write-exceptions.txt")
            .lines()
            .filter(move |line| line.split(' ').next() == Some(promise))
    }

    fn has(&mut self, case: &Case) -> bool {
        let name = case.json["case"].as_str().expect("case");
        let engine = case.json["engine"].as_str().unwrap_or_default();
        let found = self.lines().find(|line| {
            let (who, reason) = line.split_once(": ").expect("a reason");
            assert!(!reason.is_empty());
            let mut words = who.split(' ').skip(1);
            words.next() == Some(name) && {
                let engines: Vec<&str> = words.collect();
                engines.is_empty() || engines.contains(&engine)
            }
        });
        self.used.extend(found);
        found.is_some()
    }

    fn finish(self) {
        let unused: Vec<&str> = self.lines().filter(|line| !self.used.contains(line)).collect();
        assert!(unused.is_empty(), "exceptions that are none:\n{}", unused.join("\n"));
    }
}

/// Releases differ in what they read: the first one that takes it, the newest first.
fn parse<'a>(options: &ParseOptions, data: &'a [u8], all: bool) -> (Document<'a>, ParseOptions) {
    let releases = [(15, 2), (14, 6), (13, 6), (12, 4), (11, 3), (10, 2), (9, 4), (7, 8)];
    let strict = releases.map(|(major, minor)| Strictness::Engine(Release::new(major, minor)));
    for strictness in strict.into_iter().chain([Strictness::Lenient]) {
        let options = options.clone().strictness(strictness);
        let parsed = if all { options.parse_all(data) } else { options.parse(data) };
        if let Ok(doc) = parsed {
            return (doc, options);
        }
    }
    panic!("nobody reads {data:02x?}");
}

fn engine_cases() -> Vec<Case> {
    // Cases with parts are no documents.
    ENGINES.into_iter().flat_map(cases).filter(|case| !case.has("parts")).collect()
}

/// NaNs are equal by their bits, and of a view's flags the two that mean something count.
fn same_event(a: &Event<'_>, b: &Event<'_>) -> bool {
    match (*a, *b) {
        (Event::Double(a), Event::Double(b))
        | (Event::Date(a), Event::Date(b))
        | (Event::NumberObject(a), Event::NumberObject(b)) => a.to_bits() == b.to_bits(),
        (
            Event::View { kind, byte_offset, byte_length, flags },
            Event::View {
                kind: kind_b,
                byte_offset: offset_b,
                byte_length: length_b,
                flags: flags_b,
            },
        ) => {
            // Flags of 0 under a header of version 13 may be read as padding.
            let masked = |flags: Option<u32>| flags.unwrap_or(0) & 3;
            (kind, byte_offset, byte_length, masked(flags))
                == (kind_b, offset_b, length_b, masked(flags_b))
        }
        (Event::String(a), Event::String(b)) => {
            a == b && std::mem::discriminant(&a) == std::mem::discriminant(&b)
        }
        (a, b) => a == b,
    }
}

/// The events of one value, or of all.
fn read_events<'a>(data: &'a [u8], options: &ParseOptions, all: bool) -> Vec<Event<'a>> {
    let mut reader = Reader::with_options(data, options).expect("header");
    let mut events = Vec::new();
    loop {
        while let Some(event) = reader.next_event().expect("a good value") {
            events.push(event);
        }
        if !all || !reader.next_value().expect("a good header") {
            return events;
        }
    }
}

fn compare(name: &str, a: &[Event<'_>], b: &[Event<'_>]) -> Result<(), String> {
    if let Some(at) = a.iter().zip(b).position(|(a, b)| !same_event(a, b)) {
        return Err(format!("{name}: event {at}\n   {:?}\n   {:?}", a[at], b[at]));
    }
    if a.len() != b.len() {
        return Err(format!("{name}: {} events, {} events", a.len(), b.len()));
    }
    Ok(())
}

fn report(what: &str, count: usize, wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{what}: {} of {count} wrong\n{}", wrong.len(), wrong.join("\n"));
    println!("{what}: {count}");
}

#[test]
fn documents_give_the_events_of_the_reader() {
    with_stack(|| {
        let mut wrong = Vec::new();
        let mut count = 0;
        let mut check = |case: &Case, doc: &Document<'_>, options: &ParseOptions, all: bool| {
            let events: Vec<Event<'_>> = doc.events().collect();
            if events.is_empty() {
                return; // a header and nothing more, as Node writes modules
            }
            count += 1;
            let read = read_events(&case.bytes, options, all);
            wrong.extend(compare(&case.name(), &events, &read).err());
        };
        for case in engine_cases() {
            let setup = engine_setup(&case);
            let (doc, options) = parse(&setup.options, &case.bytes, case.has("values"));
            check(&case, &doc, &options, case.has("values"));
        }
        for case in cases("handmade") {
            let setup = verdict_setup(&case, Release::NEWEST);
            if let Ok((doc, _)) = setup.options.parse_prefix(&case.bytes)
                && doc.version() > 0
            {
                check(&case, &doc, &setup.options, false);
            }
        }
        assert!(count > 4000, "only {count}");
        report("documents", count, wrong);
    });
}

/// Whatever is read comes out such that it is read again, as the same.
fn written_again(name: &str, doc: &Document<'_>, options: &ParseOptions) -> Result<(), String> {
    let written = doc.to_vec();
    let again = match options.parse_all(&written) {
        Ok(again) => again,
        Err(error) => return Err(format!("{name}: {error} in {written:02x?}")),
    };
    let events: Vec<Event<'_>> = doc.events().collect();
    compare(name, &again.events().collect::<Vec<_>>(), &events)?;
    if doc.version() == 13 {
        return Ok(()); // flags of 0 are gone, see above
    }
    differ(name, &again.to_vec(), &written)
}

#[test]
fn hand_made_cases_are_read_again_as_the_same() {
    with_stack(|| {
        let mut wrong = Vec::new();
        let (mut count, mut old) = (0, 0);
        for case in cases("handmade") {
            let setup = verdict_setup(&case, Release::NEWEST);
            let Ok((doc, _)) = setup.options.parse_prefix(&case.bytes) else { continue };
            if doc.version() >= 13 {
                count += 1;
                wrong.extend(written_again(&case.name(), &doc, &setup.options).err());
                continue;
            }
            // Written as version 15: another form, the same value.
            old += 1;
            let written = doc.to_vec();
            assert_eq!(written[..2], [0xFF, 15], "{}", case.name());
            match setup.options.parse(&written) {
                Err(error) => wrong.push(format!("{}: {error} in {written:02x?}", case.name())),
                Ok(again) => {
                    let described = |doc: &Document<'_>| {
                        Describer::new(&setup).describe(doc.root().value()).to_string()
                    };
                    if described(&again) != described(&doc) {
                        let (ours, theirs) = (described(&again), described(&doc));
                        wrong.push(format!("{}\n   {ours}\n   {theirs}", case.name()));
                    }
                }
            }
        }
        assert!(count > 300 && old > 30, "only {count} and {old}");
        report("hand-made cases", count + old, wrong);
    });
}

/// Damaged blobs that are still read: nothing panics, and what is written is read as the same.
#[test]
fn damaged_blobs_are_read_again_as_the_same() {
    let sets = [ParseOptions::new(), ParseOptions::new().lenient().externals(Externals::Keep)];
    let blobs: HashSet<Vec<u8>> = ["node-12", "node-22", "deno-2.9-core", "handmade", "refused"]
        .into_iter()
        .flat_map(|folder| {
            let entries = std::fs::read_dir(support::corpus().join(folder)).expect("folder");
            entries.map(|entry| entry.expect("entry").path()).collect::<Vec<_>>()
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "v8"))
        .map(|path| std::fs::read(path).expect("blob"))
        .filter(|blob| blob.len() <= 48)
        .collect();
    let (mut count, mut wrong) = (0, Vec::new());
    for blob in &blobs {
        let mut damaged = blob.clone();
        for at in 0..blob.len() {
            for byte in [0x00, 0x01, 0x0D, 0x80, 0xFF, b'^', b'V', b'"', blob[at] ^ 0x20] {
                damaged[at] = byte;
                for options in &sets {
                    let Ok(doc) = options.parse(&damaged) else { continue };
                    if doc.version() >= 13 {
                        count += 1;
                        let name = format!("{damaged:02x?}");
                        wrong.extend(written_again(&name, &doc, options).err());
                    } else {
                        doc.to_vec();
                    }
                    let mut serializer = ValueSerializer::new();
                    serializer.write_header().unwrap();
                    let good = doc.values().try_for_each(|value| serializer.write_value(value));
                    let (Ok(()), Ok(bytes)) = (good, serializer.release()) else { continue };
                    match options.parse(&bytes) {
                        Ok(again) => {
                            let mut serializer = ValueSerializer::new();
                            serializer.write_header().unwrap();
                            serializer.write_value(again.root().value()).unwrap();
                            let twice = serializer.release().unwrap();
                            let name = format!("{damaged:02x?}, by value");
                            wrong.extend(differ(&name, &twice, &bytes).err());
                        }
                        Err(error) => {
                            wrong.push(format!("{damaged:02x?}: {error} in {bytes:02x?}"));
                        }
                    }
                }
            }
            damaged[at] = blob[at];
        }
    }
    assert!(count > 10_000, "only {count}");
    wrong.truncate(20);
    report("damaged blobs", count, wrong);
}

fn differ(name: &str, ours: &[u8], theirs: &[u8]) -> Result<(), String> {
    if ours == theirs {
        return Ok(());
    }
    let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let cut = |bytes: &[u8]| {
        format!("{:02x?}", &bytes[at.saturating_sub(8).min(bytes.len())..bytes.len().min(at + 16)])
    };
    Err(format!("{name}: from byte {at}\n   ours   {}\n   theirs {}", cut(ours), cut(theirs)))
}

#[test]
fn what_engines_wrote_comes_out_identical() {
    with_stack(|| {
        let mut exceptions = Exceptions::of("to_vec");
        let mut wrong = Vec::new();
        let all = engine_cases();
        for case in &all {
            let setup = engine_setup(case);
            let (doc, _) = parse(&setup.options, &case.bytes, case.has("values"));
            if let Err(problem) = differ(&case.name(), &doc.to_vec(), &case.bytes)
                && !exceptions.has(case)
            {
                wrong.push(problem);
            }
        }
        assert!(all.len() > 4000, "only {}", all.len());
        report("blobs", all.len(), wrong);
        exceptions.finish();
    });
}

/// The value path: each object once, ids of its own making, the form that V8 has for the value.
#[test]
fn values_are_written_as_engines_write_them() {
    with_stack(|| {
        let mut exceptions = Exceptions::of("write_value");
        let mut wrong = Vec::new();
        let (mut count, mut presets) = (0, 0);
        for case in engine_cases() {
            let setup = engine_setup(&case);
            let (doc, _) = parse(&setup.options, &case.bytes, case.has("values"));
            let options = WriteOptions::new().version(doc.version());
            let old =
                ["node-16", "node-18", "node-20"].contains(&case.json["engine"].as_str().unwrap());
            let node = case.json["serializer"] == "default";
            let profile = match case.json["serializer"].as_str() {
                Some("default") => Profile::Node,
                Some("channel") => Profile::NodeIpc,
                _ => Profile::V8,
            };
            let options = options.memory64_byte(!old).cause_before_stack(old).profile(profile);
            let mut serializer = ValueSerializer::with_options(options);
            let header = case.bytes[0] == 0xFF;
            if header {
                serializer.write_header().unwrap();
            }
            for value in doc.values() {
                serializer
                    .write_value(value)
                    .unwrap_or_else(|error| panic!("{}: {error}", case.name()));
            }
            count += 1;
            let written = serializer.release().unwrap();
            if let Err(problem) = differ(&case.name(), &written, &case.bytes)
                && !exceptions.has(&case)
            {
                wrong.push(problem);
            }
            // The presets are what those engines write.
            let target = case.json["engine"].as_str().unwrap().parse::<Target>();
            let to = target.map(|target| WriteOptions::for_target(target).profile(profile));
            if let Ok(to) = to
                && to.version == doc.version()
                && header
                && !case.has("values")
                && let Ok(bytes) = Transcoder::new(&doc, &setup.options, &to).to_vec()
            {
                presets += 1;
                // Errors of old readers have no ids.
                let renumbered = bytes.len() == written.len() && case.name().contains("/error");
                assert!(bytes == written || renumbered, "{}", case.name());
            }
            if node && !old && !case.has("values") && header && doc.version() == 15 {
                assert_eq!(
                    node::serialize(doc.root().value()).unwrap(),
                    written,
                    "{}",
                    case.name()
                );
            }
        }
        assert!(presets > 3000, "only {presets}");
        report("values", count, wrong);
        exceptions.finish();
    });
}

/// A payload may end in five bytes that all say there are more. V8 takes that where more bytes follow, and
/// not at the end of data.
#[test]
fn numbers_at_the_end_of_payloads_end() {
    const GOES_ON: &[u8] = b"\xFF\x0F\\\x01\x80\x80\x80\x80\x80";
    const ENDS: &[u8] = b"\xFF\x0F\\\x01\x80\x80\x80\x80\0";
    let streamed = |document: &Document<'_>| {
        let mut out = Vec::new();
        document.write_to(&mut out).expect("a vector");
        out
    };
    let data = [GOES_ON, b"\x01\x01\x02"].concat();
    let (document, read) = Document::parse_prefix(&data).expect("more behind it");
    assert_eq!(read, GOES_ON.len());
    assert!(Document::parse(GOES_ON).expect_err("cut").is_eof());
    let again = document.to_vec();
    assert_eq!((&*again, &*streamed(&document)), (ENDS, ENDS));
    assert!(Document::parse(&again).is_ok());
    let transcoder = Transcoder::new(&document, &ParseOptions::new(), &WriteOptions::new());
    assert_eq!(transcoder.to_vec().expect("a view"), again);
    // In data of version 0 padding may be what follows.
    let old = b"\x80\x80\x80\x20\x80\x80\x80\x80\x80\0";
    let lenient = ParseOptions::new().lenient();
    let document = lenient.parse(old).expect("version 0");
    assert_eq!(document.to_vec(), b"\xFF\x0F\\\x80\x80\x80\x20\x80\x80\x80\x80\0");
    assert!(lenient.parse(&document.to_vec()).is_ok());
    // Bytes that are no number stay.
    for data in [&b"\xFF\x0F\\\x0A\x06\x80\x80\x80\x80\x80\x80"[..], b"\xFF\x0F\\\x01\x02\xFF\xFF"]
    {
        let document = Document::parse(data).expect("a view");
        assert_eq!((&*document.to_vec(), &*streamed(&document)), (data, data));
    }
}
