"""The entry point: ``outreach``, or ``python -m outreach``."""

from __future__ import annotations

from outreach.cli import outreach


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    outreach(prog_name="outreach")


if __name__ == "__main__":
    main()
