"""How many messages a core reads in a second, against what the standard library needs for less (QUALITY §1).

    python -m bench.parse [FOLDER] [--count N] [--rounds N]

FOLDER holds mail (.eml, mbox, Maildir); without one, synthetic mail is made. The floor is ``email`` with the compat32
policy: headers, decoded text and the list of attachments, without quotes, signature, links or language.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from pathlib import Path

from bench.corpus import mails as corpus
from crm_tui.mail.parse import parse
from crm_tui.mail.sources import iter_mail


def floor(raw: bytes) -> int:
    """Headers, text and attachment names with the standard library's compat32 policy."""
    message = message_from_bytes(raw)
    for name in ("subject", "from", "to", "cc"):
        str(make_header(decode_header(message.get(name, ""))))
    getaddresses(message.get_all("from", []) + message.get_all("to", []))
    parsedate_to_datetime(message["date"]) if message["date"] else None
    size = 0
    for part in message.walk():
        if part.get_filename():
            size += len(part.get_payload())
        elif part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            size += len(content.decode(part.get_content_charset("utf-8"), "replace"))
    return size


def rate(work: Callable[[bytes], object], mails: list[bytes]) -> float:
    """Messages a second of processor time."""
    start = time.process_time()
    for raw in mails:
        work(raw)
    return len(mails) / (time.process_time() - start)


def main() -> None:
    """Measure in turns, print the medians."""
    arguments = argparse.ArgumentParser(
        prog="python -m bench.parse", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--count", type=int, default=3000)
    arguments.add_argument("--rounds", type=int, default=5)
    told = arguments.parse_args()
    if told.folder:
        mails = [found.raw for found in islice(iter_mail([told.folder]), told.count) if not found.error]
    else:
        mails = [mail.raw for mail in corpus(told.count)]
    mean = sum(map(len, mails)) / len(mails)
    pairs = [(rate(parse, mails), rate(floor, mails)) for _ in range(told.rounds)]
    ours = statistics.median(one for one, _ in pairs)
    theirs = statistics.median(one for _, one in pairs)
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{len(mails)} messages, mean {mean:.0f} bytes")
    print(f"parse     {ours:8.0f} messages/s a core")
    print(f"compat32  {theirs:8.0f} messages/s a core")
    print(f"ratio     {ratio:8.2f}")


if __name__ == "__main__":
    main()
