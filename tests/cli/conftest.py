"""A desk with some mail, and a way to run commands on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from crm_tui.cli.main import run

NOW = "2026-07-01T08:00:00+00:00"

LETTER = """\
From: Łucja Nowak <lucja@poczta.example>
To: Hotel Miramar <reception@hotel-miramar.example>
Subject: Pokój w Łodzi{number}
Date: Tue, 30 Jun 2026 0{hour}:15:00 +0200
Message-ID: <letter-{number}@poczta.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Dzień dobry, szukamy pokoju numer {number}.
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> dict[str, Any]:
        """Standard error as one JSON object."""
        found: dict[str, Any] = json.loads(self.err)
        return found


Crm = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TUI_NOW", NOW)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in ("CRM_TUI_HOME", "NO_COLOR", "SUDO_USER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def crm(home: Path, capsys: pytest.CaptureFixture[str]) -> Crm:
    """Run the command line in this process, on the test's home."""

    def call(*argv: object) -> Ran:
        code = run(["--home", str(home), *(str(part) for part in argv)])
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return call


@pytest.fixture(scope="session")
def _set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the command itself has set up, once a worker: migrating a store is most of what a short test takes."""
    home = tmp_path_factory.mktemp("set-up") / "home"
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("CRM_TUI_NOW", NOW)
        surroundings.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        what = ("--property", "Hotel Miramar", "--timezone", "Europe/Madrid", "--currency", "EUR", "--agent", "Ana")
        assert run(["--home", str(home), "init", *what]) == 0
    return home


@pytest.fixture
def desk(crm: Crm, home: Path, _set_up: Path, capsys: pytest.CaptureFixture[str]) -> Crm:
    """A desk that is set up, without mail."""
    copytree(_set_up, home)
    capsys.readouterr()
    return crm


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder with three mails."""
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"{number}.eml").write_text(LETTER.format(number=number, hour=number), encoding="utf-8")
    return folder


@pytest.fixture
def mailed(desk: Crm, letters: Path) -> Crm:
    """A desk with the three mails."""
    assert desk("import", "mail", letters).code == 0
    return desk
