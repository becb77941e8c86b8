//! The built command: formats, streams, exit codes.
#![cfg(feature = "cli")]

#[path = "cli/encode.rs"]
mod encode;
#[path = "cli/within.rs"]
mod within;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use v8wire::{Externals, ParseOptions};

/// `{ a: [1, 'x'] }`
const BLOB: &[u8] = b"\xFF\x0Fo\"\x01aA\x02I\x02\"\x01x$\0\x02{\x01";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_v8wire"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("NO_COLOR").env("TERM", "xterm");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[derive(Debug, PartialEq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn ran(code: i32, out: impl Into<String>, err: impl Into<String>) -> Ran {
    Ran { code: Some(code), out: out.into(), err: err.into() }
}

fn finish(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // The command may not read it.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    });
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(args: &[&str], input: &[u8]) -> Ran {
    finish(command(args), input)
}

/// A folder of its own for a test, below the build's.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn file(folder: &Path, name: &str, data: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, data).unwrap();
    path.to_str().unwrap().into()
}

#[test]
fn decode_has_three_formats() {
    assert_eq!(run(&["decode"], BLOB), ran(0, "{ a: [ 1, 'x' ] }\n", ""));
    assert_eq!(run(&["decode", "-"], BLOB), ran(0, "{ a: [ 1, 'x' ] }\n", ""));
    assert_eq!(run(&["decode", "--format", "js"], BLOB).out, "{ a: [ 1, 'x' ] }\n");
    assert_eq!(run(&["decode", "--format=json"], BLOB), ran(0, "{\"a\":[1,\"x\"]}\n", ""));
    let pretty = run(&["decode", "-fjson", "--pretty"], BLOB);
    assert!(pretty.out.lines().count() > 3, "{pretty:?}");
    assert_eq!(serde_json::from_str::<Json>(&pretty.out).unwrap(), json!({"a": [1, "x"]}));
    let typed = run(&["decode", "--format", "typed"], BLOB);
    assert_eq!((typed.code, typed.err.as_str()), (Some(0), ""));
    assert!(typed.out.ends_with('\n') && typed.out.lines().count() == 1, "{typed:?}");
    serde_json::from_str::<Json>(&typed.out).unwrap();
    assert_eq!(run(&["decode", "-f", "yaml"], BLOB).code, Some(2));
}

#[test]
fn decode_converts_to_json() {
    let data = b"\xFF\x0FA\x03Z\x10\x01\0\0\0\0\0\0\0\\\x01\x02ab^\0$\0\x03";
    let cycle = run(&["decode", "-fjson"], data);
    assert_eq!(cycle.code, Some(1));
    assert!(cycle.err.starts_with("v8wire: standard input: "), "{cycle:?}");
    let plain = run(&["decode", "-fjson", "--cycles=path"], data);
    assert_eq!(plain, ran(0, "[\"1\",[97,98],{\"$ref\":\"$\"}]\n", ""));
    let args = ["decode", "-fjson", "--cycles=path", "--bigints=number", "--bytes=base64"];
    assert_eq!(run(&args, data), ran(0, "[1,\"YWI=\",{\"$ref\":\"$\"}]\n", ""));
}

#[test]
fn decode_reads_files() {
    let read = run(&["decode", "-f", "json", "corpus/node-18/app-records.v8"], b"");
    assert_eq!((read.code, read.err.as_str()), (Some(0), ""));
    let records: Json = serde_json::from_str(&read.out).unwrap();
    assert_eq!(records[1]["name"], "Jürgen");
    assert_eq!(records.as_array().unwrap().len(), 30);
}

#[test]
fn decode_cuts_unless_full() {
    let long = "corpus/node-18/app-records.v8";
    let [cut, full] = [&["decode", long][..], &["decode", "--full", long]].map(|it| run(it, b""));
    assert_eq!((cut.code, full.code), (Some(0), Some(0)));
    assert!(full.out.contains("00000000-0000-4000-8000-000000000000"));
    let mut array = b"\xFF\x0FA\xE8\x07".to_vec();
    array.extend(b"I\x02".repeat(1000));
    array.extend(b"$\0\xE8\x07");
    let [cut, full] = [&["decode"][..], &["decode", "--full"]].map(|args| run(args, &array).out);
    assert!(cut.contains("more items") && cut.matches('1').count() < 200, "{cut}");
    assert!(!full.contains("more items"));
    assert_eq!(full.matches('1').count(), 1000);
}

