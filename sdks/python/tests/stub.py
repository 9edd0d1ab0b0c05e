"""Owns the outside world of these tests: a loopback HTTP server that misbehaves on command.

Does not know the API; each test says what is answered.
Always: requests are kept byte for byte, in order of arrival.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

FIRST_BYTES = b'{"success":true,"data":{"id":"cus_'


@dataclass(frozen=True)
class Seen:
    """A request as it was on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What one request is answered: a body, or a fault (reset, silence, cut, stall, trickle)."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None


def answer(status: int, body: Any, **headers: str) -> Reply:
    """JSON; ``retry_after="1"`` becomes the header ``retry-after``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(body).encode(), {"content-type": "application/json", **named})


def ok(data: Any) -> Reply:
    return answer(200, {"success": True, "data": data}, x_request_id="req_stub")


def failure(status: int, code: str, **headers: str) -> Reply:
    error = {"type": "conflict_error", "code": code, "message": f"It is {code}"}
    return answer(status, {"success": False, "error": error}, **headers)


class Stub:
    """One server; ``start`` says what the next requests are answered: replies in order, the last again and again."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.replies: list[Reply] = []
        self.route: Callable[[Seen], Reply] | None = None
        self.closing = threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                stub._handle(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, *replies: Reply, route: Callable[[Seen], Reply] | None = None) -> None:
        self.requests = []
        self.route = route
        self.replies = list(replies)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(Seen(handler.command, handler.path, headers, body))
        reply = self._next_reply()
        handler.close_connection = True
        if reply.fault in ("reset", "silence"):
            if reply.fault == "silence":
                self._until_the_client_leaves(handler)
            return
        partial = reply.fault in ("cut", "stall", "trickle")
        content = FIRST_BYTES if partial else reply.body
        handler.send_response_only(200 if partial else reply.status)
        for name, value in {**reply.headers, "connection": "close"}.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "1000" if partial else str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        handler.wfile.flush()
        if reply.fault == "stall":
            self._until_the_client_leaves(handler)
        if reply.fault == "trickle":
            self._trickle(handler)

    def _trickle(self, handler: BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            while not self.closing.wait(0.02):
                handler.wfile.write(b" ")

    def _next_reply(self) -> Reply:
        if self.route is not None:
            return self.route(self.requests[-1])
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def _until_the_client_leaves(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(0.1)
        while not self.closing.is_set():
            try:
                if handler.connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except OSError as error:
                if "timed out" not in str(error):
                    return
