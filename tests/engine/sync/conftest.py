"""A desk with one account, and the servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.sync.helpers import Desk
from tests.servers.fixtures import authority, dovecot, plain_dovecot, pymap

__all__ = ["authority", "desk", "dovecot", "plain_dovecot", "pymap"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    yield made
    made.close()
