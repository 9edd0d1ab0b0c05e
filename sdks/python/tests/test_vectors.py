"""Owns this library's walk through the shared vectors: every case, against a stub on the loopback.

Does not know any case; spec/vectors/README.md says what the keys mean.
Always: no case is skipped; every call is made by the blocking and by the asynchronous client.
"""

from __future__ import annotations

import json
import re
import ssl
from itertools import islice
from pathlib import Path
from typing import Any, Callable
from urllib.parse import parse_qsl, unquote

import anyio
import httpx
import pytest

from commet import (
    AsyncCommet,
    Commet,
    CommetAPIError,
    CommetArgumentError,
    CommetConnectionError,
    CommetError,
    CommetTimeoutError,
    CommetValidationError,
    Webhooks,
)
from commet._core.model import Model

from .conftest import TEST_KEY
from .stub import Reply, Seen, Stub

Json = Any

FOLDER = Path(__file__).resolve().parents[3] / "spec" / "vectors"
FILES = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def cases_of(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for file in FILES for case in file["cases"] if case["kind"] == kind]


# ------------------------------------------------------------------------------------------------ form

CUSTOMER = {"email", "id", "externalId", "fullName", "taxDocument", "timezone", "address", "metadata"}
ARGUMENTS = {
    "customers.create": CUSTOMER,
    "customers.createBatch": {"customers"},
    "customers.get": {"id"},
    "customers.delete": {"id"},
    "customers.update": CUSTOMER,
    "customers.list": {
        *("limit", "cursor", "order", "externalId", "email"),
        *("search", "createdAfter", "createdBefore", "metadata"),
    },
    "apiKeys.list": {"limit", "cursor"},
    "apiKeys.create": {"name", "expiresInDays"},
    "apiKeys.delete": {"id"},
}
ERROR = {
    *("kind", "status", "code", "type", "param", "message", "messageMatches"),
    *("requestId", "docUrl", "retryAfter", "details", "validationErrors"),
}
NAMED = {"id", "purpose", "kind"}


def known(value: Json, keys: set[str], where: str) -> None:
    assert set(value) <= keys, f"{where}: this runner does not know {set(value) - keys}"


def check_form(case: Json) -> None:
    name = case["id"]
    known(case.get("client", {}), {"apiKey", "apiVersion", "retries", "timeoutMs", "basePath", "baseUrl"}, name)
    known(case["expect"].get("error", {}), ERROR, name)
    if case["kind"] == "client":
        known(case, {*NAMED, "client", "expect"}, name)
        known(case["expect"], {"error"}, name)
    elif case["kind"] == "webhook":
        known(case, {*NAMED, "webhook", "expect"}, name)
        keys = {"scheme", "secret", "payload", "signature", "headers", "now", "toleranceSeconds"}
        known(case["webhook"], keys, name)
        known(case["expect"], {"valid", "event"}, name)
    else:
        assert case["kind"] == "call", name
        check_call_form(case, name)


def check_call_form(case: Json, name: str) -> None:
    known(case, {*NAMED, "client", "call", "exchanges", "expect", "waits", "server"}, name)
    known(case["call"], {"operation", "arguments", "options", "iterate", "take"}, name)
    known(case["call"].get("options", {}), {"idempotencyKey"}, name)
    known(case["call"]["arguments"], ARGUMENTS[case["call"]["operation"]], name)
    known(case["expect"], {"result", "error", "openFields", "exactIntegers"}, name)
    result = case["expect"].get("result", {})
    known(result, {"data", "hasMore", "nextCursor", "status", "requestId"}, name)
    for exchange in case["exchanges"]:
        known(exchange, {"request", "again", "reply"}, name)
        known(exchange.get("request", {}), {"method", "path", "query", "headers", "body"}, name)
        known(exchange["reply"], {"status", "headers", "body", "text", "fault"}, name)


def test_the_vectors_are_many_have_names_of_their_own_and_keys_this_runner_knows() -> None:
    cases = [(file, case) for file in FILES for case in file["cases"]]
    assert len(cases) >= 400
    assert len({case["id"] for _, case in cases}) == len(cases)
    for file, case in cases:
        known(file, {"topic", "about", "cases"}, file["topic"])
        assert case["id"].startswith(f"{file['topic']}/")
        assert len(case["purpose"]) > 10
        check_form(case)


# ----------------------------------------------------------------------------------------------- calls


