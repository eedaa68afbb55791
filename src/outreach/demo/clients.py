"""How mail programs write a reply: Gmail, Outlook, Apple Mail, Thunderbird, and an out-of-office machine.

Each takes the mail that is answered and what a person typed, and gives the raw reply with CRLF line ends: the quoted
original below, with that program's own attribution line or header block, parts, encodings and headers.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as in_words

from outreach.dates import digits
from outreach.demo.received import Received

#: Where everybody in the demo sits, as far as their clocks are concerned.
ZONE: Final = ZoneInfo("Europe/Berlin")
_RIGHT_TO_LEFT: Final = frozenset({"fa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed, into which mail (None: a new one), and when. ``language`` is that of their program."""

    name: str
    address: str
    text: str
    at: datetime
    language: str
    subject: str = ""
    signature: str = ""
    answered: Received | None = None

    @property
    def direction(self) -> str:
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"


Client = Callable[[Typed], bytes]


def gmail(typed: Typed) -> bytes:
    """Wraps the plain part at 72 columns; both parts in base64."""
    mail = _begin(typed, "Re: ", f"CA{_token(typed, 44)}@mail.{_domain(typed)}")
    text, html = _wrapped(_whole_text(typed)), f'<div dir="{typed.direction}">{_divs(_whole_text(typed))}</div>'
    if typed.answered is not None:
        attribution = _gmail_attribution(typed.answered, typed.language)
        text += f"\n{textwrap.fill(attribution, 72, break_long_words=False)}\n\n"
        text += _quoted(_wrapped(typed.answered.text))
        html += (
            '<br><div class="gmail_quote gmail_quote_container">'
            f'<div dir="{typed.direction}" class="gmail_attr">{escape(attribution)}<br></div>'
            '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
            'border-left:1px solid rgb(204,204,204);padding-left:1ex">'
            f"{typed.answered.html}</blockquote></div>"
        )
    return _alternative(mail, text, html, "base64")


def outlook(typed: Typed) -> bytes:
    """A rule and a block of headers above the original, which stands there unquoted; nothing is wrapped."""
    mail = _begin(typed, "RE: ", f"{_token(typed, 28).upper()}@{_token(typed, 14).upper()}.prod.{_domain(typed)}")
    mail["Thread-Topic"] = "joint statement"
    text = _whole_text(typed)
    font = 'style="font-family: Aptos, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'
    html = "".join(f'<div class="elementToProof" {font}>{escape(line) or "<br>"}</div>\n' for line in text.splitlines())
    if typed.answered is not None:
        block = _outlook_block(typed.answered, typed.language)
        text += "\n" + "_" * 32 + "\n" + "".join(f"{label} {value}\n" for label, value in block)
        text += "\n" + typed.answered.text
        lines = "<br>\n".join(f"<b>{label}</b> {escape(value)}" for label, value in block)
        html += (
            '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n'
            '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" '
            f'color="#000000">{lines}</font>\n<div>&nbsp;</div>\n</div>\n{typed.answered.html}'
        )
    return _alternative(mail, text, f'<html><body dir="{typed.direction}">\n{html}</body></html>', "quoted-printable")


def apple_mail(typed: Typed) -> bytes:
    """Quotes its own attribution line too; quoted-printable, nothing is wrapped."""
    mail = _begin(typed, "Re: ", f"{_token(typed, 36).upper()}@{_domain(typed)}")
    mail["X-Mailer"] = "Apple Mail (2.3864.400.21)"
    text = _whole_text(typed)
    html = _divs(text)
    if typed.answered is not None:
        attribution = _apple_attribution(typed.answered, typed.language)
        text += "\n" + _quoted(f"{attribution}\n\n{typed.answered.text}")
        html += (
            f'<div><br><blockquote type="cite"><div>{escape(attribution)}</div>'
            f'<br class="Apple-interchange-newline"><div>{typed.answered.html}</div></blockquote></div><br>'
        )
    return _alternative(mail, text, f"<html><body>{html}</body></html>", "quoted-printable")


def thunderbird(typed: Typed) -> bytes:
    """Plain text only, format=flowed (RFC 3676), 8 bit; the signature below its own line."""
    mail = _begin(typed, "Re: ", f"{_token(typed, 36)}@{_domain(typed)}")
    mail["User-Agent"] = "Mozilla Thunderbird"
    mail["Content-Language"] = typed.language
    text = _flowed(typed.text)
    if typed.signature:
        text += f"\n-- \n{typed.signature}\n"
    if typed.answered is not None:
        at = typed.answered.sent_at.astimezone(ZONE)
        attribution = {
            "de": f"Am {at:%d.%m.%y} um {at:%H:%M} schrieb {typed.answered.author}:",
            "fr": f"Le {at:%d/%m/%Y} à {at:%H:%M}, {typed.answered.author} a écrit\u00a0:",
        }.get(typed.language, f"On {at:%d/%m/%Y} {at:%H:%M}, {typed.answered.author} wrote:")
        text += f"\n\n{attribution}\n{_quoted(_flowed(typed.answered.text))}"
    mail.set_content(text, cte="8bit")
    mail.set_param("format", "flowed")
    return mail.as_bytes()


