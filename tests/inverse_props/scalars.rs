//! Bigints, strings, dates, the elements of typed arrays, and names: their forms in Rust and on the wire.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use v8wire::{
    BigInt, ByteOrder, Document, Literal, ParseOptions, Profile, Release, Target, Text, TypedArray,
    Value, ValueSerializer, ViewKind, WriteOptions, js, regexp_flags,
};

const ORDERS: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];

/// Writes a value in either byte order, and looks at what is read of it.
fn on_the_wire(
    write: impl Fn(&mut ValueSerializer<'_>) -> Result<(), v8wire::WriteError>,
    look: impl for<'d, 'a> Fn(Value<'d, 'a>, ByteOrder),
) {
    for order in ORDERS {
        let mut serializer = ValueSerializer::with_options(WriteOptions::new().byte_order(order));
        serializer.write_header().unwrap();
        write(&mut serializer).unwrap();
        let bytes = serializer.release().unwrap();
        let doc = ParseOptions::new().byte_order(order).parse(&bytes).unwrap();
        look(doc.root().value(), order);
    }
}

fn digits() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![0usize..17, 0usize..70]
        .prop_flat_map(|length| prop::collection::vec(any::<u8>(), length))
}

/// The bytes of one unit after the other.
fn bytes_of(units: &[u16], order: ByteOrder) -> Vec<u8> {
    let bytes = units.iter().flat_map(|unit| match order {
        ByteOrder::Little => unit.to_le_bytes(),
        ByteOrder::Big => unit.to_be_bytes(),
    });
    bytes.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bigints_and_integers(value in any::<i128>(), unsigned in any::<u128>(), shift in 0u32..128) {
        let (value, unsigned) = (value >> shift, unsigned >> shift);
        let bigint = js::BigInt::from(value);
        macro_rules! types {
            ($($ty:ty)*) => {$(
                prop_assert_eq!(<$ty>::try_from(&bigint).ok(), <$ty>::try_from(value).ok());
                let narrow = value as $ty;
                prop_assert_eq!(<$ty>::try_from(&js::BigInt::from(narrow)), Ok(narrow));
            )*};
        }
        types! { i32 i64 i128 u32 u64 u128 }
        prop_assert_eq!(u128::try_from(&js::BigInt::from(unsigned)), Ok(unsigned));
        prop_assert_eq!(bigint.as_bigint().to_i128(), Some(value));
        prop_assert_eq!(bigint.to_string(), value.to_string());
        on_the_wire(
            |serializer| serializer.write_bigint_i128(value),
            |read, _| {
                let read = read.as_bigint().unwrap();
                assert_eq!(read.to_i128(), Some(value));
                assert_eq!(js::BigInt::from(read), bigint);
            },
        );
        let literal = Literal::bigint(value).to_vec().unwrap();
        let doc = Document::parse(&literal).unwrap();
        prop_assert_eq!(doc.root().as_bigint().unwrap().to_i128(), Some(value));
    }

    #[test]
    fn bigints_digits_and_words(negative in any::<bool>(), digits in digits()) {
        let bigint = js::BigInt::from_bytes_le(negative, &digits);
        let text = bigint.to_string();
        prop_assert_eq!(text.parse(), Ok(bigint.clone()));
        prop_assert_eq!(js::BigInt::from(bigint.as_bigint()), bigint.clone());
        let raw = BigInt { negative, digits: &digits };
        let words: Vec<u8> = raw.words().flat_map(u64::to_le_bytes).collect();
        prop_assert_eq!(&words[..digits.len()], &digits[..]);
        prop_assert!(words[digits.len()..].iter().all(|&byte| byte == 0));
        prop_assert_eq!(js::BigInt::from_bytes_le(negative, &words), bigint.clone());
        on_the_wire(
            |serializer| serializer.write_bigint(raw),
            |read, _| assert_eq!(js::BigInt::from(read.as_bigint().unwrap()), bigint),
        );
        // Only what fits is an `i128`.
        let fits = text.parse::<i128>().ok();
        prop_assert_eq!(bigint.as_bigint().to_i128(), fits);
        #[cfg(feature = "num-bigint")]
        {
            use v8wire::num_bigint;
            let theirs = num_bigint::BigInt::from(&bigint);
            prop_assert_eq!(&raw.to_num_bigint(), &theirs);
            prop_assert_eq!(theirs.to_string(), text);
            prop_assert_eq!(js::BigInt::from(&theirs), bigint.clone());
            let literal = Literal::from(theirs.clone()).to_vec().unwrap();
            let doc = Document::parse(&literal).unwrap();
            prop_assert_eq!(doc.root().as_bigint().unwrap().to_num_bigint(), theirs);
        }
    }

    /// Any sequence of UTF-16 units, lone surrogates too.
    #[test]
    fn strings_of_units(units in prop::collection::vec(prop_oneof![any::<u16>(), 0u16..256], 0..12)) {
        let well_formed = char::decode_utf16(units.iter().copied()).all(|char| char.is_ok());
        on_the_wire(
            |serializer| serializer.write_utf16(&units),
            |read, order| {
                let text = read.as_text().unwrap();
                assert_eq!(text.to_utf16(), units);
                assert_eq!((text.len_utf16(), text.is_empty()), (units.len(), units.is_empty()));
                assert_eq!(text.is_well_formed(), well_formed);
                assert_eq!(text.to_str(), String::from_utf16_lossy(&units));
                assert_eq!(text, Text::TwoByte(&bytes_of(&units, order), order));
                assert_eq!(
                    matches!(text, Text::OneByte(_)),
                    units.iter().all(|&unit| unit < 256)
                );
            },
        );
    }

    /// A string is the same in every encoding, compared, hashed and ordered.
    #[test]
    fn strings_in_every_encoding(
        a in prop_oneof![any::<String>(), "[a-z\u{e9}]{0,3}"],
        b in prop_oneof![any::<String>(), "[a-z\u{e9}]{0,3}"],
    ) {
        let [a_units, b_units] = [&a, &b].map(|text| text.encode_utf16().collect::<Vec<_>>());
        let [little, big] = ORDERS.map(|order| bytes_of(&a_units, order));
        let narrow = |units: &[u16]| -> Option<Vec<u8>> {
            units.iter().map(|&unit| u8::try_from(unit).ok()).collect()
        };
        let (latin1, other_latin1) = (narrow(&a_units), narrow(&b_units));
        let mut forms = vec![
            Text::Utf8(a.as_bytes()),
            Text::TwoByte(&little, ByteOrder::Little),
            Text::TwoByte(&big, ByteOrder::Big),
        ];
        forms.extend(latin1.as_deref().map(Text::OneByte));
        let other = Text::Utf8(b.as_bytes());
        let hash = |text: Text<'_>| {
            use std::hash::BuildHasher as _;
            std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::new().hash_one(text)
        };
        for form in forms {
            prop_assert_eq!(form.to_str(), &a[..]);
            prop_assert_eq!(form.to_utf16(), &a_units[..]);
            prop_assert!(form == *a && form == Text::Utf8(a.as_bytes()));
            prop_assert_eq!(hash(form), hash(Text::Utf8(a.as_bytes())));
            prop_assert_eq!(form.cmp(&other), a_units.cmp(&b_units));
            prop_assert_eq!(form == other, a == b);
            if let Some(other) = &other_latin1 {
                prop_assert_eq!(form == Text::OneByte(other), a == b);
            }
        }
    }

    #[test]
    fn dates_and_times(millis in -8_640_000_000_000_000i64..=8_640_000_000_000_000) {
        let distance = Duration::from_millis(millis.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = if millis < 0 { epoch - distance } else { epoch + distance };
        for literal in [Literal::from(time), Literal::date(millis as f64)] {
            let bytes = literal.to_vec().unwrap();
            let doc = Document::parse(&bytes).unwrap();
            prop_assert_eq!(doc.root().as_date_ms(), Some(millis as f64));
            prop_assert_eq!(doc.root().as_system_time(), Some(time));
        }
        prop_assert_eq!(SystemTime::try_from(js::Date::from(time)), Ok(time));
        prop_assert_eq!(js::Date::from_millis_f64(millis as f64).millis(), Some(millis));
    }

    /// Elements of every kind are the bytes of the wire, wherever and in whichever order these stand.
    #[test]
    fn typed_arrays_and_bytes(
        data in prop::collection::vec(any::<u8>(), 0..64),
        before in 0usize..8,
        kind in prop::sample::select(&ViewKind::ALL[..]),
    ) {
        let length = data.len() - data.len() % kind.element_size();
        let data = &data[..length];
        on_the_wire(
            |serializer| {
                serializer.begin_array(2)?;
                serializer.write_str(&"-".repeat(before))?;
                serializer.write_host_view(kind, data)?;
                serializer.end_array()
            },
            |read, order| {
                let view = read.get_index(1).unwrap().as_view().unwrap();
                assert_eq!((view.kind, view.bytes), (kind, Some(data)));
                let size = kind.element_size();
                assert_eq!(view.len() as usize, length / size);
                macro_rules! bytes {
                    ($($variant:ident)*) => {
                        match view.elements().unwrap() {
                            $(TypedArray::$variant(elements) => elements
                                .iter()
                                .flat_map(|element| match order {
                                    ByteOrder::Little => element.to_le_bytes().to_vec(),
                                    ByteOrder::Big => element.to_be_bytes().to_vec(),
                                })
                                .collect::<Vec<u8>>(),)*
                            other => panic!("{other:?}"),
                        }
                    };
                }
                let bytes = bytes! {
                    Int8 Uint8 Int16 Uint16 Int32 Uint32 Float16 Float32 Float64 BigInt64 BigUint64
                };
                assert_eq!(bytes, data);
            },
        );
    }

    #[test]
    fn names(flags in 0u32..256, major in any::<u16>(), minor in any::<u16>(), number in 0u32..200) {
        prop_assert_eq!(regexp_flags::from_str(&regexp_flags::to_string(flags)), Some(flags));
        let release = Release::new(major, minor);
        prop_assert_eq!(format!("{major}.{minor}").parse(), Ok(release));
        prop_assert_eq!(format!("v8-{major}.{minor}").parse(), Ok(Target::v8(release)));
        prop_assert_eq!(format!("node-{number}").parse().ok(), Release::node(number));
        prop_assert_eq!(format!("node-{number}").parse().ok(), Target::node(number));
        prop_assert_eq!(format!("chromium{number}").parse().ok(), Target::chromium(number));
        prop_assert_eq!(format!("electron-{number}").parse().ok(), Target::electron(number));
        for profile in Profile::ALL {
            prop_assert_eq!(profile.name().parse(), Ok(profile));
        }
        for kind in ViewKind::ALL {
            let tag = kind.tag();
            let same = ViewKind::from_tag(tag);
            prop_assert!(same == Some(kind) || kind == ViewKind::Buffer && same == Some(ViewKind::Uint8));
        }
    }
}
