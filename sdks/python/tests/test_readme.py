"""The README's Python blocks run, in order, as one program, against a server that answers as the API does."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import TEST_KEY
from .stub import Reply, Seen, Stub, answer

README = Path(__file__).resolve().parents[1] / "README.md"
CUSTOMER = {"id": "cus_01k0a2b3", "externalId": "user_42", "email": "accounts@north.example", "metadata": {"a_b": 1}}
PAGE = {"success": True, "data": [CUSTOMER], "hasMore": False}
REFUSAL = {
    "success": False,
    "error": {"code": "validation_error", "message": "Bad", "details": [{"field": "email", "message": "Invalid"}]},
}


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.M | re.S)


def reply(request: Seen) -> Reply:
    if request.method == "GET" and request.target.split("?")[0] == "/api/v1/customers":
        return answer(200, PAGE)
    if request.body and request.json.get("email") == "not an address":
        return answer(400, REFUSAL)
    return answer(200, {"success": True, "data": CUSTOMER}, x_request_id="req_1")


def test_the_readme_runs(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMET_BASE_URL", stub.url)
    monkeypatch.setenv("COMMET_API_KEY", TEST_KEY)
    monkeypatch.setenv("COMMET_WEBHOOK_SECRET", "whsec_test")
    stub.start(route=reply)
    names: dict[str, Any] = {}
    printed = io.StringIO()
    assert len(blocks()) >= 6
    with contextlib.redirect_stdout(printed):
        for block in blocks():
            exec(compile(block, str(README), "exec"), names)  # noqa: S102
    assert printed.getvalue().startswith("cus_01k0a2b3\n")
    assert "{'email': ['Invalid']}" in printed.getvalue()
