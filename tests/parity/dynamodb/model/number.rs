//! Numbers as DynamoDB has them: 38 digits, from 1E-130 to 9.9…E+125, written without needless digits.

use std::cmp::Ordering;

use num_bigint::BigInt;

const DIGITS: usize = 38;
/// Exponents in scientific notation.
const LARGEST: i64 = 125;
const SMALLEST: i64 = -130;

/// `units * 10^exponent`, without zeros at the end of `units`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    units: BigInt,
    exponent: i64,
}

impl Number {
    /// A number as a request writes it; none where DynamoDB takes no such number.
    pub fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let bare = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
        if whole.is_empty() && part.is_empty() || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let units: BigInt = format!("{whole}{part}").parse().ok()?;
        let units = if mantissa.starts_with('-') { -units } else { units };
        let exponent = exponent - i64::try_from(part.len()).ok()?;
        if units == BigInt::from(0) && !(SMALLEST..=LARGEST).contains(&exponent) {
            return None;
        }
        Self { units, exponent }.fitting()
    }

    fn fitting(mut self) -> Option<Self> {
        let zero = BigInt::from(0);
        if self.units == zero {
            return Some(Self { units: zero, exponent: 0 });
        }
        while &self.units % 10 == zero {
            self.units /= 10;
            self.exponent += 1;
        }
        let digits = self.units.magnitude().to_string().len();
        let scientific = self.exponent + i64::try_from(digits).ok()? - 1;
        (digits <= DIGITS && (SMALLEST..=LARGEST).contains(&scientific)).then_some(self)
    }

    fn at(&self, exponent: i64) -> BigInt {
        let by = u32::try_from(self.exponent - exponent).expect("a lower exponent");
        &self.units * BigInt::from(10).pow(by)
    }

    /// The sum; none where it does not fit.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        Self { units: self.at(exponent) + other.at(exponent), exponent }.fitting()
    }

    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&Self { units: -other.units.clone(), exponent: other.exponent })
    }

    pub fn order(&self, other: &Self) -> Ordering {
        let exponent = self.exponent.min(other.exponent);
        self.at(exponent).cmp(&other.at(exponent))
    }

    /// The number as DynamoDB writes it.
    pub fn write(&self) -> String {
        let digits = self.units.magnitude().to_string();
        let sign = if self.units < BigInt::from(0) { "-" } else { "" };
        let point = i64::try_from(digits.len()).expect("few digits") + self.exponent;
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
        if self.exponent >= 0 {
            format!("{sign}{digits}{}", zeros(self.exponent))
        } else if point > 0 {
            let (whole, part) = digits.split_at(usize::try_from(point).expect("not negative"));
            format!("{sign}{whole}.{part}")
        } else {
            format!("{sign}0.{}{digits}", zeros(-point))
        }
    }

    /// The bytes that it counts for: a byte for two digits, and one or two more.
    pub fn size(&self) -> usize {
        if self.units == BigInt::from(0) {
            return 1;
        }
        // Digits are counted in pairs on both sides of the point.
        let digits = i64::try_from(self.units.magnitude().to_string().len()).expect("few digits");
        let high = (self.exponent + digits).div_euclid(2) + (self.exponent + digits).rem_euclid(2);
        let low = self.exponent.div_euclid(2);
        let negative = usize::from(self.units < BigInt::from(0));
        usize::try_from(high - low).expect("high is above low") + 1 + negative
    }
}
