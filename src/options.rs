//! How to read: limits, strictness, profile, and what the embedder provides.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use crate::host::{Delegate, NodeHost, NodeIpcHost};
use crate::wire::{ByteOrder, Release};

/// What the reader refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strictness {
    /// Exactly what this release of V8 refuses. The default is the newest release.
    Engine(Release),
    /// Whatever cannot be read at all: duplicate keys are taken (the last wins), the parts of an
    /// error stand in any order, counts may be wrong, host objects that nobody knows are kept as
    /// bytes where their end is known.
    Lenient,
}

impl Default for Strictness {
    fn default() -> Self {
        Strictness::Engine(Release::NEWEST)
    }
}

impl Strictness {
    pub(crate) fn release(self) -> Release {
        match self {
            Strictness::Engine(release) => release,
            Strictness::Lenient => Release::NEWEST,
        }
    }
}

/// Whose host objects the data holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// Node's `v8.serialize`: typed arrays and Buffers are host objects.
    #[default]
    Node,
    /// Messages of Node's child processes with `serialization: 'advanced'`.
    NodeIpc,
    /// Bare V8: there are no host objects.
    V8,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Profile; 3] = [Profile::Node, Profile::NodeIpc, Profile::V8];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Node => "node",
            Profile::NodeIpc => "node-ipc",
            Profile::V8 => "v8",
        }
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        Profile::ALL.into_iter().find(|profile| profile.name() == text).ok_or(UnknownProfile)
    }
}

/// The text does not name a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected one of `node`, `node-ipc`, `v8`")
    }
}

impl core::error::Error for UnknownProfile {}

/// What to do with ids of transferred buffers, shared buffers, wasm modules and shared values that
/// the caller did not provide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Externals {
    /// Refuse them, as V8 does.
    #[default]
    Refuse,
    /// Keep the id. Views of such buffers are not checked against the buffer's length.
    Keep,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Transfer {
    pub(crate) byte_length: u64,
    pub(crate) resizable: bool,
    pub(crate) shared: bool,
}

/// Budgets against hostile input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limits {
    /// Containers within containers. Default: 100,000. Each level costs 24 bytes while it is open.
    pub depth: u32,
    /// Values, property keys and parts of errors. Default: 2^30, which is also the most that can be read.
    pub nodes: u32,
    /// Bytes of one string, bigint, buffer or host view. Default: none.
    pub bytes: u64,
    /// The length of a sparse array. Default: none; a length costs nothing here, but one who walks
    /// all indices may care.
    pub sparse_length: u32,
}

impl Limits {
    /// A document counts the words of its nodes in 32 bits. Most have one or two; where others do not leave
    /// room for as many nodes, reading says so.
    pub(crate) const MAX_NODES: u32 = 1 << 30;
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            depth: 100_000,
            nodes: Limits::MAX_NODES,
            bytes: u64::MAX,
            sparse_length: u32::MAX,
        }
    }
}

/// How to read a value.
///
/// ```
/// use v8wire::{ParseOptions, Release, Strictness};
/// let mut options = ParseOptions::new().strictness(Strictness::Engine(Release::node(18).unwrap()));
/// options.limits.depth = 64;
/// let doc = options.parse(&[0xFF, 15, b'T'])?;
/// assert_eq!(doc.root().as_bool(), Some(true));
/// # Ok::<(), v8wire::Error>(())
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ParseOptions {
    /// Budgets.
    pub limits: Limits,
    /// The byte order of the machine that wrote the data.
    pub byte_order: ByteOrder,
    /// Whose host objects the data holds. A [`delegate`](ParseOptions::delegate) takes its place.
    pub profile: Profile,
    /// What is refused.
    pub strictness: Strictness,
    /// Ids that nobody provides.
    pub externals: Externals,
    /// The version of data without a header (Cloudflare's workerd stores version 13 so). Where it
    /// is `None`, such data is version 0.
    pub headerless_version: Option<u32>,
    /// Versions below this one are refused. Default: 0. Node and Deno set 13.
    pub minimum_version: u32,
    /// Whether shared buffers that [`Externals::Keep`] lets pass are WebAssembly memories, which
    /// write more behind their id. It applies where no delegate says better.
    pub wasm_shared_buffers: bool,
    pub(crate) transfers: BTreeMap<u32, Transfer>,
    pub(crate) delegate: Option<Arc<dyn Delegate>>,
}

