"""Runs the desk and writes down what held its event loop: ``python -m bench.slices FILE ARGUMENTS…``.

Each callback of the loop is timed on the processor of its own thread, so that other programs and the desk's workers do not
count. A line of FILE a slice of more than :data:`LEAST` seconds: milliseconds, how many of them Python searched for rubbish,
what ran.
"""

from __future__ import annotations

import asyncio.events
import gc
import sys
import time
from typing import Any

LEAST = 0.005


def watch(path: str) -> None:
    """Time the loop's callbacks from now on."""
    file = open(path, "a", buffering=1, encoding="utf-8")  # noqa: SIM115 -- as long as the program runs
    run = asyncio.events.Handle._run
    began = rubbish = 0.0

    def collecting(phase: str, _info: dict[str, int]) -> None:
        nonlocal began, rubbish
        if phase == "start":
            began = time.thread_time()
        else:
            rubbish += time.thread_time() - began

    def timed(handle: Any) -> None:
        nonlocal rubbish
        rubbish, start = 0.0, time.thread_time()
        run(handle)
        took = time.thread_time() - start
        if took > LEAST:
            file.write(f"{took * 1e3:.1f}\t{rubbish * 1e3:.1f}\t{_named(handle)}\n")

    gc.callbacks.append(collecting)
    asyncio.events.Handle._run = timed  # type: ignore[method-assign, assignment]


def _named(handle: Any) -> str:
    """Whose task or callback it is."""
    callback = handle._callback
    owner = getattr(callback, "__self__", None) if callback is not None else None
    return owner.get_name() if isinstance(owner, asyncio.Task) else str(callback)[:120]


def main() -> int:
    """Run the desk, watched."""
    watch(sys.argv[1])
    sys.argv = ["crm-tui", *sys.argv[2:]]
    from crm_tui.__main__ import main as desk

    return desk()


if __name__ == "__main__":
    sys.exit(main())
