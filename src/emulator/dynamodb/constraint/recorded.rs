//! Where recorded answers of us-east-1 differ from AWS's model: shapes that replace the model's, orders and phrasings.

use super::model;
use super::shape::{Constraint, Elements, Range, Shape, Text};

/// The characters that names of tables and indexes are made of.
pub const NAME: &str = "[a-zA-Z0-9_.-]+";

/// A table's name where its ARN may be given instead. The model knows only the ARN's bounds (1 to 1,024); recorded on
/// 2026-09-20: a name is at most 255 long and has a pattern.
pub static TABLE_NAME_OR_ARN: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: Some(NAME), values: &[], arn: true });

/// The name of a table to be made: recorded on 2026-09-20 with a least length of 3.
pub static NEW_TABLE_NAME: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some(NAME), values: &[], arn: false });

/// A table's name or ARN in a batch: a name has at least three characters there.
pub static BATCH_TABLE_NAME_OR_ARN: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some(NAME), values: &[], arn: true });

/// The key schema of a table or a local index: recorded on 2026-09-20 with a greatest length of 2, which the model no longer
/// has since global indexes may have longer keys.
pub static TABLE_KEY_SCHEMA: Shape =
    Shape::List(Elements { min: Some(1), max: Some(2), element: &model::KEY_SCHEMA_ELEMENT });

/// The largest page of stream records. The model has the bound in words only.
pub static RECORDS_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(1000) });

/// The largest page of streams, or of a stream's shards. The model has the bound in words only.
pub static STREAMS_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(100) });

/// The greatest length of an ARN, from the model.
pub const ARN_MAX: u32 = 1024;

/// The values of types that AWS lists in another order than its model does, as independent engines agree on.
const LISTED: [&[&str]; 2] =
    [&["B", "N", "S"], &["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"]];

/// The values that a text may have, in the order in which AWS lists them.
#[must_use]
pub fn listed(values: &'static [&'static str]) -> &'static [&'static str] {
    let same = |listed: &&[&str]| listed.len() == values.len() && listed.iter().all(|value| values.contains(value));
    LISTED.into_iter().find(same).unwrap_or(values)
}

/// How a violation is put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase {
    /// `Value 'x' at 'member' failed to satisfy constraint: …`.
    Echo,
    /// `Value at 'Member' failed to satisfy constraint: …`.
    Member,
    /// `Failed to satisfy constraint: …`, about this set of values rather than the model's.
    Values(&'static [&'static str]),
    /// A sentence of its own, with no count before it.
    Sentence(&'static str),
}

/// A violation that AWS words in its own way.
#[derive(Debug)]
pub struct Rule {
    /// The operations that do so.
    pub operations: &'static [&'static str],
    /// The member, of the request or, after its names joined by `.`, of something in it.
    pub member: &'static str,
    /// Which of its constraints.
    pub applies: fn(Constraint) -> bool,
    /// The words.
    pub phrase: Phrase,
    /// The operations whose validation ends there, so that nothing else is reported; of a request's own member.
    pub ends: &'static [&'static str],
}

const TABLES: &[&str] = &["CreateTable", "DeleteTable", "DescribeTable", "UpdateTable"];
const BATCHES: &[&str] = &["BatchGetItem", "BatchWriteItem"];
const ITEM_WRITES: &[&str] = &["PutItem", "UpdateItem", "DeleteItem"];
// `UPDATE_NEW`, not `UPDATED_NEW`, is what AWS prints.
const RETURN_VALUES: &[&str] = &["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATE_NEW", "NONE"];

