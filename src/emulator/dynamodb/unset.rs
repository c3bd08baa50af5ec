//! What was never set: reads of settings that nobody can make here, answered as AWS answers them where nobody has.
//!
//! A row for each such operation; the writes beside them are not built and say so. Sources: LocalStack's snapshots of AWS
//! for continuous backups and contributor insights, and what people measured on AWS in October 2026 for the rest.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::access::On;
use super::answer::Answer;
use super::error;
use super::operation::{Context, Outcome};
use super::request::Request;
use super::schema::present;
use super::stream::{self, StreamArn};
use super::table::{Table, TableName};
use crate::emulator::error::AwsError;
use crate::emulator::store::Snapshot;

/// One read: the operation, what it is about, and its answer where that is there.
#[derive(Debug)]
pub struct Row {
    /// AWS's name of the operation.
    pub operation: &'static str,
    about: About,
    answer: fn(&Request, Option<&Table>) -> Result<Json, AwsError>,
}

/// What a request is about, which must be there before it is answered.
#[derive(Debug, Clone, Copy)]
enum About {
    /// The account: nothing more.
    Account,
    /// The table of `TableName`.
    Table,
    /// The same, whose absence has an error of its own.
    Backups,
    /// The table of `TableName`, where it is given.
    AnyTable,
    /// The table or stream of `ResourceArn`.
    Resource,
}

/// The rows.
pub static ROWS: &[Row] = &[
    Row { operation: "DescribeContinuousBackups", about: About::Backups, answer: |_, _| Ok(backups()) },
    Row { operation: "DescribeContributorInsights", about: About::Table, answer: insights },
    Row {
        operation: "DescribeKinesisStreamingDestination",
        about: About::Table,
        answer: |_, table| Ok(json!({"TableName": table_name(table), "KinesisDataStreamDestinations": []})),
    },
    Row { operation: "GetResourcePolicy", about: About::Resource, answer: no_policy },
    Row { operation: "ListBackups", about: About::Account, answer: list_backups },
    Row {
        operation: "ListContributorInsights",
        about: About::AnyTable,
        answer: |_, _| Ok(json!({"ContributorInsightsSummaries": []})),
    },
    Row {
        operation: "ListExports",
        about: About::Account,
        answer: |request, _| first_page(request, json!({"ExportSummaries": []})),
    },
    Row { operation: "ListGlobalTables", about: About::Account, answer: |_, _| Ok(json!({"GlobalTables": []})) },
    Row {
        operation: "ListImports",
        about: About::Account,
        answer: |request, _| first_page(request, json!({"ImportSummaryList": []})),
    },
    // A write, of which one half changes nothing.
    Row { operation: "UpdateContinuousBackups", about: About::Backups, answer: update_backups },
];

impl Row {
    /// What IAM asks its action for.
    pub fn on(&self) -> On {
        match self.about {
            About::Account | About::AnyTable => On::Service,
            About::Table | About::Backups | About::Resource => On::Table,
        }
    }

    /// Answers a request that satisfies what is declared of it.
    pub fn run(&self, context: &Context, request: &Request) -> Outcome {
        let rows = context.service.store.read()?;
        let found = |name: &TableName| context.service.catalogue.load(&rows, name);
        let named = || context.table_name(request);
        let table = match self.about {
            About::Account => None,
            About::AnyTable if !request.has("TableName") => None,
            About::Table | About::AnyTable => {
                let name = named()?;
                Some(found(&name)?.ok_or_else(|| error::no_such_table(&name.name))?)
            }
            About::Backups => {
                let name = named()?;
                let missing =
                    || AwsError::new(400, "TableNotFoundException", format!("Table not found: {}", name.name));
                Some(found(&name)?.ok_or_else(missing)?)
            }
            About::Resource => resource(context, &rows, request.text("ResourceArn").unwrap_or_default())?,
        };
        let Json::Object(members) = (self.answer)(request, table.as_deref())? else { return Ok(Answer::new()) };
        let mut answer = Answer::new();
        members.iter().for_each(|(name, value)| answer.json(name, value));
        Ok(answer)
    }
}

fn table_name(table: Option<&Table>) -> &str {
    table.map_or("", |table| &table.name.name)
}

/// Continuous backups are on for every table, and recovery to a point in time off until somebody asks for it.
fn backups() -> Json {
    json!({"ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
    }})
}

