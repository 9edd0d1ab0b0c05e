"""The Python blocks of README and reference run, in order, as one program, against a server that answers as ours."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import TEST_KEY
from .stub import Reply, Seen, Stub, answer

LIBRARY = Path(__file__).resolve().parents[1]
CUSTOMER = {"id": "cus_01k0a2b3", "externalId": "user_42", "email": "accounts@north.example", "metadata": {"a_b": 1}}
PAGE = {"success": True, "data": [CUSTOMER], "hasMore": False}
REFUSAL = {
    "success": False,
    "error": {"code": "validation_error", "message": "Bad", "details": [{"field": "email", "message": "Invalid"}]},
}


def run_blocks(page: str, names: dict[str, Any]) -> int:
    text = (LIBRARY / page).read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    for block in blocks:
        exec(compile(block, page, "exec"), names)  # noqa: S102
    return len(blocks)


def reply(request: Seen) -> Reply:
    if request.method == "GET" and request.target.split("?")[0] in ("/api/v1/customers", "/api/v1/api-keys"):
        return answer(200, PAGE)
    if request.body and request.json.get("email") == "not an address":
        return answer(400, REFUSAL)
    return answer(200, {"success": True, "data": CUSTOMER}, x_request_id="req_1")


@pytest.fixture(autouse=True)
def server(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMET_BASE_URL", stub.url)
    monkeypatch.setenv("COMMET_API_KEY", TEST_KEY)
    monkeypatch.setenv("COMMET_WEBHOOK_SECRET", "whsec_test")
    stub.start(route=reply)


def test_the_readme_runs() -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert run_blocks("README.md", {}) >= 6
    assert printed.getvalue().startswith("cus_01k0a2b3\n")
    assert "{'email': ['Invalid']}" in printed.getvalue()


def test_every_example_of_the_reference_runs() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        assert run_blocks("REFERENCE.md", {}) > 9
