"""Questions that came by mail: each stays open until somebody answers it, or says that it is dealt with."""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import replying
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, OutboxMail
from outreach.ports import Clock
from outreach.store import inbound, log
from outreach.words import InboundStatus


def own(session: Session, reference: str, name: str, clock: Clock, *, actor: str) -> InboundMessage:
    """A coordinator looks after it. Raises Refused."""
    question = with_reference(session, reference)
    question.own(name)
    log.note(session, clock(), actor=actor, action="owned", about=question)
    return question


def answer(session: Session, desk: Desk, reference: str, text: str, clock: Clock, *, actor: str) -> OutboxMail:
    """Write back to whoever asked, in their thread; the question is answered by that. Raises Refused."""
    question = with_reference(session, reference)
    if not text.strip():
        raise Refused("An answer needs words.")
    now = clock()
    mail = replying.answer(session, desk, question, text, now)
    if mail is None:
        raise Refused(f"{question.reference} names no address to write to, or was answered just now.")
    question.answer(now, by=actor)
    log.note(session, now, actor=actor, action="answered", about=question)
    return mail


def close(session: Session, reference: str, clock: Clock, *, actor: str) -> InboundMessage:
    """It needs no answer, or got one another way. Raises Refused."""
    question = with_reference(session, reference)
    if question.status is not InboundStatus.OPEN:
        raise Refused(f"{question.reference} is {question.status} already.")
    question.close(clock())
    log.note(session, clock(), actor=actor, action="closed", about=question)
    return question


def with_reference(session: Session, reference: str) -> InboundMessage:
    """The question with this reference. Raises Refused."""
    question = inbound.with_reference(session, reference)
    if question is None or not question.is_question:
        raise Refused(f"There is no question {reference[:20]}.")
    return question


def state_of(question: InboundMessage) -> str:
    """Open, answered, or closed without an answer."""
    if question.answered_at is not None:
        return "answered"
    return "open" if question.status is InboundStatus.OPEN else "closed"
