"""What our own receiving server says about the sender of a message (RFC 8601, Authentication-Results).

Anyone can write such a header into a mail. Only the topmost block counts, and only if it carries exactly the configured
authserv-id; a pass proves the domain of the sender, never the authority to sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading.headers import Headers
from outreach.words import Authenticity, AuthResult

_TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.){0,1000})"|([^\s;="()]+)|([;=]))""")
#: Marks among the tokens; the NUL keeps them apart from the same signs in quotes, which are text.
_SEMICOLON: Final = "\0;"
_EQUALS: Final = "\0="


@dataclass(frozen=True, slots=True)
class _Method:
    """One resinfo: dkim=pass header.d=example.org → ("dkim", "pass", {"header.d": "example.org"})."""

    name: str
    result: str
    properties: dict[str, str]


def verdict(headers: Headers, authserv_id: str | None, from_domain: str | None) -> Authenticity:
    """The verdict on the domain of From; without a configured authserv-id no header is believed."""
    if not authserv_id:
        return Authenticity(AuthResult.UNKNOWN)
    domain = (from_domain or "").lower().rstrip(".")
    if not domain or len(headers.raw("from")) != 1 or len(headers.addresses("from")) != 1:
        return Authenticity(AuthResult.NONE)
    methods = _topmost_block(headers, authserv_id)
    if any(m.name == "dmarc" and m.result == "fail" for m in methods):
        return Authenticity(AuthResult.FAIL, domain)
    if any(_passes(m, domain) for m in methods):
        return Authenticity(AuthResult.PASS, domain)
    return Authenticity(AuthResult.NONE, domain)


def of_sender(headers: Headers, authserv_id: str | None, sender: str | None) -> Authenticity:
    """The verdict on the sender of a reading: who stands in From, unless our own list put our address there.

    A rewritten From breaks the sender's own signature, so nothing proves such a sender (ownlist.py). What uses our name
    without our domain's pass did not come through our list and is forged: else Reply-To were a way around DMARC.
    """
    written = headers.addresses("from")
    by = written[0].address if written else sender
    found = verdict(headers, authserv_id, (by or "").rpartition("@")[2])
    if by == sender or found.result is AuthResult.UNKNOWN:
        return found
    passed = found.result is AuthResult.PASS
    return Authenticity(AuthResult.NONE if passed else AuthResult.FAIL, (sender or "").rpartition("@")[2])


def _topmost_block(headers: Headers, authserv_id: str) -> list[_Method]:
    """The results of the first such header, if our server wrote it. One below may be the sender's own invention."""
    topmost = next(iter(headers.raw("authentication-results")), "")
    written_by, methods = _parse(topmost)
    return methods if written_by is not None and written_by.lower() == authserv_id.lower() else []


def _passes(method: _Method, domain: str) -> bool:
    if method.result != "pass":
        return False
    if method.name == "dmarc":
        return method.properties.get("header.from", "").lower().rstrip(".") == domain
    if method.name != "dkim":
        return False
    signer = method.properties.get("header.d") or method.properties.get("header.i", "").rpartition("@")[2]
    return _aligned(signer.lower().rstrip("."), domain)


def _aligned(signer: str, domain: str) -> bool:
    """Relaxed alignment without a list of public suffixes: equal, or the signer is a parent of two labels or more."""
    return bool(signer) and "." in signer and (signer == domain or domain.endswith(f".{signer}"))


def _parse(value: str) -> tuple[str | None, list[_Method]]:
    """(authserv-id, results) of one header field; (None, []) when it is not well-formed."""
    tokens = _tokens(value)
    if not tokens or tokens[0] in (_SEMICOLON, _EQUALS):
        return None, []
    groups: list[list[str]] = [[]]
    for token in tokens[1:]:
        if token == _SEMICOLON:
            groups.append([])
        else:
            groups[-1].append(token)
    if len(groups[0]) > 1 or (groups[0] and not groups[0][0].isdigit()):
        return None, []  # only a version may stand beside the authserv-id
    return tokens[0], [method for group in groups[1:] if (method := _method(group))]


def _method(tokens: list[str]) -> _Method | None:
    if len(tokens) < 3 or tokens[1] != _EQUALS:
        return None
    properties: dict[str, str] = {}
    for at in range(3, len(tokens) - 2):
        if tokens[at + 1] == _EQUALS and tokens[at] != _EQUALS:
            properties.setdefault(tokens[at].lower(), tokens[at + 2])
    return _Method(tokens[0].partition("/")[0].lower(), tokens[2].lower(), properties)


def _tokens(value: str) -> list[str]:
    """Words, quoted strings (unquoted) and the marks; [] when comments or quotes do not close."""
    bare = _without_comments(value.replace("\0", ""))
    if bare is None:
        return []
    out: list[str] = []
    at = 0
    while at < len(bare.rstrip()):
        match = _TOKEN.match(bare, at)
        if match is None:
            return []
        quoted, word, mark = match.groups()
        out.append(quoted if quoted is not None else word or f"\0{mark}")
        at = match.end()
    return out


def _without_comments(value: str) -> str | None:
    """The value without its comments, which nest; None when one does not close."""
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (depth or quoted):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and not quoted:
            if depth == 0:
                return None
            depth -= 1
            char = " "
        if not depth:
            out.append(char)
    return None if depth or quoted else "".join(out)
