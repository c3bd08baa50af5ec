//! All that a contract gets: clients, names of its own, and a place that is clean again afterwards.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, Delete, ObjectIdentifier,
    VersioningConfiguration,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::display::DisplayErrorContext;
use tokio::time::{Instant, sleep};

/// How long what a place does in the background is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause between two looks. Who does it at once is not waited for.
const PAUSE: Duration = Duration::from_millis(200);

/// The clients of one place, and the names of one contract there.
pub struct World {
    pub s3: aws_sdk_s3::Client,
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub streams: aws_sdk_dynamodbstreams::Client,
    region: String,
    prefix: String,
    patience: Duration,
    made: Mutex<Vec<Made>>,
}

/// What a contract may have made.
enum Made {
    Table(String),
    Bucket(String),
}

impl World {
    /// A world where every name begins with `prefix`.
    pub fn new(
        s3: aws_sdk_s3::Client,
        dynamodb: aws_sdk_dynamodb::Client,
        streams: aws_sdk_dynamodbstreams::Client,
        prefix: &str,
    ) -> Self {
        let region = s3.config().region().map_or_else(|| "us-east-1".to_owned(), ToString::to_string);
        Self { s3, dynamodb, streams, region, prefix: prefix.to_owned(), patience: PATIENCE, made: Mutex::default() }
    }

