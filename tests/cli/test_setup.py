from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from outreach.bootstrap import open_program
from outreach.errors import DatabaseProblem
from outreach.passes import STEPS, only_one, run_step
from outreach.settingsfile import load
from outreach.store import campaign as campaigns
from outreach.store import migrate, workers
from tests import cast
from tests.cli.commands import Begun, begin, init_words, run_process, type_
from tests.servers.databases import SQLITE


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_init_writes_settings_statements_and_database_and_the_key_elsewhere(tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    assert everything_in(begun.folder) == {
        "outreach.toml", "outreach.db", "statement", "statement/fa.md", "statement/en.md",
    }  # fmt: skip
    assert everything_in(tmp_path / "config") == {"outreach", "outreach/keys", "outreach/keys/freedom.key"}


def test_init_lets_nobody_else_read(tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    assert mode_of(tmp_path / "config/outreach/keys/freedom.key") == 0o600
    assert mode_of(begun.folder) == 0o700
    for name in ("outreach.toml", "outreach.db", "statement/en.md"):
        assert mode_of(begun.folder / name) == 0o600


def test_settings_that_init_wrote_read_back_as_they_were_given(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url, mailbox="imaps://a@posteo.example@mail.example/INBOX")
    settings = load(begun.folder, begun.environment)
    assert (settings.slug, settings.contact) == ("freedom", "statement@contact.example")
    assert (settings.team, settings.languages) == (("bea@team.example",), ("fa", "en"))
    assert (settings.mailbox.url.user, settings.mailbox.url.host) == ("a@posteo.example", "mail.example")
    assert settings.key_file == tmp_path / "config/outreach/keys/freedom.key"


def test_campaign_begins_in_rehearsal_at_this_very_second(tmp_path: Path, init_url: str) -> None:
    before = datetime.now(UTC)
    begun = begin(tmp_path, init_url)
    program = open_program(begun.folder, begun.environment)
    with program.db.reading() as session:
        campaign = campaigns.the_campaign(session)
        assert campaign.in_rehearsal
        assert before - timedelta(seconds=1) <= campaign.since <= datetime.now(UTC)
        assert campaign.since.microsecond == 0
    program.db.engine.dispose()


def test_init_says_what_is_left_to_do(tmp_path: Path) -> None:
    words = init_words(tmp_path / "campaign")
    result = type_(*words, environment={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    for hint in (
        "outreach.toml",
        "statement/fa.md",
        "OUTREACH_MAILBOX_PASSWORD_FILE",
        "check",
        "start",
        "cron --install",
    ):
        assert hint in result.stdout


def test_key_goes_where_the_environment_says(tmp_path: Path) -> None:
    key = tmp_path / "elsewhere" / "a.key"
    words = init_words(tmp_path / "campaign")
    assert type_(*words, environment={"OUTREACH_KEY_FILE": str(key)}).exit_code == 0
    assert load(tmp_path / "campaign", {}).key_file == key
    open_program(tmp_path / "campaign", {}).db.engine.dispose()


def test_statement_that_lies_there_already_is_kept(tmp_path: Path, init_url: str) -> None:
    statement = tmp_path / "campaign" / "statement" / "en.md"
    statement.parent.mkdir(parents=True)
    statement.write_text("# Free them\n")
    begin(tmp_path, init_url)
    assert statement.read_text() == "# Free them\n"


def test_texts_are_quoted_as_toml_wants_it(tmp_path: Path) -> None:
    name = 'Bea "B." \\ Berg = [x] # $slug 🕊 بئا'
    words = init_words(tmp_path / "campaign", "--sender", name)
    assert type_(*words, environment={"XDG_CONFIG_HOME": str(tmp_path)}).exit_code == 0
    assert load(tmp_path / "campaign", {}).sender == name


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"--slug": "Freedom 1"}, "campaign.slug must be 2 to 40 small letters"),
        ({"--slug": "../../x"}, "campaign.slug must be"),
        ({"--contact": "nobody"}, "campaign.contact 'nobody' is no mail address"),
        ({"--contact": "a@b@c.example"}, "campaign.contact"),
        ({"--contact": "a@c.example\n[x]"}, "campaign.contact must be one line"),
        ({"--team": "bea@"}, "campaign.team 'bea@' is no mail address"),
        ({"--language": "../en"}, "campaign.languages '../en' is no language tag"),
        ({"--mailbox": "imaps://me:sesame@mail.example"}, "mailbox: a password does not belong into the URL"),
        ({"--mailbox": "pop3://me@mail.example"}, "mailbox: the URL must begin with"),
        ({"--smtp": "smtps://mail.example/x"}, "smtp: nothing may follow the host"),
        ({"--database": "postgresql://me:sesame@db.example/x"}, "database.url holds a password"),
        ({"--database": "outreach.db"}, "database.url is not a database URL"),
        ({"--database": "mssql+nothing://x"}, "only sqlite and postgresql"),
        ({"--database": "postgresql://127.0.0.1:1/x"}, "The database server cannot be reached"),
        ({"--database": "sqlite:////nowhere/at/all.db"}, "/nowhere/at/all.db: No such file or directory"),
        ({"--sender": "B\x1b[31m"}, "campaign.sender must be one line"),
    ],
    ids=str,
)
def test_wrong_wish_is_named_in_one_line_and_leaves_nothing(changes: dict[str, str], says: str, tmp_path: Path) -> None:
    words = init_words(tmp_path / "deep" / "campaign")
    for option, value in changes.items():
        if option in words:
            words[words.index(option) + 1] = value
        else:
            words += [option, value]
    result = type_(*words, environment={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert says in result.stderr
    assert "sesame" not in result.stderr
    assert everything_in(tmp_path) == set()


def test_second_init_changes_nothing(tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    before = {name: (begun.folder / name).read_bytes() for name in ("outreach.toml", "outreach.db")}
    result = type_(*init_words(begun.folder), environment=begun.environment)
    assert result.exit_code == 1
    assert "There is a campaign" in result.stderr
    assert {name: (begun.folder / name).read_bytes() for name in before} == before


def test_init_makes_the_tables_in_a_database_that_has_none(tmp_path: Path, new_database_url: str) -> None:
    begun = begin(tmp_path, new_database_url)
    assert begun.type_("db", "check").exit_code == 0


def test_database_of_another_campaign_is_left_alone(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    words = init_words(tmp_path / "other", "--database", load(begun.folder, begun.environment).database_url)
    words[words.index("freedom")] = "bread"
    url = words[-1] if init_url != SQLITE else f"sqlite:///{begun.folder / 'outreach.db'}"
    result = type_(*words[:-1], url, environment=begun.environment)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "Name another with --database" in result.stderr
    assert not (tmp_path / "other").exists()
    open_program(begun.folder, begun.environment).db.engine.dispose()


def test_key_of_another_campaign_is_never_overwritten(tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    key = tmp_path / "config/outreach/keys/freedom.key"
    before = key.read_bytes()
    result = type_(*init_words(tmp_path / "other"), environment=begun.environment)
    assert result.exit_code == 1
    assert "not overwritten" in result.stderr
    assert key.read_bytes() == before
    assert not (tmp_path / "other").exists()


def test_database_that_lies_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign" / "outreach.db").write_bytes(b"precious")
    result = type_(*init_words(tmp_path / "campaign"), environment={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert (result.exit_code, everything_in(tmp_path)) == (1, {"campaign", "campaign/outreach.db"})
    assert (tmp_path / "campaign" / "outreach.db").read_bytes() == b"precious"


def test_key_inside_the_folder_is_refused(tmp_path: Path) -> None:
    environment = {"OUTREACH_KEY_FILE": str(tmp_path / "campaign" / "my.key")}
    result = type_(*init_words(tmp_path / "campaign"), environment=environment)
    assert "would lie in the campaign's folder" in result.stderr
    assert everything_in(tmp_path) == set()


def test_nothing_is_left_when_it_fails_at_the_very_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_schema(*_: object) -> None:
        raise DatabaseProblem("The disk is full.")

    monkeypatch.setattr(migrate, "upgrade", no_schema)
    result = type_(*init_words(tmp_path / "campaign"), environment={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert result.exit_code == 1
    assert everything_in(tmp_path) == set()


@pytest.mark.slow
def test_init_asks_nothing(tmp_path: Path) -> None:
    done = run_process(*init_words(tmp_path / "campaign"), environment={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert (done.returncode, done.stderr) == (0, "")


def started(begun: Begun) -> bool:
    program = open_program(begun.folder, begun.environment)
    with program.db.reading() as session:
        found = not campaigns.the_campaign(session).in_rehearsal
    program.db.engine.dispose()
    return found


@pytest.mark.parametrize(("words", "typed"), [(["--yes"], ""), ([], "freedom\n")])
def test_start_ends_the_rehearsal_when_the_slug_is_typed(
    words: list[str], typed: str, tmp_path: Path, init_url: str
) -> None:
    begun = begin(tmp_path, init_url)
    assert begun.type_("start", *words, typed=typed).exit_code == 0
    assert started(begun)


@pytest.mark.parametrize("typed", ["y\n", ""])
def test_start_does_nothing_when_the_slug_is_not_typed(typed: str, tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    result = begun.type_("start", typed=typed)
    assert result.exit_code == 1
    assert "Nothing was done" in result.stderr
    assert not started(begun)


def test_start_is_refused_a_second_time(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    begun.type_("start", "--yes")
    result = begun.type_("start", "--yes")
    assert (result.exit_code, result.stderr) == (1, "outreach: The campaign has started already.\n")


def test_start_waits_for_a_run_to_end(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    with only_one(begun.folder) as alone:
        assert alone
        assert "A run is under way" in begun.type_("start", "--yes").stderr
    assert not started(begun)


def test_start_waits_for_a_step_on_another_machine_and_says_whose(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    elsewhere = open_program(begun.folder, begun.environment)
    with elsewhere.db.writing() as session:
        workers.take(session, "intake", elsewhere.name, elsewhere.clock())
    refused = begun.type_("start", "--yes")
    assert (refused.exit_code, started(begun)) == (1, False)
    assert f"The step intake is under way ({elsewhere.name})" in refused.stderr
    assert "If it has died, it holds nobody up after 2 min." in refused.stderr
    for step in STEPS:  # as a worker runs them; it stays the poller
        run_step(elsewhere, step)
    elsewhere.db.engine.dispose()
    assert begun.type_("start", "--yes").exit_code == 0


def test_start_deletes_the_rehearsals_mails_and_says_so(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    program = open_program(begun.folder, begun.environment)
    with program.db.writing() as session:
        cast.mail(session)
    program.db.engine.dispose()
    assert "The rehearsal's 1 mails and 0 signatories were deleted." in begun.type_("start", "--yes").stdout


def test_no_connection_to_an_old_database_is_left_open(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    program = open_program(begun.folder, begun.environment)
    migrate.downgrade(program.db.engine, "0001")
    program.db.engine.dispose()
    held: list[object] = []

    def opened(connection: object, _: object) -> None:
        held.append(connection)

    def closed(connection: object, _: object) -> None:
        held.remove(connection)

    event.listen(Engine, "connect", opened)
    event.listen(Engine, "close", closed)
    try:
        with pytest.raises(DatabaseProblem, match="outreach db upgrade"):
            open_program(begun.folder, begun.environment)
    finally:
        event.remove(Engine, "connect", opened)
        event.remove(Engine, "close", closed)
    assert held == []


def test_upgrade_brings_an_old_database_to_the_current_version(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    program = open_program(begun.folder, begun.environment)
    migrate.downgrade(program.db.engine, "0001")
    program.db.engine.dispose()
    assert begun.type_("db", "check").exit_code == 1
    assert f"is at {migrate.head()} now" in begun.type_("db", "upgrade").stdout
    assert "whole and at the current version" in begun.type_("db", "check").stdout
    assert "at the current version" in begun.type_("db", "upgrade").stdout
