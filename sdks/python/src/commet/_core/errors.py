"""Owns the exceptions a caller can meet.

Does not read HTTP answers (answer.py does) and does not decide about retries (retry.py does).
Always: no exception carries the API key.
"""

from __future__ import annotations

from typing import Any


class CommetError(Exception):
    """What every exception of this package extends."""

    message: str
    code: str
    """Machine-readable reason, such as ``customer_not_found`` or ``TIMEOUT``. Branch on this."""
    status_code: int | None
    """HTTP status, where the server answered."""
    details: Any
    """What the server added to the code; its shape depends on the code."""

    def __init__(self, message: str, *, code: str, status_code: int | None = None, details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status_code = status_code
        self.details = details

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the class with the message alone, which a keyword-only code does not survive.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[CommetError], args: tuple[Any, ...], fields: dict[str, Any]) -> CommetError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class CommetArgumentError(CommetError, ValueError):
    """An argument is wrong; found before anything was sent. Code ``INVALID_ARGUMENT``."""

    def __init__(self, message: str) -> None:
        super().__init__(f"Commet SDK: {message}", code="INVALID_ARGUMENT")


class CommetAPIError(CommetError):
    """The server answered, and the answer was no, or was none of the API's.

    The latter have the codes ``INVALID_JSON``, ``EMPTY_RESPONSE``, ``UNEXPECTED_REDIRECT`` and
    ``UNEXPECTED_RESPONSE``.
    """

    status_code: int
    type: str
    """Family of the code: ``validation_error``, ``not_found_error``, ``conflict_error``, …"""
    param: str | None
    """The one field at fault, where there is one."""
    doc_url: str | None
    """Page that explains the code."""
    request_id: str | None
    """The ``x-request-id`` of the answer: the line to look for in the server's log."""
    retry_after: float | None
    """Seconds the server asked to wait, where it sent a numeric ``Retry-After``."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status_code: int,
        type: str = "api_error",
        param: str | None = None,
        details: Any = None,
        doc_url: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, code=code, status_code=status_code, details=details)
        self.status_code = status_code
        self.type = type
        self.param = param
        self.doc_url = doc_url
        self.request_id = request_id
        self.retry_after = retry_after


class CommetValidationError(CommetAPIError):
    """The request had bad fields."""

    validation_errors: dict[str, list[str]]
    """Field path as on the wire (``address.postalCode``) → what was wrong with it, in the server's order."""

    def __init__(self, message: str, *, validation_errors: dict[str, list[str]], **fields: Any) -> None:
        super().__init__(message, **fields)
        self.validation_errors = validation_errors


class CommetConnectionError(CommetError):
    """No complete answer arrived: refused, reset, unresolvable. ``__cause__`` is what httpx raised."""

    def __init__(self, message: str, *, code: str = "CONNECTION_ERROR") -> None:
        super().__init__(message, code=code)


class CommetTimeoutError(CommetConnectionError):
    """No complete answer arrived within ``timeout`` seconds. Code ``TIMEOUT``."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="TIMEOUT")
