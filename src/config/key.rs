//! The one table of what can be configured, and what a working directory's files may say about it.

/// What an untrusted working directory may do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Set it.
    Free,
    /// Lower it, never raise it.
    LowerOnly,
    /// Turn it on, never off.
    TurnOnOnly,
    /// Choose another loopback port.
    LoopbackOnly,
    /// Take away from it, never add.
    NarrowOnly,
    /// Set it in `.env`, for credentials that `.env` brings.
    OwnCredentials,
    /// Have as much logged as usual or less, never what may hold secrets.
    Quiet,
    /// Nothing.
    Trusted,
}

macro_rules! keys {
    ($($(#[$doc:meta])* $variant:ident $name:literal $policy:ident,)*) => {
        /// A key: dotted in `footbridge.toml`, `FOOTBRIDGE_` and upper case in the environment.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key { $($(#[$doc])* $variant,)* }

        impl Key {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key as `footbridge.toml` spells it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub(super) const fn policy(self) -> Policy {
                match self { $(Self::$variant => Policy::$policy,)* }
            }
        }
    };
}

keys! {
    /// `local` or `aws`.
    Backend "backend" Free,
    /// The target that is meant where none is named.
    DefaultTarget "default_target" Free,
    /// Where the data is, an absolute path.
    DataDir "data_dir" Trusted,
    /// The project's own store in the data directory.
    Store "store" Free,
    /// Keep everything in memory.
    Ephemeral "ephemeral" Free,
    /// The region of requests.
    Region "region" Free,
    /// The profile of AWS's shared files.
    Profile "profile" Free,
    /// The far side in place of AWS.
    EndpointUrl "endpoint_url" OwnCredentials,
    /// The public endpoint's address.
    Listen "listen" LoopbackOnly,
    /// What tools may do, on whichever target is in force.
    Mode "mode" LowerOnly,
    /// What tools may do on the local backend.
    ModeLocal "mode.local" LowerOnly,
    /// What tools may do on AWS.
    ModeAws "mode.aws" LowerOnly,
    /// Ask a person, on AWS, about what takes data out once a session has read what others may have written.
    AskAfterReading "ask_after_reading" TurnOnOnly,
    /// The bucket of object tools that name none.
    DefaultBucket "default_bucket" Free,
    /// The table of item tools that name none.
    DefaultTable "default_table" Free,
    /// The buckets that calls may touch.
    Buckets "buckets" NarrowOnly,
    /// The parts of buckets that calls may touch.
    Prefixes "prefixes" NarrowOnly,
    /// The tables that calls may touch.
    Tables "tables" NarrowOnly,
    /// Further `Host` names to answer to.
    AllowHost "allow_host" Trusted,
    /// Web origins that may call the endpoint.
    AllowedOrigins "allowed_origins" Trusted,
    /// The endpoint as others see it, for presigned URLs.
    PublicUrl "public_url" Trusted,
    /// Refuse keys that are not configured.
    Strict "strict" TurnOnOnly,
    /// Let unknown keys in on an address that is not loopback.
    AnyCredentials "any_credentials" Trusted,
    /// Directories that tools may read files from and write files to.
    Files "files" Trusted,
    /// The folder that an empty store is filled from.
    SeedPath "seed.path" Trusted,
    /// The tools that MCP clients are offered.
    Tools "tools" Free,
    /// The most bytes of one tool answer.
    BudgetBytes "budget_bytes" Free,
    /// The most seconds of one tool call.
    CallTimeoutSeconds "call_timeout_seconds" Free,
    /// The log filter, such as `info` or `footbridge=debug`.
    Log "log" Quiet,
    /// The log file.
    LogFile "log_file" Trusted,
    /// The size at which a journal file is rotated.
    JournalMaxBytes "journal.max_bytes" Trusted,
    /// How many journal files are kept.
    JournalMaxFiles "journal.max_files" Trusted,
    /// How many bytes of each body the journal keeps.
    JournalBodyBytes "journal.body_bytes" Trusted,
}

impl Key {
    /// The key's variable, such as `FOOTBRIDGE_DATA_DIR`.
    #[must_use]
    pub fn variable(self) -> String {
        format!("FOOTBRIDGE_{}", self.name().replace('.', "_").to_uppercase())
    }

    /// Whether a switch is on where nobody says anything.
    pub(super) const fn is_on_by_default(self) -> bool {
        matches!(self, Self::AskAfterReading)
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }

    pub(super) fn by_variable(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.variable() == name)
    }
}
