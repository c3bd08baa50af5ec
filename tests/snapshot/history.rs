//! Anything that a client may do, and a client that does it.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate,
    KeySchemaElement, KeyType, Projection, ProjectionType, StreamSpecification, StreamViewType, Tag,
    TimeToLiveSpecification,
};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, VersioningConfiguration};
use footbridge::testing::Footbridge;
use proptest::prelude::*;

pub const TABLES: [&str; 2] = ["orders", "users"];
pub const BUCKETS: [&str; 2] = ["media", "logs"];
const KEYS: [&str; 4] = ["a/one", "a/two", "b/one", "b/zwei ü"];
/// Bodies: none, text, a rider, and two that are blobs at once.
const SIZES: [usize; 5] = [0, 20, 3000, 70_000, 200_000];

/// Something that a client does. What cannot be done as things stand fails, and changes nothing.
#[derive(Debug, Clone)]
pub enum Deed {
    CreateTable(usize, bool),
    DeleteTable(usize),
    PutItem(usize, u8, u8),
    DeleteItem(usize, u8),
    AddIndex(usize),
    TimeToLive(usize),
    TagTable(usize, u8),
    CreateBucket(usize),
    DeleteBucket(usize),
    Versioning(usize, bool),
    PutObject(usize, usize, usize, u8),
    DeleteObject(usize, usize),
    DeleteVersion(usize, usize),
    TagObject(usize, usize, u8),
    Upload(usize, usize, u8),
}

pub fn history(most: usize) -> impl Strategy<Value = Vec<Deed>> {
    let table = 0..TABLES.len();
    let bucket = 0..BUCKETS.len();
    let key = 0..KEYS.len();
    let deed = prop_oneof![
        3 => (table.clone(), any::<bool>()).prop_map(|(table, full)| Deed::CreateTable(table, full)),
        1 => table.clone().prop_map(Deed::DeleteTable),
        8 => (table.clone(), 0..5_u8, any::<u8>()).prop_map(|(table, key, value)| Deed::PutItem(table, key, value)),
        2 => (table.clone(), 0..5_u8).prop_map(|(table, key)| Deed::DeleteItem(table, key)),
        1 => table.clone().prop_map(Deed::AddIndex),
        1 => table.clone().prop_map(Deed::TimeToLive),
        1 => (table, any::<u8>()).prop_map(|(table, value)| Deed::TagTable(table, value)),
        4 => bucket.clone().prop_map(Deed::CreateBucket),
        1 => bucket.clone().prop_map(Deed::DeleteBucket),
        2 => (bucket.clone(), any::<bool>()).prop_map(|(bucket, on)| Deed::Versioning(bucket, on)),
        8 => (bucket.clone(), key.clone(), 0..SIZES.len(), any::<u8>())
            .prop_map(|(bucket, key, size, byte)| Deed::PutObject(bucket, key, size, byte)),
        3 => (bucket.clone(), key.clone()).prop_map(|(bucket, key)| Deed::DeleteObject(bucket, key)),
        2 => (bucket.clone(), key.clone()).prop_map(|(bucket, key)| Deed::DeleteVersion(bucket, key)),
        2 => (bucket.clone(), key.clone(), any::<u8>()).prop_map(|(bucket, key, value)| Deed::TagObject(bucket, key, value)),
        1 => (bucket, key, any::<u8>()).prop_map(|(bucket, key, byte)| Deed::Upload(bucket, key, byte | 1)),
    ];
    proptest::collection::vec(deed, 0..most)
}

fn attribute(name: &str) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type("S".into()).build().unwrap()
}

