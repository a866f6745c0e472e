"""Wild headers: senders and subjects as real programs write them."""

from __future__ import annotations

from base64 import b64encode

from tests.mail.wild import Wild, mail


def sender(name: str, line: bytes, **answer: object) -> Wild:
    return Wild(name, mail(sender=line), **answer)  # type: ignore[arg-type]


def subject(name: str, line: bytes, expected: str) -> Wild:
    return Wild(name, mail(subject=line), subject=expected)


SENDERS = (
    sender("plain address", b"From: ana@guest.example\n"),
    sender("upper-case domain", b"From: Ana <ana@GUEST.Example>\n", sender_name="Ana"),
    sender("comment as name", b"From: ana@guest.example (Ana P\xc3\xa9rez)\n", sender_name="Ana Pérez"),
    sender("nested comments", b"From: Ana (a (b (c)) d) <ana@guest.example>\n", sender_name="Ana"),
    sender("unclosed comment", b"From: Ana <ana@guest.example> (((((\n", sender_name="Ana"),
    sender("encoded name", b"From: =?utf-8?Q?Jos=C3=A9_Ib=C3=A1=C3=B1ez?= <ana@guest.example>\n", sender_name="José Ibáñez"),
    sender("encoded name in quotes", b'From: "=?utf-8?B?xYF1Y2phIFfDs2pjaWs=?=" <ana@guest.example>\n', sender_name="Łucja Wójcik"),
    sender("encoded name with a comma", b"From: =?iso-8859-2?Q?W=F3jcik,_=A3ucja?= <ana@guest.example>\n", sender_name="Wójcik, Łucja"),
    sender("undeclared latin-1 name", b"From: Ren\xe9e M\xfcller <ana@guest.example>\n", sender_name="Renée Müller"),
    sender("undeclared utf-8 name", b"From: Ren\xc3\xa9e <ana@guest.example>\n", sender_name="Renée"),
    sender("unquoted comma", b"From: Hotel, Recepcion <ana@guest.example>\n", sender_name="Hotel, Recepcion"),
    sender("unquoted dot", b"From: Ana M. Perez <ana@guest.example>\n", sender_name="Ana M. Perez"),
    sender("missing closing quote", b'From: "Ana Perez <ana@guest.example>\n', sender_name="Ana Perez"),
    sender("escaped quotes", b'From: "Ana \\"Nita\\" P" <ana@guest.example>\n', sender_name='Ana "Nita" P'),
    sender("line break inside the address", b"From: Ana <ana@\r\n guest.example>\n", sender_name="Ana"),
    sender("folded name", b"From: Ana\n Maria\n\tPerez <ana@guest.example>\n", sender_name="Ana Maria Perez"),
    sender("whole mailbox encoded", b"From: =?utf-8?Q?Ana_=3Cana=40guest.example=3E?=\n", sender_name="Ana"),
    sender("two From headers", b"From: Ana <ana@guest.example>\nFrom: Eva <eva@else.example>\n", sender_name="Ana"),
    sender("first From has no address", b"From: Ana\nFrom: Ana <ana@guest.example>\n"),
    sender("several authors", b"From: Ana <ana@guest.example>, Eva <eva@else.example>\n", sender_name="Ana"),
    sender("a group", b"From: Guests: Ana <ana@guest.example>;\n", sender_name="Ana"),
    sender("no From, a Sender", b"Sender: Ana <ana@guest.example>\n", sender_name="Ana"),
    sender("no From, a Return-Path", b"Return-Path: <ana@guest.example>\n"),
    sender("mailto in brackets", b"From: Ana <mailto:ana@guest.example>\n", sender_name="Ana"),
    sender("double brackets", b"From: Ana <<ana@guest.example>>\n", sender_name="Ana"),
    sender("name is the address", b'From: "ana@guest.example" <ana@guest.example>\n', sender_name=""),
    sender("single quotes", b"From: 'Ana' <ana@guest.example>\n", sender_name="Ana"),
    sender("no space before the address", b"From: Ana<ana@guest.example>\n", sender_name="Ana"),
    sender("escape sequence in the name", b"From: =?utf-8?Q?A=1B]0;x=07na?= <ana@guest.example>\n", sender_name="A]0;xna"),
    sender("bidi override in the name", b"From: =?utf-8?Q?=E2=80=AEanA?= <ana@guest.example>\n", sender_name="‹RLO›anA"),
    sender("word split inside a character", b"From: =?utf-8?B?" + b64encode("Łu".encode()[:1]) + b"?= =?utf-8?B?" + b64encode("Łu".encode()[1:]) + b"?= <ana@guest.example>\n", sender_name="Łu"),
    sender("header name in capitals", b"FROM: ANA <ana@guest.example>\n", sender_name="ANA"),
    sender("space before the colon", b"From : Ana <ana@guest.example>\n", sender_name="Ana"),
)  # fmt: skip

