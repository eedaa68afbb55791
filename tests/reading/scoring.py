"""How readings are compared with the truths of a corpus: folded, sign-ups paired by best name match.

Used by the tests and by scripts/score-reading.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach.reading.names import script
from outreach.reading.read import as_answer, read

_LETTERS = str.maketrans("يىئكةۀأإؤ", "یییکههااو", "\u200c\u0640")
_FIELDS = ("city", "country", "contact_person", "email", "individual")
_MACHINES = ("auto_reply", "bounce", "complaint", "other")
#: Confidences at which a bin of the reliability table begins.
BINS = (0.0, 0.6, 0.7, 0.8, 0.9)

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


@dataclass(frozen=True)
class Answered:
    """One message answered: how sure, and whether rightly. A name is right if none is wrong and no sign-up has none."""

    name: str
    kind: str
    confidence: float
    kind_right: bool
    names_right: bool

    @property
    def right(self) -> bool:
        return self.kind_right and self.names_right


@dataclass(frozen=True)
class Bin:
    """The messages answered with a confidence from ``low`` up to the next bin."""

    low: float
    messages: int
    kinds: int
    right: int

    def interval(self) -> tuple[float, float]:
        """Between what shares the true one lies with 95 % (Wilson 1927)."""
        n, share, z = self.messages, self.right / self.messages, 1.96
        middle, width = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, (middle - width) / (1 + z * z / n)), min(1.0, (middle + width) / (1 + z * z / n))


@dataclass
class Score:
    """What was right, missed and invented over many messages."""

    answered: list[Answered] = field(default_factory=list)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)  #: by (field, right | missed | invented)
    bounces: Counter[bool] = field(default_factory=Counter)
    harm: list[str] = field(default_factory=list)
    lost: dict[str, list[str]] = field(default_factory=dict)  #: by message, what was wrong

    @property
    def messages(self) -> int:
        return len(self.answered)

    @property
    def kinds(self) -> float:
        """The share of right kinds."""
        return sum(one.kind_right for one in self.answered) / self.messages

    @property
    def f1(self) -> float:
        return self._f1({name for name, _ in self.fields})

    def f1_by_field(self) -> dict[str, float]:
        return {name: self._f1({name}) for name in sorted({name for name, _ in self.fields})}

    def _f1(self, names: set[str]) -> float:
        said = {o: sum(self.fields[name, o] for name in names) for o in ("right", "missed", "invented")}
        return 2 * said["right"] / max(1, 2 * said["right"] + said["missed"] + said["invented"])

    def reliability(self) -> list[Bin]:
        """How often answers of about the same confidence are right; bins without messages are left out."""
        bins = []
        for low, high in zip(BINS, (*BINS[1:], 2.0), strict=True):
            inside = [one for one in self.answered if low <= one.confidence < high]
            if inside:
                bins.append(Bin(low, len(inside), sum(o.kind_right for o in inside), sum(o.right for o in inside)))
        return bins

    def add(self, name: str, truth: Answer, answer: Answer) -> None:
        notes: list[str] = []
        kind_right = truth["kind"] == answer["kind"]
        if not kind_right:
            notes.append(f"kind {answer['kind']} for {truth['kind']}")
        wrong, nameless = self._compare(truth["signups"], answer["signups"], notes)
        if truth["kind"] == "bounce":
            self.bounces[same := _same_bounce(truth["bounce"], answer["bounce"])] += 1
            notes += [] if same else [f"bounce {answer['bounce']} for {truth['bounce']}"]
        harm = [f"{name}: {what}" for what in _harm(truth, answer)]
        if wrong and answer["confidence"] >= 0.9:
            harm.append(f"{name}: a wrong name, and sure of it")
        self.harm += harm
        self.answered.append(Answered(name, answer["kind"], answer["confidence"], kind_right, not (wrong or nameless)))
        if notes:
            self.lost[name] = [f"{answer['confidence']:.2f}", *notes, *harm]

    def _compare(self, truths: list[Answer], answers: list[Answer], notes: list[str]) -> tuple[bool, bool]:
        """Count the fields; whether a name was answered wrongly, and whether a sign-up was left without its name."""
        wrong = nameless = False
        for truth, answer in _paired([facts(t) for t in truths], [facts(a) for a in answers]):
            right = {f for f in truth.keys() & answer.keys() if agrees(truth[f], answer[f])}
            for name in truth.keys() | answer.keys():
                group = "names" if name.startswith("name ") else name
                self.fields[group, "right"] += name in right
                self.fields[group, "missed"] += name in truth and name not in right
                self.fields[group, "invented"] += name in answer and name not in right
                if name not in right:
                    notes.append(f"{name}: {answer.get(name)!r} for {truth.get(name)!r}")
            wrong = wrong or any(f.startswith("name ") for f in answer.keys() - right)
            nameless = nameless or (_has_name(truth) and not _has_name(right))
        return wrong, nameless


def score(messages: Iterable[Path]) -> Score:
    """Read every message (NAME.eml with its truth NAME.json beside it) and compare."""
    found = Score()
    for message in messages:
        truth = json.loads(message.with_suffix(".json").read_text(encoding="utf-8"))
        found.add(message.stem, truth, as_answer(str(message), read(message.read_bytes())))
    return found


def held_out(folder: Path) -> frozenset[str]:
    """The messages of a corpus that only measure: their names stand in its held-out*.txt."""
    lists = (path.read_text(encoding="utf-8").split() for path in sorted(folder.glob("held-out*.txt")))
    return frozenset(name for names in lists for name in names)


def _paired(truths: Sequence[Answer], answers: Sequence[Answer]) -> list[tuple[Answer, Answer]]:
    """Each true sign-up with the answered one that has most names, then most values, like it; the rest alone."""

    def likeness(pair: tuple[int, int]) -> tuple[int, int]:
        truth, answer = truths[pair[0]], answers[pair[1]]
        alike = [f for f in truth.keys() & answer.keys() if agrees(truth[f], answer[f])]
        return sum(f.startswith("name ") for f in alike), len(alike)

    pairs = [(t, a) for t in range(len(truths)) for a in range(len(answers))]
    found: dict[int, int] = {}
    for t, a in sorted(pairs, key=likeness, reverse=True):
        if t not in found and a not in found.values():
            found[t] = a
    alone: list[tuple[Answer, Answer]] = [({}, answer) for a, answer in enumerate(answers) if a not in found.values()]
    return [(truth, answers[found[t]] if t in found else {}) for t, truth in enumerate(truths)] + alone


def _has_name(fields: Iterable[str]) -> bool:
    return any(f.startswith("name ") for f in fields)


def _same_bounce(truth: Answer, answer: Answer | None) -> bool:
    if answer is None or truth["permanent"] != answer["permanent"]:
        return False
    return {fold(r) for r in truth["recipients"]} == {fold(r) for r in answer["recipients"]}


def _harm(truth: Answer, answer: Answer) -> list[str]:
    """What the machine would have done unasked, and whom it would not have heard."""
    meant, read_as = truth["kind"], answer["kind"]
    found = []
    if read_as == "signup" and meant not in ("signup", "correction"):
        found.append(f"sign-up invented from {meant}")
    if read_as == "confirmation" and meant not in ("confirmation", "signup"):
        found.append(f"confirmation invented from {meant}")
    if read_as in ("withdrawal", "unsubscribe", "decline") and meant in ("signup", "confirmation"):
        found.append(f"{read_as} invented from {meant}")
    if meant not in _MACHINES and read_as in _MACHINES and not answer["needs_human"]:
        found.append(f"{meant} unheard, read as {read_as}")
    return found