fn update_backups(request: &Request, _: Option<&Table>) -> Result<Json, AwsError> {
    let given = |name: &str| request.get("PointInTimeRecoverySpecification").and_then(|given| present(given, name));
    if given("PointInTimeRecoveryEnabled") == Some(&Json::Bool(true)) {
        return Err(AwsError::not_implemented("UpdateContinuousBackups with PointInTimeRecoveryEnabled"));
    }
    if given("RecoveryPeriodInDays").is_some() {
        let message = "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.";
        return Err(AwsError::validation(message));
    }
    Ok(backups())
}

fn insights(request: &Request, table: Option<&Table>) -> Result<Json, AwsError> {
    let name = table_name(table);
    let mut description = json!({"TableName": name});
    if let Some(index) = request.text("IndexName") {
        let indexes = table.map(|table| table.indexes.as_slice()).unwrap_or_default();
        if !indexes.iter().any(|known| !known.row.local && known.row.name == index) {
            let message = format!("Requested resource not found: Index: {index} not found for table: {name}");
            return Err(AwsError::new(400, "ResourceNotFoundException", message));
        }
        description["IndexName"] = json!(index);
    }
    description["ContributorInsightsStatus"] = json!("DISABLED");
    Ok(description)
}

fn no_policy(request: &Request, _: Option<&Table>) -> Result<Json, AwsError> {
    let arn = request.text("ResourceArn").unwrap_or_default();
    let message = format!("Resource-based policy not found for the provided ResourceArn: {arn}");
    Err(AwsError::new(400, "PolicyNotFoundException", message))
}

fn list_backups(request: &Request, _: Option<&Table>) -> Result<Json, AwsError> {
    let bound = |name: &str| request.get(name).and_then(Json::as_f64);
    if let (Some(from), Some(to)) = (bound("TimeRangeLowerBound"), bound("TimeRangeUpperBound"))
        && from > to
    {
        return Err(invalid("Time range lower bound must be less than or equal to upper bound"));
    }
    Ok(json!({"BackupSummaries": []}))
}

/// The one page of a list, to which no token leads.
fn first_page(request: &Request, page: Json) -> Result<Json, AwsError> {
    match request.text("NextToken") {
        Some(token) => Err(AwsError::validation(format!("Invalid Request: Provided nextToken is invalid: {token}"))),
        None => Ok(page),
    }
}

/// The table whose ARN, or whose stream's ARN, `given` is. What AWS says of others was measured for each of its forms.
fn resource(context: &Context, rows: &Snapshot, given: &str) -> Result<Option<Arc<Table>>, AwsError> {
    if !given.starts_with("arn:") {
        return Err(invalid(&format!("ARNs must start with 'arn:': {given}")));
    }
    let foreign = || invalid(&format!("Provided Arn is not a DynamoDB resource arn: {given}"));
    let parts: Vec<_> = given.splitn(6, ':').collect();
    let &[_, partition, "dynamodb", region, account, of] = parts.as_slice() else { return Err(foreign()) };
    let of = of.strip_prefix("table/").ok_or_else(foreign)?;
    let (name, below) = of.split_once('/').map_or((of, None), |(name, below)| (name, Some(below)));
    if account != context.account {
        return Err(AwsError::validation(
            "This action is only supported by accounts that match the resource owner’s account.",
        ));
    }
    if (partition, region) != ("aws", context.region.as_str()) {
        return Err(invalid(&format!("Invalid resource Arn: {given}")));
    }
    let owned = |text: &str| text.to_owned();
    let table = TableName { account: owned(account), region: owned(region), name: owned(name) };
    match below.map(|below| below.split_once('/').unwrap_or((below, ""))) {
        None => {
            let found = context.service.catalogue.load(rows, &table)?;
            found.map(Some).ok_or_else(|| error::no_such_table(name))
        }
        Some(("stream", label)) => {
            let arn = StreamArn { table, label: owned(label) };
            match stream::find(rows, &arn, context.service.clock.millis()) {
                Ok(_) => Ok(None),
                Err(error) if error.code != "ResourceNotFoundException" => Err(error),
                Err(_) => {
                    let message = format!("Requested resource not found: Stream: {label} not found for Table: {name}");
                    Err(AwsError::new(400, "ResourceNotFoundException", message))
                }
            }
        }
        Some(("index", _)) => Err(invalid(&format!(
            "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {given}"
        ))),
        Some(_) => Err(foreign()),
    }
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
