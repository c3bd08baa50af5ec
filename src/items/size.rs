//! How large items are, and sums of their numbers.

use aws_sdk_dynamodb::types::AttributeValue;

use super::decimal::Decimal;
use crate::json::Item;

/// The bytes that DynamoDB counts for an item: names, values, and a little for each list and map. Source: "Item sizes and
/// formats" in the developer guide.
pub(crate) fn size(item: &Item) -> u64 {
    item.iter().map(|(name, value)| length(name.len()) + of(value)).sum()
}

fn of(value: &AttributeValue) -> u64 {
    match value {
        AttributeValue::S(text) => length(text.len()),
        AttributeValue::N(text) => number(text),
        AttributeValue::B(bytes) => length(bytes.as_ref().len()),
        AttributeValue::Ss(set) => set.iter().map(|text| length(text.len())).sum(),
        AttributeValue::Ns(set) => set.iter().map(|text| number(text)).sum(),
        AttributeValue::Bs(set) => set.iter().map(|bytes| length(bytes.as_ref().len())).sum(),
        AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + of(value)).sum::<u64>(),
        AttributeValue::M(map) => 3 + map.iter().map(|(name, value)| length(name.len()) + 1 + of(value)).sum::<u64>(),
        _ => 1,
    }
}

/// Two digits a byte, without zeros at both ends, and one more; another for the sign.
fn number(text: &str) -> u64 {
    let digits = Decimal::parse(text).map_or(0, |number| number.digits.len());
    length(digits.div_ceil(2)) + 1 + u64::from(text.starts_with('-'))
}

fn length(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

/// A sum of decimals, exact while it has at most some 38 digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sum {
    /// So many times ten to a power.
    Exact(i128, i32),
    Rounded(f64),
}

impl Default for Sum {
    fn default() -> Self {
        Self::Exact(0, 0)
    }
}

impl Sum {
    /// Adds a number of DynamoDB's.
    pub(crate) fn add(self, text: &str) -> Self {
        let sum = match (self, parse(text)) {
            (Self::Exact(a, p), Some((b, q))) => exact(a, p, b, q),
            _ => None,
        };
        sum.unwrap_or_else(|| Self::Rounded(self.float() + text.parse().unwrap_or(0.0)))
    }

    fn float(self) -> f64 {
        match self {
            Self::Exact(digits, power) => format!("{digits}e{power}").parse().unwrap_or(f64::NAN),
            Self::Rounded(float) => float,
        }
    }

    /// As DynamoDB writes it.
    pub(crate) fn text(self) -> String {
        let Self::Exact(digits, power) = self else { return self.float().to_string() };
        Decimal::parse(&format!("{digits}e{power}")).map_or_else(String::new, |sum| sum.text())
    }
}

fn exact(a: i128, p: i32, b: i128, q: i32) -> Option<Sum> {
    let power = p.min(q);
    let raised = |digits: i128, from: i32| digits.checked_mul(10_i128.checked_pow(u32::try_from(from - power).ok()?)?);
    Some(Sum::Exact(raised(a, p)?.checked_add(raised(b, q)?)?, power))
}

/// A number's digits and the power of ten of the last of them.
fn parse(text: &str) -> Option<(i128, i32)> {
    let Decimal { negative, digits, exponent } = Decimal::parse(text)?;
    let digits: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some((if negative { -digits } else { digits }, exponent.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_decimals_is_exact_and_says_where_it_is_not() {
        for (numbers, expected) in [
            (&["0.1", "0.2"][..], "0.3"),
            (&["-5", "5"], "0"),
            (&["12.50", "0.50"], "13"),
            (&["1e3", "0.001"], "1000.001"),
            (&["99999999999999999999", "1"], "100000000000000000000"),
            (&["-0.05", "-1.95"], "-2"),
            (&[".5", "1."], "1.5"),
        ] {
            let sum = numbers.iter().fold(Sum::default(), |sum, number| sum.add(number));
            assert_eq!(sum.text(), expected, "{numbers:?}");
        }
        let sum = Sum::default().add("1e30").add("1e-30");
        assert!(matches!(sum, Sum::Rounded(_)), "{sum:?}");
    }

    #[test]
    fn an_item_is_as_large_as_the_guide_says() {
        let item = Item::from([
            ("pk".to_owned(), AttributeValue::S("äb".to_owned())),
            ("n".to_owned(), AttributeValue::N("-1200.5".to_owned())),
            ("l".to_owned(), AttributeValue::L(vec![AttributeValue::Bool(true), AttributeValue::Null(true)])),
            ("m".to_owned(), AttributeValue::M([("k".to_owned(), AttributeValue::S("v".to_owned()))].into())),
        ]);
        assert_eq!(size(&item), (2 + 3) + (1 + 3 + 1 + 1) + (1 + 3 + 4) + (1 + 3 + 1 + 1 + 1));
    }
}
