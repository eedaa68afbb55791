"""The whole reading of one mail: raw bytes in, a Reading out. The only door the rest of the program uses."""

from __future__ import annotations

import re

from outreach.reading import bounce, clues, machine, reply
from outreach.reading.answer import as_answer
from outreach.reading.message import open_message
from outreach.reading.result import Ours, Reading
from outreach.words import Kind

__all__ = ["as_answer", "read"]

_FORWARDS = re.compile(
    r"^\s*(?:\[[^\]]{1,20}\]\s*)?(?:(?:re|aw|sv|antw|odp)\s*:\s*)*(?:fwd?|wg|tr|vb|vs|rv|enc|i|doorst|ilt|przekaz|reenv)\s*:",
    re.I,
)


def read(raw: bytes, ours: Ours = Ours()) -> Reading:  # noqa: B008 - Ours is frozen
    """What the sender of one raw mail (RFC 5322 bytes) says. Raises Unreadable, and nothing else."""
    message = open_message(raw)
    split = reply.split(message.text, forwarding=_FORWARDS.match(message.subject) is not None, own=ours.addresses)
    parts = {**split.parts, "subject": message.subject, "from": message.headers.get("from")}
    found = clues.read_clues(message, (parts["new"], parts["quoted"]))
    kind = machine.machine_kind(message) or Kind.OTHER
    return Reading(
        kind=kind,
        confidence=0.5,
        language="und",
        parts=parts,
        bounce=bounce.read_bounce(message) if kind is Kind.BOUNCE else None,
        needs_human=() if kind is not Kind.OTHER else ("unsure",),
        warnings=tuple(clues.warnings(message.headers, ours)),
        clues=found,
    )
