//! `.env` and `footbridge.toml` of a directory that nobody has read.

use std::fs;

use footbridge::config::{Inputs, Settings};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::change::{changed, changes};
use crate::target::{Target, ensure};

const LINES: &[&str] = &[
    "AWS_REGION=eu-west-1",
    "export AWS_PROFILE='dev'",
    "AWS_ACCESS_KEY_ID=\"AKIA\\n\"",
    "AWS_SECRET_ACCESS_KEY=${HOME}",
    "# a comment",
    "FOOTBRIDGE_MODE=read-write",
    "FOOTBRIDGE_BACKEND=aws",
    "FOOTBRIDGE_DATA_DIR=../../x",
    "FOOTBRIDGE_LISTEN=0.0.0.0:80",
    "A=b # c",
    "FOOTBRIDGE_UNKNOWN=1",
    "AWS_ENDPOINT_URL=http://a",
    "FOOTBRIDGE_ENDPOINT_URL=::",
    "NOT A LINE",
    "=x",
    "A",
    "A='",
    "A=\"b",
    "A=$(id)",
    "MULTI=\"a\nb\"",
    "FOOTBRIDGE_CALL_TIMEOUT_SECONDS=99999999999999999999",
    "FOOTBRIDGE_STORE=../x",
    "FOOTBRIDGE_EPHEMERAL=yes",
];

const TABLES: &[&str] = &[
    "region = \"eu-west-1\"",
    "mode = \"read-write\"",
    "backend = \"aws\"",
    "listen = 70000",
    "listen = \"0.0.0.0:80\"",
    "data_dir = \"x\"",
    "store = \"mine\"",
    "endpoint_url = \"http://a\"",
    "allow_host = [\"a\", \"*.b\", 1]",
    "strict = true",
    "ephemeral = \"no\"",
    "[[identity]]\nkey = \"a\"\nsecret = \"b\"",
    "[[identity]]\nkey = \"a\"\nsecret = \"b\"\naccount = \"1\"",
    "[seed]\npath = \"/etc\"",
    "[journal]\nbody_bytes = -1",
    "[a.b]\nc = {d = 1}",
    "unknown = 1979-05-27T07:32:00Z",
    "x = 1e999",
    "x = nan",
    "x = \"\"\"\n\"\"\"",
    "x = '''",
    "[",
    "[[",
    "= 1",
    "region = \"a\"\nregion = \"b\"",
    "deep = [[[[[[[[[[]]]]]]]]]]",
    "\"\" = 1",
    "public_url = \"http://a:b@c\"",
];

fn file(lines: &'static [&'static str]) -> impl Strategy<Value = bytes::Bytes> {
    (vec(select(lines), 0..6), changes())
        .prop_map(|(lines, changes)| changed(lines.join("\n").as_bytes(), &changes).into())
}

/// Loads the settings of a directory with this file; what is wrong is said, and with the file's name.
fn loads(name: &'static str, inputs: &impl Strategy<Value = bytes::Bytes>) {
    let target = Target::new(name, 500);
    let place = tempfile::tempdir().unwrap();
    let inputs_of = Inputs::bare(place.path());
    fs::create_dir_all(&inputs_of.cwd).unwrap();
    let path = inputs_of.cwd.join(name);
    target.holds(inputs, async |content| {
        fs::write(&path, &content).unwrap();
        match Settings::load(&inputs_of) {
            // Nothing that comes with a directory lets anybody in, or in from elsewhere.
            Ok(settings) => {
                target.accepted();
                ensure(
                    settings.identities.is_empty() && settings.listen.value.to_string().contains("127.0.0.1"),
                    || format!("{:?} listens at {}", settings.identities, settings.listen.value),
                )
            }
            Err(error) => {
                let said = error.to_string();
                ensure(!said.is_empty(), || "an error that says nothing".to_owned())
            }
        }
    });
    target.accepts_one_in(10);
    fs::write(&path, "").unwrap();
    Settings::load(&inputs_of).unwrap();
}

#[test]
fn an_env_file_is_read_or_refused() {
    loads(".env", &file(LINES));
}

#[test]
fn a_project_file_is_read_or_refused() {
    loads("footbridge.toml", &file(TABLES));
}
