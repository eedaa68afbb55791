"""The demo's story: a campaign from its first file to its published list, against real IMAP and SMTP.

Nothing here does the program's work: every scene calls the steps that the commands call, and tells what they did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path
from typing import Final

from sqlalchemy import select

from outreach import passes, site
from outreach.bootstrap import Program, open_program
from outreach.demo import campaign, outcome
from outreach.demo.actors import Actors, Said
from outreach.demo.cast import CALLED, INVITED, UNINVITED
from outreach.demo.clients import ZONE
from outreach.demo.clock import StoryClock
from outreach.demo.events import Chapter, Ended, Event, Letter, Published, Rows, Told
from outreach.demo.organisation import Organisation
from outreach.demo.server import MailServer
from outreach.errors import Refused
from outreach.model import InboundMessage, Revision
from outreach.steps import attest, coordinators, importing, invite, publish, rehearsal, review
from outreach.steps.attest.wish import Given, put_together
from outreach.store import prospects, signatories
from outreach.words import Channel, Report, RevisionStatus, Seen

COORDINATOR: Final = "Mina Rahimi"
SECOND: Final = "Reza Navid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the story plays, and what of the program's upper layers it needs."""

    folder: Path  #: new or empty
    found: campaign.Founder
    database: str | None = None  #: where its records are kept; in a file of SQLite unless named
    cast: Sequence[Organisation] = (*INVITED, *UNINVITED)

    @property
    def campaign(self) -> Path:
        return self.folder / "campaign"

    @property
    def published(self) -> Path:
        return self.folder / "published"


def tell(stage: Stage) -> Iterator[Event]:
    """Play the whole story; the last event is Ended."""
    clock = StoryClock(campaign.START, ZONE)
    with MailServer(campaign.CONTACT, clock) as server:
        server.office.open_inbox(campaign.TEAM)
        actors = Actors(stage.cast, server, clock.tick)
        environment = {
            "OUTREACH_KEY_FILE": str(stage.folder / "demo.key"),
            "OUTREACH_MAILBOX_PASSWORD": server.password,
        }
        yield Chapter(clock.in_words, "A campaign begins")
        _found(stage, server, environment, clock)
        program = open_program(stage.campaign, environment, clock, seed=1)
        try:
            yield from _begin(program, clock)
            yield from _first_answers(program, clock, actors)
            yield from _ask_the_unsure(program, clock)
            yield from _second_answers(program, clock, actors)
            yield from _call(program, clock)
            yield from _review(program, clock)
            yield from _publish(stage, program)
            yield from _pass(program, clock)
            problems = outcome.problems(program, stage.cast, CALLED, server.office, stage.published)
        finally:
            program.db.engine.dispose()
            server.office.keep(stage.folder / "mails")
    yield Ended(stage.folder, tuple(problems))


def _found(stage: Stage, server: MailServer, environment: Mapping[str, str], clock: StoryClock) -> None:
    stage.found(
        folder=stage.campaign,
        slug=campaign.SLUG,
        contact=campaign.CONTACT,
        team=(campaign.TEAM,),
        languages=campaign.LANGUAGES,
        mailbox=server.mailbox_url,
        smtp=server.smtp_url,
        database=stage.database,
        sender=COORDINATOR,
        environment=environment,
        clock=clock,
    )
    campaign.fill_in(stage.campaign)


def _begin(program: Program, clock: StoryClock) -> Iterator[Event]:
    with program.db.writing() as session:
        coordinators.add(session, SECOND, None, program.clock, actor=COORDINATOR)
    imported = importing.run(program.db, program.desk, campaign.prospects(), program.clock, actor=COORDINATOR)
    counts = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in imported.counts.items())
    yield Told(f"The settings and the statement are written, the list of organisations is imported: {counts}.")
    rehearsal.end(program.db, program.desk, program.clock, actor=COORDINATOR)
    planned = invite.plan(program.db, program.desk, program.clock)
    if planned.example is not None:
        yield Letter("One of the invitations", _text_of(planned.example))
    invited = invite.run(program.db, program.desk, planned, program.clock, actor=COORDINATOR)
    yield Told(f"{COORDINATOR} ends the rehearsal and has {invited.mails} invitations queued. Cron does the rest:")
    yield from _pass(program, clock)


def _first_answers(program: Program, clock: StoryClock, actors: Actors) -> Iterator[Event]:
    clock.move_to(days=0, hour=11)
    yield Chapter(clock.in_words, "The organisations answer, each with its own mail program")
    yield _said([*actors.answer(), *actors.write_unasked()])
    yield from _pass(program, clock)
    yield _understood(program)
    yield Told(
        "Who signed by our form has a receipt that shows the line; who wrote unasked is asked first. "
        "One of the mails was forged: its owners will hear of it."
    )


def _ask_the_unsure(program: Program, clock: StoryClock) -> Iterator[Event]:
    """What the program was not sure enough of to show: a coordinator looks at it and asks."""
    clock.move_to(days=0, hour=18)
    yield Chapter(clock.in_words, "In the evening: what was written in free words")
    rows = []
    with program.db.writing() as session:
        unsure = [r for r in signatories.queue(session, [RevisionStatus.PENDING]) if r.seen is Seen.NO]
        for revision in unsure:
            reference = revision.signatory.reference
            review.ask(session, program.desk, reference, program.clock, actor=COORDINATOR)
            rows.append((reference, f"{revision.confidence:.0%}", _lines(revision)))
    yield Rows(f"{COORDINATOR} asks: would you like it printed so?", ("reference", "sure", "line"), tuple(rows))
    # What a coordinator decides leaves after ten minutes, in which it can be taken back.
    clock.move_to(days=0, hour=19)
    yield from _pass(program, clock)


