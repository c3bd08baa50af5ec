//! AWS: endpoint, credentials, region, and who we are.

use super::check::Check;
use crate::backend::aws::{self, TargetKind};
use crate::config::Settings;

pub(super) async fn checks(settings: &Settings) -> Vec<Check> {
    let mut checks = Vec::new();
    if let (Some(profile), Some(_)) = (&settings.profile, settings.aws.get("AWS_ACCESS_KEY_ID"))
        && !settings.profile_is_explicit()
    {
        let finding = format!(
            "AWS_ACCESS_KEY_ID is set, so the credentials of profile `{}` ({}) are not used",
            profile.value, profile.source
        );
        checks.push(Check::note("profile", finding).hint("Unset it, or choose the profile with --profile"));
    }
    let target = match aws::load(settings).await {
        Ok(target) => target,
        Err(error) => {
            checks.push(Check::error("aws", error));
            return checks;
        }
    };
    let kind = target.kind();
    checks.push(match &kind {
        TargetKind::Custom(_) => Check::note("endpoint", kind.to_string()),
        _ => Check::good("endpoint", kind.to_string()),
    });
    checks.push(Check::good("region", target.region()));
    checks.push(match target.identity().await {
        Ok(known) => Check::good("credentials", known.arn.or(known.account).unwrap_or_else(|| "accepted".to_owned())),
        Err(error) => Check::error("credentials", error),
    });
    checks
}
