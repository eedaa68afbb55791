"""Plays the organisations: opens their inboxes, and answers by SMTP what has come in since they last looked."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from outreach.demo.clients import Typed
from outreach.demo.delivery import Mail
from outreach.demo.organisation import Organisation
from outreach.demo.received import Received
from outreach.demo.server import MailServer


@dataclass(frozen=True, slots=True)
class Said:
    """One mail that an organisation has sent."""

    organisation: Organisation
    text: str

    @property
    def in_short(self) -> str:
        """The beginning, on one line."""
        return shorten(self.text, 90, placeholder=" …")


class Actors:
    """All organisations at their desks. ``tick`` moves the story's clock on a little and returns the new time."""

    def __init__(self, organisations: Sequence[Organisation], server: MailServer, tick: Callable[[], datetime]) -> None:
        self._server = server
        self._tick = tick
        self._inboxes: list[tuple[Organisation, list[Mail]]] = [
            (organisation, server.office.open_inbox(organisation.address))
            for organisation in organisations
            if organisation.exists
        ]
        self._read = {organisation.address: 0 for organisation, _ in self._inboxes}

    def write_unasked(self) -> Iterator[Said]:
        """Those who write first do so."""
        for organisation, _ in self._inboxes:
            if organisation.first_words:
                yield self._send(organisation, organisation.first_words, None, organisation.forged_from)

    def answer(self) -> Iterator[Said]:
        """Everybody reads what is new and answers as far as they have something to say."""
        for organisation, inbox in self._inboxes:
            while self._read[organisation.address] < len(inbox):
                position = self._read[organisation.address]
                self._read[organisation.address] += 1
                if position < len(organisation.answers):
                    letter = Received.parse(inbox[position].content)
                    yield self._send(organisation, organisation.answers[position](letter), letter)

    def _send(self, organisation: Organisation, text: str, answered: Received | None, host: str | None = None) -> Said:
        typed = Typed(
            name=organisation.person,
            address=organisation.address,
            text=text,
            at=self._tick(),
            language=organisation.language,
            subject=organisation.subject,
            signature=organisation.signature,
            answered=answered,
        )
        host = host or f"mail.{organisation.domain}"
        with smtplib.SMTP("127.0.0.1", self._server.smtp_port, local_hostname=host, timeout=30) as wire:
            wire.sendmail(organisation.address, [self._server.contact], organisation.client(typed))
        return Said(organisation, text)
