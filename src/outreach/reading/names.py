"""How names are compared, shown and doubted: every other part of the reading, and matching, folds with this.

``fold`` makes a key for comparison and is never shown; ``display`` is what people see and is never compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Final

#: The longest name that a machine mail or a printed line may carry without a person having looked.
MAX_NAME: Final = 120

# Letters that readers take for one another and that no Unicode normalisation unites. Kurdish vowels and l, r are
# folded onto the Persian letters they are replaced by on a Persian keyboard; hamza and madda carriers lose their
# mark with the other combining marks.
_LETTERS: Final = {
    **dict.fromkeys("يىېےێۍ", "ی"), **dict.fromkeys("كڪ", "ک"), **dict.fromkeys("ةۀەہۂۃھ", "ه"), "ٱ": "ا",
    **dict.fromkeys("ۆۇۈۋ", "و"), **dict.fromkeys("ڕ", "ر"), **dict.fromkeys("ڵ", "ل"), "،": ",", "؛": ";", "؟": "?",
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
    "ς": "σ", "ё": "е", "ґ": "г", "״": " ", "׳": " ",
}  # fmt: skip

_ZWNJ: Final = "\u200c"
_TATWEEL: Final = "\u0640"
_BIDI_MARKS: Final = "\u200e\u200f\u061c"
_BIDI_OVERRIDES: Final = "\u202a-\u202e\u2066-\u2069"
#: Letters and marks that leave no trace on the page: fillers, grapheme joiner, Khmer inherent vowels, Mongolian and
#: general variation selectors.
_FILLERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
_FILLER: Final = re.compile(f"[{_FILLERS}]")
_BIDI_OVERRIDE: Final = re.compile(f"[{_BIDI_OVERRIDES}]")


class _FoldedCharacters(dict[int, str]):
    """A table for ``str.translate`` that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold_character(chr(code))
        return folded


def fold_character(char: str) -> str:
    """What a character (in its compatibility form and small) is in ``fold``: nothing, a space, or letters."""
    category = unicodedata.category(char)
    if char in _LETTERS:
        return _LETTERS[char]
    if category == "Nd":
        return str(unicodedata.digit(char))
    if char == _ZWNJ or category in ("Pd", "Pi", "Pf", "Pc", "Zs", "Zl", "Zp") or char in "\t\n\v\f\r\x85'\"`´„‚′″":
        return " "
    if category[0] == "C" or char == _TATWEEL or _FILLER.match(char):
        return ""
    # Accents, Arabic and Hebrew points go; the vowel signs of Indic scripts and Thai, which are letters, stay.
    combining = unicodedata.combining(char)
    return "" if category == "Me" or combining >= 200 or 10 <= combining <= 36 else char


_FOLDED: Final = _FoldedCharacters()
_TOKEN: Final = re.compile(r"[^\W_]+(?:\w*[^\W_])?")


def fold(text: str) -> str:
    """The text in the form in which two spellings of one name are equal; idempotent.

    Compatibility forms, case, accents, Arabic and Persian letter variants, the digits of every script, dashes,
    quotation marks and all kinds of space are unified. ZWNJ counts as a space, because who has no key for it types
    one («جنبش های» for «جنبش‌های»); ``same_line`` and ``squash`` look past spaces and so unite «می‌شود» with «میشود».
    """
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = unicodedata.normalize("NFC", folded.translate(_FOLDED))
    return " ".join(folded.split())


def squash(text: str) -> str:
    """The letters and digits of the folded text alone: one key for a name, however it is spaced and punctuated."""
    return "".join(tokens(text))


def tokens(text: str) -> list[str]:
    """The words of the text, folded."""
    return _TOKEN.findall(fold(text))


def same_line(a: str, b: str) -> bool:
    """Whether two printed names are one up to letter variants, dashes, quotation marks and spaces (the print rule)."""
    return fold(a).replace(" ", "") == fold(b).replace(" ", "")


# ── display ──────────────────────────────────────────────────────────────────────────────────────────────────────

_JOINER_SCRIPTS: Final = r"\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_NEEDED_JOINER: Final = re.compile(f"(?<=[{_JOINER_SCRIPTS}])[\u200c\u200d](?=[{_JOINER_SCRIPTS}])")
_MARK_PILE: Final = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})"
                               r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")  # fmt: skip


class _ShownCharacters(dict[int, str]):
    """A table for ``str.translate``: controls, unassigned and invisible characters to nothing, separators to space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace():
            shown = " "
        elif char in "\u200c\u200d":
            shown = char  # judged by their neighbours
        else:
            shown = "" if unicodedata.category(char)[0] == "C" or _FILLER.match(char) else char
        self[code] = shown
        return shown


_SHOWN: Final = _ShownCharacters()


def display(text: str) -> str:
    """The text as it may be shown: NFC, one line, no control, direction or invisible character.

    ZWNJ and ZWJ stay between letters of the scripts that join or stack (Arabic, the Indic ones, …). More than three
    marks piled on one letter are cut to three.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.translate(_SHOWN)).translate(_SHOWN))
    if _ZWNJ in shown or "\u200d" in shown:
        needed = {match.start() for match in _NEEDED_JOINER.finditer(shown)}
        shown = "".join(char for at, char in enumerate(shown) if char not in "\u200c\u200d" or at in needed)
    return " ".join(unicodedata.normalize("NFC", _MARK_PILE.sub(r"\1", shown)).split())


# ── scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: First word of a letter's Unicode name → ISO 15924.
_SCRIPTS: Final = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr", "ARMENIAN": "Armn",
    "GEORGIAN": "Geor", "SYRIAC": "Syrc", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym", "SINHALA": "Sinh",
    "THAI": "Thai", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "KHMER": "Khmr", "ETHIOPIC": "Ethi",
    "CHEROKEE": "Cher", "MONGOLIAN": "Mong", "COPTIC": "Copt", "HANGUL": "Kore", "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan", "CJK": "Hans", "BOPOMOFO": "Bopo", "THAANA": "Thaa", "TIFINAGH": "Tfng", "ORIYA": "Orya",
}  # fmt: skip
_EAST_ASIAN: Final = frozenset({"Hans", "Jpan", "Kore", "Bopo"})


_ASCII_LETTER: Final = re.compile(r"[A-Za-z]")


@cache
def _script_of(char: str) -> str:
    compatible = unicodedata.normalize("NFKC", char)[:1]
    return _SCRIPTS.get(unicodedata.name(compatible, "?").split()[0], "Zyyy")


def script(text: str) -> str:
    """ISO 15924 code of the script that most letters are in, ``Zyyy`` if there are none.

    Han characters count as Japanese or Korean when kana or Hangul stand beside them, else as ``Hans``.
    """
    if text.isascii():
        return "Latn" if _ASCII_LETTER.search(text) else "Zyyy"
    scripts = set(map(_script_of, filter(str.isalpha, set(text)))) - {"Zyyy"}
    if len(scripts) < 2:
        return scripts.pop() if scripts else "Zyyy"
    found: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if char.isalpha():
            found[_script_of(char)] += count
    del found["Zyyy"]
    for own in ("Jpan", "Kore"):
        if own in found:
            found[own] += found.pop("Hans", 0)
    return found.most_common(1)[0][0]


# ── doubts ───────────────────────────────────────────────────────────────────────────────────────────────────────

#: Cyrillic, Greek and Armenian letters that are drawn like a Latin one.
_LOOK_ALIKES: Final = frozenset("асԁеһіјӏорԛѕԝхугАВСЕНІЈКМОРЅТХУҮԌԚԜՏՕօոսհցαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_LATIN_LOOK_ALIKES: Final = re.compile("[\u0250-\u02af\u1d00-\u1d7f\u2100-\u214f\U0001d400-\U0001d7ff\uff21-\uff5a]")
_DIGIT_AS_LETTER: Final = re.compile(r"[a-z][01][a-z]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def warnings(name: str) -> list[str]:
    """What a coordinator should know before trusting how a name looks; empty for ordinary names of every script."""
    shown = display(name)
    if name.isascii() and name.isprintable() and not _DIGIT_AS_LETTER.search(name) and 0 < len(name) <= MAX_NAME:
        return [] if _ASCII_LETTER.search(name) else ["looks empty"]
    found = {
        "writing direction is overridden": bool(_BIDI_OVERRIDE.search(name)),
        "invisible characters": _has_invisible(name),
        "a word mixes scripts": any(_mixes_scripts(word) for word in _TOKEN.findall(shown)),
        "letters that look like others": _looks_like_another(shown),
        "piled up marks": _MARK_PILE.search(unicodedata.normalize("NFC", name)) is not None,
        f"longer than {MAX_NAME} characters": len(shown) > MAX_NAME,
        "looks empty": not _LETTER.search(shown),
    }
    return [warning for warning, holds in found.items() if holds]


def _has_invisible(name: str) -> bool:
    joined = _NEEDED_JOINER.sub("", name)
    harmless = f"{_BIDI_MARKS}\ufeff"
    return any(not (_SHOWN[ord(c)] or c in harmless or _BIDI_OVERRIDE.match(c)) or c in "\u200c\u200d" for c in joined)


def _mixes_scripts(word: str) -> bool:
    scripts = {_script_of(char) for char in word if char.isalpha()} - {"Zyyy"}
    return len(scripts) > 1 and not scripts <= _EAST_ASIAN


def _looks_like_another(shown: str) -> bool:
    if _LATIN_LOOK_ALIKES.search(shown) or _DIGIT_AS_LETTER.search(shown):
        return True
    words = [[char for char in word if char.isalpha()] for word in _TOKEN.findall(shown)]
    posing = [len(word) > 1 and all(char in _LOOK_ALIKES for char in word) for word in words]
    mixed = any(char in _LOOK_ALIKES for word in words if _mixes_scripts("".join(word)) for char in word)
    latin = any(_script_of(char) == "Latn" for word in words for char in word)
    return mixed or (any(posing) and (latin or all(posing)))


_LINKLIKE: Final = re.compile(
    r"://|\bhxxps?|\bwww\b|@|\b(?:at|dot)\b(?=[\])}])|\w{2}\.[^\W\d_]{2,}|\w\.[^\W\d_]{2,}/", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\+?\d(?:[\s().\-/\u2010-\u2015]{0,3}\d){5,}")
_YEARS: Final = re.compile(r"(?:1[2-9]|20)\d\d\W{1,3}(?:1[2-9]|20)\d\d")


def line_safe(name: str) -> bool:
    """Whether a machine mail may show the name unseen by a person: no link, address, phone number or trick in it.

    Strict on purpose: "change.org" is an honest name, but a mail client turns it into a link.
    """
    plain = unicodedata.normalize("NFKC", name).replace("\u3002", ".")
    if (
        len(name) > MAX_NAME
        or not _LETTER.search(plain)
        or re.search(r"[\r\n\t\v\f\x00-\x1f\x7f-\x9f\u2028\u2029]", name)
    ):
        return False
    if _BIDI_OVERRIDE.search(name) or _has_invisible(name) or _LINKLIKE.search(plain):
        return False
    return all(_YEARS.fullmatch(number) for number in _NUMBER.findall(plain))