fn element(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

/// Does one thing after the other.
pub async fn act(aws: &Footbridge, deeds: &[Deed]) {
    for deed in deeds {
        do_it(aws, deed).await;
    }
}

#[expect(clippy::too_many_lines, reason = "a line a deed")]
async fn do_it(aws: &Footbridge, deed: &Deed) -> Option<()> {
    let (s3, db) = (&aws.s3, &aws.dynamodb);
    match *deed {
        Deed::CreateTable(table, full) => {
            let mut request = db.create_table().table_name(TABLES[table]).billing_mode(BillingMode::PayPerRequest);
            request = request.attribute_definitions(attribute("pk")).key_schema(element("pk", KeyType::Hash));
            if full {
                let all = Projection::builder().projection_type(ProjectionType::All).build();
                let local = aws_sdk_dynamodb::types::LocalSecondaryIndex::builder()
                    .index_name("by-other")
                    .key_schema(element("pk", KeyType::Hash))
                    .key_schema(element("other", KeyType::Range))
                    .projection(all)
                    .build()
                    .unwrap();
                let view = StreamViewType::NewAndOldImages;
                request = request
                    .attribute_definitions(attribute("sk"))
                    .attribute_definitions(attribute("other"))
                    .key_schema(element("sk", KeyType::Range))
                    .local_secondary_indexes(local)
                    .stream_specification(
                        StreamSpecification::builder().stream_enabled(true).stream_view_type(view).build().unwrap(),
                    );
            }
            request.send().await.ok()?;
        }
        Deed::DeleteTable(table) => drop(db.delete_table().table_name(TABLES[table]).send().await.ok()?),
        Deed::PutItem(table, key, value) => {
            let text = |text: String| AttributeValue::S(text);
            let request = db.put_item().table_name(TABLES[table]).item("pk", text(format!("k{}", key % 2)));
            let request = request.item("sk", text(format!("s{key}"))).item("other", text(format!("o{}", value % 3)));
            // Never past, so that nothing expires meanwhile.
            let request = request.item("until", AttributeValue::N(format!("99999999{value:03}")));
            request.item("list", AttributeValue::L(vec![AttributeValue::Bool(value > 9)])).send().await.ok()?;
        }
        Deed::DeleteItem(table, key) => {
            let request =
                db.delete_item().table_name(TABLES[table]).key("pk", AttributeValue::S(format!("k{}", key % 2)));
            let full = db.describe_table().table_name(TABLES[table]).send().await.ok()?.table?.key_schema().len() > 1;
            let request = if full { request.key("sk", AttributeValue::S(format!("s{key}"))) } else { request };
            request.send().await.ok()?;
        }
        Deed::AddIndex(table) => {
            let create = CreateGlobalSecondaryIndexAction::builder()
                .index_name("by-value")
                .key_schema(element("other", KeyType::Hash))
                .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
                .build()
                .unwrap();
            let update = GlobalSecondaryIndexUpdate::builder().create(create).build();
            let request = db.update_table().table_name(TABLES[table]).attribute_definitions(attribute("other"));
            request.global_secondary_index_updates(update).send().await.ok()?;
            aws.emulator()?.dynamodb().swept().await;
        }
        Deed::TimeToLive(table) => {
            let specification =
                TimeToLiveSpecification::builder().enabled(true).attribute_name("until").build().unwrap();
            let request = db.update_time_to_live().table_name(TABLES[table]);
            request.time_to_live_specification(specification).send().await.ok()?;
        }
        Deed::TagTable(table, value) => {
            let arn = format!("arn:aws:dynamodb:us-east-1:000000000000:table/{}", TABLES[table]);
            let tag = Tag::builder().key("team").value(value.to_string()).build().unwrap();
            db.tag_resource().resource_arn(arn).tags(tag).send().await.ok()?;
        }
        Deed::CreateBucket(bucket) => drop(s3.create_bucket().bucket(BUCKETS[bucket]).send().await.ok()?),
        Deed::DeleteBucket(bucket) => drop(s3.delete_bucket().bucket(BUCKETS[bucket]).send().await.ok()?),
        Deed::Versioning(bucket, on) => {
            let status = if on { BucketVersioningStatus::Enabled } else { BucketVersioningStatus::Suspended };
            let versioning = VersioningConfiguration::builder().status(status).build();
            s3.put_bucket_versioning()
                .bucket(BUCKETS[bucket])
                .versioning_configuration(versioning)
                .send()
                .await
                .ok()?;
        }
        Deed::PutObject(bucket, key, size, byte) => {
            let body = body(SIZES[size], byte);
            let request = s3.put_object().bucket(BUCKETS[bucket]).key(KEYS[key]).body(ByteStream::from(body));
            request.metadata("byte", byte.to_string()).content_type("text/x-test").send().await.ok()?;
        }
        Deed::DeleteObject(bucket, key) => {
            drop(s3.delete_object().bucket(BUCKETS[bucket]).key(KEYS[key]).send().await.ok()?);
        }
        Deed::DeleteVersion(bucket, key) => {
            let listed = s3.list_object_versions().bucket(BUCKETS[bucket]).prefix(KEYS[key]).send().await.ok()?;
            let version = listed.versions().last()?.version_id()?.to_owned();
            s3.delete_object().bucket(BUCKETS[bucket]).key(KEYS[key]).version_id(version).send().await.ok()?;
        }
        Deed::TagObject(bucket, key, value) => {
            let tag = aws_sdk_s3::types::Tag::builder().key("colour").value(value.to_string()).build().unwrap();
            let tagging = aws_sdk_s3::types::Tagging::builder().tag_set(tag).build().unwrap();
            s3.put_object_tagging().bucket(BUCKETS[bucket]).key(KEYS[key]).tagging(tagging).send().await.ok()?;
        }
        Deed::Upload(bucket, key, byte) => {
            let (bucket, key) = (BUCKETS[bucket], KEYS[key]);
            let begun = s3.create_multipart_upload().bucket(bucket).key(key).send().await.ok()?;
            let id = begun.upload_id()?;
            let mut completed = CompletedMultipartUpload::builder();
            // All parts but the last have 5 MiB at least, which is much to do often.
            let parts: &[(i32, usize)] = if byte.is_multiple_of(2) { &[(1, 5 << 20), (3, 100)] } else { &[(3, 3000)] };
            for &(number, size) in parts {
                let part = s3.upload_part().bucket(bucket).key(key).upload_id(id).part_number(number);
                let part = part.body(ByteStream::from(vec![byte; size])).send().await.ok()?;
                completed = completed.parts(
                    CompletedPart::builder().part_number(number).set_e_tag(part.e_tag().map(str::to_owned)).build(),
                );
            }
            let done = s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(id);
            done.multipart_upload(completed.build()).send().await.ok()?;
        }
    }
    Some(())
}

/// Text of several lines for even bytes, and else what is no text.
fn body(size: usize, byte: u8) -> Vec<u8> {
    let pattern =
        if byte.is_multiple_of(2) { format!("line {byte}\n").into_bytes() } else { vec![byte, 0xFF, b'\n', 0] };
    pattern.into_iter().cycle().take(size).collect()
}
