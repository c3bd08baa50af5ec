"""Programs that copy trees: rclone, restic and s5cmd, with a tree of small files and a large one."""

import json
import subprocess
import urllib.request

from aws_cli import contents, tree
from support.checks import run


def runner(program, command, **environment):
    """Calls the command with more arguments and gives what it printed; an exit code but 0 is an error here."""
    def call(*arguments):
        words = [str(command), *map(str, arguments)]
        done = subprocess.run(words, env=program.environment | environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=600, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)[:300]}: exit code {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    return call


def fetched(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
        return answer.read()


def rclone(checks, program, options):
    here = program.work / "here"
    tree(here, options.files, options.large)
    want = contents(here)
    # "Other" is for what is not AWS: with "AWS", it takes what it knows of AWS's own hosts for granted.
    environment = {f"RCLONE_CONFIG_FB_{name}": value for name, value in {
        "TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": program.endpoint, "REGION": "us-east-1", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test",
    }.items()}
    call = runner(program, options.rclone, RCLONE_CONFIG="/dev/null", RCLONE_S3_UPLOAD_CUTOFF="8M", RCLONE_S3_CHUNK_SIZE="5M",
                  RCLONE_RETRIES="1", RCLONE_LOW_LEVEL_RETRIES="1", **environment)
    call("mkdir", "fb:clone")
    call("sync", here, "fb:clone/a")
    call("check", here, "fb:clone/a")
    call("check", "--download", here, "fb:clone/a")
    listed = json.loads(call("lsjson", "--recursive", "--files-only", "fb:clone/a"))
    checks.equal("lsjson", {row["Path"]: row["Size"] for row in listed}, {name: (here / name).stat().st_size for name in want})
    times = {row["Path"]: row["ModTime"][:19] for row in json.loads(call("lsjson", "--recursive", "--files-only", here))}
    checks.equal("the times of the files", {row["Path"]: row["ModTime"][:19] for row in listed}, times)
    call("copy", "fb:clone/a", "fb:clone/b")
    call("sync", "fb:clone/b", "back")
    checks.equal("what was copied there and back", contents(program.work / "back"), want)
    (program.work / "line.txt").write_text("0123456789")
    call("copyto", "line.txt", "fb:clone/line.txt")
    checks.equal("a range", call("cat", "--offset", 3, "--count", 4, "fb:clone/line.txt"), "3456")
    checks.equal("link", fetched(call("link", "fb:clone/line.txt").strip()), b"0123456789")
    call("moveto", "fb:clone/line.txt", "fb:clone/moved ü.txt")
    checks.equal("moveto", sorted(call("lsf", "--files-only", "fb:clone").splitlines()), ["moved ü.txt"])
    (here / "big.bin").unlink()
    call("sync", here, "fb:clone/a")
    checks.equal("a sync that deletes", {row["Path"] for row in json.loads(call("lsjson", "-R", "--files-only", "fb:clone/a"))}, set(contents(here)))
    call("purge", "fb:clone")
    checks.equal("nothing is left", call("lsd", "fb:"), "")


def restic(checks, program, options):
    here = program.work / "here"
    tree(here, options.files, options.large)
    want = contents(here)
    call = runner(program, options.restic, RESTIC_REPOSITORY=f"s3:{program.endpoint}/backups/one", RESTIC_PASSWORD="secret",
                  RESTIC_CACHE_DIR=str(program.root / "cache"))
    call("init")
    call("backup", here)
    # Parts of what is there already are not sent again.
    (here / "more.txt").write_text("more")
    second = json.loads(call("backup", "--json", here).splitlines()[-1])
    checks.equal("the second backup", (second["files_new"], second["files_unmodified"]), (1, len(want)))
    checks.equal("snapshots", len(json.loads(call("snapshots", "--json"))), 2)
    call("check", "--read-data")
    call("restore", "latest", "--target", "back")
    checks.equal("what came back", contents(program.work / "back" / here.relative_to("/")), contents(here))
    call("forget", "--keep-last", "1", "--prune")
    call("check", "--read-data")
    checks.equal("after a prune", len(json.loads(call("snapshots", "--json"))), 1)


def s5cmd(checks, program, options):
    here = program.work / "here"
    tree(here, options.files, options.large)
    want = contents(here)
    call = runner(program, options.s5cmd, S3_ENDPOINT_URL=program.endpoint)
    call("mb", "s3://fast")
    call("cp", "--part-size", "5", f"{here}/", "s3://fast/a/")
    rows = [json.loads(line) for line in call("--json", "ls", "s3://fast/a/*").splitlines()]
    checks.equal("ls", {row["key"].removeprefix("s3://fast/a/"): row["size"] for row in rows}, {name: (here / name).stat().st_size for name in want})
    call("cp", "--part-size", "5", "s3://fast/a/*", "back/")
    checks.equal("what came back", contents(program.work / "back"), want)
    call("sync", "--delete", f"{here}/", "s3://fast/a/")
    (here / "big.bin").unlink()
    call("sync", "--delete", f"{here}/", "s3://fast/a/")
    checks.equal("a sync that deletes", len(call("ls", "s3://fast/a/*").splitlines()), len(want) - 1)
    (program.work / "line.txt").write_text("0123456789")
    call("cp", "line.txt", "s3://fast/line.txt")
    call("cp", "s3://fast/line.txt", "s3://fast/copy.txt")
    call("mv", "s3://fast/copy.txt", "s3://fast/moved.txt")
    checks.equal("cat", call("cat", "s3://fast/moved.txt"), "0123456789")
    checks.equal("presign", fetched(call("presign", "s3://fast/moved.txt").strip()), b"0123456789")
    checks.equal("head", json.loads(call("head", "s3://fast/moved.txt"))["size"], 10)
    (program.work / "batch").write_text("".join(f"cp line.txt s3://fast/batch/{n}\n" for n in range(50)))
    call("run", "batch")
    checks.equal("run", len(call("ls", "s3://fast/batch/*").splitlines()), 50)
    call("rm", "s3://fast/*")
    call("rb", "s3://fast")
    checks.equal("nothing is left", call("ls"), "")


if __name__ == "__main__":
    run({call.__name__: call for call in (rclone, restic, s5cmd)}, __doc__, [
        (["--rclone"], {"default": "rclone", "help": "the program"}),
        (["--restic"], {"default": "restic", "help": "the program"}),
        (["--s5cmd"], {"default": "s5cmd", "help": "the program"}),
        (["--files"], {"type": int, "default": 200, "help": "how many files the tree has"}),
        (["--large"], {"type": int, "default": 24, "help": "the size of the large one, in MiB"}),
    ])
