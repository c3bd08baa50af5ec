//! Listings of an account, without what is not ours.

use serde_json::Value as Json;

/// The body of a ListTables or ListBuckets answer with the names only that begin with `prefix`.
pub fn ours(body: &[u8], prefix: &str) -> Vec<u8> {
    match serde_json::from_slice::<Json>(body) {
        Ok(answer) => tables(answer, prefix).to_string().into_bytes(),
        Err(_) => buckets(&String::from_utf8_lossy(body), prefix).into_bytes(),
    }
}

fn tables(mut answer: Json, prefix: &str) -> Json {
    let is_ours = |name: &Json| name.as_str().is_some_and(|name| name.starts_with(prefix));
    if let Some(names) = answer["TableNames"].as_array_mut() {
        names.retain(is_ours);
    }
    // A place between tables of others is not told.
    if answer.get("LastEvaluatedTableName").is_some_and(|name| !is_ours(name))
        && let Some(members) = answer.as_object_mut()
    {
        members.remove("LastEvaluatedTableName");
    }
    answer
}

fn buckets(text: &str, prefix: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("<Bucket>") {
        kept.push_str(before);
        let Some((bucket, after)) = after.split_once("</Bucket>") else { break };
        if bucket.contains(&format!("<Name>{prefix}")) {
            kept.extend(["<Bucket>", bucket, "</Bucket>"]);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}
