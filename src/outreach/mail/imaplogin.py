"""Logs an IMAP connection in: by LOGIN, by PLAIN (RFC 4616), or by token (XOAUTH2). Used by ``imapwire``."""

from __future__ import annotations

import imaplib
from typing import Any, Final

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.reasons import login_refused, token_refused, unreachable, why
from outreach.ports import Secret
from outreach.serverurl import ServerUrl

#: RFC 5530: the login was refused although the password may be right.
_NOT_NOW: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


def xoauth2(user: str, token: str) -> str:
    """The first answer of SASL XOAUTH2, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def log_in(client: Any, url: ServerUrl, secret: Secret) -> None:
    """Raises LoginRefused or ServerUnreachable; ``client`` is imapclient's."""
    if isinstance(secret, str):
        _by_password(client, url, secret)
        return
    token = secret.current()
    try:
        _by_token(client, url, token)
    except LoginRefused:
        # Revoked, or our clock is wrong: one more try with a new one, and no more.
        _by_token(client, url, secret.renewed(token))


def _by_password(client: Any, url: ServerUrl, password: str) -> None:
    try:
        # LOGIN takes ASCII alone; AUTHENTICATE PLAIN takes any password (RFC 4616).
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(url.user, password)
        else:
            # imaplib quotes the password and forgets the user.
            user = url.user.replace("\\", "\\\\").replace('"', '\\"')
            client.login(f'"{user}"', password)
    except imaplib.IMAP4.error as problem:
        raise login_refused(url, _refusal(url, problem)) from problem
    except OSError as problem:
        raise unreachable(url, problem) from problem
    except UnicodeError as problem:
        raise login_refused(url, "takes passwords in plain ASCII only") from problem


def _by_token(client: Any, url: ServerUrl, token: str) -> None:
    answers = iter((xoauth2(url.user, token),))
    try:
        if not client.has_capability("AUTH=XOAUTH2"):
            raise token_refused(url, "takes no tokens (XOAUTH2)")
        # A refusal comes as a challenge that wants an empty answer; only then the server says NO.
        client.sasl_login("XOAUTH2", lambda _: next(answers, ""))
    except imaplib.IMAP4.error as problem:
        raise token_refused(url, _refusal(url, problem)) from problem
    except OSError as problem:
        raise unreachable(url, problem) from problem


def _refusal(url: ServerUrl, problem: imaplib.IMAP4.error) -> str:
    """What the server said. Raises ServerUnreachable where that is no refusal."""
    # imapclient calls a broken connection a refused login, too; the first error tells them apart.
    cause = problem.__context__ or problem
    said = why(cause) if isinstance(cause, Exception) else why(problem)
    if isinstance(cause, imaplib.IMAP4.abort):
        raise unreachable(url, cause) from cause
    if any(code in said.upper() for code in _NOT_NOW) or " BAD " in said:
        raise ServerUnreachable(f"{url.address} cannot log anyone in now: {said}") from problem
    return said
