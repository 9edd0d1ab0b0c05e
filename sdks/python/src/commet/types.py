# Written by npm run gen from packages/contract. Do not edit.
"""Results, and the shapes of the objects that go into parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Dict, List, Optional, TypedDict

from ._core.model import Model

__all__ = [
    "Address",
    "AddressParam",
    "ApiKey",
    "CreateCustomerParam",
    "CreatedApiKey",
    "Customer",
    "CustomerBatch",
    "DeletedApiKey",
    "DeletedCustomer",
    "FailedCustomer",
]


class Address(Model):
    """A postal address. Replaced whole, never merged."""

    line1: str
    line2: Optional[str]
    city: str
    state: Optional[str]
    postal_code: str
    country: str
    """Two-letter country code of ISO 3166-1."""
    region: Optional[str]


class ApiKey(Model):
    """An API key, without its secret."""

    id: str
    name: str
    prefix: str
    """The first characters of the secret."""
    created_at: str
    """ISO 8601, UTC."""
    object: str
    livemode: bool
    expires_at: Optional[str]
    """ISO 8601, UTC."""
    last_used_at: Optional[str]
    """Written at most once a minute."""


class CreatedApiKey(Model):
    """A new API key with its secret."""

    id: str
    name: str
    prefix: str
    """The first characters of the secret."""
    created_at: str
    """ISO 8601, UTC."""
    object: str
    livemode: bool
    expires_at: str
    """ISO 8601, UTC."""
    api_key: str
    """The secret. Shown once."""


class Customer(Model):
    """Someone you bill."""

    id: str
    """ID of the customer, starting with cus_."""
    external_id: Optional[str]
    """Your own user ID, if one was given."""
    full_name: Optional[str]
    """Name of the person or business."""
    email: str
    """Where bills go."""
    tax_document: Optional[str]
    """Tax ID as it was sent."""
    document_type: Optional[str]
    """Kind of the tax ID, derived from the country of the address."""
    timezone: Optional[str]
    """IANA time zone, for display."""
    address: Optional[Address]
    """A postal address. Replaced whole, never merged."""
    metadata: Optional[Dict[str, Any]]
    """Your own keys and values, as they were sent."""
    created_at: str
    """ISO 8601, UTC."""
    updated_at: str
    """ISO 8601, UTC."""
    object: str
    livemode: bool
    """false in the sandbox."""

    _models = {"address": Address}


class FailedCustomer(Model):
    """An item of a batch that broke a rule."""

    index: int
    """Position in the request, from 0."""
    error: str
    """What was wrong, in words."""
    data: Dict[str, Any]
    """The item as it was sent."""


class CustomerBatch(Model):
    """What became of every item of a batch."""

    successful: List[Customer]
    failed: List[FailedCustomer]
    object: str
    livemode: bool

    _models = {"successful": Customer, "failed": FailedCustomer}


class DeletedApiKey(Model):
    """Says that the key is revoked."""

    id: str
    deleted: bool
    object: str
    livemode: bool


class DeletedCustomer(Model):
    """Says that the customer is gone."""

    id: str
    """ID of the customer, starting with cus_."""
    deleted: bool
    object: str
    livemode: bool


class _AddressParamRequired(TypedDict):
    line1: str
    city: str
    postal_code: str
    country: str
    """Two-letter country code of ISO 3166-1."""


class AddressParam(_AddressParamRequired, total=False):
    """A postal address. Replaced whole, never merged. The names of the wire are taken too."""

    line2: str
    state: str
    region: str


class _CreateCustomerParamRequired(TypedDict):
    email: str


class CreateCustomerParam(_CreateCustomerParamRequired, total=False):
    """The customer to create. The names of the wire are taken too."""

    id: str
    """Your own ID of the customer, unique in the environment."""
    external_id: str
    """The same as id."""
    full_name: Optional[str]
    tax_document: Optional[str]
    address: Optional[AddressParam]
    """A postal address. Replaced whole, never merged."""
    timezone: str
    """IANA time zone, for display; billing runs in UTC."""
    metadata: Optional[Mapping[str, Any]]
    """Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones included. Kept
    as sent; never changes billing.
    """
