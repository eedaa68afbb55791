"""What an organisation's mail program shows of a mail it received: all that an answer can be made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A mail of the campaign as the organisation has it. ``html`` is what stands between the body tags."""

    author: str
    contact: str
    recipient: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    sent_at: datetime
    text: str
    html: str

    @classmethod
    def parse(cls, raw: bytes) -> Received:
        """From the raw mail. Raises ValueError if it has no Date."""
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
        author, contact = parseaddr(str(mail["From"]))
        return cls(
            author=author,
            contact=contact,
            recipient=parseaddr(str(mail["To"]))[1],
            subject=str(mail["Subject"]),
            message_id=str(mail["Message-ID"]).strip(),
            references=tuple(str(mail["References"] or "").split()),
            sent_at=parsedate_to_datetime(str(mail["Date"])),
            text=_part(mail, "plain"),
            html=_part(mail, "html").partition("<body>")[2].partition("</body>")[0],
        )

    def form(self) -> list[str]:
        """The lines of the form in the letter, each ending with the colon after which one writes."""
        for paragraph in self.text.split("\n\n"):
            lines = [line.rstrip() for line in paragraph.splitlines()]
            if len(lines) > 3 and all(line.endswith(":") for line in lines):
                return lines
        raise ValueError("the letter holds no form")

    def filled(self, *values: str) -> str:
        """The form with a value after each colon; an empty one leaves its line as it is."""
        return "\n".join(f"{label} {value}".rstrip() for label, value in zip(self.form(), values, strict=True))


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
