//! Go: both versions of the SDK. Every operation has a type for its request, `s3.PutObjectInput`, so a use is where one is
//! made, or a call whose request is made elsewhere.

use std::collections::HashMap;

use super::{assigned, service, transfer};
use crate::check::found::{Found, Given, Value};
use crate::check::model::{Model, Operation};
use crate::check::token::Tokens;

/// How deep a literal is read.
const DEPTH: usize = 16;
/// What the names of methods end in beside the operation's.
const SUFFIXES: [&str; 4] = ["PagesWithContext", "WithContext", "Pages", "Request"];

/// Reads a file.
pub(super) fn read(model: &Model, tokens: &Tokens<'_>) -> Found {
    let mut file = File { model, tokens, packages: HashMap::new(), found: Found::default() };
    (0..tokens.len()).for_each(|at| file.import(at));
    if file.packages.is_empty() {
        return file.found;
    }
    for at in 1..tokens.len() {
        if tokens.word(at).is_some() && tokens.is(at - 1, b'.') {
            file.selected(at);
        }
    }
    file.found
}

/// What a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Package {
    Service(&'static str),
    Manager,
}

struct File<'a> {
    model: &'a Model,
    tokens: &'a Tokens<'a>,
    /// By the name that it has in the file.
    packages: HashMap<&'a str, Package>,
    found: Found,
}

