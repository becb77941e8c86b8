//! `Map` and `Set`.

use alloc::vec::{self, Vec};
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use ::serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use ::serde::ser::{Serialize, Serializer};

use super::super::token::Token;

/// A `Map`: entries in the order in which they were made, with keys of any type. That no key is there
/// twice is the caller's care.
///
/// Other formats get a map, which JSON wants strings as keys of; sequences of pairs are read too.
///
/// ```
/// use v8wire::js::Map;
/// let map = Map::from_iter([(1, "one"), (2, "two")]);
/// let bytes = v8wire::to_vec(&map)?;
/// assert_eq!(bytes, b"\xFF\x0F;I\x02\"\x03oneI\x04\"\x03two:\x04");
/// assert_eq!(v8wire::from_slice::<Map<u8, &str>>(&bytes)?, map);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Map<K, V>(pub Vec<(K, V)>);

/// A `Set`: members in the order in which they were added. That none is there twice is the caller's
/// care.
///
/// Other formats get a sequence.
///
/// ```
/// use v8wire::js::Set;
/// let set = Set::from_iter([2, 1]);
/// assert_eq!(v8wire::to_vec(&set)?, b"\xFF\x0F'I\x04I\x02,\x02");
/// assert!(v8wire::from_slice::<Set<u8>>(b"\xFF\x0FA\0$\0\0").is_err()); // an array
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Set<T>(pub Vec<T>);

macro_rules! list {
    ($name:ident<$($of:ident),*> of $item:ty) => {
        impl<$($of),*> Default for $name<$($of),*> {
            fn default() -> Self {
                $name(Vec::new())
            }
        }

        impl<$($of),*> Deref for $name<$($of),*> {
            type Target = Vec<$item>;

            fn deref(&self) -> &Vec<$item> {
                &self.0
            }
        }

        impl<$($of),*> DerefMut for $name<$($of),*> {
            fn deref_mut(&mut self) -> &mut Vec<$item> {
                &mut self.0
            }
        }

        impl<$($of),*> FromIterator<$item> for $name<$($of),*> {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                $name(items.into_iter().collect())
            }
        }

        impl<$($of),*> IntoIterator for $name<$($of),*> {
            type Item = $item;
            type IntoIter = vec::IntoIter<$item>;

            fn into_iter(self) -> vec::IntoIter<$item> {
                self.0.into_iter()
            }
        }
    };
}

list! { Map<K, V> of (K, V) }
list! { Set<T> of T }

/// How much room is made for what is said to come, in bytes.
const MAX_ROOM: usize = 1 << 16;

fn room<T>(hint: Option<usize>) -> Vec<T> {
    Vec::with_capacity(hint.unwrap_or(0).min(MAX_ROOM / size_of::<T>().max(1)))
}

struct Entries<T>(T);

impl<K: Serialize, V: Serialize> Serialize for Entries<&[(K, V)]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Map.name(), &Entries(&self.0[..]))
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let payload = Token::Map.read::<D, Entries<Vec<(K, V)>>>(deserializer);
        payload.map(|Entries(entries)| Map(entries))
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Entries<Vec<(K, V)>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = EntriesVisitor(PhantomData);
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(visitor)
        } else {
            deserializer.deserialize_map(visitor)
        }
    }
}

struct EntriesVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<K, V> {
    type Value = Entries<Vec<(K, V)>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map or pairs")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = room(map.size_hint());
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = room(seq.size_hint());
        while let Some(entry) = seq.next_element()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Set.name(), &self.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::Set.read::<D, Vec<T>>(deserializer).map(Set)
    }
}
