"""What programs add below a sender's words: greeting cards of clients, legal notices, footers of mailing lists.

Used by `reply`: such lines are kept as signature. Each test is linear in the line; `may_be_footer` is the cheap one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from outreach.reading.lexicon import lexicon
from outreach.reading.originals import compiled, is_rule, phrases, plain, words_of
from outreach.reading.quotemarks import MARKS, line_at

_DELIMITERS: Final = frozenset({"--", "---", "—", "––", "__", "- --", "—-", "-- --", "\\--", "––-"})
_DOUBTFUL: Final = frozenset({"---", "—", "__"})  #: delimiters that people also put between paragraphs
_SIGNATURE_LINES: Final = 25  #: a longer text after a delimiter is no signature
_SPOKEN_WITHIN: Final = 3  #: lines below a delimiter in which no sentence ends
_SENTENCE: Final = 4  #: words of a sentence
_MAX_CARD: Final = 140
_MAX_WORDS: Final = 14
_AROUND: Final = " -—–_*<>()[]"  #: what people put around a card

_SENT = compiled(rf"[-*_>(\[“\"]{{0,3}}(?:{phrases('cards', 'begin')})")
_SENT_AT_END = compiled(rf"(?:{phrases('cards', 'end')})[.!。]?(?:\s?<\S+>)?$")  #: the verb stands behind the device
_DEVICE = compiled(rf"(?<![a-z])(?:{phrases('cards', 'device')})")
#: "Sent from my", and a name that no list need know: words that begin with capitals or hold digits, and no more.
_OWN_DEVICE = re.compile(
    r".{0,24}\b(?:my|meine[mr]?|mon|mi|mio|meu|mijn|min)(?:\s(?=[A-Z0-9])[\w+-]{1,20}){1,5}(?:\s?<\S+>)?", re.ASCII
)
_EXCUSE = compiled(phrases("cards", "excuse"))
_FOR_SYSTEM = compiled(r"(?:outlook|mail|app|courrier|correo|post[ae]?)\S*\s.{0,20}(?:ios|android|windows|mac)")
_SLOGAN = compiled(r"yahoo!? mail\s?: search, organi[sz]e, conquer")
_BEHIND: Final = words_of("cards", "behind")
_CLAUSE = re.compile(r"[,.;(–—-]\s|\s[-–—]")
_POSTSCRIPT = compiled(
    r"[*_(]{0,2}(?:p\.?\s?s\.?|p\.?\s?d\.|n\.?\s?b\.?|post ?scriptum|postdata|پی ?نوشت|پ\.? ?ن|ملاحظة)\s?[.:;,،–-]?\s"
)
_LINK = re.compile(r"[<(\[]?https?://\S*|\[cid:\S*")

_NOTICE = compiled(rf"[*_\s\[(]{{0,6}}(?:{phrases('notices', 'begin')})")
_LEGAL = compiled(phrases("notices", "goes_on"))
_OWN_WISH = compiled(phrases("notices", "own_wish"))
_HEADING_WORDS: Final = 2
_NOTICE_LINES: Final = 20  #: lines of a notice that are looked at
_LIST = compiled(phrases("notices", "mailing_list"))
_LIST_ALONE = compiled(phrases("notices", "mailing_list_alone"))
_BELOW_RULE: Final = 5  #: lines below a rule in which a list names itself
#: The first and the last three characters that a card or a notice may have: the test that most lines fail.
_BEGINNINGS: Final = frozenset(f"{word} "[:3] for word in words_of("cards", "first_words")) | words_of(
    "cards", "beginnings"
)
_ENDINGS: Final = frozenset(f" {word}"[-3:] for word in words_of("cards", "last_words"))


def may_be_footer(text: str) -> bool:
    """Whether the line's first or last characters allow a card or a notice: cheap, and true for many that are none."""
    text = text.strip(_AROUND)
    return text[:3].lower() in _BEGINNINGS or text.rstrip(".!")[-3:] in _ENDINGS


def is_client_card(text: str) -> bool:
    """ "Sent from my iPhone" and its like: a short line that says that it was sent and by what, and nothing else."""
    bare = _LINK.sub("", text[: _MAX_CARD * 3]).strip(_AROUND)
    if not bare or len(bare) > _MAX_CARD or len(bare.split()) > _MAX_WORDS:
        return False
    if _DEVICE.search(bare) is None:
        return _SENT.match(bare) is not None and _OWN_DEVICE.fullmatch(bare) is not None
    if _SLOGAN.match(bare):
        return True
    if _SENT.match(bare) is None and _SENT_AT_END.search(bare) is None:
        return False
    ends = _SENT_AT_END.search(bare) is not None
    if not ends and _goes_on(bare):
        return False
    if _EXCUSE.search(bare):
        return len(_CLAUSE.split(bare, maxsplit=1)[0].split()) <= _words_allowed(bare)
    head, _, tail = bare.partition(",")
    if len(tail.split()) > 3 or _DEVICE.search(head) is None:
        return False
    starts = _SENT.match(bare) is not None
    return ends or _FOR_SYSTEM.search(bare) is not None or (starts and len(bare.split()) <= _words_allowed(bare))


