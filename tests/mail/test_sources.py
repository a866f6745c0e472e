"""Mail on disk: .eml, mbox, Maildir, and what is none."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from crm_tui.mail.sources import FoundMail, iter_mail
from tests.mail.wild import mail

ONE = mail(b"", b"uno\n")
TWO = mail(b"", b"dos\nFrom the desk\n")


def found(*paths: Path) -> list[FoundMail]:
    return list(iter_mail(paths))


def test_eml(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(ONE)
    assert found(path) == [FoundMail(str(path), ONE)]


def test_a_file_with_a_from_line_and_one_mail_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"From ana@guest.example Mon Jan  1 10:00:00 2024\n" + ONE)
    assert found(path) == [FoundMail(str(path), ONE, date=datetime(2024, 1, 1, 10, tzinfo=UTC))]


def test_mbox(tmp_path: Path) -> None:
    path = tmp_path / "inbox"
    head = b"From ana@guest.example Mon Jan  1 10:00:00 2024\n"
    escaped = TWO.replace(b"\nFrom the", b"\n>From the")
    path.write_bytes(head + ONE + b"\n" + head + b"Status: RO\nX-Status: AF\n" + escaped + b"\n" + head + ONE + b"\n")
    mails = found(path)
    assert [one.label for one in mails] == [f"{path}#{number}" for number in (1, 2, 3)]
    assert mails[0].raw == ONE == mails[2].raw
    assert mails[1].raw == b"Status: RO\nX-Status: AF\n" + TWO
    assert mails[1].flags == {"\\Seen", "\\Answered", "\\Flagged"}


def test_mbox_with_crlf_and_unescaped_from(tmp_path: Path) -> None:
    path = tmp_path / "x.mbox"
    body = mail(b"", b"hola\n\nFrom here on nothing\n")
    path.write_bytes(
        (b"From - Mon Jan  1 10:00:00 2024\n" + body + b"\nFrom - Tue Jan  2 10:00:00 2024\n" + ONE).replace(
            b"\n", b"\r\n"
        )
    )
    assert [one.raw for one in found(path)] == [body.replace(b"\n", b"\r\n"), ONE.replace(b"\n", b"\r\n")]


def test_maildir(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "cur" / "1704103200.M1.host:2,FRS").write_bytes(ONE)
    (tmp_path / "new" / "1704103201.M2.host").write_bytes(TWO)
    (tmp_path / "tmp" / "1704103202.M3.host").write_bytes(b"half")
    (tmp_path / ".Sent" / "cur" / "x:2,S").write_bytes(ONE)
    (tmp_path / "dovecot.index").write_bytes(b"From: index\n")
    mails = found(tmp_path)
    assert [(one.raw, one.flags) for one in mails] == [
        (TWO, frozenset()),
        (ONE, frozenset({"\\Flagged", "\\Answered", "\\Seen"})),
        (ONE, frozenset({"\\Seen"})),
    ]
    assert mails[1].date == datetime(2024, 1, 1, 10, tzinfo=UTC)


def test_folders_in_folders(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.eml").write_bytes(ONE)
    (tmp_path / "a" / "photo.jpg").write_bytes(b"\xff\xd8\0\0\0")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [one.raw for one in found(tmp_path)] == [ONE]


def test_what_cannot_be_read_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "photo.eml").write_bytes(b"\xff\xd8\0\0\0\0")
    items = found(tmp_path, tmp_path / "missing.eml")
    assert [bool(one.error) for one in items] == [True, True, True]
    assert items[2].label.endswith("missing.eml")


def test_labels_are_safe_to_show(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"a\x1b[2J\xff.eml")
    with open(path, "wb") as file:
        file.write(ONE)
    label = found(tmp_path)[0].label
    assert "\x1b" not in label
    label.encode("utf-8")


def test_a_large_mbox_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "big.mbox"
    with open(path, "wb") as file:
        for _ in range(200):
            file.write(b"From a Mon Jan  1 10:00:00 2024\n" + mail(b"", b"x" * 76 + b"\n") * 20 + b"\n")
    mails = iter_mail([path])
    assert next(mails).label.endswith("#1")
    assert sum(1 for _ in mails) == 199


def test_a_folder_of_anything_gives_only_what_is_mail(tmp_path: Path) -> None:
    files = {
        "1": ONE,  # as MH folders name them
        "saved": b"From ana@guest.example Mon Jan  1 10:00:00 2024\n" + TWO,
        "notes.txt": b"Subject: things to do\n\n- paint\n",
        "config.yaml": b"name: x\nversion: 2\ndate: today\n",
        "module.py": b"from x import y\nFrom: no\n",
        "story.txt": b"From here on 12:30 nothing was as before 2024\nand so on\n",
        "dump": b"\x7fELF\0\0\0\0From: a\nDate: b\nSubject: c\n",
        "log": b"Date: 1\nnoise\nnoise\nSubject: 2\nnoise\n",
        "headers.http": b"HTTP/1.1 200 OK\nDate: Mon\nContent-Type: text/html\n\n",
        "empty": b"",
        "broken.eml": b"\0\0\0",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    left: list[str] = []
    items = list(iter_mail([tmp_path], lambda path: left.append(path.name)))
    assert [Path(one.label).name for one in items] == ["1", "broken.eml", "saved"]
    assert [bool(one.error) for one in items] == [False, True, False]
    assert set(left) == {*files, "pipe"} - {"1", "saved", "broken.eml"}


def test_a_lone_file_is_taken_at_its_word_but_not_without_any_header(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_bytes(b"Subject: hello\n\nx\n")
    (tmp_path / "prose.txt").write_bytes(b"nothing of a header\n\nat all\n")
    (tmp_path / "Makefile").write_bytes(b"# all of it\nhelp: setup\n\techo help\n")
    names = ("odd.txt", "prose.txt", "Makefile")
    assert [bool(one.error) for one in found(*(tmp_path / name for name in names))] == [False, True, True]


def test_wild_mail_without_a_name_is_recognised(tmp_path: Path) -> None:
    head = b"Received: from a\n\tby b; Mon\nFrom: x@y.example\nnonsense\nTo: a@b.example\nX-Odd : 1\nSubject: s\n\nx\n"
    (tmp_path / "17").write_bytes(head)
    assert [one.raw for one in found(tmp_path)] == [head]
