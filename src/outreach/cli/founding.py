"""Makes a new campaign's files: all of them, or none."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from sqlalchemy import Engine

from outreach import resources
from outreach.cli.output import by_command_line
from outreach.errors import Refused
from outreach.ports import Clock
from outreach.providers import servers_of
from outreach.sealing import read_key, write_new_key
from outreach.settings import FILE_NAME, Settings
from outreach.settingsfile import parse
from outreach.steps import coordinators
from outreach.store import campaign as campaigns
from outreach.store import migrate
from outreach.store.database import Database, open_engine

#: SQLite's own files beside the database.
_SQLITE_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for. None: found out from the contact's address."""

    folder: Path
    slug: str
    contact: str
    team: Sequence[str]
    languages: Sequence[str]
    mailbox: str | None = None
    smtp: str | None = None
    database: str | None = None
    sender: str | None = None
    coordinator: str | None = None

    @property
    def first_coordinator(self) -> str:
        """Who decides to begin with: as named, else as the team's first address names them."""
        named = self.team[0].partition("@")[0].partition("+")[0]
        return self.coordinator or re.sub(r"[._-]+", " ", named).title()


def found(wish: Wish, environment: Mapping[str, str], clock: Clock) -> Settings:
    """Write settings, statement files, key and database. Raises OutreachError or OSError, and then leaves nothing."""
    text = settings_text(wish, environment)
    settings = parse(text, wish.folder, environment, where="outreach init")
    coordinator = coordinators.checked(wish.first_coordinator)
    _refuse_what_is_there(settings)
    with ExitStack() as undo:
        make_folder(wish.folder, undo)
        make_folder(wish.folder / "statement", undo)
        for language in settings.languages:
            _write_placeholder(wish.folder / "statement" / f"{language}.md", undo)
        make_folder(settings.key_file.parent, undo)
        write_new_key(settings.key_file)
        undo.callback(settings.key_file.unlink, missing_ok=True)
        _make_database(settings, coordinator, clock, undo)
        # The settings come last: only with them is it a campaign.
        write_new(wish.folder / FILE_NAME, text, undo)
        undo.pop_all()
    return settings


def settings_text(wish: Wish, environment: Mapping[str, str]) -> str:
    """``outreach.toml`` from its template; every value is quoted as TOML wants it."""
    mailbox, smtp = servers_of(wish.contact)
    template = (resources.templates() / "campaign" / FILE_NAME).read_text(encoding="utf-8")
    values: dict[str, str | Sequence[str]] = {
        "slug": wish.slug,
        "contact": wish.contact,
        "team": wish.team,
        "languages": wish.languages,
        "sender": wish.sender or wish.contact.partition("@")[0].title(),
        "mailbox": wish.mailbox or mailbox,
        "smtp": wish.smtp or smtp,
        "database": wish.database or "sqlite:///outreach.db",
        "key": str(key_file(wish.slug, environment)),
    }
    return Template(template).substitute({name: toml(value) for name, value in values.items()})


def toml(value: str | Sequence[str]) -> str:
    """A TOML basic string, or a list of them: JSON's escapes are TOML's, but for DEL."""
    if isinstance(value, str):
        # What is no Unicode text (octets of a command line) could not be written to the file.
        return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(toml(item) for item in value)}]"


def key_file(slug: str, environment: Mapping[str, str]) -> Path:
    """Where the key goes: never into the campaign's folder, nor where a copy of that would carry it."""
    if named := environment.get("OUTREACH_KEY_FILE"):
        return Path(named).absolute()
    home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home).absolute() / "outreach" / "keys" / f"{slug}.key"


def _refuse_what_is_there(settings: Settings) -> None:
    folder, key = settings.folder, settings.key_file
    if (folder / FILE_NAME).exists():
        raise Refused(f"There is a campaign in {folder} already; nothing was changed.")
    if key.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"The key {key} would lie in the campaign's folder, where every copy would carry it.")
    if (database := file_of(open_engine(settings.database_url, folder))) and database.exists():
        raise Refused(f"There is a database at {database} already; it is left as it is. Name another with --database.")


def make_folder(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those above it that are missing, for their owner alone."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700)
        undo.callback(_quietly(path.rmdir))


def _write_placeholder(path: Path, undo: ExitStack) -> None:
    if not path.exists():  # the statement may have been put there before
        template = resources.templates() / "campaign" / "statement.md"
        write_new(path, template.read_text(encoding="utf-8"), undo)


def write_new(path: Path, text: str | bytes, undo: ExitStack) -> None:
    """Write a file that is not there yet, for its owner alone."""
    with path.open("xb") as file:
        undo.callback(path.unlink, missing_ok=True)
        os.fchmod(file.fileno(), 0o600)
        file.write(text.encode() if isinstance(text, str) else text)
        file.flush()
        os.fsync(file.fileno())


def _make_database(settings: Settings, coordinator: str, clock: Clock, undo: ExitStack) -> None:
    engine = open_engine(settings.database_url, settings.folder)
    if file := file_of(engine):
        file.touch(mode=0o600, exist_ok=False)
        for suffix in _SQLITE_SUFFIXES:
            undo.callback(Path(f"{file}{suffix}").unlink, missing_ok=True)
    try:
        migrate.upgrade(engine)
        db = Database(engine, read_key(settings.key_file, campaign=settings.folder), via=by_command_line())
        with db.writing() as session:
            # INTERNALDATE knows whole seconds only: a mail of this very second is not an old one.
            campaigns.found(session, slug=settings.slug, since=clock().replace(microsecond=0))
            coordinators.first(session, coordinator, settings.team[0], clock)
    finally:
        engine.dispose()


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database."""
    database = engine.url.database
    return Path(database) if engine.url.get_backend_name() == "sqlite" and database else None


def _quietly(act: Callable[[], None]) -> Callable[[], None]:
    def acted() -> None:
        with suppress(OSError):
            act()

    return acted