@pytest.fixture(scope="module")
def shared_ssl() -> ssl.SSLContext:
    """Reading the certificates for every client would be most of the time these tests take."""
    return httpx.create_ssl_context()


@pytest.mark.parametrize("case", cases_of("call"))
def test_call(case: Json, stub: Stub, shared_ssl: ssl.SSLContext) -> None:
    stub.start(*replies_of(case))
    waited: list[float] = []
    with httpx.Client(verify=shared_ssl) as http, Commet(**options_of(case, stub), http_client=http) as commet:
        commet._transport.timing.wait = waited.append
        outcome = settled(lambda: make(commet, case["call"]))
    check_outcome(case, outcome, stub, waited)


@pytest.mark.parametrize("case", cases_of("call"))
def test_call_async(case: Json, stub: Stub, shared_ssl: ssl.SSLContext) -> None:
    stub.start(*replies_of(case))
    waited: list[float] = []

    async def record(delay: float) -> None:
        waited.append(delay)

    async def walk() -> Any:
        async with httpx.AsyncClient(verify=shared_ssl) as http:
            commet = AsyncCommet(**options_of(case, stub), http_client=http)
            commet._transport.timing.wait_async = record
            return await make_async(commet, case["call"])

    check_outcome(case, settled(lambda: anyio.run(walk)), stub, waited)


def replies_of(case: Json) -> list[Reply]:
    replies = [reply_of(exchange["reply"]) for exchange in case["exchanges"]]
    return [*replies, Reply(599, b"No reply is left")]


def reply_of(reply: Json) -> Reply:
    if "fault" in reply:
        return Reply(fault=reply["fault"], headers={"content-type": "application/json"})
    json_type = {"content-type": "application/json"} if "body" in reply else {}
    text = json.dumps(reply["body"], ensure_ascii=False) if "body" in reply else reply.get("text", "")
    return Reply(reply["status"], text.encode(), {**json_type, **reply.get("headers", {})})


def options_of(case: Json, stub: Stub) -> dict[str, Any]:
    client = case.get("client", {})
    names = {"apiVersion": "api_version", "retries": "retries"}
    options = {name: client[wire] for wire, name in names.items() if wire in client}
    if "timeoutMs" in client:
        options["timeout"] = client["timeoutMs"] / 1000
    base_url = client.get("baseUrl", f"{stub.url}{client.get('basePath', '')}")
    return {"api_key": client.get("apiKey", TEST_KEY), "base_url": base_url, **options}


KEYWORDS = {
    "externalId": "external_id",
    "fullName": "full_name",
    "taxDocument": "tax_document",
    "createdAfter": "created_after",
    "createdBefore": "created_before",
    "expiresInDays": "expires_in_days",
}


def keywords(arguments: Json) -> dict[str, Any]:
    given = {KEYWORDS.get(name, name): value for name, value in arguments.items()}
    if given.get("address") is not None:
        address = given["address"]
        given["address"] = {("postal_code" if name == "postalCode" else name): address[name] for name in address}
    return given


def make(commet: Commet, call: Json) -> Any:
    """The map from a vector's call to the method a user would write."""
    listed = listing(commet, call)
    if listed is None:
        return method_of(commet, call)()
    page = listed()
    return {"data": list(islice(page, call.get("take")))} if call.get("iterate") else page


async def make_async(commet: AsyncCommet, call: Json) -> Any:
    listed = listing(commet, call)
    if listed is None:
        return await method_of(commet, call)()
    if not call.get("iterate"):
        return await listed()
    rows: list[Any] = []
    async for row in listed():
        rows.append(row)
        if len(rows) == call.get("take"):
            break
    return {"data": rows}


def listing(commet: Any, call: Json) -> Callable[[], Any] | None:
    given = keywords(call["arguments"])
    if call["operation"] == "customers.list":
        return lambda: commet.customers.list(**given)
    if call["operation"] == "apiKeys.list":
        return lambda: commet.api_keys.list(**given)
    return None


