"""Writes corrected readings as messages of the corpus, with invented names in place of real ones.

A mail is written anew from its text: of its headers only those stay that a reading depends on and that tell neither
who wrote it nor where. What a person has to check is what no list of names knows.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import InboundMessage
from outreach.ports import Clock
from outreach.reading.limits import Unreadable
from outreach.reading.lists import Row
from outreach.reading.message import Message, open_message
from outreach.reading.pseudonyms import Pseudonyms
from outreach.reading.signoff import read_signoff
from outreach.reading.walk import NEW, SIGNATURE
from outreach.store import coordinators, inbound, log, prospects, signatories
from outreach.store.database import Database
from outreach.words import Kind

#: Headers of machines, by which they are known, and the form in which they are kept.
_KEPT: Final = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")
_WITH_SIGNUPS: Final = frozenset({Kind.SIGNUP, Kind.CORRECTION})
_TEXTS: Final = ("city", "role", "website", "phone")


def export(db: Database, desk: Desk, folder: Path, clock: Clock, *, actor: str) -> list[Path]:
    """Write each corrected mail as NAME.eml and NAME.json into a folder; the mails written. Raises Refused."""
    written = []
    with db.reading() as session:
        names = Pseudonyms(desk.settings.own_addresses)
        _learn(names, [desk.settings.sender, *(one.name for one in coordinators.active(session))], [])
        for contact, organisation in (*prospects.names_on_record(session), *signatories.names_on_record(session)):
            _learn(names, [contact], [organisation])
        for number, message in enumerate(inbound.refiled(session), 1):
            found = _anonymised(message, names, number)
            if found is not None:
                written.append(_write(folder, f"correction-{number:03}-{message.refiled_as}", *found))
    with db.writing() as session:
        log.note(session, clock(), actor=actor, action="exported", about="corrections", reason=f"mails: {len(written)}")
    return written


def _learn(names: Pseudonyms, people: Iterable[str | None], organisations: Iterable[Mapping[str, str]]) -> None:
    for organisation in organisations:
        names.organisation(organisation)
    for person in people:
        names.person(person)


def _anonymised(message: InboundMessage, names: Pseudonyms, number: int) -> tuple[bytes, dict[str, Any]] | None:
    assert message.raw is not None
    try:
        opened = open_message(zlib.decompress(message.raw))
    except Unreadable:
        return None
    signups: list[dict[str, Any]] = message.reading.get("signups") or []
    clues = message.reading.get("clues") or {}
    _learn(names, [signup.get("contact_person") for signup in signups], [signup["names"] for signup in signups])
    _learn(names, [clues.get("sender_name")], [])
    for part, text in (message.reading.get("parts") or {}).items():
        if part in (NEW, SIGNATURE):
            _learn_signoff(names, part, text)
    names.owners(f"{opened.subject}\n{opened.text}\n{clues.get('sender') or ''}")
    return _mail(opened, clues, message.arrived_at, names, number), _truth(message, signups, names)


def _learn_signoff(names: Pseudonyms, part: str, text: str) -> None:
    """Who signed the mail itself, whether or not they signed the statement."""
    rows = [Row(number, line, 0) for number, line in enumerate(text.splitlines())]
    signed = read_signoff(rows, part, signature=part == SIGNATURE)
    _learn(names, [signed.person.text if signed.person else None], [{"und": one.text} for one in signed.organisations])


def _mail(opened: Message, clues: Mapping[str, Any], arrived_at: datetime, names: Pseudonyms, number: int) -> bytes:
    mail = EmailMessage(policy=SMTP)
    sender = names.address(clues.get("sender") or "nobody@unknown.invalid")
    called = _one_line(names.text(clues.get("sender_name") or "")).replace('"', "")
    mail["From"] = f'"{called}" <{sender}>' if called else sender
    mail["To"] = "statement@contact.example"
    mail["Subject"] = _one_line(names.text(opened.subject))
    # In UTC: an offset tells where somebody is.
    mail["Date"] = format_datetime(arrived_at.astimezone(UTC))
    mail["Message-ID"] = f"<correction-{number}@{sender.rpartition('@')[2]}>"
    if clues.get("in_reply_to"):
        mail["In-Reply-To"] = "<1@contact.example>"
    for name in _KEPT:
        if value := _one_line(opened.headers.get(name.lower())):
            mail[name] = value.split(";")[0].split()[0]  # parameters may name an owner
    if opened.headers.get("list-id"):
        mail["List-Id"] = "<list.example>"
    mail.set_content(names.text(opened.text), cte="base64")
    return mail.as_bytes()


def _truth(message: InboundMessage, signups: list[dict[str, Any]], names: Pseudonyms) -> dict[str, Any]:
    """The answer in the corpus's form: the kind a person gave, and of sign-ups what the mail says of them."""
    assert message.refiled_as is not None
    kind = message.refiled_as
    return {
        "kind": kind.value,
        "language": message.language,
        "signups": [_signup(signup, names) for signup in signups] if kind in _WITH_SIGNUPS else [],
        "bounce": _bounce(message.reading.get("bounce"), names) if kind is Kind.BOUNCE else None,
    }


def _bounce(bounce: Mapping[str, Any] | None, names: Pseudonyms) -> dict[str, Any] | None:
    if bounce is None:
        return None
    return {"recipients": [names.address(one) for one in bounce["recipients"]], "permanent": bounce["permanent"]}


def _signup(signup: Mapping[str, Any], names: Pseudonyms) -> dict[str, Any]:
    told = {name: names.text(signup[name]) if signup.get(name) else None for name in (*_TEXTS, "contact_person")}
    addresses = {name: names.address(signup[name]) if signup.get(name) else None for name in ("email", "named_email")}
    return {
        "individual": signup.get("individual"),
        "names": {language: names.text(name) for language, name in signup["names"].items()},
        "country": signup.get("country"),
        "action": signup.get("action"),
        **told,
        **addresses,
    }


def _write(folder: Path, name: str, mail: bytes, truth: Mapping[str, Any]) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.eml"
        path.write_bytes(mail)
        (folder / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        raise Refused(f"The corrections cannot be written to {folder}: {problem.strerror}.") from None
    return path


def _one_line(text: str) -> str:
    return " ".join(text.split())
