//! The walk over the tape: the document, plain values, containers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::{self, Vec};

use super::EncodeOptions;
use super::error::{EncodeErrorKind, Fault, Step};
use super::scalar::Number;
use super::text::{Kind, Tape};
use crate::read::event::Event;
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::version::Version;
use crate::wire::{ByteOrder, LATEST_VERSION, Tag};
use crate::write::writer::{Form, Writer};
use crate::write::{WriteError, WriteOptions};

/// Something still to be written. Ranges are of tokens.
pub(super) enum Task {
    Value(u32),
    /// Values.
    Items {
        next: u32,
        end: u32,
    },
    /// Properties: keys and members of a JSON object.
    Members {
        next: u32,
        end: u32,
    },
    /// The same where indices do not ascend: the keys in the order to be written.
    Sorted(vec::IntoIter<u32>),
    /// Lists of a key and a value.
    Pairs {
        next: u32,
        end: u32,
    },
    /// An object with them, or a list of lists.
    Properties(u32),
    /// The parts of an error: keys and members, or lists of both.
    Parts {
        next: u32,
        end: u32,
        members: bool,
    },
    /// Strings of bytes, and lists of one value.
    Payload {
        next: u32,
        end: u32,
    },
    /// The values of the document.
    Roots {
        next: u32,
        end: u32,
    },
    /// A view whose buffer has been written.
    View(View),
    /// The end of a container, which began there.
    End(u32),
}

pub(super) struct View {
    pub(super) at: u32,
    pub(super) kind: ViewKind,
    pub(super) byte_offset: u64,
    pub(super) byte_length: u64,
    pub(super) flags: Option<u32>,
    pub(super) label: Option<(u64, u32)>,
}

/// What the document says of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) version: u32,
    header: bool,
    pub(super) byte_order: ByteOrder,
    /// Whether a shared buffer was that of a memory.
    pub(super) wasm_shared_buffers: bool,
    /// The token of `patches`.
    pub(super) patches: Option<u32>,
}

pub(super) struct Encoder<'e, 't> {
    pub(super) tape: &'e Tape<'t>,
    pub(super) writer: Writer,
    pub(super) tasks: Vec<Task>,
    pub(super) head: Head,
    /// Keys that begin with `$` mean nothing.
    plain: bool,
    /// There is no head: lists are arrays as `JSON.parse` makes them, by these options.
    canonical: Option<WriteOptions>,
    /// The bytes are not read, but patched: they may be such as no reader takes.
    pub(super) unread: bool,
    /// Ids by label.
    pub(super) ids: BTreeMap<u64, u32>,
    /// The label of the object that is to come, and where it stands.
    pub(super) label: Option<(u64, u32)>,
    /// Room for the bytes of a string or a buffer.
    pub(super) scratch: Vec<u8>,
}

impl<'e, 't> Encoder<'e, 't> {
    pub(super) fn new(tape: &'e Tape<'t>, options: &EncodeOptions) -> Step<Self> {
        let mut head = Head {
            version: WriteOptions::new().version,
            header: true,
            byte_order: ByteOrder::Little,
            wasm_shared_buffers: false,
            patches: None,
        };
        let said = match tape.kind(0) {
            Kind::Object if !options.plain => {
                tape.members(0).find(|&(key, _)| tape.str(key).is("$v8"))
            }
            _ => None,
        };
        let mut root = Task::Value(0);
        if let Some((_, said)) = said {
            read_head(tape, said, &mut head)?;
            let [_, value, values, patches] =
                tape.fields(0, ["$v8", "value", "values", "patches"])?;
            head.patches = patches;
            root = match [value, values] {
                [Some(value), None] => Task::Value(value),
                [None, Some(values)] if tape.kind(values) == Kind::List => {
                    Task::Roots { next: values + 1, end: tape.next(values) }
                }
                [None, Some(values)] => return tape.fault(values, "expected a list"),
                _ => return tape.fault(0, "expected either `value` or `values` beside `$v8`"),
            };
        }
        let write = WriteOptions::new().version(head.version).byte_order(head.byte_order);
        let mut writer = Writer::new(write, Form::AsGiven);
        if head.header {
            writer.header(head.version).map_err(|error| refused(tape, 0, &error))?;
        }
        Ok(Encoder {
            tape,
            writer,
            tasks: alloc::vec![root],
            head,
            plain: options.plain,
            canonical: said.is_none().then(|| options.write.unwrap_or_default()),
            unread: false,
            ids: BTreeMap::new(),
            label: None,
            scratch: Vec::new(),
        })
    }

    pub(super) fn run(mut self) -> Step<(Vec<u8>, Head)> {
        while let Some(task) = self.tasks.pop() {
            self.task(task)?;
        }
        let (tape, head) = (self.tape, self.head);
        let mut bytes = self.writer.finish().map_err(|error| refused(tape, 0, &error))?;
        if !head.header && bytes.first() == Some(&Tag::VERSION.0) {
            // A host object of old data that begins with this byte, not a header (SPEC.md 2.2).
            bytes.insert(0, Tag::PADDING.0);
        }
        Ok((bytes, head))
    }

