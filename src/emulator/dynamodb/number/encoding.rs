//! The encoding of numbers in keys: bytes compare as the numbers do, no encoding is the start of another.
//!
//! Zero is `80`. A positive number is `81`, the power of ten of its first digit + 130, each two digits + 1 (the last
//! padded with a zero), `00`. A negative number is `7F` and the complement of the rest.

use super::{MAX_DIGITS, MIN_LEADING, Number};

const ZERO: u8 = 0x80;
const POSITIVE: u8 = 0x81;
const NEGATIVE: u8 = 0x7F;

impl Number {
    /// Appends the encoding, at most 22 bytes.
    pub fn encode(self, out: &mut Vec<u8>) {
        if self.coefficient == 0 {
            out.push(ZERO);
            return;
        }
        out.push(if self.is_negative() { NEGATIVE } else { POSITIVE });
        let start = out.len();
        out.push(u8::try_from(self.leading() - MIN_LEADING).unwrap_or(u8::MAX));
        let count = self.digit_count();
        let mut rest = self.coefficient.unsigned_abs() * if count % 2 == 1 { 10 } else { 1 };
        let pairs = out.len();
        while rest > 0 {
            out.push(u8::try_from(rest % 100).unwrap_or(0) + 1);
            rest /= 100;
        }
        out[pairs..].reverse();
        out.push(0);
        if self.is_negative() {
            out[start..].iter_mut().for_each(|byte| *byte = !*byte);
        }
    }

    /// Reads an encoding from the start of `bytes`: the number and how many bytes it took. `None` if it is none.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let (mask, rest) = match bytes {
            [ZERO, ..] => return Some((Self::default(), 1)),
            [POSITIVE, rest @ ..] => (0, rest),
            [NEGATIVE, rest @ ..] => (0xFF, rest),
            _ => return None,
        };
        let leading = i16::from(rest.first()? ^ mask) - 130;
        let mut coefficient = 0_i128;
        let mut digits = 0_i16;
        for (at, byte) in rest.iter().enumerate().skip(1) {
            match byte ^ mask {
                0 if coefficient != 0 => {
                    let mut exponent = leading - digits + 1;
                    while coefficient % 10 == 0 {
                        coefficient /= 10;
                        exponent += 1;
                    }
                    let coefficient = if mask == 0 { coefficient } else { -coefficient };
                    return Some((Self { coefficient, exponent }, at + 2));
                }
                pair @ 1..=100 if digits < i16::try_from(MAX_DIGITS).unwrap_or(38) => {
                    coefficient = coefficient * 100 + i128::from(pair - 1);
                    digits += 2;
                }
                _ => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::decimal;
    use super::*;

    fn encoded(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        text.parse::<Number>().unwrap().encode(&mut out);
        out
    }

    #[test]
    fn lays_numbers_out_as_documented() {
        assert_eq!(encoded("0"), [0x80]);
        assert_eq!(encoded("1"), [0x81, 130, 11, 0]);
        assert_eq!(encoded("12"), [0x81, 131, 13, 0]);
        assert_eq!(encoded("-1"), [0x7F, !130, !11, 0xFF]);
        assert!(encoded("12345678901234567890123456789012345678").len() <= 22);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn bytes_order_as_the_integers_do((left, left_int) in decimal(), (right, right_int) in decimal()) {
            prop_assert_eq!(encoded(&left).cmp(&encoded(&right)), left_int.cmp(&right_int));
        }

        #[test]
        fn decoding_gives_the_number_back((text, _) in decimal(), rest in any::<Vec<u8>>()) {
            let mut bytes = encoded(&text);
            let length = bytes.len();
            bytes.extend(rest);
            prop_assert_eq!(Number::decode(&bytes), Some((text.parse().unwrap(), length)));
        }

        #[test]
        fn decoding_never_panics(bytes in any::<Vec<u8>>()) {
            let _ = Number::decode(&bytes);
        }
    }
}
