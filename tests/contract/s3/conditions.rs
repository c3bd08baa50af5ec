//! Conditions on reads and writes.

use aws_smithy_types::DateTime;
use futures::future::join_all;

use super::{get, put, putting, tag_of};
use crate::world::{World, refusal};

const OTHER: &str = "\"00000000000000000000000000000000\"";

pub async fn a_read_may_ask_for_the_object_that_it_knows(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "hello").await;
    let tag = tag_of(world, &bucket, "k").await;
    let get = || world.s3.get_object().bucket(&bucket).key("k");
    get().if_match(&tag).send().await.unwrap();
    get().if_match("*").send().await.unwrap();
    assert_eq!(refusal(get().if_match(OTHER).send().await), "412 PreconditionFailed");
    get().if_none_match(OTHER).send().await.unwrap();
    let head = || world.s3.head_object().bucket(&bucket).key("k");
    for outcome in [status(get().if_none_match(&tag).send().await), status(head().if_none_match(&tag).send().await)] {
        assert_eq!(outcome, 304);
    }
    assert_eq!(status(head().if_match(OTHER).send().await), 412);
}

pub async fn a_read_may_ask_by_time(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "hello").await;
    let get = || world.s3.get_object().bucket(&bucket).key("k");
    let modified = get().send().await.unwrap().last_modified.unwrap();
    let before = DateTime::from_secs(modified.secs() - 1000);
    let tag = tag_of(world, &bucket, "k").await;
    get().if_modified_since(before).send().await.unwrap();
    assert_eq!(status(get().if_modified_since(modified).send().await), 304);
    assert_eq!(refusal(get().if_unmodified_since(before).send().await), "412 PreconditionFailed");
    // A tag that matches outranks the time, and so does one that does not.
    get().if_match(&tag).if_unmodified_since(before).send().await.unwrap();
    assert_eq!(status(get().if_none_match(&tag).if_modified_since(before).send().await), 304);
}

pub async fn a_write_may_want_that_nothing_is_there(world: &World) {
    let bucket = world.bucket("b").await;
    putting(world, &bucket, "k", "first").if_none_match("*").send().await.unwrap();
    let second = putting(world, &bucket, "k", "second").if_none_match("*").send().await;
    assert_eq!(refusal(second), "412 PreconditionFailed");
    assert_eq!(get(world, &bucket, "k").await, b"first");
    world.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
    putting(world, &bucket, "k", "third").if_none_match("*").send().await.unwrap();
}

pub async fn a_write_may_want_what_it_replaces(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "first").await;
    let tag = tag_of(world, &bucket, "k").await;
    putting(world, &bucket, "k", "second").if_match(&tag).send().await.unwrap();
    assert_eq!(refusal(putting(world, &bucket, "k", "third").if_match(&tag).send().await), "412 PreconditionFailed");
    assert_eq!(refusal(putting(world, &bucket, "absent", "x").if_match(&tag).send().await), "404 NoSuchKey");
    assert_eq!(get(world, &bucket, "k").await, b"second");
}

pub async fn of_many_that_want_nothing_there_one_wins(world: &World) {
    let bucket = world.bucket("b").await;
    let racing = (0..8_u8).map(|n| putting(world, &bucket, "k", vec![n]).if_none_match("*").send());
    let outcomes = join_all(racing).await;
    let winners: Vec<usize> = (0..outcomes.len()).filter(|at| outcomes[*at].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(get(world, &bucket, "k").await, [u8::try_from(winners[0]).unwrap()]);
    for refused in outcomes.into_iter().filter(Result::is_err) {
        let refused = refusal(refused);
        assert!(["412 PreconditionFailed", "409 ConditionalRequestConflict"].contains(&refused.as_str()), "{refused}");
    }
}

/// The status of a refusal that has no body.
fn status<O, E>(
    outcome: Result<O, aws_sdk_s3::error::SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>>,
) -> u16 {
    outcome.err().and_then(|error| error.raw_response().map(|response| response.status().as_u16())).unwrap_or(200)
}
