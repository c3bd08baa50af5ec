//! Every tool, one line each.

use std::marker::PhantomData;

use super::context::Context;
use super::tool::{AnyTool, Entry, Tool};
use super::tools::{bridge_status, dynamodb, s3};

/// The tools, and the definitions of those that can work; made once.
pub(super) struct Registry {
    tools: Vec<Box<dyn AnyTool>>,
    definitions: Vec<rmcp::model::Tool>,
}

fn tool<T: Tool>() -> Box<dyn AnyTool> {
    Box::new(Entry::<T>(PhantomData))
}

impl Registry {
    pub(super) fn new(context: &Context) -> Self {
        let tools = vec![
            tool::<bridge_status::BridgeStatus>(),
            tool::<s3::list_buckets::ListBuckets>(),
            tool::<s3::create_bucket::CreateBucket>(),
            tool::<s3::delete_bucket::DeleteBucket>(),
            tool::<s3::list_objects::ListObjects>(),
            tool::<s3::get_object::GetObject>(),
            tool::<s3::download_object::DownloadObject>(),
            tool::<s3::put_object::PutObject>(),
            tool::<s3::copy_object::CopyObject>(),
            tool::<s3::delete_objects::DeleteObjects>(),
            tool::<s3::presign_url::PresignUrl>(),
            tool::<dynamodb::list_tables::ListTables>(),
            tool::<dynamodb::describe_table::DescribeTable>(),
            tool::<dynamodb::create_table::CreateTable>(),
            tool::<dynamodb::update_table::UpdateTable>(),
            tool::<dynamodb::delete_table::DeleteTable>(),
            tool::<dynamodb::get_items::GetItems>(),
            tool::<dynamodb::put_items::PutItems>(),
            tool::<dynamodb::update_item::UpdateItem>(),
            tool::<dynamodb::delete_items::DeleteItems>(),
            tool::<dynamodb::query::Query>(),
            tool::<dynamodb::scan::Scan>(),
            tool::<dynamodb::transact_write::TransactWrite>(),
        ];
        let definitions = tools.iter().filter_map(|tool| tool.definition(context)).collect();
        Self { tools, definitions }
    }

    /// What clients are told: the tools that can work.
    pub(super) fn definitions(&self) -> &[rmcp::model::Tool] {
        &self.definitions
    }

    /// The tool of this name, told or not: one that cannot work says why.
    pub(super) fn find(&self, name: &str) -> Option<&dyn AnyTool> {
        self.tools.iter().find(|tool| tool.name() == name).map(AsRef::as_ref)
    }
}
