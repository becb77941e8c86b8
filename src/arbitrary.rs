//! Values and blobs out of unstructured bytes, for fuzzers: the crate `arbitrary`.

use alloc::format;
use alloc::vec::Vec;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::build::{Builder, Literal, NodeId};
use crate::read::BigInt;
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::{ByteOrder, ErrorTag, regexp_flags};
use crate::write::WriteOptions;

/// Nodes of one value.
const MOST: usize = 200;

/// Any value that needs nothing from outside: every kind of object, shared and cyclic ones too. RegExps
/// have patterns that compile.
///
/// It reads back, as strictly as the newest release:
///
/// ```
/// use arbitrary::{Arbitrary, Unstructured};
/// let bytes: Vec<u8> = (0..=255).cycle().take(600).collect();
/// let literal = v8wire::Literal::arbitrary(&mut Unstructured::new(&bytes))?;
/// let blob = literal.to_vec_with(&v8wire::WriteOptions::new()).unwrap();
/// assert!(v8wire::Document::parse(&blob).is_ok());
/// # Ok::<(), arbitrary::Error>(())
/// ```
impl<'a> Arbitrary<'a> for Literal {
    fn arbitrary(source: &mut Unstructured<'a>) -> Result<Self> {
        let mut maker = Maker { builder: Builder::new(), made: Vec::new(), source };
        let root = maker.value()?;
        // Filled one after the other, and with what was made before: nothing recurses, and there are cycles.
        let mut next = 0;
        while let Some(&node) = maker.made.get(next) {
            next += 1;
            maker.fill(node)?;
        }
        Ok(Literal::of(maker.builder, root))
    }
}

/// Wire bytes that a strict reader of the newest release takes, of version 13 to 16.
///
/// ```
/// use arbitrary::{Arbitrary, Unstructured};
/// let blob = v8wire::ValidBlob::arbitrary(&mut Unstructured::new(b"any bytes at all"))?;
/// assert!(v8wire::Document::parse(&blob.0).is_ok());
/// # Ok::<(), arbitrary::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidBlob(
    /// The bytes.
    pub Vec<u8>,
);

impl<'a> Arbitrary<'a> for ValidBlob {
    fn arbitrary(source: &mut Unstructured<'a>) -> Result<Self> {
        let options = WriteOptions::new()
            .version(source.int_in_range(13..=16)?)
            .smi_bits(if source.arbitrary()? { 31 } else { 32 });
        let literal = Literal::arbitrary(source)?;
        // Version 13 has no views of resizable buffers, the only thing that it refuses.
        let bytes = literal
            .clone()
            .to_vec_with(&options)
            .or_else(|_| literal.to_vec_with(&options.version(15)))
            .map_err(|_| arbitrary::Error::IncorrectFormat)?;
        Ok(ValidBlob(bytes))
    }
}

/// A container that is to be filled.
#[derive(Clone, Copy)]
enum Container {
    Object,
    Array,
    Sparse,
    Map,
    Set,
    Error,
}

struct Maker<'s, 'a> {
    builder: Builder,
    made: Vec<(Container, NodeId)>,
    source: &'s mut Unstructured<'a>,
}

impl Maker<'_, '_> {
    /// A value; containers are empty at first.
    fn value(&mut self) -> Result<NodeId> {
        let known = self.made.len();
        let kind = self.source.int_in_range(0..=if known < MOST { 29 } else { 13 })?;
        let source = &mut *self.source;
        let builder = &mut self.builder;
        let container = match kind {
            0 => return Ok(builder.undefined()),
            1 => return Ok(builder.null()),
            2 => return Ok(builder.value(source.arbitrary::<bool>()?)),
            3 | 4 => return Ok(builder.value(source.arbitrary::<i32>()?)),
            5 => return Ok(builder.value(source.arbitrary::<f64>()?)),
            6 => return Ok(builder.double(source.arbitrary::<i16>()?.into())),
            7 | 8 => return Ok(builder.value(source.arbitrary::<&str>()?)),
            9 => {
                let bytes = source.arbitrary::<&[u8]>()?;
                let whole = &bytes[..bytes.len() & !1];
                return Ok(builder.text(Text::TwoByte(whole, ByteOrder::Little)));
            }
            10 => {
                let digits = source.arbitrary::<[u8; 16]>()?;
                let negative = source.arbitrary()?;
                return Ok(builder.bigint(BigInt { negative, digits: &digits }));
            }
            11 => return Ok(builder.bigint_i128(source.arbitrary::<i64>()?.into())),
            // What was made before, again.
            12 | 13 => match known.checked_sub(1) {
                Some(last) => return Ok(self.made[source.int_in_range(0..=last)?].1),
                None => return Ok(builder.null()),
            },
            14 | 15 => (Container::Object, builder.object()),
            16 | 17 => (Container::Array, builder.array()),
            18 => (Container::Sparse, builder.sparse_array(source.arbitrary()?)),
            19 => (Container::Map, builder.map()),
            20 => (Container::Set, builder.new_set()),
            21 => {
                let class = match source.int_in_range(0..=6)? {
                    0 => None,
                    1 => Some(ErrorTag::EVAL_ERROR),
                    2 => Some(ErrorTag::RANGE_ERROR),
                    3 => Some(ErrorTag::REFERENCE_ERROR),
                    4 => Some(ErrorTag::SYNTAX_ERROR),
                    5 => Some(ErrorTag::TYPE_ERROR),
                    _ => Some(ErrorTag::URI_ERROR),
                };
                (Container::Error, builder.error(class, source.arbitrary()?))
            }
            22 => return Ok(builder.date(source.arbitrary()?)),
            23 => return self.regexp(),
            24 => return Ok(builder.boolean_object(source.arbitrary()?)),
            25 => return Ok(builder.number_object(source.arbitrary()?)),
            26 => return Ok(builder.string_object(source.arbitrary()?)),
            27 => {
                let digits = source.arbitrary::<[u8; 8]>()?;
                return Ok(builder.bigint_object(BigInt { negative: false, digits: &digits }));
            }
            28 => {
                let kind = *source.choose(&ViewKind::ALL)?;
                return Ok(builder.host_view(kind, source.arbitrary()?));
            }
            _ => return self.buffer(),
        };
        self.made.push(container);
        Ok(container.1)
    }

