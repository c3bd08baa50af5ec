//! `footbridge serve --exit-with-parent`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::world::World;

/// How long it may take to end: more than the longest that a busy machine needs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A `serve` that answers by now, and the pipe to its standard input.
fn start(world: &World, words: &[&str]) -> (Child, ChildStdin) {
    let mut command = world.command(env!("CARGO_BIN_EXE_footbridge"));
    command.args(["serve", "--json", "--exit-with-parent"]).args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("\"endpoint\""), "{line}");
    let pipe = child.stdin.take().unwrap();
    (child, pipe)
}

#[test]
fn serve_ends_in_good_order_when_its_parent_is_gone() {
    for words in [&[][..], &["--ephemeral"]] {
        let world = World::empty();
        let (mut child, pipe) = start(&world, words);
        assert!(child.try_wait().unwrap().is_none());
        drop(pipe);
        let (told, ended) = mpsc::channel();
        let id = child.id();
        std::thread::spawn(move || told.send(child.wait().unwrap()));
        let status = ended.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("process {id} goes on"));
        assert!(status.success(), "{words:?}: {status}");
    }
}
