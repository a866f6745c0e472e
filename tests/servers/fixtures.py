"""The servers as fixtures; a conftest imports what its tests use."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import dovecot as dovecot_module
from tests.servers.certificates import Authority, make_authority
from tests.servers.dovecot import Dovecot
from tests.servers.pymap_server import Pymap


def need_dovecot() -> None:
    """Skip with a reason where the distribution's Dovecot is missing; in CI that is a failure."""
    if dovecot_module.available():
        return
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail("dovecot is not installed, and CI must run its tests")
    pytest.skip("dovecot is not installed (apt-get install dovecot-imapd)")


def server_directory() -> Path:
    """A directory that a server running as another user may enter, on a short path (sockets have 108 bytes)."""
    path = Path(tempfile.mkdtemp(prefix="desk-"))
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    path = server_directory()
    yield make_authority(path)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    """Dovecot with everything it has, plain text and TLS."""
    need_dovecot()
    path = server_directory()
    with Dovecot(path, certificate=authority.certificate, key=authority.key) as server:
        yield server
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def plain_dovecot() -> Iterator[Dovecot]:
    """Dovecot that announces only the bare protocol: no CONDSTORE, QRESYNC, IDLE, UIDPLUS, MOVE, ESEARCH (I14)."""
    need_dovecot()
    path = server_directory()
    with Dovecot(path, capability="IMAP4rev1", separator=".", prefix="INBOX.") as server:
        yield server
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def pymap() -> Iterator[Pymap]:
    with Pymap() as server:
        yield server
