"""References: found however they are typed, unique in their table, and never a character that is misheard."""

from __future__ import annotations

import pytest

from outreach.errors import Refused
from outreach.model import OutboxMail, Prospect, Signatory
from outreach.store import references
from outreach.store.database import Database
from outreach.words import REFERENCE
from tests import cast


@pytest.mark.parametrize(
    "typed", ["K7Q2-M9PX", "k7q2-m9px", " K7Q2 M9PX ", "k7q2m9px", "K7Q2–M9PX", "Ref. K7Q2-M9PX"[5:]]
)
def test_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert references.normal(typed) == "K7Q2-M9PX"


def test_new_reference_has_no_character_that_is_taken_for_another(db: Database) -> None:
    with db.reading() as session:
        made = {references.new_reference(session, Signatory) for _ in range(200)}
    assert len(made) == 200
    assert all(REFERENCE.fullmatch(reference) for reference in made)
    assert not set("".join(made)) & set("01ILOU")


def test_list_goes_on_after_a_record_of_its_own_table_only(db: Database) -> None:
    with db.writing() as session:
        prospect = cast.prospect(session)
        assert references.id_of(session, Prospect, prospect.reference) == prospect.id
        assert references.id_of(session, Prospect, None) == 0
        with pytest.raises(Refused, match="There is nothing with the reference"):
            references.id_of(session, OutboxMail, prospect.reference)
