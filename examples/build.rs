//! Builds a value with shared and cyclic objects, writes it as Node would, and reads it again.
//!
//! ```sh
//! cargo run --example build > session.bin
//! node -p "v8.deserialize(fs.readFileSync('session.bin'))"
//! ```
//!
//! On a terminal it shows the value in place of the bytes.

use std::error::Error;
use std::io::{IsTerminal, Write};

use v8wire::inspect::{self, InspectOptions};
use v8wire::{Builder, Literal, WriteOptions, regexp_flags, value};

fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Builder::new();

    // One object in several places.
    let user = builder.value(value!({
        "name": "Ada",
        "born": Literal::date(-4_861_728_000_000.0),
        "matches": Literal::regexp("^ada", regexp_flags::IGNORE_CASE),
    }));
    let session = builder.object();
    builder.set(session, "user", user);
    builder.set(session, "token", Literal::buffer(&[0xCA, 0xFE]));
    let visits = builder.array();
    for (page, seconds) in [("/", 2.5), ("/notes", 40.0)] {
        let visit = builder.value(value!({ "page": page, "seconds": seconds }));
        builder.set(visit, "by", user);
        builder.push(visits, visit);
    }
    builder.set(session, "visits", visits);

    // And one within itself.
    let roles = builder.new_set();
    builder.member(roles, "admin");
    builder.set(user, "roles", roles);
    builder.set(user, "session", session);

    let out = std::io::stdout();
    if out.is_terminal() {
        let mut buffer = Vec::new();
        let doc = builder.document(session, &mut buffer)?;
        println!("{}", inspect::to_string(doc.root().value(), &InspectOptions::default()));
    } else {
        out.lock().write_all(&builder.to_vec(session, &WriteOptions::new())?)?;
    }
    Ok(())
}
