"""What a mail is about, where that forbids proposals: cancellations, stays that are over, advertising."""

from __future__ import annotations

import re

from crm_tui.rules.proposing.source import Source

_BULK = re.compile(
    r"unsubscribe|opt out|view (?:it )?in your browser|offer valid|special offer for hotel|oferta valida|validez de la oferta"
    r"|dese de baja|darse de baja|no (?:desea )?recibir (?:mas|este)|pulse aqui|boletin|desabonn|desinscri|valable jusqu"
    r"|wypisz|wypisac sie|newsletter|zrezygnowac z subskrypcji|oferta wazna|promocja (?:do|wazna)|prenumerat"
    r"|boost your|livraison offerte|portes gratis|free shipping|ship free|notre stand|nuestro stand|our stand|remise de \d"
    r"|intervention|entretien de|notre equipe passera|montaz|ekipa \d|wymiana okien|nuestros? tecnicos?|our (?:technician|engineer)|maintenance visit"
    r"|(?:you|you're) (?:are )?(?:cordially )?invited|please register|webinar|le invitamos|les invitamos|zapraszamy na|vous invit"
    r"|przedsadow|wezwanie do zaplaty|wzywamy do|overdue|taxe de sejour|visita de mantenimiento|nuestro tecnico"
)
_CANCEL = re.compile(
    r"\b(?:cancel(?:ling|ing|ed|led|s|lation)?|cancelar\w*|cancelen|cancelacion|anul(?:ar\w*|en|acion|acja|owac|owanie|uje|uj|ujemy)"
    r"|annul(?:er|ons|ation|ee?)|no longer need|(?:don't|do not) need the (?:room|booking)|won't be (?:coming|able to come)|can't (?:come|make it)|ya no (?:necesit\w{1,5}|vamos|iremos|podemos ir)|no podremos ir|nie przyjedziemy|nie potrzebujemy juz|ne viendrons (?:pas|plus)|n'avons plus besoin|ne pourrons (?:pas|plus) venir|by mistake|por error|par erreur|pomylkowo|odwol(?:ac|uje|anie|ujemy)|rezygn(?:acja|uje|ujemy|owac))\b"
)
_FREE_CANCEL = re.compile(
    r"(?:free|gratis|gratuita|gratuite|bezplatn\w{1,4}|flexible|policy|politica|conditions?|polityka)\W{1,3}(?:\w{1,12}\W{1,3}){0,2}"
    r"(?:cancel\w{0,6}|annul\w{0,6}|anul\w{0,6})|(?:cancel\w{0,6}|annul\w{0,6}|anul\w{0,6})\W{1,3}(?:\w{1,6}\W{1,3}){0,2}"
    r"(?:free|gratis|gratuit\w{0,2}|bezplatn\w{1,4}|policy)"
)
_PAST = re.compile(
    r"\b(?:(?:we|i|who) (?:\w{2,9} )?(?:stayed|checked out|left|were (?:staying|there|at|in)|was (?:staying|there|at|in))|(?:we|i) (?:have |'ve )?(?:just )?(?:had|spent|came back|returned|got back|been)"
    r"|our (?:recent|last|past) (?:stay|visit)|complain|(?:your|the) hospitality"
    r"|estuvimos|estuve|hemos estado|nos alojamos|me aloje|alojad[oa]s?|acabamos de volver|hemos vuelto|nuestra (?:pasada|ultima) estancia|al salir (?:ayer|el)|quej[ao]|olvid(?:e|amos)|llegamos el pasado"
    r"|bylismy|bylysmy|bylem|bylam|goscilismy|wyjechalismy|wyjechalem|wyjechalam|podczas (?:naszego |mojego )?pobytu|za (?:\w{1,9} )?pobyt|reklamacj\w|skarg[ai]|wrocilismy|zostawil\w{1,4}|zaplacilismy"
    r"|(?:avons|ai) (?:\w{2,8} )?(?:sejourne|passe|quitte|dormi|oublie|loge|ete)|etions|etais chez|notre (?:dernier|recent) sejour|de notre sejour|du sejour|reclamation|votre accueil"
    r"|(?:gracias|thanks?(?: you)?|merci|dziekuj\w{1,4}|podziekowac|podziekowania) (?:\w{2,9} ){0,2}?(?:for|por|pour|za) (?:\w{1,12} ){0,4}?(?:stay|week|weekend|time|estancia|semana|sejour|semaine|accueil|tydzien|pobyt)"
    r"|charged|overcharged|debite\w{0,2}|cobrado|cargos?|obciaz\w{2,6}|refund|rembours\w{1,4}|receipt|reembols\w{1,4}|compensacion|rekompensat\w|geste commercial)\b"
)
_OTHERS = re.compile(
    r"\b(?:campamentos?|colonias|summer camp|school camp|scout camp|oboz\w{0,4}|kolonii|koloni[ae]|colonie de vacances|feria|targi|targach|trade fair|foro|forum|exhibition|exposicion)\b"
)
_BILL = re.compile(r"\b(?:invoices?|receipts?|facturas?|recibo|faktur\w{0,2}|rachun\w{2,4}|factures?|releve)\b")
_NOT_A_STAY = re.compile(
    r"\b(?:wedding|married|marry|birthday|meeting|appointment|lunch|table|deadline|proposal by|invoice|transferred|reply|answer|let (?:me|us) know by"
    r"|boda|casamos|cumple\w{0,6}|comunion|reunion|cita|comer|mesa|congreso|presupuesto antes|factura|respuesta antes|transferencia|bautizo|concierto|nacid[oa]"
    r"|slub\w{0,2}|wesel\w{1,3}|urodzin\w{0,4}|spotkan\w{1,3}|stolik\w{0,2}|obiad\w{0,2}|faktur\w{1,2}|przelew\w{0,2}|komuni\w{1,3}|chrzcin\w{0,3}|kulig\w{0,2}|platnosc"
    r"|mariage|anniversaire|rendez-vous|rdv|dejeuner le|facture|virement|bapteme|concert|devis d'ici|d'ici le|avant le|antes del|przed|do dnia|before|by)\b"
)
STAY = re.compile(
    r"\b(?:rooms?|apartments?|apartamento\w?|apartament\w{0,2}|appartements?|studio|bungalow|cottage|suite|adults?|beds?|arriv\w{1,4}|check(?:ing)?[ -]?in|half board|guests?|weekend\w{0,3}|week[- ]end|finde|puente|vacaciones|vacances|holidays?|wakacj\w{1,4}|llega\w{1,6}|entrada|media pension|personas|osob\w{0,3}|doros\w{2,4}|przyjazd|przyjezd\w{1,5}|przyl(?:ot|atuj\w{1,4}|ece|ecimy)|adultes?|personnes|arriv\w{1,6}|demi-pension|stay\w{0,3}|book\w{0,4}|reserv\w{0,8}|nights?|available|availability|free|double|twin|single|accommodat\w{1,4}"
    r"|habitacion\w{0,3}|hab|adultos?|noches?|alojar\w{0,5}|alojamiento|disponib\w{1,8}|libres?|dobles?|individual|estancia|escapada|sitio|queda\w{0,3}|algo|ir|venir|pasar"
    r"|pok(?:oj|oju|oje|oi)|nocleg\w{0,3}|noc|noce|nocy|rezerw\w{1,6}|woln\w{1,3}|pobyt\w{0,2}|miejsc\w{0,2}|termin\w{0,3}|przyjech\w{1,4}"
    r"|familiale?|chambres?|nuits?|sejour\w{0,3}|dispo\w{0,9}|venir|viendr\w{1,4}|sejourner|place|hebergement|escapade)\b"
)


