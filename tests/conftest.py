"""What every test may use: a desk on a fresh store with a clock that stands still, and coroutine tests."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crm_tui.base import redact
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context
from crm_tui.mail import credentials
from tests import pace
from tests.building import NOON, add_account, add_mailbox, empty_store_in

settings.register_profile("suite", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pace.set_up()
settings.load_profile(os.environ.get("CRM_TUI_HYPOTHESIS", "suite"))


def pytest_collection_finish() -> None:
    """What was imported stays: whoever collects garbage need not look through all modules each time."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Each test leaves its Apps and stores behind."""
    pace.between_tests()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests with ``asyncio.run``; no plug-in is needed for that."""
    function = pyfuncitem.obj
    if not inspect.iscoroutinefunction(function):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(function(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at noon (UTC) of 1 July 2026 until it is advanced."""
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with all migrations and nothing in it, to be copied."""
    home = home_at(tmp_path_factory.mktemp("empty"))
    empty_store_in(home)
    return home.store


@pytest.fixture
def new_desk(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[..., Context]]:
    """Opens desks on fresh stores: ``new_desk()``, as often as wanted; all are closed at the end."""
    opened: list[Context] = []

    def opener(name: str = "desk") -> Context:
        home = home_at(tmp_path / f"{name}-{len(opened)}")
        empty_store_in(home)
        opened.append(open_context(home, Settings(), clock=clock))
        return opened[-1]

    yield opener
    for ctx in opened:
        ctx.store.close()


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk on a fresh store, in the engine's hands, without any account."""
    return new_desk()


@pytest.fixture
def account_id(ctx: Context) -> int:
    """An account of the hotel, ``recepcion@hotel.example``."""
    return add_account(ctx)


@pytest.fixture
def inbox_id(ctx: Context, account_id: int) -> int:
    """The INBOX of the hotel's account, UIDVALIDITY 1."""
    return add_mailbox(ctx, account_id)


@pytest.fixture(autouse=True)
def no_secret_outlives_its_test() -> Iterator[None]:
    """What a process keeps of secrets is as it was before: tests of one worker share it."""
    held, hidden = dict(credentials._SESSION), dict(redact._hidden)
    yield
    credentials._SESSION.clear()
    credentials._SESSION.update(held)
    redact._hidden.clear()
    redact._hidden.update(hidden)
