"""What guests and receptions write, in four languages: the raw material of :mod:`bench.corpus`."""

from __future__ import annotations

NAMES = {
    "es": ("Lucía Ferrer", "Íñigo Arrieta", "Begoña Muñoz", "Joaquín Peña", "Ainhoa Cañizares", "Raúl Ibáñez"),
    "pl": (
        "Łucja Wiśniewska",
        "Grzegorz Żak",
        "Małgorzata Dąbrowska",
        "Paweł Ćwik",
        "Agnieszka Książek",
        "Jan Szczęsny",
    ),
    "fr": ("Aurélie Lefèvre", "Benoît Châtel", "Chloé Garçon", "Jérôme Hébert", "Noëlle Dûpré", "Françoise Cœuret"),
    "en": ("Harriet Wells", "Owen Blackwood", "Priya Nair", "Callum Reid", "Sinéad O'Hara", "Zoë Whitlock"),
}
SUBJECTS = {
    "es": (
        "Reserva para {nights} noches",
        "Consulta de disponibilidad {day}",
        "Llegada tarde el {day}",
        "Factura {code}",
    ),
    "pl": ("Rezerwacja na {nights} noce", "Pytanie o wolny pokój {day}", "Późny przyjazd {day}", "Faktura {code}"),
    "fr": ("Réservation de {nights} nuits", "Chambre libre le {day} ?", "Arrivée tardive le {day}", "Facture {code}"),
    "en": ("Booking for {nights} nights", "Is a room free on {day}?", "Late arrival on {day}", "Invoice {code}"),
}
SENTENCES = {
    "es": (
        "Quisiéramos hacer una reserva de {nights} noches a partir del {day}.",
        "Viajamos {people} personas, una de ellas con silla de ruedas.",
        "¿Está incluido el desayuno en el precio de la habitación doble?",
        "Nuestro número de reserva es {code}, por si les hace falta.",
        "Llegaremos pasada la medianoche; ¿habrá alguien en recepción?",
        "Les agradeceríamos una cuna y una habitación tranquila, lejos del ascensor.",
        "¿Nos pueden mandar la factura con los datos de la empresa?",
        "El aparcamiento del hotel, ¿se paga aparte?",
    ),
    "pl": (
        "Chcielibyśmy zarezerwować pokój na {nights} noce od {day}.",
        "Przyjeżdżamy w {people} osób, w tym dwoje dzieci.",
        "Czy śniadanie jest wliczone w cenę pokoju dwuosobowego?",
        "Numer naszej rezerwacji to {code}, gdyby był potrzebny.",
        "Będziemy dopiero po północy, czy ktoś będzie w recepcji?",
        "Prosimy o łóżeczko i cichy pokój z widokiem na morze.",
        "Proszę o fakturę na firmę, dane prześlę osobno.",
        "Czy zaliczkę można zapłacić przelewem?",
    ),
    "fr": (
        "Nous aimerions réserver {nights} nuits à compter du {day}.",
        "Nous serons {people}, dont un bébé de huit mois.",
        "Le petit déjeuner est-il compris dans le prix de la chambre ?",
        "Notre numéro de réservation est le {code}, si besoin.",
        "Notre vol atterrit tard, pourrons-nous entrer après minuit ?",
        "Une chambre calme, côté cour, nous ferait grand plaisir.",
        "Pouvez-vous envoyer la facture au nom de notre société ?",
        "Faut-il verser un acompte pour garder la chambre ?",
    ),
    "en": (
        "We would like to book {nights} nights from {day}.",
        "There are {people} of us, and my mother cannot climb stairs.",
        "Is breakfast part of the price of the double room?",
        "Our reservation number is {code} in case you need it.",
        "Our train is late, will the desk still be open after midnight?",
        "A quiet room away from the lift would be lovely.",
        "Could you send the invoice in the name of our company?",
        "May we pay the deposit by card when we arrive?",
    ),
}
ANSWERS = {
    "es": ("Gracias por escribirnos, {name}. Le guardamos la habitación hasta el {day}.", "Un saludo,\nRecepción"),
    "pl": ("Dziękujemy za wiadomość, {name}. Trzymamy pokój do {day}.", "Pozdrawiamy,\nRecepcja"),
    "fr": ("Merci de votre message, {name}. Nous gardons la chambre jusqu'au {day}.", "Bien à vous,\nLa réception"),
    "en": ("Thank you for writing, {name}. We keep the room for you until {day}.", "Kind regards,\nThe front desk"),
}
QUOTING = {
    "es": "El {date}, {who} escribió:",
    "pl": "W dniu {date} {who} pisze:",
    "fr": "Le {date}, {who} a écrit :",
    "en": "On {date}, {who} wrote:",
}
SYLLABLES = {
    "es": "ca do mi ra ven to so lle gar pe ña bri sa lu cor ti gua fre mo ción",
    "pl": "prze wi dzie ko szy mo rze na sta wę gło do brze pły ni cia łą kro wy ść",
    "fr": "mai son voya ge plu sieur re tour che min ba gage fe nêtre lu mière tion é",
    "en": "light er water stone hill ing over brook man ton field by way wood al ness un re bridge ly",
}
FOOTERS = {
    "es": "Este mensaje es confidencial y va dirigido solo a quien figura en él.",
    "pl": "Wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
    "fr": "Ce message est confidentiel et ne concerne que son destinataire.",
    "en": "This message is confidential and meant for its addressee alone.",
}
