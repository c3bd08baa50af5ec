//! The parser's common part: tokens, paths, operands, and how faults are reported.

use std::sync::Arc;

use super::bindings::Bindings;
use super::findings::{Fault, Findings, OperandFault};
use super::lexer::{Kind, Token, tokens};
use super::path::Path;
use super::reserved::is_reserved;
use super::tree::{Call, Function, Literal, Operand};
use crate::emulator::dynamodb::value::Value;
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// The longest expression, in bytes as sent.
const MAX_LENGTH: usize = 4096;
/// The most operators and functions in an expression.
const MAX_OPERATORS: usize = 300;
/// The most steps of a path.
const MAX_STEPS: usize = 32;
/// How deeply operands nest. AWS documents no limit; a 4 KB text that needs more says nothing.
const MAX_NESTING: usize = 32;

/// Which parameter an expression stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpressionKind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

impl ExpressionKind {
    /// The parameter's name.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        }
    }

    /// What messages call the expression.
    pub fn described(self) -> &'static str {
        match self {
            Self::Condition => "a condition expression",
            Self::Filter => "a filter expression",
            Self::KeyCondition => "a key condition expression",
            Self::Projection => "a projection expression",
            Self::Update => "an update expression",
        }
    }

    /// Words that cannot be names because the grammar has them.
    fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Projection => &[],
            Self::Update => &["SET", "REMOVE", "ADD", "DELETE"],
            _ => &["AND", "OR", "NOT", "BETWEEN", "IN"],
        }
    }
}

/// A parsed part, or the sentence about the syntax error.
pub(super) type Parsed<T> = Result<T, String>;

/// A parser at some token of a text.
pub(super) struct Parser<'t> {
    pub kind: ExpressionKind,
    pub findings: Findings,
    bindings: &'t mut Bindings,
    text: &'t str,
    tokens: Vec<Token<'t>>,
    /// For each opening parenthesis, where its closing one is.
    closing: Vec<Option<usize>>,
    at: usize,
    nesting: usize,
}

/// Parses the whole of `text` with `parse` and reports what AWS would.
pub(super) fn parse<'t, T>(
    kind: ExpressionKind,
    text: &'t str,
    bindings: &'t mut Bindings,
    parse: impl FnOnce(&mut Parser<'t>) -> Parsed<T>,
) -> Result<T, AwsError> {
    // Recorded: projections are refused in the plain wording by every operation.
    let wording = if kind == ExpressionKind::Projection { Wording::Plain } else { bindings.wording() };
    let refuse = |sentence: &str| wording.error(format!("Invalid {}: {sentence}", kind.parameter()));
    if text.trim().is_empty() {
        return Err(refuse("The expression can not be empty;"));
    }
    if text.len() > MAX_LENGTH {
        let size = match wording {
            Wording::Plain | Wording::Many => format!(" expression size: {}", text.len()),
            Wording::Counted => String::new(),
        };
        return Err(refuse(&format!("Expression size has exceeded the maximum allowed size;{size}")));
    }
    let tokens = tokens(text);
    let closing = closing(&tokens);
    let findings = Findings::default();
    let mut parser = Parser { kind, findings, bindings, text, tokens, closing, at: 0, nesting: 0 };
    let parsed = parse(&mut parser)
        .and_then(|parsed| if parser.peek().kind == Kind::End { Ok(parsed) } else { Err(parser.unexpected()) })
        .map_err(|sentence| refuse(&sentence))?;
    match parser.findings.into_message() {
        Some(sentence) => Err(refuse(&sentence)),
        None => Ok(parsed),
    }
}

fn closing(tokens: &[Token<'_>]) -> Vec<Option<usize>> {
    let mut closing = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign("(") {
            open.push(at);
        } else if token.is_sign(")")
            && let Some(start) = open.pop()
        {
            closing[start] = Some(at);
        }
    }
    closing
}

