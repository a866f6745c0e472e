"""Mail as it should not be: stored, listed and shown, without a crash and without a raw control byte; and ends by force."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import LETTER, Crm
from tests.cli.test_installed import SCRIPT, environment

PLAIN = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\nDate: Tue, 30 Jun 2026 08:00:00 +0000\r\n"


def nested(depth: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    closed = b"".join(b"\r\n--b%d--\r\n" % level for level in reversed(range(depth)))
    return PLAIN + b"Message-ID: <n@x>\r\nMIME-Version: 1.0\r\n" + opened + b"\r\ninnermost\r\n" + closed


HARD = {
    "no date": b"From: a@b.example\r\nSubject: s\r\nMessage-ID: <1@x>\r\n\r\nx\r\n",
    "no from": b"Subject: s\r\nDate: Tue, 30 Jun 2026 08:00:00 +0000\r\nMessage-ID: <2@x>\r\n\r\nx\r\n",
    "no message id": PLAIN + b"\r\nx\r\n",
    "impossible date": PLAIN.replace(b"30 Jun 2026 08", b"45 Jux 2026 24") + b"Message-ID: <3@x>\r\n\r\nx\r\n",
    "broken mime": PLAIN + b'Content-Type: multipart/mixed; boundary="never"\r\nMessage-ID: <4@x>\r\n\r\n--other\r\n\r\nx\r\n',
    "unknown charset": PLAIN + b"Content-Type: text/plain; charset=klingon\r\nMessage-ID: <5@x>\r\n\r\n\xe9\xff\x00\x1b[2J\r\n",
    "wrong charset": PLAIN + b"Content-Type: text/plain; charset=utf-8\r\nMessage-ID: <6@x>\r\n\r\nca\xf1\xf3n \xed\xa0\x80\r\n",
    "bad transfer encoding": PLAIN + b"Content-Transfer-Encoding: base64\r\nMessage-ID: <7@x>\r\n\r\n!!!\x07===\r\n",
    "control bytes everywhere": b"From: \x1b]0;x\x07 <a\x1b@b.example>\r\nSubject: \x9b31m \x1b[5m\r\nMessage-ID: <8\x1b@x>\r\n\r\n\x1b[?1049h\r\n",
    "10,000 recipients": PLAIN + b"Message-ID: <9@x>\r\nCc: " + b",\r\n ".join(b"p%d@x.example" % n for n in range(10_000)) + b"\r\n\r\nx\r\n",
    "1,000 nested parts": nested(1000),
    "a header of 1 MiB": PLAIN + b"Message-ID: <10@x>\r\nX-Long: " + b"y" * 2**20 + b"\r\n\r\nx\r\n",
    "only a header": PLAIN + b"Message-ID: <11@x>\r\n",
    "an html bomb": PLAIN + b"Content-Type: text/html\r\nMessage-ID: <12@x>\r\n\r\n" + b"<div>" * 20_000 + b"deep&#27;[2J&#8238;",
}  # fmt: skip


def unsafe(text: str) -> list[str]:
    return [letter for letter in text if (ord(letter) < 32 and letter not in "\n\t") or 0x7F <= ord(letter) < 0xA0]


@pytest.mark.parametrize("name", HARD)
def test_hard_mail_is_stored_and_shown(desk: Crm, tmp_path: Path, name: str) -> None:
    path = tmp_path / "hard.eml"
    path.write_bytes(HARD[name])
    done = desk("import", "mail", path, "--json")
    assert done.code == 0, done.out + done.err
    assert [row["status"] for row in done.lines] == ["stored"]
    for argv in (
        ["list", "Inbox"],
        ["show", "message", "1"],
        ["show", "conversation", "1"],
        ["show", "message", "1", "--json"],
    ):
        shown = desk(*argv)
        assert shown.code == 0, shown.err
        assert shown.out
        assert unsafe(shown.out) == []
        assert "\u202e" not in shown.out
    import base64

    source = base64.b64decode(desk("show", "message", "1", "--raw", "--json").lines[0]["source_base64"])
    assert source == HARD[name]
    assert desk("check").code == 0


def test_a_mail_of_50_megabytes(desk: Crm, tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    line = b"A" * 76 + b"\r\n"
    path.write_bytes(
        PLAIN
        + b'Message-ID: <big@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nsee the film\r\n'
        + b'--b\r\nContent-Type: video/mp4; name="film.mp4"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + line * (50 * 2**20 // len(line))
        + b"--b--\r\n"
    )
    assert desk("import", "mail", path).code == 0
    (found,) = desk("show", "message", "1", "--json").lines
    assert found["text"].strip() == "see the film"
    assert found["attachments"][0]["name"] == "film.mp4"
    assert found["attachments"][0]["size"] > 30 * 2**20


def many(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.eml").write_text(LETTER.format(number=number, hour=1) + "word " * 500, encoding="utf-8")


def test_an_import_killed_in_the_middle_is_carried_on(desk: Crm, home: Path, tmp_path: Path) -> None:
    many(tmp_path / "many", 3000)
    argv = [str(SCRIPT), "--home", str(home), "import", "mail", str(tmp_path / "many"), "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env=environment()) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(600)]
        child.send_signal(signal.SIGKILL)
    assert all(b'"stored"' in line for line in told)
    assert desk("check").code == 0
    there = len(desk("list", "Inbox", "--json").lines)
    assert 600 <= there < 3000
    done = desk("import", "mail", tmp_path / "many", "--json")
    assert done.code == 0
    assert [row["status"] for row in done.lines].count("duplicate") == there
    assert len(desk("list", "Inbox", "--json").lines) == 3000
    assert desk("check").code == 0


def test_a_backup_without_room_leaves_nothing_behind(desk: Crm, home: Path, tmp_path: Path) -> None:
    many(tmp_path / "many", 200)
    assert desk("import", "mail", tmp_path / "many").code == 0
    target = tmp_path / "backups"
    target.mkdir()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    argv = [str(SCRIPT), "--home", str(home), "backup", str(target / "copy.db")]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=60, env=environment(), preexec_fn=little_room, check=False
    )
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert list(target.iterdir()) == []
    assert desk("check").code == 0


def test_ctrl_c_ends_an_import_with_130_and_keeps_its_batches(desk: Crm, home: Path, tmp_path: Path) -> None:
    many(tmp_path / "many", 3000)
    argv = [str(SCRIPT), "--home", str(home), "import", "mail", str(tmp_path / "many"), "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _out, told = child.communicate(timeout=30)
        assert (child.returncode, b"Traceback" in told) == (130, False), told
    assert desk("check").code == 0
    assert len(desk("list", "Inbox", "--json").lines) >= 1


def test_the_command_line_starts_fast() -> None:
    """A ratio: the help of the whole command line, against the interpreter that imports argparse."""

    def best(argv: list[str]) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run(argv, check=True, capture_output=True, timeout=60)
            times.append(time.perf_counter() - started)
        return min(times)

    floor = best([sys.executable, "-c", "import argparse, gettext, json, shutil, tomllib, dataclasses, pathlib"])
    assert best([str(SCRIPT), "--help"]) < 4 * floor + 0.1
