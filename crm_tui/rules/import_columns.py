"""Which column of a file is which field of a guest, guessed from its name in the languages that files come in. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_tui.rules.folding import fold_text
from crm_tui.rules.vocabulary import ConsentChannel

CONSENTS = tuple(f"consent_{channel}{part}" for channel in ConsentChannel for part in ("", "_day", "_source"))
"""What a guest agreed to, on which day, and how it was said: three columns a channel."""

FIELDS = (
    *("reference", "number", "kind", "surname", "given", "name", "company", "emails", "phones"),
    *("street", "postcode", "city", "region", "country", "nationality", "language", "birth_date"),
    *("document", "passport", "passport_expiry", "tax_number", "remarks", "attributes"),
    *CONSENTS,
    *("consent_day", "consent_source"),
)
"""The fields that a column can be; ``name`` is a whole name, ``number`` the guest's in this desk; ``consent_day`` and ``consent_source``
are those of every consent that has none of its own."""

MANY = frozenset({"emails", "phones", "attributes", "remarks"})
"""Fields that several columns may fill together."""

_NAMES = {
    "reference": "reference|ref|nr|no|num|key|external id|external reference|uid|client id|customer id|guest id|customer no|customer "
    "number|client number|referencia|codigo|codigo cliente|id cliente|n cliente|numero cliente|identyfikator|id klienta|"
    "nr klienta|numer klienta|kod klienta|reference client|code client|numero client|no client|kundennummer|kunden nr|"
    "kundennr|kunden id|referenz|external key|contact id",
    "number": "id|number|crm id",
    "kind": "kind|type|tipo|tipo de cliente|typ|rodzaj|typ klienta|type de client|art|kundenart|kundentyp",
    "surname": "surname|last name|lastname|family name|family|apellido|apellidos|primer apellido|nazwisko|nom|nom de "
    "famille|nachname|familienname|zuname|cognome|sobrenome|surname name",
    "given": "given|given name|given names|first name|firstname|forename|forenames|nombre|nombres|nombre de pila|imie|"
    "imiona|prenom|prenoms|vorname|vornamen|rufname|middle name",
    "name": "name|full name|fullname|display name|guest|guest name|client|client name|customer|customer name|nombre "
    "completo|nombre y apellidos|apellidos y nombre|cliente|huesped|titular|imie i nazwisko|nazwisko i imie|klient|gosc|"
    "nazwa|nom complet|nom et prenom|nom prenom|client nom|gast|kunde|vollstandiger name|vor und nachname|anzeigename",
    "company": "company|company name|organisation|organization|organization name|business|firm|employer|empresa|razon "
    "social|compania|firma|nazwa firmy|spolka|societe|entreprise|raison sociale|organisme|unternehmen|firmenname|org",
    "emails": "email|e mail|mail|emails|e mails|email address|e mail address|mail address|correo|correo electronico|"
    "correos|direccion de correo|poczta|adres email|adres e mail|adres mailowy|courriel|adresse mail|adresse email|"
    "adresse e mail|mel|e mail adresse|email adresse|mailadresse",
    "phones": "phone|phones|phone number|telephone|telephone number|tel|tels|mobile|mobile phone|cell|cell phone|cellphone|"
    "home phone|work phone|business phone|telefono|telefonos|movil|telefono movil|celular|tfno|tlf|telefon|telefony|"
    "numer telefonu|nr telefonu|komorka|telefon komorkowy|tel kom|portable|numero de telephone|mobil|handy|"
    "telefonnummer|rufnummer|mobiltelefon|mobilnummer|fon",
    "street": "street|address|street address|address line|address 1|address line 1|address1|direccion|domicilio|calle|"
    "adres|ulica|adres zamieszkania|adresse|rue|adresse 1|voie|strasse|str|anschrift|strasse hausnummer|strasse nr",
    "postcode": "postcode|post code|postal code|zip|zip code|zipcode|postal|codigo postal|c p|cp|cod postal|kod "
    "pocztowy|kod|code postal|plz|postleitzahl",
    "city": "city|town|place|locality|ciudad|poblacion|localidad|municipio|miasto|miejscowosc|ville|localite|commune|ort|stadt|"
    "wohnort",
    "region": "region|state|province|county|provincia|comunidad autonoma|estado|wojewodztwo|departement|bundesland|"
    "kanton|state province",
    "country": "country|country code|country region|pais|pais de residencia|kraj|panstwo|pays|land|staat",
    "nationality": "nationality|citizenship|nacionalidad|narodowosc|obywatelstwo|nationalite|nationalitat|"
    "staatsangehorigkeit|staatsburgerschaft",
    "language": "language|lang|locale|preferred language|idioma|lengua|jezyk|langue|sprache",
    "birth_date": "birth date|birthdate|date of birth|dob|birthday|born|born on|fecha de nacimiento|fecha nacimiento|"
    "nacimiento|f nacimiento|f nac|cumpleanos|data urodzenia|urodziny|ur|data ur|date de naissance|naissance|ne le|"
    "anniversaire|geburtsdatum|geburtstag|geboren|geboren am|geb",
    "document": "document|id document|id card|identity card|document number|dni|nif nie|nie|dni nie|documento|num documento|"
    "numero de documento|dowod|dowod osobisty|nr dowodu|numer dowodu|dokument|seria i numer|piece d identite|carte d identite|"
    "cni|ausweis|personalausweis|ausweisnummer",
    "passport": "passport|passport number|passport no|pasaporte|numero de pasaporte|n pasaporte|paszport|nr paszportu|"
    "numer paszportu|passeport|numero de passeport|no passeport|reisepass|passnummer|reisepassnummer|pass nr",
    "passport_expiry": "passport expiry|passport expires|passport expiration|passport valid until|passport expiry date|"
    "caducidad pasaporte|caducidad del pasaporte|vencimiento pasaporte|waznosc paszportu|data waznosci paszportu|paszport wazny do|"
    "expiration passeport|validite passeport|date d expiration du passeport|reisepass gultig bis|pass gultig bis|"
    "passablauf",
    "tax_number": "tax number|tax id|vat|vat number|vat id|vat no|tin|nif|cif|nif cif|cif nif|nip|numer nip|nr nip|numero tva|"
    "tva|tva intracommunautaire|no tva|siret|siren|steuernummer|ust id|ust idnr|ustid|umsatzsteuer id",
    "remarks": "remarks|remark|notes|note|comment|comments|observations|observaciones|notas|nota|comentarios|comentario|"
    "uwagi|notatki|komentarz|opis|remarques|remarque|commentaire|commentaires|bemerkung|bemerkungen|notiz|notizen|"
    "anmerkung|anmerkungen|kommentar",
    "attributes": "attributes|attribute|tags|tag|groups|group|group membership|categories|category|labels|preferences|atributos|"
    "etiquetas|grupos|categorias|preferencias|atrybuty|cechy|grupy|kategorie|etykiety|attributs|etiquettes|groupes|"
    "preferences client|attribute gast|merkmale|merkmal|gruppen|schlagworte|schlagwort|stichworte|kennzeichen|znaczniki|znacznik|tagi|"
    "atrybut|cecha|etykieta|etiqueta|atributo|marcas|attribut|etiquette|mots cles",
    "consent_mail": "consent mail|mail consent|email consent|consent email|email opt in|consentimiento correo|"
    "consentimiento email|zgoda mail|zgoda email|zgoda e mail|consentement mail|consentement email|einwilligung mail|"
    "einwilligung email|einwilligung e mail",
    "consent_sms": "consent sms|sms consent|sms opt in|consentimiento sms|zgoda sms|consentement sms|einwilligung sms",
    "consent_phone": "consent phone|phone consent|consentimiento telefono|zgoda telefon|zgoda telefoniczna|consentement "
    "telephone|einwilligung telefon",
    "consent_newsletter": "consent newsletter|newsletter consent|newsletter|newsletter opt in|consentimiento newsletter|"
    "consentimiento boletin|boletin|zgoda newsletter|consentement newsletter|infolettre|einwilligung newsletter",
}
_MEANS = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_MEANS |= {field.replace("_", " "): field for field in FIELDS}
_MEANS |= {
    f"consents {channel} {key}": f"consent_{channel}{part}"
    for channel in ConsentChannel
    for key, part in (("given", ""), ("day", "_day"), ("source", "_source"))
}
_CONSENT = frozenset(
    [
        "consent",
        "consents",
        "consentimiento",
        "consentimientos",
        "zgoda",
        "zgody",
        "consentement",
        "consentements",
        "einwilligung",
        "einwilligungen",
    ]
)
_NO_WORD = re.compile(r"[^a-z0-9]+")
_SURPLUS = re.compile(r"(?: \d+| value| primary| home| work| private| privat| main)+$")
_DAY = re.compile(
    r"^(?:day|date|data|fecha|datum|dzien|dia|jour|tag)(?: of| de| del| du| der)? | (?:day|date|data|fecha|datum|dzien|dia|jour|tag)$"
)
_SOURCE = re.compile(
    r" (?:source|origen|fuente|origine|zrodlo|sposob|quelle|herkunft|how)$|"
    r"^(?:source|origen|fuente|origine|zrodlo|sposob|quelle|herkunft)(?: of| de| del| du| der)? "
)


def plain(name: str) -> str:
    """A column's name as names are compared: ``E-Mail:`` is ``e mail``, ``Apellido(s)`` is ``apellidos``."""
    return _NO_WORD.sub(" ", fold_text(name).replace("(s)", "s").replace("ß", "ss")).strip()


