"""From as its sender wrote it, where the mailbox is a list or a forwarder that puts its own address there.

Google Groups and Mailman ("munge from") do so for domains with a strict DMARC policy (RFC 7960 tells of both).
The address found is claimed, as any From is: only what our server says of the sender's own domain makes it authentic.
"""

from __future__ import annotations

from outreach.reading.headers import Headers


def as_written(headers: Headers, own: frozenset[str]) -> Headers:
    """The headers with the sender's From instead of ours, and without the marks of our own list.

    The very same headers where From is somebody else's, or nothing says who wrote.
    """
    senders = headers.addresses("from")
    if len(senders) != 1 or senders[0].address not in own:
        return headers
    original = _original(headers, own)
    if original is None:
        return headers
    kept = [(name, value) for name, value in headers.fields() if not _is_of_a_list(name)]
    return Headers([*kept, ("from", original)])


def _original(headers: Headers, own: frozenset[str]) -> str | None:
    """The field as it was, or the one address besides our own that replies go to."""
    for name in ("x-original-from", "reply-to"):
        others = [address for address in headers.addresses(name) if address.address not in own]
        if len(others) == 1:
            return headers.raw(name)[0] if len(headers.addresses(name)) == 1 else others[0].address
    return None


def _is_of_a_list(name: str) -> bool:
    return name in ("from", "precedence", "mailing-list", "reply-to") or name.startswith("list-")
