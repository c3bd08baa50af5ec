"""Runs the command blocks of README and docs as a newcomer would: page by page, in order, in an empty home.

    docs_blocks.py --program FOOTBRIDGE [PAGE...]

`sh`, `python` and `js` blocks run and have to end with 0; `json` and `toml` parse, and a `toml` block is a footbridge.toml that
footbridge takes. A block after a comment with a path (`<!-- conftest.py -->`) is written there first. What cannot run
everywhere has an entry in docs_blocks.toml, with a reason; an entry whose block is gone is a failure, too.

Of one page, the blocks share the directory, the home and the variables of the shell. `footbridge serve`, `footbridge mcp --http` and
`footbridge journal tail -f` go on in the background once they answer, as in a terminal of their own. Ports are others than the page says.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.engines import reserve_port
from support.pages import Table, blocks_of, pages_of

SECONDS = 120
PORT = re.compile(r"(?:(?<=:)|(?<=--listen )|(?<=--http ))(?:4566|4570|5000|8000|9000)\b")
# Languages that are shown, and neither run nor read by anything here.
SHOWN = {"", "text", "console", "diff", "ini"}

FOOTBRIDGE = """\
#!/bin/sh
# What serves goes on behind the page's back, as it would in another terminal.
case " $* " in
  *" --help "* | *" --tui "*) ;;
  *" serve "* | *" --http "* | *" tail -f "*)
    ready=http://
    case " $* " in *" tail -f "*) ready= ;; esac
    said="$BLOCKS_ROOT/said-$$"
    setsid "$BLOCKS_PROGRAM" "$@" <"$BLOCKS_ROOT/held" >"$said" 2>&1 &
    pid=$!
    echo "$pid" >>"$BLOCKS_ROOT/pids"
    for _ in $(seq 3000); do
      if grep -q "$ready" "$said"; then cat "$said"; exit 0; fi
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.02
    done
    cat "$said"
    wait "$pid"
    exit ;;
esac
exec "$BLOCKS_PROGRAM" "$@"
"""


class Ports(dict):
    """For each port that a page names one of the kernel's choice."""

    def __missing__(self, said):
        self[said] = str(reserve_port())
        return self[said]

    def put(self, text):
        return PORT.sub(lambda port: self[port[0]], text)


class Page:
    """One page's home, directory and shell. Used with `with`: it ends what the page started."""

    def __init__(self, program, repository):
        self.root = Path(tempfile.mkdtemp(prefix="footbridge-page-"))
        self.ports = Ports()
        self.work = self.root / "work"
        self.work.mkdir()
        (self.root / "bin").mkdir()
        wrapper = self.root / "bin" / "footbridge"
        wrapper.write_text(FOOTBRIDGE)
        wrapper.chmod(0o755)
        os.mkfifo(self.root / "held")
        # Held open, so that what ends with its standard input stays.
        self.held = os.open(self.root / "held", os.O_RDWR)
        if modules := os.environ.get("NODE_MODULES"):
            (self.root / "node_modules").symlink_to(modules)
        self.environment = {
            name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ
        } | {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}", "HOME": str(self.root), "NO_COLOR": "1", "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true", "PYTHONDONTWRITEBYTECODE": "1", "FOOTBRIDGE_LISTEN": self.ports["4566"],
            "BLOCKS_ROOT": str(self.root), "BLOCKS_PROGRAM": str(program), "REPOSITORY": str(repository),
        }
        (self.root / "variables").write_text("")
        (self.root / "directory").write_text(str(self.work))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pids = self.root / "pids"
        running = [int(pid) for pid in pids.read_text().split()] if pids.exists() else []
        for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 2)):
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            deadline = time.monotonic() + patience
            while running and time.monotonic() < deadline:
                running = [pid for pid in running if Path(f"/proc/{pid}/exe").exists()]
                time.sleep(0.01)
        os.close(self.held)
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def directory(self):
        return Path((self.root / "directory").read_text().strip())

    def shell(self, text):
        """Runs it where the last one ended: (exit code, what it said)."""
        here = f". {self.root}/variables; cd \"$(cat {self.root}/directory)\"\n"
        there = f"\nexport -p >{self.root}/variables; pwd >{self.root}/directory\n"
        script = self.root / "block.sh"
        script.write_text(here + self.ports.put(text) + there)
        return self.run(["bash", "-eu", "-o", "pipefail", str(script)])

    def run(self, command):
        log = self.root / "log"
        with open(log, "wb") as out:
            process = subprocess.Popen(command, env=self.environment, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                       start_new_session=True)
            try:
                code = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                code = f"no end in {SECONDS} s"
        return code, log.read_text(errors="replace")


