"""The words and shapes that signatures are read by, in text that is folded: lower case, without accents. Pure."""

from __future__ import annotations

import re

CLOSING = re.compile(
    r"(?:(?:un |con |reciba un |reciban un )?(?:cordial(?:es)? |atentos? |afectuosos? )?(?:saludos?|abrazos?)(?: cordial(?:es)?| atentos?)?"
    r"|(?:muy )?atentamente|(?:muchas |mil )?gracias(?: de antemano| y (?:un )?saludos?)?"
    r"|(?:serdeczne |serdecznie )?(?:z )?(?:powazaniem|wyrazami szacunku|pozdrowieniami)|(?:serdecznie |cieplo )?pozdrawia(?:m|my)(?: serdecznie| cieplo)?|pozdrowienia|(?:dziekuje|dziekujemy)(?: i pozdrawiam| z gory)?"
    r"|(?:bien )?cordialement|(?:bien )?a vous|salutations(?: distinguees)?|(?:sinceres |meilleures )salutations|bonne (?:journee|reception|soiree)|(?:merci(?: d'avance| beaucoup)?)"
    r"|(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many) (?:regards|wishes|thanks)|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|regards|thanks(?: a lot| again| in advance)?|thank you(?: in advance)?|cheers|best"
    r"|(?:mit )?(?:freundliche[nm]?|beste[n]?|herzliche[n]?|viele|liebe) gruss?e?n?|hochachtungsvoll|mfg|vielen dank|danke)"
    r"(?: et (?:a bientot|merci)| y hasta pronto)?\s*[,.!]*"
)
MARK = re.compile(r"\s*(?:--+|__+|==+|\*\*+)\s*")
NOTICE = re.compile(
    r"confiden|privileg|disclaimer|aviso legal|este (?:correo|mensaje)|this (?:e-?mail|message)|ce (?:message|courriel|mail)|niniejsza|ta wiadomosc|tresc tej|diese (?:e-?mail|nachricht)"
    r"|proteccion de datos|data protection|rgpd|gdpr|rodo|administratorem danych|antes de imprimir|before printing|avant d'imprimer|responsable del tratamiento|handelsregister|sitz der gesellschaft|virus"
)
PASSED_ON = re.compile(
    r"^[ \t>*_]*[-_=*]{2,}[ \t]*(?:original[ -]?message|forwarded[ ](?:message|by)[^\n]{0,80}|begin[ ]forwarded[ ]message|wiadomosc[ ](?:przekazana"
    r"|oryginalna|przeslana[ ]dalej)|(?:oryginalna|przekazana|przeslana)[ ]wiadomosc|mensaje[ ](?:reenviado|original)|message[ ](?:transfere|original|d'origine)"
    r"|courriel[ ]original|(?:urspruengliche|ursprungliche|weitergeleitete|original)[ -]?nachricht|missatge[ ](?:reenviat|original))[^\n]{0,40}$"
    r"|^[ \t>*_]*(?:begin[ ]forwarded[ ]message|anfang[ ]der[ ]weitergeleiteten[ ](?:nachricht|e-?mail)|inicio[ ]del[ ]mensaje[ ]reenviado"
    r"|debut[ ]du[ ]message[ ](?:reexpedie|transfere)|poczatek[ ](?:przekazanej|przekazywanej)[ ]wiadomosci)[ \t]*:?[ \t]*$"
    r"|^[ \t>*_]*(?:from|de|od|von|nadawca|expediteur|remitente)[ *]{0,3}:[^\n]{1,300}(?:\n[^\n]{0,300}){0,2}?\n[ \t>*_]*(?:sent|date|fecha|enviad[oa](?: el)?|data"
    r"|wyslano|gesendet|datum|envoye(?: le)?|to|para|do|an|a|subject|asunto|temat|betreff|objet)[ *]{0,3}:",
    re.MULTILINE,
)
"""Where another mail begins that was passed on: a line that says so, or its header. Of folded text."""
DEVICE = re.compile(
    r"^(?:enviado desde|sent from|wyslano z|envoye de(?:puis)? mon|gesendet (?:von|mit)|obtener? outlook|get outlook|telecharger outlook)"
)
FAX = re.compile(r"\b(?:fax|telefax|faks|telecopie|f)\b[.:)\s]*\Z")
NO_PHONE = re.compile(
    r"\b(?:nip|nif|cif|dni|nie|regon|krs|pesel|siret|siren|rcs|tva|vat|ust\w*|steuernr|hrb|iban|konto|rachunek|cuenta|compte|account|licencia|license|cgc\w*|ref\w*|pedido|order|reserva|booking|rezerwacj\w|nr rej\w*|no)\b[.:\s#ºo°-]*[\w\s-]{0,6}\Z"
)
MOBILE = re.compile(r"\b(?:m|mob\w*|movil|cell\w*|kom\w*|gsm|portable|port|handy|whatsapp|wsp|mobil\w*)\b[^\d+(]*\Z")
WORK = re.compile(
    r"\b(?:tel\w*|tlf\w*|tfno|phone|p|t|ph|office|oficina|biuro|bureau|buro|telefon\w*|direct\w*|durchwahl|standard|centralita|fijo|fixe)\b[^\d+(]*\Z"
)
COMPANY = re.compile(
    r"(?:,?\s|^)(?:s\.?\s?l\.?(?:\s?u\.?)?|s\.?\s?a\.?(?:\s?u\.?)?|s\.?\s?c\.?(?:\s?p\.?)?|sp\.?\s?(?:z\s?o\.?\s?o\.?|j\.?|k\.?)|sarl|s\.a\.r\.l\.?|sasu?|eurl|snc|gmbh(?: & co\.? kg)?|ag|kg|ug|e\.?\s?k\.|ohg|ltd\.?|limited|llc|llp|plc|inc\.?|b\.?v\.?|spolka \w+)\s*\.?$"
)
COMPANY_FIRST = re.compile(r"(?:sarl|sas|eurl|sci|scp|sa|snc|ets|etablissements|firma|grupo|fa\.)\s[^\W\d_]")
COMPANY_WORD = re.compile(
    r"\b(?:viajes|travels?|voyages?|reisen|reiseburo|biuro podrozy|tours|agencia|agence|hoteles|hotel|consulting|asesores|abogados|kancelaria|avocats|cabinet|fundacja|fundacion|foundation|fondation|asociacion|association|stowarzyszenie|verein|universidad|university|uniwersytet|universite|universitat|colegio|ayuntamiento|mairie|urzad|szkola|klub|club|grupo|group|groupe|gruppe|holding|solutions|logistics|logistica|studio|estudio|bodegas|clinica|clinic|events|eventos|media)\b"
)
ROLE = re.compile(
    r"\b(?:manager|director\w*|dyrektor\w*|directeur|directrice|kierownik|prezes|gerente|responsable|jefe|jefa|specjalist\w*|assistant\w*|asistente|asystent\w*|sekretar\w*|secretar\w*|ceo|cfo|cto|owner|wlasciciel\w*|sales|ventas|handlow\w*|marketing|geschaftsfuhrer\w*|leiter\w*|abogad[oa]|adwokat|avocat\w*|engineer|ingenier[oa]|coordinator|coordinador\w*|koordynator\w*|chef|departamento|department|dept|dzial|abteilung|service|team leader|consultant|asesora?|doradca|berater\w*|profesor\w*|professor|nauczyciel\w*|agent|head of|presidente?\w*|comercial|responsable)\b"
)
STREET = re.compile(
    r"^(?:adres|address|adresse|direccion|anschrift)?[:\s]*(?:(?:(?:c/|c\.|avda?\.|av\.|pza\.|plz\.|p\.º|ps\.|ctra\.)\s?\S|(?:calle|avda?|avenida|plaza|pza|paseo|carrer|ctra|carretera|ronda|camino|via|gran via|poligono|travesia|rambla|passeig)\s\S)"
    r"|(?:(?:ul|al|os|pl)\.\s?\S|(?:ulica|aleja|aleje|osiedle|plac|rynek|skwer)\s\S)"
    r"|\d{1,4}(?:\s?(?:bis|ter|[a-d]))?,?\s(?:rue|avenue|av\.|bd\.?|boulevard|place|chemin|allee|allees|impasse|quai|route|cours|square|passage|faubourg)\s"
    r"|(?:rue|avenue|boulevard|chemin|route)\s.*\d"
    r"|\d{1,4}[a-z]?,?\s(?:[\w'’.-]+\s){1,4}(?:street|st\.?|road|rd\.?|lane|ln\.?|avenue|ave\.?|drive|dr\.?|close|gardens|terrace|square|place|way|court|crescent|hill|park|row|green|mews|grove)\b"
    r"|[\w.-]*(?:strass?e|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s\d|(?:[\w-]+\s){1,2}(?:strass?e|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s\d)"
)
PL_CITY = re.compile(r"(?<!\d)(?P<code>\d{2}-\d{3})\s+(?P<city>[^\W\d_][^\d,;|•·/()\n]{1,40})")
FIVE_CITY = re.compile(r"(?<![\d+-])(?:[A-Z]{1,2}-)?(?P<code>\d{5})\s+(?P<city>[^\W\d_][^\d,;|•·/()\n]{1,40})")
UK_CODE = re.compile(r"(?:(?P<city>[A-Z][A-Za-z' -]{2,30}),?\s+)?\b(?P<code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
COUNTRIES = {
    "ES": "espana spain espagne hiszpania spanien", "PL": "polska poland polonia pologne polen",
    "FR": "france francia francja frankreich", "DE": "deutschland germany alemania allemagne niemcy",
    "GB": "united-kingdom uk england great-britain scotland wales reino-unido royaume-uni wielka-brytania",
    "IE": "ireland irlanda irlande irlandia", "US": "usa united-states", "PT": "portugal portugalia",
    "IT": "italia italy italie wlochy italien", "AT": "osterreich austria autriche", "CH": "schweiz suisse switzerland suiza",
    "BE": "belgique belgium belgie belgica", "NL": "nederland netherlands", "CZ": "czechy czechia", "MX": "mexico",
}  # fmt: skip
COUNTRY_OF = {name.replace("-", " "): code for code, names in COUNTRIES.items() for name in names.split()}
WEB = re.compile(
    r"(?<![@\w.-])(?:https?://)?(?:www\.)?(?P<domain>(?:[\w-]+\.)+[a-z]{2,10})(?:/\S*)?(?![@\w])", re.IGNORECASE
)
SURE_WEB = re.compile(r"https?://|www\.", re.IGNORECASE)
WEB_LABEL = re.compile(r"\b(?:web\w*|www|site|strona|url|internet)\b\W*\Z")
FOREIGN_WEB = re.compile(
    r"(?:facebook|instagram|linkedin|twitter|youtube|tiktok|google|goo|wa|whatsapp|outlook|apple|microsoft|aka|t|x|booking|tripadvisor)\.\w{2,3}(?:\.\w{2})?$"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|dr|dra|prof|mme|mlle|m|d|dna|don|dona|sr|sra|srta|mgr|inz|pan|pani|herr|frau|ing|dipl\.?-ing|lic|maitre)\b\.?\s*(?:inz\.?\s*)?"
)
AFTER_NAME = re.compile(r",?\s+(?:phd|mba|m\.?d|dipl\S*|esq)\.?$", re.IGNORECASE)
TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}\.?\Z")
PARTICLES = frozenset(
    (
        "de",
        "del",
        "la",
        "las",
        "los",
        "le",
        "van",
        "von",
        "der",
        "den",
        "da",
        "das",
        "di",
        "du",
        "dos",
        "y",
        "ter",
        "ten",
        "af",
        "el",
        "al",
    )
)
SEPARATORS = re.compile(r"\s*(?:[|•·◦▪♦]|\s[-–—/]\s|\t|\s{3,})\s*")
