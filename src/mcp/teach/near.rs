//! Names that there are, in a sentence about one that there is not.

use crate::mcp::quoted::quoted;
pub(super) use crate::near::{nearest, same_but_for_spelling};

/// The most names that a sentence lists.
const LISTED: usize = 10;

/// Some names as a list, and whether there are more.
pub(in crate::mcp) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let mut shown: Vec<_> = names.by_ref().take(LISTED).map(quoted).collect();
    if names.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// Says that no name begins with a prefix, and which there are.
pub(in crate::mcp) fn none_begins_so<'a>(prefix: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let starts = |name: &&str| name.to_lowercase().starts_with(&prefix.to_lowercase());
    let there = match names.clone().find(starts).or_else(|| nearest(prefix, names.clone())) {
        Some(near) => format!("there is {}", quoted(near)),
        None if names.clone().next().is_none() => "there are none at all".to_owned(),
        None => format!("there are {}", listed(names)),
    };
    format!("no name begins with {}; {there}", quoted(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_somewhere() {
        let many: Vec<_> = (0..20).map(|i| i.to_string()).collect();
        assert!(listed(many.iter().map(String::as_str)).ends_with(r#""9", …"#));
        assert_eq!(listed(["a\nb"]), r#""a\nb""#);
    }
}
