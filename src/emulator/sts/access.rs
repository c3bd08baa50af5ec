//! What IAM asks of the operations of STS.

use super::Form;
use crate::emulator::access::{ANY, Access, ask};

/// What IAM asks of a call to STS with this form; nothing where the operation is not known.
///
/// GetCallerIdentity is allowed to everybody, even against a policy that denies it, and GetSessionToken needs no
/// permission either. The resource of a role is its ARN.
#[must_use]
pub fn of_sts(operation: &str, form: &Form) -> Access {
    let mut access = asked(operation, form.get("RoleArn"));
    // What a web identity brings along is for the role's own policy to allow.
    if operation == "AssumeRole" || operation == "GetFederationToken" {
        let resource = form.get("RoleArn").unwrap_or(ANY);
        for (given, action) in [
            ("Tags", "sts:TagSession"),
            ("SourceIdentity", "sts:SetSourceIdentity"),
            ("ProvidedContexts", "sts:SetContext"),
        ] {
            if form.has(given) {
                ask(&mut access, action, resource);
            }
        }
    }
    access
}

/// As [`of_sts`], from what a journal without the form has.
#[must_use]
pub fn by_name(operation: &str, resources: &[String]) -> Option<Access> {
    let role = resources.iter().find(|resource| resource.starts_with("arn:"));
    let access = asked(operation, role.map(String::as_str));
    let free = matches!(operation, "GetCallerIdentity" | "GetSessionToken");
    (free || !access.is_empty()).then_some(access)
}

fn asked(operation: &str, role: Option<&str>) -> Access {
    let mut access = Access::new();
    match operation {
        "AssumeRole" | "AssumeRoleWithWebIdentity" => {
            let resources = access.entry(format!("sts:{operation}")).or_default();
            resources.extend(role.map(str::to_owned));
        }
        // Its resource is the user that calls, who is not in the request.
        "GetAccessKeyInfo" | "GetFederationToken" => ask(&mut access, &format!("sts:{operation}"), ANY),
        _ => {}
    }
    access
}
