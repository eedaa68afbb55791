from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from outreach.errors import KeyProblem, SealBroken
from outreach.model import Base, Campaign, InboundMessage, OutboxMail, Prospect, Revision, Signatory
from outreach.model.base import Plain, SealedBytes
from outreach.sealing import HEADER, Keyring
from outreach.store import campaign as campaigns
from outreach.store.database import Database
from outreach.words import PrintedLine, RevisionStatus
from tests import cast
from tests.cast import NOW

#: Each stands in one restricted place; none of them may be found on the disk.
PLANTED = {
    "address": "rosa.hidden@hamburg.example",
    "person": "Rosa Verborgen",
    "name": "Unpublished Committee of Hamburg",
    "persian name": "کمیتهٔ پنهان هامبورگ",
    "subject": "We join in secret",
    "text": "please keep our telephone 040-555-0142 to yourselves",
}


def plant(session: Session) -> None:
    """Write every planted value into the tables, as the steps do."""
    lines = {"en": PrintedLine(PLANTED["name"], "Hamburg"), "fa": PrintedLine(PLANTED["persian name"])}
    cast.prospect(session, {"en": PLANTED["name"]}, PLANTED["address"], details={"contact_person": PLANTED["person"]})
    row = cast.signatory(session, lines, PLANTED["address"], contact_person=PLANTED["person"])
    row.revisions[0].details = {"note": PLANTED["text"]}
    mail = cast.mail(session, PLANTED["address"])
    raw = f"Subject: {PLANTED['subject']}\r\n\r\n{PLANTED['text']}".encode()
    mail.content = raw
    mail.head = raw
    message = InboundMessage(
        reference="K7Q2-M9PX", content_hash=b"h" * 32, size=len(raw), arrived_at=NOW, fetched_at=NOW
    )
    message.raw = raw
    message.reading = {"subject": PLANTED["subject"], "text": PLANTED["text"]}
    session.add(message)


def encodings(value: str) -> Iterator[bytes]:
    yield value.encode()
    yield value.encode("utf-16-le")
    yield value.encode("ascii", "backslashreplace")


