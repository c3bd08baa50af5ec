//! `footbridge completions`.

use crate::world::{World, stderr, stdout};

/// What bash offers after these words.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let array = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let script = format!(
        "source <(footbridge completions bash)\n\
         COMP_WORDS=({array}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         _footbridge footbridge \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let output = world.command("bash").args(["--norc", "-c", &script]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_subcommands_options_and_the_names_of_tools() {
    let world = World::empty();
    assert_eq!(offered(&world, &["footbridge", "com"]), ["completions"]);
    assert_eq!(offered(&world, &["footbridge", "serve", "--exit"]), ["--exit-with-parent"]);
    assert_eq!(offered(&world, &["footbridge", "call", "s3_copy_o"]), ["s3_copy_object"]);
    assert_eq!(offered(&world, &["footbridge", "journal", "ta"]), ["tail"]);
}

#[test]
fn every_shell_gets_a_script_that_names_the_tools() {
    let world = World::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = world.footbridge(&["completions", shell]);
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {}", stderr(&output));
        // PowerShell's and elvish's know of options and subcommands alone.
        if !matches!(shell, "powershell" | "elvish") {
            assert!(stdout(&output).contains("dynamodb_query"), "{shell}");
        }
    }
    assert_eq!(world.footbridge(&["completions", "tcsh"]).status.code(), Some(2));
}
