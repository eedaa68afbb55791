"""Two hundred different messages through a real Dovecot and a relay: what comes out is what was put in."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from outreach.model import InboundMessage, OutboxMail, Prospect, Revision, Suppression
from outreach.steps import importing, invite
from outreach.words import MailKind, OutboxStatus, ProspectStatus, RevisionStatus
from tests.flow import replies
from tests.flow.replies import Generated, Organisation
from tests.flow.stage import Stage, seeded, staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink


def invite_everybody(stage: Stage) -> None:
    """Import those who are invited, invite them, and let the mails go out."""
    rows = ["name_fa,name_en,email,language"]
    for number in range(replies.INVITED):
        organisation = Organisation(number)
        rows.append(f"{organisation.names['fa']},{organisation.names['en']},{organisation.address},en")
    listed = "\n".join(rows).encode()
    importing.run(stage.db, stage.program.desk, listed, stage.program.clock, actor="Bea")
    planned = invite.plan(stage.db, stage.program.desk, stage.program.clock)
    invite.run(stage.db, stage.program.desk, planned, stage.program.clock, actor="Bea")
    stage.run()


def message_of(stage: Stage, generated: Generated) -> InboundMessage:
    """What became of a message."""
    with stage.db.reading() as session:
        hash_ = stage.db.keyring.hash("content", generated.raw)
        message = session.scalars(select(InboundMessage).where(InboundMessage.content_hash == hash_)).one()
        session.expunge(message)
        return message


def test_queue_outbox_and_inbox_agree_with_what_was_put_in(
    dovecot: Account, sink: Sink, folder: Path, database_url: str
) -> None:
    with staged(folder, dovecot, sink.port, database=database_url) as stage:
        invite_everybody(stage)
        assert len(sink.mails) == replies.INVITED
        messages = replies.generated(replies.invitations([mail.content for mail in sink.mails]), seeded(7))
        assert len({generated.raw for generated in messages}) == 200

        stage.later(timedelta(hours=1))
        stage.receive(*(generated.raw for generated in messages[:150]))
        stage.receive(*(generated.raw for generated in messages[150:]), folder="Junk")
        stage.run()

        became = [(generated, message_of(stage, generated)) for generated in messages]
        wrong = [
            f"{generated.recipe} of {generated.organisation.number}: {message.kind}, {message.status}, {message.reason}"
            for generated, message in became
            if (message.kind, message.status) not in generated.expected.outcomes
        ]
        assert wrong == []
        check_the_queue(stage, messages)
        check_the_outbox(stage, sink, messages)
        check_the_prospects(stage, messages)
        check_another_pass(stage, sink)


def check_the_queue(stage: Stage, messages: list[Generated]) -> None:
    """Every sign-up is one entry with the names and the city that were written; the unproven wait."""
    by_recipe = Counter(generated.recipe for generated in messages if generated.expected.signs)
    with stage.db.reading() as session:
        revisions = session.scalars(select(Revision)).all()
        statuses = Counter(revision.status for revision in revisions)
        assert statuses[RevisionStatus.UNCONFIRMED] == by_recipe.pop("stranger")
        assert statuses[RevisionStatus.PENDING] == by_recipe.total()
        found = {
            revision.signatory.contact["email"]: {code: line.name for code, line in revision.printed_lines.items()}
            for revision in revisions
        }
        cities = {revision.signatory.contact["email"]: revision.printed_lines["en"].city for revision in revisions}
    signed = [generated for generated in messages if generated.expected.signs]
    assert found == {generated.organisation.address: generated.organisation.names for generated in signed}
    for generated in signed:
        if generated.recipe != "bare yes":
            assert cities[generated.organisation.address] == generated.organisation.city[0]


def check_the_outbox(stage: Stage, sink: Sink, messages: list[Generated]) -> None:
    """Whoever returned our secret got a receipt, every stranger was asked, nobody else was written to."""
    answered = sink.mails[replies.INVITED :]
    wanted = Counter(
        "asking" if generated.recipe == "stranger" else "receipt" for generated in messages if generated.expected.signs
    )
    with stage.db.reading() as session:
        kinds = Counter(session.scalars(select(OutboxMail.kind).where(OutboxMail.kind != MailKind.INVITATION)))
        statuses = Counter(session.scalars(select(OutboxMail.status)))
    assert kinds == wanted
    assert len(answered) == wanted.total()
    bounced = sum(generated.recipe == "bounce" for generated in messages)
    assert statuses == {
        OutboxStatus.SENT: replies.INVITED - bounced + wanted.total(),
        OutboxStatus.BOUNCED: bounced,
    }
    assert {mail.recipients[0] for mail in answered} == {
        generated.organisation.address for generated in messages if generated.expected.signs
    }
    assert len({mail.message_id for mail in sink.mails}) == len(sink.mails)


def check_the_prospects(stage: Stage, messages: list[Generated]) -> None:
    """Who said no has declined, who wants no mail is suppressed, whose mail came back is unreachable."""
    by_recipe = Counter(generated.recipe for generated in messages)
    with stage.db.reading() as session:
        statuses = Counter(session.scalars(select(Prospect.status)))
        suppressed = len(session.scalars(select(Suppression)).all())
    assert statuses[ProspectStatus.DECLINED] == by_recipe["decline"]
    assert statuses[ProspectStatus.UNREACHABLE] == by_recipe["bounce"]
    assert statuses[ProspectStatus.INVITED] == by_recipe["out of office"]
    assert suppressed == by_recipe["unsubscribe"] + by_recipe["bounce"]


def check_another_pass(stage: Stage, sink: Sink) -> None:
    """The same inbox once more changes nothing."""
    sent = len(sink.mails)
    assert {name: report.counts for name, report in stage.run().items()} == {
        "fetch": {},
        "intake": {},
        "followup": {},
        "dispatch": {},
        "link": {},
        "retire": {},
    }
    assert len(sink.mails) == sent
