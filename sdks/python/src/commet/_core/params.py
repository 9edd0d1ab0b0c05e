"""Owns how arguments become JSON and query values of the wire.

Does not know which parameters exist: generated code hands it the shapes.
Always: ``NOT_GIVEN`` leaves a field out and ``None`` sends null; keys of free-form maps are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

from .errors import CommetArgumentError
from .given import NotGiven
from .names import camel_case

Shape = Mapping[str, "Shape"]
"""The fields of an object, by wire name, that hold objects (or lists of objects) of the API's own; each with its shape.
A field that is not in it is passed on as it is."""


def body(given: Mapping[str, Any], shapes: Shape | None = None) -> dict[str, Any]:
    """``given`` has wire names; ``shapes`` says which values have names of their own to convert."""
    return {
        name: to_wire(value, (shapes or {}).get(name))
        for name, value in given.items()
        if not isinstance(value, NotGiven)
    }


def to_wire(value: Any, shape: Shape | None) -> Any:
    if shape is None:
        return value
    if isinstance(value, Mapping):
        return _object(value, shape)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [to_wire(item, shape) for item in value]
    return value


def _object(value: Mapping[Any, Any], shape: Shape) -> dict[str, Any]:
    converted: dict[str, Any] = {}
    for name, field in value.items():
        wire_name = _wire_name(name)
        if isinstance(field, NotGiven):
            continue
        if wire_name in converted:
            raise CommetArgumentError(f"{wire_name} is given twice, in two spellings")
        converted[wire_name] = to_wire(field, shape.get(wire_name))
    return converted


def _wire_name(name: Any) -> str:
    if not isinstance(name, str):
        raise CommetArgumentError(f"the names of fields are texts; got {name!r}")
    return camel_case(name)


def to_json(value: Any) -> bytes:
    try:
        text = json.dumps(value, default=_json_value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as cause:
        raise CommetArgumentError(f"the parameters cannot be written as JSON: {cause}") from cause
    return text.encode("ascii")


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, NotGiven):
        raise TypeError("NOT_GIVEN is for arguments, not for values inside them")
    raise TypeError(f"a {type(value).__name__} has no form in JSON")


def instant(value: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, the API's one form."""
    if value.tzinfo is None:
        raise CommetArgumentError("a datetime needs a time zone, such as datetime.now(timezone.utc)")
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"


def encode_query(query: Mapping[str, Any]) -> str:
    """``?a=1&m[key]=value``, or nothing. None is left out; a map's keys reach the server as given."""
    pairs = [pair for name, value in query.items() for pair in _pairs(name, value)]
    try:
        return f"?{urlencode(pairs, quote_via=quote, safe='')}" if pairs else ""
    except UnicodeEncodeError as cause:
        raise CommetArgumentError("a value of the query has a lone surrogate") from cause


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if value is None or isinstance(value, NotGiven):
        return []
    if isinstance(value, Mapping):
        return [pair for key, entry in value.items() for pair in _pairs(f"{name}[{key}]", entry)]
    return [(name, _query_text(name, value))]


def _query_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (str, int, float)):
        return str(value)
    raise CommetArgumentError(f"{name} is a text, a number or a datetime; got a {_kind(value)}")


def _kind(value: Any) -> str:
    return f"{type(value).__name__} without a time" if isinstance(value, date) else type(value).__name__


def segment(identifier: object) -> str:
    """One segment of a path: what the server decodes is, byte for byte, what the caller gave."""
    if not isinstance(identifier, str) or identifier == "":
        raise CommetArgumentError("an identifier in the path is a text that is not empty")
    if identifier in (".", ".."):
        # Every URL parser folds these two away, encoded or not, so they would address another resource.
        raise CommetArgumentError(f'no URL can carry the identifier "{identifier}"; use the cus_… ID instead')
    try:
        return quote(identifier, safe="")
    except UnicodeEncodeError as cause:
        raise CommetArgumentError("an identifier in the path has a lone surrogate") from cause


def one_of(**names: Any) -> Any:
    """The one identifier given under several names; two that differ would name two things."""
    given = {name: value for name, value in names.items() if not isinstance(value, NotGiven)}
    if len(given) == 0:
        raise CommetArgumentError(f"{next(iter(names))} is required")
    first, *others = given.values()
    if any(other != first for other in others):
        raise CommetArgumentError(f"{' and '.join(given)} differ; pass one of them")
    return first
