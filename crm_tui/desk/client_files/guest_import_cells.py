"""Words in the cells of files: kinds, yes and no, languages, names, lists (SPEC §6)."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cache

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.import_columns import plain

_PERSON = "person|p|individual|natural|private|persona|particular|persona fisica|osoba|osoba fizyczna|prywatna|personne|particulier|privat|privatperson|guest|gast|mr|mrs|ms"
_COMPANY = (
    "company|c|business|organization|organisation|corporate|org|legal|empresa|persona juridica|firma|spolka|societe|"
    "entreprise|unternehmen|firmenkunde|agency|agencia|agencja|agence"
)
_KINDS = dict.fromkeys(_PERSON.split("|"), "person") | dict.fromkeys(_COMPANY.split("|"), "company")
_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "x",
        "si",
        "s",
        "tak",
        "t",
        "oui",
        "o",
        "ja",
        "j",
        "v",
        "given",
        "granted",
        "opt",
        "in",
        "accepted",
    ]
) | {"opt in", "✓", "✔"}
_NO = frozenset(["no", "n", "false", "0", "nie", "non", "nein", "f", "refused", "withdrawn", "revoked"]) | {
    "opt out",
    "-",
    "✗",
    "✘",
}
_THREE = {"eng": "en", "spa": "es", "pol": "pl", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "ita": "it"}
_SPOKEN = ("en", "es", "pl", "fr", "de")
_PARTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[;\n]|$)|([^;\n]*)(?:[;\n]|$)')
_LABELLED = re.compile(r"(?P<value>[^()<>]+?)\s*\((?P<label>[^()]*)\)")
_ENTRY = re.compile(r'(?:[^,;|\n(<"]|"(?:[^"]|"")*"?|\([^)]*\)?|<[^>]*>?)+')
_NAMED = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<label>[^<>"]*?))\s*<(?P<value>[^<>]+)>')


def kind_of(text: str) -> str:
    """``person`` or ``company``.

    Raises:
        InvalidInput: it is neither.
    """
    found = _KINDS.get(plain(text))
    if not found:
        raise InvalidInput(_("This is neither a person nor a company."), _("Write person or company."))
    return found


def said_yes(text: str) -> bool | None:
    """Whether a cell says yes (True) or no (False) and nothing else; None if it says neither."""
    word = plain(text) or text.strip()
    return True if word in _YES else False if word in _NO else None


def language_code(text: str) -> str:
    """The ISO 639-1 code of a language by code or by name.

    Raises:
        InvalidInput: it is none.
    """
    word = " ".join(fold_text(text).replace("_", "-").split())
    code = word.partition("-")[0]
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    found = _THREE.get(code) or _languages().get(word)
    if not found:
        raise InvalidInput(_("This is no language."), _("Write two letters, like es."))
    return found


@cache
def _languages() -> dict[str, str]:
    from babel import Locale

    return {
        fold_text(name): code for one in _SPOKEN for code, name in Locale.parse(one).languages.items() if len(code) == 2
    }


def whole_name(text: str) -> tuple[str, str]:
    """Surname and given names of a whole name: ``Nowak, Łucja``, or the last word is the surname."""
    clean = " ".join(display_text(text).split())
    surname, comma, given = clean.partition(",")
    if comma and surname.strip():
        return surname.strip(), given.strip()
    given, _space, surname = clean.rpartition(" ")
    return surname, given


def parted(text: str) -> list[tuple[str, bool]]:
    """The entries of a cell, parted by semicolons or line breaks, and whether one stood in double quotes, which hold them."""
    found = [
        (quoted.replace('""', '"'), True) if quoted else (bare.strip(), False) for quoted, bare in _PARTED.findall(text)
    ]
    return [(one, whole) for one, whole in found if one.strip()]


def contacts(text: str) -> list[tuple[str, str | None]]:
    """Addresses or numbers with their labels: ``home <a@b.es>; c@d.es``, ``a@b.es (home)``, parted by commas as well."""
    if not any(mark in text for mark in ',;\n|(</"'):
        return [(text.strip(), None)] if text.strip() else []
    found: list[tuple[str, str | None]] = []
    for entry in _ENTRY.findall(text if '"' in text or "<" in text else text.replace(" / ", ";")):
        clean = entry.strip()
        labelled = _NAMED.fullmatch(clean) or _LABELLED.fullmatch(clean)
        if labelled:
            quoted = labelled.groupdict().get("quoted")
            label = quoted.replace('""', '"') if quoted is not None else labelled["label"]
            found.append((labelled["value"].strip(), label.strip() or None))
        elif clean:
            found.append((clean, None))
    return found


def tags(text: str, known: AbstractSet[str]) -> list[str]:
    """The attributes that a cell names; commas part them unless quotes hold them, or a name that is known has one."""
    found: list[str] = []
    for one, quoted in parted(text):
        whole = quoted or "," not in one or fold_text(" ".join(one.split())) in known
        found += [one] if whole else [part.strip() for part in one.split(",") if part.strip()]
    return [" ".join(display_text(one).split()) for one in found]
