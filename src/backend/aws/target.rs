//! Where calls go, for people to see.

use std::fmt;

/// What kind of far side it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// AWS itself, with no endpoint overridden.
    Aws,
    /// An endpoint that somebody chose: never called AWS, whatever answers there.
    Custom(String),
    /// The embedded emulator.
    Local,
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aws => f.write_str("AWS"),
            Self::Custom(url) => write!(f, "CUSTOM {url}"),
            Self::Local => f.write_str("LOCAL"),
        }
    }
}

/// Where calls go and as whom.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Target {
    /// The name that it was given: `local` or `aws` where it was given none.
    pub name: String,
    /// What kind of far side it is.
    pub kind: TargetKind,
    /// The account, twelve digits, where it is known.
    pub account: Option<String>,
    /// The caller's ARN, where it is known.
    pub arn: Option<String>,
    /// The region of requests.
    pub region: String,
}

impl Target {
    /// The embedded emulator, asked in `region` with the built-in credentials.
    #[must_use]
    pub fn local(region: &str) -> Self {
        let account = Some("000000000000".to_owned());
        Self { name: "local".to_owned(), kind: TargetKind::Local, account, arn: None, region: region.to_owned() }
    }
}

impl From<&Target> for footbridge_record::Target {
    fn from(target: &Target) -> Self {
        let (account, region) = (target.account.clone(), Some(target.region.clone()));
        match &target.kind {
            TargetKind::Local => Self::Local { account, region },
            TargetKind::Aws => Self::Aws { account, region },
            TargetKind::Custom(url) => Self::Custom { url: url.clone(), region },
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.name.as_str(), "local" | "aws") {
            write!(f, "{}: ", self.name)?;
        }
        write!(f, "{} {}", self.kind, self.region)?;
        match (&self.arn, &self.account) {
            (Some(arn), _) => write!(f, " as {arn}"),
            (None, Some(account)) => write!(f, " account {account}"),
            (None, None) => Ok(()),
        }
    }
}
