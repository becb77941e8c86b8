//! With the feature `v8`: compiles the shim over V8 against what scripts/fetch-v8.sh has unpacked.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src/v8.cc");
    if std::env::var_os("CARGO_FEATURE_V8").is_none() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/v8/unpacked/usr");
    let root = root.canonicalize().expect("run scripts/fetch-v8.sh first");
    let library = std::fs::read_dir(root.join("lib"))
        .expect("run scripts/fetch-v8.sh first")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|folder| folder.join("libnode.so.108").exists())
        .expect("a folder with libnode.so.108");
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .flag("-fno-rtti")
        .flag("-Wno-deprecated-declarations")
        .flag(format!("-isystem{}", root.join("include/nodejs/deps/v8/include").display()))
        .file("src/v8.cc")
        .compile("peers_v8");
    let library = library.display();
    // Behind the shim, which needs it.
    println!("cargo::rustc-link-arg={library}/libnode.so.108");
    // The libraries that libnode needs stand beside it.
    for flag in ["-rpath,", "-rpath-link,"] {
        println!("cargo::rustc-link-arg=-Wl,{flag}{library}");
    }
    println!("cargo::rustc-link-arg=-Wl,--disable-new-dtags");
}
