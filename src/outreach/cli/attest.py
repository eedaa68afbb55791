"""``outreach signatories add``, ``attest`` and ``countersign``: a yes by phone, messenger, on paper or in person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

import click

from outreach.addresses import valid_address
from outreach.bootstrap import Program
from outreach.cli import lists
from outreach.cli.output import (
    TIMES,
    actor_option,
    campaign_of,
    confirm_by_typing,
    in_utc,
    say,
    warn,
    yes_option,
)
from outreach.dossier import as_texts
from outreach.errors import Refused
from outreach.reading import names
from outreach.reading.lines import Typed, script_of
from outreach.steps import attest as attesting
from outreach.steps.attest import Attested, Said, paste
from outreach.steps.attest import lists as listing
from outreach.steps.attest.paste import Understood
from outreach.steps.attest.wish import Given, Yes, put_together
from outreach.store import signatories as stored
from outreach.words import Channel

#: A mail that was passed on comes by itself (intake): nothing of it is typed.
CHANNELS: Final = click.Choice([str(channel) for channel in Channel if channel is not Channel.FORWARD])

_Command = TypeVar("_Command", bound=Callable[..., Any])


def at_option(command: _Command) -> _Command:
    """``--at``: parameter ``at``, without a zone, or None."""
    help_ = "When they said it, in the campaign's zone; now, if left out."
    return click.option("--at", type=click.DateTime(TIMES), metavar='"DATE HH:MM"', help=help_)(command)


def said_options(command: _Command) -> _Command:
    """``--channel``, ``--speaker`` and ``--at``: how they said yes, who and when."""
    for option in (
        at_option,
        click.option("--speaker", metavar="NAME", required=True, help="Who spoke for them; kept sealed."),
        click.option("--channel", type=CHANNELS, required=True),
    ):
        command = option(command)
    return command


def line_options(command: _Command) -> _Command:
    """``--name``, ``--city`` and ``--country``, each for one language or for that of its script."""
    for part in ("country", "city", "name"):
        help_ = f"The {part}; fa=… for the Persian line, and so on."
        command = click.option(f"--{part}", multiple=True, metavar="[TAG=]TEXT", help=help_)(command)
    return command


@click.command()
@said_options
@line_options
@click.option("--language", metavar="TAG", help="To write to them in.")
@click.option("--email", metavar="ADDRESS", help="Is asked by mail as well.")
@click.option("--phone", metavar="NUMBER")
@click.option("--individual", is_flag=True, help="A person, not an organisation.")
@click.option("--prospect", metavar="REFERENCE", help="As which it was invited: that name and address hold.")
@click.option("--entry", metavar="REFERENCE", help="The entry that this corrects, or that comes back.")
@click.option(
    "--paste", "pasted", type=click.File(encoding="utf-8"), metavar="FILE", help="Their message; - reads it in."
)
@yes_option
@actor_option
@click.pass_context
def add(context: click.Context, /, yes: bool, actor: str, pasted: TextIO | None, **typed: Any) -> None:
    """Take a yes that no mail brought. The lines are shown; type yes once they were read back and agreed to.

    With --paste their message is read as a mail is, and what was understood is shown; what is typed beside it goes
    before. The entry is pending; it prints once a second coordinator has countersigned it and it is approved.
    """
    program = campaign_of(context)
    said, given = _said(program, typed), _given(program, typed)
    understood = paste.understand(program.desk, pasted.read()) if pasted is not None else None
    with program.db.reading() as session:
        wish = put_together(session, program.desk, given, understood)
        attesting.require_new(wish)
        _tell(wish, understood, [other.reference for other in attesting.alike(session, program.desk, wish)])
    _confirm(said.speaker, yes=yes)
    with program.db.writing() as session:
        message = (
            paste.keep(session, program.desk, understood, said.at, program.clock, actor=actor) if understood else None
        )
        wish = put_together(session, program.desk, given, understood, message)
        taken = attesting.take(session, program.desk, wish, said, program.clock, actor=actor)
        report = _report(taken, is_single=attesting.is_single(session))
    say(report)


@click.command()
@click.argument("reference")
@said_options
@yes_option
@actor_option
@click.pass_context
def attest(context: click.Context, /, reference: str, yes: bool, actor: str, **typed: Any) -> None:
    """Vouch that an entry which is there already said yes to its line, though not by mail."""
    program = campaign_of(context)
    said = _said(program, typed)
    with program.db.reading() as session:
        _show(as_texts(attesting.attestable(stored.entry(session, reference)).printed_lines))
    _confirm(said.speaker, yes=yes)
    with program.db.writing() as session:
        taken = attesting.attest(session, program.desk, reference, said, program.clock, actor=actor)
        report = _report(taken, is_single=attesting.is_single(session))
    say(report)


@click.command()
@click.argument("reference", required=False)
@lists.list_option
@yes_option
@actor_option
@click.pass_context
def countersign(context: click.Context, reference: str | None, file: Path | None, yes: bool, actor: str) -> None:
    """Vouch, as a second coordinator, for what another one attested. Look at it first: queue show REFERENCE.

    With --list all entries of a list that was imported: their lines are shown, and their count has to be typed. You
    need the very file that was imported, and should compare it with what you know.
    """
    program = campaign_of(context)
    lists.require_one(reference, file)
    if file is not None:
        _countersign_list(program, file, yes=yes, actor=actor)
        return
    assert reference is not None
    with program.db.writing() as session:
        revision = attesting.countersign(session, reference, program.clock, actor=actor)
        reference, lines = revision.signatory.reference, as_texts(revision.printed_lines)
    _show(lines)
    say(f"{reference} is countersigned.")


def _countersign_list(program: Program, file: Path, *, yes: bool, actor: str) -> None:
    with program.db.reading() as session:
        waiting = listing.to_countersign(session, program.keyring, file.read_bytes(), actor=actor)
        lists.confirm_all(waiting, {}, yes=yes, what=f"line(s) of {file.name} will be countersigned by {actor}.")
        references = [revision.signatory.reference for revision in waiting]
    listing.countersign_all(program.db, references, program.clock, actor=actor)
    say(f"{len(references)} countersigned.")


def _said(program: Program, typed: Mapping[str, Any]) -> Said:
    at = in_utc(typed["at"], program.settings.day.zone) or program.clock()
    return Said(Channel(typed["channel"]), typed["speaker"], at)


def _given(program: Program, typed: Mapping[str, Any]) -> Given:
    languages = program.settings.languages
    return Given(
        line=Typed(*(_by_language(typed[part], languages) for part in ("name", "city", "country"))),
        language=typed["language"],
        email=valid_address(typed["email"]) if typed["email"] else None,
        phone=typed["phone"],
        individual=typed["individual"],
        prospect=typed["prospect"],
        entry=typed["entry"],
    )


def _by_language(values: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """``fa=…`` belongs to Persian; of texts without a language each to that of its script, one alone to all."""
    found: dict[str, str] = {}
    plain: list[str] = []
    for value in values:
        tag, equals, text = value.partition("=")
        if equals and tag in languages:
            found[tag] = text
        else:
            plain.append(value)
    if len(plain) == 1:
        return {**found, "": plain[0]}
    for text in plain:
        fits = [tag for tag in languages if tag not in found and script_of(tag) == names.script(text)]
        if not fits:
            raise Refused(f"For which language is {text}? Put it before, as in {languages[0]}=…")
        found[fits[0]] = text
    return found


def _tell(wish: Yes, understood: Understood | None, alike: Sequence[str]) -> None:
    """The lines as they would be printed, and of a pasted message the words behind them."""
    _show(as_texts(wish.lines))
    for key, value in wish.contact.items():
        say(f"{key.replace('_', ' ')}: {value}")
    if wish.prospect is not None:
        say(f"invited as {wish.prospect.reference}")
    if understood is not None:
        reading = understood.reading
        say(f"read as a {reading.kind}, {reading.confidence:.0%} sure")
        for doubt in (*reading.needs_human, *reading.warnings):
            warn(f"doubt: {doubt}")
    for reference in alike:
        warn(f"possible duplicate of {reference}")


def _show(lines: Mapping[str, str]) -> None:
    for language, text in lines.items():
        say(f"{language}  {text}")


def _confirm(speaker: str, *, yes: bool) -> None:
    what = f"Was each line read back to {speaker} (or stands it so on paper), and did they say yes to it?"
    confirm_by_typing("yes", yes=yes, what=what)


def _report(taken: Attested, *, is_single: bool) -> str:
    revision = taken.revision
    said_by = revision.attestation.attested_by if revision.attestation is not None else ""
    reference = revision.signatory.reference
    lines = [f"{reference} is {revision.status}, attested by {said_by}."]
    lines += [f"Nothing more is sent by the sequence of {prospect.reference}." for prospect in taken.answered]
    if taken.asking is not None:
        lines.append(
            f"The asking {taken.asking.reference} is queued: their yes by mail makes the attestation superfluous."
        )
    if is_single:
        lines.append("It is single: nobody else is there to countersign it.")
    else:
        lines.append(f"It prints once another coordinator has typed: signatories countersign {reference}")
    return "\n".join(lines)
