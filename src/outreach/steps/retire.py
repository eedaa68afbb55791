"""The last step: erases what is no longer needed. What waits for a person is never touched."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.model import InboundMessage, OutboxMail
from outreach.ports import Clock
from outreach.settings import Settings
from outreach.store import inbound, outbox
from outreach.store.database import CHUNK, Database
from outreach.words import Report


def run(db: Database, settings: Settings, clock: Clock) -> Report:
    """Erase raw mail some time after the campaign's end, and sent mails' content some time after sending."""
    now = clock()
    counts: dict[str, int] = {}
    end = settings.day.end
    if end is not None and now - end > settings.keep_mail:
        with db.reading() as session:
            old = inbound.ids_to_erase(session, now - settings.keep_mail)
        counts["messages erased"] = _erase_messages(db, old)
    with db.reading() as session:
        sent = outbox.ids_to_erase(session, now - settings.keep_sent)
    counts["mails erased"] = _erase_mails(db, sent)
    return Report("retire", {word: count for word, count in counts.items() if count})


def _erase_messages(db: Database, ids: Sequence[int]) -> int:
    for chunk in _chunks(ids):
        with db.writing() as session:
            for id_ in chunk:
                message = session.get_one(InboundMessage, id_)
                message.raw_sealed = message.reading_sealed = None
    return len(ids)


def _erase_mails(db: Database, ids: Sequence[int]) -> int:
    for chunk in _chunks(ids):
        with db.writing() as session:
            for id_ in chunk:
                mail = session.get_one(OutboxMail, id_)
                mail.content_sealed = mail.sent_bytes_sealed = None
    return len(ids)


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
