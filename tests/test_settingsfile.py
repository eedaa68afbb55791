from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from outreach import resources
from outreach.cli.founding import Wish, settings_text
from outreach.environment import secret
from outreach.errors import SettingsError
from outreach.providers import Limits
from outreach.relay import DkimSettings
from outreach.settings import Settings
from outreach.settingsfile import _Reader, parse
from outreach.words import HandledMail

LEAST = """
[campaign]
slug = "freedom"
contact = "statement@Contact.example"
team = ["bea@team.example"]
languages = ["fa", "en"]
sender = "Bea"
[mailbox]
url = "imaps://statement@mail.example"
[smtp]
url = "smtps://statement@mail.example"
[key]
file = "../freedom.key"
"""
FOLDER = Path("/campaigns/freedom")


def read(text: str = LEAST, **environment: str) -> Settings:
    return parse(text, FOLDER, environment, where="outreach.toml")


def template() -> str:
    """The file that ``init`` writes, with every example in force."""
    wish = Wish(
        folder=FOLDER,
        slug="freedom",
        contact="statement@contact.example",
        team=["bea@team.example"],
        languages=["fa", "en"],
    )
    text = settings_text(wish, {})
    shown = re.findall(r"^# ([a-z_]+) = ", text, re.MULTILINE)
    text = "\n".join(line for line in text.split("\n") if not re.match(rf"({'|'.join(shown)}) = \{{\}}", line))
    return re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_defaults_are_the_safe_ones() -> None:
    settings = read()
    assert (settings.sending.per_run, settings.sending.per_day) == (60, 200)
    assert settings.mailbox.handled is HandledMail.LEAVE
    assert settings.mailbox.authserv_id is None
    assert settings.asking.auto == "sure"
    assert (settings.keep_mail, settings.keep_sent) == (timedelta(days=90), timedelta(days=30))
    assert settings.day.end is None


def test_file_that_init_writes_shows_every_setting_there_is() -> None:
    data = tomllib.loads(template())
    reader = _Reader("outreach.toml", data)
    reader.settings(FOLDER, {})
    known = {(name, key) for name, section in reader.sections.items() for key in section.asked}
    assert known == {(name, key) for name, table in data.items() for key in table}


def test_file_that_init_writes_holds_the_defaults() -> None:
    written = parse(template(), FOLDER, {}, where="outreach.toml")
    defaults = read(LEAST.replace("Contact", "contact"))
    for name in ("mailbox", "asking", "sending", "remind_after", "keep_mail", "keep_sent", "database_url", "group"):
        if name == "mailbox":
            assert written.mailbox.handled is defaults.mailbox.handled
            assert written.mailbox.move_to == defaults.mailbox.move_to
        else:
            assert getattr(written, name) == getattr(defaults, name), name


def test_every_setting_in_that_file_has_a_sentence_before_it() -> None:
    text = (resources.templates() / "campaign" / "outreach.toml").read_text(encoding="utf-8")
    lines = text.split("\n")
    for before, line in pairwise(lines):
        if re.match(r"[a-z_]+ = ", line):
            assert before.startswith("# "), line


def test_limits_are_off_on_loopback_unless_they_are_asked_for() -> None:
    here = LEAST.replace("smtps://statement@mail.example", "smtp://127.0.0.1:2525")
    assert (read(here).sending.per_run, read(here).sending.per_day) == (None, None)
    assert read(here + "[sending]\nper_run = 5\n").sending.per_run == 5
    assert read(here + "[sending]\nconnections = 8\n").sending.connections == 8
    assert read(LEAST + "[sending]\nper_day = 0\n").sending.per_day is None
    slowly = read(LEAST).sending
    assert (slowly.per_destination_hour, slowly.ramp_up) == (100, 50)
    assert (read(here).sending.per_destination_hour, read(here).sending.ramp_up) == (None, None)


def test_limits_are_the_providers_where_the_file_says_nothing() -> None:
    gmail = LEAST.replace("smtps://statement@mail.example", "smtps://statement%40gmail.com@smtp.gmail.com")
    assert read(gmail).sending.per_day == 500
    assert read(gmail + "[sending]\nper_day = 100\n").sending.per_day == 100


