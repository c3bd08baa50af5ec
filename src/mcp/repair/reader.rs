//! One expression, read from its beginning to its end.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::names::fold;
use super::placeholders::Placeholders;
use super::work::shown;
use crate::json as items;
use crate::mcp::tokens::{self, Grammar, Kind, Token, ends_operand, is_keyword, is_name_start};

/// Words that begin a clause of an update.
pub(super) const CLAUSES: [&str; 4] = ["set", "remove", "add", "delete"];
/// DynamoDB's functions, as it writes them.
pub(super) const FUNCTIONS: [&str; 8] = [
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "size",
    "if_not_exists",
    "list_append",
];
/// Those that take a path and nothing more.
const OF_A_PATH: [&str; 3] = ["attribute_exists", "attribute_not_exists", "size"];
/// What others call them, folded.
const OTHERS: [(&str, &str); 5] = [
    ("startswith", "begins_with"),
    ("exists", "attribute_exists"),
    ("notexists", "attribute_not_exists"),
    ("attributenotexist", "attribute_not_exists"),
    ("includes", "contains"),
];

/// The deepest that a literal is nested, as in DynamoDB.
const DEEPEST: usize = 32;

/// What was read as what.
type Did = Vec<(String, String)>;

/// A sign that says how to read what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A name goes on with a path.
    Dot,
    /// Something is compared, or given a value.
    Equals,
}

impl Sign {
    fn of(text: &str) -> Option<Self> {
        match text {
            "." => Some(Self::Dot),
            "=" | "==" | "===" | "<>" | "!=" | "!==" => Some(Self::Equals),
            _ => None,
        }
    }
}

/// The expression so far.
pub(super) struct Reader<'p> {
    grammar: Grammar,
    placeholders: &'p mut Placeholders,
    out: String,
    did: Did,
    /// The clause of an update, in lower case.
    clause: String,
    before: Before,
    /// The path that ends here.
    path: String,
    brackets: usize,
    /// The lengths of what may be a list or an object, by where it begins.
    enclosed: HashMap<usize, usize>,
}

/// What stands before a token, spaces apart.
#[derive(Debug, Default, Clone, Copy)]
struct Before {
    /// Anything.
    something: bool,
    /// An operand that is whole.
    operand: bool,
    /// Where it begins, if it is a number that is written out.
    number: Option<usize>,
    /// The sign, if it is one.
    sign: Option<Sign>,
    /// The name of a function.
    called: Option<&'static str>,
    /// The bracket of a function.
    function: Option<&'static str>,
}

impl Before {
    fn is(self, sign: Sign) -> bool {
        self.sign == Some(sign)
    }
}

impl<'p> Reader<'p> {
    pub(super) fn new(grammar: Grammar, placeholders: &'p mut Placeholders) -> Self {
        Self {
            grammar,
            placeholders,
            out: String::new(),
            did: Vec::new(),
            clause: String::new(),
            before: Before::default(),
            path: String::new(),
            brackets: 0,
            enclosed: HashMap::new(),
        }
    }

    /// Reads an expression to its end, or says what it cannot mean.
    pub(super) fn read(mut self, text: &str) -> Result<(String, Did), String> {
        let text = text.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
        self.enclosed = enclosed(text);
        let mut rest = text;
        if self.grammar == Grammar::Update && !begins_clause(rest) && rest.contains('=') {
            self.out.push_str("SET ");
            "set".clone_into(&mut self.clause);
            self.did.push(("no clause".to_owned(), "SET".to_owned()));
        }
        let mut spaced = true;
        while let Some(token) = tokens::first(rest) {
            let follows = &rest[token.text.len()..];
            let at = text.len() - rest.len();
            if token.kind == Kind::Space {
                self.out.push_str(token.text);
                (rest, spaced) = (follows, true);
                continue;
            }
            // `ADD n 1`: the value stands behind its path, and no operator between them.
            let begins = !self.before.operand || spaced && matches!(self.clause.as_str(), "add" | "delete");
            let length = if begins { self.operand(token, rest, at) } else { None };
            if let Some(length) = length {
                rest = &rest[length..];
                let number = (token.kind == Kind::Number || token.text == "-").then_some(at);
                self.before = Before { operand: true, something: true, number, ..Before::default() };
                self.path.clear();
            } else {
                let next = follows.trim_start();
                if let (Some(begun), "-" | "+") = (self.before.number, token.text)
                    && next.starts_with(|c: char| c.is_ascii_digit())
                {
                    return Err(calculated(&text[begun..]));
                }
                self.token(token, next)?;
                rest = follows;
            }
            spaced = false;
        }
        Ok((self.out, self.did))
    }

