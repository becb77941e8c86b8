//! Base64, dates and checksums, each by its own definition.

/// As division of polynomials: the remainder of the bits, least bit of each byte first.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let bits = bytes.iter().chain(&[0; 4]).flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
    let mut remainder = 0u64;
    for (at, bit) in bits.enumerate() {
        remainder = remainder << 1 | u64::from(bit ^ u8::from(at < 32));
        if remainder >> 32 == 1 {
            remainder ^= 0x1_04C1_1DB7;
        }
    }
    !(remainder as u32).reverse_bits()
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{other} in base64"),
    };
    assert_eq!(text.len() % 4, 0, "padding");
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect();
    digits
        .chunks(4)
        .flat_map(|four| {
            let group = four.iter().fold(0u32, |group, &digit| group << 6 | u32::from(digit))
                << (6 * (4 - four.len()));
            group.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

/// Milliseconds since 1970 of a text such as `2000-01-01T00:00:00.000Z`.
pub(super) fn parse_date(text: &str) -> i64 {
    let (date, time) = text.trim_end_matches('Z').split_once('T').expect("date and time");
    let (year, rest) = date.split_at(date.len() - 6);
    let number = |text: &str| text.parse::<i64>().expect("digits");
    let (year, month, day) = (number(year), number(&rest[1..3]), number(&rest[4..6]));
    // Days from 0000-03-01 on, year by year in one step.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day
            - 1
            - 719_468;
    let ms = number(&time[0..2]) * 3_600_000
        + number(&time[3..5]) * 60_000
        + number(&time[6..8]) * 1000
        + number(&time[9..12]);
    days * 86_400_000 + ms
}
