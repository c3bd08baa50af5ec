//! Addresses to listen on, and the sockets bound to them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::holder::{Holder, holder};

/// How often a free port that the kernel gave is tried on all addresses.
const ATTEMPTS: usize = 16;

/// Between two tries within a grace.
const PAUSE: Duration = Duration::from_millis(5);

/// What a caller from outside must bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Any access key is taken as its account's root: for this machine only.
    Loopback,
    /// Only configured keys (`--strict`).
    Strict,
    /// Any access key, and whoever can reach the address (`--any-credentials`).
    AnyCredentials,
}

/// Addresses that may be listened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The second of the loopback pair may be missing on a machine without IPv6.
    addresses: Vec<(SocketAddr, bool)>,
}

/// Why addresses cannot be listened on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// There is none.
    #[error("no address to listen on")]
    None,
    /// Others than this machine could come in without known credentials.
    #[error(
        "{0} can be reached from other machines, and any credentials would do: add --strict to admit configured keys \
         only, or --any-credentials if that is what you want"
    )]
    Exposed(SocketAddr),
    /// The addresses have different ports.
    #[error("all addresses must have one port: {0} and {1} differ")]
    Ports(u16, u16),
}

/// Why an address could not be bound.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else listens there.
    #[error("{address} is taken by {holder}")]
    Taken {
        /// The address.
        address: SocketAddr,
        /// Who that is, as well as can be known.
        holder: Holder,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Io {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl Listen {
    /// `127.0.0.1` and `[::1]` on one port; port 0 is one that the kernel gives.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
        Self { addresses: vec![(v4, true), (v6, false)] }
    }

    /// These addresses, all with one port. One that is not loopback needs more than [`Access::Loopback`].
    pub fn new(addresses: impl IntoIterator<Item = SocketAddr>, access: Access) -> Result<Self, ListenError> {
        let addresses: Vec<(SocketAddr, bool)> = addresses.into_iter().map(|address| (address, true)).collect();
        let port = addresses.first().ok_or(ListenError::None)?.0.port();
        for (address, _) in &addresses {
            if address.port() != port {
                return Err(ListenError::Ports(port, address.port()));
            }
            if access == Access::Loopback && !address.ip().to_canonical().is_loopback() {
                return Err(ListenError::Exposed(*address));
            }
        }
        Ok(Self { addresses })
    }

    /// Binds all addresses, or none.
    pub async fn bind(&self) -> Result<Listeners, BindError> {
        self.bind_within(Duration::ZERO).await
    }

    /// Binds all addresses, or none; one that is taken may become free within `grace`, before anybody asks by whom.
    pub async fn bind_within(&self, grace: Duration) -> Result<Listeners, BindError> {
        let deadline = Instant::now() + grace;
        let mut attempt = 1;
        loop {
            match self.try_bind().await {
                // The kernel's port was free on the first address only: another may be free on all.
                Err((address, error))
                    if error.kind() == io::ErrorKind::AddrInUse && self.is_any_port() && attempt < ATTEMPTS =>
                {
                    tracing::debug!(%address, "trying another port");
                    attempt += 1;
                }
                Err((_, error)) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < deadline => {
                    sleep(PAUSE).await;
                }
                Err((address, error)) if error.kind() == io::ErrorKind::AddrInUse => {
                    return Err(BindError::Taken { address, holder: holder(address).await });
                }
                Err((address, source)) => return Err(BindError::Io { address, source }),
                Ok(listeners) => return Ok(listeners),
            }
        }
    }

    fn is_any_port(&self) -> bool {
        self.addresses.iter().all(|(address, _)| address.port() == 0)
    }

    async fn try_bind(&self) -> Result<Listeners, (SocketAddr, io::Error)> {
        let mut listeners: Vec<TcpListener> = Vec::new();
        let mut addresses: Vec<SocketAddr> = Vec::new();
        for (wanted, required) in &self.addresses {
            let port = addresses.first().map_or(wanted.port(), SocketAddr::port);
            let address = SocketAddr::new(wanted.ip(), port);
            let bound = TcpListener::bind(address).await.and_then(|socket| Ok((socket.local_addr()?, socket)));
            match bound {
                Ok((address, listener)) => {
                    addresses.push(address);
                    listeners.push(listener);
                }
                Err(error) if !required && !has_ipv6(&error) => {}
                Err(error) => return Err((address, error)),
            }
        }
        Ok(Listeners { sockets: listeners, addresses, kept: None })
    }
}

/// Whether binding to `[::1]` failed for another reason than that this machine has no IPv6.
fn has_ipv6(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        // EAFNOSUPPORT has no kind of its own: Linux, macOS, Windows.
        && !matches!(error.raw_os_error(), Some(97 | 47 | 10047))
}

/// Bound sockets that nobody serves yet.
#[derive(Debug)]
pub struct Listeners {
    pub(super) sockets: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
    /// After the sockets, so that it is dropped after they are closed.
    #[expect(dead_code, reason = "held for what its drop does")]
    kept: Option<Kept>,
}

/// Something that is dropped once the sockets are closed, such as a lock on the right to bind them.
struct Kept(#[expect(dead_code, reason = "held for what its drop does")] Box<dyn Send + Sync>);

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

impl Listeners {
    /// A socket that somebody else bound.
    ///
    /// # Errors
    /// Where its address cannot be told.
    pub fn of(socket: TcpListener) -> io::Result<Self> {
        Ok(Self { addresses: vec![socket.local_addr()?], sockets: vec![socket], kept: None })
    }

    /// Keeps `it` until the sockets are closed, which is when nothing more is accepted: open requests do not delay it.
    #[must_use]
    pub fn keeping(self, it: impl Send + Sync + 'static) -> Self {
        Self { kept: Some(Kept(Box::new(it))), ..self }
    }

    /// The addresses as bound.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The one port of all addresses.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.addresses.first().map_or(0, SocketAddr::port)
    }

    /// The URL of the first address, path style: `http://127.0.0.1:4566`.
    #[must_use]
    pub fn url(&self) -> String {
        let address = self.addresses.first().copied().unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
            IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::from((Ipv6Addr::LOCALHOST, address.port())),
            _ => address,
        };
        format!("http://{address}")
    }
}
