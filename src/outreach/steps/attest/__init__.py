"""Takes a yes that no mail brought: by phone, messenger, on paper, in person. Writes signatories and attestations.

One coordinator attests that the lines were read back and agreed to; a second one countersigns. An
address that is known is asked as well: its yes makes the coordinator's word superfluous.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import answering
from outreach.letters.queue import Desk
from outreach.letters.safety import withhold_if_unsafe
from outreach.model import OutboxMail, Prospect, Revision, Signatory
from outreach.model.attestation import Source
from outreach.model.revision import OPEN_STATUSES
from outreach.ports import Clock
from outreach.reading import names
from outreach.steps.attest.wish import Yes
from outreach.store import coordinators, log, prospects, references, signatories
from outreach.words import Channel, Proof, ProspectStatus, RevisionStatus, Seen

_LONGEST_SPEAKER: Final = 120


@dataclass(frozen=True, slots=True)
class Said:
    """Who said yes for the organisation, how and when; or which line of a file stands for that."""

    channel: Channel
    speaker: str
    at: datetime
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """What was taken, whose sequences ended, and the mail that asks the address that is known."""

    revision: Revision
    answered: tuple[Prospect, ...]
    asking: OutboxMail | None


def take(session: Session, desk: Desk, yes: Yes, said: Said, clock: Clock, *, actor: str) -> Attested:
    """A new entry, or a new revision of the one it belongs to; attested, and asked about where an address is known."""
    now = clock()
    entered = enter(session, desk, yes, said, now, actor=actor)
    return replace(entered, asking=_ask(session, desk, entered.revision, now))


def enter(session: Session, desk: Desk, yes: Yes, said: Said, now: datetime, *, actor: str) -> Attested:
    """Pending and attested, its sequence ended; nobody is asked."""
    require_new(yes)
    signatory = yes.entry if yes.entry is not None else _new_signatory(session, desk, yes, now)
    history = [signatory.was.ended] if signatory.was is not None else []
    revision = signatory.revise(
        lines=yes.lines,
        at=now,
        status=RevisionStatus.UNCONFIRMED,
        message_id=yes.message.id if yes.message is not None else None,
    )
    warnings = [f"possible duplicate of {other.reference}" for other in alike(session, desk, yes)]
    revision.details = {**yes.details, "warnings": [*yes.details.get("warnings", ()), *warnings, *history]}
    session.add(signatory)
    session.flush()
    signatories.remember_names(session, desk.keyring, signatory, yes.lines)
    withhold_if_unsafe(session, desk, revision, now)
    _attest(session, revision, said, now, actor)
    return Attested(revision, _end_sequences(session, desk, yes, signatory, now, actor), None)


def attest(session: Session, desk: Desk, reference: str, said: Said, clock: Clock, *, actor: str) -> Attested:
    """The line of an entry that is there already was read back, and they said yes to it."""
    signatory, now = signatories.entry(session, reference), clock()
    revision = attestable(signatory)
    _attest(session, revision, said, now, actor)
    prospect = session.get(Prospect, signatory.prospect_id) if signatory.prospect_id else None
    yes = Yes(lines=revision.printed_lines, language=signatory.language, contact=signatory.contact, prospect=prospect)
    return Attested(revision, _end_sequences(session, desk, yes, signatory, now, actor), None)


def countersign(session: Session, reference: str, clock: Clock, *, actor: str) -> Revision:
    """A second coordinator vouches too. Raises Refused for the one who attested."""
    signatory, now = signatories.entry(session, reference), clock()
    revision = countersignable(signatory)
    said = revision.attestation
    assert said is not None
    if said.attested_by == actor:
        raise Refused(f"{actor} has attested {signatory.reference}: somebody else has to countersign.")
    said.countersign(now, by=actor)
    log.note(session, now, actor=actor, action="countersigned", about=signatory, reason=_which(revision))
    return revision


def attestable(signatory: Signatory) -> Revision:
    """The line that can be read back: the newest that waits, else the approved one while it lacks their word."""
    waiting = next((found for found in reversed(signatory.revisions) if found.status in OPEN_STATUSES), None)
    revision = waiting or signatory.standing
    if revision is None:
        raise Refused(
            f"{signatory.reference} is {signatory.newest.status}: take their yes with signatories add --entry."
        )
    if revision.attestation is not None and revision.attestation.is_read_back:
        raise Refused(f"{signatory.reference} is attested already.")
    if revision.proof is not Proof.NONE and revision.seen is Seen.CONFIRMED:
        raise Refused(f"{signatory.reference} has proven it by mail: there is nothing to attest.")
    return revision


def countersignable(signatory: Signatory) -> Revision:
    """The newest line that rests on one coordinator's word."""
    for revision in reversed(signatory.revisions):
        if revision.attestation is not None and revision.status in (*OPEN_STATUSES, RevisionStatus.APPROVED):
            if revision.attestation.countersigned_by is not None:
                raise Refused(f"{signatory.reference} is countersigned already.")
            return revision
    raise Refused(f"Nobody has attested {signatory.reference}.")


