"""Forty replies to an invitation, no two alike, for ``reading.py``: eleven languages, six clients, about 8 kB each.

Every reply has text and HTML, with the quoted original in both, in the manner of its client. What they say stands in
``replies.toml``.
"""

from __future__ import annotations

import textwrap
import tomllib
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

SIZE: Final = 8_000  #: octets of a reply, about
COUNT: Final = 40
_ADDRESS: Final = "contact@campaign.example"
_RIGHT_TO_LEFT: Final = frozenset({"fa", "ar"})
_CLIENTS: Final = ("gmail", "outlook", "apple", "thunderbird", "yahoo", "phone")
_STYLE: Final = 'p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}'


@dataclass(frozen=True, slots=True)
class _Reply:
    """One reply before it is a mail: who writes what with which client, and the paragraphs of ours below it."""

    number: int
    language: str
    client: str
    said: str
    person: str
    letter: tuple[str, ...]
    wrote: str  #: the line above the original
    heads: tuple[str, ...]  #: or a block of its headers

    @property
    def direction(self) -> str:
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"


def replies() -> list[bytes]:
    """The replies, in a fixed order: every answer of every language, and again with other names and clients."""
    tongues: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    answers = [(language, answer) for language, tongue in tongues.items() for answer in tongue["answers"]]
    whose = {language: cycle(tongue["signatories"]) for language, tongue in tongues.items()}
    return [
        _sized(number, language, client, answer, next(whose[language]), tongues[language])
        for number, (language, answer), client in zip(range(COUNT), cycle(answers), cycle(_CLIENTS), strict=False)
    ]


def _sized(number: int, language: str, client: str, answer: str, signatory: list[str], tongue: dict[str, Any]) -> bytes:
    """The reply with as much of our letter below it as makes its size."""
    said = answer.format(**dict(zip(("name", "city", "country", "person"), signatory, strict=True)))
    day = number % 20 + 1
    wrote = tongue["wrote"].format(date=f"{day}.07.2026 10:{number:02d}", us=f"Campaign <{_ADDRESS}>")
    values = (f"Campaign <{_ADDRESS}>", f"Tuesday, July {day}, 2026 10:14 AM", "info@member.example", "Joint statement")
    heads = tuple(f"{label}: {value}" for label, value in zip(tongue["heads"], values, strict=True))
    code = f"Ref. K7Q{day % 8 + 2}-M9P{number % 7 + 2}"
    for count in range(1, 60):
        letter = (f"{signatory[0]}:", *islice(cycle(tongue["letter"]), count), code)
        mail = _mail(_Reply(number, language, client, said, signatory[3], letter, wrote, heads))
        if len(mail) >= SIZE:
            break
    return mail


def _mail(reply: _Reply) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{reply.person} <reply{reply.number}@member{reply.number}.example>"
    mail["To"] = f"Campaign <{_ADDRESS}>"
    mail["Subject"] = "Re: Joint statement – will you sign?"
    mail["Date"] = f"Wed, {reply.number % 20 + 8} Jul 2026 10:{reply.number:02d}:00 +0200"
    mail["Message-ID"] = f"<r{reply.number}@member{reply.number}.example>"
    mail["In-Reply-To"] = mail["References"] = f"<o{reply.number}@campaign.example>"
    for hop in range(6):
        mail["Received"] = f"from mx{hop}.example (mx{hop}.example [192.0.2.{hop}]) by m{hop}.example with ESMTPS"
    encoding = "base64" if reply.direction == "rtl" else "quoted-printable"
    mail.set_content(_plain(reply), cte="8bit" if reply.number % 2 else encoding)
    mail.add_alternative(_HTML[reply.client](reply), subtype="html", cte=encoding)
    return bytes(mail)


def _plain(reply: _Reply) -> str:
    rows = [row for paragraph in reply.letter for row in [*_wrapped(paragraph), ""]]
    if reply.client == "outlook":
        return "\n".join([reply.said, "", "_" * 32, *reply.heads, "", *rows])
    card = ["", "Sent from my iPhone"] if reply.client == "phone" else []
    return "\n".join([reply.said, *card, "", reply.wrote, "", *(f"> {row}".rstrip() for row in rows)])


