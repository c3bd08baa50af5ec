//! Decimals as DynamoDB compares them: by their value, however they are written.

use std::cmp::Ordering;

/// A decimal, exact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    pub(super) negative: bool,
    /// Without zeros at either end; none of zero.
    pub(super) digits: String,
    /// The power of ten of the last digit.
    pub(super) exponent: i64,
}

impl Decimal {
    /// Reads `-12.50`, `.5` or `1E+2`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let cut = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - cut.len()).ok()?;
        let digits = cut.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, exponent: 0 });
        }
        let exponent = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        Some(Self { negative, digits, exponent: exponent.checked_add(zeros)? })
    }

    /// As DynamoDB writes it.
    pub(crate) fn text(&self) -> String {
        let Self { negative, digits, exponent } = self;
        let sign = if *negative { "-" } else { "" };
        match usize::try_from(exponent.unsigned_abs()).unwrap_or_default() {
            _ if digits.is_empty() => "0".to_owned(),
            zeros if *exponent >= 0 => format!("{sign}{digits}{}", "0".repeat(zeros)),
            places => {
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                format!("{sign}{whole}.{fraction}")
            }
        }
    }

    /// Where its first digit stands.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Digits without zeros at their ends compare as texts do, where they begin at the same place.
        let size = |one: &Self, other: &Self| match (one.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => one.magnitude().cmp(&other.magnitude()).then_with(|| one.digits.cmp(&other.digits)),
            (one, other) => other.cmp(&one),
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (one, other) => other.cmp(&one),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn decimals_are_in_order_to_their_last_digit() {
        let ordered = [
            "-1E+120",
            "-12345678901234567890123456789012345678",
            "-12345678901234567890123456789012345677",
            "-10",
            "-9.9",
            "-0.1",
            "-1e-130",
            "0",
            "1e-130",
            "0.09",
            "0.1",
            "0.10000000000000000000000000000000000001",
            "9.99",
            "10",
            "9007199254740992",
            "9007199254740993",
            "12345678901234567890123456789012345677",
            "12345678901234567890123456789012345678",
            "9.9E+125",
        ];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                assert_eq!(of(one).cmp(&of(other)), at.cmp(&other_at), "{one} {other}");
            }
        }
    }

    #[test]
    fn equal_numbers_are_one_however_they_are_written() {
        for (a, b) in [("1", "1.0"), ("100", "1E+2"), ("-0.50", "-.5"), ("0", "-0.0"), ("007", "7"), ("1200e-2", "12")]
        {
            assert_eq!(of(a), of(b), "{a} {b}");
            assert_eq!(of(&of(a).text()), of(b));
        }
        assert_eq!(
            ["-12.50", "1E+2", "-0.0", ".05", "120"].map(|text| of(text).text()),
            ["-12.5", "100", "0", "0.05", "120"]
        );
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "0.01")] {
            assert_ne!(of(a), of(b), "{a} {b}");
        }
        for none in ["", "-", ".", "e5", "1e", "one", "1.2.3"] {
            assert_eq!(Decimal::parse(none), None, "{none}");
        }
    }
}
