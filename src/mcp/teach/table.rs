//! Who teaches what: by AWS's code, words of its message, and the tool.

use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::{Map, Value};

use super::case::{Asked, Case, Lesson};
use super::{buckets, design, expression, indexes, keys, objects, operands, query, tables, values};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::hints;

/// How long an answer may be held up by what it could say.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who knows what to do.
enum Teacher {
    /// From the call alone.
    Says(fn(&Case<'_>) -> Option<Lesson>),
    /// From what is stored too.
    Looks(for<'a> fn(&'a Case<'a>) -> BoxFuture<'a, Option<Lesson>>),
}
use Teacher::{Looks, Says};

struct Row {
    /// AWS's code, or ours.
    code: &'static str,
    /// Words of the message.
    says: &'static str,
    /// What the tool's name begins with.
    tools: &'static str,
    teacher: Teacher,
}

const fn row(code: &'static str, says: &'static str, tools: &'static str, teacher: Teacher) -> Row {
    Row { code, says, tools, teacher }
}

/// What the messages of DynamoDB's checks begin with. In a cancelled transaction they are reasons.
const CHECKED: &str = "ValidationException";

/// The first that has something to say is heard.
const ROWS: &[Row] = &[
    // Names of what is not there.
    row("ResourceNotFoundException", "", "dynamodb_update_table", Looks(|case| Box::pin(indexes::missing(case)))),
    row("ResourceNotFoundException", "", "", Looks(|case| Box::pin(tables::missing(case)))),
    row("ResourceInUseException", "already exists", "", Looks(|case| Box::pin(tables::there_already(case)))),
    row(CHECKED, "does not have the specified index: ", "", Looks(|case| Box::pin(indexes::missing(case)))),
    row(CHECKED, "index which already exists", "", Looks(|case| Box::pin(indexes::there_already(case)))),
    row("NoSuchBucket", "", "", Looks(|case| Box::pin(buckets::missing(case)))),
    row("NotFound", "", "s3_", Looks(|case| Box::pin(buckets::missing_or_key(case)))),
    row("NoSuchKey", "", "", Looks(|case| Box::pin(objects::missing(case)))),
    row("InvalidRange", "", "s3_", Looks(|case| Box::pin(objects::out_of_range(case)))),
    row("no_answer", "ARN", "s3_", Says(buckets::arn)),
    row("InvalidBucketName", "", "", Says(buckets::wrong_name)),
    row("invalid_arguments", "A required field was not set", "", Says(objects::empty_name)),
    // Keys.
    row(CHECKED, "key element does not match the schema", "", Looks(|case| Box::pin(keys::wrong(case)))),
    row(CHECKED, "number of conditions on the keys is invalid", "", Looks(|case| Box::pin(keys::wrong(case)))),
    row(CHECKED, "Missing the key ", "", Looks(|case| Box::pin(keys::wrong(case)))),
    row(CHECKED, "Type mismatch for key ", "", Looks(|case| Box::pin(keys::wrong(case)))),
    row(CHECKED, "empty string value. Key: ", "", Looks(|case| Box::pin(keys::wrong(case)))),
    row(CHECKED, "Type mismatch for Index Key ", "", Says(keys::wrong_for_index)),
    row(CHECKED, "item keys contains duplicates", "", Says(keys::twice)),
    row(CHECKED, "multiple operations on one item", "", Says(keys::twice)),
    row(CHECKED, "This attribute is part of the key", "", Says(keys::part_of_the_key)),
    // Key conditions.
    row(CHECKED, "condition missed key schema element", "", Looks(|case| Box::pin(query::missed(case)))),
    row(CHECKED, "Query key condition not supported", "", Looks(|case| Box::pin(query::unsupported(case)))),
    row(
        CHECKED,
        "Invalid operator used in KeyConditionExpression: ",
        "",
        Looks(|case| Box::pin(query::operator(case))),
    ),
    row(CHECKED, "Condition parameter type does not match", "", Looks(|case| Box::pin(query::wrong_type(case)))),
    row(CHECKED, "KeyConditionExpression parameter must be", "", Looks(|case| Box::pin(query::none(case)))),
    row(CHECKED, "only contain one condition per key", "", Looks(|case| Box::pin(query::missed(case)))),
    row(
        CHECKED,
        "can only contain non-primary key attributes: Primary key attribute: ",
        "",
        Says(query::filters_by_key),
    ),
    // Names and values of expressions.
    row(CHECKED, "value used in expression is not defined; attribute value: ", "", Says(values::undefined)),
    row(CHECKED, "is not defined; attribute name: ", "", Says(values::undefined_name)),
    row(CHECKED, "unused in expressions: keys: ", "", Says(values::unused)),
    row(CHECKED, "contains invalid key: ", "", Says(values::wrong_name)),
    row(CHECKED, "can only be specified when using expressions", "", Says(values::without_expression)),
    // Expressions.
    row(CHECKED, "Invalid function name; function: ", "", Says(expression::function)),
    row(CHECKED, "Incorrect number of operands", "", Says(expression::operands)),
    row(CHECKED, "Incorrect operand type for operator or function", "", Says(expression::operand_type)),
    row(CHECKED, "Invalid attribute type name found", "", Says(expression::type_name)),
    row(CHECKED, "not allowed to be used this way", "", Says(expression::misused)),
    row(CHECKED, "section can only be used once", "", Says(expression::section_twice)),
    row(CHECKED, "Two document paths overlap", "", Says(expression::overlap)),
    row(CHECKED, "expression can not be empty", "", Says(expression::empty)),
    row(CHECKED, "Syntax error", "", Says(expression::syntax)),
    // Updates that do not fit the item.
    row(
        CHECKED,
        "operand in the update expression has an incorrect data type",
        "",
        Looks(|case| Box::pin(operands::wrong(case))),
    ),
    row(CHECKED, "refers to an attribute that does not exist", "", Looks(|case| Box::pin(operands::absent(case)))),
    row(
        CHECKED,
        "path provided in the update expression is invalid",
        "",
        Looks(|case| Box::pin(operands::no_way(case))),
    ),
    row(CHECKED, "Item size", "", Says(operands::too_large)),
    // Designs of tables.
    row(CHECKED, "At least one of ProvisionedThroughput", "", Says(design::nothing)),
    row(CHECKED, "TimeToLive is already ", "", Says(design::expires_already)),
    row(
        CHECKED,
        "TimeToLive is active on a different AttributeName: current AttributeName is ",
        "",
        Says(design::expires_otherwise),
    ),
    row(CHECKED, "does not have a range key, which is required", "", Says(design::local_without_range)),
];

/// The error with what to do about it, where that is known.
pub(in crate::mcp) async fn said(
    context: &Context,
    tool: &str,
    asked: &Asked,
    resources: &[String],
    mut error: ToolError,
) -> ToolError {
    match tokio::time::timeout(PATIENCE, lesson(context, tool, &asked.0, resources, &error)).await {
        Ok(Some(lesson)) => {
            // What the tool itself says, such as how to go on, stays and comes first; what is said of the code alone goes.
            let own = error.hint.take().filter(|hint| hints::for_code(&error.code) != Some(hint.as_str()));
            let error = error.hint(own.map_or(lesson.hint.clone(), |own| format!("{own} {}", lesson.hint)));
            match lesson.message {
                // What is wrong with the call itself is wrong the next time too.
                Some(message) => ToolError { message, retryable: false, ..error },
                None => error,
            }
        }
        Ok(None) | Err(_) => error,
    }
}

async fn lesson(
    context: &Context,
    tool: &str,
    asked: &Map<String, Value>,
    resources: &[String],
    error: &ToolError,
) -> Option<Lesson> {
    let codes = |code: &str| {
        error.code == code
            || code == CHECKED
                && error.code == "TransactionCanceledException"
                && error.message.contains("ValidationError")
    };
    for row in ROWS {
        if !codes(row.code) || !error.message.contains(row.says) || !tool.starts_with(row.tools) {
            continue;
        }
        let case = Case { context, tool, asked, resources, error, about: row.says };
        let lesson = match row.teacher {
            Says(teacher) => teacher(&case),
            Looks(teacher) => teacher(&case).await,
        };
        if lesson.is_some() {
            return lesson;
        }
    }
    None
}
