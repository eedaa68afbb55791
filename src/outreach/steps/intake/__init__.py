"""Step 2 of the flow: read, match, act. Reads inbound messages, writes signatories, events and mails."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import asdict, replace
from functools import partial
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.errors import OutreachError
from outreach.letters.queue import Desk
from outreach.model import InboundMessage
from outreach.model.inbound import Origin
from outreach.ports import Clock
from outreach.reading import authenticity
from outreach.reading.headers import Headers
from outreach.reading.parts import header_fields
from outreach.reading.read import as_answer, read
from outreach.reading.result import Reading
from outreach.steps.intake import alone, answers, byhand, leaving, machine, onpage, several, signing, team
from outreach.steps.intake.case import Case, Ending, for_a_person, ignored, stop_sequences
from outreach.store import inbound, matching
from outreach.store.database import Database
from outreach.words import MACHINE_KINDS, NEGATIVE_KINDS, InboundStatus, Kind, Report

#: Beside one of these a negative kind is never acted on by machine.
_POSITIVE: Final = frozenset({Kind.SIGNUP, Kind.CONFIRMATION, Kind.CORRECTION})


def run(db: Database, desk: Desk, clock: Clock) -> Report:
    """Read every message that was fetched and not yet read."""
    with db.reading() as session:
        ids = inbound.ids_to_read(session)
    endings: dict[int, InboundStatus] = {}
    alarms: dict[int, str] = {}
    db.in_chunks(ids, partial(_take_in, desk, clock, endings, alarms), partial(_set_aside, clock, endings))
    counts = Counter(endings.values())
    waiting = counts[InboundStatus.OPEN] + counts[InboundStatus.SET_ASIDE]
    attention = [f"ALARM: {said}" for said in alarms.values()]
    attention += [f"{waiting} message(s) need a person: outreach messages list --status open"] if waiting else []
    return Report("intake", {str(status): count for status, count in counts.items()}, tuple(attention))


def _take_in(
    desk: Desk,
    clock: Clock,
    endings: dict[int, InboundStatus],
    alarms: dict[int, str],
    session: Session,
    message_id: int,
) -> None:
    message = session.get_one(InboundMessage, message_id)
    if message.status is not InboundStatus.FETCHED or message.raw is None:
        return
    ours = desk.ours
    raw = zlib.decompress(message.raw)
    is_typed = message.origin is Origin.FORM  # whatever words stand in its fields, they sign
    reading = _as_refiled(read(raw, ours), message.refiled_as or (Kind.SIGNUP if is_typed else None))
    _keep(desk, message, reading)
    headers = Headers(header_fields(raw))
    verdict = authenticity.of_sender(headers, ours.authserv_id, reading.clues.sender)
    message.auth_result = verdict.result
    match = matching.find(session, desk.keyring, reading.clues)
    message.answers_id = match.mail.id if isinstance(match, matching.Answers) else None
    message.answers_message_id = match.written.id if match.written is not None else None
    session.flush()
    case = Case(session, desk, message, reading, verdict, match, clock())
    message.sent_by_us = message.sent_by_us and byhand.is_by_us(case, headers)
    ending = byhand.take(case, headers) if message.sent_by_us else _act(case)
    if message.truncated and ending.status is InboundStatus.HANDLED:
        ending = for_a_person("too large: only its beginning was read")
    message.settle(ending.status, ending.reason, case.now)
    asks = reading.kind is Kind.QUESTION or "question" in reading.also
    message.is_question = asks and ending.status is InboundStatus.OPEN
    endings[message_id] = ending.status
    if ending.is_alarm:
        alarms[message_id] = f"message {message.reference}: {ending.reason}"


def _as_refiled(reading: Reading, kind: Kind | None) -> Reading:
    """A person's word on what a mail is stands above the parser's."""
    if kind is None:
        return reading
    return replace(reading, kind=kind, also=tuple(other for other in reading.also if other != kind))


def _keep(desk: Desk, message: InboundMessage, reading: Reading) -> None:
    """Store what was understood, so that the review shows it and a later parser can be compared with it."""
    message.reading = {**as_answer(message.reference, reading), "clues": asdict(reading.clues)}
    message.kind, message.confidence = reading.kind, reading.confidence
    if message.origin is not Origin.FORM:  # there it is that of the page, which they chose
        message.language = reading.language[:16]
    sender = reading.clues.sender
    message.sender_hash = desk.keyring.address_hash(sender) if sender else None
    own_id = reading.clues.message_id
    message.message_id_hash = desk.keyring.message_id_hash(own_id) if own_id else None


def _act(case: Case) -> Ending:
    """What a message leads to. A person's mail stops the sequence of the organisation, whatever it says."""
    reading = case.reading
    if reading.clues.sender in case.desk.settings.own_addresses:
        return byhand.came_back(case)
    if (by_us := team.take(case)) is not None:
        return by_us
    if case.is_typed:
        return onpage.sign(case)
    if reading.kind not in MACHINE_KINDS and (reading.clues.may_be_answered or reading.kind is not Kind.OTHER):
        stop_sequences(case)
    in_short = None if case.message.refiled_as is not None else alone.answer(case) or several.answer(case)
    if in_short is not None:
        return in_short
    if reading.kind in NEGATIVE_KINDS and _POSITIVE & set(reading.also):
        return for_a_person("says yes and no at once")
    return _by_kind(case)


def _by_kind(case: Case) -> Ending:  # noqa: C901 - one table, a row for each kind
    kind = case.reading.kind
    match kind:
        case Kind.SIGNUP:
            return signing.sign(case)
        case Kind.CONFIRMATION:
            return answers.confirm(case)
        case Kind.CORRECTION:
            return answers.correct(case)
        case Kind.WITHDRAWAL:
            return leaving.withdraw(case)
        case Kind.DECLINE:
            return leaving.decline(case)
        case Kind.UNSUBSCRIBE:
            return leaving.unsubscribe(case)
        case Kind.QUESTION:
            return _question(case)
        case Kind.AUTO_REPLY:
            return machine.away(case)
        case Kind.BOUNCE:
            return machine.bounced(case)
        case Kind.COMPLAINT:
            return machine.complained(case)
        case Kind.OTHER:
            return _other(case)
        case _:
            assert_never(kind)


def _other(case: Case) -> Ending:
    """Nothing that was understood. What a list or a machine sent to nobody in particular is left alone."""
    if case.answered is None and not case.reading.clues.may_be_answered:
        return ignored("a list's or a machine's mail")
    wanted = case.answered is not None or case.reading.needs_human
    return for_a_person("what does it want?") if wanted else ignored("nothing for us")


def _question(case: Case) -> Ending:
    """Somebody wants to know something; an answer to a coordinator's question goes back to the queue."""
    for _, revision in case.entries():
        revision.answer()
    return for_a_person("a question")


def _set_aside(
    clock: Clock, endings: dict[int, InboundStatus], session: Session, message_id: int, problem: Exception
) -> None:
    message = session.get_one(InboundMessage, message_id)
    # Texts of other exceptions may hold what the mail said.
    reason = str(problem) if isinstance(problem, OutreachError) else type(problem).__name__
    message.settle(InboundStatus.SET_ASIDE, reason[:200], clock())
    endings[message_id] = InboundStatus.SET_ASIDE
