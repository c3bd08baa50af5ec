//! Versioning: what puts and deletes leave, and how each version is reached.

use std::sync::atomic::Ordering;

use crate::harness::{Answer, World};

async fn versioning(world: &World, status: &str) {
    let body = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
    let put = world.send("PUT", "/shop?versioning", &[], body).await;
    assert_eq!(put.status, 200, "{}", put.text());
}

async fn versioned() -> World {
    let world = World::memory();
    world.bucket("shop").await;
    versioning(&world, "Enabled").await;
    world
}

async fn put(world: &World, key: &str, text: &str) -> String {
    let put = world.send("PUT", &format!("/shop/{key}"), &[], text.to_owned()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    put.header("x-amz-version-id").unwrap_or("null").to_owned()
}

/// `key version-id latest`, in the order of the listing; a delete marker has a `-` before it.
fn listed(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let mut all = Vec::new();
    for part in text.split("<Version>").flat_map(|part| part.split("<DeleteMarker>")).skip(1) {
        let of = |name: &str| part.split_once(&format!("<{name}>")).unwrap().1.split('<').next().unwrap().to_owned();
        let marker = if part.contains("<Size>") { "" } else { "-" };
        let latest = if of("IsLatest") == "true" { " latest" } else { "" };
        all.push(format!("{marker}{} {}{latest}", of("Key"), of("VersionId")));
    }
    all
}

#[tokio::test]
async fn a_bucket_is_told_how_to_keep_versions() {
    let world = World::memory();
    world.bucket("shop").await;
    let status = || async { world.send("GET", "/shop?versioning", &[], "").await.element("Status") };
    assert_eq!(status().await, None);
    for wanted in ["Suspended", "Enabled", "Suspended"] {
        versioning(&world, wanted).await;
        assert_eq!(status().await.as_deref(), Some(wanted));
    }
    for (body, failure) in [
        ("<Status>enabled</Status>", (400, "MalformedXML")),
        ("<Status>Disabled</Status>", (400, "MalformedXML")),
        ("", (400, "IllegalVersioningConfigurationException")),
        ("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>", (501, "NotImplemented")),
    ] {
        let body = format!("<VersioningConfiguration>{body}</VersioningConfiguration>");
        let refused = world.send("PUT", "/shop?versioning", &[], body.clone()).await;
        assert_eq!(refused.failure(), (failure.0, failure.1.to_owned()), "{body}");
    }
    assert_eq!(status().await.as_deref(), Some("Suspended"), "what was refused changed nothing");
    for method in ["GET", "PUT"] {
        let body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        let missing = world.send(method, "/nothing-here?versioning", &[], body).await;
        assert_eq!(missing.failure(), (404, "NoSuchBucket".into()));
    }
    world.close().await;
}

#[tokio::test]
async fn a_delete_marker_hides_an_object_and_its_versions_stay() {
    let world = versioned().await;
    let first = put(&world, "k", "one").await;
    let second = put(&world, "k", "two").await;
    assert_eq!((first.len(), second.len()), (32, 32));
    let get = world.send("GET", "/shop/k", &[], "").await;
    assert_eq!((get.text().as_str(), get.header("x-amz-version-id")), ("two", Some(second.as_str())));
    let deleted = world.send("DELETE", "/shop/k", &[], "").await;
    assert_eq!((deleted.status, deleted.header("x-amz-delete-marker")), (204, Some("true")));
    let marker = deleted.header("x-amz-version-id").unwrap().to_owned();

    let gone = world.send("GET", "/shop/k", &[], "").await;
    assert_eq!(gone.failure(), (404, "NoSuchKey".into()));
    assert_eq!(gone.header("x-amz-delete-marker"), Some("true"));
    let head = world.send("HEAD", "/shop/k", &[], "").await;
    assert_eq!((head.status, head.header("x-amz-delete-marker")), (404, Some("true")));
    for method in ["GET", "HEAD"] {
        let named = world.send(method, &format!("/shop/k?versionId={marker}"), &[], "").await;
        assert_eq!((named.status, named.header("allow")), (405, Some("DELETE")), "{method}");
        assert_eq!(named.header("x-amz-delete-marker"), Some("true"));
        assert_eq!(named.header("x-amz-version-id"), Some(marker.as_str()));
        if method == "GET" {
            assert_eq!(named.element("Code").as_deref(), Some("MethodNotAllowed"));
            assert_eq!(named.element("ResourceType").as_deref(), Some("DeleteMarker"));
            assert_eq!(named.element("Method").as_deref(), Some("GET"));
        }
        let old = world.send(method, &format!("/shop/k?versionId={first}"), &[], "").await;
        assert_eq!((old.status, old.header("x-amz-version-id")), (200, Some(first.as_str())));
    }
    let v2 = world.send("GET", "/shop?list-type=2", &[], "").await;
    assert_eq!(v2.element("KeyCount").as_deref(), Some("0"));
    assert_eq!(
        listed(&world.send("GET", "/shop?versions", &[], "").await),
        [format!("-k {marker} latest"), format!("k {second}"), format!("k {first}")]
    );

    let refused = world.send("DELETE", "/shop", &[], "").await;
    assert_eq!(
        refused.element("Message").as_deref(),
        Some("The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
    );
    // Without its marker the object is back; without its newest version, the one before it is.
    let unmarked = world.send("DELETE", &format!("/shop/k?versionId={marker}"), &[], "").await;
    assert_eq!((unmarked.status, unmarked.header("x-amz-delete-marker")), (204, Some("true")));
    assert_eq!(unmarked.header("x-amz-version-id"), Some(marker.as_str()));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "two");
    let dropped = world.send("DELETE", &format!("/shop/k?versionId={second}"), &[], "").await;
    assert_eq!((dropped.status, dropped.header("x-amz-delete-marker")), (204, None));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "one");
    let again = world.send("GET", &format!("/shop/k?versionId={second}"), &[], "").await;
    assert_eq!(again.failure(), (404, "NoSuchVersion".into()));
    assert_eq!(again.element("VersionId"), Some(second.clone()));
    assert_eq!(world.send("DELETE", &format!("/shop/k?versionId={second}"), &[], "").await.status, 204);
    world.send("DELETE", &format!("/shop/k?versionId={first}"), &[], "").await;
    // A delete makes a marker of what never was, too.
    let never = world.send("DELETE", "/shop/never", &[], "").await;
    let marker = never.header("x-amz-version-id").unwrap().to_owned();
    assert_eq!(world.send("DELETE", "/shop", &[], "").await.failure(), (409, "BucketNotEmpty".into()));
    world.send("DELETE", &format!("/shop/never?versionId={marker}"), &[], "").await;
    assert_eq!(world.send("DELETE", "/shop", &[], "").await.status, 204);
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 0, "no body is left");
    world.close().await;
}

