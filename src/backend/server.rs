//! A served endpoint that can be stopped.

use std::net::SocketAddr;

use http::{Request, Response};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::emulator::body::Body;
use crate::emulator::endpoint::{Listeners, Settings, serve};

/// A running endpoint. Dropping it ends it without waiting for open requests.
#[derive(Debug)]
pub struct Server {
    addresses: Vec<SocketAddr>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `listeners` in a task of its own.
    pub fn start<H, F>(listeners: Listeners, settings: Settings, handler: H) -> Self
    where
        H: Fn(Request<Body>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let addresses = listeners.addresses().to_vec();
        let task = tokio::spawn(serve(listeners, settings, handler, async {
            // An error is the sender's end, which stops it too.
            let _ = stopped.await;
        }));
        Self { addresses, stop, task }
    }

    /// The bound addresses, at least one.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Takes no more calls, and returns when those under way are answered.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
