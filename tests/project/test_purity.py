"""What import-linter cannot see: what Python really loads when `outreach.reading` is used."""

from __future__ import annotations

import sys

from tests.project import ROOT, run

# Not socket: the standard library's own email.utils loads it.
UNWANTED = ["imapclient", "imaplib", "jinja2", "smtplib", "sqlalchemy", "sqlite3", "ssl"]

PROGRAM = """
import importlib, sys
for module in {modules!r}:
    importlib.import_module(module)
print(*[name for name in {unwanted!r} if name in sys.modules])
"""


def test_reading_loads_neither_database_nor_servers() -> None:
    source = ROOT / "src"
    files = [path.relative_to(source).with_suffix("") for path in (source / "outreach/reading").rglob("*.py")]
    modules = [".".join(path.parts).removesuffix(".__init__") for path in files]
    result = run([sys.executable, "-c", PROGRAM.format(modules=modules, unwanted=UNWANTED)])
    assert (result.stdout.split(), result.stderr) == ([], "")
