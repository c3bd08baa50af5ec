//! Files go in and out of the allowed directories, and nowhere else.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_s3::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::operation::upload_part::UploadPartInput;
use footbridge::mcp::{Bridge, Options};
use serde_json::json;

use crate::support::{Here, err, ok};

#[tokio::test]
async fn files_are_uploaded_from_and_saved_to_the_allowed_directory() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let bridge = Bridge::new(Options { files: vec![place.path().to_owned()], ..here.options() });
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    // Over the size at which an upload goes in parts.
    let bytes: Vec<u8> = (0..17 * 1024 * 1024_u32).map(|i| u8::try_from(i % 251).unwrap()).collect();
    std::fs::write(place.path().join("big.bin"), &bytes).unwrap();
    let put = ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "big", "file": "big.bin" })).await;
    assert_eq!(put["size"], bytes.len());
    assert!(put["etag"].as_str().unwrap().ends_with("-2"), "{put}");
    let saved =
        ok(&bridge, "s3_download_object", json!({ "bucket": "bucket", "key": "big", "save_to": "copy.bin" })).await;
    assert_eq!(saved["bytes_written"], bytes.len());
    assert_eq!(std::fs::read(place.path().join("copy.bin")).unwrap(), bytes);
    let part = json!({ "bucket": "bucket", "key": "big", "save_to": "part.bin", "range": "bytes=10-19" });
    ok(&bridge, "s3_download_object", part).await;
    assert_eq!(std::fs::read(place.path().join("part.bin")).unwrap(), bytes[10..20]);

    let again = json!({ "bucket": "bucket", "key": "big", "save_to": "copy.bin" });
    assert_eq!(err(&bridge, "s3_download_object", again).await.code, "file_exists");
    let missing = json!({ "bucket": "bucket", "key": "none", "save_to": "none.bin" });
    assert_eq!(err(&bridge, "s3_download_object", missing).await.code, "NoSuchKey");
    let mut names: Vec<_> = std::fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["big.bin", "copy.bin", "part.bin"]);
}

#[tokio::test]
async fn every_way_out_of_the_allowed_directory_is_refused() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let inside = place.path().join("in");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(place.path().join("secret"), "s").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path(), inside.join("link")).unwrap();
    let bridge = Bridge::new(Options { files: vec![inside.clone()], ..here.options() });
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "x" })).await;
    let secret = place.path().join("secret");
    for path in ["../secret", "link/secret", "../in/../secret", secret.to_str().unwrap()] {
        let error = err(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "leak", "file": path })).await;
        assert_eq!(error.code, "file_not_allowed", "{path}");
    }
    let outside = place.path().join("new");
    for path in ["../new", "link/new", outside.to_str().unwrap()] {
        let error =
            err(&bridge, "s3_download_object", json!({ "bucket": "bucket", "key": "k", "save_to": path })).await;
        assert_eq!(error.code, "file_not_allowed", "{path}");
    }
    assert!(!outside.exists());
    let bridge = here.bridge();
    let error = err(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "file": "secret" })).await;
    assert_eq!(error.code, "file_not_allowed");
    let error = err(&bridge, "s3_download_object", json!({ "bucket": "bucket", "key": "k", "save_to": "new" })).await;
    assert_eq!(error.code, "file_not_allowed");
    assert!(error.hint.unwrap().contains("a person can allow one"));
}

