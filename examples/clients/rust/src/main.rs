//! An MCP client in Rust: lists the tools, puts and reads an object, and queries a table.
//!
//! ```sh
//! cargo run                                                            # starts footbridge, its data in memory
//! FOOTBRIDGE_MCP_TOKEN=... cargo run -- http://127.0.0.1:4570/mcp          # speaks to `footbridge mcp --http 4570`
//! ```

use anyhow::{Context as _, ensure};
use rmcp::model::{CallToolRequestParams, ReadResourceRequestParams, ResourceContents};
use rmcp::service::RunningService;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

type Client = RunningService<RoleClient, ()>;

/// A session with a program of our own, or with a server that runs.
async fn connect(url: Option<String>) -> anyhow::Result<Client> {
    let Some(url) = url else {
        let mut command = tokio::process::Command::new("footbridge");
        command.args(["mcp", "--ephemeral", "--listen", "0"]);
        return Ok(().serve(TokioChildProcess::new(command)?).await?);
    };
    let token = std::env::var("FOOTBRIDGE_MCP_TOKEN").context("FOOTBRIDGE_MCP_TOKEN")?;
    let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(token);
    Ok(().serve(StreamableHttpClientTransport::from_config(config)).await?)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client = connect(std::env::args().nth(1)).await?;
    for tool in client.list_all_tools().await? {
        println!("{:26} {}", tool.name, tool.description.unwrap_or_default());
    }

    call(&client, "s3_create_bucket", json!({ "bucket": "notes" })).await?;
    let note = json!({ "bucket": "notes", "key": "hello.txt", "text": "Hello from Rust" });
    call(&client, "s3_put_object", note).await?;
    // An object is a resource, too.
    let read = client.read_resource(ReadResourceRequestParams::new("s3://notes/hello.txt")).await?;
    let is_ours = |content: &ResourceContents| matches!(content, ResourceContents::TextResourceContents { text, .. } if text == "Hello from Rust");
    ensure!(read.contents.first().is_some_and(is_ours), "{read:?}");

    let table = json!({ "table": "orders", "keys": { "customer": "S", "number": "N" } });
    call(&client, "dynamodb_create_table", table).await?;
    let items = json!({ "table": "orders", "items": [
        { "customer": "ada", "number": 1, "total": 12.5 },
        { "customer": "ada", "number": 2, "total": 99 },
    ] });
    call(&client, "dynamodb_put_items", items).await?;
    let query = json!({
        "table": "orders",
        "key_condition": "customer = :c",
        "filter": "total > :t",
        "values": { ":c": "ada", ":t": 20 },
    });
    let answer = call(&client, "dynamodb_query", query).await?;
    ensure!(answer["items"] == json!([{ "customer": "ada", "number": 2, "total": 99 }]), "{answer}");

    client.cancel().await?;
    Ok(())
}

/// A tool's answer, which is JSON; its error is text for people and models.
async fn call(client: &Client, tool: &'static str, arguments: Value) -> anyhow::Result<Value> {
    let request = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().cloned().unwrap_or_default());
    let result = client.call_tool(request).await?;
    let text = result.content.first().and_then(|content| content.as_text()).map_or("", |text| text.text.as_str());
    ensure!(result.is_error != Some(true), "{tool}: {text}");
    println!("{tool} -> {text}");
    Ok(serde_json::from_str(text)?)
}
