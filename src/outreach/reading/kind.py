"""What the sender wants, by what the words of the new text weigh: the kinds ranked by harm.

The more a wrong machine decision would hurt, the earlier a kind wins; what else was said goes into ``also``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from outreach.reading import places
from outreach.reading.halfyes import leaves_open
from outreach.reading.lexicon import lexicon
from outreach.reading.likeness import likest
from outreach.reading.restrictions import takes_back
from outreach.reading.verdict import Verdict
from outreach.reading.weighing import ENOUGH, NEGATIVE, Context, Weighed
from outreach.words import NEGATIVE_KINDS, Kind

#: In which order kinds win when several fit (corpus README).
RANK: Final = (
    Kind.WITHDRAWAL,
    Kind.UNSUBSCRIBE,
    Kind.DECLINE,
    Kind.CORRECTION,
    Kind.CONFIRMATION,
    Kind.SIGNUP,
    Kind.QUESTION,
)
#: "Esslingen, not Essen", "nicht Essen, sondern Esslingen": the right word beside the wrong one.
_INSTEAD: Final = re.compile(
    r"[^\W\d_], (?:a |und |et |y |e |och |og |en )?(?:not|nicht|pas|no|non|niet|inte|ikke|não|nie|όχι) "
    r"(?:\w{1,3} )?[A-ZÀ-ÞΑ-Ω]"
    r"|\b(?:nicht|not|pas|no|non|niet|inte|ikke|não|nie) (?:\w{1,3} )?[A-ZÀ-Þ][^,.\n]{1,60}, "
    r"(?:sondern|but|mais|sino|ma|maar|utan|men|mas|lecz|tylko) "
)
_SHORT: Final = 60  #: words of a letter up to which a word of support can stand for a yes
_BARE: Final = 8  #: words up to which a text without any context may be a bare yes
_CURT: Final = 3  #: words up to which "fine" alone is a yes to an invitation too

#: What a kind means under each mail of ours: a yes to our invitation signs, a no to our question disowns.
_MEANT: Final[dict[Context, dict[Kind, Kind]]] = {
    Context.INVITATION: {
        Kind.CONFIRMATION: Kind.SIGNUP,
        Kind.WITHDRAWAL: Kind.DECLINE,
        Kind.CORRECTION: Kind.QUESTION,
        Kind.AUTO_REPLY: Kind.OTHER,
    },
    Context.ASKING: {
        Kind.SIGNUP: Kind.OTHER,
        Kind.CONFIRMATION: Kind.OTHER,  # nobody consents by a guess
        Kind.DECLINE: Kind.WITHDRAWAL,
        Kind.AUTO_REPLY: Kind.OTHER,
    },
    Context.PUBLISHED: {
        Kind.SIGNUP: Kind.QUESTION,
        Kind.CONFIRMATION: Kind.OTHER,
        Kind.DECLINE: Kind.WITHDRAWAL,
        Kind.AUTO_REPLY: Kind.OTHER,
    },
    Context.UNKNOWN: {},
}


def decide(
    weighed: Weighed, context: Context, *, filled: bool, named: Callable[[], bool], new_words: int, corrected: bool
) -> Verdict:
    """The one kind. ``filled``: a form or list with a name was found; ``named``: a name stands in the text;
    ``corrected``: a printed line was rewritten.
    """
    score = weighed.score
    if filled and (score["signup"] or not weighed.has("open")):  # "if it is changed, we sign", and a name below
        # A filled form alone, in a mail that answers nothing of ours, may be anybody's form.
        # Below our own question it is as sure as the words "we sign".
        score["signup"] += ENOUGH + 0.1 if context is not Context.UNKNOWN or score["signup"] else 0.7
        weighed.last = "signup"
    if score["abstain"] and not weighed.has("signup"):
        score["decline"] += score["abstain"]
    if weighed.asked:
        score["question"] += 0.7 if context is Context.UNKNOWN else ENOUGH
    advertises = weighed.has("other") and not (context is Context.INVITATION and weighed.has("signup"))
    if advertises and not weighed.has("withdrawal"):  # who signs may well be a press officer
        return _other(weighed)
    free = not filled or context is Context.ASKING
    if free and (answer := _answer_to_us(weighed, context, new_words=new_words, corrected=corrected)):
        return answer
    amended = _takes_for_named(weighed, context)
    if weighed.asked and weighed.has("open") and weighed.has("decline"):
        return Verdict(Kind.QUESTION, "refusal with a condition", ("decline",), ("unsure",))  # "unless it is changed?"
    fitting = _fitting(weighed, context)
    if context is Context.INVITATION and _agrees(weighed, fitting) and named():
        return Verdict(Kind.SIGNUP, "agreement with a name", needs_human=("unsure",))
    if not fitting:
        unclear = Verdict(Kind.QUESTION, "a correction of nothing", needs_human=("unsure",))
        return unclear if amended else _nothing_found(weighed, context, named)
    verdict = _ranked(weighed, fitting, invited=context is Context.INVITATION)
    return verdict if filled or verdict.kind is not Kind.SIGNUP else _unless_doubtful(verdict, weighed, context, named)


def _unless_doubtful(verdict: Verdict, weighed: Weighed, context: Context, named: Callable[[], bool]) -> Verdict:
    """The sign-up, or a question where what they ask for is something else, or where they take it back."""
    if context in (Context.PUBLISHED, Context.ASKING) and not named():
        return Verdict(Kind.QUESTION, "signed already", ("signup",), ("unsure",))
    if weighed.score["open"] or takes_back(weighed, nameless=lambda: not named()):  # "fine in principle. If you cut …"
        return Verdict(Kind.QUESTION, "yes and no", ("signup",), ("yes and no",))
    return verdict


def _takes_for_named(weighed: Weighed, context: Context) -> bool:
    """Nothing of theirs is printed when we invite: "please spell it …" then only says how they are to be printed."""
    amended = context is Context.INVITATION and weighed.has("correction")
    if amended:
        weighed.score["correction"] = 0.0
        weighed.said.add("named")
    return amended


def _fitting(weighed: Weighed, context: Context) -> list[Kind]:
    """The kinds with enough weight, in their rank; who is printed already withdraws by "we do not support this"."""
    if context is Context.PUBLISHED and weighed.has("decline") and not weighed.has("signup"):
        weighed.score["withdrawal"] += weighed.score.pop("decline")
    return [kind for kind in RANK if weighed.has(kind) and kind is not Kind.CONFIRMATION]


def _agrees(weighed: Weighed, fitting: Sequence[Kind]) -> bool:
    """Whether something half says yes, and nothing says no, asks or waits."""
    hesitant = fitting or weighed.asked or weighed.said & {"pending", "conditional", "undecided"}
    against = any(weighed.score[kind] for kind in NEGATIVE | {"abstain", "auto_reply"})
    if hesitant or against:
        return False
    return "yes" in weighed.said or not _means_others(weighed) and (weighed.score["signup"] > 0 or _assents(weighed))


def _means_others(weighed: Weighed) -> bool:
    """Whether words stand there by which somebody else is meant: "I saw that the Forum signed", «شنیدم»."""
    others = lexicon().others.get(weighed.language, frozenset())
    return any(not others.isdisjoint(heard.sentence.words) for heard in weighed.heard)


def _assents(weighed: Weighed) -> bool:
    """Whether a word of support stands in a text that denies, contrasts and reports nothing."""
    known, language = lexicon(), weighed.language
    if weighed.said & {"contrast", "told", "other", "question", "no", "nothing", "no_action", "not_us", "taken_back"}:
        return False
    tokens = [word for heard in weighed.heard for word in heard.sentence.words]
    denied = not known.negators.get(language, frozenset()).isdisjoint(tokens)
    denied = denied or any(word.startswith(known.denying.get(language, ("\0",))) for word in tokens)
    return not denied and len(tokens) <= _SHORT and known.assents(tokens, language)


def _answer_to_us(weighed: Weighed, context: Context, *, new_words: int, corrected: bool) -> Verdict | None:
    """The answers that only our own question explains: yes, no, "not us", a line as it should be."""
    negative = refuses(weighed)
    bare = context is Context.UNKNOWN and new_words <= _BARE and not weighed.has("signup")
    if context is Context.ASKING and corrected and not negative:
        return Verdict(Kind.CORRECTION, "printed line rewritten", ("confirmation",) * weighed.has("confirmation"))
    agrees = weighed.has("confirmation") or "yes" in weighed.said
    if context is Context.ASKING and agrees and not negative and leaves_open(weighed):
        return Verdict(Kind.QUESTION, "a yes taken back", needs_human=("unsure",))
    if (context is Context.ASKING or bare) and agrees and not negative and not weighed.has("correction"):
        return _yes(weighed, context)
    if context is Context.ASKING and (no := _no(weighed, new_words)):
        return no
    if negative or weighed.has("signup"):
        return None  # "no problem, we are in"
    if "no" in weighed.said and new_words <= _BARE and context is not Context.ASKING:
        if context is Context.INVITATION:
            return Verdict(Kind.DECLINE, "no to our invitation")
        return Verdict(Kind.DECLINE, "bare no", needs_human=("unsure",))
    short = "yes" in weighed.said or (weighed.has("confirmation") and new_words <= _CURT)
    if context is Context.INVITATION and new_words <= _BARE and short and not weighed.has("question"):
        return Verdict(Kind.SIGNUP, "yes to our invitation")
    return None


def _yes(weighed: Weighed, context: Context) -> Verdict:
    """A yes, and what it is worth: alone, under our question, with a question of theirs or a "but" behind it."""
    if context is not Context.ASKING:
        return Verdict(Kind.CONFIRMATION, "bare yes", ("question",) if weighed.has("question") else ())
    if "partly" in weighed.said or _denies_place(weighed) or (not weighed.asked and _restricts(weighed)):
        return Verdict(Kind.CORRECTION, "yes, but", ("confirmation",), ("unsure",))
    if weighed.has("question"):
        return Verdict(Kind.CONFIRMATION, "yes to our question, and a question", ("question",))
    return Verdict(Kind.CONFIRMATION, "yes to our question")


def _no(weighed: Weighed, new_words: int) -> Verdict | None:
    """A no to our question, and what it denies: all of it, or a word of the line."""
    if "no" not in weighed.said or weighed.has("correction"):
        return None
    short = new_words <= 2 * _BARE
    if (short or not refuses(weighed)) and _puts_right(weighed):
        return Verdict(Kind.CORRECTION, "yes, but", needs_human=("unsure",))
    return Verdict(Kind.WITHDRAWAL, "no to our question", ("not_us",)) if short else None


def _puts_right(weighed: Weighed) -> bool:
    """Whether the no is about a place or a spelling that it gives: "no, we are in Uppsala", "Lund, not Lunt"."""
    if any(_INSTEAD.search(heard.sentence.text) for heard in weighed.heard):
        return True
    aside = weighed.said & {"located", "contrast"}
    return bool(aside) and any(places.find(heard.sentence.text) for heard in weighed.heard)


def _denies_place(weighed: Weighed) -> bool:
    """Whether a sentence says "not" and names a place: "we are in Minneapolis, not in Saint Paul"."""
    said = lexicon()
    return any(
        not said.negators.get(said.language_of(heard.sentence.words) or "", frozenset()).isdisjoint(
            heard.sentence.words
        )
        and places.find(heard.sentence.text)
        for heard in weighed.heard
    )


def _restricts(weighed: Weighed) -> bool:
    """Whether a "but" or "only" follows the yes: "yes, but the city is Bremen" must not print the line as it is."""
    agreed: set[str] = set()  # in which languages: the "but" of one is a common word in another
    for heard in weighed.heard:
        for hit in sorted(heard.hits, key=lambda hit: hit.start):
            if hit.cue.category == "contrast" and hit.cue.language in agreed:
                behind = {later.cue.category for later in heard.hits if later.start >= hit.end}
                if not behind & {"question", "no_action", "pending"}:  # "yes, but we hold no rally"
                    return True
            if hit.cue.category in ("yes", "confirmation"):
                agreed.add(hit.cue.language)
    return False


def _other(weighed: Weighed) -> Verdict:
    heard = [kind for kind in RANK if weighed.has(kind)]
    if not heard and weighed.score["other"] > ENOUGH:
        return Verdict(Kind.OTHER, "words of advertising")
    return Verdict(Kind.OTHER, "words of advertising among others", needs_human=("unsure",))


def refuses(weighed: Weighed) -> bool:
    """Whether the words say no, in whatever way."""
    return any(weighed.has(kind) for kind in NEGATIVE)


def _nothing_found(weighed: Weighed, context: Context, named: Callable[[], bool]) -> Verdict:
    """No kind has enough weight: a machine by its words, else something for a person to look at, with a guess."""
    if weighed.has("auto_reply"):
        return Verdict(Kind.AUTO_REPLY, "words of a machine", needs_human=("unsure",))
    best = max(RANK, key=lambda kind: weighed.score[kind])
    if best is Kind.QUESTION and weighed.score[best] >= 0.7:
        return Verdict(Kind.QUESTION, "only a question mark")
    kind = _guessed(weighed, context)
    if kind and (kind is not Kind.SIGNUP or (named() and not _means_others(weighed))):
        return Verdict(kind, "likest to phrases of its kind", needs_human=("unsure",))
    return Verdict(Kind.OTHER, "nothing found", needs_human=("unsure",))


def _guessed(weighed: Weighed, context: Context) -> Kind | None:
    """What the text is like, as an answer to the mail of ours that it answers; None where it answers none of ours."""
    if context is Context.UNKNOWN:
        return None
    guess = likest((heard.sentence.words for heard in weighed.heard), weighed.language)
    if guess is None:
        return None
    kind = _MEANT[context].get(guess.kind, guess.kind)
    hesitant = weighed.said & {"pending", "conditional", "undecided"}
    if kind in (Kind.SIGNUP, Kind.CONFIRMATION) and (hesitant or any(weighed.score[no] for no in NEGATIVE)):
        return Kind.QUESTION
    if kind in NEGATIVE_KINDS and "individual" in weighed.said:
        return Kind.QUESTION  # "our office stays out of it; may I sign for myself?"
    return None if kind is Kind.CONFIRMATION else kind  # nothing is printed on a guess


def _means_mail(weighed: Weighed) -> bool:
    """Whether the list to be taken off is that of our mails: "take my address off the list"."""
    off = [heard.scores for heard in weighed.heard if heard.scores.get("withdrawal", 0.0) >= ENOUGH]
    return bool(off) and all(scores.get("unsubscribe", 0.0) >= ENOUGH for scores in off)


def _ranked(weighed: Weighed, fitting: Sequence[Kind], *, invited: bool) -> Verdict:
    """The first kind that fits; the others go into ``also``, and a contradiction to a person."""
    if invited and _means_mail(weighed):
        fitting = [kind for kind in fitting if kind is not Kind.WITHDRAWAL]
    kind, rest = fitting[0], tuple(str(other) for other in fitting[1:])
    machine = weighed.has("auto_reply") and weighed.score["auto_reply"] >= weighed.score[kind]
    if machine and kind in (Kind.QUESTION, Kind.UNSUBSCRIBE, Kind.DECLINE):
        return Verdict(Kind.AUTO_REPLY, "words of a machine among others", needs_human=("unsure",))
    also = (*rest, *(("not_us",) if "not_us" in weighed.said and kind is Kind.WITHDRAWAL else ()))
    doubtful = weighed.last == "signup" and weighed.score["signup"] >= weighed.score["decline"]
    if kind is Kind.DECLINE and Kind.SIGNUP in fitting and doubtful:
        # "Our federation does not sign, but our branch does", or sarcasm: only a person can tell, so nothing is done.
        surely = weighed.score["signup"] > weighed.score["decline"] + 0.5 or "individual" in weighed.said
        return Verdict(Kind.SIGNUP if surely else Kind.QUESTION, "yes and no", ("signup", "decline"), ("yes and no",))
    contradiction = kind in NEGATIVE_KINDS and Kind.SIGNUP in fitting
    if contradiction and kind is Kind.WITHDRAWAL and invited:
        # Who answers an invitation with a yes has nothing to withdraw: a person tells what the no was about.
        return Verdict(Kind.QUESTION, "yes and no", ("signup", "withdrawal"), ("yes and no",))
    if contradiction:
        return Verdict(kind, "yes and no", also, ("yes and no",))
    rule = "plain words" if weighed.score[kind] > ENOUGH else "one cue"
    return Verdict(kind, f"{rule} among others" if rest else rule, also)
