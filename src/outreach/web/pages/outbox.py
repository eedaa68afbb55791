"""The outbox: the mails that a person should look at, what limits the sending, and what became of each mail."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach import timeline
from outreach.errors import Refused
from outreach.letters import links
from outreach.model import OutboxMail
from outreach.model.throttle import HaltScope
from outreach.steps import halt as halting
from outreach.steps import settle as settling
from outreach.steps.dispatch.standing import standing
from outreach.steps.settle import Verdict
from outreach.store import outbox as stored
from outreach.store import references
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.forms import moment, one_of, require_count, typed
from outreach.words import OutboxStatus

_PAGE: Final = 50
#: What a person should look at; the rest is shown when it is asked for.
_TROUBLED: Final = (OutboxStatus.FAILED, OutboxStatus.IN_DOUBT, OutboxStatus.DEFERRED)
#: What the last act was, by the word in the address.
SAID: Final = {
    "settled": "settled",
    "retried": "queued again",
    "cancelled": "cancelled",
    "paused": "held up",
    "resumed": "goes on",
}


def page(visit: Visit) -> Answer:
    program, status = visit.program, visit.query.get("status", "")
    chosen = (OutboxStatus(status),) if status in map(str, OutboxStatus) else _TROUBLED
    with program.db.reading() as session:
        after = references.id_of(session, OutboxMail, visit.query.get("after"))
        rows = stored.listed(session, chosen, after=after, limit=_PAGE + 1).rows
        document, _ = standing(session, program.desk, program.clock())
        return Shown(
            "outbox.html",
            {
                **document,
                "items": [_item(mail) for mail in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "status": status,
                "longest_note": halting.LONGEST_NOTE,
                "scopes": (HaltScope.ALL, HaltScope.SEQUENCE),
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def one(visit: Visit) -> Answer:
    """One mail as plain text, with every try to send it and what people did with it."""
    program = visit.program
    with program.db.reading() as session:
        mail = settling.mail_with(session, visit.path["reference"])
        return Shown(
            "mail.html",
            {
                **_item(mail),
                **_content(mail.sent_bytes or mail.content),
                "mail_language": mail.language,
                "entries": [found.signatory.reference for found in stored.revisions_of(session, mail.id)],
                "prospects": [found.reference for found in stored.prospects_of(session, mail.id)],
                "tries": timeline.of_mail(session, mail, program.settings.day.zone),
                "verdicts": list(Verdict),
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def settle(visit: Visit) -> Answer:
    wanted, clock = one_of(visit, "verdict", Verdict), visit.program.clock
    return _act(visit, "settled", lambda s, ref: settling.settle(s, ref, wanted, clock, actor=visit.actor))


def retry(visit: Visit) -> Answer:
    return _act(visit, "retried", lambda s, ref: settling.retry(s, ref, visit.program.clock, actor=visit.actor))


def retry_all(visit: Visit) -> Answer:
    """Send all that failed again, once their count was typed; never more than it says."""
    with visit.program.db.writing() as session:
        require_count(visit, stored.counted(session).get(OutboxStatus.FAILED, 0))
        settling.retry_failed(session, visit.program.clock, actor=visit.actor)
    return Moved("/outbox?said=retried")


def cancel(visit: Visit) -> Answer:
    return _act(visit, "cancelled", lambda s, ref: settling.cancel(s, ref, visit.program.clock, actor=visit.actor))


def pause(visit: Visit) -> Answer:
    """Hold the sending up: all of it, the sequence, what leaves by one relay, or what goes to one domain."""
    program, scope = visit.program, visit.form.get("scope", "")
    if scope not in (HaltScope.ALL, HaltScope.SEQUENCE):
        raise Refused("Choose what is held up.")
    halting.pause(
        program.db,
        program.desk,
        program.clock,
        actor=visit.actor,
        scope=HaltScope(scope),
        relay=typed(visit, "relay", 20),
        domain=typed(visit, "domain", 255),
        until=moment(visit, "until"),
        note=visit.form.get("reason", ""),
    )
    return Moved("/outbox?said=paused")


def resume(visit: Visit) -> Answer:
    """Let everything go on, or what leaves by one relay, or what goes to one domain."""
    what = {"relay": typed(visit, "relay", 20), "domain": typed(visit, "domain", 255)}
    halting.resume(visit.program.db, visit.program.clock, actor=visit.actor, **what)
    return Moved("/outbox?said=resumed")


def _act(visit: Visit, done: str, act: Callable[[Session, str], object]) -> Answer:
    reference = references.normal(visit.path["reference"])
    with visit.program.db.writing() as session:
        act(session, reference)
    return Moved(f"/outbox/{reference}?said={done}")


def _item(mail: OutboxMail) -> dict[str, Any]:
    return {
        "reference": mail.reference,
        "status": mail.status,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "queued_at": mail.created_at,
        "next_attempt_at": mail.next_attempt_at if mail.settled_at is None else None,
        "settled_at": mail.settled_at,
        "attempts": mail.attempts,
        "reason": mail.reason,
    }


def _content(raw: bytes | None) -> dict[str, str | None]:
    """Subject and plain text; None once erased."""
    if raw is None:
        return {"subject": None, "text": None}
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("plain",))
    return {"subject": message["Subject"], "text": links.masked(body.get_content()) if body is not None else None}
