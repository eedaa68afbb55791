"""Sends one mail to one recipient over SMTP, and knows at every failure how far it had come.

Used by the dispatch step through ``ports.MailSender``. smtplib's ``sendmail`` cannot tell a connection that
broke before the final dot from one that broke after it; that difference is what this module is for.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from typing import Final, Self

from outreach.conversation import Apart, Conversation
from outreach.mail.envelope import Envelope, wire_body, wire_domain
from outreach.mail.replies import Reply, classify, sender_refused
from outreach.mail.smtpsession import Command, SmtpSession, Timeouts
from outreach.mail.smtpwire import ConnectionLost
from outreach.mail.tls import client_context
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Pace, Phase, Secret
from outreach.serverurl import ServerUrl

#: The code of an outcome when no server has said anything.
NO_REPLY: Final = 0
#: RFC 4954, 6: log in first. Said to somebody who has, it means that the token has run out.
_LOG_IN_AGAIN: Final = (530, 535)


class SmtpSender:
    """A session with the relay: one connection, used again for the next mail, renewed when it must be.

    ``ehlo_name`` is the contact's domain: the host's own name must not leave the house. ``context`` is for
    TLS; without one, the system's authorities decide.
    """

    def __init__(
        self,
        url: ServerUrl,
        secret: Secret | None,
        *,
        ehlo_name: str,
        timeouts: Timeouts | None = None,
        max_per_connection: int = 100,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._secret = secret
        self._ehlo_name = wire_domain(ehlo_name)
        self._timeouts = timeouts or Timeouts()
        self._max_per_connection = max_per_connection
        self._context = context
        self._session: SmtpSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if exc == (None, None, None):
            self._take_leave()
        else:
            self._drop()

    def connect(self) -> None:
        """Connect, secure and log in, unless that is done. Raises LoginRefused or ServerUnreachable."""
        if self._session is None:
            self._session = SmtpSession.open(
                self._url,
                self._secret,
                ehlo_name=self._ehlo_name,
                timeouts=self._timeouts,
                context=self._context or client_context(self._url),
            )

    def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
        """One transaction. ``reply`` of the outcome may name the recipient: keep it sealed, do not log it.

        Raises ValueError, before anything is sent, for an address or bytes that must not go over the wire.
        Raises LoginRefused or ServerUnreachable if there is no connection; nothing of the mail has left then.
        """
        envelope, body = Envelope.of(sender, recipient, message_id), wire_body(message)
        try:
            return (yield from self._transact(envelope, body))
        except BaseException:
            self._drop()  # given up or a mistake: the conversation may be anywhere, even inside a mail
            raise

    def _transact(self, envelope: Envelope, body: bytes) -> Conversation[Outcome]:
        try:
            session, refused = yield from self._agree_on(envelope, body)
            if refused is not None:
                yield from self._tidy_up(session, refused)
                return refused
        except ConnectionLost as lost:
            self._drop()
            return Deferred(NO_REPLY, None, str(lost), Phase.ENVELOPE, Fault.RELAY, Pace.BUSY)
        return (yield from self._hand_over(session, body))

    def _agree_on(self, envelope: Envelope, body: bytes) -> Conversation[tuple[SmtpSession, Outcome | None]]:
        """MAIL, RCPT and DATA: no outcome when the server waits for the mail, else how it ended.

        A connection that has died unused since the last mail is replaced.
        """
        while True:
            session = yield from self._ready()
            is_fresh = session.transactions == 0
            unsupported = _unsupported(session.extensions, envelope, body)
            if unsupported is not None:
                return session, unsupported
            session.transactions += 1
            try:
                replies = yield from session.converse(_opening(envelope, body, session.extensions))
            except ConnectionLost:
                if is_fresh:
                    raise
            else:
                if is_fresh or not self._is_over(replies[0]):
                    return session, _refusal(replies)
            self._drop()

    def _is_over(self, reply: Reply) -> bool:
        """Whether the reply to MAIL is about the session and not about this mail: then a new one is made."""
        is_by_token = not isinstance(self._secret, str | None)
        return reply.code == 421 or (is_by_token and reply.code in _LOG_IN_AGAIN)

    def _hand_over(self, session: SmtpSession, body: bytes) -> Conversation[Outcome]:
        """The mail itself. From the first octet on, only a reply tells what became of it."""
        try:
            reply = yield from session.send_body(body)
        except ConnectionLost as lost:
            self._drop()
            return InDoubt(str(lost))
        outcome = classify(reply.code, reply.enhanced, reply.text, Phase.BODY)
        if not isinstance(outcome, Accepted):
            # The refusal may have come before the end of the mail; then the next reply would be out of step.
            self._drop()
        return outcome

    def _tidy_up(self, session: SmtpSession, refused: Outcome) -> Conversation[None]:
        """Leave a connection on which the next mail can begin, or none."""
        is_closing = isinstance(refused, Deferred) and refused.code == 421
        try:
            if not is_closing and (yield from session.reset()).code == 250:
                return
        except ConnectionLost:
            pass  # what was said about the mail stands
        self._drop()

    def _ready(self) -> Conversation[SmtpSession]:
        """A connection for the next mail. Some relays take a few mails per connection only."""
        if self._session is None or self._session.transactions >= self._max_per_connection:
            yield Apart(self._renew)
        assert self._session is not None
        return self._session

    def _renew(self) -> None:
        self._take_leave()
        self.connect()

    def _take_leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.quit()

    def _drop(self) -> None:
        """Hang up without a word."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _opening(envelope: Envelope, body: bytes, extensions: Mapping[str, str]) -> tuple[Command, ...]:
    """What is said before the mail itself, with the parameters that it needs and no more."""
    mail, rcpt = [f"FROM:<{envelope.sender}>"], [f"TO:<{envelope.recipient}>"]
    if envelope.is_international or not body.isascii():
        mail.append("BODY=8BITMIME")
    if envelope.is_international:
        mail.append("SMTPUTF8")
    if "DSN" in extensions:
        mail += ["RET=HDRS", *envelope.identification]
        rcpt += ["NOTIFY=FAILURE,DELAY", *envelope.original_recipient]
    return (
        Command("MAIL", " ".join(mail)),
        Command("RCPT", " ".join(rcpt), (250, 251)),
        Command("DATA", "", (354,)),
    )


def _refusal(replies: Sequence[Reply]) -> Outcome | None:
    """The outcome that the last of these replies means; None when it asks for the mail."""
    last = replies[-1]
    if len(replies) == 1:
        return sender_refused(last)
    if len(replies) == 3 and last.code == 354:
        return None
    return classify(last.code, last.enhanced, last.text, Phase.ENVELOPE)


def _unsupported(extensions: Mapping[str, str], envelope: Envelope, body: bytes) -> Failed | None:
    """The outcome for a mail this server cannot carry, known before anything is said about it."""

    def failed(code: int, enhanced: str, reply: str) -> Failed:
        return Failed(code, enhanced, reply, Phase.ENVELOPE, Fault.MESSAGE)

    if envelope.is_international and "SMTPUTF8" not in extensions:
        return failed(553, "5.6.7", "the server offers no SMTPUTF8, which this address needs")
    if not body.isascii() and "8BITMIME" not in extensions:
        return failed(554, "5.6.3", "the server offers no 8BITMIME, which this mail needs")
    limit = extensions.get("SIZE", "")
    if limit.isascii() and limit.isdigit() and 0 < int(limit) < len(body):
        return failed(552, "5.3.4", f"the server takes mails of at most {limit} octets")
    return None
