"""Owns what a call returns: one thing, or one page of a list and the walk over all of them.

Does not know any resource; a page is fetched by the function it is given.
Always: a list call sends one request; further ones only as iteration needs them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, TypeVar

from .errors import CommetAPIError

T = TypeVar("T")


@dataclass(frozen=True)
class ApiResponse(Generic[T]):
    """What one call answered."""

    data: T
    status_code: int
    """HTTP status; 201 where something was created, 200 where it was there already."""
    request_id: str | None
    """The ``x-request-id`` of the answer: it finds the call in the server's log."""


@dataclass(frozen=True)
class _PageFields(Generic[T]):
    data: list[T]
    has_more: bool
    """Whether there is a page after this one."""
    next_cursor: str | None
    """Pass it as ``cursor`` for the next page; None on the last one. Opaque: never parse or build it."""
    status_code: int
    request_id: str | None
    """The ``x-request-id`` of the answer."""
    _cursor: str | None = field(repr=False, compare=False)

    def _next(self) -> str | None:
        """The cursor of the page after this one, if there is one."""
        if not self.has_more or self.next_cursor is None:
            return None
        if self.next_cursor == self._cursor:
            message = "The server answered a page whose next page is itself; the walk was stopped"
            raise CommetAPIError(
                message, code="UNEXPECTED_RESPONSE", status_code=self.status_code, request_id=self.request_id
            )
        return self.next_cursor


@dataclass(frozen=True)
class Page(_PageFields[T]):
    """One page of a list. Iterating it yields its own items, then those of every page after it."""

    _fetch: Callable[[str | None], Page[T]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[T]:
        page = self
        while True:
            yield from page.data
            cursor = page._next()
            if cursor is None:
                return
            page = self._fetch(cursor)

    def auto_paging_iter(self) -> Iterator[T]:
        """The same as iterating the page: every item of this page and of all pages after it."""
        return iter(self)


@dataclass(frozen=True)
class AsyncPage(_PageFields[T]):
    """One page of a list. ``async for`` yields its own items, then those of every page after it."""

    _fetch: Callable[[str | None], Awaitable[AsyncPage[T]]] = field(repr=False, compare=False)

    async def __aiter__(self) -> AsyncIterator[T]:
        page = self
        while True:
            for item in page.data:
                yield item
            cursor = page._next()
            if cursor is None:
                return
            page = await self._fetch(cursor)

    def auto_paging_iter(self) -> AsyncIterator[T]:
        """The same as iterating the page: every item of this page and of all pages after it."""
        return self.__aiter__()


class AsyncPager(Generic[T]):
    """What an asynchronous list call returns: ``await`` it for one page, or ``async for`` over it for every item."""

    def __init__(self, fetch: Callable[[str | None], Awaitable[AsyncPage[T]]], cursor: str | None) -> None:
        self._fetch = fetch
        self._cursor = cursor

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._fetch(self._cursor).__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self:
            yield item

    def auto_paging_iter(self) -> AsyncIterator[T]:
        """Every item of all pages."""
        return self.__aiter__()
