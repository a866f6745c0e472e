"""A canary password through every way a login or delivery can fail; then everything written is searched (QUALITY S8)."""

from __future__ import annotations

import base64
import contextlib
import logging
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.base.clock import ShiftedClock
from crm_tui.base.errors import CrmError
from crm_tui.base.log import catch_everything, open_log
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import account_testing, accounts, drafts, outbox, replies
from crm_tui.desk.correspondence.account_form import NewAccount
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials, Login
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.providers import Security
from crm_tui.mail.smtp import check_login, deliver
from crm_tui.mail.smtp_dialogue import SmtpServer
from tests.desk.house import ADDRESS, NOW, add_account, make_house
from tests.servers.scripted import Rule, Scripted
from tests.servers.scripted_smtp import scripted_smtp
from tests.servers.smtp import Box, smtp_server

CANARY = "CanaryBird-7319"
FORMS = [
    CANARY.encode(),
    base64.b64encode(CANARY.encode()).rstrip(b"="),
    base64.b64encode(b"\0desk\0" + CANARY.encode()).rstrip(b"="),
    base64.b64encode(f"user=desk\x01auth=Bearer {CANARY}\x01\x01".encode()).rstrip(b"="),
]
PLAIN, LOGIN, BEARER = (form.decode() for form in (FORMS[2], FORMS[1], FORMS[3]))

