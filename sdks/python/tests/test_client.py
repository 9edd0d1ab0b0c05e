"""Guarantees of this library that no other language shares, or that the vectors cannot say."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import anyio
import httpx
import pytest

import commet as package
from commet import (
    NOT_GIVEN,
    AsyncCommet,
    Commet,
    CommetAPIError,
    CommetArgumentError,
    CommetConnectionError,
    CommetError,
    CommetTimeoutError,
    CommetValidationError,
)
from commet._core.names import camel_case, snake_case
from commet.types import Address, AddressParam, Customer

from .conftest import TEST_KEY, Clients
from .stub import Reply, Stub, answer, failure, ok

CUSTOMER = {
    "id": "cus_1",
    "externalId": "user_1",
    "address": {"line1": "9 Quay Street", "postalCode": "97201", "city": "Portland", "country": "US"},
    "metadata": {"team_member": 1, "teamMember": 2},
    "futureField": {"innerKey": 1},
}


def test_fields_are_attributes_and_keys(stub: Stub, clients: Clients) -> None:
    stub.start(ok(CUSTOMER))
    customer = clients().customers.get("cus_1").data
    assert customer.id == customer["id"] == "cus_1"
    assert customer.external_id == customer["external_id"] == "user_1"
    assert isinstance(customer.address, Address)
    assert customer.address.postal_code == customer["address"]["postal_code"] == "97201"
    assert customer.metadata == {"team_member": 1, "teamMember": 2}


def test_fields_this_version_does_not_know_are_there_as_they_were_sent(stub: Stub, clients: Clients) -> None:
    stub.start(ok(CUSTOMER))
    customer = clients().customers.get("cus_1").data
    assert customer["future_field"] == {"innerKey": 1}
    assert getattr(customer, "future_field") == {"innerKey": 1}  # noqa: B009


def test_a_declared_field_that_is_absent_is_none_and_an_unknown_one_is_an_error() -> None:
    customer = Customer.from_wire({"id": "cus_1"})
    assert customer.full_name is None
    assert "full_name" not in customer
    with pytest.raises(KeyError):
        customer["full_name"]
    with pytest.raises(AttributeError, match="no field 'fullname'"):
        getattr(customer, "fullname")  # noqa: B009


def test_a_result_is_read_only_compares_copies_and_prints() -> None:
    customer = Customer.from_wire(CUSTOMER)
    with pytest.raises(AttributeError, match="read-only"):
        customer.email = "x"
    with pytest.raises(AttributeError, match="read-only"):
        del customer.id
    assert customer == Customer.from_wire(CUSTOMER)
    assert copy.deepcopy(customer) == customer
    assert pickle.loads(pickle.dumps(customer)) == customer  # noqa: S301
    assert repr(customer).startswith("Customer(id='cus_1'")
    assert customer.to_dict()["address"]["postal_code"] == "97201"
    assert dict(customer)["id"] == "cus_1"


def test_what_was_answered_may_be_sent_back(stub: Stub, clients: Clients) -> None:
    stub.start(ok({}))
    customer = Customer.from_wire(CUSTOMER)
    clients().customers.update("cus_1", address=customer.address, metadata=customer.metadata)
    assert stub.requests[0].json == {"address": CUSTOMER["address"], "metadata": CUSTOMER["metadata"]}


def test_batch_items_take_the_names_of_python_or_of_the_wire(stub: Stub, clients: Clients) -> None:
    stub.start(ok({"successful": [], "failed": []}))
    address: AddressParam = {"line1": "a", "city": "b", "postal_code": "c", "country": "US"}
    clients().customers.create_batch(
        [
            {"email": "a@acme.com", "full_name": "A", "address": address},
            {"email": "b@acme.com", "fullName": "B", "metadata": {"a_b": {"c_d": 1}}},  # type: ignore[typeddict-unknown-key]
        ]
    )
    wire_address = {"line1": "a", "city": "b", "postalCode": "c", "country": "US"}
    assert stub.requests[0].json["customers"] == [
        {"email": "a@acme.com", "fullName": "A", "address": wire_address},
        {"email": "b@acme.com", "fullName": "B", "metadata": {"a_b": {"c_d": 1}}},
    ]


def test_two_spellings_of_one_field_are_refused(stub: Stub, clients: Clients) -> None:
    stub.start(ok({}))
    both = {"email": "a@acme.com", "full_name": "A", "fullName": "B"}
    with pytest.raises(CommetArgumentError, match="fullName is given twice"):
        clients().customers.create_batch([both])  # type: ignore[list-item]
    assert stub.requests == []


def test_none_is_null_and_not_given_is_absent(stub: Stub, clients: Clients) -> None:
    stub.start(ok({}))
    clients().customers.update("cus_1", full_name=None, tax_document=NOT_GIVEN)
    assert stub.requests[0].json == {"fullName": None}
    assert repr(NOT_GIVEN) == "NOT_GIVEN"
    assert not NOT_GIVEN


def test_a_customer_goes_by_customer_id_or_id_and_by_one_of_them(stub: Stub, clients: Clients) -> None:
    stub.start(ok({}))
    customers = clients().customers
    customers.get("a/b")
    customers.get(customer_id="a/b")
    customers.get(id="a/b")
    customers.get("a/b", id="a/b")
    assert {request.target for request in stub.requests} == {"/api/v1/customers/a%2Fb"}
    with pytest.raises(CommetArgumentError, match="differ"):
        customers.get("a", id="b")
    with pytest.raises(CommetArgumentError, match="customer_id is required"):
        customers.get()
    with pytest.raises(CommetArgumentError, match="lone surrogate"):
        customers.get("\ud800")
    assert len(stub.requests) == 4


def test_datetimes_are_written_in_utc_with_milliseconds(stub: Stub, clients: Clients) -> None:
    stub.start(answer(200, {"success": True, "data": [], "hasMore": False}))
    east = timezone(timedelta(hours=2))
    clients().customers.list(created_after=datetime(2026, 7, 11, 11, 30, 0, 123999, tzinfo=east), metadata={"on": True})
    query = "createdAfter=2026-07-11T09%3A30%3A00.123Z&metadata%5Bon%5D=true"
    assert stub.requests[0].target == f"/api/v1/customers?{query}"
    with pytest.raises(CommetArgumentError, match="time zone"):
        clients().customers.list(created_after=datetime(2026, 7, 11))


def test_what_json_cannot_say_is_refused_before_sending(stub: Stub, clients: Clients) -> None:
    for value in (float("nan"), object(), {1, 2}, NOT_GIVEN):
        with pytest.raises(CommetArgumentError, match="JSON"):
            clients().customers.create(email="a@acme.com", metadata={"value": value})
    assert stub.requests == []


def test_a_page_walks_on_and_asks_only_for_pages_that_are_needed(stub: Stub, clients: Clients) -> None:
    first = answer(200, {"success": True, "data": [{"id": "1"}, {"id": "2"}], "hasMore": True, "nextCursor": "c 2"})
    last = answer(200, {"object": "list", "data": [{"id": "3"}], "hasMore": False})
    stub.start(first, last)
    page = clients().customers.list(limit=2, search="n")
    assert (page.has_more, page.next_cursor, len(page.data)) == (True, "c 2", 2)
    walk = page.auto_paging_iter()
    assert [next(walk).id, next(walk).id] == ["1", "2"]
    assert len(stub.requests) == 1
    assert [customer.id for customer in walk] == ["3"]
    assert stub.requests[1].target == "/api/v1/customers?cursor=c%202&limit=2&search=n"


def test_an_asynchronous_list_is_awaited_or_walked(stub: Stub) -> None:
    pages = [
        answer(200, {"success": True, "data": [{"id": "1"}], "hasMore": True, "nextCursor": "2"}),
        answer(200, {"success": True, "data": [{"id": "2"}], "hasMore": False}),
    ]

    async def walk() -> list[list[str]]:
        async with AsyncCommet(TEST_KEY, base_url=stub.url) as commet:
            stub.start(*pages)
            direct = [customer.id async for customer in commet.customers.list()]
            stub.start(*pages)
            page = await commet.customers.list()
            return [direct, [customer.id async for customer in page.auto_paging_iter()], [row.id for row in page.data]]

    assert anyio.run(walk) == [["1", "2"], ["1", "2"], ["1"]]


def test_options_change_for_one_call_on_the_same_connections(stub: Stub, clients: Clients) -> None:
    stub.start(failure(503, "internal_error"))
    commet = clients()
    with pytest.raises(CommetAPIError):
        commet.with_options(retries=0, api_version="2026-07-31").customers.get("a")
    assert len(stub.requests) == 1
    assert stub.requests[0].headers["commet-version"] == "2026-07-31"
    assert commet.with_options(timeout=2)._transport.http is commet._transport.http
    with pytest.raises(CommetArgumentError, match="retries"):
        commet.with_options(retries=-1)


def test_a_client_that_was_passed_in_stays_open_and_its_headers_are_kept(stub: Stub) -> None:
    stub.start(ok({}))
    with httpx.Client(headers={"x-gateway": "g", "x-api-key": "other"}) as http:
        with Commet(TEST_KEY, base_url=stub.url, http_client=http) as commet:
            commet.customers.get("a")
        assert not http.is_closed
    assert stub.requests[0].headers["x-gateway"] == "g"
    assert stub.requests[0].headers["x-api-key"] == TEST_KEY
    with Commet(TEST_KEY) as own:
        pass
    assert own._transport.http.is_closed


def test_the_base_url_comes_from_the_environment(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.start(ok({}))
    monkeypatch.setenv("COMMET_BASE_URL", f"{stub.url}/billing/")
    Commet(TEST_KEY).customers.get("a")
    assert stub.requests[0].target == "/billing/api/v1/customers/a"
    monkeypatch.setenv("COMMET_BASE_URL", "")
    assert repr(Commet(TEST_KEY)) == "Commet(base_url='http://localhost:3000')"


@pytest.mark.parametrize("fault", ["silence", "stall", "trickle"])
def test_the_time_limit_holds_for_the_whole_attempt(fault: str, stub: Stub, clients: Clients) -> None:
    stub.start(Reply(fault=fault))

    async def get() -> None:
        async with AsyncCommet(TEST_KEY, base_url=stub.url, timeout=0.3, retries=0) as commet:
            await commet.customers.get("a")

    for call in (lambda: clients(timeout=0.3, retries=0).customers.get("a"), lambda: anyio.run(get)):
        began = time.monotonic()
        with pytest.raises(CommetTimeoutError) as caught:
            call()
        assert 0.25 < time.monotonic() - began < 1
        assert (caught.value.code, str(caught.value)) == ("TIMEOUT", "No answer from the Commet server within 0.3 s")
        assert caught.value.__cause__ is not None


def test_a_cancelled_call_ends_as_cancelled(stub: Stub) -> None:
    stub.start(Reply(fault="silence"))

    async def leave() -> bool:
        async with AsyncCommet(TEST_KEY, base_url=stub.url) as commet:
            with anyio.move_on_after(0.1) as scope:
                await commet.customers.get("a")
            return scope.cancelled_caught

    assert anyio.run(leave)
    assert len(stub.requests) == 1


def test_a_refused_connection_is_retried_and_tells_why(stub: Stub, clients: Clients) -> None:
    with pytest.raises(CommetConnectionError, match="No answer") as caught:
        clients(base_url="http://127.0.0.1:9").customers.get("a")
    assert caught.value.code == "CONNECTION_ERROR"
    assert not isinstance(caught.value, CommetTimeoutError)


def test_no_error_shows_the_key_and_errors_survive_pickling(stub: Stub, clients: Clients) -> None:
    echo = {
        "error": {"code": "validation_error", "message": TEST_KEY, "details": [{"field": "a", "message": TEST_KEY}]}
    }
    stub.start(answer(400, echo, x_request_id="req_1"))
    with pytest.raises(CommetValidationError) as caught:
        clients().customers.create(email="a@acme.com")
    assert TEST_KEY not in f"{caught.value!r}{vars(caught.value)}"
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert vars(again) == vars(caught.value)
    assert again.request_id == "req_1"
    assert TEST_KEY not in f"{clients()!r}{clients()._transport.config!r}"


def test_a_wrong_argument_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match="API key is required") as caught:
        Commet(None)
    assert isinstance(caught.value, CommetError)


def test_an_operation_without_a_method_can_be_called(stub: Stub, clients: Clients) -> None:
    stub.start(answer(200, {"success": True, "data": {"someKey": 1}}))
    response = clients().request("POST", "/plans", query={"a": 1}, body={"x_y": 1}, idempotency_key="k")
    assert response.data == {"someKey": 1}
    assert stub.requests[0].target == "/api/v1/plans?a=1"
    assert stub.requests[0].json == {"x_y": 1}
    assert stub.requests[0].headers["idempotency-key"] == "k"


def test_names_travel_both_ways() -> None:
    pairs = {"postalCode": "postal_code", "line1": "line1", "docURL": "doc_url", "expiresInDays": "expires_in_days"}
    assert {wire: snake_case(wire) for wire in pairs} == pairs
    assert camel_case("postal_code") == camel_case("postalCode") == "postalCode"
    assert camel_case("line1") == "line1"
    assert (snake_case("from"), camel_case("from_")) == ("from_", "from")


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    blocking, asynchronous = Commet(TEST_KEY), AsyncCommet(TEST_KEY)
    resources = [name for name in vars(blocking) if not name.startswith("_") and name != "webhooks"]
    assert resources
    for name in resources:
        one, other = type(getattr(blocking, name)), type(getattr(asynchronous, name))
        methods = [method for method in vars(one) if not method.startswith("_")]
        assert methods == [method for method in vars(other) if not method.startswith("_")]
        for method in methods:
            mine = inspect.signature(getattr(one, method)).parameters
            assert mine == inspect.signature(getattr(other, method)).parameters


def test_versions_are_told_in_one_place() -> None:
    folder = Path(__file__).resolve().parents[1]
    assert re.search(rf"^## {re.escape(package.SDK_VERSION)}$", (folder / "CHANGELOG.md").read_text(), re.M)
    assert 'dynamic = ["version"]' in (folder / "pyproject.toml").read_text()
    assert package.__version__ == package.SDK_VERSION
