//! DynamoDB's number: up to 38 significant digits, magnitude 1E-130 to 9.99…E+125.

mod arithmetic;
mod encoding;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The most significant digits that a number has.
const MAX_DIGITS: u32 = 38;
/// The power of ten of the leading digit of the largest and the smallest magnitude.
const MAX_LEADING: i64 = 125;
const MIN_LEADING: i64 = -130;

/// A DynamoDB number: `coefficient × 10^exponent`, normalised (no trailing zeros in the coefficient, zero is 0×10^0), so
/// that equality of the fields is equality of the numbers. It prints as AWS prints it: plain decimal notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Number {
    coefficient: i128,
    exponent: i16,
}

/// Why a text is not a DynamoDB number, or a sum is out of range: AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a number at all; holds the text.
    #[error("The parameter cannot be converted to a numeric value: {_0}")]
    NotNumeric(String),
    /// More than 38 significant digits.
    #[error("Attempting to store more than 38 significant digits in a Number")]
    Precision,
    /// Over 9.99…E+125.
    #[error("Number overflow. Attempting to store a number with magnitude larger than supported range")]
    Overflow,
    /// As [`NumberError::Overflow`], with a power of ten that Java still reads, and that is past its integers once the
    /// digits are added: batches and transactions take it for a very small number.
    #[error("{}", Self::Overflow)]
    Wrapped,
    /// Under 1E-130.
    #[error("Number underflow. Attempting to store a number with magnitude smaller than supported range")]
    Underflow,
}

impl NumberError {
    /// Whether this is AWS's sentence on a number.
    #[must_use]
    pub fn is_told_in(sentence: &str) -> bool {
        let of = [Self::NotNumeric(String::new()), Self::Precision, Self::Overflow, Self::Underflow];
        of.iter().any(|error| sentence.starts_with(&error.to_string()))
    }

    /// The fault as batches and transactions see it, whose sum of power and digits overflows.
    #[must_use]
    pub fn wrapped(self) -> Self {
        if self == Self::Wrapped { Self::Underflow } else { self }
    }
}

/// The digits of a text before they are known to fit: zeros at either end are not significant.
#[derive(Default)]
struct Scan {
    coefficient: i128,
    /// Digits from the first to the last that is not zero.
    significant: i64,
    /// Zeros after the last digit that is not zero.
    pending: i64,
    /// Digits after the point.
    fraction: i64,
    /// Any digit at all.
    seen: bool,
}

impl Scan {
    fn digit(&mut self, byte: u8, after_point: bool) {
        self.seen = true;
        self.fraction += i64::from(after_point);
        if byte == b'0' {
            self.pending += i64::from(self.significant > 0);
            return;
        }
        self.significant += self.pending + 1;
        if self.significant <= i64::from(MAX_DIGITS) {
            for _ in 0..self.pending {
                self.coefficient *= 10;
            }
            self.coefficient = self.coefficient * 10 + i128::from(byte - b'0');
        }
        self.pending = 0;
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads `[+-]digits[.digits][e[+-]digits]` (either digits may be missing, not both). No spaces, no `NaN`.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let not_numeric = || NumberError::NotNumeric(text.to_owned());
        let (negative, unsigned) = split_sign(text.as_bytes());
        let mut scan = Scan::default();
        let mut after_point = false;
        let mut power = 0;
        for (at, byte) in unsigned.iter().enumerate() {
            match byte {
                b'0'..=b'9' => scan.digit(*byte, after_point),
                b'.' if !after_point => after_point = true,
                b'e' | b'E' if scan.seen => {
                    power = parse_power(&unsigned[at + 1..]).ok_or_else(not_numeric)?;
                    break;
                }
                _ => return Err(not_numeric()),
            }
        }
        if !scan.seen {
            return Err(not_numeric());
        }
        if scan.significant == 0 {
            // A zero may not be written with an exponent that no number could have either.
            return check_magnitude(power - scan.fraction).map(|()| Self::default());
        }
        let exponent = power - scan.fraction + scan.pending;
        check_magnitude(exponent + scan.significant - 1).map_err(|error| match error {
            NumberError::Overflow if power <= i64::from(i32::MAX) && wraps(exponent + scan.significant) => {
                NumberError::Wrapped
            }
            other => other,
        })?;
        if scan.significant > i64::from(MAX_DIGITS) {
            return Err(NumberError::Precision);
        }
        let coefficient = if negative { -scan.coefficient } else { scan.coefficient };
        Ok(Self { coefficient, exponent: i16::try_from(exponent).map_err(|_| NumberError::Overflow)? })
    }
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// The power of ten after `e`, clamped far outside the range.
fn parse_power(text: &[u8]) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let power = digits.iter().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -power } else { power })
}

/// Whether a number with its point after so many digits has more of them than a Java integer counts.
fn wraps(point: i64) -> bool {
    point > i64::from(i32::MAX)
}

fn check_magnitude(leading: i64) -> Result<(), NumberError> {
    match leading {
        i64::MIN..MIN_LEADING => Err(NumberError::Underflow),
        MIN_LEADING..=MAX_LEADING => Ok(()),
        _ => Err(NumberError::Overflow),
    }
}

