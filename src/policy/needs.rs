//! What the calls of a journal need.

use std::collections::{BTreeMap, BTreeSet};

use super::arn::{self, Place};
use super::document::{Document, Grants};
use super::keys::Keys;
use crate::emulator::access::{ANY, Access};
use crate::emulator::call::by_name;
use crate::emulator::s3::takes_object;
use crate::journal::{Call, Outcome, Subject, Target};
use crate::uri::S3Uri;

/// Answers to those whose signature did not hold: IAM was not asked.
const UNAUTHENTICATED: [&str; 10] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationTokenException",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// What a policy is to say where the journal does not.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The account of its ARNs, in place of each call's.
    pub account: Option<String>,
    /// The region of its ARNs, in place of each call's.
    pub region: Option<String>,
    /// The partition of its ARNs, in place of the one that the region is in.
    pub partition: Option<String>,
    /// How closely keys are named.
    pub keys: Keys,
    /// Whether a wildcard stands for what the journal does not know.
    pub wildcards: bool,
}

/// What is in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InUse {
    /// Buckets.
    pub buckets: BTreeSet<String>,
    /// Tables: where the calls to them went, their name, and the ARN that the policy has.
    pub tables: BTreeSet<(Place, String, String)>,
}

/// What the calls of a journal need.
#[derive(Debug)]
pub struct Needs {
    options: Options,
    grants: Grants,
    /// Keys by action and ARN of their bucket.
    keys: BTreeMap<(String, String), BTreeSet<String>>,
    in_use: InUse,
    calls: usize,
    /// Sentences about what is not as it seems, and how often.
    notes: BTreeMap<String, usize>,
}

/// Where a call went, and what its ARNs say of that.
struct Places {
    called: Place,
    arns: Place,
}

/// One AWS call.
struct Made<'a> {
    service: &'a str,
    operation: &'a str,
    status: Option<u16>,
    error: Option<&'a str>,
    access: &'a Access,
}