    fn regexp(&mut self) -> Result<NodeId> {
        const PATTERNS: [&str; 6] = ["(?:)", "a", "[a-z]+", "^\\d{2,}$", "(a)|b", "\\u20ac"];
        const FLAGS: [u32; 5] = [
            0,
            regexp_flags::GLOBAL | regexp_flags::IGNORE_CASE,
            regexp_flags::MULTILINE | regexp_flags::STICKY,
            regexp_flags::UNICODE | regexp_flags::DOT_ALL,
            regexp_flags::UNICODE_SETS | regexp_flags::HAS_INDICES,
        ];
        let (pattern, flags) = (self.source.choose(&PATTERNS)?, self.source.choose(&FLAGS)?);
        Ok(self.builder.regexp(pattern, *flags))
    }

    /// A buffer, or a view over it.
    fn buffer(&mut self) -> Result<NodeId> {
        let data = self.source.arbitrary::<&[u8]>()?;
        let resizable = self.source.ratio(1, 4)?;
        let buffer = if resizable {
            let more = self.source.arbitrary::<u16>()?;
            self.builder.resizable_array_buffer(data, data.len() as u64 + u64::from(more))
        } else if self.source.ratio(1, 8)? {
            self.builder.immutable_array_buffer(data)
        } else {
            self.builder.array_buffer(data)
        };
        if self.source.ratio(1, 3)? {
            return Ok(buffer);
        }
        let kind = *self.source.choose(&ViewKind::ALL)?;
        // A Buffer is one of Node's host objects only.
        let kind = if kind == ViewKind::Buffer { ViewKind::DataView } else { kind };
        let size = kind.element_size() as u64;
        let elements = data.len() as u64 / size;
        let offset = self.source.int_in_range(0..=elements)?;
        if resizable && self.source.arbitrary()? {
            return Ok(self.builder.length_tracking_view(kind, buffer, offset * size));
        }
        let length = self.source.int_in_range(0..=elements - offset)?;
        Ok(self.builder.view(kind, buffer, offset * size, length * size))
    }

    fn fill(&mut self, (container, node): (Container, NodeId)) -> Result<()> {
        if matches!(container, Container::Error) {
            if self.source.arbitrary()? {
                self.builder.set_stack(node, self.source.arbitrary()?);
            }
            if self.source.arbitrary()? {
                let cause = self.value()?;
                self.builder.set_cause(node, cause);
            }
            return Ok(());
        }
        // An empty source gives nothing but zeros, and so an end.
        while !self.source.is_empty() && self.source.ratio(3, 4)? {
            match container {
                Container::Object => {
                    let key = self.source.arbitrary::<&str>()?;
                    let value = self.value()?;
                    self.builder.set(node, key, value);
                }
                Container::Array => {
                    let value = self.value()?;
                    match self.source.int_in_range(0..=9)? {
                        0 => {
                            let key = format!("k{}", self.source.arbitrary::<u8>()?);
                            self.builder.set(node, key, value);
                        }
                        1 => self.builder.push_hole(node),
                        _ => self.builder.push(node, value),
                    }
                }
                Container::Sparse => {
                    let value = self.value()?;
                    self.builder.set(node, self.source.arbitrary::<u32>()?, value);
                }
                Container::Map => {
                    let (key, value) = (self.value()?, self.value()?);
                    self.builder.entry(node, key, value);
                }
                Container::Set | Container::Error => {
                    let member = self.value()?;
                    self.builder.member(node, member);
                }
            }
        }
        Ok(())
    }
}
