"""MCP's conformance suite against footbridge's server: with the suite's things beside its tools, every scenario that a revision requires
passes; without them, only those fail that look for one of them.

    python3 conformance.py --server SERVER --modules NODE_MODULES
"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SECONDS = 150
REVISIONS = ["2025-11-25", "2026-07-28"]
# What the plain server fails, by what is missing in it. All else passes.
TOOLS = {"simple-text", "image", "audio", "embedded-resource", "mixed-content", "error", "with-progress"}
PROMPTS = {"prompts-list", "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image"}
# Completion is asked for a prompt of the suite's.
RESOURCES = {"resources-read-text", "resources-read-binary", "resources-templates-read", "completion-complete"}
MISSING = {
    "2025-11-25": {f"tools-call-{name}" for name in TOOLS | {"with-logging", "sampling", "elicitation"}} | PROMPTS | RESOURCES | {
        "elicitation-sep1034-defaults", "elicitation-sep1330-enums", "logging-set-level", "resources-subscribe", "resources-unsubscribe",
    },
    "2026-07-28": {f"tools-call-{name}" for name in TOOLS} | PROMPTS | RESOURCES | {"server-stateless", "caching"} | {
        f"input-required-result-{name}" for name in (
            "basic-elicitation", "basic-sampling", "basic-list-roots", "request-state", "multiple-input-requests", "multi-round",
            "non-tool-request", "result-type", "tampered-state", "capability-check",
        )
    },
}


def outcome(options, revision, plain):
    """The scenarios that passed and those that failed, of those that the revision requires; and the suite's own words."""
    words = [str(options.server), *(["--plain"] if plain else [])]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip()
            binaries = options.modules.resolve() / ".bin"
            suite = [binaries / "node", binaries / "conformance", "server", "--url", url, "--requirements", revision]
            done = subprocess.run([str(word) for word in suite], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        finally:
            server.stdin.close()
            server.wait(15)
    said = done.stdout + done.stderr
    summary, _, beside = said.partition("=== SUMMARY ===")[2].partition("Not scored")
    unscored = set(re.findall(r"^ +[✓✗] ([\w-]+)", beside, re.M))
    results = {name: mark == "✓" for mark, name in re.findall(r"^([✓✗]) ([\w-]+): ", summary, re.M) if name not in unscored}
    return results, said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=Path, required=True, help="the built example `conformance`")
    parser.add_argument("--modules", type=Path, required=True, help="the node_modules with the suite and node")
    options = parser.parse_args()
    runs = [(revision, plain) for revision in REVISIONS for plain in (False, True)]
    failed = 0
    with ThreadPoolExecutor(len(runs)) as pool:
        for (revision, plain), (results, said) in zip(runs, pool.map(lambda run: outcome(options, *run), runs)):
            fails = {name for name, passed in results.items() if not passed}
            wanted = MISSING[revision] if plain else set()
            server = "the plain server" if plain else "with the suite's things"
            print(f"report: {revision}, {server}: {len(results) - len(fails)} of {len(results)} scenarios pass", flush=True)
            if fails != wanted or len(results) < 30:
                failed += 1
                print(f"FAILED: {sorted(fails - wanted)} fail and should not; {sorted(wanted - fails)} pass and are listed as missing\n{said[-6000:]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
