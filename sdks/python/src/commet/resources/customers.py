# Written by npm run gen from packages/contract. Do not edit.
"""The resource ``customers``, blocking and asynchronous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Optional, Union

from .. import _shapes
from .._core.caller import AsyncCaller, Caller
from .._core.given import NOT_GIVEN, NotGiven
from .._core.params import body, one_of, segment
from .._core.response import ApiResponse, AsyncPager, Page
from ..types import Address, AddressParam, CreateCustomerParam, Customer, CustomerBatch, DeletedCustomer


class Customers:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        email: str,
        id: Union[str, NotGiven] = NOT_GIVEN,
        external_id: Union[str, NotGiven] = NOT_GIVEN,
        full_name: Union[str, NotGiven, None] = NOT_GIVEN,
        tax_document: Union[str, NotGiven, None] = NOT_GIVEN,
        address: Union[AddressParam, Address, NotGiven, None] = NOT_GIVEN,
        timezone: Union[str, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[Customer]:
        """Creates a customer. With a user ID (``id``) the call is idempotent: if a customer with that user ID exists,
        it is answered unchanged. E-mail addresses need not be unique.

        Args:
            email: Up to 200 characters.
            id: Your own ID of the customer, unique in the environment.
            external_id: The same as id.
            full_name: Up to 200 characters.
            tax_document: Up to 100 characters.
            address: A postal address. Replaced whole, never merged.
            timezone: IANA time zone, for display; billing runs in UTC.
            metadata: Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones
                included. Kept as sent; never changes billing.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return self._caller.request(
            Customer,
            "POST",
            "/customers",
            body=body(
                {
                    "email": email,
                    "id": id,
                    "externalId": external_id,
                    "fullName": full_name,
                    "taxDocument": tax_document,
                    "address": address,
                    "timezone": timezone,
                    "metadata": metadata,
                },
                _shapes.CREATE_CUSTOMER,
            ),
            idempotency_key=idempotency_key,
        )

    def get(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
    ) -> ApiResponse[Customer]:
        """Answers one customer, found by its ``cus_`` ID or by your own user ID.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.

        Raises:
            CommetAPIError: ``customer_not_found`` (404).
        """
        return self._caller.request(
            Customer,
            "GET",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
        )

    def update(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        email: Union[str, NotGiven] = NOT_GIVEN,
        external_id: Union[str, NotGiven, None] = NOT_GIVEN,
        full_name: Union[str, NotGiven, None] = NOT_GIVEN,
        tax_document: Union[str, NotGiven, None] = NOT_GIVEN,
        address: Union[AddressParam, Address, NotGiven, None] = NOT_GIVEN,
        timezone: Union[str, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[Customer]:
        """Changes the fields that are sent and leaves the others. Address and metadata are replaced whole. ``None``
        clears ``full_name``, ``tax_document``, ``address`` and ``external_id``, and empties ``metadata``.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.
            email: Up to 200 characters.
            external_id: The new user ID; ``None`` removes it.
            full_name: Up to 200 characters.
            tax_document: Up to 100 characters.
            address: A postal address. Replaced whole, never merged.
            timezone: IANA time zone, for display; billing runs in UTC.
            metadata: Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones
                included. Kept as sent; never changes billing.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``customer_not_found`` (404), ``duplicate`` (409).
        """
        return self._caller.request(
            Customer,
            "PUT",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
            body=body(
                {
                    "email": email,
                    "externalId": external_id,
                    "fullName": full_name,
                    "taxDocument": tax_document,
                    "address": address,
                    "timezone": timezone,
                    "metadata": metadata,
                },
                _shapes.UPDATE_CUSTOMER,
            ),
            idempotency_key=idempotency_key,
        )

    def list(
        self,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        external_id: Optional[str] = None,
        email: Optional[str] = None,
        search: Optional[str] = None,
        created_after: Union[str, datetime, None] = None,
        created_before: Union[str, datetime, None] = None,
        metadata: Optional[Mapping[str, Union[str, int, float, bool]]] = None,
        order: Optional[Literal["asc", "desc"]] = None,
    ) -> Page[Customer]:
        """A page of customers, newest first. Pass ``next_cursor`` to get the next page with the same filters; rows that
        exist throughout are seen exactly once, whatever is inserted or deleted meanwhile.

        Args:
            limit: Rows per page, 1 to 100. The server takes 25 where nothing is given.
            cursor: next_cursor of the page before. Opaque: pass it as it came.
            external_id: Exactly this user ID.
            email: Exactly this e-mail address, in any case.
            search: Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters on, the start
                of a word below.
            created_after: Created later than this instant.
            created_before: Created earlier than this instant.
            metadata: metadata[key]=value, several allowed: all must match. Numbers and booleans match their text.
            order: By creation: desc is newest first. The server takes desc where nothing is given.
        """
        return self._caller.request_list(
            Customer,
            "/customers",
            query={
                "limit": limit,
                "cursor": cursor,
                "externalId": external_id,
                "email": email,
                "search": search,
                "createdAfter": created_after,
                "createdBefore": created_before,
                "metadata": metadata,
                "order": order,
            },
        )

    def create_batch(
        self,
        customers: Sequence[CreateCustomerParam],
        *,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[CustomerBatch]:
        """Creates 1 to 100 customers in one request. Items that break a rule are reported in ``failed`` with their
        index and do not stop the others. An item whose user ID exists resolves to the existing customer.

        Args:
            customers: Each item follows the rules of a single create and fails or succeeds on its own.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return self._caller.request(
            CustomerBatch,
            "POST",
            "/customers/batch",
            body=body(
                {
                    "customers": customers,
                },
                _shapes.CREATE_CUSTOMER_BATCH,
            ),
            idempotency_key=idempotency_key,
        )

    def delete(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[DeletedCustomer]:
        """Deletes the customer at once. Its user ID is free again; what happened stays in the history.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``customer_not_found`` (404).
        """
        return self._caller.request(
            DeletedCustomer,
            "DELETE",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
            idempotency_key=idempotency_key,
        )


class AsyncCustomers:
    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        email: str,
        id: Union[str, NotGiven] = NOT_GIVEN,
        external_id: Union[str, NotGiven] = NOT_GIVEN,
        full_name: Union[str, NotGiven, None] = NOT_GIVEN,
        tax_document: Union[str, NotGiven, None] = NOT_GIVEN,
        address: Union[AddressParam, Address, NotGiven, None] = NOT_GIVEN,
        timezone: Union[str, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[Customer]:
        """Creates a customer. With a user ID (``id``) the call is idempotent: if a customer with that user ID exists,
        it is answered unchanged. E-mail addresses need not be unique.

        Args:
            email: Up to 200 characters.
            id: Your own ID of the customer, unique in the environment.
            external_id: The same as id.
            full_name: Up to 200 characters.
            tax_document: Up to 100 characters.
            address: A postal address. Replaced whole, never merged.
            timezone: IANA time zone, for display; billing runs in UTC.
            metadata: Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones
                included. Kept as sent; never changes billing.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return await self._caller.request(
            Customer,
            "POST",
            "/customers",
            body=body(
                {
                    "email": email,
                    "id": id,
                    "externalId": external_id,
                    "fullName": full_name,
                    "taxDocument": tax_document,
                    "address": address,
                    "timezone": timezone,
                    "metadata": metadata,
                },
                _shapes.CREATE_CUSTOMER,
            ),
            idempotency_key=idempotency_key,
        )

    async def get(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
    ) -> ApiResponse[Customer]:
        """Answers one customer, found by its ``cus_`` ID or by your own user ID.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.

        Raises:
            CommetAPIError: ``customer_not_found`` (404).
        """
        return await self._caller.request(
            Customer,
            "GET",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
        )

    async def update(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        email: Union[str, NotGiven] = NOT_GIVEN,
        external_id: Union[str, NotGiven, None] = NOT_GIVEN,
        full_name: Union[str, NotGiven, None] = NOT_GIVEN,
        tax_document: Union[str, NotGiven, None] = NOT_GIVEN,
        address: Union[AddressParam, Address, NotGiven, None] = NOT_GIVEN,
        timezone: Union[str, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[Customer]:
        """Changes the fields that are sent and leaves the others. Address and metadata are replaced whole. ``None``
        clears ``full_name``, ``tax_document``, ``address`` and ``external_id``, and empties ``metadata``.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.
            email: Up to 200 characters.
            external_id: The new user ID; ``None`` removes it.
            full_name: Up to 200 characters.
            tax_document: Up to 100 characters.
            address: A postal address. Replaced whole, never merged.
            timezone: IANA time zone, for display; billing runs in UTC.
            metadata: Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones
                included. Kept as sent; never changes billing.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``customer_not_found`` (404), ``duplicate`` (409).
        """
        return await self._caller.request(
            Customer,
            "PUT",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
            body=body(
                {
                    "email": email,
                    "externalId": external_id,
                    "fullName": full_name,
                    "taxDocument": tax_document,
                    "address": address,
                    "timezone": timezone,
                    "metadata": metadata,
                },
                _shapes.UPDATE_CUSTOMER,
            ),
            idempotency_key=idempotency_key,
        )

    def list(
        self,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        external_id: Optional[str] = None,
        email: Optional[str] = None,
        search: Optional[str] = None,
        created_after: Union[str, datetime, None] = None,
        created_before: Union[str, datetime, None] = None,
        metadata: Optional[Mapping[str, Union[str, int, float, bool]]] = None,
        order: Optional[Literal["asc", "desc"]] = None,
    ) -> AsyncPager[Customer]:
        """A page of customers, newest first. Pass ``next_cursor`` to get the next page with the same filters; rows that
        exist throughout are seen exactly once, whatever is inserted or deleted meanwhile.

        Args:
            limit: Rows per page, 1 to 100. The server takes 25 where nothing is given.
            cursor: next_cursor of the page before. Opaque: pass it as it came.
            external_id: Exactly this user ID.
            email: Exactly this e-mail address, in any case.
            search: Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters on, the start
                of a word below.
            created_after: Created later than this instant.
            created_before: Created earlier than this instant.
            metadata: metadata[key]=value, several allowed: all must match. Numbers and booleans match their text.
            order: By creation: desc is newest first. The server takes desc where nothing is given.
        """
        return self._caller.request_list(
            Customer,
            "/customers",
            query={
                "limit": limit,
                "cursor": cursor,
                "externalId": external_id,
                "email": email,
                "search": search,
                "createdAfter": created_after,
                "createdBefore": created_before,
                "metadata": metadata,
                "order": order,
            },
        )

    async def create_batch(
        self,
        customers: Sequence[CreateCustomerParam],
        *,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[CustomerBatch]:
        """Creates 1 to 100 customers in one request. Items that break a rule are reported in ``failed`` with their
        index and do not stop the others. An item whose user ID exists resolves to the existing customer.

        Args:
            customers: Each item follows the rules of a single create and fails or succeeds on its own.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.
        """
        return await self._caller.request(
            CustomerBatch,
            "POST",
            "/customers/batch",
            body=body(
                {
                    "customers": customers,
                },
                _shapes.CREATE_CUSTOMER_BATCH,
            ),
            idempotency_key=idempotency_key,
        )

    async def delete(
        self,
        customer_id: Union[str, NotGiven] = NOT_GIVEN,
        *,
        id: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
    ) -> ApiResponse[DeletedCustomer]:
        """Deletes the customer at once. Its user ID is free again; what happened stays in the history.

        Args:
            customer_id: The customer: its cus_ ID, or your own user ID.
            id: The same as customer_id; give one of them.
            idempotency_key: Sent as the header; without one, a call that may be retried makes its own.

        Raises:
            CommetAPIError: ``customer_not_found`` (404).
        """
        return await self._caller.request(
            DeletedCustomer,
            "DELETE",
            f"/customers/{segment(one_of(customer_id=customer_id, id=id))}",
            idempotency_key=idempotency_key,
        )
