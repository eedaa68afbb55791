"""The demo as a newcomer meets it: one command, exit 0 only if what came out is what went in."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import outreach
from outreach.demo.cast import CALLED, INVITED, UNINVITED
from outreach.demo.delivery import PostOffice
from outreach.words import ProspectStatus
from tests.servers.databases import KINDS, databases_for

pytestmark = pytest.mark.slow

CHOIR = "secretary@harbour-choir.example"


@dataclass(frozen=True)
class Played:
    """A demo that has run: its exit code, what it printed, and the folder it left."""

    exit_code: int
    output: str
    folder: Path


def play(folder: Path, *more: str) -> Played:
    result = CliRunner().invoke(outreach, ["demo", "--keep", str(folder), *more])
    return Played(result.exit_code, result.output, folder)


@pytest.fixture(scope="module", params=KINDS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with databases_for(request) as databases:
        yield play(tmp_path_factory.mktemp("demo") / "kept", "--database", databases.for_init())


def lose(monkeypatch: pytest.MonkeyPatch, lost: Callable[[str, bytes], bool]) -> None:
    """Have the mail server lose mails, by sender and content."""
    take = PostOffice.take

    def careless(self: PostOffice, sender: str, recipient: str, content: bytes, host: str) -> None:
        if not lost(sender, content):
            take(self, sender, recipient, content, host)

    monkeypatch.setattr(PostOffice, "take", careless)


def test_the_demo_ends_well_when_nothing_is_lost(played: Played) -> None:
    assert (played.exit_code, played.output.splitlines()[-1]) == (0, "What came out is exactly what went in.")


def test_the_list_holds_every_signatory_in_both_scripts_and_nobody_else(played: Played) -> None:
    manifest = json.loads((played.folder / "published" / "manifest.json").read_text())
    printed = {frozenset(lines.items()) for lines in manifest["lines"]}
    by_mail = {frozenset(lines.items()) for org in (*INVITED, *UNINVITED) for lines in org.lines}
    assert printed == {*by_mail, frozenset(CALLED.lines.items())}
    assert manifest["count"] == 11


def test_the_list_is_shown_at_the_end(played: Played) -> None:
    fa = "انجمن زندانیان سیاسی پیشین – هامبورگ – آلمان"
    en = "Association of Former Political Prisoners – Hamburg – Germany"
    assert f"{fa}\n{en}\n" in played.output


def test_the_line_that_somebody_signed_in_anothers_name_is_nowhere_published(played: Played) -> None:
    published = "".join(path.read_text() for path in (played.folder / "published").iterdir())
    assert "Women Lawyers" not in published


def test_who_was_called_is_attested_by_one_coordinator_and_countersigned_by_another(played: Played) -> None:
    environment = {"OUTREACH_KEY_FILE": str(played.folder / "demo.key")}
    campaign = played.folder / "campaign"

    def look(*words: str) -> str:
        return CliRunner().invoke(outreach, ["-C", str(campaign), *words], env=environment).stdout

    listed = json.loads(look("signatories", "list", "--json"))["items"]
    [reference] = [item["reference"] for item in listed if item["proof"] == "attested"]
    said = json.loads(look("queue", "show", reference, "--json"))["attestation"]
    assert (said["channel"], said["attested_by"], said["countersigned_by"], said["single"]) == (
        "phone",
        "Mina Rahimi",
        "Reza Navid",
        False,
    )


def test_all_mails_are_left_as_eml(played: Played) -> None:
    mails = [message_from_bytes(path.read_bytes()) for path in (played.folder / "mails").glob("*.eml")]
    answers = sum(org.mails for org in (*INVITED, *UNINVITED))
    bounces = sum(not org.exists for org in INVITED)
    assert sum(mail["From"].endswith("<contact@campaign.example>") for mail in mails) == len(mails) - answers - bounces
    assert all(mail["Message-ID"] and mail["Date"] for mail in mails)


def test_the_key_lies_outside_the_campaign_and_is_its_owners_alone(played: Played) -> None:
    assert stat.S_IMODE((played.folder / "demo.key").stat().st_mode) == 0o600
    assert not list((played.folder / "campaign").rglob("*.key"))


def test_no_address_lies_readable_in_the_campaigns_folder(played: Played) -> None:
    kept = b"".join(path.read_bytes() for path in (played.folder / "campaign").rglob("*") if path.is_file())
    assert not [org.address for org in (*INVITED, *UNINVITED) if org.address.encode() in kept]


def test_twelve_are_invited_and_one_is_to_be_called(played: Played) -> None:
    assert len(INVITED) == 12
    assert "12 new, 1 to call" in played.output


def test_every_way_an_invitation_can_end_is_played() -> None:
    assert {org.status for org in INVITED} == set(ProspectStatus) - {ProspectStatus.LISTED}


def test_a_lost_answer_is_named_and_the_demo_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, lambda sender, content: sender == CHOIR and b"that is right" in content)
    ended = play(tmp_path / "kept")
    assert ended.exit_code == 1
    assert "is not printed: Harbour Workers' Choir – Bristol – United Kingdom" in ended.output
    assert f"{CHOIR} must have written 2 mails and has written 1" in ended.output


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    ended = play(tmp_path)
    assert (ended.exit_code, ended.output) == (1, f"outreach: {tmp_path} is not empty; name a new folder.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
