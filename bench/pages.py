"""How long the server takes for the queue, each of its filters, a case and the figures, with many entries; SQLite.

PYTHONPATH=src python bench/pages.py [--signatories N] [--requests N]
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import threading
import zlib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import uvicorn
from pyotp import TOTP

from outreach.bootstrap import Program, wire
from outreach.model import InboundMessage, NameKey, Revision, Signatory
from outreach.reading.names import fold
from outreach.relay import Relay
from outreach.sealing import Keyring
from outreach.serverurl import ServerUrl, Service
from outreach.settings import Day, MailboxSettings, Settings, WebSettings
from outreach.steps import access, coordinators
from outreach.store import campaign, migrate
from outreach.store.database import Database, open_engine
from outreach.web.app import coordinators_app
from outreach.web.gate import SESSION_COOKIE
from outreach.words import REFERENCE_ALPHABET, InboundStatus, Kind, PrintedLine, Proof, RevisionStatus, Seen

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
BATCH = 5_000
WAITING = 500  #: every so many-th entry waits; the others are approved
TEXT = "We have discussed the statement in our meeting and we join it.\n" * 20
COUNTRIES = ("DE", "FR", "SE", "US", "IR")
RARE = "IS"  #: a country of one in a hundred of those that wait
LANGUAGES = ("en", "en", "fa", "de")
DOUBTS = ([], ["not authenticated"], [], ["hidden text"], [])
#: Each filter with a value that is frequent and one that is rare, and several at once.
FILTERS = {
    "kind": "kind=signup",
    "country": "country=DE",
    "country, rare": f"country={RARE}",
    "country, nobody's": "country=FJ",
    "language": "language=fa",
    "confidence": "confidence=doubtful",
    "age, the old": "age=7",
    "age, the new": "age=new",
    "doubts, any": "warning=some",
    "doubts, one kind": "warning=hidden+text",
    "duplicates": "duplicate=yes",
    "four at once": f"status=pending&country={RARE}&language=fa&warning=some&age=1",
}
PASSWORD = "a password of the bench"


def write(db: Database, count: int) -> None:
    """Each signatory with the mail it came from, its line, and the keys its names are found by."""
    for start in range(0, count, BATCH):
        with db.writing() as session:
            numbers = range(start, min(start + BATCH, count))
            session.add_all([row for number in numbers for row in entry(db.keyring, number)])
            session.flush()
            session.add_all([key for number in numbers for key in keys(db.keyring, number)])


def code(number: int) -> str:
    """A reference as the program makes them, one for each number."""
    places = [REFERENCE_ALPHABET[number // len(REFERENCE_ALPHABET) ** at % len(REFERENCE_ALPHABET)] for at in range(8)]
    text = "".join(reversed(places))
    return f"{text[:4]}-{text[4:]}"


def names_of(number: int) -> dict[str, str]:
    if number % (WAITING * 50) == WAITING:
        number -= WAITING  # the same name as another one that waits
    return {"en": f"Committee number {number} of refugees", "fa": f"کمیته شماره {number} پناهندگان"}


def country_of(number: int) -> str:
    at = number // WAITING
    return RARE if number % WAITING == 0 and at % 100 == 99 else COUNTRIES[at % len(COUNTRIES)]


def keys(keyring: Keyring, number: int) -> list[NameKey]:
    hashes = [keyring.hash("name", fold(name)) for name in names_of(number).values()]
    return [NameKey(key_hash=key, signatory_id=number + 1) for key in hashes]


def entry(keyring: Keyring, number: int) -> list[object]:
    at, names = NOW - timedelta(seconds=number), names_of(number)
    message = InboundMessage(
        id=number + 1,
        reference=code(number),
        content_hash=keyring.hash("content", str(number)),
        size=len(TEXT),
        arrived_at=at,
        fetched_at=at,
        kind=Kind.SIGNUP,
        status=InboundStatus.HANDLED,
    )
    message.raw = zlib.compress(TEXT.encode())
    message.reading = {"parts": {"new": f"{names['en']}\n{TEXT}"}, "clues": {"sender": f"office@c{number}.example"}}
    signatory = Signatory(
        id=number + 1,
        reference=code(number),
        language=LANGUAGES[number // WAITING % len(LANGUAGES)],
        contact_hash=keyring.address_hash(f"office@c{number}.example"),
        created_at=at,
    )
    signatory.contact = {"email": f"office@c{number}.example"}
    revision = Revision(
        signatory=signatory,
        number=1,
        message_id=number + 1,
        created_at=at,
        confidence=0.6 if number // WAITING % 10 == 7 else 0.95,
        status=RevisionStatus.PENDING if number % WAITING == 0 else RevisionStatus.APPROVED,
        proof=Proof.DOMAIN,
        seen=Seen.CONFIRMED,
        decided_at=None if number % WAITING == 0 else at + timedelta(hours=1),
        decided_by=None if number % WAITING == 0 else "Bea",
    )
    revision.lines = {language: {"name": name, "city": "Berlin", "country": None} for language, name in names.items()}
    revision.details = {
        "country_code": country_of(number),
        "warnings": DOUBTS[number // WAITING // 3 % len(DOUBTS)],
        "evidence": {"names.en": {"part": "new", "start": 0, "end": len(names["en"])}},
    }
    return [message, signatory, revision]


def served(folder: Path) -> Program:
    """A campaign in a folder of its own, and its pages on a port of this machine."""
    engine = open_engine("sqlite:///outreach.db", folder)
    migrate.upgrade(engine)
    settings = Settings(
        folder=folder,
        slug="bench",
        contact="statement@contact.example",
        team=("bea@team.example",),
        languages=("fa", "en"),
        sender="Bea",
        group="",
        occasion={},
        known_by="",
        example={language: str(PrintedLine("x")) for language in ("fa", "en")},
        database_url="sqlite:///outreach.db",
        key_file=folder / "key",
        mailbox=MailboxSettings(url=ServerUrl.parse("imap://statement@127.0.0.1:1/INBOX", Service.MAILBOX)),
        relays=(Relay(url=ServerUrl.parse("smtp://127.0.0.1:1", Service.SMTP)),),
        web=WebSettings(),
        day=Day(deadline=NOW + timedelta(days=14)),
    )
    return wire(settings, Keyring.from_secret(os.urandom(32)), engine, {}, lambda: NOW, via="page")


def let_in(program: Program) -> str:
    """The secret of a session."""
    with program.db.writing() as session:
        campaign.found(session, slug="bench", since=NOW).started_at = NOW
        coordinators.first(session, "Bea", None, program.clock)
    with program.db.writing() as session:
        link = access.link(session, program.keyring, "Bea", program.clock, actor="Bea")
    with program.db.writing() as session:
        secret = access.enrolment(session, program.keyring, link, program.clock).totp
        codes = access.enrol(session, program.keyring, link, PASSWORD, TOTP(secret).at(NOW), program.clock)
    return access.sign_in(program.db, "Bea", PASSWORD, codes[0], program.clock, place="127.0.0.1")


def measure(program: Program, token: str, count: int, requests: int) -> None:
    web = program.settings.web
    connection = http.client.HTTPConnection(web.host, web.port)
    chosen = random.Random(1)
    pages = {
        "first page": lambda: "/",
        "queue": lambda: "/queue",
        "queue, a later page": lambda: f"/queue?after={code(chosen.randrange(count))}",
        "search by name": lambda: f"/queue?search=Committee+number+{chosen.randrange(count)}+of+refugees",
        "search by address": lambda: f"/queue?search=office@c{chosen.randrange(count)}.example",
        "case": lambda: f"/queue/{code(chosen.randrange(count))}",
        "by phone": lambda: "/phone",
        "campaign": lambda: "/campaign",
        **{name: partial(str, f"/queue?{query}") for name, query in FILTERS.items()},
        "filter, a later page": lambda: f"/queue?language=en&after={code(chosen.randrange(count))}",
        "case among the chosen": lambda: f"/queue/{code(chosen.randrange(count))}?country={RARE}",
    }
    print(f"{'':22}{'median ms':>10}{'p95 ms':>10}{'bytes':>10}")
    for name, path in pages.items():
        took, size = [], 0
        for _ in range(requests):
            begun = perf_counter()
            connection.request("GET", path(), headers={"Cookie": f"{SESSION_COOKIE}={token}"})
            answer = connection.getresponse()
            size = max(size, len(answer.read()))
            took.append((perf_counter() - begun) * 1000)
            assert answer.status == 200, (name, answer.status)
        print(f"{name:22}{median(took):10.1f}{quantiles(took, n=20)[-1]:10.1f}{size:10}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatories", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        program = served(Path(folder))
        begun = perf_counter()
        token = let_in(program)
        write(program.db, given.signatories)
        size = (Path(folder) / "outreach.db").stat().st_size / 1e6
        print(f"{given.signatories} signatories written in {perf_counter() - begun:.0f} s, {size:.0f} MB")
        web = program.settings.web
        config = uvicorn.Config(coordinators_app(program), host=web.host, port=web.port, log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            sleep(0.01)
        try:
            measure(program, token, given.signatories, given.requests)
        finally:
            server.should_exit = True
            thread.join()
            program.db.engine.dispose()


if __name__ == "__main__":
    main()
