"""Owns what an HTTP answer means: data, a page, or an error, in every envelope the API has had.

Does not send and does not retry.
Always: the exception's class is told by ``code`` and ``details``, never by the status alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from .errors import CommetAPIError, CommetValidationError


@dataclass(frozen=True)
class WireAnswer:
    """An answer as it came off the wire, read to its end."""

    status: int
    text: str
    request_id: str | None
    retry_after: str | None
    location: str | None


@dataclass(frozen=True)
class Success:
    """A successful answer, still in its envelope."""

    body: Any
    status_code: int
    request_id: str | None


def read_success(answer: WireAnswer) -> Success:
    """The parsed body of a success; a CommetAPIError, raised, for everything else."""
    if 300 <= answer.status <= 399:
        raise _redirect_error(answer)
    body = _parsed(answer)
    if not 200 <= answer.status <= 299 or _is_refusal(body):
        raise _api_error(answer, body)
    return Success(body, answer.status, answer.request_id)


def data_of(success: Success) -> Any:
    """What is in ``{ success, data }``; later versions send it bare."""
    body = success.body
    enveloped = isinstance(body, dict) and body.get("success") is True and "data" in body
    return body["data"] if enveloped else body


def page_of(success: Success) -> tuple[list[Any], bool, str | None]:
    """Rows, whether there are more, and the next cursor; of ``{ success, data, hasMore }`` or ``{ object: list }``."""
    body = success.body
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise CommetAPIError(
            "The answer is not a list",
            code="UNEXPECTED_RESPONSE",
            status_code=success.status_code,
            request_id=success.request_id,
        )
    return body["data"], body.get("hasMore") is True, _text(body.get("nextCursor"))


def _parsed(answer: WireAnswer) -> Any:
    if answer.text.strip() == "":
        message = f"The server answered {answer.status} with an empty body"
        raise _unreadable(answer, "EMPTY_RESPONSE", message)
    try:
        return json.loads(answer.text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        message = f"The server answered {answer.status} with a body that is not JSON"
        raise _unreadable(answer, "INVALID_JSON", message) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _redirect_error(answer: WireAnswer) -> CommetAPIError:
    # Following would hand the API key to another address.
    target = f" to {answer.location}" if answer.location else ""
    message = f"The server redirects{target}; set base_url to the final address"
    return _unreadable(answer, "UNEXPECTED_REDIRECT", message)


def _unreadable(answer: WireAnswer, code: str, message: str) -> CommetAPIError:
    return CommetAPIError(message, code=code, **_context(answer))


def _is_refusal(body: Any) -> bool:
    return isinstance(body, dict) and body.get("success") is False and isinstance(body.get("error"), dict)


def _api_error(answer: WireAnswer, body: Any) -> CommetAPIError:
    reported = _reported(body)
    message = _text(reported.get("message")) or f"Request failed with status {answer.status}"
    details = reported.get("details")
    fields: dict[str, Any] = {
        **_context(answer),
        "code": _text(reported.get("code")) or "unknown",
        "type": _text(reported.get("type")) or "api_error",
        "param": _text(reported.get("param")),
        "doc_url": _text(reported.get("doc_url")),
        "details": details,
    }
    if fields["code"] == "validation_error" and isinstance(details, list):
        return CommetValidationError(message, validation_errors=_by_field(details), **fields)
    return CommetAPIError(message, **fields)


def _reported(body: Any) -> dict[str, Any]:
    """Nested since 2026-05-25; flat before; ``{ message, errors: { field: [] } }`` at first."""
    if not isinstance(body, dict):
        return {}
    error, errors = body.get("error"), body.get("errors")
    if isinstance(error, dict):
        return error
    if isinstance(errors, dict) and body.get("code") is None:
        family = {"code": "validation_error", "type": "validation_error"}
        return {**body, **family, "details": _entries(errors)}
    return {**body, "message": body.get("message", error)}


def _entries(errors: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"field": field, "message": str(message)}
        for field, messages in errors.items()
        for message in (messages if isinstance(messages, list) else [messages])
    ]


def _by_field(details: list[Any]) -> dict[str, list[str]]:
    by_field: dict[str, list[str]] = {}
    for detail in details:
        if isinstance(detail, dict):
            messages = by_field.setdefault(_text(detail.get("field")) or "", [])
            messages.append(_text(detail.get("message")) or "is invalid")
    return by_field


def _context(answer: WireAnswer) -> dict[str, Any]:
    return {
        "status_code": answer.status,
        "request_id": answer.request_id,
        "retry_after": _seconds(answer.retry_after),
    }


def _seconds(header: str | None) -> float | None:
    """Numbers only: the date form says when by the server's clock, which need not be ours."""
    text = (header or "").strip()
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]*)?", text):
        return None
    seconds = float(text)
    return seconds if seconds > 0 else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value != "" else None
