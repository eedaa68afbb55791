"""Invitations are stopped by a page or by one click: for the address of that very mail, and by a POST alone."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import Message

import pytest

from outreach.letters import inviting
from outreach.model import OutboxMail
from outreach.steps import followup
from outreach.store import campaign, log, suppressions
from outreach.words import MailKind, SuppressionScope
from tests import cast
from tests.public.place import Place
from tests.steps.story import sent

#: A suppression is tried on both databases by the tests of the steps; a browser sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

OFFICE = "office@refugees.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def invite(place: Place, address: str = OFFICE) -> Message:
    """An invitation as it would be sent, by the templates that would be used."""
    with place.program.db.writing() as session:
        listed = cast.prospect(session, email=address)
        mail = inviting.invitation(session, place.program.desk, [listed], cast.NOW)
        listed.invite(cast.NOW)
        assert mail is not None
        assert mail.content is not None
        return message_from_bytes(mail.content)


def link_of(place: Place, mail: Message) -> str:
    """The path of the link in its header."""
    url, _, mailto = " ".join(mail["List-Unsubscribe"].split()).partition(", ")
    assert mailto == "<mailto:statement@contact.example?subject=unsubscribe>"
    return str(url.strip("<>").removeprefix(place.url))


def suppressed(place: Place, address: str = OFFICE) -> frozenset[SuppressionScope]:
    with place.program.db.reading() as session:
        return suppressions.scopes(session, place.program.keyring.address_hash(address))


def test_invitation_offers_one_click_and_a_mail(place: Place) -> None:
    mail = invite(place)
    assert link_of(place, mail).startswith("/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_link_stands_in_no_text_that_could_be_passed_on(place: Place) -> None:
    mail = invite(place)
    token = link_of(place, mail).rpartition("/")[2]
    for part in mail.walk():
        if not part.is_multipart():
            assert token.encode() not in (part.get_payload(decode=True) or b"")


def test_looking_stops_nothing_however_often_and_by_whatever_means(place: Place) -> None:
    path = link_of(place, invite(place))
    for _ in range(3):
        assert place.get(path).status == 200
        assert place.visitor.request("HEAD", path, None, {}).status == 200
    assert place.visitor.request("OPTIONS", path, None, {}).status == 405
    assert suppressed(place) == frozenset()


def test_button_of_the_page_stops_invitations_and_reminders(place: Place) -> None:
    path = link_of(place, invite(place))
    assert 'name="answer" value="stop"' in place.get(path).text
    answered = place.post(path, {"answer": "stop", "language": "en"})
    assert "We shall invite you no more" in answered.text
    assert suppressed(place) == {SuppressionScope.INVITATIONS}
    with place.program.db.reading() as session:
        [event] = log.events(session).rows[-1:]
    assert (event.action, event.reason) == ("unsubscribed", "by the link of this mail")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        ),
    ],
)
def test_one_click_of_a_mail_program_acts_without_a_page_in_between(place: Place, kind: str, body: str) -> None:
    path = link_of(place, invite(place))
    answered = place.visitor.request("POST", path, body, {"Content-Type": kind})
    assert answered.status == 200
    assert suppressed(place) == {SuppressionScope.INVITATIONS}


def test_post_that_says_something_else_stops_nothing(place: Place) -> None:
    path = link_of(place, invite(place))
    for form in ({}, {"answer": ""}, {"List-Unsubscribe": "One"}, {"List-Unsubscribe-Post": "One-Click"}):
        assert place.post(path, form).status == 200
    assert suppressed(place) == frozenset()


def test_only_the_address_of_that_mail_is_stopped(place: Place) -> None:
    path = link_of(place, invite(place))
    invite(place, "other@council.example")
    place.post(path, ONE_CLICK)
    assert suppressed(place, "other@council.example") == frozenset()


def test_second_click_changes_nothing_and_the_page_is_quiet_then(place: Place) -> None:
    path, nowhere = link_of(place, invite(place)), place.get("/nowhere")
    assert place.post(path, ONE_CLICK).status == place.post(path, ONE_CLICK).status == 200
    with place.program.db.reading() as session:
        assert [event.action for event in log.events(session).rows].count("unsubscribed") == 1
    used = place.get(path)
    assert (used.status, used.text) == (nowhere.status, nowhere.text)


def test_token_that_is_not_ours_or_of_another_mail_does_nothing(place: Place) -> None:
    path = link_of(place, invite(place))
    with place.program.db.writing() as session:
        receipt = cast.mail(session, "rosa@elsewhere.example", kind=MailKind.RECEIPT)
        reference = receipt.reference.replace("-", "").lower()
    nowhere = place.get("/nowhere").text
    secret = path.rpartition("/")[2][8:]
    for wrong in (reference + secret, path[6:14] + "a" * 26, "a" * 34, "%00", "..%2f", path[6:] + "a"):
        assert place.get(f"/stop/{wrong}").text == nowhere, wrong
        assert place.post(f"/stop/{wrong}", ONE_CLICK).text == nowhere, wrong
    assert suppressed(place) == suppressed(place, "rosa@elsewhere.example") == frozenset()


def test_reminder_is_not_written_after_the_click(place: Place) -> None:
    place.post(link_of(place, invite(place)), ONE_CLICK)
    with place.program.db.writing() as session:
        [mail] = session.query(OutboxMail).all()
        sent(mail, cast.NOW)
    followup.run(place.program.db, place.program.desk, lambda: cast.NOW + timedelta(days=5))
    with place.program.db.reading() as session:
        assert session.query(OutboxMail).count() == 1


def test_link_of_a_rehearsal_stops_no_organisations_mail(place: Place) -> None:
    with place.program.db.writing() as session:
        campaign.the_campaign(session).started_at = None
    place.post(link_of(place, invite(place)), ONE_CLICK)
    assert suppressed(place) == frozenset()
    assert suppressed(place, "bea@team.example") == {SuppressionScope.INVITATIONS}