def out_of_office(typed: Typed) -> bytes:
    """What Exchange answers by itself (RFC 3834): marked as a machine's mail, without the original."""
    prefix = {"de": "Automatische Antwort: ", "fr": "Réponse automatique : "}.get(typed.language, "Automatic reply: ")
    mail = _begin(typed, prefix, f"{_token(typed, 32)}@{_domain(typed)}")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(typed.text + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _begin(typed: Typed, prefix: str, message_id: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    subject = typed.subject
    if typed.answered is not None:
        original = typed.answered.subject
        subject = original if original.lower().startswith(prefix.lower()) else prefix + original
        mail["In-Reply-To"] = typed.answered.message_id
        mail["References"] = " ".join((*typed.answered.references, typed.answered.message_id))
    mail["From"] = Address(display_name=typed.name, addr_spec=typed.address)
    mail["To"] = typed.answered.contact if typed.answered is not None else "contact@campaign.example"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(typed.at.astimezone(ZONE))
    mail["Message-ID"] = f"<{message_id}>"
    return mail


def _alternative(mail: EmailMessage, text: str, html: str, encoding: str) -> bytes:
    mail.set_content(text, cte=encoding)
    mail.add_alternative(html, subtype="html", cte=encoding)
    mail.set_boundary(f"=_{sha256(str(mail['Message-ID']).encode()).hexdigest()[:28]}")
    return mail.as_bytes()


def _whole_text(typed: Typed) -> str:
    return f"{typed.text}\n\n{typed.signature}\n" if typed.signature else f"{typed.text}\n"


def _domain(typed: Typed) -> str:
    return typed.address.rpartition("@")[2]


def _token(typed: Typed, length: int) -> str:
    """Letters for a Message-ID: the same conversation always has the same."""
    seed = f"{typed.address}|{typed.at.isoformat()}|{typed.text}"
    return sha256(seed.encode()).hexdigest()[:length]


def _wrapped(text: str) -> str:
    return "".join(textwrap.fill(line, 72, break_long_words=False) + "\n" for line in text.splitlines())


def _flowed(text: str) -> str:
    """Soft line ends have a space before them (RFC 3676, 4.1)."""
    lines = (textwrap.wrap(line, 71, break_long_words=False) or [""] for line in text.splitlines())
    return "".join(" \n".join(parts) + "\n" for parts in lines)


def _quoted(text: str) -> str:
    return "".join(f"> {line}".rstrip("\n") + "\n" if line else ">\n" for line in text.splitlines())


def _divs(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())


def _gmail_attribution(answered: Received, language: str) -> str:
    at = answered.sent_at.astimezone(ZONE)
    who = f"{answered.author} <{answered.contact}>"
    match language:
        case "fa":
            day = digits(in_words(at, "EEEE d MMMM y", locale="fa"), "fa")
            return f"در تاریخ {day}،\u200f ساعت {digits(f'{at:%H:%M}', 'fa')} {who} نوشت:"
        case "de":
            return f"Am {in_words(at, 'EEE, d. MMM y', locale='de')} um {at:%H:%M} Uhr schrieb {who}:"
        case "fr":
            return f"Le {in_words(at, 'EEE d MMM y', locale='fr')} à {at:%H:%M}, {who} a écrit :"
        case _:
            return f"On {in_words(at, 'EEE, MMM d, y', locale='en')} at {at:%H:%M} {who} wrote:"


def _apple_attribution(answered: Received, language: str) -> str:
    at = answered.sent_at.astimezone(ZONE)
    who = f"{answered.author} <{answered.contact}>"
    match language:
        case "de":
            return f"Am {in_words(at, 'd. MMMM y', locale='de')} um {at:%H:%M} schrieb {who}:"
        case "fr":
            return f"Le {in_words(at, 'd MMM y', locale='fr')} à {at:%H:%M}, {who} a écrit :"
        case _:
            return f"On {in_words(at, 'd MMM y', locale='en')}, at {at:%H:%M}, {who} wrote:"


def _outlook_block(answered: Received, language: str) -> tuple[tuple[str, str], ...]:
    at = answered.sent_at.astimezone(ZONE)
    labels = {
        "de": ("Von:", "Gesendet:", "An:", "Betreff:", "EEEE, d. MMMM y HH:mm"),
        "fr": ("De :", "Envoyé :", "À :", "Objet :", "EEEE d MMMM y HH:mm"),
    }.get(language, ("From:", "Sent:", "To:", "Subject:", "EEEE, MMMM d, y h:mm a"))
    sent = in_words(at, labels[4], locale=language if language in ("de", "fr") else "en")
    values = (f"{answered.author} <{answered.contact}>", sent, answered.recipient, answered.subject)
    return tuple(zip(labels[:4], values, strict=True))
