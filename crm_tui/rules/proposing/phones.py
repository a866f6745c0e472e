"""The guest's phone: whole numbers only, checked against the numbering plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_tui.rules.proposing.given import GIVEN
from crm_tui.rules.proposing.source import Found, Source, fold

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

MOST = 40
_CANDIDATE = re.compile(r"(?<![\w+.,/#€$£-])(?:\+|\(\+|00)?\s?\(?\d(?:[ \t\xa0().\-/]{0,3}\d){6,15}(?![\w€$£]|[.,]\d)")
_LABEL = re.compile(
    r"\b(?:tel\w{0,7}|tlf|tfno|phone|mobile|mob|cell\w{0,5}|movil\w{0,2}|kom|komorka|komorkowy|portable|port|whatsapp|wsp|numer|numero|number|contacto|m|t|gsm"
    r"|call|ring|reach|text|llam\w{1,6}|dzwon\w{1,3}|joindre|appel\w{1,4}|zadzwon\w{0,3})\b[^\d\n]{0,40}\Z"
)
_MOBILE = re.compile(
    r"\b(?:mobile|mob|cell\w{0,5}|movil|kom|komorka|komorkowy|portable|port|whatsapp|m|gsm)\b[^\d\n]{0,20}\Z"
)
_OWN = re.compile(
    r"\b(?:my|mi|mon|moj|me|moi|call|ring|reach|llam\w{1,6}|joindre|appel\w{1,4}|dzwon\w{1,3}|contacto|fijo|fixe|domicile|home)\b[^\n]{0,60}\Z"
)
_OTHER = re.compile(
    r"\b(?:fax|nip|pedido|zamowien\w{1,3}|commande|ticket|expediente|tarjeta|card|carte|karta|regon|cif|nif|dni|iban|konto|cuenta|compte|rachunek|account|ref\w{0,8}|reserv\w{0,6}|booking|rezerwac\w{1,4}|nr|no|n|factura|invoice|faktur\w|facture|localizador|order|siret|siren|vat|our team|sales|centralita|switchboard|standard)\b[.:º°\s]{0,4}[^\d\n]{0,16}\Z"
)
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"\s*(?:[a-z'.-]{2,20}[ ,-]{1,3}){0,4}")
_LANGUAGE_OF = {"ES": "es", "PL": "pl", "FR": "fr", "GB": "en", "IE": "en", "US": "en"}


def phone(source: Source, language: str, region: str) -> Found[str] | None:
    """The guest's number in E.164.

    International numbers count anywhere; national ones only in the property's own region, written in its language and
    said to be a number to call. Of several only the one mobile counts; fax, switchboards and references never.
    """
    found: dict[str, tuple[Found[str], bool]] = {}
    text = source.signed
    folded = fold(text)
    for count, one in enumerate(_CANDIDATE.finditer(text)):
        if count >= MOST:
            return None
        written = one.group().strip()
        before = folded[max(0, one.start() - 70, folded.rfind("\n", 0, one.start()) + 1) : one.start()]
        number = _read(written, before, language, region, alone=_alone(folded, one))
        if number is None or not _personal(source, number, before, one.start()):
            continue
        start = one.start() + len(one.group()) - len(one.group().lstrip())
        marked = bool(_MOBILE.search(before)) or _is_mobile(number)
        found.setdefault(_e164(number), (source.found(_e164(number), start, one.end()), marked))
    if len(found) == 1:
        return next(iter(found.values()))[0]
    mobiles = [place for place, marked in found.values() if marked]
    return mobiles[0] if len(mobiles) == 1 else None


def _read(written: str, before: str, language: str, region: str, *, alone: bool) -> PhoneNumber | None:
    import phonenumbers  # the numbering plans are heavy, and few mails have a number

    if _OTHER.search(before):
        return None
    digits = written.replace("(0)", "").lstrip("( ")
    international = digits.startswith(("+", "00"))
    if not international and (_LANGUAGE_OF.get(region) != language or not (alone or _LABEL.search(before))):
        return None
    plain = re.sub(r"\D", "", digits)
    plain = plain[2:] if digits.startswith("00") else plain
    try:
        number = phonenumbers.parse(f"+{plain}" if international else plain, None if international else region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _alone(folded: str, one: re.Match[str]) -> bool:
    """Whether the number fills its line, as under a name."""
    start = folded.rfind("\n", 0, one.start()) + 1
    end = folded.find("\n", one.end())
    line = folded[start : end if end >= 0 else len(folded)]
    before, after = folded[start : one.start()], folded[one.end() : max(end, one.end())]
    return len(line) < 60 and not after.strip(" .") and (not before.strip() or _below_name(before))


def _below_name(before: str) -> bool:
    words = _WORD.findall(before)
    return len(words) <= 4 and any(word in GIVEN for word in words) and bool(_NAMED.fullmatch(before))


def _personal(source: Source, number: PhoneNumber, before: str, at: int) -> bool:
    """A fixed line under a mail is the company's; in the text, said to be the writer's, it is the guest's."""
    from phonenumbers import PhoneNumberType, number_type

    kind = number_type(number)
    if kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        return True
    inside = source.signature is None or not source.signature[0] <= at < source.signature[1]
    return kind == PhoneNumberType.FIXED_LINE and inside and bool(_OWN.search(before))


def _is_mobile(number: PhoneNumber) -> bool:
    from phonenumbers import PhoneNumberType, number_type

    return bool(number_type(number) == PhoneNumberType.MOBILE)


def _e164(number: PhoneNumber) -> str:
    from phonenumbers import PhoneNumberFormat, format_number

    return format_number(number, PhoneNumberFormat.E164)
