"""What is remembered while one mail is read, because several stages ask for the same, and forgotten right after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_MAX_ANSWERS: Final = 4096  #: of one function; a mail that is read to its end asks for fewer
_forgetters: Final[list[Callable[[], None]]] = []


def remembered(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A pure function that works out each answer once in a mail."""
    cached: Any = lru_cache(maxsize=_MAX_ANSWERS)(function)
    _forgetters.append(cached.cache_clear)
    return cached  # type: ignore[no-any-return]  # lru_cache forgets the parameters of what it wraps


def forget() -> None:
    """Keep nothing of what was read: no word of a mail stays in memory longer than the mail."""
    for clear in _forgetters:
        clear()
