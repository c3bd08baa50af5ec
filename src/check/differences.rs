//! What of an emulated operation is not as on AWS, as far as a program that uses it may notice.
//!
//! The words are those of the documents: an operation points at a paragraph there by its first, bold words. What depends on
//! a member or its value stands here; `tests/check/` holds the words against the documents and AWS's model.

use super::found::{Given, Value};
use super::judge::Status;
use super::model::fold;

/// The heading of what differs, as a link has it.
pub const SECTION: &str = "where-aws-is-silent-or-we-differ-on-purpose";

/// Paragraphs of the documents by their bold words, and the operations that they are about.
pub const PARAGRAPHS: &[(&str, &[&str])] = &[
    ("A table is there at once.", &["CreateTable", "DeleteTable"]),
    ("An index takes the time that its items take.", &["UpdateTable"]),
    ("A Scan goes in the order of the keys.", &["Scan"]),
    ("A batch is one commit", &["BatchWriteItem"]),
    ("TTL", &["UpdateTimeToLive"]),
    ("A stream", &["GetRecords", "DescribeStream"]),
    ("TransactionConflict", &["TransactWriteItems", "TransactGetItems"]),
    ("Forms", &["PostObject"]),
];

/// What a member, or a value of it, comes to.
#[derive(Debug)]
pub struct Difference {
    /// The operations; empty: every one that has the member.
    pub operations: &'static [&'static str],
    /// The member at the top.
    pub member: &'static str,
    /// A member at any depth below it that is meant, or the member itself.
    pub below: Option<&'static str>,
    /// The values that are meant.
    pub values: Values,
    /// Whether that is emulated.
    pub status: Status,
    /// What to know.
    pub text: &'static str,
}

/// Values of a member.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// Whatever it is.
    Any,
    /// These.
    These(&'static [&'static str]),
    /// Known ones that are none of these.
    But(&'static [&'static str]),
    /// All that are not known to be one of these.
    Unless(&'static [&'static str]),
}

const NEW_OBJECTS: &[&str] = &["PutObject", "CopyObject", "CreateMultipartUpload", "PostObject"];
const LOCK: &str = "Object Lock is not built: answered as AWS does for a bucket without it";
const ACLS: &str =
    "there are no ACLs, as in every bucket made since April 2023: only private and bucket-owner-full-control are taken";
const GRANTS: &str = "there are no ACLs, as in every bucket made since April 2023: grants are refused";
const KMS: &str = "KMS keys are refused with 501; AES256 works";

const fn any(member: &'static str, status: Status, text: &'static str) -> Difference {
    Difference { operations: &[], member, below: None, values: Values::Any, status, text }
}

