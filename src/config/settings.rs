//! The settings in force.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use super::allowed::AllowLists;
use super::environment::AwsEnvironment;
use super::error::ConfigError;
use super::inputs::{Flags, Inputs};
use super::key::Key;
use super::layer::Stack;
use super::offered::Offered;
use super::paths::Paths;
use super::project::Judge;
use super::setting::{Setting, Source, shown_path, shown_value};
use super::target::TargetName;
use super::targets::{Found, Part, url};
use super::trust::Project;
use super::value::{Backend, Identity, Listen, Mode, StoreName};
use super::waiting::{self, Waiting};

/// How many warnings are given one by one: a file may hold thousands of lines.
const WARNINGS: usize = 40;

/// The settings in force, each with its source. Made once by [`Settings::load`], never changed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The target that is meant where none is named.
    pub target: TargetName,
    /// Who chose it, where anybody did.
    pub target_choice: Option<Source>,
    /// The settings of the other targets.
    pub others: Vec<Settings>,
    /// What calls may touch.
    pub allowed: AllowLists,
    /// Which far side the SDK clients speak to.
    pub backend: Setting<Backend>,
    /// The data directory, absolute; [`Settings::directory`] is where the data is.
    pub data_dir: Setting<PathBuf>,
    /// The project's own store in it.
    pub store: Option<Setting<StoreName>>,
    /// Keep everything in memory.
    pub ephemeral: Setting<bool>,
    /// The region, where one was chosen outside AWS's shared files.
    pub region: Option<Setting<String>>,
    /// The profile of AWS's shared files.
    pub profile: Option<Setting<String>>,
    /// The far side in place of AWS.
    pub endpoint_url: Option<Setting<String>>,
    /// The public endpoint's addresses.
    pub listen: Setting<Listen>,
    /// What tools may do on the target in force.
    pub mode: Setting<Mode>,
    /// The bucket of object tools that name none.
    pub default_bucket: Option<Setting<String>>,
    /// The table of item tools that name none.
    pub default_table: Option<Setting<String>>,
    /// Further `Host` names that the endpoint answers to.
    pub allow_host: Setting<Vec<String>>,
    /// Web origins that may call the endpoint.
    pub allowed_origins: Setting<Vec<String>>,
    /// The endpoint as others see it.
    pub public_url: Option<Setting<String>>,
    /// Whether people are asked, on AWS, about what takes data out once a session has read what others may have written.
    pub ask_after_reading: Setting<bool>,
    /// Whether keys that are not configured are refused.
    pub strict: Setting<bool>,
    /// Whether unknown keys are let in on an address that is not loopback.
    pub any_credentials: Setting<bool>,
    /// Who the emulator knows beside `test`.
    pub identities: Vec<Setting<Identity>>,
    /// Directories that tools may read files from and write files to, absolute.
    pub files: Setting<Vec<PathBuf>>,
    /// The folder that an empty store is filled from, absolute.
    pub seed: Option<Setting<PathBuf>>,
    /// The tools that MCP clients are offered.
    pub tools: Setting<Offered>,
    /// The most bytes of one tool answer.
    pub budget_bytes: Setting<usize>,
    /// The longest that one tool call may take.
    pub call_timeout: Setting<Duration>,
    /// The log filter.
    pub log: Setting<String>,
    /// The log file, absolute; by default `footbridge.log` in [`Settings::directory`].
    pub log_file: Option<Setting<PathBuf>>,
    /// The size in bytes at which a journal file is rotated.
    pub journal_max_bytes: Setting<u64>,
    /// How many journal files are kept.
    pub journal_max_files: Setting<u64>,
    /// How many bytes of each body the journal keeps.
    pub journal_body_bytes: Setting<u64>,
    /// What the SDK's provider chain sees as the environment.
    pub aws: AwsEnvironment,
    /// The working directory and how far its files were honoured.
    pub project: Project,
    /// What was said and not honoured, a sentence each.
    pub warnings: Vec<String>,
    /// What `footbridge trust` would bring into force, the gravest first.
    pub waiting: Vec<Waiting>,
}

/// A setting as text, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Row {
    /// The key.
    pub name: Cow<'static, str>,
    /// The value, secrets left out.
    pub value: String,
    /// Where it came from.
    pub source: String,
}

