"""Which pages there are, who may open each, and what answers: the one table. ``gate`` holds to it.

A row without a role is open to everybody. A POST changes something; a GET never does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from outreach.model import TeamRole
from outreach.web.answers import Answer, Visit
from outreach.web.pages import bulk, case, decisions, entrance, queue, today

_VIEWER, _REVIEWER = TeamRole.VIEWER, TeamRole.REVIEWER


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
    Row("POST", "/queue/{reference}/refile", _REVIEWER, decisions.refile),
    Row("POST", "/queue/{reference}/undo", _REVIEWER, decisions.undo),
)