/// All of them.
pub const MEMBERS: &[Difference] = &[
    any("ObjectLockMode", Status::NotEmulated, LOCK),
    any("ObjectLockRetainUntilDate", Status::NotEmulated, LOCK),
    any("ObjectLockLegalHoldStatus", Status::NotEmulated, LOCK),
    any("BypassGovernanceRetention", Status::NotEmulated, LOCK),
    any("GrantFullControl", Status::Differs, GRANTS),
    any("GrantRead", Status::Differs, GRANTS),
    any("GrantReadACP", Status::Differs, GRANTS),
    any("GrantWrite", Status::Differs, GRANTS),
    any("GrantWriteACP", Status::Differs, GRANTS),
    any("MFA", Status::Differs, "taken and means nothing: no bucket wants MFA"),
    Difference {
        operations: &["PutObject", "CopyObject", "CreateMultipartUpload", "CreateBucket"],
        member: "ACL",
        below: None,
        values: Values::But(&["private", "bucket-owner-full-control"]),
        status: Status::Differs,
        text: ACLS,
    },
    Difference {
        operations: NEW_OBJECTS,
        member: "ServerSideEncryption",
        below: None,
        values: Values::These(&["aws:kms", "aws:kms:dsse", "aws:fsx"]),
        status: Status::NotEmulated,
        text: KMS,
    },
    Difference {
        operations: NEW_OBJECTS,
        member: "StorageClass",
        below: None,
        values: Values::But(&["STANDARD"]),
        status: Status::Differs,
        text: "storage classes are kept and shown; nothing moves",
    },
    Difference {
        operations: &["PutBucketEncryption"],
        member: "ServerSideEncryptionConfiguration",
        below: Some("SSEAlgorithm"),
        values: Values::These(&["aws:kms", "aws:kms:dsse"]),
        status: Status::NotEmulated,
        text: KMS,
    },
    Difference {
        operations: &["PutBucketEncryption"],
        member: "ServerSideEncryptionConfiguration",
        below: Some("BlockedEncryptionTypes"),
        values: Values::Any,
        status: Status::NotEmulated,
        text: "BlockedEncryptionTypes is refused with 501",
    },
    Difference {
        operations: &["PutBucketVersioning"],
        member: "VersioningConfiguration",
        below: Some("MFADelete"),
        values: Values::These(&["Enabled"]),
        status: Status::NotEmulated,
        text: "MFADelete is refused with 501",
    },
    Difference {
        operations: &["CreateTable", "UpdateTable"],
        member: "SSESpecification",
        below: Some("KMSMasterKeyId"),
        values: Values::Unless(&["alias/aws/dynamodb"]),
        status: Status::NotEmulated,
        text: "a customer's key is refused with 501; the one that AWS manages works",
    },
    Difference {
        operations: &["UpdateContinuousBackups"],
        member: "PointInTimeRecoverySpecification",
        below: Some("PointInTimeRecoveryEnabled"),
        values: Values::These(&["true"]),
        status: Status::NotEmulated,
        text: "switching recovery on is refused with 501",
    },
    any("ReturnConsumedCapacity", Status::Differs, "capacity is counted and never limited"),
];

/// Values with which an operation works that is refused otherwise.
pub const TAKEN: &[(&str, &str, &str)] = &[
    ("PutBucketOwnershipControls", "ObjectOwnership", "BucketOwnerEnforced"),
    ("PutBucketRequestPayment", "Payer", "BucketOwner"),
];

/// The bold words of the paragraphs about an operation.
pub fn of_operation(name: &str) -> impl Iterator<Item = &'static str> {
    PARAGRAPHS.iter().filter(move |(_, operations)| operations.contains(&name)).map(|(lead, _)| *lead)
}

/// What is different about a member with this value.
pub fn of_member(operation: &str, name: &str, value: &Value) -> impl Iterator<Item = &'static Difference> {
    MEMBERS.iter().filter(move |difference| {
        let of = difference.operations.is_empty() || difference.operations.contains(&operation);
        of && difference.member == name && difference.holds(value)
    })
}

/// Whether a use of an operation that is refused otherwise is one that is taken.
#[must_use]
pub fn is_taken(operation: &str, given: &Given) -> bool {
    TAKEN.iter().any(|(of, member, taken)| {
        *of == operation && given.members.iter().any(|(_, value)| below(value, member, &mut |value| is(value, taken)))
    })
}

impl Difference {
    fn holds(&self, value: &Value) -> bool {
        match self.below {
            Some(member) => below(value, member, &mut |value| self.values.hold(value)),
            None => self.values.hold(value),
        }
    }
}

impl Values {
    fn hold(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.iter().any(|this| is(value, this)),
            Self::Unless(these) => !these.iter().any(|this| is(value, this)),
            Self::But(these) => matches!(value, Value::Text(_)) && !these.iter().any(|this| is(value, this)),
        }
    }
}

/// Whether a member of this name is anywhere in a value, and satisfies.
fn below(value: &Value, member: &str, satisfies: &mut dyn FnMut(&Value) -> bool) -> bool {
    match value {
        Value::Members(given) => given
            .members
            .iter()
            .any(|(name, value)| (fold(name) == fold(member) && satisfies(value)) || below(value, member, satisfies)),
        Value::List(values) => values.iter().any(|value| below(value, member, satisfies)),
        Value::Text(_) | Value::Word(_) | Value::Unknown => false,
    }
}

/// Whether a value says this: as text, or as a constant that ends in it, such as `ServerSideEncryptionAwsKms`.
fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Text(text) => text.eq_ignore_ascii_case(wanted),
        Value::Word(word) => fold(word).ends_with(&fold(wanted)),
        Value::Members(_) | Value::List(_) | Value::Unknown => false,
    }
}
