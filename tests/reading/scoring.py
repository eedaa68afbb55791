"""How a reading is compared with the truth of a corpus message: folded, sign-ups paired by best name match."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from outreach.reading.names import script

_LETTERS = str.maketrans("يىئكةۀأإؤ", "یییکههااو", "\u200c\u0640")
_FIELDS = ("city", "country", "contact_person", "email", "individual")
_MACHINES = ("auto_reply", "bounce", "complaint", "other")

Answer = dict[str, Any]


def fold(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value)).casefold().translate(_LETTERS)
    return re.sub(r"[\W_]+", "", "".join(str(unicodedata.digit(c, c)) for c in text if unicodedata.category(c) != "Mn"))


def agrees(truth: object, answer: object) -> bool:
    return any(fold(one) == fold(answer) for one in (truth if isinstance(truth, list) else [truth]))


def facts(signup: Answer) -> Answer:
    """A sign-up flat: what it says, by field, names by script."""
    said = {
        f"name {script(str(name[0] if isinstance(name, list) else name))}": name
        for name in (signup.get("names") or {}).values()
        if name
    }
    said |= {name: signup[name] for name in _FIELDS if signup.get(name) not in (None, "", [])}
    action = signup.get("action") or {}
    return said | {f"action.{name}": action[name] for name in ("joins", "date") if action.get(name) is not None}


@dataclass
class Score:
    """What was right, missed and invented over many messages."""

    messages: int = 0
    kinds: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    harm: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        right = self.fields["right"]
        return 2 * right / (2 * right + self.fields["missed"] + self.fields["invented"])

    def add(self, name: str, truth: Answer, answer: Answer) -> None:
        self.messages += 1
        self.kinds += truth["kind"] == answer["kind"]
        wrong = self._compare(truth["signups"], answer["signups"])
        if answer["kind"] == "signup" and truth["kind"] not in ("signup", "correction"):
            self.harm.append(f"{name}: sign-up invented")
        if answer["kind"] == "confirmation" and truth["kind"] not in ("confirmation", "signup"):
            self.harm.append(f"{name}: confirmation invented")
        if answer["kind"] in ("withdrawal", "unsubscribe", "decline") and truth["kind"] in ("signup", "confirmation"):
            self.harm.append(f"{name}: {answer['kind']} invented")
        if truth["kind"] not in _MACHINES and answer["kind"] in _MACHINES and not answer["needs_human"]:
            self.harm.append(f"{name}: {truth['kind']} unheard")
        if wrong and answer["confidence"] >= 0.9:
            self.harm.append(f"{name}: a wrong name, and sure of it")

    def _compare(self, truths: list[Answer], answers: list[Answer]) -> bool:
        """Count the fields; whether a name was answered wrongly."""
        left = [facts(answer) for answer in answers]
        wrong = False
        for truth in map(facts, truths):
            best = max(left, key=lambda a: sum(agrees(truth[f], a[f]) for f in truth.keys() & a.keys()), default={})
            left = [answer for answer in left if answer is not best]
            right = {f for f in truth.keys() & best.keys() if agrees(truth[f], best[f])}
            wrong = wrong or any(f.startswith("name") for f in best.keys() - right)
            self.fields.update(right=len(right), missed=len(truth) - len(right), invented=len(best) - len(right))
        self.fields.update(invented=sum(len(answer) for answer in left))
        return wrong or any(f.startswith("name") for answer in left for f in answer)
