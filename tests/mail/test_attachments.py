"""Attachments are saved where they can do no harm (QUALITY S11)."""

from __future__ import annotations

import os
import stat
from base64 import encodebytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.base.errors import CrmError, NotFound
from crm_tui.mail.attachments import attachment_bytes, safe_name, save_attachment
from crm_tui.mail.parse import parse
from tests.mail.wild import multipart
from tests.mail.wild_bodies import TEXT, WINMAIL, tnef


def with_file(name: bytes, content: bytes = b"x") -> bytes:
    head = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''" + name
    return multipart(TEXT, head + b"\nContent-Transfer-Encoding: base64\n\n" + encodebytes(content))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factura.pdf", "factura.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.exe", "x.exe"),
        ("/", "attachment"),
        ("..", "attachment"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.pdf", "ab .pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a:b?.pdf", "a_b_.pdf"),
        ("gpj\u202efdp.exe", "gpj_RLO_fdp.exe"),
        ("ż" * 200 + ".pdf", "ż" * 58 + ".pdf"),
        ("x.pdf. . ", "x.pdf"),
        ("año – 2.pdf", "año – 2.pdf"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= 125
    assert not safe.startswith(".")
    assert "/" not in safe
    assert "\\" not in safe
    assert safe.isprintable() or not any(ord(char) < 32 for char in safe)
    assert safe_name(safe) == safe


def test_saved_for_the_agent_alone(tmp_path: Path) -> None:
    path = save_attachment(with_file(b"..%2F..%2Ffactura.pdf", b"%PDF"), 0, tmp_path)
    assert path == tmp_path / "factura.pdf"
    assert path.read_bytes() == b"%PDF"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_clash_is_numbered_and_links_are_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / "factura.pdf").symlink_to(victim)
    (tmp_path / "factura (2).pdf").symlink_to(tmp_path / "missing")
    path = save_attachment(with_file(b"factura.pdf"), 0, tmp_path)
    assert path.name == "factura (3).pdf"
    assert victim.read_text() == "kept"
    assert not (tmp_path / "missing").exists()


def test_a_name_of_the_agents_choice_is_made_safe(tmp_path: Path) -> None:
    assert save_attachment(with_file(b"x.pdf"), 0, tmp_path, "../mine.pdf") == tmp_path / "mine.pdf"


def test_what_cannot_be_saved_is_told(tmp_path: Path) -> None:
    with pytest.raises(CrmError) as caught:
        save_attachment(with_file(b"x.pdf"), 0, tmp_path / "nowhere")
    assert "nowhere" in caught.value.message
    assert os.listdir(tmp_path) == []
    with pytest.raises(NotFound):
        save_attachment(with_file(b"x.pdf"), 1, tmp_path)
    with pytest.raises(NotFound):
        attachment_bytes(with_file(b"x.pdf"), -1)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 56, 57, 58, 1000])
def test_sizes_are_computed_right(size: int) -> None:
    raw = with_file(b"x.pdf", b"x" * size)
    for source in (raw, raw.replace(b"\n", b"\r\n")):
        assert parse(source).attachments[0].size == size
        assert attachment_bytes(source, 0) == b"x" * size


def test_files_inside_winmail_dat() -> None:
    assert attachment_bytes(WINMAIL, 1) == b"doc"
    assert attachment_bytes(WINMAIL, 2) == b"jpg"
    assert attachment_bytes(WINMAIL, 0) == tnef((b"plano.doc", b"doc"), (b"foto.jpg", b"jpg"))


def test_base64_in_pieces() -> None:
    body = encodebytes(b"uno") + encodebytes(b"dos y tres") + b"\n_______\nlist footer\n"
    raw = multipart(TEXT, b"Content-Type: a/b; name=x\nContent-Transfer-Encoding: base64\n\n" + body)
    assert attachment_bytes(raw, 0) == b"unodos y tres"
