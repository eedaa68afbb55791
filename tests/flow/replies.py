"""Generated messages with what must become of each: replies to our own invitations, and mail of strangers.

Every message is different. Replies quote the very mail they answer, as four mail programs do.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.policy import default as parsing
from typing import Final

from outreach.words import InboundStatus, Kind

CONTACT: Final = "statement@contact.example"
AUTHENTIC: Final = "mx.contact.example; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"

_WHAT: Final = ("Council", "Committee", "Union", "Circle", "Network", "Forum")
_WHOM: Final = ("Dockers", "Teachers", "Nurses", "Writers", "Refugees", "Students", "Tenants", "Miners")
_WHY: Final = ("Solidarity", "Freedom", "Dialogue", "Memory")
_CITIES: Final = (
    ("Berlin", "برلین"),
    ("Hamburg", "هامبورگ"),
    ("Vienna", "وین"),
    ("Stockholm", "استکهلم"),
    ("Oslo", "اسلو"),
    ("Paris", "پاریس"),
)
_WHAT_FA: Final = ("شورای", "کمیتهٔ", "اتحادیهٔ", "کانون", "شبکهٔ", "انجمن")
_WHOM_FA: Final = ("باراندازان", "آموزگاران", "پرستاران", "نویسندگان", "پناهندگان", "دانشجویان", "مستأجران", "معدنچیان")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One of 192 organisations, each with a name in two scripts and an address on its own domain."""

    number: int

    @property
    def names(self) -> dict[str, str]:
        n = self.number
        what, whom, why = n % 6, n // 6 % 8, n // 48 % 4
        why_fa = ("همبستگی", "آزادی", "گفتگو", "یادمان")[why]
        return {
            "en": f"{_WHOM[whom]} {_WHAT[what]} for {_WHY[why]}",
            "fa": f"{_WHAT_FA[what]} {why_fa} {_WHOM_FA[whom]}",
        }

    @property
    def city(self) -> tuple[str, str]:
        return _CITIES[self.number % len(_CITIES)]

    @property
    def domain(self) -> str:
        return f"org{self.number}.example"

    @property
    def address(self) -> str:
        return f"office@{self.domain}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of a message. Garbage may also wait for a person, under any kind that signs nothing."""

    kind: Kind
    status: InboundStatus
    signs: bool = False
    or_a_person: bool = False

    @property
    def outcomes(self) -> set[tuple[Kind, InboundStatus]]:
        kinds = {Kind.OTHER, Kind.QUESTION} if self.or_a_person else set()
        return {(self.kind, self.status), *((kind, InboundStatus.OPEN) for kind in kinds)}


@dataclass(frozen=True, slots=True)
class Generated:
    """One message as it lies in the inbox, who sent it, and what is expected."""

    organisation: Organisation
    raw: bytes
    expected: Expected
    recipe: str


def invitations(mails: list[bytes]) -> dict[str, Message]:
    """The mails that the relay took, by recipient."""
    parsed = (message_from_bytes(raw, policy=parsing) for raw in mails)
    return {str(message["To"]): message for message in parsed}


def _reply(organisation: Organisation, text: str, invitation: Message, client: int) -> EmailMessage:
    message = _mail(organisation, f"Re: {invitation['Subject']}", "")
    message["In-Reply-To"] = str(invitation["Message-ID"])
    message["References"] = str(invitation["Message-ID"])
    original = str(invitation.get_body(("plain",)).get_content())  # type: ignore[attr-defined]  # an EmailMessage by policy
    quoted = "\n".join(f"> {line}".rstrip() for line in original.splitlines())
    attributions = (
        f"On Thu, 20 Aug 2026 at 14:00, Bea <{CONTACT}> wrote:\n\n{quoted}",
        (
            f"From: Bea <{CONTACT}>\nSent: Thursday, 20 August 2026 14:00\nTo: {organisation.address}\n"
            f"Subject: {invitation['Subject']}\n\n{original}"
        ),
        f"Am 20.08.26 um 14:00 schrieb Bea:\n{quoted}",
        f"در تاریخ پنجشنبه ۲۰ اوت ۲۰۲۶، ساعت ۱۴:۰۰ Bea <{CONTACT}> نوشت:\n\n{quoted}",
    )
    message.set_content(f"{text}\n\n{attributions[client % len(attributions)]}\n")
    return message


