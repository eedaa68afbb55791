"""Letters from templates: the words by ``templates``, the headers by ``compose``. Implements ``ports.Renderer``.

The plain text is the master. An HTML template gets the finished text as ``paragraphs`` and says the same words, so a
campaign that rewords the text need not touch the HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from outreach.errors import TemplateProblem
from outreach.mail.compose import Envelope, compose, date_line, single_address, visible
from outreach.mail.templates import MailEnvironment
from outreach.ports import Letter
from outreach.words import MailKind, direction

_PARTS: Final = ("subject.{}.txt", "body.{}.txt", "body.{}.html")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

#: Texts of several paragraphs. Everything else is one line, so that no name can look like a part of the letter.
_MANY_LINES: Final = frozenset({"statement", "message", "personal_line"})

_REHEARSAL: Final = (
    "Rehearsal: in the real campaign this letter goes to the address below.\n"
    "تمرین: در کارزار واقعی این نامه به نشانی زیر می‌رود.\n"
    "{}\n\n"
)


class TemplateRenderer:
    """Composes mails from ``<folder>/email/<name>/{subject,body}.<language>.…``; the first folder that has one wins.

    ``occasion`` is the short phrase after the sender's name in From, by language; a letter with ``neutral`` in its
    context leaves it out. Texts of the context are cleaned of control characters and are never template source.
    """

    def __init__(self, *, folders: Sequence[Path], contact: str, sender_name: str, occasion: Mapping[str, str]) -> None:
        self._folders = [folder / "email" for folder in folders]
        self._environment = MailEnvironment(self._folders)
        self._contact = contact
        self._sender_name = sender_name
        self._occasion = occasion

    def compose(self, letter: Letter) -> bytes:
        """RFC 5322 bytes with CRLF line ends and without Date. Raises TemplateProblem."""
        subject, text, html = self.words(letter)
        return compose(
            Envelope(
                author=self._author(letter),
                contact=self._contact,
                recipient=letter.recipient,
                subject=subject,
                message_id=letter.message_id,
                in_reply_to=letter.in_reply_to,
                references=letter.references,
                auto_replied=letter.auto_replied,
                unsubscribable=letter.unsubscribable,
            ),
            text,
            html,
        )

    def words(self, letter: Letter) -> tuple[str, str, str]:
        """Subject, plain text and HTML of a letter. Raises TemplateProblem."""
        if not _LANGUAGE.fullmatch(letter.language):
            raise TemplateProblem("the language of this mail is not a language tag")
        subject_file, text_file, html_file = (f"{letter.kind}/{part.format(letter.language)}" for part in _PARTS)
        context: dict[str, object] = {"neutral": False}
        context |= {key: _clean(value, key) for key, value in letter.context.items()}
        context |= {"language": letter.language, "direction": direction(letter.language)}
        subject = self._environment.text(subject_file, context).strip()
        text = _tidy(self._environment.text(text_file, context))
        if letter.is_reply and not subject.casefold().startswith("re:"):
            subject = f"Re: {subject}"
        if letter.rehearsal_for is not None:
            address = single_address(letter.rehearsal_for)
            subject, text = f"[Rehearsal for {address}] {subject}", _REHEARSAL.format(address) + text
        context |= {"subject": subject, "paragraphs": _paragraphs(text, letter.language)}
        return subject, text, self._environment.text(html_file, context)

    def head(self, composed: bytes, now: datetime) -> bytes:
        """What is put in front of composed bytes when they are first sent: their Date (UTC)."""
        return date_line(now)

    def languages(self, kind: MailKind) -> frozenset[str]:
        """The languages (BCP 47) in which all three files of this mail exist, in whichever folder."""
        names = {path.name for folder in self._folders for path in (folder / kind).glob("*.*.*")}
        candidates = {name.split(".")[1] for name in names}
        return frozenset(
            language for language in candidates if names.issuperset(part.format(language) for part in _PARTS)
        )

    def _author(self, letter: Letter) -> str:
        occasion = "" if letter.context.get("neutral") else self._occasion.get(letter.language, "")
        name = str(_clean(letter.context.get("sender") or self._sender_name, "sender"))
        return f"{name}, {occasion}" if occasion else name


def _clean(value: object, key: str) -> object:
    """Plain values without control characters; texts on one line unless their key may have many."""
    match value:
        case str():
            return _clean_text(value, many_lines=key in _MANY_LINES)
        case Mapping():
            return {name: _clean(item, str(name)) for name, item in value.items()}
        case list() | tuple():
            return [_clean(item, key) for item in value]
        case _:
            return value


@lru_cache(maxsize=512)
def _clean_text(value: str, *, many_lines: bool) -> str:
    lines = ["".join(filter(visible, " ".join(line.split()))) for line in value.splitlines()]
    return "\n".join(lines).strip() if many_lines else " ".join(filter(None, lines))


def _tidy(text: str) -> str:
    """No space at line ends, no two blank lines in a row: what an optional paragraph leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


def _paragraphs(text: str, language: str) -> list[list[dict[str, object]]]:
    return [
        [_line(line, direction(language)) for line in paragraph.split("\n")]
        for paragraph in text.strip("\n").split("\n\n")
    ]


@lru_cache(maxsize=4096)
def _line(line: str, base: str) -> dict[str, object]:
    """A line with its direction. ``data``: it is indented, so a printed line, and goes by its own first letter.

    A sentence keeps the direction of the letter even if it begins with a foreign name; a line without any letter of
    the letter's own script takes the other direction.
    """
    data = line.startswith(" ")
    letters = [way for way in map(_way, line) if way]
    direction = letters[0] if letters and (data or base not in letters) else base
    return {"text": line.strip(), "direction": direction, "data": data}


@lru_cache(maxsize=4096)
def _way(character: str) -> str | None:
    match unicodedata.bidirectional(character):
        case "L":
            return "ltr"
        case "R" | "AL":
            return "rtl"
        case _:
            return None
