"""The forty hours before a day of action, on a fast clock: every name printed can show proof, approval and its line.

300 organisations are known, in three languages. Fifteen mails an hour come in until those who answer have answered,
then those of strangers and the answers to our questions. Two coordinators review and telephone, and things go wrong: a
forged withdrawal, a private mailbox, a chain of three that pass our mails on, an address that is gone, a line that was
printed wrongly, a program that is killed while it reads and while it sends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from outreach.model import InboundMessage, MailEntry, OutboxMail, Prospect, Revision, Signatory
from outreach.steps import publish, review
from outreach.store import chain, outbox, signatories
from outreach.words import HoldKind, InboundStatus, MailKind, OutboxStatus, Proof, Seen
from tests.flow.forty import (
    BEA,
    CALLED,
    CEM,
    CORRECTING,
    DAY,
    FIRST,
    FORGED,
    GONE,
    PRIVATE,
    SECOND,
    SILENT,
    START,
    STRANGERS,
    THIRD,
    UNSIGNED,
    WRITTEN_TO,
    Campaign,
)
from tests.flow.groups import Group, by_hand
from tests.flow.stage import staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink


@pytest.fixture
def campaign(dovecot: Account, sink: Sink, folder: Path, tmp_path: Path, database_url: str) -> Iterator[Campaign]:
    with staged(
        folder, dovecot, sink.port, now=START, day=DAY, deadline=DAY - timedelta(hours=1), database=database_url
    ) as stage:
        yield Campaign(stage, sink, tmp_path / "public")


@pytest.mark.slow
def test_every_name_printed_can_show_proof_approval_and_the_line_that_was_seen(campaign: Campaign) -> None:
    campaign.invite_all()
    by_mail, strangers, resent = iter(range(SILENT.start)), iter(STRANGERS), 0
    for hour in range(1, 41):
        campaign.stage.now = START + timedelta(hours=hour)
        for number in islice(by_mail, 14):
            if Group(number) not in (PRIVATE, FIRST):
                campaign.answer(Group(number), _text(Group(number)))
        for number in islice(strangers, 1):
            if Group(number) in (SECOND, THIRD):
                continue
            campaign.stage.receive(Group(number).mail("We sign", "Please add us.\n\n" + Group(number).form()))
        campaign.answer_askings()
        if hour in EVENTS:
            EVENTS[hour](campaign)
        resent += campaign.stage.run()["dispatch"].counts.get("resent", 0)
        if hour > 4 and hour - 5 < len(CALLED):
            campaign.telephone_and_countersign(Group(CALLED[hour - 5]), *((BEA, CEM) if hour % 2 else (CEM, BEA)))
        campaign.review_all(BEA if hour % 3 else CEM)

    printed = campaign.print()

    assert len(printed) > 150
    assert Group(CALLED[-1]).names["en"] in printed
    assert UNSIGNED.names["en"] not in printed  # one coordinator's word is not enough where there are two
    assert printed[CORRECTING.names["en"]].endswith("Potsdam – Germany")
    _everything_printed_can_be_shown(campaign)
    _reminders_went_to_the_silent_alone(campaign)
    _the_private_mailbox_counts_and_its_committee_was_told_once(campaign)
    _the_chain_is_remembered(campaign)
    _every_mail_that_came_in_was_read_once(campaign)
    _no_mail_came_twice_but_by_a_declared_resend(campaign, resent)
    with campaign.stage.db.reading() as session:
        assert isinstance(chain.verify(session), chain.Whole)
        assert InboundStatus.SET_ASIDE not in set(session.scalars(select(InboundMessage.status)))


def _reminders_went_to_the_silent_alone(campaign: Campaign) -> None:
    """And to whom the invitation was passed on from: that another one signs stops nothing of theirs."""
    reminded = _sent(campaign, MailKind.REMINDER)
    silent = {Group(number).address for number in SILENT} - {GONE.address, WRITTEN_TO.address}
    assert reminded.keys() >= silent | {FIRST.address}
    assert not reminded.keys() & {GONE.address, WRITTEN_TO.address, PRIVATE.address}
    assert {len(times) for times in reminded.values()} == {1}
    answered = {address: at for address, at in campaign.wrote.items() if address != FIRST.address}
    assert not [address for address, at in answered.items() if address in reminded and reminded[address][0] >= at]


def _the_private_mailbox_counts_and_its_committee_was_told_once(campaign: Campaign) -> None:
    assert len(_sent(campaign, MailKind.OTHER_MAILBOX)[PRIVATE.address]) == 1
    with campaign.stage.db.reading() as session:
        entry = session.scalars(select(Signatory).where(Signatory.reference == campaign.entry_of(PRIVATE))).one()
        assert entry.standing is not None
        assert entry.standing.details["warnings"]


def _the_chain_is_remembered(campaign: Campaign) -> None:
    with campaign.stage.db.reading() as session:
        third = session.scalars(select(Signatory).where(Signatory.reference == campaign.entry_of(THIRD))).one()
        second, first = signatories.passed_on_by(third)
        assert isinstance(second, Signatory)
        assert second.reference == campaign.entry_of(SECOND)
        assert isinstance(first, Prospect)
        assert first.email == FIRST.address


def _every_mail_that_came_in_was_read_once(campaign: Campaign) -> None:
    mailbox = campaign.stage.account.home / "Maildir"
    inbox_and_sent = (mailbox, mailbox / ".Sent")  # not our own folder, where the beacon lies
    lying = [path for folder in inbox_and_sent for name in ("cur", "new") for path in (folder / name).glob("*")]
    with campaign.stage.db.reading() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == len(lying)


def _no_mail_came_twice_but_by_a_declared_resend(campaign: Campaign, resent: int) -> None:
    """The relay had taken what the killed process could not write down any more; it was in doubt, and sent again."""
    came = Counter(mail.message_id for mail in campaign.sink.mails)
    assert [count for count in came.values() if count > 1] == [2] * resent
    assert resent == 1


def _sent(campaign: Campaign, kind: MailKind) -> dict[str, list[datetime]]:
    """When mails of one kind left, by recipient."""
    left: dict[str, list[datetime]] = defaultdict(list)
    with campaign.stage.db.reading() as session:
        sent = select(OutboxMail).where(OutboxMail.kind == kind, OutboxMail.status == OutboxStatus.SENT)
        for mail in session.scalars(sent):
            assert mail.sending_at is not None
            left[str(mail.recipient)].append(mail.sending_at)
    return left


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


def _the_second_signs_by_the_invitation_of_the_first(campaign: Campaign) -> None:
    text = "Robin of the Miners has sent us this. We sign.\n\n" + SECOND.form()
    campaign.answer(FIRST, text, sender=SECOND.address)


def _the_third_signs_by_what_the_second_was_asked(campaign: Campaign) -> None:
    text = "Kim has sent us this, who had it from Robin. We sign.\n\n" + THIRD.form()
    campaign.stage.receive(THIRD.mail("Re: is this right?", text, answers=campaign.asked(SECOND)))


def _an_invitation_comes_back(campaign: Campaign) -> None:
    campaign.stage.receive(GONE.bounce(campaign.secrets[GONE.address]))


def _a_coordinator_writes_by_hand(campaign: Campaign) -> None:
    campaign.stage.receive(by_hand(WRITTEN_TO.address, "I will ring you up tomorrow."), folder="Sent")


def _corrects_a_printed_line(campaign: Campaign) -> None:
    text = "Please correct our line: the city is Potsdam."
    campaign.answer(CORRECTING, text)


def _publishes_a_first_wave(campaign: Campaign) -> None:
    assert len(campaign.print()) > 50


EVENTS: Final[dict[int, Callable[[Campaign], None]]] = {
    2: _answers_from_a_private_mailbox,
    3: _an_invitation_comes_back,
    4: _a_coordinator_writes_by_hand,
    10: _withdraws_in_their_name,
    11: _the_forged_withdrawal_has_hidden_the_name_and_not_withdrawn_it,
    12: Campaign.die_while_reading,
    14: _the_second_signs_by_the_invitation_of_the_first,
    16: _the_third_signs_by_what_the_second_was_asked,
    20: Campaign.die_while_sending,
    24: _publishes_a_first_wave,
    26: _corrects_a_printed_line,
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