impl Settings {
    /// Resolves the settings. Reads `.env` and `footbridge.toml` in the working directory and the user's own
    /// `footbridge.toml`, or only the file of `--config` in place of both.
    pub fn load(inputs: &Inputs) -> Result<Self, ConfigError> {
        let found = Found::read(inputs)?;
        let mut warnings = found.sources.warnings.clone();
        let waiting =
            if found.trusted { Vec::new() } else { waiting::of(&found.sources, &found.dotenv, &found.sources.local)? };
        let targets = found.targets(&mut warnings)?;
        let mut identities = found.sources.local.identities.clone();
        if !found.trusted {
            Judge::drop_identities(&mut identities, &mut warnings);
        }
        let stack = targets.general.stack();
        if warnings.len() > WARNINGS {
            let beyond = warnings.split_off(WARNINGS).len();
            warnings.push(format!("{beyond} more warnings are left out"));
        }
        identities.extend(found.sources.user.identities.iter().cloned());
        let paths = Paths { inputs };
        let chosen = targets.chosen;
        let mut settings = Self {
            data_dir: paths.data_dir(&stack)?,
            store: chosen.store,
            ephemeral: stack.or(Key::Ephemeral, false)?,
            region: chosen.region,
            profile: chosen.profile,
            endpoint_url: chosen.endpoint_url,
            listen: stack.or(Key::Listen, Listen::loopback(Listen::DEFAULT_PORT))?,
            mode: chosen.mode,
            default_bucket: chosen.default_bucket,
            default_table: chosen.default_table,
            allow_host: stack.or(Key::AllowHost, Vec::new())?,
            allowed_origins: stack.or(Key::AllowedOrigins, Vec::new())?,
            public_url: url(&stack, Key::PublicUrl)?,
            ask_after_reading: stack.or(Key::AskAfterReading, Key::AskAfterReading.is_on_by_default())?,
            strict: stack.or(Key::Strict, false)?,
            any_credentials: stack.or(Key::AnyCredentials, false)?,
            identities,
            files: paths.files(&stack)?,
            seed: stack.get(Key::SeedPath)?.map(|setting| paths.absolute(setting)),
            tools: stack.or(Key::Tools, Offered::default())?,
            budget_bytes: number(&stack, Key::BudgetBytes, 24 * 1024, 1024..=10 * 1024 * 1024)?,
            call_timeout: seconds(&stack)?,
            log: log(inputs, &stack)?,
            log_file: stack.get(Key::LogFile)?.map(|setting| paths.absolute(setting)),
            journal_max_bytes: number(&stack, Key::JournalMaxBytes, 64 << 20, 64 << 10..=1 << 40)?,
            journal_max_files: number(&stack, Key::JournalMaxFiles, 8, 1..=10_000)?,
            journal_body_bytes: number(&stack, Key::JournalBodyBytes, 8 << 10, 0..=16 << 20)?,
            target: chosen.name,
            target_choice: targets.choice,
            backend: chosen.backend,
            allowed: chosen.allowed,
            aws: chosen.aws,
            others: Vec::new(),
            project: found.sources.project.clone(),
            warnings,
            waiting,
        };
        settings.check()?;
        settings.others = targets.others.into_iter().map(|part| settings.with(part)).collect();
        Ok(settings)
    }

    /// These settings, of another target.
    fn with(&self, part: Part) -> Self {
        Self {
            target: part.name,
            backend: part.backend,
            store: part.store,
            region: part.region,
            profile: part.profile,
            endpoint_url: part.endpoint_url,
            mode: part.mode,
            default_bucket: part.default_bucket,
            default_table: part.default_table,
            allowed: part.allowed,
            aws: part.aws,
            others: Vec::new(),
            ..self.clone()
        }
    }

    /// The settings of each target, the one that is meant where none is named first.
    pub fn targets(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }

    /// The settings of the target of that name.
    #[must_use]
    pub fn of_target(&self, name: &str) -> Option<&Self> {
        self.targets().find(|target| target.target.as_str() == name)
    }

