//! What gzip compressed, as far as its bytes are here.

use std::io::{self, Write as _};

use flate2::write::MultiGzDecoder;

/// Bytes that are inflated at most: a few compressed ones may stand for any number.
const MOST: usize = 4 * 1024 * 1024;

/// Bytes, up to the limit.
#[derive(Debug, Default)]
struct Limited(Vec<u8>);

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = MOST.saturating_sub(self.0.len()).min(bytes.len());
        if room == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(&bytes[..room]);
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A decoder, and where it stands.
#[derive(Debug)]
pub(super) struct Inflate {
    decoder: MultiGzDecoder<Limited>,
    /// Why it went no further.
    pub(super) ended: Option<&'static str>,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self { decoder: MultiGzDecoder::new(Limited::default()), ended: None }
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        if self.ended.is_none() && self.decoder.write_all(bytes).and_then(|()| self.decoder.flush()).is_err() {
            let full = self.bytes().len() >= MOST;
            self.ended = Some(if full { "the first 4 MiB of what gzip holds" } else { "gzip breaks off here" });
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.decoder.get_ref().0
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Inflate, MOST};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn it_goes_as_far_as_the_bytes_do_and_no_further_than_the_limit() {
        let text = "a line of text\n".repeat(1000);
        let bytes = packed(text.as_bytes());
        let mut inflate = Inflate::new();
        inflate.feed(&bytes[..bytes.len() / 2]);
        assert!(text.as_bytes().starts_with(inflate.bytes()) && inflate.ended.is_none());
        inflate.feed(&bytes[bytes.len() / 2..]);
        assert_eq!(inflate.bytes(), text.as_bytes());

        let mut broken = Inflate::new();
        broken.feed(&[&bytes[..10], &b"no such thing"[..]].concat());
        assert!(broken.ended.is_some());

        let mut bomb = Inflate::new();
        bomb.feed(&packed(&vec![0; MOST * 3]));
        assert_eq!((bomb.bytes().len(), bomb.ended.is_some()), (MOST, true));
    }
}
