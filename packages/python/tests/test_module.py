"""The module, as it is installed."""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time

import boto3
import footbridge
import pytest

PATIENCE = 30


@pytest.fixture
def folder(tmp_path):
    """A folder of seeds."""
    place = tmp_path / "seed"
    (place / "s3" / "photos").mkdir(parents=True)
    (place / "s3" / "photos" / "cat.jpg").write_bytes(b"meow")
    (place / "dynamodb").mkdir()
    schema = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
              "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}  # fmt: skip
    (place / "dynamodb" / "cats.schema.json").write_text(json.dumps(schema))
    (place / "dynamodb" / "cats.json").write_text('[{"id": "tom"}, {"id": "kit"}]')
    return place


def held(aws):
    """The names of buckets and tables."""
    buckets = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
    return buckets, aws.client("dynamodb").list_tables()["TableNames"]


def gone(pid):
    """Whether the process ends."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("options", [{}, {"strict": True}, {"keys": ("111122223333", "s")}, {"region": "eu-west-1"}])
@pytest.mark.parametrize("disk", [False, True])
def test_what_is_seeded_is_there_and_a_reset_takes_what_was_named(folder, tmp_path, options, disk):
    where = {"data_dir": tmp_path / "data"} if disk else {}
    with footbridge.start(seed=folder, **where, **options) as aws:
        assert held(aws) == (["photos"], ["cats"])
        assert aws.resource("dynamodb").Table("cats").get_item(Key={"id": "tom"})["Item"] == {"id": "tom"}
        aws.reset(tables=True)
        assert held(aws) == (["photos"], [])
        aws.seed(folder)
        aws.reset(buckets=True)
        assert held(aws) == ([], ["cats"])
        aws.reset()
        assert held(aws) == ([], [])
        assert aws.seed(folder) == footbridge.Seeded(tables=1, items=2, buckets=1, objects=1)
        assert aws.journal.is_dir()
    assert not aws.running
    if disk:
        # What is there is kept, and no empty store is seeded twice.
        (folder / "s3" / "photos" / "dog.jpg").write_bytes(b"woof")
        with footbridge.start(seed=folder, data_dir=tmp_path / "data", **options) as again:
            if not options.get("strict"):
                assert [found["Key"] for found in again.client("s3").list_objects_v2(Bucket="photos")["Contents"]] == ["cat.jpg"]


def test_strict_lets_in_nobody_else():
    with footbridge.start(strict=True) as aws:
        aws.client("s3").list_buckets()
        with pytest.raises(Exception, match="InvalidAccessKeyId"):
            aws.client("s3", aws_access_key_id="test", aws_secret_access_key="test").list_buckets()


def test_a_configuration_is_followed_with_its_keys(tmp_path, folder):
    config = tmp_path / "footbridge.toml"
    config.write_text('[[identity]]\nkey = "alice"\nsecret = "s"\naccount = "111122223333"\n')
    with footbridge.start(config=config, strict=True, keys=("alice", "s"), seed=folder) as aws:
        assert aws.client("sts").get_caller_identity()["Account"] == "111122223333"
        assert held(aws) == (["photos"], ["cats"])
        aws.reset()
        aws.seed(folder)
        assert held(aws) == (["photos"], ["cats"])
    with pytest.raises(ValueError, match="keys="):
        footbridge.start(config=config, strict=True)


def test_nothing_that_the_machine_says_leads_it_elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "footbridge.toml").write_text("no such = key")
    (tmp_path / ".env").write_text("FOOTBRIDGE_STRICT=true\n")
    (tmp_path / "config").write_text("[default]\nregion = eu-west-3\nuse_fips_endpoint = true\nignore_configured_endpoint_urls = true\n")
    nowhere = "http://127.0.0.1:1"
    for name, value in {
        "AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_S3": nowhere, "AWS_SESSION_TOKEN": "t", "AWS_USE_FIPS_ENDPOINT": "true", "AWS_REGION": "eu-west-2",
        "HTTP_PROXY": nowhere, "http_proxy": nowhere, "ALL_PROXY": nowhere, "FOOTBRIDGE_BACKEND": "aws",
        "FOOTBRIDGE_NO_SUCH_KEY": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with footbridge.start() as aws:
        aws.client("s3").create_bucket(Bucket="photos")
        # Another process, which knows nothing of this module.
        code = "import boto3; print(boto3.client('s3').list_buckets()['Buckets'][0]['Name'], boto3.client('dynamodb').meta.region_name)"
        said = subprocess.run([sys.executable, "-c", code], env=aws.environment(os.environ), check=True, capture_output=True, text=True)
        assert said.stdout.split() == ["photos", "us-east-1"]
        # Its own environment with the variables, as who knows of no more.
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name)
        said = subprocess.run([sys.executable, "-c", code], env={**os.environ, **aws.environment()}, check=True, capture_output=True, text=True)
        assert said.stdout.split() == ["photos", "us-east-1"]
        aws.reset()
        assert held(aws) == ([], [])
    (tmp_path / "config").write_text("[default]\nretry_mode = no-such-mode\n")
    with footbridge.start() as aws:
        assert held(aws) == ([], [])


def test_variables_are_few_and_no_proxy_is_told_what_is_here(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with footbridge.start() as aws:
        assert "NO_PROXY" not in aws.environment()
        assert aws.environment()["AWS_ENDPOINT_URL"] == aws.endpoint
        assert set(aws.environment({"PATH": "p", "AWS_PROFILE": "q"})) == {*aws.environment(), "PATH"}
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", "example.com")
        assert aws.environment()["NO_PROXY"] == aws.environment()["no_proxy"] == "example.com,127.0.0.1,localhost"


def test_many_threads_share_one_and_each_may_stop_it():
    aws = footbridge.start()
    problems = []

    def work(number):
        try:
            aws.client("s3").create_bucket(Bucket=f"bucket-{number}")
        except Exception as problem:
            problems.append(problem)

    def each(target):
        threads = [threading.Thread(target=target, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

    each(work)
    assert problems == [] and len(held(aws)[0]) == 16
    each(lambda _: aws.stop())
    assert not aws.running and gone(aws.pid)


def test_several_run_side_by_side():
    with footbridge.start() as one, footbridge.start() as other:
        one.client("s3").create_bucket(Bucket="photos")
        assert one.endpoint != other.endpoint and held(other) == ([], [])


def test_after_its_end_it_says_so():
    aws = footbridge.start()
    aws.stop()
    aws.stop()
    for call in (aws.reset, lambda: aws.client("s3"), lambda: aws.seed(".")):
        with pytest.raises(footbridge.FootbridgeError, match="has been stopped"):
            call()
    assert "ended" in repr(aws)
    with footbridge.start() as aws:
        os.kill(aws.pid, signal.SIGKILL)
        aws._process.wait(PATIENCE)
        assert not aws.running
        with pytest.raises(footbridge.FootbridgeError, match="has ended with code -9"):
            aws.reset()


def test_one_that_is_forgotten_ends():
    pid = footbridge.start().pid
    gc.collect()
    assert gone(pid)


def test_why_it_did_not_start_is_said(tmp_path):
    with pytest.raises(footbridge.StartError, match="(?s)with code 4: .*no-such-folder"):
        footbridge.start(seed=tmp_path / "no-such-folder")
    with pytest.raises(footbridge.StartError, match="with code 2: .*no-such.toml"):
        footbridge.start(config=tmp_path / "no-such.toml")
    with pytest.raises(footbridge.StartError, match="with code 2: .*moon"):
        footbridge.start(region="moon!")
    with pytest.raises(footbridge.BinaryNotFoundError, match="no-such-program"):
        footbridge.start(program=tmp_path / "no-such-program")
    with pytest.raises(footbridge.FootbridgeError, match="no-such-folder"), footbridge.start() as aws:
        aws.seed(tmp_path / "no-such-folder")


def test_one_that_does_not_answer_is_ended_in_time(tmp_path):
    program = tmp_path / "footbridge"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
                       "print('thinking', file=sys.stderr, flush=True)\ntime.sleep(600)\n")  # fmt: skip
    program.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(footbridge.StartError, match="did not answer within 1 seconds: thinking"):
        footbridge.start(program=program, timeout=1)
    assert time.monotonic() - began < 10, "it was given time to end in good order"
    assert gone(int((tmp_path / "pid").read_text()))
    program.write_text("#!/bin/sh\necho hello\nexit 3\n")
    with pytest.raises(footbridge.StartError, match="with code 3: it said nothing"):
        footbridge.start(program=program)


def test_without_the_program_and_without_boto3_it_says_what_to_do(monkeypatch, tmp_path):
    with footbridge.start() as aws:
        monkeypatch.setitem(sys.modules, "boto3.session", None)
        with pytest.raises(ModuleNotFoundError, match="pip install boto3"):
            aws.client("s3")
    monkeypatch.setattr("footbridge._program.NAME", "no-such-program")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(footbridge.BinaryNotFoundError, match="footbridge-aws"):
        footbridge.binary()


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(0)", "sys.exit()", "1 / 0"])
@pytest.mark.parametrize("fork", [False, True])
def test_it_ends_with_its_parent_also_where_that_was_forked(end, fork):
    # The forked process outlives its parent, and holds a copy of what that held.
    forked = "if os.fork() == 0:\n    sys.stdout.close(); time.sleep(60); os._exit(0)\n" if fork else ""
    code = f"import footbridge, os, sys, time\naws = footbridge.start()\nprint(aws.pid, flush=True)\n{forked}sys.stdin.readline()\n{end}\n"
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              start_new_session=True)  # fmt: skip
    pid = int(parent.stdout.readline())
    os.kill(pid, 0)
    try:
        parent.communicate(b"\n", PATIENCE) if not fork else (parent.stdin.write(b"\n"), parent.stdin.flush(), parent.wait(PATIENCE))
        assert gone(pid)
    finally:
        parent.stdin.close()
        parent.stdout.close()
        # The forked one, which is of the same group.
        if fork:
            os.killpg(parent.pid, signal.SIGKILL)


def test_a_forked_process_uses_it_and_does_not_end_it():
    with footbridge.start() as aws:
        pid = os.fork()
        if pid == 0:
            aws.client("s3").create_bucket(Bucket="photos")
            aws.stop()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        assert held(aws) == (["photos"], [])


def test_ctrl_c_is_not_for_it():
    code = """
import footbridge, time
with footbridge.start() as aws:
    try:
        print(aws.endpoint, flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        aws.reset()
        print("reset", flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True, text=True)
    assert child.stdout.readline().startswith("http://")
    os.killpg(child.pid, signal.SIGINT)
    assert child.communicate(timeout=PATIENCE)[0] == "reset\n" and child.returncode == 0


def test_the_command_and_the_module_are_one_program():
    for command in (["footbridge"], [sys.executable, "-m", "footbridge"], [str(footbridge.binary())]):
        said = subprocess.run([*command, "--version"], check=True, capture_output=True, text=True).stdout
        assert said.split()[0] == "footbridge"


def test_boto3_itself_is_left_alone():
    with footbridge.start() as aws:
        aws.client("s3")
    assert boto3.DEFAULT_SESSION is None
