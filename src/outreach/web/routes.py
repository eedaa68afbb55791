"""Which pages there are, who may open each, and what answers: the one table. ``gate`` holds to it.

A row without a role is open to everybody. A POST changes something; a GET never does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from outreach.model import TeamRole
from outreach.web.answers import Answer, Visit
from outreach.web.pages import (
    adding,
    bulk,
    calls,
    campaign,
    case,
    decisions,
    entrance,
    log,
    mails,
    messages,
    outbox,
    prospects,
    questions,
    queue,
    team,
    today,
    yes,
)

_VIEWER, _REVIEWER, _ADMIN = TeamRole


@dataclass(frozen=True, slots=True)
class Row:
    method: Literal["GET", "POST"]
    path: str
    needs: TeamRole | None
    answer: Callable[[Visit], Answer]


ROWS: Final = (
    Row("GET", "/sign-in", None, entrance.sign_in_page),
    Row("POST", "/sign-in", None, entrance.sign_in),
    Row("GET", "/welcome/{token}", None, entrance.welcome_page),
    Row("POST", "/welcome/{token}", None, entrance.enrol),
    Row("POST", "/language", None, entrance.choose_language),
    Row("POST", "/sign-out", _VIEWER, entrance.sign_out),
    Row("GET", "/", _VIEWER, today.page),
    Row("GET", "/queue", _VIEWER, queue.page),
    Row("GET", "/queue/bulk", _REVIEWER, bulk.page),
    Row("POST", "/queue/bulk", _REVIEWER, bulk.approve),
    Row("GET", "/queue/{reference}", _VIEWER, case.page),
    Row("POST", "/queue/{reference}/presence", _VIEWER, case.presence),
    Row("POST", "/queue/{reference}/approve", _REVIEWER, decisions.approve),
    Row("POST", "/queue/{reference}/reject", _REVIEWER, decisions.reject),
    Row("POST", "/queue/{reference}/ask", _REVIEWER, decisions.ask),
    Row("POST", "/queue/{reference}/edit", _REVIEWER, decisions.edit),
    Row("POST", "/queue/{reference}/hold", _REVIEWER, decisions.hold),
    Row("POST", "/queue/{reference}/lift", _REVIEWER, decisions.lift),
    Row("POST", "/queue/{reference}/merge", _REVIEWER, decisions.merge),
    Row("POST", "/queue/{reference}/relate", _REVIEWER, decisions.relate_),
    Row("POST", "/queue/{reference}/unrelate", _REVIEWER, decisions.unrelate),
    Row("POST", "/queue/{reference}/refile", _REVIEWER, decisions.refile),
    Row("POST", "/queue/{reference}/undo", _REVIEWER, decisions.undo),
    Row("GET", "/questions", _VIEWER, questions.page),
    Row("GET", "/questions/{reference}", _VIEWER, questions.one),
    Row("POST", "/questions/{reference}/own", _REVIEWER, questions.own),
    Row("POST", "/questions/{reference}/answer", _REVIEWER, questions.answer),
    Row("POST", "/questions/{reference}/close", _REVIEWER, questions.close),
    Row("GET", "/messages", _VIEWER, messages.page),
    Row("GET", "/messages/{reference}", _VIEWER, messages.one),
    Row("GET", "/messages/{reference}/html", _VIEWER, messages.html),
    Row("POST", "/messages/{reference}/refile", _REVIEWER, messages.refile),
    Row("GET", "/messages/{reference}/reread", _REVIEWER, messages.reread_page),
    Row("POST", "/messages/{reference}/reread", _REVIEWER, messages.reread),
    Row("POST", "/messages/{reference}/close", _REVIEWER, messages.close),
    Row("GET", "/phone", _VIEWER, calls.page),
    Row("GET", "/phone/new", _REVIEWER, yes.form),
    Row("POST", "/phone/look", _REVIEWER, yes.look),
    Row("POST", "/phone/change", _REVIEWER, yes.change),
    Row("POST", "/phone/take", _REVIEWER, yes.take),
    Row("GET", "/phone/entries/{reference}", _VIEWER, calls.entry),
    Row("POST", "/phone/entries/{reference}/attest", _REVIEWER, calls.attest),
    Row("POST", "/phone/entries/{reference}/countersign", _REVIEWER, calls.countersign),
    Row("GET", "/outbox", _VIEWER, outbox.page),
    Row("POST", "/outbox/pause", _REVIEWER, outbox.pause),
    Row("POST", "/outbox/resume", _REVIEWER, outbox.resume),
    Row("POST", "/outbox/retry", _REVIEWER, outbox.retry_all),
    Row("GET", "/outbox/{reference}", _VIEWER, outbox.one),
    Row("POST", "/outbox/{reference}/settle", _REVIEWER, outbox.settle),
    Row("POST", "/outbox/{reference}/retry", _REVIEWER, outbox.retry),
    Row("POST", "/outbox/{reference}/cancel", _REVIEWER, outbox.cancel),
    Row("GET", "/campaign", _VIEWER, campaign.page),
    Row("GET", "/prospects", _VIEWER, prospects.page),
    Row("GET", "/prospects/new", _REVIEWER, adding.page),
    Row("POST", "/prospects/add", _REVIEWER, adding.add),
    Row("POST", "/prospects/preview", _REVIEWER, adding.preview),
    Row("POST", "/prospects/import", _REVIEWER, adding.take),
    Row("GET", "/prospects/{reference}", _VIEWER, prospects.one),
    Row("POST", "/prospects/{reference}/pause", _REVIEWER, prospects.pause),
    Row("POST", "/prospects/{reference}/resume", _REVIEWER, prospects.resume),
    Row("POST", "/prospects/{reference}/release", _REVIEWER, prospects.release),
    Row("POST", "/prospects/{reference}/note", _REVIEWER, prospects.note),
    Row("POST", "/prospects/{reference}/suppress", _REVIEWER, prospects.suppress),
    Row("GET", "/mails", _VIEWER, mails.page),
    Row("GET", "/mails/html", _VIEWER, mails.html),
    Row("GET", "/log", _VIEWER, log.page),
    Row("POST", "/log/verify", _VIEWER, log.verify),
    Row("GET", "/team", _VIEWER, team.page),
    Row("POST", "/team/add", _ADMIN, team.add),
    Row("POST", "/team/link", _ADMIN, team.link),
    Row("POST", "/team/role", _ADMIN, team.role),
    Row("POST", "/team/revoke", _ADMIN, team.revoke),
)
