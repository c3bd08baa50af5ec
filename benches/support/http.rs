//! HTTP/1.1 over one kept connection, in blocking calls: a client that costs little beside the server it measures.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

/// Long enough for the largest body; a server that is silent for longer has failed.
const SILENCE: Duration = Duration::from_mins(1);

/// A kept connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

/// The head of an answer, and how long its body is.
pub struct Head {
    pub status: u16,
    pub length: Length,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// How the end of a body is found.
#[derive(Clone, Copy)]
pub enum Length {
    Known(u64),
    Chunked,
}

impl Connection {
    /// Connects to `endpoint`, as in `http://127.0.0.1:4566`.
    pub fn open(endpoint: &str) -> anyhow::Result<Self> {
        let host = endpoint.strip_prefix("http://").context("an endpoint is http://HOST:PORT")?.trim_end_matches('/');
        let stream = TcpStream::connect(host).with_context(|| format!("connecting to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Self { stream: BufReader::with_capacity(256 * 1024, stream), host: host.to_owned() })
    }

    /// Sends a request and reads its answer.
    pub fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> anyhow::Result<(u16, Vec<u8>)> {
        self.start(method, path, headers, body.len() as u64, body)?;
        self.finish()
    }

    /// Sends a request's head and the first bytes of its body, in one write; the rest is the caller's to write.
    ///
    /// `headers` are whole lines, each with its end.
    pub fn start(&mut self, method: &str, path: &str, headers: &str, length: u64, first: &[u8]) -> anyhow::Result<()> {
        let host = &self.host;
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{headers}\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(first);
        self.write(&bytes)
    }

    /// Writes more of a body.
    pub fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.get_mut().write_all(bytes)?)
    }

    /// Reads a whole answer.
    pub fn finish(&mut self) -> anyhow::Result<(u16, Vec<u8>)> {
        let head = self.head()?;
        let mut body = Vec::new();
        match head.length {
            Length::Known(length) => {
                body.resize(usize::try_from(length)?, 0);
                self.stream.read_exact(&mut body)?;
            }
            Length::Chunked => self.chunks(&mut body)?,
        }
        Ok((head.status, body))
    }

    /// Reads the head of an answer.
    pub fn head(&mut self) -> anyhow::Result<Head> {
        let mut head = Vec::with_capacity(1024);
        while !head.ends_with(b"\r\n\r\n") {
            ensure!(self.stream.read_until(b'\n', &mut head)? > 0, "the server closed the connection");
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut answer = httparse::Response::new(&mut headers);
        ensure!(answer.parse(&head)?.is_complete(), "half a head");
        let named = |name: &str| {
            answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
        };
        let length = match named("content-length") {
            Some(length) => Length::Known(std::str::from_utf8(length)?.parse()?),
            None if named("transfer-encoding") == Some(b"chunked") => Length::Chunked,
            None => Length::Known(0),
        };
        Ok(Head { status: answer.code.context("no status")?, length, bytes: head })
    }

    /// Reads exactly so many bytes of a body.
    pub fn read(&mut self, into: &mut [u8]) -> anyhow::Result<()> {
        Ok(self.stream.read_exact(into)?)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> anyhow::Result<()> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let Ok(size) = usize::from_str_radix(line.trim(), 16) else { bail!("a chunk of size {line:?}") };
            let start = body.len();
            body.resize(start + size + 2, 0);
            self.stream.read_exact(&mut body[start..])?;
            body.truncate(start + size);
            if size == 0 {
                return Ok(());
            }
        }
    }
}
