"""Answers to a mail about several lines: some yes, some no, some written anew. What is not sure waits for a person."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.model import Revision
from outreach.reading.numbered import Answer, numbered_answer
from outreach.reading.rewritten import rewritten
from outreach.steps.intake import answers, dispute, leaving
from outreach.steps.intake.case import Case, Ending, for_a_person, handled
from outreach.words import Kind, Lines


def answer(case: Case) -> Ending | None:
    """Act on an answer that names the lines by their numbers; None for every other message."""
    if case.answered_kind not in answers.SHOWING or case.is_forged or case.match.written is not None:
        return None
    entries = dict(case.entries())
    if len(entries) == 1:
        return _one_line(case, entries[1])
    said = numbered_answer(case.reading.reply_text, len(entries)) if entries else None
    if said is None or said.says_nothing:
        return None
    return _act(case, entries, said)


def _act(case: Case, entries: Mapping[int, Revision], said: Answer) -> Ending:
    settled = [entries[number] for number in sorted(said.yes) if answers.confirm_line(case, entries[number])]
    unclear = not said.whole or bool(said.wrong)
    for number, text in sorted(said.lines.items()):
        before = entries[number]
        lines = rewritten(text, before.printed_lines, case.desk.settings.languages)
        if lines is None:
            unclear = True
        elif answers.is_same(lines, before):
            settled += [before] if answers.confirm_line(case, before) else []
        else:
            settled.append(answers.revise(case, before, lines))
    for number in sorted(said.no):
        leaving.disown_line(case, entries[number])
    answers.tell(case, settled)
    if any(dispute.is_disputed(revision.signatory) for revision in settled):
        return dispute.ENDING
    if said.no:
        return leaving.not_theirs()
    if unclear or "question" in case.reading.also:
        return for_a_person("part of the answer is not clear: the rest is done")
    return handled()


def _one_line(case: Case, before: Revision) -> Ending | None:
    """The one line of the mail, written as it should be and nothing else: a yes to that."""
    if case.reading.kind not in (Kind.SIGNUP, Kind.CORRECTION, Kind.OTHER) or case.reading.also:
        return None
    lines = _written_anew(case, before)
    if lines is None:
        return None
    if not answers.is_same(lines, before):
        revision = answers.revise(case, before, lines)
        answers.tell(case, [revision])
        return dispute.ENDING if dispute.is_disputed(revision.signatory) else handled()
    if answers.confirm_line(case, before):
        answers.tell(case, [before])
    return handled()


def _written_anew(case: Case, before: Revision) -> Lines | None:
    text = case.reading.reply_text.strip()
    if not text or len(text.splitlines()) > 2 * len(before.printed_lines):
        return None
    return rewritten(text, before.printed_lines, case.desk.settings.languages)
