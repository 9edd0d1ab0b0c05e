# Written by npm run gen from packages/contract. Do not edit.
"""The resource ``api_keys``, blocking and asynchronous."""

from __future__ import annotations

from typing import Optional, Union

from .. import _shapes
from .._core.caller import AsyncCaller, Caller
from .._core.given import NOT_GIVEN, NotGiven
from .._core.params import body, one_of, segment
from .._core.response import ApiResponse, AsyncPager, Page
from ..types import ApiKey, CreatedApiKey, DeletedApiKey


class ApiKeys:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
    ) -> Page[ApiKey]:
        """Keys of this environment that are not revoked, newest first. Secrets are never listed.

        Args:
            limit: Rows per page, 1 to 100. The server takes 25 where nothing is given.
            cursor: next_cursor of the page before. Opaque: pass it as it came.
        """
        return self._caller.request_list(
            ApiKey,
            "/api-keys",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )

    def create(
        self,
        *,
        name: str,
        expires_in_days: Union[int, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[CreatedApiKey]:
        """Creates a key for the environment of the key that asks. The secret is in this answer only.

        Args:
            name: What the key is for.
            expires_in_days: Days until the key stops working. The server takes 365 where nothing is given.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return self._caller.request(
            CreatedApiKey,
            "POST",
            "/api-keys",
            body=body(
                {
                    "name": name,
                    "expiresInDays": expires_in_days,
                },
                _shapes.CREATE_API_KEY,
            ),
            idempotency_key=idempotency_key,
        )

    def delete(
        self,
        api_key_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[DeletedApiKey]:
        """Revokes the key at once and for good.

        Args:
            api_key_id: Up to 100 characters.
            id: The same as api_key_id; give one of them.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``api_key_not_found`` (404).
        """
        return self._caller.request(
            DeletedApiKey,
            "DELETE",
            f"/api-keys/{segment(one_of(api_key_id=api_key_id, id=id))}",
            idempotency_key=idempotency_key,
        )


class AsyncApiKeys:
    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
    ) -> AsyncPager[ApiKey]:
        """Keys of this environment that are not revoked, newest first. Secrets are never listed.

        Args:
            limit: Rows per page, 1 to 100. The server takes 25 where nothing is given.
            cursor: next_cursor of the page before. Opaque: pass it as it came.
        """
        return self._caller.request_list(
            ApiKey,
            "/api-keys",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )

    async def create(
        self,
        *,
        name: str,
        expires_in_days: Union[int, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[CreatedApiKey]:
        """Creates a key for the environment of the key that asks. The secret is in this answer only.

        Args:
            name: What the key is for.
            expires_in_days: Days until the key stops working. The server takes 365 where nothing is given.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return await self._caller.request(
            CreatedApiKey,
            "POST",
            "/api-keys",
            body=body(
                {
                    "name": name,
                    "expiresInDays": expires_in_days,
                },
                _shapes.CREATE_API_KEY,
            ),
            idempotency_key=idempotency_key,
        )

    async def delete(
        self,
        api_key_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[DeletedApiKey]:
        """Revokes the key at once and for good.

        Args:
            api_key_id: Up to 100 characters.
            id: The same as api_key_id; give one of them.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``api_key_not_found`` (404).
        """
        return await self._caller.request(
            DeletedApiKey,
            "DELETE",
            f"/api-keys/{segment(one_of(api_key_id=api_key_id, id=id))}",
            idempotency_key=idempotency_key,
        )
