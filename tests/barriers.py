"""Pages as a browser sees them: what axe finds on one, what a form of it leads to, and which templates were shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: The narrowest phone that is thought of, in CSS pixels.
PHONE = {"width": 360, "height": 740}
_AXE = Axe()
_SEND = """([path, form]) => {
  const sent = document.createElement("form"), token = document.querySelector("[name=token]");
  sent.method = "post"; sent.action = path;
  for (const [name, value] of Object.entries({ ...(token && { token: token.value }), ...form })) {
    const field = document.createElement("textarea");
    field.name = name; field.value = value; sent.append(field);
  }
  document.body.append(sent); sent.submit();
}"""


def look(page: Page, name: str) -> None:
    """The page that is open has no barrier that axe knows, with all of it unfolded, and is no wider than a phone."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = _AXE.run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], name
    wide = page.viewport_size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict of these two
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], (name, width)
    if wide is not None:
        page.set_viewport_size(wide)


def send(page: Page, path: str, form: Mapping[str, str]) -> None:
    """As a form of the page that is open is sent, with its token."""
    with page.expect_navigation():
        page.evaluate(_SEND, [path, dict(form)])


def shown_by(pages: type, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Which templates ``pages`` fills from now on."""
    shown: set[str] = set()
    respond = pages.respond  # type: ignore[attr-defined]  # both applications have one

    def recorded(self: object, page: object, *more: object) -> object:
        shown.add(page.template)  # type: ignore[attr-defined]  # a response of templates has one
        return respond(self, page, *more)

    monkeypatch.setattr(pages, "respond", recorded)
    return shown


def templates_in(folder: Path) -> set[str]:
    """The templates of a folder that are pages of their own."""
    return {path.name for path in folder.glob("[!_]*.html")} - {"base.html"}
