"""DynamoDB items: natural JSON to the typed JSON that AWS sends, and one form in which two items can be compared."""

import base64
from decimal import Decimal, Inexact, Rounded

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer


def typed(value):
    """Natural JSON (numbers parsed as int and Decimal) as a typed attribute value."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case list():
            return {"L": [typed(member) for member in value]}
        case {"$n": text}:
            return {"N": text}
        case {"$b": text}:
            return {"B": text}
        case {"$ss": members}:
            return {"SS": members}
        case {"$ns": members}:
            return {"NS": [member if isinstance(member, str) else str(member) for member in members]}
        case {"$bs": members}:
            return {"BS": members}
        case {"$m": members}:
            return {"M": typed_item(members)}
        case dict():
            return {"M": typed_item(value)}
    raise TypeError(f"{value!r} is no natural JSON")


def typed_item(item):
    return {name: typed(value) for name, value in item.items()}


def comparable(item):
    """A typed item with its sets in order and its numbers as numbers."""
    return {name: _comparable(value) for name, value in item.items()}


def _comparable(value):
    ((kind, inner),) = value.items()
    match kind:
        case "N":
            return kind, Decimal(inner)
        case "NS":
            return kind, sorted(Decimal(member) for member in inner)
        case "B":
            return kind, _bytes(inner)
        case "BS":
            return kind, sorted(_bytes(member) for member in inner)
        case "SS":
            return kind, sorted(inner)
        case "L":
            return kind, [_comparable(member) for member in inner]
        case "M":
            return kind, comparable(inner)
    return kind, inner


def _bytes(value):
    return base64.b64decode(value, validate=True) if isinstance(value, str) else bytes(value)


def binary(value):
    """A typed value as botocore wants it: bytes where typed JSON has base64."""
    ((kind, inner),) = value.items()
    match kind:
        case "B":
            return {kind: _bytes(inner)}
        case "BS":
            return {kind: [_bytes(member) for member in inner]}
        case "L":
            return {kind: [binary(member) for member in inner]}
        case "M":
            return {kind: {name: binary(member) for name, member in inner.items()}}
    return value


def to_python(item):
    """A typed item as boto3's resources take it. A number whose plain digits are over 38 is more than they take."""
    return {name: TypeDeserializer().deserialize(binary(value)) for name, value in item.items()}


def for_resources(item):
    """Whether boto3's resources can carry the item: their decimals refuse to round, zeros at the end too."""
    try:
        to_python(item)
    except (Inexact, Rounded):
        return False
    return True


def from_python(item):
    """A resource's item as a typed one."""
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}


def key_of(table, item):
    return {element["AttributeName"]: item[element["AttributeName"]] for element in table["KeySchema"]}
