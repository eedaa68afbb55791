"""A statement that is run for many rows at once: where each mail counts, at queueing, marking and settling.

SQLAlchemy makes every value of every row ready for the database, those too that are the same in all rows, and that
costs more than the database does. Here it is done once; the rules of the types (seals, times in UTC) hold as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler

_Ready = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one database."""

    sql: str
    names: tuple[str, ...]  #: of its values, in their order
    is_positional: bool
    constants: Mapping[str, Any]  #: the values that stand in the statement itself
    ready: Mapping[str, _Ready]  #: what makes a value ready, where its type asks for that


@dataclass(frozen=True, slots=True)
class Prepared:
    """An update with parameters, or an insert into these columns; all of them are given, for there are no defaults."""

    statement: Insert | Update
    columns: tuple[str, ...] | None = None
    _compiled: dict[str, _Compiled] = field(default_factory=dict, compare=False)

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]], **same: Any) -> int:
        """Run it for rows, each with its values by name; ``same`` are those of all. How many rows it touched."""
        if not rows:
            return 0
        compiled = self._for(connection.dialect)
        ready = compiled.ready
        given = {**compiled.constants, **same}
        common = {name: ready[name](value) if name in ready else value for name, value in given.items()}
        each = [(place, name, ready.get(name)) for place, name in enumerate(compiled.names) if name not in common]
        base = [common.get(name) for name in compiled.names]
        said = [_filled(base, each, row) for row in rows]
        if compiled.is_positional:
            return connection.exec_driver_sql(compiled.sql, said).rowcount
        return connection.exec_driver_sql(
            compiled.sql, [dict(zip(compiled.names, values, strict=True)) for values in said]
        ).rowcount

    def _for(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._compiled:
            columns = None if self.columns is None else list(self.columns)
            compiled = self.statement.compile(dialect=dialect, column_keys=columns)
            assert isinstance(compiled, SQLCompiler)
            binds = {name: bind for bind, name in compiled.bind_names.items()}
            makers = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
            self._compiled[dialect.name] = _Compiled(
                str(compiled),
                tuple(compiled.positiontup or binds),
                compiled.positional,
                {name: bind.value for name, bind in binds.items() if not bind.required},
                {name: maker for name, maker in makers.items() if maker is not None},
            )
        return self._compiled[dialect.name]


def _filled(base: list[Any], each: Sequence[tuple[int, str, _Ready | None]], row: Mapping[str, Any]) -> tuple[Any, ...]:
    values = base.copy()
    for place, name, ready in each:
        value = row[name]
        values[place] = value if ready is None else ready(value)
    return tuple(values)
