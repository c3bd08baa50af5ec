//! What is known of an object beside its bytes: HeadObject, and GetObjectTagging.

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::DateTimeFormat;
use aws_sdk_s3::types::ChecksumMode;
use footbridge_tui::ask::{Answer, ObjectFacts, ObjectName, Trouble};
use serde_json::json;

use super::asked::{Asked, count};

pub(super) async fn facts(asked: &Asked<'_>, name: &ObjectName) -> Result<Answer, Trouble> {
    let ObjectName { bucket, key, version } = name;
    let look = Box::pin(async {
        let head = async |s3: aws_sdk_s3::Client| {
            let request = s3.head_object().bucket(bucket).key(key).set_version_id(version.clone());
            request.checksum_mode(ChecksumMode::Enabled).send().await
        };
        let tags = async |s3: aws_sdk_s3::Client| {
            s3.get_object_tagging().bucket(bucket).key(key).set_version_id(version.clone()).send().await
        };
        let head = asked.about(bucket, head).await?;
        // Whoever may read an object need not be allowed this on AWS.
        let tags =
            asked.about(bucket, tags).await.ok().map(|answer| {
                answer.tag_set().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
            });
        let mut metadata: Vec<_> = head.metadata.clone().unwrap_or_default().into_iter().collect();
        metadata.sort_unstable();
        let facts = ObjectFacts {
            size: count(head.content_length()),
            content_type: head.content_type().unwrap_or_default().to_owned(),
            headers: headers(&head),
            metadata,
            tags,
        };
        Ok((json!({ "size": facts.size }), facts))
    });
    let mut arguments = json!({ "bucket": bucket, "key": key, "as": "head" });
    if let Some(version) = version {
        arguments["version_id"] = json!(version);
    }
    let facts = asked.read("s3_get_object", arguments, Some(format!("s3://{bucket}/{key}")), look).await?;
    Ok(Answer::Object(Box::new(facts)))
}

/// What an object's answer says, under the names of its headers, the most looked for first.
fn headers(head: &HeadObjectOutput) -> Vec<(String, String)> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let time = |at: Option<&aws_smithy_types::DateTime>| at.and_then(|at| at.fmt(DateTimeFormat::DateTime).ok());
    let yes = |flag: Option<bool>| flag.filter(|flag| *flag).map(|_| "yes".to_owned());
    let all = [
        ("ETag", head.e_tag().map(|tag| tag.trim_matches('"').to_owned())),
        ("Last-Modified", time(head.last_modified())),
        ("x-amz-version-id", text(head.version_id())),
        ("x-amz-storage-class", head.storage_class().map(|class| class.as_str().to_owned())),
        ("Cache-Control", text(head.cache_control())),
        ("Content-Disposition", text(head.content_disposition())),
        ("Content-Encoding", text(head.content_encoding())),
        ("Content-Language", text(head.content_language())),
        ("Expires", text(head.expires_string())),
        ("x-amz-website-redirect-location", text(head.website_redirect_location())),
        ("x-amz-server-side-encryption", head.server_side_encryption().map(|kind| kind.as_str().to_owned())),
        ("x-amz-server-side-encryption-aws-kms-key-id", text(head.ssekms_key_id())),
        ("x-amz-server-side-encryption-bucket-key-enabled", yes(head.bucket_key_enabled())),
        ("x-amz-server-side-encryption-customer-algorithm", text(head.sse_customer_algorithm())),
        ("x-amz-checksum-type", head.checksum_type().map(|kind| kind.as_str().to_owned())),
        ("x-amz-checksum-crc32", text(head.checksum_crc32())),
        ("x-amz-checksum-crc32c", text(head.checksum_crc32_c())),
        ("x-amz-checksum-crc64nvme", text(head.checksum_crc64_nvme())),
        ("x-amz-checksum-sha1", text(head.checksum_sha1())),
        ("x-amz-checksum-sha256", text(head.checksum_sha256())),
        ("x-amz-mp-parts-count", head.parts_count().map(|parts| parts.to_string())),
        ("x-amz-expiration", text(head.expiration())),
        ("x-amz-restore", text(head.restore())),
        ("x-amz-archive-status", head.archive_status().map(|status| status.as_str().to_owned())),
        ("x-amz-replication-status", head.replication_status().map(|status| status.as_str().to_owned())),
        ("x-amz-object-lock-mode", head.object_lock_mode().map(|mode| mode.as_str().to_owned())),
        ("x-amz-object-lock-retain-until-date", time(head.object_lock_retain_until_date())),
        ("x-amz-object-lock-legal-hold", head.object_lock_legal_hold_status().map(|hold| hold.as_str().to_owned())),
        ("x-amz-missing-meta", head.missing_meta().map(|missing| missing.to_string())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
