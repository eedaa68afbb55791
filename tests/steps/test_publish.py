"""The print rule, and what a wave is: the worst this program could do is print a name that is not to be printed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from outreach.errors import Displaced, Refused
from outreach.model import (
    Campaign,
    Event,
    Hold,
    MailContent,
    MailEntry,
    NameKey,
    OutboxMail,
    Revision,
    Signatory,
    Wave,
    WaveLine,
)
from outreach.ports import PublishedList
from outreach.settings import Settings
from outreach.steps import publish
from outreach.steps.publish import Draft
from outreach.store import campaign as campaigns
from outreach.store import chain, turns, waves
from outreach.store.database import Database
from outreach.words import HoldKind, MailKind, OutboxStatus, PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW, clock

DAY = timedelta(days=1)
S = RevisionStatus
SEEN = "the line was not seen by the organisation long enough"


@pytest.fixture
def settings(folder: Path) -> Settings:
    cast.write_statement(folder)
    return cast.settings(folder)


def names_only(listed: PublishedList) -> str:
    return "".join(f"{entry.lines['en'].name}\n" for entry in listed.entries)


def write(db: Database, settings: Settings, drafted: Draft | None = None) -> Wave:
    drafted = drafted or publish.draft(db, settings, clock)
    return publish.publish(
        db, settings, drafted, settings.folder / "site", {"names.txt": names_only}, clock, actor="Bea"
    )


def entry(
    db: Database,
    name: str = "Center",
    *,
    status: RevisionStatus = S.APPROVED,
    proof: Proof = Proof.DOMAIN,
    seen: Seen = Seen.CONFIRMED,
    hold: HoldKind | None = None,
    shown_by: tuple[MailKind, OutboxStatus, datetime] | None = None,
) -> str:
    """A signatory's reference."""
    with db.writing() as session:
        row = cast.signatory(
            session, {"en": PrintedLine(name, "Berlin")}, status=status, proof=proof, seen=seen, decided_at=NOW
        )
        if hold is not None:
            row.hold(hold, by="machine", at=NOW, reason="")
        if shown_by is not None:
            kind, mail_status, at = shown_by
            mail = cast.mail(session, kind=kind, status=mail_status, settled_at=at)
            session.add(MailEntry(mail_id=mail.id, number=1, revision_id=row.newest.id))
        return row.reference


def refused(db: Database, settings: Settings) -> dict[str, tuple[str, ...]]:
    return dict(publish.draft(db, settings, clock).refused)


LONG_AGO, JUST_NOW = NOW - 4 * DAY, NOW - timedelta(hours=1)
R, SENT = MailKind.RECEIPT, OutboxStatus.SENT


@pytest.mark.parametrize(
    ("proof", "seen", "hold", "shown_by", "lacks"),
    [
        (Proof.MAILBOX, Seen.CONFIRMED, None, None, ()),
        (Proof.DOMAIN, Seen.ATTESTED, None, None, ()),
        (Proof.ATTESTED, Seen.ATTESTED, None, None, ()),
        (Proof.DOMAIN, Seen.SHOWN, None, (R, SENT, LONG_AGO), ()),
        (Proof.DOMAIN, Seen.SHOWN, None, (MailKind.ASKING, SENT, LONG_AGO), ()),
        (Proof.NONE, Seen.CONFIRMED, None, None, ("proof",)),
        (Proof.NONE, Seen.NO, None, None, ("proof", SEEN)),
        (Proof.DOMAIN, Seen.NO, None, None, (SEEN,)),
        (Proof.DOMAIN, Seen.NO, None, (R, SENT, LONG_AGO), (SEEN,)),
        (Proof.DOMAIN, Seen.SHOWN, None, None, (SEEN,)),
        (Proof.DOMAIN, Seen.SHOWN, None, (R, SENT, JUST_NOW), (SEEN,)),
        (Proof.DOMAIN, Seen.SHOWN, None, (MailKind.WITHDRAWAL_NOTICE, SENT, LONG_AGO), (SEEN,)),
        *[
            (Proof.DOMAIN, Seen.SHOWN, None, (R, status, LONG_AGO), (SEEN,))
            for status in OutboxStatus
            if status is not SENT
        ],
        *[(Proof.DOMAIN, Seen.CONFIRMED, kind, None, (f"hold: {kind}",)) for kind in HoldKind],
        (Proof.NONE, Seen.NO, HoldKind.HIDDEN, None, ("proof", "hold: hidden", SEEN)),
    ],
)
def test_line_is_printed_only_with_proof_without_hold_and_seen(
    db: Database,
    settings: Settings,
    proof: Proof,
    seen: Seen,
    hold: HoldKind | None,
    shown_by: tuple[MailKind, OutboxStatus, datetime] | None,
    lacks: tuple[str, ...],
) -> None:
    reference = entry(db, proof=proof, seen=seen, hold=hold, shown_by=shown_by)
    drafted = publish.draft(db, settings, clock)
    assert dict(drafted.refused) == ({reference: lacks} if lacks else {})
    assert [listed.reference for listed in drafted.published.entries] == ([] if lacks else [reference])


