"""What ``outreach check`` looks at, one function for each thing; each says what to do where something is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from outreach.bootstrap import Program, named_folders
from outreach.cli.output import local_time
from outreach.errors import OutreachError
from outreach.mail.probe import FolderCount, probe_mailbox
from outreach.ports import Role, Secret
from outreach.serverurl import ServerUrl
from outreach.settings import Settings
from outreach.steps.invite import PLACEHOLDER
from outreach.store import campaign as campaigns
from outreach.store import coordinators
from outreach.words import HandledMail, MailKind

#: Octets. A mail may have 10 MB, and SQLite needs room beside what it keeps.
ROOM: Final = 200_000_000


#: What a server wants to see; raises SettingsError where there is none.
SecretOf = Callable[[ServerUrl], Secret | None]


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    NOTE = "note"  #: nothing is wrong, but a person should know


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: about what, and a sentence."""

    check: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Began:
    """What the database knows of the campaign."""

    since: datetime
    started_at: datetime | None


def statements(settings: Settings) -> Iterator[Finding]:
    """Whether the statement is there in every language."""
    for language in settings.languages:
        file = f"statement/{language}.md"
        text = settings.text_of_statement(language)
        if not text:
            yield Finding("statement", State.FAILED, f"{file} is missing or empty: put the statement there.")
        elif PLACEHOLDER.search(text):
            yield Finding("statement", State.FAILED, f"{file} is still the placeholder: put the statement there.")
        else:
            yield Finding("statement", State.OK, f"{file} has {len(text.split())} words.")


def letters(program: Program) -> Iterator[Finding]:
    """Whether every mail can be written in every language."""
    missing = [
        f"{kind} in {language}"
        for language in program.settings.languages
        for kind in MailKind
        if not {language, language.partition("-")[0]} & program.desk.renderer.languages(kind)
    ]
    if missing:
        text = (
            f"There is no template for {', '.join(missing)}: another language is taken. Put one into templates/email."
        )
        yield Finding("letters", State.NOTE, text)


def room(settings: Settings) -> Iterator[Finding]:
    """Whether the disk has room."""
    free = shutil.disk_usage(settings.folder).free
    text = f"{free // 1_000_000:,} MB are free"
    if free < ROOM:
        yield Finding("disk", State.FAILED, f"Only {text}: make room, or mails cannot be stored.")
    else:
        yield Finding("disk", State.OK, f"{text}.")


