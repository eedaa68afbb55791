"""The entry point: ``outreach``, or ``python -m outreach``."""

from __future__ import annotations

import gc

from outreach.cli import outreach


def look_seldom_for_cycles() -> None:
    """Python looks for objects that hold each other after 700 new ones: several times for each mail, to find none."""
    gc.set_threshold(20_000)


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    look_seldom_for_cycles()
    outreach(prog_name="outreach")


if __name__ == "__main__":
    main()
