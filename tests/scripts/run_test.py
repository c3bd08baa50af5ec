"""`.ci/run` on trees of tiny steps: two lanes side by side, failures, hangs, what is missing, time, signals."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

CI = Path(__file__).resolve().parents[2] / ".ci"
SECONDS = 60
# It builds what it is told to build.
CARGO = """\
#!/bin/sh
echo "$@" >>cargo.log
mkdir -p target/debug
printf '#!/bin/sh\\necho the first build\\n' >target/debug/footbridge
chmod +x target/debug/footbridge
exit ${CARGO_CODE:-0}
"""


class Run(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name)
        (self.root / ".ci/steps").mkdir(parents=True)
        (self.root / ".ci/nightly").mkdir()
        for name in ("run", "lib.sh", "not-here", "steps/02-tools.sh", "steps/04-program.sh"):
            shutil.copy(CI / name, self.root / ".ci" / name)
        self.cargo = self.root / "cargo"
        self.cargo.write_text(CARGO)
        self.cargo.chmod(0o755)

    def step(self, name, lane, body, budget=20, folder="steps", head=None):
        head = f"# what: {name} holds\n# lane: {lane}\n# budget: {budget}\n" if head is None else head
        (self.root / ".ci" / folder / f"{name}.sh").write_text(f"{head}{body}\n")

    def start(self, *words, **more):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("CI_", "CARGO"))}
        environment |= {"CARGO": str(self.cargo), "CI_CACHE": str(self.root / "cache"), "CI_PATIENCE": "3"} | more
        process = subprocess.Popen(["bash", str(self.root / ".ci/run"), *words], env=environment, text=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        return process

    def run_it(self, *words, **more):
        """Exit code, the last line, and all that it said."""
        process = self.start(*words, **more)
        out = process.communicate(timeout=SECONDS)[0]
        return process.returncode, out.splitlines()[-1], out

    def ended(self, out):
        """What became of each step, by name."""
        return {name: verdict for name, verdict in re.findall(r"^\S+ +(\S+) +(passed|FAILED|not run) +\d+ s of", out, re.MULTILINE)}

    def assert_gone(self, name):
        """The process whose id is in that file was ended by a signal that cannot be ignored, or sooner."""
        number = int((self.root / name).read_text())
        deadline = time.monotonic() + SECONDS
        # Whoever adopted it may take its time to read its exit code.
        while subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True).stdout.strip()[:1] not in ("", "Z"):
            self.assertLess(time.monotonic(), deadline, f"{name} still runs")
            time.sleep(0.02)

    def test_the_lanes_run_side_by_side_and_each_in_the_order_of_names(self):
        meet = "touch {mine}; for i in $(seq 200); do [ ! -e {other} ] || exit 0; sleep 0.05; done; exit 1"
        self.step("10-one", "compile", meet.format(mine="a", other="b"))
        self.step("20-two", "clients", meet.format(mine="b", other="a"))
        self.step("30-three", "compile", "[ -e a ]; report three times")
        code, last, out = self.run_it("one", "two", "three")
        self.assertEqual((code, last), (0, "ci: 3 passed, 0 failed"), out)
        self.assertRegex(out, r"(?m)^compile +one +passed .*\ncompile +three +passed .*\nclients +two +passed .*\nall +\d+ s of +3300 s$")
        self.assertIn("  three times", out)

    def test_failures_of_both_lanes_are_shown_each_in_one_piece(self):
        for lane, name in [("compile", "10-left"), ("clients", "20-right")]:
            self.step(name, lane, f"for i in $(seq 60); do echo {name} $i; sleep 0.01; done; false; echo never")
        code, last, out = self.run_it("left", "right")
        self.assertEqual((code, last), (1, "ci: 0 passed, 2 failed"), out)
        for name in ("10-left", "20-right"):
            self.assertIn("".join(f"{name} {i}\n" for i in range(1, 61)) + "-- exit code 1", out)

    def test_a_step_that_hangs_is_ended_with_all_that_it_started(self):
        self.step("10-hang", "compile", "trap '' TERM; (trap '' TERM; echo $BASHPID >deaf; sleep 1000) & sleep 1000", budget=1)
        self.step("20-leave", "clients", "sleep 1000 & echo $! >left")
        code, last, out = self.run_it("hang", "leave")
        self.assertEqual((code, last), (1, "ci: 1 passed, 1 failed"), out)
        self.assertIn("ended after", out)
        self.assert_gone("deaf")
        self.assert_gone("left")

    def test_a_step_without_its_head_fails(self):
        self.step("10-what", "", "true", head="# lane: compile\n# budget: 1\n")
        self.step("11-lane", "", "true", head="# what: it\n# budget: 1\n")
        self.step("12-other", "", "true", head="# what: it\n# lane: others\n# budget: 1\n")
        self.step("13-budget", "", "true", head="# what: it\n# lane: clients\n# budget: soon\n")
        self.step("14-whole", "clients", "true")
        code, last, out = self.run_it("1", "what", "lane", "other", "budget", "whole")
        self.assertEqual((code, last), (1, "ci: 1 passed, 4 failed"), out)
        self.assertIn("== other: not run, because it has no line like `# lane: (compile|clients)$`", out)

    def test_clients_get_a_program_that_does_not_change(self):
        self.step("10-later", "compile", "printf '#!/bin/sh\\necho another\\n' >target/debug/footbridge; touch replaced")
        self.step("20-client", "clients", "debug_program\nfor i in $(seq 200); do [ ! -e replaced ] || break; sleep 0.05; done; report \"$($PROGRAM)\"")
        code, last, out = self.run_it("later", "client")
        self.assertEqual((code, last), (0, "ci: 3 passed, 0 failed"), out)
        self.assertIn("  the first build", out)
        self.assertEqual((self.root / "cargo.log").read_text().count("\n"), 1)

    def test_a_program_that_does_not_build_is_one_failure(self):
        self.step("20-client", "clients", "debug_program\ntouch ran")
        self.step("21-compiled", "compile", "debug_program\ntouch ran")
        self.step("22-free", "clients", "true")
        code, last, out = self.run_it(CARGO_CODE="1")
        self.assertEqual((code, last), (1, "ci: 2 passed, 1 failed"), out)
        self.assertEqual(self.ended(out), {"tools": "passed", "program": "FAILED", "client": "not run", "compiled": "not run", "free": "passed"})
        self.assertFalse((self.root / "ran").exists())
        (self.root / ".ci/steps/04-program.sh").unlink()
        code, last, out = self.run_it("client")
        self.assertEqual((code, last), (1, "ci: 0 passed, 1 failed"), out)

    def test_what_is_not_here_is_skipped_where_it_is_listed(self):
        (self.root / ".ci/not-here").write_text("rare: in no package registry\n")
        for name in ("20-rare", "21-common"):
            self.step(name, "clients", "not_here nothing of it\ntouch ran")
        self.step("22-whole", "clients", "true")
        code, last, out = self.run_it("rare", "whole")
        self.assertEqual((code, last), (0, "ci: 1 passed, 0 failed"), out)
        self.assertEqual(self.ended(out)["whole"], "passed")
        self.assertIn("  not here: nothing of it", out)
        self.assertRegex(out, r"(?m)^clients +rare +skipped ")
        self.assertEqual(self.run_it("rare")[0], 0)
        code, last, out = self.run_it("common")
        self.assertEqual((code, last), (1, "ci: 0 passed, 1 failed"), out)
        self.assertFalse((self.root / "ran").exists())

    def test_what_a_chosen_step_needs_comes_with_it(self):
        self.step("20-client", "clients", "debian /bin/sh dash\ndebug_program")
        self.step("21-other", "clients", "true")
        self.step("22-long", "clients", "debug_program", folder="nightly")
        self.assertEqual(set(self.ended(self.run_it("client")[2])), {"tools", "program", "client"})
        self.assertEqual(set(self.ended(self.run_it("-o")[2])), {"tools", "program", "client"})
        self.assertEqual(set(self.ended(self.run_it("nightly", "long")[2])), {"program", "long"})
        code, last, out = self.run_it("nobody")
        self.assertEqual((code, last), (1, "ci: 0 passed, 1 failed"), out)

    def test_the_lane_of_clients_has_no_compiler(self):
        self.step("20-client", "clients", "cargo build")
        code, _, out = self.run_it("client")
        self.assertEqual(code, 1)
        self.assertIn("what uses cargo belongs into the lane compile", out)

    def test_a_run_ends_with_its_time(self):
        self.step("10-long", "compile", "echo begun; sleep 1000")
        self.step("11-late", "compile", "touch ran")
        self.step("20-short", "clients", "true")
        code, last, out = self.run_it("long", "late", "short", CI_LIMIT="2")
        # The two steps of the first lane, and the run itself.
        self.assertEqual((code, last), (1, "ci: 1 passed, 3 failed"), out)
        self.assertIn("not begun: the 2 s of the run were over", out)
        self.assertFalse((self.root / "ran").exists())

    def test_a_signal_ends_both_lanes(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                for lane, name in [("compile", "10-left"), ("clients", "20-right")]:
                    (self.root / lane).unlink(missing_ok=True)
                    self.step(name, lane, f"sleep 1000 & echo $! >{lane}.new; mv {lane}.new {lane}; wait")
                process = self.start("left", "right")
                deadline = time.monotonic() + SECONDS
                while not all((self.root / lane).exists() for lane in ("compile", "clients")):
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.02)
                process.send_signal(number)
                out = process.communicate(timeout=SECONDS)[0]
                self.assertEqual((process.returncode, out.splitlines()[-1]), (130, "ci: ended by a signal"))
                self.assert_gone("compile")
                self.assert_gone("clients")

    def test_steps_see_no_credentials_and_take_an_interrupt(self):
        self.step("10-bare", "compile", "env; [ -z \"${AWS_PROFILE-}${HTTPS_PROXY-}${FOOTBRIDGE_MODE-}\" ]")
        self.step("11-interrupt", "compile", "code=0; bash -c 'kill -INT $$; sleep 9' || code=$?; [ $code -eq 130 ]")
        code, _, out = self.run_it("bare", "interrupt", AWS_PROFILE="production", HTTPS_PROXY="http://127.0.0.1:1", FOOTBRIDGE_MODE="ask")
        self.assertEqual(code, 0, out)


if __name__ == "__main__":
    unittest.main()
