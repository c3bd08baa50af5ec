"""How AWS clients are led to a footbridge, whatever the machine's configuration and environment say."""

from __future__ import annotations

import importlib
import os
from typing import Any, Mapping
from urllib.request import getproxies_environment

# The services that answer, as AWS_ENDPOINT_URL_* names them: what a machine says of one would win over AWS_ENDPOINT_URL.
SERVICES = ("S3", "DYNAMODB", "DYNAMODB_STREAMS", "STS")
# Other credentials, and profiles that may not be there.
OTHERS = {
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
}  # fmt: skip


def misleads(name: str) -> bool:
    """Whether a variable would lead AWS clients elsewhere, or as somebody else."""
    return name in OTHERS or name.startswith("AWS_ENDPOINT_URL")


def variables(endpoint: str, region: str, keys: tuple[str, str]) -> dict[str, str]:
    """What AWS SDKs and the AWS CLI read."""
    found = {
        "AWS_ENDPOINT_URL": endpoint,
        **{f"AWS_ENDPOINT_URL_{service}": endpoint for service in SERVICES},
        "AWS_ACCESS_KEY_ID": keys[0],
        "AWS_SECRET_ACCESS_KEY": keys[1],
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        # A profile may say otherwise.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_USE_FIPS_ENDPOINT": "false",
        "AWS_USE_DUALSTACK_ENDPOINT": "false",
    }
    proxies = getproxies_environment()
    if set(proxies) - {"no"} and proxies.get("no") != "*":
        # No proxy can reach this process's own machine.
        beside = ",".join(filter(None, [proxies.get("no"), "127.0.0.1", "localhost"]))
        found.update(NO_PROXY=beside, no_proxy=beside)
    return found


def session(region: str, keys: tuple[str, str]) -> Any:
    """A boto3 session of its own: no profile and no file of the person's has a part in it."""
    try:
        boto3 = importlib.import_module("boto3.session")
        botocore = importlib.import_module("botocore.session")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            'clients need boto3, which footbridge does not install: pip install boto3, or the extra "footbridge-aws[boto3]"'
        ) from error
    own: dict[str, Any] = {
        "profile": (None, [], None, None),
        "config_file": (None, [], os.devnull, None),
        "credentials_file": (None, [], os.devnull, None),
    }
    return boto3.Session(
        aws_access_key_id=keys[0], aws_secret_access_key=keys[1], region_name=region,
        botocore_session=botocore.Session(session_vars=own),
    )  # fmt: skip


def options(endpoint: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a client is made with: past every proxy, and else as was asked."""
    config = importlib.import_module("botocore.config").Config(
        proxies={}, use_fips_endpoint=False, use_dualstack_endpoint=False
    )
    if given.get("config") is not None:
        config = config.merge(given["config"])
    return {**given, "endpoint_url": endpoint, "config": config}
