"""Gets one customer again and again, through the SDK or with httpx, as standard input says: `sdk 100`, `plain 100`."""

import json
import os
import platform
import sys
import time

import httpx
from commet import Commet

base_url = os.environ["COMMET_BASE_URL"]
api_key = os.environ["COMMET_API_KEY"]
customer_id = os.environ["BENCH_CUSTOMER_ID"]
headers = {"accept": "application/json", "x-api-key": api_key, "commet-version": "2026-07-11"}

commet = Commet(api_key=api_key, base_url=base_url)
client = httpx.Client(headers=headers)


def through_sdk() -> str:
    return commet.customers.get(customer_id).data.id


def plain() -> str:
    answer = client.get(f"{base_url}/api/v1/customers/{customer_id}")
    answer.raise_for_status()
    return answer.json()["data"]["id"]


print(json.dumps({"ready": f"Python {platform.python_version()}, httpx {httpx.__version__}"}), flush=True)
for line in sys.stdin:
    side, calls = line.split()
    call = through_sdk if side == "sdk" else plain
    started = time.perf_counter()
    for _ in range(int(calls)):
        if call() != customer_id:
            sys.exit("another customer was answered")
    print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
