"""packages/npm: packed with the built program, installed in clean folders without a network, and used with Vitest, Jest and types."""

import argparse
import json
import os
import platform
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "packages/npm"
FIXTURES = ROOT / "tests/scripts/npm"
HERE = f"{sys.platform}-{({'x86_64': 'x64', 'aarch64': 'arm64'}).get(platform.machine(), platform.machine())}"
# Seconds of a processor that 50 tests may take beyond the runner's own start, also where the program has no optimization. The time on
# a clock is only reported: the other lane may have the machine.
ALLOWED = 5


def run(*words, cwd, **more):
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def seconds(what):
    """How long it takes, and how much of a processor."""
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    what()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def gone(pid):
    """Waits until the process is no more; one that nobody has reaped is none."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        try:
            if status.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} goes on without its parent")


def pack(program, root):
    """The tarballs; with the program twice, once to see that the same files give the same bytes."""
    stripped = root / "footbridge"
    run("strip", "-o", stripped, program, cwd=root)
    out = root / "dist"
    run("node", PACKAGE / "pack.mjs", "--binary", f"{HERE}={stripped}", "--out", out, "--level", "1", cwd=root)
    for name in ("one", "two"):
        run("node", PACKAGE / "pack.mjs", "--out", root / name, cwd=root)
    main = "footbridge-aws-0.1.0.tgz"
    assert (root / "one" / main).read_bytes() == (root / "two" / main).read_bytes(), "packed twice, it is not the same"
    refused = subprocess.run(["node", PACKAGE / "pack.mjs", "--binary", "plan9-x64=a"], capture_output=True, text=True, cwd=root)
    assert refused.returncode == 2 and HERE in refused.stderr, refused
    return sorted(out.iterdir())


def folder(root, name, modules, kind):
    """A clean project, with the tools that it wants in the folder above it."""
    there = root / name
    there.mkdir()
    (there / "node_modules").symlink_to(modules)
    project = there / "project"
    shutil.copytree(FIXTURES / name, project)
    (project / "package.json").write_text(json.dumps({"private": True, "type": kind}))
    return project


def install(project, tarballs):
    run("npm", "install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", *tarballs, cwd=project)


def suite(name, project, tarballs, command):
    """From nothing to green, and what fifty tests take beyond the runner's own start."""

    def tests(**more):
        run(*command, cwd=project, env={**os.environ, **more})

    bare, bare_used = seconds(lambda: tests(BARE="1"))
    whole, _ = seconds(lambda: (install(project, tarballs), tests()))
    fifty, fifty_used = seconds(tests)
    print(f"report: {name}: installed and green in {whole:.1f} s; 50 tests {fifty - bare:.2f} s beyond the {bare:.2f} s of an empty one")
    assert fifty_used - bare_used < ALLOWED, f"50 tests with {name} take {fifty_used - bare_used:.1f} s of a processor"


def check_types(project, tools):
    tsc = [tools / ".bin/tsc", "-p"]
    run(*tsc, project, cwd=project)
    run("node", tools / "publint/src/cli.js", "node_modules/footbridge-aws", "--strict", cwd=project)


def check_sources(root, tools, vitest, jest):
    """The implementation is what its types say, by the compiler's strictest measure."""
    config = root / "tsconfig.json"
    paths = {"vitest": [f"{vitest}/vitest/dist/index.d.ts"], "@jest/globals": [f"{jest}/@jest/globals"]}
    config.write_text(json.dumps({
        "extends": str(PACKAGE / "tsconfig.json"),
        "compilerOptions": {"typeRoots": [f"{tools}/@types"], "paths": paths},
        "files": [str(PACKAGE / f"lib/{name}") for name in ("index.cjs", "index.mjs", "jest.cjs", "vitest.mjs")],
        "include": [str(PACKAGE / name) for name in ("bin/*", "lib/*", "pack.mjs")],
    }))
    run(tools / ".bin/tsc", "-p", config, cwd=root)


def check_tarball(root, tools, tarballs):
    [main] = [tarball for tarball in tarballs if tarball.name == "footbridge-aws-0.1.0.tgz"]
    # vitest is for ES modules only, as Vitest is; jest is CommonJS only, as Jest takes it.
    run("node", tools / "@arethetypeswrong/cli/dist/index.js", main, "--profile", "node16", "--exclude-entrypoints", "vitest", cwd=root)


def check_use(project, root):
    """Without a test runner."""
    seed = root / "seed"
    (seed / "s3/photos").mkdir(parents=True)
    (seed / "s3/photos/cat.jpg").write_text("meow")
    (seed / "dynamodb").mkdir()
    schema = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    (seed / "dynamodb/orders.schema.json").write_text(json.dumps(schema))
    (seed / "dynamodb/orders.json").write_text('[{"id": "1"}]')
    for name in ("uses.mjs", "parent.mjs"):
        shutil.copy(FIXTURES / name, project)
    # What a project has set up is not for its tests.
    (project / "footbridge.toml").write_text('regoin = "x"')
    gone(int(run("node", "uses.mjs", seed, cwd=project)))
    with subprocess.Popen(["node", "parent.mjs"], cwd=project, stdout=subprocess.PIPE, text=True) as parent:
        child = json.loads(parent.stdout.readline())["pid"]
        os.kill(child, 0)
        parent.send_signal(signal.SIGKILL)
    gone(child)
    print("report: the child of a parent that was killed has ended")


def check_command(project):
    """`footbridge` of the package is the program: its output, exit code, input and signals, with a newer Node and an older."""
    launcher = project / "node_modules/footbridge-aws/bin/footbridge.js"
    (project / "older.cjs").write_text("process.execve = undefined;")
    for command in ([project / "node_modules/.bin/footbridge"], ["node", "-r", "./older.cjs", launcher]):
        assert run(*command, "--version", cwd=project) == "footbridge 0.1.0\n"
        wrong = subprocess.run([*command, "serve", "--region", "no region"], cwd=project, capture_output=True, text=True)
        assert wrong.returncode == 2, wrong
        (project / "footbridge.toml").unlink(missing_ok=True)
        with subprocess.Popen([*command, "serve", "--ephemeral", "--listen", "0", "--json"], cwd=project, stdout=subprocess.PIPE) as serve:
            child = json.loads(serve.stdout.readline())["pid"]
            serve.terminate()
        assert serve.returncode == 0, serve.returncode
        gone(child)
    shutil.rmtree(project / f"node_modules/footbridge-aws-{HERE}")
    lacking = subprocess.run(["node", launcher, "--version"], cwd=project, capture_output=True, text=True)
    assert lacking.returncode == 1 and f"footbridge-aws-{HERE}" in lacking.stderr and "optional" in lacking.stderr, lacking


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "tools", "vitest", "jest"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        os.environ.update(HOME=str(root), NO_COLOR="1")
        tarballs = pack(options.program, root)
        check_sources(root, options.tools, options.vitest, options.jest)
        check_tarball(root, options.tools, tarballs)
        vitest = folder(root, "vitest", options.vitest, "module")
        suite("vitest", vitest, tarballs, ["node", "../node_modules/vitest/vitest.mjs", "run"])
        jest = folder(root, "jest", options.jest, "commonjs")
        suite("jest", jest, tarballs, ["node", "../node_modules/jest/bin/jest.js", "--no-cache"])
        types = folder(root, "types", options.tools, "module")
        install(types, tarballs)
        check_types(types, options.tools)
        check_use(types, root)
        check_command(types)


if __name__ == "__main__":
    main()
