//! Parts of objects.

use super::{bytes, put};
use crate::world::{World, refusal};

pub async fn a_range_is_a_part_of_the_body(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "0123456789").await;
    let cases = [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
    ];
    for (range, part, told) in cases {
        let got = world.s3.get_object().bucket(&bucket).key("k").range(range).send().await.unwrap();
        assert_eq!(got.content_range(), Some(told), "{range}");
        assert_eq!(got.content_length(), Some(i64::try_from(part.len()).unwrap()), "{range}");
        assert_eq!(bytes(got).await, part.as_bytes(), "{range}");
    }
}

pub async fn a_range_past_the_end_is_refused(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "0123456789").await;
    put(world, &bucket, "empty", "").await;
    for (key, range) in [("k", "bytes=10-"), ("k", "bytes=10-20"), ("empty", "bytes=0-0")] {
        let got = world.s3.get_object().bucket(&bucket).key(key).range(range).send().await;
        assert_eq!(refusal(got), "416 InvalidRange", "{key} {range}");
    }
}

pub async fn a_range_that_says_nothing_is_not_looked_at(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "0123456789").await;
    for range in ["bytes=4-2", "lines=1-2", "bytes=x-"] {
        let got = world.s3.get_object().bucket(&bucket).key("k").range(range).send().await.unwrap();
        assert_eq!(got.content_range(), None, "{range}");
        assert_eq!(bytes(got).await, b"0123456789", "{range}");
    }
}
