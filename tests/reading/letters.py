"""Builders of mails for the tests of reading: an organisation's answer, and our own mails as they are quoted in it."""

from __future__ import annotations

from outreach.reading.read import read
from outreach.reading.result import Reading

_HEAD = """From: {sender}
To: Campaign <contact@campaign.example>
Subject: {subject}
Date: Wed, 15 Jul 2026 10:00:00 +0200
Message-ID: <a1@north.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
"""

QUOTED_INVITATION = """

On Tue, 7 Jul 2026 at 10:14, Campaign <contact@campaign.example> wrote:

> Dear friends, I write for the group that prepares the joint statement.
> Would your organisation sign too? If yes, please answer with:
>
> Name in Persian (empty if none):
> Name in English or your language:
> City (empty if it must not be printed):
> Country:
> Who speaks for you (not printed):
> Action on 5 September (yes/no, place, time; may we list it?):
>
> It is printed like this: کانون پناهندگان سیاسی ایران – برلین
> A short "no" helps too; then we stop writing.
> Ref. K7Q2-M9PX
"""

QUOTED_ASKING = """

On Mon, 13 Jul 2026 at 10:14, Campaign <contact@campaign.example> wrote:

> Dear friends, on Monday a mail from your address said that the Solidarity Council signs.
> So that no name is used without its owners knowing, we ask back once. This line would be printed:
>
> 1. شورای همبستگی – استکهلم – سوئد
>    Solidarity Council – Stockholm – Sweden
>
> Right? Reply "yes". Not quite? Write it as it should be; that counts as yes. Not from you? Reply "no" or do nothing.
>
> Ref. K7Q2-M9PX
"""

QUOTED_ASKING_FA = """

در تاریخ دوشنبه ۱۳ ژوئیهٔ ۲۰۲۶، ساعت ۱۰:۱۴ Campaign <contact@campaign.example> نوشت:

> دوستان گرامی، روز دوشنبه از نشانی شما نوشته شد که شورای حمایت بیانیه را امضا می‌کند.
> یک بار می‌پرسیم. این سطر چاپ خواهد شد:
> شورای حمایت – استکهلم – سوئد
> اگر درست است بنویسید «بله». اگر نه، سطر درست را بنویسید؛
> Ref. K7Q2-M9PX
"""


def letter(text: str, *, sender: str = "Anna Berg <anna@berg.example>", subject: str = "Re: Joint statement") -> bytes:
    """A plain-text mail with this text."""
    return _HEAD.format(sender=sender, subject=subject, text=text).encode("utf-8", "surrogateescape")


def reading_of(
    text: str, *, sender: str = "Anna Berg <anna@berg.example>", subject: str = "Re: Joint statement"
) -> Reading:
    """What is read in a plain-text mail with this text."""
    return read(letter(text, sender=sender, subject=subject))
