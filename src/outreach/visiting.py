"""What the coordinators' and the public pages do alike with a request: who asks, a bounded form, a mistake of ours."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Final

from starlette.requests import Request

from outreach.settings import WebSettings

_LOG: Final = logging.getLogger(__name__)


def place_of(request: Request, web: WebSettings) -> str:
    """The visitor's network address; a proxy of this machine appends it to the header it is told in."""
    said = request.headers.get("x-forwarded-for", "") if web.behind_proxy else ""
    return said.rpartition(",")[2].strip() or (request.client.host if request.client else "")


async def body_of(request: Request, most: int) -> bytes | None:
    """What was sent; None for what is longer than ``most`` octets. Starlette reads as much as comes."""
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > most:
            return None
    return bytes(body)


def note_mistake(problem: Exception) -> None:
    """Log the kind and the place of what was not expected, and not its text, which may hold a mail's."""
    place = traceback.extract_tb(problem.__traceback__)[-1]
    _LOG.error("unexpected: %s at %s:%s", type(problem).__name__, Path(place.filename).name, place.lineno)
