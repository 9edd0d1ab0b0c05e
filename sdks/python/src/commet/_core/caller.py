"""Owns the two calls every resource method is made of: one thing, and a list.

Does not know any resource.
Always: results are of the class they are asked to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from .answer import Success, data_of, page_of
from .model import Model, read
from .response import ApiResponse, AsyncPage, AsyncPager, Page
from .transport import ApiRequest, AsyncTransport, Transport

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class Caller:
    """What a blocking resource is written against."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def request(
        self,
        model: type[T],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[T]:
        request = ApiRequest(method, path, query or {}, body, idempotency_key)
        return _response(model, self._transport.send(request))

    def request_or_none(
        self,
        model: type[M],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[M | None]:
        """For what may not be there, which is no failure: its data is None."""
        request = ApiRequest(method, path, query or {}, body, idempotency_key)
        return _response_or_none(model, self._transport.send(request))

    def request_list(self, model: type[M], path: str, *, query: Mapping[str, Any] | None = None) -> Page[M]:
        filters = {"cursor": None, **(query or {})}

        def fetch(cursor: str | None) -> Page[M]:
            request = ApiRequest("GET", path, {**filters, "cursor": cursor})
            return Page(*_page(model, self._transport.send(request)), cursor, fetch)

        return fetch(filters["cursor"])


class AsyncCaller:
    """What an asynchronous resource is written against."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def request(
        self,
        model: type[T],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[T]:
        request = ApiRequest(method, path, query or {}, body, idempotency_key)
        return _response(model, await self._transport.send(request))

    async def request_or_none(
        self,
        model: type[M],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> ApiResponse[M | None]:
        """For what may not be there, which is no failure: its data is None."""
        request = ApiRequest(method, path, query or {}, body, idempotency_key)
        return _response_or_none(model, await self._transport.send(request))

    def request_list(self, model: type[M], path: str, *, query: Mapping[str, Any] | None = None) -> AsyncPager[M]:
        filters = {"cursor": None, **(query or {})}

        async def fetch(cursor: str | None) -> AsyncPage[M]:
            request = ApiRequest("GET", path, {**filters, "cursor": cursor})
            return AsyncPage(*_page(model, await self._transport.send(request)), cursor, fetch)

        return AsyncPager(fetch, filters["cursor"])


def _response(model: type[T], success: Success) -> ApiResponse[T]:
    data = data_of(success)
    # The contract says what an operation answers; this is where its word is taken.
    shaped: Any = read(model, data) if issubclass(model, Model) else data
    return ApiResponse(shaped, success.status_code, success.request_id)


def _response_or_none(model: type[M], success: Success) -> ApiResponse[M | None]:
    data = data_of(success)
    return ApiResponse(None if data is None else read(model, data), success.status_code, success.request_id)


def _page(model: type[M], success: Success) -> tuple[list[M], bool, str | None, int, str | None]:
    rows, has_more, next_cursor = page_of(success)
    return (
        [read(model, row) for row in rows],
        has_more,
        next_cursor,
        success.status_code,
        success.request_id,
    )
