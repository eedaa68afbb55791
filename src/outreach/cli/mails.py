"""``outreach mails``: every mail the program writes, and what each would look like now."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

import click

from outreach.cli.output import campaign_of, json_option, print_list, say
from outreach.letters.preview import preview
from outreach.words import MailKind

#: Who makes it leave, and when. At length in docs/mails.md.
WHEN: Final = {
    MailKind.INVITATION: ("hand", "outreach invite"),
    MailKind.REMINDER: ("machine", "an invitation has had no answer; once"),
    MailKind.LAST_CALL: ("machine", "still no answer near the deadline; once, if last_call_hours is set"),
    MailKind.ASKING: ("machine, hand", "a line is not proven; queue ask, queue edit"),
    MailKind.ASKING_REMINDER: ("machine", "an asking has had no answer; once"),
    MailKind.RECEIPT: ("machine", "a proven sign-up or correction has arrived"),
    MailKind.WITHDRAWAL_NOTICE: ("machine", "an unproven withdrawal; to the address on file"),
    MailKind.WITHDRAWN: ("machine", "an entry was taken off"),
    MailKind.DISPUTE: ("machine", "two of one organisation contradict each other; to both"),
    MailKind.QUESTION: ("hand", "queue ask --text"),
    MailKind.ANSWER: ("hand", "questions answer"),
    MailKind.ONLINE: ("machine", "a wave shows the line; once for each signatory"),
    MailKind.REJECTED: ("hand", "queue reject, ten minutes later"),
    MailKind.DUPLICATE: ("machine, hand", "they signed again; queue merge, queue reject"),
    MailKind.INDIVIDUAL: ("machine", "a person signs and individuals = thank"),
    MailKind.OTHER_MAILBOX: ("machine", "another mailbox has answered; to the one we wrote to"),
    MailKind.NEW_CONTACT: ("machine", "somebody names a new contact; to the old one"),
    MailKind.STATUS: ("machine", '"status" alone in a mail'),
    MailKind.HELP: ("machine", '"help" alone in a mail'),
}


@click.group()
def mails() -> None:
    """List every mail that is written, and see what it would look like."""


@mails.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the mails: who makes each leave, when, and in which languages it is there."""
    renderer = campaign_of(context).desk.renderer
    items = [
        {"mail": kind, "by": by, "when": when, "languages": " ".join(sorted(renderer.languages(kind)))}
        for kind, (by, when) in WHEN.items()
    ]
    print_list(items, ("mail", "by", "when", "languages"), as_json=as_json, total=len(items))


@mails.command("preview")
@click.argument("name", type=click.Choice([str(kind) for kind in MailKind]))
@click.option("--language", metavar="TAG", help="Without it the campaign's first.")
@click.option("--of", metavar="REFERENCE", help="About this entry, or organisation on the list; else the first one.")
@click.option("--html", "as_html", is_flag=True, help="The part that mail programs show, to be kept in a file.")
@click.pass_context
def preview_(context: click.Context, name: str, language: str | None, of: str | None, as_html: bool) -> None:
    """Print one mail as it would be written now: with the campaign's own data, or sample data where there is none.

    Nothing is kept, and nothing is sent.
    """
    program = campaign_of(context)
    with program.db.trying() as session:
        tag = language or program.settings.languages[0]
        raw = preview(session, program.desk, MailKind(name), tag, program.clock(), of=of)
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    if not as_html:
        for header in ("From", "To", "Subject"):
            say(f"{header}: {mail[header]}")
        say()
    part = mail.get_body(("html",) if as_html else ("plain",))
    assert part is not None
    say(part.get_content().rstrip("\r\n"))
