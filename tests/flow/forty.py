"""The campaign of the forty hours as its coordinators live with it: who is invited, who writes, who reviews."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from outreach import site
from outreach.bootstrap import open_program
from outreach.model import OutboxMail, Revision, Signatory
from outreach.passes import one_pass
from outreach.reading.lines import Typed
from outreach.steps import attest, coordinators, intake, invite, publish, review
from outreach.steps.attest.wish import Given, put_together
from outreach.steps.dispatch.settling import Settler
from outreach.words import Channel, MailKind, OutboxStatus, RevisionStatus
from tests import cast
from tests.flow.groups import Group
from tests.flow.stage import Stage
from tests.servers.sink import Sink

START: Final = datetime(2026, 9, 3, 8, 0, tzinfo=UTC)
DAY: Final = datetime(2026, 9, 5, tzinfo=UTC)
INVITED: Final = 276  #: by mail
SILENT: Final = range(252, INVITED)  #: of them, who never answer
CALLED: Final = range(INVITED, 300)  #: known by telephone only
STRANGERS: Final = range(300, 336)  #: write by themselves
BEA, CEM = "Bea", "Cem"
FORGED, PRIVATE, CORRECTING = Group(2), Group(7), Group(1)
#: The first passes our invitation on to the second, and the second our asking on to the third.
FIRST, SECOND, THIRD = Group(11), Group(334), Group(335)
#: Of the silent: whose invitation comes back, and to whom a coordinator writes by hand.
GONE, WRITTEN_TO = Group(253), Group(254)
UNSIGNED: Final = Group(CALLED[19])  #: attested by one coordinator, and countersigned by nobody


class Point(Enum):
    """Where a pass is killed."""

    READING = auto()  #: four mails of a chunk are taken in, nothing of it is committed
    SENDING = auto()  #: the relay has taken two mails, the second is not written down yet


_DEATHS: Final[dict[Point, tuple[Any, str, int]]] = {
    Point.READING: (intake, "_keep", 5),
    Point.SENDING: (Settler, "settle", 2),
}


@dataclass
class Campaign:
    """The campaign as its coordinators live with it."""

    stage: Stage
    sink: Sink
    folder: Path
    secrets: dict[str, str] = field(default_factory=dict)  #: Message-ID of the invitation, by address
    answered: set[str] = field(default_factory=set)  #: Message-IDs of askings that were answered
    wrote: dict[str, datetime] = field(default_factory=dict)  #: when each of the invited first answered

    def invite_all(self) -> None:
        with self.stage.db.writing() as session:
            coordinators.first(session, BEA, None, self.stage.program.clock)
            coordinators.add(session, CEM, None, self.stage.program.clock, actor=BEA)
            for number in range(INVITED):
                group = Group(number)
                cast.prospect(session, group.names, group.address, language=group.language)
            for number in CALLED:
                cast.prospect(session, Group(number).names, None, language=Group(number).language)
        desk, clock = self.stage.program.desk, self.stage.program.clock
        invite.run(self.stage.db, desk, invite.plan(self.stage.db, desk, clock), clock, actor=BEA)
        self.stage.run()
        self.secrets = {mail.recipients[0]: mail.message_id or "" for mail in self.sink.mails}
        assert len(self.secrets) == INVITED

    def answer(self, group: Group, text: str, **changes: str | bool) -> None:
        """A reply to our invitation."""
        self.wrote.setdefault(group.address, self.stage.now)
        self.stage.receive(group.mail("Re: joint statement", text, answers=self.secrets[group.address], **changes))  # type: ignore[arg-type]  # keywords of mail

    def review_all(self, actor: str) -> None:
        """Approve what waits and is no doubt, as a coordinator would."""
        with self.stage.db.writing() as session:
            waiting = session.scalars(select(Revision).where(Revision.status == RevisionStatus.PENDING)).all()
            for revision in waiting:
                if not revision.signatory.open_holds:
                    review.approve(session, revision.signatory.reference, self.stage.program.clock, actor=actor)

    def telephone_and_countersign(self, group: Group, first: str, second: str) -> None:
        """A yes by telephone, with the line read back; the other coordinator countersigns, but once."""
        program, (city, city_fa, _) = self.stage.program, group.city
        given = Given(line=Typed(name=group.names, city={"en": city, "fa": city_fa}), language=group.language)
        with self.stage.db.writing() as session:
            yes = put_together(session, program.desk, given)
            said = attest.Said(Channel.PHONE, "Robin Doe", self.stage.now)
            taken = attest.take(session, program.desk, yes, said, program.clock, actor=first)
            if group != UNSIGNED:
                attest.countersign(session, taken.revision.signatory.reference, program.clock, actor=second)

    def answer_askings(self) -> None:
        """Who was asked whether a line is right says yes, an hour later."""
        strangers = {Group(number).address: Group(number) for number in STRANGERS}
        with self.stage.db.reading() as session:
            asked = session.scalars(
                select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING, OutboxMail.status == OutboxStatus.SENT)
            )
            open_ = {str(mail.message_id): str(mail.recipient) for mail in asked}
        for message_id, recipient in open_.items():
            if message_id not in self.answered and (group := strangers.get(recipient)):
                self.answered.add(message_id)
                self.stage.receive(group.mail("Re: is this right?", group.agrees(), answers=message_id))

    def entry_of(self, group: Group) -> str:
        """The reference of an organisation's entry."""
        with self.stage.db.reading() as session:
            for signatory in session.scalars(select(Signatory)):
                if group.names["en"] in {line.name for line in signatory.newest.printed_lines.values()}:
                    return signatory.reference
        raise AssertionError(f"{group.names['en']} has no entry")

    def asked(self, group: Group) -> str:
        """The Message-ID of the asking that they got."""
        with self.stage.db.reading() as session:
            askings = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING))
            return next(str(mail.message_id) for mail in askings if mail.recipient == group.address)

    def die_while_reading(self) -> None:
        self._die(Point.READING)

    def die_while_sending(self) -> None:
        self._die(Point.SENDING)

    def _die(self, point: Point) -> None:
        """The program is killed, and begins again when the leases of the dead have ended."""
        self.stage.db.engine.dispose()
        dying = multiprocessing.get_context("spawn").Process(
            target=pass_that_dies, args=(self.stage.folder, self.stage.environment, self.stage.now, point)
        )
        dying.start()
        dying.join(120)
        assert dying.exitcode == -signal.SIGKILL
        self.stage.later(timedelta(minutes=30))
        self.stage.program = open_program(self.stage.folder, self.stage.environment, lambda: self.stage.now, seed=2)

    def print(self) -> dict[str, str]:
        """Publish a wave; the English lines that stand in it, by name."""
        program = self.stage.program
        draft = publish.draft(self.stage.db, program.settings, program.clock)
        writers = site.writers(program.settings)
        publish.publish(self.stage.db, program.settings, draft, self.folder, writers, program.clock, actor=BEA)
        return {entry.lines["en"].name: str(entry.lines["en"]) for entry in draft.published.entries}


def pass_that_dies(folder: Path, environment: Mapping[str, str], now: datetime, point: Point) -> None:
    """A pass in a process of its own; it is killed when it is about to do something for the so-many-th time."""
    owner, name, nth = _DEATHS[point]
    does, done = getattr(owner, name), iter(range(1, 1000))

    def dying(*arguments: Any, **named: Any) -> Any:
        if next(done) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return does(*arguments, **named)

    setattr(owner, name, dying)
    for _ in one_pass(open_program(folder, environment, lambda: now, seed=3)):
        pass
