"""Links of our mails to the public pages: whoever holds one has seen the mail, and may do one thing about it.

A link is made, not kept: the mail's reference, which finds it, and 128 bits that only the campaign's key can make for
that page and that mail. A copy of the database holds none, and a link of one page opens no other.
"""

from __future__ import annotations

import base64
import hmac
import re
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from outreach.model import OutboxMail
from outreach.sealing import Keyring
from outreach.settings import Settings
from outreach.store import outbox

#: Eight characters of the reference, then the 128 bits in base32; short, for a long header would have to be folded.
_TOKEN: Final = re.compile(r"[a-z0-9]{8}[a-z2-7]{26}")
_IN_TEXT: Final = re.compile(rf"(/answer/)({_TOKEN.pattern})", re.IGNORECASE)


class Link(StrEnum):
    """The page that a link leads to: the first part of its path."""

    ANSWER = "answer"  #: yes or no to the lines that the mail asks about
    STOP = "stop"  #: no more invitations to the address that the mail went to


def url(settings: Settings, keyring: Keyring, page: Link, reference: str, ref: str) -> str | None:
    """The link of a mail to a page; None where there are no public pages. ``ref`` is the row's random name."""
    if settings.public is None:
        return None
    return f"{settings.public.url}/{page}/{_token(keyring, page, reference, ref)}"


def mail_of(session: Session, keyring: Keyring, page: Link, token: str) -> OutboxMail | None:
    """The mail that a link stands in; None for whatever we did not make. Some programs fold case."""
    token = token.lower()
    if not _TOKEN.fullmatch(token):
        return None
    mail = outbox.with_reference(session, token[:8])
    if mail is None or not hmac.compare_digest(_token(keyring, page, mail.reference, mail.ref), token):
        return None
    return mail


def masked(text: str) -> str:
    """A text of the same length in which no link can be used: for eyes that are not its recipient's.

    An answer of theirs brings the link back in what it quotes.
    """
    return _IN_TEXT.sub(lambda found: found[1] + "•" * len(found[2]), text)


def _token(keyring: Keyring, page: Link, reference: str, ref: str) -> str:
    secret = keyring.hash(f"link {page}", ref)[:16]
    return (reference.replace("-", "") + base64.b32encode(secret).decode().rstrip("=")).lower()
