"""The demo's mail server on loopback: pymap keeps the contact inbox (IMAP, in memory), aiosmtpd takes mail (SMTP).

Both run in one event loop in a thread of its own; who gets which mail is decided in ``delivery``. Nothing is
secured or stored: this is for the demo and tests only.
"""

from __future__ import annotations

import asyncio
import imaplib
import secrets
import threading
from argparse import Namespace
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from typing import Final, Self

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from outreach.demo.delivery import PostOffice
from outreach.ports import Clock

_LOOPBACK: Final = "127.0.0.1"


class MailServer:
    """Used as a context manager. ``office`` holds the inboxes of everybody but the campaign's contact.

    ``password`` opens the contact's inbox under the contact's address; SMTP asks for none. The ports are known once
    it has been entered.
    """

    def __init__(self, contact: str, clock: Clock) -> None:
        self.contact = contact
        self.password = secrets.token_urlsafe(12)
        self.imap_port = 0
        self.smtp_port = 0
        self.office = PostOffice(contact, clock, self._append)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo mail server", daemon=True)
        self._stop: asyncio.Event | None = None
        self._servers: AsyncExitStack | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def mailbox_url(self) -> str:
        return f"imap://{self.contact}@{_LOOPBACK}:{self.imap_port}/INBOX"

    @property
    def smtp_url(self) -> str:
        return f"smtp://{_LOOPBACK}:{self.smtp_port}"

    async def _listen(self) -> None:
        self._servers = AsyncExitStack()
        imap = await asyncio.start_server(partial(_serve_imap, self._imap()), _LOOPBACK, 0)
        smtp = await self._loop.create_server(partial(_SmtpConnection, self.office, self._loop), _LOOPBACK, 0)
        for server in (imap, smtp):
            await self._servers.enter_async_context(server)
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))

    def _imap(self) -> IMAPServer:
        """pymap without its command line: no admin, managesieve or swim service, no TLS, one user."""
        config = _Config(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=_LOOPBACK,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            # The password is random and lives as long as the process: hashing it would only slow each login down.
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        login = Login(config)
        login.users_dict[self.contact] = UserMetadata(config, self.contact, password=self.password)
        return IMAPServer(login, config)

    async def _close(self) -> None:
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        if self._servers is not None:
            await self._servers.aclose()
        await self._loop.shutdown_default_executor()
        await asyncio.sleep(0)  # the transports close in the loop's next round

    def _append(self, raw: bytes, arrived: datetime) -> None:
        """Put a mail into the contact's INBOX, over IMAP as any delivery agent might; ``arrived`` is INTERNALDATE."""
        with imaplib.IMAP4(_LOOPBACK, self.imap_port, timeout=30) as wire:
            wire.login(self.contact, self.password)
            answer, _ = wire.append("INBOX", "", imaplib.Time2Internaldate(arrived), raw)
            if answer != "OK":
                raise OSError("the contact's inbox does not take a mail")


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        """Without this machine's name, whose look-up may take seconds."""
        return b"The demo's inbox is ready"


async def _serve_imap(server: IMAPServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server(reader, writer, SocketInfoLocal(writer))


class _SmtpConnection(SMTP):
    """One client's connection. aiosmtpd finds ``handle_DATA`` by its name."""

    def __init__(self, office: PostOffice, loop: asyncio.AbstractEventLoop) -> None:
        self._office = office
        super().__init__(self, hostname="mx.campaign.example", ident="demo", loop=loop, enable_SMTPUTF8=False)

    async def handle_DATA(self, _server: object, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        host = session.host_name or ""
        for recipient in envelope.rcpt_tos:
            # In a thread: delivering to the contact talks IMAP to this very loop.
            await asyncio.to_thread(self._office.take, envelope.mail_from or "", recipient, content, host)
        return "250 2.0.0 Taken"