#[tokio::test]
async fn a_version_id_that_no_bucket_gave_is_refused() {
    let world = versioned().await;
    let version = put(&world, "k", "one").await;
    let made_up = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    for method in ["GET", "DELETE"] {
        for (id, message) in [
            (made_up, "Invalid version id specified"),
            ("x", "Invalid version id specified"),
            ("", "Version id cannot be the empty string"),
        ] {
            let refused = world.send(method, &format!("/shop/k?versionId={id}"), &[], "").await;
            assert_eq!(refused.failure(), (400, "InvalidArgument".into()), "{method} {id}");
            assert_eq!(refused.element("Message").as_deref(), Some(message));
            assert_eq!(refused.element("ArgumentName").as_deref(), Some("versionId"));
        }
    }
    assert_eq!(world.send("HEAD", &format!("/shop/k?versionId={made_up}"), &[], "").await.status, 400);
    let other = world.send("GET", &format!("/shop/other?versionId={version}"), &[], "").await;
    assert_eq!(other.failure(), (404, "NoSuchVersion".into()), "an id of another key");
    let null = world.send("GET", "/shop/k?versionId=null", &[], "").await;
    assert_eq!(null.failure(), (404, "NoSuchVersion".into()));
    world.close().await;
}

#[tokio::test]
async fn the_null_version_is_the_one_that_suspended_buckets_replace() {
    let world = World::memory();
    world.bucket("shop").await;
    let before = world.send("PUT", "/shop/k", &[], "before").await;
    assert_eq!(before.header("x-amz-version-id"), None);
    let get = world.send("GET", "/shop/k?versionId=null", &[], "").await;
    assert_eq!((get.text().as_str(), get.header("x-amz-version-id")), ("before", None));
    versioning(&world, "Enabled").await;
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.header("x-amz-version-id"), Some("null"));
    let one = put(&world, "k", "one").await;
    let two = put(&world, "k", "two").await;
    assert_eq!(world.send("GET", "/shop/k?versionId=null", &[], "").await.text(), "before");

    versioning(&world, "Suspended").await;
    // The null version is replaced wherever it lies, and is newest then.
    let put = world.send("PUT", "/shop/k", &[], "null again").await;
    assert_eq!(put.header("x-amz-version-id"), None, "recorded: no id of a null version in a put");
    let versions = || async { listed(&world.send("GET", "/shop?versions", &[], "").await) };
    assert_eq!(versions().await, ["k null latest".to_owned(), format!("k {two}"), format!("k {one}")]);
    let deleted = world.send("DELETE", "/shop/k", &[], "").await;
    assert_eq!(deleted.header("x-amz-version-id"), Some("null"));
    assert_eq!(deleted.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(versions().await, ["-k null latest".to_owned(), format!("k {two}"), format!("k {one}")]);
    world.send("DELETE", "/shop/k", &[], "").await;
    assert_eq!(versions().await.len(), 3, "a null marker replaces a null marker");

    versioning(&world, "Enabled").await;
    let three = world.send("PUT", "/shop/k", &[], "three").await.header("x-amz-version-id").unwrap().to_owned();
    let all = [format!("k {three} latest"), "-k null".to_owned(), format!("k {two}"), format!("k {one}")];
    assert_eq!(versions().await, all);
    let named = world.send("GET", "/shop/k?versionId=null", &[], "").await;
    assert_eq!(named.failure(), (405, "MethodNotAllowed".into()));
    world.send("DELETE", &format!("/shop/k?versionId={three}"), &[], "").await;
    let gone = world.send("DELETE", "/shop/k?versionId=null", &[], "").await;
    assert_eq!((gone.header("x-amz-delete-marker"), gone.header("x-amz-version-id")), (Some("true"), Some("null")));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "two");
    assert_eq!(world.send("DELETE", "/shop/k?versionId=null", &[], "").await.status, 204, "none is left");
    assert_eq!(versions().await, [format!("k {two} latest"), format!("k {one}")]);
    world.close().await;
}

