//! The state of reading, and how it begins and ends.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::buffers::Buffers;
use super::frame::Frame;
use super::keys::Keys;
use super::legacy::Legacy;
use super::rules::Rules;
use super::scalar::Bounds;
use super::second::SecondReading;
use super::shapes::{FOLLOWS, Shapes};
use crate::error::{Error, ErrorKind};
use crate::options::{Host, Limits, ParseOptions};
use crate::rare::Rare;
use crate::wire::Tag;
use crate::wire::input::Input;
use crate::wire::version::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Ready,
    Running,
}

/// The state of reading.
#[derive(Clone)]
pub(crate) struct Machine<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) rules: Rules,
    pub(crate) options: ParseOptions,
    pub(super) host: Host,
    pub(crate) version: Version,
    pub(crate) frames: Vec<Frame>,
    pub(crate) keys: Keys,
    pub(super) shapes: Shapes,
    /// What an object's frame has for a length: [`FOLLOWS`], but of a scout, which looks into `keys`.
    pub(super) object_length: u32,
    pub(super) bounds: Bounds,
    pub(super) unique_keys: bool,
    /// Absent elements of open dense arrays: depth and index.
    pub(super) holes: Vec<(u32, u32)>,
    pub(crate) next_id: u32,
    /// Ids that are taken but not yet usable, ascending.
    pub(super) incomplete: Vec<u32>,
    pub(crate) buffers: Buffers,
    /// Ids of WebAssembly memories, ascending.
    pub(crate) memories: Vec<u32>,
    /// Values that may still be read.
    pub(super) nodes_left: u32,
    /// Reading goes on only while so many containers are open.
    pub(super) floor: usize,
    pub(super) root: Root,
    /// How many properties the object or array had that ended last.
    #[cfg_attr(not(feature = "serde"), allow(dead_code))]
    pub(crate) ended_properties: u32,
    /// Where the value being read has its tag.
    pub(crate) value_start: usize,
    /// Whether views of version 13 carry flags, once that is known.
    pub(super) view_flags: Option<bool>,
    pub(super) second: SecondReading,
    pub(super) legacy: Rare<Legacy>,
    /// What the last scout had. Few need one, and the others are not to move it around.
    spare: Option<Box<Stacks>>,
}

/// What is kept from one parse to the next, so that the next allocates nothing.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) options: ParseOptions,
    buffers: Buffers,
    memories: Vec<u32>,
    stacks: Stacks,
    spare: Option<Box<Stacks>>,
}

/// The memory of what is open.
#[derive(Clone, Default)]
struct Stacks {
    frames: Vec<Frame>,
    keys: Keys,
    shapes: Shapes,
    holes: Vec<(u32, u32)>,
    incomplete: Vec<u32>,
    second: SecondReading,
    legacy: Rare<Legacy>,
}

impl Scratch {
    pub(crate) fn new(options: ParseOptions) -> Self {
        Scratch { options, ..Self::default() }
    }
}

impl<'a> Machine<'a> {
    #[inline]
    pub(crate) fn new(data: &'a [u8], options: &ParseOptions) -> Self {
        Self::with_scratch(data, Scratch::new(options.clone()))
    }

    #[inline]
    pub(crate) fn with_scratch(data: &'a [u8], scratch: Scratch) -> Self {
        let Scratch { options, mut buffers, mut memories, stacks, spare } = scratch;
        let Stacks {
            mut frames,
            mut keys,
            mut shapes,
            mut holes,
            mut incomplete,
            mut second,
            mut legacy,
        } = stacks;
        let rules = Rules::new(&options);
        buffers.clear();
        memories.clear();
        frames.clear();
        keys.clear();
        shapes.clear();
        holes.clear();
        incomplete.clear();
        second.clear();
        if let Some(legacy) = legacy.made() {
            legacy.clear();
        }
        let mut input = Input::new(data, options.byte_order);
        input.endless_varints = rules.endless_varints();
        Machine {
            input,
            rules,
            host: options.host(),
            version: Version(options.headerless_version.unwrap_or(0)),
            frames,
            keys,
            shapes,
            object_length: FOLLOWS,
            bounds: Bounds {
                bytes: options.limits.bytes,
                negative_zero: rules.negative_zero(),
                bigint_length_mask: rules.bigint_length_mask(),
            },
            unique_keys: rules.unique_keys(),
            holes,
            next_id: 0,
            incomplete,
            buffers,
            memories,
            nodes_left: options.limits.nodes.min(Limits::MAX_NODES),
            floor: 0,
            root: Root::Ready,
            ended_properties: 0,
            value_start: 0,
            view_flags: None,
            second,
            legacy,
            spare,
            options,
        }
    }

