"""The lines of a file, one after the other, however long the file or a line is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from crm_tui.base.i18n import _
from crm_tui.files.encodings import Encoding, guess
from crm_tui.files.limits import FileFault, Limits

_CHUNK = 256 * 1024
_KEPT = 200


class Line(NamedTuple):
    """One line without its end.

    ``other`` names the encoding if it is not the file's; ``fault`` is ``long`` (only the beginning is kept) or
    ``undecodable`` (U+FFFD stands where octets mean nothing).
    """

    text: str
    other: str = ""
    fault: str = ""


def too_big(limits: Limits) -> FileFault:
    """The file is over the limit."""
    return FileFault(
        _("The file is larger than {size} MB.").format(size=max(1, limits.octets // (1024 * 1024))),
        _("Split it and import the parts one after the other."),
    )


def lines(stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> Iterator[Line]:
    """The lines of a stream whose first octets, ``sample``, were read already.

    Raises:
        FileFault: the file is over the limit of its size.
    """
    octets = _octets(stream, sample, limits)
    narrow = _from_wide(octets, encoding) if encoding.wide else _after_mark(octets, encoding.mark)
    read = Encoding("utf-8") if encoding.wide else encoding
    for raw, cut in _split(narrow, limits.line):
        if cut:
            yield Line(raw[:_KEPT].decode("latin-1" if read.name != "utf-8" else "utf-8", "replace"), "", "long")
        else:
            yield _decoded(raw, read)


def _octets(stream: BinaryIO, sample: bytes, limits: Limits) -> Iterator[bytes]:
    total, chunk = 0, sample
    while chunk:
        total += len(chunk)
        if total > limits.octets:
            raise too_big(limits)
        yield chunk
        chunk = stream.read(_CHUNK)


def _after_mark(octets: Iterator[bytes], mark: int) -> Iterator[bytes]:
    first = next(octets, b"")
    yield first[mark:]
    yield from octets


def _from_wide(octets: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    for chunk in _after_mark(octets, encoding.mark):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _split(octets: Iterator[bytes], limit: int) -> Iterator[tuple[bytes, bool]]:
    """Lines and whether they are cut; CR, LF and CR LF end one."""
    rest, skipping = b"", False
    for chunk in octets:
        parts = (rest + chunk).splitlines(True)
        rest = parts.pop() if parts and not parts[-1].endswith(b"\n") else b""
        for part in parts:
            yield part.rstrip(b"\r\n"), skipping or len(part) > limit
            skipping = False
        if len(rest) > limit:
            # What is too long is passed over; of its end only a CR matters, since a LF may follow.
            rest, skipping = rest[:_KEPT] + (b"\r" if rest.endswith(b"\r") else b""), True
    if rest:
        yield rest.rstrip(b"\r\n"), skipping or len(rest) > limit


def _decoded(raw: bytes, encoding: Encoding) -> Line:
    if raw.isascii():
        return Line(raw.decode("ascii"))
    if not encoding.fallback:  # a person named it: nothing else is tried
        text = raw.decode(encoding.name, "replace")
        return Line(text, "", "undecodable" if "\ufffd" in text and not _holds_it(raw, encoding.name) else "")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        codec = encoding.fallback or guess(raw)
        text = raw.decode(codec, "replace")
        return Line(text, codec if codec != encoding.name else "", "undecodable" if "\ufffd" in text else "")
    return Line(text, "utf-8" if encoding.name != "utf-8" else "")


def _holds_it(raw: bytes, codec: str) -> bool:
    """Whether U+FFFD stands in the file itself."""
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