@pytest.mark.parametrize("status", [status for status in S if status is not S.APPROVED])
def test_line_without_a_coordinators_approval_is_neither_printed_nor_drafted(
    db: Database, settings: Settings, status: RevisionStatus
) -> None:
    entry(db, status=status)
    drafted = publish.draft(db, settings, clock)
    assert (drafted.published.entries, drafted.refused) == ((), ())
    with db.reading() as session:
        revision = session.scalars(select(Revision)).one()
        assert "approval" in publish.what_lacks(session, settings, revision, NOW)


def test_line_shown_in_the_rehearsal_was_shown_to_nobody(db: Database, settings: Settings) -> None:
    entry(db, seen=Seen.SHOWN, shown_by=(R, SENT, LONG_AGO))
    with db.writing() as session:
        session.scalars(select(OutboxMail)).one().in_rehearsal = True
    assert list(refused(db, settings).values()) == [(SEEN,)]


def test_line_counts_as_shown_by_a_later_mail_when_the_first_came_back(db: Database, settings: Settings) -> None:
    entry(db, seen=Seen.SHOWN, shown_by=(R, OutboxStatus.BOUNCED, LONG_AGO))
    with db.writing() as session:
        mail = cast.mail(session, kind=MailKind.ASKING, status=SENT, settled_at=LONG_AGO)
        session.add(MailEntry(mail_id=mail.id, number=1, revision_id=session.scalars(select(Revision.id)).one()))
    assert refused(db, settings) == {}


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(S),
            st.sampled_from(Proof),
            st.sampled_from(Seen),
            st.none() | st.sampled_from(HoldKind),
            st.none() | st.sampled_from(list(product([R, MailKind.ASKING], OutboxStatus, [LONG_AGO, JUST_NOW]))),
        ),
        max_size=6,
    )
)
def test_nothing_in_print_lacks_anything_whatever_lies_in_the_database(
    db: Database,
    settings: Settings,
    rows: list[tuple[RevisionStatus, Proof, Seen, HoldKind | None, tuple[MailKind, OutboxStatus, datetime] | None]],
) -> None:
    with db.writing() as session:
        for table in (NameKey, MailEntry, MailContent, OutboxMail, Hold, Revision, Signatory):
            session.execute(delete(table))
    printable = set()
    for status, proof, seen, hold, shown_by in rows:
        reference = entry(db, status=status, proof=proof, seen=seen, hold=hold, shown_by=shown_by)
        was_shown = shown_by is not None and shown_by[1:] == (SENT, LONG_AGO)
        was_seen = seen in (Seen.CONFIRMED, Seen.ATTESTED) or (seen is Seen.SHOWN and was_shown)
        if status is S.APPROVED and proof is not Proof.NONE and hold is None and was_seen:
            printable.add(reference)
    drafted = publish.draft(db, settings, clock)
    assert {listed.reference for listed in drafted.published.entries} == printable
    assert len(printable) + len(drafted.refused) == sum(row[0] is S.APPROVED for row in rows)


# ── waves ──


def test_wave_is_written_recorded_and_logged(db: Database, settings: Settings) -> None:
    entry(db, "Center")
    wave = write(db, settings)
    site = settings.folder / "site"
    assert sorted(path.name for path in site.iterdir()) == ["manifest.json", "names.txt"]
    assert (site / "names.txt").read_text() == "Center\n"
    manifest = json.loads((site / "manifest.json").read_text())
    assert manifest == {
        "campaign": "freedom",
        "wave": 1,
        "published_at": "2026-08-20T12:00:00+00:00",
        "statement_version": settings.statement_version(),
        "count": 1,
        "lines": [{"en": "Center – Berlin"}],
        "files": {"names.txt": sha256(b"Center\n").hexdigest()},
        "log": str(chain.EMPTY),
        "previous": None,
    }
    with db.reading() as session:
        assert [line.position for line in session.scalars(select(WaveLine))] == [0]
        assert [(event.action, event.subject, event.actor) for event in session.scalars(select(Event))] == [
            ("published", "wave 1", "Bea")
        ]
    assert wave.manifest_sha256 == sha256((site / "manifest.json").read_bytes()).hexdigest()


def test_manifest_carries_the_head_of_the_log_before_it_and_the_log_binds_itself_to_the_manifest(
    db: Database, settings: Settings
) -> None:
    entry(db)
    first = write(db, settings)
    second = write(db, settings)
    with db.writing() as session:
        assert json.loads(second.manifest)["log"] == str(chain.head(session))
        chain.link_all(session)
        published = session.scalars(select(Event).where(Event.action == "published")).all()
        said = [event.payload.content["said"] for event in published if event.payload is not None]
        assert said == [{"manifest_sha256": wave.manifest_sha256} for wave in (first, second)]
        assert chain.verify(session, waves.log_heads(session)) == chain.Whole(chain.head(session), 0)


