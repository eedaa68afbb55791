"""Build hook: puts the top-level ``templates/`` and ``db/`` into wheels, beside the package's code.

Only into ``standard`` wheels. An editable install finds both folders in the checkout (see
``outreach.resources``); copies of them in site-packages would grow stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = {"templates": "outreach/templates", "db": "outreach/migrations"}


class CustomBuildHook(BuildHookInterface[BuilderConfig]):
    """Found by hatchling under this name."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """``version`` is the kind of wheel: "standard" or "editable"."""
        if version != "standard":
            return
        for folder, inside_wheel in FOLDERS.items():
            build_data["force_include"][str(Path(self.root, folder))] = inside_wheel
