//! Files go in and out of the allowed directories, and nowhere else.

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
    let saved = ok(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "big", "save_to": "copy.bin" })).await;
    assert_eq!(saved["bytes_written"], bytes.len());
    assert_eq!(std::fs::read(place.path().join("copy.bin")).unwrap(), bytes);
    let part = json!({ "bucket": "bucket", "key": "big", "save_to": "part.bin", "range": "bytes=10-19" });
    ok(&bridge, "s3_get_object", part).await;
    assert_eq!(std::fs::read(place.path().join("part.bin")).unwrap(), bytes[10..20]);

    let again = json!({ "bucket": "bucket", "key": "big", "save_to": "copy.bin" });
    assert_eq!(err(&bridge, "s3_get_object", again).await.code, "file_exists");
    let missing = json!({ "bucket": "bucket", "key": "none", "save_to": "none.bin" });
    assert_eq!(err(&bridge, "s3_get_object", missing).await.code, "NoSuchKey");
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
        let error = err(&bridge, "s3_get_object", json!({ "bucket": "bucket", "key": "k", "save_to": path })).await;
        assert_eq!(error.code, "file_not_allowed", "{path}");
    }
    assert!(!outside.exists());
    let bridge = here.bridge();
    let error = err(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": "k", "file": "secret" })).await;
    assert_eq!(error.code, "file_not_allowed");
}
