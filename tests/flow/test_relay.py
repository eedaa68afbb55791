"""A real relay between the campaign and the world: what arrives, what comes back, what is late, what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from outreach.model import OutboxMail, Prospect
from outreach.steps import invite
from outreach.store import suppressions
from outreach.words import OutboxStatus, ProspectStatus, SuppressionScope
from tests import cast
from tests.flow.stage import Stage, staged
from tests.servers.dovecot import Account
from tests.servers.postfix import GONE, LATER, Postfix

CONTACT = "statement@contact.example"
#: Whom an invitation reaches, and what becomes of it with the relay.
ROSA, NOBODY, SLOW, FOREIGN = "rosa@refugees.example", f"office@{GONE}", f"office@{LATER}", "office@elsewhere.example"


def invited(stage: Stage, *addresses: str) -> None:
    with stage.db.writing() as session:
        for address in addresses:
            cast.prospect(session, {"en": f"Committee at {address.partition('@')[2]}"}, address)
    clock = stage.program.clock
    invite.run(stage.db, stage.program.desk, invite.plan(stage.db, stage.program.desk, clock), clock, actor="Bea")


def statuses(stage: Stage) -> dict[str, tuple[OutboxStatus, ProspectStatus]]:
    """By address: how its mail and its organisation stand."""
    with stage.db.reading() as session:
        by_recipient = {mail.recipient: mail.status for mail in session.scalars(select(OutboxMail))}
        return {
            prospect.email: (by_recipient[prospect.email], prospect.status)
            for prospect in session.scalars(select(Prospect))
            if prospect.email is not None
        }


def scopes(stage: Stage, address: str) -> frozenset[SuppressionScope]:
    with stage.db.reading() as session:
        return suppressions.scopes(session, stage.db.keyring.address_hash(address))


def test_each_mail_ends_as_the_relay_says_at_once_or_later(
    dovecot: Account, postfix: Postfix, folder: Path, database_url: str
) -> None:
    with staged(folder, dovecot, postfix.port, database=database_url) as stage:
        invited(stage, ROSA, NOBODY, SLOW, FOREIGN)

        assert stage.run()["dispatch"].counts == {"accepted": 3, "deferred": 1}
        [arrived] = postfix.delivered(ROSA)
        assert f"From: {CONTACT}".encode() in arrived or f"<{CONTACT}>".encode() in arrived
        # Both reports name our mail by its envelope id, and the relay returns our headers.
        reports = postfix.delivered(CONTACT, 2)
        stage.receive(*reports)
        stage.later(timedelta(minutes=5))
        stage.run()

        assert statuses(stage) == {
            ROSA: (OutboxStatus.SENT, ProspectStatus.INVITED),
            NOBODY: (OutboxStatus.BOUNCED, ProspectStatus.UNREACHABLE),
            SLOW: (OutboxStatus.SENT, ProspectStatus.INVITED),
            # "Relay access denied" is the relay's fault, so nobody suffers for it: it waits.
            FOREIGN: (OutboxStatus.DEFERRED, ProspectStatus.INVITED),
        }
        assert scopes(stage, NOBODY) == {SuppressionScope.EVERYTHING}
        assert scopes(stage, SLOW) == scopes(stage, ROSA) == scopes(stage, FOREIGN) == frozenset()


def test_a_report_that_has_lost_our_headers_still_finds_its_mail(
    dovecot: Account, postfix: Postfix, folder: Path, database_url: str
) -> None:
    with staged(folder, dovecot, postfix.port, database=database_url) as stage:
        invited(stage, NOBODY)
        stage.run()
        [report] = postfix.delivered(CONTACT)
        head, _, returned = report.partition(b"Content-Description: Undelivered Message Headers")
        assert returned
        stage.receive(head.rstrip(b"\n").rpartition(b"\n")[0] + b"\n")
        stage.run()

        assert statuses(stage)[NOBODY] == (OutboxStatus.BOUNCED, ProspectStatus.UNREACHABLE)