    pub(crate) fn into_scratch(self) -> Scratch {
        let Machine { options, buffers, memories, frames, keys, shapes, .. } = self;
        let Machine { holes, incomplete, second, legacy, .. } = self;
        let stacks = Stacks { frames, keys, shapes, holes, incomplete, second, legacy };
        Scratch { options, buffers, memories, stacks, spare: self.spare }
    }

    /// A machine that starts here with nothing open. Until it retires it has the options and the tables
    /// of this one, and the memory of the scout before it.
    pub(super) fn scout(&mut self) -> Machine<'a> {
        let scratch = Scratch {
            options: core::mem::take(&mut self.options),
            stacks: core::mem::take(&mut **self.spare.get_or_insert_default()),
            ..Scratch::default()
        };
        let mut scout = Machine::with_scratch(self.input.data(), scratch);
        scout.input = self.input;
        scout.object_length = 0;
        scout.version = self.version;
        scout.next_id = self.next_id;
        scout.nodes_left = self.nodes_left;
        scout.buffers = core::mem::take(&mut self.buffers);
        scout.memories = core::mem::take(&mut self.memories);
        scout
    }

    /// Takes back what the scout has.
    pub(super) fn retire(&mut self, scout: Machine<'a>) {
        let Scratch { options, buffers, memories, stacks, .. } = scout.into_scratch();
        (self.options, self.buffers, self.memories) = (options, buffers, memories);
        **self.spare.get_or_insert_default() = stacks;
    }

    /// Gives back what the last scout has had for keys and holes, which can be much.
    pub(super) fn give_back(&mut self) {
        if let Some(spare) = &mut self.spare {
            spare.keys = Keys::default();
            spare.holes = Vec::new();
        }
    }

    /// Reads a header if there is one (`ReadHeader`; SPEC.md 2.1 to 2.5).
    pub(crate) fn header(&mut self) -> Result<bool, Error> {
        let start = self.input.pos();
        let has_header = self.input.data().get(start) == Some(&Tag::VERSION.0);
        let (min, max) = (self.options.minimum_version, self.rules.latest_version());
        if has_header {
            self.input.set_pos(start + 1);
            self.version = Version(self.input.varint_u32("version")?);
        }
        let version = self.version.0;
        if version > max || version < min {
            let kind = ErrorKind::UnsupportedVersion { version, min, max };
            return Err(Error::new(start + usize::from(has_header), kind));
        }
        Ok(has_header)
    }

    /// Readies for the next value; ids run on, as in V8 (SPEC.md 2.7, 4.7).
    pub(crate) fn begin_value(&mut self) {
        self.frames.clear();
        self.keys.clear();
        self.holes.clear();
        self.incomplete.clear();
        self.root = Root::Ready;
        // Flags that one value had are taken for granted in later ones, as V8 does (SPEC.md 6.11).
        self.view_flags = self.view_flags.filter(|&flags| flags);
        self.second.begin_value();
        if let Some(legacy) = self.legacy.made() {
            legacy.clear();
        }
    }

    /// The value may be read once more.
    pub(super) fn begin_again(&mut self) {
        self.root = Root::Ready;
    }

    /// The end of the input, where one value is all that it may hold.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        match self.input.remaining() {
            0 => Ok(()),
            remaining => Err(Error::new(self.input.pos(), ErrorKind::TrailingData { remaining })),
        }
    }
}
