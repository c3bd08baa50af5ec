//! Python: boto3's clients and resources, and aioboto3's, which look the same.
//!
//! Every expression that begins with a name is followed from dot to dot, with what each step gives: a client of a service,
//! one of boto3's resources, or something unknown. What a name was given anywhere in the file is what it is everywhere.

use std::collections::HashMap;

use super::{assigned, service, transfer};
use crate::check::found::{Found, Given, Value};
use crate::check::model::{Model, Resource};
use crate::check::token::Tokens;

/// Modules that bring clients.
const SDKS: [&str; 6] = ["boto3", "botocore", "aioboto3", "aiobotocore", "mypy_boto3_s3", "mypy_boto3_dynamodb"];

/// How deep a literal is read.
const DEPTH: usize = 16;

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Type {
    /// A client of one of our services.
    Client(&'static str),
    /// One of boto3's resources.
    Resource(Resource),
    /// A collection of them, the operation behind it, and whether that was called already.
    Collection(Resource, &'static str, bool),
    /// A paginator of an operation.
    Paginator(&'static str),
    /// A waiter for one.
    Waiter(&'static str),
    /// What writes to a table in batches.
    BatchWriter,
    /// A client or resource of another service.
    Other,
}

/// Reads a file.
pub(super) fn read(model: &Model, tokens: &Tokens<'_>) -> Found {
    let mut file = File { model, tokens, names: HashMap::new(), sdk: imports(tokens), found: Found::default() };
    // A name may be used above the line where it is given.
    file.pass(false);
    file.pass(true);
    file.found
}

/// Whether the file imports an SDK.
fn imports(tokens: &Tokens<'_>) -> bool {
    (1..tokens.len()).any(|at| {
        matches!(tokens.word(at - 1), Some("import" | "from"))
            && tokens.word(at).is_some_and(|word| SDKS.contains(&word))
    })
}

struct File<'a> {
    model: &'a Model,
    tokens: &'a Tokens<'a>,
    names: HashMap<&'a str, Type>,
    sdk: bool,
    found: Found,
}

impl File<'_> {
    fn pass(&mut self, collect: bool) {
        for at in 0..self.tokens.len() {
            // An expression begins at a word that no dot leads to.
            if self.tokens.word(at).is_some() && !(at > 0 && self.tokens.is(at - 1, b'.')) {
                self.follow(at, collect);
            }
        }
    }

    /// Follows the expression that begins at `start`.
    fn follow(&mut self, start: usize, collect: bool) {
        let tokens = self.tokens;
        let mut at = start;
        let mut name = tokens.word(start).unwrap_or_default();
        let mut what = self.names.get(name).cloned();
        loop {
            // The name of the step is at `at`; a call's arguments may follow.
            let is_call = tokens.is(at + 1, b'(');
            let from = what.take();
            let next = if at == start {
                let factory = (is_call && self.sdk).then(|| self.factory(name, at)).flatten();
                factory.or_else(|| from.or_else(|| self.names.get(name).cloned()))
            } else {
                self.step(from, name, at, is_call, tokens.word(at.saturating_sub(2)).unwrap_or_default(), collect)
            };
            what = next;
            at += 1;
            // Over the arguments, and what is taken out of a list of them.
            while tokens.is(at, b'(') || tokens.is(at, b'[') {
                let Some(close) = tokens.partner(at).filter(|close| *close > at) else { return };
                at = close + 1;
            }
            if !tokens.is(at, b'.') {
                break;
            }
            let Some(word) = tokens.word(at + 1) else { break };
            (name, at) = (word, at + 1);
        }
        if let Some(what) = what {
            self.keep(start, at, &what);
        }
    }

    /// Gives what an expression is to the name that it is assigned to.
    fn keep(&mut self, start: usize, end: usize, what: &Type) {
        let tokens = self.tokens;
        // `with boto3.client("s3") as s3`
        if tokens.word(end) == Some("as")
            && let Some(name) = tokens.word(end + 1)
        {
            self.names.insert(name, what.clone());
        }
        let mut before = start;
        if before > 0 && matches!(tokens.word(before - 1), Some("await")) {
            before -= 1;
        }
        // `for table in dynamodb.tables.all()`
        if before > 1
            && tokens.word(before - 1) == Some("in")
            && let (Some(name), Type::Collection(of, ..)) = (tokens.word(before - 2), what)
        {
            self.names.insert(name, Type::Resource(*of));
        }
        let assigned = before > 1 && tokens.is(before - 1, b'=') && !tokens.is(before - 2, b'=');
        if !assigned {
            return;
        }
        let mut target = before - 2;
        // `table: Table = …` has the name before the colon.
        if target > 1 && tokens.is(target - 1, b':') && tokens.line(target - 2) == tokens.line(target) {
            target -= 2;
        }
        if let Some(name) = tokens.word(target) {
            self.names.insert(name, what.clone());
        }
    }

    /// The first step of an expression that is a call by itself: `client("s3")`, where that was imported from boto3.
    fn factory(&mut self, name: &str, at: usize) -> Option<Type> {
        matches!(name, "client" | "resource").then(|| self.made(name, at)).flatten()
    }

    /// What `client(…)` or `resource(…)` gives.
    fn made(&mut self, name: &str, at: usize) -> Option<Type> {
        let arguments = self.arguments(at + 1);
        let named = arguments.named.members.iter().find(|(name, _)| name == "service_name");
        let of = match named.map(|(_, value)| value).or(arguments.positional.first())? {
            Value::Text(of) => of.clone(),
            _ => return None,
        };
        Some(match (service(&of), name) {
            (Some(of), "client") => Type::Client(of),
            (Some(of), _) => Type::Resource((of, "-")),
            (None, _) => {
                self.found.other(&of, self.tokens.line(at));
                Type::Other
            }
        })
    }

    /// A step from something to `name`, which is at `at`.
    fn step(
        &mut self,
        from: Option<Type>,
        name: &str,
        at: usize,
        call: bool,
        before: &str,
        collect: bool,
    ) -> Option<Type> {
        if call && matches!(name, "client" | "resource" | "create_client") && self.sdk {
            let kind = if name == "resource" { name } else { "client" };
            return self.made(kind, at);
        }
        match from {
            Some(Type::Client(of)) => self.client(of, name, at, call, collect),
            Some(Type::Resource(resource)) => self.resource(resource, name, at, call, collect),
            Some(Type::Collection(of, operation, listed)) if call => {
                if name == "delete" {
                    if !listed {
                        self.emit(operation, Given::default(), at, collect);
                    }
                    let deletes = self.model.action((of.0, list_of(of.1)), name).map(|operation| operation.name);
                    if let Some(name) = deletes {
                        self.emit(name, Given::hidden(), at, collect);
                    }
                } else if !listed || name == "filter" {
                    let given = if name == "filter" { self.arguments(at + 1).named } else { Given::default() };
                    self.emit(operation, given, at, collect);
                }
                Some(Type::Collection(of, operation, true))
            }
            Some(Type::Paginator(operation)) => {
                if call && matches!(name, "paginate") {
                    self.emit(operation, self.arguments(at + 1).named, at, collect);
                }
                None
            }
            Some(Type::Waiter(operation)) => {
                if call && name == "wait" {
                    let mut given = self.arguments(at + 1).named;
                    given.members.retain(|(name, _)| name != "WaiterConfig");
                    self.emit(operation, given, at, collect);
                }
                None
            }
            Some(Type::BatchWriter) => None,
            Some(Type::Other) => Some(Type::Other),
            Some(other @ Type::Collection(..)) => Some(other),
            None if call => self.unknown(before, name, at, collect),
            // `self.table`
            None => self.names.get(name).cloned(),
        }
    }

    fn client(&mut self, of: &'static str, name: &str, at: usize, call: bool, collect: bool) -> Option<Type> {
        if !call {
            return matches!(name, "meta" | "exceptions").then_some(Type::Client(of));
        }
        if let Some(what) = self.helper(of, name, at, collect) {
            return what;
        }
        if let Some(operation) = self.model.operation(name).filter(|operation| operation.service == of) {
            self.emit(operation.name, self.arguments(at + 1).named, at, collect);
        }
        None
    }

    /// Methods of a client that are not an operation. Outer `None`: it is none of them.
    #[expect(clippy::option_option, reason = "whether it is one, and whether that gives something")]
    fn helper(&mut self, of: &str, name: &str, at: usize, collect: bool) -> Option<Option<Type>> {
        let arguments = || self.arguments(at + 1);
        let text = |arguments: &Arguments, names: &[&str]| {
            let named = arguments.named.members.iter().find(|(name, _)| names.contains(&name.as_str()));
            match named.map(|(_, value)| value).or(arguments.positional.first()) {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            }
        };
        Some(match name {
            "get_paginator" => {
                let operation = text(&arguments(), &["operation_name"]);
                operation.and_then(|name| self.model.operation(&name)).map(|found| Type::Paginator(found.name))
            }
            "get_waiter" => {
                let waiter = text(&arguments(), &["waiter_name"]);
                waiter.and_then(|name| self.model.waiter(&name)).map(|found| Type::Waiter(found.name))
            }
            "generate_presigned_url" => {
                let arguments = arguments();
                let operation = text(&arguments, &["ClientMethod"]).and_then(|name| self.model.operation(&name));
                let mut given = arguments.named.members.into_iter().filter(|(name, _)| name == "Params");
                let given = match given.next().map(|(_, value)| value).or(arguments.positional.into_iter().nth(1)) {
                    Some(Value::Members(given)) => given,
                    _ => Given::hidden(),
                };
                if let Some(operation) = operation {
                    self.emit(operation.name, given, at, collect);
                }
                None
            }
            "generate_presigned_post" if of == "s3" => {
                self.emit("PostObject", Given::hidden(), at, collect);
                None
            }
            _ if of == "s3" => {
                let operations = transfers(name)?;
                self.transfer(operations, at, collect);
                None
            }
            _ => return None,
        })
    }

    fn transfer(&mut self, operations: &[&'static str], at: usize, collect: bool) {
        let arguments = self.arguments(at + 1);
        let extra =
            arguments.named.members.iter().find(|(name, _)| name == "ExtraArgs").map(|(_, value)| value.clone());
        let given = match extra {
            Some(Value::Members(given)) => given,
            Some(_) => Given::hidden(),
            None => Given { members: Vec::new(), more: arguments.positional.len() > 3 || arguments.named.more },
        };
        for operation in operations {
            let given = transfer::of(self.model, operation, &given);
            self.emit(operation, given, at, collect);
        }
    }

    fn resource(&mut self, resource: Resource, name: &str, at: usize, call: bool, collect: bool) -> Option<Type> {
        if let Some(next) = self.model.resource(resource, name).filter(|_| call) {
            return Some(Type::Resource(next));
        }
        if let Some((operation, of)) = self.model.collection(resource, name) {
            return Some(Type::Collection(of, operation.name, false));
        }
        if !call {
            return match name {
                "meta" => Some(Type::Resource(resource)),
                "client" => Some(Type::Client(resource.0)),
                _ => None,
            };
        }
        if let Some(operation) = self.model.action(resource, name) {
            self.emit(operation.name, self.arguments(at + 1).named, at, collect);
            return returned(resource, name).map(Type::Resource);
        }
        match (resource, name) {
            (("dynamodb", "Table"), "batch_writer") => {
                self.emit("BatchWriteItem", Given::default(), at, collect);
                Some(Type::BatchWriter)
            }
            (("s3", "Bucket" | "Object" | "ObjectSummary"), _) => {
                if let Some(operations) = transfers(name) {
                    self.transfer(operations, at, collect);
                }
                None
            }
            _ => None,
        }
    }

    /// A method of something that is not known: it counts where its arguments are an operation's, or where the file has
    /// the SDK and the name is nobody else's.
    fn unknown(&mut self, before: &str, name: &str, at: usize, collect: bool) -> Option<Type> {
        let lower = before.to_ascii_lowercase();
        let arguments = self.arguments(at + 1);
        if let Some(operation) = self.model.operation(name) {
            let is_table = lower.contains("table");
            let members = &arguments.named.members;
            let fits = !members.is_empty()
                && members.iter().all(|(name, _)| operation.members.iter().any(|known| known.name == name));
            let hinted = is_table || ["s3", "dynamo", "ddb", "bucket"].iter().any(|hint| lower.contains(hint));
            let likely =
                self.sdk && arguments.positional.is_empty() && (hinted || (!operation.shared && name.contains('_')));
            if fits || likely {
                self.emit(operation.name, arguments.named, at, collect);
            }
            return None;
        }
        if !self.sdk {
            return None;
        }
        match name {
            "batch_writer" => {
                self.emit("BatchWriteItem", Given::default(), at, collect);
                Some(Type::BatchWriter)
            }
            "get_paginator" | "get_waiter" | "generate_presigned_url" => self.helper("", name, at, collect).flatten(),
            "generate_presigned_post" | "upload_file" | "upload_fileobj" | "download_file" | "download_fileobj" => {
                self.helper("s3", name, at, collect).flatten()
            }
            "Table" => Some(Type::Resource(("dynamodb", "Table"))),
            "Bucket" => Some(Type::Resource(("s3", "Bucket"))),
            "Object" if ["s3", "bucket", "resource", "connection"].iter().any(|hint| lower.contains(hint)) => {
                Some(Type::Resource(("s3", "Object")))
            }
            _ => None,
        }
    }

    fn emit(&mut self, operation: &'static str, given: Given, at: usize, collect: bool) {
        if collect {
            self.found.add(operation, given, self.tokens.line(at));
        }
    }

    /// The arguments of the call whose bracket opens at `open`.
    fn arguments(&self, open: usize) -> Arguments {
        let tokens = self.tokens;
        let mut arguments = Arguments::default();
        for (start, end) in tokens.parts(open) {
            if tokens.are(start, b"**") {
                match self.value(start + 2, end, DEPTH) {
                    Value::Members(given) => arguments.named.extend(given),
                    _ => arguments.named.more = true,
                }
            } else if tokens.is(start, b'*') {
                arguments.named.more = true;
            } else if let Some(name) =
                tokens.word(start).filter(|_| tokens.is(start + 1, b'=') && !tokens.is(start + 2, b'='))
            {
                arguments.named.members.push((name.to_owned(), self.value(start + 2, end, DEPTH)));
            } else {
                arguments.positional.push(self.value(start, end, DEPTH));
            }
        }
        arguments
    }

    /// What stands between `start` and `end`.
    fn value(&self, start: usize, end: usize, depth: usize) -> Value {
        let tokens = self.tokens;
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown };
        if start >= end {
            return Value::Unknown;
        }
        // `r"…"`, `f"…"`
        let prefixed = tokens.text(start + 1).is_some() && tokens.word(start).is_some_and(|word| word.len() <= 2);
        let first = start + usize::from(prefixed);
        if let Some(text) = tokens.text(first) {
            let rest: Option<Vec<_>> = (first + 1..end).map(|at| tokens.text(at)).collect();
            return rest.map_or(Value::Unknown, |rest| Value::Text(text.to_owned() + &rest.concat()));
        }
        let whole = tokens.partner(start) == Some(end - 1);
        if tokens.is(start, b'{') && whole {
            return self.dictionary(start, depth);
        }
        if (tokens.is(start, b'[') || tokens.is(start, b'(')) && whole {
            return Value::List(
                tokens.parts(start).into_iter().map(|(from, to)| self.value(from, to, depth)).collect(),
            );
        }
        if tokens.word(start) == Some("dict") && tokens.partner(start + 1) == Some(end - 1) {
            return Value::Members(self.arguments(start + 1).named);
        }
        match tokens.word(end - 1) {
            Some(name) if end - start == 1 => {
                self.variable(name, start, depth).unwrap_or_else(|| Value::Word(name.to_owned()))
            }
            Some(name) if (start..end).all(|at| tokens.word(at).is_some() || tokens.is(at, b'.')) => {
                Value::Word(name.to_owned())
            }
            _ => Value::Unknown,
        }
    }

    fn dictionary(&self, open: usize, depth: usize) -> Value {
        let tokens = self.tokens;
        let mut given = Given::default();
        for (start, end) in tokens.parts(open) {
            if tokens.are(start, b"**") {
                match self.value(start + 2, end, depth) {
                    Value::Members(other) => given.extend(other),
                    _ => given.more = true,
                }
            } else if let Some(name) = tokens.text(start).filter(|_| tokens.is(start + 1, b':')) {
                given.members.push((name.to_owned(), self.value(start + 2, end, depth)));
            } else {
                given.more = true;
            }
        }
        Value::Members(given)
    }

    /// The dictionary that a variable holds, by its last assignment above, with the members that are put there later.
    fn variable(&self, name: &str, before: usize, depth: usize) -> Option<Value> {
        let tokens = self.tokens;
        let open = assigned(tokens, name, before, |at| {
            tokens.is(at, b'{') || (tokens.word(at) == Some("dict") && tokens.is(at + 1, b'('))
        })?;
        let end = if tokens.is(open, b'{') { tokens.after(open) } else { tokens.after(open + 1) };
        let is = |at: usize| tokens.word(at) == Some(name) && !tokens.is(at.saturating_sub(1), b'.');
        let Value::Members(mut given) = self.value(open, end, depth) else { return None };
        for at in end..before {
            if is(at) && tokens.is(at + 1, b'[') && tokens.is(at + 3, b']') && tokens.is(at + 4, b'=') {
                let value = tokens.text(at + 5).map_or(Value::Unknown, |text| Value::Text(text.to_owned()));
                given.members.extend(tokens.text(at + 2).map(|member| (member.to_owned(), value)));
            } else if is(at) && tokens.is(at + 1, b'.') && tokens.word(at + 2) == Some("update") {
                given.more = true;
            }
        }
        Some(Value::Members(given))
    }
}

/// The arguments of a call.
#[derive(Debug, Default)]
struct Arguments {
    positional: Vec<Value>,
    named: Given,
}

/// What a method gives that makes something.
fn returned(resource: Resource, method: &str) -> Option<Resource> {
    match (resource, method) {
        (("s3", "-"), "create_bucket") => Some(("s3", "Bucket")),
        (("s3", "Bucket"), "put_object") => Some(("s3", "Object")),
        (("s3", _), "initiate_multipart_upload") => Some(("s3", "MultipartUpload")),
        (("dynamodb", "-"), "create_table") => Some(("dynamodb", "Table")),
        _ => None,
    }
}

/// How the model names a collection of a resource.
fn list_of(resource: &str) -> &'static str {
    match resource {
        "ObjectVersion" => "ObjectVersion[]",
        _ => "Object[]",
    }
}

/// What a method calls that moves a file.
fn transfers(method: &str) -> Option<&'static [&'static str]> {
    Some(match method {
        "upload_file" | "upload_fileobj" => transfer::UPLOAD,
        "download_file" | "download_fileobj" => transfer::DOWNLOAD,
        "copy" => transfer::COPY,
        _ => return None,
    })
}
