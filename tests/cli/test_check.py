from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach import bootstrap
from outreach.cli import checks
from outreach.cli.checks import State
from outreach.mail.probe import ImapProbe
from outreach.relay import DkimSettings
from outreach.serverurl import ServerUrl, Service
from outreach.settings import WebSettings
from outreach.settingsfile import load
from tests import cast
from tests.cli.commands import Begun, begin, put_statement
from tests.servers.dovecot import Account
from tests.servers.sink import Phase, Sink

MAIL = b"From: Rosa <rosa@hamburg.example>\r\nSubject: Hello\r\n\r\nYes.\r\n"


@pytest.fixture
def ready(tmp_path: Path, dovecot: Account, sink: Sink, init_url: str) -> Begun:
    """A campaign that lacks nothing, on real servers."""
    smtp = f"smtp://127.0.0.1:{sink.port}"
    begun = begin(tmp_path, init_url, mailbox=dovecot.url, smtp=smtp, password=dovecot.password)
    put_statement(begun)
    return begun


def found(begun: Begun) -> dict[str, list[tuple[str, str]]]:
    """Status and text of every finding, by what was checked."""
    document = json.loads(begun.type_("check", "--json").stdout)
    by_check: dict[str, list[tuple[str, str]]] = {}
    for finding in document["checks"]:
        by_check.setdefault(finding["check"], []).append((finding["status"], finding["text"]))
    return by_check


def test_everything_is_ready_when_nothing_is_missing(ready: Begun) -> None:
    result = ready.type_("check")
    assert result.exit_code == 0, result.output
    assert "✗" not in result.stdout
    assert result.stdout.endswith("Everything is ready.\n")


