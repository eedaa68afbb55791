"""``outreach login``: a person signs in at Microsoft, Google or another provider that takes no passwords."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator

import click

from outreach import bootstrap
from outreach.cli.checks import Finding, State
from outreach.cli.output import local_time, place_of, say
from outreach.errors import OutreachError, Refused, ServerUnreachable
from outreach.mail.oauth import DeviceCode, Grant, Pending, TokenServer
from outreach.mail.tokens import Login, LoginFile
from outreach.relay import OAuthSettings, Relay
from outreach.sealing import Keyring, read_key
from outreach.settings import FILE_NAME, Settings
from outreach.settingsfile import load


@click.command()
@click.option("--paste", is_flag=True, help="Agree on a page of this machine's browser or another, and paste its end.")
@click.option("--relay", "name", metavar="NAME", help="For the relay of this name, which has an [oauth] of its own.")
@click.pass_context
def login(context: click.Context, paste: bool, name: str | None) -> None:
    """Sign in where tokens stand in for passwords ([oauth] in outreach.toml): Microsoft 365, Google.

    What comes of it is kept sealed in the campaign's folder and refreshed by itself. On several machines each signs in.
    """
    settings = load(place_of(context), os.environ)
    relay = settings.relay(name) if name is not None else None
    if name is not None and (relay is None or relay.oauth is None):
        raise Refused(f"No relay {name} has an [oauth] of its own in {FILE_NAME}.")
    if (oauth := relay.oauth if relay is not None else settings.oauth) is None:
        raise Refused(f"Nothing says where to sign in: put provider and client_id into [oauth] of {FILE_NAME}.")
    key = read_key(settings.key_file, campaign=settings.folder)
    file = LoginFile(settings.login_file(relay), key, oauth.client_id)
    server = bootstrap.token_server(oauth, os.environ)
    with_code = bool(oauth.sign_in.device_url) and not paste
    if paste and not oauth.sign_in.authorize_url:
        raise Refused("This provider has no such page (authorize_url in [oauth]): leave out --paste.")
    grant = _by_code(server) if with_code else _by_page(server)
    signed_in = Login.granted(grant, bootstrap.utc_now())
    with file.lock():
        file.write(signed_in)
    say(f"Signed in; kept sealed in {file.path}. Whether the servers take it: outreach check")


def _by_code(server: TokenServer) -> Grant:
    code = server.device_code()
    say(f"Open {code.where} in any browser, type the code {code.code}")
    say("and sign in as the mailbox's own account. Waiting for it …")
    return wait_for(server, code)


def wait_for(
    server: TokenServer,
    code: DeviceCode,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> Grant:
    """Ask again and again, as slowly as the provider wants it. Raises Refused when nobody came in time."""
    interval, until = code.interval, monotonic() + code.expires_in
    while monotonic() < until:
        sleep(interval)
        try:
            answer = server.poll(code)
        except ServerUnreachable:
            interval *= 2  # RFC 8628, 3.5
            continue
        match answer:
            case Grant():
                return answer
            case Pending(slower=more):
                interval += more
    raise Refused("Nobody typed the code in time. Begin again: outreach login")


def _by_page(server: TokenServer) -> Grant:
    page = server.page()
    say("Open this page in any browser and sign in as the mailbox's own account:\n")
    say(f"{page.url}\n")
    say("At the end the browser is sent to an address at which it finds nothing: that is right. Copy that address.")
    if sys.stdin.isatty():
        return server.exchange(page, str(click.prompt("The address", err=True)))
    return server.exchange(page, sys.stdin.readline())


def found(settings: Settings, keyring: Keyring | None) -> Iterator[Finding]:
    """Whether somebody has signed in, and for how long that lasts; nothing where passwords are used."""
    if keyring is None:
        return
    own = [(relay.oauth, relay) for relay in settings.relays if relay.oauth is not None]
    common = [(settings.oauth, None)] if settings.oauth is not None else []
    for oauth, relay in (*common, *own):
        if any(settings.oauth_for(url) is oauth for url in settings.servers):
            yield from _signed_in(settings, keyring, oauth, relay)
        else:
            hosts = ", ".join(sorted(oauth.sign_in.hosts))
            text = f"[oauth] is there, and no server is one that takes its tokens ({hosts}): passwords are used."
            yield Finding("login", State.NOTE, text)


def _signed_in(settings: Settings, keyring: Keyring, oauth: OAuthSettings, relay: Relay | None) -> Iterator[Finding]:
    try:
        login = LoginFile(settings.login_file(relay), keyring, oauth.client_id).read()
    except OutreachError as problem:
        yield Finding("login", State.FAILED, str(problem))
        return
    zone = settings.day.zone
    where = f" for the relay {relay.name}" if relay is not None else ""
    yield Finding("login", State.OK, f"Signed in{where} since {local_time(login.signed_in_at, zone)}.")
    if login.ends_at is not None:
        text = f"This login ends on {local_time(login.ends_at, zone)}. Before that, type: outreach login"
        yield Finding("login", State.NOTE, f"{text}{_PUBLISH if oauth.provider == 'google' else ''}")
    elif oauth.provider == "google":  # which need not say so
        text = f"Google ends a login seven days after it began if the application is “in testing”.{_PUBLISH}"
        yield Finding("login", State.NOTE, text)


_PUBLISH = " For more than seven days, set its publishing status to “in production” (Google Cloud: Audience)."
