"""Shows a person at a terminal all that is known about one entry: the facts, then the mail, what was read marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from outreach.cli.output import print_record, say

#: Stand around the words that a value was read from.
_OPENS: Final = "⟦"
_CLOSES: Final = "⟧"


def tell(found: dict[str, Any]) -> None:
    """Print a dossier for a person: the facts, then the mail with the words that were read marked."""
    parts, evidence = found.pop("parts"), found.pop("evidence")
    message = found.pop("message")
    facts = {
        **found,
        "attestation": _attested(found["attestation"]),
        "holds": [
            f"{hold['kind']} since {_minute(hold['placed_at'])}"
            + (f" until {_minute(hold['until'])}" if hold["until"] else "")
            + f": {hold['reason'] or ''}"
            for hold in found["holds"]
        ],
        "duplicates": [
            f"{other['reference']} {other['status']}: {_in_row(other['lines'])}" for other in found["duplicates"]
        ],
        "merged": [f"{other['reference']}: {_in_row(other['lines'])}" for other in found["merged"]],
        "revisions": [
            f"{other['number']} {other['status']}: {_in_row(other['lines'])}" for other in found["revisions"]
        ],
        "history": [
            " ".join(filter(None, (_minute(event["at"]), f"{event['actor']}:", event["action"], event["reason"])))
            for event in found["history"]
        ],
        "action": {key: value for key, value in (found["action"] or {}).items() if value is not None},
    }
    print_record({key: value for key, value in facts.items() if value is not False}, as_json=False)
    if message is None:
        say("\nNo mail of theirs stands behind this line.")
        return
    what = "mail" if message["from"] else "pasted message"
    say(f"\nRead from the {what} {message['reference']} of {_minute(message['arrived_at'])}")
    if message["from"]:
        say(f"from {message['from']}, authenticity: {message['authenticity']}")
    if not parts:
        say("Its text has been erased.")
    for item in evidence:
        say(f"  {item['field']}: {_OPENS}{item['words']}{_CLOSES} ({item['part']})")
    for name, text in parts.items():
        say(f"\n--- {name} ---\n{_marked(text, [item for item in evidence if item['part'] == name])}")


def _marked(text: str, evidence: Iterable[Mapping[str, Any]]) -> str:
    """The text with marks around the words that values were read from; overlapping ones become one."""
    merged: list[list[int]] = []
    for start, end in sorted(item["span"] for item in evidence):
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif start < end:
            merged.append([start, end])
    for start, end in reversed(merged):
        text = f"{text[:start]}{_OPENS}{text[start:end]}{_CLOSES}{text[end:]}"
    return text


def _attested(said: Mapping[str, Any] | None) -> list[str]:
    if said is None:
        return []
    second = said["countersigned_by"] or ("nobody else is there (single)" if said["single"] else "nobody yet")
    return [
        f"{said['channel']}, {_minute(said['spoken_at'])}, {said['speaker'] or _who(said)}",
        *([f"file {said['file']}, line {said['line']}, SHA-256 {said['sha256']}"] if said["file"] else []),
        f"{_how(said)} by {said['attested_by']}, countersigned by {second}",
        *(f"{language}: {text}" for language, text in said["read_back"].items()),
    ]


def _who(said: Mapping[str, Any]) -> str:
    return "no speaker named" if said["file"] else "erased"


def _how(said: Mapping[str, Any]) -> str:
    if said["file"]:
        return "vouched for"
    return "read back" if said["read_back"] else "passed on"


def _in_row(lines: Mapping[str, str]) -> str:
    return " / ".join(lines.values())


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
