//! Generated values, written and read again.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use v8wire::{
    ByteOrder, Document, IntegersAs, MapsAs, NoneAs, ParseOptions, SerializeOptions, WriteOptions,
    from_slice, to_vec,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Tree {
    Leaf,
    Flag(bool),
    Small(i8),
    Signed(i64),
    Unsigned(u64),
    Wide(i128),
    WideUnsigned(u128),
    Float(f64),
    Single(f32),
    Char(char),
    Text(String),
    Pair(Box<Tree>, Option<Box<Tree>>),
    Record { name: String, tags: BTreeSet<String>, next: Option<Box<Tree>> },
    List(Vec<Tree>),
    Named(BTreeMap<String, Tree>),
    Numbered(BTreeMap<i64, Tree>),
    Flagged(BTreeMap<bool, Tree>),
    Keyed(BTreeMap<(u8, String), Tree>),
    Floats(Vec<f64>),
    Unit(()),
}

fn trees() -> impl Strategy<Value = Tree> {
    let text = "[a-zé€😀0-9]{0,6}";
    let leaf = prop_oneof![
        Just(Tree::Leaf),
        Just(Tree::Unit(())),
        any::<bool>().prop_map(Tree::Flag),
        any::<i8>().prop_map(Tree::Small),
        any::<i64>().prop_map(Tree::Signed),
        any::<u64>().prop_map(Tree::Unsigned),
        any::<i128>().prop_map(Tree::Wide),
        any::<u128>().prop_map(Tree::WideUnsigned),
        any::<f64>().prop_map(Tree::Float),
        any::<f32>().prop_map(Tree::Single),
        any::<char>().prop_map(Tree::Char),
        text.prop_map(Tree::Text),
        prop::collection::vec(prop_oneof![any::<f64>(), Just(3.0)], 0..5).prop_map(Tree::Floats),
    ];
    leaf.prop_recursive(5, 64, 8, move |tree| {
        let boxed = || tree.clone().prop_map(Box::new);
        prop_oneof![
            (boxed(), prop::option::of(boxed())).prop_map(|(a, b)| Tree::Pair(a, b)),
            (text, prop::collection::btree_set(text, 0..4), prop::option::of(boxed()))
                .prop_map(|(name, tags, next)| Tree::Record { name, tags, next }),
            prop::collection::vec(tree.clone(), 0..8).prop_map(Tree::List),
            prop::collection::btree_map(text, tree.clone(), 0..20).prop_map(Tree::Named),
            prop::collection::btree_map("[0-9]{1,3}", tree.clone(), 0..20).prop_map(Tree::Named),
            prop::collection::btree_map(any::<i64>(), tree.clone(), 0..8).prop_map(Tree::Numbered),
            prop::collection::btree_map(any::<bool>(), tree.clone(), 0..3).prop_map(Tree::Flagged),
            prop::collection::btree_map((any::<u8>(), text), tree.clone(), 0..4)
                .prop_map(Tree::Keyed),
        ]
    })
}

fn options() -> impl Strategy<Value = SerializeOptions> {
    let maps = prop_oneof![Just(MapsAs::ObjectsOrMaps), Just(MapsAs::Maps)];
    let none = prop_oneof![Just(NoneAs::Null), Just(NoneAs::Undefined)];
    let integers = prop_oneof![Just(IntegersAs::NumberOrBigInt), Just(IntegersAs::BigInt)];
    let write = (13u32..=16, 31u32..=32, any::<bool>());
    (maps, none, integers, write).prop_map(|(maps, none, integers, (version, smi, big))| {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        SerializeOptions::new()
            .maps(maps)
            .none(none)
            .integers(integers)
            .write(WriteOptions::new().version(version).smi_bits(smi).byte_order(order))
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(tree in trees(), options in options()) {
        let bytes = options.to_vec(&tree).unwrap();
        let parse = ParseOptions::new().byte_order(options.write.byte_order);
        let document = parse.parse(&bytes).unwrap();
        let read: Tree = v8wire::DeserializeOptions::new().parse(parse).from_slice(&bytes).unwrap();
        prop_assert_eq!(&read, &tree);
        // Written as V8 would: writing the document again changes nothing.
        let mut serializer = v8wire::ValueSerializer::with_options(options.write);
        serializer.write_header().unwrap();
        serializer.write_value(document.root().value()).unwrap();
        prop_assert_eq!(serializer.release().unwrap(), bytes);
    }

    #[test]
    fn the_defaults_too(tree in trees()) {
        let bytes = to_vec(&tree).unwrap();
        prop_assert_eq!(from_slice::<Tree>(&bytes).unwrap(), tree);
        prop_assert!(Document::parse(&bytes).is_ok());
    }
}
