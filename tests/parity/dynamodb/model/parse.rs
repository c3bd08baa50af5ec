//! Expressions: a small parser of its own.

use serde_json::{Map, Value as Json};

use super::value::checked;

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Name(String),
    At(usize),
}

pub type Path = Vec<Step>;

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    At(Path),
    Value(Json),
    Size(Path),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Compare(Operand, String, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Call(String, Path, Option<Operand>),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    Operand(Operand),
    Sum(Box<Source>, bool, Box<Source>),
    IfNotExists(Path, Box<Source>),
    Append(Box<Source>, Box<Source>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Set(Path, Source),
    Remove(Path),
    Add(Path, Json),
    Delete(Path, Json),
}

/// Why there is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong;

type Parsed<T> = Result<T, Wrong>;

/// The words that this parser knows to be reserved; names that are others go without an alias.
const RESERVED: [&str; 12] =
    ["size", "list", "map", "set", "and", "or", "not", "between", "in", "remove", "add", "delete"];

/// The names and values of a request, and which of them its expressions used.
pub struct Bindings {
    names: Map<String, Json>,
    values: Map<String, Json>,
    used: Vec<String>,
}

impl Bindings {
    /// Those of a request; wrong where a value is none.
    pub fn of(input: &Json) -> Parsed<Self> {
        let map = |member: &str| input.get(member).and_then(Json::as_object).cloned().unwrap_or_default();
        let values = map("ExpressionAttributeValues");
        let values = values.iter().map(|(name, value)| Some((name.clone(), checked(value)?))).collect::<Option<_>>();
        Ok(Self { names: map("ExpressionAttributeNames"), values: values.ok_or(Wrong)?, used: Vec::new() })
    }

    /// Wrong where a name or a value was not used.
    pub fn all_used(&self) -> Parsed<()> {
        let all = self.names.keys().chain(self.values.keys()).all(|name| self.used.contains(name));
        if all { Ok(()) } else { Err(Wrong) }
    }

    pub fn condition(&mut self, text: &str) -> Parsed<Condition> {
        self.whole(text, |parser| parser.any())
    }

    pub fn projection(&mut self, text: &str) -> Parsed<Vec<Path>> {
        self.whole(text, |parser| parser.list(Parser::path))
    }

    pub fn update(&mut self, text: &str) -> Parsed<Vec<Action>> {
        self.whole(text, |parser| parser.clauses())
    }

    fn whole<T>(&mut self, text: &str, parse: impl FnOnce(&mut Parser<'_>) -> Parsed<T>) -> Parsed<T> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, bindings: self };
        let parsed = parse(&mut parser)?;
        if parser.at == parser.tokens.len() { Ok(parsed) } else { Err(Wrong) }
    }
}

fn tokens(text: &str) -> Parsed<Vec<String>> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = match letter {
            ' ' | '\t' | '\n' | '\r' => {
                at += 1;
                continue;
            }
            '#' | ':' => at + 1 + letters[at + 1..].iter().take_while(|letter| word(**letter)).count(),
            letter if word(letter) => at + letters[at..].iter().take_while(|letter| word(**letter)).count(),
            '<' if matches!(letters.get(at + 1), Some('=' | '>')) => at + 2,
            '>' if letters.get(at + 1) == Some(&'=') => at + 2,
            '=' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | '.' | '+' | '-' => at + 1,
            _ => return Err(Wrong),
        };
        tokens.push(letters[at..end].iter().collect());
        at = end;
    }
    if tokens.is_empty() { Err(Wrong) } else { Ok(tokens) }
}