def _mail(organisation: Organisation, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Authentication-Results"] = AUTHENTIC.format(domain=organisation.domain)
    message["From"] = f"Robin Doe <{organisation.address}>"
    message["To"] = CONTACT
    message["Subject"] = subject
    message["Message-ID"] = f"<{organisation.number}.{subject.encode().hex()[:12]}@{organisation.domain}>"
    if text:
        message.set_content(text + "\n")
    return message


def form_in_english(organisation: Organisation) -> str:
    city, _ = organisation.city
    return (
        f"Hello,\n\nName in Persian: {organisation.names['fa']}\n"
        f"Name in English or your language: {organisation.names['en']}\n"
        f"City: {city}\nCountry:\nWho speaks for you: Robin Doe\nAction on 5 September: no\n\nBest\nRobin"
    )


def form_in_persian(organisation: Organisation) -> str:
    _, city = organisation.city
    return (
        f"با درود\n\nنام به فارسی: {organisation.names['fa']}\nنام به انگلیسی: {organisation.names['en']}\n"
        f"شهر: {city}\nکشور:\nچه کسی از طرف شما سخن می‌گوید: رابین دو\n\nبا احترام"
    )


def bare_yes(organisation: Organisation) -> str:
    return ("Yes", "بله", "Ja, gerne.", "Oui")[organisation.number % 4]


def decline(organisation: Organisation) -> str:
    return (
        "Thank you for asking, but we will not sign this statement.",
        "No, thank you. We do not want to sign.",
        "متأسفانه ما این بیانیه را امضا نمی‌کنیم.",
        "Nein danke, wir unterschreiben nicht.",
    )[organisation.number % 4]


def question(organisation: Organisation) -> str:
    return (
        "Could you tell us first who has written the statement?",
        "Who else has signed so far? We would like to know before we decide.",
        "لطفاً بفرمایید چه کسانی این بیانیه را نوشته‌اند؟",
        "Wer steht hinter dem Aufruf? Bitte um kurze Auskunft.",
    )[organisation.number % 4]


def unsubscribe(organisation: Organisation) -> str:
    return ("unsubscribe", "Please remove us from your mailing list.", "لغو عضویت", "Abmelden")[organisation.number % 4]


#: How many of each, and what must become of it. Together with the strangers below: 200.
REPLIES: Final[tuple[tuple[str, int, Callable[[Organisation], str], Expected], ...]] = (
    ("form in English", 35, form_in_english, Expected(Kind.SIGNUP, InboundStatus.HANDLED, signs=True)),
    ("form in Persian", 35, form_in_persian, Expected(Kind.SIGNUP, InboundStatus.HANDLED, signs=True)),
    ("bare yes", 16, bare_yes, Expected(Kind.SIGNUP, InboundStatus.HANDLED, signs=True)),
    ("decline", 16, decline, Expected(Kind.DECLINE, InboundStatus.HANDLED)),
    ("question", 16, question, Expected(Kind.QUESTION, InboundStatus.OPEN)),
    ("unsubscribe", 12, unsubscribe, Expected(Kind.UNSUBSCRIBE, InboundStatus.HANDLED)),
)
INVITED: Final = sum(count for _, count, _, _ in REPLIES) + 20
STRANGERS: Final = 200 - INVITED


def generated(invited: dict[str, Message], seed: random.Random) -> list[Generated]:
    """All 200 messages, in an order of their own."""
    everything: list[Generated] = []
    numbers = iter(range(INVITED + STRANGERS))
    for recipe, count, write, expected in REPLIES:
        for _ in range(count):
            organisation = Organisation(next(numbers))
            reply = _reply(organisation, write(organisation), invited[organisation.address], organisation.number)
            everything.append(Generated(organisation, reply.as_bytes(), expected, recipe))
    for _ in range(10):
        organisation = Organisation(next(numbers))
        everything.append(_out_of_office(organisation, invited[organisation.address]))
    for _ in range(10):
        organisation = Organisation(next(numbers))
        everything.append(_bounce(organisation, invited[organisation.address]))
    for position, number in enumerate(numbers):
        everything.append(_stranger(Organisation(number), position))
    seed.shuffle(everything)
    return everything


def _out_of_office(organisation: Organisation, invitation: Message) -> Generated:
    message = _mail(organisation, f"Automatic reply: {invitation['Subject']}", "I am away until 1 September.")
    message["Auto-Submitted"] = "auto-replied"
    message["In-Reply-To"] = str(invitation["Message-ID"])
    expected = Expected(Kind.AUTO_REPLY, InboundStatus.IGNORED)
    return Generated(organisation, message.as_bytes(), expected, "out of office")


def _bounce(organisation: Organisation, invitation: Message) -> Generated:
    """A delivery status notification (RFC 3464) as Postfix writes it."""
    raw = (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@relay.example>\r\nTo: {CONTACT}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        f"Message-ID: <bounce{organisation.number}@relay.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\r\n\r\n'
        "--=_b\r\nContent-Type: text/plain\r\n\r\n"
        f"<{organisation.address}>: host mx.{organisation.domain} said: 550 5.1.1 User unknown\r\n\r\n"
        "--=_b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {organisation.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--=_b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {invitation['Message-ID']}\r\nTo: {organisation.address}\r\n\r\n--=_b--\r\n"
    )
    return Generated(organisation, raw.encode(), Expected(Kind.BOUNCE, InboundStatus.HANDLED), "bounce")


def _stranger(organisation: Organisation, position: int) -> Generated:
    """Nobody invited these: a sign-up that must be asked first, a newsletter, or garbage."""
    match position % 5:
        case 0 | 1 | 2:
            text = "Please add us to the signatories of the joint statement.\n\n" + form_in_english(organisation)
            expected = Expected(Kind.SIGNUP, InboundStatus.HANDLED, signs=True)
            return Generated(organisation, _mail(organisation, "We sign", text).as_bytes(), expected, "stranger")
        case 3:
            message = _mail(organisation, "Summer newsletter", "Our programme for the summer: concerts, talks, films.")
            message["List-Id"] = f"<news.{organisation.domain}>"
            message["Precedence"] = "bulk"
            expected = Expected(Kind.OTHER, InboundStatus.IGNORED)
            return Generated(organisation, message.as_bytes(), expected, "newsletter")
        case _:
            # Servers make CRLF of lone CR and LF, and refuse NUL: the octets must come back as they were put in.
            noise = bytes(
                octet for octet in random.Random(organisation.number).randbytes(300) if octet not in b"\0\r\n"
            )
            raw = b"From: " + organisation.address.encode() + b"\r\nSubject: " + noise.hex()[:40].encode() + b"\r\n\r\n"
            expected = Expected(Kind.OTHER, InboundStatus.IGNORED, or_a_person=True)
            return Generated(organisation, raw + noise + b"\r\n", expected, "garbage")
