"""Two readings of a mail side by side: every field that has a value, and which of them differ."""

from __future__ import annotations

from outreach.reading.answer import as_answer
from outreach.reading.compared import side_by_side
from outreach.reading.result import Bounce, Reading, Signup
from outreach.words import Action, Kind


def reading(kind: Kind = Kind.SIGNUP, *signups: Signup, bounce: Bounce | None = None) -> dict[str, object]:
    return as_answer("", Reading(kind, 1.0, "en", {}, signups, bounce=bounce))


def test_each_field_stands_beside_itself_and_says_whether_it_differs() -> None:
    then = reading(Kind.SIGNUP, Signup(names={"en": "Refugees", "fa": "پناهندگان"}, city="Bonn"))
    now = reading(Kind.SIGNUP, Signup(names={"en": "Refugees"}, city="Berlin", action=Action(True, "the square", None)))
    rows = [(row.field, row.language, row.then, row.now, row.differs) for row in side_by_side(then, now)]
    assert rows == [
        ("kind", None, ("signup",), ("signup",), False),
        ("name", "en", ("Refugees",), ("Refugees",), False),
        ("city", None, ("Bonn",), ("Berlin",), True),
        ("action", None, (), ("the square",), True),
        ("name", "fa", ("پناهندگان",), (), True),
    ]


def test_sign_ups_are_counted_and_follow_each_other() -> None:
    rows = side_by_side(reading(), reading(Kind.SIGNUP, Signup(city="Bonn"), Signup(city="Mainz", individual=True)))
    assert [(row.signup, row.field) for row in rows] == [(None, "kind"), (1, "city"), (2, "individual"), (2, "city")]


def test_mail_that_could_not_be_read_has_nothing_on_the_one_side() -> None:
    rows = side_by_side({}, reading(Kind.BOUNCE, bounce=Bounce(("office@gone.example",), permanent=True)))
    assert [(row.field, row.then, row.now) for row in rows] == [
        ("kind", (), ("bounce",)),
        ("bounce", (), ("office@gone.example",)),
    ]