struct Parser<'b> {
    tokens: Vec<String>,
    at: usize,
    bindings: &'b mut Bindings,
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn take(&mut self) -> String {
        let token = self.peek().to_owned();
        self.at += 1;
        token
    }

    fn is(&mut self, word: &str) -> bool {
        let is = self.peek().eq_ignore_ascii_case(word);
        self.at += usize::from(is);
        is
    }

    fn must(&mut self, word: &str) -> Parsed<()> {
        if self.is(word) { Ok(()) } else { Err(Wrong) }
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.is(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn name(&mut self) -> Parsed<String> {
        let token = self.take();
        if token.starts_with('#') {
            let name = self.bindings.names.get(&token).and_then(Json::as_str).map(str::to_owned).ok_or(Wrong)?;
            self.bindings.used.push(token);
            return Ok(name);
        }
        let plain = token.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if plain && !RESERVED.contains(&token.to_ascii_lowercase().as_str()) { Ok(token) } else { Err(Wrong) }
    }

    fn path(&mut self) -> Parsed<Path> {
        let mut path = vec![Step::Name(self.name()?)];
        loop {
            if self.is(".") {
                path.push(Step::Name(self.name()?));
            } else if self.is("[") {
                path.push(Step::At(self.take().parse().map_err(|_| Wrong)?));
                self.must("]")?;
            } else {
                return Ok(path);
            }
        }
    }

    fn value(&mut self) -> Parsed<Json> {
        let token = self.take();
        let value = self.bindings.values.get(&token).cloned().ok_or(Wrong)?;
        self.bindings.used.push(token);
        Ok(value)
    }

    fn operand(&mut self) -> Parsed<Operand> {
        if self.peek().starts_with(':') {
            return Ok(Operand::Value(self.value()?));
        }
        if self.peek() == "size" && self.tokens.get(self.at + 1).is_some_and(|next| next == "(") {
            self.at += 2;
            let path = self.path()?;
            self.must(")")?;
            return Ok(Operand::Size(path));
        }
        Ok(Operand::At(self.path()?))
    }

    fn any(&mut self) -> Parsed<Condition> {
        let mut left = self.both()?;
        while self.is("OR") {
            left = Condition::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed<Condition> {
        let mut left = self.not()?;
        while self.is("AND") {
            left = Condition::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed<Condition> {
        if self.is("NOT") {
            return Ok(Condition::Not(Box::new(self.not()?)));
        }
        if self.is("(") {
            let begins = self.at;
            let inner = self.any()?;
            self.must(")")?;
            // Parentheses around nothing but parentheses are refused.
            if self.tokens[begins] == "(" && self.closes(begins) == Some(self.at - 2) {
                return Err(Wrong);
            }
            return Ok(inner);
        }
        self.test()
    }

    /// Where the parenthesis that opens at `at` closes.
    fn closes(&self, at: usize) -> Option<usize> {
        let mut depth = 0;
        for (offset, token) in self.tokens.iter().enumerate().skip(at) {
            match token.as_str() {
                "(" => depth += 1,
                ")" if depth == 1 => return Some(offset),
                ")" => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn test(&mut self) -> Parsed<Condition> {
        let called = self.tokens.get(self.at + 1).is_some_and(|next| next == "(") && self.peek() != "size";
        if called {
            return self.call();
        }
        let left = self.operand()?;
        if self.is("BETWEEN") {
            let low = self.operand()?;
            self.must("AND")?;
            return Ok(Condition::Between(left, low, self.operand()?));
        }
        if self.is("IN") {
            self.must("(")?;
            let list = self.list(Self::operand)?;
            self.must(")")?;
            return Ok(Condition::In(left, list));
        }
        let how = self.take();
        if !["=", "<>", "<", "<=", ">", ">="].contains(&how.as_str()) {
            return Err(Wrong);
        }
        Ok(Condition::Compare(left, how, self.operand()?))
    }

    fn call(&mut self) -> Parsed<Condition> {
        let function = self.take();
        self.must("(")?;
        let path = self.path()?;
        let second = match function.as_str() {
            "attribute_exists" | "attribute_not_exists" => None,
            "attribute_type" | "begins_with" | "contains" => {
                self.must(",")?;
                Some(self.operand()?)
            }
            _ => return Err(Wrong),
        };
        self.must(")")?;
        Ok(Condition::Call(function, path, second))
    }

    fn clauses(&mut self) -> Parsed<Vec<Action>> {
        let (mut actions, mut seen) = (Vec::new(), Vec::new());
        while self.at < self.tokens.len() {
            let clause = self.take().to_ascii_uppercase();
            if seen.contains(&clause) {
                return Err(Wrong);
            }
            actions.extend(match clause.as_str() {
                "SET" => self.list(|parser| {
                    let path = parser.path()?;
                    parser.must("=")?;
                    Ok(Action::Set(path, parser.source()?))
                })?,
                "REMOVE" => self.list(|parser| Ok(Action::Remove(parser.path()?)))?,
                "ADD" => self.list(|parser| Ok(Action::Add(parser.path()?, parser.value()?)))?,
                "DELETE" => self.list(|parser| Ok(Action::Delete(parser.path()?, parser.value()?)))?,
                _ => return Err(Wrong),
            });
            seen.push(clause);
        }
        Ok(actions)
    }

    fn source(&mut self) -> Parsed<Source> {
        let left = self.term()?;
        let plus = self.is("+");
        if plus || self.is("-") {
            return Ok(Source::Sum(Box::new(left), plus, Box::new(self.term()?)));
        }
        Ok(left)
    }

    fn term(&mut self) -> Parsed<Source> {
        let function = self.peek().to_owned();
        let called = self.tokens.get(self.at + 1).is_some_and(|next| next == "(");
        if !called {
            return Ok(Source::Operand(self.operand()?));
        }
        self.at += 2;
        let made = match function.as_str() {
            "if_not_exists" => {
                let path = self.path()?;
                self.must(",")?;
                Source::IfNotExists(path, Box::new(self.term()?))
            }
            "list_append" => {
                let left = self.term()?;
                self.must(",")?;
                Source::Append(Box::new(left), Box::new(self.term()?))
            }
            _ => return Err(Wrong),
        };
        self.must(")")?;
        Ok(made)
    }
}
