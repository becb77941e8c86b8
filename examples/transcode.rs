//! A value for an older engine: what stands in the way, and what is written when it is lowered.
//!
//! `cargo run --example transcode [FILE [TARGET]]`, such as `cache.v8 node-14`.

use v8wire::{ParseOptions, Target, Transcoder, WriteOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap_or("corpus/node-22/view-resizable-several.v8".into());
    let target: Target = args.next().as_deref().unwrap_or("node-14").parse()?;

    let data = std::fs::read(file)?;
    let from = ParseOptions::new();
    let doc = from.parse(&data)?;
    let to = WriteOptions::for_target(target);

    for obstacle in Transcoder::new(&doc, &from, &to).obstacles() {
        println!("{}: {}", obstacle.path().unwrap_or("$"), obstacle.kind());
    }
    let lowered = Transcoder::new(&doc, &from, &to.lower(true)).to_vec()?;
    println!("version {}: {} bytes", doc.version(), data.len());
    println!("version {} for {target}: {} bytes", to.version, lowered.len());
    Ok(())
}
