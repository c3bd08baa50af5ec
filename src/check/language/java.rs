//! Java, and Kotlin where it looks alike: version 2 of the SDK with its builders, lambdas, paginators, waiters, transfer
//! manager and enhanced client, and version 1 with its requests.

use super::{assigned, service, transfer};
use crate::check::found::{Found, Given, Value};
use crate::check::model::Model;
use crate::check::token::Tokens;

/// How deep a literal is read.
const DEPTH: usize = 16;

/// Reads a file.
pub(super) fn read(model: &Model, tokens: &Tokens<'_>) -> Found {
    let mut file = File { model, tokens, sdk: false, enhanced: false, transfer: false, found: Found::default() };
    (0..tokens.len()).filter(|at| tokens.word(*at) == Some("import")).for_each(|at| file.import(at));
    if file.sdk {
        for at in 0..tokens.len() {
            if tokens.word(at).is_some() {
                file.word(at);
            }
        }
    }
    file.found
}

struct File<'a> {
    model: &'a Model,
    tokens: &'a Tokens<'a>,
    sdk: bool,
    enhanced: bool,
    transfer: bool,
    found: Found,
}

impl File<'_> {
    fn import(&mut self, at: usize) {
        let tokens = self.tokens;
        let words = (at + 1..at + 24)
            .take_while(|at| tokens.line(*at) == tokens.line(at.saturating_sub(1)) || tokens.is(*at, b'.'));
        let words: Vec<_> = words.filter_map(|at| tokens.word(at)).filter(|word| *word != "static").collect();
        let of = match *words.as_slice() {
            ["software", "amazon", "awssdk", "services", of, ..] | ["com", "amazonaws", "services", of, ..] => of,
            ["software", "amazon", "awssdk", "enhanced", "dynamodb", ..] => {
                (self.sdk, self.enhanced) = (true, true);
                return;
            }
            ["software", "amazon", "awssdk", "transfer", "s3", ..] => {
                (self.sdk, self.transfer) = (true, true);
                return;
            }
            _ => return,
        };
        self.sdk |= service(of).is_some() || of.starts_with("dynamodb");
        // Version 1 has its transfer manager and the streams' client inside.
        self.transfer |= words.contains(&"transfer");
        if service(of).is_none() && !of.starts_with("dynamodb") && !matches!(of, "sts" | "securitytoken") {
            self.found.other(of, tokens.line(at));
        }
    }

    fn word(&mut self, at: usize) {
        let tokens = self.tokens;
        let name = tokens.word(at).unwrap_or_default();
        let is_method = at > 0 && tokens.is(at - 1, b'.');
        if let Some(request) = name.strip_suffix("Request") {
            let is_new = at > 0 && tokens.word(at - 1) == Some("new") && tokens.is(at + 1, b'(');
            let is_built = tokens.is(at + 1, b'.') && tokens.word(at + 2) == Some("builder") && tokens.is(at + 3, b'(');
            let operation = self.model.operation(request.strip_suffix("Enhanced").unwrap_or(request));
            if let Some(operation) = operation.filter(|_| is_new || is_built) {
                let mut given = self.chain(tokens.after(if is_new { at + 1 } else { at + 3 }), DEPTH);
                // What the constructor takes has no names.
                given.more |= is_new && tokens.parts(at + 1).len() > 1;
                self.emit(operation.name, given, at);
            }
        } else if is_method && tokens.is(at + 1, b'(') {
            self.method(name, at);
        }
    }

    fn method(&mut self, name: &str, at: usize) {
        let tokens = self.tokens;
        if let Some(operations) = self.transfer.then(|| transfers(name)).flatten() {
            return operations.iter().for_each(|operation| self.emit(operation, Given::hidden(), at));
        }
        let waiter = name.strip_prefix("waitUntil").and_then(|name| self.model.waiter(name));
        let paged = name.strip_suffix("Paginator").unwrap_or(name);
        let Some(operation) = waiter.or_else(|| self.model.operation(paged)) else { return };
        let receiver = tokens.word(at.saturating_sub(2)).unwrap_or_default().to_ascii_lowercase();
        let hinted = self.enhanced
            || ["s3", "dynamo", "ddb", "client", "table", "index", "waiter"].iter().any(|hint| receiver.contains(hint));
        if (operation.shared || operation.name == "Scan") && !hinted {
            return;
        }
        let parts = tokens.parts(at + 1);
        let given = match *parts.as_slice() {
            [] => Given::default(),
            // The enhanced client takes items and keys, whose request it makes.
            [(start, _), ..] => match self.lambda(start) {
                Some(chain) => self.chain(chain, DEPTH),
                None if self.is_request(start) || self.is_made_here(start, parts[0].1) => return,
                None => Given::hidden(),
            },
        };
        self.emit(operation.name, given, at);
    }

    /// Where the chain of a lambda begins: behind the second `b` of `b -> b.bucket("x")`.
    fn lambda(&self, start: usize) -> Option<usize> {
        let tokens = self.tokens;
        let name = tokens.word(start)?;
        let chain = start + 3;
        let is_lambda = tokens.are(start + 1, b"->") && tokens.word(chain) == Some(name);
        is_lambda.then_some(chain + 1)
    }

    fn is_request(&self, start: usize) -> bool {
        let start = start + usize::from(self.tokens.word(start) == Some("new"));
        self.tokens.word(start).is_some_and(|word| word.ends_with("Request"))
    }

    /// Whether a variable holds a request that is made in this file, which was the use.
    fn is_made_here(&self, start: usize, end: usize) -> bool {
        let name = self.tokens.word(start).filter(|_| end - start == 1);
        name.is_some_and(|name| assigned(self.tokens, name, start, |at| self.is_request(at)).is_some())
    }

    /// The members that a chain of methods sets: `.bucket("b").key("k")`, `.withBucket("b")`.
    fn chain(&self, mut at: usize, depth: usize) -> Given {
        let tokens = self.tokens;
        let mut given = Given::default();
        let Some(depth) = depth.checked_sub(1) else { return Given::hidden() };
        while tokens.is(at, b'.') && tokens.is(at + 2, b'(') {
            let name = tokens.word(at + 1).unwrap_or_default();
            let value = match *tokens.parts(at + 2).as_slice() {
                [(start, end)] => self.value(start, end, depth),
                ref several => {
                    Value::List(several.iter().map(|(start, end)| self.value(*start, *end, depth)).collect())
                }
            };
            if name != "build" {
                let name =
                    name.strip_prefix("with").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name);
                given.members.push((name.to_owned(), value));
            }
            at = tokens.after(at + 2);
        }
        given
    }

    fn value(&self, start: usize, end: usize, depth: usize) -> Value {
        let tokens = self.tokens;
        if let Some(chain) = self.lambda(start) {
            return Value::Members(self.chain(chain, depth));
        }
        if end - start == 1
            && let Some(text) = tokens.text(start)
        {
            return Value::Text(text.to_owned());
        }
        // `Tagging.builder()…build()`
        if tokens.is(start + 1, b'.') && tokens.word(start + 2) == Some("builder") && tokens.is(start + 3, b'(') {
            return Value::Members(self.chain(tokens.after(start + 3), depth));
        }
        let dotted = (start..end).all(|at| tokens.word(at).is_some() || tokens.is(at, b'.'));
        match tokens.word(end.saturating_sub(1)).filter(|_| dotted) {
            Some(word) => Value::Word(word.to_owned()),
            None => Value::Unknown,
        }
    }

    fn emit(&mut self, operation: &'static str, given: Given, at: usize) {
        self.found.add(operation, given, self.tokens.line(at));
    }
}

/// What the transfer managers' methods call.
fn transfers(method: &str) -> Option<&'static [&'static str]> {
    Some(match method {
        "uploadFile" | "upload" | "uploadDirectory" => transfer::UPLOAD,
        "downloadFile" | "download" => transfer::DOWNLOAD,
        "downloadDirectory" => &["ListObjectsV2", "HeadObject", "GetObject"],
        "copy" => transfer::COPY,
        _ => return None,
    })
}
