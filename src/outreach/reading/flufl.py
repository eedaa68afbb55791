"""The one wrapper of flufl.bounce, the last resort for bounces that no standard describes."""

from __future__ import annotations

from email.message import Message as ParsedMessage

from flufl.bounce import all_failures


def failures(message: ParsedMessage) -> tuple[list[str], list[str]]:
    """Addresses the text of a bounce names as failed: (for now, for good), lower case, sorted."""
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - seventeen third-party detectors over hostile bytes; finding nothing is an answer
        return [], []
    return _text(temporary), _text(permanent)


def _text(addresses: frozenset[bytes | str]) -> list[str]:
    decoded = (a.decode("utf-8", "replace") if isinstance(a, bytes) else a for a in addresses)
    return sorted(address.strip().lower() for address in decoded)
