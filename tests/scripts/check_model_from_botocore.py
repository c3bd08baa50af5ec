#!/usr/bin/env python3
"""Writes src/check/model.txt, AWS's names of operations, members, waiters and boto3's resources, from what botocore and
boto3 carry.

    pip download boto3==1.44.8 botocore==1.44.8 --no-deps && for f in boto*.whl; do unzip "$f" '*/data/*' 'botocore/__init__.py'; done
    tests/scripts/check_model_from_botocore.py .

A line is one of
    operation SERVICE NAME [MEMBER[=header]]...      `~` before the name: another service has an operation of that name
    alias NAME OPERATION                             a deprecated name of the same request
    waiter NAME OPERATION
    action SERVICE RESOURCE NAME OPERATION           a method of one of boto3's resources
    many SERVICE RESOURCE NAME OPERATION RESOURCE    a collection of it
    has SERVICE RESOURCE NAME RESOURCE               what leads from it to another
"""

import gzip
import json
import pathlib
import re
import sys

TARGET = pathlib.Path(__file__).parents[2] / "src/check/model.txt"
SERVICES = ("s3", "dynamodb", "dynamodbstreams")
# Deprecated, with a newer operation of the same request.
ALIASES = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}
# Services that are S3 under another name, or that nobody takes for it.
KIN = ("dax", "glacier", "lightsail", "mediastore", "mediastore-data", "s3control", "s3outposts", "s3vectors")


def read(path):
    return json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_text())


def newest(folder, name):
    found = sorted(folder.glob(f"*/{name}")) or sorted(folder.glob(f"*/{name}.gz"))
    return read(found[-1]) if found else {}


def newer(name):
    return ALIASES.get(name, name)


def place(target):
    at = target.get("location")
    name = target.get("locationName", "")
    return f"={name.lower()}" if at in ("header", "headers", "querystring") and name else ""


def operations(service, model, others):
    for name, operation in sorted(model["operations"].items()):
        if name in ALIASES:
            continue
        reference = operation.get("input")
        members = model["shapes"][reference["shape"]]["members"] if reference else {}
        shown = "".join(f" {member}{place(target)}" for member, target in members.items())
        yield f"operation {service} {'~' if name in others else ''}{name}{shown}"


def resources(service, model):
    named = {"-": model.get("service", {}), **model.get("resources", {})}
    for name, resource in named.items():
        actions = dict(resource.get("actions", {}))
        if "load" in resource:
            actions |= {"Load": resource["load"], "Reload": resource["load"]}
        for action, target in actions.items():
            yield f"action {service} {name} {action} {newer(target['request']['operation'])}"
        for action, target in resource.get("batchActions", {}).items():
            yield f"action {service} {name}[] {action} {newer(target['request']['operation'])}"
        for many, target in resource.get("hasMany", {}).items():
            yield f"many {service} {name} {many} {newer(target['request']['operation'])} {target['resource']['type']}"
        for has, target in resource.get("has", {}).items():
            yield f"has {service} {name} {has} {target['resource']['type']}"
        for waiter, target in resource.get("waiters", {}).items():
            yield f"action {service} {name} WaitUntil{waiter} {WAITERS[service, target['waiterName']]}"


source = pathlib.Path(sys.argv[1])
data = source / "botocore/data"
version = re.search(r"__version__ = '(.+)'", (source / "botocore/__init__.py").read_text())[1]
others = set()
for folder in sorted(data.iterdir()):
    if folder.is_dir() and folder.name not in SERVICES + KIN:
        others |= set(newest(folder, "service-2.json").get("operations", ()))
WAITERS = {}
lines = [f"# AWS's names, written by tests/scripts/check_model_from_botocore.py from botocore {version}; not edited by hand."]
for service in SERVICES:
    lines += operations(service, newest(data / service, "service-2.json"), others)
lines += [f"alias {name} {of}" for name, of in ALIASES.items()]
for service in SERVICES:
    for name, waiter in newest(data / service, "waiters-2.json").get("waiters", {}).items():
        WAITERS[service, name] = waiter["operation"]
        lines.append(f"waiter {name} {waiter['operation']}")
for service in SERVICES:
    lines += resources(service, newest(source / "boto3/data" / service, "resources-1.json"))
TARGET.write_text("\n".join(lines) + "\n")
