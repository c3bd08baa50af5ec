//! What a request names, read from what is about to be sent.
//!
//! Only requests that name their tables and buckets in a way that is understood here are sent at all; the list of what is
//! allowed is short, and everything else is refused.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use percent_encoding::percent_decode_str;
use serde_json::Value as Json;

use super::REGION;
use super::ledger::Thing;

/// What a request is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// For people: the operation, or method and path.
    pub what: String,
    /// All tables and buckets that it names.
    pub things: Vec<Thing>,
    pub kind: Kind,
}

/// What a request does to what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Use,
    Create,
    Delete,
    /// Changes a table in the background.
    Change,
    /// Lists tables or buckets of the account.
    List,
    /// Gives an iterator of a stream, or uses one that was given.
    Iterator,
}

/// Operations that name one table as `TableName`.
const OF_TABLE: [&str; 9] = [
    "DescribeTable",
    "PutItem",
    "GetItem",
    "DeleteItem",
    "UpdateItem",
    "Query",
    "Scan",
    "DescribeTimeToLive",
    "ListStreams",
];
/// Sub-resources and parameters of S3 that concern one bucket of ours and nothing beyond it.
const QUERIES: [&str; 31] = [
    "x-id",
    "list-type",
    "prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "start-after",
    "continuation-token",
    "fetch-owner",
    "versions",
    "key-marker",
    "version-id-marker",
    "versionId",
    "versioning",
    "tagging",
    "cors",
    "encryption",
    "delete",
    "location",
    "attributes",
    "uploads",
    "uploadId",
    "partNumber",
    "part-number-marker",
    "max-parts",
    "upload-id-marker",
    "max-uploads",
    "max-buckets",
    "bucket-region",
    "partnumber",
];
/// Headers that reach beyond the bucket, or that keep it from being taken away.
const HEADERS: [&str; 5] = [
    "x-amz-bucket-object-lock-enabled",
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
    "x-amz-server-side-encryption-aws-kms-key-id",
];
/// The most units that a table or an index is provisioned for: more would cost.
const UNITS: u64 = 10;

/// What `request` names; an error says why it must not be sent.
pub fn named(request: &HttpRequest, hosts: impl Fn(&str) -> bool) -> Result<Named, String> {
    let uri: http::Uri = request.uri().parse().map_err(|error| format!("{}: {error}", request.uri()))?;
    let host = uri.authority().map(ToString::to_string).unwrap_or_default();
    match request.headers().get("x-amz-target") {
        _ if !hosts(&host) => Err(format!("{host} is no host of AWS and none that was chosen")),
        Some(target) => dynamodb(target, request.body().bytes().ok_or("a body that cannot be looked at")?),
        None => s3(request, &uri),
    }
}

fn dynamodb(target: &str, body: &[u8]) -> Result<Named, String> {
    let operation = target.rsplit('.').next().unwrap_or_default();
    let input: Json = serde_json::from_slice(body).map_err(|error| format!("{operation}: {error}"))?;
    let named = |kind, names: Vec<Option<String>>| {
        let names: Option<Vec<String>> = names.into_iter().collect();
        match names {
            Some(names) if !names.is_empty() => {
                Ok(Named { what: operation.to_owned(), things: names.into_iter().map(Thing::Table).collect(), kind })
            }
            _ => Err(format!("{operation} that names no table")),
        }
    };
    let member = |name: &str| input[name].as_str().and_then(table);
    let one = |kind| named(kind, vec![member("TableName")]);
    match operation {
        "ListTables" => Ok(Named { what: operation.to_owned(), things: Vec::new(), kind: Kind::List }),
        "CreateTable" => costs_little(&input).and_then(|()| one(Kind::Create)),
        "UpdateTable" => costs_little(&input).and_then(|()| one(Kind::Change)),
        "UpdateTimeToLive" => one(Kind::Change),
        "DeleteTable" => one(Kind::Delete),
        "BatchGetItem" | "BatchWriteItem" => {
            let items = input["RequestItems"].as_object();
            named(Kind::Use, items.into_iter().flatten().map(|(name, _)| table(name)).collect())
        }
        "TransactGetItems" | "TransactWriteItems" => {
            let actions = input["TransactItems"].as_array().into_iter().flatten();
            let actions = actions.flat_map(|item| item.as_object().into_iter().flatten());
            named(Kind::Use, actions.map(|(_, action)| action["TableName"].as_str().and_then(table)).collect())
        }
        "TagResource" | "UntagResource" | "ListTagsOfResource" => named(Kind::Use, vec![member("ResourceArn")]),
        "DescribeStream" => named(Kind::Use, vec![member("StreamArn")]),
        "GetShardIterator" => named(Kind::Iterator, vec![member("StreamArn")]),
        "GetRecords" => Ok(Named { what: operation.to_owned(), things: Vec::new(), kind: Kind::Iterator }),
        _ if OF_TABLE.contains(&operation) => one(Kind::Use),
        _ => Err(format!("{operation} is not among what this run may do")),
    }
}

