//! Sums and differences, exact or refused.

use super::{MAX_DIGITS, Number, NumberError, check_magnitude};

/// Room for two aligned coefficients whose sum can still have 38 digits, and a carry.
const WIDTH: u8 = 42;

impl Number {
    /// The exact sum.
    ///
    /// # Errors
    /// `Overflow` and `Underflow` where the sum is out of range. A sum of more than 38 significant digits is `Overflow`
    /// too: that is the sentence AWS gives for `1E50 + 1`.
    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        if self.coefficient == 0 {
            return Ok(other);
        }
        if other.coefficient == 0 {
            return Ok(self);
        }
        let low = self.exponent.min(other.exponent);
        let high = self.leading().max(other.leading());
        if high - i64::from(low) + 2 > i64::from(WIDTH) {
            return Err(NumberError::Overflow);
        }
        let mut digits = [0_i8; WIDTH as usize];
        self.add_digits(low, &mut digits);
        other.add_digits(low, &mut digits);
        let negative = carry(&mut digits);
        collect(&digits, negative, low)
    }

    /// The exact difference; errors as for [`Number::checked_add`].
    pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
        self.checked_add(Self { coefficient: -other.coefficient, ..other })
    }

    /// Adds its signed digits, lowest first, to `digits`, whose first stands for `10^low`.
    fn add_digits(self, low: i16, digits: &mut [i8; WIDTH as usize]) {
        let mut rest = self.coefficient;
        let shift = usize::try_from(self.exponent - low).unwrap_or(usize::MAX);
        for digit in digits.iter_mut().skip(shift) {
            *digit += i8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
    }
}

/// Brings signed digits to 0..=9 and tells whether the number is negative.
fn carry(digits: &mut [i8; WIDTH as usize]) -> bool {
    let negative = digits.iter().rev().find(|digit| **digit != 0).is_some_and(|digit| *digit < 0);
    let mut carry = 0;
    for digit in digits {
        let sum = if negative { -*digit } else { *digit } + carry;
        *digit = sum.rem_euclid(10);
        carry = sum.div_euclid(10);
    }
    negative
}

fn collect(digits: &[i8; WIDTH as usize], negative: bool, low: i16) -> Result<Number, NumberError> {
    let Some(first) = digits.iter().position(|digit| *digit != 0) else { return Ok(Number::default()) };
    let last = digits.iter().rposition(|digit| *digit != 0).unwrap_or(first);
    let (first, last) = (u8::try_from(first).unwrap_or(WIDTH), u8::try_from(last).unwrap_or(WIDTH));
    check_magnitude(i64::from(low) + i64::from(last))?;
    if u32::from(last - first) >= MAX_DIGITS {
        return Err(NumberError::Overflow);
    }
    let coefficient = digits[usize::from(first)..=usize::from(last)]
        .iter()
        .rev()
        .fold(0_i128, |sum, digit| sum * 10 + i128::from(*digit));
    Ok(Number { coefficient: if negative { -coefficient } else { coefficient }, exponent: low + i16::from(first) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::decimal;
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn adds_at_38_digits() {
        let one = number("1");
        assert_eq!(one.checked_add(number("10000000000000000000000")), Ok(number("10000000000000000000001")));
        assert_eq!(number("10000000000000000000000").checked_sub(one), Ok(number("9999999999999999999999")));
        assert_eq!(number("0.1").checked_add(number("0.2")), Ok(number("0.3")));
        assert_eq!(number("5").checked_sub(number("5")), Ok(number("0")));
        let nines = number("99999999999999999999999999999999999999");
        assert_eq!(nines.checked_add(one), Ok(number("1e38")));
        assert_eq!(number("1e38").checked_sub(nines), Ok(one));
        assert_eq!(number("1e39").checked_sub(number("999999999999999999999999999999999999990")), Ok(number("10")));
    }

    #[test]
    fn refuses_sums_that_do_not_fit() {
        assert_eq!(number("9e125").checked_add(number("9e125")), Err(NumberError::Overflow));
        assert_eq!(number("9e125").checked_sub(number("-9e125")), Err(NumberError::Overflow));
        assert_eq!(number("1e50").checked_add(number("1")), Err(NumberError::Overflow));
        assert_eq!(number("1e50").checked_sub(number("1")), Err(NumberError::Overflow));
        assert_eq!(number("1.5e-130").checked_sub(number("1e-130")), Err(NumberError::Underflow));
    }

    proptest! {
        #[test]
        fn adds_as_the_integers_do((left, left_int) in decimal(), (right, right_int) in decimal()) {
            let sum = left_int + right_int;
            let digits = sum.to_string();
            let significant = digits.trim_start_matches('-').trim_end_matches('0').len();
            // A zero with an exponent is held to the range as any other number.
            let exact = if digits == "0" { "0".to_owned() } else { format!("{sum}e-170") }.parse::<Number>();
            match number(&left).checked_add(number(&right)) {
                Ok(added) => prop_assert_eq!(Ok(added), exact),
                Err(error) => prop_assert!(significant > 38 || exact == Err(error)),
            }
        }
    }
}
