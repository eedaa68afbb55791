"""The machine-readable part of a report (RFC 3464, 3463, 6533) in all its dialects: who was not reached, and for good?

Read by ``bounce``, which asks it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from outreach.reading.headers import find_addresses, is_address
from outreach.reading.result import Bounce

PARTS: Final = ("message/delivery-status", "message/global-delivery-status")
#: The code that a report cites (RFC 3463), and the older one of SMTP.
ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![.]?\d)")
REPLY_CODE: Final = re.compile(r"(?:^|[;\s#])([245])\d\d(?:[ \-#]|$)")
_SUCCEEDED: Final = ("delivered", "relayed", "expanded")
_FAILED: Final = ("failed", "error")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,40})[ \t]*:[ \t]*(.*)$")
_STATED = re.compile(r"[^\s<>,;:\"@]{1,64}@[^\s<>,;:\"@]{1,255}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A recipient that was not reached; ``ended``: no more tries."""

    address: str
    permanent: bool
    ended: bool
    status: str | None
    said: str


def blocks(text: str) -> list[dict[str, str]]:
    """Fields of each block of a delivery status; the first block is about the message as a whole."""
    found = [fields(block) for block in re.split(r"\n[ \t]*\n", text)]
    return [b for b in found if "final-recipient" in b or "original-recipient" in b or "action" in b]


def fields(block: str) -> dict[str, str]:
    """Header-like fields, folded lines joined, names in lower case."""
    found: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif match := _FIELD.match(line.rstrip("\r")):
            name = match[1].lower()
            found.setdefault(name, match[2].strip())
    return found


def says_failed(block: dict[str, str]) -> bool:
    """Whether a block tells of a failure or a delay: by its action, where that is missing by its code."""
    action, code = _action(block), _code(block)
    succeeded = code is not None and code[1] == "2" and action not in _FAILED
    return action not in _SUCCEEDED and not succeeded


def _action(block: dict[str, str]) -> str:
    return re.split(r"[\s(;]", block.get("action", "").strip().lower(), maxsplit=1)[0]


def _status(block: dict[str, str]) -> re.Match[str] | None:
    return ENHANCED.search(block.get("status", "")) or ENHANCED.search(block.get("diagnostic-code", ""))


def _code(block: dict[str, str]) -> re.Match[str] | None:
    return _status(block) or REPLY_CODE.search(block.get("diagnostic-code", ""))


def failure(block: dict[str, str], full: re.Pattern[str]) -> Failure | None:
    """The failed recipient of a block, or None when it tells of success. ``full``: what says "mailbox full"."""
    if not says_failed(block):
        return None
    action, code, status = _action(block), _code(block), _status(block)
    said = block.get("diagnostic-code", "")
    address = _recipient(block)
    if address is None:
        return None
    # 4.x.x with "failed" means that the mail system gave up on a temporary trouble: the address may be good.
    is_full = full.search(f"{block.get('status', '')} {said}") is not None
    permanent = action != "delayed" and not is_full and (code is None or code[1] != "4")
    ended = permanent or action in _FAILED
    return Failure(address, permanent, ended, status[0] if status else None, said[:500])


def as_bounce(failures: Iterable[Failure]) -> Bounce | None:
    """One report: it is permanent if anybody it names is out of reach for good; then only they are named."""
    failures = list(failures)
    if not failures:
        return None
    permanent = any(failure.permanent for failure in failures)
    # The last block is of the last mail system, which knows.
    meant = [f for f in failures if f.permanent == permanent]
    named = tuple(dict.fromkeys(f.address for f in meant))
    return Bounce(named, permanent, meant[-1].ended, meant[-1].status, meant[-1].said)


def _recipient(block: dict[str, str]) -> str | None:
    """The address we wrote to where it is stated, else the final one (behind a forwarding)."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        stated = block.get(name, "").partition(";")[2] or block.get(name, "")
        address = stated.strip().strip("<>\"' ").lower()
        if is_address(address):
            return address
        if found := next(find_addresses(address), None):
            return found[0]
        if _STATED.fullmatch(address):
            return address
    return None
