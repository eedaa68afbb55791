"""The log takes additions only: the database itself refuses to change or delete an event, or a link of its chain."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REFUSAL = "the log is append-only"
#: What of a row's life is refused. A payload may be erased, never changed.
_REFUSED = (
    ("event", ("UPDATE", "DELETE")),
    ("log_link", ("UPDATE", "DELETE")),
    ("event_payload", ("UPDATE",)),
)
#: INSERT OR REPLACE deletes without asking the triggers for DELETE; so a row that is there must not be inserted again.
_ON_SQLITE = (
    ("event", "id = NEW.id"),
    ("log_link", "position = NEW.position OR event_id = NEW.event_id"),
)
#: TRUNCATE asks no trigger of a row.
_ON_POSTGRESQL = ("event", "log_link")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, acts in _REFUSED:
            for act in acts:
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        for table, is_there in _ON_SQLITE:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {is_there}) "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    for table, acts in _REFUSED:
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_log_change()"
            )
    for table in _ON_POSTGRESQL:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change()"
        )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, acts in _REFUSED:
        for act in acts:
            _drop(table, act.lower())
    for table in [name for name, _ in _ON_SQLITE] if is_sqlite else _ON_POSTGRESQL:
        _drop(table, "replace" if is_sqlite else "truncate")
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_log_change()")


def _drop(table: str, act: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER {table}_refuses_{act}" + ("" if is_sqlite else f" ON {table}"))
