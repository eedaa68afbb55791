"""The statement and who has signed it, as they were published last: nothing newer, and nobody who has left since."""

from __future__ import annotations

from outreach.public.answers import Shown, Visit
from outreach.settings import Settings
from outreach.store import waves
from outreach.store.waves import Standing


def page(visit: Visit) -> Shown:
    settings = visit.program.settings
    closed = settings.day.is_closed(visit.program.clock())
    with visit.program.db.reading() as session:
        wave = waves.last(session)
        if wave is None:
            return Shown("published.html", {"wave": None, "statements": [], "closed": closed})
        found = waves.standing(session, wave)
        values = {
            "closed": closed,
            "wave": {"number": wave.number, "published_at": wave.published_at},
            "statements": _statements(wave.statement, visit.chosen or visit.language),
            "organisations": [_lines(settings, one) for one in found if not one.individual],
            "people": [_lines(settings, one) for one in found if one.individual],
        }
    return Shown("published.html", values)


def _lines(settings: Settings, one: Standing) -> list[tuple[str, str]]:
    return [(language, one.lines[language]) for language in settings.languages if language in one.lines]


def _statements(texts: dict[str, str], first: str) -> list[dict[str, object]]:
    """Title and paragraphs in each language, the visitor's own first."""
    order = sorted(texts, key=lambda language: language.partition("-")[0] != first)
    found: list[dict[str, object]] = []
    for language in order:
        title, _, body = texts[language].partition("\n")
        paragraphs = [part.strip().lstrip("# ") for part in body.split("\n\n") if part.strip()]
        found.append({"language": language, "title": title.lstrip("# ").strip(), "paragraphs": paragraphs})
    return found
