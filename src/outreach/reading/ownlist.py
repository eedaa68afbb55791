"""From as its sender wrote it, where the mailbox is a list or a forwarder that puts its own address there.

Google Groups and Mailman ("munge from") do so for domains with a strict DMARC policy (RFC 7960 tells of both).
The address found is claimed, as any From is: only what our server says of the sender's own domain makes it authentic.
"""

from __future__ import annotations

import re

from outreach.reading.headers import Headers
from outreach.reading.result import Ours

#: The last angle brackets hold it; a phrase may stand before.
_LIST_ID = re.compile(r"<\s*([A-Za-z0-9._-]{1,255})\s*>\s*$")


def as_written(headers: Headers, ours: Ours) -> Headers:
    """The headers with the sender's From instead of ours, and without the marks of our own list.

    The very same headers where nothing says who wrote, and where our address stands in From without the mark of a list
    that the settings name. What such a list passes on with its sender's own From is a person's mail, not a list's.
    """
    through_our_list = list_id(headers) in ours.list_ids
    senders = headers.addresses("from")
    if len(senders) != 1:
        return headers
    if senders[0].address not in ours.addresses:
        return Headers(_unmarked(headers)) if through_our_list else headers
    original = _original(headers, ours.addresses)
    if original is None or (ours.list_ids and not through_our_list):
        return headers
    kept = [(name, value) for name, value in _unmarked(headers) if name not in ("from", "reply-to")]
    return Headers([*kept, ("from", original)])


def list_id(headers: Headers) -> str | None:
    """The identifier of the list that a mail came through (RFC 2919), lower case; None without one, or with several."""
    written = headers.raw("list-id")
    found = _LIST_ID.search(written[0][:1000]) if len(written) == 1 else None
    return found[1].lower() if found else None


def _original(headers: Headers, own: frozenset[str]) -> str | None:
    """The field as it was, or the one address besides our own that replies go to."""
    for name in ("x-original-from", "x-original-sender", "reply-to"):
        others = [address for address in headers.addresses(name) if address.address not in own]
        if len(others) == 1:
            return headers.raw(name)[0] if len(headers.addresses(name)) == 1 else others[0].address
    return None


def _unmarked(headers: Headers) -> list[tuple[str, str]]:
    """The fields without what a list adds."""
    of_a_list = ("precedence", "mailing-list")
    return [(name, value) for name, value in headers.fields() if name not in of_a_list and name[:5] != "list-"]