/// The violations with words of their own, recorded on 2026-09-20 and 2026-10-07, or quoted by those who met them on AWS: a
/// missing name of a table in aws/aws-sdk-java's issues 344 and 977.
pub static RULES: &[Rule] = &[
    Rule {
        operations: ITEM_WRITES,
        member: "TableName",
        applies: |constraint| matches!(constraint, Constraint::MinLength(_)),
        phrase: Phrase::Member,
        ends: ITEM_WRITES,
    },
    Rule {
        operations: ITEM_WRITES,
        member: "ReturnValues",
        applies: |constraint| matches!(constraint, Constraint::Enum(_)),
        phrase: Phrase::Values(RETURN_VALUES),
        ends: &["UpdateItem"],
    },
    Rule {
        operations: &["BatchGetItem"],
        member: "RequestItems",
        applies: |constraint| matches!(constraint, Constraint::MinLength(_)),
        phrase: Phrase::Member,
        ends: &["BatchGetItem"],
    },
    Rule {
        operations: &["BatchWriteItem"],
        member: "RequestItems",
        applies: |constraint| matches!(constraint, Constraint::MinLength(_)),
        phrase: Phrase::Sentence("The requestItems parameter is required for BatchWriteItem"),
        ends: &["BatchWriteItem"],
    },
    Rule {
        operations: &["BatchGetItem"],
        member: "RequestItems.Keys",
        applies: |constraint| matches!(constraint, Constraint::MinLength(_) | Constraint::MaxLength(_)),
        phrase: Phrase::Member,
        ends: &[],
    },
    Rule {
        operations: &["Query"],
        member: "ConditionalOperator",
        applies: |constraint| matches!(constraint, Constraint::Enum(_)),
        phrase: Phrase::Values(&["AND", "OR"]),
        ends: &["Query"],
    },
    Rule {
        operations: &["Query"],
        member: "Limit",
        applies: |constraint| matches!(constraint, Constraint::MinValue(_)),
        phrase: Phrase::Member,
        ends: &["Query"],
    },
    Rule {
        operations: TABLES,
        member: "TableName",
        applies: |constraint| matches!(constraint, Constraint::NotNull),
        phrase: Phrase::Sentence("The parameter 'TableName' is required but was not present in the request"),
        ends: TABLES,
    },
];

/// Operations that report all violations where this member is missing, also beside one that otherwise ends validation.
pub const JOINED_WITHOUT: &[(&str, &str)] = &[("UpdateItem", "Key")];

/// Batches that look at the names of tables only where no member of the request is wrong in itself.
pub const NAMES_LAST: &[&str] = &["BatchWriteItem"];

/// Whether the map of this member is one of tables by their names. Names that are wrong are told with the map's JSON.
#[must_use]
pub fn is_of_tables(operation: &str, member: &str) -> bool {
    member == "RequestItems" && BATCHES.contains(&operation)
}

/// The rule for this violation of a member, named as rules do, if there is one.
#[must_use]
pub fn rule(operation: &str, member: &str, constraint: Constraint) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.member == member && rule.operations.contains(&operation) && (rule.applies)(constraint))
}

/// How many items a batch may hold over all its tables (quotas page; the model bounds each table's list only).
pub const BATCH_TOTALS: &[(&str, usize)] = &[("BatchGetItem", 100), ("BatchWriteItem", 25)];

/// The members that AWS checks before the others, in this order; the others follow in the model's order.
#[must_use]
pub fn first(operation: &str) -> &'static [&'static str] {
    match operation {
        _ if ITEM_WRITES.contains(&operation) => {
            &["ReturnConsumedCapacity", "ReturnValues", "ReturnItemCollectionMetrics"]
        }
        "CreateTable" => &["AttributeDefinitions", "TableName", "KeySchema", "GlobalSecondaryIndexes"],
        "TransactWriteItems" => &["TransactItems", "ClientRequestToken"],
        _ => &[],
    }
}

/// Structures that a message shows as Java's `Class@hash` instead of by their members (recorded 2026-09-20).
pub const HASHED: &[&str] = &["KeySchemaElement", "AttributeValue"];

/// A member that AWS's own servers know and the public model does not; it shows in echoes (recorded 2026-09-20).
#[must_use]
pub fn hidden_member(structure: &str) -> Option<&'static str> {
    (structure == "PutRequest").then_some("workloadProfileName")
}
