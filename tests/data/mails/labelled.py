"""Reads the labelled mails and compares proposals with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from crm_tui.mail.language import guess_language
from crm_tui.mail.quotes import find_quotes, find_signature
from crm_tui.rules.proposals import Proposals, propose

FOLDER = Path(__file__).parent
PARTS = ("tuned", "held_out")
KINDS = (
    "arrival",
    "departure",
    "nights",
    "period",
    "adults",
    "children",
    "phone",
    "language",
    "surname",
    "given",
    "airport",
)
Value = object | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail with what a receptionist reads in it; a kind that is missing in ``labels`` is not stated or not decided."""

    name: str
    part: str
    language: str
    written: date
    sender: str
    subject: str
    text: str
    region: str
    labels: dict[str, Value] = field(hash=False)


def mails(part: str = "") -> list[Labelled]:
    """All labelled mails, or those of one part."""
    return [
        mail
        for one in PARTS
        if part in ("", one)
        for path in sorted((FOLDER / one).glob("*.txt"))
        for mail in _read(path, one)
    ]


def _read(path: Path, part: str) -> Iterator[Labelled]:
    language = path.stem.split("_")[0]
    for number, block in enumerate(f"\n{path.read_text(encoding='utf-8')}".split("\n#### ")[1:], start=1):
        head, labels, *lines = block.split("\n")
        day, sender, subject = (value.strip() for value in head.split("|", 2))
        assert labels.startswith("#:"), f"{path.name} {number}: no labels"
        values = dict(one.strip().split(" ", 1) for one in labels[2:].split(";") if one.strip())
        region = values.pop("region", "ES")
        read = {"language": language} | _labels(values)
        name = f"{part}/{path.stem} {number}"
        yield Labelled(name, part, language, date.fromisoformat(day), sender, subject, "\n".join(lines), region, read)


def _labels(values: dict[str, str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for kind, value in values.items():
        if kind == "name":
            given, surname = (part.strip() for part in value.split("|"))
            found |= {"surname": surname or None, "given": (given or None) if surname else None}
        elif kind == "children":
            found[kind] = (
                () if value == "none" else tuple(None if one.strip() == "?" else int(one) for one in value.split(","))
            )
        elif value == "?":
            found[kind] = None
        elif kind in ("arrival", "departure"):
            found[kind] = date.fromisoformat(value)
        elif kind == "period":
            first, last = value.split("..")
            found[kind] = (date.fromisoformat(first), date.fromisoformat(last))
        elif kind in ("nights", "adults"):
            found[kind] = int(value)
        else:
            assert kind in KINDS, kind
            found[kind] = value
    return _with_nights(found)


def _with_nights(found: dict[str, Value]) -> dict[str, Value]:
    arrival, departure, nights = (found.get(kind) for kind in ("arrival", "departure", "nights"))
    if isinstance(arrival, date) and isinstance(departure, date):
        assert nights in (None, (departure - arrival).days), found
        found["nights"] = (departure - arrival).days
    elif isinstance(arrival, date) and isinstance(nights, int):
        found["departure"] = arrival + timedelta(days=nights)
    return found


def read(mail: Labelled) -> Proposals:
    """What is proposed for a mail, read as the desk reads it."""
    quoted = find_quotes(mail.text)
    return propose(
        mail.text,
        subject=mail.subject,
        written=mail.written,
        language=guess_language(mail.text),
        sender_name=mail.sender,
        region=mail.region,
        quoted=quoted,
        signature=find_signature(mail.text, quoted),
    )


def proposed(found: Proposals) -> dict[str, Value]:
    """The proposed values by kind; children in order of age."""
    values: dict[str, Value] = {
        kind: one.value for kind in KINDS if kind != "period" and (one := getattr(found, kind)) is not None
    }
    if found.period_from and found.period_to:
        values["period"] = (found.period_from.value, found.period_to.value)
    return values


def same(kind: str, value: Value, label: Value) -> bool:
    """Whether a proposal is what the label says; the order of children does not matter."""
    if kind == "children" and isinstance(value, tuple) and isinstance(label, tuple):
        return Counter(value) == Counter(label)
    return value == label


@dataclass(slots=True)
class Score:
    """How proposals of one kind fared."""

    right: int = 0
    wrong: int = 0
    stated: int = 0

    @property
    def precision(self) -> float:
        """The share of proposals that are right; 1 without any."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of statements that are proposed rightly; 1 without any."""
        return self.right / self.stated if self.stated else 1.0


def scores(some: Iterable[Labelled]) -> tuple[dict[str, Score], list[str]]:
    """A score per kind, and a line for each proposal that is wrong or missing."""
    found = {kind: Score() for kind in KINDS}
    faults: list[str] = []
    for mail in some:
        values = proposed(read(mail))
        for kind, score in found.items():
            value, label = values.get(kind), mail.labels.get(kind)
            score.stated += label is not None
            if value is not None and same(kind, value, label):
                score.right += 1
            elif value is not None:
                score.wrong += 1
                faults.append(f"WRONG   {mail.name} {kind}: {value} is not {label}")
            elif label is not None:
                faults.append(f"missing {mail.name} {kind}: {label}")
    return found, faults