impl File<'_> {
    fn import(&mut self, at: usize) {
        let Some(path) = self.tokens.text(at) else { return };
        let sdk = ["github.com/aws/aws-sdk-go-v2/", "github.com/aws/aws-sdk-go/"];
        let Some(path) = sdk.iter().find_map(|sdk| path.strip_prefix(sdk)) else { return };
        let mut steps = path.split('/');
        let package = match (steps.next(), steps.next(), steps.next()) {
            (Some("service"), Some(of), None) => match service(of) {
                Some(of) => Package::Service(of),
                None if of == "sts" => return,
                None => return self.found.other(of, self.tokens.line(at)),
            },
            (Some("service"), Some("s3"), Some("s3manager"))
            | (Some("feature"), Some("s3"), Some("manager" | "transfermanager")) => Package::Manager,
            _ => return,
        };
        let last = path.rsplit('/').next().unwrap_or_default();
        // `import ddb "…/dynamodb"`, on one line
        let alias = at.checked_sub(1).filter(|before| self.tokens.line(*before) == self.tokens.line(at));
        let alias = alias.and_then(|before| self.tokens.word(before)).filter(|word| *word != "import");
        self.packages.insert(alias.unwrap_or(last), package);
    }

    /// `x.NAME`, whose name is at `at`.
    fn selected(&mut self, at: usize) {
        let tokens = self.tokens;
        let name = tokens.word(at).unwrap_or_default();
        let before = if at > 1 { tokens.word(at - 2) } else { None };
        match before.and_then(|before| self.packages.get(before)).copied() {
            Some(Package::Manager) => {
                let operations = match name {
                    "NewUploader" => transfer::UPLOAD,
                    "NewDownloader" => &transfer::DOWNLOAD[1..],
                    // The transfer manager does both.
                    "New" => &[
                        "PutObject",
                        "CreateMultipartUpload",
                        "UploadPart",
                        "CompleteMultipartUpload",
                        "AbortMultipartUpload",
                        "GetObject",
                        "HeadObject",
                    ],
                    _ => return,
                };
                for operation in operations {
                    self.emit(operation, Given::default(), at);
                }
            }
            Some(Package::Service(of)) => self.of_package(of, name, at),
            None if tokens.is(at + 1, b'(') => self.method(name, at),
            None => {}
        }
    }

    fn of_package(&mut self, of: &str, name: &str, at: usize) {
        let tokens = self.tokens;
        let ours = |operation: &&Operation| operation.service == of;
        if let Some(operation) = name.strip_suffix("Input").and_then(|name| self.model.operation(name)).filter(ours) {
            if tokens.is(at + 1, b'{') {
                let mut given = self.members(at + 1, DEPTH);
                self.later(at, &mut given);
                self.emit(operation.name, given, at);
            }
            return;
        }
        let made = name.strip_prefix("New").filter(|_| tokens.is(at + 1, b'('));
        let waited = made.and_then(|name| name.strip_suffix("Waiter")).and_then(|name| self.model.waiter(name));
        if let Some(operation) = waited.filter(ours) {
            self.emit(operation.name, Given::default(), at);
        }
        let paged = made.and_then(|name| name.strip_suffix("Paginator")).and_then(|name| self.model.operation(name));
        if let Some(operation) = paged.filter(ours)
            && !self.is_made_here(at + 1, 1)
        {
            self.emit(operation.name, Given::hidden(), at);
        }
    }

    /// A method of something that may be a client. Where its request is made in this file, that was the use.
    fn method(&mut self, name: &str, at: usize) {
        let tokens = self.tokens;
        let plain = name.strip_prefix("Presign").unwrap_or(name);
        let operation = self
            .model
            .operation(plain)
            .or_else(|| SUFFIXES.iter().find_map(|suffix| self.model.operation(plain.strip_suffix(suffix)?)));
        let Some(operation) = operation else { return };
        if !self.packages.values().any(|package| *package == Package::Service(operation.service)) {
            return;
        }
        let parts = tokens.parts(at + 1);
        let hinted = || {
            let receiver = tokens.word(at.saturating_sub(2)).unwrap_or_default().to_ascii_lowercase();
            ["client", "svc", "s3", "dynamo", "ddb", "api", "table"].iter().any(|hint| receiver.contains(hint))
        };
        // `rows.Scan(&x)` and `db.Query(…)` are of databases.
        if parts.is_empty() || parts.len() > 4 || (operation.shared || operation.name == "Scan") && !hinted() {
            return;
        }
        if !(0..parts.len()).any(|index| self.is_made_here(at + 1, index)) {
            self.emit(operation.name, Given::hidden(), at);
        }
    }

    /// Whether an argument is a request that is made in this file: there, or in the variable that stands there.
    fn is_made_here(&self, open: usize, index: usize) -> bool {
        let tokens = self.tokens;
        let Some((start, end)) = tokens.parts(open).get(index).copied() else { return false };
        let is_request = |start: usize| {
            let start = start + usize::from(tokens.is(start, b'&'));
            tokens.word(start + 2).is_some_and(|word| word.ends_with("Input")) && tokens.is(start + 3, b'{')
        };
        let start = start + usize::from(end - start == 2 && tokens.is(start, b'&'));
        is_request(start)
            || (end - start == 1
                && tokens.word(start).is_some_and(|name| assigned(tokens, name, start, is_request).is_some()))
    }

    /// Adds the members that are put later into the variable that the request at `at` is assigned to.
    fn later(&self, at: usize, given: &mut Given) {
        let tokens = self.tokens;
        let mut before = at.saturating_sub(3);
        if tokens.is(before, b'&') {
            before = before.saturating_sub(1);
        }
        if !tokens.is(before, b'=') || before < 2 {
            return;
        }
        let name = if tokens.is(before - 1, b':') { before - 2 } else { before - 1 };
        let Some(name) = tokens.word(name) else { return };
        let end = tokens.after(at + 1);
        for at in end..tokens.len().min(end + 2000) {
            if tokens.word(at) != Some(name) || tokens.is(at - 1, b'.') {
                continue;
            }
            // Made anew: another request.
            if tokens.is(at + 1, b'=') || tokens.are(at + 1, b":=") {
                return;
            }
            if tokens.is(at + 1, b'.') && tokens.is(at + 3, b'=') && !tokens.is(at + 4, b'=') {
                let line = tokens.line(at);
                let end = (at + 4..tokens.len()).find(|at| tokens.line(*at) != line).unwrap_or(tokens.len());
                let value = self.value(at + 4, end, DEPTH);
                given.members.extend(tokens.word(at + 2).map(|member| (member.to_owned(), value)));
            }
        }
    }

    fn emit(&mut self, operation: &'static str, given: Given, at: usize) {
        self.found.add(operation, given, self.tokens.line(at));
    }

    /// The members of a composite literal.
    fn members(&self, open: usize, depth: usize) -> Given {
        let tokens = self.tokens;
        let members = tokens.parts(open).into_iter().filter_map(|(start, end)| {
            let name = tokens.word(start).or_else(|| tokens.text(start)).filter(|_| tokens.is(start + 1, b':'))?;
            Some((name.to_owned(), self.value(start + 2, end, depth)))
        });
        Given { members: members.collect(), more: false }
    }

    fn value(&self, start: usize, end: usize, depth: usize) -> Value {
        let tokens = self.tokens;
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown };
        if start >= end {
            return Value::Unknown;
        }
        if end - start == 1
            && let Some(text) = tokens.text(start)
        {
            return Value::Text(text.to_owned());
        }
        let last = end - 1;
        match tokens.partner(last).filter(|open| *open >= start) {
            // `[]types.Tag{…}`, `types.VersioningConfiguration{…}`
            Some(open) if tokens.is(open, b'{') => {
                let given = self.members(open, depth);
                let parts = tokens.parts(open);
                if given.members.len() == parts.len() && !parts.is_empty() {
                    return Value::Members(given);
                }
                Value::List(parts.into_iter().map(|(from, to)| self.value(from, to, depth)).collect())
            }
            // `aws.String("x")`
            Some(open) if tokens.is(open, b'(') => match tokens.parts(open).as_slice() {
                [(from, to)] => self.value(*from, *to, depth),
                _ => Value::Unknown,
            },
            Some(_) => Value::Unknown,
            None => {
                let dotted =
                    (start..end).all(|at| tokens.word(at).is_some() || tokens.is(at, b'.') || tokens.is(at, b'&'));
                let word = tokens.word(last).filter(|_| dotted);
                word.map_or(Value::Unknown, |word| Value::Word(word.to_owned()))
            }
        }
    }
}
