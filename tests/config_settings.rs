//! Where settings come from, and what a working directory's files may say.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A helper of a test fails as the test would.

use std::fs;
use std::path::Path;

use footbridge::config::{Backend, ConfigError, Flags, Inputs, Key, Mode, Secret, Settings, Source, Trust, TrustStore};
use proptest::prelude::*;
use tempfile::TempDir;

/// A working directory, a user's configuration directory and an environment of their own.
struct Place {
    root: TempDir,
    inputs: Inputs,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let inputs = Inputs::bare(root.path());
        for directory in [&inputs.cwd, inputs.dirs.config.as_ref().unwrap(), inputs.dirs.home.as_ref().unwrap()] {
            fs::create_dir(directory).unwrap();
        }
        Self { root, inputs }
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.inputs.env.insert(name.to_owned(), value.to_owned());
        self
    }

    fn flag(mut self, key: Key, flag: &str, value: &str) -> Self {
        self.inputs.flags.set(key, flag, Some(value.to_owned()));
        self
    }

    fn dotenv(self, text: &str) -> Self {
        fs::write(self.inputs.cwd.join(".env"), text).unwrap();
        self
    }

    fn project(self, text: &str) -> Self {
        fs::write(self.inputs.cwd.join("footbridge.toml"), text).unwrap();
        self
    }

    fn user(self, text: &str) -> Self {
        fs::write(self.inputs.dirs.config.as_ref().unwrap().join("footbridge.toml"), text).unwrap();
        self
    }

    fn load(&self) -> Settings {
        Settings::load(&self.inputs).unwrap()
    }

    fn fails(&self) -> String {
        Settings::load(&self.inputs).unwrap_err().to_string()
    }

    fn trust(&self) {
        store(&self.inputs).trust(&self.load().project).unwrap();
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.root.path().join(name)
    }
}

fn store(inputs: &Inputs) -> TrustStore {
    TrustStore::in_directory(inputs.dirs.config.as_ref().unwrap())
}

fn warned(settings: &Settings, text: &str) -> bool {
    settings.warnings.iter().any(|warning| warning.contains(text))
}

#[test]
fn each_source_outranks_the_next() {
    let mut place = Place::new().user("region = \"us-west-1\"");
    assert_eq!(place.load().region.unwrap().value, "us-west-1");
    place = place.project("\nregion = \"us-west-2\"");
    let region = place.load().region.unwrap();
    assert_eq!(region.value, "us-west-2");
    let path = place.inputs.cwd.join("footbridge.toml");
    assert_eq!(region.source, Source::File { path, line: 2, key: "region".to_owned() });
    place = place.dotenv("# ours\nAWS_REGION=eu-west-1\n");
    let region = place.load().region.unwrap();
    assert_eq!(region.value, "eu-west-1");
    assert_eq!(region.source.to_string(), format!("AWS_REGION in {}:2", place.path("work/.env").display()));
    place = place.dotenv("AWS_REGION=eu-west-1\nexport FOOTBRIDGE_REGION='eu-west-2'\n");
    assert_eq!(place.load().region.unwrap().value, "eu-west-2");
    place = place.env("AWS_DEFAULT_REGION", "ap-south-1");
    assert_eq!(place.load().region.unwrap().value, "ap-south-1");
    place = place.env("AWS_REGION", "ap-south-2");
    assert_eq!(place.load().region.unwrap().value, "ap-south-2");
    place = place.env("FOOTBRIDGE_REGION", "sa-east-1");
    assert_eq!(place.load().region.unwrap().source, Source::Env("FOOTBRIDGE_REGION".to_owned()));
    place = place.flag(Key::Region, "--region", "ca-central-1");
    let region = place.load().region.unwrap();
    assert_eq!((region.value.as_str(), region.source), ("ca-central-1", Source::Flag("--region".to_owned())));
}

#[test]
fn defaults_are_local_and_careful() {
    let place = Place::new();
    let settings = place.load();
    assert_eq!(settings.backend.value, Backend::Local);
    assert_eq!(settings.mode.value, Mode::ReadWrite);
    assert_eq!(settings.listen.value.to_string(), "127.0.0.1:4566, [::1]:4566");
    assert_eq!(settings.directory(), place.path("data"));
    assert_eq!(settings.budget_bytes.value, 24 * 1024);
    assert_eq!(settings.local_region(), "us-east-1");
    assert_eq!(settings.files.value, [place.path("work")]);
    assert_eq!(settings.project.trust, Trust::NothingToTrust);
    assert_eq!(place.flag(Key::Backend, "--backend", "aws").load().mode.value, Mode::Ask);
}