#[tokio::test]
async fn what_is_footbridges_own_is_no_tools_whoever_it_belongs_to() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let bridge = Bridge::new(Options { files: vec![place.path().to_owned()], ..here.options() });
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "x" })).await;
    // A data directory, one of a server for AWS alone, one in memory, and a person's configuration.
    for made in
        ["data/directory.id", "stored/footbridge.redb", "conf/trusted.json", "asks/journal/a", "footbridge-journal-1/a"]
    {
        std::fs::create_dir_all(place.path().join(made).parent().unwrap()).unwrap();
        std::fs::write(place.path().join(made), "mark").unwrap();
    }
    for below in ["data/approvals", "asks/approvals", "stored/stores/one", "footbridge-journal-1/approvals"] {
        std::fs::create_dir_all(place.path().join(below)).unwrap();
        std::fs::write(place.path().join(below).join("1.json"), "a question").unwrap();
        let read = json!({ "bucket": "bucket", "key": "q", "file": format!("{below}/1.json") });
        assert_eq!(err(&bridge, "s3_put_object", read).await.code, "file_not_allowed", "{below}");
        let answer = format!("{below}/1.answer.json");
        let write = json!({ "bucket": "bucket", "key": "k", "save_to": answer });
        assert_eq!(err(&bridge, "s3_download_object", write).await.code, "file_not_allowed", "{below}");
        let many = json!({ "bucket": "bucket", "prefix": "", "save_to": below });
        assert_eq!(err(&bridge, "s3_download_prefix", many).await.code, "file_not_allowed", "{below}");
        assert!(!place.path().join(answer).exists());
    }
    for configures in ["footbridge.toml", "trusted.json", "FootBridge.toml", "conf/new.json"] {
        let write = json!({ "bucket": "bucket", "key": "k", "save_to": configures });
        assert_eq!(err(&bridge, "s3_download_object", write).await.code, "file_not_allowed", "{configures}");
    }
}

#[tokio::test]
async fn reading_an_object_writes_no_file_and_says_what_does() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let bridge = Bridge::new(Options { files: vec![place.path().to_owned()], ..here.options() });
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "x" })).await;
    let error = err(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "k", "save_to": "new" })).await;
    assert_eq!(error.code, "invalid_arguments");
    assert!(error.message.contains("call s3_download_object"), "{error}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "empty", "text": "" })).await;
    let empty = json!({ "bucket": "bucket", "key": "empty", "save_to": "empty" });
    assert_eq!(ok(&bridge, "s3_download_object", empty).await["bytes_written"], 0);
    assert_eq!(std::fs::read(place.path().join("empty")).unwrap(), b"");
}

/// Changes a file when a part of it is about to be sent: the earlier ones were read, the later ones were not.
#[derive(Debug)]
struct Meanwhile {
    part: usize,
    sent: AtomicUsize,
    path: PathBuf,
    size: u64,
}

impl Intercept for Meanwhile {
    fn name(&self) -> &'static str {
        "Meanwhile"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.input().downcast_ref::<UploadPartInput>().is_some()
            && self.sent.fetch_add(1, Ordering::SeqCst) + 1 == self.part
        {
            std::fs::File::options().write(true).open(&self.path)?.set_len(self.size)?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_file_that_shrinks_or_grows_while_it_goes_up_is_not_stored() {
    const MIB: u64 = 1024 * 1024;
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("big.bin");
    ok(&here.bridge(), "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    ok(&here.bridge(), "s3_put_object", json!({ "bucket": "bucket", "key": "k", "text": "before" })).await;
    // 40 MiB go up in parts of 16, 16 and 8.
    for (part, size) in
        [(1, 0), (1, 16 * MIB), (1, 20 * MIB), (2, 32 * MIB), (3, 33 * MIB), (1, 41 * MIB), (3, 80 * MIB)]
    {
        std::fs::File::create(&path).unwrap().set_len(40 * MIB).unwrap();
        let meanwhile = Meanwhile { part, sent: AtomicUsize::new(0), path: path.clone(), size };
        let options = here.options();
        let s3 = aws_sdk_s3::Client::from_conf(options.s3.config().to_builder().interceptor(meanwhile).build());
        let bridge = Bridge::new(Options { s3, files: vec![place.path().to_owned()], ..options });
        let error = err(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "file": "big.bin" })).await;
        assert_eq!(
            (error.code.as_str(), error.retryable),
            ("file_changed", true),
            "part {part}, {size} bytes: {error}"
        );
        assert!(error.message.contains(&format!("41943040 bytes, then {size}")), "{error}");
        let there = ok(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "k" })).await;
        assert_eq!(there["text"], "before");
        let uploads = here.s3().list_multipart_uploads().bucket("bucket").send().await.unwrap();
        assert!(uploads.uploads().is_empty(), "{uploads:?}");
    }
    // Once nothing writes to it, the same call stores it.
    let bridge = Bridge::new(Options { files: vec![place.path().to_owned()], ..here.options() });
    let put = ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "file": "big.bin" })).await;
    assert_eq!(put["size"], 80 * MIB);
}
