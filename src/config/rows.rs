//! The settings as rows of text, for `footbridge doctor`.

use std::fmt::Display;
use std::path::Path;

use super::key::Key;
use super::setting::{Setting, Source, shown_value};
use super::settings::{Row, Settings};
use super::value::Backend;

impl Settings {
    /// Every setting, in the order of [`Key::ALL`], with secrets left out.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = Key::ALL.iter().filter_map(|key| self.row(*key)).collect();
        let allowed = Row { name: "allowed".into(), value: self.allowed.to_string(), source: self.allowed.sources() };
        rows.push(allowed);
        rows.extend(self.others.iter().map(|target| Row {
            name: format!("target.{}", target.target).into(),
            value: target.in_short(),
            source: target.backend.source.to_string(),
        }));
        rows.extend(self.identities.iter().map(|identity| Row {
            name: "identity".into(),
            value: format!("{} in account {}", identity.value.key, identity.value.account),
            source: identity.source.to_string(),
        }));
        rows
    }

    fn row(&self, key: Key) -> Option<Row> {
        let (value, source) = match key {
            Key::Backend => shown(&self.backend),
            Key::DefaultTarget => text(&self.target, self.target_choice.as_ref().unwrap_or(&Source::Default)),
            Key::DataDir => text(self.data_dir.value.display(), &self.data_dir.source),
            Key::Store => optional(self.store.as_ref()),
            Key::Ephemeral => shown(&self.ephemeral),
            // On AWS a profile may name the region still.
            Key::Region => match &self.region {
                None if self.backend.value == Backend::Local => text(self.local_region(), &Source::Default),
                region => optional(region.as_ref()),
            },
            Key::Profile => optional(self.profile.as_ref()),
            Key::EndpointUrl => optional(self.endpoint_url.as_ref()),
            Key::Listen => shown(&self.listen),
            Key::Mode => shown(&self.mode),
            // Shown as the one mode in force, and as what they allow together.
            Key::ModeLocal | Key::ModeAws | Key::Buckets | Key::Prefixes | Key::Tables => return None,
            Key::AskAfterReading => shown(&self.ask_after_reading),
            Key::DefaultBucket => optional(self.default_bucket.as_ref()),
            Key::DefaultTable => optional(self.default_table.as_ref()),
            Key::AllowHost => list(&self.allow_host),
            Key::AllowedOrigins => list(&self.allowed_origins),
            Key::PublicUrl => optional(self.public_url.as_ref()),
            Key::Strict => shown(&self.strict),
            Key::AnyCredentials => shown(&self.any_credentials),
            Key::Files => {
                let paths: Vec<String> = self.files.value.iter().map(|path| path.display().to_string()).collect();
                text(join(&paths), &self.files.source)
            }
            Key::SeedPath => match &self.seed {
                Some(path) => text(path.value.display(), &path.source),
                None => optional(None::<&Setting<String>>),
            },
            Key::Tools => shown(&self.tools),
            Key::BudgetBytes => shown(&self.budget_bytes),
            Key::CallTimeoutSeconds => text(self.call_timeout.value.as_secs(), &self.call_timeout.source),
            Key::Log => shown(&self.log),
            Key::LogFile => match &self.log_file {
                Some(file) => text(a_day(&file.value), &file.source),
                None => text(a_day(&self.default_log_file()), &Source::Default),
            },
            Key::JournalMaxBytes => shown(&self.journal_max_bytes),
            Key::JournalMaxFiles => shown(&self.journal_max_files),
            Key::JournalBodyBytes => shown(&self.journal_body_bytes),
        };
        Some(Row { name: key.name().into(), value, source })
    }

    /// What a target is, in a line: its backend, whose account or which store, the region, the mode and the allow-lists.
    #[must_use]
    pub fn in_short(&self) -> String {
        let mut parts = vec![self.backend.value.to_string()];
        let value = |setting: &Option<Setting<String>>| setting.as_ref().map(|setting| shown_value(&setting.value));
        match self.backend.value {
            Backend::Local => parts.extend(self.store.as_ref().map(|store| format!("store {}", store.value))),
            Backend::Aws => {
                parts.extend(value(&self.endpoint_url));
                parts.extend(value(&self.profile).map(|profile| format!("profile {profile}")));
            }
        }
        parts.extend(value(&self.region));
        parts.push(self.mode.value.to_string());
        if !self.allowed.is_all() {
            parts.push(self.allowed.to_string());
        }
        parts.join(", ")
    }
}

/// The name that a log file has on disk, one a day.
fn a_day(path: &Path) -> String {
    let suffix = path.extension().map_or_else(|| "log".into(), |suffix| suffix.to_string_lossy());
    path.with_extension(format!("YYYY-MM-DD.{suffix}")).display().to_string()
}

fn text(value: impl Display, source: &Source) -> (String, String) {
    (value.to_string(), source.to_string())
}

fn shown<T: Display>(setting: &Setting<T>) -> (String, String) {
    text(&setting.value, &setting.source)
}

fn optional<T: Display>(setting: Option<&Setting<T>>) -> (String, String) {
    setting.map_or_else(|| ("–".to_owned(), Source::Default.to_string()), shown)
}

fn list(setting: &Setting<Vec<String>>) -> (String, String) {
    text(join(&setting.value), &setting.source)
}

fn join(values: &[String]) -> String {
    if values.is_empty() { "–".to_owned() } else { values.join(", ") }
}
