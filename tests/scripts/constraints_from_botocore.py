#!/usr/bin/env python3
"""Writes model.rs and streams.rs of src/emulator/dynamodb/constraint/ from AWS's own models of DynamoDB and DynamoDB
Streams, as botocore carries them.

    pip download botocore==1.44.5 --no-deps && unzip botocore-*.whl 'botocore/data/dynamodb*/*'
    tests/scripts/constraints_from_botocore.py botocore/data && cargo fmt

Where a recorded answer of AWS differs from the model, SUBSTITUTES names the shape of constraint/recorded.rs that
stands in its place.
"""

import gzip
import json
import pathlib
import re
import sys

# "Shape", "Structure.Member" or "Map.key" to the shape in constraint/recorded.rs that replaces it.
SUBSTITUTES = {
    "TableArn": "TABLE_NAME_OR_ARN",
    "BatchGetRequestMap.key": "BATCH_TABLE_NAME_OR_ARN",
    "BatchWriteItemRequestMap.key": "BATCH_TABLE_NAME_OR_ARN",
    "CreateTableInput.TableName": "NEW_TABLE_NAME",
    "CreateTableInput.KeySchema": "TABLE_KEY_SCHEMA",
    "LocalSecondaryIndex.KeySchema": "TABLE_KEY_SCHEMA",
    "GetRecordsInput.Limit": "RECORDS_LIMIT",
    "DescribeStreamInput.Limit": "STREAMS_LIMIT",
    "ListStreamsInput.Limit": "STREAMS_LIMIT",
}
# Members that must be there although the model no longer says so: only a replica (GlobalTableSourceArn), which this
# emulator has not, does without them.
REQUIRED = {"CreateTableInput": {"AttributeDefinitions", "KeySchema"}}
TARGET = pathlib.Path(__file__).parents[2] / "src/emulator/dynamodb/constraint"
# botocore's name of the service, and the file that is written.
SERVICES = {"dynamodb": "model.rs", "dynamodbstreams": "streams.rs"}


def constant(name):
    """PutItemInput -> PUT_ITEM_INPUT"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


def option(value):
    return "None" if value is None else f"Some({value:_})"


def text(value):
    return json.dumps(value)


class Table:
    def __init__(self, model):
        self.shapes = model["shapes"]
        self.wanted, self.seen = [], set()

    def reference(self, name, place=None):
        for key in (place, name):
            if key in SUBSTITUTES:
                return f"&recorded::{SUBSTITUTES[key]}"
        if name == "AttributeValue":
            return "&Shape::AttributeValue"
        kind = self.shapes[name]["type"]
        if kind in ("boolean", "blob", "timestamp", "double", "float"):
            return "&Shape::" + {"boolean": "Boolean", "blob": "Blob", "timestamp": "Timestamp"}.get(kind, "Double")
        if name not in self.seen:
            self.seen.add(name)
            self.wanted.append(name)
        return f"&{constant(name)}"

    def declare(self, name):
        shape = self.shapes[name]
        low, high = option(shape.get("min")), option(shape.get("max"))
        kind = shape["type"]
        if kind == "string":
            values = ", ".join(text(value) for value in shape.get("enum", []))
            pattern = shape.get("pattern")
            body = (f"Shape::String(Text {{ min: {low}, max: {high}, pattern: "
                    f"{'None' if pattern is None else f'Some({text(pattern)})'}, values: &[{values}], arn: false }})")
        elif kind in ("integer", "long"):
            body = f"Shape::{kind.title()}(Range {{ min: {low}, max: {high} }})"
        elif kind == "list":
            body = f"Shape::List(Elements {{ min: {low}, max: {high}, element: {self.reference(shape['member']['shape'])} }})"
        elif kind == "map":
            body = (f"Shape::Map(Entries {{ min: {low}, max: {high}, key: {self.reference(shape['key']['shape'], f'{name}.key')}, "
                    f"value: {self.reference(shape['value']['shape'])} }})")
        elif kind == "structure":
            required = set(shape.get("required", [])) | REQUIRED.get(name, set())
            members = "".join(
                f"Member {{ name: {text(member)}, required: {'true' if member in required else 'false'}, "
                f"shape: {self.reference(target['shape'], f'{name}.{member}')} }},\n"
                for member, target in shape["members"].items())
            body = f"Shape::Structure(Structure {{ name: {text(name)}, members: &[{members}] }})"
        else:
            sys.exit(f"{name}: a {kind} is not known here")
        return f"pub static {constant(name)}: Shape = {body};\n"


def write(model, target):
    table = Table(model)
    operations = "".join(
        f"({text(name)}, {table.reference(operation['input']['shape'])}),\n"
        for name, operation in sorted(model["operations"].items()))
    declared = {}
    while table.wanted:
        name = table.wanted.pop()
        declared[name] = table.declare(name)
    body = "".join(declared[name] for name in sorted(declared))
    used = ", ".join(name for name in ("Elements", "Entries", "Member", "Range", "Shape", "Structure", "Text")
                     if re.search(rf"\b{name}\b", body))
    target.write_text(
        "//! AWS's model of every operation's request, written by tests/scripts/constraints_from_botocore.py.\n"
        "// Generated: do not edit.\n"
        "#![allow(missing_docs, reason = \"the names are AWS's own\")]\n\n"
        f"use super::recorded;\nuse super::shape::{{{used}}};\n\n"
        "/// Every operation of AWS's and the shape of its request.\n"
        f"pub static OPERATIONS: &[(&str, &Shape)] = &[{operations}];\n\n" + body)


for service, target in SERVICES.items():
    with gzip.open(pathlib.Path(sys.argv[1]) / service / "2012-08-10/service-2.json.gz") as source:
        write(json.load(source), TARGET / target)
