"""Owns the options of a client: their defaults, their checks, what they mean on the wire.

Does not send anything.
Always: a config that exists is usable; every mistake in the options is refused at construction.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from .._version import SDK_VERSION
from .errors import CommetArgumentError

DEFAULT_BASE_URL = "http://localhost:3000"
DEFAULT_TIMEOUT = 30.0
DEFAULT_RETRIES = 3


@dataclass(frozen=True, repr=False)
class Config:
    api_key: str
    api_url: str
    api_version: str
    timeout: float
    retries: int

    @classmethod
    def checked(
        cls,
        api_key: str | None,
        *,
        base_url: str | None,
        api_version: str,
        timeout: float,
        retries: int,
    ) -> Config:
        return cls(
            api_key=_checked_key(api_key),
            api_url=f"{_resolved_base_url(base_url)}/api/v1",
            api_version=checked_header("api_version", api_version),
            timeout=checked_timeout(timeout),
            retries=checked_retries(retries),
        )

    def redact(self, text: str) -> str:
        """Takes the API key out of a text, should a server or a proxy ever echo it."""
        return text.replace(self.api_key, "ck_[redacted]")


def checked_timeout(timeout: float) -> float:
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and 0 < timeout < 1e9:
        return timeout
    raise CommetArgumentError(f"timeout is in seconds and above 0; got {timeout!r}")


def checked_retries(retries: int) -> int:
    if isinstance(retries, int) and not isinstance(retries, bool) and retries >= 0:
        return retries
    raise CommetArgumentError(f"retries is a whole number, 0 or more; got {retries!r}")


def checked_header(option: str, value: str) -> str:
    # Refused here, so that it is not mistaken for a network failure and retried.
    if isinstance(value, str) and re.fullmatch(r"[\x20-\x7e]{1,255}", value):
        return value
    raise CommetArgumentError(f"{option} is 1 to 255 printable ASCII characters")


@lru_cache(maxsize=1)
def user_agent() -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    machine = f"{sys.platform}/{platform.machine() or 'unknown'}"
    return f"commet-python/{SDK_VERSION} {platform.python_implementation().lower()}/{python} {machine}"


def _checked_key(given: str | None) -> str:
    api_key = given.strip() if isinstance(given, str) else given
    if api_key is None or api_key == "":
        raise CommetArgumentError("API key is required")
    if not isinstance(api_key, str) or not re.fullmatch(r"ck_[\x21-\x7e]+", api_key):
        raise CommetArgumentError("Invalid API key format. Expected format: ck_xxx...")
    return api_key


def _resolved_base_url(given: str | None) -> str:
    base_url = given if given is not None else os.environ.get("COMMET_BASE_URL") or DEFAULT_BASE_URL
    try:
        url = urlsplit(base_url)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except (ValueError, AttributeError):
        usable = False
    if not usable:
        raise CommetArgumentError(f"base_url is an http or https address such as {DEFAULT_BASE_URL}")
    if "@" in url.netloc or "?" in base_url or "#" in base_url:
        raise CommetArgumentError("base_url carries no user, password, query or fragment")
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}"
