//! What a running tool can reach.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::types::{KeyType, TableDescription};

use super::bridge::Endpoint;
use super::error::ToolError;
use super::files::Files;
use crate::backend::aws::{Target, TargetKind};
use crate::config::Mode;

/// Clients, limits and defaults.
pub(crate) struct Context {
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) sts: Option<aws_sdk_sts::Client>,
    pub(crate) target: Target,
    pub(super) endpoint: Endpoint,
    pub(crate) mode: Mode,
    pub(crate) default_bucket: Option<String>,
    pub(crate) default_table: Option<String>,
    pub(crate) files: Files,
    /// The most bytes of an answer.
    pub(crate) budget: usize,
    pub(crate) key_schemas: KeySchemas,
}

impl Context {
    /// Whether the tools speak to the embedded emulator.
    pub(crate) fn is_local(&self) -> bool {
        self.target.kind == TargetKind::Local
    }

    /// The URL of the running endpoint. Looking for it may wait for another process.
    pub(crate) async fn endpoint(&self) -> Option<String> {
        let endpoint = self.endpoint.clone();
        tokio::task::spawn_blocking(move || endpoint()).await.ok().flatten()
    }

    /// What a page may hold beside its envelope and its cursor.
    pub(crate) fn page_budget(&self) -> usize {
        self.budget - (self.budget / 2).min(4096)
    }
}

/// The key attributes of tables and indexes, remembered: they never change while a table lives.
#[derive(Default)]
pub(crate) struct KeySchemas(Mutex<HashMap<Place, Vec<String>>>);

/// A table, and one of its indexes.
type Place = (String, Option<String>);

impl KeySchemas {
    /// The names of the attributes that make up a start key: the table's own, and those of the index.
    pub(crate) async fn names(
        &self,
        dynamodb: &aws_sdk_dynamodb::Client,
        table: &str,
        index: Option<&str>,
    ) -> Result<Vec<String>, ToolError> {
        let at = (table.to_owned(), index.map(str::to_owned));
        if let Some(names) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&at) {
            return Ok(names.clone());
        }
        let description = dynamodb.describe_table().table_name(table).send().await?.table.ok_or_else(|| {
            ToolError::new("unexpected_answer", format!("DescribeTable of {table} came without its table"))
        })?;
        let mut names = key_names(&description);
        let global = description.global_secondary_indexes().iter().map(|i| (i.index_name(), i.key_schema()));
        let local = description.local_secondary_indexes().iter().map(|i| (i.index_name(), i.key_schema()));
        for (_, schema) in global.chain(local).filter(|(name, _)| name.is_some() && *name == index) {
            names.extend(schema.iter().map(|element| element.attribute_name().to_owned()));
        }
        names.sort_unstable();
        names.dedup();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(at, names.clone());
        Ok(names)
    }

    /// Forgets a table that is being deleted.
    pub(crate) fn forget(&self, table: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(name, _), _| name != table);
    }
}

/// The table's key attributes, the hash key first.
pub(crate) fn key_names(description: &TableDescription) -> Vec<String> {
    let of = |kind: KeyType| {
        description.key_schema().iter().filter(move |e| *e.key_type() == kind).map(|e| e.attribute_name().to_owned())
    };
    of(KeyType::Hash).chain(of(KeyType::Range)).collect()
}
