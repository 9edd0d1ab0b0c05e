"""Makes the calls of the "Manage customers" page, in its order, against a started server, and compares what comes back.

Does not clean up after itself: run it against a sandbox. User IDs carry a suffix of their own, so it can run again.
Always: ends with 1 when anything differs.

    COMMET_BASE_URL=http://localhost:3000 COMMET_API_KEY=ck_sandbox_… python tests/live_seed_page.py
"""

from __future__ import annotations

import os
import sys
import uuid
from typing import Any

import anyio

from commet import AsyncCommet, Commet, CommetAPIError, CommetValidationError


class Checks:
    """Counts what agrees and prints what does not."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def equal(self, what: str, actual: Any, expected: Any) -> None:
        if actual == expected and type(actual) is type(expected):
            self.passed += 1
        else:
            self.failed += 1
            print(f"DIFFERS {what}: got {actual!r}, expected {expected!r}")

    def true(self, what: str, actual: object) -> None:
        self.equal(what, bool(actual), True)


def walk(commet: Commet, checks: Checks, run: str) -> None:
    create(commet, checks, run)
    create_batch(commet, checks, run)
    get(commet, checks, run)
    update(commet, checks, run)
    list_pages(commet, checks)
    beyond_the_page(commet, checks, run)


def create(commet: Commet, checks: Checks, run: str) -> None:
    response = commet.customers.create(
        email="ledger@north.example",
        id=f"user_{run}",
    )
    checks.true("create: the ID is one of ours", response.data["id"].startswith("cus_"))
    checks.equal("create: keys and attributes agree", response.data.id, response.data["id"])
    checks.equal("create: status", response.status_code, 201)
    checks.equal("create: user ID", response.data.external_id, f"user_{run}")
    checks.equal("create: e-mail", response.data.email, "ledger@north.example")
    checks.true("create: request ID", response.request_id)

    again = commet.customers.create(email="someone@else.example", id=f"user_{run}")
    checks.equal("create again: status", again.status_code, 200)
    checks.equal("create again: the stored customer, unchanged", again.data, response.data)


def create_batch(commet: Commet, checks: Checks, run: str) -> None:
    response = commet.customers.create_batch(
        [
            {"email": "ann@north.example", "id": f"user_{run}_1"},
            {"email": "ben@north.example", "id": f"user_{run}_2"},
            {"email": "cleo@north.example", "id": f"user_{run}_3"},
        ]
    )
    ids = [customer.external_id for customer in response.data.successful]
    checks.equal("batch: successful", ids, [f"user_{run}_{number}" for number in (1, 2, 3)])
    checks.equal("batch: failed", response.data["failed"], [])

    partly = commet.customers.create_batch([{"email": "dora@north.example"}, {"email": "not an address"}])
    checks.equal("batch with a bad item: successful", len(partly.data.successful), 1)
    checks.equal("batch with a bad item: index", [failed.index for failed in partly.data.failed], [1])


def get(commet: Commet, checks: Checks, run: str) -> None:
    by_user_id = commet.customers.get(f"user_{run}")
    response = commet.customers.get(customer_id=by_user_id.data.id)
    checks.equal("get: both IDs find the same", response.data, by_user_id.data)
    checks.equal("get: by id", commet.customers.get(id=f"user_{run}").data, response.data)


def update(commet: Commet, checks: Checks, run: str) -> None:
    customer_id = commet.customers.get(f"user_{run}").data.id
    response = commet.customers.update(
        customer_id=customer_id,
        email="invoices@north.example",
        address={"line1": "9 Quay Street", "city": "Portland", "postal_code": "97201", "country": "US"},
    )
    checks.equal("update: e-mail", response.data.email, "invoices@north.example")
    address = response.data.address
    checks.equal("update: postal code", None if address is None else address.postal_code, "97201")
    checks.equal("update: the rest stays", response.data.external_id, f"user_{run}")


def list_pages(commet: Commet, checks: Checks) -> None:
    response = commet.customers.list(limit=25)
    checks.true("list: holds rows", response.data)
    checks.true("list: at most 25", len(response.data) <= 25)

    first = commet.customers.list(limit=2)
    next_cursor = first.next_cursor
    next_page = commet.customers.list(
        limit=2,
        cursor=next_cursor,
    )
    checks.equal("list of 2: more", first.has_more, True)
    ids = [customer.id for customer in [*first.data, *next_page.data]]
    checks.equal("next page: other rows, the same order", ids, [row.id for row in response.data[: len(ids)]])


def beyond_the_page(commet: Commet, checks: Checks, run: str) -> None:
    kept = {"team_member": 1, "teamMember": {"deep_key": None}, "big": 2**53 - 1}
    stored = commet.customers.update(f"user_{run}", metadata=kept, full_name="North").data
    checks.equal("metadata: as it was sent", stored.metadata, kept)
    cleared = commet.customers.update(f"user_{run}", full_name=None, address=None).data
    checks.equal("None clears", (cleared.full_name, cleared.address), (None, None))
    checks.equal("absent stays", cleared.metadata, kept)

    found = commet.customers.list(external_id=f"user_{run}_2").data
    checks.equal("filter: exact user ID", [customer.external_id for customer in found], [f"user_{run}_2"])
    walked = {customer.external_id for customer in commet.customers.list(limit=2, search=f"user_{run}_")}
    checks.equal("walk over the pages", walked, {f"user_{run}_{number}" for number in (1, 2, 3)})

    try:
        commet.customers.create(email="not an address")
        checks.true("a bad e-mail is refused", False)
    except CommetValidationError as error:
        checks.equal("validation: field", list(error.validation_errors), ["email"])
        checks.true("validation: request ID", error.request_id)

    deleted = commet.customers.delete(f"user_{run}_3").data
    checks.equal("delete: says so", deleted.deleted, True)
    try:
        commet.customers.get(f"user_{run}_3")
        checks.true("a deleted customer is gone", False)
    except CommetAPIError as error:
        checks.equal("not found: code", error.code, "customer_not_found")
        checks.equal("not found: status", error.status_code, 404)


async def walk_async(api_key: str, checks: Checks, run: str) -> None:
    async with AsyncCommet(api_key) as commet:
        created = await commet.customers.create(email="async@north.example", id=f"async_{run}")
        fetched = await commet.customers.get(customer_id=created.data.id)
        checks.equal("async: get", fetched.data, created.data)
        walked = [customer.external_id async for customer in commet.customers.list(limit=1, search=f"async_{run}")]
        checks.equal("async: walk over the pages", walked, [f"async_{run}"])


def main() -> int:
    checks, run, api_key = Checks(), uuid.uuid4().hex[:12], os.environ.get("COMMET_API_KEY", "")
    with Commet(api_key) as commet:
        walk(commet, checks, run)
    anyio.run(walk_async, api_key, checks, run)
    print(f"seed page, Python: {checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
