"""The index of the queue agrees with the entries, whatever happens to them, and tells nothing without the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from outreach.model import QueueShelf, Revision, Signatory
from outreach.steps import attest, followup, refile, rehearsal, relate, reread, retire, review
from outreach.steps.attest import Said
from outreach.store import campaign, facets
from outreach.store.database import Database
from outreach.store.facets import Facet
from outreach.words import Channel, HoldKind, Kind, PrintedLine, Proof, RejectReason, RevisionStatus, Seen
from tests import cast
from tests.cast import BERLIN, NOW, clock
from tests.steps import story
from tests.steps.story import FORM

S = RevisionStatus
VIENNA = {"en": PrintedLine("Women's committee", "Vienna", "Austria")}


def indexed(session: Session) -> dict[int, frozenset[str]]:
    """What the shelves say of each entry."""
    found: dict[int, set[str]] = {}
    for shelf in session.scalars(select(QueueShelf)):
        for term in shelf.terms:
            for id_ in shelf.opened().having([[term]], 0):
                found.setdefault(id_, set()).add(term)
    return {id_: frozenset(terms) for id_, terms in found.items()}


def waiting(db: Database) -> dict[str, set[str]]:
    """What the index says of each entry by reference, once it has agreed with what the entries say themselves."""
    with db.reading() as session:
        entries = session.scalars(select(Signatory)).all()
        kept, fresh = indexed(session), facets.of(session, db.keyring, [one.id for one in entries])
        assert kept == fresh
        assert kept.keys() == {one.id for one in entries if one.waiting}
        counted = Counter(term for terms in fresh.values() for term in terms)
        counts = facets.counts(session).items()
        assert counted == {facets.term(facet, value): n for facet, values in counts for value, n in values.items()}
        return {one.reference: set(kept[one.id]) for one in entries if one.id in kept}


def test_terms_say_what_the_line_under_review_is(db: Database) -> None:
    warnings = ["not authenticated", "possible duplicate of K7Q2-M9PX", "comes back: rejected on 2026-08-01, spam"]
    with db.writing() as session:
        details = {"country_code": "IR", "warnings": warnings, "needs_human": ["unsure"]}
        doubtful = cast.signatory(session, details=details, language="fa", confidence=0.6).reference
        plain = cast.signatory(session, VIENNA, "w@b.example", status=S.UNCONFIRMED, confidence=0.8).reference
        done = cast.signatory(session, {"en": PrintedLine("Done")}, "d@b.example", status=S.APPROVED).reference
    found = waiting(db)
    assert found[doubtful] == {
        "status:pending", "country:IR", "language:fa", "confidence:doubtful", "duplicate:no", "warning:some",
        "warning:unsure", "warning:not authenticated", "warning:possible duplicate of …", "warning:comes back",
    }  # fmt: skip
    assert found[plain] == {
        "status:unconfirmed", "country:AT", "language:en", "confidence:likely", "duplicate:no", "warning:none"
    }  # fmt: skip
    assert done not in found


def test_index_agrees_with_the_entries_after_every_step(db: Database, folder: Path) -> None:
    told = story.begin(db, folder)
    desk, session_of = told.desk, db.writing

    def act(do: Callable[[Session], object]) -> dict[str, set[str]]:
        with session_of() as session:
            do(session)
        return waiting(db)

    mail = told.receive(FORM).reference
    [first] = waiting(db)
    assert {"kind:signup", "duplicate:no"} <= waiting(db)[first]
    twin = told.receive(FORM, "office@twin.example").reference
    second = next(one for one in waiting(db) if one != first)
    assert "duplicate:yes" in waiting(db)[first] & waiting(db)[second]
    other = act(lambda s: cast.signatory(s, VIENNA, "w@b.example")).keys() - {first, second}
    third = other.pop()

    assert third not in act(lambda s: review.approve(s, third, clock, actor="Bea"))
    assert third in act(lambda s: review.undo(s, third, clock, actor="Bea"))
    assert third not in act(lambda s: review.reject(s, desk, third, RejectReason.SPAM, clock, actor="Bea"))
    assert third in act(lambda s: review.undo(s, third, clock, actor="Bea"))
    assert "status:needs_info" in act(lambda s: review.ask(s, desk, third, clock, actor="Bea", text="Who?"))[third]
    moved = {"en": PrintedLine("Women's committee", "Graz", "Germany")}
    edited = act(lambda s: review.edit(s, desk, third, moved, clock, actor="Bea"))[third]
    assert {"status:needs_info", "status:unconfirmed", "country:AT"} <= edited
    act(lambda s: review.hold(s, third, "Why?", clock, actor="Bea", kind=HoldKind.DISPUTED))

    assert "duplicate:no" in act(lambda s: relate.merge(s, desk, second, first, clock, actor="Bea"))[first]
    assert "duplicate:yes" in act(lambda s: review.undo(s, second, clock, actor="Bea"))[first]
    assert "kind:correction" in act(lambda s: refile.refile(s, mail, Kind.CORRECTION, clock, actor="Bea"))[first]
    assert second not in act(lambda s: refile.refile(s, twin, Kind.QUESTION, clock, actor="Bea"))
    reread.apply(db, reread.changes(db, desk), clock, actor="Bea")
    waiting(db)

    said = Said(Channel.PHONE, "Rosa", NOW)
    attested = act(lambda s: attest.attest(s, desk, third, said, clock, actor="Bea"))[third]
    assert {"kind:phone", "warning:attested by one coordinator"} <= attested
    assert "warning:none" in act(lambda s: attest.countersign(s, third, clock, actor="Cyrus"))[third]

    silent = act(lambda s: cast.signatory(s, {"en": PrintedLine("Silent")}, "s@b.example", status=S.UNCONFIRMED,
                                          proof=Proof.NONE, seen=Seen.NO)).keys() - {first, second, third}  # fmt: skip
    told.now += timedelta(hours=1)
    followup.run(db, desk, lambda: told.now)
    waiting(db)
    assert not silent & act(lambda s: _of(s, silent.copy().pop()).newest.expire(NOW)).keys()
    assert third not in act(lambda s: _of(s, third).withdraw(NOW, by="machine"))
    retire.run(db, desk.settings, lambda: NOW + timedelta(days=2000))
    waiting(db)


def _of(session: Session, reference: str) -> Signatory:
    return session.scalars(select(Signatory).filter_by(reference=reference)).one()


def test_end_of_the_rehearsal_leaves_nothing_in_the_index(db: Database, folder: Path) -> None:
    with db.writing() as session:
        campaign.the_campaign(session).started_at = None
        cast.signatory(session, BERLIN)
    assert waiting(db)
    rehearsal.end(db, cast.desk(db, folder), clock, actor="Bea")
    assert not waiting(db)
    with db.reading() as session:
        assert not session.scalars(select(QueueShelf)).all()


def test_what_is_thrown_away_is_not_indexed(db: Database) -> None:
    with db.trying() as session:
        cast.signatory(session, BERLIN)
        session.flush()
    assert not waiting(db)


def test_two_entries_that_have_the_same_have_nothing_in_common_that_lies_open(db: Database) -> None:
    with db.writing() as session:
        for number in range(2):
            names = {"en": PrintedLine(f"Committee {number}")}
            cast.signatory(session, names, f"{number}@b.example", details={"country_code": "IR"})
    with db.reading() as session:
        values = [bytes(value) for value in session.scalars(text("SELECT terms_sealed FROM queue_shelf"))]
        values += [bytes(value) for value in session.scalars(text("SELECT waiting_sealed FROM campaign"))]
        assert len(values) == 2
        assert not any(b"IR" in value or b"country" in value for value in values)
    assert {column.key for column in inspect(QueueShelf).columns} == {"id", "ref", "terms_sealed"}
    open_columns = {*inspect(Signatory).columns.keys(), *inspect(Revision).columns.keys()}
    assert not open_columns & {*Facet} - {Facet.STATUS, Facet.LANGUAGE, Facet.CONFIDENCE}
