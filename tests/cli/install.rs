//! `footbridge install` and `uninstall`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::world::{World, stderr, stdout};

const PROGRAM: &str = env!("CARGO_BIN_EXE_footbridge");

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn without_a_person_or_yes_nothing_is_changed_and_what_would_be_is_shown() {
    let world = World::empty();
    let output = world.footbridge(&["install", "cursor", "--program", PROGRAM]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("+    \"footbridge\": {"), "{}", stdout(&output));
    assert!(
        stderr(&output).contains("nothing was changed") && stderr(&output).contains("--yes"),
        "{}",
        stderr(&output)
    );
    assert!(!world.home().join(".cursor").exists());
    let output = world.footbridge(&["install", "cursor", "--program", PROGRAM, "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &told["changed"]), (Some(3), &json!(false)));
    assert!(told["would"].as_array().is_some_and(|lines| lines.len() > 3), "{told}");
}

#[test]
fn each_client_gets_an_entry_that_starts_in_its_own_surroundings_and_loses_it_again() {
    let config = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    for (client, file, before) in [
        ("claude-code", ".claude.json".to_owned(), "{\n  \"numStartups\": 3,\n  \"mcpServers\": {}\n}"),
        ("claude-desktop", format!("{config}/Claude/claude_desktop_config.json"), "{\"a\": 1}\n"),
        ("cursor", ".cursor/mcp.json".to_owned(), "{ \"mcpServers\": { \"b\": {} } }"),
        ("vscode", format!("{config}/Code/User/mcp.json"), "// mine\n{\n\t\"servers\": {\n\t},\n}\n"),
        ("codex", ".codex/config.toml".to_owned(), "model = \"o9\""),
        ("gemini", ".gemini/settings.json".to_owned(), "{} // nothing yet\n"),
    ] {
        let world = World::empty();
        let path = world.home().join(&file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, before).unwrap();
        let data = world.home().join("my data");
        let data = data.to_str().unwrap();
        let words = ["install", client, "--program", PROGRAM, "--yes", "--json", "--data-dir", data, "--listen", "0"];
        let output = world.footbridge(&words);
        assert!(output.status.success(), "{client}: {}{}", stderr(&output), stdout(&output));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(told["entry"]["args"], json!(["mcp", "--data-dir", data, "--listen", "0"]), "{client}");
        assert!(told["server"]["server"].as_str().unwrap().starts_with("footbridge "), "{told}");
        assert!(told["server"]["tools"].as_array().unwrap().contains(&json!("s3_get_object")), "{told}");
        assert!(told["server"]["instructions"].as_str().unwrap().contains("LOCAL"), "{told}");
        assert!(Path::new(data).join("footbridge.redb").exists(), "{client}: the data is where the entry says");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("footbridge") && text.contains("my data"), "{client}: {text}");

        let again = world.footbridge(&words);
        let told: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!((&told["changed"], fs::read_to_string(&path).unwrap()), (&json!(false), text), "{client}");
        assert!(world.footbridge(&["uninstall", client, "--yes"]).status.success());
        assert_eq!(fs::read_to_string(&path).unwrap(), before, "{client}");
        let none = world.footbridge(&["uninstall", client]);
        assert!(none.status.success() && stdout(&none).contains("has no server footbridge"), "{}", stderr(&none));
        let left: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".footbridge")), "{left:?}");
    }
}

#[test]
fn a_projects_file_names_no_place_of_this_machine_but_the_program_and_what_was_asked_for() {
    let world = World::empty();
    let words = [
        "install",
        "claude-code",
        "--project",
        "--program",
        PROGRAM,
        "--yes",
        "--store",
        "shop",
        "--mode",
        "read-only",
        "--listen",
        "0",
    ];
    let output = world.footbridge(&words);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("tools") && stdout(&output).contains("whoever else"), "{}", stdout(&output));
    let entry = &read(&world.work().join(".mcp.json"))["mcpServers"]["footbridge"];
    assert_eq!(
        entry,
        &json!({ "command": PROGRAM, "args": ["mcp", "--mode", "read-only", "--store", "shop", "--listen", "0"] })
    );
    assert!(!world.home().join(".claude.json").exists());
}

#[test]
fn a_build_is_refused_and_so_is_an_entry_that_is_not_ours() {
    let world = World::empty();
    let output = world.footbridge(&["install", "cursor", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cargo install --path ."), "{}", stderr(&output));
    let path = world.home().join(".cursor/mcp.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = r#"{"mcpServers": {"footbridge": {"command": "npx", "args": ["-y", "footbridge-of-others"]}}}"#;
    fs::write(&path, text).unwrap();
    for words in [&["install", "cursor", "--yes", "--program", PROGRAM][..], &["uninstall", "cursor", "--yes"]] {
        let output = world.footbridge(words);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(".cursor/mcp.json") && said.contains("npx -y footbridge-of-others"), "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let other = world.footbridge(&["install", "codex", "--yes", "--program", "/usr/local/bin/fb"]);
    assert!(
        other.status.code() == Some(1) && stderr(&other).contains("call the program footbridge"),
        "{}",
        stderr(&other)
    );
    let named = ["install", "cursor", "--yes", "--program", PROGRAM, "--name", "aws-dev", "--listen", "0"];
    let output = world.footbridge(&named);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(read(&path)["mcpServers"].as_object().unwrap().len(), 2);
}

#[test]
fn a_server_that_does_not_start_is_told_with_its_own_words() {
    let world = World::empty();
    world.write("footbridge", "#!/bin/sh\necho 'no such thing' >&2\nexit 7\n");
    let program = world.work().join("footbridge");
    assert!(world.sh("chmod +x footbridge").status.success());
    let output = world.footbridge(&["install", "codex", "--yes", "--program", program.to_str().unwrap()]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no such thing") && said.contains("uninstall"), "{said}");
    let output = world.footbridge(&["install", "codex", "--yes", "--program", "/nowhere/footbridge"]);
    assert!(stderr(&output).contains("/nowhere/footbridge"), "{}", stderr(&output));
}
