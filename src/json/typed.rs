//! Typed JSON (SPEC.md 10): the nodes in the order of the wire, with a stack of what is still to be
//! written.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::TypedOptions;
use super::canonical::are_plain_members;
use super::encode;
use super::out::Out;
use super::patch::Patches;
use crate::document::Document;
use crate::document::raw::{
    Cursor, HAS_PROPERTIES, MEMORY64, Node, NodeKind, OUTSIDE, STATES_WIDTH,
};
use crate::wire::{ByteOrder, ErrorTag, Tag};

/// Something still to be written.
enum Task {
    /// The value at a slot.
    Slot(u32),
    /// The buffer at a slot, without the view behind it.
    Bare(u32),
    /// Values as items of a list, up to a number of them; then the list ends and, where it says so,
    /// properties follow.
    Elements {
        cursor: Cursor,
        left: u32,
        properties: bool,
    },
    /// Keys and values as members of an object.
    Members(Cursor),
    /// Keys and values as pairs.
    Pairs(Cursor),
    /// The parts of an error, as members or as pairs.
    Parts {
        cursor: Cursor,
        members: bool,
    },
    /// The payload of a host object.
    Payload(Cursor),
    /// The values of the document, and how many are done.
    Roots(Cursor, usize),
    Close(&'static str),
    Raw(&'static str),
    Comma,
}

pub(super) struct Typed<'d, 'a, 'o> {
    pub(super) doc: &'d Document<'a>,
    pub(super) out: Out<'o>,
    tasks: Vec<Task>,
    /// Nodes that are referred to, and their labels.
    labels: &'d [(u32, u32)],
    /// That of the last header.
    version: u32,
}

/// The text has patches that make `data` of it, if that is not what a writer makes.
pub(super) fn write(
    doc: &Document<'_>,
    data: Option<&[u8]>,
    options: &TypedOptions,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let (mut labels, mut named_again) = (Vec::new(), false);
    for node in doc.references() {
        match node.flag(OUTSIDE) {
            true => named_again = true,
            false => labels.push((node.a, node.b)),
        }
    }
    labels.sort_unstable();
    labels.dedup_by_key(|label| label.0);
    // What is named from outside twice has two ids, and one label.
    let is_all = |(data, read): (&[u8], &[u8])| core::ptr::eq(data, read) || data == read;
    let is_canonical = doc.is_canonical()
        && (labels.is_empty() || !named_again)
        && data.zip(doc.bytes_read()).is_some_and(is_all);
    let patches = match data {
        Some(bytes) if !is_canonical && !options.canonical => {
            let mut text = String::new();
            write_with(doc, &labels, None, &Patches::default(), &mut text)?;
            // What was read can be written: where it could not, encoding the text would say why.
            let canonical = encode::unpatched(&text);
            canonical.map_or(Patches::default(), |canonical| Patches::between(&canonical, bytes))
        }
        _ => Patches::default(),
    };
    write_with(doc, &labels, options.indent, &patches, out)
}

fn write_with(
    doc: &Document<'_>,
    labels: &[(u32, u32)],
    indent: Option<usize>,
    patches: &Patches<'_>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let (out, version) = (Out::new(out, indent), doc.lasting_version());
    let mut typed = Typed { doc, out, tasks: Vec::new(), labels, version };
    let result = typed.run(patches);
    typed.out.finish(result)
}

impl Typed<'_, '_, '_> {
    fn run(&mut self, patches: &Patches<'_>) -> fmt::Result {
        self.head()?;
        while let Some(task) = self.tasks.pop() {
            self.task(task)?;
        }
        if !patches.list.is_empty() {
            patches.write(&mut self.out)?;
        }
        self.out.close("}")
    }

    fn head(&mut self) -> fmt::Result {
        self.out.open("{")?;
        self.out.key("$v8")?;
        self.out.raw("{")?;
        self.out.name("version")?;
        write!(self.out.writer(), "{}", self.version)?;
        if self.doc.header_before(0).is_none() {
            self.out.comma()?;
            self.out.name("header")?;
            self.out.raw("false")?;
        }
        if self.doc.byte_order() == ByteOrder::Big {
            self.out.comma()?;
            self.out.name("byteOrder")?;
            self.out.raw("\"big\"")?;
        }
        self.out.raw("}")?;
        let mut roots = self.doc.roots();
        let all = roots;
        if let (Some(root), true) = (roots.next(self.doc), roots.is_empty()) {
            self.out.key("value")?;
            self.tasks.push(Task::Slot(root));
        } else {
            self.out.key("values")?;
            self.out.open("[")?;
            self.tasks.push(Task::Roots(all, 0));
        }
        Ok(())
    }

