//! Objects that V8 had read in part when it gave its first reading of version 13 up: whether their properties
//! are there depends on what the process has met before (SPEC.md 4.10).

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

/// Whether two descriptions say the same, but that objects of ours have properties where theirs have none.
pub(super) fn same_but_for_halves(ours: &Json, theirs: &Json) -> bool {
    let sides = [ours, theirs].map(Side::of);
    let (mut pairs, mut seen) = (vec![(ours, theirs)], HashSet::new());
    let mut numbers: [HashMap<usize, usize>; 2] = Default::default();
    while let Some((ours, theirs)) = pairs.pop() {
        let [(a, ours), (b, theirs)] = [sides[0].node(ours), sides[1].node(theirs)];
        if let (Some(a), Some(b)) = (a, b) {
            // An object is one object, on both sides.
            let [there, here] = &mut numbers;
            if *there.entry(a).or_insert(b) != b || *here.entry(b).or_insert(a) != a {
                return false;
            }
            if !seen.insert((a, b)) {
                continue;
            }
        }
        let half = ours[0] == "object" && theirs[0] == "object" && theirs[1] == Json::Array(vec![]);
        if half {
            continue;
        }
        let [(head, inner), (other, others)] = [parts(ours), parts(theirs)];
        if head != other || inner.len() != others.len() {
            return false;
        }
        pairs.extend(inner.into_iter().zip(others));
    }
    true
}

/// A description, and its objects by number.
struct Side<'j> {
    objects: Vec<&'j Json>,
    numbers: HashMap<*const Json, usize>,
}

impl<'j> Side<'j> {
    fn of(root: &'j Json) -> Self {
        let mut side = Side { objects: Vec::new(), numbers: HashMap::new() };
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if is_object(node) {
                side.numbers.insert(node, side.objects.len());
                side.objects.push(node);
            }
            stack.extend(parts(node).1.into_iter().rev());
        }
        side
    }

    /// The object that a node is or refers to, and its number.
    fn node(&self, node: &'j Json) -> (Option<usize>, &'j Json) {
        if node[0] == "ref" {
            let number = node[1].as_u64().expect("a number") as usize;
            return (Some(number), self.objects[number]);
        }
        (self.numbers.get(&std::ptr::from_ref(node)).copied(), node)
    }
}

fn is_object(node: &Json) -> bool {
    let kind = node[0].as_str().unwrap_or_default();
    let plain =
        ["undefined", "null", "bool", "number", "bigint", "string", "hole", "absent", "ref"];
    !plain.contains(&kind)
}

/// What a node says itself, and the nodes in it.
fn parts(node: &Json) -> (Vec<Json>, Vec<&Json>) {
    let items = node.as_array().expect("a node").as_slice();
    let (mut head, mut inner) = (vec![node[0].clone()], Vec::new());
    let list = |index: usize| items[index].as_array().expect("a list");
    let mut pairs = |head: &mut Vec<Json>, index: usize| {
        for pair in list(index) {
            head.push(pair[0].clone());
            inner.push(&pair[1]);
        }
    };
    match node[0].as_str().unwrap_or_default() {
        "object" => pairs(&mut head, 1),
        "sparse" => {
            head.push(node[1].clone());
            pairs(&mut head, 2);
            pairs(&mut head, 3);
        }
        "array" => {
            head.push(node[1].clone());
            inner.extend(list(2));
            for pair in list(3) {
                head.push(pair[0].clone());
                inner.push(&pair[1]);
            }
        }
        "map" => inner.extend(list(1).iter().flat_map(|pair| [&pair[0], &pair[1]])),
        "set" => inner.extend(list(1)),
        "host" => inner.push(&items[1]),
        "error" => {
            head.push(node[1].clone());
            inner.extend(&items[2..]);
        }
        "view" => {
            head.extend_from_slice(&items[1..5]);
            inner.push(&items[5]);
        }
        _ => head.extend_from_slice(&items[1..]),
    }
    (head, inner)
}
