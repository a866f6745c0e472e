"""The airport that a trip shall start from, where the mail names it plainly."""

from __future__ import annotations

import re

from crm_tui.rules.proposing.source import Found, Source

# IATA codes and the names that mail uses for them, folded, with Polish and other inflections. Cities with several
# airports (London, Paris, Milan…) are left out: their name alone does not say which.
_NAMES = """
MAD barajas, madrytu, madrid, madryt; BCN barcelona, barcelone, barcelony, el prat
VLC valencia, walencji, valence; SVQ sevilla, seville, sewilli; BIO bilbao; AGP malaga, malagi; ALC alicante
PMI palma; SDR santander; SCQ santiago de compostela; VGO vigo; OVD asturias, oviedo; LCG a coruna, coruna
ZAZ saragossa, zaragoza; GRX granada; MJV murcia; LPA las palmas gran canaria; TFN tenerife norte
TFS tenerife sur; WAW warszawa chopin, warszawa-okecie, chopina, okecia; WMI modlina, modlin
KRK cracovia, cracovie, krakowa, cracow, krakow; KTW katowice, pyrzowic, katowic; GDN gdanska, gdansk
WRO wroclawia, wroclaw; POZ poznania, poznan; RZE rzeszowa, rzeszow; LUZ lublina, lublin; LCJ lodzi, lodz
SZZ goleniowa, szczecina, szczecin; BZG bydgoszczy, bydgoszcz
CDG roissy-charles-de-gaulle, charles de gaulle, roissy; ORY orly; BVA beauvais; LYS saint-exupery, lyon
NTE nantes; TLS toulouse; MRS marseille, marsella; NCE nice, niza; BOD bordeaux, burdeos; LIL lille
SXB estrasburgo, strasbourg; MPL montpellier; RNS rennes; BES brest; BSL bale-mulhouse, mulhouse; LHR heathrow
LGW gatwick; STN stansted; LTN luton; LCY london city; MAN manchester; BHX birmingham; EDI edinburgh
GLA glasgow; BRS bristol; LPL liverpool; NCL newcastle; LBA leeds bradford, leeds; EMA east midlands
BFS belfast; CWL cardiff; DUB dublina, dublin; ORK cork; SNN shannon; ABZ aberdeen
"""
_TABLE = {
    name.strip(): code
    for airport_names in _NAMES.replace("\n", ";").split(";")
    if airport_names.strip()
    for code, names in [airport_names.strip().split(" ", 1)]
    for name in names.split(",")
}

_CODES = frozenset(_TABLE.values())
_PLACE = "|".join(sorted((re.escape(name) for name in _TABLE), key=lambda name: (-len(name), name)))
_CUE = (
    r"(?:fly(?:ing)?(?: out)? from|flights? from|depart(?:ing|ure)? from|departure airport|leaving from"
    r"|vuelos? (?:desde|con salida desde|saliendo de)|vol(?:amos|ariamos|aremos|ando) (?:desde|de)|(?:salida|saliendo|salimos|saldriamos|saldremos)(?: en avion)? (?:desde|de)|aeropuerto de salida"
    r"|wylot\w{0,3} (?:z|ze)|wylatuj\w{1,4} (?:z|ze)|lot(?:em|y)? (?:z|ze)|przelot\w{0,3} (?:z|ze)|lotnisko wylotu"
    r"|vols? (?:au depart de|depuis|de)|au depart de|depart de|depart depuis|partirions de|partirons de|aeroport de depart)"
)
_DEPARTING = re.compile(
    rf"\b(?P<cue>{_CUE})\s{{0,2}}:?\s{{0,2}}(?:(?:the |el |l'|d'|aeropuerto de |aeroport de |lotniska (?:w )?)){{0,2}}(?P<place>{_PLACE}|[a-z]{{3}})(?!\w)"
)
_FLIGHT = re.compile(
    r"\b(?:fl(?:y|ying|ights?)|avion|vuelos?|vol(?:amos|ariamos|aremos|ando)|vols?|wylot\w{0,3}|wylatuj\w{1,4}|lot\w{0,2}|przelot\w{0,3}|airport|aeropuerto|aeroport|lotnisk\w{1,2}|au depart de|depart de)\b"
)
_RETURN = re.compile(r"\b(?:return|back|home|vuelta|regreso|retour|powrot\w{0,4})\b")


def airport(source: Source) -> Found[str] | None:
    """The IATA code of the airport of departure, if exactly one is named as such."""
    found: dict[str, Found[str]] = {}
    for one in _DEPARTING.finditer(source.folded):
        place = one["place"]
        upper = source.whole[one.start("place") : one.end("place")].isupper()
        code = _TABLE.get(place) or (place.upper() if upper and place.upper() in _CODES else None)
        if code is None or _RETURN.search(source.before(one.start(), 40)) or not _flown(source, one):
            continue
        if _choice(source, one.end()):
            return None
        found[code] = source.found(code, one.start("place"), one.end("place"))
    return next(iter(found.values())) if len(found) == 1 else None


def _flown(source: Source, one: re.Match[str]) -> bool:
    return bool(_FLIGHT.search(source.sentence_text(one.start())))


def _choice(source: Source, at: int) -> bool:
    return bool(re.match(r"\s?(?:,\s?|/\s?|\b(?:or|o|ou|lub|albo)\b\s)", source.folded[at : at + 8])) and bool(
        re.match(
            rf"[\s,/]*(?:(?:or|o|ou|lub|albo)\s)?(?:z |de |desde |from )?(?:{_PLACE})(?!\w)",
            source.folded[at : at + 50],
        )
    )
