"""Every word of the pages is there in every language, and says the same."""

from __future__ import annotations

from enum import StrEnum

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from outreach import resources
from outreach.calls import Why
from outreach.model import TeamRole
from outreach.model.throttle import HaltCause
from outreach.steps.access import SHORTEST_PASSWORD
from outreach.steps.importing import Outcome
from outreach.steps.reread import Consequence
from outreach.store import facets
from outreach.web.filters import AGES
from outreach.web.pages import calls, campaign, messages, outbox, prospects, questions
from outreach.web.pages.queue import SAID
from outreach.web.render import LANGUAGES
from outreach.words import (
    AuthResult,
    Channel,
    HoldKind,
    InboundStatus,
    Kind,
    MailKind,
    OutboxStatus,
    PauseReason,
    Proof,
    ProspectStatus,
    RejectReason,
    RelationKind,
    RevisionStatus,
    Seen,
    SuppressionScope,
)

_WEB = resources.templates() / "web"
_SHOWN: tuple[type[StrEnum], ...] = (
    AuthResult, Channel, HaltCause, HoldKind, InboundStatus, Kind, MailKind, OutboxStatus, Proof, RejectReason,
    RevisionStatus, Seen, TeamRole, Why, Outcome, PauseReason, ProspectStatus, RelationKind, SuppressionScope,
    Consequence,
)  # fmt: skip
_FURTHER = (
    "questions",
    "owned",
    "as it came",
    "to review",
    "asked by us",
    "not confirmed",
    "mails for a person",
    "to be sent",
    "in doubt",
    "failed",
    "kind",
    "also",
    "needs human",
    "individual",
    "contact person",
    "email",
    "action",
    "greeting",
    "personal line",
    "sender",
    "sign off",
    *("signatory", "prospect", "mail", "message", "wave", "coordinator", "campaign", "queue", "sending"),
    *("prospects", "signatories", "corrections"),
)
_PARTS = ("new", "signature", "forwarded", "quoted", "attachment", "subject", "from", "name", "city", "country")


def spoken() -> set[str]:
    """What the templates say, and the words of ours that they show."""
    method = [("**.html", "jinja2.ext.babel_extract")]
    found = {message for _, _, message, _, _ in extract_from_dir(_WEB, method_map=method)}
    words = {str(one).replace("_", " ") for enum in _SHOWN for one in enum}
    singular = {message[0] if isinstance(message, tuple) else message for message in found}
    pages = (calls, messages, outbox, prospects, questions)
    said = {*SAID.values(), *(word for page in pages for word in page.SAID.values())}
    values = {
        facets.FORM,
        facets.INDIVIDUAL,
        facets.YES,
        facets.NO,
        *facets.CONFIDENCES,
        *(words for words, *_ in AGES.values()),
    }
    return singular | words | said | values | {*campaign.STEPS, *_FURTHER, *_PARTS}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_word_of_the_pages_has_its_translation(language: str) -> None:
    with (_WEB / "words" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.string}
    assert sorted(spoken() - known) == []
    for message in catalogue:
        problems = list(message.check(catalogue))
        assert not problems, (message.id, problems)


def test_shortest_password_is_said_in_the_catalogue_as_it_is() -> None:
    text = (_WEB / "words" / "fa.po").read_text(encoding="utf-8")
    assert f"A password has at least {SHORTEST_PASSWORD} characters." in text


def test_no_word_of_the_pages_is_taken_for_a_tag() -> None:
    """What stands in a template is not escaped: "Name <address>" would open an element."""
    assert [one for one in spoken() if "<" in one] == []
