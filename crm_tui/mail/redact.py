"""A mail's source with its words replaced and its files byte for byte as they were (SPEC §6, erasure)."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable

from crm_tui.base.errors import CrmError
from crm_tui.mail.attachments import attachment_bytes
from crm_tui.mail.body import attached, leaves
from crm_tui.mail.headers import header_text
from crm_tui.mail.mime import Part, Tree, read_tree
from crm_tui.mail.model import Limits
from crm_tui.mail.parse import parse

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*", re.MULTILINE)
_STRUCTURE = (b"content-", b"mime-version")


def with_text(raw: bytes, text: str, named: Callable[[str], bool]) -> bytes:
    """The mail with another text in the place of its own, without the header fields that ``named`` tells.

    Args:
        text: what its readable parts say from now on.
        named: whether a header, or the name of a file, holds what has to go.

    Returns:
        The source; empty if its files cannot be kept without what has to go.
    """
    tree = read_tree(raw, Limits())
    if tree.raw is not raw or tree.problem:
        return b""
    kept = [part for part, _parent in attached(tree)]
    words = [part for part, _parent in leaves(tree.root) if part.type.startswith("text/") and part not in kept]
    changes = [(part.start, part.end, _body(part, text)) for part in words]
    changes.append((0, tree.root.start, _headers(raw[: tree.root.start], named)))
    out, done = [], 0
    for start, end, content in sorted(changes):
        out += [raw[done:start], content]
        done = end
    made = b"".join((*out, raw[done:]))
    return made if _same_files(raw, made, tree, named) else b""


def _body(part: Part, text: str) -> bytes:
    """The text as this part holds text, in its own encoding, so that its headers still say the truth."""
    if part.type == "text/html":
        text = f"<pre>{html.escape(text)}</pre>"
    elif part.type not in ("text/plain", "text/enriched"):
        text = ""
    try:
        content = text.encode(part.params.get("charset") or "ascii", "replace")
    except LookupError:
        content = text.encode("utf-8")
    content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if part.encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n").rstrip()
    if part.encoding == "quoted-printable":
        return binascii.b2a_qp(content)
    return re.sub(rb"(?m)^--", b"- -", content)  # what looks like a boundary is none


def _headers(block: bytes, named: Callable[[str], bool]) -> bytes:
    def field(found: re.Match[bytes]) -> bytes:
        name, _colon, value = found[0].partition(b":")
        if name.strip().lower().startswith(_STRUCTURE):
            return found[0]
        return b"" if named(header_text(value)) else found[0]

    return _FIELD.sub(field, block)


def _same_files(raw: bytes, made: bytes, tree: Tree, named: Callable[[str], bool]) -> bool:
    before, after = parse(raw).attachments, parse(made).attachments
    if [one.position for one in before] != [one.position for one in after] or any(named(one.name) for one in after):
        return False
    if any(named(str(value)) for value in (*tree.root.params.values(), *tree.root.disposition_params.values())):
        return False
    try:
        return all(attachment_bytes(raw, one.position) == attachment_bytes(made, one.position) for one in before)
    except CrmError:
        return False
