"""Wild bodies: charsets, encodings, trees of parts and attachments as real programs write them."""

from __future__ import annotations

import struct
from base64 import b64encode, encodebytes
from binascii import b2a_uu

from tests.mail.wild import Wild, mail, multipart

POLISH = "Dzień dobry, proszę o łóżko i śniadanie."
SPANISH = "Mañana llegaré en tren; ¿hay habitación?"
TEXT = b"Content-Type: text/plain\n\nHola\n"
PDF = b"Content-Type: application/pdf; name=factura.pdf\nContent-Disposition: attachment; filename=factura.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n"  # fmt: skip


def typed(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    return mail(f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n".encode(), body)


def charset(name: str, label: str, text: str, codec: str) -> Wild:
    kind = f"text/plain; charset={label}" if label else "text/plain"
    return Wild(name, typed(kind, text.encode(codec)), text=text)


def named(name: str, head: bytes, *expected: str) -> Wild:
    """A message with one attachment whose headers are ``head``."""
    return Wild(name, multipart(TEXT, head + b"\n\nx"), attachments=expected)


CHARSETS = (
    charset("declared utf-8", "utf-8", POLISH, "utf-8"),
    charset("declared iso-8859-2", "ISO-8859-2", POLISH, "iso-8859-2"),
    charset("declared windows-1250", '"windows-1250"', POLISH, "cp1250"),
    charset("no label, utf-8", "", POLISH, "utf-8"),
    charset("no label, latin-1", "", SPANISH, "latin-1"),
    charset("no label, cp1250", "", POLISH, "cp1250"),
    charset("us-ascii with utf-8", "us-ascii", POLISH, "utf-8"),
    charset("us-ascii with latin-1", "us-ascii", SPANISH, "latin-1"),
    charset("latin-1 that is utf-8", "iso-8859-1", POLISH, "utf-8"),
    charset("utf-8 that is latin-1", "utf-8", SPANISH, "latin-1"),
    charset("unknown label", "x-nonsense-9", SPANISH, "utf-8"),
    charset("label default", "_autodetect", SPANISH, "latin-1"),
    charset("latin-1 with euro and quotes", "iso-8859-1", "“Suite” por 100 €…", "cp1252"),
    charset("utf-7", "utf-7", SPANISH, "utf-7"),
    charset("iso-2022-jp", "iso-2022-jp", "ご予約ありがとうございます。", "iso-2022-jp"),
    charset("iso-2022-jp without label", "", "ご予約ありがとうございます。", "iso-2022-jp"),
    charset("shift_jis", "shift_jis", "予約①です", "cp932"),
    charset("euc-kr", "ks_c_5601-1987", "예약 확인", "cp949"),
    charset("gb2312 with gbk letters", "gb2312", "预订確認鎔", "gb18030"),
    charset("windows-1251", "windows-1251", "Добрый день, номер на двоих", "cp1251"),
    charset("windows-1251 without label", "", "Добрый день, номер на двоих пожалуйста", "cp1251"),
    charset("a codec that is no charset", "rot13", "Hola, buenas", "ascii"),
    Wild(
        "utf-16 in base64",
        typed("text/plain; charset=utf-16", encodebytes(SPANISH.encode("utf-16")), "base64"),
        text=SPANISH,
    ),
)

ENCODINGS = (
    Wild("quoted-printable", typed("text/plain; charset=utf-8", b"Ma=C3=B1ana =\nllego\n", "quoted-printable"), text="Mañana llego"),
    Wild("quoted-printable with bad escapes", typed("text/plain; charset=utf-8", b"100=% =ZZ fin=\n", "quoted-printable"), text="100=% =ZZ fin"),
    Wild("base64 without padding", typed("text/plain", b64encode(b"Hola!").rstrip(b"="), "base64"), text="Hola!"),
    Wild("base64 with junk", typed("text/plain", b"SG9s\n!!YSE=\n-- \nfoot\n", "base64"), text="Hola!"),
    Wild("encoding in capitals with spaces", typed("text/plain; charset=utf-8", b"Ma=C3=B1ana\n", " Quoted-Printable "), text="Mañana"),
    Wild("unknown encoding", typed("text/plain", b"Hola\n", "8-bit-binary"), text="Hola"),
    Wild("flowed", mail(b"Content-Type: text/plain; format=flowed\n", b"Una linea \nque sigue\n\n> cita \n> larga\n"), text="Una linea que sigue\n\n> cita larga"),
    Wild("uuencoded file", mail(b"", b"Hola\n\nbegin 644 plano.txt\n" + b2a_uu(b"contenido") + b"`\nend\n"), attachments=("plano.txt",)),
    Wild("crlf", mail(b"", b"Hola\n").replace(b"\n", b"\r\n")),
    Wild("bare cr", mail(b"", b"Hola\n").replace(b"\n", b"\r")),
    Wild("mbox line in front", b"From ana@guest.example Mon Jan  1 10:00:00 2024\n" + mail()),
    Wild("blank lines in front", b"\n\r\n" + mail()),
    Wild("junk line among the headers", b"Received: x\nthis is no header\n" + mail()),
    Wild("no blank line before the body", b"From: ana@guest.example\nSubject: Reserva\nHola a todos\nadios\n", text="Hola a todos adios"),
    Wild("no headers", b"Hola a todos\n", sender="", subject="", text="Hola a todos"),
    Wild("nothing", b"", sender="", subject="", text=""),
    Wild("controls", mail(b"", b"Ho\x00la\x1b[2J\x07\x9b31m\n"), text="Hola[2J›31m"),
    Wild("zero-width filling", mail(b"Content-Type: text/plain; charset=utf-8\n", "Ho\u200b\u200b\ufeffla\n".encode())),
    Wild("html in a plain part", mail(b"Content-Type: text/plain\n", b"<html><body><p>Hola</p></body></html>")),
    Wild("no content type, html", mail(b"", b"<!DOCTYPE html><html><body>Hola</body></html>")),
    Wild("content type without subtype", mail(b"Content-Type: text\n")),
    Wild("nonsense content type", mail(b"Content-Type: ;;=\n")),
)  # fmt: skip

HTML = (
    Wild("html only", mail(b"Content-Type: text/html; charset=utf-8\n", "<p>Mañana <b>lle</b>go</p>".encode()), text="Mañana llego"),
    Wild("charset in a meta tag", mail(b"Content-Type: text/html\n", b'<meta charset="iso-8859-2"><p>' + POLISH.encode("iso-8859-2")), text=POLISH),
    Wild("meta contradicts the label", mail(b"Content-Type: text/html; charset=utf-8\n", b'<meta charset="iso-8859-1"><p>' + POLISH.encode()), text=POLISH),
    Wild("hidden text", mail(b"Content-Type: text/html\n", b'<style>.pre{display:none}</style><div class=pre>secret</div><p style="display: none">x</p><span style="font-size:0">y</span><p>Hola</p><script>z</script><img src="http://t.example/p.gif" width=1 height=1>')),
    Wild("control entities", mail(b"Content-Type: text/html\n", b"<p>Ho&#27;[2Jla&#0;&#8238;</p>"), text="Ho[2Jla\ufffd‹RLO›"),
    Wild("links", mail(b"Content-Type: text/html\n", b'<a href="http://evil.example/x">bank.example</a> <a href="https://hotel.example/">hotel.example</a>'), text="bank.example <http://evil.example/x> hotel.example"),
    Wild("table", mail(b"Content-Type: text/html\n", b"<table><tr><th>Noche<th>Precio<tr><td>1<td>90</table>"), text="Noche Precio 1 90"),
    Wild("list", mail(b"Content-Type: text/html\n", b"<ol><li>uno<li>dos<ul><li>tres</ul></ol>"), text="1. uno 2. dos • tres"),
    Wild("broken html", mail(b"Content-Type: text/html\n", b"<div><p>Hola <b>a <i>todos</b></p></span><table><td>x"), text="Hola a todos x"),
    Wild("alternative prefers plain", multipart(b"Content-Type: text/plain\n\nUn texto bastante largo para ser leido.", b"Content-Type: text/html\n\n<p>otro</p>", kind=b"alternative"), text="Un texto bastante largo para ser leido."),
    Wild("alternative with an empty plain part", multipart(b"Content-Type: text/plain\n\n \n", b"Content-Type: text/html\n\n<p>Hola</p>", kind=b"alternative")),
    Wild("alternative with a stub", multipart(b"Content-Type: text/plain\n\nView in browser", b"Content-Type: text/html\n\n<p>" + b"Hola y adios. " * 20, kind=b"alternative"), text="Hola y adios. " * 20),
    Wild("alternative for other programs", multipart(b"Content-Type: text/plain\n\nHola", b"Content-Type: text/x-amp-html\n\n<html amp4email>", b"Content-Type: text/html\n\n<p>Hola</p>", kind=b"alternative")),
    Wild("related with a picture", multipart(b"Content-Type: text/html\n\n<p>Hola<img src=cid:a></p>", b"Content-Type: image/png; name=logo.png\nContent-ID: <a>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw==", kind=b"related"), attachments=("logo.png",)),
    Wild("related with its root last", multipart(b"Content-Type: image/png; name=logo.png\nContent-ID: <a>\n\nx", b"Content-Type: text/html\nContent-ID: <r>\n\n<p>Hola</p>", kind=b"related", more=b'; start="<r>"'), attachments=("logo.png",)),
)  # fmt: skip

TREES = (
    Wild("mixed", multipart(TEXT, PDF), attachments=("factura.pdf",)),
    Wild("text after the attachment", multipart(TEXT, PDF, b"Content-Type: text/plain\n\ny adios"), text="Hola y adios", attachments=("factura.pdf",)),
    Wild("no end boundary", multipart(TEXT, PDF).replace(b"--XX--\n", b""), attachments=("factura.pdf",)),
    Wild("wrong boundary declared", multipart(TEXT, PDF).replace(b'"XX"', b'"YY"'), attachments=("factura.pdf",)),
    Wild("no boundary declared", multipart(TEXT, PDF).replace(b'; boundary="XX"', b""), attachments=("factura.pdf",)),
    Wild("boundary with trailing space", multipart(TEXT, PDF).replace(b"--XX\n", b"--XX \t\n"), attachments=("factura.pdf",)),
    Wild("inner boundary begins like the outer", mail(b"Content-Type: multipart/mixed; boundary=b\n", b"--b\nContent-Type: multipart/alternative; boundary=b1\n\n--b1\n" + TEXT + b"--b1--\n--b\n" + PDF + b"--b--\n"), attachments=("factura.pdf",)),
    Wild("inner multipart not closed", mail(b"Content-Type: multipart/mixed; boundary=b\n", b"--b\nContent-Type: multipart/alternative; boundary=i\n\n--i\n" + TEXT + b"--b\n" + PDF + b"--b--\n"), attachments=("factura.pdf",)),
    Wild("multipart without parts", mail(b"Content-Type: multipart/mixed; boundary=b\n", b"Hola\n")),
    Wild("preamble and epilogue", multipart(TEXT).replace(b"--XX\n", b"This is a MIME message\n--XX\n", 1) + b"epilogue\n"),
    Wild("part without headers", mail(b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n\nHola\n--b--\n")),
    Wild("crlf multipart", multipart(TEXT, PDF).replace(b"\n", b"\r\n"), attachments=("factura.pdf",)),
    Wild("enclosed mail", multipart(TEXT, b"Content-Type: message/rfc822\n\nFrom: eva@else.example\nSubject: Dentro\n\nadios"), attachments=("Dentro.eml",)),
    Wild("delivery report", multipart(b"Content-Type: text/plain\n\nNo llega.", b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: failed\n", b"Content-Type: message/rfc822\n\nSubject: Original\n\nx", kind=b"report", more=b"; report-type=delivery-status"), text="No llega.", attachments=("delivery-status.txt", "Original.eml")),
    Wild("signed", multipart(TEXT, b"Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN", kind=b"signed"), attachments=("signature.asc",)),
    Wild("an attachment alone", mail(b"Content-Type: application/pdf; name=a.pdf\n", b"%PDF"), text="", attachments=("a.pdf",)),
    Wild("text as an attachment", multipart(TEXT, b"Content-Type: text/plain; name=notas.txt\nContent-Disposition: attachment\n\nx"), attachments=("notas.txt",)),
    Wild("a named text is read and listed", mail(b"Content-Type: text/plain; name=hola.txt\n"), attachments=("hola.txt",)),
    Wild("report without words", multipart(b"Content-Type: message/delivery-status\n\nAction: failed", kind=b"report"), text="Action: failed", attachments=("delivery-status.txt",)),
    Wild("no semicolon before the boundary", multipart(TEXT, PDF).replace(b"mixed;", b"mixed"), attachments=("factura.pdf",)),
    Wild("html as an attachment", multipart(TEXT, b'Content-Type: text/html; name="a.html"\nContent-Disposition: attachment; filename="a.html"\n\n<p>x'), attachments=("a.html",)),
)  # fmt: skip

NAMES = (
    named("rfc 2231", b"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''a%C3%B1o.pdf", "año.pdf"),
    named("rfc 2231 in sections", b"Content-Type: application/pdf\nContent-Disposition: attachment;\n filename*0*=utf-8''Reserva%20;\n filename*1*=a%C3%B1o;\n filename*2=.pdf", "Reserva año.pdf"),
    named("rfc 2231 sections out of order", b"Content-Type: application/pdf; name*1=b.pdf; name*0=a", "ab.pdf"),
    named("encoded word", b'Content-Type: application/pdf; name="=?utf-8?Q?a=C3=B1o.pdf?="', "año.pdf"),
    named("folded encoded words", b'Content-Type: application/pdf;\n name="=?utf-8?B?' + b64encode("Zażółć ".encode()) + b'?=\n =?utf-8?B?' + b64encode("gęślą.pdf".encode()) + b'?="', "Zażółć gęślą.pdf"),
    named("undeclared latin-1", b'Content-Type: application/pdf; name="habitaci\xf3n.pdf"', "habitación.pdf"),
    named("unquoted with spaces", b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=Mi factura.pdf", "Mi factura.pdf"),
    named("no closing quote", b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="factura.pdf', "factura.pdf"),
    named("windows path", b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="C:\\\\Temp\\\\factura.pdf"', "factura.pdf"),
    named("climbing out", b"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''..%2F..%2F.bashrc", "bashrc"),
    named("semicolon in quotes", b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a;b.pdf"', "a;b.pdf"),
    named("controls", b"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''a%1B%5B2J%0A.pdf", "a[2J .pdf"),
    named("only on the content type", b"Content-Type: application/vnd.ms-excel; name=precios.xls", "precios.xls"),
    named("both names", b"Content-Type: application/pdf; name=uno.pdf\nContent-Disposition: attachment; filename=dos.pdf", "dos.pdf"),
    named("no name at all", b"Content-Type: application/pdf", "attachment.pdf"),
    named("a reserved name", b"Content-Type: application/pdf; name=CON.pdf", "_CON.pdf"),
)  # fmt: skip


def tnef(*files: tuple[bytes, bytes]) -> bytes:
    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    stream = struct.pack("<IH", 0x223E9F78, 1)
    for name, content in files:
        stream += (
            attribute(0x00069002, b"\0" * 14) + attribute(0x00018010, name + b"\0") + attribute(0x0006800F, content)
        )
    return stream


WINMAIL = multipart(TEXT, b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + encodebytes(tnef((b"plano.doc", b"doc"), (b"foto.jpg", b"jpg"))))  # fmt: skip
PACKED = (
    Wild("winmail.dat", WINMAIL, attachments=("winmail.dat", "plano.doc", "foto.jpg")),
    Wild("broken winmail.dat", multipart(TEXT, b"Content-Type: application/ms-tnef; name=winmail.dat\n\nnonsense"), attachments=("winmail.dat",)),
)  # fmt: skip
