//! Addresses, and ports that are taken.

use std::net::{Ipv4Addr, TcpListener};

use super::*;
use crate::port::Port;

#[tokio::test]
async fn both_loopback_addresses_have_the_port_that_the_kernel_gave() {
    let listeners = Listen::loopback(0).bind().await.unwrap();
    assert_ne!(listeners.port(), 0);
    assert!(listeners.addresses().iter().all(|address| address.port() == listeners.port()));
    assert_eq!(listeners.url(), format!("http://127.0.0.1:{}", listeners.port()));
    let has_ipv6 = TcpListener::bind("[::1]:0").is_ok();
    assert_eq!(listeners.addresses().len(), if has_ipv6 { 2 } else { 1 });
}

#[tokio::test]
async fn every_address_answers() {
    let served = Served::echo(settings()).await;
    for address in served.addresses.clone() {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /x HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        assert!(rest(&mut stream).await.ends_with("GET /x"));
    }
    served.end().await;
}

#[tokio::test]
async fn a_port_that_a_footbridge_has_is_said_to_be_its() {
    let reserved = Port::reserve();
    let port = reserved.number();
    let served = Served::at(port, settings(), async |_| Response::new(body::empty())).await;
    let error = Listen::loopback(port).bind().await.unwrap_err();
    let pid = std::process::id();
    assert_eq!(error.to_string(), format!("127.0.0.1:{port} is taken by footbridge (pid {pid}, data directory d1)"));
    served.end().await;
    Listen::loopback(port).bind().await.unwrap();
}

#[tokio::test]
async fn a_port_that_another_program_has_is_said_to_be_taken() {
    // Accepts nothing, so it does not answer as a footbridge; and the answer comes without that it ever does.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let error = Listen::loopback(port).bind().await.unwrap_err();
    let BindError::Taken { holder, .. } = &error else { panic!("{error}") };
    if cfg!(target_os = "linux") {
        assert!(matches!(holder, Holder::Program { pid, name } if *pid == std::process::id() && !name.is_empty()));
    } else {
        assert_eq!(*holder, Holder::Unknown { port });
        assert!(error.to_string().contains(&port.to_string()));
    }
}

#[test]
fn an_address_beyond_loopback_needs_a_word_for_it() {
    let everywhere: SocketAddr = "0.0.0.0:4566".parse().unwrap();
    let error = Listen::new([everywhere], Access::Loopback).unwrap_err();
    assert_eq!(error, ListenError::Exposed(everywhere));
    assert!(error.to_string().contains("--strict") && error.to_string().contains("--any-credentials"));
    Listen::new([everywhere], Access::Strict).unwrap();
    Listen::new([everywhere], Access::AnyCredentials).unwrap();
    for exposed in ["[::]:1", "192.168.1.2:1", "[::ffff:10.0.0.1]:1"] {
        Listen::new([exposed.parse().unwrap()], Access::Loopback).unwrap_err();
    }
    for local in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        Listen::new([local.parse().unwrap()], Access::Loopback).unwrap();
    }
    let two = ["127.0.0.1:1", "[::1]:2"].map(|address| address.parse().unwrap());
    assert_eq!(Listen::new(two, Access::Loopback).unwrap_err(), ListenError::Ports(1, 2));
    assert_eq!(Listen::new([], Access::Strict).unwrap_err(), ListenError::None);
}
