//! Which tools MCP clients are offered: the setting `tools`.

use std::fmt;
use std::str::FromStr;

use super::setting::shown_value;

/// A choice of tools. Each word of the setting narrows the list to its family or its kind, `all` adds what is rarely used,
/// and the name of a tool adds that one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    words: Vec<String>,
}

/// The words that are no tool's name.
const ALL: &str = "all";
/// What is offered where nothing else is said.
const USUAL: &str = "usual";
const READ: &str = "read";
const FAMILIES: [&str; 2] = ["s3", "dynamodb"];

impl Offered {
    /// Every tool.
    #[must_use]
    pub fn all() -> Self {
        Self { words: vec![ALL.to_owned()] }
    }

    /// Whether even what is rare is offered.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.says(ALL)
    }

    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    /// Whether it names a tool by itself.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str).filter(|word| is_name(word))
    }

    /// Whether a tool is offered: one that only `reads`, one that is `rare`.
    #[must_use]
    pub fn has(&self, tool: &str, reads: bool, rare: bool) -> bool {
        if self.says(tool) {
            return true;
        }
        // Names alone are the whole list; the bridge's own tool is always in it.
        if !self.words.is_empty() && self.names().count() == self.words.len() {
            return tool == "bridge_status";
        }
        let family = |family: &&str| tool.strip_prefix(family).is_some_and(|rest| rest.starts_with('_'));
        let chosen: Vec<_> = FAMILIES.iter().filter(|family| self.says(family)).collect();
        let of_family = chosen.is_empty() || chosen.iter().any(|chosen| family(chosen)) || !FAMILIES.iter().any(family);
        of_family && (reads || !self.says(READ)) && (!rare || self.is_all())
    }

    /// Its names that are the name of none of `tools`.
    #[must_use]
    pub fn unknown<'a>(&'a self, tools: &[&str]) -> Vec<&'a str> {
        self.names().filter(|name| !tools.contains(name)).collect()
    }
}

/// Whether a word names a tool, or nothing: that is known where the tools are.
fn is_name(word: &str) -> bool {
    word != ALL && word != READ && !FAMILIES.contains(&word)
}

impl FromStr for Offered {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != USUAL);
        let words: Vec<_> = words.map(str::to_owned).collect();
        let spelled = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        match words.iter().find(|word| !spelled(word)) {
            Some(word) => {
                Err(format!("`{}` is none of usual, all, read, s3, dynamodb and the names of tools", shown_value(word)))
            }
            None => Ok(Self { words }),
        }
    }
}

impl fmt::Display for Offered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words.is_empty() { f.write_str(USUAL) } else { f.write_str(&self.words.join(",")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of some tools (name, reads, rare) those that a setting offers.
    fn offered(setting: &str) -> Vec<&'static str> {
        let offered: Offered = setting.parse().unwrap();
        let tools = [
            ("bridge_status", true, false),
            ("undo", false, false),
            ("s3_get_object", true, false),
            ("s3_put_object", false, false),
            ("s3_usage", true, true),
            ("dynamodb_scan", true, false),
            ("dynamodb_load_items", false, true),
        ];
        tools
            .into_iter()
            .filter(|(name, reads, rare)| offered.has(name, *reads, *rare))
            .map(|(name, ..)| name)
            .collect()
    }

    #[test]
    fn each_word_narrows_the_list_and_a_name_adds_to_it() {
        let usual = ["bridge_status", "undo", "s3_get_object", "s3_put_object", "dynamodb_scan"];
        assert_eq!(offered(""), usual);
        assert_eq!(offered("all").len(), 7);
        assert_eq!(offered("s3,dynamodb"), usual);
        assert_eq!(offered("read"), ["bridge_status", "s3_get_object", "dynamodb_scan"]);
        assert_eq!(offered("s3"), ["bridge_status", "undo", "s3_get_object", "s3_put_object"]);
        assert_eq!(offered("read, s3,all"), ["bridge_status", "s3_get_object", "s3_usage"]);
        assert_eq!(
            offered("read,dynamodb,dynamodb_load_items"),
            ["bridge_status", "dynamodb_scan", "dynamodb_load_items"]
        );
        assert_eq!(offered("s3_put_object"), ["bridge_status", "s3_put_object"]);
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        assert!("s3;read".parse::<Offered>().is_err());
        assert_eq!("reed".parse::<Offered>().unwrap().unknown(&["s3_get_object"]), ["reed"]);
        assert_eq!("s3_nothing".parse::<Offered>().unwrap().unknown(&["s3_get_object"]), ["s3_nothing"]);
    }
}
