//! A source file as words, texts and marks, without comments: enough to see calls and literals in it.
//!
//! No grammar is held to, so that a file which its own language would refuse is read as far as it makes sense. The work
//! grows with the length of the file, whatever is in it.

use std::cell::Cell;

/// What differs between languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Python.
    Python,
    /// JavaScript and TypeScript.
    JavaScript,
    /// Go.
    Go,
    /// Java, and Kotlin as far as it looks like it.
    Java,
    /// Terraform's.
    Terraform,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// What stands between quotes, as it is written.
    Text(&'a str),
    /// One character of anything else.
    Mark(u8),
}

/// A token, and the line on which it begins, from 1.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its line.
    pub line: u32,
}

/// The tokens of a file.
#[derive(Debug)]
pub struct Tokens<'a> {
    all: Vec<Token<'a>>,
    /// For a bracket, the position of the one that it belongs to; for everything else its own.
    partners: Vec<usize>,
    /// How many tokens may still be looked at a second time.
    left: Cell<usize>,
}

/// How many tokens of a file may be looked at a second time: variables are looked up where they are used, and a file may be
/// made so that this takes long.
const SECOND_LOOKS: usize = 20_000_000;

impl<'a> Tokens<'a> {
    /// Reads `text`.
    #[must_use]
    pub fn read(text: &'a str, syntax: Syntax) -> Self {
        let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0, line: 1, syntax, tokens: Vec::new() };
        lexer.run();
        let partners = partners(&lexer.tokens);
        Self { all: lexer.tokens, partners, left: Cell::new(SECOND_LOOKS) }
    }

    /// How many there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether `count` tokens may be looked at once more, which is then counted.
    #[must_use]
    pub fn may_look_at(&self, count: usize) -> bool {
        let left = self.left.get().checked_sub(count);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// The line of a token; 0 behind the last.
    #[must_use]
    pub fn line(&self, at: usize) -> u32 {
        self.all.get(at).map_or(0, |token| token.line)
    }

    /// The word there.
    #[must_use]
    pub fn word(&self, at: usize) -> Option<&'a str> {
        match self.all.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The text there.
    #[must_use]
    pub fn text(&self, at: usize) -> Option<&'a str> {
        match self.all.get(at)?.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this mark is there.
    #[must_use]
    pub fn is(&self, at: usize, mark: u8) -> bool {
        self.all.get(at).is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// Whether these marks stand there, one after another.
    #[must_use]
    pub fn are(&self, at: usize, marks: &[u8]) -> bool {
        marks.iter().enumerate().all(|(offset, mark)| self.is(at + offset, *mark))
    }

    /// Where the bracket at `at` is closed, or opened; `None` where it never is, or where no bracket is.
    #[must_use]
    pub fn partner(&self, at: usize) -> Option<usize> {
        self.partners.get(at).copied().filter(|partner| *partner != at)
    }

    /// The parts between the bracket that opens at `open` and its partner, at the commas of that level. An empty part is
    /// left out.
    #[must_use]
    pub fn parts(&self, open: usize) -> Vec<(usize, usize)> {
        match self.partner(open) {
            Some(close) if close > open => self.split(open + 1, close, b','),
            _ => Vec::new(),
        }
    }

    /// The parts of a range at a mark of its own level.
    #[must_use]
    pub fn split(&self, from: usize, to: usize, mark: u8) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (from, from);
        while at < to {
            if self.is(at, mark) {
                parts.push((start, at));
                start = at + 1;
            }
            at = self.after(at);
        }
        parts.push((start, to));
        parts.retain(|(start, end)| start < end);
        parts
    }

    /// The position behind the token at `at`, or behind all that it brackets.
    #[must_use]
    pub fn after(&self, at: usize) -> usize {
        self.partner(at).filter(|partner| *partner > at).unwrap_or(at) + 1
    }
}

