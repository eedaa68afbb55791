"""``outreach check``: looks at everything a campaign needs, and goes on looking when something is wrong."""

from __future__ import annotations

import os
import zlib
from collections.abc import Generator, Iterator
from datetime import datetime

import click

from outreach import bootstrap
from outreach.bootstrap import Program
from outreach.cli import checks, dkim, login, newmail, relays
from outreach.cli.checks import Began, Finding, State
from outreach.cli.output import json_option, place_of, print_json, say
from outreach.errors import OutreachError
from outreach.ports import Secret
from outreach.sealing import Keyring, read_key
from outreach.serverurl import ServerUrl
from outreach.settings import Settings
from outreach.settingsfile import load
from outreach.store import inbound

_MARKS = {State.OK: "✓", State.FAILED: "✗", State.NOTE: "·"}
#: So many mails are asked for the name of our own mail server.
_NEWEST = 20


@click.command()
@json_option
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Say whether everything is ready, and what to do where it is not. Changes nothing; exit 1 if anything failed."""
    report = _Report(context, shown=not as_json)
    for finding in report.findings():
        report.take(finding)
    if as_json:
        print_json(report.document())
    else:
        say("Everything is ready." if report.is_good else "Something is left to do: see the lines with ✗.")
    if not report.is_good:
        context.exit(1)


class _Report:
    """The findings so far; shown as they come, because servers may take their time."""

    def __init__(self, context: click.Context, *, shown: bool) -> None:
        self._context = context
        self._shown = shown
        self._taken: list[Finding] = []
        self._began: Began | None = None
        self._keyring: Keyring | None = None

    @property
    def is_good(self) -> bool:
        return all(finding.state is not State.FAILED for finding in self._taken)

    def take(self, finding: Finding) -> None:
        self._taken.append(finding)
        if self._shown:
            say(f"{_MARKS[finding.state]} {finding.check:<12} {finding.text}")

    def document(self) -> dict[str, object]:
        began = self._began
        return {
            "ok": self.is_good,
            "since": began.since if began else None,
            "started_at": began.started_at if began else None,
            "checks": [{"check": f.check, "status": f.state, "text": f.text} for f in self._taken],
        }

    def findings(self) -> Iterator[Finding]:
        """Everything, in the order in which one needs the other."""
        folder, now = place_of(self._context), bootstrap.utc_now()
        try:
            settings = load(folder, os.environ)
        except OutreachError as problem:
            yield Finding("settings", State.FAILED, str(problem))
            return
        yield Finding("settings", State.OK, f"{settings.slug}: {settings.contact}, {', '.join(settings.languages)}.")
        program = yield from self._opened(settings)
        if self._began is not None:
            yield from checks.clock(self._began, now)
            yield from checks.phase(program, self._began) if program else ()
            yield from checks.team(program) if program else ()
            yield from checks.paper(program) if program else ()
        yield from checks.room(settings)
        yield from checks.statements(settings)
        yield from checks.letters(program) if program else ()
        yield from checks.day(settings, now)
        yield from checks.safety(settings)
        yield from checks.public(settings)
        yield from login.found(settings, self._keyring)
        yield from _servers(settings, self._keyring, self._began.since if self._began else now)
        newest = _newest(program) if program else []
        yield from newmail.authserv_id(settings, newest)
        yield from newmail.own_list(settings, newest)

    def _opened(self, settings: Settings) -> Generator[Finding, None, Program | None]:
        keyring = engine = None
        try:
            keyring = self._keyring = read_key(settings.key_file, campaign=settings.folder)
            yield Finding("key", State.OK, f"{settings.key_file} is yours alone and lies outside the folder.")
        except OutreachError as problem:
            yield Finding("key", State.FAILED, str(problem))
        try:
            engine = bootstrap.open_database(settings)
            self._context.call_on_close(engine.dispose)
            yield Finding("database", State.OK, f"{engine.url} is at the current version.")
        except OutreachError as problem:
            yield Finding("database", State.FAILED, str(problem))
        if keyring is None or engine is None:
            return None
        program = bootstrap.wire(settings, keyring, engine, os.environ)
        try:
            self._began = checks.began(program)
        except OutreachError as problem:
            yield Finding("database", State.FAILED, str(problem))
            return None
        yield Finding("database", State.OK, "The key opens it, and it can be written to.")
        return program


def _servers(settings: Settings, keyring: Keyring | None, since: datetime) -> Iterator[Finding]:
    def secret_of(url: ServerUrl) -> Secret | None:
        return bootstrap.secret_of(url, settings, os.environ, keyring)

    yield from checks.mailbox(settings, secret_of, since)
    yield from relays.found(settings, secret_of)
    yield from dkim.published(settings)


def _newest(program: Program) -> list[bytes]:
    """The raw mails that were stored last."""
    with program.db.reading() as session:
        return [zlib.decompress(mail.raw) for mail in inbound.newest(session, _NEWEST) if mail.raw is not None]