def _goes_on(text: str) -> bool:
    """Whether a sentence of the sender's goes on behind the device: "sent by phone, we sign"."""
    behind = text[max(match.end() for match in _DEVICE.finditer(text)) :]
    if _EXCUSE.search(behind):
        return False
    said = [word.strip(".,!;:\"'()<>-–—") for word in behind.partition(" ")[2].split()]
    return any(
        word[:1].islower() or word[:1] > "\u0590"
        for word in said
        if word.casefold() not in _BEHIND and not word.isnumeric()
    )


def _words_allowed(text: str) -> int:
    """A card is short; what goes on after the device is a sentence of the sender's."""
    return 8 if text.rstrip(".!")[-1:].isalnum() or text.endswith((")", ">")) else 6


def is_notice(paragraph: str) -> bool:
    """A legal notice or a gateway's warning, by how it begins and by what it goes on to say; or the heading of one.

    "This mail is confidential, do not print our name" begins as notices do, and is the sender's wish.
    """
    if _NOTICE.match(paragraph) is None or _OWN_WISH.search(paragraph):
        return False
    return len(paragraph.split()) <= _HEADING_WORDS or _LEGAL.search(paragraph) is not None


def is_list_footer(text: str) -> bool:
    """A line of the footer that a mailing list appends."""
    return _LIST.search(text) is not None


def list_footer_at(texts: Sequence[str]) -> int:
    """The first of these ``plain`` lines that belongs to what a mailing list appended; their number if none does.

    "Take me off your mailing list" is what a sender says: most words of a list count below a rule only.
    """
    for at, text in enumerate(texts):
        ruled = is_rule(text) or text in _DELIMITERS
        if _LIST_ALONE.search(text) or (ruled and any(map(is_list_footer, texts[at + 1 : at + _BELOW_RULE]))):
            return at
    return len(texts)


def footer_end(bare: Sequence[str], at: int) -> int:
    """The line after a client's card (one line) or a notice (a paragraph) that starts here; 0 if none does."""
    text = plain(bare[at])
    if is_client_card(text) and _stands_alone(bare, at):
        return at + 1
    if _NOTICE.match(text) is None or line_at(bare, at - 1):
        return 0
    end = at + 1
    while line_at(bare, end) and not bare[end].startswith(MARKS) and not lexicon().opens_with(bare[end], "greeting"):
        end += 1
    return end if is_notice(plain(" ".join(bare[at : min(end, at + _NOTICE_LINES)]))) else 0


def _stands_alone(bare: Sequence[str], at: int) -> bool:
    """Whether nothing of the same paragraph goes on in small letters below."""
    below = line_at(bare, at + 1)
    return not below[:1].islower() or is_client_card(plain(f"{bare[at]} {below}"))


def starts_signature(lines: Sequence[str], bare: Sequence[str], at: int) -> bool:
    """Whether a delimiter stands here ("-- ", RFC 3676, 4.3, and what people make of it), and a signature below it."""
    text = bare[at]
    if text not in _DELIMITERS or (text in _DOUBTFUL and at < 2):
        return False
    if lines[at] == "-- ":
        return True
    below = bare[at + 1 : at + 1 + _SIGNATURE_LINES]
    if any(map(_speaks, takewhile(lambda line: not is_postscript(line), below[:_SPOKEN_WITHIN]))):
        return False  # "--", typed between two paragraphs
    quoted_below = any(line.startswith(MARKS) for line in below)
    if text in _DOUBTFUL and any(not line and after for line, after in pairwise(below)):
        return quoted_below
    return quoted_below or len(bare) - at <= _SIGNATURE_LINES or "" in below


def _speaks(text: str) -> bool:
    """Whether the line says something, as a signature does not: "But not before Friday.", "take us off the list"."""
    said = text.split()
    if len(said) < _SENTENCE:
        return False
    small = sum(not word[0].isupper() and word[0].isalpha() for word in said)
    if text[-1] in ".!?؟。":
        return 2 * small >= len(said)
    return len(said) > _SENTENCE and text.replace(" ", "").isalpha() and all(word[0].islower() for word in said[1:])


def is_postscript(text: str) -> bool:
    """What is added below a signature is the sender's again."""
    return _POSTSCRIPT.match(text) is not None


def is_list_rule(bare: Sequence[str], at: int) -> bool:
    """A rule above the footer of a mailing list."""
    below = bare[at + 1 : at + 4]
    return is_rule(bare[at]) and any(map(is_list_footer, below)) and not any(map(_OWN_WISH.search, below))


def armour_end(bare: Sequence[str], at: int) -> int:
    """The line after a PGP signature, or after the header of a signed text (RFC 4880, 7); 0 if none starts here."""
    if not bare[at].startswith("-----BEGIN PGP SIGN"):
        return 0
    closes = "SIGNATURE" in bare[at]
    end = at + 1
    while end < len(bare) and (closes or bare[end]):
        end += 1
        if bare[end - 1].startswith("-----END"):
            break
    return end
