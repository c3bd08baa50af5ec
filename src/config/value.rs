//! The types that settings take beyond text and numbers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use super::setting::{Secret, shown_value};

/// Which far side the SDK clients speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded emulator.
    Local,
    /// Real AWS, or any endpoint that `--endpoint-url` names.
    Aws,
}

impl FromStr for Backend {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "local" => Ok(Self::Local),
            "aws" => Ok(Self::Aws),
            other => Err(format!("`{}` is not a backend: use local or aws", shown_value(other))),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local",
            Self::Aws => "aws",
        })
    }
}

/// What tools may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Reads run, writes are refused.
    ReadOnly,
    /// Reads run, each write waits for a person.
    Ask,
    /// Reads and writes run.
    ReadWrite,
}

impl Mode {
    /// The mode of a target for which nobody chose one: `read-write` locally, `ask` on AWS.
    #[must_use]
    pub fn default_for(backend: Backend) -> Self {
        match backend {
            Backend::Local => Self::ReadWrite,
            Backend::Aws => Self::Ask,
        }
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "read-only" => Ok(Self::ReadOnly),
            "ask" => Ok(Self::Ask),
            "read-write" => Ok(Self::ReadWrite),
            other => Err(format!("`{}` is not a mode: use read-only, ask or read-write", shown_value(other))),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "read-only",
            Self::Ask => "ask",
            Self::ReadWrite => "read-write",
        })
    }
}

/// The addresses of the public endpoint, all on one port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen(Vec<SocketAddr>);

impl Listen {
    /// The port that AWS emulators are found at.
    pub const DEFAULT_PORT: u16 = 4566;

    /// Both loopback addresses at `port`, which is what `localhost` resolves to.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self(vec![
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
            SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port),
        ])
    }

    /// The addresses to bind, at least one; the first is the one to print.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0
    }

    /// The port, 0 for one that the kernel chooses.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.first().map_or(Self::DEFAULT_PORT, SocketAddr::port)
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.iter().all(|address| address.ip().is_loopback())
    }
}

impl FromStr for Listen {
    type Err = String;

    /// Reads `4566`, `:4566`, `localhost:4566` (both loopback addresses), or one address with a port.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            || format!("`{}` is not an address: use a port, or ADDRESS:PORT such as 127.0.0.1:4566", shown_value(text));
        let port = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')).unwrap_or(text);
        if let Ok(port) = port.parse::<u16>() {
            return Ok(Self::loopback(port));
        }
        let address = text.parse::<SocketAddr>().map_err(|_| bad())?;
        Ok(Self(vec![address]))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, address) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{address}")?;
        }
        Ok(())
    }
}

/// The name of a store: a subdirectory of the data directory that one project has to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreName(String);

impl StoreName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StoreName {
    type Err = String;

    /// Takes 1 to 64 of `a-z A-Z 0-9 . _ -`, not starting with a dot: a name, never a path.
    fn from_str(text: &str) -> Result<Self, String> {
        let fits = (1..=64).contains(&text.len())
            && !text.starts_with('.')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{}` is not a store's name: use 1 to 64 letters, digits, `.`, `_` or `-`, no leading dot",
                shown_value(text)
            ))
        }
    }
}

impl fmt::Display for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody whom the emulator knows by key, from an `[[identity]]` of `footbridge.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The access key id.
    pub key: String,
    /// The secret access key.
    pub secret: Secret,
    /// The account, twelve digits. `000000000000` when left out.
    pub account: String,
    /// The canonical user id, 64 hexadecimal digits; derived from the account when left out.
    pub canonical_id: Option<String>,
    /// The name that S3 shows as the owner.
    pub display_name: Option<String>,
}