impl Number {
    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.coefficient < 0
    }

    /// The count of significant digits; none for zero.
    fn digit_count(self) -> u32 {
        self.coefficient.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1)
    }

    /// The power of ten of the first digit.
    fn leading(self) -> i64 {
        i64::from(self.exponent) + i64::from(self.digit_count()) - 1
    }

    /// The size in bytes as AWS counts it: one, and one for each two digits before and after the point (zeros at either
    /// end not counted), and one for the minus sign.
    #[must_use]
    pub fn size(self) -> usize {
        let digits = i64::from(self.digit_count());
        let whole = (digits + i64::from(self.exponent)).clamp(0, digits);
        let bytes = 1 + (whole + 1) / 2 + (digits - whole + 1) / 2 + i64::from(self.is_negative());
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.coefficient.unsigned_abs().to_string();
        let point = i64::try_from(digits.len()).unwrap_or(0) + i64::from(self.exponent);
        if self.is_negative() {
            f.write_str("-")?;
        }
        match usize::try_from(point) {
            Ok(0) | Err(_) => {
                f.write_str("0.")?;
                zeros(f, point.unsigned_abs())?;
                f.write_str(&digits)
            }
            Ok(point) if point < digits.len() => write!(f, "{}.{}", &digits[..point], &digits[point..]),
            Ok(point) => {
                f.write_str(&digits)?;
                zeros(f, (point - digits.len()) as u64)
            }
        }
    }
}

fn zeros(f: &mut fmt::Formatter<'_>, count: u64) -> fmt::Result {
    (0..count).try_for_each(|_| f.write_str("0"))
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_sign = self.coefficient.signum().cmp(&other.coefficient.signum());
        by_sign.then_with(|| match self.coefficient.signum() {
            0 => Ordering::Equal,
            1 => magnitude_cmp(*self, *other),
            _ => magnitude_cmp(*other, *self),
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares magnitudes of numbers that are not zero.
fn magnitude_cmp(left: Number, right: Number) -> Ordering {
    let aligned = |number: Number| {
        number.coefficient.unsigned_abs() * 10_u128.pow(MAX_DIGITS.saturating_sub(number.digit_count()))
    };
    left.leading().cmp(&right.leading()).then_with(|| aligned(left).cmp(&aligned(right)))
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        let (mut coefficient, mut exponent) = (i128::from(value), 0);
        while coefficient != 0 && coefficient % 10 == 0 {
            coefficient /= 10;
            exponent += 1;
        }
        Self { coefficient, exponent }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn prints_the_normalised_plain_form() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("0e125", "0"),
            ("007", "7"),
            ("+3", "3"),
            (".123", "0.123"),
            ("5.", "5"),
            ("1.50", "1.5"),
            ("100", "100"),
            ("-17.4E37", "-174000000000000000000000000000000000000"),
            ("1e-3", "0.001"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("0.10", "0.1"),
        ] {
            assert_eq!(number(text).to_string(), printed, "{text}");
        }
        assert_eq!(number("1e125").to_string().len(), 126);
        assert_eq!(number("1e-130").to_string().len(), 132);
    }

    #[test]
    fn refuses_what_aws_refuses() {
        let message = |text: &str| text.parse::<Number>().unwrap_err().to_string();
        assert_eq!(message(""), "The parameter cannot be converted to a numeric value: ");
        for text in
            ["NaN", "Infinity", "-Infinity", "dog", " 1", "1 ", "1e", "e5", ".", "-", "1..2", "1e5.0", "0x10", "１"]
        {
            assert_eq!(message(text), format!("The parameter cannot be converted to a numeric value: {text}"));
        }
        let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
        let underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
        for text in ["1e126", "11e125", "-1e126", "1e99999999999999999999999"] {
            assert_eq!(message(text), overflow, "{text}");
        }
        for text in ["1e-131", "0.9e-130", "1e-99999999999999999999999"] {
            assert_eq!(message(text), underflow, "{text}");
        }
        for text in ["123456789012345678901234567890123456789", "3.14159265358979323846264338327950288419"] {
            assert_eq!(message(text), "Attempting to store more than 38 significant digits in a Number");
        }
        assert!("9.9999999999999999999999999999999999999E+125".parse::<Number>().is_ok());
    }

    #[test]
    fn costs_what_aws_charges() {
        for (text, size) in [("0", 1), ("42", 2), ("-42", 3), ("100", 2), ("1.5", 3), ("0.001", 2), ("12345", 4)] {
            assert_eq!(number(text).size(), size, "{text}");
        }
        assert_eq!(number("12345678901234567890123456789012345678").size(), 20);
    }

    /// A decimal text, and the same number as an integer scaled by 10^170.
    pub(super) fn decimal() -> impl Strategy<Value = (String, num_bigint::BigInt)> {
        (any::<bool>(), "[1-9]{0,1}[0-9]{0,37}", -130_i32..=87).prop_filter_map(
            "in range",
            |(negative, digits, power)| {
                let sign = if negative { "-" } else { "" };
                let text = format!("{sign}{}e{power}", if digits.is_empty() { "0" } else { &digits });
                text.parse::<Number>().ok()?;
                let scaled = format!("{sign}{digits}0").parse::<num_bigint::BigInt>().ok()?;
                Some((text, scaled * num_bigint::BigInt::from(10).pow(u32::try_from(power + 169).ok()?)))
            },
        )
    }

    proptest! {
        #[test]
        fn orders_as_the_integers_do((left, left_int) in decimal(), (right, right_int) in decimal()) {
            prop_assert_eq!(number(&left).cmp(&number(&right)), left_int.cmp(&right_int));
            prop_assert_eq!(number(&left) == number(&right), left_int == right_int);
        }

        #[test]
        fn printing_and_reading_gives_the_same_number((text, _) in decimal()) {
            prop_assert_eq!(number(&number(&text).to_string()), number(&text));
        }

        #[test]
        fn never_panics(text in "[-+0-9.eE ]{0,60}|\\PC{0,20}") {
            let _ = text.parse::<Number>();
        }
    }
}