#[test]
fn blank_variables_count_as_unset() {
    for blank in ["", " ", "\t\n", "\u{a0}"] {
        let place = Place::new().env("AWS_REGION", blank).env("FOOTBRIDGE_BACKEND", blank).env("AWS_PROFILE", blank);
        let place = place.dotenv(&format!("AWS_REGION='{blank}'\nFOOTBRIDGE_STORE='{blank}'\n"));
        let settings = place.env("FOOTBRIDGE_CONFIG", blank).load();
        assert!(settings.region.is_none() && settings.store.is_none() && settings.aws.get("AWS_PROFILE").is_none());
        assert_eq!(settings.backend.source, Source::Default);
    }
}

#[test]
fn unknown_names_are_errors_that_name_the_nearest() {
    let place = Place::new().project("backend = \"local\"\nstroe = \"shop\"\n");
    let at = place.path("work/footbridge.toml");
    assert_eq!(place.fails(), format!("{}:2: unknown key `stroe` (did you mean `store`?)", at.display()));
    let place = Place::new().project("[journal]\nmax_byte = 1\n");
    assert!(place.fails().ends_with(":2: unknown key `journal.max_byte` (did you mean `journal.max_bytes`?)"));
    let place = Place::new().project("[[identity]]\nkey = \"a\"\nsecrte = \"b\"\n");
    assert!(place.fails().ends_with(":3: unknown key `secrte` (did you mean `secret`?)"));
    let place = Place::new().env("FOOTBRIDGE_BAKEND", "aws");
    assert_eq!(place.fails(), "environment: unknown variable `FOOTBRIDGE_BAKEND` (did you mean `FOOTBRIDGE_BACKEND`?)");
    let place = Place::new().dotenv("OTHER=1\nFOOTBRIDGE_DATADIR=x\n");
    assert!(
        place.fails().ends_with(".env:2: unknown variable `FOOTBRIDGE_DATADIR` (did you mean `FOOTBRIDGE_DATA_DIR`?)")
    );
    let place = Place::new().project("zzzzzzzzzz = 1\n");
    assert!(place.fails().ends_with("unknown key `zzzzzzzzzz`"));
    let place = Place::new().dotenv("FOOTBRIDGE_CONFIG=/elsewhere\n");
    assert!(place.fails().contains("unknown variable `FOOTBRIDGE_CONFIG`"));
    // install.sh's own, which a shell may have for good.
    Place::new().env("FOOTBRIDGE_INSTALL_DIR", "/opt/bin").load();
}

#[test]
fn values_of_the_wrong_kind_are_errors_that_name_the_place() {
    let cases = [
        ("backend = \"azure\"", "`azure` is not a backend: use local or aws"),
        ("mode = \"write\"", "`write` is not a mode: use read-only, ask or read-write"),
        ("store = \"../other\"", "`../other` is not a store's name"),
        ("store = \"\"", "is empty"),
        ("ephemeral = \"maybe\"", "`maybe` is neither true nor false"),
        ("budget_bytes = 12", "`budget_bytes` must be 1024 to 10485760"),
        ("budget_bytes = -1", "`-1` must not be negative"),
        ("call_timeout_seconds = 0", "`call_timeout_seconds` must be 1 to 3600"),
        ("listen = \"everywhere\"", "`everywhere` is not an address"),
        ("listen = 70000", "`70000` is not an address"),
        ("region = [\"a\"]", "must be text, not a list"),
        ("region = 1.5", "`region` does not take this float"),
        ("allow_host = [1]", "`allow_host` does not take this array"),
        ("public_url = \"ftp://x\"", "is not an endpoint"),
        ("[backend]\nx = 1", "unknown key `backend`"),
        ("identity = 3", "write `[[identity]]`"),
        ("[[identity]]\nkey = \"a\"", "an identity needs `secret`"),
        ("[[identity]]\nkey = \"a\"\nsecret = \"b\"\naccount = \"12\"", "`account` is twelve digits"),
        ("region = ", "footbridge.toml:1: "),
    ];
    for (text, message) in cases {
        let place = Place::new().user(text);
        let said = place.fails();
        assert!(said.contains(message), "{text:?} gave {said:?}");
        assert!(said.contains("footbridge.toml:"), "{text:?} gave {said:?}");
    }
}

