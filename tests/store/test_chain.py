"""The log's chain: whatever is done to the log behind its triggers' back is found, and erasing is no damage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import Event, EventPayload, LogLink, Signatory
from outreach.steps import link
from outreach.store import chain, log
from outreach.store.chain import Broken, Head, Whole
from outreach.store.database import CHUNK, Database
from tests import cast
from tests.cast import BERLIN, NOW

EVENTS = 6


@pytest.fixture
def written(db: Database) -> Database:
    """A log of six events that are linked; the fourth is about a signatory's line."""
    with db.writing() as session:
        signatory = cast.signatory(session)
        for number in range(1, EVENTS + 1):
            about = signatory if number == 4 else f"wave {number}"
            log.note(session, NOW, actor="Bea", action="approved", about=about, reason=f"reason {number}")
            session.flush()
        chain.link_all(session)
    return db


def behind_its_back(db: Database, act: Callable[[Session], object]) -> None:
    """Change the log as somebody can who has the database itself in hand."""
    tables = ("event", "event_payload", "log_link")
    with db.writing() as session:
        if db.engine.dialect.name == "sqlite":
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in tables:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        act(session)


def verify(db: Database, *known: Head) -> Whole | Broken:
    with db.reading() as session:
        return chain.verify(session, known)


def head(db: Database) -> Head:
    with db.reading() as session:
        return chain.head(session)


def relink(session: Session) -> None:
    """What a careful forger does: make the whole chain again, so that it fits the changed log."""
    session.execute(delete(LogLink))
    chain.link_all(session)


def test_untouched_log_is_whole_and_new_events_wait_to_be_linked(written: Database) -> None:
    assert verify(written) == Whole(head(written), 0)
    with written.writing() as session:
        log.note(session, NOW, actor="Bea", action="published", about="wave 9")
    assert verify(written) == Whole(head(written), 1)


def test_empty_log_is_whole(db: Database) -> None:
    assert verify(db) == Whole(chain.EMPTY, 0)


@pytest.mark.parametrize(
    "changed", [{"actor": "Eve"}, {"reason": None}, {"subject": "wave 99"}, {"via": "page"}, {"commitment": b"\0" * 32}]
)
def test_changed_event_is_named(written: Database, changed: dict[str, object]) -> None:
    behind_its_back(written, lambda session: session.execute(update(Event).where(Event.id == 3).values(**changed)))
    assert verify(written) == Broken(3, 3, "the event or its link was changed")


def test_one_flipped_bit_of_a_link_is_found(written: Database) -> None:
    def flip(session: Session) -> None:
        row = session.get_one(LogLink, 5)
        row.head = bytes([row.head[0] ^ 1]) + row.head[1:]

    behind_its_back(written, flip)
    assert verify(written) == Broken(5, 5, "the event or its link was changed")


def test_deleted_event_is_named(written: Database) -> None:
    behind_its_back(written, lambda session: session.execute(delete(Event).where(Event.id == 2)))
    assert verify(written) == Broken(2, 2, "the event was deleted")


def test_event_deleted_with_its_link_is_found(written: Database) -> None:
    def take_out(session: Session) -> None:
        session.execute(delete(Event).where(Event.id == 2))
        session.execute(delete(LogLink).where(LogLink.position == 2))

    behind_its_back(written, take_out)
    assert verify(written) == Broken(2, 3, "the links 2 to 2 are missing")


def test_gap_that_was_closed_again_is_found(written: Database) -> None:
    def close_the_gap(session: Session) -> None:
        session.execute(delete(Event).where(Event.id == 2))
        session.execute(delete(LogLink).where(LogLink.position == 2))
        for position in range(3, EVENTS + 1):
            session.execute(update(LogLink).where(LogLink.position == position).values(position=position - 1))

    behind_its_back(written, close_the_gap)
    assert verify(written) == Broken(2, 3, "the event or its link was changed")


def test_two_events_that_changed_places_are_found(written: Database) -> None:
    def swap(session: Session) -> None:
        first, second = session.get_one(Event, 2), session.get_one(Event, 5)
        first.reason, second.reason = second.reason, first.reason
        first.subject, second.subject = second.subject, first.subject

    behind_its_back(written, swap)
    assert verify(written) == Broken(2, 2, "the event or its link was changed")


def test_links_that_changed_places_are_found(written: Database) -> None:
    def swap(session: Session) -> None:
        for position, event_id in ((2, 99), (3, 2), (2, 3)):
            session.execute(update(LogLink).where(LogLink.position == position).values(event_id=event_id))

    behind_its_back(written, swap)
    assert verify(written) == Broken(2, 3, "the event or its link was changed")


def test_event_that_was_put_in_afterwards_is_named(written: Database) -> None:
    def put_in(session: Session) -> None:
        session.add(Event(id=-1, at=NOW, actor="Bea", action="approved", subject="signatory K7Q2-M9PX"))

    behind_its_back(written, put_in)
    assert verify(written) == Broken(EVENTS + 1, -1, "it was put in afterwards")


def cut_off(session: Session) -> None:
    session.execute(delete(EventPayload))
    session.execute(delete(Event).where(Event.id > 3))
    session.execute(delete(LogLink).where(LogLink.position > 3))


