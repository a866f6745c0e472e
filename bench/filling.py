"""A store filled with the corpus, for benches: parsed on all cores, stored by the desk's own command."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from bench import corpus
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.tables import Account, Mailbox
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare

AHEAD = 8


def prepared_block(number: int, small: bool) -> list[Incoming]:
    """A block of the corpus, parsed and packed."""
    return [
        Incoming(
            prepare(mail.raw), 1_000_000_000 - number * corpus.BLOCK - place, frozenset(mail.flags), mail.received_at
        )
        for place, mail in enumerate(reversed(corpus.block(number, small=small)))
    ]


def prepared_blocks(count: int, *, small: bool, jobs: int = 0) -> Iterator[list[Incoming]]:
    """Blocks of the corpus in order, prepared a few ahead by other processes."""
    numbers = iter(range((count + corpus.BLOCK - 1) // corpus.BLOCK))
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:

        def ask(number: int) -> Future[list[Incoming]]:
            return pool.submit(prepared_block, number, small)

        waiting = [ask(number) for number in islice(numbers, AHEAD)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [ask(number) for number in islice(numbers, 1)]


def new_desk(directory: Path) -> Context:
    """A desk on a new store with the corpus' account and its INBOX."""
    ctx = open_context(home_at(directory), Settings(), create=True)
    with ctx.write() as tx:
        account = Account(
            address=corpus.DESK[1], user="desk", imap_host="localhost", smtp_host="localhost", created_at=tx.now
        )
        tx.session.add(account)
        tx.session.flush()
        tx.session.add(Mailbox(account_id=account.id or 0, name="INBOX", role="inbox", uidvalidity=1, chosen=True))
    return ctx


def store_block(ctx: Context, items: list[Incoming]) -> float:
    """Receive a block as the sync would; returns the seconds it took."""
    begun = time.perf_counter()
    low = min(item.uid for item in items)
    receive(ctx, Batch(items, account_id=1, mailbox_id=1, uidvalidity=1, cursor={"low_uid": low}))
    return time.perf_counter() - begun


def fill(
    directory: Path, count: int, *, small: bool = True, jobs: int = 0, told: Callable[[int, float], None] | None = None
) -> Context:
    """A store with ``count`` mails; ``told`` hears of every block: mails so far and the seconds it took to store."""
    ctx = new_desk(directory)
    for number, items in enumerate(prepared_blocks(count, small=small, jobs=jobs), 1):
        seconds = store_block(ctx, items)
        if told:
            told(number * corpus.BLOCK, seconds)
    return ctx


def main() -> None:
    """Fill a desk."""
    parser = argparse.ArgumentParser(description="fill a desk with synthetic reception mail")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--whole", action="store_true", help="mails of 11 kB with files instead of 3 kB without")
    options = parser.parse_args()

    def told(count: int, seconds: float) -> None:
        if count % 20_000 == 0:
            print(f"{count} mails, the last thousand in {seconds:.2f} s", flush=True)

    fill(options.directory, options.count, small=not options.whole, told=told).store.close()


if __name__ == "__main__":
    main()
