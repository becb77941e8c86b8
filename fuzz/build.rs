//! Where the loader finds V8, for the target `differential`.

fn main() {
    if let Ok(folder) = std::env::var("DEP_V8WIRE_SHIM_RPATH") {
        println!(
            "cargo::rustc-link-arg=-Wl,--disable-new-dtags,-rpath,{folder},-rpath-link,{folder}"
        );
    }
}
