//! JavaScript and TypeScript: the SDK's version 3 (commands, paginators, waiters, lib-dynamodb, lib-storage) and version 2.

use std::collections::{HashMap, HashSet};

use super::{assigned, service, transfer};
use crate::check::found::{Found, Given, Value};
use crate::check::model::{Model, Operation};
use crate::check::token::Tokens;

/// How deep a literal is read.
const DEPTH: usize = 16;

/// What document clients call their operations; their requests have the same members.
const DOCUMENTS: &[(&str, &str)] = &[
    ("get", "GetItem"),
    ("put", "PutItem"),
    ("update", "UpdateItem"),
    ("delete", "DeleteItem"),
    ("query", "Query"),
    ("scan", "Scan"),
    ("batchGet", "BatchGetItem"),
    ("batchWrite", "BatchWriteItem"),
    ("transactGet", "TransactGetItems"),
    ("transactWrite", "TransactWriteItems"),
];

/// What makes clients whose methods are operations.
const CLIENTS: &[&str] =
    &["S3", "DynamoDB", "DynamoDBStreams", "DocumentClient", "DynamoDBDocument", "DynamoDBDocumentClient"];
/// What `AWS` has that is no service.
const NO_SERVICES: &[&str] = &["Credentials", "Config", "Endpoint", "Request", "Service", "Signers", "Agent"];

/// Reads a file.
pub(super) fn read(model: &Model, tokens: &Tokens<'_>) -> Found {
    let mut file =
        File { model, tokens, packages: HashMap::new(), sdk: false, clients: HashSet::new(), found: Found::default() };
    file.imports();
    for at in 0..tokens.len() {
        if tokens.is(at, b'(') && at > 0 {
            file.call(at - 1);
        }
    }
    file.found
}

struct File<'a> {
    model: &'a Model,
    tokens: &'a Tokens<'a>,
    /// The package that a name was imported from.
    packages: HashMap<&'a str, &'a str>,
    sdk: bool,
    /// Names that were given a client.
    clients: HashSet<&'a str>,
    found: Found,
}

impl<'a> File<'a> {
    fn imports(&mut self) {
        let tokens = self.tokens;
        for at in 0..tokens.len() {
            if let Some(package) = tokens.text(at) {
                self.import(at, package);
            }
            // `const s3 = new AWS.S3(…)`, `this.documents = DynamoDBDocument.from(…)`
            let made = tokens.word(at).is_some_and(|word| CLIENTS.contains(&word));
            if made {
                let before =
                    (at.saturating_sub(8)..at).rev().find(|at| !(tokens.word(*at).is_some() || tokens.is(*at, b'.')));
                let name = before.filter(|at| *at > 0 && (tokens.is(*at, b'=') || tokens.is(*at, b':')));
                // In TypeScript `s3: S3` says the same.
                self.clients.extend(name.and_then(|at| tokens.word(at - 1)));
            }
        }
    }

    fn import(&mut self, at: usize, package: &'a str) {
        let tokens = self.tokens;
        let of = package.strip_prefix("@aws-sdk/");
        let is_sdk = of.is_some() || package == "aws-sdk" || package.starts_with("aws-sdk/");
        let is_import = at > 0
            && (matches!(tokens.word(at - 1), Some("from" | "import"))
                || (tokens.is(at - 1, b'(') && at > 1 && matches!(tokens.word(at - 2), Some("require" | "import"))));
        if !is_sdk || !is_import {
            return;
        }
        self.sdk = true;
        let client = of.and_then(|of| of.strip_prefix("client-")).or_else(|| package.strip_prefix("aws-sdk/clients/"));
        if let Some(other) = client.filter(|client| service(client).is_none() && *client != "sts") {
            self.found.other(other, tokens.line(at));
        }
        // The names between the braces before `from "…"` or `= require("…")`.
        let close = (at.saturating_sub(5)..at).rev().find(|at| tokens.is(*at, b'}'));
        if let Some(open) = close.and_then(|close| tokens.partner(close)) {
            for (start, end) in tokens.parts(open) {
                // `A as B`, `A: B`
                self.packages.extend((start..end).filter_map(|at| Some((tokens.word(at)?, package))));
            }
        }
    }

    /// A call or construction whose name is at `at`.
    fn call(&mut self, at: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens.word(at) else { return };
        let open = at + 1;
        let is_new = self.is_new(at);
        let is_method = at > 0 && tokens.is(at - 1, b'.');
        if is_new {
            self.constructed(name, at);
        } else if let Some(paginated) = name.strip_prefix("paginate").filter(|_| self.sdk && !is_method) {
            let short =
                DOCUMENTS.iter().find(|(short, _)| short.eq_ignore_ascii_case(paginated)).map(|(_, name)| *name);
            let operation = self.model.operation(short.unwrap_or(paginated)).map(|operation| operation.name);
            if let Some(operation) = operation {
                self.emit(operation, self.argument(open, 1), at);
            }
        } else if let Some(waiter) = name.strip_prefix("waitUntil").filter(|_| self.sdk && !is_method) {
            let operation = self.model.waiter(waiter).map(|operation| operation.name);
            if let Some(operation) = operation {
                self.emit(operation, self.argument(open, 1), at);
            }
        } else if name == "createPresignedPost" && self.sdk {
            self.emit("PostObject", Given::hidden(), at);
        } else if is_method {
            self.method(name, at);
        }
    }

