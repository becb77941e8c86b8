//! How values of Rust are values of JavaScript, for [`to_vec`](crate::to_vec) and
//! [`from_slice`](crate::from_slice). There is nothing in this module but this page.
//!
//! # The table
//! What Node 18 and later write for the equal value is what is written, byte for byte; what is read is
//! all that could be meant.
//!
//! | Rust | is written as | is read from |
//! |---|---|---|
//! | `bool` | a boolean | a boolean |
//! | integers of up to 64 bits | a number up to ±(2<sup>53</sup> - 1), a bigint beyond ([`IntegersAs`]: bigints always for 64 bits, or an error, or rounded) | a number that is integral and in range (-0 is 0), a bigint in range, a date (its milliseconds) |
//! | `i128`, `u128` | a bigint; by option a number | the same |
//! | `f32`, `f64` | a number: a small integer on the wire where it is one, as V8 has it, -0 and NaN kept | a number, a bigint that a double is equal to, a date |
//! | `char`, `String`, `&str` | a string, in one byte a character where all are Latin-1 | a string; `&str` where it is ASCII or UTF-8 on the wire; a regexp as `/source/flags`. Lone surrogates become U+FFFD |
//! | bytes (`serde_bytes`) | a `Buffer`; with [`Profile::V8`] a `Uint8Array`; by option ([`BytesAs`]) an `ArrayBuffer` | `ArrayBuffer`, `Buffer`, any typed array (its bytes on the wire), a `DataView`; borrowed |
//! | `None` | `null`, by option ([`NoneAs`]) `undefined` | `undefined`, `null`, a hole |
//! | `Some(x)`, newtype structs | `x` | `x` |
//! | `()`, unit structs | as `None` | `undefined`, `null`, a hole |
//! | sequences, tuples, tuple structs | a dense array | an array, a `Set`, a typed array, an `ArrayBuffer`; holes are `None`, left out or an error ([`HolesAs`]). Named properties are left out |
//! | maps | an object where the first key is a string, number, boolean or unit variant; else a `Map` ([`MapsAs`]: objects or `Map`s always) | an object, a `Map`, an array by index, an error, a regexp. Keys that are no strings in Rust are read from what the object's keys spell |
//! | structs | an object | the same as maps; an array, field by field |
//! | enums, tagged externally | a string for unit variants, else an object with one key | the same; a `Map` with one key |
//! | enums, tagged internally, adjacently or not at all | what serde makes of them: objects, or what they hold | the same, from a copy that serde keeps ([what that keeps](crate::js#where-serde-keeps-a-copy)) |
//! | the types of [`js`](crate::js), fields with [`with`](crate::with) | `Date`, `RegExp`, bigint, `undefined`, `Map`, `Set`, `Error`, objects of primitives, buffers, typed arrays | that and nothing else |
//!
//! `Boolean`, `Number`, `String` and `BigInt` objects are read as the primitives in them, errors as
//! structs of `name`, `message`, `stack` and `cause`, host objects of nothing but one value as that
//! value. There is nothing in Rust for WebAssembly's objects, buffers that are elsewhere and other host
//! objects. Where a `Map` has a key twice, both entries are given, the later one later. The format counts
//! as human-readable, since JavaScript's programs keep times, addresses and the like as strings.
//!
//! # References
//! An object that is referred to several times is read at each place. That is bounded
//! ([`DeserializeOptions::max_repeats`](crate::DeserializeOptions::max_repeats)), so a kilobyte of
//! references to references ends in an error. A cycle is an error with the offsets of both ends:
//!
//! ```
//! #[derive(Debug, serde::Deserialize)]
//! struct Node {
//!     parent: Option<Box<Node>>,
//! }
//! let blob = b"\xFF\x0Fo\"\x06parento\"\x06parent^\0{\x01{\x01"; // two objects, each the other's parent
//! let error = v8wire::from_slice::<Node>(blob).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "cyclic value at offset 20: the value at offset 2 contains itself ($.parent.parent)"
//! );
//! ```
//!
//! # Untyped values
//! A [`Document`](crate::Document) holds any value, and is indexed as JavaScript's are.
//!
//! ```
//! # fn main() -> Result<(), v8wire::Error> {
//! // What Node 18 writes for `{ name: 'John Doe', age: 43, phones: ['+44 1234567', '+44 2345678'] }`.
//! let data = b"\xFF\x0Fo\"\x04name\"\x08John Doe\"\x03ageIV\"\x06phonesA\x02\"\x0B+44 1234567\"\x0B+44 2345678$\0\x02{\x03";
//!
//! let document = v8wire::Document::parse(data)?;
//! let person = document.root();
//! println!("Please call {:?} at {:?}", person["name"].as_str(), person["phones"][0].as_str());
//! assert_eq!(person["phones"][0].as_str().as_deref(), Some("+44 1234567"));
//!
//! // A property that is not there is undefined, as in JavaScript.
//! assert!(person["address"].is_undefined());
//! # Ok(())
//! # }
//! ```
//!
//! # Typed values
//! Any type that implements `Deserialize` can be read; what is not what the type says is an error that
//! says where.
//!
//! ```
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Person {
//!     name: String,
//!     age: u8,
//!     phones: Vec<String>,
//! }
//!
//! # fn main() -> Result<(), v8wire::Error> {
//! # let data = b"\xFF\x0Fo\"\x04name\"\x08John Doe\"\x03ageIV\"\x06phonesA\x02\"\x0B+44 1234567\"\x0B+44 2345678$\0\x02{\x03";
//! let person: Person = v8wire::from_slice(data)?;
//! println!("Please call {} at {}", person.name, person.phones[0]);
//! # assert_eq!((person.name.as_str(), person.age), ("John Doe", 43));
//!
//! // Part of a value can stay untyped, or be read later out of the document.
//! let document = v8wire::Document::parse(data)?;
//! let phones = Vec::<&str>::deserialize(document.root()["phones"].value())?;
//! assert_eq!(phones.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Values from structs
//! Any type that implements `Serialize` can be written: to bytes with [`to_vec`](crate::to_vec), into a
//! file with [`to_writer`](crate::to_writer), to a document with
//! [`Document::from_serialize`](crate::Document::from_serialize). A document in turn can be written in any
//! other format.
//!
//! ```
//! use serde::Serialize;
//!
//! #[derive(Serialize)]
//! struct Address {
//!     street: String,
//!     city: String,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let address = Address { street: "10 Downing Street".to_owned(), city: "London".to_owned() };
//!
//! // What `v8.deserialize` reads.
//! let bytes = v8wire::to_vec(&address)?;
//! assert_eq!(bytes, b"\xFF\x0Fo\"\x06street\"\x1110 Downing Street\"\x04city\"\x06London{\x02");
//!
//! let document = v8wire::Document::parse(&bytes)?;
//! assert_eq!(
//!     serde_json::to_string(&document)?,
//!     r#"{"street":"10 Downing Street","city":"London"}"#
//! );
//! # Ok(())
//! # }
//! ```
//!
//! [`BytesAs`]: crate::BytesAs
//! [`HolesAs`]: crate::HolesAs
//! [`IntegersAs`]: crate::IntegersAs
//! [`MapsAs`]: crate::MapsAs
//! [`NoneAs`]: crate::NoneAs
//! [`Profile::V8`]: crate::Profile::V8
