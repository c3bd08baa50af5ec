//! `--help`: what it shows, and that its examples work.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use clap::Command;

use crate::world::{World, stderr, stdout};

/// Every subcommand with its help, as `footbridge journal tail` and its text.
fn pages() -> Vec<(String, String)> {
    fn add(command: &mut Command, name: &str, pages: &mut Vec<(String, String)>) {
        pages.push((name.to_owned(), command.render_long_help().to_string()));
        for subcommand in command.get_subcommands_mut().filter(|subcommand| subcommand.get_name() != "help") {
            let name = format!("{name} {}", subcommand.get_name());
            add(subcommand, &name, pages);
        }
    }
    let mut command = footbridge::cli::command();
    command.build();
    let mut pages = Vec::new();
    add(&mut command, "footbridge", &mut pages);
    pages
}

/// The command lines of a page's examples.
fn examples(page: &str) -> Vec<&str> {
    let after = page.split_once("\nExamples:\n").map_or("", |(_, after)| after);
    let lines = after.lines().take_while(|line| line.starts_with("  "));
    lines.map(|line| line.trim().split("  ").next().unwrap()).collect()
}

#[test]
fn every_subcommand_has_two_examples_of_its_own() {
    for (name, page) in pages() {
        let examples = examples(&page);
        assert!((2..=4).contains(&examples.len()), "{name}: {examples:?}");
        let subcommand = name.split(' ').nth(1).unwrap_or_default();
        // A terminal of a usual width must not break them.
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{name}: {page}");
        for example in examples {
            let is_its_own = example.split([' ', '(', ')']).any(|word| word == subcommand) || subcommand.is_empty();
            assert!(example.contains("footbridge ") && is_its_own, "{name}: {example}");
        }
    }
}

#[test]
fn every_example_works() {
    let world = World::new();
    for (name, page) in pages() {
        for example in examples(&page) {
            try_out(&world.copy(), &format!("{name}: {example}"), example);
        }
    }
}

fn try_out(world: &World, what: &str, example: &str) {
    if example.starts_with("footbridge serve") && !example.contains("--exit-with-parent") && !example.contains("--tui")
    {
        // It stays: it has worked once it says where it answers.
        let command = format!("exec {example}");
        let mut child = world.command("sh").args(["-c", &command]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(line.contains("http://"), "{what}: {line}");
        return;
    }
    if let Some(start) = example.strip_suffix("--http 4570") {
        // So does this, at a port of the kernel's: others may have that one.
        let mut child =
            world.command("sh").args(["-c", &format!("exec {start}--http 0")]).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let told = lines.any(|line| line.contains("http://"));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(told, "{what}");
        return;
    }
    // While it waits.
    let _waiting = example.contains("4f2a91c0").then(|| world.waits("4f2a91c0-1111-4111-8111-111111111111"));
    let output = world.sh(example);
    let (code, said) = (output.status.code().unwrap(), stderr(&output));
    match code {
        0 => {}
        2 => assert!(example.contains("tui") && said.contains("needs a terminal"), "{what}: {said}"),
        // The journal begins after what was seeded, so that its calls are answered otherwise on an empty store.
        1 if example.starts_with("footbridge replay") => {
            assert!(stdout(&output).contains(" differ"), "{what}: {said}{}", stdout(&output));
        }
        // Nothing runs there.
        1 if example.starts_with("footbridge healthcheck") => assert!(said.contains("no footbridge answers"), "{said}"),
        // A build is no program that stays.
        1 if example.contains(" install ") => assert!(said.contains("cargo install"), "{what}: {said}"),
        // Nothing answers for AWS here.
        1 | 4 => assert!(example.contains("--backend aws"), "{what}: {said}{}", stdout(&output)),
        _ => panic!("{what}: {code} {said}"),
    }
}

#[test]
fn own_options_come_first_and_the_global_ones_under_headings() {
    const HEADINGS: [&str; 4] = ["\nWhere calls go:", "\nLocal data:", "\nLocal endpoint:", "\nGeneral:"];
    for (name, page) in pages() {
        let places: Vec<_> = HEADINGS.iter().filter_map(|heading| page.find(heading)).collect();
        let own = page.find("\nOptions:").unwrap();
        assert!(places.is_sorted() && places.iter().all(|place| own < *place), "{name}: {page}");
        assert!(places.last().unwrap() < &page.find("\nExamples:").unwrap(), "{name}: {page}");
    }
    let page = |sought: &str| pages().into_iter().find(|(name, _)| name == sought).unwrap().1;
    let shows = |name: &str, option: &str| page(name).contains(option);
    for option in ["--backend", "--listen", "--mode", "--files", "--ephemeral", "--region"] {
        assert!(shows("footbridge mcp", option) && !shows("footbridge fsck", option), "{option}");
    }
    assert!(shows("footbridge fsck", "--data-dir") && shows("footbridge fsck", "--json"));
    assert!(!shows("footbridge journal tail", "--listen") && !shows("footbridge trust", "--data-dir"));
}

#[test]
fn a_global_option_that_help_leaves_out_is_taken_before_and_after_the_subcommand() {
    let world = World::empty();
    for words in [["--listen", "0", "completions", "fish"], ["completions", "--listen", "0", "fish"]] {
        assert!(world.footbridge(&words).status.success(), "{words:?}");
    }
    let page = stdout(&world.footbridge(&["fsck", "--help"]));
    assert!(page.contains("--repair") && !page.contains("--backend"), "{page}");
}
