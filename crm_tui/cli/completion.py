"""``crm-tui completion bash|zsh|fish``: prints what a shell sources to complete the command line."""

from __future__ import annotations

from crm_tui.cli.invocation import Invocation
from crm_tui.cli.options import build


def completion(run: Invocation) -> int:
    """Print the completion script of a shell."""
    import shtab

    run.out.text(shtab.complete(build(), shell=run.options.shell))
    return 0
