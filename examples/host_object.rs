//! Reads host objects of one's own: what a program writes with a `v8.Serializer` whose
//! `_writeHostObject` it has replaced.
//!
//! Here that is a program which keeps its class `Point` as
//!
//! ```js
//! _writeHostObject(object) {
//!   this.writeUint32(1);           // the class
//!   this.writeDouble(object.x);
//!   this.writeDouble(object.y);
//!   this.writeValue(object.label); // anything, another Point too
//! }
//! ```

use std::error::Error;
use std::sync::Arc;

use v8wire::{Delegate, HostError, HostReader, HostStep, Kind, ParseOptions, Value};

const POINT: u32 = 1;

struct Points;

impl Delegate for Points {
    /// Called once for the payload up to the nested value, and again behind that value.
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() > 0 {
            return Ok(HostStep::Done);
        }
        match host.read_uint32()? {
            POINT => {
                host.read_double()?;
                host.read_double()?;
                Ok(HostStep::Value)
            }
            class => Err(HostError::new(format_args!("there is no class {class}"))),
        }
    }
}

/// The payload as the delegate left it: a byte for the class, two doubles, and the label.
fn point<'d, 'a>(value: Value<'d, 'a>) -> Option<(f64, f64, Value<'d, 'a>)> {
    let payload = value.host_bytes().next()?;
    let (x, rest) = payload.get(1..)?.split_first_chunk()?;
    let (y, _) = rest.split_first_chunk()?;
    Some((f64::from_le_bytes(*x), f64::from_le_bytes(*y), value.host_values().next()?))
}

fn main() -> Result<(), Box<dyn Error>> {
    // new Point(1.5, -2, 'corner'), the same again, and Point(0, 0, <the first>).
    let mut blob = vec![0xFF, 15, b'A', 3];
    let put = |blob: &mut Vec<u8>, x: f64, y: f64, label: &[u8]| {
        blob.extend_from_slice(&[b'\\', POINT as u8]);
        blob.extend_from_slice(&x.to_le_bytes());
        blob.extend_from_slice(&y.to_le_bytes());
        blob.extend_from_slice(label);
    };
    put(&mut blob, 1.5, -2.0, b"\"\x06corner");
    blob.extend_from_slice(b"^\x01");
    put(&mut blob, 0.0, 0.0, b"^\x01");
    blob.extend_from_slice(b"$\x00\x03");

    let document = ParseOptions::new().delegate(Arc::new(Points)).parse(&blob)?;
    let root = document.root();
    for (at, element) in root.elements().enumerate() {
        let (x, y, label) = point(element).ok_or("not a point")?;
        let label = match label.kind() {
            Kind::HostObject => "another point".into(),
            _ => label.as_str().unwrap_or_default(),
        };
        println!("[{at}] Point({x}, {y}), {label}");
    }
    assert!(root[0].is_same(root[1].value()), "identity is kept");
    assert!(root[2].host_values().next().is_some_and(|label| label.is_same(root[0].value())));
    Ok(())
}
