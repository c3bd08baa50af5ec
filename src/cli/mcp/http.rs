//! `footbridge mcp --http`: the address, and the token that lets in.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::backend::{BridgeError, BridgeErrorKind, check_place};
use crate::cli::output::tell;
use crate::config::{Flags, Inputs, MCP_TOKEN, Settings};
use crate::emulator::endpoint::Guard;
use crate::emulator::place;
use crate::mcp::{BearerToken, HTTP_PATH, Host, HttpOptions, NoToken, serve_http};
use crate::private;

/// Who may send requests.
#[derive(Debug, clap::Args)]
pub(super) struct Access {
    /// The file with the token that clients must send; without it that of FOOTBRIDGE_MCP_TOKEN, else mcp.token in the data
    /// directory, which is made
    #[arg(long, value_name = "FILE", requires = "http")]
    token_file: Option<PathBuf>,
    /// Let in whoever reaches the address, which must be a loopback one
    #[arg(long, requires = "http", conflicts_with = "token_file")]
    no_token: bool,
}

/// Reads an address: a port alone is one of 127.0.0.1.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let text = text.strip_prefix("localhost:").map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "give a port, or an address and a port such as 127.0.0.1:4570".to_owned())
}

/// A bound socket, and who may come in by it.
pub(super) struct Door {
    listener: TcpListener,
    address: SocketAddr,
    options: HttpOptions,
    /// Where the token is that nobody gave, and whose data is in memory.
    _own: Option<TempDir>,
}

impl Door {
    /// Binds the address and has the token ready, and says where both are. `None` where it has said what is wrong with the
    /// command line.
    pub(super) async fn open(address: SocketAddr, access: &Access, flags: &Flags) -> anyhow::Result<Option<Self>> {
        let inputs = Inputs::of_process(flags.clone())?;
        let settings = Settings::load(&inputs)?;
        let on_loopback = address.ip().to_canonical().is_loopback();
        if access.no_token && !on_loopback {
            tell(format_args!(
                "footbridge: {address} can be reached from other machines, and --no-token is for loopback addresses alone"
            ));
            return Ok(None);
        }
        let public_url = settings.public_url.as_ref().map(|url| url.value.as_str());
        let guard = Guard::new(&settings.allow_host.value, public_url, &settings.allowed_origins.value)
            .map_err(|error| unavailable(error.to_string()))?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| unavailable(format!("cannot listen on {address}: {error}")))?;
        let address = listener.local_addr()?;
        let (mut own, mut options, token);
        if access.no_token {
            (own, options, token) = (None, HttpOptions::new(NoToken), "no token is asked for".to_owned());
        } else {
            let found = Token::find(access, &inputs, &settings)?;
            let Some(known) = BearerToken::new(&found.text) else {
                tell(format_args!(
                    "footbridge: {} has no token: that is {} characters or more, of letters, digits and -._~+/=",
                    found.place,
                    BearerToken::SHORTEST
                ));
                return Ok(None);
            };
            (own, options, token) = (found.own, HttpOptions::new(known), format!("the token is in {}", found.place));
        }
        options.guard = guard;
        let door = Self { listener, address, options, _own: own.take() };
        tell(format_args!("footbridge answers MCP clients at {}; {token}", door.url()));
        if !on_loopback {
            tell(format_args!(
                "note: {address} can be reached from other machines, and what is sent there, the token too, can be read \
                 on its way: put a proxy with TLS before it"
            ));
        }
        Ok(Some(door))
    }

    /// Where clients find it.
    pub(super) fn url(&self) -> String {
        format!("http://{}{HTTP_PATH}", self.address)
    }

    /// Answers clients until `stop`.
    pub(super) async fn serve(self, host: impl Host, stop: CancellationToken) -> anyhow::Result<()> {
        Ok(serve_http(host, self.listener, self.options, stop).await?)
    }
}

fn unavailable(message: String) -> BridgeError {
    BridgeError::new(BridgeErrorKind::Endpoint, message)
}

/// A token, and where it came from.
struct Token {
    text: String,
    place: String,
    own: Option<TempDir>,
}

impl Token {
    fn find(access: &Access, inputs: &Inputs, settings: &Settings) -> anyhow::Result<Self> {
        if let Some(path) = &access.token_file {
            let text = private::text(path)?.unwrap_or_default();
            warn_of_others(path);
            return Ok(Self { text, place: path.display().to_string(), own: None });
        }
        if let Some(text) = inputs.env.get(MCP_TOKEN).filter(|text| !text.trim().is_empty()) {
            return Ok(Self { text: text.trim().to_owned(), place: MCP_TOKEN.to_owned(), own: None });
        }
        let (directory, own) = if settings.ephemeral.value {
            let own = tempfile::Builder::new().prefix("footbridge-mcp-").tempdir()?;
            (own.path().to_owned(), Some(own))
        } else {
            settings.check_directory()?;
            let directory = settings.directory();
            check_place(settings)?;
            private::directory(&directory)?;
            (directory, None)
        };
        let path = directory.join(place::MCP_TOKEN);
        let fresh = Sha256::new().chain_update(Uuid::new_v4()).chain_update(Uuid::new_v4()).finalize();
        let text = private::text_or_made(&path, &URL_SAFE_NO_PAD.encode(fresh))?;
        private::file(&path)?;
        Ok(Self { text, place: path.display().to_string(), own })
    }
}

/// Says where others than its user can read the token.
fn warn_of_others(path: &Path) {
    #[cfg(unix)]
    if std::fs::metadata(path)
        .is_ok_and(|there| std::os::unix::fs::PermissionsExt::mode(&there.permissions()) & 0o077 != 0)
    {
        tell(format_args!("note: others than you can read the token in {}: chmod 600 it", path.display()));
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_of_this_machine() {
        for (text, read) in [
            ("0", "127.0.0.1:0"),
            ("4570", "127.0.0.1:4570"),
            ("localhost:4570", "127.0.0.1:4570"),
            ("[::1]:4570", "[::1]:4570"),
            ("0.0.0.0:80", "0.0.0.0:80"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), read);
        }
        for wrong in ["", "70000", "devbox", "devbox:4570", "http://127.0.0.1:4570", "127.0.0.1"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
