//! Mutated blobs, judged by us and by running engines.
//!
//! Runs where `V8WIRE_ENGINES` names engines that `scripts/fetch-engines.sh` has fetched, such as
//! `node-26,deno-2.9`; `V8WIRE_CASES` (default 20,000) and `V8WIRE_SEED` (default 1) say how many and
//! which mutations, `V8WIRE_VERSION` gives all of them this version. `corpus/verdicts/ask.cjs` asks the engines.

#[path = "support/ask.rs"]
mod ask;
#[path = "known/mod.rs"]
mod known;
#[path = "differential/readings.rs"]
mod readings;
mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ask::ask;
use known::{NoHostObjects, is_known};
use serde_json::{Value as Json, json};
use support::{Case, Describer, corpus, hex, normalise, verdict_setup, with_stack};
use v8wire::Release;

/// xorshift64*: the same cases for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

const TAGS: &[u8] = b"\xff\0?-_0TFIUNZS\"c^o{a@A$Dyxnzs R;:',BC~tuVupwWm\\rbBCwWdDhfFqQ?.msc";

/// Small blobs of the whole corpus.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for folder in std::fs::read_dir(corpus()).expect("corpus") {
        let Ok(files) = std::fs::read_dir(folder.expect("folder").path()) else { continue };
        for file in files {
            let path = file.expect("file").path();
            if path.extension().is_some_and(|extension| extension == "v8") {
                seeds.push(std::fs::read(path).expect("blob"));
            }
        }
    }
    seeds.retain(|seed| (4..=120).contains(&seed.len()));
    seeds.sort();
    assert!(seeds.len() > 1000, "{} seeds", seeds.len());
    seeds
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>], mut blob: Vec<u8>) -> Vec<u8> {
    for _ in 0..random.of(&[1, 1, 1, 2, 3, 5]) {
        if blob.len() < 4 {
            break;
        }
        // The header is left alone most of the time.
        let at =
            if random.below(20) == 0 { random.below(2) } else { 2 + random.below(blob.len() - 2) };
        match random.below(9) {
            0 => blob[at] ^= 1 << random.below(8),
            1 => blob[at] = random.of(TAGS),
            2 => drop(blob.drain(at..(at + 1 + random.below(3)).min(blob.len()))),
            3 => blob.insert(at, random.of(TAGS)),
            7 => drop(blob.splice(at..at, [b'^', random.below(10) as u8])),
            8 => drop(blob.splice(at..at, [b'B', 1, 0, b'V', b'B', 0, 1, random.below(8) as u8])),
            4 => blob[at] = random.of(&[0, 1, 2, 3, 4, 8, 0x7F, 0x80, 0xFF]),
            5 => {
                let other = &seeds[random.below(seeds.len())];
                let from = 2 + random.below(other.len() - 2);
                let to = (from + 1 + random.below(20)).min(other.len());
                blob.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let from = 2 + random.below(blob.len() - 2);
                let piece = blob[from..(from + 1 + random.below(10)).min(blob.len())].to_vec();
                blob.splice(at..at, piece);
            }
        }
    }
    if random.below(7) == 0 && blob.len() > 2 {
        blob[0] = 0xFF;
        blob[1] = random.of(&[1, 9, 10, 11, 12, 13, 13, 14, 15, 16]);
    }
    blob
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn engines_judge_mutations_as_we_do() {
    let Ok(engines) = std::env::var("V8WIRE_ENGINES") else {
        println!("no engines given in V8WIRE_ENGINES");
        return;
    };
    let (count, seed): (usize, u64) = (setting("V8WIRE_CASES", 20_000), setting("V8WIRE_SEED", 1));
    let seeds = seeds();
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let version: u8 = setting("V8WIRE_VERSION", 0);
    let cases: Vec<(Vec<u8>, Json)> = (0..count)
        .map(|number| {
            // Of version 13 every second one is made to be read twice.
            let made = version == 13 && number % 2 == 1;
            let hosts = made && number % 6 == 1;
            let mut blob = if made {
                readings::make(&mut random, number, hosts)
            } else {
                seeds[random.below(seeds.len())].clone()
            };
            if !made || random.below(3) == 0 {
                blob = mutate(&mut random, &seeds, blob);
            }
            if version > 0 && blob.len() > 2 {
                (blob[0], blob[1]) = (0xFF, version);
            }
            let options = match hosts {
                true => json!({"host": "value"}),
                // Views are described in another way where Node's host objects are read.
                false if blob.contains(&b'V') => json!({}),
                false => json!({"profile": "node"}),
            };
            (blob, options)
        })
        .collect();
    let mut jobs = String::new();
    for (blob, options) in &cases {
        let _ = writeln!(jobs, "{}", json!({"hex": hex(blob), "options": options}));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("v8wire-differential-{}.jsonl", std::process::id()));
    std::fs::write(&file, jobs).expect("write");
    for engine in engines.split(',') {
        let release = if engine.starts_with("deno") {
            Release::new(15, 0)
        } else {
            engine.parse().expect("engine")
        };
        let answers = ask(engine, &file);
        assert_eq!(answers.len(), cases.len());
        let (mut taken, mut known, mut wrong) = (0, 0, Vec::new());
        with_stack(|| {
            for ((blob, options), mut theirs) in cases.iter().zip(answers) {
                if theirs.get("skipped").is_some() {
                    continue;
                }
                let case = Case {
                    path: "mutation".into(),
                    bytes: blob.clone(),
                    json: json!({"options": options}),
                };
                let mut setup = verdict_setup(&case, release);
                if !engine.starts_with("deno") && case.json["options"] == json!({}) {
                    setup.options = setup.options.delegate(Arc::new(NoHostObjects));
                }
                taken += usize::from(theirs.get("ok").is_some());
                if let Some(description) = theirs.get_mut("ok") {
                    normalise(description);
                }
                let ours = match setup.options.parse_prefix(blob) {
                    Ok((doc, read)) => {
                        let value = Describer::new(&setup).describe(doc.root().value());
                        let mut ours = json!({ "ok": value });
                        if read < blob.len() {
                            ours["left"] = json!(blob.len() - read);
                        }
                        ours
                    }
                    Err(error) => json!({"refused": error.to_string()}),
                };
                let same = ours == theirs
                    || (ours.get("refused").is_some() && theirs.get("refused").is_some());
                if !same && is_known(blob, &ours, &theirs) {
                    known += 1;
                } else if !same {
                    wrong.push(format!(
                        "{} {options}\n  ours   {ours}\n  theirs {theirs}",
                        hex(blob)
                    ));
                }
            }
        });
        println!("{engine}: {count} mutations, {taken} taken, {known} known differences");
        wrong.truncate(20);
        assert!(wrong.is_empty(), "{engine}:\n{}", wrong.join("\n"));
    }
    let _ = std::fs::remove_file(file);
}
