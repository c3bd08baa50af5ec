//! A port that a test can count on.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A port of the kernel's choice that it gives to nobody else while this lives. Whoever connects to it is refused, and
/// whoever asks for it by number may listen on it, and after that the next.
///
/// A port that was merely free a moment ago is given to the next one that asks, be it a test beside this one or the near
/// end of a connection.
#[derive(Debug)]
pub struct Port {
    number: u16,
    /// Bound and not listened on. Only Linux lets another socket listen beside such a one.
    _held: Vec<TcpSocket>,
}

impl Port {
    /// Reserves a port of both loopback addresses.
    pub fn reserve() -> Self {
        loop {
            let v4 = TcpSocket::new_v4().unwrap();
            bind(&v4, (Ipv4Addr::LOCALHOST, 0).into()).unwrap();
            let number = v4.local_addr().unwrap().port();
            let mut held = vec![v4];
            if let Ok(v6) = TcpSocket::new_v6() {
                match bind(&v6, (Ipv6Addr::LOCALHOST, number).into()) {
                    Ok(()) => held.push(v6),
                    // Free on the first address only.
                    Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => continue,
                    // No IPv6 here.
                    Err(_) => {}
                }
            }
            if !cfg!(target_os = "linux") {
                held.clear();
            }
            return Self { number, _held: held };
        }
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}

fn bind(socket: &TcpSocket, address: SocketAddr) -> std::io::Result<()> {
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)
}
