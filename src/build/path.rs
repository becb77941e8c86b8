//! Where a node is: a path for errors.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::node::{Node, Run};
use super::write::shown;
use super::{Builder, NodeId};
use crate::path::push_property;

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// A shortest path from `root` to `wanted`.
#[cold]
pub(super) fn path(builder: &Builder, root: NodeId, wanted: NodeId) -> String {
    const NOBODY: u32 = u32::MAX;
    let mut parents = alloc::vec![NOBODY; builder.nodes.len()];
    let mut queue = VecDeque::from([root]);
    while let Some(id) = queue.pop_front().filter(|&id| id != wanted) {
        let Some(node) = builder.nodes.get(id.index()) else { continue };
        node.clone().held_mut(|held| {
            if let Some(parent) = parents.get_mut(held.index())
                && *parent == NOBODY
                && *held != root
            {
                *parent = id.0;
                queue.push_back(*held);
            }
        });
    }
    let (mut way, mut here) = (Vec::new(), wanted);
    while here != root
        && let Some(&parent) = parents.get(here.index()).filter(|&&parent| parent != NOBODY)
    {
        way.push((NodeId(parent), here));
        here = NodeId(parent);
    }
    way.reverse();
    let mut path = String::from("$");
    let cut = way.len() > HEAD + TAIL + 1;
    for (number, &(parent, child)) in way.iter().enumerate() {
        if cut && number == HEAD {
            let _ = write!(path, "\u{2026}<{} more>\u{2026}", way.len() - HEAD - TAIL);
        }
        if (!cut || number < HEAD || number >= way.len() - TAIL)
            && let Some(node) = builder.nodes.get(parent.index())
        {
            segment(&mut path, node, child);
        }
    }
    path
}

fn segment(path: &mut String, node: &Node, child: NodeId) {
    let _ = match node {
        Node::Object(properties) => {
            if let Some((name, _)) = properties.iter().rfind(|(_, value)| *value == child) {
                push_property(path, &shown(name), KEY);
            }
            Ok(())
        }
        Node::Array(array) => {
            if let Some(index) = array.elements.iter().position(|value| *value == Some(child)) {
                write!(path, "[{index}]")
            } else {
                if let Some((name, _)) = array.properties.iter().rfind(|(_, id)| *id == child) {
                    push_property(path, &shown(name), KEY);
                }
                Ok(())
            }
        }
        Node::Map(entries) => {
            let position = entries.iter().position(|&(key, value)| key == child || value == child);
            let position = position.unwrap_or(0);
            let is_key = entries.get(position).is_some_and(|(key, _)| *key == child);
            write!(path, "<{} {position}>", if is_key { "key" } else { "value" })
        }
        Node::Set(members) => {
            let position = members.iter().position(|member| *member == child);
            write!(path, "<{}>", position.unwrap_or(0))
        }
        Node::Error(_) => write!(path, ".cause"),
        Node::View(_) | Node::WasmMemory { .. } => write!(path, ".buffer"),
        Node::WasmShared { .. } => write!(path, ".memory"),
        Node::Host(runs) => {
            let mut values = runs.iter().filter(|run| matches!(run, Run::Value(_)));
            let position = values.position(|run| matches!(run, Run::Value(id) if *id == child));
            write!(path, "<host {}>", position.unwrap_or(0))
        }
        _ => Ok(()),
    };
}
