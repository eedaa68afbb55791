"""The public pages in a test: who comes by, and what was published, asked and invited before."""

from __future__ import annotations

from dataclasses import dataclass

from outreach import site
from outreach.bootstrap import Program
from outreach.steps import publish
from tests import cast
from tests.web.site import Answered, Visitor


@dataclass(frozen=True, slots=True)
class Place:
    """The running public pages of one campaign."""

    program: Program

    @property
    def url(self) -> str:
        assert self.program.settings.public is not None
        return self.program.settings.public.url

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.url)

    def get(self, path: str, **headers: str) -> Answered:
        """As a new visitor, without a cookie."""
        return self.visitor.get(path, **headers)

    def post(self, path: str, form: dict[str, str]) -> Answered:
        """As a browser sends a form of these pages: it hides where it comes from (no-referrer)."""
        return self.visitor.post(path, form, Origin="null")

    def publish(self) -> None:
        """Publish what may be printed."""
        program = self.program
        drafted = publish.draft(program.db, program.settings, cast.clock)
        folder, writers = program.settings.folder / "site", site.writers(program.settings)
        publish.publish(program.db, program.settings, drafted, folder, writers, cast.clock, actor="Bea")
