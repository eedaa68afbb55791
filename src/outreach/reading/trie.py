"""The one module that imports marisa-trie, which has no types: words to bytes, memory-mapped from a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import marisa_trie


class WordTrie:
    """Words, each with one or several byte strings; read only, shared by all processes that opened the file."""

    def __init__(self, trie: marisa_trie.BytesTrie) -> None:
        self._trie = trie

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map the file; raises ``OSError`` if it cannot be read."""
        return cls(marisa_trie.BytesTrie().mmap(str(path)))

    @classmethod
    def build(cls, entries: Iterable[tuple[str, bytes]]) -> Self:
        """A trie of the entries, in memory. The words that occur often lie near the root."""
        return cls(marisa_trie.BytesTrie(entries, order=marisa_trie.LABEL_ORDER))

    def save(self, path: Path) -> None:
        self._trie.save(str(path))

    def get(self, word: str) -> list[bytes]:
        """The values of the word, none if it is not there."""
        values: list[bytes] = self._trie.get(word) or []
        return values

    def begins_some_word(self, text: str) -> bool:
        """Whether some word begins with the text."""
        return next(self._trie.iterkeys(text), None) is not None

    def __len__(self) -> int:
        return len(self._trie)
