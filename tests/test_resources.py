from __future__ import annotations

from pathlib import Path

import pytest

from outreach.errors import OutreachError
from outreach.resources import migrations, templates


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("src/outreach", "templates", "db"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def test_folders_of_the_checkout_are_found_when_none_lie_beside_the_package(checkout: Path) -> None:
    package = checkout / "src/outreach"
    assert (templates(package), migrations(package)) == (checkout / "templates", checkout / "db")


def test_folders_beside_the_package_come_first(checkout: Path) -> None:
    package = checkout / "src/outreach"
    (package / "templates").mkdir()
    (package / "migrations").mkdir()
    assert (templates(package), migrations(package)) == (package / "templates", package / "migrations")


@pytest.mark.parametrize("find", [templates, migrations])
def test_incomplete_installation_is_named(find: object, tmp_path: Path) -> None:
    assert callable(find)
    with pytest.raises(OutreachError, match="Install it again"):
        find(tmp_path / "src/outreach")


def test_this_checkout_is_complete() -> None:
    assert templates().is_dir()
    assert migrations().is_dir()
