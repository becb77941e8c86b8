//! The README's table of Node's and V8's functions names tests that exist.

use std::path::Path;

#[test]
fn table_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, table) = readme.split_once("| Node, V8 | here | test |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let &[function, _, tests] = &cells[..] else { panic!("{row}") };
        for test in tests.split(", ") {
            let test = test.trim().trim_matches('`');
            let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{row}"));
            let text = std::fs::read_to_string(root.join("tests").join(file))
                .unwrap_or_else(|error| panic!("{function}: {file}: {error}"));
            assert!(text.contains(&format!("#[test]\nfn {name}()")), "{function}: {test}");
        }
        count += 1;
    }
    assert!(count > 40, "{count} rows");
}
