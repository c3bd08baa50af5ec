//! The MCP client: starts `footbridge mcp` and speaks to it as any client would.

use anyhow::Context as _;
use rmcp::model::{CallToolRequestParams, ContentBlock};
use rmcp::service::RunningService;
use rmcp::transport::{ConfigureCommandExt, TokioChildProcess};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Map, Value};

use super::store::{NAME, Store};
use crate::config::Settings;

/// A session with a server of its own.
pub(super) struct Client {
    session: RunningService<RoleClient, ()>,
    pid: u32,
}

impl Client {
    /// Starts this very program as a server on the demo's store, and nothing that is configured for other work.
    pub(super) async fn start(settings: &Settings, store: &Store) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("finding this program")?;
        let config = store.config()?;
        let foreign: Vec<_> = std::env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_str().is_none_or(|name| name.starts_with("FOOTBRIDGE_") || name.starts_with("AWS_")))
            .collect();
        let command = tokio::process::Command::new(program).configure(|command| {
            command.args(["mcp", "--backend", "local", "--mode", "read-write", "--listen", "0"]);
            command.arg("--data-dir").arg(&store.data_dir).args(["--store", NAME]);
            command.arg("--config").arg(&config).current_dir(&store.directory);
            if settings.ephemeral.value {
                command.arg("--ephemeral");
            }
            for name in foreign {
                command.env_remove(name);
            }
        });
        let transport = TokioChildProcess::new(command).context("starting the server")?;
        let pid = transport.id().unwrap_or_default();
        let session = ().serve(transport).await.context("beginning the session")?;
        Ok(Self { session, pid })
    }

    /// The server's process.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// What the server calls itself and how many tools it has.
    pub(super) async fn greeting(&self) -> anyhow::Result<(String, usize)> {
        let tools = self.session.list_all_tools().await.context("tools/list")?;
        let server = self.session.peer_info().and_then(|info| info.server_info.clone());
        let name = server.map_or_else(|| "a server".to_owned(), |server| format!("{} {}", server.name, server.version));
        Ok((name, tools.len()))
    }

    /// Calls a tool: its answer, or the text of its error.
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: Map<String, Value>,
    ) -> anyhow::Result<Result<Value, String>> {
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let answer = self.session.call_tool(request).await.with_context(|| format!("calling {tool}"))?;
        let text = match answer.content.first() {
            Some(ContentBlock::Text(text)) => text.text.clone(),
            _ => String::new(),
        };
        if answer.is_error == Some(true) {
            return Ok(Err(text));
        }
        Ok(Ok(serde_json::from_str(&text).with_context(|| format!("{tool} answered no JSON: {text}"))?))
    }

    /// Ends the session and waits for the server to end.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.session.cancel().await.context("ending the session")?;
        Ok(())
    }
}