    /// Whether `new` leads to the name at `at`: `new AWS.S3`, `new PutObjectCommand`.
    fn is_new(&self, at: usize) -> bool {
        let tokens = self.tokens;
        let start = (at.saturating_sub(6)..at).rev().find(|at| !(tokens.is(*at, b'.') || tokens.is(*at + 1, b'.')));
        start.is_some_and(|start| tokens.word(start) == Some("new"))
    }

    fn constructed(&mut self, name: &str, at: usize) {
        let tokens = self.tokens;
        let package = self.packages.get(name).copied();
        if let Some(short) = name.strip_suffix("Command") {
            let ours = package.is_none_or(|package| {
                package
                    .strip_prefix("@aws-sdk/client-")
                    .map_or(package.starts_with("@aws-sdk/"), |of| service(of).is_some())
            });
            let given = self.argument(at + 1, 0);
            let document = DOCUMENTS.iter().find(|(document, _)| document.eq_ignore_ascii_case(short));
            if let Some((_, operation)) = document.filter(|_| self.sdk && ours) {
                self.emit(operation, given, at);
            } else if let Some(operation) = self.model.operation(short)
                && ours
                && (package.is_some() || fits(operation, &given) || (self.sdk && !operation.shared))
            {
                self.emit(operation.name, given, at);
            }
        } else if name == "Upload" && package == Some("@aws-sdk/lib-storage") {
            let given = self.argument(at + 1, 0);
            let parameters = given.members.into_iter().find(|(name, _)| name == "params");
            self.upload(parameters.map_or(Value::Unknown, |(_, value)| value), at);
        } else if at > 1
            && self.sdk
            && tokens.is(at - 1, b'.')
            && tokens.word(at - 2) == Some("AWS")
            && !CLIENTS.contains(&name)
            && !NO_SERVICES.iter().any(|no| name.contains(no))
            && name != "STS"
        {
            self.found.other(&name.to_ascii_lowercase(), tokens.line(at));
        }
    }

    fn method(&mut self, name: &str, at: usize) {
        let tokens = self.tokens;
        let receiver = if at > 1 { tokens.word(at - 2) } else { None };
        let known = receiver.is_some_and(|receiver| self.clients.contains(receiver));
        let given = self.argument(at + 1, 0);
        if let Some((_, operation)) = DOCUMENTS.iter().find(|(document, _)| *document == name) {
            let operation = self.model.operation(operation);
            let keyed = given
                .members
                .iter()
                .any(|(name, _)| matches!(name.as_str(), "TableName" | "RequestItems" | "TransactItems"));
            if let Some(operation) =
                operation.filter(|operation| (keyed && fits(operation, &given)) || (known && self.sdk))
            {
                self.emit(operation.name, given, at);
            }
            return;
        }
        let s3 = known || (self.sdk && receiver.is_some_and(|receiver| receiver.to_ascii_lowercase().contains("s3")));
        match name {
            "upload" if s3 || has(&given, &["Bucket", "Key", "Body"]) => self.upload(Value::Members(given), at),
            "getSignedUrl" | "getSignedUrlPromise" if self.sdk => {
                let operation = tokens.text(at + 2).and_then(|name| self.model.operation(name));
                if let Some(operation) = operation {
                    let mut given = self.argument(at + 1, 1);
                    given.members.retain(|(name, _)| name != "Expires");
                    self.emit(operation.name, given, at);
                }
            }
            "waitFor" if self.sdk => {
                let operation = tokens.text(at + 2).and_then(|name| self.model.waiter(name));
                if let Some(operation) = operation {
                    self.emit(operation.name, self.argument(at + 1, 1), at);
                }
            }
            _ => {
                // Methods begin with a small letter; what does not is a type.
                let operation =
                    self.model.operation(name).filter(|_| name.starts_with(|letter: char| letter.is_ascii_lowercase()));
                let likely =
                    |operation: &Operation| self.sdk && !operation.shared && name.chars().any(char::is_uppercase);
                if let Some(operation) =
                    operation.filter(|operation| known || fits(operation, &given) || likely(operation))
                {
                    self.emit(operation.name, given, at);
                }
            }
        }
    }

    fn upload(&mut self, parameters: Value, at: usize) {
        let given = match parameters {
            Value::Members(given) => given,
            _ => Given::hidden(),
        };
        for operation in transfer::UPLOAD {
            let given = transfer::of(self.model, operation, &given);
            self.emit(operation, given, at);
        }
    }

