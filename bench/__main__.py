"""``python -m bench NAME [ARGUMENTS]`` runs one bench; without a name, every one with its defaults."""

from __future__ import annotations

import importlib
import sys

BENCHES = (
    *("store", "parse", "sync", "start", "proposals", "triage", "desks", "guests"),
    "duplicates",
    "profile",
    "imports",
    "morning",
    "reservations",
    "productivity",
    "relations",
    "output",
    "routing",
    "journal",
)


def main() -> int:
    """Run what was asked for."""
    name, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name and name not in BENCHES:
        print(f"There is no bench called {name}. Use one of: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    for one in [name] if name else BENCHES:
        print(f"== {one}")
        sys.argv = [f"python -m bench {one}", *arguments]
        importlib.import_module(f"bench.{one}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