    fn task(&mut self, task: Task) -> fmt::Result {
        match task {
            Task::Slot(slot) => self.slot(slot),
            Task::Bare(slot) => self.bare(slot),
            Task::Elements { mut cursor, left, properties } => {
                let slot = if left > 0 { cursor.next(self.doc) } else { None };
                let Some(slot) = slot else {
                    self.out.close("]")?;
                    return if properties { self.properties(cursor) } else { Ok(()) };
                };
                self.tasks.push(Task::Elements { cursor, left: left - 1, properties });
                self.out.item()?;
                self.slot(slot)
            }
            Task::Members(mut cursor) => {
                let Some(key) = cursor.next(self.doc) else { return self.out.close("}") };
                let value = cursor.next(self.doc);
                self.tasks.push(Task::Members(cursor));
                self.out.item()?;
                self.member_key(key)?;
                self.out.colon()?;
                value.map_or(Ok(()), |slot| self.slot(slot))
            }
            Task::Pairs(mut cursor) => {
                let Some(key) = cursor.next(self.doc) else { return self.out.close("]") };
                let value = cursor.next(self.doc);
                self.tasks.push(Task::Pairs(cursor));
                self.tasks.push(Task::Raw("]"));
                if let Some(value) = value {
                    self.tasks.push(Task::Slot(value));
                    self.tasks.push(Task::Comma);
                }
                self.out.item()?;
                self.out.raw("[")?;
                self.slot(key)
            }
            Task::Parts { cursor, members } => self.part(cursor, members),
            Task::Payload(mut cursor) => {
                let Some(slot) = cursor.next(self.doc) else { return self.out.close("]") };
                self.tasks.push(Task::Payload(cursor));
                self.out.item()?;
                if let Some(bytes) = self.doc.host_bytes_at(slot) {
                    return self.out.base64(bytes);
                }
                self.tasks.push(Task::Raw("]"));
                self.out.raw("[")?;
                self.slot(slot)
            }
            Task::Roots(mut cursor, number) => {
                let Some(slot) = cursor.next(self.doc) else { return self.out.close("]") };
                self.tasks.push(Task::Roots(cursor, number + 1));
                self.out.item()?;
                if let (1.., Some(version)) = (number, self.doc.header_before(number)) {
                    self.version = version;
                    self.out.raw("{")?;
                    self.out.name("$header")?;
                    write!(self.out.writer(), "[{version}")?;
                    self.out.comma()?;
                    self.tasks.push(Task::Raw("]}"));
                }
                self.slot(slot)
            }
            Task::Close(bracket) => self.out.close(bracket),
            Task::Raw(text) => self.out.raw(text),
            Task::Comma => self.out.comma(),
        }
    }

    fn label(&self, index: u32) -> Option<u32> {
        let at = self.labels.binary_search_by_key(&index, |label| label.0).ok()?;
        self.labels.get(at).map(|label| label.1)
    }

    /// In front of an object that is referred to.
    fn begin_labelled(&mut self, index: u32) -> fmt::Result {
        let Some(label) = self.label(index) else { return Ok(()) };
        self.tag("$id")?;
        write!(self.out.writer(), "[{label}")?;
        self.tasks.push(Task::Raw("]}"));
        self.out.comma()
    }

    /// `{"$tag":`, to which a `}` belongs.
    pub(super) fn tag(&mut self, tag: &str) -> fmt::Result {
        self.out.raw("{")?;
        self.out.name(tag)
    }

