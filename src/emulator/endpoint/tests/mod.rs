//! The endpoint over real sockets, on ports that the kernel gave, and its guard.

mod guard;
mod ports;
mod requests;
mod sdk;
mod shutdown;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::emulator::body::{self, Body};

/// How long a test waits for what must happen.
const DEADLINE: Duration = Duration::from_secs(20);

fn settings() -> Settings {
    Settings {
        guard: Guard::default(),
        limits: Limits::default(),
        health: Arc::new(|| Health {
            version: "1.2.3".to_owned(),
            pid: std::process::id(),
            directory: Some("d1".to_owned()),
            services: vec!["s3", "dynamodb", "sts"],
        }),
        internal: None,
    }
}

/// A served endpoint.
struct Served {
    addresses: Vec<SocketAddr>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Served {
    async fn start<H, F>(settings: Settings, handler: H) -> Self
    where
        H: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        Self::at(0, settings, handler).await
    }

    /// One at a port by number, for tests that look at the port once it is left.
    async fn at<H, F>(port: u16, settings: Settings, handler: H) -> Self
    where
        H: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let listeners = Listen::loopback(port).bind().await.unwrap();
        let addresses = listeners.addresses().to_vec();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let task = tokio::spawn(serve(listeners, settings, handler, shutdown));
        Self { addresses, stop, task }
    }

    /// One that answers each request with its method and path.
    async fn echo(settings: Settings) -> Self {
        Self::start(settings, |request: Request<Body>| async move {
            Response::new(body::full(format!("{} {}", request.method(), request.uri().path())))
        })
        .await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addresses[0]).await.unwrap()
    }

    /// Sends this and gives all that comes back until the connection is closed.
    async fn send(&self, raw: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(raw.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }

    /// A GET with these further headers, on a connection of its own.
    async fn get(&self, path: &str, headers: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")).await
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        timeout(DEADLINE, self.task).await.expect("the endpoint ends").unwrap();
    }
}

/// All that still comes on a connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is an end as well.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut bytes)).await.expect("the connection is closed");
    String::from_utf8(bytes).unwrap()
}

/// What comes on a connection, up to and with this.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let byte = timeout(DEADLINE, stream.read_u8()).await.expect("more comes").expect("the connection is open");
        text.push(byte);
    }
    String::from_utf8(text).unwrap()
}
