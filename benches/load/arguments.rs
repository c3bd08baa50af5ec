//! The command line.

use std::time::Duration;

use anyhow::{Context as _, bail};

/// What is to be measured.
#[derive(Default)]
pub struct Arguments {
    quick: bool,
    /// Keep footbridge's data in memory, for peers that do.
    pub ephemeral: bool,
    /// The program whose MCP server is measured beside ours, in place of all else.
    pub dynoxide: Option<String>,
    /// Names and endpoints of others.
    pub peers: Vec<(String, String)>,
}

impl Arguments {
    pub fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => arguments.quick = true,
                "--ephemeral" => arguments.ephemeral = true,
                "--dynoxide" => arguments.dynoxide = Some(words.next().context("--dynoxide wants its program")?),
                "--peer" => {
                    let peer = words.next().context("--peer wants NAME=URL")?;
                    let (name, url) = peer.split_once('=').context("--peer wants NAME=URL")?;
                    arguments.peers.push((name.to_owned(), url.to_owned()));
                }
                other => bail!(
                    "unknown argument {other}; there are --quick, --ephemeral, --peer NAME=URL and --dynoxide PROGRAM"
                ),
            }
        }
        Ok(arguments)
    }

    /// How long each server is measured at each turn.
    pub fn slices(&self) -> &'static [Duration] {
        const QUICK: &[Duration] = &[Duration::from_millis(300); 2];
        const WHOLE: &[Duration] = &[Duration::from_secs(1); 4];
        if self.quick { QUICK } else { WHOLE }
    }

    /// How many tool calls are timed.
    pub fn tool_calls(&self) -> usize {
        if self.quick { 200 } else { 2000 }
    }
}