    fn slot(&mut self, slot: u32) -> fmt::Result {
        let doc = self.doc;
        let Some((index, view, extra)) = doc.view_of(slot) else { return self.bare(slot) };
        self.begin_labelled(index)?;
        self.tag("$view")?;
        self.out.open("{")?;
        self.out.key("type")?;
        let (kind, byte_offset, byte_length, flags) = view.as_view(&extra);
        self.out.str(kind.name())?;
        self.out.key("offset")?;
        write!(self.out.writer(), "{byte_offset}")?;
        self.out.key("length")?;
        write!(self.out.writer(), "{byte_length}")?;
        // Version 13 has flags or not; from 14 on there are always some.
        if let Some(flags) = flags
            && (flags != 0 || self.version < 14)
        {
            self.out.key("flags")?;
            write!(self.out.writer(), "{flags}")?;
        }
        self.out.key("buffer")?;
        self.tasks.push(Task::Raw("}"));
        self.tasks.push(Task::Close("}"));
        self.tasks.push(Task::Bare(slot));
        Ok(())
    }

    fn bare(&mut self, slot: u32) -> fmt::Result {
        let doc = self.doc;
        let Some(node) = doc.nodes().get(slot) else { return Ok(()) };
        if self.primitive(slot, &node)? {
            return Ok(());
        }
        if node.kind() == NodeKind::Reference {
            if !node.flag(OUTSIDE) {
                let label = self.label(node.a).unwrap_or(node.b);
                self.tag("$ref")?;
                return write!(self.out.writer(), "{label}}}");
            }
            // Named a second time by the id that it has elsewhere.
            return match doc.nodes().get(node.a) {
                Some(named) => self.flat_object(node.a, &named).map(drop),
                None => Ok(()),
            };
        }
        self.begin_labelled(slot)?;
        if self.flat_object(slot, &node)? {
            return Ok(());
        }
        // Which stands in front of its contents, as from version 1 on.
        let prefix = self.version == 0
            && matches!(
                (node.kind(), self.tag_of(&node)),
                (NodeKind::Object, Some(b'o')) | (NodeKind::Sparse, Some(b'a'))
            );
        if prefix {
            self.tag("$prefix")?;
            self.tasks.push(Task::Raw("}"));
        }
        self.container(slot, &node)
    }

    pub(super) fn tag_of(&self, node: &Node) -> Option<u8> {
        self.doc.input().get(node.tag_offset()).copied()
    }

    fn container(&mut self, slot: u32, node: &Node) -> fmt::Result {
        let cursor = self.doc.contents(slot);
        let properties = node.kind() == NodeKind::Dense && node.flag(HAS_PROPERTIES);
        match node.kind() {
            NodeKind::Object if are_plain_members(self.doc, cursor) => {
                self.tasks.push(Task::Members(cursor));
                self.out.open("{")
            }
            NodeKind::Object => self.listed("$object", Task::Pairs(cursor)),
            NodeKind::Map => self.listed("$map", Task::Pairs(cursor)),
            NodeKind::Set => {
                let all = Task::Elements { cursor, left: u32::MAX, properties: false };
                self.listed("$set", all)
            }
            NodeKind::Dense if !properties => {
                self.tasks.push(Task::Elements { cursor, left: node.b, properties });
                self.out.open("[")
            }
            NodeKind::Dense => {
                self.fields("$array")?;
                self.out.key("elements")?;
                self.tasks.push(Task::Elements { cursor, left: node.b, properties });
                self.out.open("[")
            }
            NodeKind::Sparse => {
                self.fields("$sparse")?;
                self.out.key("length")?;
                write!(self.out.writer(), "{}", node.b)?;
                self.properties(cursor)
            }
            NodeKind::Error => {
                let members = self.has_plain_parts(cursor);
                let parts = Task::Parts { cursor, members };
                if !members {
                    return self.listed("$error", parts);
                }
                self.tag("$error")?;
                self.tasks.push(Task::Raw("}"));
                self.tasks.push(parts);
                self.out.open("{")
            }
            NodeKind::Host if self.tag_of(node) == Some(Tag::HOST_OBJECT.0) => {
                self.listed("$host", Task::Payload(cursor))
            }
            NodeKind::Host => self.listed("$untagged-host", Task::Payload(cursor)),
            NodeKind::WasmShared => {
                self.fields("$shared")?;
                self.out.key("id")?;
                write!(self.out.writer(), "{}", node.b)?;
                self.out.key("memory")?;
                self.only_child(cursor)
            }
            NodeKind::WasmMemory => {
                self.fields("$wasm-memory")?;
                self.out.key("maximum")?;
                match node.b as i32 {
                    -1 => self.out.raw("null")?,
                    pages => write!(self.out.writer(), "{pages}")?,
                }
                if node.flag(STATES_WIDTH) {
                    self.out.key("memory64")?;
                    self.out.raw(if node.flag(MEMORY64) { "true" } else { "false" })?;
                }
                self.out.key("buffer")?;
                self.only_child(cursor)
            }
            _ => Ok(()),
        }
    }

