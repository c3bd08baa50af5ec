//! Content that is made as it is asked for, every MiB of it different.

use bytes::Bytes;

use crate::MIB;

/// The MiB with this number.
pub fn block(number: u64) -> Bytes {
    let mut block: Vec<u8> = (0..MIB).map(|at| (at % 251) as u8).collect();
    block[..8].copy_from_slice(&number.to_be_bytes());
    block.into()
}

/// Holds what is read against what was written.
#[derive(Default)]
pub struct Check {
    seen: u64,
    expected: Bytes,
}

impl Check {
    /// Takes the next bytes, however they are cut.
    pub fn take(&mut self, mut bytes: &[u8]) -> anyhow::Result<()> {
        while !bytes.is_empty() {
            if self.expected.is_empty() {
                self.expected = block(self.seen / MIB);
            }
            let here = bytes.len().min(self.expected.len());
            anyhow::ensure!(bytes[..here] == self.expected[..here], "another byte came back near {}", self.seen);
            bytes = &bytes[here..];
            self.expected = self.expected.slice(here..);
            self.seen += here as u64;
        }
        Ok(())
    }

    /// All of `mib` MiB has come back.
    pub fn end(&self, mib: u64) -> anyhow::Result<()> {
        anyhow::ensure!(self.seen == mib * MIB, "{} bytes came back", self.seen);
        Ok(())
    }
}
