"""notmuch as a peer: the same corpus in its index, and the time of a search without that of starting a process."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import corpus

RUNS = 9


@contextmanager
def peer(directory: Path, count: int) -> Iterator[Callable[[str], float] | None]:
    """Index ``count`` mails and give a function that times a search in ms; None without notmuch or for no mails."""
    if not count or shutil.which("notmuch") is None:
        print("notmuch: not measured" + (" (not installed)" if count else ""))
        yield None
        return
    corpus.write_maildir(directory / "mail", count)
    settings = directory / "config"
    settings.write_text(
        f"[database]\npath={directory / 'mail'}\n[user]\nname=Desk\nprimary_email={corpus.DESK[1]}\n[new]\ntags=\n"
    )
    env = {**os.environ, "NOTMUCH_CONFIG": str(settings)}
    begun = time.perf_counter()
    subprocess.run(["notmuch", "new", "--quiet"], env=env, check=True)
    print(f"notmuch       {count / (time.perf_counter() - begun):8.0f} mails/s parsed and indexed")

    def seconds(*arguments: str) -> float:
        taken = []
        for _again in range(RUNS):
            begun = time.perf_counter()
            subprocess.run(["notmuch", *arguments], env=env, check=True, stdout=subprocess.DEVNULL)
            taken.append(time.perf_counter() - begun)
        return statistics.median(taken)

    limits = ("--sort=newest-first", "--limit=50")
    floor = seconds("search", *limits, "id:nothing-has-this-id")
    yield lambda query: max(0.0, 1000 * (seconds("search", *limits, query) - floor))
