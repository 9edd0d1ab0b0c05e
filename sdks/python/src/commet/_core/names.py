"""Owns how names travel: snake_case in Python, camelCase on the wire.

Does not know which dicts are the API's and which are the caller's own (model.py and params.py do).
Always: a name that is in the style of the target already stays as it is; keywords carry an underscore (``from_``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from keyword import iskeyword

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNDERSCORED = re.compile(r"(?<=[A-Za-z0-9])_([a-z0-9])")


@lru_cache(maxsize=1024)
def snake_case(wire_name: str) -> str:
    name = wire_name if wire_name.isupper() else _WORD_START.sub("_", wire_name).lower()
    return f"{name}_" if iskeyword(name) else name


@lru_cache(maxsize=1024)
def camel_case(name: str) -> str:
    bare = name[:-1] if name.endswith("_") and iskeyword(name[:-1]) else name
    return _UNDERSCORED.sub(lambda found: found[1].upper(), bare)
