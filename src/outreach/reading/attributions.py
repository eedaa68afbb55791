"""Lines that introduce a quotation ("On 7 July, A wrote:"), in every language and over up to five wrapped lines.

Used by `reply`. Texts are compared as `originals.plain` gives them; every test is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.originals import MAX_LINE, compiled, phrases, words_of
from outreach.reading.quotemarks import is_left_open

WRAPPED: Final = 5  #: lines over which an attribution may be wrapped

_VERB = compiled(
    rf"(?<![\w@.])(?:{phrases('attributions', 'verbs')})(?![\w@])|{phrases('attributions', 'verbs_inside')}",
)
_RIGHT_TO_LEFT_VERB = re.compile(r"(?:کتبت?|כתבה?)\s")
_OPENS = compiled(
    rf"[-_*=\s\"'(]{{0,40}}(?:(?:{phrases('attributions', 'openers')})[.,،]?(?![\w'@]|[-.+]\w)"
    r"|\d{1,4}[\s./:年-](?!\S{0,100}@)|(?:在|於|于)\s?\d|ב-?\d|ב(?=יום)"
    r"|[^\W\d_]{2,10}[.,]{1,2}\s\d|[^\W\d_]{2,3}\s\d{1,2}\.\s|[^\W\d_]{3,10}\.? \d{1,2}, \d{4})"
)
#: An opener with a date right behind it: it may even start in the middle of a line, after the sender's last words.
_STRONG = re.compile(
    r"(?:-{2,10}\s?|(?<=[\s,.!?;:)]))(?:On|Am|Le|El|Il|Em|Op|Den)\s"
    r"(?:(?:[^\W\d_]{2,10}\.?,?\s)?\d{1,4}[\s./-]|[^\W\d_]{2,10}\.?,?\s(?:[^\W\d_]{3,10}\.?\s)?\d)"
)
_NAMES_SENDER = re.compile(r"[^<>@]{0,80}<[^<>\s]{3,250}>,?\s.{0,80}\d{4}.{0,20},$")
_DIGIT = re.compile(r"\d")
_CLOCK = compiled(r"\d{1,2}\s?[:.h：時时点]\s?\d\d|\d\s?[ap]\.?m\b")
_YEAR = re.compile(r"(?<!\d)(?:1[34]\d\d|20\d\d)(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
_ADDRESS = re.compile(r"[<(\[]?\s?(?:mailto:)?[^\s<>()@]{1,200}@[^\s<>()@]{2,200}|\bvia\b .{2,60}")
_ENDS_WITH_ADDRESS = re.compile(r"[^\s<>()@]{1,200}@[^\s<>()@]{2,200}[>)\]]{0,2}[,،]?$")
#: "<a@b> wrote:" and, after some space, the first words of the original.
_RUNS_ON = re.compile(r"<[^<>@\s]{1,64}@[^<>\s]{1,255}>\s?[^\W\d_]{2,20}\s?:(?=\s{2,9}\S)")
#: "<a@b> wrote", and nothing more: the verb that ends an attribution whose colon is missing.
_WROTE_LAST = compiled(rf"@[^\s<>()@]{{2,200}}[>)\]]{{0,2}}[,،]?\s(?:{phrases('attributions', 'verbs')})$")
_PRONOUNS: Final = words_of("attributions", "pronouns")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_ENDS_SENTENCE = re.compile(r"[.!?؟。…]['\")»”]?$")
_ABBREVIATED = compiled(r"(?:\b[ap]\.m|\b[^\W\d_]{1,4}|\d)\.$")


def attribution_lines(texts: Sequence[str], *, quote_follows: bool) -> int:
    """How many of these ``plain`` lines, counted from the last, are an attribution; 0 if the last ends none.

    ``texts``: the lines down to the one that may end it, at most ``WRAPPED``, none of them empty.
    """
    if not any("@" in text or _VERB.search(text[-300:]) for text in texts[-2:]):
        return 0
    joined = ""
    sender_first = 0
    for count, text in enumerate(reversed(texts), 1):
        if count > 1 and _ENDS_SENTENCE.search(text) and not _ABBREVIATED.search(text):
            break
        joined = f"{text} {joined}".rstrip()
        if len(joined) > MAX_LINE:
            break
        if _starts_in_address(joined) and count < len(texts) and is_left_open(texts[-count - 1]):
            continue
        if _OPENS.match(joined) and _is_dated(joined, quote_follows=quote_follows):
            above = texts[-count - 1] if count < len(texts) else ""
            return count + (_opens_above(above) or _goes_on_from(above, joined))
        if not sender_first and _starts_with_sender(joined, quote_follows=quote_follows):
            sender_first = count
    return sender_first


def _starts_in_address(text: str) -> bool:
    """Whether the bracket before the first address stands on the line above."""
    head, closing, _ = text.partition(">")
    return bool(closing) and "<" not in head


def starts_inside(text: str) -> int:
    """Where in a line an attribution starts behind words of the sender; 0 if nowhere."""
    if _OPENS.match(text) or text.startswith("-"):
        return 0
    last = 0
    for match in _STRONG.finditer(text):
        if _is_dated(text[match.start() :], quote_follows=True):
            last = match.start()
    return last


def ends_inside(line: str) -> int:
    """Where in a line an attribution that begins it ends, when the original goes on behind it; 0 if nowhere."""
    match = _RUNS_ON.search(line, 0, MAX_LINE)
    if match is None or not _OPENS.match(line.lstrip()):
        return 0
    return match.end() if _is_dated(line[: match.end()], quote_follows=True) else 0


def _goes_on_from(above: str, text: str) -> bool:
    """A date in the sender's name looks like a beginning: "Am Do. schrieb A, statement of" and "5 September <a@b>:"."""
    return _OPENS.match(above) is not None and _VERB.search(above) is not None and _VERB.search(text) is None


