//! aws-chunked framing: `SIZE[;chunk-signature=…] CRLF data CRLF … 0 CRLF [trailers] CRLF`, decoded as it comes.
//!
//! Holds no more than one line. Sources: AWS's "Transferring Payload in Multiple Chunks" with and without trailers;
//! for the refusals, answers of S3 as reported in 2025 and 2026.

use bytes::{Buf, Bytes};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use super::fault;
use super::hash::{hex, hmac_sha256, same};
use super::payload::Framing;
use super::service::Service;
use super::v4::Seed;
use crate::emulator::error::AwsError;

/// The longest line of a chunk's size and signature, and of one trailer, in bytes.
const MAX_LINE: usize = 1024;

/// The most trailer lines that are read.
const MAX_TRAILERS: usize = 20;

/// The least size of every chunk but the last.
const MIN_CHUNK: u64 = 8192;

/// The SHA-256 of nothing.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The name under which a signature of the trailers comes.
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// The decoder of one body.
pub(super) struct Decoder {
    state: State,
    framing: Framing,
    signer: Option<Signer>,
    line: Vec<u8>,
    /// The size and the number, from 1, of the chunk that is read.
    size: u64,
    number: u64,
    expected: u64,
    seen: u64,
    announced: Vec<HeaderName>,
    trailers: Trailing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Size,
    Data(u64),
    /// The CRLF after data.
    DataEnd,
    Trailers,
    /// Over, but for one more CRLF that may come.
    Over,
    Done,
}

/// The trailers so far, and what their signature covers.
#[derive(Default)]
struct Trailing {
    headers: HeaderMap,
    canonical: Vec<u8>,
    lines: usize,
    signature: Option<String>,
    /// The last line ended with a bare LF, as AWS's own description of signed trailers has it.
    bare: bool,
}

/// The running signature over chunks.
struct Signer {
    seed: Seed,
    previous: String,
    claimed: String,
    hash: Sha256,
}

impl Decoder {
    /// A decoder of a body that has `expected` bytes without its framing. With a seed, signatures are verified.
    pub(super) fn new(framing: Framing, seed: Option<Seed>, expected: u64, announced: Vec<HeaderName>) -> Self {
        let signer = seed.filter(|_| framing.signed).map(|seed| Signer {
            previous: seed.signature.clone(),
            seed,
            claimed: String::new(),
            hash: Sha256::new(),
        });
        Self {
            state: State::Size,
            framing,
            signer,
            line: Vec::new(),
            size: 0,
            number: 0,
            expected,
            seen: 0,
            announced,
            trailers: Trailing::default(),
        }
    }

    /// Takes from `input` until there is payload to give; nothing when all of `input` is consumed.
    pub(super) fn next(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, AwsError> {
        while !input.is_empty() {
            match self.state {
                State::Data(left) => {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let data = input.split_to(length);
                    let left = left - data.len() as u64;
                    self.state = if left == 0 { State::DataEnd } else { State::Data(left) };
                    if let Some(signer) = &mut self.signer {
                        signer.hash.update(&data);
                    }
                    return Ok(Some(data));
                }
                State::Done => return Err(unexpected_end()),
                State::Size | State::DataEnd | State::Trailers | State::Over => {
                    if let Some(line) = self.take_line(input)? {
                        self.on_line(&line)?;
                    }
                }
            }
        }
        Ok(None)
    }

    /// The trailers, once the body has ended; an error when it ended too early.
    pub(super) fn finish(&mut self) -> Result<HeaderMap, AwsError> {
        let over = self.state == State::Over && self.line.is_empty();
        if self.state != State::Done && !over {
            return Err(unexpected_end());
        }
        Ok(std::mem::take(&mut self.trailers.headers))
    }

    /// A line without its end, once that has come.
    fn take_line(&mut self, input: &mut Bytes) -> Result<Option<Vec<u8>>, AwsError> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(input.len(), |end| end + 1);
        if self.line.len() + taken > MAX_LINE {
            return Err(unexpected_end());
        }
        self.line.extend_from_slice(&input[..taken]);
        input.advance(taken);
        if end.is_none() {
            return Ok(None);
        }
        let mut line = std::mem::take(&mut self.line);
        line.pop();
        let bare = line.last() != Some(&b'\r');
        if !bare {
            line.pop();
        } else if self.state != State::Trailers {
            return Err(unexpected_end());
        }
        if !line.is_empty() || bare {
            self.trailers.bare = bare;
        }
        Ok(Some(line))
    }

    fn on_line(&mut self, line: &[u8]) -> Result<(), AwsError> {
        match self.state {
            State::Size => self.on_size(line),
            State::Trailers => self.on_trailer(line),
            State::Over if line.is_empty() => {
                self.state = State::Done;
                Ok(())
            }
            State::DataEnd if line.is_empty() => {
                self.end_chunk()?;
                self.state = State::Size;
                Ok(())
            }
            _ => Err(unexpected_end()),
        }
    }

