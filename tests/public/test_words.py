"""Every word of the public pages is there in every language, and says the same."""

from __future__ import annotations

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from outreach import resources
from outreach.public.render import LANGUAGES

_FOLDER = resources.templates() / "public"


def spoken() -> set[str]:
    found = extract_from_dir(_FOLDER, method_map=[("**.html", "jinja2.ext.babel_extract")])
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_word_of_the_public_pages_has_its_translation(language: str) -> None:
    with (_FOLDER / "words" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.id}
    assert sorted(spoken() - known) == []
    assert sorted(known - spoken()) == []
    for message in catalogue:
        assert message.string, message.id
        assert not list(message.check(catalogue)), message.id
