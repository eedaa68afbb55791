"""One case, as a page: what is fetched on demand, and what binds it to a time or to another entry."""

from __future__ import annotations

import pytest

from outreach.model import Hold, Relation, Signatory
from outreach.words import HoldKind, RelationKind
from tests import cast
from tests.web.site import Answered, Site
from tests.web.test_review import received

#: What acts do to the rows is tried on both databases by the tests of the steps; a page sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def add(site: Site, email: str) -> str:
    with site.program.db.writing() as session:
        return cast.signatory(session, email=email).reference


def act(site: Site, reference: str, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    page = bea.get(f"/queue/{reference}")
    return bea.post(f"/queue/{reference}/{what}", {"token": page.token, "version": page.version, **form})


def related(site: Site) -> list[tuple[RelationKind, str | None, bool]]:
    with site.program.db.reading() as session:
        return [(one.kind, one.note, one.ended_at is None) for one in session.query(Relation).all()]


def test_headers_of_the_mail_are_shown_when_somebody_asks(site: Site) -> None:
    reference = received(site)
    bea = site.visitor("Bea")
    plain, asked = bea.get(f"/queue/{reference}").text, bea.get(f"/queue/{reference}?headers=yes").text
    assert "statement@contact.example" not in plain
    assert "statement@contact.example" in asked


def test_a_contact_that_was_read_from_the_mail_is_shown_once(site: Site) -> None:
    page = site.visitor("Bea").get(f"/queue/{received(site)}").text
    table = page[page.index('<table class="read">') : page.index("</table>", page.index('<table class="read">'))]
    assert table.count("office@refugees.example") == table.count("Rosa Doe") == 1


def test_entry_without_a_mail_has_no_headers(site: Site) -> None:
    reference = add(site, "a@a.example")
    assert site.visitor("Bea").get(f"/queue/{reference}?headers=yes").status == 200


def test_embargo_needs_a_time_and_shows_it(site: Site) -> None:
    reference = add(site, "a@a.example")
    form = {"kind": "embargo", "text": "their congress comes first"}
    assert act(site, reference, "hold", **form).status == 409
    assert act(site, reference, "hold", **form, until="2026-08-01T12:00").status == 409
    assert act(site, reference, "hold", kind="withheld", text="x", until="2026-08-25T12:00").status == 409
    assert act(site, reference, "hold", **form, until="2026-08-25T12:00").status == 303
    with site.program.db.reading() as session:
        assert [hold.kind for hold in session.query(Hold).all()] == [HoldKind.EMBARGO]
    assert "2026-08-25 12:00" in site.visitor("Bea").get(f"/queue/{reference}").text


def test_relation_is_shown_on_both_sides_and_ended_where_it_was_written_down(site: Site) -> None:
    branch, whole = add(site, "a@a.example"), add(site, "b@b.example")
    done = act(site, branch, "relate", kind="branch_of", other=whole.lower(), note="since <2019>")
    assert done.headers["location"].startswith(f"/queue/{branch}?")
    says = f"{branch} is a branch of {whole}: since &lt;2019&gt;"
    bea = site.visitor("Bea")
    assert says in bea.get(f"/queue/{whole}").text
    assert "unrelate" not in bea.get(f"/queue/{whole}").text
    assert says in bea.get(f"/queue/{branch}").text
    assert act(site, branch, "unrelate", kind="branch_of", other=whole).status == 303
    assert related(site) == [(RelationKind.BRANCH_OF, "since <2019>", False)]
    assert says not in bea.get(f"/queue/{branch}").text


def test_condition_names_somebody_in_words_and_is_ended_too(site: Site) -> None:
    reference = add(site, "a@a.example")
    assert act(site, reference, "relate", kind="not_beside", other="", note="the party of the shah").status == 303
    assert act(site, reference, "unrelate", kind="not_beside", other="").status == 303
    assert related(site) == [(RelationKind.NOT_BESIDE, "the party of the shah", False)]


def test_relation_that_makes_no_sense_is_refused(site: Site) -> None:
    reference = add(site, "a@a.example")
    for form in (
        {"kind": "branch_of", "other": reference},
        {"kind": "branch_of", "other": ""},
        {"kind": "branch_of", "other": "AAAA-AAAA"},
        {"kind": "cousin_of", "other": reference},
        {"kind": "not_beside", "other": "", "note": "x" * 201},
    ):
        assert act(site, reference, "relate", **form).status == 409, form
    assert related(site) == []


def test_relation_to_a_case_that_changed_is_refused(site: Site) -> None:
    first, second = add(site, "a@a.example"), add(site, "b@b.example")
    bea = site.visitor("Bea")
    page = bea.get(f"/queue/{first}")
    with site.program.db.writing() as session:
        session.query(Signatory).filter_by(reference=first).one().newest.approve(cast.NOW, by="Cyrus")
    form = {"token": page.token, "version": page.version, "kind": "branch_of", "other": second}
    assert bea.post(f"/queue/{first}/relate", form).status == 409
    assert related(site) == []