SUBJECTS = (
    subject("none", b"", ""),
    subject("empty", b"Subject:\n", ""),
    subject("folded", b"Subject: Una\n reserva\n\tlarga\n", "Una reserva larga"),
    subject("folded encoded words", b"Subject: =?UTF-8?Q?Confirmaci=C3=B3n_?=\r\n =?UTF-8?Q?de_reserva?=\n", "Confirmación de reserva"),
    subject("split inside a character", b"Subject: =?UTF-8?B?xYE=?= =?UTF-8?B?w7M=?=\n =?UTF-8?Q?d=C5?= =?UTF-8?Q?=BA?=\n", "Łódź"),
    subject("two charsets", b"Subject: =?iso-8859-1?Q?a=F1o?= =?iso-8859-2?Q?_=B3=F3d=BC?=\n", "año łódź"),
    subject("encoded twice", b"Subject: =?UTF-8?B?" + b64encode(b"=?UTF-8?Q?Habitaci=C3=B3n?=") + b"?=\n", "Habitación"),
    subject("spaces inside a Q word", b"Subject: =?utf-8?Q?Una habitaci=C3=B3n?=\n", "Una habitación"),
    subject("fold inside a B word", b"Subject: =?utf-8?B?SGFiaXRh\n Y2nDs24=?=\n", "Habitación"),
    subject("no padding", b"Subject: =?utf-8?B?SGFiaXRhY2nDs24?=\n", "Habitación"),
    subject("word without its end", b"Subject: =?utf-8?Q?Habitaci=C3=B3n\n", "Habitación"),
    subject("no space between text and word", b"Subject: Re:=?utf-8?Q?Ba=C3=B1o?=\n", "Re:Baño"),
    subject("undeclared utf-8", "Subject: Łazienka\n".encode(), "Łazienka"),
    subject("undeclared latin-1", "Subject: Información año niño\n".encode("latin-1"), "Información año niño"),
    subject("undeclared cp1250", "Subject: Łazienka i śniadanie, proszę\n".encode("cp1250"), "Łazienka i śniadanie, proszę"),
    subject("unknown charset", b"Subject: =?x-unknown?Q?Ba=C3=B1o?=\n", "Baño"),
    subject("charset with a language", b"Subject: =?utf-8*es?Q?Ba=C3=B1o?=\n", "Baño"),
    subject("utf-8 called latin-1", b"Subject: =?iso-8859-1?Q?Ba=C3=B1o?=\n", "Baño"),
    subject("iso-2022-jp", b"Subject: =?ISO-2022-JP?B?" + b64encode("予約の確認".encode("iso-2022-jp")) + b"?=\n", "予約の確認"),
    subject("gb2312", b"Subject: =?gb2312?B?" + b64encode("预订确认".encode("gb2312")) + b"?=\n", "预订确认"),
    subject("koi8-r", b"Subject: =?koi8-r?B?" + b64encode("Бронь".encode("koi8-r")) + b"?=\n", "Бронь"),
    subject("utf-7", b"Subject: =?utf-7?Q?Ba+APE-o?=\n", "Baño"),
    subject("tabs and runs", b"Subject: a\tb\n", "a b"),
    subject("square brackets", b"Subject: [Ticket#1] [@click=app.quit]x\n", "[Ticket#1] [@click=app.quit]x"),
    subject("escape sequence", b"Subject: \x1b[31mred\x1b[0m\n", "[31mred[0m"),
    subject("encoded line break", b"Subject: =?utf-8?Q?Hola=0D=0ABcc:_x=40y.z?=\n", "Hola Bcc: x@y.z"),
    subject("nul", b"Subject: a\x00b\n", "ab"),
    subject("two subjects", b"Subject: Reserva\nSubject: otra\n", "Reserva"),
    subject("lower-case name", b"subject: Reserva\n", "Reserva"),
    subject("underscores", b"Subject: =?utf-8?q?un=5Fdos_tres?=\n", "un_dos tres"),
    subject("emoji", b"Subject: =?utf-8?B?" + b64encode("👨‍👩‍👧 ☀️".encode()) + b"?=\n", "👨‍👩‍👧 ☀️"),
    subject("windows-1252 quotes as latin-1", b"Subject: =?iso-8859-1?Q?=93Suite=94_=80100?=\n", "“Suite” €100"),
    subject("utf-8 cut inside a character", "Subject: Habitación, baño y ma".encode() + b"\xc3\n", "Habitación, baño y ma\ufffd"),
    Wild("byte order mark in front", b"\xef\xbb\xbf" + mail()),
    subject("question mark in a Q word", b"Subject: =?utf-8?Q?=C2=BFDisponible??=\n", "¿Disponible?"),
)  # fmt: skip
