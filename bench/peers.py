"""What `sending.py` compares with, each in a process of its own; prints its seconds, and those of the processor.

    python bench/peers.py smtplib PORT FILE [THREADS]
    python bench/peers.py post_office PORT FILE [THREADS]

FILE holds a JSON list of mails: ``recipient``, ``raw`` (finished bytes, as Latin-1), ``subject``, ``text``, ``html``.
"""

from __future__ import annotations

import json
import smtplib
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

SENDER = "statement@contact.example"
Mails = list[dict[str, str]]


def bare(port: int, mails: Mails, threads: int) -> float:
    """smtplib and finished bytes: no queue, no record, nothing survives a crash."""

    def send(part: Mails) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="contact.example") as relay:
            for mail in part:
                relay.sendmail(SENDER, mail["recipient"], mail["raw"].encode("latin-1"))

    workers = [Thread(target=send, args=(mails[number::threads],)) for number in range(threads)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - begun


def post_office(port: int, mails: Mails, threads: int) -> float:
    """django-post_office on SQLite, as its manual sets it up; it is given the finished texts."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        settings.configure(
            SECRET_KEY="bench",
            INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder, "db.sqlite3"))}},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            EMAIL_BACKEND="post_office.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            POST_OFFICE={
                "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
                "THREADS_PER_PROCESS": threads,
                "BATCH_SIZE": 100,
            },
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
            USE_TZ=True,
        )
        django.setup()
        call_command("migrate", verbosity=0)
        from post_office import mail as office

        keys = {"recipients": "recipient", "subject": "subject", "message": "text", "html_message": "html"}
        orders = [
            {"sender": SENDER, "priority": "medium"} | {name: mail[key] for name, key in keys.items()} for mail in mails
        ]
        begun = time.perf_counter()
        office.send_many(orders)
        office.send_queued_mail_until_done(log_level=0)
        return time.perf_counter() - begun


def main() -> None:
    kind, port, file = sys.argv[1:4]
    mails: Mails = json.loads(Path(file).read_text(encoding="utf-8"))
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    before = time.process_time()
    seconds = {"smtplib": bare, "post_office": post_office}[kind](int(port), mails, threads)
    print(seconds, time.process_time() - before)


if __name__ == "__main__":
    main()
