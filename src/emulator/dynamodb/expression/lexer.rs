//! Tokens: words, `#names`, `:values`, numbers and signs.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a function or a keyword.
    Word,
    /// `#name`
    Name,
    /// `:value`
    Value,
    /// Digits.
    Number,
    /// An operator, bracket, comma or dot.
    Sign,
    /// A character that starts no token.
    Unknown,
    /// The end of the text.
    End,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub start: usize,
}

impl Token<'_> {
    /// The byte after its last.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this operator, bracket, comma or dot.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// Whether it is this keyword, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// All tokens of `text`, without the end.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let (kind, length) = scan(first, &text[at..]);
        tokens.push(Token { kind, text: &text[at..at + length], start: at });
        at += length;
    }
    tokens
}

/// Kind and length of the token at the start of `rest`.
fn scan(first: char, rest: &str) -> (Kind, usize) {
    let name = || 1 + run(&rest[1..], |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match first {
        'a'..='z' | 'A'..='Z' => (Kind::Word, name()),
        '#' if name() > 1 => (Kind::Name, name()),
        ':' if name() > 1 => (Kind::Value, name()),
        '0'..='9' => (Kind::Number, run(rest, |byte| byte.is_ascii_digit())),
        '<' | '>' if ["<>", "<=", ">="].iter().any(|sign| rest.starts_with(sign)) => (Kind::Sign, 2),
        '<' | '>' | '=' | '+' | '-' | '(' | ')' | '[' | ']' | ',' | '.' => (Kind::Sign, 1),
        other => (Kind::Unknown, other.len_utf8()),
    }
}

fn run(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| belongs(*byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_text_into_tokens() {
        let texts: Vec<_> = tokens("SET #a.b[12]=:v_1+_x<>é # ").iter().map(|token| token.text).collect();
        assert_eq!(texts, ["SET", "#a", ".", "b", "[", "12", "]", "=", ":v_1", "+", "_", "x", "<>", "é", "#"]);
        assert_eq!(tokens("123a")[1].text, "a");
    }
}