    /// `{"$tag":[`, items, `]}`
    fn listed(&mut self, tag: &str, items: Task) -> fmt::Result {
        self.tag(tag)?;
        self.tasks.push(Task::Raw("}"));
        self.tasks.push(items);
        self.out.open("[")
    }

    /// `{"$tag":{`, members, `}}`
    fn fields(&mut self, tag: &str) -> fmt::Result {
        self.tag(tag)?;
        self.tasks.push(Task::Raw("}"));
        self.tasks.push(Task::Close("}"));
        self.out.open("{")
    }

    fn only_child(&mut self, mut cursor: Cursor) -> fmt::Result {
        self.tasks.extend(cursor.next(self.doc).map(Task::Slot));
        Ok(())
    }

    fn properties(&mut self, cursor: Cursor) -> fmt::Result {
        self.out.key("properties")?;
        if are_plain_members(self.doc, cursor) {
            self.tasks.push(Task::Members(cursor));
            self.out.open("{")
        } else {
            self.tasks.push(Task::Pairs(cursor));
            self.out.open("[")
        }
    }

    fn member_key(&mut self, slot: u32) -> fmt::Result {
        let Some(node) = self.doc.nodes().get(slot) else { return Ok(()) };
        match node.kind() {
            NodeKind::OneByte | NodeKind::TwoByte => self.out.text(&self.doc.text(&node)),
            _ => {
                let key = self.doc.key_at(slot);
                self.out.str(&key.map(|key| key.to_str()).unwrap_or_default())
            }
        }
    }

    /// No part stands there twice.
    fn has_plain_parts(&self, mut cursor: Cursor) -> bool {
        let mut seen = 0u8;
        while let Some(slot) = cursor.next(self.doc) {
            let bit = match self.doc.error_tag(slot) {
                Some(ErrorTag::MESSAGE) => 1,
                Some(ErrorTag::STACK) => 2,
                Some(ErrorTag::CAUSE) => 4,
                _ => 8,
            };
            if bit != 8 {
                cursor.next(self.doc);
            }
            if seen & bit != 0 {
                return false;
            }
            seen |= bit;
        }
        true
    }

    fn part(&mut self, mut cursor: Cursor, members: bool) -> fmt::Result {
        let Some(slot) = cursor.next(self.doc) else {
            return self.out.close(if members { "}" } else { "]" });
        };
        let Some(part) = self.doc.error_tag(slot) else { return Ok(()) };
        let prototype = match part {
            ErrorTag::EVAL_ERROR => Some("EvalError"),
            ErrorTag::RANGE_ERROR => Some("RangeError"),
            ErrorTag::REFERENCE_ERROR => Some("ReferenceError"),
            ErrorTag::SYNTAX_ERROR => Some("SyntaxError"),
            ErrorTag::TYPE_ERROR => Some("TypeError"),
            ErrorTag::URI_ERROR => Some("URIError"),
            _ => None,
        };
        let value = if prototype.is_none() { cursor.next(self.doc) } else { None };
        let name = match part {
            ErrorTag::MESSAGE => "message",
            ErrorTag::STACK => "stack",
            ErrorTag::CAUSE => "cause",
            _ => "name",
        };
        self.tasks.push(Task::Parts { cursor, members });
        if members {
            self.out.key(name)?;
        } else {
            self.tasks.push(Task::Raw("]"));
            self.out.item()?;
            self.out.raw("[")?;
            self.out.str(name)?;
            self.out.comma()?;
        }
        match (prototype, value) {
            (Some(name), _) => self.out.str(name),
            (None, Some(slot)) if part == ErrorTag::CAUSE => self.slot(slot),
            (None, Some(slot)) => match self.doc.nodes().get(slot) {
                Some(node) => self.string(self.doc.text(&node), self.has_raw_strings()),
                None => Ok(()),
            },
            (None, None) => Ok(()),
        }
    }

    /// Below version 12 the strings of RegExps, String objects and errors have no tag.
    pub(super) fn has_raw_strings(&self) -> bool {
        self.version < 12
    }
}
