"""Owns the difference between an argument that is ``None`` and one that is not given."""

from __future__ import annotations

from typing import Literal


class NotGiven:
    """The type of ``NOT_GIVEN``: an argument left out. ``None`` is a value: it clears a field."""

    _instance: NotGiven | None = None

    def __new__(cls) -> NotGiven:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN = NotGiven()
