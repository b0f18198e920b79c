"""The contract of ``report --json`` as a JSON Schema, made from the types of its documents."""

from __future__ import annotations

import json
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from timingctl.reports.buckets import Bucket
from timingctl.reports.by import ByFigures
from timingctl.reports.head import Bounds
from timingctl.reports.sections import Document
from timingctl.reports.versus import VersusFigures

#: Names that modules import for type checkers alone.
_ELSEWHERE = {"Bounds": Bounds, "Bucket": Bucket}
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def report_schema() -> str:
    """docs/reference/report.schema.json."""
    known: dict[str, Any] = {}
    schema = _object(Document, known)
    schema["properties"]["versus"] = _of(VersusFigures, known)
    schema["patternProperties"] = {"^by[A-Z]": _of(ByFigures, known)}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "timingctl report --json",
        **schema,
        "$defs": dict(sorted(known.items())),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _object(record: Any, known: dict[str, Any]) -> dict[str, Any]:
    """A TypedDict: its keys and no others; those that may be absent are not required."""
    hints = get_type_hints(record, localns=_ELSEWHERE, include_extras=True)
    required = [
        name
        for name, hint in hints.items()  # of text the type itself does not know NotRequired
        if name in record.__required_keys__ and get_origin(hint) is not NotRequired
    ]
    return {
        "type": "object",
        "description": (getdoc(record) or "").partition("\n")[0],
        "properties": {name: _of(hint, known) for name, hint in hints.items()},
        "required": required,
        "additionalProperties": False,
    }


def _of(hint: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; TypedDicts stand once, in `known`."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return _of(parts[0], known)
    if origin in {UnionType, Union}:
        return {"anyOf": [_of(part, known) for part in parts]}
    if origin is list:
        return {"type": "array", "items": _of(parts[0], known)}
    if origin is dict:
        values = True if parts[1] is Any else _of(parts[1], known)
        return {"type": "object", "additionalProperties": values}
    if is_typeddict(hint):
        if hint.__name__ not in known:
            known[hint.__name__] = {}  # a type may have itself in it
            known[hint.__name__] = _object(hint, known)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {"type": _PLAIN[hint]}
