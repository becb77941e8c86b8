//! `value!`

/// A value in JavaScript's own notation: objects, arrays, `null`, `undefined`, `hole` in an array, and
/// any expression whose type is `Into<`[`Literal`](crate::Literal)`>`. Keys are literals, or expressions
/// in parentheses.
///
/// ```
/// use v8wire::{Literal, value};
/// let user = "Ada";
/// let literal = value!({
///     "name": user,
///     "tags": [1, 2.5, null, undefined],
///     "when": Literal::date(0.0),
///     ("n".to_string() + "ext"): { "seen": [] },
/// });
/// let blob = literal.to_vec()?;
/// let doc = v8wire::Document::parse(&blob).unwrap();
/// assert_eq!(
///     v8wire::inspect::to_string(doc.root().value(), &Default::default()),
///     "{\n  name: 'Ada',\n  tags: [ 1, 2.5, null, undefined ],\n  \
///      when: 1970-01-01T00:00:00.000Z,\n  next: { seen: [] }\n}"
/// );
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// Objects that occur twice, or in themselves, are for [`Builder`](crate::Builder). A list of more than
/// about a hundred items needs a higher `recursion_limit`.
#[macro_export]
macro_rules! value {
    (@value $builder:ident null) => { $builder.null() };
    (@value $builder:ident undefined) => { $builder.undefined() };
    (@value $builder:ident [ $($items:tt)* ]) => {{
        let array = $builder.array();
        $crate::value!(@items $builder array $($items)*);
        array
    }};
    (@value $builder:ident { $($members:tt)* }) => {{
        let object = $builder.object();
        $crate::value!(@members $builder object $($members)*);
        object
    }};
    (@value $builder:ident $value:expr) => {
        $builder.value($crate::Literal::from($value))
    };

    (@items $builder:ident $array:ident) => {};
    (@items $builder:ident $array:ident hole $(, $($rest:tt)*)?) => {
        $builder.push_hole($array);
        $crate::value!(@items $builder $array $($($rest)*)?);
    };
    (@items $builder:ident $array:ident null $(, $($rest:tt)*)?) => {
        $crate::value!(@item $builder $array { null } $($($rest)*)?);
    };
    (@items $builder:ident $array:ident undefined $(, $($rest:tt)*)?) => {
        $crate::value!(@item $builder $array { undefined } $($($rest)*)?);
    };
    (@items $builder:ident $array:ident [ $($items:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::value!(@item $builder $array { [ $($items)* ] } $($($rest)*)?);
    };
    (@items $builder:ident $array:ident { $($members:tt)* } $(, $($rest:tt)*)?) => {
        $crate::value!(@item $builder $array { { $($members)* } } $($($rest)*)?);
    };
    (@items $builder:ident $array:ident $item:expr $(, $($rest:tt)*)?) => {
        $crate::value!(@item $builder $array { $item } $($($rest)*)?);
    };
    (@item $builder:ident $array:ident { $($item:tt)* } $($rest:tt)*) => {
        let item = $crate::value!(@value $builder $($item)*);
        $builder.push($array, item);
        $crate::value!(@items $builder $array $($rest)*);
    };

    (@members $builder:ident $object:ident) => {};
    (@members $builder:ident $object:ident $key:literal : $($rest:tt)*) => {
        $crate::value!(@member $builder $object { $key } $($rest)*);
    };
    (@members $builder:ident $object:ident ( $key:expr ) : $($rest:tt)*) => {
        $crate::value!(@member $builder $object { $key } $($rest)*);
    };
    (@member $builder:ident $object:ident { $key:expr } null $(, $($rest:tt)*)?) => {
        $crate::value!(@set $builder $object { $key } { null } $($($rest)*)?);
    };
    (@member $builder:ident $object:ident { $key:expr } undefined $(, $($rest:tt)*)?) => {
        $crate::value!(@set $builder $object { $key } { undefined } $($($rest)*)?);
    };
    (@member $builder:ident $object:ident { $key:expr } [ $($items:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::value!(@set $builder $object { $key } { [ $($items)* ] } $($($rest)*)?);
    };
    (@member $builder:ident $object:ident { $key:expr } { $($members:tt)* } $(, $($rest:tt)*)?) => {
        $crate::value!(@set $builder $object { $key } { { $($members)* } } $($($rest)*)?);
    };
    (@member $builder:ident $object:ident { $key:expr } $value:expr $(, $($rest:tt)*)?) => {
        $crate::value!(@set $builder $object { $key } { $value } $($($rest)*)?);
    };
    (@set $builder:ident $object:ident { $key:expr } { $($value:tt)* } $($rest:tt)*) => {
        let value = $crate::value!(@value $builder $($value)*);
        $builder.set($object, $key, value);
        $crate::value!(@members $builder $object $($rest)*);
    };

    ($($value:tt)+) => {{
        // An expression on its own leaves nothing to be changed later.
        #[allow(unused_mut)]
        let mut builder = $crate::Builder::new();
        let root = $crate::value!(@value builder $($value)+);
        $crate::Literal::of(builder, root)
    }};
}
