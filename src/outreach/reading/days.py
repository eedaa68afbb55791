"""The days that a mail itself tells: its Date, the day of the action we asked about, and days said by these two.

"On Saturday", "on the 5th", "the evening before", "next Friday" are days only beside another that is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from email.utils import parsedate_tz
from functools import cached_property
from itertools import chain
from typing import Final

from outreach.reading import reply
from outreach.reading.dates import find_date
from outreach.reading.labels import read_line
from outreach.reading.memory import remembered
from outreach.reading.message import Message
from outreach.reading.weekdays import weekdays

_DIGIT = re.compile(r"\d")
_COLONS: Final = (":", "：")
_LOCAL_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_SEARCHED: Final = 600  #: code points of a sentence
#: A day by its number alone: "am 5.", "on the 5th", "le 5".
_NUMBER = re.compile(
    r"\b(?:am|den|on\s+the|for\s+the|the|le|el|il|dia|op|روز)\s+(\d{1,2})(?:\.|th|st|nd|rd|e|م)?"
    r"(?![\w.:/]|\s*[:./h]?\d|\s+[^\W\d_]*\d|\s*(?:uhr|h|heures|o.?clock)\b)",
    re.IGNORECASE,
)
#: The first ten days of a month in words, as far as they are said of days.
_IN_WORDS: Final = {
    word: number
    for line in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten",
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
        "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde",
    )
    for number, word in enumerate(line.split(), start=1)
}
_ORDINAL = re.compile(
    rf"\b(?:on the|am|den|de|op de)\s+({'|'.join(_IN_WORDS)})\b(?!\s+[a-zäöü]{{3,}}\s*\d)", re.IGNORECASE
)
_PART: Final = "(?:day|night|evening|afternoon|morning)"
_BEFORE: Final = (
    rf"the {_PART} before\b(?! yesterday)",
    "am (?:tag|abend) (?:davor|vorher|zuvor)",
    "am (?:vorabend|vortag)",
    "la veille",
    "la víspera",
    "el día antes",
    "la vigilia",
    "il giorno prima",
    "(?:dagen|kvällen) (?:innan|före)",
    "de (?:dag|avond) (?:ervoor|tevoren)",
    "bir gün önce",
    "(?:شب|روز|عصر) (?:قبلش|قبل از آن|پیش از آن)",
    "یک روز (?:قبل|پیش|زودتر)",
)
_AFTER: Final = (
    rf"the {_PART} after\b(?! tomorrow)",
    "am tag (?:danach|darauf)",
    "le lendemain",
    "al día siguiente",
    "il giorno dopo",
    "dagen (?:efter|därpå)",
    "de dag erna",
    "bir gün sonra",
    "(?:روز|شب) (?:بعدش|بعد از آن|پس از آن)",
    "فردای آن",
)
_WEEK_BEFORE: Final = (
    "(?:a|one) week (?:before|earlier)",
    "eine woche (?:davor|vorher|früher|zuvor)",
    "une semaine (?:avant|plus tôt)",
    "una semana antes",
    "una settimana prima",
    "en vecka (?:innan|tidigare|före)",
    "een week (?:eerder|ervoor)",
    "یک هفته (?:قبل|پیش|زودتر)",
)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


#: Days beside the one that we asked about.
_BESIDE: Final = ((-1, _any_of(_BEFORE)), (1, _any_of(_AFTER)), (-7, _any_of(_WEEK_BEFORE)))
_ITSELF = _any_of(
    (
        "(?:the|on|your|this) (?:big )?day(?: of action)?(?! of| before| after)|(?:the|your|on) day of action",
        "aktionstag|journée d['’]action|(?:día|jornada) de acción|giornata d['’]azione|aktionsdagen|actiedag",
        "eylem günü|(?:در |توی |تو )?روز اقدام|(?:همان|همون|آن|اون) روز|rooze eghdam|hamoon rooz|hamun rooz",
    )
)
_COMING = _any_of(
    (
        "next|this|coming|nächste[nrs]?|kommende[nrs]?|diese[nrs]?|prochaine?|ce|próximo|este|prossimo|questo|nästa",
        "nu på|komende|aanstaande|önümüzdeki|bu|آینده|همین|این",
    )
)
_NEAR: Final = 14  #: days around the one we asked about that its sentence may mean by a number alone


class Days:
    """What a mail itself says of days, worked out when a date is read in it: most mails name none."""

    def __init__(self, message: Message, quoted: str) -> None:
        self._message = message
        self._quoted = quoted

    @cached_property
    def sent(self) -> date | None:
        """The day of the mail's Date, as its sender's clock had it."""
        try:
            parsed = parsedate_tz(self._message.headers.get("date")[:100])
            return date(*parsed[:3]) if parsed and 2000 <= parsed[0] <= 2100 else None
        except (ValueError, IndexError, TypeError, OverflowError):  # hostile dates
            return None

    @property
    def year(self) -> int | None:
        """The year of the mail's Date, for dates that are said without one."""
        return self.sent.year if self.sent else None

    @cached_property
    def asked_about(self) -> date | None:
        """The day we asked about: the date in our subject or in the label of our form."""
        for text in chain([self._message.subject], self._labels()):
            if found := find_date(text[:300], self.year):
                return found.value
        return None

    def _labels(self) -> Iterator[str]:
        """The labels of our form that ask about an action and hold a figure."""
        for line in self._quoted.split("\n")[:120]:
            if line.rstrip().endswith(_COLONS) and _DIGIT.search(line):
                found = read_line(reply.unquoted(line))
                if found and found.label.kind == "action":
                    yield found.text


@remembered
def meant_day(text: str, day: date | None, sent: date | None) -> date | None:
    """The day that a text speaks of without date: beside the one we asked about, else the next such weekday."""
    text = " ".join(text[:_SEARCHED].split()).translate(_LOCAL_DIGITS)
    if day is not None:
        if beside := next((day + timedelta(days=n) for n, pattern in _BESIDE if pattern.search(text)), None):
            return beside
        if numbered := _numbered(text, day):
            return numbered
        if _ITSELF.search(text):
            return day
    said = {number for number, _, _ in weekdays(text)}
    if len(said) != 1:
        return None
    weekday = said.pop()
    if day is not None and (near := _at_weekday(day, weekday)):
        return near
    if sent is None or not _COMING.search(text):
        return None
    return sent + timedelta(days=(weekday - sent.weekday() - 1) % 7 + 1)


def _numbered(text: str, day: date) -> date | None:
    """The day of the same month by its number: "on the 4th", "am fünften"."""
    match = _NUMBER.search(text)
    word = None if match else _ORDINAL.search(text)
    number = int(match[1]) if match else _IN_WORDS[word[1].lower()] if word else 0
    if not number or abs(number - day.day) > _NEAR:
        return None
    try:
        return day.replace(day=number)
    except ValueError:  # no such day
        return None


def _at_weekday(day: date, weekday: int) -> date | None:
    """The day we asked about, the one before or the one after, if it is such a weekday."""
    return next((near for n in (0, -1, 1) if (near := day + timedelta(days=n)).weekday() == weekday), None)
