"""Python client for Commet, the billing platform you can run yourself.

>>> from commet import Commet
>>> commet = Commet(api_key="ck_sandbox_…")

Models and the shapes of parameters are in ``commet.types``.
"""

from ._client import AsyncCommet, Commet
from ._core.errors import (
    CommetAPIError,
    CommetArgumentError,
    CommetConnectionError,
    CommetError,
    CommetTimeoutError,
    CommetValidationError,
)
from ._core.given import NOT_GIVEN, NotGiven
from ._core.response import ApiResponse, AsyncPage, AsyncPager, Page
from ._version import API_VERSION, SDK_VERSION
from .webhooks import Webhooks

__version__ = SDK_VERSION

__all__ = [
    "API_VERSION",
    "NOT_GIVEN",
    "SDK_VERSION",
    "ApiResponse",
    "AsyncCommet",
    "AsyncPage",
    "AsyncPager",
    "Commet",
    "CommetAPIError",
    "CommetArgumentError",
    "CommetConnectionError",
    "CommetError",
    "CommetTimeoutError",
    "CommetValidationError",
    "NotGiven",
    "Page",
    "Webhooks",
]
