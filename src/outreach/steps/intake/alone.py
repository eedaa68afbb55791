"""A word sent alone: "status", "help", "withdraw", or "correct: …" with the line.

Whoever asks learns about the entries of the very address that asks, and of nobody else's.
"""

from __future__ import annotations

from typing import Final

from outreach.letters import replying
from outreach.model import Revision, Signatory
from outreach.reading.lexicon import words
from outreach.reading.rewritten import rewritten
from outreach.reading.shortwords import Word, corrected_line, said_alone
from outreach.steps.intake import answers, dispute, leaving
from outreach.steps.intake.case import Case, Ending, for_a_person, handled
from outreach.store import signatories
from outreach.words import MACHINE_KINDS, Lines

#: So many words may stand below the word: a greeting and a name.
_BELOW: Final = 10


def answer(case: Case) -> Ending | None:
    """Act on a word that is the whole message; None for every other message."""
    if case.reading.kind in MACHINE_KINDS or not case.reading.clues.may_be_answered or case.match.written is not None:
        return None
    text = case.reading.reply_text.strip()
    line = corrected_line(text)
    if line is not None:
        return _correct(case, line)
    match _word(text, case.reading.parts.get("subject", "")):
        case Word.STATUS:
            return _tell_status(case)
        case Word.HELP:
            return _help(case)
        case Word.WITHDRAW if case.signatories():
            return leaving.withdraw(case, in_one_word=True)
        case _:
            return None


def _word(text: str, subject: str) -> Word | None:
    first, _, below = text.partition("\n")
    if not text:
        return said_alone(subject)
    return said_alone(first) if len(words(below)) <= _BELOW and "?" not in below else None


def _tell_status(case: Case) -> Ending:
    """The same to everybody who asks: what this very address has, or that it has nothing."""
    sender, sender_hash = case.reading.clues.sender, case.message.sender_hash
    if sender is None or sender_hash is None or case.is_forged:
        return for_a_person("asks for the status, but nobody can be answered")
    own = [one for one in signatories.with_contact(case.session, sender_hash) if not one.is_withheld]
    if case.may_write(sender):
        replying.status(case.session, case.desk, case.message, own, case.now)
    return handled("the status was told")


def _help(case: Case) -> Ending:
    sender = case.reading.clues.sender
    if sender is None or case.is_forged:
        return for_a_person("asks for help, but nobody can be answered")
    if case.may_write(sender):
        replying.help_(case.session, case.desk, case.message, case.now)
    return handled("help was sent")


def _correct(case: Case, line: str) -> Ending | None:
    """The one entry of theirs of which this is a new wording; by our secret it counts, else it is asked about."""
    meant = [(one, lines) for one in case.signatories() if (lines := _anew(case, one, line)) is not None]
    if len(meant) != 1:
        return for_a_person("a correction, but of which entry?") if case.signatories() else None
    signatory, lines = meant[0]
    before = signatory.newest
    if answers.is_same(lines, before):
        return handled("nothing to correct")
    revision: Revision = answers.revise(case, before, lines)
    answers.tell_if_proven(case, revision)
    return dispute.ENDING if dispute.is_disputed(signatory) else handled()


def _anew(case: Case, signatory: Signatory, line: str) -> Lines | None:
    return rewritten(line, signatory.newest.printed_lines, case.desk.settings.languages)
