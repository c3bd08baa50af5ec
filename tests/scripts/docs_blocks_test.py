"""`docs_blocks.py` finds a block that does not do what its page says, and an entry of its table that is of no use any more."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("docs_blocks.py")
# Stands for footbridge: it takes any settings but `wrong`, ends with what it is told, and serves what it said it would.
FOOTBRIDGE = """\
#!/usr/bin/env python3
import sys, time
words = sys.argv[1:]
if "--config" in words:
    sys.exit(2 if "wrong" in open(words[words.index("--config") + 1]).read() else 1)
if "serve" in words:
    print("at http://127.0.0.1", flush=True)
    sys.stdin.read()
sys.exit(int(words[1]) if words[:1] == ["end"] else 0)
"""


class Blocks(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name)
        (self.root / "docs").mkdir()
        self.program = self.root / "footbridge"
        self.program.write_text(FOOTBRIDGE)
        self.program.chmod(0o755)

    def run_page(self, page, table=""):
        (self.root / "docs" / "page.md").write_text(page)
        (self.root / "table.toml").write_text(table)
        command = [sys.executable, "-B", SCRIPT, "--program", self.program, "--root", self.root, "--table", self.root / "table.toml"]
        done = subprocess.run(command, env=os.environ | {"AWS_PROFILE": "production"}, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def finds(self, said, page, table=""):
        code, out = self.run_page(page, table)
        self.assertEqual(code, 1, out)
        self.assertIn(said, out)

    def passes(self, page, table=""):
        code, out = self.run_page(page, table)
        self.assertEqual(code, 0, out)
        return out

    def test_a_command_that_fails(self):
        self.finds("docs/page.md:3 (footbridge end 0) ended with 3", "# A\n\n```sh\nfootbridge end 0\nfootbridge end 3   # as if\n```\n")
        self.finds("ended with 127", "```sh\nno-such-command\n```\n")
        self.finds("ended with 1", "```sh\nfalse | true\n```\n")

    def test_a_page_is_one_shell_in_a_home_of_its_own(self):
        self.passes(
            '```sh\nexport WORD=here; mkdir -p a; cd a\ntest -z "${AWS_PROFILE-}"; touch ~/mine\n```\n'
            '```sh\ntest "$WORD" = here; test "$(basename "$PWD")" = a; test -e ~/mine\n```\n'
            "```python\nimport os\nassert os.environ['WORD'] == 'here'\n```\n"
        )
        self.finds("ended with 1", "```python\nraise SystemExit(1)\n```\n")

    def test_what_serves_goes_on_and_ends_with_the_page(self):
        out = self.passes("```sh\nfootbridge serve   # on\n```\n```sh\nkill -0 $(cat ~/pids)\ncat ~/pids >$REPOSITORY/pid\n```\n")
        self.assertIn("2 run", out)
        # One that ended has no program, also where nobody has asked for its exit code yet.
        self.assertFalse(Path(f"/proc/{(self.root / 'pid').read_text().strip()}/exe").exists())

    def test_ports_are_others_than_the_page_says(self):
        self.passes("```sh\nurl=http://127.0.0.1:4566/x; test \"${url%:*/x}\" = http://127.0.0.1; test $url != http://127.0.0.1:\"45\"66/x\n```\n")

    def test_what_does_not_parse(self):
        self.finds("does not parse", '```json\n{"a": 1,}\n```\n')
        self.finds("does not parse", "```toml\na = \n```\n")
        self.finds("is no footbridge.toml", '```toml\nwrong = "key"\n```\n')
        self.passes('```json\n{"a": 1}\n```\n```toml\nstore = "shop"\n```\n')

    def test_a_file_is_written_before_what_uses_it(self):
        self.passes("<!-- one/test_a.py -->\n```python\nprint('x')\n```\n```sh\npython3 one/test_a.py | grep x\n```\n")
        self.passes("<!-- ~/.config/a.toml -->\n```toml\na = 1\n```\n```sh\ngrep a ~/.config/a.toml\n```\n")

    def test_a_language_that_nothing_runs_wants_an_entry(self):
        page = "```rust\nfn main() {}\n```\n"
        self.finds("nothing here runs rust", page)
        entry = '[needs]\nlanguage = "shown"\n[["docs/page.md"]]\nfirst = "fn main"\nneeds = "language"\n'
        self.assertIn("1 not here, for language", self.passes(page, entry))

    def test_an_entry_that_is_of_no_use(self):
        page = "```sh\ntrue\n```\n"
        self.finds("no block of docs/page.md begins with `false` any more", page, '[["docs/page.md"]]\nfirst = "false"\n')
        self.finds("which [needs] does not explain", page, '[["docs/page.md"]]\nfirst = "true"\nneeds = "luck"\n')
        self.finds("nothing needs `network` any more", page, '[needs]\nnetwork = "downloads"\n')
        self.finds("has the unknown members need", page, '[["docs/page.md"]]\nfirst = "true"\nneed = "luck"\n')
        self.finds("is run by tests/gone.rs, which is not there", page, '[["docs/page.md"]]\nfirst = "true"\nrun_by = "tests/gone.rs"\n')

    def test_what_an_entry_says_is_done(self):
        page = "```sh\ncat made; test ID = 7\nno-such-command at all\n```\n"
        entry = '[needs]\nprogram = "is not here"\n[["docs/page.md"]]\nfirst = "cat made"\nbefore = "touch made"\n'
        entry += 'instead = { ID = "7" }\nwithout = { no-such-command = "program" }\n'
        self.assertIn("1 lines not here, for program", self.passes(page, entry))
        self.passes("```sh\nfootbridge end 3\n```\n", '[["docs/page.md"]]\nfirst = "footbridge"\ncode = 3\n')
        self.finds("what goes before it ended with 1", page, entry.replace("touch made", "false"))
        self.finds("ended with 1", "```sh\nfootbridge end 1\n```\n", '[["docs/page.md"]]\nfirst = "footbridge"\ncode = 3\n')


if __name__ == "__main__":
    unittest.main()
