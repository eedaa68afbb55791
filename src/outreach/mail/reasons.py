"""Turns what servers and sockets say into one clear line: what happened and what to do. Used by imap and smtp."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from typing import Final

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.serverurl import ServerUrl, password_advice

_APP_PASSWORD: Final = "make an app password in the account's security settings and use that instead"
_MICROSOFT: Final = (
    "Microsoft takes no passwords from mail programs any more (basic authentication is closed); "
    "sign in by token instead, as the README says under “Microsoft 365 and Google” ([oauth] in outreach.toml)"
)

#: (host, server's text) -> what to do; the first line of which both match. Hosts are matched at the end.
_ADVICE: Final = tuple(
    (re.compile(host), re.compile(text, re.IGNORECASE), advice)
    for host, text, advice in (
        ("", r"basic ?auth\w* is disabled|5\.7\.139|SmtpClientAuthentication is disabled", _MICROSOFT),
        (r"(office365|outlook|hotmail|live)\.com$", r"", _MICROSOFT),
        ("", r"app(lication)?[- ]specific password|app password|5\.7\.9\b", _APP_PASSWORD),
        (
            r"(gmail|googlemail|google)\.com$",
            r"",
            "Google takes no account password here: switch on 2-step verification, then " + _APP_PASSWORD,
        ),
        (r"(yahoo|aol|me|icloud|fastmail|zoho)\.(com|eu)$", r"", _APP_PASSWORD),
        (
            r"(gmx|web)\.(net|com|de|at|ch)$",
            r"",
            "allow mail programs in the web mail's settings, or check the password",
        ),
        ("", "", "check login and password"),
    )
)


#: The same for a token. What is allowed later is tried again after the next sign-in.
_TOKEN_ADVICE: Final = tuple(
    (re.compile(host), re.compile(text, re.IGNORECASE), advice)
    for host, text, advice in (
        ("", r"takes no tokens", "take the server's host out of [oauth], and use a password"),
        (
            "",
            r"SmtpClientAuthentication is disabled|5\.7\.139",
            "the administrator has to allow authenticated SMTP for this mailbox (its mail apps, in the admin center)",
        ),
        (
            r"(office365|outlook)\.com$",
            "",
            "whoever signed in must be this login, and the administrator must allow it IMAP and authenticated SMTP",
        ),
        (
            r"(gmail|google)\.com$",
            "",
            "whoever signed in must be this very account, and IMAP must be on in its settings",
        ),
        ("", "", "whoever signed in must be this login"),
    )
)


def one_line(text: str | bytes, limit: int = 300) -> str:
    """Text of a server as one printable line of at most ``limit`` characters: no controls, no bidi marks."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = text[: 4 * limit]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def login_refused(url: ServerUrl, said: str | bytes) -> LoginRefused:
    """The error for a refused password, with what helps at this provider."""
    said = one_line(said)
    advice = next(advice for host, text, advice in _ADVICE if host.search(url.host) and text.search(said))
    return LoginRefused(
        f"{url.address} refused the login (“{said}”): {advice}. {password_advice(url.password_variable)}"
    )


def token_refused(url: ServerUrl, said: str | bytes) -> LoginRefused:
    """The error for a refused token, with what helps at this provider. Tokens are never part of it."""
    said = one_line(said)
    advice = next(advice for host, text, advice in _TOKEN_ADVICE if host.search(url.host) and text.search(said))
    return LoginRefused(f"{url.address} refused the login by token (“{said}”): {advice}. Then type: outreach login")


def in_clear(url: ServerUrl) -> ServerUnreachable:
    """The error for a server beyond this machine that would take the password without TLS."""
    return ServerUnreachable(
        f"{url.address} offers no STARTTLS; refusing to send the password in clear. "
        f"Use {'imaps' if url.scheme == 'imap' else 'smtps'}:// or another port."
    )


def unreachable(url: ServerUrl, problem: str | bytes | Exception) -> ServerUnreachable:
    """The error for a connection that failed or broke off."""
    reason = why(problem) if isinstance(problem, Exception) else one_line(problem)
    return ServerUnreachable(f"{url.address}: {reason}")


def why(problem: Exception) -> str:
    """One line for an exception of a socket, of TLS or of a protocol library."""
    match problem:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not valid for us ({one_line(problem.verify_message)})"
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            return "does not begin with TLS on this port (a URL without the s in imaps:// or smtps:// uses STARTTLS)"
        case ssl.SSLEOFError():
            return "the server closed the connection while TLS began"
        case ssl.SSLError():
            return f"TLS failed ({one_line(problem.reason or str(problem))})"
        case socket.gaierror():
            return "no such host, or no name server can be reached"
        case smtplib.SMTPResponseException():
            return f"{problem.smtp_code} {one_line(problem.smtp_error)}"
        case TimeoutError():
            return "no answer in time (is the port blocked?)"
        case ConnectionRefusedError():
            return "nothing listens on this port"
        case OSError(strerror=str(said)) if said:
            return one_line(said)
    text = problem.args[0] if problem.args and isinstance(problem.args[0], bytes) else str(problem)
    return _in_plain_words(one_line(text)) or type(problem).__name__


def _in_plain_words(said: str) -> str:
    """The same without imaplib's way of putting it."""
    return re.sub(r"^command: \w+ => ", "", said).replace("socket error: EOF", "the server closed the connection")