    fn on_size(&mut self, line: &[u8]) -> Result<(), AwsError> {
        let line = std::str::from_utf8(line).map_err(|_| unexpected_end())?;
        let (size, extension) = line.split_once(';').map_or((line, None), |(size, rest)| (size, Some(rest)));
        let hexadecimal = !size.is_empty() && size.len() <= 16 && size.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size = u64::from_str_radix(size, 16).ok().filter(|_| hexadecimal).ok_or_else(unexpected_end)?;
        if self.framing.signed {
            let signature = extension.and_then(|rest| rest.trim().strip_prefix("chunk-signature="));
            let signature = signature.filter(|text| text.len() == 64).ok_or_else(unexpected_end)?;
            if let Some(signer) = &mut self.signer {
                signature.clone_into(&mut signer.claimed);
            }
        } else if extension.is_some() {
            return Err(unexpected_end());
        }
        if size > 0 && self.number > 0 && self.size < MIN_CHUNK {
            return Err(AwsError::new(
                403,
                "InvalidChunkSizeError",
                "Only the last chunk is allowed to have a size less than 8192 bytes",
            )
            .with("Chunk", (self.number + 1).to_string())
            .with("BadChunkSize", self.size.to_string()));
        }
        self.seen = self.seen.saturating_add(size);
        if self.seen > self.expected || (size == 0 && self.seen < self.expected) {
            return Err(wrong_length(self.expected, self.seen));
        }
        self.size = size;
        self.number += 1;
        if size == 0 {
            self.end_chunk()?;
            self.state = State::Trailers;
        } else {
            self.state = State::Data(size);
        }
        Ok(())
    }

    fn end_chunk(&mut self) -> Result<(), AwsError> {
        match &mut self.signer {
            Some(signer) => {
                let hash = std::mem::take(&mut signer.hash).finalize();
                let claimed = std::mem::take(&mut signer.claimed);
                signer.verify("AWS4-HMAC-SHA256-PAYLOAD", &format!("{EMPTY_SHA256}\n{}", hex(&hash)), claimed)
            }
            None => Ok(()),
        }
    }

    fn on_trailer(&mut self, line: &[u8]) -> Result<(), AwsError> {
        if line.is_empty() {
            let awaited = self.framing.signed && self.trailers.signature.is_none() && self.trailers.lines > 0;
            return if awaited && std::mem::take(&mut self.trailers.bare) { Ok(()) } else { self.end_trailers() };
        }
        if !self.framing.trailers {
            return Err(unexpected_end());
        }
        self.trailers.lines += 1;
        if self.trailers.lines > MAX_TRAILERS || self.trailers.signature.is_some() {
            return Err(malformed_trailer());
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or_else(malformed_trailer)?;
        let name = HeaderName::from_bytes(line[..colon].trim_ascii()).map_err(|_| malformed_trailer())?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).map_err(|_| malformed_trailer())?;
        if name.as_str() == TRAILER_SIGNATURE {
            let signature = value.to_str().map_err(|_| malformed_trailer())?;
            self.trailers.signature = Some(signature.to_owned());
            return Ok(());
        }
        let canonical = &mut self.trailers.canonical;
        for part in [name.as_str().as_bytes(), b":", value.as_bytes(), b"\n"] {
            canonical.extend_from_slice(part);
        }
        match self.trailers.headers.insert(name, value) {
            None => Ok(()),
            Some(_) => Err(malformed_trailer()),
        }
    }

    fn end_trailers(&mut self) -> Result<(), AwsError> {
        let found = &self.trailers.headers;
        if found.len() != self.announced.len() || !self.announced.iter().all(|name| found.contains_key(name)) {
            return Err(malformed_trailer());
        }
        if self.framing.signed && self.framing.trailers {
            let signature = self.trailers.signature.take().ok_or_else(malformed_trailer)?;
            let hash = hex(&Sha256::digest(&self.trailers.canonical));
            if let Some(signer) = &mut self.signer {
                signer.verify("AWS4-HMAC-SHA256-TRAILER", &hash, signature)?;
            }
        }
        // minio-go ends an unsigned trailer with LF, and what follows with a CRLF too many.
        let may_follow = !self.framing.signed && self.trailers.bare;
        self.state = if may_follow { State::Over } else { State::Done };
        Ok(())
    }
}

impl Signer {
    /// Verifies the next signature in the chain, over `content` as the string to sign ends.
    fn verify(&mut self, algorithm: &str, content: &str, claimed: String) -> Result<(), AwsError> {
        let Seed { access_key, key, stamp, scope, .. } = &self.seed;
        let to_sign = format!("{algorithm}\n{stamp}\n{scope}\n{}\n{content}", self.previous);
        if !same(&hex(&hmac_sha256(key, to_sign.as_bytes())), &claimed) {
            return Err(fault::mismatch(&Service::S3, access_key, &claimed, to_sign.as_bytes(), None));
        }
        self.previous = claimed;
        Ok(())
    }
}

/// What S3 says of every break of the framing.
pub(super) fn unexpected_end() -> AwsError {
    AwsError::new(400, "IncompleteBody", "The request body terminated unexpectedly")
}

/// A body that is not as long as its request says.
pub(super) fn wrong_length(expected: u64, provided: u64) -> AwsError {
    AwsError::new(
        400,
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
    )
    .with("NumberBytesExpected", expected.to_string())
    .with("NumberBytesProvided", provided.to_string())
}

/// Trailers that are not those that the request announced, or no trailers at all.
pub(super) fn malformed_trailer() -> AwsError {
    AwsError::new(
        400,
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )
}