#[test]
fn decode_follows_a_path() {
    assert_eq!(run(&["decode", "--path", "$.a[1]"], BLOB), ran(0, "'x'\n", ""));
    assert_eq!(run(&["decode", "-fjson", "--path=a"], BLOB), ran(0, "[1,\"x\"]\n", ""));
    let missing = "v8wire: standard input: no value at `$.a[7]`\n";
    assert_eq!(run(&["decode", "--path", "$.a[7]"], BLOB), ran(1, "", missing));
    assert_eq!(run(&["decode", "--path", "$.a[x"], BLOB).code, Some(2));
    assert_eq!(run(&["decode", "--path", "$", "-ftyped"], BLOB).code, Some(2));
}

/// Node 16 to 20 write the cause of an error before its stack, which newer ones refuse.
#[test]
fn decode_reads_what_older_releases_wrote() {
    let path = "corpus/node-18/error-cause-primitive.v8";
    let blob = std::fs::read(path).expect("blob");
    let read = run(&["decode", "-"], &blob);
    assert_eq!(read.code, Some(0), "{read:?}");
    assert!(read.out.contains("[cause]: "), "{read:?}");
    assert!(
        read.err
            .starts_with("v8wire: standard input: note: V8 11.3 reads this, the newest does not: "),
        "{read:?}"
    );
    let strict = run(&["decode", "--strict", "newest", "-"], &blob);
    assert_eq!(strict.code, Some(1), "{strict:?}");
}

#[test]
fn decode_of_several_values() {
    let two = b"\xFF\x0FI\x02\xFF\x0F\"\x01x";
    let one = run(&["decode"], two);
    let message = "v8wire: standard input: trailing data at offset 4: 5 bytes follow the value; \
                   --all reads several values, --trailing one\n";
    assert_eq!(one, ran(1, "", message));
    assert_eq!(run(&["decode", "--all"], two), ran(0, "1\n'x'\n", ""));
    assert_eq!(run(&["decode", "--all", "-fjson"], two), ran(0, "1\n\"x\"\n", ""));
}

#[test]
fn options_reach_the_reader() {
    let cases: [(&[&str], &[u8], &[&str]); 11] = [
        // Data that is refused without the arguments behind it.
        (&[], b"\xFF\x0Fo\"\x01aT\"\x01aF{\x02", &["--lenient"]),
        (&[], b"R\"\x01a\0", &["--wire-version", "13"]),
        (&["--strict", "node-24"], b"\xFF\x10T", &["--strict", "15.0"]),
        (&["--externals", "refuse"], b"\xFF\x0Ft\0", &["--externals", "keep"]),
        (&["--profile", "v8"], b"\xFF\x0F\\\x01\x01a", &["--profile", "node"]),
        (&[], b"\xFF\x0F\\\x01I\x02", &["--profile=node-ipc"]),
        (&["--max-depth", "1"], b"\xFF\x0FA\x01A\0$\0\0$\0\x01", &["--max-depth", "2"]),
        (&["--max-nodes", "1"], b"\xFF\x0FA\x01A\0$\0\0$\0\x01", &["--max-nodes", "2"]),
        (&["--max-bytes", "2"], b"\xFF\x0F\"\x03abc", &["--max-bytes", "3"]),
        (&["--max-sparse-length=4"], b"\xFF\x0Fa\x05@\0\x05", &["--max-sparse-length=5"]),
        (&[], b"\xFF\x10m\0\0u\0f\x04", &["--wasm-shared-buffers"]),
    ];
    for (bad, data, good) in cases {
        for command in ["decode", "annotate"] {
            let bad = run(&[&[command], bad].concat(), data);
            let good = run(&[&[command], good].concat(), data);
            assert_eq!((bad.code, good.code), (Some(1), Some(0)), "{bad:?} {good:?}");
            assert!(bad.err.starts_with("v8wire: standard input: "), "{bad:?}");
            assert_eq!(good.err, "");
        }
    }
    let double = b"\xFF\x0FN\x3F\xF8\0\0\0\0\0\0";
    assert_eq!(run(&["decode", "--big-endian"], double).out, "1.5\n");
    assert_eq!(run(&["decode", "--lenient", "--strict", "13.6"], BLOB).code, Some(2));
}

#[test]
fn usage_errors() {
    for args in [
        &[][..],
        &["dekode"],
        &["decode", "--no-such-option"],
        &["decode", "one", "two"],
        &["decode", "--strict", "node-17"],
        &["decode", "--profile", "deno"],
        &["decode", "--max-depth", "-1"],
        &["decode", "--wire-version", "99"],
        &["check"],
        &["decode", "no such file"],
        &["annotate", "no such file"],
        &["check", "no such file"],
        &["decode", "corpus"],
    ] {
        let ran = run(args, b"");
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        let said = if args == ["check", "no such file"] { &ran.out } else { &ran.err };
        assert!(!said.is_empty(), "{args:?}");
    }
    let missing = run(&["decode", "no such file"], b"");
    assert!(missing.err.starts_with("v8wire: no such file: "), "{missing:?}");
    for args in [&["--help"][..], &["decode", "--help"], &["--version"], &["help", "check"]] {
        let ran = run(args, b"");
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{args:?}");
        assert!(!ran.out.is_empty());
    }
}

