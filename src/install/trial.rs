//! The server started as a client would start it: the same command and arguments, in that client's directory, with no more of
//! the environment than it passes on.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::transport::TokioChildProcess;
use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

use super::client::{Client, Place, Surroundings};
use super::entry::Entry;

/// How long a client waits, at the least.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many lines of what a server wrote are told.
const LINES: usize = 5;

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Greeting {
    /// What it calls itself, with its version.
    pub server: String,
    /// The revision of the protocol that both settled on.
    pub protocol: String,
    /// What it tells an agent before the first call.
    pub instructions: String,
    /// The names of its tools.
    pub tools: Vec<String>,
}

/// Starts the server of `entry` as `client` would, and asks what it is and which tools it has.
///
/// # Errors
/// What went wrong, with the last lines that the server wrote.
pub async fn start(client: Client, place: &Place, around: &Surroundings, entry: &Entry) -> Result<Greeting, String> {
    let mut command = tokio::process::Command::new(&entry.command);
    command.args(&entry.args).env_clear().current_dir(client.directory(around, place));
    let passed = |name: &&&str| around.env.contains_key(**name);
    command.envs(client.passes().iter().filter(passed).map(|name| (name, &around.env[*name])));
    let spawned = TokioChildProcess::builder(command).stderr(Stdio::piped()).spawn();
    let (transport, errors) = spawned.map_err(|error| format!("{} does not start: {error}", entry.command))?;
    let told = Arc::new(Mutex::new(VecDeque::new()));
    let listening = errors.map(|errors| tokio::spawn(listen(errors, Arc::clone(&told))));
    let asked = tokio::time::timeout(PATIENCE, greeting(transport)).await;
    if let Some(listening) = listening {
        // The server has ended, or is being ended.
        drop(tokio::time::timeout(Duration::from_secs(1), listening).await);
    }
    let why = match asked {
        Ok(Ok(greeting)) => return Ok(greeting),
        Ok(Err(error)) => error,
        Err(_) => format!("no answer in {} s", PATIENCE.as_secs()),
    };
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    Err(std::iter::once(why).chain(told.iter().cloned()).collect::<Vec<_>>().join("\n"))
}

async fn greeting(transport: TokioChildProcess) -> Result<Greeting, String> {
    let session = ().serve(transport).await.map_err(|error| format!("initialize: {error}"))?;
    let tools = session.list_all_tools().await.map_err(|error| format!("tools/list: {error}"))?;
    let info = session.peer_info();
    let server = info.as_ref().and_then(|info| info.server_info.clone());
    let greeting = Greeting {
        server: server.map_or_else(String::new, |server| format!("{} {}", server.name, server.version)),
        protocol: info.as_ref().map_or_else(String::new, |info| info.protocol_version.to_string()),
        instructions: info.as_ref().and_then(|info| info.instructions.clone()).unwrap_or_default(),
        tools: tools.into_iter().map(|tool| tool.name.into_owned()).collect(),
    };
    session.cancel().await.map_err(|error| format!("the session does not end: {error}"))?;
    Ok(greeting)
}

/// Keeps the last lines that a server writes.
async fn listen(errors: impl AsyncRead + Unpin, told: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(errors).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() == LINES {
            told.pop_front();
        }
        told.push_back(line);
    }
}
