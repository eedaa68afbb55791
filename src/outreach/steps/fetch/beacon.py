"""The beacon: a mail in the mailbox that names the installation which may send. Seen at every fetch.

Leases live in one database; two servers, a laptop's copy or a restored backup meet nowhere but in the mailbox. Each
writing puts a new random word into it. Whoever finds another word there than the last one of its own is not alone.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from outreach.model import Campaign
from outreach.ports import Clock, Mailbox
from outreach.settings import Settings
from outreach.store import campaign as campaigns
from outreach.store import outbox, turns
from outreach.store.database import Database

SUBJECT: Final = "outreach beacon"
#: Written again so often, to show that somebody is alive; each writing leaves a trace in Gmail's All Mail.
RELIT: Final = timedelta(hours=6)
#: And after mail has left, so that a machine restored from before is noticed, too.
RELIT_AFTER_SENDING: Final = timedelta(minutes=15)
_LINE: Final = re.compile(rb"^(campaign|word|lit): ([A-Za-z0-9:+-]{1,40})\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Beacon:
    """What a beacon says: the campaign's short name, its word, and when it was written."""

    campaign: str
    word: str
    lit: str

    def __str__(self) -> str:
        return f"the campaign {self.campaign} (last seen {self.lit})"


def look(db: Database, box: Mailbox, settings: Settings, clock: Clock) -> str | None:
    """See who may send; where nobody does, it is we. Who else it is, in a sentence; None if it is we.

    A campaign in rehearsal only writes to its team: it takes no part.
    """
    with db.reading() as session:
        campaign = campaigns.the_campaign(session)
        session.expunge(campaign)
    if campaign.in_rehearsal:
        return None
    if turns.was_set_back(db, settings.folder):
        stranger: str | None = turns.SET_BACK
    else:
        turns.remember(db, settings.folder)
        found = read(box.notes(settings.mailbox.beacon, SUBJECT))
        stranger = _stranger(campaign, found)
    if stranger is not None:
        with db.writing() as session:
            campaigns.the_campaign(session).give_way(stranger)
        return stranger
    now = clock()
    if not found or _is_due(campaign, now):
        light(db, box, settings, now)
    return None


def _is_due(campaign: Campaign, now: datetime) -> bool:
    if campaign.lit_at is None or campaign.displaced_by:
        return True
    has_sent = campaign.turned_at is not None and campaign.turned_at >= campaign.lit_at
    return now - campaign.lit_at >= (RELIT_AFTER_SENDING if has_sent else RELIT)


def new_word(db: Database) -> str:
    """A word for the next beacon, known here before it is written."""
    word = secrets.token_hex(16)
    with db.writing() as session:
        campaigns.the_campaign(session).prepare_beacon(word)
    return word


def light(db: Database, box: Mailbox, settings: Settings, now: datetime) -> None:
    """Write our beacon over whatever is there: from now on it is we who send."""
    word = new_word(db)
    box.replace_notes(settings.mailbox.beacon, SUBJECT, _written(settings, word, now))
    with db.writing() as session:
        campaigns.the_campaign(session).light_beacon(now)


def hand_over(db: Database, box: Mailbox, settings: Settings, now: datetime, word: str) -> None:
    """Give the beacon to the copy of our records that knows this word, and send nothing any more."""
    with db.reading() as session:
        in_rehearsal = campaigns.the_campaign(session).in_rehearsal
    if not in_rehearsal:  # it takes no part
        box.replace_notes(settings.mailbox.beacon, SUBJECT, _written(settings, word, now))
    with db.writing() as session:
        campaign = campaigns.the_campaign(session)
        campaign.next_beacon = None
        campaign.give_way(f"The campaign was packed for a move at {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC.")


def doubt_what_waits(db: Database, found: Sequence[Beacon], settings: Settings, now: datetime) -> int:
    """Whoever lit these beacons, or we before we were set back, may have sent what waits here; how many mails wait."""
    was_set_back = turns.was_set_back(db, settings.folder)
    with db.writing() as session:
        campaign = campaigns.the_campaign(session)
        if not was_set_back and all(campaign.is_ours(beacon.word) for beacon in found):
            return 0
        waiting = outbox.waiting(session)
        for mail in waiting:
            mail.doubt(now, "it may have been sent before" if was_set_back else "another installation may have sent it")
        return len(waiting)


def read(notes: Sequence[bytes]) -> list[Beacon]:
    """The beacons among the notes; what is none is passed over."""
    found = []
    for raw in notes:
        lines = {name.decode(): value.decode() for name, value in _LINE.findall(raw)}
        if "word" in lines:
            found.append(Beacon(lines.get("campaign", "?"), lines["word"], lines.get("lit", "?")))
    return found


def _stranger(campaign: Campaign, found: list[Beacon]) -> str | None:
    others = [beacon for beacon in found if not campaign.is_ours(beacon.word)]
    if not others:
        return None
    newest = max(others, key=lambda beacon: beacon.lit)
    if newest.campaign == campaign.slug:
        return f"Another installation of {newest} sends for this mailbox: another server, or a copy of this one."
    return f"Another campaign sends for this mailbox: {newest}."


def _written(settings: Settings, word: str, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mail["To"] = settings.contact
    mail["Subject"] = f"{SUBJECT}: {settings.slug}"
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{word}.beacon@{settings.contact_domain}>"
    mail.set_content(
        # Lines short enough to be sent as they are: what is read back must not be encoded.
        "This mail says which installation of outreach may send for this mailbox.\n"
        "Please leave it here. A second installation that finds it sends nothing\n"
        "until somebody types: outreach takeover\n\n"
        f"campaign: {settings.slug}\nword: {word}\nlit: {now.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}\n"
    )
    return mail.as_bytes()
