"""The SMS gateway over real HTTP: what it takes, what its answers mean, and that its address stays secret (QUALITY R1, S8)."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from crm_tui.base.errors import CrmError, InvalidInput, SecretUnavailable
from crm_tui.base.log import open_log
from crm_tui.base.redact import Secret, redact
from crm_tui.base.settings import Settings
from crm_tui.desk.watchlists import gateway
from crm_tui.mail.credentials import Credentials
from tests.servers.sms import sms_gateway

NUMBER = "+34600111222"


def test_a_message_arrives_with_number_and_text_as_they_are() -> None:
    with sms_gateway() as server:
        assert gateway.send(Secret(server.url()), NUMBER, "Zażółć 120,00 € * _x_ <b> & +1") == gateway.Sent()
        [asked] = server.asked
        assert (asked.number, asked.text) == (NUMBER, "Zażółć 120,00 € * _x_ <b> & +1")


def test_without_a_place_for_it_the_number_is_the_end_of_the_path() -> None:
    with sms_gateway() as server:
        assert isinstance(
            gateway.send(Secret(f"json://127.0.0.1:{server.port}/v1?method=post"), NUMBER, "hi"), gateway.Sent
        )
        assert server.asked[0].path == f"/v1/{NUMBER}"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 503])
def test_an_answer_that_it_was_not_taken_is_a_refusal(status: int) -> None:
    with sms_gateway() as server:
        server.status, server.words = status, "no credit left"
        found = gateway.send(Secret(server.url()), NUMBER, "hi")
    assert isinstance(found, gateway.Refused)
    assert found.words == f"{status} no credit left"


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_breakdown_behind_the_gateway_is_no_refusal(status: int) -> None:
    with sms_gateway() as server:
        server.status = status
        assert isinstance(gateway.send(Secret(server.url()), NUMBER, "hi"), gateway.Failed)


def test_nobody_there_is_a_refusal() -> None:
    assert isinstance(gateway.send(Secret("json://127.0.0.1:1/send?:to={phone}"), NUMBER, "hi"), gateway.Refused)
    assert isinstance(gateway.send(Secret("json://no.such.host.invalid/{phone}"), NUMBER, "hi"), gateway.Refused)


def test_a_line_that_broke_after_the_message_is_unknown() -> None:
    with sms_gateway() as server:
        server.cut = True
        assert isinstance(gateway.send(Secret(server.url()), NUMBER, "hi"), gateway.Unknown)
        assert len(server.asked) == 1


def test_a_gateway_that_does_not_answer_is_unknown() -> None:
    import threading

    done = threading.Event()
    with sms_gateway() as server:
        server.on_message = lambda _asked: void(done.wait(10))
        found = gateway.send(Secret(server.url() + "&rto=0.3"), NUMBER, "hi")
        done.set()
    assert isinstance(found, gateway.Unknown)


def void(_value: object) -> None:
    """For callbacks that give nothing."""


def test_what_is_no_gateway_is_refused_without_its_address() -> None:
    for text in ("nonsense://CanaryBird-7319@host", "CanaryBird-7319", "twilio://CanaryBird-7319", "json://"):
        with pytest.raises(InvalidInput) as caught:
            gateway.check(Secret(text))
        assert "Canary" not in str(caught.value)
    assert gateway.check(Secret("json://localhost/{phone}")) == "json"
    assert gateway.check(Secret(f"twilio://AC{'a' * 32}:{'b' * 32}@+34600000000/{{phone}}")) == "twilio"


@pytest.mark.parametrize("how", ["refused", "echoes", "nobody there", "cut", "wrong", "accepted", "broken"])
def test_no_way_of_failing_tells_the_secret(how: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    canary = f"CanaryBird-{how.replace(' ', '')}-7319"
    close = open_log(tmp_path / "desk.log", level=logging.DEBUG)
    told = ""
    with sms_gateway() as server:
        url = server.url("desk", canary) + f"&:key={canary}-query"
        server.status = {"refused": 401, "echoes": 403, "broken": 500}.get(how, 200)
        server.words = f"what is {canary}?" if how == "echoes" else "no"
        server.cut = how == "cut"
        if how == "nobody there":
            url = url.replace(str(server.port), "1")
        if how == "wrong":
            url = f"nonsense://{canary}@host"
        try:
            kind = gateway.check(Secret(url))
            outcome = gateway.send(Secret(url), NUMBER, "hi")
            told = repr(outcome) + kind
            logging.getLogger("crm_tui.test").warning("outcome %r", outcome)
        except CrmError as error:
            told = "".join([str(error), repr(error), *traceback.format_exception(error)])
            logging.getLogger("crm_tui.test").exception("failed")
        logging.getLogger("crm_tui.test").warning("the key alone: %s", canary)
        if how == "accepted":
            assert server.asked[0].authorization.startswith("Basic ")
            assert server.asked[0].body["key"] == f"{canary}-query"
    close()
    out, err = capfd.readouterr()
    written = (tmp_path / "desk.log").read_text()
    assert "the key alone" in written
    for text in (told, out, err, written):
        assert canary not in text


def test_where_the_address_comes_from() -> None:
    credentials = Credentials(lambda: None, memory={})
    with pytest.raises(InvalidInput, match="No SMS gateway"):
        gateway.address(Settings(), credentials)
    asked = Settings(notice_gateway="session")
    with pytest.raises(SecretUnavailable, match="SMS gateway"):
        gateway.address(asked, credentials)
    credentials.hold(gateway.NAME, Secret("json://localhost/{phone}"))
    assert gateway.address(asked, credentials).reveal() == "json://localhost/{phone}"
    by_command = Settings(notice_gateway="command", notice_gateway_command="echo json://sms.example/{phone}")
    assert gateway.state(by_command, credentials) == gateway.GatewayState("command", "json")
    broken = Settings(notice_gateway="command", notice_gateway_command="false")
    assert not gateway.state(broken, credentials).service
    assert gateway.state(broken, credentials).fault
    no_keyring = gateway.state(Settings(notice_gateway="keyring"), Credentials(lambda: None, memory={}))
    assert "keyring" in no_keyring.fault


def test_hiding_keys_leaves_words_alone() -> None:
    gateway.check(Secret("json://localhost/send?:to={phone}"))
    assert redact("send to localhost: 127.0.0.1 {phone}") == "send to localhost: 127.0.0.1 {phone}"
