//! A bucket that is not there, or cannot be.

use serde_json::Value;

use super::case::{Case, Lesson, look};
use super::near::{listed, nearest, same_but_for_spelling};
use super::objects;
use crate::mcp::quoted::quoted;

/// No such bucket: how it is written, or the nearest.
pub(super) async fn missing(case: &Case<'_>) -> Option<Lesson> {
    if let Some(lesson) = arn(case).or_else(|| path(case)) {
        return Some(lesson);
    }
    // To list all buckets is another permission.
    if !case.context.is_local() {
        return None;
    }
    let answer = look(case.context, case.context.s3.list_buckets().send()).await.ok()?;
    let mut names: Vec<&str> = answer.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    names.retain(|name| case.context.allowed.shows_bucket(name));
    let wanted = case.objects().map(|(bucket, _)| bucket).find(|bucket| !names.contains(bucket))?;
    Some(
        match nearest(wanted, names.iter().copied()) {
            Some(near) if same_but_for_spelling(near, wanted) => format!("the bucket is called {}.", quoted(near)),
            Some(near) => format!("there is no bucket {}, but {}.", quoted(wanted), quoted(near)),
            None if names.is_empty() => "there are no buckets; s3_create_bucket makes one.".to_owned(),
            None => format!("the buckets are {}; s3_create_bucket makes another.", listed(names.iter().copied())),
        }
        .into(),
    )
}

/// A head gives no words: it is the key or the bucket that is missing.
pub(super) async fn missing_or_key(case: &Case<'_>) -> Option<Lesson> {
    match objects::missing(case).await {
        Some(lesson) => Some(lesson),
        None => missing(case).await,
    }
}

/// An ARN or a URI in place of a bucket's name.
pub(super) fn arn(case: &Case<'_>) -> Option<Lesson> {
    let given = given(case)?;
    let place = given.strip_prefix("s3://").or_else(|| {
        let rest = given.strip_prefix("arn:")?;
        rest.rsplit_once(":::").map(|(_, place)| place)
    })?;
    let (bucket, key) = place.split_once('/').unwrap_or((place, ""));
    let key = if key.is_empty() { String::new() } else { format!(", \"key\": {}", quoted(key)) };
    Some(Lesson {
        hint: format!("write \"bucket\": {}{key}.", quoted(bucket)),
        message: Some(format!("bucket: want a bucket's name, have {}", quoted(given))),
    })
}

/// A bucket with a part of the key.
fn path(case: &Case<'_>) -> Option<Lesson> {
    let (bucket, start) = given(case)?.trim_start_matches('/').split_once('/')?;
    let (member, rest) = match (case.asked.get("key"), case.asked.get("prefix")) {
        (Some(Value::String(key)), _) => ("key", key.as_str()),
        (_, Some(Value::String(prefix))) => ("prefix", prefix.as_str()),
        _ => ("prefix", ""),
    };
    let start = if start.is_empty() { String::new() } else { format!("{}/", start.trim_end_matches('/')) };
    let whole = quoted(&format!("{start}{rest}"));
    Some(
        format!("write the bucket and the {member} apart: \"bucket\": {}, \"{member}\": {whole}.", quoted(bucket))
            .into(),
    )
}

fn given<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    case.asked.get("bucket")?.as_str()
}

/// A name that no bucket can have, and one like it that can be.
pub(super) fn wrong_name(case: &Case<'_>) -> Option<Lesson> {
    let given = given(case)?;
    if let Some(lesson) = arn(case).or_else(|| path(case)) {
        return Some(lesson);
    }
    let rule = "3 to 63 lower-case letters, digits, hyphens and dots, a letter or digit at both ends";
    let plain: String = given
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' })
        .collect();
    let plain = plain.trim_matches(['-', '.']);
    let like = if (3..=63).contains(&plain.len()) && plain != given {
        format!(", such as {}", quoted(plain))
    } else {
        String::new()
    };
    Some(format!("a bucket's name is {rule}{like}.").into())
}
