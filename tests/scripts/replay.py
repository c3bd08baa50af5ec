"""A journal of the demo, made again elsewhere: on an empty store, at a second footbridge, and on moto.

moto_server is looked for on the PATH. `--show FILE` keeps what a person would see of the moto run.
"""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from support.checks import run

# What moto answers otherwise, by call: the tool, the resource, and the first place that differs.
#
# AWS lists tables by name; moto as they were made. A key with a line break is no route of moto's web server.
MOTO = {
    ("dynamodb_list_tables", "", "tables"),
    ("s3_put_object", "s3://footbridge-awkward-keys/line\nbreak", "outcome"),
    ("s3_list_objects", "s3://footbridge-awkward-keys/*", "objects"),
}

# What the demo's client did over plain HTTP is no tool call: the object that it uploaded is missing.
UPLOADED = ("s3_get_object", "s3://footbridge-shop-media/notes/from-curl.txt", "outcome")


def demo(program):
    """Plays the demo, and gives its journal."""
    subprocess.run(program.command("demo", "--json"), env=program.environment, cwd=program.work,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120, check=True)
    return program.data / "stores" / "footbridge-demo" / "journal"


def footbridge(program, *arguments):
    """Runs a command that compares, as (exit code, steps, summary, standard error)."""
    done = subprocess.run([str(program.binary), *map(str, arguments), "--json"], env=program.environment, cwd=program.work,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, text=True)
    *steps, summary = [json.loads(line) for line in done.stdout.splitlines()] or [{}]
    return done.returncode, steps, summary.get("summary", {}), done.stderr


def differing(steps):
    def place(step):
        return step["differences"][0]["path"].split("[")[0].split(".")[0].split(" ")[0]

    return {(step["name"], " ".join(step.get("resources", [])), place(step)) for step in steps if step["verdict"] == "differs"}


def skipped(steps):
    return sorted((step["name"], step["reason"]["code"]) for step in steps if step["verdict"] == "not_replayed")


NOT_REPLAYED = [("GetObject", "presigned"), ("PutObject", "presigned"), ("bridge_status", "about_the_bridge"), ("dynamodb_delete_table", "refused")]


def empty_store(checks, program, _):
    code, steps, summary, _ = footbridge(program, "replay", demo(program), "--record", program.root / "again")
    checks.equal("calls that are not replayed", skipped(steps), NOT_REPLAYED)
    checks.equal("calls that differ", differing(steps), {UPLOADED})
    checks.equal("why", [step["follows"] for step in steps if step["verdict"] == "differs"],
                 [step["call"] for step in steps if step["name"] == "PutObject"])
    checks.equal("exit code", (code, summary["same"] > 80), (1, True))
    journal = program.data / "stores" / "footbridge-demo"
    code, steps, summary, _ = footbridge(program, "diff", journal, program.root / "again")
    checks.equal("diff finds the same", (code, differing(steps)), (1, {UPLOADED}))
    checks.equal("and what was not replayed", sorted(step["name"] for step in steps if step["verdict"] == "left_only"),
                 ["GetObject", "PutObject", "dynamodb_delete_table"])


def second_footbridge(checks, program, _):
    journal = demo(program)
    at = ["--backend", "aws", "--endpoint-url", program.endpoint]
    code, _, _, said = footbridge(program, "replay", journal, *at)
    checks.equal("writes wait for a person", code, 3)
    checks.contains("who is told which", said, "5 dynamodb_create_table")
    checks.equal("nothing was written", program.boto3("s3").list_buckets()["Buckets"], [])
    code, steps, _, said = footbridge(program, "replay", journal, *at, "--mode", "read-write")
    checks.equal("exit code", (code, skipped(steps)), (1, NOT_REPLAYED))
    checks.equal("calls that differ", differing(steps), {UPLOADED})
    # Now that all is there, what reads gives the same without any write.
    code, steps, summary, _ = footbridge(program, "replay", journal, *at, "--mode", "read-only", "--tool", "s3_get_object", "--tool", "dynamodb_scan")
    checks.equal("reads alone", (summary["not_replayed"], differing(steps)), (0, {UPLOADED}))


def moto(checks, program, options):
    server = shutil.which("moto_server")
    if server is None:
        raise RuntimeError("moto_server is not on the PATH: pip install 'moto[server]'")
    journal = demo(program)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with open(program.root / "moto.log", "wb") as log:
        process = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log, env=program.environment)
    program.running.append(process)
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5).read()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((program.root / "moto.log").read_text()[-2000:]) from None
            time.sleep(0.1)
    at = ["--backend", "aws", "--endpoint-url", url, "--mode", "read-write"]
    code, steps, summary, said = footbridge(program, "replay", journal, *at)
    checks.equal("exit code", (code, skipped(steps)), (1, NOT_REPLAYED))
    found = differing(steps)
    checks.equal("calls that differ", found, MOTO | {UPLOADED})
    print(f"report: replay.py: of the demo's {summary['calls']} calls moto answers {summary['same']} as recorded, {summary['differ']} otherwise")
    if options.show:
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=5).read()
        shown = subprocess.run([str(program.binary), "replay", str(journal), *at], env=program.environment, cwd=program.work,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        options.show.write_bytes(shown.stdout)


if __name__ == "__main__":
    run({"empty_store": empty_store, "second_footbridge": second_footbridge, "moto": moto}, __doc__,
        [(("--show",), {"type": Path, "default": None, "help": "a file for what a person sees of moto"})])
