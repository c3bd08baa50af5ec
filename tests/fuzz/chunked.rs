//! Bodies in aws-chunked framing: unsigned, signed, with trailers.

use std::convert::Infallible;
use std::time::{Duration, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use footbridge::emulator::body;
use http::Request;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sha2::{Digest as _, Sha256};

use crate::change::{Change, changed, changes};
use crate::harness::World;
use crate::target::{Target, Verdict, ensure};

const BEFORE: &str = "what was there before";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Framing {
    /// By a key that nobody knows, so that signatures are read and not verified.
    Unverified,
    /// By a known key: each chunk's signature is the next one's beginning.
    Signed,
    /// Without signatures, and a checksum behind.
    Trailer,
}

#[derive(Debug, Clone)]
struct Upload {
    framing: Framing,
    chunks: Vec<Bytes>,
    changes: Vec<Change>,
    /// What the header says that the payload's length is, if it is not that.
    lie: Option<u64>,
    splits: Vec<Index>,
}

fn upload() -> impl Strategy<Value = Upload> {
    let framing = prop_oneof![Just(Framing::Unverified), Just(Framing::Signed), Just(Framing::Trailer)];
    let sizes = prop_oneof![1 => Just(vec![]), 3 => vec(1..200_usize, 1..2), 1 => Just(vec![8192, 8192, 1]), 1 => Just(vec![70_000])];
    let chunks = sizes.prop_map(|sizes| {
        let letters = (b'a'..=b'z').cycle();
        sizes.into_iter().map(|size| letters.clone().take(size).collect()).collect()
    });
    let lie = prop_oneof![9 => Just(None), 1 => prop_oneof![Just(Some(0)), Just(Some(u64::MAX)), (0..300_u64).prop_map(Some)]];
    (framing, chunks, changes(), lie, vec(any::<Index>(), 0..4))
        .prop_map(|(framing, chunks, changes, lie, splits)| Upload { framing, chunks, changes, lie, splits })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Upload {
    fn payload(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    /// The body as it is framed, by a key whose first signature is `seed`.
    fn wire(&self, seed: &str, seconds: u64) -> Vec<u8> {
        let mut wire = Vec::new();
        let mut previous = seed.to_owned();
        for chunk in self.chunks.iter().cloned().chain([Bytes::new()]) {
            wire.extend(format!("{:x}", chunk.len()).into_bytes());
            if self.framing != Framing::Trailer {
                previous = chunk_signature(&previous, seconds, &chunk);
                wire.extend(format!(";chunk-signature={previous}").into_bytes());
            }
            wire.extend(b"\r\n");
            wire.extend(&chunk);
            if !chunk.is_empty() {
                wire.extend(b"\r\n");
            }
        }
        if self.framing == Framing::Trailer {
            let checksum = STANDARD.encode(crc32fast::hash(&self.payload()).to_be_bytes());
            wire.extend(format!("x-amz-checksum-crc32:{checksum}\r\n").into_bytes());
        }
        wire.extend(b"\r\n");
        wire
    }

    fn request(&self, seconds: u64) -> Request<body::Body> {
        let (date, scope) = (date(seconds), scope(seconds));
        let kind = match self.framing {
            Framing::Trailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Framing::Unverified | Framing::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        };
        let length = self.lie.unwrap_or(self.payload().len() as u64).to_string();
        let signed = "host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length";
        let canonical = format!(
            "PUT\n/bkt/k\n\nhost:localhost:4566\nx-amz-content-sha256:{kind}\nx-amz-date:{date}\n\
             x-amz-decoded-content-length:{length}\n\n{signed}\n{kind}"
        );
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let signature = calculate_signature(key(seconds), to_sign.as_bytes());
        let who = if self.framing == Framing::Signed { "test" } else { "AKIANOBODY" };
        let wire = changed(&self.wire(&signature, seconds), &self.changes);
        let mut ends: Vec<usize> = self.splits.iter().map(|at| at.index(wire.len() + 1)).collect();
        ends.push(wire.len());
        ends.sort_unstable();
        let total = wire.len();
        let mut from = 0;
        let mut frames = Vec::new();
        for end in ends {
            frames.push(Ok::<_, Infallible>(Frame::data(Bytes::copy_from_slice(&wire[from..end]))));
            from = end;
        }
        let mut request = Request::put("/bkt/k").header("host", "localhost:4566").header("content-length", total);
        request = request.header("x-amz-content-sha256", kind).header("x-amz-date", date);
        request = request.header("x-amz-decoded-content-length", length).header("content-encoding", "aws-chunked");
        if self.framing == Framing::Trailer {
            request = request.header("x-amz-trailer", "x-amz-checksum-crc32");
        }
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={who}/{scope}, SignedHeaders={signed}, Signature={signature}");
        let stream = StreamBody::new(futures::stream::iter(frames)).map_err(|never| match never {});
        request.header("authorization", authorization).body(body::from(stream)).unwrap()
    }
}

fn date(seconds: u64) -> String {
    use aws_smithy_types::DateTime;
    use aws_smithy_types::date_time::Format;
    let text = DateTime::from_secs(i64::try_from(seconds).unwrap()).fmt(Format::DateTime).unwrap();
    text.replace(['-', ':'], "")
}

fn scope(seconds: u64) -> String {
    format!("{}/us-east-1/s3/aws4_request", &date(seconds)[..8])
}

fn key(seconds: u64) -> impl AsRef<[u8]> {
    generate_signing_key("test", UNIX_EPOCH + Duration::from_secs(seconds), "us-east-1", "s3")
}

fn chunk_signature(previous: &str, seconds: u64, chunk: &[u8]) -> String {
    let (date, scope) = (date(seconds), scope(seconds));
    let (nothing, chunk) = (hex(&Sha256::digest(b"")), hex(&Sha256::digest(chunk)));
    let to_sign = format!("AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{nothing}\n{chunk}");
    calculate_signature(key(seconds), to_sign.as_bytes())
}

#[test]
fn a_chunked_body_is_kept_as_it_was_meant_or_not_at_all() {
    let target = Target::new("chunked", 300);
    let world = target.set_up(async {
        let world = World::memory();
        world.bucket("bkt").await;
        world
    });
    target.holds(&upload(), async |upload| -> Verdict {
        world.send("PUT", "/bkt/k", &[], BEFORE).await;
        let (parts, answer) = world.serve(upload.request(world.now() / 1000)).await.into_parts();
        let said = body::read(answer, 1 << 20).await.unwrap();
        let (status, payload) = (parts.status.as_u16(), upload.payload());
        ensure(status < 500, || format!("answered {status} {said:?}"))?;
        let kept = world.send("GET", "/bkt/k", &[], "").await.body;
        if status == 200 {
            target.accepted();
        } else {
            ensure(upload.lie.is_some() || !upload.changes.is_empty(), || format!("refused: {status} {said:?}"))?;
            return ensure(kept == BEFORE, || format!("refused, and there is {kept:?}"));
        }
        // What a signature or a checksum covers is what was meant, whatever was changed about its framing.
        let covered = upload.framing != Framing::Unverified;
        ensure(!covered || kept == payload, || format!("there is {kept:?}"))?;
        let length = upload.lie.unwrap_or(payload.len() as u64);
        ensure(kept.len() as u64 == length, || format!("{} bytes of {length}", kept.len()))
    });
    target.accepts_one_in(5);
    target.set_up(world.close());
}