def read(file: Path) -> bytes:
    """What is in a file; nothing in one that PostgreSQL has just thrown away."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


@pytest.mark.parametrize("what", PLANTED)
def test_nothing_restricted_is_found_on_the_disk(
    what: str, db: Database, database_files: Callable[[], list[Path]]
) -> None:
    with db.writing() as session:
        plant(session)
    with db.writing() as session:  # changed once more, so that the log holds old pages too
        session.scalars(select(Signatory)).one().contact = {"email": PLANTED["address"], "phone": "1"}
    octets = b"".join(map(read, database_files()))
    assert b"freedom" in octets  # the search sees what is not sealed
    assert [value for value in encodings(PLANTED[what]) if value in octets] == []


def test_what_was_planted_reads_back(db: Database) -> None:
    with db.writing() as session:
        plant(session)
    with db.reading() as session:
        signatory = session.scalars(select(Signatory)).one()
        assert signatory.contact["email"] == PLANTED["address"]
        assert signatory.revisions[0].printed_lines["fa"].name == PLANTED["persian name"]
        assert session.scalars(select(Prospect)).one().details["contact_person"] == PLANTED["person"]
        assert PLANTED["text"].encode() in (session.scalars(select(OutboxMail)).one().content or b"")
        assert session.scalars(select(InboundMessage)).one().reading["subject"] == PLANTED["subject"]


def sealed_columns() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedBytes)
    ]


def test_every_value_in_a_sealed_column_bears_the_header(db: Database) -> None:
    with db.writing() as session:
        plant(session)
    with db.engine.connect() as connection:
        for table, column in sealed_columns():
            for (value,) in connection.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")):
                assert value.startswith(HEADER), f"{table}.{column}"


def test_columns_named_sealed_are_those_that_take_sealed_values_only() -> None:
    named = [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    ]
    assert named == sealed_columns()
    assert len(named) >= 10
    others = {str(c.type) for t in Base.metadata.sorted_tables for c in t.columns if isinstance(c.type, LargeBinary)}
    assert others <= {"BLOB"}


@contextmanager
def refused() -> Iterator[None]:
    """SQLAlchemy wraps what a column type raises, and must not tell the value."""
    with pytest.raises((SealBroken, StatementError)) as caught:
        yield
    problem = caught.value.orig if isinstance(caught.value, StatementError) else caught.value
    assert isinstance(problem, SealBroken)
    assert "rosa" not in str(problem)


@pytest.mark.parametrize("value", [b"rosa@hamburg.example", Plain(b"rosa@hamburg.example"), Plain(HEADER + b"rosa")])
def test_core_insert_of_an_unsealed_value_is_refused(value: bytes, db: Database) -> None:
    statement = insert(Campaign).values(ref="r", slug="other", since=NOW, key_check_sealed=value)
    with refused(), db.writing() as session:
        session.execute(statement)


@pytest.mark.parametrize("value", [b"rosa@hamburg.example", Plain(b"rosa@hamburg.example")])
def test_core_update_with_an_unsealed_value_is_refused(value: bytes, db: Database) -> None:
    with refused(), db.writing() as session:
        session.execute(update(Campaign).values(key_check_sealed=value))
    with db.reading() as session:
        assert session.scalars(select(Campaign)).one().key_check == "outreach"


def test_octets_put_past_the_descriptor_are_refused(db: Database) -> None:
    with refused(), db.writing() as session:
        cast.prospect(session).email_sealed = b"rosa@hamburg.example"


def test_bulk_insert_of_an_unsealed_value_is_refused(db: Database) -> None:
    row = {"ref": "r", "slug": "other", "since": NOW, "key_check_sealed": b"rosa@hamburg.example"}
    with refused(), db.writing() as session:
        session.execute(insert(Campaign), [row])


def test_row_of_a_session_without_keys_is_refused(db: Database) -> None:
    with refused(), Session(db.engine) as session:
        campaign = Campaign(slug="other", since=NOW)
        campaign.key_check = "rosa"
        session.add(campaign)
        session.commit()


def test_value_copied_to_another_row_does_not_open(db: Database) -> None:
    with db.writing() as session:
        cast.prospect(session, email="rosa@hamburg.example")
        cast.prospect(session, {"en": "Other"}, email="eve@other.example")
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE prospect SET email_sealed = (SELECT email_sealed FROM prospect WHERE id = 1) WHERE id = 2")
        )
    with db.reading() as session, pytest.raises(SealBroken):
        session.get_one(Prospect, 2).email  # noqa: B018 - opening it is the act


def test_wrong_key_is_noticed_at_once(db: Database) -> None:
    other = Database(db.engine, Keyring.from_secret(os.urandom(32)))
    with other.reading() as session, pytest.raises(KeyProblem, match="not this campaign's"):
        campaigns.the_campaign(session)


def test_sealed_value_is_read_before_it_is_flushed_and_after(db: Database) -> None:
    with db.writing() as session:
        row = cast.prospect(session)
        row.email = "new@refugees.example"
        assert row.email == "new@refugees.example"
        session.flush()
        assert row.email == "new@refugees.example"
        row.email = None
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().email is None


def test_sealed_value_cannot_be_read_outside_a_session(db: Database) -> None:
    with db.writing() as session:
        row = cast.prospect(session)
        session.flush()
        session.expunge(row)
    with pytest.raises(SealBroken, match="inside a session"):
        row.email  # noqa: B018 - opening it is the act


def test_text_that_is_no_unicode_is_kept_as_far_as_it_goes(db: Database) -> None:
    with db.writing() as session:
        cast.prospect(session).details = {"note": "half \udcff"}
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().details == {"note": "half ?"}


def test_times_come_back_in_utc_whatever_zone_they_were_given_in(db: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    with db.writing() as session:
        session.scalars(select(Campaign)).one().started_at = datetime(2026, 9, 5, 20, tzinfo=tehran)
    with db.reading() as session:
        found = session.scalars(select(Campaign)).one().started_at
    assert found == datetime(2026, 9, 5, 16, 30, tzinfo=UTC)
    assert found is not None and found.tzinfo is UTC


def test_time_without_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="a time without zone"), db.writing() as session:
        session.scalars(select(Campaign)).one().started_at = datetime(2026, 9, 5)  # noqa: DTZ001 - the case


def test_status_is_kept_by_its_value(db: Database) -> None:
    with db.writing() as session:
        cast.signatory(session, status=RevisionStatus.NEEDS_INFO)
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT status FROM revision")).scalar_one() == "needs_info"
    with db.reading() as session:
        assert session.scalars(select(Revision)).one().status is RevisionStatus.NEEDS_INFO


def test_reading_session_cannot_write(db: Database) -> None:
    with db.reading() as session, pytest.raises(Exception, match="readonly|read-only"):
        session.execute(text("DELETE FROM campaign"))


def test_values_of_all_sizes_survive(db: Database) -> None:
    sizes = (0, 1, 255, 65536, 2_000_000)
    contents = [random.Random(size).randbytes(size) for size in sizes]
    with db.writing() as session:
        for content in contents:
            cast.mail(session).content = content
    with db.reading() as session:
        assert [mail.content for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == contents