    /// The same, waiting so long: on AWS a new index takes minutes.
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The region of the clients.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What every name here begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn note(&self, made: Made) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(made);
    }

    /// The name of a table that the contract makes by itself; it is taken away all the same.
    pub fn table_name(&self, label: &str) -> String {
        let name = format!("{}{label}", self.prefix);
        self.note(Made::Table(name.clone()));
        name
    }

    /// The name of a bucket that the contract makes by itself; it is taken away all the same.
    pub fn bucket_name(&self, label: &str) -> String {
        let name = format!("{}{label}", self.prefix);
        self.note(Made::Bucket(name.clone()));
        name
    }

    /// A new table with these keys (`pk S`, `pk S, sk N`), ready to be used.
    pub async fn table(&self, label: &str, keys: &str) -> String {
        self.table_with(label, keys, |create| create).await
    }

    /// A new table with these keys and what `more` adds, ready to be used.
    pub async fn table_with(
        &self,
        label: &str,
        keys: &str,
        more: impl FnOnce(CreateTableFluentBuilder) -> CreateTableFluentBuilder,
    ) -> String {
        let name = self.table_name(label);
        let mut create = self.dynamodb.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
        for (at, key) in keys.split(", ").enumerate() {
            let (attribute, kind) = key.split_once(' ').expect("NAME TYPE");
            let role = if at == 0 { KeyType::Hash } else { KeyType::Range };
            create = create.attribute_definitions(defined(attribute, kind)).key_schema(part(attribute, role));
        }
        more(create).send().await.unwrap();
        self.ready(&name).await;
        name
    }

    /// Waits until a table and its indexes can be used.
    pub async fn ready(&self, table: &str) {
        self.eventually(&format!("{table} is active"), async || {
            let described = self.dynamodb.describe_table().table_name(table).send().await.ok()?.table?;
            let indexes = described.global_secondary_indexes();
            let ready = described.table_status() == Some(&TableStatus::Active)
                && indexes.iter().all(|index| index.index_status().is_some_and(|status| status.as_str() == "ACTIVE"));
            ready.then_some(())
        })
        .await;
    }

    /// A new bucket.
    pub async fn bucket(&self, label: &str) -> String {
        let name = self.bucket_name(label);
        let create = self.s3.create_bucket().bucket(&name).set_create_bucket_configuration(self.location());
        create.send().await.unwrap();
        name
    }

    /// What CreateBucket must say of the region.
    pub fn location(&self) -> Option<CreateBucketConfiguration> {
        let constraint = BucketLocationConstraint::from(self.region.as_str());
        (self.region != "us-east-1")
            .then(|| CreateBucketConfiguration::builder().location_constraint(constraint).build())
    }

    /// A new bucket whose versioning is enabled.
    pub async fn versioned_bucket(&self, label: &str) -> String {
        let bucket = self.bucket(label).await;
        self.versioning(&bucket, BucketVersioningStatus::Enabled).await;
        bucket
    }

    /// Switches versioning.
    pub async fn versioning(&self, bucket: &str, status: BucketVersioningStatus) {
        let configuration = VersioningConfiguration::builder().status(status).build();
        let put = self.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(configuration);
        put.send().await.unwrap();
    }

    /// What `look` finds, when it finds it: at the first look where the place is consistent at once.
    pub async fn eventually<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let end = Instant::now() + self.patience;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(Instant::now() < end, "{what}: not within {:?}", self.patience);
            sleep(PAUSE).await;
        }
    }

    /// Takes away everything that the contract made. What stays is told.
    pub async fn clean(&self) -> Vec<String> {
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        let mut left = Vec::new();
        for made in made {
            let gone = match &made {
                Made::Table(name) => self.remove_table(name).await,
                Made::Bucket(name) => self.remove_bucket(name).await,
            };
            if let Err(why) = gone {
                left.push(why);
            }
        }
        left
    }

    async fn remove_table(&self, name: &str) -> Result<(), String> {
        let keep = self.dynamodb.update_table().table_name(name).deletion_protection_enabled(false);
        let described = self.dynamodb.describe_table().table_name(name).send().await;
        if described.is_ok_and(|told| told.table.is_some_and(|table| table.deletion_protection_enabled == Some(true))) {
            drop(keep.send().await);
            self.ready(name).await;
        }
        told(name, self.dynamodb.delete_table().table_name(name).send().await, "ResourceNotFoundException")
    }

    async fn remove_bucket(&self, name: &str) -> Result<(), String> {
        loop {
            let Ok(page) = self.s3.list_object_versions().bucket(name).send().await else { break };
            let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
            let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let doomed: Vec<_> = versions
                .chain(markers)
                .map(|(key, id)| {
                    let key = key.unwrap_or_default();
                    ObjectIdentifier::builder().key(key).set_version_id(id.map(str::to_owned)).build().unwrap()
                })
                .collect();
            if doomed.is_empty() {
                break;
            }
            let delete = Delete::builder().set_objects(Some(doomed)).quiet(true).build().unwrap();
            if self.s3.delete_objects().bucket(name).delete(delete).send().await.is_err() {
                break;
            }
        }
        if let Ok(page) = self.s3.list_multipart_uploads().bucket(name).send().await {
            for upload in page.uploads() {
                let abort = self.s3.abort_multipart_upload().bucket(name).set_key(upload.key().map(str::to_owned));
                drop(abort.set_upload_id(upload.upload_id().map(str::to_owned)).send().await);
            }
        }
        told(name, self.s3.delete_bucket().bucket(name).send().await, "NoSuchBucket")
    }
}

/// Whether something is gone now, or was never there.
fn told<O, E>(name: &str, outcome: Result<O, SdkError<E, HttpResponse>>, absent: &str) -> Result<(), String>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match outcome {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(absent) => Ok(()),
        Err(error) => Err(format!("{name} is left: {}", DisplayErrorContext(error))),
    }
}

/// An attribute of a key.
pub fn defined(name: &str, kind: &str) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::from(kind)).build().unwrap()
}

/// A part of a key.
pub fn part(name: &str, role: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap()
}

/// How a call was refused: HTTP status and error code, `404 NoSuchKey`.
#[track_caller]
pub fn refusal<O, E>(outcome: Result<O, SdkError<E, HttpResponse>>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let Err(error) = outcome else { panic!("it was not refused") };
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(status) => format!("{status} {}", error.code().unwrap_or_default()),
        None => panic!("no answer: {}", DisplayErrorContext(error)),
    }
}
