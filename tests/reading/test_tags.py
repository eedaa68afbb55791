"""The words of HTML told from its tags alone: only where a parser reads the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from outreach.reading import parts
from outreach.reading.limits import Unreadable, html_is_safe
from outreach.reading.parts import Part
from outreach.reading.shown import show
from outreach.reading.tags import words_between
from outreach.reading.texts import read

_CORPUS = Path(__file__).parent.parent / "corpus"


def leaves(part: Part) -> Iterator[Part]:
    if part.inside:
        for inside in part.inside:
            yield from leaves(inside)
    else:
        yield part


def pages() -> Iterator[str]:
    """Every HTML text of the corpus."""
    for path in sorted(_CORPUS.rglob("*.eml")):
        try:
            root = parts.split(path.read_bytes())
        except Unreadable:
            continue
        for leaf in leaves(root):
            if leaf.type == "text/html" and (html := read(leaf).text.html):
                yield from (source for source in html.sources if html_is_safe(source))


def parsed(source: str) -> list[str]:
    body = LexborHTMLParser(source).body
    return body.text(separator=" ").split() if body else []


def test_the_words_told_from_tags_are_those_of_the_parser_in_all_of_the_corpus() -> None:
    told = [(words.split(), parsed(page)) for page in pages() if (words := words_between(page)) is not None]

    assert len(told) > 300
    assert [words for words, by_parser in told if words != by_parser] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>we <b>sign</b></p>",
        '<!DOCTYPE html>\n<html lang="en"><head><style>p {margin:0}</style></head><body>we<br>sign</body></html>',
        "Smith &amp; S&ouml;hne &#39;s &lt;a@b.example&gt;",
        '<p title="a > b">we sign</p>',
        "<p title='a > b'>we sign</p>",
        '<p a=b" c="d>we do not</p>">we sign</p>',
        '<html x=">  <head> </head> we do not">we sign',
        "<p>we <!-- do not --> sign</p>",
        "<table>we <tr><td>do</td></tr> sign</table>",
        "<textarea><p>we</p></textarea> sign",
        "<script>we()</script> sign",
        "we &notin; sign &lt",
        "we &#xfdd0; &#128; &x; sign",
        "<a href=we>sign</a><a href=x>x</a href=y>",
        "<p we sign",
    ],
)
def test_the_words_told_from_tags_are_those_of_the_parser_or_none(source: str) -> None:
    told = words_between(source)

    assert told is None or told.split() == parsed(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>we <span style="display:none">do not</span> sign</p>',
        '<p>we <span style="dis&#112;lay:none">do not</span> sign</p>',
        '<p>we <font size="1" color="white">do not</font> sign</p>',
        "<html><head><style>.x {display:none}</style></head><body>we <i class=x>do not</i> sign</body></html>",
    ],
)
def test_no_words_are_told_where_some_may_not_be_seen(source: str) -> None:
    assert words_between(source) is None
    assert show(source).plainly is None