    fn task(&mut self, task: Task) -> Step {
        let tape = self.tape;
        match task {
            Task::Value(index) => self.value(index),
            Task::Items { next, end } if next < end => {
                self.tasks.push(Task::Items { next: tape.next(next), end });
                self.value(next)
            }
            Task::Members { next, end } if next < end => {
                let value = next + 1;
                self.tasks.push(Task::Members { next: tape.next(value), end });
                self.key(next)?;
                self.value(value)
            }
            Task::Sorted(mut keys) => {
                let Some(key) = keys.next() else { return Ok(()) };
                self.tasks.push(Task::Sorted(keys));
                self.key(key)?;
                self.value(key + 1)
            }
            Task::Pairs { next, end } if next < end => {
                let [key, value] = tape.list(next, "of a key and a value")?;
                self.tasks.push(Task::Pairs { next: tape.next(next), end });
                self.tasks.push(Task::Value(value));
                self.value(key)
            }
            Task::Properties(index) => self.properties(index),
            Task::Parts { next, end, members } if next < end => self.part(next, end, members),
            Task::Payload { next, end } if next < end => {
                self.tasks.push(Task::Payload { next: tape.next(next), end });
                if tape.kind(next) == Kind::Text {
                    tape.base64(next, &mut self.scratch)?;
                    let bytes = core::mem::take(&mut self.scratch);
                    self.put(next, Event::HostBytes(&bytes))?;
                    self.scratch = bytes;
                    return Ok(());
                }
                let [value] = tape.list(next, "of one value, or bytes in base64")?;
                self.value(value)
            }
            Task::Roots { next, end } if next < end => {
                self.tasks.push(Task::Roots { next: tape.next(next), end });
                if let Some(("$header", both)) = self.tagged(next)?.as_ref().map(borrowed) {
                    let [version, value] = tape.list(both, "of a version and a value")?;
                    let version = tape.uint(version, LATEST_VERSION.into())? as u32;
                    self.writer.header(version).map_err(|error| refused(tape, next, &error))?;
                    return self.value(value);
                }
                self.value(next)
            }
            Task::View(view) => self.view_behind(view),
            Task::End(index) => self.end(index),
            Task::Items { .. }
            | Task::Members { .. }
            | Task::Pairs { .. }
            | Task::Parts { .. }
            | Task::Payload { .. }
            | Task::Roots { .. } => Ok(()),
        }
    }

    // What is written.

    pub(super) fn put(&mut self, index: u32, event: Event<'_>) -> Step {
        let tape = self.tape;
        self.writer.event(event).map_err(|error| refused(tape, index, &error))
    }

    /// An object, which takes the next id; whatever label there is belongs to it.
    pub(super) fn object(&mut self, index: u32, event: Event<'_>) -> Step {
        let id = self.writer.next_id();
        self.put(index, event)?;
        if self.writer.next_id() != id
            && let Some((label, _)) = self.label.take()
        {
            self.ids.insert(label, id);
        }
        Ok(())
    }

    pub(super) fn version(&self) -> Version {
        Version(self.writer.version())
    }

    /// The tag and what it holds, of an object that is no plain one (SPEC.md 10.1).
    pub(super) fn tagged(&self, index: u32) -> Step<Option<(String, u32)>> {
        let tape = self.tape;
        if self.plain || tape.kind(index) != Kind::Object || tape.count(index) != 1 {
            return Ok(None);
        }
        match tape.members(index).next() {
            Some((key, value)) if tape.str(key).has_dollar() => {
                Ok(Some((tape.str(key).start(), value)))
            }
            _ => Ok(None),
        }
    }

    fn value(&mut self, index: u32) -> Step {
        let tape = self.tape;
        match tape.kind(index) {
            Kind::Null => self.put(index, Event::Null)?,
            Kind::True => self.put(index, Event::Bool(true))?,
            Kind::False => self.put(index, Event::Bool(false))?,
            Kind::Number => match Number::of(tape.to_f64(index)) {
                Number::Int32(value) => self.put(index, Event::Int32(value))?,
                Number::Double(value) => self.put(index, Event::Double(value))?,
            },
            Kind::Text => self.plain_text(index)?,
            Kind::List => self.list(index)?,
            Kind::Object => match self.tagged(index)? {
                Some((tag, held)) => return self.tag(index, &tag, held),
                None => {
                    self.begin_object(index)?;
                    self.tasks.push(Task::End(index));
                    self.properties(index)?;
                }
            },
        }
        self.no_label()
    }

    /// A label is that of an object.
    pub(super) fn no_label(&mut self) -> Step {
        match self.label.take() {
            None => Ok(()),
            Some((_, at)) => self.tape.fault(at, "`$id` of a value that takes no id"),
        }
    }

    /// `o`, unless its contents stand in front of it.
    pub(super) fn begin_object(&mut self, index: u32) -> Step {
        if self.version().0 > 0 {
            return self.object(index, Event::ObjectBegin);
        }
        let tape = self.tape;
        self.writer.begin_on_stack(None).map_err(|error| refused(tape, index, &error))
    }

