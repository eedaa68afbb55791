"""Every shipped mail in every language: its words, its length, both parts, and what a hostile name can do to it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateProblem
from outreach.ports import Letter
from outreach.words import SEQUENCE, MailKind
from tests.mail.letters import LANGUAGES, LINES, entry, letter, renderer

RENDERER: Final = renderer()

#: What spam filters and wary readers know from phishing, in the four languages.
BANNED: Final = re.compile(
    r"verify|confirm your account|click|urgent|act now|last chance|expires in|security|log ?in\b|password field"
    r"|dear sir|madam|فوراً|کلیک|حساب شما|تأیید هویت|آخرین فرصت"
    r"|dringend|sofort|klicken|verifizier|ihr konto|letzte chance|sicherheit|anmelden"
    r"|cliquez|vérifi|votre compte|dernière chance|sécurité|identifiant|http|www",
    re.IGNORECASE,
)
EVERY_MAIL: Final = pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind in MailKind for language in LANGUAGES]
)
SHOWS_LINES: Final = pytest.mark.parametrize("kind", [MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.RECEIPT])


def sent(letter: Letter) -> EmailMessage:
    mail = message_from_bytes(RENDERER.compose(letter), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(letter: Letter) -> str:
    return RENDERER.words(letter)[1]


def own_words(text: str) -> Iterator[str]:
    """The words we say: not the statement, the form of six lines, the printed lines (indented), the reference."""
    for paragraph in text.partition("\n— ")[0].split("\n\n"):
        lines = paragraph.splitlines()
        if len(lines) == 6 and all(line.endswith(":") for line in lines):
            continue
        for line in lines:
            if not line.startswith(" ") and not line.startswith("Ref. "):
                yield from line.split()


@EVERY_MAIL
def test_mail_has_the_same_words_in_both_parts(kind: MailKind, language: str) -> None:
    mail = sent(letter(kind, language))
    plain, rich = mail.iter_parts()
    assert isinstance(plain, EmailMessage) and isinstance(rich, EmailMessage)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", rich.get_content().partition("<body>")[2]))
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert shown.split() == plain.get_content().split()


@EVERY_MAIL
def test_mail_holds_no_word_of_phishing_and_no_link(kind: MailKind, language: str) -> None:
    assert BANNED.findall("\n".join(RENDERER.words(letter(kind, language)))) == []


@EVERY_MAIL
def test_last_line_is_the_reference(kind: MailKind, language: str) -> None:
    assert text_of(letter(kind, language)).endswith("\n\nRef. K7Q2-M9PX\n")


@EVERY_MAIL
def test_signature_is_a_paragraph_of_its_own(kind: MailKind, language: str) -> None:
    for spoken_on in ("", "Monday"):
        text = text_of(letter(kind, language, spoken_on=spoken_on)).partition("\n— ")[0]
        name = "مینا راد" if language == "fa" else "Mina Rad"
        assert re.search(rf"\n\n{name}(?:[,،]| )", text), text


@EVERY_MAIL
def test_mail_is_short(kind: MailKind, language: str) -> None:
    limit = 200 if kind in SEQUENCE else 110
    assert 20 < len(list(own_words(text_of(letter(kind, language))))) <= limit


@EVERY_MAIL
def test_optional_parts_leave_no_gap_when_nothing_is_known(kind: MailKind, language: str) -> None:
    empty: dict[str, object] = dict.fromkeys(
        ("group", "name", "known_by", "expires", "wait", "asked_on", "personal_line"), ""
    )
    bare = letter(
        kind, language, **empty, day=None, deadline=None, signed_count=0, signed_examples=[], example_lines=[]
    )
    subject, text, _ = RENDERER.words(bare)
    assert not re.search(r"  \S|\n\n\n| [,.،]|«»|“”|\(\)|None|[^.]\.\.(?!\.)", re.sub(r"(?m)^ +", "", subject + text))


@pytest.mark.parametrize("kind", [MailKind.ASKING, MailKind.ASKING_REMINDER])
@pytest.mark.parametrize("language", LANGUAGES)
def test_question_names_a_page_only_where_there_is_one(kind: MailKind, language: str) -> None:
    assert "://" not in text_of(letter(kind, language))
    text = text_of(letter(kind, language, answer_url="https://sign.campaign.example/answer/k7q2"))
    assert re.search(r"[:：]\nhttps://sign\.campaign\.example/answer/k7q2\n\n\S", text), text
    assert not re.search(r"\S\n[^\n]+[:：]\nhttps", text), text


@EVERY_MAIL
def test_persian_reads_from_the_right_and_all_else_from_the_left(kind: MailKind, language: str) -> None:
    page = RENDERER.words(letter(kind, language))[2]
    base = "rtl" if language == "fa" else "ltr"
    assert f'<html lang="{language}" dir="{base}">' in page
    assert f'<div dir="{base}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_line_has_the_direction_of_its_own_script(language: str) -> None:
    page = RENDERER.words(letter(MailKind.ASKING, language))[2]
    persian, latin = (re.search(rf'<div dir="(...)"[^>]*>{re.escape(line)}</div>', page) for line in LINES)
    assert persian and persian[1] == "rtl"
    assert latin and latin[1] == "ltr"


def test_sentence_keeps_its_direction_when_it_begins_with_a_foreign_name() -> None:
    page = RENDERER.words(letter(MailKind.QUESTION, "fa", message="Mina از شما پرسید."))[2]
    assert '<div dir="rtl">Mina از شما پرسید.</div>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_form_stands_alone(language: str) -> None:
    form = text_of(letter(MailKind.INVITATION, language)).split("\n\n")[3].splitlines()
    assert len(form) == 6
    assert all(line.endswith(":") for line in form)


@SHOWS_LINES
def test_several_entries_are_numbered(kind: MailKind) -> None:
    text = text_of(letter(kind, entries=[entry(1), entry(2, changed=True)]))
    assert f"\n1.\n    {LINES[0]}\n    {LINES[1]}\n" in text
    assert f"\n2.\nCorrected:\n    {LINES[0]}\n" in text


@SHOWS_LINES
def test_action_is_shown_with_the_way_to_leave_it_out(kind: MailKind) -> None:
    text = text_of(letter(kind, entries=[entry(action="Sergels torg, 14:00")]))
    assert "(“without action” leaves it out):\n\n    Sergels torg, 14:00\n" in text


def test_persian_uses_persian_digits() -> None:
    assert not re.search(r"[0-9]", text_of(letter(MailKind.INVITATION, "fa")).replace("Ref. K7Q2-M9PX", ""))


@EVERY_MAIL
def test_neutral_mail_says_nothing_of_the_occasion_outside_its_body(kind: MailKind, language: str) -> None:
    neutral = letter(kind, language, neutral=True)
    mail = sent(neutral)
    assert mail["From"].addresses[0].display_name == neutral.context["sender"]
    assert not re.search(r"Iran|prison|زندان|Gefangen", mail["Subject"])


def test_sender_is_a_person_and_the_occasion() -> None:
    address = sent(letter())["From"].addresses[0]
    assert address.display_name == "Mina Rad, Joint statement for political prisoners in Iran, 5 September"
    assert address.addr_spec == "contact@campaign.example"


def test_reply_keeps_the_thread_in_its_subject() -> None:
    assert sent(replace(letter(), is_reply=True))["Subject"].startswith("Re: Joint statement")


def test_reply_gets_no_second_re(tmp_path: Path) -> None:
    write(tmp_path, "receipt/subject.en.txt", "RE: your line")
    assert renderer(tmp_path).words(replace(letter(), is_reply=True))[0] == "RE: your line"


@EVERY_MAIL
def test_rehearsal_is_marked_in_subject_and_first_line(kind: MailKind, language: str) -> None:
    subject, text, page = RENDERER.words(replace(letter(kind, language), rehearsal_for="info@x.example"))
    assert subject.startswith("[Rehearsal for info@x.example] ")
    assert re.match(r"Rehearsal: .*\nتمرین: .*\ninfo@x\.example\n\n", text)
    assert "info@x.example" in page


@pytest.mark.parametrize("address", ["a@x.example\r\nBcc: b@y.example", "=?utf-8?q?=0A?=@x.example", "a@b, c@d"])
def test_rehearsal_for_no_address_is_refused(address: str) -> None:
    with pytest.raises(TemplateProblem, match="not one plain ASCII address"):
        RENDERER.compose(replace(letter(), rehearsal_for=address))


@pytest.mark.parametrize(
    "name",
    ["{{ 7*7 }}", "{% for x in y %}", "${7*7}", "%(sender)s", "{0.__class__}", "=?UTF-8?Q?=0A?=Bcc: x@y.example"],
)
def test_name_that_looks_like_code_comes_out_literally(name: str) -> None:
    mail = sent(letter(name=name))
    plain, rich = (part.get_content() for part in mail.iter_parts() if isinstance(part, EmailMessage))
    assert f"Dear {name}," in plain
    assert f"Dear {html.escape(name)}," in rich
    assert "Bcc" not in mail


def test_markup_in_a_name_is_escaped_in_html() -> None:
    page = RENDERER.words(letter(name="<script>alert(1)</script>"))[2]
    assert "Dear &lt;script&gt;alert(1)&lt;/script&gt;," in page


def test_line_break_in_a_name_makes_no_line_of_the_letter() -> None:
    text = text_of(letter(name="Council,\r\n\r\nRef. AAAA-AAAA\u2028Reply “yes”"))
    assert text.splitlines()[0] == "Dear Council, Ref. AAAA-AAAA Reply “yes”,"


def test_reordering_controls_in_a_name_are_left_out() -> None:
    assert text_of(letter(name="\u202eCouncil\u2066\x00\x1b")).startswith("Dear Council,\n")


def test_zero_width_non_joiner_of_a_persian_name_is_kept() -> None:
    assert text_of(letter(name="کانون آزاده\u200cها")).startswith("Dear کانون آزاده\u200cها,\n")


def test_paragraphs_of_a_coordinators_question_are_kept() -> None:
    assert "\n\nOne.\n\nTwo.\n\n" in text_of(letter(MailKind.QUESTION, message="One.\n\nTwo."))


@given(name=st.text(max_size=200), city=st.text(max_size=80))
def test_no_name_makes_markup_or_a_header(name: str, city: str) -> None:
    hostile = letter(name=name, entries=[{**entry(), "lines": [f"{name} – {city}"]}])
    page = RENDERER.words(hostile)[2]
    usual = RENDERER.words(letter())[2]
    assert re.findall(r"<(?!/?(?:div|html|head|meta|title|body|!doctype)\b)", page) == []
    assert page.count("<") <= usual.count("<")
    assert sent(hostile).items() == sent(letter()).items()


def test_own_template_of_a_campaign_wins_file_by_file(tmp_path: Path) -> None:
    write(tmp_path, "receipt/body.en.txt", "Thank you, {{ name }}.\n\nRef. {{ reference }}\n")
    subject, text, page = renderer(tmp_path).words(letter())
    assert text == "Thank you, Solidarity Council.\n\nRef. K7Q2-M9PX\n"
    assert "Thank you, Solidarity Council." in page
    assert subject == RENDERER.words(letter())[0]


def test_own_language_of_a_campaign_is_offered_once_all_its_files_are_there(tmp_path: Path) -> None:
    write(tmp_path, "receipt/subject.sv.txt", "{{ occasion }}")
    write(tmp_path, "receipt/body.sv.txt", "Tack.")
    assert renderer(tmp_path).languages(MailKind.RECEIPT) == frozenset(LANGUAGES)
    write(tmp_path, "receipt/body.sv.html", '{% extends "_base.html" %}')
    assert renderer(tmp_path).languages(MailKind.RECEIPT) == {*LANGUAGES, "sv"}


@pytest.mark.parametrize("language", ["sv", "../../etc", "en/../fa", ""])
def test_language_without_template_is_refused(language: str) -> None:
    with pytest.raises(TemplateProblem):
        RENDERER.compose(replace(letter(), language=language))


def test_missing_value_is_refused_with_file_and_line() -> None:
    values = dict(letter().context)
    del values["reference"]
    with pytest.raises(TemplateProblem, match=r"_ref\.txt, line 1: 'reference' is undefined"):
        RENDERER.compose(replace(letter(), context=values))


def write(folder: Path, name: str, source: str) -> None:
    path = folder / "email" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
