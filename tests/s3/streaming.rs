//! Large bodies in bounded memory, and what the SDK sends of its own: aws-chunked with a trailing checksum.

use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::harness::World;

const CHUNK: usize = 64 << 10;

/// A body of `left` bytes that are made as they are asked for.
struct Made {
    left: u64,
    at: u8,
}

impl http_body::Body for Made {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        self.left -= size as u64;
        self.at = self.at.wrapping_add(1);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![self.at; size])))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_mebibytes_go_up_and_down_in_chunks() {
    const SIZE: u64 = 64 << 20;
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    let client = world.client();
    client.create_bucket().bucket("shop").send().await.unwrap();
    let body = ByteStream::new(SdkBody::from_body_1_x(Made { left: SIZE, at: 0 }));
    client
        .put_object()
        .bucket("shop")
        .key("big")
        .content_length(i64::try_from(SIZE).unwrap())
        .body(body)
        .send()
        .await
        .unwrap();
    let got = client.get_object().bucket("shop").key("big").send().await.unwrap();
    let mut body = got.body;
    let (mut size, mut sum, mut largest) = (0_u64, 0_u64, 0);
    while let Some(bytes) = body.try_next().await.unwrap() {
        size += bytes.len() as u64;
        largest = largest.max(bytes.len());
        sum += bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
    let expected: u64 = (1..=SIZE / CHUNK as u64).map(|at| (at & 255) * CHUNK as u64).sum();
    assert_eq!((size, sum), (SIZE, expected));
    // In chunks of the reader's own size, not whole.
    assert!(largest <= 1 << 20, "a chunk of {largest} bytes");
    world.close().await;
}
