"""Builds the wheel, installs it into a fresh environment without the network, and starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from crm_tui import __version__
from tests.cli.test_installed import Terminal

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.xdist_group("packaging")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of the environment that runs the tests."""
    place = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=120)
    python = place / "bin" / "python"
    argv = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    (packages,) = place.glob("lib/python*/site-packages")
    # a path in a .pth file is added as it is: the editable install of the source tree in there is not followed
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return place / "bin" / "crm-tui"


def environment(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "CRM_TUI", "VIRTUAL_ENV", "COLUMNS", "LINES"))
    }
    return kept | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "TERM": "xterm-256color"}


def test_everything_beside_the_code_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    source = ROOT / "crm_tui"
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert expected - names == set()
    for needed in (".tcss", "migrations/versions/0001_baseline.py", "demo/texts/pl.txt"):
        assert any(name.endswith(needed) for name in names)
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_the_version_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed, "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=tmp_path,
        env=environment(tmp_path),
    )
    assert done.stdout == f"crm-tui {__version__}\n"


def test_the_code_that_runs_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    argv = [str(installed.with_name("python")), "-c", "import crm_tui; print(crm_tui.__file__)"]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path, env=environment(tmp_path)
    )
    assert Path(done.stdout.strip()).is_relative_to(installed.parents[1])


@pytest.mark.pty
def test_the_sample_hotel_opens_and_closes(installed: Path, tmp_path: Path) -> None:
    with Terminal([str(installed), "demo"], environment(tmp_path), columns=120, rows=40, cwd=tmp_path) as desk:
        desk.wait_for("Hotel Miramar", "Inquiries", "Waitlist", seconds=100)
        desk.press("2")
        desk.wait_for("INBOX · ", "Reply")
        desk.press("\x11")
        assert desk.ended() == 0
    assert (tmp_path / "data" / "crm_tui" / "demo" / "desk.db").exists()
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, timeout=30, check=True).stdout
    assert f"{installed.with_name('python')} -m crm_tui.demo.process" not in found


@pytest.mark.pty
def test_the_servers_end_when_the_desk_is_killed(installed: Path, tmp_path: Path) -> None:
    with Terminal([str(installed), "demo"], environment(tmp_path), columns=80, rows=24, cwd=tmp_path) as desk:
        desk.wait_for("UNANSWERED", seconds=100)
        os.kill(desk.pid, signal.SIGKILL)
        assert desk.ended() == -signal.SIGKILL

    def servers() -> bool:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, timeout=30, check=True).stdout
        return f"{installed.with_name('python')} -m crm_tui.demo.process" in listed

    from tests.demo.test_servers import wait_for

    assert wait_for(lambda: not servers())
