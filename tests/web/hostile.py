"""Hostile mails, by combination: each vector of ``vectors.txt`` and each trick with directions and letters, in every
place of a mail from which a page shows something.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

#: What runs, loads, leads elsewhere or poses as ours where a page takes it for more than text.
VECTORS: Final = (Path(__file__).parent / "vectors.txt").read_text(encoding="utf-8").split("\n%%\n")
#: What turns or hides what stands beside it, or looks like something else.
TRICKS: Final = (
    "\u202egpj.exe\u202c",  # right-to-left override
    "\u202aleft\u202bright",  # embeddings that nobody ends
    "\u2066isolate\u2067another",
    "\u2068first strong",
    "safe\u200b\u200c\u200d\u2060\ufeffname",  # invisible
    "\u200e\u200f\u061cmarks",
    "pay\u0440al \u0430dmin",  # Cyrillic letters among Latin
    "\u0391\u0392\u0395 committee",  # Greek capitals
    "ｆｕｌｌｗｉｄｔｈ <script>",
    "Z\u0351\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308a\u0351lgo" * 5,
    "\u0000\u0001\u0007\u001b[31mred\u001b[0m",
    "\u2028line\u2029paragraph\u0085next",
    "کمیته\u202e)روشک(\u202c",
)
PLACES: Final = ("html", "text", "subject", "sender", "header", "attachment")
PAYLOADS: Final = (*VECTORS, *TRICKS)
#: Each payload in each place.
CASES: Final = [(place, payload) for payload in PAYLOADS for place in PLACES]


def mails() -> Iterator[bytes]:
    """Mails that carry all cases: each has another payload in each of its places."""
    count = len(PAYLOADS)
    for at in range(count):
        yield mail({place: PAYLOADS[(at + shift) % count] for shift, place in enumerate(PLACES)})


def mail(carried: dict[str, str]) -> bytes:
    """One mail, written octet by octet: no library of ours or of others has cleaned it."""
    html, text = carried["html"], carried["text"]
    lines = [
        f"From: {word(carried['sender'])} <rosa@elsewhere.example>",
        "To: statement@contact.example",
        f"Subject: {word(carried['subject'])}",
        f"X-Note: {word(carried['header'])}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=edge",
        "",
        *part("text/plain; charset=utf-8", f"Who has written it?\n{text}\n"),
        *part("text/html; charset=utf-8", f"<p>{html}</p>{html}<p>the end</p>"),
        *part(
            "application/pdf",
            "x",
            f"Content-Disposition: attachment; filename*=utf-8''{quote(carried['attachment'], safe='')}",
        ),
        "--edge--",
        "",
    ]
    return "\r\n".join(lines).encode()


def word(text: str) -> str:
    """An encoded word (RFC 2047), of whatever length."""
    return f"=?utf-8?B?{b64encode(text.encode()).decode()}?="


def part(type_: str, content: str, *more: str) -> list[str]:
    coded = b64encode(content.encode()).decode()
    return ["--edge", f"Content-Type: {type_}", "Content-Transfer-Encoding: base64", *more, "", coded]
