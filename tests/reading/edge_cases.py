"""What mail really looks like: one small message for each way in which processors of mail are known to fail.

The numbers are those of the list that the program was planned with; several rows may share one. What is left out is
not about one message: servers and folders (39 to 43: tests/mail), storing twice (38, 47: tests/steps/test_intake.py).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from outreach.words import Kind

_HEAD: Final = "From: Anna Berg <anna@berg.example>\nTo: c@north.example\nSubject: Re: Joint statement\n"
SIGNS: Final = "We sign: Harbour Choir, Leeds, UK."
QUOTED: Final = "> Would your organisation sign? To sign, please answer this\n> A short no is fine."


@dataclass(frozen=True)
class EdgeCase:
    """A message, and what must come out of it."""

    number: int
    what: str
    raw: bytes
    kind: Kind
    names: Sequence[str] = ()  #: of all sign-ups, in their order
    new: str = ""  #: stands in the text that was newly written
    not_new: str = ""  #: does not
    person: bool | None = None  #: whether somebody must look
    recipients: Sequence[str] = ()  #: of a bounce
    may_be_answered: bool | None = None


def mail(text: str, head: str = "", charset: str = "utf-8", *, subject: str | None = None) -> bytes:
    """A mail with this text; ``head`` gives further headers, each with its line end."""
    top = _HEAD if subject is None else _HEAD.replace("Re: Joint statement", subject)
    return (
        top + head + ("" if "Content-Type" in head else f"Content-Type: text/plain; charset={charset}\n") + "\n"
    ).encode("utf-8") + text.encode(
        charset if charset in ("utf-8", "cp1256", "cp1252", "latin-1", "utf-16") else "utf-8"
    )


def of_type(media: str, body: str, head: str = "") -> bytes:
    return mail(body, f"MIME-Version: 1.0\nContent-Type: {media}\n{head}")


_MIXED: Final = 'multipart/mixed; boundary="b"'
_PLAIN: Final = "--b\nContent-Type: text/plain; charset=utf-8\n\n"
DSN: Final = (
    "--b\nContent-Type: text/plain\n\nUndelivered.\n--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; m\n\n"
    "Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n\n--b--\n"
)
ARF: Final = (
    "--b\nContent-Type: text/plain\n\nA report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {type}\n"
    "User-Agent: x/1\nVersion: 1\n\n--b--\n"
)
HARBOUR: Final = ("Harbour Choir",)

CASES: Final = (
    EdgeCase(1, "an unknown charset", mail(SIGNS, charset="x-unknown"), Kind.SIGNUP, HARBOUR),
    EdgeCase(1, "a charset of rubbish", mail(SIGNS, charset='"utf-8 euao6y69"'), Kind.SIGNUP, HARBOUR),
    EdgeCase(1, "an unknown charset in a header", mail(SIGNS, subject="=?x-zz?Q?Re=3A?="), Kind.SIGNUP, HARBOUR),
    EdgeCase(2, "nothing but bytes", bytes(range(256)), Kind.OTHER, person=True),
    EdgeCase(3, "NUL and half a character", mail(SIGNS) + b"\x00\xc3", Kind.SIGNUP, HARBOUR),
    EdgeCase(4, "8-bit bytes in a header", b"X-Note: \xfc\xe9\n" + mail(SIGNS), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        5, "Windows-1256", mail("بیانیه را امضا می‌کنیم: انجمن روشنا".replace("ی", "ي"), charset="cp1256"), Kind.SIGNUP
    ),
    EdgeCase(5, "UTF-7", of_type("text/plain; charset=utf-7", "We sign: Chor der K+APw-che, Berlin."), Kind.SIGNUP),
    EdgeCase(
        5,
        "UTF-8 called Latin-1",
        of_type("text/plain; charset=iso-8859-1", "Wir unterschreiben: Chor Küche, Köln."),
        Kind.SIGNUP,
        ("Chor Küche",),
    ),
    EdgeCase(6, "no last boundary", of_type(_MIXED, _PLAIN + SIGNS), Kind.SIGNUP, HARBOUR),
    EdgeCase(6, "only CR ends the lines", mail(SIGNS).replace(b"\n", b"\r"), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        6,
        "cut base64",
        of_type("text/plain", base64.b64encode(SIGNS.encode()).decode()[:-3], "Content-Transfer-Encoding: base64\n"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        7,
        "an empty text beside the HTML",
        of_type(
            'multipart/alternative; boundary="b"',
            "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/html\n\n<p>" + SIGNS + "</p>\n--b--\n",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        7,
        "two texts around a picture",
        of_type(
            _MIXED,
            _PLAIN + "We sign.\n--b\nContent-Type: image/png\n\nx\n" + _PLAIN + "Harbour Choir, Leeds, UK\n--b--\n",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        8,
        "a table in HTML",
        of_type(
            "text/html",
            "<table><tr><td>Name of organisation:</td><td>Harbour Choir</td></tr>"
            "<tr><td>City:</td><td>Leeds</td></tr><tr><td>Country:</td><td>UK</td></tr></table>",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        8,
        "words that nobody sees",
        of_type("text/html", f"<div style='display:none'>unsubscribe</div><p>{SIGNS}</p>"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        9,
        "flowed text",
        of_type("text/plain; format=flowed", "We sign: Harbour \nChoir, Leeds, UK."),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        10,
        "an unreadable winmail.dat",
        of_type(_MIXED, "--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nxx\n--b--\n"),
        Kind.OTHER,
        person=True,
    ),
    EdgeCase(
        11,
        "a form as an attached mail",
        of_type(
            _MIXED,
            _PLAIN + "See the form.\n--b\nContent-Type: message/rfc822\n\n"
            "From: Bo Ek <bo@ek.example>\nSubject: Form\n\nWe sign: Harbour Choir, Leeds.\n--b--\n",
        ),
        Kind.SIGNUP,
        person=True,
    ),
    EdgeCase(
        11,
        "nothing but a PDF",
        of_type(_MIXED, "--b\nContent-Type: application/pdf; name=f.pdf\n\nx\n--b--\n"),
        Kind.OTHER,
        person=True,
    ),
    EdgeCase(
        12,
        "signed",
        of_type(
            'multipart/signed; boundary="b"; protocol="application/pgp-signature"',
            _PLAIN + SIGNS + "\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        12,
        "encrypted",
        of_type(
            'multipart/encrypted; boundary="b"; protocol="application/pgp-encrypted"',
            "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n",
        ),
        Kind.OTHER,
        person=True,
    ),
    EdgeCase(
        13, "an answer below the quotation", mail(QUOTED + "\n\n" + SIGNS), Kind.SIGNUP, HARBOUR, not_new="short no"
    ),
    EdgeCase(
        13,
        "a form filled within the quotation",
        mail(
            "Here you are.\n\n> Name of organisation: Harbour Choir\n"
            "> City: Leeds\n> Country: UK\n> Contact person: Anna Berg"
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        14,
        "a wrapped attribution",
        mail(SIGNS + "\n\nOn Tue, 7 Jul 2026 at 10:14, Campaign\n<c@north.example>\nwrote:\n" + QUOTED),
        Kind.SIGNUP,
        HARBOUR,
        not_new="wrote",
    ),
    EdgeCase(
        14,
        "Persian",
        mail(
            "ما امضا می‌کنیم: انجمن روشنا\n\nدر تاریخ سه‌شنبه ۷ ژوئیهٔ ۲۰۲۶، ساعت ۱۰:۱۴ C <c@north.example> "
            "نوشت:\n" + QUOTED
        ),
        Kind.SIGNUP,
        ("انجمن روشنا",),
        not_new="نوشت",
    ),
    EdgeCase(
        15,
        "Outlook's header block",
        mail(
            SIGNS + "\n\nFrom: Campaign <c@north.example>\nSent: Tuesday, July 7, 2026 10:14\n"
            "To: Anna\nSubject: Joint statement\n\nWould your organisation sign?\nReply unsubscribe for no more mail."
        ),
        Kind.SIGNUP,
        HARBOUR,
        not_new="unsubscribe",
    ),
    EdgeCase(
        15,
        "labels that look like one",
        mail("Name: Harbour Choir\nCity: Leeds\nCountry: UK\nTo: be announced"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        16,
        "a separator of another language",
        mail(SIGNS + "\n\n-----Message d'origine-----\nDe : C <c@north.example>\nObjet : Appel\n\nunsubscribe"),
        Kind.SIGNUP,
        HARBOUR,
        not_new="origine",
    ),
    EdgeCase(
        17,
        "a forward",
        mail(
            "fyi\n\n---------- Forwarded message ---------\nFrom: Bo Ek <bo@ek.example>\n"
            "Date: Mon, 6 Jul 2026 at 09:00\nSubject: x\nTo: Anna\n\nWe sign: Harbour Choir, Leeds, UK.",
            subject="Fwd: x",
        ),
        Kind.SIGNUP,
        HARBOUR,
        person=True,
    ),
    EdgeCase(
        18,
        "prefixes and a gateway's tag",
        mail(SIGNS, subject="[EXTERNAL] AW: Re[5]: پاسخ: Aufruf"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        19,
        "the name in the signature alone",
        mail("We sign.\n\n-- \nAnna Berg\nHarbour Choir\nLeeds"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        20,
        "prose that looks like a marker",
        mail("On your side, as you wrote: we sign.\n- - - - -\nHarbour Choir, Leeds, UK"),
        Kind.SIGNUP,
        HARBOUR,
        new="as you wrote",
    ),
    EdgeCase(21, "all in the subject", mail("", subject="We sign: Harbour Choir, Leeds"), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        22,
        "marks of direction and Arabic letters",
        mail("\u200fما امضا مي\u200cكنيم: \u2067انجمن روشنا\u2069، مالمو"),
        Kind.SIGNUP,
        ("انجمن روشنا",),
    ),
    EdgeCase(
        23,
        "several in one mail",
        mail("We all sign:\n1. Harbour Choir, Leeds\n2. Dockers' Union, Hull"),
        Kind.SIGNUP,
        ("Harbour Choir", "Dockers' Union"),
    ),
    EdgeCase(24, "a condition", mail("We would sign if the second paragraph were changed."), Kind.QUESTION),
    EdgeCase(24, "a negation", mail("We are not able to sign."), Kind.DECLINE),
    EdgeCase(24, "not to be added", mail("Please do not add us."), Kind.DECLINE),
    EdgeCase(24, "taken off", mail("Please remove our signature."), Kind.WITHDRAWAL),
)