#[test]
fn secrets_are_not_shown() {
    const SECRET: &str = "wJalrXUtnFEMI";
    let place = Place::new()
        .user(&format!("[[identity]]\nkey = \"dev\"\nsecret = \"{SECRET}\"\n"))
        .dotenv(&format!("AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY={SECRET}\n"))
        .env("AWS_SESSION_TOKEN", SECRET);
    let settings = place.load();
    assert_eq!(settings.identities[0].value.secret, Secret::new(SECRET));
    assert!(!format!("{settings:?}").contains(SECRET));
    assert!(!serde_json::to_string(&settings.rows()).unwrap().contains(SECRET));
    // A line that cannot be read, and a URL with a password, are not repeated either.
    let said = Place::new().dotenv(&format!("AWS_SECRET_ACCESS_KEY={SECRET} x\"y\n")).fails();
    assert!(said.contains(".env:1: `AWS_SECRET_ACCESS_KEY` cannot be read") && !said.contains(SECRET), "{said}");
    let said = Place::new().user(&format!("endpoint_url = \"http://u:{SECRET}@h\"\n")).fails();
    assert!(said.contains("is not an endpoint") && !said.contains(SECRET), "{said}");
}

#[test]
fn a_line_of_ours_gives_a_variable_or_an_error() {
    for line in [
        "FOOTBRIDGE_MODE=read-only x",
        "FOOTBRIDGE_MODE=\"read-only\" x",
        "FOOTBRIDGE_MODE=read\\-only",
        "FOOTBRIDGE_MODE: read-only",
        "FOOTBRIDGE_MODE-AWS=read-only",
        "export FOOTBRIDGE_MODE=read-only x",
        "\texport\tFOOTBRIDGE_MODE = read only",
        "\u{200b}FOOTBRIDGE_MODE=read-only",
        "FOOTBRIDGE_STORE=my shop",
        "AWS_PROFILE=my profile",
        "AWS_ACCESS_KEY_ID=DEV x",
        "export AWS_PROFILE=a AWS_REGION=b",
        "AWS_PROFILE=\"open",
        "AWS_PROFILE='open",
    ] {
        for end in ["", "\n", "\r\n", "\nOTHER=1\n"] {
            let place = Place::new().dotenv(&format!("# Not AWS_REGION=x\n\nOTHER=1\n{line}{end}"));
            let said = place.fails();
            let name = line
                .trim_start_matches(|c: char| !c.is_ascii_uppercase())
                .split(|c: char| !(c == '_' || c.is_ascii_uppercase()));
            let name = name.into_iter().next().unwrap();
            assert!(said.contains(&format!(".env:4: `{name}` cannot be read")), "{line:?}{end:?} gave {said:?}");
        }
    }
    // What a quote swallows is named, not dropped, whoever opened it.
    for open in ["GREETING=it's fine", "GREETING=\"hello", "= 'x"] {
        for close in ["", "OTHER='\n", "OTHER=\"\n"] {
            let said = Place::new().dotenv(&format!("{open}\nA=1\nFOOTBRIDGE_MODE=read-only\n{close}")).fails();
            assert!(
                said.contains(".env:3: `FOOTBRIDGE_MODE` is inside a quote that was opened on an earlier"),
                "{said}"
            );
        }
    }
    let said = Place::new().dotenv("AWS_PROFILE='a\nAWS_REGION=eu-west-1\nB='\n").fails();
    assert!(said.contains(".env:2: `AWS_REGION` is inside a quote"), "{said}");
    // What sets nothing, and what is merely untidy.
    let text = "AWS_PROFILE\nexport AWS_PROFILE AWS_REGION\nAWS_PROFILE # the environment's\nAWS_DEFAULT_OUTPUT = 'a\nb' # x\n\
                \u{a0}export  AWS_PROFILE=  work # mine\r\n#AWS_PROFILE=x y\nFOOTBRIDGE_STORE=shop ";
    let settings = Place::new().dotenv(text).load();
    let profile = settings.profile.unwrap();
    assert_eq!((profile.value.as_str(), settings.store.unwrap().value.as_str()), ("work", "shop"));
    assert!(profile.source.to_string().ends_with(".env:6"), "{}", profile.source);
    assert_eq!(settings.aws.get("AWS_DEFAULT_OUTPUT"), Some("a\nb"));
}

