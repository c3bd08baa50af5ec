//! `footbridge healthcheck`.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use crate::world::{World, stderr, stdout};

/// A footbridge that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts one, and reads its address from what it says. `said` gives what it says there.
fn start<R: Read>(world: &World, words: &[&str], said: impl Fn(&mut Child) -> R) -> (Running, String) {
    let mut command = world.command(env!("CARGO_BIN_EXE_footbridge"));
    command.arg("--ephemeral").args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(said(&mut child)).lines().map_while(Result::ok);
    let line = lines.into_iter().find(|line| line.contains("http://")).unwrap();
    let address = line.split("http://").nth(1).unwrap().split(['"', '/', ';', ' ']).next().unwrap().to_owned();
    (Running(child), address)
}

#[test]
fn healthcheck_tells_whether_a_footbridge_answers_of_serve_and_of_mcp_without_a_token() {
    let world = World::empty();
    let (_serve, endpoint) = start(&world, &["serve", "--json", "--listen", "0"], |child| child.stdout.take().unwrap());
    let (_mcp, mcp) = start(&world, &["mcp", "--http", "0"], |child| child.stderr.take().unwrap());
    // Somebody else's server, who takes the connection and says nothing.
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let stranger = stranger.local_addr().unwrap().to_string();
    for (address, code) in [(&endpoint, 0), (&mcp, 0), (&stranger, 1)] {
        let output = world.footbridge(&["healthcheck", address]);
        assert_eq!(output.status.code(), Some(code), "{address}: {}", stderr(&output));
        let (said, told) = (stdout(&output), stderr(&output));
        assert!(
            if code == 0 { said.contains(address.as_str()) } else { told.contains(address.as_str()) },
            "{said}{told}"
        );
    }
    // An address that stands for all of them is reached by loopback, and `--listen` is what is asked without an address.
    let port = endpoint.rsplit(':').next().unwrap();
    let everywhere = format!("0.0.0.0:{port}");
    let output = world.footbridge(&["healthcheck", "--listen", &everywhere, "--any-credentials", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output).trim(), format!(r#"{{"address":"127.0.0.1:{port}","answers":true}}"#));
    assert_eq!(world.footbridge(&["healthcheck", "nowhere"]).status.code(), Some(2));
}
