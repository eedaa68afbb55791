"""Two readings of one mail beside each other, as answers (``as_answer``): what was understood then, and what is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: What of a sign-up is compared; evidence may move without anything being understood differently.
_FIELDS: Final = ("individual", "names", "city", "country", "contact_person", "email", "action")

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field then and now. ``signup`` counts from 1; of a name, ``language`` says in which it is (BCP 47)."""

    field: str
    then: tuple[str, ...]
    now: tuple[str, ...]
    signup: int | None = None
    language: str | None = None

    @property
    def differs(self) -> bool:
        return self.then != self.now


def essence(answer: Answer) -> tuple[Any, ...]:
    """What two readings must share to have understood the same."""
    signups = [{name: signup.get(name) for name in _FIELDS} for signup in answer["signups"]]
    return answer["kind"], signups, answer["bounce"], answer["also"], answer["needs_human"]


def side_by_side(then: Answer, now: Answer) -> tuple[Compared, ...]:
    """Every field that has a value then or now; ``then`` is empty for a mail that could not be read."""
    before, after = _flat(then), _flat(now)
    keys = dict.fromkeys([*after, *before])
    rows = [Compared(key[1], before.get(key, ()), after.get(key, ()), key[0], key[2]) for key in keys]
    return tuple(sorted(rows, key=lambda row: row.signup or 0))


#: Which sign-up (None: the mail itself), field, language.
_Key = tuple[int | None, str, str | None]


def _flat(answer: Answer) -> dict[_Key, tuple[str, ...]]:
    if not answer:
        return {}
    bounce = answer["bounce"]
    found: dict[_Key, tuple[str, ...]] = {
        (None, "kind", None): (str(answer["kind"]),),
        (None, "also", None): tuple(map(str, answer["also"])),
        (None, "needs_human", None): tuple(map(str, answer["needs_human"])),
        (None, "bounce", None): tuple(bounce["recipients"]) if bounce else (),
    }
    for number, signup in enumerate(answer["signups"], 1):
        for field in _FIELDS:
            value = signup.get(field)
            if field == "names":
                found |= {(number, "name", language): (name,) for language, name in (value or {}).items()}
            else:
                found[number, field, None] = _texts(value)
    return {key: values for key, values in found.items() if values}


def _texts(value: object) -> tuple[str, ...]:
    match value:
        case None | False | "":
            return ()
        case True:
            return ("yes",)
        case dict():  # what they plan to do on the day: place, date, time
            return tuple(str(one) for one in value.values() if one and one is not True)
    return (str(value),)
