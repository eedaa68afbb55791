"""The cast of the forty hours: organisations in three languages, and the mails that they write."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

CONTACT: Final = "statement@contact.example"
_VERDICT: Final = "mx.contact.example; dkim={result} header.d={domain}; dmarc={result} header.from={domain}"

_WHOM: Final = (
    ("Dockers", "باراندازان"),
    ("Teachers", "آموزگاران"),
    ("Nurses", "پرستاران"),
    ("Writers", "نویسندگان"),
    ("Students", "دانشجویان"),
    ("Tenants", "مستأجران"),
)
_WHAT: Final = (
    ("Council", "شورای"),
    ("Committee", "کمیتهٔ"),
    ("Union", "اتحادیهٔ"),
    ("Circle", "کانون"),
    ("Network", "شبکهٔ"),
)
_CITIES: Final = (
    ("Berlin", "برلین", "Germany"),
    ("Hamburg", "هامبورگ", "Germany"),
    ("Vienna", "وین", "Austria"),
    ("Stockholm", "استکهلم", "Sweden"),
    ("Oslo", "اسلو", "Norway"),
    ("Paris", "پاریس", "France"),
    ("Rome", "رم", "Italy"),
    ("Madrid", "مادرید", "Spain"),
    ("Toronto", "تورنتو", "Canada"),
    ("Sydney", "سیدنی", "Australia"),
    ("London", "لندن", "United Kingdom"),
    ("Zurich", "زوریخ", "Switzerland"),
)
LANGUAGES: Final = ("fa", "en", "de")


@dataclass(frozen=True, slots=True)
class Group:
    """One of 360 organisations; thirty share a city, no two a name."""

    number: int

    @property
    def language(self) -> str:
        return LANGUAGES[self.number % len(LANGUAGES)]

    @property
    def names(self) -> dict[str, str]:
        (whom, whom_fa), (what, what_fa), (city, city_fa, _) = self._parts
        return {"en": f"{whom} {what} of {city}", "fa": f"{what_fa} {whom_fa} {city_fa}"}

    @property
    def city(self) -> tuple[str, str, str]:
        """In Latin letters, in Persian, and the country."""
        return self._parts[2]

    @property
    def domain(self) -> str:
        return f"group{self.number}.example"

    @property
    def address(self) -> str:
        return f"office@{self.domain}"

    @property
    def _parts(self) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str, str]]:
        n = self.number
        return _WHOM[n % 6], _WHAT[n // 6 % 5], _CITIES[n // 30 % 12]

    def mail(
        self, subject: str, text: str, *, answers: str | None = None, sender: str | None = None, forged: bool = False
    ) -> bytes:
        """A mail of theirs; ``answers`` is the Message-ID of ours, ``forged`` that its domain disowns it."""
        sender = sender or self.address
        domain = sender.rpartition("@")[2]
        message = EmailMessage(policy=SMTP)
        message["Authentication-Results"] = _VERDICT.format(result="fail" if forged else "pass", domain=domain)
        message["From"], message["To"], message["Subject"] = f"Robin Doe <{sender}>", CONTACT, subject
        content = zlib.crc32(f"{subject} {text} {answers}".encode())
        message["Message-ID"] = f"<{self.number}.{content}@{domain}>"
        if answers is not None:
            message["In-Reply-To"] = message["References"] = answers
        message.set_content(text + "\n")
        return message.as_bytes()

    def bounce(self, message_id: str) -> bytes:
        """What a relay sends back when this address does not exist (RFC 3464)."""
        return (
            f"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@relay.example>\r\nTo: {CONTACT}\r\n"
            f"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
            f"Message-ID: <bounce{self.number}@relay.example>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\r\n\r\n'
            f"--=_b\r\nContent-Type: text/plain\r\n\r\n<{self.address}>: 550 5.1.1 User unknown\r\n\r\n"
            "--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
            f"Final-Recipient: rfc822; {self.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--=_b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--=_b--\r\n"
        ).encode()

    def form(self) -> str:
        """Our form, filled in their language."""
        city, city_fa, country = self.city
        match self.language:
            case "fa":
                return (
                    f"با درود\n\nنام به فارسی: {self.names['fa']}\nنام به انگلیسی: {self.names['en']}\n"
                    f"شهر: {city_fa}\nکشور: {country}\nچه کسی از طرف شما سخن می‌گوید: رابین دو\n\nبا احترام"
                )
            case "de":
                return (
                    f"Guten Tag,\n\nName auf Persisch: {self.names['fa']}\nName auf Englisch: {self.names['en']}\n"
                    f"Stadt: {city}\nLand: {country}\nWer spricht für Sie: Robin Doe\n\nFreundliche Grüße\nRobin Doe"
                )
            case _:
                return (
                    f"Hello,\n\nName in Persian: {self.names['fa']}\n"
                    f"Name in English or your language: {self.names['en']}\n"
                    f"City: {city}\nCountry: {country}\nWho speaks for you: Robin Doe\n\nBest wishes\nRobin Doe"
                )

    def say(self, fa: str, en: str, de: str) -> str:
        """One of three wordings, by their language."""
        return {"fa": fa, "en": en, "de": de}[self.language]

    def declines(self) -> str:
        return self.say(
            "متأسفانه ما این بیانیه را امضا نمی‌کنیم.",
            "Thank you for asking, but we will not sign this statement.",
            "Nein danke, wir unterschreiben nicht.",
        )

    def asks(self) -> str:
        return self.say(
            "لطفاً بفرمایید چه کسانی این بیانیه را نوشته‌اند؟",
            "Could you tell us first who has written the statement?",
            "Wer steht hinter dem Aufruf? Bitte um kurze Auskunft.",
        )

    def agrees(self) -> str:
        return self.say("بله", "Yes", "Ja")

    def withdraws(self) -> str:
        return self.say(
            "لطفاً نام ما را از فهرست امضاکنندگان حذف کنید.",
            "Please remove our signature from the statement.",
            "Bitte streichen Sie unsere Unterschrift von der Erklärung.",
        )


def by_hand(recipient: str, text: str) -> bytes:
    """A mail that a coordinator writes from the campaign's own mailbox."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = CONTACT, recipient, "The statement"
    message["Message-ID"] = f"<by-hand.{zlib.crc32(recipient.encode())}@contact.example>"
    message.set_content(text + "\n")
    return message.as_bytes()
