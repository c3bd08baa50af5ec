//! The tables of operations in `docs/s3.md` and `docs/dynamodb.md`: which tests hold an operation, and what of it works.
//! The pages are in the binary as they are, so that what is told is what they say.

const PAGES: [&str; 2] = [include_str!("../../docs/s3.md"), include_str!("../../docs/dynamodb.md")];

/// What a page says of an operation.
#[derive(Debug, Clone)]
pub struct Documented {
    /// `since 0.1.0`, `never set` or `not yet`.
    pub works: &'static str,
    /// Files with tests.
    pub tested: Vec<String>,
    /// What of it works, or does not.
    pub of_it: &'static str,
}

/// Every operation in the pages.
pub fn documented() -> impl Iterator<Item = (&'static str, Documented)> {
    PAGES.iter().flat_map(|page| page.lines()).filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.strip_suffix('|')?.split(" |").map(str::trim).collect();
        let [name, works, tested, of_it] = *cells.as_slice() else { return None };
        let name = name.strip_suffix(" (Streams)").unwrap_or(name);
        let name = if name.starts_with("POST forms") { "PostObject" } else { name };
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let tested = tested.split(',').map(|file| file.trim().trim_matches('`').to_owned());
        let tested = tested.filter(|file| !file.is_empty()).collect();
        is_name.then_some((name, Documented { works, tested, of_it }))
    })
}
