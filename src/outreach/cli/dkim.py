"""``outreach dkim``: the key that signs our mails, and the record in the DNS by which others verify them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from outreach.cli.checks import Finding, State
from outreach.cli.output import place_of, say
from outreach.errors import OutreachError, Refused
from outreach.mail.dkim import Signer, read_signer, write_new_key
from outreach.mail.dns import txt_records
from outreach.settings import FILE_NAME, Settings
from outreach.settingsfile import load


@click.command()
@click.option("--new", is_flag=True, help="Make the key first; one that is there is never overwritten.")
@click.option("--relay", "name", metavar="NAME", help="The key for what leaves by this relay, if it has its own.")
@click.pass_context
def dkim(context: click.Context, new: bool, name: str | None) -> None:
    """Show the record that the DNS needs so that others can verify the signature of our mails."""
    settings = load(place_of(context), os.environ)
    relay = settings.relay(name) if name is not None else None
    chosen = settings.dkim if name is None else relay.dkim if relay is not None else None
    if chosen is None:
        where = "[dkim]" if name is None else f"the relay {name}"
        raise Refused(f"Nothing signs here: put selector and key into {where} of {FILE_NAME}.")
    if new:
        write_new_key(chosen.key_file)
    signer = read_signer(chosen, campaign=settings.folder)
    say("Put this TXT record into the DNS, in one piece or in several strings of at most 255 characters:\n")
    say(f"name:   {signer.record_name}\nvalue:  {signer.record}\n")
    say("Then outreach check says whether it can be found.")


def published(settings: Settings) -> Iterator[Finding]:
    """Whether others find the key that we sign with; nothing where the relay signs."""
    for dkim in dict.fromkeys([settings.dkim, *(relay.dkim for relay in settings.relays)]):
        if dkim is None:
            continue
        try:
            signer = read_signer(dkim, campaign=settings.folder)
            found = txt_records(signer.record_name)
        except OutreachError as problem:
            yield Finding("dkim", State.FAILED, str(problem))
        else:
            yield _compared(signer, found)


def _compared(signer: Signer, found: list[str]) -> Finding:
    ours = _tags(signer.record)["p"]
    # More than one record under a name is undefined (RFC 6376, 3.6.2.2): verifiers may take either.
    if [_tags(record).get("p") for record in found] == [ours]:
        return Finding("dkim", State.OK, f"Our mails are signed by {signer.domain}, and the DNS has the key.")
    what = "another key than ours" if found else "no record"
    return Finding(
        "dkim", State.FAILED, f"The DNS has {what} at {signer.record_name}: put there what outreach dkim shows."
    )


def _tags(record: str) -> dict[str, str]:
    """The tags of a record (RFC 6376, 3.2), without spaces."""
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in parts}
