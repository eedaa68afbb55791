"""What ``outreach check`` asks of each relay: does it let us in, how much may leave by it, may it send in our name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from outreach.cli.checks import Finding, SecretOf, State
from outreach.errors import OutreachError, ServerUnreachable
from outreach.mail.dns import txt_records
from outreach.mail.probe import probe_relay
from outreach.providers import belongs_elsewhere, spf_of
from outreach.relay import Relay
from outreach.settings import Settings

_SEE: Final = "send yourself one (outreach invite --to-me) and look for dmarc=pass in its Authentication-Results"


def found(settings: Settings, secret_of: SecretOf) -> Iterator[Finding]:
    """All of it, relay by relay, in their order."""
    for relay in settings.relays:
        name = f"{relay.name}: " if len(settings.relays) > 1 else ""
        for finding in (*_login(settings, relay, secret_of), *alignment(settings, relay)):
            yield Finding("smtp", finding.state, f"{name}{finding.text}")


def _login(settings: Settings, relay: Relay, secret_of: SecretOf) -> Iterator[Finding]:
    """Log in to the relay and hear what it offers."""
    url = relay.url
    try:
        found = probe_relay(url, secret_of(url), ehlo_name=settings.contact_domain)
    except OutreachError as problem:
        yield Finding("smtp", State.FAILED, str(problem))
        return
    logged_in = f"Logged in to {url.address} as {url.user}" if url.user else f"Connected to {url.address} without login"
    offered = [name for name in ("8BITMIME", "SMTPUTF8", "PIPELINING", "DSN") if found.offers(name)]
    size = f"mails up to {found.size // 1_000_000} MB" if found.size else ""
    details = ", ".join(filter(None, [*offered, size]))
    yield Finding("smtp", State.OK, f"{logged_in}{f'; it takes {details}' if details else ''}.")
    limits = [f"{n} in {span}" for n, span in _limits(settings, relay) if n is not None]
    yield Finding(
        "smtp", State.OK, f"We send at most {' and '.join(limits)}." if limits else "We send without a limit."
    )


def _limits(settings: Settings, relay: Relay) -> tuple[tuple[int | None, str], ...]:
    limits = settings.limits_of(relay)
    spans = ((settings.sending.per_run, "one run"), (limits.per_day, "24 hours"), (limits.per_hour, "an hour"))
    return *spans, (limits.per_minute, "a minute")


def alignment(settings: Settings, relay: Relay) -> Iterator[Finding]:
    """Whether receivers can tell that mail by this relay is from our address: by SPF, or by our own signature."""
    domain, signed = settings.contact_domain, relay.dkim or settings.dkim
    if relay.url.is_loopback:
        return
    if belongs_elsewhere(domain, relay.url):
        text = f"Mail from {domain} is taken from its own provider alone: by {relay.url.host} it is refused or spam."
        yield Finding("smtp", State.FAILED, f"{text} Take this relay out, or an address at a domain of your own.")
        return
    try:
        policy = [text for text in txt_records(domain) if text.lower().startswith("v=spf1")]
    except ServerUnreachable as problem:
        yield Finding("smtp", State.NOTE, f"Whether it may send in the name of {domain} is not known: {problem}")
        return
    named = spf_of(relay.url)
    if named is not None and any(named in text.lower().split() for text in policy):
        yield Finding("smtp", State.OK, f"SPF of {domain} names it ({named}).")
    elif signed is not None:
        yield Finding("smtp", State.OK, f"Our own signature by {signed.domain} shows that it sends in our name.")
    elif named is not None:
        text = f"SPF of {domain} does not name it: put {named} into that TXT record, or sign here: outreach dkim"
        yield Finding("smtp", State.FAILED, text)
    else:
        yield Finding("smtp", State.NOTE, f"Whether it may send in the name of {domain} shows a mail alone: {_SEE}.")
