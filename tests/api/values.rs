//! Numbers, dates, bigints, text.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use v8wire::{Kind, Text, regexp_flags};

use super::{double, parsed};

#[test]
fn numbers() {
    let integer = |value: f64| parsed(&double(value), |value| value.as_i64());
    assert_eq!(integer(0.0), Some(0));
    assert_eq!(integer(-0.0), None);
    assert_eq!(integer(1.5), None);
    assert_eq!(integer(9_007_199_254_740_991.0), Some((1 << 53) - 1));
    assert_eq!(integer(9_007_199_254_740_992.0), None);
    assert_eq!(integer(-9_007_199_254_740_991.0), Some(1 - (1 << 53)));
    for none in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        assert_eq!(integer(none), None);
    }
    parsed(b"I\x01", |value| {
        assert_eq!((value.as_i32(), value.as_u32(), value.as_u64()), (Some(-1), None, None));
        assert_eq!((value.as_f64(), value.double_bits()), (Some(-1.0), None));
    });
    parsed(b"U\xFF\xFF\xFF\xFF\x0F", |value| {
        assert_eq!((value.as_i32(), value.as_u32()), (None, Some(u32::MAX)));
    });
    parsed(&double(-0.0), |value| {
        assert!(value.as_f64().is_some_and(|zero| zero == 0.0 && zero.is_sign_negative()));
    });
    // Any NaN is the one NaN, but its bits can be had.
    let odd = 0xFFF8_0000_0000_0001u64;
    parsed(&double(f64::from_bits(odd)), |value| {
        assert_eq!(value.as_f64().map(f64::to_bits), Some(f64::NAN.to_bits()));
        assert_eq!(value.double_bits(), Some(odd));
    });
    let wrapped = [&b"n"[..], &2.5f64.to_le_bytes()].concat();
    parsed(&wrapped, |value| {
        assert_eq!((value.kind(), value.as_f64()), (Kind::NumberObject, Some(2.5)));
    });
    parsed(b"\"\x011", |value| assert_eq!((value.as_f64(), value.as_i64()), (None, None)));
}

#[test]
fn dates() {
    let date = |ms: f64| [&b"D"[..], &ms.to_le_bytes()].concat();
    let time = |ms: f64| parsed(&date(ms), |value| value.as_system_time());
    assert_eq!(time(0.0), Some(SystemTime::UNIX_EPOCH));
    assert_eq!(time(1_500.0), Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1_500)));
    assert_eq!(time(-1.0), Some(SystemTime::UNIX_EPOCH - Duration::from_millis(1)));
    assert_eq!((time(f64::NAN), time(8.64e15 + 2.0)), (None, None));
    let ms = |ms: f64| parsed(&date(ms), |value| value.as_date_ms().unwrap());
    assert_eq!((ms(1.9), ms(-1.9), ms(8.64e15)), (1.0, -1.0, 8.64e15));
    assert!(ms(8.64e15 + 2.0).is_nan() && ms(f64::INFINITY).is_nan());
    assert!(ms(-0.0).is_sign_positive());
    parsed(b"I\x02", |value| {
        assert_eq!((value.as_date_ms(), value.as_system_time()), (None, None))
    });
}

#[test]
fn bigints() {
    parsed(b"Z\x00", |value| {
        let zero = value.as_bigint().unwrap();
        assert_eq!((zero.to_i128(), zero.words().len(), value.as_u64()), (Some(0), 0, Some(0)));
    });
    let minimum = [&b"Z\x21"[..], &i128::MIN.unsigned_abs().to_le_bytes()].concat();
    parsed(&minimum, |value| {
        let bigint = value.as_bigint().unwrap();
        assert_eq!(bigint.to_i128(), Some(i128::MIN));
        assert_eq!(bigint.words().collect::<Vec<_>>(), [0, 1 << 63]);
        assert_eq!((value.as_i64(), value.as_u64()), (None, None));
    });
    let beyond = [&b"Z\x20"[..], &(1u128 << 127).to_le_bytes()].concat();
    parsed(&beyond, |value| assert_eq!(value.as_bigint().unwrap().to_i128(), None));
    let long = [&b"Z\x30"[..], &[0; 16], &7u64.to_le_bytes()].concat();
    parsed(&long, |value| {
        let bigint = value.as_bigint().unwrap();
        assert_eq!((bigint.to_i128(), bigint.words().last()), (None, Some(7)));
    });
    let padded = [&b"z\x30"[..], &7u64.to_le_bytes(), &[0; 16]].concat();
    parsed(&padded, |value| {
        assert_eq!((value.kind(), value.as_i64()), (Kind::BigIntObject, Some(7)));
    });
    parsed(b"Z\x06\x01\x02\x03", |value| {
        assert_eq!(value.as_bigint().unwrap().words().collect::<Vec<_>>(), [0x03_0201]);
        assert_eq!(value.as_u64(), Some(0x03_0201));
    });
}

#[test]
fn strings() {
    parsed(b"\"\x02hi", |value| assert!(matches!(value.as_str(), Some(Cow::Borrowed("hi")))));
    parsed(b"\"\x01\xEB", |value| {
        assert!(matches!(value.as_str(), Some(Cow::Owned(text)) if text == "ë"))
    });
    parsed(b"S\x02\xC3\xAB", |value| {
        assert!(matches!(value.as_str(), Some(Cow::Borrowed("ë"))), "UTF-8 needs no copy");
        assert_eq!(value.as_text().unwrap().to_utf16(), [0xEB]);
    });
    parsed(b"c\x04\x3D\xD8\x00\xDE", |value| {
        let text = value.as_text().unwrap();
        assert_eq!((value.as_str().as_deref(), text.len_utf16()), (Some("😀"), 2));
        assert!(text == "😀" && text.is_well_formed());
    });
    parsed(b"c\x02\x3D\xD8", |value| {
        let text = value.as_text().unwrap();
        assert!(!text.is_well_formed() && text != "\u{FFFD}");
        assert_eq!((text.to_str(), text.to_utf16()), ("\u{FFFD}".into(), vec![0xD83D]));
    });
    parsed(b"s\"\x02hi", |value| {
        assert_eq!((value.kind(), value.as_str().as_deref()), (Kind::StringObject, Some("hi")));
    });
    assert_eq!(Text::OneByte(b"a\xEB"), Text::Utf8("aë".as_bytes()));
    assert!(Text::OneByte(b"a") < Text::OneByte(b"b"));
    assert_eq!(format!("{:>4}|{:?}", Text::OneByte(b"ab"), Text::OneByte(b"\"")), "  ab|\"\\\"\"");
}

#[test]
fn regexps() {
    parsed(b"R\"\x04a\\.b\x09", |value| {
        let (source, flags) = value.as_regexp().unwrap();
        assert!(source == "a\\.b");
        assert_eq!(flags, regexp_flags::GLOBAL | regexp_flags::STICKY);
        assert_eq!((value.as_text(), value.kind()), (None, Kind::RegExp));
    });
}