def test_deadline_is_meant_in_the_zone_of_the_day() -> None:
    day = read(LEAST + '[day]\nzone = "Europe/Berlin"\ndate = 2026-09-05\ndeadline = 2026-09-03T20:00:00\n').day
    assert day.deadline == datetime(2026, 9, 3, 18, tzinfo=UTC)
    assert (day.date, day.end) == (date(2026, 9, 5), datetime(2026, 9, 5, 22, tzinfo=UTC))


def test_deadline_with_an_offset_of_its_own_keeps_it() -> None:
    day = read(LEAST + '[day]\nzone = "Europe/Berlin"\ndeadline = 2026-09-03T20:00:00+03:30\n').day
    assert day.deadline == datetime(2026, 9, 3, 16, 30, tzinfo=UTC)


def test_address_with_a_domain_in_another_script_is_kept_as_the_wire_wants_it() -> None:
    assert read(LEAST.replace("Contact.example", "bücher.example")).contact == "statement@xn--bcher-kva.example"


def test_wrong_setting_is_named_with_its_file_and_table() -> None:
    with pytest.raises(SettingsError, match=r"^outreach\.toml: there is no setting campaign\.colour\.$"):
        read(LEAST.replace("[mailbox]", 'colour = "red"\n[mailbox]'))


def test_url_problem_is_named_with_its_file() -> None:
    with pytest.raises(SettingsError, match=r"^outreach\.toml: smtp: the URL must begin with"):
        read(LEAST.replace("smtps:", "imaps:"))


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({}, "/campaigns/freedom/../freedom.key"),
        ({"OUTREACH_KEY_FILE": "/keys/other.key"}, "/keys/other.key"),
    ],
)
def test_key_is_where_the_file_or_the_environment_says(environment: dict[str, str], place: str) -> None:
    assert read(**environment).key_file == Path(place)


def test_key_among_systemds_credentials_goes_before_all_others(tmp_path: Path) -> None:
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "OUTREACH_KEY_FILE": "/keys/other.key"}
    assert read(**environment).key_file == Path("/keys/other.key")
    (tmp_path / "outreach.key").touch()
    assert read(**environment).key_file == tmp_path / "outreach.key"


def test_missing_key_is_named() -> None:
    with pytest.raises(SettingsError, match=r"key\.file is missing, and OUTREACH_KEY_FILE is not set"):
        read(LEAST.replace("[key]", "").replace('file = "../freedom.key"', ""))


