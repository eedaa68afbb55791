"""Edge cases 25 to 48: machines, senders, references, and what is too big or too strange. See ``edge_cases``."""

from __future__ import annotations

from typing import Final

from outreach.words import Kind
from tests.reading.edge_cases import ARF, DSN, HARBOUR, QUOTED, SIGNS, EdgeCase, mail, of_type

_REPORT: Final = 'multipart/report; report-type=delivery-status; boundary="b"'
_FEEDBACK: Final = 'multipart/report; report-type=feedback-report; boundary="b"'


def _dsn(to: str, action: str, status: str) -> bytes:
    return of_type(_REPORT, DSN.format(to=to, action=action, status=status))


def _from(sender: str, text: str = SIGNS, head: str = "") -> bytes:
    return mail(text, head).replace(b"From: Anna Berg <anna@berg.example>", f"From: {sender}".encode())


CASES: Final = (
    EdgeCase(
        25,
        "Auto-Submitted with a comment",
        mail("Away.", "Auto-Submitted: auto-replied; owner-email=x\n"),
        Kind.AUTO_REPLY,
    ),
    EdgeCase(25, "Auto-Submitted: no", mail(SIGNS, "Auto-Submitted: no\n"), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        25, "Exchange's ordinary header", mail(SIGNS, "X-Auto-Response-Suppress: DR, OOF\n"), Kind.SIGNUP, HARBOUR
    ),
    EdgeCase(26, "a list", mail(SIGNS, "List-Id: <l.north.example>\n"), Kind.SIGNUP, may_be_answered=False),
    EdgeCase(26, "bulk", mail(SIGNS, "Precedence: bulk\n"), Kind.SIGNUP, may_be_answered=False),
    EdgeCase(26, "a person", mail(SIGNS), Kind.SIGNUP, may_be_answered=True),
    EdgeCase(
        27, "failed", _dsn("gone@south.example", "failed", "5.1.1"), Kind.BOUNCE, recipients=("gone@south.example",)
    ),
    EdgeCase(
        27, "an error", _dsn("gone@south.example", "error", "5.1.1"), Kind.BOUNCE, recipients=("gone@south.example",)
    ),
    EdgeCase(
        27,
        "a comment",
        _dsn("gone@south.example", "failed (gone)", "5.1.1"),
        Kind.BOUNCE,
        recipients=("gone@south.example",),
    ),
    EdgeCase(27, "success", _dsn("here@south.example", "delivered", "2.0.0"), Kind.AUTO_REPLY),
    EdgeCase(
        28,
        "no block, but a header",
        mail("Sorry.", "X-Failed-Recipients: gone@south.example\n"),
        Kind.BOUNCE,
        recipients=("gone@south.example",),
    ),
    EdgeCase(
        29, "somebody's words about a bounce", mail("My mail to you was undeliverable, so again: " + SIGNS), Kind.SIGNUP
    ),
    EdgeCase(30, "abuse", of_type(_FEEDBACK, ARF.format(type="abuse")), Kind.COMPLAINT),
    EdgeCase(30, "not spam", of_type(_FEEDBACK, ARF.format(type="not-spam")), Kind.AUTO_REPLY),
    EdgeCase(30, "a DMARC report", of_type(_FEEDBACK, ARF.format(type="auth-failure")), Kind.AUTO_REPLY),
    *(
        EdgeCase(31, word, mail(word), Kind.UNSUBSCRIBE)
        for word in ("unsubscribe", "STOP", "abmelden", "désabonner", "لغو عضویت", "avregistrera")
    ),
    EdgeCase(
        31, "only in our own footer", mail(SIGNS + "\n\n> For no more mail answer unsubscribe"), Kind.SIGNUP, HARBOUR
    ),
    EdgeCase(
        32,
        "a form on a website",
        _from(
            "no-reply@forms.example",
            "Name of organisation: Harbour Choir\nCity: Leeds\nCountry: UK\nContact person: Anna Berg",
            "Reply-To: anna@berg.example\nAuto-Submitted: auto-generated\n",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        32,
        "a form on a website with a letter in it",
        _from(
            "no-reply@forms.example",
            "From: Anna Berg\nE-mail: anna@berg.example\nMessage:\nThe Harbour Choir signs your statement.",
            "Reply-To: anna@berg.example\nAuto-Submitted: auto-generated\n",
        ),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(
        32,
        "a help desk that tells its own address",
        _from(
            "help@desk.example",
            "We have received your message. To add to it, write to case-7@desk.example. We sign for its receipt.",
            "Reply-To: case-7@desk.example\nAuto-Submitted: auto-generated\n",
        ),
        Kind.AUTO_REPLY,
    ),
    EdgeCase(
        33,
        "a sender that proves nothing is read alike",
        mail(SIGNS, "Authentication-Results: x; dmarc=fail\n"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(34, "free mail for an organisation", _from("Anna <anna@gmail.com>"), Kind.SIGNUP, HARBOUR),
    EdgeCase(35, "several senders", b"From: Bo Ek <bo@ek.example>\n" + mail(SIGNS), Kind.SIGNUP, person=True),
    EdgeCase(35, "no sender", mail(SIGNS).partition(b"\n")[2], Kind.SIGNUP, HARBOUR),
    EdgeCase(35, "a group", _from("Choir: anna@berg.example;"), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        36, "broken references", mail(SIGNS, "References: <a@b> x@y <<c>\nIn-Reply-To: a@b\n"), Kind.SIGNUP, HARBOUR
    ),
    EdgeCase(
        37, "a key in the address", mail(SIGNS, "Delivered-To: c+k7q2=m9px@north.example\n"), Kind.SIGNUP, HARBOUR
    ),
    EdgeCase(38, "no Message-ID", mail(SIGNS), Kind.SIGNUP, HARBOUR),
    EdgeCase(44, "a line of a megabyte", mail("a" * 1_000_000 + "\n" + QUOTED), Kind.OTHER, person=True),
    EdgeCase(44, "20,000 lines that begin like attributions", mail("On a b c\n" * 20_000), Kind.OTHER, person=True),
    EdgeCase(45, "an absurd date", mail(SIGNS, "Date: Mon, 31 Feb 99999 25:61:61 +9999\n"), Kind.SIGNUP, HARBOUR),
    EdgeCase(
        46,
        "a picture from afar",
        of_type("text/html", f"<img src=http://x.example/t.gif>{SIGNS}"),
        Kind.SIGNUP,
        HARBOUR,
    ),
    EdgeCase(48, "chatter", mail("Lovely weather today."), Kind.OTHER, person=True),
)
