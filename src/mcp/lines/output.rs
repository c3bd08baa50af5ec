//! Writes lines whole.

use std::io;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Writes lines. What a dropped call has left is written by the next one, so that no line is torn.
#[derive(Debug)]
pub(super) struct Output<W> {
    writer: W,
    unsent: BytesMut,
}

impl<W: AsyncWrite + Unpin> Output<W> {
    pub(super) fn new(writer: W) -> Self {
        Self { writer, unsent: BytesMut::new() }
    }

    /// Writes `line`, which has its end.
    pub(super) async fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.unsent.extend_from_slice(line);
        while self.unsent.has_remaining() {
            let sent = self.writer.write(&self.unsent).await?;
            if sent == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.unsent.advance(sent);
        }
        self.writer.flush().await
    }

    /// Says that nothing more comes.
    pub(super) async fn close(mut self) -> io::Result<()> {
        self.writer.shutdown().await
    }
}