#[tokio::test]
async fn many_versions_are_deleted_at_once() {
    let world = versioned().await;
    let client = world.client();
    let one = put(&world, "a", "one").await;
    put(&world, "a", "two").await;
    let object = |key: &str, version: Option<&str>, etag: Option<&str>| {
        aws_sdk_s3::types::ObjectIdentifier::builder()
            .key(key)
            .set_version_id(version.map(str::to_owned))
            .set_e_tag(etag.map(str::to_owned))
            .build()
            .unwrap()
    };
    let delete = |objects: Vec<_>| {
        let delete = aws_sdk_s3::types::Delete::builder().set_objects(Some(objects)).build().unwrap();
        client.delete_objects().bucket("shop").delete(delete).send()
    };
    let marking = delete(vec![object("a", None, None), object("wrong", None, None)]).await.unwrap();
    let [first, second] = marking.deleted() else { panic!("{marking:?}") };
    for (deleted, key) in [(first, "a"), (second, "wrong")] {
        assert_eq!((deleted.key(), deleted.version_id(), deleted.delete_marker()), (Some(key), None, Some(true)));
        assert_eq!(deleted.delete_marker_version_id().map(str::len), Some(32));
    }
    let marker = first.delete_marker_version_id().unwrap();
    let made_up = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    let done =
        delete(vec![object("a", Some(marker), None), object("a", Some(&one), None), object("a", Some(made_up), None)])
            .await
            .unwrap();
    let [unmarked, version] = done.deleted() else { panic!("{done:?}") };
    assert_eq!((unmarked.version_id(), unmarked.delete_marker_version_id()), (Some(marker), Some(marker)));
    assert_eq!((version.version_id(), version.delete_marker()), (Some(one.as_str()), None));
    assert_eq!(done.errors()[0].code(), Some("NoSuchVersion"));
    // Conditions, each on its own object.
    let etag = world.send("HEAD", "/shop/a", &[], "").await.header("etag").unwrap().to_owned();
    let done = delete(vec![
        object("a", None, Some("\"other\"")),
        object("a", None, Some(&etag)),
        object("a", None, Some("*")),
    ])
    .await
    .unwrap();
    assert_eq!(done.deleted().len(), 1);
    let codes: Vec<_> = done.errors().iter().filter_map(|error| error.code()).collect();
    assert_eq!(codes, ["PreconditionFailed", "NoSuchKey"]);
    world.close().await;
}

