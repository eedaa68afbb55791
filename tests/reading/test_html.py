"""What an HTML mail shows, as text lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.reading.shown import show

CELLS = "<table><tr><td>Name</td><td>Harbour Union</td></tr><tr><td>City</td><td>Oslo</td></tr></table>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ('<p class="MsoNormal">one</p><p class="MsoNormal">two</p>', "one\ntwo"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<p style='margin:0'>one</p><p style='margin:0'>&nbsp;</p><p style='margin:0'>two</p>", "one\n\ntwo"),
        ("one\n two   <b>th</b>ree", "one two three"),
        (CELLS, "Name\tHarbour Union\nCity\tOslo"),
        ("<table><tr><td><p>Name</p></td><td><p>Union</p></td></tr></table>", "Name\tUnion"),
        ("<table><tr><td></td><td>x</td></tr></table>", "x"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        (f"<table><tr><td>{CELLS}</td></tr></table>", "Name\tHarbour Union\nCity\tOslo"),
        ("<ul><li>one<li>two</ul>", "• one\n• two"),
        ("<ol start=3><li>one</li><li><p>two</p></li></ol>", "3. one\n4. two"),
        ("<ol><li>one<ul><li>in</ul><li>two</ol>", "1. one\n• in\n2. two"),
        ("<pre>a  b\n c</pre>", "a  b\n c"),
        ("<h1>Head</h1>text", "Head\n\ntext"),
        ("a &lt;b@c.example&gt; &amp;amp; &copy;", "a <b@c.example> &amp; ©"),
        ("<a href='x'>link</a><img alt='picture' src=y>", "link"),
        ("<style>p{}</style><script>x()</script>yes<!-- no --><title>no</title>", "yes"),
        ("<!--[if mso]><p>no</p><![endif]-->yes", "yes"),
        ("<svg><text>no</text></svg><select><option>no</select>yes", "yes"),
        ("<o:p>yes</o:p>", "yes"),
        ("text < 5 and > 3", "text < 5 and > 3"),
        ("<p", ""),
        ("", ""),
    ],
)
def test_html_is_shown(html: str, text: str) -> None:
    assert show(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<blockquote>one<br>two</blockquote>new", "> one\n> two\nnew"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>", "> one\n> > two"),
        (
            '<div class="gmail_quote">On D, A wrote:<blockquote class="gmail_quote">q</blockquote></div>',
            "On D, A wrote:\n> q",
        ),
        ('<div class="yahoo_quoted"><div>On D, A wrote:</div><div>q</div></div>', "> On D, A wrote:\n> q"),
        ('<div class="protonmail_quote">On D:<blockquote class="protonmail_quote">q</blockquote></div>', "On D:\n> q"),
        ('<div class="zmail_extra"><div>q</div></div>', "> q"),
        ('<div class="moz-cite-prefix">A wrote:</div><blockquote type="cite">q</blockquote>', "A wrote:\n> q"),
        ('<div id="divRplyFwdMsg"><b>From:</b> A</div><div>q</div>', "_" * 32 + "\nFrom: A\nq"),
        ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">mine</blockquote>', "mine"),
    ],
)
def test_what_clients_quote_is_marked_as_quoted(html: str, text: str) -> None:
    assert show(html).text == text


def test_what_is_forwarded_is_not_marked_as_quoted() -> None:
    html = '<div class="yahoo_quoted"><div>----- Forwarded Message -----</div><div>We sign.</div></div>'

    assert show(html).text == "----- Forwarded Message -----\nWe sign."


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : NONE !important", "visibility:hidden", "mso-hide:all", "font-size:0",
        "font-size:1px;",
        "font-size:0.05em", "opacity:0", "max-height:0;overflow:hidden", "overflow:hidden;height:0px", "color:#fff",
        "color:white", "color:#FEFEFE;", "color:rgb(255, 255, 255)", "color:transparent", "color:#ddd;background:#ddd",
        "position:absolute;left:-9999px", "text-indent:-5000px", "color:rgba(0,0,0,0)",
    ],
)  # fmt: skip
def test_hidden_words_are_left_out_and_told_of(style: str) -> None:
    shown = show(f'<p>Who are you?</p><div style="{style}">We <b>sign</b>.</div>')

    assert (shown.text, shown.hides) == ("Who are you?", True)


@pytest.mark.parametrize(
    "html",
    [
        "<div hidden>We sign</div>",
        "<font color=white>We sign</font>",
        '<style>.x{display:none}</style><p class="a x">We sign</p>',
        "<style>td, #y { font-size: 12px; visibility: hidden }</style><p id=y>We sign</p>",
    ],
)
def test_words_hidden_by_attributes_or_a_style_sheet_are_left_out(html: str) -> None:
    assert show(html).text == ""
    assert show(html).hides


@pytest.mark.parametrize(
    "html",
    [
        '<table><tr><td bgcolor="#003366"><font color="#ffffff">We sign</font></td></tr></table>',
        '<div style="background-color:#c00"><span style="color:white">We sign</span></div>',
        '<td style="font-size:0"><span style="font-size:14px">We sign</span>',
        '<div style="color:#fff"><p style="color:#000">We sign</p></div>',
        '<div style="color:#333;background:#fff">We sign</div>',
        '<div style="opacity:0.9;max-height:100px;line-height:0">We sign</div>',
        "<style>@media print{.x{display:none}}</style><p class=x>We sign</p>",
        '<div style="border-color:white;font-size:10pt">We sign</div>',
        '<div style="display:none">\xa0 </div>We sign',
        '<div style="overflow:hidden;min-height:0px;border-width:0px">We sign</div>',
    ],
)
def test_words_that_are_seen_are_kept(html: str) -> None:
    assert (show(html).text.strip(), show(html).hides) == ("We sign", False)


def test_html_beyond_the_limits_is_cut_and_says_so() -> None:
    shown = show("<p>We sign.</p><style>x</style>" + "<div>" * 60_000 + "and more")

    assert shown.cut
    assert shown.text.startswith("We sign.")
    assert shown.text.endswith("and more")


def test_a_large_picture_inside_does_not_cut_the_html() -> None:
    shown = show('<p>We sign.</p><img src="data:image/png;base64,' + "A" * 3_000_000 + '"><p>Anna</p>')

    assert (shown.text, shown.cut) == ("We sign.\n\nAnna", False)


_TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<td>", "<tr>", "<table>", "</table>", "</tr>", "<blockquote>", "</blockquote>",
     "<ol>", "<li>", "</ol>", "<pre>", "</pre>", "<br>", "<div hidden>", "<svg>", "</svg>", "<template>", "<select>",
     "<!--",
     "-->", "<style>", "</style>", "<plaintext>", "<math>", "<b", '"', "'", ">", "&nbsp;", "<a href='", "<frameset>",
     "<div class=yahoo_quoted>", "</body>", "<noscript>", "<caption>", "<iframe>", "</iframe>", "<textarea>"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.one_of(_TAGS, st.text(max_size=8)), max_size=40).map("".join))
def test_any_html_is_shown(html: str) -> None:
    assert isinstance(show(html).text, str)


@settings(max_examples=200)
@given(st.lists(st.from_regex(r"[a-zäکم]{1,8}", fullmatch=True), min_size=1, max_size=20), st.data())
def test_no_visible_word_is_lost(words: list[str], data: st.DataObject) -> None:
    names = ["p", "/p", "div", "/div", "td", "tr", "table", "/table", "li", "b", "br", "blockquote", "/blockquote",
             "ul", "/ul", "pre", "h1", "/h1", "span"]  # fmt: skip
    tags = st.sampled_from([f"<{name}>" for name in names])
    html = "".join(f"{data.draw(tags)} {word} " for word in words)

    assert sorted(show(html).text.replace(">", " ").replace("•", " ").split()) == sorted(words)
