"""Templates are rendered once, within limits; what is dangerous is refused by name and line (QUALITY S13)."""

from __future__ import annotations

from itertools import count
from time import monotonic, process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules import template_checks
from crm_tui.rules.template_checks import Fault
from crm_tui.rules.templating import MOST_RESULT, MOST_ROUNDS, names_in, render, weighed_in

VALUES: dict[str, Any] = {
    "guest": {"name": "Łucja Nowak", "surname": "", "children": ["4", "7"], "rooms": [], "stays": [{"year": 2024}]},
    "property": {"name": "Hotel Miramar", "beds": 12},
}
ALLOWED_SECONDS = 2.0
"""Of processor time: far over what any of these takes, far under what they would take unchecked."""


def filled(source: str) -> str:
    return render(source, VALUES, monotonic).text


def fault(source: str, part: str = "body") -> Fault:
    began = process_time()
    with pytest.raises(Fault) as caught:
        render(source, VALUES, monotonic, part)
    assert process_time() - began < ALLOWED_SECONDS
    return caught.value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Dear {{ guest.name }},", "Dear Łucja Nowak,"),
        ("{{ guest.name|upper }}", "ŁUCJA NOWAK"),
        ("{{ guest.surname|default('guest') }}", "guest"),
        ("Hi{% if guest.name %} {{ guest.name }}{% endif %}!", "Hi Łucja Nowak!"),
        ("Hi{% if guest.surname %} {{ guest.surname }}{% endif %}!", "Hi!"),
        ("{% if guest.surname == '' %}none{% endif %}", "none"),
        ("{% for age in guest.children %}{{ age }}{% if not loop.last %}, {% endif %}{% endfor %}", "4, 7"),
        ("{% for room in guest.rooms %}x{% endfor %}none", "none"),
        ("{{ guest.children|join(' and ') }}", "4 and 7"),
        ("{{ guest.children|length }} {{ guest.children|first }} {{ guest.children[1] }}", "2 4 7"),
        ("{{ guest.stays[0].year + 1 }}", "2025"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ("last line\n", "last line\n"),
    ],
)
def test_what_a_template_can_say(source: str, text: str) -> None:
    assert filled(source) == text


def test_what_is_empty_or_unknown_is_a_gap_with_its_name() -> None:
    made = render("{{ guest.surname }} / {{ reservation.code|upper }} / {{ nobody }}", VALUES, monotonic)
    assert made.text == "⟦guest.surname⟧ / ⟦reservation.code⟧ / ⟦nobody⟧"
    assert made.gaps == ("guest.surname", "reservation.code", "nobody")


def test_what_is_unknown_in_a_condition_or_a_loop_is_seen_too() -> None:
    made = render("{% if payment.due %}due{% endif %}{% for x in inquiry.dates %}x{% endfor %}ok", VALUES, monotonic)
    assert made.text == "⟦payment.due⟧ ⟦inquiry.dates⟧\nok"
    assert made.gaps == ("payment.due", "inquiry.dates")


@given(st.text(min_size=1).filter(lambda text: bool(text.strip())))
def test_a_guests_text_stays_text(value: str) -> None:
    assert render("<{{ guest.name }}>", {"guest": {"name": value}}, monotonic).text == f"<{value}>"