#[tokio::test]
async fn a_delete_can_want_the_object_that_it_deletes() {
    let world = World::memory();
    world.bucket("shop").await;
    let delete = |headers: Vec<(&'static str, String)>| {
        let world = &world;
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.send("DELETE", "/shop/k", &headers, "").await
        }
    };
    let etag = || async { world.send("HEAD", "/shop/k", &[], "").await.header("etag").unwrap_or_default().to_owned() };
    for any in ["*", "\"x\""] {
        assert_eq!(delete(vec![("if-match", any.into())]).await.failure(), (404, "NoSuchKey".into()));
    }
    put(&world, "k", "one").await;
    let refused = delete(vec![("if-match", "badvalue".into())]).await;
    assert_eq!(refused.failure(), (412, "PreconditionFailed".into()));
    assert_eq!(refused.element("Condition").as_deref(), Some("If-Match"));
    for header in ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"] {
        let refused = delete(vec![("if-match", "*".into()), (header, "1".into())]).await;
        assert_eq!(refused.failure(), (501, "NotImplemented".into()), "{header}");
        assert_eq!(refused.element("Header").as_deref(), Some(header));
    }
    assert_eq!(delete(vec![("if-match", etag().await)]).await.status, 204);
    versioning(&world, "Enabled").await;
    put(&world, "k", "one").await;
    let bare = etag().await.trim_matches('"').to_owned();
    // Of many deletes at once that want the same object, one finds it.
    let deletes = (0..8).map(|_| delete(vec![("if-match", bare.clone())]));
    let statuses: Vec<u16> = futures::future::join_all(deletes).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    assert_eq!(delete(vec![("if-match", "*".into())]).await.status, 404, "a delete marker is no object");
    world.close().await;
}

#[tokio::test]
async fn conditional_writes_judge_the_newest_version() {
    let world = versioned().await;
    put(&world, "k", "one").await;
    let etag = world.send("HEAD", "/shop/k", &[], "").await.header("etag").unwrap().to_owned();
    put(&world, "k", "two").await;
    let matching = [("if-match", etag.as_str())];
    let absent = [("if-none-match", "*")];
    assert_eq!(world.send("PUT", "/shop/k", &matching, "").await.status, 412, "the etag of an older version");
    assert_eq!(world.send("PUT", "/shop/k", &absent, "").await.status, 412);
    world.send("DELETE", "/shop/k", &[], "").await;
    assert_eq!(world.send("PUT", "/shop/k", &matching, "").await.failure(), (404, "NoSuchKey".into()));
    let revived = world.send("PUT", "/shop/k", &absent, "three").await;
    assert_eq!(revived.status, 200);
    assert!(revived.header("x-amz-version-id").is_some());
    world.close().await;
}

