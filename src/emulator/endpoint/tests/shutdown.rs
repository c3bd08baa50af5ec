//! The end of an endpoint.

use std::sync::Mutex;

use super::*;
use crate::port::Port;

/// An endpoint whose only request says that it began, then waits until it is let go.
async fn waiting(port: u16, limits: Limits) -> (Served, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (began, begins) = oneshot::channel::<()>();
    let (go, gone) = oneshot::channel::<()>();
    let once = Arc::new(Mutex::new(Some((began, gone))));
    let served = Served::at(port, Settings { limits, ..settings() }, move |_: Request<Body>| {
        let (began, gone) = once.lock().unwrap().take().expect("one request");
        async move {
            began.send(()).unwrap();
            drop(gone.await);
            Response::new(body::full("finished"))
        }
    })
    .await;
    (served, begins, go)
}

#[tokio::test]
async fn an_open_request_finishes_and_nothing_new_is_accepted() {
    let reserved = Port::reserve();
    let (served, begins, go) = waiting(reserved.number(), Limits::default()).await;
    let address = served.addresses[0];
    let mut open = served.connect().await;
    let mut idle = served.connect().await;
    open.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    timeout(DEADLINE, begins).await.unwrap().unwrap();
    served.stop.send(()).unwrap();
    // An idle connection is closed at once: by then the listeners are gone as well.
    assert_eq!(rest(&mut idle).await, "");
    assert!(TcpStream::connect(address).await.is_err());
    go.send(()).unwrap();
    let answer = rest(&mut open).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("finished"), "{answer}");
    timeout(DEADLINE, served.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_finish_is_cut_off_at_the_deadline() {
    let (served, begins, _go) = waiting(0, Limits { shutdown_deadline: Duration::ZERO, ..Limits::default() }).await;
    let mut open = served.connect().await;
    open.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    timeout(DEADLINE, begins).await.unwrap().unwrap();
    served.end().await;
    assert_eq!(rest(&mut open).await, "");
}
