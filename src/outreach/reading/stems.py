"""Beginnings of words, by which the words of many languages are known whatever their endings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LETTERS: Final = 2  #: by which beginnings are looked up; each has as many or more


class Stems:
    """Beginnings under their first letters: most words share these with none, and no beginning is tried on them."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._alike: dict[str, tuple[str, ...]] = {}
        for stem in stems:
            if len(stem) < _LETTERS:
                raise ValueError(f"{stem!r} begins too many words")
            self._alike[stem[:_LETTERS]] = (*self._alike.get(stem[:_LETTERS], ()), stem)

    def begin(self, word: str) -> bool:
        """Whether the word begins with one of them."""
        alike = self._alike.get(word[:_LETTERS])
        return alike is not None and word.startswith(alike)

    def begin_any(self, words: Iterable[str]) -> bool:
        """Whether one of the words begins with one of them."""
        return any(map(self.begin, words))