    /// Reads a literal where an operand may begin, and gives its length.
    fn operand(&mut self, token: Token<'_>, rest: &str, at: usize) -> Option<usize> {
        if self.before.is(Sign::Dot) || self.brackets > 0 {
            return None;
        }
        match token.text {
            "[" | "{" => {
                let length = *self.enclosed.get(&at)?;
                let value = json_of(&rest[..length])?;
                let value = if matches!(self.clause.as_str(), "add" | "delete") { set(value) } else { value };
                self.literal(&rest[..length], value);
                Some(length)
            }
            "-" => {
                let number = tokens::first(&rest[1..]).filter(|token| token.kind == Kind::Number)?;
                let length = 1 + number.text.len();
                self.number(&rest[..length]).then_some(length)
            }
            _ if token.kind == Kind::Number => self.number(token.text).then_some(token.text.len()),
            _ => None,
        }
    }

    fn literal(&mut self, text: &str, value: Value) {
        let placeholder = self.placeholders.value(value);
        self.out.push_str(&placeholder);
        self.did.push((shown(text), placeholder));
    }

    fn number(&mut self, text: &str) -> bool {
        match serde_json::from_str(text) {
            // Digits that no JSON number keeps.
            Ok(Value::Number(number)) if items::rounded(&number).is_some() || text.len() > 17 => {
                self.literal(text, json!({ "$n": text }));
            }
            Ok(value @ Value::Number(_)) => self.literal(text, value),
            _ => return false,
        }
        true
    }

    fn token(&mut self, token: Token<'_>, next: &str) -> Result<(), String> {
        let begins = !self.before.something;
        let keyword = token.kind == Kind::Name
            && !self.before.is(Sign::Dot)
            && (is_keyword(token.text, next, self.before.operand, begins, self.grammar)
                || self.grammar == Grammar::Update
                    && CLAUSES.contains(&fold(token.text).as_str())
                    && (begins || self.before.operand)
                    && next.starts_with(['"', '`', '\'']));
        let called = function(token, next).filter(|_| !self.before.is(Sign::Dot));
        let mut operand = ends_operand(token);
        match token.kind {
            Kind::Quoted => self.quoted(token, next),
            Kind::Name => {
                operand = self.name(token, next, keyword, called)?;
            }
            Kind::Sign => self.sign(token, next),
            _ => self.out.push_str(token.text),
        }
        match token.text {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.go_on(token);
        self.before = Before {
            something: true,
            operand,
            number: None,
            sign: Sign::of(token.text),
            called,
            function: self.before.called.filter(|_| token.text == "("),
        };
        Ok(())
    }

    fn quoted(&mut self, token: Token<'_>, next: &str) {
        let inside = tokens::unquoted(token.text);
        let compared = ["=", "<", ">", "!="].iter().any(|sign| next.starts_with(sign));
        // A value on either side would compare nothing that is stored: what stands first is then a name in quotes.
        let other = next.trim_start_matches(['=', '<', '>', '!']).trim_start();
        let digit = |c: char| c.is_ascii_digit();
        let to_value = other.starts_with([':', '\'', '"', '-', '[', '{']) || other.starts_with(digit);
        let to_word = self.grammar == Grammar::Update || ["true", "false"].iter().any(|word| other.starts_with(word));
        let compared = !self.before.operand && compared && (to_value || to_word);
        let argument = self.before.function.is_some_and(|of| next.starts_with(',') || OF_A_PATH.contains(&of));
        let name = token.text.starts_with('`') || self.before.is(Sign::Dot) || compared || argument;
        if name && !inside.is_empty() {
            let name = self.placeholders.name(&inside);
            self.out.push_str(&name);
            self.did.push((shown(token.text), "a name".to_owned()));
        } else {
            self.literal(token.text, Value::String(inside));
        }
    }

    /// Reads a word, and says whether an operand ends with it.
    fn name(
        &mut self,
        token: Token<'_>,
        next: &str,
        keyword: bool,
        called: Option<&'static str>,
    ) -> Result<bool, String> {
        if let Some(known) = called {
            if known != token.text {
                self.did.push((token.text.to_owned(), known.to_owned()));
            }
            self.out.push_str(known);
            return Ok(false);
        }
        let folded = fold(token.text);
        let ends = next.is_empty()
            || next.starts_with([')', ',', '&', '|'])
            || next.starts_with(|c: char| c.is_ascii_alphabetic());
        if !self.before.operand && !self.before.is(Sign::Dot) && self.before.something && ends && !keyword {
            match folded.as_str() {
                "true" | "false" => {
                    self.literal(token.text, Value::Bool(folded == "true"));
                    return Ok(true);
                }
                "null" if self.grammar == Grammar::Update && self.before.is(Sign::Equals) => {
                    self.literal(token.text, Value::Null);
                    return Ok(true);
                }
                "null" if self.before.is(Sign::Equals) => {
                    return Err(format!(
                        "null may be no attribute or a stored null: write attribute_not_exists({0}), or {0} = :null with \
                         \":null\": null among the values",
                        self.path
                    ));
                }
                _ => {}
            }
        }
        if self.grammar == Grammar::Update && self.before.operand {
            // A clause stands once, and its parts have commas between them.
            let again = keyword && folded == self.clause;
            if again || folded == "and" {
                self.out.truncate(self.out.trim_end().len());
                self.out.push(',');
                let what = if again { format!("a second {}", token.text) } else { token.text.to_owned() };
                self.did.push((what, "a comma".to_owned()));
                return Ok(false);
            }
        }
        if keyword && CLAUSES.contains(&folded.as_str()) {
            self.clause = folded;
        }
        self.out.push_str(token.text);
        Ok(!keyword)
    }

    fn sign(&mut self, token: Token<'_>, next: &str) {
        let path = self.path.clone();
        let touches = !self.out.is_empty() && !self.out.ends_with(|c: char| c.is_whitespace() || c == '(');
        let word = |word: &str| format!("{}{word} ", if touches { " " } else { "" });
        let other = match token.text {
            "==" | "===" => "=".to_owned(),
            "!=" | "!==" => "<>".to_owned(),
            // The parts of an update have commas between them.
            "&&" if self.grammar == Grammar::Update => {
                self.out.truncate(self.out.trim_end().len());
                ",".to_owned()
            }
            "&&" => word("AND"),
            "||" => word("OR"),
            "!" if next.starts_with(|c: char| is_name_start(c) || c == '(') => word("NOT"),
            "+=" if !path.is_empty() => format!("= {path} +"),
            "-=" if !path.is_empty() => format!("= {path} -"),
            _ => {
                self.out.push_str(token.text);
                return;
            }
        };
        self.did.push((token.text.to_owned(), other.trim().to_owned()));
        self.out.push_str(&other);
    }

    /// Takes a token into the path that ends with it, or begins one.
    fn go_on(&mut self, token: Token<'_>) {
        let inside = self.before.is(Sign::Dot) || self.brackets > 0 || matches!(token.text, "." | "]");
        let comparison = Sign::of(token.text) == Some(Sign::Equals);
        if inside && !self.path.is_empty() {
            self.path.push_str(token.text);
        } else if !comparison {
            let begins = token.kind == Kind::Name || token.kind == Kind::Placeholder && token.text.starts_with('#');
            self.path = if begins { token.text.to_owned() } else { String::new() };
        }
    }
}

/// The function that is called by a name, under DynamoDB's name for it.
fn function(token: Token<'_>, next: &str) -> Option<&'static str> {
    if token.kind != Kind::Name || !next.starts_with('(') {
        return None;
    }
    let folded = fold(token.text);
    let known = FUNCTIONS.into_iter().find(|known| fold(known) == folded);
    known.or_else(|| OTHERS.iter().find(|(other, _)| *other == folded).map(|(_, known)| *known))
}

/// What may be a list or an object: where its bracket stands, and how long it is to the one that closes it. It is looked
/// for once, however many brackets there are.
fn enclosed(text: &str) -> HashMap<usize, usize> {
    let (mut found, mut at) = (HashMap::new(), 0);
    // Those that are open, each with how deep it is inside.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for token in tokens::all(text) {
        match token.text {
            "[" | "{" => open.push((at, 1)),
            "]" | "}" => {
                if let Some((begun, depth)) = open.pop() {
                    if depth <= DEEPEST {
                        found.insert(begun, at + 1 - begun);
                    }
                    if let Some((_, outer)) = open.last_mut() {
                        *outer = (*outer).max(depth + 1);
                    }
                }
            }
            // In no JSON a quote stands alone.
            "\"" | "'" | "`" => open.clear(),
            _ => {}
        }
        at += token.text.len();
    }
    found
}

/// What a number is told with from which another one is taken away: `2024-10` is no month so.
fn calculated(text: &str) -> String {
    let word = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ')')).next().unwrap_or(text);
    let word = shown(word);
    format!("{word} would be calculated: write '{word}' in quotes if it is text, or the number itself if that is meant")
}

