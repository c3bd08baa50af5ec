//! What the tasks find: a shop's buckets and tables, and a directory of files.

use std::fmt::Write;
use std::sync::Arc;

use footbridge::mcp::{Bridge, Options, ToolError};
use serde_json::{Value, json};

use crate::support::{Here, caller};

/// Stands for the directory of files in calls and answers.
const FILES: &str = "{files}";

/// A bridge over an emulator in memory, and a directory.
pub struct World {
    bridge: Bridge,
    files: tempfile::TempDir,
    _here: Here,
}

impl World {
    pub async fn new() -> Self {
        let here = Here::new().await;
        let files = tempfile::tempdir().unwrap();
        let options = Options {
            files: vec![files.path().canonicalize().unwrap()],
            endpoint: Arc::new(|| Some("http://127.0.0.1:4566".to_owned())),
            ..here.options()
        };
        let world = Self { bridge: Bridge::new(options), files, _here: here };
        world.fill().await;
        world
    }

    /// Calls a tool: its answer as text, with the directory's path left out.
    pub async fn call(&self, tool: &str, arguments: &Value) -> Result<String, ToolError> {
        let path = self.files.path().canonicalize().unwrap().display().to_string();
        let arguments = arguments.to_string().replace(FILES, &path);
        let arguments = serde_json::from_str(&arguments).unwrap();
        Ok(self.bridge.call(&caller(), tool, arguments).await?.text.replace(&path, FILES))
    }

    async fn done(&self, tool: &str, arguments: Value) {
        self.call(tool, &arguments).await.unwrap_or_else(|error| panic!("{tool} {arguments}: {error}"));
    }

    async fn fill(&self) {
        for bucket in ["media", "archive"] {
            self.done("s3_create_bucket", json!({ "bucket": bucket })).await;
        }
        for n in 0..10 {
            let key = format!("reports/2026/{n:02}.json");
            self.done("s3_put_object", json!({ "bucket": "media", "key": key, "json": { "n": n } })).await;
        }
        self.done("s3_put_object", json!({ "bucket": "media", "key": "readme.txt", "text": "Hello from the shop." }))
            .await;
        let orders = json!({ "table": "orders", "keys": { "customer": "S", "id": "S" },
            "indexes": { "by_status": { "keys": { "status": "S", "id": "S" } } } });
        self.done("dynamodb_create_table", orders).await;
        self.done("dynamodb_create_table", json!({ "table": "products", "keys": { "sku": "S" } })).await;
        let status = |n: u32| ["open", "paid", "shipped", "cancelled"][n as usize % 4];
        let orders: Vec<_> = (0..500)
            .map(|n| json!({ "customer": format!("c{}", n % 50), "id": format!("o{n:03}"), "status": status(n), "total": n }))
            .collect();
        self.done("dynamodb_put_items", json!({ "table": "orders", "items": orders })).await;
        let products: Vec<_> = (0..5)
            .map(|n| json!({ "sku": format!("p{n}"), "name": format!("Product {n}"), "price": 10 * n, "stock": 3 }))
            .collect();
        self.done("dynamodb_put_items", json!({ "table": "products", "items": products })).await;
        let (mut lines, mut table) = (String::new(), "sku,name,price\n".to_owned());
        for n in 100..200 {
            writeln!(lines, "{}", json!({ "sku": format!("p{n}"), "name": format!("Product {n}"), "price": n }))
                .unwrap();
            writeln!(table, "p{n},Product {n},{n}").unwrap();
        }
        for (name, content) in [("products.ndjson", lines), ("products.csv", table), ("logo.svg", "<svg/>".to_owned())]
        {
            std::fs::write(self.files.path().join(name), content).unwrap();
        }
    }
}
