"""What an SMTP reply means for a mail: whose fault, and whether to try again. The rules are data.

Decided by phase, then the enhanced code (RFC 3463, RFC 5248), then the basic code (RFC 5321, 4.2), with texts
only where servers give no better sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from outreach.mail.reasons import one_line
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Phase

_ENHANCED: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: code from 200 to 599, and its text with lines parted by a newline."""

    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code, if it begins the text and agrees with the basic code (RFC 2034, 4)."""
        found = _ENHANCED.match(self.text)
        return found[0] if found and found[1] == str(self.code)[0] else None

    @property
    def line(self) -> str:
        """Code and text as one printable line."""
        return one_line(f"{self.code} {self.text}")


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule of which every given condition holds decides. ``*`` stands for any digits."""

    then: type[Deferred | Failed]
    fault: Fault
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
    r"\b(daily|hourly|sending|sent|outgoing|relay\w*|messages? (rate|per \w+))\b[^.]{0,40}\b(limit|quota)"
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

RULES: Final = (
    # Nothing but the relay has been spoken to yet.
    Rule(Deferred, Fault.RELAY, phase=Phase.CONNECT),
    Rule(Deferred, Fault.RELAY, phase=Phase.LOGIN),
    # The recipient's mailbox: full, busy, switched off. Before the limits: "mailbox quota" is not ours.
    Rule(Deferred, Fault.RECIPIENT, enhanced=("4.2.*",)),
    Rule(Deferred, Fault.RECIPIENT, enhanced=("5.2.1",), says=r"\bat a rate\b"),
    Rule(Failed, Fault.RECIPIENT, enhanced=("5.2.1",)),
    Rule(Failed, Fault.MESSAGE, enhanced=("5.2.2", "5.2.3", "5.2.4", "5.6.*")),
    # Our address, our login, our limits: no recipient may suffer for them, so all mail waits.
    Rule(Deferred, Fault.RELAY, enhanced=("5.1.7", "5.1.8")),
    Rule(Deferred, Fault.RELAY, says=_RELAYING),
    Rule(Deferred, Fault.RELAY, codes=("530", "534", "535", "538")),
    Rule(Deferred, Fault.RELAY, enhanced=("5.7.8", "5.7.9", "5.7.1[0-4]", "5.7.57", "5.7.139")),
    Rule(Deferred, Fault.RELAY, says=_LIMIT),
    Rule(Deferred, Fault.RELAY, enhanced=("?.4.5", "4.3.*", "4.5.*")),
    Rule(Deferred, Fault.RELAY, codes=("421", "454")),
    # The address itself.
    Rule(Failed, Fault.RECIPIENT, enhanced=("5.1.*", "5.4.1", "5.4.4", "5.4.310")),
    # They do not want mail from us; suppressing the recipient for that would be wrong.
    Rule(Failed, Fault.POLICY, enhanced=("5.7.*",)),
    # Greylisting and everything temporary about one recipient.
    Rule(Deferred, Fault.MESSAGE, enhanced=("4.6.*",)),
    Rule(Deferred, Fault.RECIPIENT, enhanced=("4.*",)),
    Rule(Deferred, Fault.RELAY, codes=("452",)),
    Rule(Deferred, Fault.RECIPIENT, codes=("4??",), phase=Phase.ENVELOPE),
    Rule(Deferred, Fault.MESSAGE, codes=("4??",)),
    # No enhanced code, or one that says little ("550 5.5.0 mailbox unavailable").
    Rule(Failed, Fault.RECIPIENT, codes=("5??",), says=_NOBODY),
    Rule(Failed, Fault.POLICY, codes=("5??",), says=_UNWANTED),
    Rule(Failed, Fault.RECIPIENT, codes=("551", "553"), phase=Phase.ENVELOPE),
    Rule(Failed, Fault.MESSAGE, codes=("5??",)),
    # Neither yes nor no before the body: out of step, and nothing has left.
    Rule(Deferred, Fault.RELAY),
)


def classify(code: int, enhanced: str | None, text: str, phase: Phase) -> Outcome:
    """The outcome of a transaction that ended with this reply in this phase."""
    line = Reply(code, text).line
    if phase is Phase.BODY and code < 400:
        return Accepted(line) if 200 <= code < 300 else InDoubt(line)
    rule = next(rule for rule in RULES if rule.fits(code, enhanced, text, phase))
    return rule.then(code, enhanced, line, phase, rule.fault)


def sender_refused(reply: Reply) -> Outcome:
    """The outcome when MAIL is refused: our address or our login is at fault, unless it is about this mail."""
    if reply.code in (552, 555) or fnmatchcase(reply.enhanced or "", "[45].6.*") or reply.enhanced == "5.3.4":
        return classify(reply.code, reply.enhanced, reply.text, Phase.ENVELOPE)
    return Deferred(reply.code, reply.enhanced, reply.line, Phase.ENVELOPE, Fault.RELAY)
