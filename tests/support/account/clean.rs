//! Taking away what a run made, once it is proven to be that run's.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{TableDescription, TableStatus};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_smithy_types::error::display::DisplayErrorContext;
use footbridge::backend::Clients;
use tokio::time::{Instant, sleep};

use super::ledger::{Ledger, State, Thing};

/// The tag of each table, whose value is the run's id.
pub const TAG: &str = "footbridge-parity";
/// How far clocks may be apart, in milliseconds.
const SKEW: i64 = 60_000;
/// How long after a creation was sent it may take effect, in milliseconds.
const LATE: i64 = 900_000;
/// How long a table is waited for that cannot be deleted yet.
const PATIENCE: Duration = Duration::from_mins(15);
const PAUSE: Duration = Duration::from_secs(2);

/// Takes away all that is there of a run; what stays, and why.
pub async fn clean(clients: &Clients, ledger: &Ledger) -> Vec<String> {
    let mut left = Vec::new();
    for (thing, state) in ledger.there() {
        let gone = match &thing {
            Thing::Table(name) => table(clients, name, &state, &ledger.run.id).await,
            Thing::Bucket(name) => bucket(clients, name, &state).await,
        };
        let noted = match gone {
            Ok(()) => ledger.set(&thing, State::Gone).map_err(|error| error.to_string()),
            Err(why) => Err(why),
        };
        if let Err(why) = noted {
            left.push(format!("{thing}: {why}"));
        }
    }
    left
}

async fn described(clients: &Clients, name: &str) -> Result<Option<TableDescription>, String> {
    match clients.dynamodb.describe_table().table_name(name).send().await {
        Ok(told) => Ok(told.table.filter(|table| table.table_status != Some(TableStatus::Deleting))),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        // A name that cannot be one was refused when it was to be made.
        Err(error) if error.code() == Some("ValidationException") => Ok(None),
        Err(error) => Err(DisplayErrorContext(error).to_string()),
    }
}

/// Waits until a table can be changed; whether it is there at all.
pub async fn settled(clients: &Clients, name: &str) -> Result<bool, String> {
    let end = Instant::now() + PATIENCE;
    loop {
        let Some(table) = described(clients, name).await? else { return Ok(false) };
        let ready = table.table_status == Some(TableStatus::Active)
            && table
                .global_secondary_indexes()
                .iter()
                .all(|index| index.index_status().is_some_and(|it| it.as_str() == "ACTIVE"));
        if ready {
            return Ok(true);
        }
        if Instant::now() > end {
            return Err(format!("not ready within {PATIENCE:?}"));
        }
        sleep(PAUSE).await;
    }
}

/// Waits until a table that is being deleted is gone.
pub async fn gone(clients: &Clients, name: &str) -> Result<(), String> {
    let end = Instant::now() + PATIENCE;
    loop {
        match clients.dynamodb.describe_table().table_name(name).send().await {
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(()),
            Err(error) => return Err(DisplayErrorContext(error).to_string()),
            Ok(_) if Instant::now() > end => return Err(format!("not gone within {PATIENCE:?}")),
            Ok(_) => sleep(PAUSE).await,
        }
    }
}

async fn table(clients: &Clients, name: &str, state: &State, run: &str) -> Result<(), String> {
    let Some(table) = described(clients, name).await? else { return Ok(()) };
    let same_id = matches!(state, State::Made { id: Some(id), .. } if table.table_id() == Some(id));
    if !same_id {
        let arn = table.table_arn().unwrap_or_default();
        let tags = clients.dynamodb.list_tags_of_resource().resource_arn(arn).send().await;
        let tags = tags.map_err(|error| DisplayErrorContext(error).to_string())?;
        if !tags.tags().iter().any(|tag| tag.key() == TAG && tag.value() == run) {
            return Err("nothing proves that this run made it".into());
        }
    }
    if !settled(clients, name).await? {
        return Ok(());
    }
    if table.deletion_protection_enabled() == Some(true) {
        let open = clients.dynamodb.update_table().table_name(name).deletion_protection_enabled(false).send().await;
        open.map_err(|error| DisplayErrorContext(error).to_string())?;
        settled(clients, name).await?;
    }
    let deleted = clients.dynamodb.delete_table().table_name(name).send().await;
    deleted.map(drop).map_err(|error| DisplayErrorContext(error).to_string())
}

/// A bucket has no id: that it was not there before, is this account's, and was made when the run made it is the proof.
async fn bucket(clients: &Clients, name: &str, state: &State) -> Result<(), String> {
    let listed = clients.s3.list_buckets().prefix(name).send().await;
    let listed = listed.map_err(|error| DisplayErrorContext(error).to_string())?;
    let Some(found) = listed.buckets().iter().find(|bucket| bucket.name() == Some(name)) else { return Ok(()) };
    let made =
        found.creation_date().and_then(|date| date.to_millis().ok()).ok_or("it does not tell when it was made")?;
    let (from, to) = match state {
        State::Made { wanted, at, .. } => (*wanted, *at),
        State::Wanted { at } => (*at, *at + LATE),
        State::Foreign | State::Gone => return Ok(()),
    };
    if !(from - SKEW..=to + SKEW).contains(&made) {
        return Err("it was not made when this run made it".into());
    }
    empty(clients, name).await?;
    match clients.s3.delete_bucket().bucket(name).send().await {
        Err(error) if error.code() != Some("NoSuchBucket") => Err(DisplayErrorContext(error).to_string()),
        _ => Ok(()),
    }
}

async fn empty(clients: &Clients, bucket: &str) -> Result<(), String> {
    loop {
        let page = clients.s3.list_object_versions().bucket(bucket).send().await;
        let page = page.map_err(|error| DisplayErrorContext(error).to_string())?;
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        let named = versions.chain(markers).map(|(key, version)| {
            let named = ObjectIdentifier::builder().key(key.unwrap_or_default());
            named.set_version_id(version.map(str::to_owned)).build()
        });
        let named: Vec<_> = named.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        if named.is_empty() {
            break;
        }
        let delete =
            Delete::builder().set_objects(Some(named)).quiet(true).build().map_err(|error| error.to_string())?;
        let told = clients.s3.delete_objects().bucket(bucket).delete(delete).send().await;
        let told = told.map_err(|error| DisplayErrorContext(error).to_string())?;
        if let Some(error) = told.errors().first() {
            return Err(format!("{}: {}", error.key().unwrap_or_default(), error.message().unwrap_or_default()));
        }
    }
    let uploads = clients.s3.list_multipart_uploads().bucket(bucket).send().await;
    for upload in uploads.map_err(|error| DisplayErrorContext(error).to_string())?.uploads() {
        let abort = clients.s3.abort_multipart_upload().bucket(bucket).set_key(upload.key().map(str::to_owned));
        let aborted = abort.set_upload_id(upload.upload_id().map(str::to_owned)).send().await;
        aborted.map_err(|error| DisplayErrorContext(error).to_string())?;
    }
    Ok(())
}
