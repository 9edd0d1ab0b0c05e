"""What every generated request of a run has in common. Loaded by Schemathesis through SCHEMATHESIS_HOOKS."""

import itertools
import os

import schemathesis

OWN_KEY = os.environ["COMMET_OWN_KEY_ID"]
numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    # IDs of answers become parameters of later requests. A run that revokes its own key would see 401 from then on.
    if case.method == "DELETE" and (case.path_parameters or {}).get("id") == OWN_KEY:
        case.path_parameters["id"] = "key_of_this_run"
    # Generated keys repeat, and a repeated key for another request answers 409 and nothing else. A number behind each
    # lets the requests through; every sixth stays as it is.
    key = (case.headers or {}).get("Idempotency-Key")
    number = next(numbers)
    if isinstance(key, str) and 0 < len(key) < 200 and number % 6 != 0:
        case.headers["Idempotency-Key"] = f"{key}{number}"
