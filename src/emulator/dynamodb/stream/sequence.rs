//! Sequence numbers: the store's own sequence in AWS's shape, 21 to 40 digits that grow.

/// One digit before the twenty of the largest number, and three more, so that it is as long as AWS's mostly are.
const LEAD: &str = "1000";

/// The number as AWS would show it: 24 digits, in the same order as text and as numbers.
#[must_use]
pub fn show(sequence: u64) -> String {
    format!("{LEAD}{sequence:020}")
}

/// The number that [`show`] made this of.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let digits = text.strip_prefix(LEAD).filter(|digits| digits.len() == 20)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_keep_their_order_as_text() {
        let numbers = [0, 1, 9, 10, 12_345, u64::MAX];
        let shown = numbers.map(show);
        assert!(shown.is_sorted() && shown.iter().all(|text| (21..=40).contains(&text.len())));
        assert_eq!(shown.each_ref().map(|text| parse(text)), numbers.map(Some));
        for other in ["", "1", "100000000000000000000001x", "200000000000000000000001", "10000+000000000000000001"] {
            assert_eq!(parse(other), None, "{other}");
        }
        assert_eq!(parse("100099999999999999999999"), None, "larger than any that the store gives");
    }
}
