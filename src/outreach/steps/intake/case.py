"""One inbound message on the desk: what it says, whom it matches, and how it may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.letters import allowance
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, OutboxMail, Prospect, Revision, Signatory
from outreach.model.inbound import Origin
from outreach.reading import freemail
from outreach.reading.result import Reading
from outreach.store import log, outbox, prospects, signatories
from outreach.store.matching import Answers, Known, Match, Unknown
from outreach.words import NEGATIVE_KINDS, Authenticity, AuthResult, InboundStatus, MailKind, OutboxStatus, Proof


@dataclass(frozen=True, slots=True)
class Ending:
    """How a message ends, and why (a phrase of ours, never text of the mail)."""

    status: InboundStatus
    reason: str | None = None
    is_alarm: bool = False  #: somebody may be misusing names: the coordinators are told at once


def handled(reason: str | None = None) -> Ending:
    return Ending(InboundStatus.HANDLED, reason)


def for_a_person(reason: str) -> Ending:
    return Ending(InboundStatus.OPEN, reason)


def alarm(reason: str) -> Ending:
    return Ending(InboundStatus.OPEN, reason, is_alarm=True)


def ignored(reason: str) -> Ending:
    return Ending(InboundStatus.IGNORED, reason)


@dataclass(frozen=True, slots=True)
class Case:
    """One message, read and matched, inside the transaction that handles it."""

    session: Session
    desk: Desk
    message: InboundMessage
    reading: Reading
    authenticity: Authenticity
    match: Match
    now: datetime

    @property
    def answered(self) -> OutboxMail | None:
        """The mail of ours whose secret came back."""
        return self.match.mail if isinstance(self.match, Answers) else None

    @property
    def answered_kind(self) -> MailKind | None:
        return self.answered.kind if self.answered is not None else None

    @property
    def from_that_address(self) -> bool:
        return isinstance(self.match, Answers) and self.match.from_that_address

    @property
    def on_page(self) -> str | None:
        """What the log says of an answer that did not come by mail."""
        return "on the page of its link" if self.message.origin is Origin.ANSWER else None

    @property
    def is_typed(self) -> bool:
        """Whether the sender's address was typed into the public form, by whomever."""
        return self.message.origin is Origin.FORM

    @property
    def is_forged(self) -> bool:
        """Our own server says that the message is not from the domain it names."""
        return self.authenticity.result is AuthResult.FAIL

    @property
    def is_authentic(self) -> bool:
        return self.authenticity.result is AuthResult.PASS

    def note(self, action: str, about: object, reason: str | None = None) -> None:
        log.note(self.session, self.now, actor=log.MACHINE, action=action, about=about, reason=reason)

    def entries(self) -> list[tuple[int, Revision]]:
        """The numbered lines of the mail that was answered."""
        return signatories.in_mail(self.session, self.answered.id) if self.answered is not None else []

    def signatories(self) -> list[Signatory]:
        """Whom the message may be about: the lines it answers, else what a reference or the sender leads to."""
        match self.match:
            case Answers():
                found = [revision.signatory for _, revision in self.entries()] or self._signed_since_invited()
            case Known(signatories=known):
                found = list(known)
            case Unknown():
                found = []
        return list(dict.fromkeys(signatory.survivor for signatory in found))

    def _signed_since_invited(self) -> list[Signatory]:
        """Of an invitation that is answered: what the organisations it named have signed."""
        invited = outbox.prospects_of(self.session, self.answered.id) if self.answered is not None else []
        return list(signatories.of_prospects(self.session, [prospect.id for prospect in invited]))

    def proof_of_an_answer(self, address: str) -> Proof:
        """What a returned secret proves: the mailbox; on the organisation's own domain, the domain."""
        domain = address.rpartition("@")[2].lower()
        return Proof.MAILBOX if freemail.is_freemail(domain) else Proof.DOMAIN

    def may_write(self, address: str) -> bool:
        """Whether the machine may answer this message with one more mail to this address."""
        return self.reading.clues.may_be_answered and allowance.is_left(self.session, self.desk, address, self.now)


def stop_sequences(case: Case) -> None:
    """A person answered: nothing more is sent to these organisations by the sequence.

    Only by our secret, in a thread of ours or by the sender's own address: a reference code can be quoted by anybody.
    """
    found: list[Prospect] = []
    if case.answered is not None:
        invited = outbox.prospects_of(case.session, case.answered.id)
        if case.from_that_address or _speaks_for(case, invited):
            found += invited
        if case.answered.status is OutboxStatus.IN_DOUBT:
            # Whoever answers a mail has got it.
            case.answered.settle_sent(case.now)
    if isinstance(case.match, Known) and case.match.by == "thread" and not case.is_forged:
        found += case.match.prospects
    if case.message.sender_hash is not None and not case.is_forged:
        found += prospects.with_address(case.session, case.message.sender_hash)
        found += _of_own_domain(case)
    for prospect in dict.fromkeys(found):
        prospect.answer(case.now)


def _of_own_domain(case: Case) -> Sequence[Prospect]:
    """The one organisation whose own domain the sender writes from: unasked, or in a thread of its own.

    Branches that share a domain are told apart by address only, and a no acts on the sender alone.
    """
    if NEGATIVE_KINDS & {case.reading.kind, *case.reading.also}:
        return ()
    domain_hash = prospects.own_domain(case.desk.keyring, case.reading.clues.sender)
    return prospects.alone_at_domain(case.session, domain_hash) if domain_hash is not None else ()


def _speaks_for(case: Case, invited: Sequence[Prospect]) -> bool:
    """Whether somebody of the invited organisation answers from another mailbox: a private one, or a colleague's.

    Not another organisation to whom our mail was passed on: it writes from a domain of its own, is known to us
    under that address, or names itself. A no acts on the sender alone.
    """
    sender, hash_ = case.reading.clues.sender, case.message.sender_hash
    if not sender or hash_ is None or case.is_forged or NEGATIVE_KINDS & {case.reading.kind, *case.reading.also}:
        return False
    domain = sender.rpartition("@")[2].lower()
    colleagues = {(prospect.email or "").rpartition("@")[2].lower() for prospect in invited}
    if not freemail.is_freemail(domain) and domain not in colleagues:
        return False
    known = prospects.with_address(case.session, hash_)
    signed = [one.prospect_id for one in signatories.with_contact(case.session, hash_)]
    ids = {prospect.id for prospect in invited}
    if any(prospect.id not in ids for prospect in known) or any(id_ not in ids for id_ in signed):
        return False
    names = [name for signup in case.reading.signups for name in signup.names.values()]
    keys = prospects.name_keys(case.desk.keyring, names)
    return not names or any(prospect.id in ids for prospect in prospects.with_name(case.session, keys))
