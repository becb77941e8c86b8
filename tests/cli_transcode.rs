//! `v8wire transcode`: files, streams, exit codes.
#![cfg(feature = "cli")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const RESIZABLE: &[u8] = b"\xFF\x0Fo\"\x01a~\x01\x02!\"\x01bC\x01!{\x02";

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_v8wire"))
        .arg("transcode")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdin.take().unwrap().write_all(input));
    child.wait_with_output().unwrap()
}

fn file(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("transcode-{name}"));
    drop(std::fs::remove_file(&path));
    path
}

#[test]
fn to_standard_output_and_to_a_file() {
    let blob = b"\xFF\x0FA\x01\\\x0A\x02hi$\0\x01";
    let expected = b"\xFF\x0DA\x01\\\x0A\x02hi$\0\x01";
    let output = run(&["--target", "node12"], blob);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &expected[..]));
    assert!(output.stderr.is_empty());
    let path = file("plain");
    let output = run(&["-", "--target=node-12", "-o", path.to_str().unwrap()], blob);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b""[..]));
    assert_eq!(std::fs::read(&path).unwrap(), expected);
    let output = run(&["--to-version=16"], blob);
    assert_eq!(output.stdout[..3], *b"\xFF\x10A");
    let output = run(&["--to-version=14", "--to-profile=v8"], blob);
    assert_eq!(output.stdout, b"\xFF\x0EA\x01B\x02hiVB\0\x02\0$\0\x01");
}

#[test]
fn what_stands_in_the_way_is_listed() {
    let path = file("refused");
    let to = path.to_str().unwrap();
    let output = run(&["--target=node14", "-o", to], RESIZABLE);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "v8wire: standard input: Node 14 does not read a resizable ArrayBuffer; lowering makes it one of \
         fixed length ($.a)\n\
         v8wire: standard input: Node 14 does not read an immutable ArrayBuffer; lowering makes it an ordinary \
         one ($.b)\n"
    );
    assert!(!path.exists());
    let output = run(&["--target=node14", "--check"], RESIZABLE);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let output = run(&["--target=node14", "--check", "--lower"], RESIZABLE);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let output = run(&["--target=node14", "--lower"], RESIZABLE);
    assert_eq!(output.stdout, b"\xFF\x0Do\"\x01aB\x01!\"\x01bB\x01!{\x02");
    let twice = b"\xFF\x0Fo\"\x01aT\"\x01aF{\x02";
    let output = run(&["--target=node14", "--lenient", "-o", to], twice);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("duplicate key"));
    assert!(!path.exists());
}

#[test]
fn what_is_wrong_with_the_command_or_the_data() {
    assert_eq!(run(&["--target=node11"], b"\xFF\x0FT").status.code(), Some(2));
    assert_eq!(run(&["--to-version=12"], b"\xFF\x0FT").status.code(), Some(2));
    assert_eq!(run(&["--target=node12"], b"\xFF\x0FI").status.code(), Some(1));
    assert_eq!(run(&["no such file", "--target=node12"], b"").status.code(), Some(2));
    let output = run(&["--target=node12", "-o", "/no/such/folder/file"], b"\xFF\x0FT");
    assert_eq!(output.status.code(), Some(2));
    // Several values.
    let several = b"\xFF\x0Fo{\0^\0";
    assert_eq!(run(&["--target=node12"], several).status.code(), Some(1));
    assert_eq!(run(&["--target=node12", "--all"], several).stdout, b"\xFF\x0Do{\0^\0");
}
