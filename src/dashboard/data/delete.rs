//! Deleting objects and versions: DeleteObject, and DeleteObjects for more than one.

use std::collections::BTreeMap;

use footbridge_tui::ask::{Answer, ObjectName, Progress, Trouble};
use serde_json::json;

use super::asked::Asked;
use super::trouble;
use crate::mcp::s3::emptying::{self, BATCH, Doomed, Outcome};
use crate::mcp::{Access, Effect, Resource};

pub(super) async fn objects(asked: &Asked<'_>, names: &[ObjectName]) -> Result<Answer, Trouble> {
    if names.is_empty() {
        return Err(trouble::of(trouble::wrong("no object is named")));
    }
    let mut by_bucket: BTreeMap<&str, Vec<&ObjectName>> = BTreeMap::new();
    for name in names {
        by_bucket.entry(&name.bucket).or_default().push(name);
    }
    let total = u64::try_from(names.len()).ok();
    let mut gone = 0;
    for (bucket, names) in by_bucket {
        gone += within(asked, bucket, &names, gone, total).await?;
    }
    Ok(Answer::Done(match names {
        [one] => match &one.version {
            Some(version) => format!("version {version} of s3://{}/{} is gone", one.bucket, one.key),
            None => format!("s3://{}/{} is deleted", one.bucket, one.key),
        },
        _ => format!("{gone} objects are deleted"),
    }))
}

async fn within(
    asked: &Asked<'_>,
    bucket: &str,
    names: &[&ObjectName],
    before: usize,
    total: Option<u64>,
) -> Result<usize, Trouble> {
    let resources = names.iter().map(|name| Resource::object(bucket, &name.key));
    // The dashboard has asked.
    let effect = if names.len() == 1 { Effect::Write } else { Effect::Destructive };
    let access = Access::of(effect, resources).confirmed(Some(true));
    let keys: Vec<_> = names.iter().map(|name| name.key.as_str()).collect();
    let mut arguments = json!({ "bucket": bucket, "keys": keys });
    if names.iter().any(|name| name.version.is_some()) {
        arguments["versions"] = json!(names.iter().map(|name| name.version.as_deref()).collect::<Vec<_>>());
    }
    if names.len() > 1 {
        arguments["confirm"] = json!(true);
    }
    let delete = Box::pin(async {
        let doomed: Vec<_> =
            names.iter().map(|name| Doomed { key: name.key.clone(), version: name.version.clone() }).collect();
        let s3 = asked.settled(bucket).await;
        let mut outcome = Outcome::default();
        for batch in doomed.chunks(usize::try_from(BATCH).unwrap_or(1)) {
            let step = asked.step(emptying::delete(&s3, bucket, batch, &mut outcome)).await;
            // What S3 says comes with that already.
            step.map_err(|error| match (error.code.as_str(), outcome.deleted) {
                ("called_off" | "timed_out", 1..) => {
                    let deleted = outcome.deleted;
                    error.after(&format!("{deleted} objects had been deleted"))
                }
                _ => error,
            })?;
            let done = u64::try_from(before + outcome.deleted).unwrap_or_default();
            asked.watch.report(Progress { done, total });
        }
        let deleted = outcome.complete()?;
        Ok((json!({ "deleted": deleted }), deleted))
    });
    asked.through("s3_delete_objects", arguments, access, None, delete).await
}
