"""The HTML of a mail, with everything taken out that could load, run, lead elsewhere or pose as ours.

What is left stands in a frame that may do nothing either (``gate.FRAMED``): two walls, not one.
"""

from __future__ import annotations

from typing import Final

import nh3

#: Characters and tags. The time of the sanitiser grows with the square of the tags that stand open: at the worst these
#: take it half a second.
LARGEST: Final = 100_000
MOST_TAGS: Final = 3000
_TAGS: Final = {"p", "br", "b", "i", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote"}
#: Whose words nobody is meant to read.
_SILENT: Final = {"script", "style", "title", "noscript", "template", "iframe", "object", "textarea", "select"}
_PAGE: Final = """\
<!doctype html><html><head><meta charset="utf-8"><style>
body { font: 1rem/1.5 sans-serif; color: #1c1d1f; background: #fff; overflow-wrap: anywhere }
td, th { vertical-align: top; text-align: start }
blockquote { border-inline-start: 3px solid #d9d9d4; padding-inline-start: 1rem }
</style></head><body dir="auto">%s</body></html>
"""


def is_small_enough(html: str) -> bool:
    """Whether it may be given to the sanitiser at all: asked before, never after."""
    return len(html) <= LARGEST and html.count("<") <= MOST_TAGS


def framed(html: str) -> str:
    """A page of its own for the frame; empty for what is too large."""
    if not is_small_enough(html):
        return _PAGE % ""
    cleaned = nh3.clean(html, tags=_TAGS, clean_content_tags=_SILENT, attributes={}, url_schemes=set(), link_rel=None)
    return _PAGE % cleaned
