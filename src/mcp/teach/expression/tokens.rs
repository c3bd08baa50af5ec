//! The words of an expression, right or wrong, as somebody wrote them.

use serde_json::{Map, Value};

use crate::mcp::tokens;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mcp) enum Kind {
    /// A keyword, a function, or an attribute with its path.
    Word,
    /// `:name`
    Value,
    /// A text in quotes or a number.
    Literal,
    /// Anything else.
    Symbol,
}

/// A word of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mcp) struct Token<'a> {
    pub(in crate::mcp) kind: Kind,
    pub(in crate::mcp) text: &'a str,
    /// Where it begins.
    at: usize,
}

impl Token<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether something can be compared to it.
    pub(super) fn is_operand(&self) -> bool {
        self.kind != Kind::Symbol && !self.is_any(&["AND", "OR", "NOT", "BETWEEN", "IN", "IS", "LIKE"])
    }

    /// Where it stands in the text, in bytes.
    pub(in crate::mcp) fn range(&self) -> std::ops::Range<usize> {
        self.at..self.at + self.text.len()
    }

    /// Whether the other one begins where it ends.
    pub(super) fn touches(&self, other: &Token<'_>) -> bool {
        self.at + self.text.len() == other.at
    }
}

/// Reads the words of an expression. Nothing is refused; a path is one word.
pub(in crate::mcp) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all: Vec<Token<'_>> = Vec::new();
    let mut end = 0;
    for part in tokens::all(text) {
        let at = end;
        end += part.text.len();
        let kind = match part.kind {
            tokens::Kind::Space => continue,
            tokens::Kind::Placeholder if part.text.starts_with(':') => Kind::Value,
            tokens::Kind::Number | tokens::Kind::Quoted => Kind::Literal,
            tokens::Kind::Name | tokens::Kind::Placeholder => Kind::Word,
            tokens::Kind::Sign if part.text.starts_with(char::is_alphabetic) => Kind::Word,
            // What stays open goes on to the end.
            tokens::Kind::Sign if part.text.starts_with(['\'', '"', '`']) => {
                all.push(Token { kind: Kind::Literal, text: &text[at..], at });
                break;
            }
            tokens::Kind::Sign => Kind::Symbol,
        };
        let step = kind == Kind::Word || part.kind == tokens::Kind::Number || matches!(part.text, "." | "[" | "]");
        match all.last_mut() {
            Some(last) if step && last.kind == Kind::Word && last.at + last.text.len() == at => {
                last.text = &text[last.at..end];
            }
            _ => all.push(Token { kind, text: part.text, at }),
        }
    }
    all
}

/// The words as one text again.
pub(super) fn joined(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let tight = matches!(token.text, ")" | ",") || at > 0 && tokens[at - 1].text == "(";
        let call = token.text == "(" && at > 0 && tokens[at - 1].kind == Kind::Word && !tokens[at - 1].is("IN");
        if at > 0 && !tight && !call {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

/// The attribute of each comparison, and the comparison.
pub(in crate::mcp::teach) fn comparisons(tokens: &[Token<'_>]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut begin = 0;
    let mut between = false;
    for (at, token) in tokens.iter().enumerate() {
        let ends = match token.text.to_ascii_uppercase().as_str() {
            "BETWEEN" => {
                between = true;
                false
            }
            "AND" if between => {
                between = false;
                false
            }
            "AND" | "OR" => true,
            _ => false,
        };
        if ends {
            all.push(&tokens[begin..at]);
            begin = at + 1;
        }
    }
    all.push(&tokens[begin..]);
    all.into_iter().filter_map(|part| Some((attribute_in(part)?, joined(part)))).collect()
}

/// The first attribute among these words.
fn attribute_in(tokens: &[Token<'_>]) -> Option<String> {
    let calls = |at: usize| tokens.get(at + 1).is_some_and(|next| next.text == "(");
    let mut words = tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word && token.is_operand());
    words.find(|(at, _)| !calls(*at)).map(|(_, token)| token.text.to_owned())
}

/// The first operand of the first call of a function.
pub(in crate::mcp::teach) fn first_operand_of(function: &str, tokens: &[Token<'_>]) -> Option<String> {
    let at = tokens.iter().position(|token| token.is(function))?;
    let operand = tokens.get(at + 2).filter(|_| tokens.get(at + 1).is_some_and(|next| next.text == "("))?;
    Some(operand.text.to_owned())
}

/// The attribute that a word names: itself, or what its placeholder stands for.
pub(in crate::mcp::teach) fn attribute(part: &Map<String, Value>, word: &str) -> String {
    let names = part.get("names").and_then(Value::as_object);
    let given = names.and_then(|names| names.get(word).or_else(|| names.get(word.strip_prefix('#')?)));
    given.and_then(Value::as_str).unwrap_or(word).to_owned()
}

/// What was given for a placeholder.
pub(in crate::mcp::teach) fn value<'a>(part: &'a Map<String, Value>, placeholder: &str) -> Option<&'a Value> {
    let values = part.get("values")?.as_object()?;
    values.get(placeholder).or_else(|| values.get(placeholder.strip_prefix(':')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_has_words() {
        let texts = |text: &str| tokens(text).iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            texts("a.b[0] >= :x AND contains(#t,'it s')"),
            ["a.b[0]", ">=", ":x", "AND", "contains", "(", "#t", ",", "'it s'", ")"]
        );
        assert_eq!(texts("n+=1; ä = \"x"), ["n", "+=", "1", ";", "ä", "=", "\"x"]);
        assert_eq!(joined(&tokens("f( a,:b )=x IN(:c)")), "f(a, :b) = x IN (:c)");
        for odd in ["", ":", "'", "é'", "#", "𝒳:", "\u{0}"] {
            let _ = tokens(odd);
        }
    }

    #[test]
    fn comparisons_are_told_apart() {
        let of = |text: &str| comparisons(&tokens(text));
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            of("a = :a AND n BETWEEN :x AND :y and begins_with(b, :b)"),
            [pair("a", "a = :a"), pair("n", "n BETWEEN :x AND :y"), pair("b", "begins_with(b, :b)")]
        );
        assert_eq!(of(""), []);
    }
}
