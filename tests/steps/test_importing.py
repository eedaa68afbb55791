"""A list of organisations becomes prospects; what is known, answered or suppressed is not touched."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Coordinator, Event, NameKey, Prospect
from outreach.reading.listed import Preview
from outreach.settings import SafetySettings
from outreach.steps import importing
from outreach.steps.importing import Outcome
from outreach.store import prospects, suppressions
from outreach.store.database import Database
from outreach.words import PrintedLine, ProspectStatus, RevisionStatus, SuppressionReason, SuppressionScope
from tests import cast
from tests.cast import NOW, clock

HEAD = "name_fa,name_en,email,language,city,country,contact_person,tags,greeting,personal_line\n"
ROW = "کانون پناهندگان,Refugee center,office@r.example,fa,برلین,آلمان,Ada,unions; day,رفقای گرامی,سلام\n"


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    return cast.desk(db, folder, cast.FakeRenderer("fa", "en", "de", "fr"))


def take(db: Database, desk: Desk, text: str) -> Preview:
    return importing.run(db, desk, text.encode(), clock, actor="Bea")


def outcomes(preview: Preview) -> list[str]:
    return [row.outcome for row in preview.rows]


def test_row_is_taken_with_all_it_says(db: Database, desk: Desk) -> None:
    [row] = take(db, desk, HEAD + ROW).rows
    with db.reading() as session:
        prospect = session.scalars(select(Prospect)).one()
        assert (row.outcome, row.reference, row.line) == (Outcome.NEW, prospect.reference, 2)
        assert (prospect.email, prospect.language, prospect.status) == ("office@r.example", "fa", ProspectStatus.LISTED)
        assert prospect.details == {
            "names": {"fa": "کانون پناهندگان", "en": "Refugee center"},
            "city": "برلین",
            "country": "آلمان",
            "contact_person": "Ada",
            "tags": ["unions", "day"],
            "greeting": "رفقای گرامی",
            "personal_line": "سلام",
        }


def test_row_names_who_signs_the_letter_and_how(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        session.add(Coordinator(name="Mina Rahimi", since=NOW))
        session.add(Coordinator(name="Reza Navid", since=NOW, revoked_at=NOW))
    known, stranger, gone = take(
        db,
        desk,
        "name,Absender,sign_off\nOne,mina  rahimi,In solidarity\nTwo,Parvin,\nThree,Reza Navid,\n",
    ).rows
    assert [row.outcome for row in (known, stranger, gone)] == [Outcome.TO_CALL, Outcome.BAD, Outcome.BAD]
    assert stranger.reason == "sender 'Parvin' is no coordinator: Mina Rahimi"
    with db.reading() as session:
        details = session.scalars(select(Prospect)).one().details
    assert (details["sender"], details["sign_off"]) == ("Mina Rahimi", "In solidarity")


def test_prospect_is_found_by_each_of_its_names(db: Database, desk: Desk) -> None:
    take(db, desk, HEAD + ROW)
    with db.reading() as session:
        for name in ("کانون  پناهندگان", "REFUGEE CENTER"):
            assert prospects.with_name(session, prospects.name_keys(db.keyring, [name]))
        assert len(session.scalars(select(NameKey)).all()) == 2


def test_second_import_changes_nothing(db: Database, desk: Desk) -> None:
    text = HEAD + ROW + "انجمن,,,,,,,,,\nانجمن,,,,لندن,,,,,\n"
    first, second = take(db, desk, text), take(db, desk, text)
    assert outcomes(first) == ["new", "to_call", "known"]
    assert outcomes(second) == ["known"] * 3
    assert [row.reference for row in second.rows] == [row.reference for row in first.rows]
    with db.reading() as session:
        assert len(session.scalars(select(Prospect)).all()) == 2
        assert [(event.action, event.actor, event.reason) for event in session.scalars(select(Event))] == [
            ("imported", "Bea", "1 known, 1 new, 1 to_call")
        ]


def test_dry_run_says_the_same_and_changes_nothing(db: Database, desk: Desk) -> None:
    text = HEAD + ROW + ROW + "انجمن,,,,,,,,,\n,,no name,,,,,,,\n"
    planned = importing.plan(db, desk, text.encode(), clock)
    with db.reading() as session:
        assert not session.scalars(select(Prospect)).all()
        assert not session.scalars(select(Event)).all()
    assert outcomes(planned) == outcomes(take(db, desk, text)) == ["new", "known", "to_call", "bad"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("name,email\n,a@b.example", "it has no name"),
        ("name,email\n---,a@b.example", "its name holds no letter"),
        ("name,email\nA,a@b", "email is not an address"),
        ("name,email\nA,a b@c.example", "email is not an address"),
        ("name,email\nA,نام@c.example", "email is not an address"),
        ("name,email\nA,=?x?=@b.example", "email is not an address"),
        (f"name\n{'x' * 121}", "name is longer than 120 characters"),
        (f"name,personal_line\nA,{'x' * 1001}", "personal_line is longer than 1000"),
        ("name,language\nA,sv", "language 'sv' is none that the invitation is written in: de, en, fa, fr"),
        ("name,city\nA,Ber\x1b[31mlin", "city holds a control character"),
        ("name,city\nA,B,C", "more cells"),
    ],
)
def test_bad_row_is_named_with_line_and_reason_and_the_good_are_taken(
    db: Database, desk: Desk, row: str, reason: str
) -> None:
    preview = take(db, desk, f"{row}\nGood,,\n" if row.startswith("name,") and "C" not in row else f"{row}\nGood\n")
    bad, good = preview.rows
    assert (bad.line, bad.outcome, good.line, good.outcome) == (2, Outcome.BAD, 3, Outcome.TO_CALL)
    assert reason in (bad.reason or "")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("A Committee <Office@R.Example>", "Office@r.example"),
        ("mailto:a@b.example", "a@b.example"),
        ("\u200ea@b.example\u202c", "a@b.example"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
    ],
)
def test_address_is_taken_as_people_paste_it(db: Database, desk: Desk, written: str, kept: str) -> None:
    assert outcomes(take(db, desk, f"name,e-mail\nA,{written}\n")) == ["new"]
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().email == kept


@pytest.mark.parametrize(
    ("row", "language"),
    [
        ("name_fa,name_en\nکانون,Center", "fa"),
        ("name_en\nCenter", "en"),
        ("name\nCenter", "en"),
        ("name\nکانون", "fa"),
        ("name_de\nVerein", "de"),
        ("name_sv\nFörening", "fa"),
        ("name,language\nکانون,German", "de"),
        ("name,language\nکانون,Farsi", "fa"),
        ("name,language\nA,فارسی", "fa"),
        ("name,language\nA,en-GB", "en"),
    ],
)
def test_language_is_as_given_else_that_of_the_name(db: Database, desk: Desk, row: str, language: str) -> None:
    take(db, desk, row)
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().language == language


def test_cell_that_looks_like_a_formula_is_kept_as_it_is(db: Database, desk: Desk) -> None:
    take(db, desk, 'name\n"=HYPERLINK(""x"")"\n')
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().details["names"] == {"en": '=HYPERLINK("x")'}


def test_file_without_a_column_for_names_is_refused(db: Database, desk: Desk) -> None:
    with pytest.raises(Refused, match="No column holds a name"):
        take(db, desk, "wibble,email\nA,a@b.example\n")


def test_columns_that_mean_nothing_are_named(db: Database, desk: Desk) -> None:
    assert take(db, desk, "name,fax,name_xx\nA,1,B\n").ignored_columns == ("fax", "name_xx")


def test_organisation_to_call_gets_the_address_a_later_list_brings(db: Database, desk: Desk) -> None:
    [called] = take(db, desk, "name,city\nCenter,Berlin\n").rows
    again = "name,city,country,email\nCENTER,Berlin,Germany,a@b.example\n"
    [completed] = take(db, desk, again).rows
    assert (completed.outcome, completed.reference) == (Outcome.COMPLETED, called.reference)
    assert outcomes(take(db, desk, again)) == ["known"]
    assert outcomes(take(db, desk, "name,city\nCenter,Berlin\n")) == ["known"]
    with db.reading() as session:
        assert [prospect.email for prospect in session.scalars(select(Prospect))] == ["a@b.example"]
        assert [prospect.id for prospect in prospects.to_invite(session)] == [1]


def test_same_name_in_another_city_is_another_organisation(db: Database, desk: Desk) -> None:
    text = "name,city\nSolidarity,Bern\nSolidarity,London\n"
    assert outcomes(take(db, desk, text)) == ["to_call", "to_call"]
    assert outcomes(take(db, desk, text)) == ["known", "known"]


def test_same_name_under_another_address_is_taken_and_pointed_out(db: Database, desk: Desk) -> None:
    _, second = take(db, desk, "name,email\nA,a@b.example\nA,c@d.example\n").rows
    assert second.outcome is Outcome.NEW
    assert second.reason == "the same name as line 2, under another address"


@pytest.mark.parametrize("status", [ProspectStatus.ANSWERED, ProspectStatus.DECLINED])
@pytest.mark.parametrize("email", ["office@refugees.example", "other@refugees.example", None])
def test_prospect_that_answered_is_never_revived(
    db: Database, desk: Desk, status: ProspectStatus, email: str | None
) -> None:
    with db.writing() as session:
        before = cast.prospect(session, {"en": "Center"}, status=status, answered_at=NOW)
        reference = before.reference
    [row] = take(db, desk, f"name,email\nCenter,{email or ''}\n").rows
    assert (row.outcome, row.reference) == (Outcome.KNOWN, reference)
    with db.reading() as session:
        assert not prospects.to_invite(session)


def test_other_organisation_at_an_address_that_answered_is_listed_and_said_not_to_be_invited(
    db: Database, desk: Desk
) -> None:
    with db.writing() as session:
        cast.signatory(session)
    [row] = take(db, desk, "name,email\nNew name,office@refugees.example\n").rows
    assert row.outcome is Outcome.ANSWERED


def test_suppressed_address_is_said_and_stays_suppressed(db: Database, desk: Desk) -> None:
    address = db.keyring.address_hash("a@b.example")
    with db.writing() as session:
        suppressions.suppress(
            session,
            address,
            SuppressionScope.INVITATIONS,
            SuppressionReason.UNSUBSCRIBED,
            actor="machine",
            at=NOW,
        )
    assert outcomes(take(db, desk, "name,email\nA,A@b.example\n")) == ["suppressed"]
    with db.reading() as session:
        assert suppressions.scopes(session, address) == {SuppressionScope.INVITATIONS}


def test_list_longer_than_a_transaction_is_taken_whole(db: Database, desk: Desk) -> None:
    text = "name,email\n" + "".join(f"Committee {number},a{number}@b.example\n" for number in range(250))
    assert take(db, desk, text).counts == {Outcome.NEW: 250}
    assert take(db, desk, text).counts == {Outcome.KNOWN: 250}


def test_nothing_of_the_list_lies_open_in_the_folder(db: Database, desk: Desk, folder: Path) -> None:
    take(db, desk, HEAD + ROW)
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    for planted in ("office@r.example", "کانون", "Refugee center", "Ada", "رفقای"):
        assert planted.encode() not in kept


# ── lists as people have them ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heading",
    [
        "نام تشکل؛ایمیل؛شهر",
        "نام سازمان,رایانامه,شهر",
        "نام تشكل\tايميل\tشهر",
        "Organisation;E-Mail-Adresse;Ort",
        "Verein;Mail;Stadt",
        "Nom de l'organisation;Courriel;Ville",
        "Association,Adresse électronique,Ville",
    ],
)
def test_headings_are_understood_in_persian_german_and_french(db: Database, desk: Desk, heading: str) -> None:
    delimiter = next(char for char in ";\t,؛" if char in heading)
    preview = take(db, desk, f"{heading}\nA{delimiter}a@b.example{delimiter}Berlin\n")
    assert (outcomes(preview), preview.ignored_columns) == (["new"], ())
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().details["city"] == "Berlin"


def test_list_saved_by_a_persian_excel_is_read(db: Database, desk: Desk) -> None:
    data = "نام تشکل;ایمیل\nکانون پناهندگان;a@b.example\n".replace("ی", "ي").encode("cp1256")
    preview = importing.run(db, desk, data, clock, actor="Bea")
    assert [(row.outcome, row.name) for row in preview.rows] == [("new", "کانون پناهندگان")]


def test_workbook_is_read(db: Database, desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.append(["نام تشکل", "ایمیل", "تلفن"])
    book.active.append(["کانون", "a@b.example", None])
    book.active.append(["انجمن", None, 4915112345678.0])
    file = io.BytesIO()
    book.save(file)
    preview = importing.run(db, desk, file.getvalue(), clock, actor="Bea")
    assert [(row.line, row.outcome) for row in preview.rows] == [(2, "new"), (3, "to_call")]
    with db.reading() as session:
        phones = [row.details.get("phone") for row in session.scalars(select(Prospect).order_by(Prospect.id))]
    assert phones == [None, "4915112345678"]


@pytest.mark.parametrize(
    "text",
    [
        "Committee A <a@b.example>, Union B <c@d.example>\n",
        "Committee A <a@b.example>\nUnion B <c@d.example>\n",
        "Committee A; a@b.example\nc@d.example Union B\n",
        '"Committee A" <a@b.example>; "Union B" <c@d.example>;',
    ],
)
def test_pasted_lines_of_names_and_addresses_are_read(db: Database, desk: Desk, text: str) -> None:
    preview = take(db, desk, text)
    with db.reading() as session:
        found = [(p.details["names"]["en"], p.email) for p in session.scalars(select(Prospect).order_by(Prospect.id))]
    assert found == [("Committee A", "a@b.example"), ("Union B", "c@d.example")]
    assert outcomes(preview) == ["new", "new"]


@pytest.mark.parametrize("cell", ["a@b.example, c@d.example", "a@b.example / c@d.example", "a@b.example c@d.example"])
def test_of_two_addresses_in_a_cell_the_first_is_written_to_and_the_other_kept(
    db: Database, desk: Desk, cell: str
) -> None:
    [row] = take(db, desk, f'name,email\nA,"{cell}"\n').rows
    assert (row.outcome, row.reason) == (Outcome.NEW, "it names 2 addresses: the first is written to")
    with db.reading() as session:
        prospect = session.scalars(select(Prospect)).one()
        assert (prospect.email, prospect.details["other_addresses"]) == ("a@b.example", ["c@d.example"])


def test_rows_that_share_an_address_are_pointed_out(db: Database, desk: Desk) -> None:
    rows = take(db, desk, "name,email\nA,a@b.example\nB,a@b.example\n").rows
    assert [row.reason for row in rows] == [None, "the same address as line 2: they get one mail"]


ALL_KINDS = (
    "name,email,city,country\n"
    "A,a@b.example,Berlin,\n"
    "A,a@b.example,Berlin,\n"  # the same again
    "A,c@d.example,Berlin,\n"  # the same name under another address
    "B,,,\nB,b@b.example,,\nB,x@b.example,,\n"  # to call, completed, another address
    "C,a@b.example,,\n"  # shares an address
    "Old,old@o.example,,\nOld,new@o.example,,\n"  # known without an address, completed, another address
    ",d@e.example,,\n"  # bad
    "E,e@post.example,,Iran\n"  # unsafe
    "S,s@s.example,,\n"  # suppressed
)


def test_preview_says_what_the_import_does_and_writes_nothing(db: Database, folder: Path) -> None:
    desk = cast.desk(db, folder, safety=SafetySettings(countries=frozenset({"IR"})))
    with db.writing() as session:
        cast.prospect(session, {"en": "Old"}, None)
        suppressions.suppress(
            session,
            db.keyring.address_hash("s@s.example"),
            SuppressionScope.INVITATIONS,
            SuppressionReason.UNSUBSCRIBED,
            actor="Bea",
            at=NOW,
        )
    planned = importing.plan(db, desk, ALL_KINDS.encode(), clock)
    with db.reading() as session:
        assert len(session.scalars(select(Prospect)).all()) == 1
    done = importing.run(db, desk, ALL_KINDS.encode(), clock, actor="Bea")
    assert [(row.line, row.outcome, row.reason) for row in planned.rows] == [
        (row.line, row.outcome, row.reason) for row in done.rows
    ]
    assert [row.outcome for row in planned.rows] == [
        "new", "known", "new", "to_call", "address_added", "new", "new", "address_added", "new", "bad", "new",
        "suppressed",
    ]  # fmt: skip
    assert planned.rows[10].reason == "withheld: its place is unsafe, by the settings"


@pytest.mark.parametrize(
    ("status", "name", "warns"),
    [
        (RevisionStatus.APPROVED, "Refugee center", True),
        (RevisionStatus.PENDING, "REFUGEE  center", True),
        (RevisionStatus.APPROVED, "کانون پناهندگان", True),
        (RevisionStatus.APPROVED, "The Refugee center e.V.", True),
        (RevisionStatus.WITHDRAWN, "Refugee center", False),
        (RevisionStatus.APPROVED, "Refugee", False),
    ],
)
def test_row_whose_organisation_has_signed_is_taken_with_a_warning(
    db: Database, desk: Desk, status: RevisionStatus, name: str, warns: bool
) -> None:
    lines = {"fa": PrintedLine("کانون پناهندگان"), "en": PrintedLine("Refugee center")}
    with db.writing() as session:
        signed = cast.signatory(session, lines, status=status).reference
    data = f"name,email\n{name},new@n.example\n"
    says = f"it may have signed already: {signed}" if warns else None
    planned = importing.plan(db, desk, data.encode(), clock)
    assert [(row.outcome, row.reason) for row in (*planned.rows, *take(db, desk, data).rows)] == [("new", says)] * 2


def test_preview_holds_nobody_up_who_writes(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        session.flush()
        cast.prospect(session, {"en": "Mine"}, "mine@m.example")
        assert importing.plan(db, desk, HEAD.encode() + ROW.encode(), clock).taken == 1
