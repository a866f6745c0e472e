"""The other end of :mod:`crm_tui.engine.parsers`: a process that turns mail sources into prepared messages.

Reads length-prefixed pickles of ``list[bytes]`` from standard input and answers with pickles of ``list[Prepared]``;
ends when its input ends, so a killed parent leaves no orphan.
"""

from __future__ import annotations

import gc
import itertools
import os
import pickle
import signal
import struct
from typing import BinaryIO

_SWEEP = 50
HEADER = struct.Struct("<Q")


def read_block(stream: BinaryIO) -> bytes | None:
    """One length-prefixed block; None at the end of the stream, whole or not."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    (size,) = HEADER.unpack(head)
    data = stream.read(size)
    return data if len(data) == size else None


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends us in order
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints may disturb the answers
    from crm_tui.desk.correspondence.prepare import prepare

    gc.disable()  # a fifteenth of the time; what parsing leaves in cycles is swept now and then
    for number in itertools.count(1):
        block = read_block(source)
        if block is None:
            return
        sources: list[bytes] = pickle.loads(block)  # noqa: S301 -- from our own parent, through a private pipe
        answer = pickle.dumps([prepare(raw) for raw in sources], pickle.HIGHEST_PROTOCOL)
        sink.write(HEADER.pack(len(answer)) + answer)
        sink.flush()
        if number % _SWEEP == 0:
            gc.collect()


if __name__ == "__main__":
    main()
