"""Feeds the reading with mutated mails until something other than a reading or a reasoned refusal comes out.

    PYTHONPATH=src python tests/fuzz/fuzz_reading.py [--mime] [-atheris_runs=100000] [folder of inputs ...]

With --mime only the MIME part is run, which is many times as fast; without, the whole reading. Needs atheris
(`pip install atheris`), which is no part of the development set-up. What it finds becomes a test.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["outreach.reading"]):
    from outreach.reading.limits import Unreadable
    from outreach.reading.message import open_message
    from outreach.reading.read import as_answer, read

_CORPUS = Path(__file__).parent.parent / "corpus"
_SLOW = 1.0  #: seconds of processor time for one mail; instrumented code takes several times as long as other
_FACTOR = 4.0


def take_apart(raw: bytes) -> None:
    """The MIME part alone; its texts must be such as can be stored."""
    message = open_message(raw)
    json.dumps([message.with_attached, message.attached_text, message.subject], ensure_ascii=False).encode()


def read_whole(raw: bytes) -> None:
    """Read one mail as the program does, and write it as `outreach parse --json` would."""
    json.dumps(as_answer("x", read(raw)), ensure_ascii=False).encode()


def bounded(reader: Callable[[bytes], None], raw: bytes) -> None:
    """A reading or a reasoned refusal, in time."""
    started = time.process_time()
    try:
        reader(raw)
    except Unreadable as refusal:
        if not str(refusal):
            raise
    if time.process_time() - started > _SLOW * _FACTOR:
        raise RuntimeError("this mail takes too long")


def main() -> None:
    """Start from the mails of the test corpus; new inputs go to a temporary folder unless one is named."""
    reader = take_apart if "--mime" in sys.argv else read_whole
    arguments = [argument for argument in sys.argv if argument != "--mime"]
    if all(argument.startswith("-") for argument in arguments[1:]):
        arguments.append(tempfile.mkdtemp())
    folders = [str(path) for path in _CORPUS.iterdir() if path.is_dir()]
    atheris.Setup([*arguments, *folders, "-max_len=20000", "-rss_limit_mb=1000"], partial(bounded, reader))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