def text_of(block, entry):
    """What of a block runs."""
    text = "".join(line for line in block.text.splitlines(True) if not line.startswith(tuple(entry.get("without", {}))))
    for said, meant in entry.get("instead", {}).items():
        text = text.replace(said, meant)
    return text


def script_of(block):
    """A command for a program in another language, over the page's shell, whose variables it sees."""
    program = {"python": "python3 -", "js": "node --input-type=module -"}[block.language]
    return f"{program} <<'END_OF_BLOCK'\n{block.text}END_OF_BLOCK\n"


def try_block(page, block, entry):
    """What is wrong with it, or nothing."""
    if block.file:
        path = page.root / block.file[2:] if block.file.startswith("~/") else page.directory / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.ports.put(block.text))
    if block.language == "json":
        json.loads(block.text)
    elif block.language == "toml":
        tomllib.loads(block.text)
        if not block.file or Path(block.file).name == "footbridge.toml":
            return try_settings(page, block)
    elif not block.file:
        if before := entry.get("before"):
            code, said = page.shell(before)
            if code != 0:
                return f"what goes before it ended with {code}\n{said[-2000:]}"
        code, said = page.shell(text_of(block, entry) if block.language == "sh" else script_of(block))
        if code != entry.get("code", 0):
            return f"ended with {code}\n{said[-2000:]}"
    return None


def try_settings(page, block):
    """Whether footbridge takes it. Exit code 2 is for settings that are wrong; what else doctor finds is the machine's."""
    path = page.root / "settings.toml"
    path.write_text(page.ports.put(block.text))
    # Nothing is asked of AWS: the endpoint is a port where nobody listens.
    script = f"env AWS_ENDPOINT_URL=http://127.0.0.1:{page.ports['nobody']} footbridge --config {path} doctor -q || test $? -ne 2"
    code, said = page.run(["bash", "-c", script])
    return f"is no footbridge.toml\n{said}" if code != 0 else None


def try_page(program, root, name, table):
    """(faults, what was done with how many blocks)"""
    faults, done, began = [], Counter(), time.monotonic()
    with Page(program, root) as page:
        for block in blocks_of(root, name):
            if block.language in SHOWN or (block.file and (root / block.file).exists()):
                continue  # The second is compared with its file by tests/cli/documents.rs.
            entry = table.entry(block)
            if "needs" in entry:
                done[f"not here, for {entry['needs']}"] += 1
                continue
            if block.language not in {"sh", "json", "toml", "python", "js"} and not block.file:
                faults.append(f"{block}: nothing here runs {block.language}: it wants an entry in the table, or a path before it")
                continue
            for need in entry.get("without", {}).values():
                done[f"lines not here, for {need}"] += 1
            try:
                fault = try_block(page, block, entry)
            except ValueError as wrong:
                fault = f"does not parse: {wrong}"
            if fault:
                faults.append(f"{block} {fault}")
            done["run" if block.language not in {"json", "toml"} and not block.file else "read"] += 1
    print(f"{'FAILED' if faults else 'ok'}: {name} ({time.monotonic() - began:.1f} s): {dict(done)}", flush=True)
    return faults, done


def main():
    parser = argparse.ArgumentParser(description="Runs the command blocks of README and docs.")
    parser.add_argument("--program", type=Path, required=True, help="the footbridge binary")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="the top of the repository")
    parser.add_argument("--table", type=Path, default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("pages", nargs="*", help="these pages; without one, all")
    options = parser.parse_args()
    root = options.root.resolve()
    table = Table(options.table, root)
    faults, done = list(table.faults), Counter()
    pages = options.pages or pages_of(root)
    with ThreadPoolExecutor(2) as pool:
        for wrong, counted in pool.map(lambda page: try_page(options.program.resolve(), root, page, table), pages):
            faults += wrong
            done += counted
    if not options.pages:
        faults += table.unused()
    for fault in faults:
        print(f"FAILED: {fault}", flush=True)
    print("report: blocks: " + ", ".join(f"{count} {what}" for what, count in sorted(done.items(), reverse=True)) + f"; {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
