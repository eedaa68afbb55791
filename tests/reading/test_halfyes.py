"""A yes to our question that leaves something open confirms nothing; a whole one does."""

from __future__ import annotations

import pytest

from tests.reading.letters import QUOTED_ASKING, reading_of


@pytest.mark.parametrize(
    "text",
    [
        "Yes, provided the Party is not on the list.",
        "I'll check with the chair whether that's right.",
        "The line is fine; whether we sign is decided on Friday.",
        "Who sent you this? The line is right, but it was not me.",
        "Fine by me. Ask Ada, she decides.",
        "Stimmt, aber der Vorstand muss noch zustimmen.",
        "Oui c'est juste, mais notre bureau ne l'a pas encore validé.",
        "بله درست است اما هنوز هیئت مدیره تصویب نکرده.",
    ],
)
def test_who_waits_for_somebody_has_not_confirmed(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind != "confirmation"


@pytest.mark.parametrize(
    "text",
    [
        "Yes I got your mail.",
        "Yes, this is the right address.",
        "OK I will forward it to our secretary.",
        "Ja, die Mail ist angekommen.",
        "Ok, ich leite es weiter.",
        "Oui, bien reçu.",
        "D'accord, je transmets.",
        "Vale, lo paso a la junta.",
        "Va bene, lo giro al presidente.",
        "Ok jag skickar vidare till styrelsen.",
        "Goed, ik stuur het door.",
    ],
)
def test_a_yes_to_having_received_or_passed_on_the_mail_confirms_nothing(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind != "confirmation"


@pytest.mark.parametrize(
    "text",
    [
        "Yes",
        "sí",
        "Yes please!",
        "Yes, that is us. Thank you for asking.",
        "Yes, we confirm. Our members are very glad about this.",
        "Yes, correct. See you on Saturday in Leeds.",
        "Yes, but we hold no rally.",
        "Ja, gern so drucken.",
        "Ja, das ist richtig so. Wir freuen uns auf den 5. September!",
        "Sí, está perfecto, muchas gracias por el trabajo que hacen.",
        "بله، کاملاً درست است. دستتان درد نکند.",
    ],
)
def test_a_whole_yes_with_kind_words_confirms(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind == "confirmation"
