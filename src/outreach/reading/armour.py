"""Text under OpenPGP (RFC 9580, 6 and 7), told by its armour: signed text is read without it, encrypted is not read."""

from __future__ import annotations

import re
from typing import Final

_SIGNED: Final = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_SIGNATURE: Final = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END: Final = "-----END PGP SIGNATURE-----"
_HEADERS = re.compile(r"(?:[A-Za-z]{2,30}: [^\n]*\n)*\s*?\n")
_ESCAPED = re.compile(r"^- ", re.MULTILINE)
_ENCRYPTED = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)


def is_encrypted(text: str) -> bool:
    """Whether an armoured message stands in the text; a quoted one does not count."""
    return "-----BEGIN PGP MESSAGE" in text and _ENCRYPTED.search(text) is not None


def without_signature(text: str) -> str:
    """The text without the armour of a cleartext signature; its dash-escapes are undone. Nothing of the words goes."""
    start = text.find(_SIGNED)
    if start < 0 or (start > 0 and text[start - 1] != "\n"):
        return text
    headers = _HEADERS.match(text, start + len(_SIGNED))
    begin = headers.end() if headers else start + len(_SIGNED)
    end = text.find(_SIGNATURE, begin)
    if end < 0:
        return text[:start] + _ESCAPED.sub("", text[begin:])
    close = text.find(_SIGNATURE_END, end)
    rest = text[close + len(_SIGNATURE_END) :] if close >= 0 else ""
    return text[:start] + _ESCAPED.sub("", text[begin:end]) + rest.lstrip("\n")
