"""Reading signatures: how often what is proposed is right, and how much of what is stated is found."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.rules.signatures import Signature, block, is_company, read_signature
from tests.rules.signature_samples import DEV, HELD, Sample

PARTS = ("surname", "given", "company", "phones", "street", "postcode", "city", "country", "domain")


def read(sample: Sample) -> dict[str, object]:
    found = read_signature(sample.text, sender=sample.sender, region=sample.region)
    values = {name: getattr(found, name) for name in PARTS}
    values["phones"] = tuple(one.number for one in found.phones)
    return {name: value for name, value in values.items() if value}


def score(samples: Sequence[Sample]) -> tuple[float, float, list[str]]:
    """Precision and recall over all parts; each wrong or missing one in words."""
    right = proposed = stated = 0
    told = []
    for sample in samples:
        found = read(sample)
        for name in PARTS:
            want, have = sample.stated.get(name), found.get(name)
            stated += want is not None
            proposed += have is not None
            right += have is not None and have == want
            if have != want:
                told.append(f"{sample.sender}: {name} {have!r}, not {want!r}")
    return right / proposed, right / stated, told


@pytest.mark.parametrize(("samples", "precision", "recall"), [(DEV, 0.98, 0.95), (HELD, 0.92, 0.8)])
def test_what_is_proposed_is_right(samples: Sequence[Sample], precision: float, recall: float) -> None:
    got, found, told = score(samples)
    assert (got >= precision, found >= recall) == (True, True), (got, found, told)


def test_there_are_many_samples_of_many_kinds() -> None:
    assert len(DEV) + len(HELD) >= 60
    assert sum(not sample.stated for sample in (*DEV, *HELD)) >= 12


@pytest.mark.parametrize(
    ("name", "company"),
    [("Viajes Sol S.L.", True), ("Pol-Trans Sp. z o.o.", True), ("Hotel Partner Team", True), ("Marta Gómez", False), ("Grace Hotel", False), ("Ana", False), ("", False)],
)  # fmt: skip
def test_a_senders_name_that_is_a_companys(name: str, company: bool) -> None:
    assert is_company(name) is company


def test_a_quoted_signature_is_not_the_writers() -> None:
    text = "Regards,\nAnn Lee\n\nOn Monday Bob wrote:\nKind regards\nBob Ray\n+44 7700 900123"
    start = text.index("On Monday")
    assert read_signature(text, sender="Ann Lee", quoted=[(start, len(text))]).phones == ()
    assert block(text, [(start, len(text))]) == ("Ann Lee",)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_anything_is_read_without_a_fault(text: str, sender: str) -> None:
    found = read_signature(f"{text}\nKind regards,\n{text}", sender=sender, region="ES")
    assert isinstance(found, Signature)
    assert all(one.number.startswith("+") for one in found.phones)


def test_a_long_mail_is_read_quickly() -> None:
    import time

    text = "Kind regards,\n" + "a1 " * 200_000
    began = time.perf_counter()
    read_signature(text, region="ES")
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "marker",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "---------- Forwarded by Ann Lee on 3 May ----------",
        "Begin forwarded message:",
        "---------- Wiadomość przekazana ----------",
        "-------- Przekazana wiadomość --------",
        "---------- Mensaje reenviado ----------",
        "-----Mensaje original-----",
        "---------- Message transféré ---------",
        "-----Message d'origine-----",
        "-----Ursprüngliche Nachricht-----",
        "---------- Weitergeleitete Nachricht ----------",
        "From: Other Person <o@x.example>\nSent: Monday, 3 May\nTo: Ann",
        "*Von:* Other Person\n*Gesendet:* Montag",
        "De: Otra Persona\nEnviado el: lunes\nPara: Ann",
        "Od: Inna Osoba\nWysłano: poniedziałek",
        "De : Autre Personne\nEnvoyé : lundi\nÀ : Ann",
    ],
)
def test_the_signature_of_a_mail_that_was_passed_on_is_not_the_writers(marker: str) -> None:
    passed = f"{marker}\n\nHello\n\nBest regards,\nPeter Brown\nTel. +48 600 111 222\nul. Długa 5\n31-147 Kraków"
    assert block(f"See below\n\n{passed}") == ()
    own = f"See below.\n\nKind regards,\nAnn Lee\n+44 7700 900123\n\n{passed}"
    assert block(own) == ("Ann Lee", "+44 7700 900123")
    assert block(f"See below\n\n{passed}\n" + "x\n" * 15_000) == ()


def test_an_answer_below_what_is_quoted_is_read() -> None:
    quote = "> From: Bob\n> Sent: Monday\n> Hello\n"
    text = f"{quote}\nYes.\n\nKind regards,\nAnn Lee"
    assert block(text, [(0, len(quote))]) == ("Ann Lee",)
