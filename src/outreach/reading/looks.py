"""How an element of an HTML mail looks: hidden, tiny, pale, a quotation? Told from its attributes, for html.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading.memory import remembered

_GONE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0?(?:\.0\d*)?\s*(?:[;\"!]|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_NO_ROOM = re.compile(r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em)?\s*(?:[;\"!]|$)", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:[\s=]|$)")
_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(px|pt|em|rem|%|)", re.IGNORECASE)
_COLOUR = re.compile(r"(?<![\w-])color\s*[:=]\s*\"?\s*(#[0-9a-f]{3,8}|[a-z]+(?:\([^)]{1,40}\))?)", re.IGNORECASE)
_GROUND = re.compile(
    r"(?:background(?:-color)?\s*:|bgcolor\s*=|background-image\s*:)\s*\"?\s*(#[0-9a-f]{3,8}|[a-z]+(?:\([^)]{1,40}\))?)",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"#f[c-f]f[c-f]f[c-f](?:ff)?|#fff|white|transparent|rgba?\(\s*25[3-5]\s*,\s*25[3-5]\s*,\s*25[3-5]\s*(?:,[^)]*)?\)"
    r"|rgba\([^)]*,\s*0?(?:\.0+)?\s*\)",
    re.IGNORECASE,
)
_NO_COLOUR: Final = frozenset({"inherit", "initial", "unset", "none", "url"})
_FLUSH = re.compile(r"class=\"[^\"]*Mso|margin(?:-bottom)?\s*:\s*0", re.IGNORECASE)
#: What clients wrap the mail that is answered in, where they do not use a blockquote.
_QUOTE = re.compile(
    r"(?:class|id)=\"[^\"]*(?:yahoo_quoted|zmail_extra|protonmail_quote|tutanota_quote|moz-cite-quote|"
    r"ms-outlook-mobile-reference-message|quoted-message|gmx_quote|cm_quoted|front-blockquote|"
    r"wh_quote|mail-quote-collapse|bloop_original_html)",
    re.IGNORECASE,
)
#: A blockquote by which Gmail and Apple Mail move the sender's own text to the right.
_INDENT = re.compile(r"^(?!.*(?:cite|class=)).*margin:\s*0(?:px)? 0(?:px)? 0(?:px)? 40px", re.IGNORECASE)
_HEADER_BLOCK = re.compile(r"id=\"[^\"]*divRplyFwdMsg", re.IGNORECASE)
_RULE = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|([^{}@]{1,300})\{([^{}]{0,2000})\}")
_NAMED = re.compile(r"(?:[a-z0-9]*)([.#])([A-Za-z][\w-]*)", re.IGNORECASE)

_STYLE = re.compile(r"<style\b[^>]*>([^<]*)", re.IGNORECASE)
_HIDES = re.compile(r"none|hidden|opacity|mso-hide|-\d{3}", re.IGNORECASE)
_MAX_ATTRIBUTES: Final = 1000  #: characters that are looked at


@dataclass(frozen=True, slots=True)
class Look:
    """What the attributes of one element say; None where they say nothing and the element around it counts."""

    gone: bool = False
    tiny: bool | None = None
    pale: bool | None = None
    ground: bool | None = None
    flush: bool = False
    quote: bool = False
    indent: bool = False
    header_block: bool = False


PLAIN: Final = Look()


@remembered
def look(attributes: str) -> Look:
    """The look of an element by its attributes as they are written (names in lower case, values in quotes)."""
    attributes = attributes[:_MAX_ATTRIBUTES]
    size, colour, ground = _SIZE.search(attributes), _COLOUR.search(attributes), _GROUND.search(attributes)
    same = bool(colour and ground and _is_ground(ground[1].lower()) and colour[1].lower() == ground[1].lower())
    return Look(
        gone=same or _is_gone(attributes) or _HIDDEN.search(attributes) is not None,
        tiny=_is_tiny(size[1], size[2]) if size else None,
        pale=_WHITE.fullmatch(colour[1]) is not None if colour and colour[1].lower() not in _NO_COLOUR else None,
        ground=_is_ground(ground[1].lower()) if ground else None,
        flush=_FLUSH.search(attributes) is not None,
        quote=_QUOTE.search(attributes) is not None,
        indent=_INDENT.search(attributes) is not None,
        header_block=_HEADER_BLOCK.search(attributes) is not None,
    )


#: What a well-formed body in lower case holds if words in it may be hidden, or words be shown that are none of its
#: text. Each is found at the speed of the machine, where the patterns above are tried at every letter.
_SIGNS: Final = ("display", "visibility", "mso-hide", "opacity", "hidden", "background", "bgcolor", "<ol")
_MAY_MOVE = re.compile(r":\s*-\d{3}")
_MAY_BE_PALE = re.compile(r"color\s*[:=]\s*\"?\s*(?:#f[c-f]|white|transp|rgba?\(\s*25|rgba)")
_ANY_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(px|pt|em|rem|%|)")
_APART = re.compile(
    r"<(?:s(?:vg|elect|cript|tyle)|t(?:itle|emplate|extarea)|m(?:ath)|object|canvas|audio|video|datalist|"
    r"xmp|iframe|no(?:embed|frames|script)|plaintext)\b"
)


def may_hide(source: str) -> bool:
    """Whether some of the text may not be what is seen. ``source``: well-formed, in lower case."""
    if any(sign in source for sign in _SIGNS):
        return True
    if any(pattern.search(source) for pattern in (_MAY_MOVE, _MAY_BE_PALE, _APART)):
        return True
    return any(_is_tiny(number, unit) for number, unit in set(_ANY_SIZE.findall(source)))


def _is_ground(colour: str) -> bool | None:
    """Whether text in white would be seen on it; a picture counts as if."""
    if colour.startswith("url"):
        return True
    return None if colour in _NO_COLOUR else not _WHITE.fullmatch(colour)


def _is_gone(style: str) -> bool:
    return _GONE.search(style) is not None or bool(_NO_ROOM.search(style) and _CLIPPED.search(style))


def _is_tiny(number: str, unit: str) -> bool:
    try:
        size = float(number)
    except ValueError:  # "1.2.3"
        return False
    return size < (0.15 if unit.lower() in ("em", "rem") else 15 if unit == "%" else 2)


def hidden_by_sheet(html: str) -> frozenset[str]:
    """Classes (".x") and ids ("#x") that the style sheets in the HTML hide."""
    if "<style" not in html and "<STYLE" not in html:
        return frozenset()
    sheets = "\n".join(_STYLE.findall(html))
    return _hidden_names(sheets) if _HIDES.search(sheets) else frozenset()


def _hidden_names(style: str) -> frozenset[str]:
    """Classes (".x") and ids ("#x") that a style sheet hides on every screen; what @media says is left alone."""
    found: set[str] = set()
    for selectors, rules in _RULE.findall(style[:100_000]):
        if rules and _is_gone(rules):
            for selector in selectors.split(","):
                if match := _NAMED.fullmatch(selector.strip()):
                    found.add(match[1] + match[2])
    return frozenset(found)
