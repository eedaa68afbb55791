"""The words of HTML in which no tag hides, moves or swallows a word, told without a parser: for ``shown``.

Most twins of a plain text are such HTML. Whatever is not surely read as a parser reads it is left to the parser.
"""

from __future__ import annotations

import html as entities
import re
from typing import Final

from outreach.reading.looks import hidden_by_sheet, may_hide

#: Attributes that end where they seem to: each value in double quotes right behind its "=", or without any, and no
#: "<" or ">" in it.
_ATTRIBUTES: Final = r"(?=[\s/>])[^<>\"'=`]*+(?:=(?:\"[^\"<>]*+\"|[^\s\"'<>=`]++)[^<>\"'=`]*+)*+>"
#: Tags of elements whose text stays where it is written.
_PLAIN_TAG = re.compile(
    r"</?(?:a|b|big|blockquote|body|br|center|div|em|font|h[1-6]|hr|html|i|img|li|meta|o:p|p|s|small|"
    rf"span|strong|su[bp]|u|ul){_ATTRIBUTES}",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"\s*+(?:<!doctype html>\s*+)?<html{_ATTRIBUTES}\s*+<head>\s*+"
    rf"(?:<meta{_ATTRIBUTES}\s*+|<style{_ATTRIBUTES}(?:\s*+<!--)?+[^<]*+</style>\s*+)*+</head>",
    re.IGNORECASE,
)
#: The references that no reader of HTML disagrees about.
_REFERENCE = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|copy|euro|hellip|bull|middot|[lr][sd]quo|[lr]aquo|[bs]dquo|[nm]dash|szlig|"
    r"[A-Za-z](?:uml|acute|grave|circ|tilde|cedil|ring|elig|slash)|#39|#x27|#160|#82\d\d);"
)
_NO_REFERENCE: Final = "\0"


def words_between(source: str) -> str | None:
    """All words in their order, with spaces where tags were; None if that is not sure, or some may not be seen."""
    head = _HEAD.match(source)
    if head and hidden_by_sheet(head[0]):
        return None
    text, *pieces = (source[head.end() :] if head else source).split("<")
    inside, ends, behind = zip(*(piece.partition(">") for piece in pieces), strict=True) if pieces else ((), (), ())
    shown, different = " ".join([text, *behind]), {f"<{tag}>" for tag in set(inside)}
    if "" in ends or not all(map(_PLAIN_TAG.fullmatch, different)):
        return None
    tags = " ".join(different).lower()
    if "&" in tags or may_hide(tags):
        return None
    if "&" not in shown:
        return shown
    return None if "&" in _REFERENCE.sub(_NO_REFERENCE, shown) else entities.unescape(shown)