#[test]
fn an_escaped_dollar_is_one_before_and_after_trust() {
    for (line, value, waits) in [
        (r"AWS_PROFILE=a\$HOME", "a$HOME", false),
        (r#"AWS_PROFILE="a\$HOME""#, "a$HOME", false),
        (r"AWS_PROFILE='a\$HOME'", r"a\$HOME", false),
        (r#"AWS_PROFILE="a\\\$HOME""#, r"a\$HOME", false),
        (r#"AWS_PROFILE="a\\${NOBODY}""#, r"a\${NOBODY}", true),
    ] {
        let place = Place::new().dotenv(&format!("{line}\n"));
        let settings = place.load();
        assert_eq!(settings.profile.as_ref().unwrap().value, value, "{line}");
        assert_eq!(warned(&settings, "stands for itself"), waits, "{line}");
        place.trust();
        assert_eq!(place.load().profile.unwrap().value, value.replace("${NOBODY}", ""), "{line}");
    }
}

#[test]
fn messages_are_short_and_move_no_cursor() {
    let long = "z".repeat(5_000);
    for bad in ["\u{1b}[2J", "\u{9b}2J", "\u{202e}x", "\r\n\u{7f}", long.as_str()] {
        let quoted =
            format!("\"{}\"", bad.chars().fold(String::new(), |text, c| text + &format!("\\U{:08x}", u32::from(c))));
        let mut all = vec![
            Place::new().project(&format!("{quoted} = 1\n")),
            Place::new().project(&format!("[journal]\n{quoted} = 1\n")),
            Place::new().project(&format!("[[identity]]\n{quoted} = \"x\"\n")),
            Place::new().dotenv(&format!("FOOTBRIDGE_{}=1\n", bad.trim())),
            Place::new().dotenv(&format!("FOOTBRIDGE_MODE='{bad}'\n")),
        ];
        for key in ["backend", "mode", "mode.aws", "store", "listen", "region", "ephemeral", "strict", "budget_bytes"] {
            all.push(Place::new().project(&format!("{key} = {quoted}\n")));
        }
        for place in all {
            let said = place.fails();
            assert!(!said.contains(|c: char| c.is_control() || c == '\u{202e}'), "{said:?}");
            assert!(said.len() < 600, "{} bytes: {said}", said.len());
        }
        let settings = Place::new()
            .dotenv(&format!("AWS_{}=1\n", "X".repeat(5_000)))
            .flag(Key::Backend, "--backend", "aws")
            .load();
        assert!(settings.warnings[0].len() < 600);
    }
}

#[test]
fn other_peoples_lines_of_dotenv_do_not_matter() {
    let place = Place::new().dotenv("\u{feff}GREETING=hello to you all\n= nothing\nAWS_REGION=eu-west-1 # mine\n");
    assert_eq!(place.load().region.unwrap().value, "eu-west-1");
}

#[test]
fn a_config_file_replaces_the_usual_ones() {
    let mut place = Place::new().user("region = \"us-west-1\"").project("default_table = \"orders\"");
    fs::write(place.path("work/ci.toml"), "default_bucket = \"uploads\"\ndata_dir = \"state\"\n").unwrap();
    place.inputs.flags = Flags::new(Some("ci.toml".into()), 0);
    let settings = place.load();
    assert_eq!(settings.default_bucket.as_ref().unwrap().value, "uploads");
    assert_eq!(settings.data_dir.value, place.path("work/state"));
    assert!(settings.region.is_none() && settings.default_table.is_none());
    place.inputs.flags = Flags::new(Some("missing.toml".into()), 0);
    assert!(place.fails().starts_with("cannot read "));
}

#[test]
fn no_file_of_a_parent_directory_is_read() {
    let mut place = Place::new().project("backend = \"azure\"");
    place.inputs.cwd = place.inputs.cwd.join("inner");
    fs::create_dir(&place.inputs.cwd).unwrap();
    assert_eq!(place.load().backend.source, Source::Default);
}

#[test]
fn paths_are_relative_to_the_file_that_has_them() {
    let place = Place::new().user("data_dir = \"here\"\nfiles = [\"~/notes\", \"/srv\"]\n");
    let settings = place.load();
    assert_eq!(settings.data_dir.value, place.path("config/here"));
    assert_eq!(settings.files.value, [place.path("home/notes"), Path::new("/srv").to_owned()]);
    let place = place.env("FOOTBRIDGE_DATA_DIR", "there");
    assert_eq!(place.load().data_dir.value, place.path("work/there"));
}

#[test]
fn files_of_a_home_directory_are_not_offered_by_default() {
    let mut place = Place::new();
    place.inputs.cwd = place.path("home");
    assert!(place.load().files.value.is_empty());
}

#[test]
fn a_project_may_name_its_own_store() {
    let place = Place::new().project("store = \"shop\"");
    let settings = place.load();
    assert_eq!(settings.directory(), place.path("data/stores/shop"));
    assert!(settings.warnings.is_empty());
}

#[test]
fn a_project_may_lower_a_mode_and_not_raise_it() {
    let settings = Place::new().project("mode = \"read-only\"").load();
    assert_eq!(settings.mode.value, Mode::ReadOnly);
    assert!(settings.warnings.is_empty());

    let place =
        Place::new().project("backend = \"aws\"\n[mode]\naws = \"read-write\"").dotenv("FOOTBRIDGE_MODE=read-write");
    let settings = place.load();
    assert_eq!(settings.mode.value, Mode::Ask);
    assert!(warned(&settings, "may not raise the mode above `ask` (default), until `footbridge trust` is run here"));
    assert_eq!(settings.warnings.len(), 2);
    place.trust();
    let settings = place.load();
    assert_eq!((settings.mode.value, settings.warnings.len()), (Mode::ReadWrite, 0));

    let person = Place::new().user("mode = \"read-only\"").project("mode = \"ask\"").load();
    assert_eq!(person.mode.value, Mode::ReadOnly);
}

#[test]
fn a_mode_meant_for_local_does_not_follow_a_project_to_aws() {
    let place = Place::new().project("backend = \"aws\"").flag(Key::Mode, "--mode", "read-write");
    let settings = place.load();
    assert_eq!(settings.mode.value, Mode::Ask);
    assert_eq!(settings.warnings.len(), 1);
    let place = place.flag(Key::Backend, "--backend", "aws");
    assert_eq!(place.load().mode.value, Mode::ReadWrite);
    let meant = Place::new().project("backend = \"aws\"").user("mode.aws = \"read-write\"");
    assert_eq!(meant.load().mode.value, Mode::ReadWrite);
}

#[test]
fn a_project_may_not_open_doors() {
    let text = "data_dir = \"/tmp/x\"\nfiles = [\"/\"]\nallow_host = [\"evil\"]\nallowed_origins = [\"http://evil\"]\n\
                public_url = \"http://evil\"\nany_credentials = true\nlisten = \"0.0.0.0:80\"\nlog_file = \"/tmp/l\"\n\
                strict = false\njournal.max_files = 1\n";
    let place = Place::new().user("strict = true").project(text);
    let settings = place.load();
    assert_eq!(settings.warnings.len(), 10, "{:#?}", settings.warnings);
    assert_eq!(settings.data_dir.value, place.path("data"));
    assert_eq!(settings.files.value, [place.path("work")]);
    assert!(settings.allow_host.value.is_empty() && settings.allowed_origins.value.is_empty());
    assert!(settings.public_url.is_none() && settings.log_file.is_none());
    assert!(settings.listen.value.is_loopback() && settings.strict.value && !settings.any_credentials.value);
    assert_eq!(settings.journal_max_files.source, Source::Default);
    assert!(warned(&settings, "data_dir in "));
    // Tightening and moving about on this machine are fine.
    let settings = Place::new().project("strict = true\nlisten = 4599\n").load();
    assert!(settings.strict.value && settings.warnings.is_empty());
    assert_eq!(settings.listen.value.port(), 4599);
}

#[test]
fn a_project_chooses_an_endpoint_only_for_its_own_credentials() {
    const ENDPOINT: &str = "AWS_ENDPOINT_URL=http://127.0.0.1:9\nFOOTBRIDGE_ENDPOINT_URL=http://127.0.0.1:9\n";
    const KEYS: &str = "AWS_ACCESS_KEY_ID=theirs\nAWS_SECRET_ACCESS_KEY=theirs\n";
    let aws = || Place::new().flag(Key::Backend, "--backend", "aws");
    let sees = |place: &Place| {
        let settings = place.load();
        (settings.aws.get("AWS_ENDPOINT_URL").is_some(), settings.endpoint_url.is_some(), settings.warnings.len())
    };
    assert_eq!(sees(&aws().dotenv(ENDPOINT)), (false, false, 2));
    assert_eq!(sees(&aws().dotenv(&format!("{ENDPOINT}{KEYS}"))), (true, true, 0));
    // A profile, or a key alone, is not a set of credentials that the project brings.
    assert_eq!(sees(&aws().dotenv(&format!("{ENDPOINT}AWS_PROFILE=prod\n"))), (false, false, 2));
    assert_eq!(sees(&aws().dotenv(&format!("{ENDPOINT}AWS_ACCESS_KEY_ID=x\n"))), (false, false, 3));
    // The credentials in force are the person's.
    assert_eq!(sees(&aws().dotenv(&format!("{ENDPOINT}{KEYS}")).env("AWS_PROFILE", "prod")), (false, false, 2));
    assert_eq!(sees(&aws().dotenv(&format!("{ENDPOINT}{KEYS}")).env("AWS_ACCESS_KEY_ID", "mine")), (false, false, 2));
    let flag = aws().flag(Key::Profile, "--profile", "prod").dotenv(&format!("{ENDPOINT}{KEYS}"));
    assert_eq!(sees(&flag), (false, false, 2));
    // Trusted, or said by the person.
    let place = aws().dotenv(ENDPOINT);
    place.trust();
    assert_eq!(sees(&place), (true, true, 0));
    assert_eq!(sees(&aws().env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")), (true, false, 0));
    // The local backend sends nothing anywhere: nothing to warn of.
    assert_eq!(Place::new().dotenv(ENDPOINT).load().warnings.len(), 0);
}

#[test]
fn what_matters_is_warned_of_before_the_list_is_cut() {
    let junk = (0..60).map(|index| format!("AWS_JUNK_{index}=$X\n")).collect::<Vec<_>>().concat();
    let place = Place::new().flag(Key::Backend, "--backend", "aws");
    let settings =
        place.dotenv(&format!("{junk}AWS_CA_BUNDLE=x\nAWS_ENDPOINT_URL=http://h\nAWS_SESSION_TOKEN=x\n")).load();
    assert!(settings.warnings.len() <= 41 && settings.warnings[40].ends_with("more warnings are left out"));
    for name in ["AWS_CA_BUNDLE in ", "AWS_ENDPOINT_URL in ", "AWS_SESSION_TOKEN in "] {
        assert!(warned(&settings, name), "{name}: {:#?}", settings.warnings);
    }
}

#[test]
fn a_project_may_not_choose_what_is_run_or_read_for_credentials() {
    let text = "AWS_CONFIG_FILE=evil\nAWS_SHARED_CREDENTIALS_FILE=evil\nAWS_WEB_IDENTITY_TOKEN_FILE=/etc/passwd\n\
                AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:9\nAWS_CA_BUNDLE=evil\n";
    let place = Place::new().flag(Key::Backend, "--backend", "aws").dotenv(text);
    let settings = place.load();
    assert_eq!(settings.warnings.len(), 5);
    assert!(settings.aws.get("AWS_CONFIG_FILE").is_none() && settings.aws.get("AWS_CA_BUNDLE").is_none());
    place.trust();
    assert_eq!(place.load().aws.get("AWS_CONFIG_FILE"), Some("evil"));
}

#[test]
fn a_project_may_not_let_anybody_in() {
    let place = Place::new()
        .project("strict = true\n[[identity]]\nkey = \"theirs\"\nsecret = \"s\"\n[[identity]]\nkey = \"a\"\nsecret = \"s\"\n")
        .user("[[identity]]\nkey = \"mine\"\nsecret = \"s\"\n");
    let settings = place.load();
    let keys: Vec<&str> = settings.identities.iter().map(|identity| identity.value.key.as_str()).collect();
    assert_eq!(keys, ["mine"]);
    assert!(warned(
        &settings,
        "footbridge.toml:2 (the first of 2 identities) is not honoured until `footbridge trust`"
    ));
    place.trust();
    let settings = place.load();
    assert_eq!((settings.identities.len(), settings.warnings.len()), (3, 0));
    // No variable stands for one.
    assert!(Place::new().dotenv("FOOTBRIDGE_IDENTITY=x\n").fails().contains("unknown variable"));
}

#[test]
fn a_project_may_not_have_secrets_logged() {
    let loud =
        ["trace", "DEBUG", "info,aws_smithy_runtime=trace", "hyper", "5", "[x]=info", "[{a=b}]", "info,", "a=b=info"];
    for loud in loud {
        let place = Place::new().dotenv(&format!("FOOTBRIDGE_LOG='{loud}'\n"));
        let settings = place.load();
        assert_eq!(settings.log.source, Source::Default, "{loud}");
        assert!(warned(&settings, "FOOTBRIDGE_LOG in "), "{loud}");
        place.trust();
        assert_eq!(place.load().log.value, loud);
    }
    for quiet in ["info", "off", "warn,footbridge::mcp=INFO,redb=off"] {
        let settings = Place::new().project(&format!("log = \"{quiet}\"\n")).load();
        assert_eq!((settings.log.value.as_str(), settings.warnings.len()), (quiet, 0));
    }
}

#[test]
fn a_folder_in_a_files_place_is_as_if_it_were_not_there() {
    let place = Place::new();
    for name in [".env", "footbridge.toml"] {
        fs::create_dir(place.path("work").join(name)).unwrap();
    }
    let settings = place.load();
    assert_eq!((settings.project.trust, settings.warnings.len()), (Trust::NothingToTrust, 0));
}

#[test]
fn a_file_that_is_too_large_is_an_error() {
    let large = "#".repeat(300_000);
    for name in ["work/.env", "work/footbridge.toml", "config/footbridge.toml"] {
        let place = Place::new();
        fs::write(place.path(name), &large).unwrap();
        assert!(place.fails().ends_with("it is larger than 256 KiB"), "{}", place.fails());
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_a_file_is_neither_followed_nor_waited_for() {
    for name in [".env", "footbridge.toml"] {
        let there = |make: &dyn Fn(&Path)| {
            let place = Place::new();
            fs::write(place.path("other"), "FOOTBRIDGE_BACKEND = \"aws\"\n").unwrap();
            make(&place.path("work").join(name));
            // Trust does not change it: what a link points to is not what was looked at.
            for _ in 0..2 {
                let settings = place.load();
                assert!(warned(&settings, "was not read: put a file in its place"), "{:?}", settings.warnings);
                assert_eq!((settings.backend.source, settings.project.trust), (Source::Default, Trust::NothingToTrust));
                place.trust();
            }
        };
        there(&|path| std::os::unix::fs::symlink("../other", path).unwrap());
        there(&|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap());
        there(&|path| std::os::unix::fs::symlink("nowhere", path).unwrap());
        there(&|path| drop(std::os::unix::net::UnixListener::bind(path).unwrap()));
        #[cfg(not(target_vendor = "apple"))]
        there(&|path| {
            use rustix::fs::{CWD, FileType, Mode};
            rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::RUSR, 0).unwrap();
        });
    }
    // A person's own file may be a link.
    let place = Place::new();
    fs::write(place.path("other"), "store = \"shop\"\n").unwrap();
    std::os::unix::fs::symlink("../other", place.path("config/footbridge.toml")).unwrap();
    assert_eq!(place.load().store.unwrap().value.as_str(), "shop");
}

#[test]
fn lines_that_name_one_another_do_not_grow() {
    let mut text = "A0=0123456789\n".to_owned();
    for line in 1..200 {
        let last = format!("${{A{}}}", line - 1);
        text.extend(["A", &line.to_string(), "=", &last.repeat(10), "\n"]);
    }
    text += "AWS_REGION=eu-west-1\nAWS_PROFILE=${A199}\n";
    let settings = Place::new().dotenv(&text).load();
    assert_eq!(settings.region.unwrap().value, "eu-west-1");
    assert_eq!(settings.profile.unwrap().value, "${A199}");
}

#[test]
fn trust_lets_variables_be_brought_in() {
    let place = Place::new().dotenv("NAME=shop\nAWS_PROFILE=${NAME}-dev\n");
    assert!(warned(&place.load(), "stands for itself and for no other variable until"));
    place.trust();
    assert_eq!(place.load().profile.unwrap().value, "shop-dev");
}

#[test]
fn credentials_of_two_sources_are_never_mixed() {
    let dotenv =
        "AWS_ACCESS_KEY_ID=theirs\nAWS_SECRET_ACCESS_KEY=theirs\nAWS_SESSION_TOKEN=theirs\nAWS_REGION=eu-west-1\n";
    let settings = Place::new().dotenv(dotenv).load();
    assert_eq!(settings.aws.get("AWS_SESSION_TOKEN"), Some("theirs"));
    assert!(settings.aws.is_from_dotenv("AWS_SESSION_TOKEN"));
    let place = Place::new().dotenv(dotenv).env("AWS_ACCESS_KEY_ID", "mine").env("AWS_SECRET_ACCESS_KEY", "mine");
    let settings = place.env("AWS_DEFAULT_REGION", "us-west-2").load();
    assert_eq!(settings.aws.get("AWS_ACCESS_KEY_ID"), Some("mine"));
    assert_eq!(settings.aws.get("AWS_SESSION_TOKEN"), None);
    assert_eq!(settings.aws.get("AWS_REGION"), None);
}

#[test]
fn trust_ends_when_a_file_changes() {
    let place = Place::new().project("files = [\"/srv\"]");
    assert_eq!(place.load().project.trust, Trust::Untrusted);
    place.trust();
    let settings = place.load();
    assert_eq!(settings.project.trust, Trust::Trusted);
    assert_eq!(settings.files.value, [Path::new("/srv").to_owned()]);
    let place = place.dotenv("OTHER=1\n");
    let settings = place.load();
    assert_eq!(settings.project.trust, Trust::Changed);
    assert_ne!(settings.files.value, [Path::new("/srv").to_owned()]);
    place.trust();
    assert_eq!(place.load().project.trust, Trust::Trusted);
    assert!(store(&place.inputs).revoke(&place.load().project).unwrap());
    assert_eq!(place.load().project.trust, Trust::Untrusted);
}

#[test]
fn without_a_home_nothing_is_trusted_whatever_lies_in_the_directory() {
    let mut place = Place::new().project("files = [\"/srv\"]").env("FOOTBRIDGE_DATA_DIR", "data");
    place.trust();
    fs::copy(place.path("config/trusted.json"), place.path("work/trusted.json")).unwrap();
    place.inputs.dirs.config = None;
    assert_eq!(place.load().project.trust, Trust::Untrusted);
}

#[test]
fn trust_is_of_one_directory() {
    let mut place = Place::new().project("files = [\"/srv\"]");
    place.trust();
    let copy = place.path("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(place.inputs.cwd.join("footbridge.toml"), copy.join("footbridge.toml")).unwrap();
    place.inputs.cwd = copy;
    assert_eq!(place.load().project.trust, Trust::Untrusted);
}

#[test]
fn an_address_for_others_needs_a_word_about_who_may_come_in() {
    let open = || Place::new().flag(Key::Listen, "--listen", "0.0.0.0:4566");
    assert!(open().fails().contains("can be reached from other machines: add --strict"));
    assert!(open().flag(Key::Strict, "--strict", "true").load().strict.value);
    assert!(open().flag(Key::AnyCredentials, "--any-credentials", "true").load().any_credentials.value);
}

#[test]
fn flags_without_effect_are_errors() {
    let error = Settings::load(&Place::new().flag(Key::EndpointUrl, "--endpoint-url", "http://h").inputs).unwrap_err();
    assert!(matches!(&error, ConfigError::Conflict(text) if text == "--endpoint-url is for AWS: add --backend aws"));
}

#[test]
fn every_key_is_shown_with_its_source() {
    let settings = Place::new().project("store = \"shop\"").load();
    let rows = settings.rows();
    let row = |name| rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!(row("store").value, "shop");
    assert!(row("store").source.ends_with("footbridge.toml:1"));
    let together =
        |key: &Key| matches!(key, Key::ModeLocal | Key::ModeAws | Key::Buckets | Key::Prefixes | Key::Tables);
    assert_eq!(row("allowed").value, "all");
    for key in Key::ALL.iter().filter(|key| !together(key)) {
        assert_eq!(rows.iter().filter(|row| row.name == key.name()).count(), 1, "{}", key.name());
    }
}

proptest! {
    #[test]
    fn whatever_the_files_hold_is_settings_or_an_error(
        dotenv in lines(), toml in lines(), bytes in proptest::collection::vec(any::<u8>(), 0..64)
    ) {
        let place = Place::new().dotenv(&dotenv).project(&toml);
        let _ = Settings::load(&place.inputs);
        fs::write(place.path("work/.env"), &bytes).unwrap();
        fs::write(place.path("work/footbridge.toml"), &bytes).unwrap();
        let _ = Settings::load(&place.inputs);
    }

    #[test]
    fn no_line_of_ours_is_lost(
        lines in proptest::collection::vec((proptest::sample::select(&FREE[..]), "[ =\"'\\\\${}#\\[\\]\n\t,a-c-]{0,8}"), 0..6)
    ) {
        let text = lines.iter().map(|(name, value)| format!("{name}=x{value}\n")).collect::<Vec<_>>().concat();
        if let Ok(settings) = Settings::load(&Place::new().dotenv(&text).inputs) {
            for (name, _) in lines.iter().filter(|(name, _)| name.starts_with("AWS_")) {
                prop_assert!(settings.aws.get(name).is_some(), "{name} of {text:?}");
            }
        }
    }
}

/// Variables that any directory may set to anything, and somebody else's.
const FREE: [&str; 4] = ["AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_DEFAULT_OUTPUT", "OTHER"];

/// Lines that look like those of either file, and lines that look like nothing.
fn lines() -> impl Strategy<Value = String> {
    let names: Vec<String> = Key::ALL
        .iter()
        .flat_map(|key| [key.name().to_owned(), key.variable()])
        .chain(
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "[[identity]]", "[mode]", "export AWS_REGION", "A"]
                .map(str::to_owned),
        )
        .collect();
    let value = "[ =\"'\\\\${}#\\[\\]\n\t,a-f0-9\u{e9}-]{0,12}";
    let line = (proptest::sample::select(names), value).prop_map(|(name, value)| format!("{name}={value}\n"));
    proptest::collection::vec(prop_oneof![4 => line, 1 => any::<String>()], 0..8).prop_map(|lines| lines.concat())
}
