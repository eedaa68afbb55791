"""What an SMTP reply means for a mail, by the table in ``retrytable``. Used by ``smtp``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from outreach.mail.reasons import one_line
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Pace, Phase
from outreach.retrytable import rule_for

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


def classify(code: int, enhanced: str | None, text: str, phase: Phase) -> Outcome:
    """The outcome of a transaction that ended with this reply in this phase."""
    line = Reply(code, text).line
    if phase is Phase.BODY and code < 400:
        return Accepted(line) if 200 <= code < 300 else InDoubt(line)
    rule = rule_for(code, enhanced, text, phase)
    if rule.again:
        return Deferred(code, enhanced, line, phase, rule.fault, rule.pace)
    return Failed(code, enhanced, line, phase, rule.fault)


def sender_refused(reply: Reply) -> Outcome:
    """The outcome when MAIL is refused: our address or our login is at fault, unless it is about this mail."""
    if reply.code in (552, 555) or fnmatchcase(reply.enhanced or "", "[45].6.*") or reply.enhanced == "5.3.4":
        return classify(reply.code, reply.enhanced, reply.text, Phase.ENVELOPE)
    rule = rule_for(reply.code, reply.enhanced, reply.text, Phase.ENVELOPE)
    pace = rule.pace if rule.fault is Fault.RELAY else Pace.LIMIT if rule.again is False else Pace.BUSY
    return Deferred(reply.code, reply.enhanced, reply.line, Phase.ENVELOPE, Fault.RELAY, pace)
