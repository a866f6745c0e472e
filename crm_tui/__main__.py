"""Entry point of ``crm-tui`` and ``python -m crm_tui``."""

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    from crm_tui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