def method_of(commet: Any, call: Json) -> Callable[[], Any]:
    given = keywords(call["arguments"])
    key = call.get("options", {}).get("idempotencyKey")
    options = {} if key is None else {"idempotency_key": key}
    operation = call["operation"]
    if operation == "customers.create":
        return lambda: commet.customers.create(**given, **options)
    if operation == "customers.createBatch":
        items = [keywords(item) for item in given["customers"]]
        return lambda: commet.customers.create_batch(items, **options)
    if operation == "customers.get":
        return lambda: commet.customers.get(customer_id=given["id"])
    if operation == "customers.update":
        customer_id = given.pop("id")
        return lambda: commet.customers.update(customer_id=customer_id, **given, **options)
    if operation == "customers.delete":
        return lambda: commet.customers.delete(given["id"], **options)
    if operation == "apiKeys.create":
        return lambda: commet.api_keys.create(**given, **options)
    if operation == "apiKeys.delete":
        return lambda: commet.api_keys.delete(given["id"], **options)
    raise AssertionError(f"No method for {operation}")


def settled(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except CommetError as error:
        return error


def check_outcome(case: Json, outcome: Any, stub: Stub, waited: list[float]) -> None:
    check_requests(case, stub.requests)
    check_waits(case.get("waits", []), waited)
    expect = case["expect"]
    if "error" in expect:
        check_error(expect["error"], outcome)
        return
    if isinstance(outcome, CommetError):
        raise outcome
    check_result(expect["result"], outcome)
    for path, value in expect.get("openFields", {}).items():
        assert same(at(outcome, path), value), path
    for path, digits in expect.get("exactIntegers", {}).items():
        number = at(outcome, path)
        assert type(number) is int, path
        assert str(number) == digits


# -------------------------------------------------------------------------------------------- requests

keys_of_other_cases: set[str] = set()


def check_requests(case: Json, seen: list[Seen]) -> None:
    exchanges = case["exchanges"]
    assert [f"{request.method} {request.target}" for request in seen[len(exchanges) :]] == []
    assert len(seen) == len(exchanges)
    for exchange, actual in zip(exchanges, seen):
        request = exchange.get("request")
        if request is None:
            assert bytes_of(actual) == bytes_of(seen[0])
        else:
            check_request(request, actual)
        listed = (request or exchanges[0]["request"]).get("headers", {})
        check_standing_rules(listed, actual, case.get("client", {}))
    keys = {request.headers.get("idempotency-key", "") for request in seen}
    automatic = {key for key in keys if "-retry-" in key}
    assert not automatic & keys_of_other_cases
    keys_of_other_cases.update(automatic)


def bytes_of(seen: Seen) -> tuple[Any, ...]:
    names = ("x-api-key", "commet-version", "content-type", "idempotency-key")
    return seen.method, seen.target, seen.body, [seen.headers.get(name) for name in names]


def check_request(request: Json, seen: Seen) -> None:
    path, _, query = seen.target.partition("?")
    assert seen.method == request["method"]
    assert re.fullmatch(r"[\x21-\x7e]+", path)
    assert segments(path) == segments(request["path"])
    pairs = parse_qsl(query, keep_blank_values=True)
    assert dict(pairs) == request.get("query", {})
    assert len(pairs) == len(request.get("query", {}))
    if "body" in request:
        assert same(seen.json, request["body"])
    else:
        assert seen.body == b""
    for name, rule in request.get("headers", {}).items():
        check_header(name, rule, seen.headers.get(name))


def segments(path: str) -> list[str]:
    return [unquote(part, errors="strict") for part in path.split("/")]


def check_header(name: str, rule: Json, value: str | None) -> None:
    if isinstance(rule, str):
        assert value == rule, name
    elif "absent" in rule:
        assert value is None, name
    else:
        assert value is not None, name
        assert re.search(rule["matches"], value), name


def check_standing_rules(listed: Json, seen: Seen, client: Json) -> None:
    rules: dict[str, Json] = {
        "x-api-key": client.get("apiKey", TEST_KEY),
        "accept": "application/json",
        "commet-version": client.get("apiVersion", "2026-07-11"),
        "user-agent": {"matches": r"^commet-python/[0-9]+\.[0-9]+\.[0-9]+"},
        "commet-client-telemetry": {"absent": True},
    }
    if seen.body != b"":
        rules["content-type"] = {"matches": "^application/json(;|$)"}
    if seen.method == "GET":
        rules["idempotency-key"] = {"absent": True}
    for name, rule in {**rules, **listed}.items():
        check_header(name, rule, seen.headers.get(name))


def check_waits(expected: list[Json], waited: list[float]) -> None:
    assert len(waited) == len(expected), waited
    for wait, actual in zip(expected, waited):
        if isinstance(wait, dict):
            assert wait["min"] <= actual <= wait["max"]
        else:
            assert actual == wait


# ------------------------------------------------------------------------------------- results, errors


def same(actual: Json, expected: Json) -> bool:
    """Equal as JSON: numbers by value, but True is not 1."""
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(same(actual[name], expected[name]) for name in expected)
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(actual) == len(expected) and all(map(same, actual, expected))
    return bool(isinstance(actual, bool) == isinstance(expected, bool) and actual == expected)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def field_of(value: Any, wire_name: str) -> Any:
    if isinstance(value, list):
        return value[int(wire_name)]
    if isinstance(value, dict):
        return value.get(wire_name)
    found = getattr(value, snake(wire_name))
    if isinstance(value, Model) and snake(wire_name) in value:
        assert value[snake(wire_name)] is found
    return found


def at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = field_of(value, name)
    return value


def check_result(expected: Json, actual: Any) -> None:
    check_listed(expected["data"], field_of(actual, "data"), "data")
    names = {"hasMore": "has_more", "nextCursor": "next_cursor", "status": "status_code", "requestId": "request_id"}
    for wire, name in names.items():
        if wire in expected:
            assert getattr(actual, name) == expected[wire], wire


def check_listed(expected: Json, actual: Any, where: str) -> None:
    """Objects by the fields listed, exactly below metadata; lists in length and order."""
    if isinstance(expected, list):
        assert isinstance(actual, list), where
        assert len(actual) == len(expected), where
        for index, item in enumerate(expected):
            check_listed(item, actual[index], f"{where}.{index}")
    elif isinstance(expected, dict):
        assert isinstance(actual, (Model, dict)), where
        for name, value in expected.items():
            found = field_of(actual, name)
            if name == "metadata":
                assert same(found, value), f"{where}.{name}"
            else:
                check_listed(value, found, f"{where}.{name}")
    else:
        assert same(actual, expected), where


def check_error(expected: Json, error: Any) -> None:
    assert isinstance(error, CommetError), f"Expected an error, got {error!r}"
    attributes = {
        "status": "status_code",
        "code": "code",
        "type": "type",
        "param": "param",
        "message": "message",
        "requestId": "request_id",
        "docUrl": "doc_url",
        "retryAfter": "retry_after",
        "details": "details",
        "validationErrors": "validation_errors",
    }
    assert kind_of(error) == expected["kind"]
    for wire, name in attributes.items():
        if wire in expected:
            assert same(getattr(error, name, None), expected[wire]), wire
    assert str(error) == error.message
    assert TEST_KEY not in repr(vars(error))
    if "messageMatches" in expected:
        assert re.search(expected["messageMatches"], error.message)


def kind_of(error: CommetError) -> str:
    kinds: list[tuple[type[CommetError], str]] = [
        (CommetValidationError, "validation"),
        (CommetAPIError, "api"),
        (CommetTimeoutError, "timeout"),
        (CommetConnectionError, "connection"),
        (CommetArgumentError, "local"),
    ]
    return next((name for kind, name in kinds if isinstance(error, kind)), "none")


@pytest.mark.parametrize("case", cases_of("client"))
def test_client_is_refused(case: Json, stub: Stub) -> None:
    for kind in (Commet, AsyncCommet):
        check_error(case["expect"]["error"], settled(lambda kind=kind: kind(**options_of(case, stub))))  # type: ignore[misc]


# -------------------------------------------------------------------------------------------- webhooks


@pytest.mark.parametrize("case", cases_of("webhook"))
def test_webhook(case: Json) -> None:
    given, expect, webhooks = case["webhook"], case["expect"], Webhooks()
    for body in (given["payload"], given["payload"].encode()):
        if given["scheme"] == "hex":
            hex_delivery = {"signature": given.get("signature"), "secret": given["secret"]}
            assert webhooks.verify(payload=body, **hex_delivery) is expect["valid"]
            assert same(webhooks.verify_and_parse(raw_body=body, **hex_delivery), expect["event"])
            continue
        for headers in (given.get("headers", {}), httpx.Headers(given.get("headers", {}))):
            delivery = {"headers": headers, "secret": given["secret"], "now": given.get("now")}
            if "toleranceSeconds" in given:
                delivery["tolerance"] = given["toleranceSeconds"]
            assert webhooks.verify_standard(payload=body, **delivery) is expect["valid"]
            assert same(webhooks.verify_and_parse_standard(raw_body=body, **delivery), expect["event"])
