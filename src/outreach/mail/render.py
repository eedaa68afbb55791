"""Letters from templates: the words by ``templates``, the headers by ``compose``. Implements ``ports.Renderer``.

The plain text is the master. An HTML template gets the finished text as ``paragraphs`` and says the same words, so a
campaign that rewords the text need not touch the HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from outreach.errors import TemplateProblem
from outreach.mail.compose import Envelope, compose, date_line, hides, single_address, visible
from outreach.mail.dkim import Signer
from outreach.mail.skeleton import Skeleton, frozen, is_mark, marked, own_words
from outreach.mail.templates import MAX_OUTPUT, MailEnvironment, changed_at, fixed_words
from outreach.mail.wording import Blocks
from outreach.ports import Letter
from outreach.words import MailKind, direction

_PARTS: Final = ("subject.{}.txt", "body.{}.txt", "body.{}.html")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

#: A text that is clean already, as nearly all are.
_TIDY_LINE: Final = re.compile(r"\S+(?: \S+)*")

#: More kinds, languages and shapes of letters than one pass writes.
_MOST_SKELETONS: Final = 64

#: Texts of several paragraphs. Everything else is one line, so that no name can look like a part of the letter.
_MANY_LINES: Final = frozenset({"statement", "message", "personal_line"})

_REHEARSAL: Final = (
    "Rehearsal: in the real campaign this letter goes to the address below.\n"
    "تمرین: در کارزار واقعی این نامه به نشانی زیر می‌رود.\n"
    "{}\n\n"
)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What letters of one kind and language say alike: as it was given, cleaned, and as part of a key."""

    given: Mapping[str, object]
    context: Mapping[str, object]
    key: object