impl<'t> Parser<'t> {
    /// The next token.
    pub fn peek(&self) -> Token<'t> {
        self.peek_at(self.at)
    }

    fn peek_at(&self, at: usize) -> Token<'t> {
        self.tokens.get(at).copied().unwrap_or(Token { kind: Kind::End, text: "<EOF>", start: self.text.len() })
    }

    /// Takes the next token.
    pub fn take(&mut self) -> Token<'t> {
        let token = self.peek();
        self.at += 1;
        token
    }

    /// Takes the next token if it is this sign.
    pub fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_sign(sign);
        self.at += usize::from(found);
        found
    }

    /// Takes the next token if it is this keyword.
    pub fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_word(word);
        self.at += usize::from(found);
        found
    }

    /// Takes this sign or fails.
    pub fn expect_sign(&mut self, sign: &str) -> Parsed<()> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The sentence about the next token: it and its neighbours, as they are written.
    pub fn unexpected(&self) -> String {
        let token = self.peek();
        let start = if self.at == 0 { token.start } else { self.peek_at(self.at - 1).start };
        let end = match (token.kind, self.peek_at(self.at + 1)) {
            (Kind::End, _) => self.tokens.last().map_or(start, Token::end),
            (_, next) if next.kind == Kind::End => token.end(),
            (_, next) => next.end(),
        };
        format!("Syntax error; token: \"{}\", near: \"{}\"", token.text, &self.text[start..end])
    }

    /// Counts an operator or a function.
    pub fn count_operator(&mut self) {
        self.findings.operators += 1;
        if self.findings.operators == MAX_OPERATORS + 1 {
            self.findings.note(
                Fault::Limit,
                format!("The expression contains too many operators; operator count: {}", MAX_OPERATORS + 1),
            );
        }
    }

    /// The token after the parenthesis that closes the one that comes next.
    pub fn after_group(&self) -> Token<'t> {
        match self.closing.get(self.at).copied().flatten() {
            Some(close) => self.peek_at(close + 1),
            None => self.peek_at(self.tokens.len()),
        }
    }

    /// Takes the parenthesis that opens a group; two that open and close together are redundant.
    pub fn open_group(&mut self) {
        let close_of = |at: usize| self.closing.get(at).copied().flatten();
        let redundant = self.peek_at(self.at + 1).is_sign("(")
            && close_of(self.at).is_some_and(|close| close_of(self.at + 1) == close.checked_sub(1));
        if redundant {
            self.findings.note(Fault::Parentheses, "The expression has redundant parentheses;");
        }
        self.at += 1;
    }

    /// Runs `parse` one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting == MAX_NESTING {
            return Err("The expression is nested too deeply".to_owned());
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    /// A path, a `:value`, a function, or one of them in parentheses.
    pub fn operand(&mut self) -> Parsed<Operand> {
        let token = self.peek();
        let is_call = token.kind == Kind::Word && self.peek_at(self.at + 1).is_sign("(");
        let operand = match token.kind {
            Kind::Value => Operand::Literal(self.literal()?),
            Kind::Word if is_call && !self.is_keyword(token) => Operand::Call(self.nested(Self::call)?),
            Kind::Sign if token.is_sign("(") => {
                self.open_group();
                let inner = self.nested(Self::operand)?;
                self.expect_sign(")")?;
                inner
            }
            _ => return self.path().map(Operand::Path),
        };
        match operand {
            Operand::Path(path) => self.path_after(path).map(Operand::Path),
            other => Ok(other),
        }
    }

    /// A `:value`.
    pub fn literal(&mut self) -> Parsed<Literal> {
        let token = self.peek();
        if token.kind != Kind::Value {
            return Err(self.unexpected());
        }
        self.at += 1;
        let value = self.bindings.value(token.text);
        if value.is_none() {
            self.findings.operand(
                OperandFault::Undefined,
                format!(
                    "An expression attribute value used in expression is not defined; attribute value: {}",
                    token.text
                ),
            );
        }
        Ok(Literal { name: token.text.to_owned(), value: value.unwrap_or_else(|| Arc::new(Value::Null)) })
    }

    fn call(&mut self) -> Parsed<Call> {
        let name = self.take().text;
        self.count_operator();
        self.expect_sign("(")?;
        let operands = self.operands()?;
        let Some(function) = Function::from_name(name) else {
            self.findings.note(Fault::UnknownFunction, format!("Invalid function name; function: {name}"));
            return Ok(Call { function: Function::Size, operands });
        };
        let call = Call { function, operands };
        self.check_call(&call);
        Ok(call)
    }

    /// One or more operands and the closing parenthesis.
    pub fn operands(&mut self) -> Parsed<Vec<Operand>> {
        let mut operands = vec![self.operand()?];
        while self.take_sign(",") {
            operands.push(self.operand()?);
        }
        self.expect_sign(")")?;
        Ok(operands)
    }

    /// A document path.
    pub fn path(&mut self) -> Parsed<Path> {
        let (name, written) = self.name()?;
        let path = Path::start(name, written);
        self.path_after(path)
    }

    /// The steps after `path`.
    fn path_after(&mut self, mut path: Path) -> Parsed<Path> {
        loop {
            if self.take_sign("[") {
                let index = self.peek();
                if index.kind != Kind::Number {
                    return Err(self.unexpected());
                }
                self.at += 1;
                self.expect_sign("]")?;
                path.push_index(self.index(index.text));
            } else if self.take_sign(".") {
                let (name, written) = self.name()?;
                path.push_name(name, written);
            } else {
                self.check_steps(&path);
                return Ok(path);
            }
        }
    }

    fn check_steps(&mut self, path: &Path) {
        let steps = path.segments().len();
        if steps > MAX_STEPS {
            self.findings.note(
                Fault::Limit,
                format!("The document path has too many nesting elements; nesting levels: {steps}"),
            );
        }
    }

    fn index(&mut self, digits: &str) -> usize {
        match digits.parse::<u32>() {
            Ok(index) if i32::try_from(index).is_ok() => index as usize,
            _ => {
                let message = format!("List index is not within the allowable range; index: [{digits}]");
                self.findings.note(Fault::Limit, message);
                0
            }
        }
    }

    /// A name or a `#name`: what it stands for and how it is written.
    fn name(&mut self) -> Parsed<(String, &'t str)> {
        let token = self.peek();
        match token.kind {
            Kind::Word if !self.is_keyword(token) => {
                self.check_reserved(token.text);
                self.at += 1;
                Ok((token.text.to_owned(), token.text))
            }
            Kind::Name => {
                self.at += 1;
                let name = self.bindings.name(token.text);
                if name.is_none() {
                    self.findings.operand(
                        OperandFault::Undefined,
                        format!(
                            "An expression attribute name used in the document path is not defined; attribute name: {}",
                            token.text
                        ),
                    );
                }
                Ok((name.unwrap_or_else(|| token.text.to_owned()), token.text))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn is_keyword(&self, token: Token<'_>) -> bool {
        self.kind.keywords().iter().any(|keyword| token.is_word(keyword))
    }

    fn check_reserved(&mut self, word: &str) {
        if is_reserved(word) {
            let fault = match self.kind {
                ExpressionKind::Update | ExpressionKind::Projection => Fault::ReservedFirst,
                _ => Fault::Reserved,
            };
            self.findings.note(fault, format!("Attribute name is a reserved keyword; reserved keyword: {word}"));
        }
    }
}
