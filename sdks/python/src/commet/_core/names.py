"""Owns how names travel: snake_case in Python, camelCase on the wire.

Does not know which dicts are the API's and which are the caller's own (model.py and params.py do).
Always: a name that is already in the target's style stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNDERSCORED = re.compile(r"(?<=[A-Za-z0-9])_([a-z0-9])")


@lru_cache(maxsize=1024)
def snake_case(wire_name: str) -> str:
    return _WORD_START.sub("_", wire_name).lower() if not wire_name.isupper() else wire_name


@lru_cache(maxsize=1024)
def camel_case(name: str) -> str:
    return _UNDERSCORED.sub(lambda found: found[1].upper(), name)