class TestSecret:
    def test_comes_from_the_name_itself_before_all_else(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("other")
        assert secret("NAME", {"NAME": "sesame", "NAME_FILE": str(file)}) == "sesame"

    def test_comes_from_a_file_without_its_line_end(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text(" open sesame \r\n")
        assert secret("NAME", {"NAME_FILE": str(file)}) == " open sesame "

    def test_comes_from_a_command(self) -> None:
        assert secret("NAME", {"NAME_COMMAND": "echo open sesame"}) == "open sesame"

    def test_is_none_when_nothing_is_set(self) -> None:
        assert secret("NAME", {"NAME": ""}) is None

    @pytest.mark.parametrize(
        ("environment", "says"),
        [
            ({"NAME_FILE": "/nowhere/secret"}, "NAME_FILE names /nowhere/secret, which cannot be read."),
            ({"NAME_COMMAND": "echo sesame; false"}, "The command of NAME_COMMAND failed."),
            ({"NAME_COMMAND": "printf '\\377'"}, "The command of NAME_COMMAND failed."),
        ],
    )
    def test_that_cannot_be_got_is_an_error_without_its_value(self, environment: dict[str, str], says: str) -> None:
        with pytest.raises(SettingsError) as caught:
            secret("NAME", environment)
        assert str(caught.value) == says


def test_unsafe_places_are_read_and_mistakes_named() -> None:
    assert read().safety.countries == frozenset()
    safety = read(LEAST + '[safety]\ncountries = ["IR", "TR"]\ndomains = ["ir", "state.example"]\n').safety
    assert (safety.countries, safety.domains) == (frozenset({"IR", "TR"}), frozenset({"ir", "state.example"}))
    for wrong, says in (
        ('countries = ["Iran"]', "safety.countries 'Iran' is no country code"),
        ('domains = ["@ir"]', "safety.domains '@ir' is no domain"),
    ):
        with pytest.raises(SettingsError, match=says):
            read(f"{LEAST}[safety]\n{wrong}\n")


def test_pages_are_for_this_machine_unless_a_server_with_tls_stands_before_them() -> None:
    assert read().web.url == "http://127.0.0.1:8321"
    with pytest.raises(SettingsError, match="web.host is not this machine alone"):
        read(LEAST + '[web]\nhost = "0.0.0.0"\nurl = "https://review.contact.example"\n')
    behind = LEAST + '[web]\nhost = "0.0.0.0"\nurl = "https://review.contact.example"\nbehind_proxy = true\n'
    assert read(behind).web.behind_proxy


@pytest.mark.parametrize("url", ["http://review.contact.example", "https://review.contact.example/here", "review"])
def test_address_of_the_pages_is_refused_without_tls_or_with_a_path(url: str) -> None:
    with pytest.raises(SettingsError, match="web.url must"):
        read(LEAST + f'[web]\nurl = "{url}"\n')


def test_nothing_is_signed_unless_a_selector_is_named() -> None:
    assert read(LEAST + '[dkim]\nkey = "/elsewhere/dkim.pem"\n').dkim is None


def test_signature_is_of_the_contacts_domain() -> None:
    found = read(LEAST + '[dkim]\nselector = "outreach"\nkey = "/elsewhere/dkim.pem"\n')
    expected = DkimSettings(domain="contact.example", selector="outreach", key_file=Path("/elsewhere/dkim.pem"))
    assert found.dkim == expected


@pytest.mark.parametrize("domain", ["else.example", "tact.example", "mail.contact.example", "example", ""])
def test_signature_of_a_stranger_is_refused(domain: str) -> None:
    with pytest.raises(SettingsError, match=r"dkim\.domain"):
        read(LEAST + f'[dkim]\nselector = "outreach"\nkey = "/elsewhere/dkim.pem"\ndomain = "{domain}"\n')


@pytest.mark.parametrize("selector", ["Outreach", "a b", "a..b", "ü"])
def test_selector_that_is_no_name_is_refused(selector: str) -> None:
    with pytest.raises(SettingsError, match=r"dkim\.selector"):
        read(LEAST + f'[dkim]\nselector = "{selector}"\nkey = "/elsewhere/dkim.pem"\n')


def test_key_of_the_signature_must_be_named() -> None:
    with pytest.raises(SettingsError, match=r"dkim\.key"):
        read(LEAST + '[dkim]\nselector = "outreach"\n')


def test_systemds_credential_is_the_key_of_the_signature(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").touch()
    found = read(LEAST + '[dkim]\nselector = "outreach"\n', CREDENTIALS_DIRECTORY=str(tmp_path))
    assert found.dkim is not None and found.dkim.key_file == tmp_path / "dkim.pem"


def test_there_are_no_public_pages_unless_their_address_is_named() -> None:
    assert read().public is None
    found = read(LEAST + '[public]\nurl = "https://sign.contact.example"\n').public
    assert found is not None
    assert (found.host, found.port, found.url) == ("127.0.0.1", 8322, "https://sign.contact.example")
    with pytest.raises(SettingsError, match="public.url is missing: mails lead to the public pages"):
        read(LEAST + "[public]\nport = 9000\n")


@pytest.mark.parametrize(
    "url", ["http://sign.contact.example", "https://x@y.example", "https://y.example/>", "https://ü.example"]
)
def test_address_of_the_public_pages_is_refused_unless_a_header_may_hold_it(url: str) -> None:
    with pytest.raises(SettingsError, match="public.url must"):
        read(LEAST + f'[public]\nurl = "{url}"\n')


OTHER = """
[oauth]
provider = "other"
client_id = "c"
token_url = "https://login.mail.example/token"
device_url = "http://127.0.0.1:8080/device"
scope = "imap smtp"
hosts = ["Mail.example"]
"""


def test_tokens_are_for_the_servers_of_their_provider_alone() -> None:
    settings = read(LEAST.replace("statement@mail.example", "us@outlook.office365.com", 1) + MICROSOFT)
    assert settings.oauth is not None
    assert "/contoso.example/" in settings.oauth.sign_in.device_url
    assert (settings.is_by_token(settings.mailbox.url), settings.is_by_token(settings.smtp)) == (True, False)
    assert settings.passwords == ("OUTREACH_SMTP_PASSWORD",)


def test_a_provider_of_ones_own_is_named_with_all_its_places() -> None:
    settings = read(LEAST + OTHER)
    assert settings.passwords == ()


MICROSOFT = '[oauth]\nprovider = "microsoft"\nclient_id = "c"\ntenant = "contoso.example"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MICROSOFT.replace('client_id = "c"', ""), "oauth.client_id is missing"),
        (MICROSOFT.replace("contoso.example", "../evil.example/x"), "oauth.tenant must be"),
        (MICROSOFT + 'token_url = "https://evil.example"\n', "oauth.provider is microsoft, whose addresses are known"),
        (MICROSOFT.replace("microsoft", "yahoo"), "oauth.provider must be one of"),
        (OTHER.replace("https://login", "http://login"), "oauth.token_url must begin with https"),
        (OTHER.replace("https://login", "https://user:pw@login"), "oauth.token_url must begin with https"),
        (OTHER.replace("http://127.0.0.1:8080/device", ""), "oauth.device_url is missing, and so is authorize_url"),
        (OTHER.replace('"Mail.example"', ""), "oauth.hosts is missing"),
        (OTHER.replace("token_url", "# token_url"), "oauth.token_url is missing"),
    ],
)
def test_tokens_are_asked_for_nowhere_unsafe(text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(LEAST + text)


TWO = LEAST.replace(
    '[smtp]\nurl = "smtps://statement@mail.example"',
    '[[smtp]]\nurl = "smtps://statement@mail.example"\n'
    '[[smtp]]\nname = "reserve"\nurl = "smtps://bea@relay.example"\npreset = "workspace"\nper_hour = 30',
)


def test_several_relays_stand_in_the_order_in_which_they_are_used() -> None:
    settings = read(TWO + "[sending]\nper_day = 300\nconnections = 2\n")
    first, reserve = settings.relays
    assert (first.name, reserve.name, settings.smtp) == ("main", "reserve", first.url)
    assert settings.limits_of(first) == Limits(300)
    assert settings.limits_of(reserve) == Limits(300, 30)
    assert [settings.connections_to(relay) for relay in settings.relays] == [2, 2]


def test_limits_of_a_relay_are_those_of_its_preset_where_nothing_else_is_said() -> None:
    settings = read(TWO)
    assert [settings.limits_of(relay) for relay in settings.relays] == [Limits(200), Limits(2000, 30)]


def test_password_of_a_second_relay_has_a_name_of_its_own() -> None:
    assert read(TWO).passwords == (
        "OUTREACH_MAILBOX_PASSWORD",
        "OUTREACH_SMTP_PASSWORD",
        "OUTREACH_SMTP_RESERVE_PASSWORD",
    )


def test_second_relay_may_sign_and_log_in_its_own_way() -> None:
    own = """
[smtp.dkim]
selector = "reserve"
key = "../reserve.pem"
[smtp.oauth]
provider = "google"
client_id = "1"
"""
    settings = read(TWO.replace("smtps://bea@relay.example", "smtps://bea%40contact.example@smtp.gmail.com") + own)
    first, reserve = settings.relays
    assert reserve.dkim is not None
    assert (first.dkim, reserve.dkim.selector) == (None, "reserve")
    assert [settings.is_by_token(relay.url) for relay in settings.relays] == [False, True]
    assert settings.login_file(reserve) == FOLDER / "login-reserve.sealed"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "reserve"\n', "", r"smtp \(2\).name is main, as that of another relay: give each a name of its own"),
        ('name = "reserve"', 'name = "Zwei"', r"smtp \(2\).name must be at most 20 small letters"),
        ('"workspace"', '"hotmail"', r"smtp \(2\).preset is 'hotmail', and must be one of gmail, workspace"),
        ("bea@relay.example", "statement@mail.example", r"smtp \(2\).url is that of main already"),
        ("per_hour = 30", "per_week = 30", r"there is no setting smtp \(2\).per_week"),
    ],
)
def test_mistake_in_a_second_relay_says_what_to_do(old: str, new: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(TWO.replace(old, new))
