"""Whatever happens to an entry in whatever order: what may print was answered for, seen, approved, and is not held.

Hypothesis plays coordinators, the organisation and time. Beside the program it keeps its own plain account of what
happened, and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from outreach.errors import IllegalMove, Refused
from outreach.letters.queue import Desk
from outreach.model import Coordinator, Revision, Signatory
from outreach.model.decision import state_of
from outreach.model.tally import Counted
from outreach.steps import attest, publish, review
from outreach.steps.attest import Said
from outreach.store import origins, tallies
from outreach.store.database import Database
from outreach.words import Channel, HoldKind, Proof, RejectReason, RevisionStatus, Seen
from tests import cast
from tests.cast import BERLIN, NOW

S = RevisionStatus
TEAM = ("Bea", "Cyrus")
who = st.sampled_from(TEAM)
which = st.integers(0, 5)
holds = st.sampled_from([kind for kind in HoldKind if kind is not HoldKind.EMBARGO])


class AnEntry(RuleBasedStateMachine):
    """One entry of a campaign, in a transaction that is thrown away."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._until = ExitStack()
        self.session = self._until.enter_context(db.trying())
        self.settings = cast.settings(Path("/campaigns/freedom"))
        self.desk = Desk(self.settings, cast.FakeRenderer(), db.keyring)
        self.now = NOW
        # Our own account.
        self.proven: set[int] = set()
        self.attested: dict[int, str] = {}
        self.countersigned: set[int] = set()
        self.approved: int | None = None
        self.held: set[HoldKind] = set()
        self.decided: list[Callable[[], None]] = []

    def teardown(self) -> None:
        self._until.close()

    @initialize()
    def begin(self) -> None:
        self.session.add_all(Coordinator(name=name, since=NOW) for name in TEAM)
        self.entry: Signatory = cast.signatory(
            self.session, email=None, status=S.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO
        )

    def clock(self) -> datetime:
        return self.now

    def revision(self, number: int) -> Revision:
        return self.entry.revisions[number % len(self.entry.revisions)]

    def refused(self, act: Callable[[], object]) -> bool:
        """Do it; where it is refused, nothing has changed."""
        self.session.flush()
        before = state_of(self.entry)
        try:
            act()
        except (Refused, IllegalMove):
            assert state_of(self.entry) == before
            return True
        self.session.flush()
        return False

    # ── the organisation ──

    @rule(has_secret=st.booleans())
    def writes_another_line(self, has_secret: bool) -> None:
        revision = self.entry.revise(lines=BERLIN, at=self.now, status=S.PENDING if has_secret else S.UNCONFIRMED)
        self.session.flush()
        if has_secret:
            revision.confirm(self.now, proof=Proof.MAILBOX)
            revision.supersede(self.now)
            self.proven.add(revision.id)

    @rule(number=which)
    def says_yes(self, number: int) -> None:
        revision = self.revision(number)
        if not self.refused(lambda: revision.confirm(self.now, proof=Proof.MAILBOX)):
            self.proven.add(revision.id)

    @rule()
    def withdraws(self) -> None:
        self.entry.withdraw(self.now, by="machine")
        self.approved = None

    @rule()
    def never_answers(self) -> None:
        self.refused(lambda: self.entry.newest.expire(self.now))

    # ── the coordinators ──

    @rule(actor=who)
    def calls_them(self, actor: str) -> None:
        said = Said(Channel.PHONE, "Rosa", self.now)
        done: list[Revision] = []
        if not self.refused(
            lambda: done.append(
                attest.attest(self.session, self.desk, self.entry.reference, said, self.clock, actor=actor).revision
            )
        ):
            self.attested[done[0].id] = actor

    @rule(actor=who)
    def countersigns(self, actor: str) -> None:
        done: list[Revision] = []
        if not self.refused(
            lambda: done.append(attest.countersign(self.session, self.entry.reference, self.clock, actor=actor))
        ):
            assert self.attested[done[0].id] != actor
            self.countersigned.add(done[0].id)

    @rule(actor=who)
    def approves(self, actor: str) -> None:
        done: list[Revision] = []
        before = self.approved
        if not self.refused(
            lambda: done.append(review.approve(self.session, self.entry.reference, self.clock, actor=actor))
        ):
            self.approved = done[0].id
            self.decided.append(lambda: setattr(self, "approved", before))

    @rule(actor=who)
    def rejects(self, actor: str) -> None:
        reference = self.entry.reference
        reason = RejectReason.SPAM
        if not self.refused(lambda: review.reject(self.session, self.desk, reference, reason, self.clock, actor=actor)):
            self.decided.append(lambda: None)

    @rule(actor=who, kind=holds)
    def holds_it(self, actor: str, kind: HoldKind) -> None:
        reference = self.entry.reference
        if not self.refused(lambda: review.hold(self.session, reference, "", self.clock, actor=actor, kind=kind)):
            self.held.add(kind)
            self.decided.append(lambda: self.held.discard(kind))

    @rule(actor=who, kind=holds)
    def lifts_it(self, actor: str, kind: HoldKind) -> None:
        reference = self.entry.reference
        if not self.refused(lambda: review.lift(self.session, reference, kind, self.clock, actor=actor)):
            self.held.discard(kind)
            self.decided.append(lambda: self.held.add(kind))

    @rule(actor=who)
    def takes_it_back(self, actor: str) -> None:
        if not self.refused(lambda: review.undo(self.session, self.entry.reference, self.clock, actor=actor)):
            self.decided.pop()()

    @rule(minutes=st.sampled_from([1, 9, 11, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # ── what always holds ──

    @invariant()
    def at_most_one_line_is_approved_and_it_is_the_one_that_was(self) -> None:
        found = [revision.id for revision in self.entry.revisions if revision.status is S.APPROVED]
        assert found == ([self.approved] if self.approved is not None else [])

    @invariant()
    def it_is_counted_where_it_is_from_once_and_while_it_is_approved(self) -> None:
        self.session.flush()
        assert origins.kept(self.session).total() == (self.approved is not None)
        assert tallies.total(self.session, Counted.SIGNED) == 1

    @invariant()
    def what_may_print_is_exactly_what_our_own_account_allows(self) -> None:
        for revision in self.entry.revisions:
            answered = revision.id in self.proven or revision.id in self.countersigned
            allowed = revision.id == self.approved and answered and not self.held
            lacking = publish.what_lacks(self.session, self.settings, revision, self.now)
            assert (lacking == ()) is allowed, lacking


def test_what_may_print_is_what_was_answered_for_seen_approved_and_not_held(db: Database) -> None:
    often = hypothesis_settings(max_examples=60, stateful_step_count=30)
    run_state_machine_as_test(lambda: AnEntry(db), settings=often)  # type: ignore[arg-type]  # a factory does
