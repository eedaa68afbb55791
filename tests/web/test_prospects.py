"""The organisations to invite, as pages: found, paused, noted, not written to any more; with every mail."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from outreach.model import Event, InboundMessage, Pause, Prospect, Suppression
from outreach.store.references import new_reference
from outreach.words import Kind, OutboxStatus, ProspectStatus, SuppressionScope
from tests import cast
from tests.web.site import Answered, Site


def add(site: Site, name: str = "Refugees", email: str | None = "office@refugees.example", **values: Any) -> str:
    with site.program.db.writing() as session:
        return cast.prospect(session, {"en": name}, email, **values).reference


def received(session: Session, sender: str) -> InboundMessage:
    """A mail that came from an address."""
    keyring = cast.keyring_of(session)
    row = InboundMessage(
        reference=new_reference(session, InboundMessage),
        content_hash=keyring.hash("content", sender),
        size=1,
        arrived_at=cast.NOW,
        fetched_at=cast.NOW,
        sender_hash=keyring.address_hash(sender),
        kind=Kind.QUESTION,
    )
    session.add(row)
    return row


def act(site: Site, reference: str, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    return bea.post(f"/prospects/{reference}/{what}", {"token": bea.get("/").token, **form})


def show(site: Site, reference: str) -> str:
    return site.visitor("Bea").get(f"/prospects/{reference}").text


def test_organisations_are_listed_by_status_and_found_by_name_address_and_reference(site: Site) -> None:
    first = add(site)
    second = add(site, "Others", "office@others.example", status=ProspectStatus.INVITED, invited_at=cast.NOW)
    bea = site.visitor("Bea")
    assert second not in bea.get("/prospects?status=listed").text
    for search in ("refugees", "office@refugees.example", first.lower()):
        page = bea.get(f"/prospects?search={search}").text
        assert first in page, search
        assert second not in page, search


def test_many_organisations_are_shown_by_pages(site: Site) -> None:
    references = [add(site, f"Committee {at}", f"office@c{at}.example") for at in range(51)]
    bea = site.visitor("Bea")
    assert references[50] not in bea.get("/prospects").text
    assert references[50] in bea.get(f"/prospects?after={references[49]}").text


def test_every_mail_to_it_and_from_it_is_shown(site: Site) -> None:
    reference = add(site)
    with site.program.db.writing() as session:
        mail = cast.mail(session, status=OutboxStatus.SENT).reference
        message = received(session, "office@refugees.example").reference
        other = cast.mail(session, "office@others.example").reference
    page = show(site, reference)
    assert mail in page
    assert message in page
    assert other not in page


def test_pause_is_shown_until_it_is_resumed(site: Site) -> None:
    reference = add(site)
    assert act(site, reference, "pause").status == 303
    assert "until somebody lets it go on" in show(site, reference)
    assert act(site, reference, "resume").status == 303
    with site.program.db.reading() as session:
        assert session.query(Pause).count() == 0


@pytest.mark.parametrize("until", ["2000-01-01", "soon"])
def test_pause_until_a_day_that_has_passed_or_is_none_is_refused(site: Site, until: str) -> None:
    assert act(site, add(site), "pause", until=until).status == 409


def test_note_is_shown_as_text_and_not_written_into_the_log(site: Site) -> None:
    reference = add(site)
    assert act(site, reference, "note", text="<b>Rosa</b> asks her board").status == 303
    assert "&lt;b&gt;Rosa&lt;/b&gt; asks her board" in show(site, reference)
    with site.program.db.reading() as session:
        assert "Rosa" not in repr([event.reason for event in session.query(Event).all()])


def test_address_is_not_written_to_any_more(site: Site) -> None:
    reference = add(site)
    assert act(site, reference, "suppress", scope="everything").status == 303
    assert act(site, reference, "suppress", scope="some").status == 409
    assert "not written to" in show(site, reference)
    with site.program.db.reading() as session:
        assert [row.scope for row in session.query(Suppression).all()] == [SuppressionScope.EVERYTHING]
        assert session.query(Prospect).one().email_hash is not None


def test_what_has_no_address_cannot_be_suppressed(site: Site) -> None:
    assert act(site, add(site, email=None), "suppress", scope="everything").status == 409