impl Needs {
    /// Nothing so far.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            grants: Grants::new(),
            keys: BTreeMap::new(),
            in_use: InUse::default(),
            calls: 0,
            notes: BTreeMap::new(),
        }
    }

    /// Adds what `call` needs. A failed call counts too: whoever was answered "access denied" or "not found" wants the
    /// permission all the same.
    pub fn add(&mut self, call: &Call) {
        let (target, resources) = (&call.started.target, call.started.resources.as_slice());
        let end = call.finished.as_ref();
        match &call.started.subject {
            Subject::Operation { service, operation } => {
                let error = end.and_then(|end| match &end.outcome {
                    Outcome::Error { code, .. } => Some(code.as_str()),
                    _ => None,
                });
                let status = end.and_then(|end| end.http_status);
                self.add_made(
                    target,
                    resources,
                    &Made { service, operation, status, error, access: &call.started.access },
                );
            }
            Subject::Tool { tool } => {
                for made in end.iter().flat_map(|end| &end.aws_calls) {
                    let (service, operation) = (made.service.as_str(), made.operation.as_str());
                    let (status, error) = (made.status, made.error.as_deref());
                    self.add_made(target, resources, &Made { service, operation, status, error, access: &made.access });
                }
                if let Some(more) = end.map(|end| end.aws_calls_left_out).filter(|more| *more > 0) {
                    self.note(format!("a call of {tool} made {more} more AWS calls than are on record: left out"));
                }
                if end.is_none_or(|end| end.outcome == Outcome::Abandoned && end.aws_calls.is_empty()) {
                    self.note(format!("a call of {tool} was broken off: what it called is not known, and left out"));
                }
            }
        }
    }

    fn add_made(&mut self, target: &Target, resources: &[String], made: &Made<'_>) {
        let Made { service, operation, status, error, access } = *made;
        if status == Some(501) || error == Some("NotImplemented") || operation == "Unknown" {
            self.note(format!("{service} {operation} is not built here: AWS never saw it, and it is left out"));
            return;
        }
        if error.is_some_and(|code| UNAUTHENTICATED.contains(&code)) {
            self.note("a call was not signed as it should be: left out".to_owned());
            return;
        }
        self.calls += 1;
        if service == "sts" && matches!(operation, "GetCallerIdentity" | "GetSessionToken") {
            self.note(format!("sts {operation} needs no permission"));
        }
        let guessed = if access.is_empty() { by_name(service, operation, resources) } else { None };
        if access.is_empty() && guessed.is_none() {
            self.note(format!("which actions {service} {operation} needs is not known: left out"));
        }
        let Options { partition, region, account, .. } = &self.options;
        let place = Places {
            called: Place::of(target, None, None, None),
            arns: Place::of(target, partition.as_deref(), region.as_deref(), account.as_deref()),
        };
        let access = guessed.as_ref().unwrap_or(access);
        for (action, resources) in access {
            if resources.is_empty() {
                self.unknown(action, operation, &place, None);
            }
            for resource in resources {
                // A prefix with a star is how tools of earlier versions named what they delete.
                let resource = if guessed.is_some() && resource.ends_with('*') && resource != ANY {
                    resource.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
                } else {
                    resource.clone()
                };
                self.grant(action, &resource, operation, &place);
            }
        }
        // Without ListBucket, S3 answers 403 where there is no such key, and programs that look for 404 fail.
        if status == Some(404) && error != Some("NoSuchBucket") {
            let read =
                access.iter().filter(|(action, _)| matches!(action.as_str(), "s3:GetObject" | "s3:GetObjectVersion"));
            for resource in read.flat_map(|(_, resources)| resources) {
                let bucket = resource.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                self.grant("s3:ListBucket", &bucket, operation, &place);
            }
        }
    }

    fn grant(&mut self, action: &str, resource: &str, operation: &str, place: &Places) {
        let arn = if resource == ANY {
            ANY.to_owned()
        } else if let Some(S3Uri { bucket, rest: key }) = S3Uri::parse(resource) {
            if !arn::is_name(bucket) {
                return self.note(format!("{bucket:?} is no name of a bucket: left out"));
            }
            self.in_use.buckets.insert(bucket.to_owned());
            match (takes_object(action), key) {
                (false, _) => place.arns.bucket(bucket),
                (true, "") => return self.unknown(action, operation, place, Some(bucket)),
                (true, key) => {
                    if arn::is_widened(key) {
                        self.note("a key has what a policy cannot hold: a * stands for it".to_owned());
                    }
                    self.keys.entry((action.to_owned(), place.arns.bucket(bucket))).or_default().insert(key.to_owned());
                    return;
                }
            }
        } else if let Some(path) = resource.strip_prefix("dynamodb://") {
            let (table, below) = path.split_once('/').unwrap_or((path, ""));
            if !arn::is_name(table) || !below.strip_prefix("index/").is_none_or(arn::is_name) {
                return self.note(format!("{path:?} is no name of a table or an index: left out"));
            }
            self.in_use.tables.insert((place.called.clone(), table.to_owned(), place.arns.table(table)));
            match below {
                "" => place.arns.table(table),
                // A stream's label is the time at which it was turned on, on AWS another.
                "stream" => place.arns.table(table) + "/stream/*",
                index => format!("{}/{index}", place.arns.table(table)),
            }
        } else if is_role(resource) {
            resource.to_owned()
        } else {
            return self.note(format!("{resource:?} is nothing that a policy could name: left out"));
        };
        self.grants.entry(action.to_owned()).or_default().insert(arn);
    }

    /// An action whose resource the journal does not have.
    fn unknown(&mut self, action: &str, operation: &str, place: &Places, bucket: Option<&str>) {
        let (what, wildcard) = match (bucket, action.split_once(':')) {
            (Some(bucket), _) => (format!("which keys of {bucket}"), place.arns.bucket(bucket) + "/*"),
            (None, Some(("s3", _))) if takes_object(action) => {
                ("which objects".to_owned(), place.arns.bucket("*") + "/*")
            }
            (None, Some(("s3", _))) => ("which bucket".to_owned(), place.arns.bucket("*")),
            (None, _) if matches!(operation, "Query" | "Scan") => {
                ("which table or index".to_owned(), place.arns.table("*"))
            }
            (None, _) if operation.contains("Stream") || operation.contains("Shard") || operation == "GetRecords" => {
                ("which stream".to_owned(), place.arns.table("*") + "/stream/*")
            }
            (None, _) => ("which table".to_owned(), place.arns.table("*")),
        };
        let end = if self.options.wildcards { "a * stands for it" } else { "left out (--wildcards puts a * there)" };
        self.note(format!("{what} {operation} wants {action} for is not in the journal: {end}"));
        if self.options.wildcards {
            self.grants.entry(action.to_owned()).or_default().insert(wildcard);
        }
    }

    fn note(&mut self, text: String) {
        *self.notes.entry(text).or_default() += 1;
    }

    /// How many AWS calls were looked at.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// The buckets and tables that the calls name.
    #[must_use]
    pub fn in_use(&self) -> &InUse {
        &self.in_use
    }

    /// What one should know beside the policy, a sentence each.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let times = |(text, count): (&String, &usize)| match count {
            1 => text.clone(),
            count => format!("{text} ({count} times)"),
        };
        let mut notes: Vec<String> = self.notes.iter().map(times).collect();
        let arns = || self.grants.values().flatten();
        if arns().any(|arn| arn.contains(":000000000000:")) {
            notes.push("000000000000 is the emulator's account: set yours with --account".to_owned());
        }
        if arns().any(|arn| arn.contains(":*:table/")) || arns().any(|arn| arn.contains(":dynamodb:*:")) {
            notes.push(
                "the journal has no account or region of some calls, so a * stands for it: --account, --region"
                    .to_owned(),
            );
        }
        notes
    }

    /// The policy; `None` where nothing needs a permission, for IAM takes no empty one.
    #[must_use]
    pub fn document(&self) -> Option<Document> {
        let mut grants = self.grants.clone();
        for ((action, bucket), keys) in &self.keys {
            let patterns = self.options.keys.patterns(keys);
            let arns = grants.entry(action.clone()).or_default();
            arns.extend(patterns.into_iter().map(|pattern| format!("{bucket}/{pattern}")));
        }
        grants.retain(|_, arns| !arns.is_empty());
        (!grants.is_empty()).then(|| Document::of(&grants))
    }
}

/// Whether this is the ARN of a role that a policy can name as it stands.
fn is_role(arn: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-:/".contains(&byte);
    arn.starts_with("arn:") && arn.contains(":role/") && arn.bytes().all(fits)
}
