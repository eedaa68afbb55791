"""What a gateway puts above a mail from outside is not its sender's, and what only sounds like it is."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import reading_of

BANNERS = [
    "[EXTERNAL] This email originated from outside of the organization. Do not click links unless you know the sender.",
    "CAUTION: This e-mail was sent from outside our network. Be careful with attachments.",
    "EXTERNAL EMAIL: Do not click links or open attachments unless you recognise the sender.",
    "This message is from an external sender. Do not click on links.",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Öffnen Sie keine Anhänge.",
    "[EXTERN] Diese Nachricht kommt von außerhalb der Organisation. Bitte keine Links anklicken.",
    "[EXTERNE] Ce courriel provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens.",
    "ATTENTION : ce message vient d'un expéditeur externe. N'ouvrez aucune pièce jointe.",
    "PRECAUCIÓN: Este correo electrónico se originó fuera de la organización. No haga clic en enlaces.",
    "LET OP: Deze e-mail komt van buiten de organisatie. Klik niet op links.",
    "ATTENZIONE: questa e-mail proviene dall'esterno. Non cliccare sui link, non aprire allegati.",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_a_warning_of_a_gateway_is_not_the_senders(banner: str) -> None:
    reading = reading_of(f"{banner}\n\nPlease add us: Harbour Choir, Bergen, Norway.\n\nAda")

    assert reading.parts["new"].startswith("Please add us")
    assert reading.signups[0].names == {"en": "Harbour Choir"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This message comes from outside Iran, but with all our heart: who organises the rally?", Kind.QUESTION),
        ("Attention: this email is from a new address. Please add us: Harbour Choir, Bergen, Norway.", Kind.SIGNUP),
        (
            "Ce message vient d'une association à l'extérieur de Paris : nous signons, Chorale du Port, Brest.",
            Kind.SIGNUP,
        ),
        ("Diese Nachricht kommt von außerhalb: wir unterschreiben nicht.", Kind.DECLINE),
    ],
)
def test_a_sender_who_writes_from_outside_is_heard(text: str, kind: Kind) -> None:
    assert reading_of(text).kind is kind


def test_a_greeting_right_below_a_warning_begins_what_the_sender_says() -> None:
    reading = reading_of(f"{BANNERS[0]}\nDear friends,\nplease add us: Harbour Choir, Bergen, Norway.\nAda")

    assert reading.parts["new"].startswith("Dear friends")
    assert reading.signups[0].names == {"en": "Harbour Choir"}
