"""Wrong settings, keys and databases: each gives one clear line that says what to do, whatever the command."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.settingsfile import load
from outreach.store import migrate
from outreach.store.database import open_engine
from tests.cli.commands import Begun, begin, run_process
from tests.servers.databases import SQLITE

Harm = Callable[[Begun], object]


def setting(old: str, new: str) -> Harm:
    return lambda begun: begun.replace_setting(old, new)


def key_of(begun: Begun) -> Path:
    return Path(begun.environment["XDG_CONFIG_HOME"]) / "outreach" / "keys" / "freedom.key"


def move_key_in(begun: Begun) -> None:
    shutil.move(key_of(begun), begun.folder / "freedom.key")
    begun.replace_setting(str(key_of(begun)), "freedom.key")


def folder_for_settings(begun: Begun) -> None:
    begun.settings_file.unlink()
    begun.settings_file.mkdir()


def other_key(begun: Begun) -> None:
    key_of(begun).write_text("outreach-key-1 " + "A" * 43 + "=\n")


def damage_database(begun: Begun) -> None:
    (begun.folder / "outreach.db").write_bytes(b"no database at all, but as long as a header of one" * 100)


def sql(statement: str) -> Harm:
    def executed(begun: Begun) -> None:
        engine = open_engine(load(begun.folder, begun.environment).database_url, begun.folder)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    return executed


def empty_database(begun: Begun) -> None:
    engine = open_engine(load(begun.folder, begun.environment).database_url, begun.folder)
    migrate.downgrade(engine, "base")
    engine.dispose()


#: What is wrong before any database is opened, or with the file of one.
HARMS: dict[str, tuple[Harm, str]] = {
    "misspelt key": (setting("handled =", "handeld ="), "no setting mailbox.handeld. Is handled meant?"),
    "misspelt needed key": (setting("contact =", "contcat ="), "campaign.contact is missing; is it written contcat?"),
    "misspelt table": (setting("[keeping]", "[keping]"), "there is no table [keping]. Is keeping meant?"),
    "missing key": (setting("slug = ", "# slug = "), "campaign.slug is missing"),
    "wrong type": (setting("mail_days = 90", 'mail_days = "90"'), "keeping.mail_days must be a whole number"),
    "truth as number": (setting("mail_days = 90", "mail_days = true"), "keeping.mail_days must be a whole number"),
    "huge number": (setting("mail_days = 90", f"mail_days = {10**30}"), "keeping.mail_days must be a whole number"),
    "negative number": (setting("give_up_days = 5", "give_up_days = -5"), "sending.give_up_days must be"),
    "no such choice": (setting('auto = "sure"', 'auto = "maybe"'), "asking.auto must be one of sure, always, never"),
    "choice of wrong type": (setting('auto = "sure"', 'auto = ["sure"]'), "asking.auto must be one of"),
    "empty team": (setting('team = ["bea@team.example"]', "team = []"), "campaign.team must name at least one"),
    "text for a list": (setting('languages = ["fa", "en"]', 'languages = "fa"'), "campaign.languages must be a list"),
    "bad zone": (setting('zone = "UTC"', 'zone = "Europe/Berln"'), "day.zone 'Europe/Berln' is no time zone"),
    "zone that is a folder": (setting('zone = "UTC"', 'zone = "Europe"'), "day.zone 'Europe' is no time zone"),
    "zone outside": (setting('zone = "UTC"', 'zone = "../../etc/passwd"'), "is no time zone"),
    "date in quotes": (setting("# date = 2026-09-05", 'date = "2026-09-05"'), "day.date must be a date without quotes"),
    "deadline a date": (setting("# deadline = 2026-09-03T20:00:00", "deadline = 2026-09-03"), "day.deadline must be a"),
    "bad toml": (setting("[day]", "[day"), "is not valid TOML"),
    "bad url": (setting("imap://statement@127.0.0.1:1", "http://statement@127.0.0.1"), "mailbox: the URL must begin"),
    "url of wrong type": (setting('url = "smtp://127.0.0.1:1"', "url = 25"), "smtp.url must be a text"),
    "password in url": (setting("imap://statement@", "imap://statement:sesame@"), "a password does not belong into"),
    "bad address": (setting("bea@team.example", "bea at team"), "campaign.team 'bea at team' is no mail address"),
    "text by language": (setting("\nexample = {}", '\nexample = "x"'), "campaign.example must be a line of text"),
    "not utf-8": (lambda b: b.settings_file.write_bytes(b"\xff\xfe"), "is not written in UTF-8"),
    "no settings": (lambda b: b.settings_file.unlink(), "or begin one with: outreach init"),
    "settings a folder": (folder_for_settings, "cannot be read: Is a directory"),
    "no key": (lambda b: key_of(b).unlink(), "There is no key at"),
    "open key": (lambda b: key_of(b).chmod(0o640), "Type: chmod 600"),
    "key in folder": (move_key_in, "lies in the campaign's folder, where every copy would carry it. Move it out."),
    "not a key": (lambda b: key_of(b).write_text("sesame\n"), "is not a key of this program"),
    "key of octets": (lambda b: key_of(b).write_bytes(os.urandom(60) + b"\xff"), "is not a key"),
    "no database": (lambda b: (b.folder / "outreach.db").unlink(), "There is no database at"),
    "damaged database": (damage_database, "The database file is damaged. Restore it"),
    "empty file": (lambda b: (b.folder / "outreach.db").write_bytes(b""), "Type: outreach db upgrade"),
}  # fmt: skip

#: What is wrong in the database, whichever it is.
HARMS_INSIDE: dict[str, tuple[Harm, str]] = {
    "wrong key": (other_key, "The key is not this campaign's"),
    "empty database": (empty_database, "Type: outreach db upgrade"),
    "old database": (sql("UPDATE alembic_version SET version_num = '0001'"), "Type: outreach db upgrade"),
    "new database": (sql("UPDATE alembic_version SET version_num = '9999'"), "belongs to a newer version"),
    "no campaign": (sql("DELETE FROM campaign"), "This database holds no campaign"),
}


@pytest.mark.parametrize("name", HARMS)
def test_trouble_is_told_in_one_line_that_says_what_to_do(name: str, tmp_path: Path) -> None:
    _is_told_in_one_line(begin(tmp_path, SQLITE), HARMS[name])


@pytest.mark.parametrize("name", HARMS_INSIDE)
def test_trouble_inside_the_database_is_told_in_one_line(name: str, tmp_path: Path, init_url: str) -> None:
    _is_told_in_one_line(begin(tmp_path, init_url), HARMS_INSIDE[name])


def _is_told_in_one_line(begun: Begun, trouble: tuple[Harm, str]) -> None:
    harm, says = trouble
    harm(begun)
    result = begun.type_("run")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.output
    assert says in result.stderr
    assert "sesame" not in result.stderr


@pytest.mark.parametrize("name", HARMS)
def test_check_finds_the_trouble_and_goes_on(name: str, tmp_path: Path) -> None:
    _is_found_by_check(begin(tmp_path, SQLITE), HARMS[name])


@pytest.mark.parametrize("name", HARMS_INSIDE)
def test_check_finds_the_trouble_inside_the_database(name: str, tmp_path: Path, init_url: str) -> None:
    _is_found_by_check(begin(tmp_path, init_url), HARMS_INSIDE[name])


def _is_found_by_check(begun: Begun, trouble: tuple[Harm, str]) -> None:
    harm, says = trouble
    harm(begun)
    result = begun.type_("check")
    assert result.exit_code == 1
    assert says in result.stdout
    assert "Traceback" not in result.output


def test_missing_database_is_not_made_anew(tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    (begun.folder / "outreach.db").unlink()
    for words in (["run"], ["check"], ["db", "check"], ["db", "upgrade"]):
        assert begun.type_(*words).exit_code == 1
    assert not (begun.folder / "outreach.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_database_that_may_only_be_read_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(tmp_path, SQLITE)
    closed = [folder for folder in tmp_path.parents if not folder.stat().st_mode & stat.S_IXOTH]
    for folder in (tmp_path, *closed, begun.folder, tmp_path / "config", tmp_path / "config/outreach"):
        folder.chmod(0o755)
    (tmp_path / "config/outreach/keys").chmod(0o755)
    (begun.folder / "outreach.db").chmod(0o644)
    begun.settings_file.chmod(0o644)
    os.chown(key_of(begun), 65534, 65534)
    os.seteuid(65534)
    try:
        result = begun.type_("run")
    finally:
        os.seteuid(0)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "read-only for this user" in result.stderr or "may this user write there" in result.stderr


@pytest.mark.slow
def test_process_ends_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = run_process("-C", tmp_path, "run")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