#[test]
fn annotate_goes_up_to_the_damage() {
    let data = b"\xFF\x0Fo\"\x05users;\0I\x02B\x02\x01\x02V?\0\x02\0:\x02\"\x04name\"\x28Ada";
    let golden = r#"   0  ff 0f                     version 15
   2  6f                        object #0                               $
   3  22 05 75 73 65 72 73        key: one-byte string "users"
  10  3b                          map #1                                $.users
  11  00                            padding
  12  49 02                         int32 1                             $.users<key 0>
  14  42 02 01 02                   array buffer #2, 2 bytes            $.users<value 0>
  18  56 3f 00 02 00                array buffer view #3, DataView of 2 bytes at 0, flags 0
  23  3a 02                       end of map, length 2
  25  22 04 6e 61 6d 65           key: one-byte string "name"
  31  22 28                       one-byte string, damaged
  33  41 64 61                  not read
      ^^ unexpected end of input at offset 33: one-byte string of 40 bytes needs 37 more ($.name)
"#;
    let message = "unexpected end of input at offset 33: one-byte string of 40 bytes needs 37 more \
                   ($.name)";
    let shown = run(&["annotate"], data);
    assert_eq!(shown, ran(1, golden, format!("v8wire: standard input: {message}\n")));

    let golden = "   0  ff 0f                     version 15
   2  72                        error #0                                $
   3  54                          TypeError prototype
   4  6d                          part of error: message, damaged
   5                            end of input
      ^^ unexpected end of input at offset 5: expected message of error ($)
";
    let cut = "corpus/refused/cut-error-05.v8";
    let message = "unexpected end of input at offset 5: expected message of error ($)";
    let shown = run(&["annotate", cut], b"");
    assert_eq!(shown, ran(1, golden, format!("v8wire: {cut}: {message}\n")));

    let golden = "   0  ff 0f                     version 15
   2  54                        true                                    $
   3  49 02                     behind the value
      ^^ trailing data at offset 3: 2 bytes follow the value
";
    let two = run(&["annotate", "corpus/handmade/trailing-value.v8"], b"");
    assert_eq!((two.code, two.out.as_str()), (Some(1), golden));
    let golden = "   0  ff 0f                     version 15
   2  54                        true                                    $
   3  49 02                     int32 1                                 $ (value 2)
";
    let all = run(&["annotate", "--all", "corpus/handmade/trailing-value.v8"], b"");
    assert_eq!(all, ran(0, golden, ""));
}

#[test]
fn annotate_cuts_unless_full() {
    let mut data = b"\xFF\x0FB\x80\x08".to_vec();
    data.extend([0xAB; 1024]);
    let cut = run(&["annotate"], &data);
    assert!(cut.out.contains("\u{2026} 963 more bytes\n"), "{}", cut.out);
    assert_eq!(cut.out.matches("ab").count(), 61);
    let full = run(&["annotate", "--full"], &data);
    assert_eq!(full.out.matches("ab").count(), 1024);
}

#[test]
fn colours() {
    let mut no_color = command(&["annotate", "--color", "always"]);
    no_color.env("NO_COLOR", "1");
    assert!(finish(no_color, BLOB).out.contains("\x1b["));
    for command_name in ["decode", "annotate"] {
        let piped = run(&[command_name], BLOB);
        assert!(!piped.out.contains('\x1b'), "{piped:?}");
        let always = run(&["--color", "always", command_name], BLOB);
        assert!(always.out.contains('\x1b'), "{always:?}");
        let mut no_color = command(&[command_name]);
        no_color.env("NO_COLOR", "1");
        assert_eq!(finish(no_color, BLOB), piped);
    }
    assert!(!run(&["check", "corpus/refused"], b"").out.contains('\x1b'));
    assert!(run(&["check", "corpus/refused", "--color=always"], b"").out.contains('\x1b'));
}