def alike(session: Session, desk: Desk, yes: Yes) -> list[Signatory]:
    """Other entries under one of these names: possible duplicates."""
    keys = prospects.name_keys(desk.keyring, [line.name for line in yes.lines.values()])
    return [other for other in signatories.with_name(session, keys) if other is not yes.entry]


def is_single(session: Session) -> bool:
    """Whether nobody is there to countersign."""
    return len(coordinators.active(session)) < 2


def _attest(session: Session, revision: Revision, said: Said, now: datetime, actor: str) -> None:
    speaker = names.display(said.speaker)
    is_a_name = any(char.isalpha() for char in speaker) and len(speaker) <= _LONGEST_SPEAKER
    if not is_a_name and said.source is None:
        raise Refused(f"Say who spoke for them: a name of at most {_LONGEST_SPEAKER} characters.")
    if said.at > now:
        raise Refused("They cannot have said yes in the future.")
    revision.attest(
        now,
        by=actor,
        channel=said.channel,
        spoken_at=said.at,
        speaker=speaker if is_a_name else None,
        source=said.source,
    )
    revision.supersede(now)
    log.note(session, now, actor=actor, action="attested", about=revision.signatory, reason=said.channel)


def require_new(yes: Yes) -> None:
    """Refuse what would print nothing, or what stands there already."""
    if not yes.lines:
        raise Refused("It has no name in a script that this campaign prints.")
    if (signatory := yes.entry) is None:
        return
    before = signatory.newest
    if before.status is RevisionStatus.MERGED:
        raise Refused(f"{signatory.reference} was merged into another entry: name that one.")
    if before.status in (*OPEN_STATUSES, RevisionStatus.APPROVED) and yes.lines == before.printed_lines:
        raise Refused(f"That is the line of {signatory.reference} already: use signatories attest instead.")


def _new_signatory(session: Session, desk: Desk, yes: Yes, now: datetime) -> Signatory:
    email = yes.contact.get("email")
    signatory = Signatory(
        reference=references.new_reference(session, Signatory),
        individual=yes.individual,
        language=yes.language,
        contact_hash=desk.keyring.address_hash(email) if email else None,
        prospect_id=yes.prospect.id if yes.prospect is not None else None,
        created_at=now,
    )
    signatory.contact = dict(yes.contact)
    return signatory


def _end_sequences(
    session: Session, desk: Desk, yes: Yes, signatory: Signatory, now: datetime, actor: str
) -> tuple[Prospect, ...]:
    """Whoever said yes is reminded of nothing more: the organisation named, else who has its address or its name."""
    found: Iterable[Prospect] = [yes.prospect] if yes.prospect is not None else _invited(session, desk, yes)
    ended = tuple(dict.fromkeys(found))
    for prospect in ended:
        if prospect.status is not ProspectStatus.ANSWERED:
            log.note(session, now, actor=actor, action="answered", about=prospect)
        prospect.answer(now)
    if signatory.prospect_id is None and len(ended) == 1:
        signatory.prospect_id = ended[0].id
    return ended


def _invited(session: Session, desk: Desk, yes: Yes) -> Sequence[Prospect]:
    keys = prospects.name_keys(desk.keyring, [line.name for line in yes.lines.values()])
    named = prospects.with_name(session, keys)
    email = yes.contact.get("email")
    reached = prospects.with_address(session, desk.keyring.address_hash(email)) if email else ()
    return [*named, *(reached if len(reached) == 1 else ())]


def _ask(session: Session, desk: Desk, revision: Revision, now: datetime) -> OutboxMail | None:
    """A mail that asks the address that is known; none after the day, nor while the entry is held."""
    if desk.settings.day.is_over(now) or revision.signatory.is_silent:
        return None
    return answering.asking(session, desk, [revision], now)


def _which(revision: Revision) -> str:
    return f"revision {revision.number}"
