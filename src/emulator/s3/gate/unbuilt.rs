//! Operations that exist on AWS and not here, by what selects them: they are refused by name.

use super::address::Level::{self, Bucket, Object, Service};

/// Method, level, selecting query parameter, and AWS's name. Where one parameter selects several, the first stands
/// for them.
pub(super) const UNBUILT: &[(&str, Level, &str, &str)] = &[
    ("GET", Bucket, "abac", "GetBucketAbac"),
    ("GET", Bucket, "accelerate", "GetBucketAccelerateConfiguration"),
    ("GET", Bucket, "acl", "GetBucketAcl"),
    ("GET", Bucket, "analytics", "GetBucketAnalyticsConfiguration"),
    ("GET", Bucket, "intelligent-tiering", "GetBucketIntelligentTieringConfiguration"),
    ("GET", Bucket, "inventory", "GetBucketInventoryConfiguration"),
    ("GET", Bucket, "lifecycle", "GetBucketLifecycleConfiguration"),
    ("GET", Bucket, "logging", "GetBucketLogging"),
    ("GET", Bucket, "metadataConfiguration", "GetBucketMetadataConfiguration"),
    ("GET", Bucket, "metadataTable", "GetBucketMetadataTableConfiguration"),
    ("GET", Bucket, "metrics", "GetBucketMetricsConfiguration"),
    ("GET", Bucket, "notification", "GetBucketNotificationConfiguration"),
    ("GET", Bucket, "object-lock", "GetObjectLockConfiguration"),
    ("GET", Bucket, "ownershipControls", "GetBucketOwnershipControls"),
    ("GET", Bucket, "policy", "GetBucketPolicy"),
    ("GET", Bucket, "policyStatus", "GetBucketPolicyStatus"),
    ("GET", Bucket, "publicAccessBlock", "GetPublicAccessBlock"),
    ("GET", Bucket, "replication", "GetBucketReplication"),
    ("GET", Bucket, "requestPayment", "GetBucketRequestPayment"),
    ("GET", Bucket, "session", "CreateSession"),
    ("GET", Bucket, "website", "GetBucketWebsite"),
    ("PUT", Bucket, "abac", "PutBucketAbac"),
    ("PUT", Bucket, "accelerate", "PutBucketAccelerateConfiguration"),
    ("PUT", Bucket, "acl", "PutBucketAcl"),
    ("PUT", Bucket, "analytics", "PutBucketAnalyticsConfiguration"),
    ("PUT", Bucket, "intelligent-tiering", "PutBucketIntelligentTieringConfiguration"),
    ("PUT", Bucket, "inventory", "PutBucketInventoryConfiguration"),
    ("PUT", Bucket, "lifecycle", "PutBucketLifecycleConfiguration"),
    ("PUT", Bucket, "logging", "PutBucketLogging"),
    ("PUT", Bucket, "metadataInventoryTable", "UpdateBucketMetadataInventoryTableConfiguration"),
    ("PUT", Bucket, "metadataJournalTable", "UpdateBucketMetadataJournalTableConfiguration"),
    ("PUT", Bucket, "metrics", "PutBucketMetricsConfiguration"),
    ("PUT", Bucket, "notification", "PutBucketNotificationConfiguration"),
    ("PUT", Bucket, "object-lock", "PutObjectLockConfiguration"),
    ("PUT", Bucket, "ownershipControls", "PutBucketOwnershipControls"),
    ("PUT", Bucket, "policy", "PutBucketPolicy"),
    ("PUT", Bucket, "publicAccessBlock", "PutPublicAccessBlock"),
    ("PUT", Bucket, "replication", "PutBucketReplication"),
    ("PUT", Bucket, "requestPayment", "PutBucketRequestPayment"),
    ("PUT", Bucket, "website", "PutBucketWebsite"),
    ("DELETE", Bucket, "analytics", "DeleteBucketAnalyticsConfiguration"),
    ("DELETE", Bucket, "intelligent-tiering", "DeleteBucketIntelligentTieringConfiguration"),
    ("DELETE", Bucket, "inventory", "DeleteBucketInventoryConfiguration"),
    ("DELETE", Bucket, "lifecycle", "DeleteBucketLifecycle"),
    ("DELETE", Bucket, "metadataConfiguration", "DeleteBucketMetadataConfiguration"),
    ("DELETE", Bucket, "metadataTable", "DeleteBucketMetadataTableConfiguration"),
    ("DELETE", Bucket, "metrics", "DeleteBucketMetricsConfiguration"),
    ("DELETE", Bucket, "ownershipControls", "DeleteBucketOwnershipControls"),
    ("DELETE", Bucket, "policy", "DeleteBucketPolicy"),
    ("DELETE", Bucket, "publicAccessBlock", "DeletePublicAccessBlock"),
    ("DELETE", Bucket, "replication", "DeleteBucketReplication"),
    ("DELETE", Bucket, "website", "DeleteBucketWebsite"),
    ("POST", Bucket, "metadataConfiguration", "CreateBucketMetadataConfiguration"),
    ("POST", Bucket, "metadataTable", "CreateBucketMetadataTableConfiguration"),
    ("GET", Object, "acl", "GetObjectAcl"),
    ("GET", Object, "legal-hold", "GetObjectLegalHold"),
    ("GET", Object, "retention", "GetObjectRetention"),
    ("GET", Object, "torrent", "GetObjectTorrent"),
    ("PUT", Object, "acl", "PutObjectAcl"),
    ("PUT", Object, "encryption", "UpdateObjectEncryption"),
    ("PUT", Object, "legal-hold", "PutObjectLegalHold"),
    ("PUT", Object, "renameObject", "RenameObject"),
    ("PUT", Object, "retention", "PutObjectRetention"),
    ("POST", Object, "restore", "RestoreObject"),
    ("POST", Object, "select", "SelectObjectContent"),
    ("POST", Service, "WriteGetObjectResponse", "WriteGetObjectResponse"),
];

#[cfg(test)]
mod tests {
    use super::super::routes::ROUTES;
    use super::*;

    #[test]
    fn an_operation_is_built_or_not_and_never_both() {
        for (method, level, selector, name) in UNBUILT {
            assert!(ROUTES.iter().all(|route| route.name != *name), "{name} is built: take it off this list");
            let same = UNBUILT.iter().filter(|other| (other.0, other.1, other.2) == (method, *level, selector));
            assert_eq!(same.count(), 1, "{method} {level:?} ?{selector} stands twice");
        }
    }
}
