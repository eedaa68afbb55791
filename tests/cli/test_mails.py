"""``outreach mails``: every mail is listed, and can be seen in every language with real or sample data."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import func, select

from outreach.bootstrap import Program
from outreach.cli.mails import WHEN
from outreach.model import InboundMessage, OutboxMail, Prospect, Signatory
from outreach.words import HoldKind, MailKind, PrintedLine, RevisionStatus
from tests import cast
from tests.cli.commands import Begun
from tests.project import ROOT

LANGUAGES = ("en", "fa", "de", "fr")


def counted(program: Program) -> list[int]:
    with program.db.reading() as session:
        tables = (OutboxMail, Signatory, Prospect, InboundMessage)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_every_mail_is_listed_with_its_languages(begun: Begun) -> None:
    listed = json.loads(begun.type_("mails", "list", "--json").output)
    assert [item["mail"] for item in listed["items"]] == list(WHEN)
    assert set(WHEN) == set(MailKind)
    assert {item["languages"] for item in listed["items"]} == {"de en fa fr"}


def test_every_mail_has_its_row_in_the_documentation() -> None:
    rows = re.findall(
        r"(?m)^\| `([a-z_]+)` \|.*\| (?:hand|machine|machine or hand) \|", (ROOT / "docs" / "mails.md").read_text()
    )
    assert sorted(rows) == sorted(MailKind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(MailKind))
def test_every_mail_can_be_seen_before_there_is_any_data(begun: Begun, kind: MailKind, language: str) -> None:
    plain = begun.type_("mails", "preview", kind, "--language", language)
    rich = begun.type_("mails", "preview", kind, "--language", language, "--html")
    assert (plain.exit_code, rich.exit_code) == (0, 0), plain.output
    assert plain.output.startswith("From: ") and "Ref. " in plain.output
    assert f'dir="{"rtl" if language == "fa" else "ltr"}"' in rich.output


def test_a_preview_leaves_nothing_behind(program: Program, started: Begun) -> None:
    with program.db.writing() as session:
        cast.signatory(session)
    before = counted(program)
    for kind in MailKind:
        assert started.type_("mails", "preview", kind).exit_code == 0
    assert counted(program) == before


def test_a_preview_is_about_the_entry_that_is_named(program: Program, started: Begun) -> None:
    with program.db.writing() as session:
        cast.signatory(session)
        reference = cast.signatory(session, {"en": PrintedLine("Second council")}, "second@council.example").reference
    shown = started.type_("mails", "preview", "asking", "--language", "en", "--of", reference).output
    assert "    Second council\n" in shown and "To: second@council.example" in shown


def test_a_mail_that_was_written_already_can_be_seen_again(program: Program, started: Begun) -> None:
    with program.db.writing() as session:
        row = cast.signatory(session, status=RevisionStatus.UNCONFIRMED)
        cast.mail(session, cause=f"asking:{row.newest.ref}")
    assert started.type_("mails", "preview", "asking").exit_code == 0


def test_what_cannot_be_shown_is_said(program: Program, started: Begun) -> None:
    with program.db.writing() as session:
        row = cast.signatory(session)
        row.hold(HoldKind.WITHHELD, by="Bea", at=cast.NOW, reason="")
        reference = row.reference
    for words, said in (
        (("receipt", "--of", reference), "is withheld"),
        (("receipt", "--of", "ZZZZ-ZZZZ"), "There is no entry and no organisation"),
        (("receipt", "--language", "sv"), "There is no mail receipt in sv"),
    ):
        result = started.type_("mails", "preview", *words)
        assert result.exit_code == 1
        assert said in result.output
