"""What a linter finds in a copy of our files with one fault in it. A linter that finds nothing there checks nothing.

  linters_test.py --actionlint PROGRAM Workflows     # zizmor, check-jsonschema and shellcheck are on the PATH
  linters_test.py --gitleaks PROGRAM Secrets
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {}


class Case(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name)

    def run_in(self, *words, **more):
        done = subprocess.run(list(map(str, words)), cwd=self.root, capture_output=True, text=True, **more)
        return done.returncode, done.stdout + done.stderr

    def finds(self, said, *words):
        code, output = self.run_in(*words)
        self.assertNotEqual(code, 0, f"{words[0]} found nothing")
        self.assertIn(said, output)


class Workflows(Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / ".github", self.root / ".github")
        subprocess.run(["git", "init", "--quiet", str(self.root)], check=True)

    def plant(self, path, old, new):
        file = self.root / ".github" / path
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1))

    def zizmor(self):
        return ["zizmor", "--offline", "--quiet", "--config", ".github/zizmor.yml", ".github"]

    def test_an_output_that_no_job_has(self):
        self.plant("workflows/release.yml", "needs.check.outputs.version", "needs.check.outputs.verison")
        self.finds("verison", PROGRAMS["actionlint"])

    def test_a_script_with_a_fault_of_the_shell(self):
        self.plant("workflows/ci.yml", "run: bash .ci/run\n", "run: cp $GITHUB_WORKSPACE/a b\n")
        self.finds("SC2086", PROGRAMS["actionlint"])

    def test_a_script_of_an_action_with_a_fault_of_the_shell(self):
        words = [sys.executable, "-B", ROOT / "tests/scripts/action_scripts.py", ".github/actions/binary/action.yml"]
        self.assertEqual(self.run_in(*words), (0, ""))
        self.plant("actions/binary/action.yml", 'rustup target add "$TARGET"', "rustup target add $TARGET")
        self.finds("SC2086", *words)

    def test_text_that_becomes_code(self):
        self.plant("workflows/ci.yml", "run: bash .ci/run\n", "run: echo ${{ github.event.pull_request.title }}\n")
        self.finds("template-injection", *self.zizmor())

    def test_an_action_by_a_name_that_can_move(self):
        self.plant("workflows/ci.yml", "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "actions/checkout@v7")
        self.finds("unpinned-uses", *self.zizmor())

    def test_credentials_that_stay_in_the_checkout(self):
        self.plant("workflows/ci.yml", "          persist-credentials: false\n", "")
        self.finds("artipacked", *self.zizmor())

    def test_a_job_with_all_permissions(self):
        self.plant("workflows/ci.yml", "    permissions:\n      contents: read\n", "    permissions: write-all\n")
        self.finds("excessive-permissions", *self.zizmor())

    def test_a_form_and_a_configuration_with_unknown_words(self):
        self.plant("ISSUE_TEMPLATE/bug.yml", "type: textarea", "type: textfield")
        self.finds("textfield", "check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/bug.yml")
        self.plant("dependabot.yml", "interval: weekly", "interval: fortnightly")
        self.finds("fortnightly", "check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")


class Secrets(Case):
    # Put together here, so that this file has none.
    KEY = "AKIA" + "Z7QWJ4LMN2TX3KVP"

    def setUp(self):
        super().setUp()
        shutil.copy(ROOT / ".gitleaks.toml", self.root)
        shutil.copytree(ROOT / ".githooks", self.root / ".githooks")
        self.git("init", "--quiet")
        self.git("config", "core.hooksPath", ".githooks")
        self.commit("first")

    def git(self, *words):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True)

    def commit(self, text):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", text)

    def gitleaks(self, how):
        return [PROGRAMS["gitleaks"], how, "--config", ".gitleaks.toml", "--no-banner", "--no-color", "--redact", "."]

    def test_a_key_in_a_file_and_one_that_was_taken_out_again(self):
        self.assertEqual(self.run_in(*self.gitleaks("dir"))[0], 0)
        (self.root / "settings.rs").write_text(f'const KEY: &str = "{self.KEY}";\n')
        self.finds("leaks found", *self.gitleaks("dir"))
        self.commit("with a key")
        (self.root / "settings.rs").write_text("\n")
        self.commit("without")
        self.assertEqual(self.run_in(*self.gitleaks("dir"))[0], 0)
        self.finds("leaks found", *self.gitleaks("git"))

    def test_the_hook_holds_a_key_back(self):
        programs = self.root / "programs"
        programs.mkdir()
        (programs / "gitleaks").symlink_to(PROGRAMS["gitleaks"])
        env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        words = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "a key"]
        (self.root / "settings.rs").write_text(f'const KEY: &str = "{self.KEY}";\n')
        self.git("add", "settings.rs")
        code, output = self.run_in(*words, env=env)
        self.assertNotEqual(code, 0)
        self.assertNotIn(self.KEY, output)
        (self.root / "settings.rs").write_text("const KEY: &str = env!(\"KEY\");\n")
        self.git("add", "settings.rs")
        code, output = self.run_in(*words, env=env)
        self.assertEqual(code, 0, output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--actionlint")
    parser.add_argument("--gitleaks")
    options, rest = parser.parse_known_args()
    PROGRAMS.update(vars(options))
    unittest.main(argv=[sys.argv[0], *rest])
