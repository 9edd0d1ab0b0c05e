"""Owns the client objects: their options and the resources hanging off them.

Does not know how calls are sent (_core/transport.py) or what they say (resources/).
Always: printing a client never shows its API key.
"""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, TypeVar, Union

import httpx

from ._core.caller import AsyncCaller, Caller
from ._core.config import (
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    Config,
    checked_header,
    checked_retries,
    checked_timeout,
)
from ._core.given import NOT_GIVEN, NotGiven
from ._core.response import ApiResponse
from ._core.retry import Timing
from ._core.transport import AsyncTransport, Transport
from ._version import API_VERSION
from .resources import AsyncResources, Resources

Sync = TypeVar("Sync", bound="Commet")
Async = TypeVar("Async", bound="AsyncCommet")


class Commet(Resources):
    """A blocking client of one Commet server, for one environment. Make one and share it between threads.

    Every call may raise ``CommetAPIError`` (the server refused; ``CommetValidationError`` for bad fields),
    ``CommetConnectionError`` or ``CommetTimeoutError`` (no answer, after all retries), and ``CommetArgumentError``
    before anything is sent.
    """

    def __init__(
        self,
        api_key: str | None,
        *,
        base_url: str | None = None,
        api_version: str = API_VERSION,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        http_client: httpx.Client | None = None,
    ) -> None:
        """
        Args:
            api_key: ``ck_sandbox_…`` or ``ck_live_…``; the key decides the environment.
            base_url: where the server is; a path in it is kept. Default: ``COMMET_BASE_URL``, else
                ``http://localhost:3000``.
            api_version: version of the API, ``YYYY-MM-DD``.
            timeout: seconds one attempt may take, reading the answer included.
            retries: attempts after the first one.
            http_client: for proxies, certificates and tracing. It stays yours: ``close`` leaves it open.
        """
        config = Config.checked(api_key, base_url=base_url, api_version=api_version, timeout=timeout, retries=retries)
        self._owns_http = http_client is None
        self._attach(Transport(config, http_client or httpx.Client(), Timing()))

    def _attach(self, transport: Transport) -> None:
        self._transport = transport
        self._caller = Caller(transport)
        super().__init__(self._caller)

    def with_options(
        self: Sync,
        *,
        api_version: str | NotGiven = NOT_GIVEN,
        timeout: float | NotGiven = NOT_GIVEN,
        retries: int | NotGiven = NOT_GIVEN,
    ) -> Sync:
        """The same client, on the same connections, with other options: ``commet.with_options(timeout=2)``."""
        copy = type(self).__new__(type(self))
        copy._owns_http = False
        config = _changed(self._transport.config, api_version, timeout, retries)
        copy._attach(Transport(config, self._transport.http, self._transport.timing))
        return copy

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[Any]:
        """Any operation, also one this version of the package has no method for; ``data`` is the JSON as sent.

        ``path`` is below ``/api/v1``, its identifiers percent-encoded. Retries and exceptions as everywhere.
        """
        return self._caller.request(object, method, path, query=query, body=body, idempotency_key=idempotency_key)

    def close(self) -> None:
        """Closes the connections, unless they belong to a client that was passed in."""
        if self._owns_http:
            self._transport.http.close()

    def __enter__(self: Sync) -> Sync:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Commet(base_url={_base_url(self._transport)!r})"


class AsyncCommet(AsyncResources):
    """An asynchronous client of one Commet server, for one environment; under asyncio or trio.

    The same as ``Commet``, awaited.
    """

    def __init__(
        self,
        api_key: str | None,
        *,
        base_url: str | None = None,
        api_version: str = API_VERSION,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        """
        Args:
            api_key: ``ck_sandbox_…`` or ``ck_live_…``; the key decides the environment.
            base_url: where the server is; a path in it is kept. Default: ``COMMET_BASE_URL``, else
                ``http://localhost:3000``.
            api_version: version of the API, ``YYYY-MM-DD``.
            timeout: seconds one attempt may take, reading the answer included.
            retries: attempts after the first one.
            http_client: for proxies, certificates and tracing. It stays yours: ``close`` leaves it open.
        """
        config = Config.checked(api_key, base_url=base_url, api_version=api_version, timeout=timeout, retries=retries)
        self._owns_http = http_client is None
        self._attach(AsyncTransport(config, http_client or httpx.AsyncClient(), Timing()))

    def _attach(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self._caller = AsyncCaller(transport)
        super().__init__(self._caller)

    def with_options(
        self: Async,
        *,
        api_version: str | NotGiven = NOT_GIVEN,
        timeout: float | NotGiven = NOT_GIVEN,
        retries: int | NotGiven = NOT_GIVEN,
    ) -> Async:
        """The same client, on the same connections, with other options."""
        copy = type(self).__new__(type(self))
        copy._owns_http = False
        config = _changed(self._transport.config, api_version, timeout, retries)
        copy._attach(AsyncTransport(config, self._transport.http, self._transport.timing))
        return copy

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[Any]:
        """Any operation, also one this version of the package has no method for; ``data`` is the JSON as sent."""
        return await self._caller.request(object, method, path, query=query, body=body, idempotency_key=idempotency_key)

    async def close(self) -> None:
        """Closes the connections, unless they belong to a client that was passed in."""
        if self._owns_http:
            await self._transport.http.aclose()

    async def __aenter__(self: Async) -> Async:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncCommet(base_url={_base_url(self._transport)!r})"


def _changed(
    config: Config,
    api_version: str | NotGiven,
    timeout: float | NotGiven,
    retries: int | NotGiven,
) -> Config:
    if not isinstance(api_version, NotGiven):
        config = replace(config, api_version=checked_header("api_version", api_version))
    if not isinstance(timeout, NotGiven):
        config = replace(config, timeout=checked_timeout(timeout))
    if not isinstance(retries, NotGiven):
        config = replace(config, retries=checked_retries(retries))
    return config


def _base_url(transport: Union[Transport, AsyncTransport]) -> str:
    return transport.config.api_url[: -len("/api/v1")]
