//! Values of version 13 that V8 reads twice: views with flags, and references to whatever there is.

use super::Random;

/// A value, and how many ids it takes.
struct Maker<'r> {
    random: &'r mut Random,
    blob: Vec<u8>,
    ids: usize,
    /// Keys come once in a run: of an object with keys that V8 has met before it may have nothing when a
    /// reading fails.
    key: usize,
    /// Whether there are host objects, each with a value in it.
    hosts: bool,
}

/// Flags with which a buffer of fixed length may have a view. As tags they are values, ends, or wrong.
const FLAGS: &[u8] = b"\0\0\x04\x04\x08xxTD$,0@\\th\x20";

pub(super) fn make(random: &mut Random, number: usize, hosts: bool) -> Vec<u8> {
    let blob = vec![0xFF, 13];
    let mut maker = Maker { random, blob, ids: 0, key: number * 64, hosts };
    maker.container(3);
    maker.blob
}

impl Maker<'_> {
    fn value(&mut self, depth: usize) {
        match self.random.below(if depth > 0 { 16 } else { 11 }) {
            0 => self.blob.push(self.random.of(b"TF_0")),
            1 => self.blob.extend([b'I', self.random.below(256) as u8 & 0x7F]),
            2 => self.text(),
            3 => {
                self.ids += 1;
                self.blob.push(self.random.of(b"xy"));
            }
            4 => {
                self.ids += 1;
                let object: &[u8] = self.random.of(&[
                    &b"s\"\x01a"[..],
                    b"R\"\x01b\x02",
                    b"zZ",
                    b"o{\0",
                    b"A\0$\0\0",
                ]);
                let object = if object == b"zZ" { b"z\x10\x01\0\0\0\0\0\0\0" } else { object };
                self.blob.extend(object);
            }
            5 | 6 => self.reference(),
            7..=9 => self.buffer(),
            10 => {
                self.ids += 1;
                self.blob.extend(b"D\0\0\0\0\0\0\xF0\x3F");
            }
            11 | 12 if self.hosts => {
                self.ids += 1;
                self.blob.push(b'\\');
                self.value(depth - 1);
            }
            _ => self.container(depth - 1),
        }
    }

    fn text(&mut self) {
        self.blob.extend([b'"', 1, b'a' + self.random.below(26) as u8]);
    }

    /// To what has been met, in the first reading or in the second, or not at all.
    fn reference(&mut self) {
        let id = self.random.below(2 * self.ids + 3) as u8 & 0x7F;
        self.blob.extend([b'^', id]);
        if self.random.below(3) == 0 {
            self.view(1);
        }
    }

    fn buffer(&mut self) {
        self.ids += 1;
        let length = self.random.below(3);
        if self.random.below(8) == 0 {
            self.blob.extend([b'~', length as u8, 4]);
        } else {
            self.blob.extend([b'B', length as u8]);
        }
        self.blob.extend(vec![b'T'; length]);
        if self.random.below(3) > 0 {
            self.view(length);
        }
    }

    fn view(&mut self, length: usize) {
        self.ids += 1;
        let kind = self.random.of(b"BbC?");
        self.blob.extend([b'V', kind, 0, self.random.below(length + 1) as u8]);
        match self.random.below(8) {
            0 => {}
            1 => self.blob.push(self.random.below(4) as u8),
            _ => self.blob.push(self.random.of(FLAGS)),
        }
    }

    /// A view and a string, which are a view, a Date and anything where flags are not read: other values, up to
    /// somewhere, or any bytes.
    fn misread(&mut self) {
        const ANY: &[u8] =
            b"oo;'rrmmsAa..Mms\"\"cS^^IITF0_yxnzDRRB~CVtup\\{,:@$\0\0\0\x01\x01\x02\x02\x03w";
        self.ids += 2;
        let before = std::mem::take(&mut self.blob);
        if self.random.below(2) == 0 {
            (0..=self.random.below(2)).for_each(|_| self.value(3));
            if self.random.below(2) == 0 {
                let length = self.random.below(self.blob.len() + 1);
                self.blob.truncate(length);
            }
            self.blob.truncate(112);
            let last = self.random.of(ANY);
            self.blob.push(last);
        } else {
            for _ in 0..=self.random.below(12) {
                let byte = self.random.of(ANY);
                self.blob.push(byte);
            }
        }
        let within = std::mem::replace(&mut self.blob, before);
        self.blob.extend(b"B\0VB\0\0D");
        self.blob.extend([b'"', 6 + within.len() as u8]);
        self.blob.extend([0; 6]);
        self.blob.extend(within);
    }

    fn key(&mut self) {
        if self.random.below(8) == 0 {
            self.blob.extend([b'I', self.random.below(8) as u8]);
            return;
        }
        // Now and then one is there twice.
        self.key += usize::from(self.random.below(8) > 0);
        let key = format!("k{}", self.key);
        self.blob.extend([b'"', key.len() as u8]);
        self.blob.extend(key.as_bytes());
    }

    fn pairs(&mut self, count: usize, depth: usize) {
        for _ in 0..count {
            self.key();
            self.value(depth);
        }
    }

    fn container(&mut self, depth: usize) {
        self.ids += 1;
        let count = self.random.below(5);
        match self.random.below(7) {
            0 => {
                self.blob.push(b'o');
                self.pairs(count, depth);
                self.blob.extend([b'{', count as u8]);
            }
            1 => {
                self.blob.push(b'\'');
                (0..count).for_each(|_| self.value(depth));
                self.blob.extend([b',', count as u8]);
            }
            2 => {
                self.blob.push(b';');
                (0..2 * count).for_each(|_| self.value(depth));
                self.blob.extend([b':', 2 * count as u8]);
            }
            3 => {
                self.blob.extend([b'a', 9]);
                self.pairs(count, depth);
                self.blob.extend([b'@', count as u8, 9]);
            }
            4 => {
                self.blob.push(b'r');
                if self.random.below(2) == 0 {
                    self.blob.push(b'm');
                    self.text();
                }
                self.blob.extend(b"s\"\x01@");
                if self.random.below(4) > 0 {
                    self.blob.push(b'c');
                    self.value(depth);
                }
                self.blob.push(b'.');
            }
            _ => {
                self.blob.extend([b'A', count as u8]);
                let mut left = count;
                while left > 0 {
                    left -= 1;
                    if left > 0 && self.random.below(12) == 0 {
                        left -= 1;
                        self.misread();
                    } else if self.random.below(9) == 0 {
                        self.blob.push(b'-');
                    } else {
                        self.value(depth);
                    }
                }
                let more = self.random.below(2);
                self.pairs(more, depth);
                self.blob.extend([b'$', more as u8, count as u8]);
            }
        }
    }
}
