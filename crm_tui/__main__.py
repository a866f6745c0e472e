"""Entry point of ``crm-tui`` and ``python -m crm_tui``."""

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    import gc
    import os

    os.environ.setdefault("ESCDELAY", "50")  # Textual waits 100 ms to tell Esc from the start of another key
    gc.set_threshold(50_000, 20, 50)  # loading modules makes much and throws nothing away
    if not sys.argv[1:] or (sys.argv[1] == "--home" and len(sys.argv) == 3):  # the desk itself
        from crm_tui.first_frame import paint_first_frame

        paint_first_frame(sys.argv[2] if sys.argv[2:] else None)
    from crm_tui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
