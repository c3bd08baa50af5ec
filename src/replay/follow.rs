//! Which earlier call may be why a later one differs: one that changed the same thing, and was not made or ended otherwise.

use super::{Step, Verdict};
use crate::journal::{Call, Status, Target};

/// Calls that left a trace on the one side and not, or another one, on the other.
#[derive(Debug, Default)]
pub(super) struct Traces(Vec<(String, usize)>);

impl Traces {
    /// Names the earlier call where there is one, and remembers this one where it changed something.
    pub(super) fn follow(&mut self, step: &mut Step, call: &Call) {
        if matches!(step.verdict, Verdict::Same) {
            return;
        }
        if matches!(step.verdict, Verdict::Differs { .. }) {
            let meets = |(resource, _): &&(String, usize)| {
                step.resources.iter().any(|own| overlap(&place(call, own), resource))
            };
            step.follows = self.0.iter().find(meets).map(|(_, number)| *number);
        }
        // What was refused or failed changed nothing; of what got no answer nobody knows.
        let changed = match &step.verdict {
            Verdict::NotReplayed { reason } => {
                reason.code == "no_answer" || !matches!(call.status(), Status::Refused | Status::Error)
            }
            _ => true,
        };
        if changed && writes(call.name()) {
            self.0.extend(step.resources.iter().map(|resource| (place(call, resource), step.call)));
        }
    }
}

/// A resource by where it is: a table belongs to its account and region.
fn place(call: &Call, resource: &str) -> String {
    match &call.started.target {
        Target::Local { account: Some(account), region: Some(region) } if resource.starts_with("dynamodb:") => {
            format!("{account} {region} {resource}")
        }
        _ => resource.to_owned(),
    }
}

/// Whether a tool or an operation of this name changes what is stored.
fn writes(name: &str) -> bool {
    const READS: [&str; 9] = ["get", "list", "head", "describe", "query", "scan", "batchget", "transactget", "presign"];
    let name = name.to_ascii_lowercase();
    let verb = name.strip_prefix("s3_").or_else(|| name.strip_prefix("dynamodb_")).unwrap_or(&name);
    !READS.iter().any(|read| verb.starts_with(read))
}

/// Whether two resources have something in common: `s3://bucket/logs*` and `s3://bucket/logs/a`, a bucket and its objects.
fn overlap(a: &str, b: &str) -> bool {
    let covers = |wide: &str, narrow: &str| match wide.strip_suffix('*') {
        Some(start) => narrow.trim_end_matches('*').starts_with(start),
        None => narrow.strip_prefix(wide).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    };
    covers(a, b) || covers(b, a)
}

#[cfg(test)]
mod tests {
    use super::overlap;

    #[test]
    fn resources_meet_where_one_holds_the_other() {
        assert!(overlap("s3://b/logs*", "s3://b/logs/a") && overlap("s3://b/a", "s3://b/*"));
        assert!(overlap("s3://b", "s3://b/a") && overlap("dynamodb://t", "dynamodb://t"));
        assert!(!overlap("s3://b", "s3://bb/a") && !overlap("s3://b/a", "s3://b/ab"));
    }
}