/// The JSON that a text is; texts in it may have quotes of other kinds, and words those of Python.
fn json_of(text: &str) -> Option<Value> {
    let mut json = String::with_capacity(text.len());
    for token in tokens::all(text) {
        match (token.kind, token.text) {
            (Kind::Quoted, quoted) => json.push_str(&Value::from(tokens::unquoted(quoted)).to_string()),
            (Kind::Name, "True" | "False") => json.push_str(&token.text.to_ascii_lowercase()),
            (Kind::Name, "None") => json.push_str("null"),
            (_, other) => json.push_str(other),
        }
    }
    serde_json::from_str(&json).ok()
}

/// A list as the set that a clause for sets wants.
fn set(value: Value) -> Value {
    match &value {
        Value::Array(elements) if !elements.is_empty() && elements.iter().all(Value::is_string) => {
            json!({ "$ss": value })
        }
        Value::Array(elements) if !elements.is_empty() && elements.iter().all(Value::is_number) => {
            json!({ "$ns": value })
        }
        _ => value,
    }
}

/// Whether an update begins with a clause.
fn begins_clause(text: &str) -> bool {
    let text = text.trim_start();
    tokens::first(text).is_some_and(|token| {
        let next = text[token.text.len()..].trim_start();
        token.kind == Kind::Name
            && CLAUSES.contains(&fold(token.text).as_str())
            && next.starts_with(|c: char| is_name_start(c) || matches!(c, '#' | '"' | '`' | '\''))
    })
}
