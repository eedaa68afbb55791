"""The table of refusals: whose fault, whether again, after how long. Replies of servers: tests/mail/test_replies.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.ports import Fault, Pace, Phase
from outreach.retrytable import RULES, WAITS, rule_for, wait

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "fault", "again", "pace"),
    [
        (450, "4.7.28", "our system has detected an unusual rate of mail", Fault.DOMAIN, True, Pace.RATE),
        (421, "4.7.28", "unusual rate", Fault.DOMAIN, True, Pace.RATE),
        (451, "4.4.1", "no answer from host", Fault.DOMAIN, True, Pace.USUAL),
        (451, "4.7.1", "try again", Fault.RECIPIENT, True, Pace.GREYLISTED),
        (450, None, "Greylisted for 300 s", Fault.RECIPIENT, True, Pace.GREYLISTED),
        (452, "4.2.2", "over quota", Fault.RECIPIENT, True, Pace.USUAL),
        (421, "4.3.2", "closing", Fault.RELAY, True, Pace.BUSY),
        (550, "5.4.5", "Daily user sending limit exceeded", Fault.RELAY, True, Pace.LIMIT),
        (450, None, "Mail send limit exceeded.", Fault.RELAY, True, Pace.LIMIT),
        (550, "5.7.26", "unauthenticated", Fault.POLICY, False, Pace.POLICY),
        (550, "5.1.1", "no such user", Fault.RECIPIENT, False, Pace.USUAL),
    ],
)
def test_a_refusal_says_whose_fault_it_is_and_how_soon_to_try_again(
    code: int, enhanced: str | None, text: str, fault: Fault, again: bool, pace: Pace
) -> None:
    rule = rule_for(code, enhanced, text, Phase.ENVELOPE)
    assert (rule.fault, rule.again, rule.pace) == (fault, again, pace)


def test_whoever_greylists_is_tried_after_five_minutes_and_within_four_hours() -> None:
    assert timedelta(minutes=5) < wait(Pace.GREYLISTED, 1) < timedelta(minutes=10)
    assert sum(WAITS[Pace.GREYLISTED][:4], timedelta()) < 4 * HOUR


def test_two_tries_are_made_within_the_first_hour_and_the_last_wait_repeats() -> None:
    assert wait(Pace.USUAL, 1) + wait(Pace.USUAL, 2) < HOUR
    assert wait(Pace.USUAL, 50) == WAITS[Pace.USUAL][-1] == 8 * HOUR


@pytest.mark.parametrize("pace", Pace)
def test_each_wait_is_at_least_as_long_as_the_one_before(pace: Pace) -> None:
    assert list(WAITS[pace]) == sorted(WAITS[pace])
    assert all(waited > timedelta() for waited in WAITS[pace])


def test_our_own_fault_never_ends_as_the_recipients() -> None:
    assert all(rule.fault is not Fault.RECIPIENT for rule in RULES if any("5.7" in code for code in rule.enhanced))