#[test]
fn closed_pipes_end_quietly() {
    let folder = folder("closed");
    // Far more output than a pipe holds.
    let mut data = b"\xFF\x0FA\xA0\x8D\x06".to_vec();
    data.extend(b"I\x02".repeat(100_000));
    data.extend(b"$\0\xA0\x8D\x06");
    let big = file(&folder, "big.v8", &data);
    for args in [
        &["decode", "--full", &big][..],
        &["decode", "-fjson", &big],
        &["decode", "-ftyped", &big],
        &["annotate", &big],
        &["check", "--json", "corpus"],
    ] {
        let mut child = command(args).spawn().unwrap();
        let mut start = [0; 10];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut start).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(output.stderr, b"", "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disks_are_told() {
    for args in [&["decode"][..], &["annotate"], &["check", "corpus/node-18"]] {
        let mut full = command(args);
        full.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let full = finish(full, BLOB);
        assert_eq!(full.code, Some(2), "{full:?}");
        assert!(full.err.starts_with("v8wire: standard output: "), "{full:?}");
    }
}

fn reports(ran: &Ran) -> BTreeMap<String, Json> {
    let reports: Vec<Json> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<_> = reports.iter().map(|it| it["path"].as_str().unwrap().to_owned()).collect();
    assert!(paths.is_sorted(), "{paths:?}");
    paths.into_iter().zip(reports).collect()
}

#[test]
fn check_json_says_what_the_library_says() {
    let options = ParseOptions::new().externals(Externals::Keep);
    let mut good = 0;
    for folder in ["corpus/refused", "corpus/node-18"] {
        let ran = run(&["check", "--json", "--ext", "v8", folder], b"");
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{folder}");
        let reports = reports(&ran);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root.join(folder)).unwrap();
        let files = files.filter(|file| {
            file.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "v8")
        });
        assert_eq!(reports.len(), files.count());
        assert!(reports.len() > 100);
        for (path, report) in reports {
            let data = std::fs::read(root.join(&path)).unwrap();
            assert_eq!(report["bytes"], data.len(), "{path}");
            let expected = match options.parse(&data) {
                Ok(document) => {
                    good += 1;
                    json!({
                        "path": path, "ok": true, "bytes": data.len(),
                        "version": document.version(), "nodes": document.node_count(),
                    })
                }
                Err(error) => json!({
                    "path": path, "ok": false, "bytes": data.len(),
                    "version": report["version"], "nodes": null,
                    "error": {
                        "offset": error.offset(), "kind": error.kind().code(),
                        "message": error.to_string(),
                    },
                }),
            };
            assert_eq!(report, expected, "{path}");
        }
    }
    assert!(good > 300, "{good}");
}

#[test]
fn check_names_versions_sizes_and_errors() {
    let folder = folder("table");
    std::fs::create_dir(folder.join("b")).unwrap();
    let good = file(&folder, "a.v8", BLOB);
    let bad = file(&folder, "b/bad.v8", b"\xFF\x0Dc\x01a");
    let new = file(&folder, "new.v8", b"\xFF\x63T");
    let other = file(&folder, "other.txt", b"\xFF\x0FT");
    let root = folder.to_str().unwrap();
    let table = format!(
        "VERSION        BYTES       NODES  PATH
     15           18           5  {good}
     13            5           -  {bad}: invalid string at offset 3: two-byte string of 1 bytes \
         is not a whole number of units ($)
     99            3           -  {new}: unsupported version at offset 1: version 99 is not within 0 to 16
3 files, 26 bytes: 1 good (1 of version 15), 2 bad
"
    );
    assert_eq!(run(&["check", "--ext=v8", root], b""), ran(1, table, ""));
    let table = format!(
        "VERSION        BYTES       NODES  PATH
     15            3           1  {other}
     15           18           5  {good}
2 files, 21 bytes: 2 good (2 of version 15), 0 bad
"
    );
    assert_eq!(run(&["check", &other, &good], b""), ran(0, table, ""));
    let all = reports(&run(&["check", "--json", root], b""));
    assert_eq!(all.len(), 4);
    assert_eq!(all[&new]["version"], 99);
    assert_eq!(all[&new]["error"]["kind"], "unsupported-version");

    let junk = file(&folder, "junk\x1b[31m.txt", b"junk");
    let table = "VERSION        BYTES       NODES  PATH\n      -            4           -  ";
    let junk = run(&["check", &junk], b"");
    assert_eq!(junk.code, Some(1));
    assert!(junk.out.starts_with(table) && !junk.out.contains('\x1b'), "{junk:?}");
    assert!(junk.out.ends_with("\n1 file, 4 bytes: 0 good, 1 bad\n"), "{junk:?}");

    let missing = run(&["check", "--json", "no such file"], b"");
    assert_eq!(missing.code, Some(2));
    let report: Json = serde_json::from_str(&missing.out).unwrap();
    assert_eq!(report["error"]["kind"], "io");
    assert_eq!((&report["bytes"], &report["error"]["offset"]), (&Json::Null, &Json::Null));
    assert_eq!(run(&["check", "--ext", "none", root], b"").code, Some(2));
}

#[test]
fn check_reads_several_values() {
    let folder = folder("several");
    let two = file(&folder, "two.v8", b"\xFF\x0FT\xFF\x0FF");
    assert_eq!(run(&["check", &two], b"").code, Some(1));
    let all = run(&["check", "--all", "--json", &two], b"");
    assert_eq!(all.code, Some(0));
    assert_eq!(serde_json::from_str::<Json>(&all.out).unwrap()["nodes"], 2);
}
