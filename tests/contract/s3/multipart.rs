//! Uploads in parts.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use super::{bytes, get, keys, put};
use crate::world::{World, refusal};

/// The least that a part has that is not the last one.
const LEAST: usize = 5 * 1024 * 1024;

async fn begin(world: &World, bucket: &str, key: &str) -> String {
    let begun = world.s3.create_multipart_upload().bucket(bucket).key(key).send().await.unwrap();
    begun.upload_id.unwrap()
}

/// Uploads a part; its number and entity tag.
async fn part(world: &World, (bucket, key, upload): (&str, &str, &str), number: i32, body: Vec<u8>) -> CompletedPart {
    let call = world.s3.upload_part().bucket(bucket).key(key).upload_id(upload).part_number(number);
    let tag = call.body(ByteStream::from(body)).send().await.unwrap().e_tag;
    CompletedPart::builder().part_number(number).set_e_tag(tag).build()
}

fn all(parts: Vec<CompletedPart>) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts)).build()
}

pub async fn parts_become_one_object(world: &World) {
    let bucket = world.bucket("b").await;
    let upload = begin(world, &bucket, "k").await;
    let place = (bucket.as_str(), "k", upload.as_str());
    // Out of order, with gaps in the numbers, and one part twice: the later counts.
    let last = part(world, place, 7, b"end".to_vec()).await;
    part(world, place, 2, b"too early".to_vec()).await;
    let first = part(world, place, 2, vec![b'a'; LEAST]).await;
    assert_eq!(keys(world, &bucket).await, Vec::<String>::new());
    let call = world.s3.complete_multipart_upload().bucket(&bucket).key("k").upload_id(&upload);
    let done = call.multipart_upload(all(vec![first, last])).send().await.unwrap();
    assert!(done.e_tag().unwrap().ends_with("-2\""), "{:?}", done.e_tag());
    let head = world.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!((head.content_length(), head.e_tag()), (Some(i64::try_from(LEAST + 3).unwrap()), done.e_tag()));
    let end = world.s3.get_object().bucket(&bucket).key("k").range("bytes=-5").send().await.unwrap();
    assert_eq!(bytes(end).await, b"aaend");
    let second = world.s3.get_object().bucket(&bucket).key("k").part_number(2).send().await.unwrap();
    assert_eq!(second.parts_count(), Some(2));
    assert_eq!(bytes(second).await, b"end");
}

pub async fn one_small_part_is_enough(world: &World) {
    let bucket = world.bucket("b").await;
    let upload = begin(world, &bucket, "k").await;
    let only = part(world, (&bucket, "k", &upload), 1, b"hello".to_vec()).await;
    let complete = || world.s3.complete_multipart_upload().bucket(&bucket).key("k").upload_id(&upload);
    complete().multipart_upload(all(vec![only])).send().await.unwrap();
    assert_eq!(get(world, &bucket, "k").await, b"hello");
    let listed = world.s3.list_multipart_uploads().bucket(&bucket).send().await.unwrap();
    assert!(listed.uploads().is_empty());
}

pub async fn parts_that_do_not_fit_are_refused(world: &World) {
    let bucket = world.bucket("b").await;
    let upload = begin(world, &bucket, "k").await;
    let place = (bucket.as_str(), "k", upload.as_str());
    let (one, two) = (part(world, place, 1, b"one".to_vec()).await, part(world, place, 2, b"two".to_vec()).await);
    let complete = |parts: Vec<CompletedPart>| {
        let call = world.s3.complete_multipart_upload().bucket(&bucket).key("k").upload_id(&upload);
        call.multipart_upload(all(parts)).send()
    };
    assert_eq!(refusal(complete(vec![one.clone(), two.clone()]).await), "400 EntityTooSmall");
    assert_eq!(refusal(complete(vec![two.clone(), one.clone()]).await), "400 InvalidPartOrder");
    let other = CompletedPart::builder().part_number(1).e_tag("\"00000000000000000000000000000000\"").build();
    assert_eq!(refusal(complete(vec![other]).await), "400 InvalidPart");
    let absent = CompletedPart::builder().part_number(9).set_e_tag(one.e_tag.clone()).build();
    assert_eq!(refusal(complete(vec![absent]).await), "400 InvalidPart");
    // Nothing of it ended the upload.
    complete(vec![two]).await.unwrap();
    assert_eq!(get(world, &bucket, "k").await, b"two");
}

pub async fn an_upload_can_be_given_up(world: &World) {
    let bucket = world.bucket("b").await;
    let upload = begin(world, &bucket, "k").await;
    part(world, (&bucket, "k", &upload), 1, b"one".to_vec()).await;
    world.s3.abort_multipart_upload().bucket(&bucket).key("k").upload_id(&upload).send().await.unwrap();
    let parts = world.s3.list_parts().bucket(&bucket).key("k").upload_id(&upload).send().await;
    assert_eq!(refusal(parts), "404 NoSuchUpload");
    let more = world.s3.upload_part().bucket(&bucket).key("k").upload_id(&upload).part_number(2);
    assert_eq!(refusal(more.body(ByteStream::from_static(b"two")).send().await), "404 NoSuchUpload");
    assert_eq!(keys(world, &bucket).await, Vec::<String>::new());
}

pub async fn parts_and_uploads_come_in_pages(world: &World) {
    let bucket = world.bucket("b").await;
    let upload = begin(world, &bucket, "k").await;
    for number in [3, 1, 2] {
        part(world, (&bucket, "k", &upload), number, vec![b'x'; 3]).await;
    }
    let parts = || world.s3.list_parts().bucket(&bucket).key("k").upload_id(&upload).max_parts(2);
    let page = parts().send().await.unwrap();
    let numbers =
        |parts: &[aws_sdk_s3::types::Part]| parts.iter().filter_map(|part| part.part_number).collect::<Vec<_>>();
    assert_eq!((numbers(page.parts()), page.is_truncated()), (vec![1, 2], Some(true)));
    let page = parts().set_part_number_marker(page.next_part_number_marker).send().await.unwrap();
    assert_eq!((numbers(page.parts()), page.is_truncated()), (vec![3], Some(false)));

    let mut wanted = vec![("k".to_owned(), upload)];
    for key in ["a", "b"] {
        wanted.push((key.to_owned(), begin(world, &bucket, key).await));
    }
    wanted.sort_unstable();
    let (mut seen, mut key, mut id) = (Vec::new(), None, None);
    loop {
        let ask = world.s3.list_multipart_uploads().bucket(&bucket).max_uploads(1).set_key_marker(key);
        let page = ask.set_upload_id_marker(id).send().await.unwrap();
        seen.extend(
            page.uploads().iter().map(|upload| (upload.key.clone().unwrap(), upload.upload_id.clone().unwrap())),
        );
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, id) = (page.next_key_marker, page.next_upload_id_marker);
    }
    assert_eq!(seen, wanted);
}

pub async fn a_part_can_be_copied(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "source", "0123456789").await;
    let upload = begin(world, &bucket, "k").await;
    let copy = world.s3.upload_part_copy().bucket(&bucket).key("k").upload_id(&upload).part_number(1);
    let copy = copy.copy_source(format!("{bucket}/source")).copy_source_range("bytes=2-4").send().await.unwrap();
    let tag = copy.copy_part_result.unwrap().e_tag;
    let only = CompletedPart::builder().part_number(1).set_e_tag(tag).build();
    let call = world.s3.complete_multipart_upload().bucket(&bucket).key("k").upload_id(&upload);
    call.multipart_upload(all(vec![only])).send().await.unwrap();
    assert_eq!(get(world, &bucket, "k").await, b"234");
}
