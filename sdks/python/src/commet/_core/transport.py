"""Owns sending: one call, its attempts, its time limits; blocking and asynchronous.

Does not know any resource and does not interpret bodies (answer.py does).
Always: every attempt of a call carries the same bytes and the same idempotency key.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx

from .answer import Success, WireAnswer, read_success
from .config import Config, checked_header, user_agent
from .errors import CommetArgumentError, CommetConnectionError, CommetError, CommetTimeoutError
from .params import encode_query, to_json
from .retry import Timing, retry_delay


@dataclass(frozen=True)
class ApiRequest:
    """One call of the API."""

    method: str
    path: str
    """Below ``/api/v1``, each identifier percent-encoded, without a query: ``/customers/user%2F1``."""
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    """Sent as JSON, keys untouched; None is no body."""
    idempotency_key: str | None = None


@dataclass(frozen=True)
class _Call:
    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None
    timeout: float
    retries: int


def _prepare(config: Config, request: ApiRequest) -> _Call:
    if not request.path.startswith("/") or "?" in request.path or "#" in request.path:
        raise CommetArgumentError("a path starts with / and carries no query or fragment")
    return _Call(
        method=request.method,
        url=f"{config.api_url}{request.path}{encode_query(request.query)}",
        headers={
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": user_agent(),
            "x-api-key": config.api_key,
            "commet-version": config.api_version,
            **_idempotency(request, config.retries),
        },
        content=None if request.body is None else to_json(request.body),
        timeout=config.timeout,
        retries=config.retries,
    )


def _idempotency(request: ApiRequest, retries: int) -> dict[str, str]:
    if request.method == "GET":
        return {}
    if request.idempotency_key is not None:
        return {"idempotency-key": checked_header("idempotency_key", request.idempotency_key)}
    return {"idempotency-key": f"commet-python-retry-{uuid.uuid4()}"} if retries > 0 else {}


class Transport:
    """Sends on a blocking ``httpx.Client``."""

    def __init__(self, config: Config, http: httpx.Client, timing: Timing) -> None:
        self.config = config
        self.http = http
        self.timing = timing

    def send(self, request: ApiRequest) -> Success:
        call = _prepare(self.config, request)
        attempt = 0
        while True:
            try:
                return self._attempt(call)
            except CommetError as error:
                delay = _delay(error, attempt, call, self.timing)
                if delay is None:
                    raise
            self.timing.wait(delay)
            attempt += 1

    def _attempt(self, call: _Call) -> Success:
        try:
            return read_success(self._exchange(call))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as cause:
            raise _no_answer(self.config, call, cause) from cause

    def _exchange(self, call: _Call) -> WireAnswer:
        # httpx limits every connect, write and read by itself; together they have one time limit.
        deadline = time.monotonic() + call.timeout
        request = _built(self.http, call)
        request.extensions["trace"] = lambda event, _: _limit(request, deadline) if event.endswith(".started") else None
        response = self.http.send(request, stream=True, follow_redirects=False)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if _limit(request, deadline) <= 0:
                    raise httpx.ReadTimeout("the answer did not end in time", request=request)
        finally:
            response.close()
        return _read(self.config, response, bytes(content))


class AsyncTransport:
    """Sends on an ``httpx.AsyncClient``, under asyncio or trio."""

    def __init__(self, config: Config, http: httpx.AsyncClient, timing: Timing) -> None:
        self.config = config
        self.http = http
        self.timing = timing

    async def send(self, request: ApiRequest) -> Success:
        call = _prepare(self.config, request)
        attempt = 0
        while True:
            try:
                return await self._attempt(call)
            except CommetError as error:
                delay = _delay(error, attempt, call, self.timing)
                if delay is None:
                    raise
            await self.timing.wait_async(delay)
            attempt += 1

    async def _attempt(self, call: _Call) -> Success:
        try:
            with anyio.fail_after(call.timeout):
                return read_success(await self._exchange(call))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as cause:
            raise _no_answer(self.config, call, cause) from cause

    async def _exchange(self, call: _Call) -> WireAnswer:
        request = _built(self.http, call)
        response = await self.http.send(request, stream=True, follow_redirects=False)
        try:
            content = await response.aread()
        finally:
            await response.aclose()
        return _read(self.config, response, content)


def _delay(error: CommetError, attempt: int, call: _Call, timing: Timing) -> float | None:
    return retry_delay(error, attempt, timing.chance()) if attempt < call.retries else None


def _built(http: httpx.Client | httpx.AsyncClient, call: _Call) -> httpx.Request:
    # Not http.build_request, which would add the cookies of earlier answers.
    return httpx.Request(
        call.method,
        call.url,
        headers={**http.headers, **call.headers},
        content=call.content,
        extensions={"timeout": httpx.Timeout(call.timeout).as_dict()},
    )


def _limit(request: httpx.Request, deadline: float) -> float:
    """Gives the next operation what is left of the time, and answers it."""
    left = deadline - time.monotonic()
    for operation in ("connect", "write", "read"):
        request.extensions["timeout"][operation] = max(left, 0.001)
    return left


def _read(config: Config, response: httpx.Response, content: bytes) -> WireAnswer:
    text = content.decode("utf-8-sig", "replace")
    return WireAnswer(
        status=response.status_code,
        text=config.redact(text) if response.status_code >= 400 else text,
        request_id=response.headers.get("x-request-id"),
        retry_after=response.headers.get("retry-after"),
        location=response.headers.get("location"),
    )


def _no_answer(config: Config, call: _Call, cause: Exception) -> CommetError:
    if isinstance(cause, (httpx.TimeoutException, TimeoutError)):
        return CommetTimeoutError(f"No answer from the Commet server within {call.timeout:g} s")
    reason = config.redact(str(cause) or type(cause).__name__)
    return CommetConnectionError(f"No answer from the Commet server: {reason}")
