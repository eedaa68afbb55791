"""The forty hours before a day of action, on a fast clock: every name printed can show proof, approval and its line.

300 organisations are known, in three languages. Fifteen mails an hour come in until those who answer have answered,
then those of strangers and the answers to our questions. Two coordinators review and telephone, and things go wrong: a
forged withdrawal, a private mailbox, an invitation that a third organisation signs, a program that begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from outreach import site
from outreach.bootstrap import open_program
from outreach.model import InboundMessage, MailEntry, OutboxMail, Revision, Signatory
from outreach.reading.lines import Typed
from outreach.steps import attest, coordinators, invite, publish, review
from outreach.steps.attest.wish import Given, put_together
from outreach.store import chain, outbox
from outreach.words import Channel, HoldKind, InboundStatus, MailKind, OutboxStatus, Proof, RevisionStatus, Seen
from tests import cast
from tests.flow.groups import Group
from tests.flow.stage import Stage, staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink

START: Final = datetime(2026, 9, 3, 8, 0, tzinfo=UTC)
DAY: Final = datetime(2026, 9, 5, tzinfo=UTC)
INVITED: Final = 276  #: by mail
SILENT: Final = range(252, INVITED)  #: of them, who never answer
CALLED: Final = range(INVITED, 300)  #: known by telephone only
STRANGERS: Final = range(300, 336)  #: write by themselves
BEA, CEM = "Bea", "Cem"
FORGED, PRIVATE, PASSING_ON, THIRD = Group(2), Group(7), Group(11), Group(335)
UNSIGNED: Final = Group(CALLED[19])  #: attested by one coordinator, and countersigned by nobody


@dataclass
class Campaign:
    """The campaign as its coordinators live with it."""

    stage: Stage
    sink: Sink
    folder: Path
    secrets: dict[str, str] = field(default_factory=dict)  #: Message-ID of the invitation, by address
    answered: set[str] = field(default_factory=set)  #: Message-IDs of askings that were answered

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

    def restart(self) -> None:
        """The program ends and begins again; what it knows stands in the database."""
        self.stage.db.engine.dispose()
        self.stage.program = open_program(self.stage.folder, self.stage.environment, lambda: self.stage.now, seed=2)

    def print(self) -> set[str]:
        """Publish a wave; the English lines that stand in it."""
        program = self.stage.program
        draft = publish.draft(self.stage.db, program.settings, program.clock)
        writers = site.writers(program.settings)
        publish.publish(self.stage.db, program.settings, draft, self.folder, writers, program.clock, actor=BEA)
        return {entry.lines["en"].name for entry in draft.published.entries}


@pytest.fixture
def campaign(dovecot: Account, sink: Sink, folder: Path, tmp_path: Path, database_url: str) -> Iterator[Campaign]:
    with staged(
        folder, dovecot, sink.port, now=START, day=DAY, deadline=DAY - timedelta(hours=1), database=database_url
    ) as stage:
        yield Campaign(stage, sink, tmp_path / "public")


@pytest.mark.slow
def test_every_name_printed_can_show_proof_approval_and_the_line_that_was_seen(campaign: Campaign) -> None:
    campaign.invite_all()
    by_mail, strangers = iter(range(SILENT.start)), iter(STRANGERS)
    for hour in range(1, 41):
        campaign.stage.now = START + timedelta(hours=hour)
        for number in islice(by_mail, 14):
            if Group(number) not in (PRIVATE, PASSING_ON):
                campaign.answer(Group(number), _text(Group(number)))
        for number in islice(strangers, 1):
            campaign.stage.receive(Group(number).mail("We sign", "Please add us.\n\n" + Group(number).form()))
        campaign.answer_askings()
        if hour in EVENTS:
            EVENTS[hour](campaign)
        campaign.stage.run()
        if hour > 4 and hour - 5 < len(CALLED):
            campaign.telephone_and_countersign(Group(CALLED[hour - 5]), *((BEA, CEM) if hour % 2 else (CEM, BEA)))
        campaign.review_all(BEA if hour % 3 else CEM)

    printed = campaign.print()

    assert len(printed) > 150
    assert Group(CALLED[-1]).names["en"] in printed
    assert UNSIGNED.names["en"] not in printed  # one coordinator's word is not enough where there are two
    _everything_printed_can_be_shown(campaign)
    assert _reminded(campaign) >= {Group(number).address for number in SILENT}
    assert PRIVATE.address not in _reminded(campaign)
    with campaign.stage.db.reading() as session:
        assert isinstance(chain.verify(session), chain.Whole)
        assert InboundStatus.SET_ASIDE not in set(session.scalars(select(InboundMessage.status)))


def _reminded(campaign: Campaign) -> set[str]:
    with campaign.stage.db.reading() as session:
        sent = session.scalars(
            select(OutboxMail).where(OutboxMail.kind == MailKind.REMINDER, OutboxMail.status == OutboxStatus.SENT)
        )
        return {str(mail.recipient) for mail in sent}


def _text(group: Group) -> str:
    """What an invited organisation answers: two in three sign, the others say no or ask."""
    match group.number % 9:
        case 3 | 8:
            return group.declines()
        case 5:
            return group.asks()
        case 4:
            return group.agrees()
        case _:
            return group.form()


def _withdraws_in_their_name(campaign: Campaign) -> None:
    campaign.stage.receive(FORGED.mail("Withdraw", FORGED.withdraws(), forged=True))


def _the_forged_withdrawal_has_hidden_the_name_and_not_withdrawn_it(campaign: Campaign) -> None:
    """The address on file was told; a coordinator who has rung them up lets the name stand."""
    reference = campaign.entry_of(FORGED)
    with campaign.stage.db.writing() as session:
        signatory = session.scalars(select(Signatory).where(Signatory.reference == reference)).one()
        assert [hold.kind for hold in signatory.open_holds] == [HoldKind.HIDDEN]
        assert signatory.standing is not None
        told = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.WITHDRAWAL_NOTICE)).all()
        assert [mail.recipient for mail in told] == [FORGED.address]
        review.lift(session, reference, HoldKind.HIDDEN, campaign.stage.program.clock, actor=BEA)


def _answers_from_a_private_mailbox(campaign: Campaign) -> None:
    campaign.answer(PRIVATE, PRIVATE.form(), sender="robin.doe@freemail.example")


def _passes_the_invitation_on_twice(campaign: Campaign) -> None:
    """The third one signs by the secret of the first."""
    text = "Kim from the Miners sent us this, who had it from Robin. We sign.\n\n" + THIRD.form()
    campaign.answer(PASSING_ON, text, sender=THIRD.address)


def _publishes_a_first_wave(campaign: Campaign) -> None:
    assert len(campaign.print()) > 50


EVENTS: Final[dict[int, Callable[[Campaign], None]]] = {
    2: _answers_from_a_private_mailbox,
    10: _withdraws_in_their_name,
    11: _the_forged_withdrawal_has_hidden_the_name_and_not_withdrawn_it,
    14: _passes_the_invitation_on_twice,
    20: Campaign.restart,
    24: _publishes_a_first_wave,
}


def _everything_printed_can_be_shown(campaign: Campaign) -> None:
    """Proof, two eyes or four, and the very line in a mail of ours, an answer of theirs, or a coordinator's ear."""
    sent = {mail.message_id: mail for mail in campaign.sink.mails}
    program = campaign.stage.program
    entries = publish.draft(campaign.stage.db, program.settings, program.clock).published.entries
    with campaign.stage.db.reading() as session:
        for entry in entries:
            revision = session.get_one(Revision, entry.revision_id)
            assert revision.proof is not Proof.NONE
            assert revision.decided_by in (BEA, CEM)
            assert revision.decided_at is not None
            match revision.seen:
                case Seen.ATTESTED:
                    said = revision.attestation
                    assert said is not None
                    assert {said.attested_by, said.countersigned_by} == {BEA, CEM}
                case Seen.SHOWN:
                    query = select(OutboxMail).join(MailEntry).where(MailEntry.revision_id == revision.id)
                    mails = [mail for mail in session.scalars(query) if mail.kind in outbox.SHOWING_LINES]
                    assert any(mail.message_id in sent and mail.status is OutboxStatus.SENT for mail in mails)
                case Seen.CONFIRMED:
                    assert revision.message_id is not None
                case Seen.NO:
                    raise AssertionError(f"{entry.reference} was printed unseen")
