"""Owns the check that a webhook delivery really comes from the Commet server.

Does not register endpoints and does not remember deliveries: de-duplicate on the event's ID.
Always: a delivery that does not verify is False or None, never an exception.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

Payload = Union[str, bytes, bytearray]
"""The raw body of the delivery, exactly as received: before any JSON parsing."""

Headers = Mapping[str, Any]
"""The headers of the delivery, as the web framework hands them over; names in any case."""

_DEFAULT_TOLERANCE = 300


class Webhooks:
    """Verifies webhook deliveries. Needs no API key, so it can be used without a client."""

    def verify(self, *, payload: Payload, signature: str | None, secret: str) -> bool:
        """Whether ``signature`` (the ``X-Commet-Signature`` header) is that of the raw body.

        It is the hex HMAC-SHA256 under the endpoint's secret (``whsec_…``, prefix included), compared in constant
        time. False, never an exception, when anything is empty or malformed.
        """
        body, key = _bytes(payload), _bytes(secret)
        if not body or not key or not isinstance(signature, str):
            return False
        if not re.fullmatch(r"[0-9a-fA-F]{64}", signature):
            return False
        return hmac.compare_digest(_hmac(key, body), bytes.fromhex(signature))

    def verify_and_parse(self, *, raw_body: Payload, signature: str | None, secret: str) -> dict[str, Any] | None:
        """The event of a delivery that verifies, keys as on the wire; None when it does not, or is no JSON object."""
        if not self.verify(payload=raw_body, signature=signature, secret=secret):
            return None
        return _parsed(raw_body)

    def verify_standard(
        self,
        *,
        payload: Payload,
        headers: Headers,
        secret: str,
        tolerance: float = _DEFAULT_TOLERANCE,
        now: float | None = None,
    ) -> bool:
        """Whether the delivery verifies under Standard Webhooks (``webhook-id``, ``-timestamp`` and ``-signature``).

        One good signature of several is enough, so that a secret can be rotated. False when the timestamp is more than
        ``tolerance`` seconds away from ``now`` (default: the clock), and for anything empty or malformed.
        """
        message_id, timestamp, signatures = (
            _header(headers, f"webhook-{name}") for name in ("id", "timestamp", "signature")
        )
        body, key = _bytes(payload), _standard_key(secret)
        if not body or not key or not message_id or not signatures:
            return False
        if not re.fullmatch(r"[0-9]{1,15}", timestamp):
            return False
        if abs(int(timestamp) - (time.time() if now is None else now)) > tolerance:
            return False
        expected = _hmac(key, f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body)
        given = [_standard_signature(entry) for entry in signatures.split(" ")]
        return any(hmac.compare_digest(expected, signature) for signature in given)

    def verify_and_parse_standard(
        self,
        *,
        raw_body: Payload,
        headers: Headers,
        secret: str,
        tolerance: float = _DEFAULT_TOLERANCE,
        now: float | None = None,
    ) -> dict[str, Any] | None:
        """The event of a delivery that ``verify_standard`` accepts; None when it does not, or is no JSON object."""
        verified = self.verify_standard(payload=raw_body, headers=headers, secret=secret, tolerance=tolerance, now=now)
        return _parsed(raw_body) if verified else None


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else b""


def _standard_key(secret: object) -> bytes:
    if not isinstance(secret, str):
        return b""
    return _base64(secret[len("whsec_") :] if secret.startswith("whsec_") else secret) or b""


def _standard_signature(entry: str) -> bytes:
    version, comma, encoded = entry.partition(",")
    return (_base64(encoded) or b"") if version == "v1" and comma else b""


def _base64(text: str) -> Optional[bytes]:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _header(headers: object, name: str) -> str:
    """The header under a name in any case; empty where it is missing or not one text."""
    items = getattr(headers, "items", None)
    for key, value in items() if callable(items) else ():
        if isinstance(key, (str, bytes)) and _text(key).lower() == name:
            single = value[0] if _is_list_of_one(value) else value
            return _text(single) if isinstance(single, (str, bytes)) else ""
    return ""


def _is_list_of_one(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and len(value) == 1


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _parsed(raw_body: Payload) -> dict[str, Any] | None:
    try:
        event = json.loads(_bytes(raw_body).decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
