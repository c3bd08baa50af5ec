//! Taking away what a history made.

use aws_sdk_s3::Client;

/// Takes away a bucket and all that is in it.
pub async fn remove(client: &Client, bucket: &str) {
    // A page at a time: what a page showed is gone before the next is asked for.
    loop {
        let Ok(page) = client.list_object_versions().bucket(bucket).send().await else { break };
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        let mut gone = 0;
        for (key, id) in versions.chain(markers) {
            let call = client.delete_object().bucket(bucket).set_key(key.map(str::to_owned));
            gone += usize::from(call.set_version_id(id.map(str::to_owned)).send().await.is_ok());
        }
        if gone == 0 || page.is_truncated() != Some(true) {
            break;
        }
    }
    let uploads = client.list_multipart_uploads().bucket(bucket).send().await;
    for upload in uploads.iter().flat_map(|uploads| uploads.uploads()) {
        let call = client.abort_multipart_upload().bucket(bucket).set_key(upload.key().map(str::to_owned));
        drop(call.set_upload_id(upload.upload_id().map(str::to_owned)).send().await);
    }
    drop(client.delete_bucket().bucket(bucket).send().await);
}