def test_waves_are_chained_and_what_was_printed_keeps_its_place(db: Database, settings: Settings) -> None:
    for name in ("B", "A"):
        entry(db, name)
    first = write(db, settings)
    entry(db, "C")
    with db.writing() as session:
        # A's line is corrected and approved anew, long after the others: it keeps its place.
        row = session.scalars(select(Signatory)).all()[1]
        row.revise(
            lines={"en": PrintedLine("A corrected")},
            at=NOW,
            status=S.PENDING,
            proof=Proof.DOMAIN,
            seen=Seen.CONFIRMED,
        ).approve(NOW + DAY, by="Bea")
    second = write(db, settings)
    assert json.loads(second.manifest)["previous"] == first.manifest_sha256
    assert (settings.folder / "site" / "names.txt").read_text() == "B\nA corrected\nC\n"


def test_withdrawn_name_leaves_the_page_even_when_it_was_the_last(db: Database, settings: Settings) -> None:
    entry(db, "Center")
    write(db, settings)
    with db.writing() as session:
        session.scalars(select(Signatory)).one().withdraw(NOW, by="machine")
    wave = write(db, settings)
    assert json.loads(wave.manifest)["count"] == 0
    assert (settings.folder / "site" / "names.txt").read_text() == ""


def test_nothing_is_published_while_there_is_nothing(db: Database, settings: Settings) -> None:
    with pytest.raises(Refused, match="nothing to publish"):
        write(db, settings)


def test_nothing_is_published_in_the_rehearsal(db: Database, settings: Settings) -> None:
    entry(db)
    with db.writing() as session:
        session.scalars(select(Campaign)).one().started_at = None
    with pytest.raises(Refused, match="outreach start"):
        write(db, settings)
    assert not (settings.folder / "site").exists()


@pytest.mark.parametrize("change", ["hold", "withdraw"])
def test_wave_is_refused_when_an_entry_changed_after_it_was_looked_at(
    db: Database, settings: Settings, change: str
) -> None:
    reference = entry(db)
    drafted = publish.draft(db, settings, clock)
    with db.writing() as session:
        row = session.scalars(select(Signatory)).one()
        if change == "hold":
            row.hold(HoldKind.HIDDEN, by="machine", at=NOW, reason="")
        else:
            row.withdraw(NOW, by="machine")
    with pytest.raises(Refused, match=f"{reference} changed meanwhile"):
        write(db, settings, drafted)
    assert not (settings.folder / "site").exists()


def test_draft_is_published_once(db: Database, settings: Settings) -> None:
    entry(db)
    drafted = publish.draft(db, settings, clock)
    write(db, settings, drafted)
    with pytest.raises(Refused, match="Another wave"):
        write(db, settings, drafted)


def test_file_that_cannot_be_written_leaves_no_wave_and_no_half_of_one(db: Database, settings: Settings) -> None:
    entry(db)
    write(db, settings)
    site = settings.folder / "site"
    before = {path.name: path.read_bytes() for path in site.iterdir()}
    entry(db, "Second")
    drafted = publish.draft(db, settings, clock)
    with pytest.raises(Refused, match="No such file or directory. Nothing was published"):
        publish.publish(
            db, settings, drafted, site, {"names.txt": names_only, "no/where.txt": names_only}, clock, actor="Bea"
        )
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before
    with db.reading() as session:
        assert [wave.number for wave in session.scalars(select(Wave))] == [1]


def test_file_where_a_folder_is_wanted_is_said_plainly(db: Database, settings: Settings) -> None:
    entry(db)
    (settings.folder / "site").write_text("")
    with pytest.raises(Refused, match="cannot be written to .*site.*Nothing was published"):
        write(db, settings)


# --- a place that does not know who has withdrawn ---


def test_a_place_that_another_one_has_replaced_publishes_nothing(db: Database, settings: Settings) -> None:
    entry(db)
    with db.writing() as session:
        campaigns.the_campaign(session).give_way("Another installation sends for this mailbox.")

    with pytest.raises(Displaced, match="takeover"):
        write(db, settings)
    assert not (settings.folder / "site").exists()


def test_a_database_that_went_back_publishes_nothing_before_the_mailbox_was_read_again(
    db: Database, settings: Settings
) -> None:
    entry(db)
    turns.begin(db, settings.folder, NOW)
    with db.writing() as session:
        campaigns.the_campaign(session).turns = 0

    with pytest.raises(Displaced, match="went back in time"):
        write(db, settings)
    turns.accept(db, settings.folder, NOW)
    with db.writing() as session:
        campaigns.the_campaign(session).light_beacon(NOW)
    with pytest.raises(Refused, match="a withdrawal may lie there"):
        write(db, settings)
    assert not (settings.folder / "site").exists()

    with db.writing() as session:
        campaigns.step_state(session, "fetch").succeed(NOW)
    assert write(db, settings).number == 1
