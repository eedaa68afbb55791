"""Asks the DNS for TXT records. Used by ``outreach check`` alone: nothing that is sent or read depends on an answer."""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.resolver

from outreach.errors import ServerUnreachable

#: Seconds for all the servers together; a person waits.
_PATIENCE: Final = 5.0


def txt_records(name: str) -> list[str]:
    """The TXT records under a name, each in one piece; none where there is no such name. Raises ServerUnreachable."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        raise ServerUnreachable(f"The DNS did not answer for {name}.") from None
    return [b"".join(record.strings).decode("ascii", "replace") for record in answer]
