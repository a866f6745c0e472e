"""The address that a signature states: street, postcode, city and country. Pure.

Addresses are read as they are written in Spain, Poland, France, Germany and Great Britain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_tui.rules import signature_words as shapes
from crm_tui.rules.proposing.source import fold


def read_place(lines: Sequence[str]) -> tuple[str, str, str, str]:
    """Street, postcode, city and country of a signature's lines; empty where they state none."""
    country = next((code for line in lines if (code := _named_country(line))), "")
    for number, line in enumerate(lines):
        found = shapes.PL_CITY.search(line)
        code = "PL"
        if found is None:
            found, code = shapes.FIVE_CITY.search(line), ""
        if found is None and (found := shapes.UK_CODE.search(line)):
            code = "GB"
        if found is None or (code == "" and shapes.NO_PHONE.search(fold(line[: found.start()]))):
            continue
        before = line[: found.start()].strip(" ,;-–|•·")
        street, kind = _street(before, lines, number)
        city = _city(found["city"] or "")
        if code == "GB" and not city:
            city = _city_before(before, lines, number, street)
        if code == "GB" and country not in ("", "GB"):
            continue
        if code == "" and not street and not country:
            return "", found["code"], city, ""
        return street, found["code"], city, country or code or kind
    for line in lines:
        street, kind = _street(line, (), 0)
        if street:
            return street, "", "", country or kind
    return "", "", "", country


def _named_country(line: str) -> str:
    parts = [part.strip(" .,;()") for part in re.split(r"[,;|•·()]|\s[-–]\s", fold(line))]
    return next((code for part in parts if (code := shapes.COUNTRY_OF.get(part, ""))), "")


def _city(text: str) -> str:
    """The city, without what follows it on its line."""
    text = re.split(r"\s[-–]\s|\s{2,}|\s(?:tel|tlf|fax|tfno|t\.|m\.|phone)\b", text, flags=re.IGNORECASE)[0].strip(
        " .,-"
    )
    words = text.split()
    while words and fold(words[-1]) in shapes.COUNTRY_OF:
        words.pop()
    return " ".join(words)


def _city_before(before: str, lines: Sequence[str], number: int, street: str) -> str:
    parts = [part.strip() for part in before.split(",") if part.strip() and part.strip() not in street]
    if parts:
        return parts[-1] if not re.search(r"\d", parts[-1]) else ""
    above = lines[number - 1] if number else ""
    last = above.split(",")[-1].strip()
    return last if last and not re.search(r"\d", last) and len(last.split()) <= 3 and last != street else ""


def _street(before: str, lines: Sequence[str], number: int) -> tuple[str, str]:
    """The street before a postcode on its line, or the line above it; and the country that its words tell."""
    candidates = [part for part in shapes.SEPARATORS.split(before)[-1:] if part]
    if number:
        candidates += [lines[number - 1], *([lines[number - 2]] if number > 1 else [])]
    for text in candidates:
        for part in shapes.SEPARATORS.split(text):
            folded = fold(part)
            if shapes.STREET.match(folded) and not shapes.ROLE.match(folded) and len(part) < 90:
                clean = re.sub(
                    r"^(?:adres|address|adresse|direcci[oó]n|anschrift)\s*:?\s*", "", part, flags=re.IGNORECASE
                )
                return _street_only(clean.strip(" ,;")), _country_of_street(folded)
    return "", ""


def _street_only(text: str) -> str:
    """Without the city that an English address has behind its street."""
    parts = [one.strip() for one in text.split(",")]
    if re.fullmatch(r"\d{1,4}(?: ?(?:bis|ter|[a-d]))?", parts[0]):
        parts = [", ".join(parts[:2]), *parts[2:]]
    kept = parts[:1]
    for one in parts[1:]:
        if not re.search(r"\d|º|ª|piso|planta|local|m\.|lok|apt|flat|esc|bis|floor|unit|suite|bat", one, re.IGNORECASE):
            break
        kept.append(one)
    return ", ".join(kept)


def _country_of_street(folded: str) -> str:
    if re.match(r"(?:c/|calle|avda|avenida|plaza|paseo|carrer|ctra|carretera|ronda|rambla|passeig|poligono)", folded):
        return "ES"
    if re.match(r"(?:ul\.|ulica|al\.|aleja|os\.|osiedle|plac |rynek)", folded):
        return "PL"
    if re.search(r"\b(?:rue|boulevard|bd|chemin|impasse|quai|allee|faubourg)\s", folded) and re.match(
        r"\d|rue", folded
    ):
        return "FR"
    if re.search(r"(?:strass?e|str\.|weg|platz|gasse|damm|ufer)\s\d", folded):
        return "DE"
    return ""
