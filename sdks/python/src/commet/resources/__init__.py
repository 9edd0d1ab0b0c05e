# Written by npm run gen from packages/contract. Do not edit.
"""Every resource of the API."""

from __future__ import annotations

from .._core.caller import AsyncCaller, Caller
from ..webhooks import Webhooks
from .api_keys import ApiKeys, AsyncApiKeys
from .customers import AsyncCustomers, Customers


class Resources:
    """The resources of a blocking client."""

    def __init__(self, caller: Caller) -> None:
        self.api_keys = ApiKeys(caller)
        self.customers = Customers(caller)
        self.webhooks = Webhooks()


class AsyncResources:
    """The resources of an asynchronous client."""

    def __init__(self, caller: AsyncCaller) -> None:
        self.api_keys = AsyncApiKeys(caller)
        self.customers = AsyncCustomers(caller)
        self.webhooks = Webhooks()
