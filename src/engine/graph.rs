//! Walking a heap snapshot.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ffi;
use super::snapshot::HeapSnapshot;

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// The name in the JSON of snapshots.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                }
            }

            /// In V8's order; what it will add counts as hidden.
            fn from_raw(raw: i32) -> Self {
                const ALL: &[$name] = &[$($name::$variant),*];
                usize::try_from(raw).ok().and_then(|raw| ALL.get(raw)).copied().unwrap_or($name::Hidden)
            }
        }
    };
}

kinds! {
    /// What a node is: V8's `HeapGraphNode::Type`.
    HeapNodeKind {
        /// Of V8's own concern, or of a kind that came with a later V8.
        Hidden = "hidden",
        /// A list of elements, which an object has.
        Array = "array",
        /// A string.
        String = "string",
        /// An object.
        Object = "object",
        /// Code.
        Code = "code",
        /// A function.
        Closure = "closure",
        /// A regular expression.
        RegExp = "regexp",
        /// A number that has memory of its own.
        Number = "number",
        /// Something outside V8's heap.
        Native = "native",
        /// Nothing in memory: it groups others.
        Synthetic = "synthetic",
        /// Two strings put together.
        ConsString = "concatenated string",
        /// A part of a string.
        SlicedString = "sliced string",
        /// A symbol.
        Symbol = "symbol",
        /// A bigint.
        BigInt = "bigint",
        /// The shape of objects.
        ObjectShape = "object shape",
    }
}

kinds! {
    /// What an edge is: V8's `HeapGraphEdge::Type`.
    HeapEdgeKind {
        /// A variable that a function has around it.
        Context = "context",
        /// An element of an array.
        Element = "element",
        /// A property with a name.
        Property = "property",
        /// Of V8's own making; scripts do not see it.
        Internal = "internal",
        /// For the sum of sizes, or of a kind that came with a later V8.
        Hidden = "hidden",
        /// Not to be followed in sums of sizes.
        Shortcut = "shortcut",
        /// A weak reference, which keeps nothing alive.
        Weak = "weak",
    }
}

/// A node of a [`HeapSnapshot`].
#[derive(Clone, Copy)]
pub struct HeapNode<'s> {
    snapshot: &'s HeapSnapshot<'s>,
    raw: ffi::HeapNode,
}

/// An edge of a [`HeapSnapshot`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HeapEdge<'s> {
    /// What it is.
    pub kind: HeapEdgeKind,
    /// The index of an element, or the name.
    pub name: HeapEdgeName,
    /// Where it leads.
    pub to: HeapNode<'s>,
}

/// What an edge is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HeapEdgeName {
    /// An index.
    Index(u32),
    /// A name.
    Name(String),
}

impl fmt::Display for HeapEdgeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeapEdgeName::Index(index) => write!(f, "{index}"),
            HeapEdgeName::Name(name) => f.write_str(name),
        }
    }
}

impl<'e> HeapSnapshot<'e> {
    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        // SAFETY: the snapshot has not been deleted.
        let count = unsafe { ffi::v8wire_snapshot_node_count(self.raw) };
        usize::try_from(count).unwrap_or(0)
    }

    /// The greatest id of an object.
    pub fn max_object_id(&self) -> u32 {
        // SAFETY: the snapshot has not been deleted.
        unsafe { ffi::v8wire_snapshot_max_id(self.raw) }
    }

    /// The node that leads to all others.
    pub fn root(&self) -> HeapNode<'_> {
        self.at(-1)
    }

    /// A node by its place.
    pub fn node(&self, index: usize) -> Option<HeapNode<'_>> {
        let found = i32::try_from(index).ok().filter(|_| index < self.node_count())?;
        Some(self.at(found))
    }

    /// All nodes.
    pub fn nodes(&self) -> impl Iterator<Item = HeapNode<'_>> {
        (0..i32::try_from(self.node_count()).unwrap_or(i32::MAX)).map(|index| self.at(index))
    }

    /// A node by the id of its object.
    pub fn node_by_id(&self, id: u32) -> Option<HeapNode<'_>> {
        let mut raw = ffi::HeapNode::NONE;
        // SAFETY: the snapshot has not been deleted.
        unsafe { ffi::v8wire_snapshot_node_by_id(self.raw, id, &mut raw) }
            .then_some(HeapNode { snapshot: self, raw })
    }

    fn at(&self, index: i32) -> HeapNode<'_> {
        let mut raw = ffi::HeapNode::NONE;
        // SAFETY: the snapshot has not been deleted, and the index is below the count, or negative.
        unsafe { ffi::v8wire_snapshot_node(self.raw, index, &mut raw) };
        HeapNode { snapshot: self, raw }
    }
}

impl<'s> HeapNode<'s> {
    /// What it is.
    pub fn kind(&self) -> HeapNodeKind {
        HeapNodeKind::from_raw(self.raw.kind)
    }

    /// The class of an object, the name of a function, the text of a string.
    pub fn name(&self) -> String {
        // SAFETY: the node is of a snapshot of this engine that has not been deleted.
        unsafe { ffi::v8wire_node_name(self.snapshot.engine.raw(), self.raw.node) }.into_text()
    }

    /// The id of the object, the same in all snapshots of its life.
    pub fn id(&self) -> u32 {
        self.raw.id
    }

    /// Its size without what it refers to, in bytes.
    pub fn self_size(&self) -> u64 {
        self.raw.self_size
    }

    /// How many edges lead away from it.
    pub fn edge_count(&self) -> usize {
        self.raw.edges as usize
    }

    /// The edges that lead away from it.
    pub fn edges(&self) -> impl Iterator<Item = HeapEdge<'s>> + use<'s> {
        let HeapNode { snapshot, raw } = *self;
        (0..raw.edges).filter_map(move |index| {
            let index = i32::try_from(index).ok()?;
            let mut edge =
                ffi::HeapEdge { to: std::ptr::null(), kind: 0, index: 0, is_index: false };
            let mut name = ffi::Bytes::EMPTY;
            let mut to = ffi::HeapNode::NONE;
            // SAFETY: the node is of a snapshot of this engine that has not been deleted, and has an
            // edge of this index; so is the node where that leads.
            unsafe {
                let engine = snapshot.engine.raw();
                ffi::v8wire_edge(engine, raw.node, index, &mut edge, &mut name);
                ffi::v8wire_node(edge.to, &mut to);
            }
            let name = name.into_text();
            let name = match edge.is_index {
                true => HeapEdgeName::Index(edge.index),
                false => HeapEdgeName::Name(name),
            };
            let kind = HeapEdgeKind::from_raw(edge.kind);
            Some(HeapEdge { kind, name, to: HeapNode { snapshot, raw: to } })
        })
    }

    /// The first property or variable of this name.
    pub fn get(&self, name: &str) -> Option<HeapNode<'s>> {
        let is_named = |kind| {
            matches!(kind, HeapEdgeKind::Property | HeapEdgeKind::Context | HeapEdgeKind::Internal)
        };
        let wanted = |edge: &HeapEdge<'_>| {
            is_named(edge.kind) && matches!(&edge.name, HeapEdgeName::Name(found) if found == name)
        };
        self.edges().find(wanted).map(|edge| edge.to)
    }
}

impl fmt::Debug for HeapNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeapNode")
            .field("id", &self.id())
            .field("kind", &self.kind())
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