#[tokio::test]
async fn an_upload_completes_as_a_version_unless_its_key_changed() {
    let world = versioned().await;
    let begin = || async { world.send("POST", "/shop/k?uploads", &[], "").await.element("UploadId").unwrap() };
    let part = |id: String| {
        let world = &world;
        async move {
            let path = format!("/shop/k?partNumber=1&uploadId={id}");
            world.send("PUT", &path, &[], "part").await.header("etag").unwrap().to_owned()
        }
    };
    let complete = |id: String, etag: String, headers: Vec<(&'static str, &'static str)>| {
        let world = &world;
        async move {
            let body = format!(
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>\
                 </CompleteMultipartUpload>"
            );
            world.send("POST", &format!("/shop/k?uploadId={id}"), &headers, body).await
        }
    };
    let first = put(&world, "k", "one").await;
    let id = begin().await;
    let etag = part(id.clone()).await;
    world.send("DELETE", "/shop/k", &[], "").await;
    let conflict = complete(id.clone(), etag.clone(), vec![("if-none-match", "*")]).await;
    assert_eq!(conflict.failure(), (409, "ConditionalRequestConflict".into()), "a delete marker came meanwhile");
    let done = complete(id, etag, vec![]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let version = done.header("x-amz-version-id").unwrap().to_owned();
    let get = world.send("GET", "/shop/k", &[], "").await;
    assert_eq!((get.text().as_str(), get.header("x-amz-version-id")), ("part", Some(version.as_str())));
    let id = begin().await;
    let etag = part(id.clone()).await;
    world.send("DELETE", &format!("/shop/k?versionId={first}"), &[], "").await;
    let done = complete(id, etag, vec![("if-match", "\"x\"")]).await;
    assert_eq!(done.failure(), (412, "PreconditionFailed".into()));
    world.close().await;
}

#[tokio::test]
async fn versions_are_paged_by_key_and_version() {
    let world = versioned().await;
    // As recorded: two versions, a marker and a version, of each of two keys; three of the last, a marker on top.
    let mut ids = Vec::new();
    for key in ["test_0", "test_1", "test_2"] {
        ids.push(put(&world, key, "version 1").await);
    }
    ids.push(put(&world, "test_2", "version 2").await);
    for key in ["test_0", "test_1", "test_2"] {
        let deleted = world.send("DELETE", &format!("/shop/{key}"), &[], "").await;
        ids.push(deleted.header("x-amz-version-id").unwrap().to_owned());
    }
    for key in ["test_0", "test_1"] {
        ids.push(put(&world, key, "version 2").await);
    }
    let list = |query: String| {
        let world = &world;
        async move { world.send("GET", &format!("/shop?versions&{query}"), &[], "").await }
    };
    let all = listed(&list(String::new()).await);
    let line =
        |marker: &str, key: usize, id: usize, latest: &str| format!("{marker}test_{key} {}{latest}", ids[id - 1]);
    assert_eq!(
        all,
        [
            line("", 0, 8, " latest"),
            line("-", 0, 5, ""),
            line("", 0, 1, ""),
            line("", 1, 9, " latest"),
            line("-", 1, 6, ""),
            line("", 1, 2, ""),
            line("-", 2, 7, " latest"),
            line("", 2, 4, ""),
            line("", 2, 3, ""),
        ]
    );
    let page = list("max-keys=5".into()).await;
    assert_eq!(listed(&page), all[..5]);
    assert_eq!(page.element("NextKeyMarker").as_deref(), Some("test_1"));
    assert_eq!(page.element("NextVersionIdMarker"), Some(ids[5].clone()));
    for (query, expected) in [
        ("key-marker=test_1".to_owned(), &all[6..]),
        ("key-marker=test_2".to_owned(), &[]),
        (format!("key-marker=test_1&version-id-marker={}", ids[5]), &all[5..]),
        (format!("key-marker=test_2&version-id-marker={}", ids[3]), &all[8..]),
        ("key-marker=&max-keys=1".to_owned(), &all[..1]),
    ] {
        assert_eq!(listed(&list(query.clone()).await), expected, "{query}");
    }
    let refused = list(format!("version-id-marker={}", ids[5])).await;
    let message = "A version-id marker cannot be specified without a key marker.";
    assert_eq!(refused.element("Message").as_deref(), Some(message));
    assert_eq!(refused.failure(), (400, "InvalidArgument".into()));
    assert_eq!(list("key-marker=a&version-id-marker=x".into()).await.failure(), (400, "InvalidArgument".into()));
    // A marker that is deleted meanwhile still tells the place, and what is newest then.
    for id in [7, 4] {
        world.send("DELETE", &format!("/shop/test_2?versionId={}", ids[id - 1]), &[], "").await;
    }
    let rest = list(format!("key-marker=test_2&version-id-marker={}", ids[3])).await;
    assert_eq!(listed(&rest), [line("", 2, 3, " latest")]);
    world.close().await;
}

#[tokio::test]
async fn common_prefixes_of_versions_page_as_recorded() {
    let world = versioned().await;
    for key in ["folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1", "folder/file2"] {
        put(&world, key, "content key").await;
    }
    let mut marker = String::new();
    let mut seen = Vec::new();
    loop {
        let path = format!("/shop?versions&prefix=folder/&delimiter=/&max-keys=1&encoding-type=url&{marker}");
        let page = world.send("GET", &path, &[], "").await;
        let prefix = page.text().contains("<CommonPrefixes>").then(|| page.text());
        seen.push(prefix.map_or_else(|| page.element("Key").unwrap(), |_| "folder/aSubfolder/".to_owned()));
        let Some(next) = page.element("NextKeyMarker") else { break };
        marker = format!("key-marker={next}");
        match page.element("NextVersionIdMarker") {
            Some(id) => marker = format!("{marker}&version-id-marker={id}"),
            None => assert_eq!(next, "folder/aSubfolder/"),
        }
    }
    assert_eq!(seen, ["folder/aSubfolder/", "folder/file1", "folder/file2"]);
    let inside = "/shop?versions&prefix=folder/&delimiter=/&max-keys=1&key-marker=folder/aSubfolder/subFile1";
    assert_eq!(world.send("GET", inside, &[], "").await.element("Key").as_deref(), Some("folder/file1"));
    world.close().await;
}

#[tokio::test]
async fn a_page_costs_what_it_shows_whatever_lies_beside_it() {
    let world = versioned().await;
    for number in 0..40 {
        for key in ["many", "many/a", "many/b"] {
            put(&world, key, &number.to_string()).await;
        }
        put(&world, &format!("gone/{number}"), "").await;
        world.send("DELETE", &format!("/shop/gone/{number}"), &[], "").await;
    }
    // What goes on beside the request reads rows too.
    world.service.settle().await;
    let rows = |path: &'static str| {
        let world = &world;
        async move {
            let rows = || world.store.counters().rows_read.load(Ordering::Relaxed);
            let before = rows();
            // One of the objects has no null version, which is a 404.
            assert!(world.send("GET", path, &[], "").await.status < 500);
            rows() - before
        }
    };
    for path in [
        "/shop?list-type=2",
        "/shop?list-type=2&prefix=gone/",
        "/shop?list-type=2&delimiter=/",
        "/shop?versions&max-keys=3",
        "/shop?versions&max-keys=3&key-marker=many",
        "/shop?versions&delimiter=/&key-marker=many",
        "/shop/many",
        "/shop/many?versionId=null",
    ] {
        let read = rows(path).await;
        assert!(read <= 12, "{path} read {read} rows");
    }
    world.close().await;
}