class TemplateRenderer:
    """Composes mails from ``<folder>/email/<name>/{subject,body}.<language>.…``; the first folder that has one wins.

    ``occasion`` is the short phrase after the sender's name in From, by language; a letter with ``neutral`` in its
    context leaves it out. Texts of the context are cleaned of control characters and are never template source.
    ``signers`` sign by DKIM, each what leaves by the relay of that name.
    """

    def __init__(
        self,
        *,
        folders: Sequence[Path],
        contact: str,
        sender_name: str,
        occasion: Mapping[str, str],
        signers: Mapping[str, Signer] | None = None,
    ) -> None:
        self._folders = [folder / "email" for folder in folders]
        self._environment = MailEnvironment(self._folders)
        self._contact = contact
        self._sender_name = sender_name
        self._occasion = occasion
        self._signers = signers or {}
        self._skeletons: dict[object, Skeleton | None] = {}
        self._said: tuple[str, ...] | None = None
        self._shared: dict[tuple[int, tuple[str, ...]], _Shared] = {}

    def compose(self, letter: Letter) -> bytes:
        """RFC 5322 bytes with CRLF line ends and without Date. Raises TemplateProblem."""
        subject, text, html = self._blocks(letter)
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
                unsubscribe_url=letter.unsubscribe_url,
            ),
            text,
            html,
        )

    def words(self, letter: Letter) -> tuple[str, str, str]:
        """Subject, plain text and HTML of a letter. Raises TemplateProblem."""
        subject, text, html = self._blocks(letter)
        return subject, "".join(text), "".join(html)

    def _blocks(self, letter: Letter) -> tuple[str, Blocks, Blocks]:
        if not _LANGUAGE.fullmatch(letter.language):
            raise TemplateProblem("the language of this mail is not a language tag")
        shared = self._shared_of(letter)
        its_own = {key: _clean(value, key) for key, value in letter.context.items()}
        its_own |= {"language": letter.language, "direction": direction(letter.language)}
        context = {"neutral": False, **shared.context, **its_own}
        own = own_words(its_own) if letter.rehearsal_for is None else {}
        if own and (skeleton := self._skeleton(letter, shared, its_own, tuple(own))) is not None:
            words = skeleton.filled(own, lambda line: str(_line(line, direction(letter.language))["direction"]))
            if max(sum(map(len, blocks)) for blocks in words) <= MAX_OUTPUT:
                return words
        subject, text = self._plain(letter, context)
        return subject, (text,), (self._page(letter, context, subject, _paragraphs(text, letter.language)),)

    def _shared_of(self, letter: Letter) -> _Shared:
        """What letters share, made ready once for all that hold the same mapping; and the state of their templates."""
        files = _files(letter.kind, letter.language)
        key = (id(letter.shared), files)
        found = self._shared.get(key)
        if found is None or found.given is not letter.shared or not letter.shared:
            context = {name: _clean(value, name) for name, value in letter.shared.items()}
            found = _Shared(letter.shared, context, (*map(self._environment.versions, files), frozen(context)))
            if len(self._shared) >= _MOST_SKELETONS:
                self._shared.clear()
            self._shared[key] = found
        return found

    def _skeleton(
        self, letter: Letter, shared: _Shared, its_own: dict[str, object], own: tuple[str, ...]
    ) -> Skeleton | None:
        """What all letters like this one share; None where a template does something with their own words."""
        files = _files(letter.kind, letter.language)
        alike = {name: value for name, value in its_own.items() if name not in own}
        key = (files, letter.is_reply, shared.key, own, frozen(alike))
        if key not in self._skeletons:
            if len(self._skeletons) >= _MOST_SKELETONS:
                self._skeletons.clear()
            context = {"neutral": False, **shared.context, **marked(its_own, own)}
            self._skeletons[key] = self._new_skeleton(letter, context, own, files)
        return self._skeletons[key]

    def _new_skeleton(
        self, letter: Letter, context: dict[str, object], own: tuple[str, ...], files: Sequence[str]
    ) -> Skeleton | None:
        if any(not self._environment.computes_with(file).isdisjoint(own) for file in files):
            return None
        subject, text = self._plain(letter, context)
        if is_mark(subject):
            return None  # whether it begins with "Re:" already, its own word decides

        def page(directions: Mapping[str, str]) -> str:
            paragraphs = [
                [{**line, "direction": directions.get(str(line["text"]), line["direction"])} for line in paragraph]
                for paragraph in _paragraphs(text, letter.language)
            ]
            return self._page(letter, context, subject, paragraphs)

        return Skeleton.of(subject, text, page)

    def _plain(self, letter: Letter, context: Mapping[str, object]) -> tuple[str, str]:
        subject_file, text_file, _ = _files(letter.kind, letter.language)
        subject = self._environment.text(subject_file, context).strip()
        text = _tidy(self._environment.text(text_file, context))
        if letter.is_reply and not subject.casefold().startswith("re:"):
            subject = f"Re: {subject}"
        if letter.rehearsal_for is not None:
            address = single_address(letter.rehearsal_for)
            subject, text = f"[Rehearsal for {address}] {subject}", _REHEARSAL.format(address) + text
        return subject, text

    def _page(self, letter: Letter, context: Mapping[str, object], subject: str, paragraphs: object) -> str:
        more = {"subject": subject, "paragraphs": paragraphs}
        return self._environment.text(_files(letter.kind, letter.language)[2], {**context, **more})

    def head(self, composed: bytes, now: datetime, relay: str) -> bytes:
        """What is put in front of composed bytes when they are first sent: their Date (UTC) and their signature."""
        date, signer = date_line(now), self._signers.get(relay)
        return date if signer is None else signer.signature(date + composed, now) + date

    def languages(self, kind: MailKind) -> frozenset[str]:
        """The languages (BCP 47) in which all three files of this mail exist, in whichever folder."""
        places = tuple(f"{folder}/{kind}" for folder in self._folders)
        return _languages(places, tuple(map(changed_at, places)))

    def said(self) -> tuple[str, ...]:
        """The fixed words of all plain texts, as the files were when they were first asked for."""
        if self._said is None:
            self._said = fixed_words(self._folders)
        return self._said

    def _author(self, letter: Letter) -> str:
        occasion = (
            ""
            if letter.context.get("neutral", letter.shared.get("neutral"))
            else self._occasion.get(letter.language, "")
        )
        name = str(_clean(letter.context.get("sender") or letter.shared.get("sender") or self._sender_name, "sender"))
        return f"{name}, {occasion}" if occasion else name


def _clean(value: object, key: str) -> object:
    """Plain values without control characters; texts on one line unless their key may have many."""
    match value:
        case str():
            return _clean_text(value, many_lines=key in _MANY_LINES)
        case int() | None:
            return value
        case Mapping():
            return {name: _clean(item, str(name)) for name, item in value.items()}
        case list() | tuple():
            return [_clean(item, key) for item in value]
        case _:
            return value


@lru_cache(maxsize=128)
def _files(kind: MailKind, language: str) -> tuple[str, ...]:
    """The templates of a letter: subject, text and HTML."""
    return tuple(f"{kind}/{part.format(language)}" for part in _PARTS)


@lru_cache(maxsize=128)
def _languages(places: tuple[str, ...], changed: tuple[int, ...]) -> frozenset[str]:
    """Looked up again once a folder has changed."""
    names = {path.name for place in places for path in Path(place).glob("*.*.*")}
    candidates = {name.split(".")[1] for name in names}
    return frozenset(language for language in candidates if names.issuperset(part.format(language) for part in _PARTS))


@lru_cache(maxsize=512)
def _clean_text(value: str, *, many_lines: bool) -> str:
    if _TIDY_LINE.fullmatch(value) and not hides(value):
        return value
    # Spaces once more at the end: two that stood around a control character, or before one at the end of the line.
    shown = ("".join(filter(visible, " ".join(line.split()))) for line in value.splitlines())
    lines = [" ".join(line.split()) for line in shown]
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
