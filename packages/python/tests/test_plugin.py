"""The fixtures, in runs of pytest of their own."""


import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

# What is left open, or goes wrong beside a test.
STRICT = ("-W", "error::ResourceWarning", "-W", "error::pytest.PytestUnraisableExceptionWarning")
SUITE = """
import os
import boto3

def test_a_table_and_a_bucket(aws, s3, dynamodb):
    assert s3.list_buckets()["Buckets"] == [] and dynamodb.list_tables()["TableNames"] == []
    # What is tested makes clients of its own.
    boto3.client("s3").create_bucket(Bucket="photos")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["photos"]
    assert os.environ["AWS_ENDPOINT_URL"] == aws.endpoint

def test_the_next_begins_with_nothing(s3):
    assert s3.list_buckets()["Buckets"] == []

def test_without_the_fixture_nothing_is_set(footbridge):
    assert "AWS_ENDPOINT_URL" not in os.environ and boto3.DEFAULT_SESSION is None
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)


def test_clients_of_what_is_tested_are_led_there_and_others_not(pytester, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-persons-own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    pytester.makepyfile("""
import boto3, os

def key():
    return boto3.DEFAULT_SESSION.get_credentials().access_key

# Before a test asks for the fixture, this is a session with other credentials.
boto3.setup_default_session(aws_access_key_id="the-persons-own", aws_secret_access_key="s", region_name="eu-west-3")

def test_with(aws):
    assert boto3.client("dynamodb").meta.endpoint_url == aws.endpoint
    assert key() == "test" and boto3.client("s3").meta.region_name == "us-east-1"
    boto3.setup_default_session(region_name="eu-west-2")

def test_with_again(aws):
    assert boto3.client("s3").meta.region_name == "us-east-1"

def test_without():
    assert key() == "the-persons-own" == os.environ["AWS_ACCESS_KEY_ID"] and os.environ["AWS_SESSION_TOKEN"] == "t"
""")
    pytester.runpytest_subprocess(*STRICT).assert_outcomes(passed=3)


def test_each_test_begins_with_nothing(pytester):
    pytester.makepyfile(SUITE)
    pytester.runpytest_subprocess(*STRICT).assert_outcomes(passed=3)


def test_workers_have_one_each(pytester):
    pytester.makepyfile(SUITE + """
import pathlib, pytest

@pytest.mark.parametrize("number", range(8))
def test_which(footbridge, number):
    with open(pathlib.Path(__file__).parent / "endpoints", "a") as out:
        out.write(footbridge.endpoint + "\\n")
""")
    pytester.runpytest_subprocess("-n", "2", "--dist", "each").assert_outcomes(passed=22)
    assert len(set((pytester.path / "endpoints").read_text().split())) == 2


def test_seeds_are_there_for_each_test(pytester):
    for folder, bucket in (("one", "photos"), ("two", "music")):
        place = pytester.mkdir(folder) / "s3" / bucket
        place.mkdir(parents=True)
        (place / "a.txt").write_text("a")
    pytester.makeini("[pytest]\nfootbridge_seed = one two\nfootbridge_region = eu-west-1\nfootbridge_config = own.toml\n")
    pytester.path.joinpath("own.toml").write_text('[[identity]]\nkey = "test"\nsecret = "test"\n')
    pytester.makepyfile("""
import pytest

@pytest.mark.parametrize("number", range(2))
def test_both_are_there(s3, aws, number):
    assert aws.region == "eu-west-1"
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["music", "photos"]
    s3.delete_object(Bucket="photos", Key="a.txt")
    s3.delete_bucket(Bucket="photos")
""")
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_a_program_that_does_not_start_says_why(pytester):
    pytester.makeini("[pytest]\nfootbridge_seed = none\nfootbridge_program = broken\n")
    broken = pytester.path / "broken"
    broken.write_text("#!/bin/sh\necho it is broken >&2\nexit 5\n")
    broken.chmod(0o755)
    pytester.makepyfile("def test_one(s3): pass\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*StartError: *broken ended with code 5: it is broken*"])


def test_what_is_not_asked_for_is_not_started(pytester):
    pytester.makepyfile("""
import sys

def test_nothing_of_boto3_is_there():
    assert "boto3" not in sys.modules
""")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_what_the_readme_shows_works(pytester):
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    script, suite = re.findall("```python\n(.*?)```", readme, re.S)
    exec(compile(script, "README.md", "exec"), {})
    pytester.makepyfile(suite)
    pytester.runpytest_subprocess(*STRICT).assert_outcomes(passed=1)