def _second_answers(program: Program, clock: StoryClock, actors: Actors) -> Iterator[Event]:
    before = clock()
    clock.move_to(days=1, hour=9)
    yield Chapter(clock.in_words, "The next morning: answers to receipts and questions")
    yield _said(list(actors.answer()))
    yield from _pass(program, clock)
    yield _understood(program, since=before)


def _call(program: Program, clock: StoryClock) -> Iterator[Event]:
    """Who has no address is called; the line is read back, and a second coordinator countersigns."""
    clock.move_to(days=1, hour=15)
    yield Chapter(clock.in_words, "A telephone call")
    said = attest.Said(Channel.PHONE, CALLED.speaker, clock())
    clock.tick()
    with program.db.writing() as session:
        listed = prospects.listed(session, to_call=True, after=0, limit=1).rows[0]
        wish = put_together(session, program.desk, Given(prospect=listed.reference))
        revision = attest.take(session, program.desk, wish, said, program.clock, actor=COORDINATOR).revision
        reference, lines = revision.signatory.reference, _lines(revision)
        attest.countersign(session, reference, program.clock, actor=SECOND)
    yield Rows(f"{COORDINATOR} reads the line back to {CALLED.speaker}", ("reference", "line"), ((reference, lines),))
    yield Told(f"No mail shows that they said yes: {COORDINATOR} attests it, and {SECOND} countersigns.")


def _review(program: Program, clock: StoryClock) -> Iterator[Event]:
    clock.move_to(days=4, hour=10)
    yield Chapter(clock.in_words, "Three days later: reminders, and the review")
    yield from _pass(program, clock)
    approved = []
    with program.db.writing() as session:
        for revision in signatories.queue(session, [RevisionStatus.PENDING]):
            reference = revision.signatory.reference
            review.approve(session, reference, program.clock, actor=COORDINATOR)
            approved.append((reference, str(revision.proof), str(revision.seen), _lines(revision)))
    yield Rows(f"{COORDINATOR} approves what is proven", ("reference", "proof", "line was", "line"), tuple(approved))


def _publish(stage: Stage, program: Program) -> Iterator[Event]:
    drafted = publish.draft(program.db, program.settings, program.clock)
    for reference, missing in drafted.refused:
        yield Told(f"{reference} is not printed; it lacks {', '.join(missing)}.")
    try:
        publish.publish(
            program.db,
            program.settings,
            drafted,
            stage.published,
            site.writers(program.settings),
            program.clock,
            actor=COORDINATOR,
        )
    except Refused as refused:
        yield Told(str(refused))
        return
    lines = [entry.lines for entry in drafted.published.entries]
    yield Told(f"outreach publish   wave {drafted.published.wave}: {len(lines)} signatories")
    yield Published(tuple(tuple(str(line) for line in entry.values()) for entry in lines))
    with program.db.reading() as session:
        rejected = [
            (revision.signatory.reference, str(revision.reject_reason), _lines(revision))
            for revision in signatories.queue(session, [RevisionStatus.REJECTED])
        ]
    yield Rows("Not printed", ("reference", "rejected for", "line"), tuple(rejected))


def _pass(program: Program, clock: StoryClock) -> Iterator[Event]:
    """One run, as cron starts it some minutes later."""
    clock.tick()
    did = []
    for result in passes.one_pass(program):
        if isinstance(result, Report):
            counts = ", ".join(f"{count} {word}" for word, count in result.counts.items())
            did += [f"{result.step}: {counts}"] if counts else []
        elif isinstance(result, passes.StepFailed):
            did.append(f"{result.step} failed: {result.reason}")
    yield Told(f"outreach run   {' · '.join(did) or 'nothing to do'}")


def _understood(program: Program, since: datetime = campaign.START) -> Rows:
    """What the program made of the mails that came."""
    query = select(InboundMessage).where(InboundMessage.arrived_at >= since).order_by(InboundMessage.id)
    with program.db.reading() as session:
        rows = [
            (
                f"{message.kind}",
                f"{message.confidence:.0%}",
                f"{message.auth_result}",
                f"{message.status}" + (f": {message.reason}" if message.reason else ""),
                str(message.reading["clues"]["sender"]),
            )
            for message in session.scalars(query)
        ]
    return Rows("How they were read", ("as", "sure", "authentic", "and are", "from"), tuple(rows))


def _lines(revision: Revision) -> str:
    return "\n".join(str(line) for line in revision.printed_lines.values())


def _said(said: Sequence[Said]) -> Rows:
    rows = tuple((one.organisation.address, one.organisation.program, one.in_short) for one in said)
    return Rows("Into the contact's inbox", ("from", "written with", "says"), rows)


def _text_of(raw: bytes) -> str:
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    body = mail.get_body(("plain",))
    author, address = parseaddr(str(mail["From"]))
    head = f"From: {author} <{address}>\nTo: {mail['To']}\nSubject: {mail['Subject']}\n\n"
    return head + (str(body.get_content()).replace("\r\n", "\n") if body is not None else "")
