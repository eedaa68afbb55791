"""Tests of the project itself: its gates, its files, its wheel."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command at the top of the checkout with the checkout's own code importable."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
