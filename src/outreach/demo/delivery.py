"""Who gets which mail in the demo: the campaign's inbox, the organisations' inboxes, or a bounce.

Adds what a receiving server adds (RFC 5321, 4.4; RFC 8601). There is no DNS here, so a mail counts as authentic when
the sending host lies in the domain of From, as DKIM and DMARC would find out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final

from outreach.ports import Clock

HOST: Final = "mx.campaign.example"

#: RFC 5737: addresses that belong to nobody.
_DOCUMENTATION_ADDRESS: Final = "192.0.2.44"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was delivered or sent; ``sender`` and ``recipient`` are the envelope's, ``content`` has CRLF."""

    sender: str
    recipient: str
    content: bytes
    at: datetime


class PostOffice:
    """Takes mail and delivers it at once. ``append`` puts a mail into the contact's inbox."""

    def __init__(self, contact: str, clock: Clock, append: Callable[[bytes, datetime], None]) -> None:
        self._contact = contact
        self._clock = clock
        self._append = append
        #: Every mail to and from the contact, in the order of delivery.
        self.to_contact: list[Mail] = []
        self.from_contact: list[Mail] = []
        self._inboxes: dict[str, list[Mail]] = {}

    def open_inbox(self, address: str) -> list[Mail]:
        """The inbox of an address that exists from now on; mail to any other address bounces."""
        return self._inboxes.setdefault(address.lower(), [])

    def take(self, sender: str, recipient: str, content: bytes, host: str) -> None:
        """One mail from SMTP for one recipient. ``host`` is the name the client gave in EHLO."""
        mail = Mail(sender, recipient, content, self._clock())
        if sender.lower() == self._contact:
            self.from_contact.append(mail)
        if recipient.lower() == self._contact:
            self._to_contact(sender, _trace(mail, host) + content)
        elif (inbox := self._inboxes.get(recipient.lower())) is not None:
            inbox.append(mail)
        elif sender.lower() == self._contact:
            self._to_contact("", _report(mail))

    def written_by(self, address: str) -> list[Mail]:
        """What has come to the contact from an address."""
        return [mail for mail in self.to_contact if mail.sender == address]

    def message_ids_from_contact(self) -> list[str]:
        """The Message-ID of every mail that the contact has sent."""
        parser = BytesHeaderParser()
        return [str(parser.parsebytes(mail.content)["Message-ID"]).strip() for mail in self.from_contact]

    def keep(self, folder: Path) -> None:
        """Write every mail to and from the contact into a folder, numbered in the order of the story."""
        folder.mkdir(parents=True, exist_ok=True)
        mails = [("to", mail.recipient, mail) for mail in self.from_contact]
        mails += [("from", mail.sender or "mailer-daemon", mail) for mail in self.to_contact]
        mails.sort(key=lambda item: item[2].at)
        for number, (way, address, mail) in enumerate(mails, 1):
            (folder / f"{number:03}-{way}-{address}.eml").write_bytes(mail.content)

    def _to_contact(self, sender: str, raw: bytes) -> None:
        mail = Mail(sender, self._contact, raw, self._clock())
        self._append(raw, mail.at)
        self.to_contact.append(mail)


def _trace(mail: Mail, host: str) -> bytes:
    """Return-Path, Delivered-To, Authentication-Results and Received, as they stand above a mail that has come in."""
    domain = _domain_of_from(mail.content)
    if host == domain or host.endswith(f".{domain}"):
        verdict = f"dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    else:
        verdict = f"dkim=fail header.d={domain}; dmarc=fail header.from={domain}"
    return (
        f"Return-Path: <{mail.sender}>\r\n"
        f"Delivered-To: {mail.recipient}\r\n"
        f"Authentication-Results: {HOST};\r\n\t{verdict}\r\n"
        f"Received: from {host} ({host} [{_DOCUMENTATION_ADDRESS}])\r\n"
        f"\tby {HOST} with ESMTPS for <{mail.recipient}>;\r\n\t{format_datetime(mail.at)}\r\n"
    ).encode("ascii")


def _domain_of_from(content: bytes) -> str:
    author = BytesHeaderParser().parsebytes(content)["From"]
    return parseaddr(str(author or ""))[1].rpartition("@")[2].lower()


def _report(mail: Mail) -> bytes:
    """The report that an address does not exist (RFC 3464), with the headers of the mail that came back."""
    words = (
        f"This is the mail system at host {HOST}.\n\n"
        "I'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. Its headers are below.\n\n"
        f"<{mail.recipient}>: host {_host_of(mail.recipient)} said: 550 5.1.1\n"
        f"    <{mail.recipient}>: Recipient address rejected: User unknown\n"
        "    (in reply to RCPT TO command)\n"
    )
    report = MIMEMultipart("report", boundary=f"=_{mail.at:%Y%m%d%H%M%S}/{HOST}")
    report.set_param("report-type", "delivery-status")
    for name, value in {
        "Return-Path": "<>",
        "Delivered-To": mail.sender,
        "Received": f"by {HOST};\r\n\t{format_datetime(mail.at)}",
        "Date": format_datetime(mail.at),
        "From": f"Mail Delivery System <MAILER-DAEMON@{HOST}>",
        "To": mail.sender,
        "Subject": "Undelivered Mail Returned to Sender",
        "Message-ID": f"<{mail.at:%Y%m%d%H%M%S}.{len(mail.content)}.{mail.recipient.partition('@')[0]}@{HOST}>",
        "Auto-Submitted": "auto-replied",
    }.items():
        report[name] = value
    report.attach(MIMEText(words, "plain", "us-ascii"))
    report.attach(_status(mail))
    headers = MIMENonMultipart("text", "rfc822-headers")
    headers.set_payload(mail.content.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n") + "\n")
    report.attach(headers)
    return report.as_bytes(policy=report.policy.clone(linesep="\r\n"))


def _status(mail: Mail) -> MIMENonMultipart:
    """The part for machines: one block about the report, one about the recipient (RFC 3464, 2.2 and 2.3)."""
    about_report, about_recipient = Message(), Message()
    about_report["Reporting-MTA"] = f"dns; {HOST}"
    about_report["Arrival-Date"] = format_datetime(mail.at)
    about_recipient["Final-Recipient"] = f"rfc822; {mail.recipient}"
    about_recipient["Action"] = "failed"
    about_recipient["Status"] = "5.1.1"
    about_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 Recipient address rejected: User unknown"
    status = MIMENonMultipart("message", "delivery-status")
    status.set_payload([about_report, about_recipient])
    return status


def _host_of(address: str) -> str:
    return f"mail.{address.rpartition('@')[2]}[{_DOCUMENTATION_ADDRESS}]"
