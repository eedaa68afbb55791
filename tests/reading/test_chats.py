"""Chats pasted into a mail: what they say counts, and who wrote it is the contact."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import reading_of

_TELEGRAM = (
    "Soraya Jahan, [08.07.2026 22:41]\nhi\n\nSoraya Jahan, [08.07.2026 22:42]\n{said}\n\nBo, [08.07.2026 22:50]\nok"
)
_IPHONE = (
    "[08.07.26, 22:41:03] Soraya Jahan: hi\n[08.07.26, 22:42:10] Soraya Jahan: {said}\n[08.07.26, 22:50:01] Bo: ok"
)
_ANDROID = (
    "08.07.26, 22:41 - Soraya Jahan: hello all\n08.07.26, 22:42 - Soraya Jahan: {said}\n08.07.26, 22:50 - Bo Ek: ok\n"
)


@pytest.mark.parametrize("chat", [_TELEGRAM, _IPHONE, _ANDROID], ids=["telegram", "iphone", "android"])
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Please add the Harbour Choir, Leeds, UK.", "Harbour Choir"),
        ("لطفا انجمن روشنا را اضافه کنید", "انجمن روشنا"),
        ("Die Frauengruppe Weitblick unterschreibt.", "Frauengruppe Weitblick"),
    ],
)
def test_who_wrote_the_message_of_a_chat_is_the_contact(chat: str, said: str, name: str) -> None:
    reading = reading_of("Hi Mina, this came last night:\n\n" + chat.format(said=said))

    assert reading.kind is Kind.SIGNUP
    assert [*reading.signups[0].names.values()] == [name]
    assert reading.signups[0].contact_person == "Soraya Jahan"


@pytest.mark.parametrize(
    "text", ["We sign, see [1]: Harbour Choir, Leeds.", "On 08.07.26, 22:41 - late: Harbour Choir signs."]
)
def test_brackets_and_dates_make_no_chat(text: str) -> None:
    assert reading_of(text).signups[0].contact_person == "Anna Berg"