def guess(head: Sequence[str]) -> dict[str, str]:
    """The field of each column, as far as its name tells; a field that takes one column goes to the first such column.

    Args:
        head: the names of the columns.

    Returns:
        Column to field; columns that mean nothing are left out.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in head:
        field = field_of(column)
        if field and (field not in taken or field in MANY):
            found[column] = field
            taken.add(field)
    return _settled(found, taken)


def field_of(column: str) -> str:
    """The field that a column's name means; empty if none."""
    name = plain(column)
    exact = _MEANS.get(name) or _MEANS.get(_SURPLUS.sub("", name)) or _MEANS.get(name.replace(" ", ""))
    if exact:
        return exact
    if "." in column and not name.startswith("consent"):  # a key within an object
        return field_of(column.rpartition(".")[2])
    for pattern, part in ((_SOURCE, "_source"), (_DAY, "_day")):
        rest = pattern.sub("", name).strip() if pattern.search(name) else ""
        if rest in _CONSENT:
            return "consent" + part
        base = _MEANS.get(rest, "")
        if base.startswith("consent_"):
            return base + part
    return ""


def _settled(found: dict[str, str], taken: set[str]) -> dict[str, str]:
    """Words that mean one thing beside some columns and another beside others."""
    if "surname" in taken and "given" not in taken:
        # "Nom" beside "Prénom" is a surname; "Nombre" alone with "Apellidos" is a given name: both are told by name.
        for column, field in found.items():
            if field == "name" and plain(column) in ("name", "nombre"):
                return found | {column: "given"}
    if "given" in taken and "surname" not in taken:
        for column, field in found.items():
            if field == "name" or (field == "given" and "name" in taken):
                return found | {column: "surname"}
        if "company" not in taken:
            column = next(column for column, field in found.items() if field == "given")
            return found | {column: "name"}
    return found
