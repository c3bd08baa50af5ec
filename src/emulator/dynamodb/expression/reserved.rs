//! The 573 words that DynamoDB keeps for itself: they stand in expressions only behind `#names`.
//!
//! The list is the Developer Guide's page "Reserved words in DynamoDB".

static WORDS: &str = include_str!("reserved.txt");

/// Whether `name` is reserved, in any case.
pub(super) fn is_reserved(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    sorted().binary_search(&upper.as_str()).is_ok()
}

fn sorted() -> &'static [&'static str] {
    static SORTED: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| WORDS.lines().collect());
    &SORTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_573_words_in_any_case() {
        assert_eq!(sorted().len(), 573);
        assert!(sorted().is_sorted());
        assert!(["status", "Name", "ZONE", "abort"].iter().all(|word| is_reserved(word)));
        assert!(!is_reserved("pk") && !is_reserved(""));
    }
}
