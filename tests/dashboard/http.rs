//! HTTP with a socket alone.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Sends a request to a URL of loopback, and reads all that comes.
pub fn request(method: &str, url: &str, body: &[u8]) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let mut socket = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(socket, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
        .unwrap();
    socket.write_all(body).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
