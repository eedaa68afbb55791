"""Letters of one kind are rendered once for all; what each says is what it would say if it were rendered alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.mail.render import TemplateRenderer
from outreach.ports import Letter
from outreach.resources import templates
from outreach.words import MailKind
from tests.mail.letters import LANGUAGES, letter, renderer

ALIKE: Final = renderer()
WORDS: Final = st.text(max_size=40) | st.sampled_from(
    ["Re: us", "<b>", "سلام", "a\u200cb", "\ue000name\ue001", "{{ name }}", "Two\n\nlines"]
)


@pytest.fixture(scope="module")
def alone() -> Iterator[TemplateRenderer]:
    """The same templates, each of which looks into its letter's own words, so that nothing can be shared."""
    with TemporaryDirectory() as folder:
        shutil.copytree(templates() / "email", Path(folder, "email"))
        for path in Path(folder, "email").glob("*/*.*.*"):
            looks = "{% if reference == name or organisations[0] == greeting or personal_line == name %}{% endif %}\n"
            head, extends, rest = path.read_text(encoding="utf-8").partition('{% extends "_base.html" %}')
            path.write_text(extends + looks + rest if extends else looks + head, encoding="utf-8")
        yield renderer(Path(folder))


def of(kind: MailKind, language: str, name: str, greeting: str, personal: str, organisations: list[str]) -> Letter:
    return letter(kind, language, name=name, greeting=greeting, personal_line=personal, organisations=organisations)


@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.REMINDER, MailKind.RECEIPT])
@pytest.mark.parametrize("is_reply", [False, True])
@given(
    language=st.sampled_from(LANGUAGES),
    name=WORDS,
    greeting=WORDS,
    personal=WORDS,
    organisations=st.lists(WORDS, min_size=1, max_size=3),
)
def test_a_letter_among_many_says_what_it_says_alone(
    alone: TemplateRenderer,
    kind: MailKind,
    is_reply: bool,
    language: str,
    name: str,
    greeting: str,
    personal: str,
    organisations: list[str],
) -> None:
    one = replace(of(kind, language, name, greeting, personal, organisations), is_reply=is_reply)
    assert ALIKE.words(one) == alone.words(one)


def test_a_template_that_was_changed_counts_for_the_next_letter(tmp_path: Path) -> None:
    path = tmp_path / "email" / "receipt" / "body.en.txt"
    path.parent.mkdir(parents=True)
    path.write_text("One, {{ name }}.\n", encoding="utf-8")
    own = renderer(tmp_path)
    assert own.words(letter())[1] == "One, Solidarity Council.\n"
    path.write_text("Another, {{ name }}.\n", encoding="utf-8")
    assert own.words(letter())[1] == "Another, Solidarity Council.\n"


def test_a_template_may_still_decide_by_a_letters_own_words(tmp_path: Path) -> None:
    path = tmp_path / "email" / "receipt" / "body.en.txt"
    path.parent.mkdir(parents=True)
    path.write_text('{% if name == "Ada" %}Friend{% else %}{{ name|capitalize }}{% endif %}\n', encoding="utf-8")
    own = renderer(tmp_path)
    assert [own.words(letter(name=name))[1] for name in ("Ada", "bea")] == ["Friend\n", "Bea\n"]
