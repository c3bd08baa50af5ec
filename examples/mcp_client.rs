//! An MCP client in Rust: starts `footbridge mcp`, lists the tools, puts, gets and queries.
//!
//! ```sh
//! cargo build && cargo run --example mcp_client -- target/debug/footbridge
//! ```

use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::{ConfigureCommandExt, TokioChildProcess};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

type Client = RunningService<RoleClient, ()>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The server's program; `--ephemeral` keeps its data in memory and forgets it at the end.
    let program = std::env::args().nth(1).unwrap_or_else(|| "footbridge".to_owned());
    let command = tokio::process::Command::new(program).configure(|command| {
        command.args(["mcp", "--ephemeral", "--listen", "0"]);
    });
    let client = ().serve(TokioChildProcess::new(command)?).await?;

    for tool in client.list_all_tools().await? {
        show(&format!("{:26} {}", tool.name, tool.description.unwrap_or_default()));
    }

    // An object.
    call(&client, "s3_create_bucket", json!({ "bucket": "notes" })).await?;
    let note = json!({ "bucket": "notes", "key": "hello.txt", "text": "Hello from an MCP client" });
    call(&client, "s3_put_object", note).await?;
    call(&client, "s3_get_object", json!({ "bucket": "notes", "key": "hello.txt" })).await?;

    // Some items, and a query for those of one customer.
    let table = json!({ "table": "orders", "keys": { "customer": "S", "number": "N" } });
    call(&client, "dynamodb_create_table", table).await?;
    let items = json!({ "table": "orders", "items": [
        { "customer": "ada", "number": 1, "total": 12.5, "status": "shipped" },
        { "customer": "ada", "number": 2, "total": 99, "status": "open" },
        { "customer": "bob", "number": 3, "total": 7, "status": "open" },
    ] });
    call(&client, "dynamodb_put_items", items).await?;
    let query = json!({
        "table": "orders",
        "key_condition": "customer = :c",
        "filter": "status = :s",
        "values": { ":c": "ada", ":s": "open" },
    });
    let answer = call(&client, "dynamodb_query", query).await?;
    anyhow::ensure!(answer["items"][0]["total"] == 99, "the open order is order 2: {answer}");

    client.cancel().await?;
    Ok(())
}

/// Calls a tool. A tool's error is text for people and models; an answer is JSON.
async fn call(client: &Client, tool: &'static str, arguments: Value) -> anyhow::Result<Value> {
    let request = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().cloned().unwrap_or_default());
    let result = client.call_tool(request).await?;
    let text = result.content.first().and_then(|content| content.as_text()).map_or("", |text| text.text.as_str());
    anyhow::ensure!(result.is_error != Some(true), "{tool}: {text}");
    show(&format!("{tool} -> {text}"));
    Ok(serde_json::from_str(text)?)
}

fn show(line: &str) {
    use std::io::Write;
    // A reader that has gone away is no error of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}
