"""What a refusal means, as data: whose fault it is, whether to try again, and after how long.

RFC 3463 and RFC 5248 give the enhanced status codes, RFC 5321 the basic ones (4.2) and the times (4.5.4.1: half an hour
between tries, two within the first hour, four to five days in all); texts decide only where servers give no better
sign. ``mail.replies`` reads a relay's reply by it, dispatch takes its times from it, and intake looks a returned mail's
status up in it, so one code means the same at the front door and in a report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final

from outreach.ports import Fault, Pace, Phase

#: Until the next try, by how often it was tried (or how often in a row there was such trouble); the last one repeats.
WAITS: Final[Mapping[Pace, tuple[timedelta, ...]]] = {
    pace: tuple(timedelta(minutes=minutes) for minutes in waits)
    for pace, waits in (
        # Most lists let a mail pass after five minutes, all within four hours.
        (Pace.GREYLISTED, (6, 15, 30, 60, 120, 240)),
        (Pace.USUAL, (15, 30, 60, 120, 240, 480)),
        # A relay that is busy, or was not reached.
        (Pace.BUSY, (1 / 6, 1 / 3, 1 / 2, 1, 2, 5)),
        # Too fast for a domain.
        (Pace.RATE, (10, 20, 40, 60)),
        # What a provider allows in a day is used up. It comes back within a day.
        (Pace.LIMIT, (60, 120, 240)),
        # Our authentication or our name is in doubt: a person should look, meanwhile we do not insist.
        (Pace.POLICY, (60, 240, 720, 1440)),
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule of which every given condition holds decides. ``*`` stands for any digits."""

    again: bool  #: whether the same mail is tried again
    fault: Fault
    pace: Pace = Pace.USUAL
    enhanced: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    says: str = ""
    phase: Phase | None = None

    def fits(self, code: int, enhanced: str | None, text: str, phase: Phase) -> bool:
        return (
            (not self.enhanced or any(fnmatchcase(enhanced or "", pattern) for pattern in self.enhanced))
            and (not self.codes or any(fnmatchcase(str(code), pattern) for pattern in self.codes))
            and (not self.says or re.search(self.says, text, re.IGNORECASE) is not None)
            and (self.phase is None or self.phase is phase)
        )


#: "550 5.4.5 Daily user sending limit exceeded": the relay's limit on us, whatever its code.
_LIMIT = (
    r"\b(daily|hourly|sending|sent|send|outgoing|relay\w*|messages? (rate|per \w+))\b[^.]{0,40}\b(limit|quota)"
    r"|\brate[ -]?limit|too many (messages|mails)"
)
_RELAYING = r"\brelay(ing)?( access)? (denied|not permitted|not allowed)|(unable|not permitted) to relay"
_NOBODY = (
    r"(user|recipient|mailbox|address|account)( is| was)? (unknown|unavailable|not found|disabled|inactive|invalid)"
    r"|(unknown|no such|invalid) (local )?(user|recipient|mailbox|address|account)|does(n't| not) exist|no mailbox"
)
_UNWANTED = (
    r"\bspam|block(ed|list)|black ?list|\breputation|\bpolicy|\bdmarc\b|\bspf\b|\bdkim\b|unsolicited|content reject"
)
_GREY = r"gr[ae]y-?list"
_AGAIN, _NEVER = True, False

RULES: Final = (
    # Nothing but the relay has been spoken to yet.
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY, phase=Phase.CONNECT),
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY, phase=Phase.LOGIN),
    # The recipient's mailbox: full, busy, switched off. Before the limits: "mailbox quota" is not ours.
    Rule(_AGAIN, Fault.RECIPIENT, Pace.RATE, enhanced=("[45].2.1",), says=r"\bat a rate\b"),
    Rule(_AGAIN, Fault.RECIPIENT, Pace.GREYLISTED, enhanced=("4.2.0", "4.2.1"), says=_GREY),
    Rule(_AGAIN, Fault.RECIPIENT, enhanced=("4.2.*",)),
    Rule(_NEVER, Fault.RECIPIENT, enhanced=("5.2.1",)),
    Rule(_NEVER, Fault.MESSAGE, enhanced=("5.2.2", "5.2.3", "5.2.4", "5.6.*")),
    # Too fast for where it goes, which is not too fast for the relay.
    Rule(_AGAIN, Fault.DOMAIN, Pace.RATE, enhanced=("4.7.28",)),
    # Our address, our login, our limits: no recipient may suffer for them, so all mail waits.
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, enhanced=("5.1.7", "5.1.8")),
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, says=_RELAYING),
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, codes=("530", "534", "535", "538")),
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, enhanced=("5.7.8", "5.7.9", "5.7.1[0-4]", "5.7.57", "5.7.139")),
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, says=_LIMIT),
    Rule(_AGAIN, Fault.RELAY, Pace.LIMIT, enhanced=("?.4.5",)),
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY, enhanced=("4.3.*", "4.5.*")),
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY, codes=("421", "454")),
    # Where it goes cannot be found or reached now: so is everybody else there.
    Rule(_AGAIN, Fault.DOMAIN, enhanced=("4.4.*",)),
    # The address itself.
    Rule(_NEVER, Fault.RECIPIENT, enhanced=("5.1.*", "5.4.1", "5.4.4", "5.4.310")),
    # They do not want mail from us, or cannot tell that it is from us; suppressing the recipient would be wrong.
    Rule(_NEVER, Fault.POLICY, Pace.POLICY, enhanced=("5.7.*",)),
    # Greylisting and everything temporary about one recipient.
    Rule(_AGAIN, Fault.MESSAGE, enhanced=("4.6.*",)),
    Rule(_AGAIN, Fault.RECIPIENT, Pace.GREYLISTED, enhanced=("4.7.1",)),
    Rule(_AGAIN, Fault.RECIPIENT, Pace.GREYLISTED, codes=("4??",), says=_GREY),
    Rule(_AGAIN, Fault.RECIPIENT, enhanced=("4.*",)),
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY, codes=("452",)),
    Rule(_AGAIN, Fault.RECIPIENT, Pace.GREYLISTED, codes=("450", "451"), phase=Phase.ENVELOPE),
    Rule(_AGAIN, Fault.RECIPIENT, codes=("4??",), phase=Phase.ENVELOPE),
    Rule(_AGAIN, Fault.MESSAGE, codes=("4??",)),
    # No enhanced code, or one that says little ("550 5.5.0 mailbox unavailable").
    Rule(_NEVER, Fault.RECIPIENT, codes=("5??",), says=_NOBODY),
    Rule(_NEVER, Fault.POLICY, Pace.POLICY, codes=("5??",), says=_UNWANTED),
    Rule(_NEVER, Fault.RECIPIENT, codes=("551", "553"), phase=Phase.ENVELOPE),
    Rule(_NEVER, Fault.MESSAGE, codes=("5??",)),
    # Neither yes nor no before the body: out of step, and nothing has left.
    Rule(_AGAIN, Fault.RELAY, Pace.BUSY),
)


def rule_for(code: int, enhanced: str | None, text: str, phase: Phase) -> Rule:
    """The rule that decides about a reply."""
    return next(rule for rule in RULES if rule.fits(code, enhanced, text, phase))


def wait(pace: Pace, times: int) -> timedelta:
    """How long to wait after ``times`` (from 1) such refusals, without jitter."""
    waits = WAITS[pace]
    return waits[min(max(times, 1), len(waits)) - 1]