@pytest.mark.parametrize(
    "value", ["{{ 7*7 }}", "{% for x in range(9) %}x{% endfor %}", "{{ guest.__class__ }}", "{# #}"]
)
def test_what_a_guest_writes_is_never_read_as_a_template(value: str) -> None:
    assert render("{{ guest.name }}", {"guest": {"name": value}}, monotonic).text == value


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("{{ ''.__class__ }}", "attribute", "__class__"),
        ("{{ guest.__class__.__mro__ }}", "attribute", "__mro__"),
        ("{{ guest['__init__'] }}", "attribute", "__init__"),
        ("{{ __builtins__ }}", "attribute", "__builtins__"),
        ("{{ guest.name.upper }}", "attribute", "upper"),
        ("{{ guest|attr('name') }}", "filter", "attr"),
        ("{{ guest.name|center(1000000000) }}", "filter", "center"),
        ("{{ '%1000000000d'|format(1) }}", "filter", "format"),
        ("{{ guest is callable }}", "test", "callable"),
        ("{{ guest.name.format() }}", "call", "format"),
        ("{{ guest.__class__() }}", "attribute", "__class__"),
        ("{{ cycler('a') }}", "call", "cycler"),
        ("{{ lipsum(1000) }}", "call", "lipsum"),
        ("{{ 'a' * 1000000000 }}", "word", "*"),
        ("{{ 9 ** 9 ** 9 }}", "word", "**"),
        ("{% set x = 1 %}", "word", "set"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "word", "macro"),
        ("{% include 'x' %}", "word", "include"),
        ("{% extends 'x' %}", "word", "extends"),
        ("{% import 'os' as os %}", "word", "import"),
        ("{% for x in guest.children recursive %}{{ loop(x) }}{% endfor %}", "word", "recursive"),
        ("{{ self }}", "word", "self"),
        ("{% for i in range(10000000000) %}x{% endfor %}", "range", "range"),
        ("{{ guest.surname + 1 }}", "empty", "guest.surname"),
    ],
)
def test_what_is_forbidden_is_refused_by_name(source: str, kind: str, name: str) -> None:
    found = fault(f"first line\n{source}")
    assert (found.kind, found.name, found.line) == (kind, name, 2)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("{% for a in range(200) %}{% for b in range(200) %}{% endfor %}{% endfor %}", "loops"),
        ("{% for a in range(200) %}{{ '" + "y" * 3000 + "' }}{% endfor %}", "long"),
        ("x" * 60_000, "size"),
        ("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}", "nesting"),
        ("{% if 1 %}" * 500 + "{% endif %}" * 500, "nesting"),
        ("{{ a" + ".b" * 3_000 + " }}", "nesting"),
        ("{{ " + "not " * 3_000 + "1 }}", "nesting"),
        ("{{ " + "[" * 300 + "]" * 300 + " }}", "nesting"),
        ("{{ " + "9" * 6_000 + " }}", "syntax"),
        ("{% while 1 %}{% endwhile %}", "syntax"),
        ("{{ range(1, 5, 0) }}", "value"),
        ("{% for letter in guest.name %}x{% endfor %}", "value"),
    ],
)
def test_what_would_go_on_for_ever_is_stopped(source: str, kind: str) -> None:
    assert fault(source).kind == kind


def test_the_clock_stops_what_the_counts_let_pass() -> None:
    ticks = count(0, 0.01)
    with pytest.raises(Fault) as caught:
        render("{% for a in range(150) %}x{% endfor %}", VALUES, lambda: next(ticks))
    assert caught.value.kind == "time"


def test_the_limits_leave_room_for_real_letters() -> None:
    rows = "\n".join(f"- row {number}: {{{{ guest.name }}}}" for number in range(500))
    assert len(filled(rows)) < MOST_RESULT
    assert filled("{% for n in range(200) %}x{% endfor %}" * (MOST_ROUNDS // 200)) == "x" * MOST_ROUNDS


def test_an_error_names_line_and_part() -> None:
    assert fault("one\ntwo\n{{ guest.name").line == 3
    found = fault("{{ ''.__class__ }}", "subject")
    assert (found.part, found.line) == ("subject", 1)


def test_the_variables_of_a_template_are_known_without_running_it() -> None:
    source = (
        "{{ guest.name }}\n{% for r in reservation.rooms %}{{ r.name }}{{ loop.index }}{% endfor %}\n{{ agent.name }}"
    )
    assert names_in(source) == {"guest.name": 1, "reservation.rooms": 2, "agent.name": 3}


@given(st.text(alphabet="{}%[]().|'\"_ ab1+-*~:#\n", max_size=60))
def test_whatever_is_typed_is_rendered_or_refused_and_never_raises_anything_else(source: str) -> None:
    line = 0
    try:
        render(source, VALUES, monotonic)
    except Fault as found:
        line = found.line
    assert 0 <= line <= source.count("\n") + 1


def test_every_filter_that_is_offered_works() -> None:
    for name in template_checks.FILTERS:
        value = "guest.children" if name in ("first", "last", "length", "join") else "guest.name"
        assert filled(f"{{{{ {value}|{name} }}}}")


@pytest.mark.parametrize(
    ("source", "weighed"),
    [
        ("{{ guest.given }} {{ guest.surname|upper }}", set()),
        ("{% if guest.given and not guest.surname %}x{% endif %}", set()),
        ("{{ guest.given|default(property.name) }}", set()),
        ("{% if guest.language == 'pl' %}{{ guest.given }}{% endif %}", {"guest.language"}),
        ("{% if guest.given|length > 3 %}x{% endif %}", {"guest.given"}),
        ("{% for one in guest.names %}{{ one }}{% endfor %}{{ agent.name }}", {"guest.names"}),
        ("{{ guest.given ~ guest.surname }}{{ guest.name[0] }}", {"guest.name"}),
    ],
)
def test_what_a_template_weighs(source: str, weighed: set[str]) -> None:
    assert weighed <= weighed_in(source)
    if not weighed:
        assert weighed_in(source) == frozenset()