def day(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether the day and the deadline are still to come."""
    day, deadline, end = settings.day.date, settings.day.deadline, settings.day.end
    if end is None:
        yield Finding("day", State.NOTE, "Neither a day nor a deadline is set: nothing ever ends by itself.")
        return
    if now >= end:
        yield Finding(
            "day", State.FAILED, "The day has passed: nobody is invited or asked any more. Is day.date right?"
        )
        return
    if deadline is not None and deadline > end:
        yield Finding("day", State.FAILED, "day.deadline comes after the day itself: which of the two is wrong?")
    elif deadline is not None and now >= deadline:
        yield Finding("day", State.FAILED, "The deadline has passed: unanswered questions are closed. Is it right?")
    else:
        last = f", answers count until {local_time(deadline, settings.day.zone)}" if deadline else ""
        yield Finding("day", State.OK, f"The day is {day}{last} ({settings.day.zone.key})." if day else f"Open{last}.")


def clock(began: Began, now: datetime) -> Iterator[Finding]:
    """Whether this machine knows what time it is: every window depends on it."""
    text = f"This machine's clock says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now < began.since or (began.started_at is not None and now < began.started_at):
        yield Finding("clock", State.FAILED, f"{text}, which is before the campaign began: set it right.")
    else:
        yield Finding("clock", State.OK, f"{text}.")


def team(program: Program) -> Iterator[Finding]:
    """Whether somebody can countersign."""
    with program.db.reading() as session:
        names = [coordinator.name for coordinator in coordinators.active(session)]
    if len(names) == 1:
        text = f"Only {names[0]} decides: nobody countersigns a yes by phone. Add one with: outreach coordinators add"
        yield Finding("team", State.NOTE, text)
    else:
        yield Finding("team", State.OK, f"{', '.join(names)} decide.")


def paper(program: Program) -> Iterator[Finding]:
    """Whether the key outlives this machine."""
    with program.db.reading() as session:
        at = campaigns.the_campaign(session).paper_at
    if at is None:
        text = "The key is on no paper: when this machine is lost, so is everything. Type: outreach recovery print"
        yield Finding("paper", State.NOTE, text)
    else:
        yield Finding("paper", State.OK, f"The key is on paper since {local_time(at, program.settings.day.zone)}.")


def safety(settings: Settings) -> Iterator[Finding]:
    """Whether anybody has said where signing is dangerous."""
    places = [*sorted(settings.safety.countries), *sorted(settings.safety.domains)]
    if places:
        yield Finding("safety", State.OK, f"What comes from {', '.join(places)} is withheld until released.")
    else:
        text = "No country or mail domain is named where signing is dangerous: nothing is withheld. Is it right?"
        yield Finding("safety", State.NOTE, f"{text} See [safety].")


def public(settings: Settings) -> Iterator[Finding]:
    """Where mails lead, and on what one click rests; nothing where there are no public pages."""
    if settings.public is None:
        return
    yield Finding(
        "public", State.OK, f"Mails lead to {settings.public.url}; whether it answers is not tried from here."
    )
    if settings.dkim is not None:
        text = "One click stops invitations (RFC 8058): our own signature covers the two headers for it."
        yield Finding("public", State.OK, text)
    else:
        text = (
            "Mail programs offer one click to stop invitations only where a DKIM signature covers List-Unsubscribe and "
            "List-Unsubscribe-Post: look for both under h= in a mail of ours that arrived, or sign here: outreach dkim."
        )
        yield Finding("public", State.NOTE, text)


def phase(program: Program, began: Began) -> Iterator[Finding]:
    """Rehearsal or started; and what waits for a person."""
    zone = program.settings.day.zone
    if began.started_at is None:
        to = program.settings.team[0]
        yield Finding("phase", State.NOTE, f"Rehearsal: all mail goes to {to}. outreach start ends it.")
    else:
        yield Finding("phase", State.OK, f"Started on {local_time(began.started_at, zone)}.")
    with program.db.reading() as session:
        if (other := campaigns.the_campaign(session).displaced_by) is not None:
            text = f"{other} Nothing is sent from here. If it should be, type: outreach takeover"
            yield Finding("phase", State.FAILED, text)
        for state in campaigns.step_states(session):
            if state.waits_for_a_person:
                text = f"{state.step} has stopped since {local_time(state.ran_at, zone)}: {state.reason}"
                yield Finding("phase", State.FAILED, text)


def mailbox(settings: Settings, secret_of: SecretOf, since: datetime) -> Iterator[Finding]:
    """Log in to the inbox and count."""
    url = settings.mailbox.url
    try:
        named = named_folders(settings.mailbox)
        found = probe_mailbox(url, secret_of(url) or "", since=since, named=named)
    except OutreachError as problem:
        yield Finding("mailbox", State.FAILED, str(problem))
        return
    yield Finding("mailbox", State.OK, f"Logged in to {url.address} as {url.user}.")
    when = local_time(since, settings.day.zone)
    for count in found.folders:
        yield Finding("mailbox", State.OK, _counted(count, when))
    for role, missed in _UNSEEN.items():
        if found.folder(role) is None:
            text = f"The server marks no folder for {missed} If there is one, write its name into mailbox.{role}."
            yield Finding("mailbox", State.NOTE, text)
    if url.host == "posteo.de":
        text = "Posteo refuses suspected spam unless its spam folder is switched on in the account: switch it on."
        yield Finding("mailbox", State.NOTE, text)
    if settings.mailbox.handled is HandledMail.MOVE and not {"MOVE", "UIDPLUS"} & found.capabilities:
        text = 'The server can neither MOVE nor expunge single mails: take handled = "flag" or "leave".'
        yield Finding("mailbox", State.FAILED, text)


_UNSEEN: Final = {
    Role.JUNK: "suspected spam: replies that land there are not seen.",
    Role.SENT: "sent mail: what is answered by hand is not seen, and reminders go on.",
}


def _counted(folder: FolderCount, when: str) -> str:
    news = folder.messages - folder.older
    return f"{folder.folder}: {folder.messages} mails, {folder.older} of them older than {when}, {news} to be read."


def began(program: Program) -> Began:
    """Reads the campaign's row; the key must open it. Raises DatabaseProblem or KeyProblem."""
    with program.db.writing() as session:  # the write lock shows that this user may write
        campaign = campaigns.the_campaign(session)
        return Began(campaign.since, campaign.started_at)
