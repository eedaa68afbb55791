"""The one wrapper of flufl.bounce, the last resort for bounces that no standard describes."""

from __future__ import annotations

import re
from email.message import Message as ParsedMessage
from typing import Final

from flufl.bounce import all_failures

_AROUND: Final = re.compile(r"^.{0,80}[\s<>\"'`(（「：，、；]|[\s<>\"'`)）」：，。、；].{0,80}$")


def failures(message: ParsedMessage) -> tuple[list[str], list[str]]:
    """Addresses the text of a bounce names as failed: (for now, for good), lower case, sorted."""
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - seventeen third-party detectors over hostile bytes; finding nothing is an answer
        return [], []
    return _text(temporary), _text(permanent)


def _text(addresses: frozenset[bytes | str]) -> list[str]:
    decoded = (a.decode("utf-8", "replace") if isinstance(a, bytes) else a for a in addresses)
    return sorted({bare(address) for address in decoded})


def bare(address: str) -> str:
    """The address without the marks and the words of other scripts that its text writes right before or behind it."""
    return _AROUND.sub("", address).strip().rstrip(".").lower()
