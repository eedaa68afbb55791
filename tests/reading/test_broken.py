"""Quoted lines that a client has wrapped without repeating the mark."""

from __future__ import annotations

from tests.reading.layouts import wrapped
from tests.reading.letters import reading_of

HEAD = "On Mon, 20 Jul 2026 at 09:30, Campaign <contact@campaign.example> wrote:\n\n"


def test_the_rest_of_a_broken_line_is_not_theirs() -> None:
    reading = reading_of(
        f"Please add us: Lantern Films, Kochi, India.\n\n{HEAD}"
        "> There is nothing to open: the whole text is below, and a short no helps\n"
        "too; then we stop writing, and you get no more mails from us.\n> Mina"
    )

    assert reading.parts["new"] == "Please add us: Lantern Films, Kochi, India."
    assert "no more mails" in reading.parts["quoted"]
    assert reading.also == ()


def test_an_answer_right_below_a_whole_sentence_stays_theirs() -> None:
    reading = reading_of(
        f"{HEAD}> Would your organisation sign too? A plain reply is enough, in any language.\n"
        "gladly, as Lantern Films\n> Mina"
    )

    assert reading.parts["new"] == "gladly, as Lantern Films"


def test_an_answer_between_two_short_quoted_lines_stays_theirs() -> None:
    reading = reading_of(f"{HEAD}> Country\nindia\n> Who speaks for you\nasha\n> Mina")

    assert reading.parts["new"].split() == ["india", "asha"]


def test_an_answer_with_room_around_it_stays_theirs_though_the_quotation_was_cut() -> None:
    reading = reading_of(
        f"{HEAD}> I am writing for the group that prepares the joint statement for\n\nthat sounds good\n\n> Mina"
    )

    assert reading.parts["new"] == "that sounds good"


BROKEN = (
    "> I am writing for the group that prepares the joint statement for Saturday, 5 September 2026. Nahid gave me your "
    "address, and 31 organisations have signed, among them the Kanoon and the Women for Freedom.\n>\n"
    "> Only name, city and country are printed (an action only if you allow it), and nothing before you saw it.\n>\n"
    "> There is nothing to open: the whole text is below, and a plain reply is enough, in any language.\n"
)


def test_broken_lines_may_go_on_in_capitals_where_others_show_that_the_client_breaks_them() -> None:
    quoted = f"{BROKEN}> If you want no more mail from us, then please answer in a word or two, UNSUBSCRIBE, to us.\n>"
    reading = reading_of(f"{wrapped(HEAD + quoted, 72)}\n> Mina\n\nPlease add us: Lantern Films, Kochi, India.")

    assert "\nUNSUBSCRIBE" in reading.parts["quoted"]
    assert reading.parts["new"] == "Please add us: Lantern Films, Kochi, India."


def test_an_answer_below_a_label_stays_theirs_though_other_lines_were_broken() -> None:
    quoted = f"{BROKEN}>\n> Name in English:\nLantern Films\n> Country:\nIndia\n> Mina"
    reading = reading_of(wrapped(HEAD + quoted, 72))

    assert reading.parts["new"].split() == ["Lantern", "Films", "India"]


def test_an_answer_below_a_question_in_greek_stays_theirs() -> None:
    quoted = f"{BROKEN}> Θα υπογράψει και η οργάνωσή σας τη δήλωση για τις πέντε του μήνα;\nφυσικά\n> Mina"
    reading = reading_of(wrapped(HEAD + quoted, 72))

    assert reading.parts["new"] == "φυσικά"