    fn list(&mut self, index: u32) -> Step {
        let tape = self.tape;
        let length = tape.count(index);
        self.object(index, Event::DenseArrayBegin { length })?;
        if self.are_doubles(index) {
            for item in tape.children(index) {
                self.put(item, Event::Double(tape.to_f64(item)))?;
            }
            return self.end(index);
        }
        self.tasks.push(Task::End(index));
        self.tasks.push(Task::Items { next: index + 1, end: tape.next(index) });
        Ok(())
    }

    pub(super) fn end(&mut self, index: u32) -> Step {
        let tape = self.tape;
        self.writer.end().map_err(|error| refused(tape, index, &error))
    }

    /// Whether `JSON.parse` makes an array of doubles of it, whose elements are all written as such
    /// (SPEC.md 7.2). In a typed document each element says what it is.
    fn are_doubles(&self, index: u32) -> bool {
        let (tape, Some(options)) = (self.tape, &self.canonical) else { return false };
        let is_smi = |value| matches!(value, Number::Int32(value) if options.is_smi(value));
        let mut items = tape.children(index);
        items.clone().all(|item| tape.kind(item) == Kind::Number)
            && items.any(|item| !is_smi(Number::of(tape.to_f64(item))))
    }

    /// Properties as a JSON object or as pairs (SPEC.md 10.7).
    fn properties(&mut self, index: u32) -> Step {
        let tape = self.tape;
        let (next, end) = (index + 1, tape.next(index));
        match tape.kind(index) {
            Kind::List => self.tasks.push(Task::Pairs { next, end }),
            Kind::Object => {
                if let Some((key, _)) = tape.members(index).find(|&(key, _)| self.is_tag(key)) {
                    let reason = "a tag beside other keys; as a plain key it needs `$object`";
                    return tape.fault(key, reason);
                }
                // As JavaScript has them: indices ascending, then names.
                let order = |key| tape.str(key).as_array_index().unwrap_or(u32::MAX);
                let mut keys = tape.members(index).map(|(key, _)| key);
                let mut last = 0;
                let sorted = keys.all(|key| {
                    let index = order(key);
                    core::mem::replace(&mut last, index) <= index
                });
                self.tasks.push(if sorted {
                    Task::Members { next, end }
                } else {
                    let mut keys: Vec<u32> = tape.members(index).map(|(key, _)| key).collect();
                    keys.sort_by_key(|&key| order(key));
                    Task::Sorted(keys.into_iter())
                });
            }
            _ => return tape.fault(index, "expected an object, or a list of pairs"),
        }
        Ok(())
    }

    fn is_tag(&self, key: u32) -> bool {
        !self.plain && self.tape.str(key).has_dollar()
    }

    /// The key of a property, as a number where it spells an array index.
    fn key(&mut self, key: u32) -> Step {
        match self.tape.str(key).as_array_index().map(|index| (index, i32::try_from(index))) {
            Some((_, Ok(index))) => self.put(key, Event::Int32(index)),
            Some((index, Err(_))) => self.put(key, Event::Double(index.into())),
            None => self.plain_text(key),
        }
    }

    /// A string in the encoding that V8 has for it.
    fn plain_text(&mut self, index: u32) -> Step {
        let str = self.tape.str(index);
        if let Some(ascii) = str.plain().filter(|plain| plain.is_ascii()) {
            return self.put(index, Event::String(Text::OneByte(ascii.as_bytes())));
        }
        let mut bytes = core::mem::take(&mut self.scratch);
        let text = if str.to_latin1(&mut bytes) {
            Text::OneByte(&bytes)
        } else {
            bytes.clear();
            bytes.extend(str.units().flat_map(u16::to_le_bytes));
            Text::TwoByte(&bytes, ByteOrder::Little)
        };
        self.put(index, Event::String(text))?;
        self.scratch = bytes;
        Ok(())
    }
}

fn borrowed(tagged: &(String, u32)) -> (&str, u32) {
    (&tagged.0, tagged.1)
}

/// An error of the writer, which does not know the text.
#[cold]
pub(super) fn refused(tape: &Tape<'_>, index: u32, error: &WriteError) -> Fault {
    Fault::new(tape.at(index), EncodeErrorKind::Write(error.kind().clone()))
}

fn read_head(tape: &Tape<'_>, said: u32, head: &mut Head) -> Step {
    let [version, header, order] = tape.fields(said, ["version", "header", "byteOrder"])?;
    head.version = tape.uint(tape.must(said, version, "version")?, LATEST_VERSION.into())? as u32;
    if let Some(header) = header {
        head.header = tape.bool(header)?;
    }
    if let Some(order) = order {
        let name = tape.text(order)?;
        head.byte_order = match (name.is("big"), name.is("little")) {
            (true, _) => ByteOrder::Big,
            (_, true) => ByteOrder::Little,
            _ => return tape.fault(order, "expected `big` or `little`"),
        };
    }
    Ok(())
}
