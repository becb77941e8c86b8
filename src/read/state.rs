//! The state of reading, and how it begins and ends.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

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

/// What reads: the input, and all else.
#[derive(Clone)]
pub(crate) struct Machine<'a> {
    pub(crate) input: Input<'a>,
    pub(super) state: State,
}

impl Deref for Machine<'_> {
    type Target = State;

    #[inline(always)]
    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Machine<'_> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

/// The state of reading. A parser keeps it from one input to the next, so that the next one allocates
/// nothing and little has to be made and moved.
#[derive(Clone)]
pub(crate) struct State {
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
    /// These are not noted yet.
    pub(super) buffers_later: bool,
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
    /// Whether the one byte left is flags of the value's view, which V8 does not read (SPEC.md 12.9).
    pub(super) flags_left: bool,
    pub(super) second: SecondReading,
    pub(super) legacy: Rare<Legacy>,
    /// That of the last scout, without options. Few need one, and the others are not to move it around.
    spare: Option<Box<State>>,
}

impl State {
    #[inline]
    pub(crate) fn new(options: ParseOptions) -> Self {
        let rules = Rules::new(&options);
        State {
            rules,
            host: options.host(),
            version: Version(options.headerless_version.unwrap_or(0)),
            frames: Vec::new(),
            keys: Keys::default(),
            shapes: Shapes::default(),
            object_length: FOLLOWS,
            bounds: Bounds::new(&options, rules),
            unique_keys: rules.unique_keys(),
            holes: Vec::new(),
            next_id: 0,
            incomplete: Vec::new(),
            buffers: Buffers::default(),
            buffers_later: false,
            memories: Vec::new(),
            nodes_left: options.limits.nodes.min(Limits::MAX_NODES),
            floor: 0,
            root: Root::Ready,
            ended_properties: 0,
            value_start: 0,
            view_flags: None,
            flags_left: false,
            second: SecondReading::default(),
            legacy: Rare::default(),
            spare: None,
            options,
        }
    }

    fn set_options(&mut self, options: ParseOptions) {
        self.rules = Rules::new(&options);
        self.host = options.host();
        self.bounds = Bounds::new(&options, self.rules);
        self.options = options;
    }

    /// As new, with the memory that it has.
    #[inline]
    fn clear(&mut self) {
        self.begin_value();
        // Each field is named, so that none is forgotten.
        let State {
            rules,
            options,
            host: _,
            version,
            frames: _,
            keys: _,
            shapes,
            object_length,
            bounds: _,
            unique_keys,
            holes: _,
            next_id,
            incomplete: _,
            buffers,
            buffers_later,
            memories,
            nodes_left,
            floor,
            root: _,
            ended_properties,
            value_start,
            view_flags,
            flags_left: _,
            second,
            legacy: _,
            spare: _,
        } = self;
        *version = Version(options.headerless_version.unwrap_or(0));
        shapes.clear();
        *object_length = FOLLOWS;
        *unique_keys = rules.unique_keys();
        buffers.clear();
        *buffers_later = false;
        memories.clear();
        *nodes_left = options.limits.nodes.min(Limits::MAX_NODES);
        (*next_id, *floor, *ended_properties, *value_start) = (0, 0, 0, 0);
        *view_flags = None;
        second.clear();
    }

    /// Readies for the next value; ids run on, as in V8 (SPEC.md 2.7, 4.7).
    pub(crate) fn begin_value(&mut self) {
        self.frames.clear();
        self.keys.clear();
        self.holes.clear();
        self.incomplete.clear();
        self.root = Root::Ready;
        self.flags_left = false;
        // Flags that one value had are taken for granted in later ones, as V8 does (SPEC.md 6.11).
        self.view_flags = self.view_flags.filter(|&flags| flags);
        self.second.begin_value();
        if let Some(legacy) = self.legacy.made() {
            legacy.clear();
        }
    }
}

impl Default for State {
    fn default() -> Self {
        State::new(ParseOptions::default())
    }
}

impl<'a> Machine<'a> {
    #[inline]
    pub(crate) fn new(data: &'a [u8], options: &ParseOptions) -> Self {
        Self::fresh(data, State::new(options.clone()))
    }

    /// With the state that another has [had](Self::into_state).
    #[inline]
    pub(crate) fn with_state(data: &'a [u8], mut state: State) -> Self {
        state.clear();
        Self::fresh(data, state)
    }

    #[inline]
    fn fresh(data: &'a [u8], state: State) -> Self {
        let mut input = Input::new(data, state.options.byte_order);
        input.endless_varints = state.rules.endless_varints();
        Machine { input, state }
    }

    #[inline]
    pub(crate) fn into_state(self) -> State {
        self.state
    }

    /// A machine that starts here with nothing open. Until it retires it has the options and the tables
    /// of this one, and the memory of the scout before it.
    pub(super) fn scout(&mut self) -> Machine<'a> {
        let options = core::mem::take(&mut self.options);
        let mut state = core::mem::take(&mut **self.spare.get_or_insert_default());
        state.set_options(options);
        state.clear();
        let mut scout = Machine { input: self.input, state };
        scout.object_length = 0;
        scout.version = self.version;
        scout.next_id = self.next_id;
        scout.nodes_left = self.nodes_left;
        scout.buffers_later = self.buffers_later;
        scout.buffers = core::mem::take(&mut self.buffers);
        scout.memories = core::mem::take(&mut self.memories);
        scout
    }

    /// Takes back what the scout has.
    pub(super) fn retire(&mut self, scout: Machine<'a>) {
        let mut state = scout.state;
        self.options = core::mem::take(&mut state.options);
        self.buffers_later = state.buffers_later;
        self.buffers = core::mem::take(&mut state.buffers);
        self.memories = core::mem::take(&mut state.memories);
        **self.spare.get_or_insert_default() = state;
    }

    /// Goes to the first header, or to where the data begins without one.
    pub(super) fn begin_at_front(&mut self) {
        self.input.set_pos(0);
        self.version = Version(self.options.headerless_version.unwrap_or(0));
        (self.next_id, self.nodes_left) = (0, self.options.limits.nodes.min(Limits::MAX_NODES));
        self.unique_keys = false;
        // It was good before.
        let _ = self.header();
    }

    /// Gives back all that the last scout has had.
    pub(super) fn drop_spare(&mut self) {
        self.spare = None;
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

    /// The value may be read once more.
    pub(super) fn begin_again(&mut self) {
        self.root = Root::Ready;
    }

    /// The end of the input, where one value is all that it may hold.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        if self.at_end() {
            return Ok(());
        }
        let remaining = self.input.remaining();
        Err(Error::new(self.input.pos(), ErrorKind::TrailingData { remaining }))
    }

    /// Whether nothing follows the value. Flags that V8 leaves are passed over.
    pub(crate) fn at_end(&mut self) -> bool {
        if core::mem::take(&mut self.flags_left) {
            self.input.set_pos(self.input.data().len());
            self.input.odd = true;
        }
        self.input.remaining() == 0
    }
}
