"""Short answers in chat style under our invitation and under our asking back."""

from email.message import EmailMessage

import pytest

from outreach.reading.read import read

INVITATION = "> Would your organisation sign too? A plain reply is enough.\n> If yes, please answer with:\n> Name:\n"
ASKING = "> So that no name is used without its owners knowing, we ask back once.\n> Right? Reply “yes”.\n"


def _kind(text: str, quoted: str) -> str:
    mail = EmailMessage()
    mail["From"] = "Robin Lee <robin@forum.example>"
    mail["Subject"] = "Re: hello"
    heading = "On Mon, 20 Jul 2026 at 09:30, Campaign <contact@campaign.example> wrote:"
    mail.set_content(f"{text}\n\nRobin\n\n{heading}\n{quoted}")
    return str(read(mail.as_bytes()).kind)


@pytest.mark.parametrize(
    "text",
    [
        "Our committee met last night and it was a yes. Northern Workers Alliance, Glasgow.",
        "You have our backing: Cork Peace Forum.",
        "Der Vorstand hat zugestimmt. Name: Friedensforum Kassel e.V.",
        "Ihr könnt das Friedensforum Kassel dazunehmen.",
        "Notre bureau a donné son accord : Collectif Liberté Lyon.",
        "درود، شورای ما موافقت کرد. کانون زنان مالمو، سوئد",
        "اسم کانون زنان مالمو رو هم بذارین",
        "Styrelsen har sagt ja. Kvinnoföreningen Malmö.",
        "La junta ha dado el visto bueno: Ateneo Libertad.",
    ],
)
def test_an_approval_is_a_signup_when_it_answers_our_invitation(text: str) -> None:
    assert _kind(text, INVITATION) == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "Thank you. I will pass it on to our board. Cork Peace Forum, Ireland",
        "Danke, ich leite es an den Vorstand weiter. Friedensforum Kassel",
        "Merci, je transmets au bureau. Collectif Liberté Lyon",
    ],
)
def test_passing_it_on_is_no_signup_when_a_name_stands_below(text: str) -> None:
    assert _kind(text, INVITATION) == "question"


@pytest.mark.parametrize(
    "text",
    [
        "Yes but please leave out the city.",
        "Ja, aber die Stadt ist Bremen.",
        "بله فقط شهر برمن است",
        "Oui, sauf que c'est Brême.",
        "Sí, pero la ciudad es Bremen.",
        "Ja maar de stad is Bremen.",
    ],
)
def test_a_yes_does_not_confirm_when_a_but_follows(text: str) -> None:
    assert _kind(text, ASKING) == "correction"


@pytest.mark.parametrize(
    "text", ["Genau so, danke.", "بله همینه", "Sí, así está bien", "Sorry for the delay, but yes!"]
)
def test_a_yes_confirms_when_nothing_restricts_it(text: str) -> None:
    assert _kind(text, ASKING) == "confirmation"
