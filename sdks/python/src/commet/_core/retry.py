"""Owns when a failed attempt is worth another one, and how long to wait before it.

Does not send or wait by itself: the waiting is passed in, so tests never sleep.
Always: a refusal that would be given again (4xx) is not retried.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Callable

import anyio

from .errors import CommetAPIError, CommetConnectionError, CommetError

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 8.0
LONGEST_RETRY_AFTER = 30.0
JITTER_SHARE = 0.25
RETRIED_STATUSES = (408, 500, 502, 503, 504)


@dataclass
class Timing:
    """Where time and chance come from."""

    wait: Callable[[float], None] = field(default=time.sleep)
    wait_async: Callable[[float], Awaitable[None]] = field(default=anyio.sleep)
    chance: Callable[[], float] = field(default=random.random)
    """In [0, 1)."""


def retry_delay(error: CommetError, attempt: int, chance: float) -> float | None:
    """Seconds to wait after failed attempt number ``attempt`` (from 0), or None to give up."""
    if isinstance(error, CommetConnectionError):
        return _backoff(attempt, chance)
    if not isinstance(error, CommetAPIError):
        return None
    asked = None if error.retry_after is None else min(error.retry_after, LONGEST_RETRY_AFTER)
    if error.status_code == 429:
        return asked
    if not _is_transient(error):
        return None
    return _backoff(attempt, chance) if asked is None else asked


def _is_transient(error: CommetAPIError) -> bool:
    # In progress: the first attempt may still be running on the server; its answer is there a moment later.
    return error.status_code in RETRIED_STATUSES or error.code == "idempotency_in_progress"


def _backoff(attempt: int, chance: float) -> float:
    """1, 2, 4, 8, 8 … seconds, less up to a quarter so that clients cut off together do not return together."""
    return min(FIRST_BACKOFF * (1 << min(attempt, 10)), LONGEST_BACKOFF) * (1 - JITTER_SHARE * chance)
