"""`references` starts what it is told, tells the command where it is, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REFERENCES = Path(__file__).with_name("references")
SECONDS = 30
# It holds a pipe open for as long as it lives, and answers like anything that is ready.
ENGINE = """\
#!{python}
import http.server, os, sys
held = os.open({pipe!r}, os.O_WRONLY)
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        os.write(held, " ".join(sorted(os.environ)).encode() + b"\\n")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[4])), Ready).serve_forever()
"""


class References(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        self.temporary = self.place / "tmp"
        self.temporary.mkdir()
        self.pipe = self.place / "pipe"
        os.mkfifo(self.pipe)
        # Opened for both ends' sake: a FIFO blocks whoever opens it alone.
        self.reading = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, self.reading)
        self.engine = self.program(ENGINE.format(python=sys.executable, pipe=str(self.pipe)))

    def program(self, text):
        path = self.place / f"program-{len(list(self.place.iterdir()))}"
        path.write_text(text)
        path.chmod(0o755)
        return path

    def start(self, *words, engine=None):
        environment = os.environ | {
            "FOOTBRIDGE_ENGINE_MOTO": str(engine or self.engine), "TMPDIR": str(self.temporary), "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_PROFILE": "production", "HTTPS_PROXY": "http://127.0.0.1:1", "FOOTBRIDGE_PARITY_STEPS": "7",
        }
        process = subprocess.Popen([sys.executable, str(REFERENCES), *map(str, words)], env=environment, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        return process

    def ended(self, process):
        """What it said. The pipes end only when all that it started, bar the engine, has ended too."""
        out, error = process.communicate(timeout=SECONDS)
        return process.returncode, out, error

    def run_it(self, *words, **options):
        return self.ended(self.start(*words, **options))

    def nothing_is_left(self):
        os.set_blocking(self.reading, True)
        said = b""
        while part := os.read(self.reading, 65536):
            said += part
        self.assertEqual(list(self.temporary.iterdir()), [])
        return said.decode()

    def test_the_command_hears_where_the_engine_is_and_its_code_is_given_back(self):
        code, out, _ = self.run_it("moto", "far:s3=https://KEY:a%2Fb@far.example:1/", "near=http://localhost:8000", "--", "sh", "-c",
                                   "echo $FOOTBRIDGE_PARITY_ENGINES; echo $FOOTBRIDGE_PARITY_STEPS $AWS_PROFILE $HTTPS_PROXY; exit 7")
        self.assertEqual(code, 7)
        engines, rest = out.splitlines()
        self.assertRegex(engines, r"^moto:s3\+dynamodb=http://test:test@127\.0\.0\.1:\d+,far:s3=https://KEY:a%2Fb@far\.example:1,"
                                  r"near:s3\+dynamodb=http://test:test@localhost:8000$")
        self.assertEqual(rest, "7")
        seen = self.nothing_is_left().split("\n")[0].split()
        self.assertIn("HOME", seen)
        self.assertEqual([name for name in seen if name.startswith(("AWS_PROFILE", "HTTP", "FOOTBRIDGE"))], [])

    def test_what_the_command_left_running_is_ended(self):
        code, out, _ = self.run_it("moto", "--", "sh", "-c", "sleep 300 & echo started")
        self.assertEqual((code, out), (0, "started\n"))
        self.nothing_is_left()

    def test_a_signal_ends_all(self):
        for number, wanted in [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]:
            with self.subTest(number.name):
                os.set_blocking(self.reading, False)
                process = self.start("moto", "--", "sh", "-c", "sleep 300 & echo started; wait")
                self.assertEqual(process.stdout.readline(), "started\n")
                process.send_signal(number)
                self.assertEqual(self.ended(process)[0], wanted)
                self.nothing_is_left()

    def test_without_a_command_it_says_what_to_set_and_stays(self):
        process = self.start("moto")
        self.assertRegex(process.stdout.readline(), r"^export FOOTBRIDGE_PARITY_ENGINES='moto:s3\+dynamodb=http://\S+'$")
        process.terminate()
        self.assertEqual(self.ended(process)[0], 143)
        self.nothing_is_left()

    def test_an_engine_that_ends_as_it_starts_is_quoted(self):
        broken = self.program("#!/bin/sh\necho its last words; exit 3\n")
        code, out, error = self.run_it("moto", "--", "echo", "never", engine=broken)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("moto ended with 3 as it started:\nits last words", error)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_an_engine_that_ends_too_early_is_started_again(self):
        engine = self.program(f"#!/bin/sh\necho $$ >pid\nexec {self.engine} \"$@\"\n")
        # The engine's pipe ends with it, and can be opened again only when another engine holds it.
        kill = f"exec 3<{self.pipe}; kill -9 $(cat {self.temporary}/*/moto/pid); cat <&3 >/dev/null; exec 3<{self.pipe}; echo back"
        code, out, error = self.run_it("moto", "--logs", self.place / "logs", "--", "sh", "-c", kill, engine=engine)
        self.assertEqual((code, out), (0, "back\n"))
        self.assertIn("moto ended by itself 1 times", error)
        self.assertTrue((self.place / "logs" / "moto.log").is_file())
        self.nothing_is_left()

    def test_what_cannot_be_done_is_said(self):
        for words, said in [
            (["nobody", "--", "true"], "no engine is named `nobody`"),
            (["moto", "moto", "--", "true"], "named twice: moto"),
            (["moto", "moto=http://localhost:1", "--", "true"], "named twice: moto"),
            (["x=localhost:1", "--", "true"], "`x=localhost:1` is not NAME=http://HOST:PORT"),
            (["x:sqs=http://localhost:1", "--", "true"], "not sqs"),
            (["moto", "--", "no-such-command"], "there is no command `no-such-command`"),
        ]:
            with self.subTest(said):
                code, out, error = self.run_it(*words)
                self.assertEqual((code, out), (2, ""))
                self.assertIn(said, error)
        code, _, error = self.run_it("moto", "--", "true", engine=self.place / "nothing")
        self.assertEqual(code, 2)
        self.assertIn("moto is not installed: pip install", error)


if __name__ == "__main__":
    unittest.main()
