"""Corrections are written as the corpus has its messages, and nobody real stands in them."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.model import Event
from outreach.reading.read import read
from outreach.steps import corrections, refile
from outreach.store.database import Database
from outreach.words import Kind
from tests.cast import clock
from tests.reading.scoring import score
from tests.steps.story import FORM, STRANGER, Story, begin


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def refiled(story: Story, text: str, kind: Kind, **headers: str) -> None:
    reference = story.receive(text, sender=STRANGER, **headers).reference
    with story.db.writing() as session:
        refile.refile(session, reference, kind, clock, actor="Bea")


def export(story: Story, folder: Path) -> list[Path]:
    return corrections.export(story.db, story.desk, folder, clock, actor="Bea")


def test_correction_holds_the_text_and_the_true_kind_and_nobody_real(story: Story, tmp_path: Path) -> None:
    refiled(story, FORM + "Phone: +49 30 1234567, rosa@elsewhere.example", Kind.QUESTION, Received="from rosas-laptop")
    [path] = export(story, tmp_path / "out")
    raw = path.read_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body()
    assert body is not None
    text = f"{mail.as_string()} {body.get_content()} {path.with_suffix('.json').read_text()}"
    for real in ("Rosa", "Doe", "elsewhere", "پناهندگان", "Iranian political", "1234567", "laptop", "Received"):
        assert real not in text
    assert json.loads(path.with_suffix(".json").read_text()) == {
        "kind": "question",
        "language": read(raw).language,
        "signups": [],
        "bounce": None,
    }
    assert "Name in Persian:" in body.get_content()


def test_scorer_of_the_corpus_can_read_what_is_written(story: Story, tmp_path: Path) -> None:
    refiled(story, "Who are you, and who else signs?", Kind.OTHER)
    written = export(story, tmp_path)
    assert len(score(written).answered) == 1


def test_headers_by_which_machines_are_known_stay_without_what_names_somebody(story: Story, tmp_path: Path) -> None:
    refiled(story, "I am away.", Kind.QUESTION, Auto_Submitted="auto-replied; owner-email=rosa@elsewhere.example")
    [path] = export(story, tmp_path)
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Date"].endswith(("+0000", "-0000", "GMT"))


def test_mail_that_nobody_corrected_is_not_written(story: Story, tmp_path: Path) -> None:
    story.receive(FORM, sender=STRANGER)
    assert export(story, tmp_path / "out") == []
    assert not (tmp_path / "out").exists()


def test_folder_that_cannot_be_written_to_is_said_plainly(story: Story, tmp_path: Path) -> None:
    refiled(story, FORM, Kind.QUESTION)
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot be written"):
        export(story, tmp_path / "file")


def test_names_that_stand_only_beside_an_address_are_invented_too(story: Story, tmp_path: Path) -> None:
    refiled(story, "Who signs?\n\nOn Mon, 3 Aug 2026, Kim Lenz <kim@council.invalid> wrote:\n> Hello\n", Kind.OTHER)
    [path] = export(story, tmp_path)
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    assert "Lenz" not in body.get_content()
    assert "wrote:" in body.get_content()


def test_log_says_who_wrote_how_many_out(story: Story, tmp_path: Path) -> None:
    refiled(story, "Who are you?", Kind.OTHER)
    export(story, tmp_path)
    with story.db.reading() as session:
        [event] = session.scalars(select(Event).where(Event.action == "exported"))
        assert (event.actor, event.subject, event.reason) == ("Bea", "corrections", "mails: 1")


@pytest.mark.parametrize("closing", ["Mit freundlichen Grüßen", "-- "])
def test_who_signed_a_mail_that_is_no_sign_up_is_invented_too(story: Story, tmp_path: Path, closing: str) -> None:
    said = "Guten Tag,\n\nwer finanziert Sie? Das fragt die Lenz-Stiftung.\n\n"
    refiled(story, f"{said}{closing}\nKim Lenz\nLenz-Stiftung\nTel: 054-12 34 56\n", Kind.OTHER)
    [path] = export(story, tmp_path)
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    assert "Lenz" not in body.get_content()
    assert "Kim" not in body.get_content()
    assert closing in body.get_content().splitlines()