def test_report_is_one_json_document(ready: Begun) -> None:
    result = ready.type_("check", "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["ok"], document["started_at"]) == (0, True, None)
    assert datetime.fromisoformat(document["since"]) <= datetime.now(UTC)
    assert {"settings", "key", "database", "mailbox", "smtp", "statement", "day", "clock", "phase", "disk"} <= {
        finding["check"] for finding in document["checks"]
    }


def test_mail_from_before_the_campaign_is_counted(ready: Begun, dovecot: Account) -> None:
    dovecot.append(MAIL, MAIL, arrived=datetime.now(UTC) - timedelta(days=30))
    dovecot.append(MAIL, arrived=datetime.now(UTC) + timedelta(minutes=1))
    dovecot.append(MAIL, folder="Junk", arrived=datetime.now(UTC) + timedelta(minutes=1))
    texts = [text for _, text in found(ready)["mailbox"]]
    assert any(text.startswith("INBOX: 3 mails, 2 of them older than") and "1 to be read" in text for text in texts)
    assert any(text.startswith("Junk: 1 mails, 0 of them older than") for text in texts)


def test_check_changes_nothing_in_the_inbox(ready: Begun, dovecot: Account) -> None:
    dovecot.append(MAIL)
    ready.type_("check")
    with dovecot.connection() as client:
        client.select("INBOX", readonly=True)
        assert client.uid("SEARCH", "UNSEEN") == ("OK", [b"1"])


def test_wrong_password_is_told_with_what_to_do(ready: Begun) -> None:
    wrong = ready.with_environment(OUTREACH_MAILBOX_PASSWORD="wrong")
    assert wrong.type_("check").exit_code == 1
    [(status, text)] = found(wrong)["mailbox"]
    assert status == "failed"
    assert "refused the login" in text and "OUTREACH_MAILBOX_PASSWORD" in text


def test_missing_password_is_told_with_where_to_put_it(ready: Begun) -> None:
    [(status, text)] = found(ready.with_environment(OUTREACH_MAILBOX_PASSWORD=""))["mailbox"]
    assert status == "failed"
    assert "OUTREACH_MAILBOX_PASSWORD_FILE" in text


def test_broken_relay_is_told_and_the_inbox_is_checked_all_the_same(ready: Begun, sink: Sink) -> None:
    sink.drop(Phase.CONNECT)
    report = found(ready)
    assert report["smtp"][0][0] == "failed"
    assert report["mailbox"][0][0] == "ok"


def test_one_click_is_said_to_rest_on_a_signature(folder: Path) -> None:
    public = WebSettings(url="https://sign.contact.example")
    assert list(checks.public(cast.settings(folder))) == []
    [leads, note] = checks.public(cast.settings(folder, public=public))
    assert "https://sign.contact.example" in leads.text
    assert (note.state, "look for both under h=" in note.text) == (State.NOTE, True)
    dkim = DkimSettings(domain="contact.example", selector="outreach", key_file=folder)
    [_, covered] = checks.public(cast.settings(folder, public=public, dkim=dkim))
    assert covered.state is State.OK


def test_placeholder_of_the_statement_is_found(tmp_path: Path, init_url: str) -> None:
    states = found(begin(tmp_path, init_url))["statement"]
    assert [state for state, _ in states] == ["failed", "failed"]
    assert "statement/fa.md is still the placeholder" in states[0][1]


def test_missing_statement_is_found(ready: Begun) -> None:
    (ready.folder / "statement" / "en.md").unlink()
    assert ("failed", "statement/en.md is missing or empty: put the statement there.") in found(ready)["statement"]


@pytest.mark.parametrize(
    ("date", "deadline", "status", "says"),
    [
        ("2099-09-05", "2099-09-03T20:00:00", "ok", "The day is 2099-09-05, answers count until 2099-09-03 20:00"),
        ("2020-09-05", None, "failed", "The day has passed"),
        ("2099-09-05", "2020-09-03T20:00:00", "failed", "The deadline has passed"),
        ("2099-09-05", "2099-09-07T20:00:00", "failed", "day.deadline comes after the day itself"),
        (None, None, "note", "Neither a day nor a deadline is set"),
    ],
)
def test_day_and_deadline_must_be_to_come(
    date: str | None, deadline: str | None, status: str, says: str, tmp_path: Path, init_url: str
) -> None:
    begun = begin(tmp_path, init_url)
    if date:
        begun.replace_setting("# date = 2026-09-05", f"date = {date}")
    if deadline:
        begun.replace_setting("# deadline = 2026-09-03T20:00:00", f"deadline = {deadline}")
    [(found_status, text)] = found(begun)["day"]
    assert (found_status, text[: len(says)]) == (status, says)


def test_clock_that_is_behind_is_found(ready: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "utc_now", lambda: datetime(1970, 1, 2, tzinfo=UTC))
    [(status, text)] = found(ready)["clock"]
    assert status == "failed"
    assert "before the campaign began" in text


def test_disk_without_room_is_found(ready: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "ROOM", 10**18)
    [(status, text)] = found(ready)["disk"]
    assert (status, text[:5]) == ("failed", "Only ")


def test_rehearsal_and_start_are_told(ready: Begun) -> None:
    assert "Rehearsal: all mail goes to bea@team.example" in found(ready)["phase"][0][1]
    ready.type_("start", "--yes")
    [(status, text)] = found(ready)["phase"]
    assert (status, text[:10]) == ("ok", "Started on")


def test_step_that_waits_for_a_person_is_told(ready: Begun) -> None:
    ready.with_environment(OUTREACH_MAILBOX_PASSWORD="wrong").type_("run")
    assert any(
        status == "failed" and text.startswith("fetch has stopped since") for status, text in found(ready)["phase"]
    )


def test_name_of_our_own_server_is_suggested_from_the_newest_mails(ready: Begun, dovecot: Account) -> None:
    [(status, text)] = found(ready)["authenticity"]
    assert (status, "When mails have come in" in text) == ("note", True)
    forged = b"Authentication-Results: forged.example; dkim=pass\r\n"
    dovecot.append(b"Authentication-Results: mx.contact.example; dkim=pass\r\n" + forged + MAIL)
    ready.type_("run")
    [(status, text)] = found(ready)["authenticity"]
    assert (status, "The newest mails say mx.contact.example:" in text) == ("note", True)
    ready.replace_setting('authserv_id = ""', 'authserv_id = "mx.contact.example"')
    assert found(ready)["authenticity"][0][0] == "ok"


def test_contact_address_that_is_a_list_is_found_and_the_setting_is_spelled_out(ready: Begun, dovecot: Account) -> None:
    assert "list" not in found(ready)
    other = b"List-Id: News <news.elsewhere.example>\r\n"
    ours = b"List-Id: <statement.contact.example>\r\nList-Post: <mailto:statement@contact.example>\r\n"
    dovecot.append(other + MAIL)
    dovecot.append(ours + MAIL)
    ready.type_("run")
    [(status, text)] = found(ready)["list"]
    wanted = 'own_list_ids = ["statement.contact.example"]'
    assert (status, wanted in text) == ("note", True)
    ready.replace_setting("own_list_ids = []", wanted)
    assert found(ready)["list"] == [("ok", "What comes through statement.contact.example is read as its senders'.")]


def test_language_without_templates_is_noted(ready: Begun) -> None:
    ready.replace_setting('languages = ["fa", "en"]', 'languages = ["fa", "en", "ku"]')
    [(status, text)] = found(ready)["letters"]
    assert status == "note"
    assert "invitation in ku" in text


def test_team_of_one_is_told_that_nobody_countersigns(begun: Begun) -> None:
    assert "Only Bea decides: nobody countersigns a yes by phone." in begun.type_("check").stdout
    begun.join("Cyrus")
    assert "Bea, Cyrus decide." in begun.type_("check").stdout


def test_campaign_that_names_no_unsafe_place_is_asked_whether_that_is_right(ready: Begun) -> None:
    [(status, text)] = found(ready)["safety"]
    assert status == "note"
    assert "nothing is withheld" in text
    ready.replace_setting('# countries = ["IR"]', 'countries = ["IR"]')
    assert found(ready)["safety"] == [("ok", "What comes from IR is withheld until released.")]


def test_who_is_with_posteo_is_told_to_switch_its_spam_folder_on(ready: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Posteo refuses suspected spam unless its spam folder is switched on in the account: switch it on."
    assert ("note", said) not in found(ready)["mailbox"]

    def logged_in(*_: object, **__: object) -> ImapProbe:
        return ImapProbe(capabilities=frozenset(), folders=())

    monkeypatch.setattr(checks, "probe_mailbox", logged_in)
    settings = load(ready.folder, ready.environment)
    url = ServerUrl.parse("imaps://us@posteo.de@posteo.de/INBOX", Service.MAILBOX)
    with_posteo = replace(settings, mailbox=replace(settings.mailbox, url=url))
    findings = list(checks.mailbox(with_posteo, lambda url: "geheim", datetime.now(UTC)))
    assert said in [finding.text for finding in findings if finding.state is State.NOTE]
