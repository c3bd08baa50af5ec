//! What is not compared literally, because no two runs agree on it: times, ids, accounts and regions in ARNs, presigned
//! URLs. All else is.

use std::borrow::Cow;
use std::collections::HashMap;

use regex_lite::{Captures, Regex};
use serde_json::{Map, Value};

/// How a member of an answer is compared, by its name. Members of what is stored (items, bodies) are never looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Literally, member by member.
    Plain,
    /// Literally: it is what is stored.
    Stored,
    /// Both have one.
    Time,
    /// Both have one, and the same one wherever the other side has the same one.
    Id,
    /// An ARN or a region, whose account and region are the target's.
    Place,
    /// The same path and the same names of parameters.
    Url,
}

impl Kind {
    /// By the names of tools' answers, else by AWS's own.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "items" | "item" | "attributes" | "json" | "text" | "base64" | "metadata" => Self::Stored,
            "modified" | "created" | "expires" => Self::Time,
            "cursor" | "version_id" | "source_version_id" | "upload_id" => Self::Id,
            "arn" | "stream_arn" | "region" => Self::Place,
            "url" => Self::Url,
            _ => Self::of_aws(name),
        }
    }

    fn of_aws(name: &str) -> Self {
        match name {
            "Items" | "Item" | "Attributes" | "Responses" | "Keys" | "OldImage" | "NewImage" | "LastEvaluatedKey"
            | "UnprocessedItems" | "UnprocessedKeys" | "body" => Self::Stored,
            // Whose a thing is, is told by accounts.
            "LastModified"
            | "CreationDate"
            | "Initiated"
            | "CreationDateTime"
            | "ApproximateCreationDateTime"
            | "CreationRequestDateTime"
            | "LastUpdateToPayPerRequestDateTime"
            | "LastIncreaseDateTime"
            | "LastDecreaseDateTime"
            | "LatestStreamLabel"
            | "StreamLabel"
            | "last-modified"
            | "location"
            | "Owner"
            | "Initiator"
            | "Account"
            | "UserId"
            | "AssumedRoleId"
            | "Expiration"
            | "ResponseMetadata" => Self::Time,
            "Arn" | "BucketArn" | "BucketRegion" | "awsRegion" | "x-amz-bucket-arn" | "x-amz-bucket-region" => {
                Self::Place
            }
            "Location" => Self::Url,
            _ if name.ends_with("Arn") => Self::Place,
            _ if GIVEN_BY_AWS.contains(&name) => Self::Id,
            _ => Self::Plain,
        }
    }
}

/// Elements of S3's documents that there may be several of.
pub(super) fn is_list(name: &str) -> bool {
    matches!(
        name,
        "Contents"
            | "CommonPrefixes"
            | "Version"
            | "DeleteMarker"
            | "Bucket"
            | "Part"
            | "Upload"
            | "Deleted"
            | "Error"
            | "Tag"
            | "CORSRule"
            | "AllowedMethod"
            | "AllowedOrigin"
            | "AllowedHeader"
            | "ExposeHeader"
            | "Rule"
            | "Grant"
    )
}

/// Arguments of tools that hold what a backend gave.
pub(super) const GIVEN: [&str; 4] = ["cursor", "version_id", "version_ids", "upload_id"];

/// Members of AWS's answers, and parameters, that hold what it gave.
const GIVEN_BY_AWS: [&str; 32] = [
    "ContinuationToken",
    "CopySourceVersionId",
    "DeleteMarkerVersionId",
    "EndingSequenceNumber",
    "EventID",
    "ExclusiveStartShardId",
    "ExclusiveStartStreamArn",
    "LastEvaluatedShardId",
    "NextContinuationToken",
    "NextShardIterator",
    "NextToken",
    "NextUploadIdMarker",
    "NextVersionIdMarker",
    "ParentShardId",
    "SequenceNumber",
    "ShardId",
    "ShardIterator",
    "StartingSequenceNumber",
    "StreamArn",
    "TableId",
    "UploadId",
    "UploadIdMarker",
    "VersionId",
    "VersionIdMarker",
    "continuation-token",
    "eventID",
    "upload-id-marker",
    "uploadId",
    "version-id-marker",
    "versionId",
    "x-amz-copy-source-version-id",
    "x-amz-version-id",
];

/// Whether what stands under AWS's name in a call's parameters was given by the backend.
pub(super) fn is_given(name: &str) -> bool {
    GIVEN_BY_AWS.contains(&name)
}

/// Ids that one side gave, and those that the other gave in their places.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<String, String>);

impl Ids {
    /// Takes down that `right` stands where `left` stood. `false` where another one stood there before.
    pub(super) fn pair(&mut self, left: &str, right: &str) -> bool {
        // S3's null version has the same name everywhere.
        if left == "null" || right == "null" {
            return left == right;
        }
        self.0.entry(left.to_owned()).or_insert_with(|| right.to_owned()) == right
    }

