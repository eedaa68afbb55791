"""The kind that was decided on, and how sure each rule that decides is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from outreach.words import Kind

#: How sure a kind is by the rule that decided it. What is right in 98 of 100 messages may be 0.9 or more.
SURE: Final = {
    "machine headers": 0.95,
    "yes to our question": 0.95,
    "yes to our question, and a question": 0.8,
    "bare yes": 0.8,
    "yes, but": 0.6,
    "a yes taken back": 0.6,
    "no to our question": 0.8,
    "printed line rewritten": 0.9,
    "yes to our invitation": 0.7,
    "agreement with a name": 0.6,
    "no to our invitation": 0.8,
    "bare no": 0.5,
    "plain words": 0.95,
    "one cue": 0.85,
    "plain words among others": 0.85,
    "one cue among others": 0.8,
    "yes and no": 0.5,
    "refusal with a condition": 0.6,
    "a correction of nothing": 0.5,
    "signed already": 0.5,
    "only a question mark": 0.6,
    "words of advertising": 0.8,
    "words of advertising among others": 0.5,
    "words of a machine": 0.7,
    "words of a machine among others": 0.6,
    "likest to phrases of its kind": 0.45,
    "nothing found": 0.3,
    # upper bounds whatever the rule
    "corrected values": 0.75,
    "a name that may be cut": 0.85,
    "a person must look": 0.85,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, the rule that decided it, what else is in the message, and why a person must look."""

    kind: Kind
    rule: str  #: of SURE
    also: tuple[str, ...] = ()
    needs_human: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """How sure the kind is, 0 to 1."""
        return SURE[self.rule]