impl ParseOptions {
    /// The defaults: strict as the newest V8, Node's host objects, little-endian.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`limits`](Self::limits).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets [`Limits::depth`].
    #[must_use]
    pub fn max_depth(mut self, depth: u32) -> Self {
        self.limits.depth = depth;
        self
    }

    /// Sets [`byte_order`](Self::byte_order).
    #[must_use]
    pub fn byte_order(mut self, order: ByteOrder) -> Self {
        self.byte_order = order;
        self
    }

    /// Sets [`profile`](Self::profile).
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets [`strictness`](Self::strictness).
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Sets [`Strictness::Lenient`].
    #[must_use]
    pub fn lenient(self) -> Self {
        self.strictness(Strictness::Lenient)
    }

    /// Sets [`externals`](Self::externals).
    #[must_use]
    pub fn externals(mut self, externals: Externals) -> Self {
        self.externals = externals;
        self
    }

    /// Sets [`headerless_version`](Self::headerless_version).
    #[must_use]
    pub fn headerless_version(mut self, version: u32) -> Self {
        self.headerless_version = Some(version);
        self
    }

    /// Sets [`minimum_version`](Self::minimum_version).
    #[must_use]
    pub fn minimum_version(mut self, version: u32) -> Self {
        self.minimum_version = version;
        self
    }

    /// Sets [`wasm_shared_buffers`](Self::wasm_shared_buffers).
    #[must_use]
    pub fn wasm_shared_buffers(mut self, wasm: bool) -> Self {
        self.wasm_shared_buffers = wasm;
        self
    }

    /// Provides a transferred buffer of `byte_length` bytes (`TransferArrayBuffer`).
    #[must_use]
    pub fn transfer_array_buffer(mut self, id: u32, byte_length: u64) -> Self {
        self.transfers.insert(id, Transfer { byte_length, resizable: false, shared: false });
        self
    }

    /// Provides a transferred resizable buffer that is now `byte_length` bytes long.
    #[must_use]
    pub fn transfer_resizable_array_buffer(mut self, id: u32, byte_length: u64) -> Self {
        self.transfers.insert(id, Transfer { byte_length, resizable: true, shared: false });
        self
    }

    /// Provides a `SharedArrayBuffer` in the place of a transferred buffer, as Node's
    /// `Deserializer#transferArrayBuffer` allows.
    #[must_use]
    pub fn transfer_shared_array_buffer(
        mut self,
        id: u32,
        byte_length: u64,
        growable: bool,
    ) -> Self {
        self.transfers.insert(id, Transfer { byte_length, resizable: growable, shared: true });
        self
    }

    /// Sets who reads host objects and provides shared values.
    #[must_use]
    pub fn delegate(mut self, delegate: Arc<dyn Delegate>) -> Self {
        self.delegate = Some(delegate);
        self
    }

    /// The delegate in force: the caller's, or that of the profile.
    pub(crate) fn host(&self) -> Host {
        let release = self.strictness.release();
        match (&self.delegate, self.profile) {
            (Some(delegate), _) => Host::Custom(delegate.clone()),
            (None, Profile::Node) => Host::Node(NodeHost::new(release)),
            (None, Profile::NodeIpc) => Host::NodeIpc(NodeIpcHost::new(release)),
            (None, Profile::V8) => Host::None,
        }
    }
}

/// Who reads host objects. A profile's delegate is no allocation.
#[derive(Clone)]
pub(crate) enum Host {
    None,
    Node(NodeHost),
    NodeIpc(NodeIpcHost),
    Custom(Arc<dyn Delegate>),
}

impl Host {
    pub(crate) fn delegate(&self) -> Option<&dyn Delegate> {
        match self {
            Host::None => None,
            Host::Node(host) => Some(host),
            Host::NodeIpc(host) => Some(host),
            Host::Custom(host) => Some(&**host),
        }
    }
}

impl fmt::Debug for ParseOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseOptions")
            .field("limits", &self.limits)
            .field("byte_order", &self.byte_order)
            .field("profile", &self.profile)
            .field("strictness", &self.strictness)
            .field("externals", &self.externals)
            .field("headerless_version", &self.headerless_version)
            .field("minimum_version", &self.minimum_version)
            .field("wasm_shared_buffers", &self.wasm_shared_buffers)
            .field("transfers", &self.transfers)
            .field("delegate", &self.delegate.as_ref().map(|_| "..").unwrap_or("none"))
            .finish()
    }
}
