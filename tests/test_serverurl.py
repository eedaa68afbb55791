from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import SettingsError
from outreach.serverurl import ServerUrl, Service

MAILBOX, SMTP = Service.MAILBOX, Service.SMTP


@pytest.mark.parametrize(
    ("text", "service", "expected"),
    [
        ("imaps://us@mail.example/INBOX", MAILBOX, ("us", "mail.example", 993, "INBOX")),
        ("imap://us@mail.example", MAILBOX, ("us", "mail.example", 143, "INBOX")),
        ("imaps://a@posteo.example@posteo.example", MAILBOX, ("a@posteo.example", "posteo.example", 993, "INBOX")),
        ("imaps://a%40b@mail.example:1993/inbox", MAILBOX, ("a@b", "mail.example", 1993, "INBOX")),
        ("imaps://a+b@mail.example/Listen/R%C3%BCck", MAILBOX, ("a+b", "mail.example", 993, "Listen/Rück")),
        ("imaps://us@mail.example/a@b", MAILBOX, ("us", "mail.example", 993, "a@b")),
        ("imap://us@[::1]:1143/", MAILBOX, ("us", "::1", 1143, "INBOX")),
        ("IMAPS://us@Mail.Example/", MAILBOX, ("us", "mail.example", 993, "INBOX")),
        ("imaps://us@münchen.example", MAILBOX, ("us", "xn--mnchen-3ya.example", 993, "INBOX")),
        (" smtps://us@mail.example ", SMTP, ("us", "mail.example", 465, "INBOX")),
        ("smtp://us@mail.example", SMTP, ("us", "mail.example", 587, "INBOX")),
        ("smtp://127.0.0.1:2525", SMTP, ("", "127.0.0.1", 2525, "INBOX")),
    ],
)
def test_url_is_taken_apart(text: str, service: Service, expected: tuple[str, str, int, str]) -> None:
    url = ServerUrl.parse(text, service)
    assert (url.user, url.host, url.port, url.folder) == expected
    assert url.service is service


@pytest.mark.parametrize(
    ("text", "service", "says"),
    [
        ("smtps://us@mail.example", MAILBOX, "must begin with imaps:// or imap://"),
        ("imaps://us@mail.example", SMTP, "must begin with smtps:// or smtp://"),
        ("mail.example", MAILBOX, "must begin with"),
        ("", SMTP, "must begin with"),
        ("imaps://mail.example", MAILBOX, "names no login"),
        ("imaps://us@", MAILBOX, "names no valid host"),
        ("imaps://us@mail example", MAILBOX, "names no valid host"),
        ("imaps://us@-mail.example", MAILBOX, "names no valid host"),
        ("imaps://us@[::1", MAILBOX, "port must be|no valid host"),
        ("imaps://us@mail.example:0", MAILBOX, "number from 1 to 65535"),
        ("imaps://us@mail.example:99999", MAILBOX, "number from 1 to 65535"),
        ("imaps://us@mail.example:x", MAILBOX, "number from 1 to 65535"),
        ("imaps://us@mail.example/a?b", MAILBOX, "%3F"),
        ("imaps://us%0d%0a@mail.example", MAILBOX, "login in the URL holds characters"),
        ("imaps://us@mail.example/%0a", MAILBOX, "folder in the URL holds characters"),
        ("imaps://us%ff@mail.example", MAILBOX, "login in the URL holds characters"),
        ("smtps://us@mail.example/x", SMTP, "nothing may follow the host"),
    ],
)
def test_wrong_url_is_refused_with_what_is_wrong(text: str, service: Service, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        ServerUrl.parse(text, service)


@pytest.mark.parametrize("service", list(Service))
def test_password_in_the_url_is_refused_with_where_it_belongs(service: Service) -> None:
    scheme = "imaps" if service is MAILBOX else "smtps"
    with pytest.raises(SettingsError) as refused:
        ServerUrl.parse(f"{scheme}://us:geheim@mail.example", service)
    assert f"OUTREACH_{service.upper()}_PASSWORD_COMMAND" in str(refused.value)
    assert "geheim" not in str(refused.value)


@given(st.text(min_size=8).map(lambda text: f"geheim{text}"))
def test_no_message_repeats_a_password_that_was_put_into_the_url(password: str) -> None:
    for text in (f"imaps://us:{password}@mail.example/INBOX", f"imap:us:{password}@mail.example"):
        try:
            ServerUrl.parse(text, MAILBOX)
        except SettingsError as refused:
            assert "geheim" not in str(refused)
        else:
            pytest.fail("taken")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_known_by_its_names_and_numbers(host: str) -> None:
    assert ServerUrl.parse(f"smtp://{host}", SMTP).is_loopback


@pytest.mark.parametrize("host", ["mail.example", "localhost.example", "10.0.0.1", "127.0.0.1.example", "[2001:db8::]"])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not ServerUrl.parse(f"smtp://{host}", SMTP).is_loopback


USERS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).filter(lambda user: ":" not in user)


@given(USERS, st.integers(1, 65535), st.sampled_from(["INBOX", "Handled", "a b", "سازمان", "x?#;%/@"]))
def test_url_written_out_is_read_back_the_same(user: str, port: int, folder: str) -> None:
    url = ServerUrl("imaps", user, "mail.example", port, folder)
    assert ServerUrl.parse(str(url), MAILBOX) == url
