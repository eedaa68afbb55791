"""``outreach parse``: the reading of ``.eml`` files, inside or outside a campaign. Touches neither key nor database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from outreach.cli.explanation import print_explanation
from outreach.cli.output import json_option, place_of, print_json, print_record, say
from outreach.mail.templates import fixed_words
from outreach.reading.explain import explain
from outreach.reading.limits import Unreadable
from outreach.reading.read import as_answer, read
from outreach.reading.result import Ours, Reading
from outreach.reading.unmarked import wording
from outreach.resources import templates
from outreach.settings import FILE_NAME
from outreach.settingsfile import load
from outreach.steps.fetch import BEGINNING, LARGEST
from outreach.words import Kind

_PARTS: Final = ("new", "quoted", "forwarded", "signature", "subject", "from")


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(allow_dash=True))
@json_option
@click.option("--explain", "explained", is_flag=True, help="Say which words decided what, and show them in the text.")
@click.pass_context
def parse(context: click.Context, files: tuple[str, ...], as_json: bool, explained: bool) -> None:
    """Read mails from .eml files ("-": standard input) and say what each asks for.

    With --json one object per line, in the order of the files. In a campaign's folder its addresses and templates are
    known.
    """
    if as_json and explained:
        raise click.UsageError("--explain is for people: leave out --json.")
    ours = _ours(place_of(context))
    for number, file in enumerate(files):
        if as_json:
            print_json(answer_for(file, ours), indent=None)
            continue
        if number:
            say()
        if explained:
            _explain(file, ours)
        else:
            print_record(_summary(answer_for(file, ours)), as_json=False)


def _explain(file: str, ours: Ours) -> None:
    say(f"== {file}")
    try:
        raw, is_cut = _raw(file)
        found = explain(raw, ours)
    except (OSError, Unreadable) as problem:
        say(f"unreadable: {problem.strerror if isinstance(problem, OSError) else problem}")
        return
    if is_cut:
        say("too large: only its beginning was read")
    print_explanation(found)


def answer_for(file: str, ours: Ours) -> dict[str, object]:
    """The corpus's object for one file; what cannot be read is "other", and needs a person."""
    try:
        raw, is_cut = _raw(file)
        reading = read(raw, ours)
    except OSError as problem:
        return as_answer(file, _unread(problem.strerror or type(problem).__name__))
    except Unreadable as problem:
        return as_answer(file, _unread(str(problem)))
    answer = as_answer(file, reading)
    if is_cut:
        answer["needs_human"] = [*reading.needs_human, "too large: only its beginning was read"]
    return answer


def _unread(reason: str) -> Reading:
    parts = dict.fromkeys(_PARTS, "")
    return Reading(Kind.OTHER, 0, "und", parts, needs_human=(f"unreadable: {reason}",))


def _raw(file: str) -> tuple[bytes, bool]:
    """The mail, or the beginning of a very large one, as fetch would store it; and whether it was cut."""
    if file == "-":
        raw = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with open(file, "rb") as stream:
            raw = stream.read(LARGEST + 1)
    return (raw[:BEGINNING], True) if len(raw) > LARGEST else (raw, False)


def _ours(folder: Path) -> Ours:
    said = wording(fixed_words([folder / "templates/email", templates() / "email"]))
    if not (folder / FILE_NAME).exists():
        return Ours(wording=said)
    settings = load(folder, os.environ)
    return Ours(settings.own_addresses, settings.mailbox.authserv_id, settings.mailbox.own_list_ids, said)


def _summary(answer: dict[str, Any]) -> dict[str, object]:
    """What a person wants to see of it."""
    return {
        "file": answer["file"],
        "kind": f"{answer['kind']} ({answer['confidence']:.0%} sure)",
        "also": answer["also"],
        "language": answer["language"],
        "needs a person": answer["needs_human"],
        "warnings": answer["warnings"],
        "bounce": answer["bounce"],
        **{f"sign-up {number}": list(_signup(signup)) for number, signup in enumerate(answer["signups"], 1)},
        "text": answer["reply_text"],
    }


def _signup(signup: dict[str, Any]) -> Iterator[str]:
    for key, value in signup.items():
        if key == "evidence" or value in (None, "", {}):
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{name}: {part}" for name, part in value.items() if part is not None)
        yield f"{key.replace('_', ' ')}: {'yes' if value is True else 'no' if value is False else value}"