def bulk(source: Source) -> bool:
    """Whether it is advertising, a demand for payment or the like: nothing in it is a guest's wish."""
    return bool(_BULK.search(source.folded))


def cancels(source: Source) -> bool:
    """Whether it calls a stay off; a question about free cancellation does not."""
    return any(
        not _FREE_CANCEL.search(source.folded, max(0, found.start() - 40), found.end() + 40)
        for found in _CANCEL.finditer(source.folded)
    )


def looks_back(source: Source) -> bool:
    """Whether it speaks of a stay that is over."""
    return bool(_PAST.search(source.folded))


def about_a_bill(source: Source) -> bool:
    """Whether it speaks of an invoice: nights and months beside one were, or are paid for."""
    return bool(_BILL.search(source.folded))


def aside(source: Source, at: int) -> bool:
    """Whether the sentence around a place speaks of what is over, or of what others do."""
    sentence = source.sentence_text(at)
    return bool(_PAST.search(sentence) or _OTHERS.search(sentence))


def concerns_a_stay(source: Source) -> bool:
    """Whether the mail speaks of rooms, nights or coming at all; what answers our mail does."""
    return source.answers or bool(STAY.search(source.folded))


def other_matter(source: Source, at: int) -> bool:
    """Whether the words just before or around a place make it a day of something else than a stay."""
    return bool(_NOT_A_STAY.search(source.before(at, 50)))


def about_staying(source: Source, at: int) -> bool:
    """Whether the sentence around a place speaks of rooms, nights or coming."""
    return bool(STAY.search(source.sentence_text(at)))
