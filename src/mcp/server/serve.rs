//! One client over a pair of byte streams.

use rmcp::service::QuitReason;
use rmcp::{ServerHandler as _, ServiceExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::handler::Server;
use crate::mcp::host::Host;
use crate::mcp::lines::Lines;

/// The session ended otherwise than by its client or by `stop`.
#[derive(Debug, thiserror::Error)]
#[error("the MCP session failed: {0}")]
pub struct ServeError(String);

/// Answers one MCP client over a pair of byte streams, a JSON-RPC message a line, until the client closes its side or
/// `stop` is cancelled. Calls run concurrently; those under way get a few seconds to end. `host` is a [`Bridge`](crate::mcp::Bridge), or
/// something that opens one.
///
/// # Errors
/// [`ServeError`] where the streams fail as a session begins.
pub async fn serve<H, R, W>(host: H, reader: R, writer: W, stop: CancellationToken) -> Result<(), ServeError>
where
    H: Host,
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    use rmcp::service::ServerInitializeError as Begin;
    let server = Server::new(host);
    let transport = Lines::new(reader, writer, server.supported_protocol_versions().into_owned(), server.gone.clone());
    let session = match server.serve_with_ct(transport, stop).await {
        Ok(session) => session,
        // A client that leaves before it begins, or is told to, is no failure.
        Err(Begin::ConnectionClosed(_) | Begin::Cancelled) => return Ok(()),
        Err(error) => return Err(ServeError(error.to_string())),
    };
    match session.waiting().await {
        Ok(QuitReason::Closed | QuitReason::Cancelled) => Ok(()),
        Ok(reason) => Err(ServeError(format!("{reason:?}"))),
        Err(error) => Err(ServeError(error.to_string())),
    }
}

/// [`serve`] over this process's standard input and output. Nothing else may write to standard output.
///
/// # Errors
/// As [`serve`].
pub async fn serve_stdio(host: impl Host, stop: CancellationToken) -> Result<(), ServeError> {
    let (reader, writer) = rmcp::transport::stdio_pipes();
    serve(host, reader, writer, stop).await
}
