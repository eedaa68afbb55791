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


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, acts in _REFUSED:
            for act in acts:
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
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


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, acts in _REFUSED:
        for act in acts:
            op.execute(f"DROP TRIGGER {table}_refuses_{act.lower()}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_log_change()")
