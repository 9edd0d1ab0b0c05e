"""The two versions the client names: its own, read by the build, and the API's."""

SDK_VERSION = "0.1.0"
"""Version of this package, as sent in the ``User-Agent`` header."""

API_VERSION = "2026-07-11"
"""API version the client asks for unless ``api_version`` says otherwise."""
