"""Precision and recall of what is proposed from mail, per kind and language, on the labelled mails of tests/data/mails.

``python -m bench proposals [--faults] [--part tuned|held_out]``; the time a mail is beside that of finding its quotes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from bench.figures import median
from crm_tui.mail.quotes import find_quotes
from tests.data.mails.labelled import KINDS, PARTS, Labelled, Score, mails, read, scores

LANGUAGES = ("", "es", "pl", "fr", "en")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench proposals", description=__doc__)
    parser.add_argument("--faults", action="store_true", help="list every proposal that is wrong or missing")
    parser.add_argument("--part", choices=PARTS, help="only one part of the mails")
    arguments = parser.parse_args()
    for part in [arguments.part] if arguments.part else ["", *PARTS]:
        some = mails(part)
        print(f"\n{part or 'all'}: {len(some)} mails; precision / recall in %, and how many were stated")
        _table(some)
        if arguments.faults and part:
            print("\n".join(sorted(scores(some)[1])))
    if not arguments.part:
        _speed(mails())


def _table(some: list[Labelled]) -> None:
    print(f"{'':10}" + "".join(f"{language or 'all':>18}" for language in LANGUAGES))
    columns = [scores([mail for mail in some if language in ("", mail.language)])[0] for language in LANGUAGES]
    for kind in KINDS:
        print(f"{kind:10}" + "".join(_cell(column[kind]) for column in columns))


def _cell(score: Score) -> str:
    return f"{score.precision * 100:6.1f} /{score.recall * 100:5.0f} {score.stated:4}"


def _speed(some: list[Labelled]) -> None:
    own, floor = _seconds(some, read), _seconds(some, lambda mail: find_quotes(mail.text))
    print(f"\n{own * 1e3:.2f} ms a mail; finding the quotes alone {floor * 1e3:.2f} ms")


def _seconds(some: list[Labelled], work: Callable[[Labelled], object]) -> float:
    runs = []
    for _run in range(5):
        start = time.perf_counter()
        for mail in some:
            work(mail)
        runs.append((time.perf_counter() - start) / len(some))
    return median(runs)


if __name__ == "__main__":
    main()