/// The table that a name or an ARN means: of a table, an index or a stream.
fn table(name: &str) -> Option<String> {
    let Some(arn) = name.strip_prefix("arn:") else { return Some(name.to_owned()) };
    let mut parts = arn.splitn(5, ':').skip(1);
    let (service, resource) = (parts.next()?, parts.nth(2)?);
    let name = resource.strip_prefix("table/").filter(|_| service == "dynamodb")?;
    Some(name.split('/').next()?.to_owned())
}

/// No replica, no key of KMS, no provisioned units to speak of.
fn costs_little(input: &Json) -> Result<(), String> {
    if let Some(members) = input.as_object() {
        for name in ["ReplicaUpdates", "GlobalTableWitnessUpdates", "ResourcePolicy", "SSESpecification"] {
            if members.contains_key(name) {
                return Err(format!("{name} reaches beyond a table of this run"));
            }
        }
    }
    match units(input) {
        units if units > UNITS => Err(format!("{units} provisioned units would cost: {UNITS} are allowed")),
        _ => Ok(()),
    }
}

/// Whether a CreateBucket is for another region than this run's.
fn elsewhere(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let region = text.split_once("<LocationConstraint>").map(|(_, after)| after.split('<').next().unwrap_or_default());
    region.is_some_and(|region| !region.is_empty() && region != REGION)
}

/// The most units that are provisioned anywhere in an input.
fn units(value: &Json) -> u64 {
    match value {
        Json::Object(members) => members
            .iter()
            .map(
                |(name, value)| {
                    if name.ends_with("CapacityUnits") { value.as_u64().unwrap_or(0) } else { units(value) }
                },
            )
            .max()
            .unwrap_or(0),
        Json::Array(values) => values.iter().map(units).max().unwrap_or(0),
        _ => 0,
    }
}

fn s3(request: &HttpRequest, uri: &http::Uri) -> Result<Named, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let (bucket, method) = (decoded(bucket), request.method());
    let what = format!("{method} /{path}");
    let queries: Vec<String> = uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| decoded(pair.split('=').next().unwrap_or_default()))
        .collect();
    let beyond = queries.iter().find(|name| !QUERIES.contains(&name.as_str()) && !name.starts_with("response-"));
    if let Some(name) = beyond {
        return Err(format!("{what}: ?{name} is not among what this run may do"));
    }
    for name in HEADERS {
        if request.headers().get(name).is_some() {
            return Err(format!("{what}: {name} is not among what this run may do"));
        }
    }
    let shared = request
        .headers()
        .iter()
        .any(|(name, value)| name.starts_with("x-amz-grant-") || (name == "x-amz-acl" && value.starts_with("public")));
    if shared {
        return Err(format!("{what}: nothing is shared with others"));
    }
    if bucket.is_empty() {
        return match method {
            "GET" => Ok(Named { what, things: Vec::new(), kind: Kind::List }),
            _ => Err(format!("{what} names no bucket")),
        };
    }
    let mut things = vec![Thing::Bucket(bucket)];
    if let Some(source) = request.headers().get("x-amz-copy-source") {
        let source = decoded(source.trim_start_matches('/'));
        things.push(Thing::Bucket(source.split('/').next().unwrap_or_default().to_owned()));
    }
    let whole = key.is_empty() && queries.iter().all(|name| name == "x-id");
    if method == "PUT" && whole && elsewhere(request.body().bytes().unwrap_or_default()) {
        return Err(format!("{what}: a bucket of another region could not be taken away from here"));
    }
    let kind = match method {
        "PUT" if whole => Kind::Create,
        "DELETE" if whole => Kind::Delete,
        _ => Kind::Use,
    };
    Ok(Named { what, things, kind })
}