def test_log_that_was_cut_off_is_found_by_a_head_from_elsewhere(written: Database) -> None:
    known = head(written)
    behind_its_back(written, cut_off)
    assert verify(written) == Whole(head(written), 0)
    assert verify(written, known) == Broken(4, None, f"the log was cut off: a head of {EVENTS} events is known")


def test_log_that_was_written_anew_is_found_by_a_head_from_elsewhere(written: Database) -> None:
    known = head(written)

    def rewrite(session: Session) -> None:
        session.execute(update(Event).where(Event.id == 2).values(actor="Eve"))
        relink(session)

    behind_its_back(written, rewrite)
    assert verify(written) == Whole(head(written), 0)
    wrong = "the chain up to here is not the one whose head is known"
    assert verify(written, known) == Broken(EVENTS, EVENTS, wrong)


def test_two_heads_that_contradict_each_other_are_found(written: Database) -> None:
    known, other = head(written), Head(EVENTS, b"\0" * 32)
    assert verify(written, known, other) == Broken(EVENTS, None, f"two different heads of {EVENTS} events are known")


def test_head_of_a_shorter_log_still_fits_when_the_log_has_grown(written: Database) -> None:
    known = head(written)
    with written.writing() as session:
        log.note(session, NOW, actor="Bea", action="published", about="wave 9")
        chain.link_all(session)
    assert verify(written, known) == Whole(head(written), 0)
    assert Head.parse(str(known)) == known


@pytest.mark.parametrize("text", ["", "6", "6:", "6:12", f"-6:{'0' * 64}", f"6:{'G' * 64}", f"6:{'0' * 65}"])
def test_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no head"):
        Head.parse(text)


def test_act_on_a_signatory_binds_itself_to_the_line_as_it_stood(written: Database) -> None:
    with written.reading() as session:
        payload = session.scalars(select(EventPayload)).one()
        assert payload.content["said"] == {
            "revision": 1,
            "lines": {language: str(line) for language, line in BERLIN.items()},
        }
        assert payload.event.commitment == chain.commitment(payload.content["salt"], payload.content["said"])


def test_line_that_was_changed_after_the_act_is_found(written: Database) -> None:
    def change(session: Session) -> None:
        payload = session.scalars(select(EventPayload)).one()
        lines = {"en": "Another organisation"}
        payload.content = {**payload.content, "said": {**payload.content["said"], "lines": lines}}

    behind_its_back(written, change)
    assert verify(written) == Broken(4, 4, "what it was about was changed")


def test_same_line_gives_another_commitment_each_time() -> None:
    assert chain.commitment(chain.new_salt(), {}) != chain.commitment(chain.new_salt(), {})


def test_erasing_what_an_act_was_about_leaves_the_chain_whole(written: Database) -> None:
    before = head(written)
    with written.writing() as session:
        log.forget(session, session.scalars(select(Signatory)).one())
        assert session.scalar(select(func.count()).select_from(EventPayload)) == 0
    assert verify(written, before) == Whole(before, 0)


@pytest.mark.parametrize("table", [Event, LogLink])
def test_database_itself_refuses_to_change_or_delete(written: Database, table: type[Event | LogLink]) -> None:
    for statement in (delete(table), update(table).values({column: column for column in table.__table__.columns})):
        with pytest.raises(DatabaseError, match="append-only"), written.writing() as session:
            session.execute(statement)


#: What goes past a trigger that looks at each row as it is changed or deleted.
AROUND_THE_ROWS = {
    "sqlite": (
        "REPLACE INTO event (id, at, actor, action, subject) SELECT id, at, 'Eve', action, subject FROM event",
        "INSERT OR REPLACE INTO log_link (position, event_id, head) SELECT position, event_id, x'00' FROM log_link",
        "INSERT OR REPLACE INTO log_link (position, event_id, head) SELECT position + 50, event_id, head FROM log_link",
    ),
    "postgresql": ("TRUNCATE event CASCADE", "TRUNCATE log_link"),
}


def test_database_itself_refuses_to_replace_or_empty_the_log(written: Database) -> None:
    for statement in AROUND_THE_ROWS[written.engine.dialect.name]:
        with pytest.raises(DatabaseError, match="append-only"), written.writing() as session:
            session.execute(text(statement))
    assert verify(written) == Whole(head(written), 0)


def test_database_itself_refuses_to_change_what_an_act_was_about(written: Database) -> None:
    with pytest.raises(DatabaseError, match="append-only"), written.writing() as session:
        session.scalars(select(EventPayload)).one().content = {"salt": "", "said": {}}


def test_step_links_all_in_batches_and_then_has_nothing_to_do(written: Database) -> None:
    with written.writing() as session:
        for _ in range(2 * CHUNK + 1):
            log.note(session, NOW, actor=log.MACHINE, action="reminded", about="wave 9")
    assert link.run(written).counts == {"linked": 2 * CHUNK + 1}
    assert link.run(written).counts == {}
    assert verify(written) == Whole(head(written), 0)
    assert head(written).count == EVENTS + 2 * CHUNK + 1