/// Which brackets belong together. One without a partner is its own.
fn partners(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let closes = match token.kind {
            Kind::Mark(mark @ (b'(' | b'[' | b'{')) => {
                open.push((at, mark));
                continue;
            }
            Kind::Mark(b')') => b'(',
            Kind::Mark(b']') => b'[',
            Kind::Mark(b'}') => b'{',
            _ => continue,
        };
        // One that is never closed must not take the rest of the file with it; but looking far back for each would take
        // too long on a file made for that.
        let near = open.iter().rev().take(8).position(|(_, mark)| *mark == closes);
        if let Some(back) = near {
            open.truncate(open.len() - back);
            if let Some((partner, _)) = open.pop() {
                partners[at] = partner;
                partners[partner] = at;
            }
        }
    }
    partners
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    syntax: Syntax,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            let (start, line) = (self.at, self.line);
            if self.skip_comment(byte) {
                continue;
            }
            match byte {
                _ if byte.is_ascii_whitespace() => self.step(),
                b'"' | b'\'' | b'`' => self.quoted(byte),
                b'<' if self.syntax == Syntax::Terraform && self.starts_with("<<") => self.heredoc(),
                b'/' if self.syntax == Syntax::JavaScript && self.regex_may_begin() => self.regex(),
                _ if is_word(byte) => {
                    while self.peek(0).is_some_and(|byte| is_word(byte) || self.joins(byte)) {
                        self.step();
                    }
                    self.push(Kind::Word(&self.text[start..self.at]), line);
                }
                _ => {
                    self.step();
                    self.push(Kind::Mark(byte), line);
                }
            }
        }
    }

    /// Whether a word of Terraform goes on: those may have dashes.
    fn joins(&self, byte: u8) -> bool {
        self.syntax == Syntax::Terraform && byte == b'-'
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    fn step(&mut self) {
        let Some(byte) = self.peek(0) else { return };
        self.line += u32::from(byte == b'\n');
        self.at += 1;
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count.min(self.bytes.len() - self.at) {
            self.step();
        }
    }

    fn push(&mut self, kind: Kind<'a>, line: u32) {
        self.tokens.push(Token { kind, line });
    }

    /// What stands between `start` and `end`, as text. Both are beside an ASCII character.
    fn push_text(&mut self, start: usize, end: usize, line: u32) {
        let text = self.text.get(start..end.max(start)).unwrap_or_default();
        self.push(Kind::Text(text), line);
    }

    fn skip_comment(&mut self, byte: u8) -> bool {
        let hash = matches!(self.syntax, Syntax::Python | Syntax::Terraform) && byte == b'#';
        let slashes = self.syntax != Syntax::Python && self.starts_with("//");
        if hash || slashes {
            while self.peek(0).is_some_and(|byte| byte != b'\n') {
                self.step();
            }
            return true;
        }
        let block = self.syntax != Syntax::Python && self.starts_with("/*");
        if block {
            self.steps(2);
            while self.at < self.bytes.len() && !self.starts_with("*/") {
                self.step();
            }
            self.steps(2);
        }
        block
    }

    fn quoted(&mut self, quote: u8) {
        let triple = [quote; 3];
        let has_triple = match self.syntax {
            Syntax::Python => quote != b'`',
            Syntax::Java => quote == b'"',
            _ => false,
        };
        if has_triple && self.bytes[self.at..].starts_with(&triple) {
            return self.until(3, |lexer| lexer.bytes[lexer.at..].starts_with(&triple), true, true);
        }
        match (self.syntax, quote) {
            (Syntax::JavaScript, b'`') => self.template(),
            (Syntax::Go, b'`') => self.until(1, |lexer| lexer.peek(0) == Some(b'`'), false, true),
            (Syntax::Terraform, b'"') => self.interpolated(),
            _ => self.until(1, |lexer| lexer.peek(0) == Some(quote), true, false),
        }
    }

    /// A text whose quotes are `width` long, up to where `ends` is true.
    fn until(&mut self, width: usize, ends: impl Fn(&Self) -> bool, escapes: bool, lines: bool) {
        let line = self.line;
        self.steps(width);
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            if ends(self) || (byte == b'\n' && !lines) {
                break;
            }
            let skips = escapes && byte == b'\\';
            self.steps(if skips { 2 } else { 1 });
        }
        let end = self.at;
        self.push_text(start, self.boundary(end), line);
        if self.peek(0) != Some(b'\n') || lines {
            self.steps(width);
        }
    }

    /// `at`, or the end of the character in whose middle it is: an escape goes two bytes, whatever those are.
    fn boundary(&self, at: usize) -> usize {
        (at..=self.bytes.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.bytes.len())
    }

    /// A template, with what its `${}` hold.
    fn template(&mut self) {
        self.nested(b'`', true);
    }

    /// A text of Terraform, whose `${}` may hold quotes again.
    fn interpolated(&mut self) {
        self.nested(b'"', false);
    }

    fn nested(&mut self, quote: u8, lines: bool) {
        let line = self.line;
        self.step();
        let start = self.at;
        // For each `${` that is open, how many braces are open in it; between them, whether a text is.
        let mut open: Vec<u32> = Vec::new();
        let mut inside: Vec<bool> = vec![true];
        while let Some(byte) = self.peek(0) {
            let in_text = inside.last().copied().unwrap_or(true);
            match byte {
                b'\\' => self.step(),
                b'\n' if !lines => break,
                b'$' if in_text && self.peek(1) == Some(b'{') => {
                    self.step();
                    open.push(0);
                    inside.push(false);
                }
                b'{' if !in_text => open.last_mut().into_iter().for_each(|depth| *depth += 1),
                b'}' if !in_text => match open.last_mut() {
                    Some(0) | None => {
                        open.pop();
                        inside.pop();
                    }
                    Some(depth) => *depth -= 1,
                },
                _ if byte == quote && in_text => {
                    inside.pop();
                    if inside.is_empty() {
                        break;
                    }
                }
                _ if byte == quote => inside.push(true),
                _ => {}
            }
            self.steps(1);
        }
        let end = self.at.min(self.bytes.len());
        self.push_text(start, self.boundary(end), line);
        if self.peek(0) == Some(quote) {
            self.step();
        }
    }

    /// Whether a slash begins a regular expression, by what stands before it.
    fn regex_may_begin(&self) -> bool {
        match self.tokens.last().map(|token| token.kind) {
            None => true,
            Some(Kind::Mark(mark)) => !matches!(mark, b')' | b']' | b'}'),
            Some(Kind::Word(word)) => {
                matches!(word, "return" | "typeof" | "case" | "in" | "of" | "do" | "else" | "await")
            }
            Some(Kind::Text(_)) => false,
        }
    }

    fn regex(&mut self) {
        let line = self.line;
        self.step();
        let start = self.at;
        let mut class = false;
        while let Some(byte) = self.peek(0).filter(|byte| *byte != b'\n') {
            match byte {
                b'\\' => self.step(),
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => break,
                _ => {}
            }
            if self.peek(0).is_some_and(|byte| byte != b'\n') {
                self.step();
            }
        }
        let end = self.at;
        self.push_text(start, self.boundary(end), line);
        if self.peek(0) == Some(b'/') {
            self.step();
        }
    }

    /// A heredoc, up to the line that is its word alone.
    fn heredoc(&mut self) {
        let line = self.line;
        let rest = &self.text[self.at..];
        let first = rest.lines().next().unwrap_or_default();
        let word = first.trim_start_matches('<').trim_start_matches('-').trim();
        if word.is_empty() || !word.bytes().all(is_word) {
            self.step();
            return self.push(Kind::Mark(b'<'), line);
        }
        let mut length = first.len() + 1;
        let body = self.at + length;
        for row in rest.get(length.min(rest.len())..).unwrap_or_default().split_inclusive('\n') {
            let is_end = row.trim() == word;
            length += row.len();
            if is_end {
                break;
            }
        }
        let end = (self.at + length).min(self.bytes.len());
        self.push_text(body.min(end), end, line);
        self.steps(end - self.at);
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
