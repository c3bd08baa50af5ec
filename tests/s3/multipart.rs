//! Multipart uploads.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart};

use crate::harness::World;

const FIVE_MIB: usize = 5 << 20;

async fn begin(client: &Client, algorithm: Option<(ChecksumAlgorithm, ChecksumType)>) -> String {
    let (algorithm, kind) = algorithm.unzip();
    let begun = client
        .create_multipart_upload()
        .bucket("shop")
        .key("big")
        .content_type("text/big")
        .metadata("a", "b")
        .set_checksum_algorithm(algorithm)
        .set_checksum_type(kind);
    begun.send().await.unwrap().upload_id().unwrap().to_owned()
}

async fn part(client: &Client, upload: &str, number: i32, bytes: Vec<u8>) -> CompletedPart {
    let body = ByteStream::from(bytes);
    let sent = client.upload_part().bucket("shop").key("big").upload_id(upload).part_number(number).body(body);
    let sent = sent.send().await.unwrap();
    CompletedPart::builder().part_number(number).e_tag(sent.e_tag().unwrap()).build()
}

fn of(parts: &[CompletedPart]) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec())).build()
}

#[tokio::test]
async fn parts_become_one_object_in_order_and_ranges_cross_them() {
    let world = World::memory();
    let client = world.client();
    client.create_bucket().bucket("shop").send().await.unwrap();
    let upload = begin(&client, None).await;
    let pieces: Vec<Vec<u8>> = vec![vec![b'a'; FIVE_MIB], vec![b'b'; FIVE_MIB + 7], vec![b'c'; 10]];
    let third = part(&client, &upload, 9, pieces[2].clone()).await;
    let unused = part(&client, &upload, 5, b"never listed".to_vec()).await;
    let first = part(&client, &upload, 1, pieces[0].clone()).await;
    let second = part(&client, &upload, 2, pieces[1].clone()).await;
    let listed = client.list_parts().bucket("shop").key("big").upload_id(&upload).max_parts(2).send().await.unwrap();
    assert_eq!(listed.parts().iter().filter_map(aws_sdk_s3::types::Part::part_number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((listed.is_truncated(), listed.next_part_number_marker()), (Some(true), Some("2")));

    let complete = |parts: Vec<CompletedPart>| {
        let sent = client.complete_multipart_upload().bucket("shop").key("big").upload_id(&upload);
        sent.multipart_upload(of(&parts)).send()
    };
    let unordered = complete(vec![second.clone(), first.clone()]).await.unwrap_err();
    assert_eq!(unordered.code(), Some("InvalidPartOrder"));
    let absent = CompletedPart::builder().part_number(1).e_tag(second.e_tag().unwrap()).build();
    let missing = complete(vec![second.clone(), absent]).await.unwrap_err();
    assert_eq!(missing.code(), Some("InvalidPart"), "before their order");
    let small = complete(vec![first.clone(), unused, third.clone()]).await.unwrap_err();
    assert_eq!(small.code(), Some("EntityTooSmall"));
    let sent = client.complete_multipart_upload().bucket("shop").key("big").upload_id(&upload);
    let conditional = sent.multipart_upload(of(&[second.clone(), first.clone()])).if_match("other").send().await;
    assert_eq!(conditional.unwrap_err().code(), Some("NoSuchKey"), "the condition comes before the parts");
    let parts = vec![first, second, third];
    let done = complete(parts.clone()).await.unwrap();
    // The MD5 of the MD5s, computed apart.
    let digests: Vec<u8> = pieces.iter().flat_map(|piece| <md5::Md5 as md5::Digest>::digest(piece).to_vec()).collect();
    let whole = <md5::Md5 as md5::Digest>::digest(&digests);
    let etag: Vec<String> = whole.iter().map(|byte| format!("{byte:02x}")).collect();
    let etag = etag.concat();
    assert_eq!(done.e_tag(), Some(format!("\"{etag}-3\"").as_str()));
    let mut crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme);
    for piece in &pieces {
        crc.update(piece);
    }
    assert_eq!(done.checksum_crc64_nvme(), Some(base64(&crc.finalize().to_be_bytes()).as_str()));
    assert_eq!(done.location(), Some("http://localhost:4566/shop/big"));
    // Completing again answers the same.
    assert_eq!(complete(parts).await.unwrap().e_tag(), done.e_tag());

    let got = client.get_object().bucket("shop").key("big").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(got.content_type(), Some("text/big"));
    assert_eq!(got.checksum_crc64_nvme(), done.checksum_crc64_nvme());
    assert_eq!(got.body.collect().await.unwrap().to_vec(), pieces.concat());
    let range = format!("bytes={}-{}", FIVE_MIB - 2, FIVE_MIB + 1);
    let across = client.get_object().bucket("shop").key("big").range(range).send().await.unwrap();
    assert_eq!(across.body.collect().await.unwrap().to_vec(), b"aabb");
    let last = client.get_object().bucket("shop").key("big").part_number(3).send().await.unwrap();
    assert_eq!((last.parts_count(), last.content_length()), (Some(3), Some(10)));
    assert_eq!(last.content_range(), Some("bytes 10485767-10485776/10485777"));
    assert_eq!(last.body.collect().await.unwrap().to_vec(), b"cccccccccc");
    let beyond = client.get_object().bucket("shop").key("big").part_number(4).send().await.unwrap_err();
    assert_eq!(beyond.code(), Some("InvalidPartNumber"));
    world.close().await;
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn checksums_of_parts_make_that_of_the_object() {
    let world = World::memory();
    let client = world.client();
    client.create_bucket().bucket("shop").send().await.unwrap();
    for (algorithm, kind) in [
        (ChecksumAlgorithm::Crc32, ChecksumType::Composite),
        (ChecksumAlgorithm::Crc32C, ChecksumType::FullObject),
        (ChecksumAlgorithm::Crc64Nvme, ChecksumType::FullObject),
        (ChecksumAlgorithm::Sha1, ChecksumType::Composite),
        (ChecksumAlgorithm::Sha256, ChecksumType::Composite),
    ] {
        let upload = begin(&client, Some((algorithm.clone(), kind.clone()))).await;
        let mut parts = Vec::new();
        for (number, bytes) in [(1, vec![7_u8; FIVE_MIB]), (2, vec![8_u8; 3])] {
            let sent = client
                .upload_part()
                .bucket("shop")
                .key("big")
                .upload_id(&upload)
                .part_number(number)
                .checksum_algorithm(algorithm.clone())
                .body(ByteStream::from(bytes))
                .send()
                .await
                .unwrap();
            parts.push(
                CompletedPart::builder()
                    .part_number(number)
                    .e_tag(sent.e_tag().unwrap())
                    .set_checksum_crc32(sent.checksum_crc32().map(str::to_owned))
                    .set_checksum_crc32_c(sent.checksum_crc32_c().map(str::to_owned))
                    .set_checksum_crc64_nvme(sent.checksum_crc64_nvme().map(str::to_owned))
                    .set_checksum_sha1(sent.checksum_sha1().map(str::to_owned))
                    .set_checksum_sha256(sent.checksum_sha256().map(str::to_owned))
                    .build(),
            );
        }
        let bare: Vec<CompletedPart> = parts
            .iter()
            .map(|part| {
                CompletedPart::builder().set_part_number(part.part_number()).e_tag(part.e_tag().unwrap()).build()
            })
            .collect();
        let complete = |parts: &[CompletedPart]| {
            let sent = client.complete_multipart_upload().bucket("shop").key("big").upload_id(&upload);
            sent.multipart_upload(of(parts)).send()
        };
        if kind == ChecksumType::Composite {
            assert_eq!(complete(&bare).await.unwrap_err().code(), Some("InvalidRequest"), "{algorithm}");
        }
        let done = complete(&parts).await.unwrap();
        assert_eq!(done.checksum_type(), Some(&kind));
        let shown = [
            done.checksum_crc32(),
            done.checksum_crc32_c(),
            done.checksum_crc64_nvme(),
            done.checksum_sha1(),
            done.checksum_sha256(),
        ];
        let value = shown.into_iter().flatten().next().unwrap();
        assert_eq!(value.ends_with("-2"), kind == ChecksumType::Composite, "{algorithm}: {value}");
        let head =
            client.head_object().bucket("shop").key("big").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        assert_eq!(head.checksum_type(), Some(&kind));
    }
    world.close().await;
}

#[tokio::test]
async fn refusals_name_what_is_wrong() {
    let world = World::memory();
    world.bucket("shop").await;
    let client = world.client();
    let gone = world.send("PUT", "/shop/big?partNumber=1&uploadId=fakeid", &[], "x").await;
    assert_eq!(gone.failure(), (404, "NoSuchUpload".into()));
    assert_eq!(gone.element("UploadId").as_deref(), Some("fakeid"));
    let upload = begin(&client, None).await;
    let number = world.send("PUT", &format!("/shop/big?partNumber=-1&uploadId={upload}"), &[], "x").await;
    assert_eq!(
        number.element("Message").as_deref(),
        Some("Part number must be an integer between 1 and 10000, inclusive")
    );
    let only = part(&client, &upload, 1, b"four".to_vec()).await;
    let wrong = CompletedPart::builder().part_number(1).e_tag("\"d41d8cd98f00b204e9800998ecf8427e\"").build();
    let complete = client.complete_multipart_upload().bucket("shop").key("big").upload_id(&upload);
    let error = complete.clone().multipart_upload(of(&[wrong])).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidPart"));
    let error = complete.clone().multipart_upload(of(&[])).send().await.unwrap_err();
    assert_eq!(error.message(), Some("You must specify at least one part"));
    let error =
        complete.clone().mpu_object_size(5).multipart_upload(of(std::slice::from_ref(&only))).send().await.unwrap_err();
    assert_eq!(
        error.message(),
        Some("The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 4")
    );
    client.abort_multipart_upload().bucket("shop").key("big").upload_id(&upload).send().await.unwrap();
    let error = complete.multipart_upload(of(&[only])).send().await.unwrap_err();
    assert_eq!(error.code(), Some("NoSuchUpload"));
    for (algorithm, kind, message) in [
        ("sha1", "FULL_OBJECT", "The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm."),
        ("crc64nvme", "COMPOSITE", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."),
    ] {
        let headers = [("x-amz-checksum-algorithm", algorithm), ("x-amz-checksum-type", kind)];
        let refused = world.send("POST", "/shop/big?uploads", &headers, "").await;
        assert_eq!(refused.element("Message").as_deref(), Some(message));
    }
    world.close().await;
}

#[tokio::test]
async fn conditional_completion_sees_what_happened_meanwhile() {
    let world = World::memory();
    world.bucket("shop").await;
    let client = world.client();
    world.send("PUT", "/shop/big", &[], "before").await;
    let upload = begin(&client, None).await;
    let parts = of(&[part(&client, &upload, 1, b"data".to_vec()).await]);
    let complete =
        client.complete_multipart_upload().bucket("shop").key("big").upload_id(&upload).multipart_upload(parts);
    let there = complete.clone().if_none_match("*").send().await.unwrap_err();
    assert_eq!(there.code(), Some("PreconditionFailed"));
    world.send("DELETE", "/shop/big", &[], "").await;
    let conflict = complete.clone().if_none_match("*").send().await.unwrap_err();
    assert_eq!(conflict.code(), Some("ConditionalRequestConflict"));
    let missing = complete.clone().if_match("\"abc\"").send().await.unwrap_err();
    assert_eq!(missing.code(), Some("NoSuchKey"));
    complete.send().await.unwrap();
    world.close().await;
}

#[tokio::test]
async fn open_uploads_are_listed_by_key_and_then_as_they_began() {
    let world = World::memory();
    world.bucket("shop").await;
    let mut ids = Vec::new();
    for key in ["b", "a", "a", "dir/x", "dir/y"] {
        let id = world.send("POST", &format!("/shop/{key}?uploads"), &[], "").await.element("UploadId").unwrap();
        ids.push(id);
    }
    let client = world.client();
    let list = client.list_multipart_uploads().bucket("shop");
    let seen = |uploads: &[aws_sdk_s3::types::MultipartUpload]| -> Vec<String> {
        uploads.iter().filter_map(|upload| upload.upload_id().map(str::to_owned)).collect()
    };
    let all = list.clone().send().await.unwrap();
    assert_eq!(seen(all.uploads()), [&ids[1], &ids[2], &ids[0], &ids[3], &ids[4]].map(Clone::clone));
    assert_eq!((all.next_key_marker(), all.next_upload_id_marker()), (Some("dir/y"), Some(ids[4].as_str())));
    let rolled = list.clone().delimiter("/").send().await.unwrap();
    assert_eq!(rolled.common_prefixes()[0].prefix(), Some("dir/"));
    assert_eq!(rolled.next_key_marker(), Some(""));
    let mut paged = Vec::new();
    let (mut key, mut id) = (None, None);
    loop {
        let page = list.clone().max_uploads(2).set_key_marker(key).set_upload_id_marker(id).send().await.unwrap();
        paged.extend(seen(page.uploads()));
        if page.is_truncated() != Some(true) {
            break;
        }
        key = page.next_key_marker().map(str::to_owned);
        id = page.next_upload_id_marker().map(str::to_owned);
    }
    assert_eq!(paged, seen(all.uploads()));
    world.close().await;
}