def _opens_above(text: str) -> bool:
    """A line that is only "On" or "Am Dienstag,", or a sender's address with a date, and goes on below."""
    if "<" in text and _NAMES_SENDER.match(text):
        return True
    return len(text) < 20 and len(text.split()) <= 2 and _OPENS.fullmatch(text.rstrip(", ")) is not None


def _is_dated(text: str, *, quote_follows: bool) -> bool:
    """Opener, date, sender and verb in any order; with an address the verb may lack ("7 July 2026 10:14 A <a@b>:")."""
    body = text.rstrip("-_*= :")
    if not _DIGIT.search(body):
        return _is_quoting(body) and quote_follows
    address = "@" in body and _ADDRESS.search(body) is not None
    clock = _CLOCK.search(body) is not None
    verb = _VERB.search(body)
    if verb is None:
        ends = address and _ENDS_WITH_ADDRESS.search(body) is not None
        return ends and ((clock and _YEAR.search(body) is not None) or quote_follows)
    if len(body) - verb.end() > 200 or (not address and _goes_on(body, verb.end())):
        return False
    return address or clock or quote_follows or text.startswith("--")


def _is_quoting(body: str) -> bool:
    return body.lower().startswith(("quoting ", "zitat von ", "citando "))


def _goes_on(body: str, end: int) -> bool:
    """Whether what follows the verb is a clause and no sender or date."""
    rest = _WORD.findall(body[end:])
    return len(rest) > 12


def _starts_with_sender(text: str, *, quote_follows: bool) -> bool:
    """ "A <a@b> wrote on 7 July 2026 at 10:14:", "A wrote:", "---- A wrote ----"."""
    verb = next((found for found in _VERB.finditer(text) if found.start()), None) or _VERB.match(text)
    if verb is None:
        return False
    if _RIGHT_TO_LEFT_VERB.match(text):
        return _CLOCK.search(text) is not None or "@" in text or quote_follows
    name = text[: verb.start()].strip(" -_*=,\"'")
    words = name.split()
    if not words or len(words) > 12 or name[0] in "<([" or words[-1].casefold() in _PRONOUNS:
        return False
    rest = text[verb.end() :].strip(" -_*=:")
    dashed = text.startswith("--") and text.endswith("--")
    clock = _CLOCK.search(rest) is not None
    if "@" in text or clock:
        if not rest and name.endswith(">") and len(words) <= 5 and not _DIGIT.search(name.partition("<")[0]):
            return True  # "A <a@b> wrote:"
        if not rest and len(words) == 1 and _ADDRESS.fullmatch(name):
            return True  # "a@b wrote:"
        named = name.partition("<")[0].split()
        return quote_follows or dashed or _is_name([word for word in named if "@" not in word] if clock else named)
    if quote_follows or dashed:
        return (not rest or _DIGIT.search(rest) is not None) and len(words) <= 6 and _is_name(words)
    return False


def _is_name(words: Sequence[str]) -> bool:
    """Whether every word of it could stand in a name; particles (van, von, de) may be small."""
    return all(w[:1].isupper() or not w[:1].isalpha() or w[:1] == w[:1].upper() or len(w) <= 3 for w in words)


def stands_without_colon(text: str) -> bool:
    """ "On 7 July 2026 10:14 A <a@b> wrote", a paragraph by itself: complete enough without a colon or marks."""
    return _WROTE_LAST.search(text) is not None and _CLOCK.search(text) is not None and _YEAR.search(text) is not None


def may_end_without_colon(text: str) -> bool:
    """ "2026/7/7 A <a@b>" right above a quotation, or "A wrote on 7/7" without its colon."""
    return text[-1] in ">)" or (text[-1].isalpha() and any(c.isdigit() for c in text))
