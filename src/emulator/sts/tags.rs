//! Session tags. Policies alone look at them, and there are none: they are held to AWS's rules and limit nothing.

use super::form::Form;
use super::handle::validation;
use super::member::{TAG_KEY, TAG_VALUE, refusal, violation, violations};
use crate::emulator::error::AwsError;

/// The most tags that a session takes.
const MOST: usize = 50;

/// Holds `Tags` and `TransitiveTagKeys` to AWS's rules.
pub(super) fn check(form: &Form) -> Result<(), AwsError> {
    let (mut keys, mut wrong) = (Vec::new(), Vec::new());
    for list in ["tags", "transitiveTagKeys"] {
        let name = if list == "tags" { "Tags" } else { "TransitiveTagKeys" };
        if form.count(name, MOST + 1) > MOST {
            wrong.push(violation("Value", list, &format!("have length less than or equal to {MOST}")));
        }
    }
    for at in 1..=form.count("Tags", MOST) {
        for (part, is) in [("Key", TAG_KEY), ("Value", TAG_VALUE)] {
            let place = format!("tags.{at}.member.{}", part.to_ascii_lowercase());
            match form.get(&format!("Tags.member.{at}.{part}")) {
                None => wrong.push(violation("Value null", &place, "not be null")),
                Some(value) => wrong.extend(violations(&is, value, &place)?),
            }
        }
        keys.extend(form.get(&format!("Tags.member.{at}.Key")).map(str::to_lowercase));
    }
    let transitive: Vec<&str> = (1..=form.count("TransitiveTagKeys", MOST))
        .filter_map(|at| form.get(&format!("TransitiveTagKeys.member.{at}")))
        .collect();
    for (at, key) in transitive.iter().enumerate() {
        wrong.extend(violations(&TAG_KEY, key, &format!("transitiveTagKeys.{}.member", at + 1))?);
    }
    refusal(&wrong)?;
    if keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key)) {
        return Err(validation("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
    if transitive.iter().any(|key| !keys.contains(&key.to_lowercase())) {
        return Err(validation("The specified transitive tag key must be included in the requested tags."));
    }
    Ok(())
}
