"""What the tests share: the stub, a clean environment, clients that do not wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from commet import Commet

from .stub import Stub

TEST_KEY = "ck_sandbox_0123456789abcdef"


@pytest.fixture(scope="session")
def session_stub() -> Iterator[Stub]:
    stub = Stub()
    yield stub
    stub.close()


@pytest.fixture
def stub(session_stub: Stub) -> Stub:
    session_stub.start()
    return session_stub


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "COMMET_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed, failed, broken = (len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error"))
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(f"Python: {passed} passed, {failed + broken + skipped} failed")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """No language may skip a case."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Clients:
    """Makes clients of the stub whose waits are recorded instead of waited."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self.waits: list[float] = []

    def __call__(self, **options: Any) -> Commet:
        commet = Commet(**{"api_key": TEST_KEY, "base_url": self._stub.url, **options})
        commet._transport.timing.wait = self.waits.append
        commet._transport.timing.chance = lambda: 0.0
        return commet


@pytest.fixture
def clients(stub: Stub) -> Clients:
    return Clients(stub)