    /// Where the data is: the data directory, or the project's own store in it.
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        match &self.store {
            Some(store) => self.data_dir.value.join("stores").join(store.value.as_str()),
            None => self.data_dir.value.clone(),
        }
    }

    /// The access key and secret that our own clients of the emulator sign with: those of the first identity, so that they
    /// see the data of the same account as the clients that it was configured for.
    #[must_use]
    pub fn local_credentials(&self) -> (&str, &str) {
        let first = self.identities.first();
        first.map_or(("test", "test"), |identity| (&identity.value.key, identity.value.secret.expose()))
    }

    /// The log file where none was chosen.
    #[must_use]
    pub fn default_log_file(&self) -> PathBuf {
        self.directory().join("footbridge.log")
    }

    /// The log filter where no configuration chooses one: more with each `-v`.
    #[must_use]
    pub fn usual_log(flags: &Flags) -> &'static str {
        match flags.verbose {
            0 => QUIET,
            1 => "info,footbridge=debug",
            2 => "debug,footbridge=trace",
            _ => "trace",
        }
    }

    /// The region of the local backend: the one chosen, else `us-east-1`.
    #[must_use]
    pub fn local_region(&self) -> &str {
        self.region.as_ref().map_or("us-east-1", |region| &region.value)
    }

    /// Whether a profile was named so that it outranks keys in the environment: by `--profile` or
    /// `FOOTBRIDGE_PROFILE`, as the AWS CLI does for its `--profile`.
    #[must_use]
    pub fn profile_is_explicit(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| match &profile.source {
            Source::Flag(_) => true,
            Source::Env(name) => name == "FOOTBRIDGE_PROFILE",
            // Whoever names a target means the profile that it has.
            Source::File { key, .. } => key.starts_with("target."),
            _ => false,
        })
    }

    /// Finds out whether the directory of the data is there or can be made, as far as files in its way go.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where a file stands in its place.
    pub fn check_directory(&self) -> Result<(), ConfigError> {
        let directory = self.directory();
        let file = directory.ancestors().find(|path| path.exists()).filter(|path| !path.is_dir());
        match file.filter(|_| !self.ephemeral.value) {
            None => Ok(()),
            Some(file) => Err(ConfigError::Value {
                message: format!(
                    "{} is a file, and data is kept in a directory: name another with --data-dir",
                    shown_path(file)
                ),
                source_of: self.data_dir.source.clone(),
            }),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let local = self.backend.value == Backend::Local;
        for (name, setting) in [("--endpoint-url", &self.endpoint_url), ("--profile", &self.profile)] {
            if local && setting.as_ref().is_some_and(|setting| matches!(setting.source, Source::Flag(_))) {
                return Err(ConfigError::Conflict(format!("{name} is for AWS: add --backend aws")));
            }
        }
        if !self.listen.value.is_loopback() && !self.strict.value && !self.any_credentials.value {
            return Err(ConfigError::Conflict(format!(
                "{} ({}) can be reached from other machines: add --strict, which lets only configured keys in, or \
                 --any-credentials",
                self.listen.value, self.listen.source
            )));
        }
        if let Some(twice) = self.identities.iter().enumerate().find_map(|(index, identity)| {
            self.identities.iter().take(index).any(|other| other.value.key == identity.value.key).then_some(identity)
        }) {
            let message = format!("the key `{}` is already another identity's", shown_value(&twice.value.key));
            return Err(ConfigError::Value { source_of: twice.source.clone(), message });
        }
        Ok(())
    }
}

fn number<T: TryFrom<u64> + Copy>(
    stack: &Stack<'_>,
    key: Key,
    default: u64,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Setting<T>, ConfigError> {
    let Setting { value, source } = stack.or(key, default)?;
    match T::try_from(value) {
        Ok(fits) if range.contains(&value) => Ok(Setting { value: fits, source }),
        _ => Err(ConfigError::Value {
            message: format!("`{}` must be {} to {}", key.name(), range.start(), range.end()),
            source_of: source,
        }),
    }
}

fn seconds(stack: &Stack<'_>) -> Result<Setting<Duration>, ConfigError> {
    let Setting { value, source } = number::<u64>(stack, Key::CallTimeoutSeconds, 60, 1..=3600)?;
    Ok(Setting { value: Duration::from_secs(value), source })
}

/// The usual log filter. rmcp warns of each error that a client is answered with, and the S3 client of each object that was
/// uploaded in parts.
const QUIET: &str =
    "warn,aws_config=error,aws_sdk_s3::http_response_checksum=error,rmcp::service=error,footbridge=info";

fn log(inputs: &Inputs, stack: &Stack<'_>) -> Result<Setting<String>, ConfigError> {
    let usual = Settings::usual_log(&inputs.flags).to_owned();
    if inputs.flags.verbose == 0 {
        return stack.or(Key::Log, usual);
    }
    Ok(Setting { value: usual, source: Source::Flag("-v".to_owned()) })
}