# What servers answer to a login, some repeating what they were told.
ANSWERS: dict[str, dict[bytes, bytes]] = {
    "refused": {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 5.7.8 no\r\n"},
    "echoes the line": {
        b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n",
        b"AUTH": f"500 what is AUTH PLAIN {PLAIN}=\r\n".encode(),
    },
    "echoes in clear": {
        b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n",
        b"AUTH": f"535 password {CANARY} is wrong\r\n".encode(),
    },
    "login mechanism": {
        b"EHLO": b"250-x\r\n250 AUTH LOGIN\r\n",
        b"AUTH": b"334 VXNlcm5hbWU6\r\n",
        b"ZGVZAW==": b"334 UGFzc3dvcmQ6\r\n",
    },
    "no mechanism": {b"EHLO": b"250-x\r\n250 AUTH GSSAPI\r\n"},
    "garbage": {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": f"what {PLAIN} what\r\n".encode()},
    "later": {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": f"454 try later, {PLAIN}\r\n".encode()},
    "refused token": {b"EHLO": b"250-x\r\n250 AUTH XOAUTH2\r\n", b"AUTH": f"535 {BEARER}\r\n".encode()},
}


@pytest.fixture
def written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Searches all that reached the disk, the terminal, and the texts given."""

    def search(texts: str) -> None:
        out, err = capfd.readouterr()
        found = {"texts": texts.encode(), "stdout": out.encode(), "stderr": err.encode()}
        found |= {str(file): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        assert any(name.endswith(".log") for name in found)
        for name, content in found.items():
            for form in FORMS:
                assert form not in content, f"the canary sits in {name}"

    return search


@pytest.mark.parametrize("case", ANSWERS)
def test_no_login_failure_tells_the_password(case: str, tmp_path: Path, written: Callable[[str], None]) -> None:
    close = open_log(tmp_path / "desk.log", level=logging.DEBUG)
    login = Login("desk", Secret(CANARY), xoauth2=case == "refused token")
    texts = []
    with scripted_smtp(ANSWERS[case]) as server:
        target = SmtpServer("127.0.0.1", server.port, Security.NONE)
        try:
            check_login(target, login, timeout=5)
        except CrmError as error:
            texts += [str(error), repr(error), *traceback.format_exception(error)]
            logging.getLogger("crm_tui.test").exception("failed with %r", login)
        outcome = deliver(target, login, "a@b.example", ["c@d.example"], b"x", before_data=lambda: None, timeout=5)
        texts.append(repr(outcome))
        logging.getLogger("crm_tui.test").warning("outcome %r, server heard %r", outcome, server.heard)
    close()
    assert texts
    written("".join(texts))


@pytest.mark.parametrize(
    "case", ["refused", "echoes in clear", "echoes the line", "garbage", "nobody there", "accepted"]
)
def test_nothing_stored_or_logged_holds_the_password(case: str, tmp_path: Path, written: Callable[[str], None]) -> None:
    close = open_log(tmp_path / "desk.log", level=logging.DEBUG)
    ctx = make_house(tmp_path, clock=ShiftedClock(NOW), settings=Settings(undo_seconds=0))
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(CANARY))
    with contextlib.ExitStack() as stack:
        if case == "accepted":
            port = stack.enter_context(smtp_server(Box(users={"desk": CANARY}))).port
        elif case == "nobody there":
            port = 1
        else:
            port = stack.enter_context(scripted_smtp(ANSWERS[case])).port
        texts = send_one(ctx, credentials, port)
        with contextlib.suppress(CrmError):
            new = NewAccount(
                "two@hotel.example",
                user="desk",
                imap_host="127.0.0.1",
                imap_port=port,
                imap_security="none",
                smtp_host="127.0.0.1",
                smtp_port=port,
                smtp_security="none",
                secret_kind="session",
            )
            texts += repr(account_testing.test(new, credentials, Secret(CANARY), timeout=2))
            accounts.add(ctx, new, credentials, Secret(CANARY), timeout=2)
    ctx.store.close()
    close()
    written(texts)


def send_one(ctx: Context, credentials: Credentials, port: int) -> str:
    add_account(ctx, smtp_port=port)
    draft = replies.new(ctx, to="guest@example.org")
    item = outbox.queue(ctx, draft.id, drafts.save(ctx, draft.id, draft.version, text="hello"))
    lease = Lease(ctx)
    assert lease.tick()
    OutboxWorker(ctx, lease, credentials, timeout=5, answer_timeout=5).step()
    return repr(outbox.get(ctx, item.id)) + repr(accounts.all(ctx))


@pytest.mark.parametrize(
    "answer", ["{tag} NO [AUTHENTICATIONFAILED] LOGIN desk X is wrong", "* BYE X", "{tag} BAD what is X"]
)
def test_an_imap_server_that_repeats_the_password(answer: str, tmp_path: Path, written: Callable[[str], None]) -> None:
    close = open_log(tmp_path / "desk.log", level=logging.DEBUG)
    texts = ""
    with Scripted([Rule(rb"^LOGIN", answer.replace("X", CANARY).encode() + b"\r\n")]) as server:
        try:
            with ImapSession("127.0.0.1", server.port, "none", timeout=2) as session:
                session.login("desk", Secret(CANARY).reveal())
        except CrmError as error:
            texts = "".join([str(error), repr(error), *traceback.format_exception(error)])
            logging.getLogger("crm_tui.test").exception("failed")
    close()
    assert texts
    written(texts)


def test_a_crash_in_any_thread_is_logged_without_it(tmp_path: Path) -> None:
    """Uncaught exceptions, with the secret among the local variables and in the message."""
    script = tmp_path / "crash.py"
    script.write_text(
        "import threading\nfrom pathlib import Path\n"
        "from crm_tui.base.log import catch_everything, open_log\nfrom crm_tui.base.redact import Secret\n"
        f"open_log(Path({str(tmp_path / 'desk.log')!r}))\ncatch_everything()\n"
        "def fail():\n"
        "    password = Secret('Canary' + 'Bird-7319')\n    clear = password.reveal()\n"
        "    raise RuntimeError(f'cannot log in with {clear!r}')\n"
        "thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\nfail()\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, timeout=60, check=False)
    log = (tmp_path / "desk.log").read_bytes()
    assert log.count(b"    RuntimeError: cannot log in") == 2
    for content in (log, done.stdout, done.stderr):
        assert CANARY.encode() not in content


def test_hooks_can_be_put_back() -> None:
    import threading

    before = sys.excepthook, threading.excepthook
    try:
        catch_everything()
        assert sys.excepthook is not before[0]
    finally:
        sys.excepthook, threading.excepthook = before


@pytest.mark.parametrize("password", ["Can\\ary-7319", 'Can"ary-7319', "Can'ary-7319", "C\\a\"n'ary-7319"])
@pytest.mark.parametrize(
    "answer", ["{tag} NO LOGIN desk X", "{tag} NO wrong: X", "{tag} BAD what is X", "* BYE X", "X"]
)
@pytest.mark.parametrize("form", ["clear", "quoted", "repr", "bytes"])
def test_no_form_of_an_awkward_password_comes_back_from_an_imap_server(password: str, answer: str, form: str) -> None:
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    echo = {"clear": password, "quoted": f'"{quoted}"', "repr": repr(quoted), "bytes": repr(quoted.encode())}[form]
    with (
        Scripted([Rule(rb"^LOGIN", answer.replace("X", echo).encode() + b"\r\n")]) as server,
        pytest.raises(CrmError) as caught,
        ImapSession("127.0.0.1", server.port, "none", timeout=1) as session,
    ):
        session.login("desk", Secret(password).reveal())
    told = str(caught.value) + repr(caught.value)
    assert "ary-7319" not in told
    if form == "clear" and "NO" in answer:
        assert "b'" not in told
        assert 'b"' not in told