    fn emit(&mut self, operation: &'static str, given: Given, at: usize) {
        self.found.add(operation, given, self.tokens.line(at));
    }

    /// The members of an argument of the call whose bracket opens at `open`. One that is not there has none.
    fn argument(&self, open: usize, index: usize) -> Given {
        match self.tokens.parts(open).get(index) {
            None => Given::default(),
            Some((start, end)) => match self.value(*start, *end, DEPTH) {
                Value::Members(given) => given,
                _ => Given::hidden(),
            },
        }
    }

    fn value(&self, start: usize, end: usize, depth: usize) -> Value {
        let tokens = self.tokens;
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown };
        // `{…} as PutObjectCommandInput`
        let close = tokens.after(start);
        let end = if matches!(tokens.word(close), Some("as" | "satisfies")) { close.min(end) } else { end };
        if start >= end {
            return Value::Unknown;
        }
        let whole = tokens.partner(start) == Some(end - 1);
        if tokens.is(start, b'{') && whole {
            return Value::Members(self.object(start, depth));
        }
        if tokens.is(start, b'(') && whole {
            return self.value(start + 1, end - 1, depth);
        }
        if tokens.is(start, b'[') && whole {
            return Value::List(
                tokens.parts(start).into_iter().map(|(from, to)| self.value(from, to, depth)).collect(),
            );
        }
        if end - start == 1 {
            if let Some(text) = tokens.text(start) {
                return Value::Text(text.to_owned());
            }
            if let Some(name) = tokens.word(start) {
                return self.variable(name, start, depth).map_or_else(|| Value::Word(name.to_owned()), Value::Members);
            }
        }
        // A constant of an enumeration: `ServerSideEncryption.aws_kms`.
        let dotted = (start..end).all(|at| tokens.word(at).is_some() || tokens.is(at, b'.'));
        match tokens.word(end - 1).filter(|_| dotted) {
            Some(word) => Value::Word(word.to_owned()),
            None => Value::Unknown,
        }
    }

    fn object(&self, open: usize, depth: usize) -> Given {
        let tokens = self.tokens;
        let mut given = Given::default();
        for (start, end) in tokens.parts(open) {
            if tokens.are(start, b"...") {
                given.extend(self.spread(start + 3, end, depth));
            } else if let Some(name) = tokens.word(start).or_else(|| tokens.text(start)) {
                let value = if tokens.is(start + 1, b':') {
                    self.value(start + 2, end, depth)
                } else {
                    self.value(start, end, depth)
                };
                given.members.push((name.to_owned(), value));
            } else {
                given.more = true;
            }
        }
        given
    }

    /// What is spread into an object: a variable, or literals that may be there, such as `...(key && { Key: key })`.
    fn spread(&self, start: usize, end: usize, depth: usize) -> Given {
        let tokens = self.tokens;
        if let Value::Members(given) = self.value(start, end, depth) {
            return given;
        }
        let mut given = Given::default();
        if !tokens.may_look_at(end - start) {
            return Given::hidden();
        }
        let literals: Vec<_> = (start..end).filter(|at| tokens.is(*at, b'{')).collect();
        match literals.first() {
            // What is inside one of them is read with it.
            Some(_) if depth > 0 => {
                let mut next = start;
                for open in literals {
                    if open >= next {
                        given.extend(self.object(open, depth - 1));
                        next = tokens.after(open);
                    }
                }
            }
            _ => given.more = true,
        }
        given
    }

    /// The object that a variable holds, by its last assignment above, with the members that are put there later.
    fn variable(&self, name: &str, before: usize, depth: usize) -> Option<Given> {
        let tokens = self.tokens;
        let open = assigned(tokens, name, before, |at| tokens.is(at, b'{'))?;
        let Value::Members(mut given) = self.value(open, tokens.after(open), depth) else { return None };
        for at in tokens.after(open)..before {
            if tokens.word(at) == Some(name)
                && tokens.is(at + 1, b'.')
                && tokens.is(at + 3, b'=')
                && !tokens.is(at + 4, b'=')
            {
                let value = tokens.text(at + 4).map_or(Value::Unknown, |text| Value::Text(text.to_owned()));
                given.members.extend(tokens.word(at + 2).map(|member| (member.to_owned(), value)));
            }
        }
        Some(given)
    }
}

/// Whether there are members, and the operation has all of them.
fn fits(operation: &Operation, given: &Given) -> bool {
    let known = |name: &str| operation.members.iter().any(|member| member.name == name);
    !given.members.is_empty() && given.members.iter().all(|(name, _)| known(name))
}

fn has(given: &Given, names: &[&str]) -> bool {
    names.iter().all(|name| given.members.iter().any(|(member, _)| member == name))
}
