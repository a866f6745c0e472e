"""The lines of vCards: unfolded, taken apart, decoded (RFC 6350 §3, RFC 2426, vCard 2.1)."""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crm_tui.base.i18n import _
from crm_tui.files.encodings import guess
from crm_tui.files.limits import USUAL, FileFault, Limits
from crm_tui.files.lines import Line

LONGEST = 200_000
"""Characters of one property; what is longer is passed over."""
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_HEAD = re.compile(r"(?:(?P<group>[\w.-]{1,100})\.)?(?P<name>[A-Za-z0-9_-]{1,60})(?P<rest>[;:].*)", re.DOTALL)
_PARAM = re.compile(r';\s*([A-Za-z0-9_-]{1,60})(?:=((?:"[^"]*"|[^";:,])*(?:,(?:"[^"]*"|[^";:,])*)*))?')
_ENCODINGS_21 = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"})


@dataclass(slots=True)
class Property:
    """A line of a card.

    Attributes:
        name: in capitals.
        group: what stands before the point, in lower case: ``item1``.
        params: names in capitals to values; types of vCard 2.1, which have no name, are under ``TYPE``.
        value: decoded, escapes as they stand.
        line: where it begins, from 1.
    """

    name: str
    value: str
    group: str = ""
    params: dict[str, list[str]] = field(default_factory=dict)
    line: int = 0
    skipped: bool = False

    @property
    def types(self) -> list[str]:
        """What kind of address or number it is, in lower case."""
        return [one.lower() for one in self.params.get("TYPE", ())]


def properties(found: Iterable[Line], limits: Limits = USUAL) -> Iterator[Property]:
    """The properties of all cards of a file; lines that are none are left out, long ones are told as skipped.

    Raises:
        FileFault: one spans more lines than the limit.
    """
    for number, text, long in _unfolded(found, limits.folds):
        one = _taken_apart(text)
        if one is not None:
            one.line, one.skipped = number, long
            yield one


def _unfolded(found: Iterable[Line], most: int) -> Iterator[tuple[int, str, bool]]:
    """Logical lines with the number of their first. Of pictures and sounds only the beginning is kept."""
    parts: list[str] = []
    begun, size, keep, blank = 0, 0, LONGEST, 0
    for number, line in enumerate(found, 1):
        text = line.text
        goes_on = bool(parts) and (text[:1] in (" ", "\t") or _soft_break(parts, size, keep))
        if goes_on:
            piece = text[1:] if text[:1] in (" ", "\t") and not _soft_break(parts, size, keep) else text
            if size <= keep and piece:
                parts.append(piece)
            if number - begun > most:
                raise FileFault(
                    _("Line {line}: it goes on over more than {n} lines.").format(line=begun, n=most),
                    _("Take that card out of the file and import it again."),
                )
            size += _size(line, piece)
            continue
        if parts:
            yield begun, "".join(parts), size > keep
        if not text:
            parts, blank = [], blank + 1
            if blank > most:
                raise FileFault(_("The file has more than {n} blank rows.").format(n=most))
            continue
        parts, begun, size = [text], number, _size(line, text)
        keep = 200 if _is_binary(text) else LONGEST
    if parts:
        yield begun, "".join(parts), size > keep


def _size(line: Line, text: str) -> int:
    """The length of a line; one that was not kept whole is longer than anything that is."""
    return len(text) + (LONGEST + 1 if line.fault == "long" else 0)


def _soft_break(parts: list[str], size: int, keep: int) -> bool:
    """Quoted-printable goes on in the next line after an equals sign at the end."""
    if size > keep or not parts[-1].endswith("="):
        return False
    head = parts[0].partition(":")[0].upper()
    if "QUOTED-PRINTABLE" not in head:
        return False
    parts[-1] = parts[-1][:-1]
    return True


def _is_binary(text: str) -> bool:
    name = re.split("[;:]", text[:120], maxsplit=1)[0].upper()
    return name.rpartition(".")[2] in BINARY


def _taken_apart(text: str) -> Property | None:
    head = _HEAD.match(text)
    if head is None:
        return None
    params: dict[str, list[str]] = {}
    rest, at = head["rest"], 0
    while (found := _PARAM.match(rest, at)) is not None:
        at = found.end()
        _param(params, found[1], found[2])
    if rest[at : at + 1] != ":":
        return None
    value = _decoded(rest[at + 1 :], params)
    return Property(head["name"].upper(), value, (head["group"] or "").lower(), params)


def _param(params: dict[str, list[str]], name: str, value: str | None) -> None:
    if value is None:  # vCard 2.1: ;HOME;QUOTED-PRINTABLE
        key = "ENCODING" if name.upper() in _ENCODINGS_21 else "TYPE"
        params.setdefault(key, []).append(name)
        return
    quoted = re.findall(r'"([^"]*)"|([^",]+)', value)
    values = [one for pair in quoted for one in "".join(pair).split(",")]
    params.setdefault(name.upper(), []).extend(one.strip() for one in values if one.strip())


def _decoded(value: str, params: dict[str, list[str]]) -> str:
    encoding = next((one.upper() for one in params.get("ENCODING", ())), "")
    if encoding == "QUOTED-PRINTABLE":
        raw = quopri.decodestring(value.encode("utf-8", "replace"))
    elif encoding in ("B", "BASE64"):
        try:
            raw = binascii.a2b_base64(re.sub(r"\s+", "", value).encode("ascii", "ignore"))
        except binascii.Error:
            return ""
    else:
        return value
    return _text(raw, next(iter(params.get("CHARSET", ())), ""))


def _text(raw: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        try:
            found = codecs.lookup(name) if name else None
            if found is not None and getattr(found, "_is_text_encoding", True):
                return raw.decode(found.name)
        except (LookupError, ValueError):
            continue
    return raw.decode(guess(raw), "replace")


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def unescaped(text: str) -> str:
    """A value without its escapes (RFC 6350 §3.4)."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def parts(value: str, mark: str) -> list[str]:
    """The components of a value, unescaped."""
    return [unescaped(one) for one in split(value, mark)]


def split(value: str, mark: str) -> list[str]:
    """The components of a value as they stand; a component may be a list in its turn (RFC 6350 §6.2.2)."""
    return re.findall(rf"((?:[^\\{mark}]|\\.|\\$)*)(?:{mark}|$)", value, re.DOTALL)[:-1] or [""]


_TO_ESCAPE = re.compile(r"[\\,;]")


def escaped(text: str) -> str:
    """A text as a value or a component of one."""
    return _TO_ESCAPE.sub(lambda found: "\\" + found[0], text).replace("\r\n", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets and what follows it, with its end (RFC 6350 §3.2); no character is cut."""
    if len(line) <= 75 and line.isascii():
        return line + "\r\n"
    out: list[str] = []
    size = 0
    for char in line:
        octets = len(char.encode("utf-8", "replace"))
        if size + octets > 75:
            out.append("\r\n ")
            size = 1
        out.append(char)
        size += octets
    return "".join(out) + "\r\n"
