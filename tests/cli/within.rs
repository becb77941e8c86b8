//! `v8wire decode`: values within something else, host objects of any layout, and bytes that no writer writes.

use super::{file, folder, ran, run};

#[test]
fn values_within_something_else() {
    let data = b"\x2A\x2A\xFF\x0FTmore";
    assert_eq!(run(&["decode", "--skip=2", "--trailing"], data), ran(0, "true\n", ""));
    let typed = run(&["decode", "--skip", "2", "--trailing", "-f", "typed"], data);
    assert_eq!(
        typed.out,
        "{\"$v8\":{\"version\":15},\"value\":true,\"patches\":{\"crc32\":2856805597,\
         \"list\":[[0,3,\"Kir/D1Rtb3Jl\"]]}}\n"
    );
    let text = file(&folder("within"), "text.json", typed.out.as_bytes());
    let encoded = super::command(&["encode", &text, "-o", "-"]).output().unwrap();
    assert_eq!(encoded.stdout, data);
    let message = "v8wire: standard input: trailing data at offset 3: 4 bytes follow the value; \
                   --all reads several values, --trailing one\n";
    assert_eq!(run(&["decode", "--skip=2"], data), ran(1, "", message));
    let message = "v8wire: standard input: --skip 10: there are 9 bytes\n";
    assert_eq!(run(&["decode", "--skip=10"], data), ran(1, "", message));
    assert_eq!(run(&["decode", "--all", "--trailing"], data).code, Some(2));
}

#[test]
fn host_objects_of_any_layout() {
    // A kind, and by kind a text, or a list of values.
    let data = b"\xFF\x0FA\x02\\\x14\x02hi\\\x02\x02TF$\0\x02";
    assert_eq!(run(&["decode"], data).code, Some(1));
    let layout = "--host={20: bytes | 2: [value]}";
    assert_eq!(
        run(&["decode", "-ftyped", layout], data),
        ran(
            0,
            "{\"$v8\":{\"version\":15},\"value\":[{\"$host\":[\"FAJoaQ==\"]},{\"$host\":[\"AgI=\",[true],[false]]}]}\n",
            ""
        )
    );
    assert_eq!(run(&["check", layout, "-"], data).code, Some(2));
    let unknown = run(&["decode", "--host={20: bytes}"], data);
    assert!(unknown.err.contains("the layout has no case 2 ($[1])"), "{unknown:?}");
    for usage in ["--host=uint8", "--host=[", "--profile=node-ipc"] {
        assert_eq!(run(&["decode", layout, usage], data).code, Some(2), "{usage}");
    }
}

#[test]
fn patches_of_other_values_are_refused() {
    let typed = run(&["decode", "--lenient", "-ftyped"], b"\xFF\x0F'I\x02,\x05").out;
    assert!(typed.contains(r#""value":{"$set":[1]},"patches""#), "{typed}");
    let changed = typed.replace("[1]", "[2]");
    let place = changed.find("{\"crc32\"").unwrap() + 1;
    assert_eq!(
        run(&["encode"], changed.as_bytes()),
        ran(
            1,
            "",
            format!(
                "v8wire: standard input: line 1, column {place}: the values are not those that `patches` was \
                 made for; remove it, or ignore it ($.patches)\nv8wire: standard input: note: \
                 --ignore-patches writes the values as they are now\n"
            )
        )
    );
    let text = file(&folder("patches"), "text.json", changed.as_bytes());
    let ignored = super::command(&["encode", "--ignore-patches", &text]).output().unwrap();
    assert_eq!(ignored.stdout, b"\xFF\x0F'I\x04,\x01");
}
