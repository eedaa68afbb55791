"""Whether a text and its HTML twin say the same."""

from __future__ import annotations

import pytest

from outreach.reading.shown import show
from outreach.reading.texts import Text
from outreach.reading.twins import disagree


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("We sign.", "We refuse."),
        ("We sign.", "We do not sign."),
        ("We do not sign.\n\n> quoted", "We sign.\n\n> quoted"),
        ("Name: Harbour Union", "Name: Evil Union"),
        ("ما امضا می‌کنیم", "ما امضا نمی‌کنیم"),
        ("1 yes, 2 no", "1 yes, 3 no"),
    ],
)
def test_other_words_are_a_disagreement(plain: str, html: str) -> None:
    assert disagree(plain, html)
    assert disagree(html, plain)


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("We sign.\nAnna", "We sign. Anna"),
        ("*We sign.*\n\n> quoted\n> more", "We sign.\n> quoted more"),
        ("Get Outlook for iOS<https://aka.example/x>", "Get Outlook for iOS"),
        ("site [https://x.example] and (www.x.example)", "site and"),
        ("Anna <anna@x.example>", "Anna anna@x.example"),
        ("j?écris – l'été", "j’écris l’été"),
        ("Name | City\nUnion | Oslo", "Name\tCity\nUnion\tOslo"),
        ("- one\n- two", "• one\n• two"),
        ("می\u200cکنیم", "می\u200cکنیم\u200f"),
        ("[cid:image001.png@01] We sign", "We sign"),
        ("We sign.\n\nSent with Proton Mail secure email.", "We sign."),
        ("Oui.\n\n> De : A\n> Copie à :\n> texte", "Oui.\n> De : A\n> texte"),
        ("harbour union oslo", "harbourunion oslo"),
    ],
)
def test_other_signs_are_none(plain: str, html: str) -> None:
    assert not disagree(plain, html)
    assert not disagree(html, plain)


@pytest.mark.parametrize(
    ("plain", "html", "disagrees"),
    [
        ("*We* sign.\n\n> you wrote", "<p><b>We</b> sign.</p><blockquote>you wrote</blockquote>", False),
        ("We do not sign.", "<p>We do <span style='display:none'>not</span> sign.</p>", True),
        ("We do not sign.", "<p>We do <textarea>not</textarea> sign.</p>", True),
        ("We do not sign.", "<style>.x{display:none}</style><p>We do <i class=x>not</i> sign.</p>", True),
        ("We do not sign.", "<p>We do <font style='font-size:1px'>not</font> sign.</p>", True),
        ("We do not sign.", "<p>We do <font color=white>not</font> sign.</p>", True),
    ],
)
def test_words_that_the_html_holds_but_does_not_show_are_missing_in_it(plain: str, html: str, disagrees: bool) -> None:
    assert Text(plain, show(html)).disagrees is disagrees
