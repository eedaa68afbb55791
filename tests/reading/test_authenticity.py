"""Authentication-Results: only the topmost header of our own server counts, and only for the domain of From."""

from __future__ import annotations

import pytest

from outreach.reading.authenticity import verdict
from outreach.reading.headers import Headers
from outreach.words import AuthResult

OURS = "mx.camp.example"


def _judge(*results: str, senders: tuple[str, ...] = ("a@good.example",), server: str | None = OURS) -> AuthResult:
    fields = [("From", sender) for sender in senders] + [("Authentication-Results", result) for result in results]
    return verdict(Headers(fields), server, "good.example").result


_GENUINE = [
    "mx.camp.example; dkim=pass header.d=good.example",
    "MX.camp.EXAMPLE; dkim=pass header.d=GOOD.example",
    "mx.camp.example 1; dkim=pass header.i=@good.example",
    '"mx.camp.example"; dkim=pass header.d=good.example',
    "mx.camp.example (our (own) server); spf=fail; dkim=pass (2048-bit key) header.d=good.example",
    "mx.camp.example; dmarc=pass (p=NONE) header.from=good.example",
    "mx.camp.example; dkim=fail header.d=other.example; dkim=pass header.d=good.example",
    "mx.camp.example;\r\n\tdkim=pass header.b=abc header.d=good.example",
]


@pytest.mark.parametrize("result", _GENUINE)
def test_our_own_servers_pass_counts(result: str) -> None:
    assert _judge(result) is AuthResult.PASS


def test_a_parent_domain_may_sign_for_its_sub_domain() -> None:
    headers = Headers([("From", "a@mail.good.example"), ("Authentication-Results", _GENUINE[0])])

    assert verdict(headers, OURS, "mail.good.example").result is AuthResult.PASS


_FORGED = [
    "mx.camp.example.evil.example; dkim=pass header.d=good.example",
    "evil.mx.camp.example; dkim=pass header.d=good.example",
    "mx.camp.example@evil.example; dkim=pass header.d=good.example",
    "(mx.camp.example) evil.example; dkim=pass header.d=good.example",
    "evil.example (mx.camp.example; dkim=pass header.d=good.example); dkim=none",
    'evil.example; x="mx.camp.example; dkim=pass header.d=good.example"',
    "mx.camp.example dkim=pass header.d=good.example",
    "mx.camp.example evil; dkim=pass header.d=good.example",
    "; mx.camp.example; dkim=pass header.d=good.example",
    "mx.camp.example; dkim=pass header.d=evil.example",
    "mx.camp.example; dkim=pass header.d=good.example.evil.example",
    "mx.camp.example; dkim=pass header.d=notgood.example",
    "mx.camp.example; dkim=pass header.d=sub.good.example",
    "mx.camp.example; dkim=pass header.d=example",
    "mx.camp.example; dkim=pass header.i=good.example@evil.example",
    "mx.camp.example; dkim=pass (header.d=good.example)",
    'mx.camp.example; dkim=none reason="dkim=pass header.d=good.example"',
    'mx.camp.example; dkim=none reason="; dkim=pass header.d=good.example"',
    "mx.camp.example; dkim=none (; dkim=pass header.d=good.example)",
    "mx.camp.example; dkim=none ((); dkim=pass header.d=good.example)",
    "mx.camp.example; dkim=fail (x) header.d=good.example",
    "mx.camp.example; dkim=passed header.d=good.example",
    "mx.camp.example; dkim=pass",
    "mx.camp.example; spf=pass smtp.mailfrom=good.example",
    "mx.camp.example; arc=pass header.d=good.example",
    "mx.camp.example; x-dkim=pass header.d=good.example",
    "mx.camp.example; dmarc=pass header.from=evil.example",
    "mx.camp.example; dmarc=pass",
    "mx.camp.example; dkim=pass header.d=good.example (open",
    'mx.camp.example; dkim=pass header.d="good.example',
    "mx.camp.example; none",
    "",
]


@pytest.mark.parametrize("result", _FORGED)
def test_a_forged_or_foreign_result_never_passes(result: str) -> None:
    assert _judge(result) is not AuthResult.PASS


def test_a_header_below_the_topmost_is_not_believed() -> None:
    assert _judge("mx.camp.example; dkim=none", "mx.camp.example; dkim=pass header.d=good.example") is AuthResult.NONE


def test_a_header_below_a_foreign_one_is_not_believed() -> None:
    assert _judge("evil.example; dkim=none", _GENUINE[0]) is AuthResult.NONE


def test_a_copy_in_an_arc_header_is_not_believed() -> None:
    headers = Headers([("From", "a@good.example"), ("ARC-Authentication-Results", f"i=1; {_GENUINE[0]}")])

    assert verdict(headers, OURS, "good.example").result is AuthResult.NONE


def test_dmarc_failure_is_a_failure_whatever_else_passes() -> None:
    assert _judge("mx.camp.example; dmarc=fail; dkim=pass header.d=good.example") is AuthResult.FAIL


def test_nothing_passes_when_there_are_two_from_headers() -> None:
    assert _judge(_GENUINE[0], senders=("a@good.example", "b@evil.example")) is AuthResult.NONE


def test_nothing_is_known_without_a_configured_server() -> None:
    assert _judge(_GENUINE[0], server=None) is AuthResult.UNKNOWN
