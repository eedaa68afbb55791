"""What ``outreach check`` learns from the newest mails: our own server's name, and a list that our address is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.cli.checks import Finding, State
from outreach.reading import ownlist
from outreach.reading.headers import Headers
from outreach.reading.limits import Unreadable
from outreach.reading.parts import header_fields
from outreach.settings import Settings

#: The address that one posts to (RFC 2369).
_MAILTO: Final = re.compile(r"<mailto:([^<>?\s]{3,254})", re.IGNORECASE)


def authserv_id(settings: Settings, newest: Sequence[bytes]) -> Iterator[Finding]:
    """Whether our own server's word on senders is believed; raw mails could tell its name."""
    if settings.mailbox.authserv_id:
        yield Finding("authenticity", State.OK, f"Verdicts of {settings.mailbox.authserv_id} are believed.")
        return
    seen = [name for headers in _headers(newest) if (name := _topmost_authserv_id(headers))]
    hint = (
        f" The newest mails say {max(set(seen), key=seen.count)}: if that is your provider's server, write it there."
        if seen
        else " When mails have come in, check says what they name."
    )
    text = "mailbox.authserv_id is not set: no sender counts as proven, and everybody is asked back by mail."
    yield Finding("authenticity", State.NOTE, text + hint)


def own_list(settings: Settings, newest: Sequence[bytes]) -> Iterator[Finding]:
    """Whether the contact address is a list, and the settings know it."""
    known = settings.mailbox.own_list_ids
    passed_on = [headers for headers in _headers(newest) if _is_of_ours(settings, headers)]
    found = {name for headers in passed_on if (name := ownlist.list_id(headers)) is not None}
    if found - known:
        listed = ", ".join(f'"{name}"' for name in sorted(found | known))
        text = f"Mail to {settings.contact} comes through a mailing list, and no machine answers what a list sends."
        yield Finding("list", State.NOTE, f"{text} If the list is yours, write own_list_ids = [{listed}] in [mailbox].")
    elif known:
        yield Finding("list", State.OK, f"What comes through {', '.join(sorted(known))} is read as its senders'.")


def _is_of_ours(settings: Settings, headers: Headers) -> bool:
    """Whether a mail came through a list whose posting address is ours, as List-Post or List-Id say."""
    own = settings.own_addresses
    posts = {address.lower() for value in headers.raw("list-post") for address in _MAILTO.findall(value[:1000])}
    return bool(own & posts) or ownlist.list_id(headers) in {address.replace("@", ".") for address in own}


def _topmost_authserv_id(headers: Headers) -> str | None:
    """The first word of the first Authentication-Results (RFC 8601, 2.2): the one our own server put on top."""
    topmost = next(iter(headers.raw("authentication-results")), "")
    words = topmost.partition(";")[0].split()
    return words[0] if words and words[0].isascii() and words[0].isprintable() else None


def _headers(newest: Sequence[bytes]) -> Iterator[Headers]:
    for raw in newest:
        try:
            yield Headers(header_fields(raw))
        except Unreadable:
            continue
