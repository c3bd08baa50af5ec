//! Which of the names that there are is meant by one that there is not.

/// How alike two names must be, from 0 to 1, for one to stand for the other.
const ALIKE: f64 = 0.6;

/// The nearest of `names`, where one is near enough to be meant.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.into_iter().map(|name| (likeness(wanted, name), name));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name)
}

/// Whether two names differ in their case, in marks between words, or in a plural alone.
pub(crate) fn same_but_for_spelling(a: &str, b: &str) -> bool {
    !bare(a).is_empty() && bare(a) == bare(b)
}

fn likeness(wanted: &str, name: &str) -> f64 {
    let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
    if wanted == name {
        return 1.0;
    }
    if same_but_for_spelling(&wanted, &name) {
        return 0.99;
    }
    let (short, long) = if wanted.len() < name.len() { (&wanted, &name) } else { (&name, &wanted) };
    let within = if short.len() >= 3 && long.contains(short.as_str()) { 0.7 } else { 0.0 };
    strsim::normalized_damerau_levenshtein(&wanted, &name).max(within)
}

/// The letters and digits in lower case, without the `s` of a plural.
fn bare(name: &str) -> String {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    bare.strip_suffix('s').map(str::to_owned).unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_that_is_meant() {
        let tables = ["orders", "orders-archive", "users", "user_sessions"];
        for (wanted, meant) in
            [("Orders", "orders"), ("order", "orders"), ("usres", "users"), ("UserSessions", "user_sessions")]
        {
            assert_eq!(nearest(wanted, tables), Some(meant), "{wanted}");
        }
        for far in ["invoices", "x", ""] {
            assert_eq!(nearest(far, tables), None, "{far}");
        }
    }
}
