"""What every table shares: the declarative base, times in UTC, enums by value, and sealed columns.

A sealed column is written through a descriptor (``SealedText``, ``SealedJson``). What is assigned
waits in the column attribute as ``Plain``; ``seal_pending`` turns it into sealed octets before each
flush. The column type refuses any value without the seal's header, so nothing gets past it, by no
path.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar, overload

from sqlalchemy import Dialect, LargeBinary, MetaData, String, event, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, object_session
from sqlalchemy.types import DateTime, TypeDecorator

from outreach.errors import SealBroken
from outreach.sealing import HEADER, Keyring, new_ref

KEYRING = "keyring"  #: where a session's keys stand in ``Session.info``


class Plain(bytes):
    """Octets that wait in a sealed column to be sealed; they must never reach the database."""


class SealedBytes(TypeDecorator[bytes]):
    """A binary column that takes sealed values only."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and (isinstance(value, Plain) or not value.startswith(HEADER)):
            raise SealBroken("A value was about to be written unsealed.")
        return value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC on both databases; SQLite gives it back without zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


E_ = TypeVar("E_", bound=Enum)


class ByValue(TypeDecorator[E_], Generic[E_]):
    """An enum kept as its value, so that the database can be read without the code."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[E_]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E_ | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.enum(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E_ | None:
        return None if value is None else self.enum(value)


class Base(DeclarativeBase):
    """All tables. ``ref`` names a row before the database has numbered it; seals are bound to it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}


class Sealing:
    """Mixin of the tables that hold sealed columns."""

    __tablename__: str
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("ref", new_ref())
        # A new row says at once what its columns would default to, not only after a flush.
        for column in inspect(type(self)).columns:
            if column.default is not None and column.default.is_scalar:
                values.setdefault(column.key, column.default.arg)
        super().__init__(**values)


class _Sealed:
    """A descriptor over the column ``<name>_sealed`` of the same class."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"{name}_sealed"

    def _plain(self, row: Sealing) -> bytes | None:
        value: bytes | None = getattr(row, self.column)
        if value is None or isinstance(value, Plain):
            return value
        session = object_session(row)
        if session is None:
            raise SealBroken("A sealed value can only be read inside a session.")
        return _keyring(session).open(value, table=row.__tablename__, column=self.column, ref=row.ref)

    def _hold(self, row: Sealing, plain: bytes | None) -> None:
        setattr(row, self.column, None if plain is None else Plain(plain))


class SealedText(_Sealed):
    """Text in a sealed column; None where the column is empty."""

    @overload
    def __get__(self, row: None, owner: type) -> SealedText: ...
    @overload
    def __get__(self, row: Sealing, owner: type) -> str | None: ...
    def __get__(self, row: Sealing | None, owner: type) -> str | SealedText | None:
        if row is None:
            return self
        plain = self._plain(row)
        return None if plain is None else plain.decode()

    def __set__(self, row: Sealing, value: str | None) -> None:
        self._hold(row, None if value is None else value.encode("utf-8", "replace"))


class SealedOctets(_Sealed):
    """Octets in a sealed column; None where the column is empty."""

    @overload
    def __get__(self, row: None, owner: type) -> SealedOctets: ...
    @overload
    def __get__(self, row: Sealing, owner: type) -> bytes | None: ...
    def __get__(self, row: Sealing | None, owner: type) -> bytes | SealedOctets | None:
        return self if row is None else self._plain(row)

    def __set__(self, row: Sealing, value: bytes | None) -> None:
        self._hold(row, value)


class SealedJson(_Sealed):
    """A JSON object in a sealed column; an empty dict where the column is empty."""

    @overload
    def __get__(self, row: None, owner: type) -> SealedJson: ...
    @overload
    def __get__(self, row: Sealing, owner: type) -> dict[str, Any]: ...
    def __get__(self, row: Sealing | None, owner: type) -> dict[str, Any] | SealedJson:
        if row is None:
            return self
        plain = self._plain(row)
        found: dict[str, Any] = json.loads(plain) if plain else {}
        return found

    def __set__(self, row: Sealing, value: dict[str, Any] | None) -> None:
        self._hold(row, None if value is None else json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _keyring(session: Session) -> Keyring:
    keyring: Keyring = session.info[KEYRING]
    return keyring


def seal_pending(session: Session) -> None:
    """Seal every value that waits unsealed in a row of this session."""
    keyring = _keyring(session)
    for row in (*session.new, *session.dirty):
        if not isinstance(row, Sealing):
            continue
        for column, value in list(vars(row).items()):
            if isinstance(value, Plain):
                sealed = keyring.seal(bytes(value), table=row.__tablename__, column=column, ref=row.ref)
                setattr(row, column, sealed)


@event.listens_for(Session, "before_flush")
def _seal_before_flush(session: Session, *_: object) -> None:
    if KEYRING in session.info:
        seal_pending(session)
