"""What the words of a text say: its cues found and weighed sentence by sentence. ``kind`` decides what it comes to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from outreach.reading.lexicon import CONTEXTS, Hit, lexicon, words
from outreach.reading.phrases import GAP
from outreach.reading.sentences import Sentence
from outreach.words import NEGATIVE_KINDS

#: Without its accent, the yes of Spanish and Italian is an "if", unless it stands alone.
_YES_OR_IF: Final = ("si",)
ENOUGH: Final = 1.0  #: weight from which a kind counts
NEGATIVE: Final = frozenset(str(kind) for kind in NEGATIVE_KINDS)
_SIGNS: Final = re.compile(r"\W*(?:(?P<yes>\+1|[👍👌✅✔☑💯])|[👎❌✖])[\W\U0001f3fb-\U0001f3ff]*")
_QUOTED: Final = re.compile(r"[«“„\"]([^«»“”„\"]{3,80})[»”“\"]")
_PLAIN: Final = frozenset({"withdrawal", "unsubscribe", "decline", "correction", "question", "other", "auto_reply"})


#: Languages that a short text does not tell apart.
_ALIKE: Final = {"tr": "az", "az": "tr"}
_NAME: Final = 4  #: words of a name between "I" and "on behalf of"
_FEW: Final = 6  #: words up to which the language of a text is a guess, so that single words of any language count
_ASIDE: Final = 8  #: words of a sentence that is about one value
_SURE: Final = 2  #: common words of its language by which even a short text is known to be in it


class Context(StrEnum):
    """Which mail of ours the sender answers, as far as the quotation and subject show."""

    ASKING = "asking"
    PUBLISHED = "published"
    INVITATION = "invitation"
    UNKNOWN = "unknown"


class Heard(NamedTuple):
    """What one sentence says: its cues, and the weight by kind that they come to together."""

    sentence: Sentence
    hits: Sequence[Hit]
    scores: Mapping[str, float]


@dataclass(slots=True)
class Weighed:
    """What the words say: weight by kind (as text), and what is said besides."""

    score: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    said: set[str] = field(default_factory=set)  #: not_us, individual, several, pending, conditional, yes, no
    asked: bool = False  #: some sentence is a question
    heard: list[Heard] = field(default_factory=list)  #: sentence by sentence, to explain it
    last: str = ""  #: which of signup and decline was said last
    language: str = "und"  #: of the text (BCP 47)

    def has(self, kind: str) -> bool:
        return self.score[kind] >= ENOUGH


def context_of(quoted: str, subject: str) -> Context:
    """Which mail of ours is quoted; the subject speaks where nothing is quoted."""
    for text in (quoted[:6000], subject):
        found = {hit.cue.category for hit in lexicon().contexts_in(words(text))}
        for context in (Context.PUBLISHED, Context.ASKING, Context.INVITATION):
            if context in found and not (context is Context.PUBLISHED and Context.ASKING in found):
                return context
    return Context.UNKNOWN


def weigh(sentences: Iterable[Sentence], language: str | None) -> Weighed:
    """Add up the cues of the sentences; single words count only in the language of the text."""
    weighed = Weighed(language=language or "und")
    sentences = list(sentences)
    if language == "und" or not _is_sure(sentences, language):
        language = _of_phrases(sentences)
    for sentence in sentences:
        weighed.said |= _signs(sentence.text)
        weighed.asked = weighed.asked or (sentence.asks and len(sentence.words) >= 3)
        hits = _told([hit for hit in lexicon().find(sentence.words) if _counts(hit, language, sentence.words)])
        if not hits:
            weighed.heard.append(Heard(sentence, hits, {}))
            continue
        hits = _without_quoted(_without_spokesman(_within_clauses(hits)), sentence.text)
        weighed.said |= {hit.cue.category for hit in hits if not hit.turned}
        if _leaves_out_a_value(sentence.words):
            hits = _without_refused_requests(hits)
        scores = _sentence_scores(hits, asks=sentence.asks)
        if "conditional" in weighed.said and any(hit.cue.category == "otherwise" and hit.start <= 1 for hit in hits):
            scores = {"question": ENOUGH}  # "If … is taken out, we sign. Otherwise leave us out."
        weighed.heard.append(Heard(sentence, hits, scores))
        for kind, weight in scores.items():
            weighed.score[kind] += weight
            if kind in ("signup", "decline") and weight >= ENOUGH:
                weighed.last = kind
    return weighed


def _leaves_out_a_value(tokens: Sequence[str]) -> bool:
    """Whether a short sentence is about a part of the line: "no city please, do not put one" refuses no signature."""
    if len(tokens) > _ASIDE:
        return False
    about = {says for token in tokens if token not in lexicon().common for says in lexicon().label_classes(token)}
    return not about.isdisjoint(("city", "contact", "phone", "persian"))


def _without_refused_requests(hits: Sequence[Hit]) -> list[Hit]:
    refused = [hit for hit in hits if hit.turned and hit.cue.category == "request"]
    said = [hit for hit in hits if hit not in refused]
    return [h for h in said if h.cue.category != "decline" or not any(r.start < h.end <= r.end for r in refused)]


def _is_sure(sentences: Sequence[Sentence], language: str | None) -> bool:
    """Whether the text is long enough to be in this language, or holds its common words."""
    said = [word for sentence in sentences for word in sentence.words if word != ","]
    return len(said) > _FEW or sum(language in lexicon().common.get(word, ()) for word in said) >= _SURE


def _of_phrases(sentences: Sequence[Sentence]) -> str | None:
    """The one language of all phrases of several words in a short text: in "Na logisch, sehr gerne" "na" is no "no"."""
    said = {
        hit.cue.language
        for sentence in sentences
        for hit in lexicon().find(sentence.words)
        if len(hit.cue.phrase) > 1 and hit.cue.category not in CONTEXTS
    }
    return said.pop() if len(said) == 1 else None


def _within_clauses(hits: list[Hit]) -> list[Hit]:
    """Without the phrases that a gap carries over a "but" into a sign-up: «… نمی‌توانیم ولی من … امضا می‌کنم»."""
    buts = [hit for hit in hits if hit.cue.category == "contrast" and len(hit.cue.phrase) == 1]
    signs = [hit.start for hit in hits if hit.cue.category in ("signup", "request")]
    return [
        hit
        for hit in hits
        if GAP not in hit.cue.phrase
        or hit.cue.category not in NEGATIVE
        or not any(hit.start < but.start < at < hit.end for but in buts for at in signs)
    ]


def _without_spokesman(hits: list[Hit]) -> list[Hit]:
    """Without the "I" of who goes on with "on behalf of": «اینجانب به نمایندگی از …» is no person alone."""
    closings = {(hit.start, hit.end) for hit in hits if hit.cue.category == "closing"}
    behalves = [h.start for h in hits if h.cue.category == "named" and not h.turned and (h.start, h.end) in closings]
    return [
        hit
        for hit in hits
        if hit.cue.category != "individual"
        or len(hit.cue.phrase) > 1
        or not any(0 <= at - hit.end <= _NAME for at in behalves)
    ]


def _signs(text: str) -> set[str]:
    """What a short line of signs alone says: a raised thumb is a yes, a heart is none."""
    found = _SIGNS.fullmatch(text)
    return set() if found is None else {"yes" if found["yes"] else "no"}


def _without_quoted(hits: list[Hit], text: str) -> list[Hit]:
    """Without the sign-ups that only stand in quotation marks: «your text says "we sign"; we do not»."""
    for quoted in _QUOTED.findall(text):
        for cited in lexicon().find(words(quoted)):
            again = next((h for h in hits if h.cue == cited.cue and cited.cue.category == "signup"), None)
            if again is not None:
                hits.remove(again)
    return hits


def _counts(hit: Hit, language: str | None, tokens: Sequence[str]) -> bool:
    if hit.cue.phrase == _YES_OR_IF and hit.cue.category in ("yes", "confirmation") and tokens[hit.end : hit.end + 1]:
        return tokens[hit.end] == "," and (language is None or hit.cue.language == language)
    if hit.cue.category == "yes" and tokens[hit.end : hit.end + 1]:
        negators = lexicon().negators.get(hit.cue.language, frozenset())
        if tokens[hit.end] in negators:
            return False  # "we do not", "natürlich nicht"
    return len(hit.cue.phrase) > 1 or language is None or hit.cue.language in (language, _ALIKE.get(language))


def _told(hits: list[Hit]) -> list[Hit]:
    """The cues without those that stand in a report about others ("they had signed", "who signs?")."""
    told = [hit for hit in hits if hit.cue.category == "told"]
    return [h for h in hits if not any(t is not h and t.start <= h.start and h.end <= t.end for t in told)]


def _sentence_scores(hits: Sequence[Hit], *, asks: bool) -> dict[str, float]:
    """What one sentence says, per kind the strongest cue, conditions and negations considered."""
    categories = {hit.cue.category for hit in hits}
    score: dict[str, float] = defaultdict(float)
    if conditions(hits) and categories & {"signup", "request"}:
        return {"question": 1.0, "open": 1.0}  # "we sign if you remove …": the condition is no wish of its own
    settled = any(hit.cue.category == "settled" and not hit.turned for hit in hits)  # "at its meeting the board agreed"
    open_ = bool(conditions(hits)) or ("pending" in categories and not settled)
    for hit in hits:
        category, weight = hit.cue.category, hit.cue.weight
        if hit.turned and hit.cue.negated:
            undecided = hit.cue.negated == "decline" and categories & {"pending", "undecided"}
            category = "question" if undecided else hit.cue.negated  # "please do not list us yet"
        elif category in ("signup", "request"):
            category = (
                "question" if open_ or (asks and category == "signup" and "polite" not in categories) else "signup"
            )
        elif category == "abstain":
            category = "" if categories & {"action", "no_action"} else "abstain"
        elif category == "pending":
            category = "question"
        if category in _PLAIN or category in ("signup", "confirmation", "abstain"):
            score[category] = max(score[category], weight)
    if "elsewhere" in categories:  # "we do not sign for the Regina chapter": no refusal where they sign themselves
        score["abstain"] = max(score["abstain"], score.pop("decline", 0.0))
    return _refused(score, 0.0 if open_ or asks else _yes_behind_but(hits))


def _refused(score: dict[str, float], yes: float) -> dict[str, float]:
    """The weights where something is refused: "remove our signature" holds "our signature", which then says nothing.

    ``yes``: the sign-up said behind the refusal, and so the last of the two.
    """
    if any(score.get(kind, 0.0) >= ENOUGH for kind in NEGATIVE):
        score.pop("signup", None)
        score |= {"signup": yes} if yes else {}
    return score


def _yes_behind_but(hits: Sequence[Hit]) -> float:
    """The weight of "I sign" behind "but" and the refusal: "our department cannot, but I should like to sign"."""
    buts = [hit.start for hit in hits if hit.cue.category == "contrast"]
    if not buts:
        return 0.0
    declined = [
        hit.end for hit in hits if hit.cue.category == "decline" or (hit.turned and hit.cue.negated == "decline")
    ]
    if not declined or max(buts) < max(declined):
        return 0.0
    behind = [h for h in hits if h.start > max(buts) and not h.turned]
    if any(hit.cue.category in NEGATIVE for hit in behind):
        return 0.0
    return max((h.cue.weight for h in behind if h.cue.category in ("signup", "request")), default=0.0)


def conditions(hits: Sequence[Hit]) -> list[Hit]:
    """Conditions that are neither politeness ("if possible") nor about our rules ("if you take individuals")."""
    polite = [hit for hit in hits if hit.cue.category == "polite"]
    conditions = [hit for hit in hits if hit.cue.category == "conditional"]
    return [c for c in conditions if not any(p.start <= c.start < p.end for p in polite)]