def _wrapped(paragraph: str) -> list[str]:
    """The lines of a paragraph, as clients wrap them before they mark them."""
    return [row for line in paragraph.split("\n") for row in textwrap.wrap(line, 72, break_on_hyphens=False) or [""]]


def _rows(text: str, open_: str, close: str) -> str:
    return "".join(f"{open_}{_linked(row) or '<br>'}{close}" for row in text.split("\n"))


def _linked(text: str) -> str:
    return escape(text).replace(_ADDRESS, f'<a href="mailto:{_ADDRESS}" target="_blank">{_ADDRESS}</a>')


def _gmail(reply: _Reply) -> str:
    old = _rows("\n".join(reply.letter), '<p style="margin:0 0 8px">', "</p>")
    return (
        f'<div dir="{reply.direction}">{_rows(reply.said, "<div>", "</div>")}</div><br><div class="gmail_quote">'
        f'<div dir="{reply.direction}" class="gmail_attr">{_linked(reply.wrote)}<br></div><blockquote '
        f'class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">{old}</blockquote></div>'
    )


def _outlook(reply: _Reply) -> str:
    open_, close = '<p class="MsoNormal">', "<o:p></o:p></p>"
    heads = "<br>".join(f"<b>{head.partition(':')[0]}:</b>{_linked(head.partition(':')[2])}" for head in reply.heads)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head><style>'
        f'<!-- {_STYLE} --></style></head><body lang="{reply.language}" link="#0563C1"><div class="WordSection1">'
        f'{_rows(reply.said, open_, close)}<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm">'
        f"{open_}{heads}{close}</div>{_rows(chr(10).join(reply.letter), open_, close)}</div></body></html>"
    )


def _apple(reply: _Reply) -> str:
    card = '<div id="AppleMailSignature">Sent from my iPhone</div>' if reply.client == "phone" else ""
    old = _rows(
        "\n\n".join(reply.letter), '<div style="margin: 0px; font-stretch: normal; line-height: normal;">', "</div>"
    )
    return (
        f'<html><body style="overflow-wrap: break-word; line-break: after-white-space;" dir="{reply.direction}">'
        f'{_rows(reply.said, "<div>", "</div>")}<br>{card}<div><br><blockquote type="cite"><div>{_linked(reply.wrote)}'
        f'</div><br class="Apple-interchange-newline"><div>{old}</div></blockquote></div></body></html>'
    )


def _thunderbird(reply: _Reply) -> str:
    said = "<br>".join(_linked(row) for row in reply.said.split("\n"))
    old = _rows("\n".join(reply.letter), "<p>", "</p>")
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body><p>'
        f'{said}</p><div class="moz-cite-prefix">{_linked(reply.wrote)}<br></div><blockquote type="cite" '
        f'cite="mid:o{reply.number}@x.example">{old}</blockquote></body></html>'
    )


def _yahoo(reply: _Reply) -> str:
    said = _rows(reply.said, f'<div dir="{reply.direction}" data-setdir="false">', "</div>")
    old = _rows("\n\n".join(reply.letter), "<div>", "</div>")
    return (
        '<html><head></head><body><div class="ydp1 yahoo-style-wrap" style="font-family:Helvetica Neue, Helvetica, '
        f'sans-serif;font-size:13px;">{said}</div><div id="yahoo_quoted_{reply.number}" class="yahoo_quoted"><div '
        f'style="font-family:Helvetica, Arial;font-size:13px;color:#26282a;"><div>{_linked(reply.wrote)}</div>'
        f"<div><br></div>{old}</div></div></body></html>"
    )


_HTML: Final = {
    "gmail": _gmail, "outlook": _outlook, "apple": _apple, "thunderbird": _thunderbird, "yahoo": _yahoo,
    "phone": _apple,
}  # fmt: skip
