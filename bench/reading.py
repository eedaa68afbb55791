"""How fast mails are read, beside others that read mail, in one run on one core: run by hand, see bench/README.md.

    PYTHONPATH=src python bench/reading.py [--corpus tests/corpus] [--rounds 15]

Two samples: the replies of ``replies.py``, no two alike, and a corpus. All take turns, and the best round of each
counts, so that a busy machine troubles all alike. The time is that of the processor. A peer that is not installed is
named as missing.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import importlib
import time
from collections.abc import Callable, Sequence
from email.message import Message
from pathlib import Path
from types import ModuleType

from replies import replies

from outreach.reading.limits import Unreadable
from outreach.reading.message import open_message
from outreach.reading.read import read

Reader = Callable[[bytes], object]


def body_of(message: Message) -> str:
    """The plain text of a mail as the standard library gives it."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            return (
                content.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(content, bytes) else ""
            )
    return ""


def compat32(raw: bytes) -> object:
    message = email.message_from_bytes(raw)
    return message["from"], message["subject"], body_of(message)


def newer_policy(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return f"{message['from']}{message['subject']}"[:0] + body_of(message)


def peers() -> tuple[dict[str, Reader], list[str]]:
    """The peers that are installed, and the names of those that are not."""
    found: dict[str, Reader] = {"compat32, text": compat32, "policy.default, text": newer_policy}
    missing: list[str] = []

    def add(name: str, module: str, reader: Callable[[ModuleType], Reader]) -> None:
        try:
            found[name] = reader(importlib.import_module(module))
        except ImportError:
            missing.append(module)

    add("fast-mail-parser", "fast_mail_parser", lambda m: lambda raw: m.parse_email(raw).text_plain)
    add(
        "policy.default + mail-parser-reply",
        "mailparser_reply",
        lambda m: lambda raw: m.EmailReplyParser(languages=["en", "de", "fr"]).parse_reply(newer_policy(raw)),
    )
    add(
        "policy.default + email_reply_parser",
        "email_reply_parser",
        lambda m: lambda raw: m.EmailReplyParser.parse_reply(newer_policy(raw)),
    )
    add("policy.default + quotequail", "quotequail", lambda m: lambda raw: m.quote(newer_policy(raw)))
    return found, missing


def measured(readers: dict[str, Reader], mails: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Messages a second of each reader: its best round."""
    best = dict.fromkeys(readers, 0.0)
    for _ in range(rounds):
        for name, reader in readers.items():
            started = time.process_time()
            for raw in mails:
                try:
                    reader(raw)
                except (Unreadable, ValueError, IndexError, TypeError, LookupError):  # the peers raise on broken mail
                    continue
            best[name] = max(best[name], len(mails) / (time.process_time() - started))
    return best


def report(title: str, rates: dict[str, float]) -> None:
    print(f"\n{title}")
    ours = rates["outreach, whole reading"]
    for name, rate in sorted(rates.items(), key=lambda item: -item[1]):
        print(f"  {name:<38} {rate:>9,.0f}/s {1e6 / rate:>8,.0f} µs   {rate / ours:>6.2f} of ours")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the speed of reading mail.")
    parser.add_argument("--corpus", type=Path, default=Path("tests/corpus"), help="a folder with .eml files")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    found, missing = peers()
    readers: dict[str, Reader] = {"outreach, MIME part": open_message, "outreach, whole reading": read, **found}
    sample = replies()
    size = sum(map(len, sample)) // len(sample)
    report(f"{len(sample)} replies, {size:,} octets on average", measured(readers, sample, arguments.rounds))
    mails = [path.read_bytes() for path in sorted(arguments.corpus.rglob("*.eml"))]
    if mails:
        size = sum(map(len, mails)) // len(mails)
        rates = measured(readers, mails, max(1, arguments.rounds // 2))
        report(f"{len(mails)} messages of the corpus, {size:,} octets on average", rates)
    for name in missing:
        print(f"\nNot installed, so not compared: {name}")


if __name__ == "__main__":
    main()