    /// What the other side gave in the place of `id`.
    pub(super) fn other(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// Puts the ids of the other side into `arguments`. The error names the argument that has none.
    pub(super) fn translate(&self, arguments: &mut Map<String, Value>) -> Result<(), &'static str> {
        for name in GIVEN {
            match arguments.get_mut(name) {
                Some(Value::String(id)) => self.replace(id).ok_or(name)?,
                Some(Value::Array(ids)) => ids.iter_mut().try_for_each(|id| match id {
                    Value::String(id) => self.replace(id).ok_or(name),
                    _ => Ok(()),
                })?,
                _ => {}
            }
        }
        Ok(())
    }

    fn replace(&self, id: &mut String) -> Option<()> {
        if id != "null" {
            id.clone_from(self.0.get(id)?);
        }
        Some(())
    }
}

/// Finds ARNs.
#[derive(Debug)]
pub(super) struct Arns {
    arn: Regex,
    label: Regex,
}

impl Arns {
    pub(super) fn new() -> Result<Self, regex_lite::Error> {
        Ok(Self {
            arn: Regex::new(r"arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([0-9]{12}):")?,
            label: Regex::new(r"/stream/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+")?,
        })
    }

    /// `text` with `ACCOUNT` for the account of each ARN, `REGION` for `region` in them, and `TIME` for a stream's label.
    pub(super) fn normal<'t>(&self, text: &'t str, region: Option<&str>) -> Cow<'t, str> {
        if !text.contains("arn:") {
            return Cow::Borrowed(if region == Some(text) { "REGION" } else { text });
        }
        let placed = self.arn.replace_all(text, |found: &Captures<'_>| {
            let own = if region == Some(&found[3]) { "REGION" } else { &found[3] };
            format!("arn:{}:{}:{own}:ACCOUNT:", &found[1], &found[2])
        });
        Cow::Owned(self.label.replace_all(&placed, "/stream/TIME").into_owned())
    }
}

/// Whether two presigned URLs ask for the same: the one may have the bucket in its host, the other in its path.
pub(super) fn same_url(left: &str, right: &str) -> bool {
    let (left, right) = (Url::of(left), Url::of(right));
    left.names == right.names && (left.path.ends_with(right.path) || right.path.ends_with(left.path))
}

struct Url<'a> {
    path: &'a str,
    names: Vec<String>,
}

impl<'a> Url<'a> {
    fn of(url: &'a str) -> Self {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let place = place.split_once("://").map_or(place, |(_, rest)| rest);
        let path = place.find('/').map_or("", |at| &place[at..]);
        let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        // Only temporary credentials have a token.
        let mut names: Vec<_> = query.split('&').map(name).filter(|name| name != "x-amz-security-token").collect();
        names.sort_unstable();
        Self { path, names }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_stands_for_one_other_only() {
        let mut ids = Ids::default();
        assert!(ids.pair("a", "x") && ids.pair("b", "y") && ids.pair("a", "x"));
        assert!(!ids.pair("a", "y"));
        assert!(ids.pair("null", "null") && !ids.pair("null", "z"));
    }

    #[test]
    fn arguments_get_the_ids_of_the_other_side_or_name_the_one_that_has_none() {
        let mut ids = Ids::default();
        ids.pair("v1", "w1");
        let mut arguments = json!({"key": "v1", "version_id": "v1", "version_ids": ["v1", "null"]});
        ids.translate(arguments.as_object_mut().unwrap()).unwrap();
        assert_eq!(arguments, json!({"key": "v1", "version_id": "w1", "version_ids": ["w1", "null"]}));
        let mut unknown = json!({"cursor": "c"});
        assert_eq!(ids.translate(unknown.as_object_mut().unwrap()), Err("cursor"));
    }

    #[test]
    fn accounts_and_the_targets_own_region_are_taken_out_of_arns() {
        let arns = Arns::new().unwrap();
        let here = "Table: arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/2026-11-23T01:02:03.456 is not";
        let there = "Table: arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2025-01-02T03:04:05.000 is not";
        assert_eq!(arns.normal(here, Some("eu-west-1")), arns.normal(there, Some("us-east-1")));
        assert_ne!(arns.normal(here, Some("us-east-1")), arns.normal(there, Some("us-east-1")));
        assert_eq!(arns.normal("000000000000", None), "000000000000");
    }

    #[test]
    fn presigned_urls_are_compared_by_path_and_names() {
        let path_style = "http://localhost:4566/b/k%20x?X-Amz-Date=1&X-Amz-Signature=[redacted]&x-id=GetObject";
        let hosted =
            "https://b.s3.amazonaws.com/k%20x?x-id=GetObject&X-Amz-Date=2&X-Amz-Signature=s&X-Amz-Security-Token=t";
        assert!(same_url(path_style, hosted));
        assert!(!same_url(path_style, &hosted.replace("k%20x", "other")));
        assert!(!same_url(path_style, &hosted.replace("x-id", "versionId")));
    }
}
