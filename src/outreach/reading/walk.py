"""The walk down the lines of a mail that gives each its part; a line is looked at closely only when its first or
last characters let it be a marker.

Called by `reply`, which puts the parts together.
"""

from __future__ import annotations

from typing import Final

from outreach.reading import attributions, footers, originals, quotemarks
from outreach.reading.originals import plain
from outreach.reading.quotemarks import COLONS, EDGE, line_at

NEW: Final = "new"
QUOTED: Final = "quoted"
FORWARDED: Final = "forwarded"
SIGNATURE: Final = "signature"

_RULES: Final = frozenset("-_=*—–~⎯─#\\+\u2010\u2011")
_MAX_PIECES: Final = 20  #: lines taken in two where an attribution starts inside
_MAX_FENCED: Final = 100  #: lines of a passage between fences
_HEAD: Final = 8  #: lines that name whose the original is
_MAX_LOOKS: Final = 1000  #: lines that are looked at closely; what people write has far fewer


class Walk:
    """Lines, their labels so far, and what the next plain and the next marked line belong to."""

    def __init__(self, lines: list[str], *, forwarding: bool, own: frozenset[str]) -> None:
        self.lines = lines  #: grows where an attribution starts inside a line
        self.labels: list[str] = []
        self._bare = [line.strip(EDGE) for line in lines]
        self._plain_part = NEW
        self._marked_part = QUOTED
        self._pieces = 0
        self._looks = 0
        self._forwarding = forwarding
        self._own = own

    def run(self) -> None:
        """Label every line."""
        labels, bare = self.labels, self._bare
        while (at := len(labels)) < len(bare):
            text = bare[at]
            if self._plain_part == SIGNATURE and footers.is_postscript(plain(text)):
                self._plain_part = NEW
            if not text:
                labels.append(self._plain_part)
            elif text[0] in ">＞|":
                self._quote_mark(at)
            elif text[0] == "`" and (end := self._fence_end(at)):
                self._label(self._plain_part, up_to=end)
            elif not self._is_marker(at, text, text[:40]):
                labels.append(self._plain_part)

    def _fence_end(self, at: int) -> int:
        """The line after a fenced passage (CommonMark, 4.5) that starts here: what stands in it marks nothing."""
        if not self._bare[at].startswith("```") or not self._may_look():
            return 0
        return next((n + 1 for n in range(at + 1, min(at + _MAX_FENCED, len(self._bare))) if self._bare[n] == "```"), 0)

    def _is_marker(self, at: int, text: str, head: str) -> bool:
        """Whether the line was labelled as a marker; cheap looks first."""
        return (
            (text[-1] in ":：*_" and self._colon(at))
            or (":  " in text and self._runs_on(at))
            or (text[0] in _RULES and self._rule(at))
            or ((":" in head or "：" in head) and originals.names_header(text) and self._block(at, at))
            or (">" in head and self._named_mark(at))
            or ("@" in text and text[-1] not in ">.,;" and self._lone_attribution(at))
            or (footers.may_be_footer(text) and self._footer(at))
        )

    def _may_look(self) -> bool:
        self._looks += 1
        return self._looks <= _MAX_LOOKS

    def _label(self, part: str, *, up_to: int) -> None:
        self.labels += [part] * (up_to - len(self.labels))

    # Quote marks

    def _quote_mark(self, at: int) -> None:
        bare, labels = self._bare, self.labels
        starts = not (at and bare[at - 1] and labels[-1] == self._marked_part)
        if starts and self._is_no_quotation(at):
            labels.append(self._plain_part)
            return
        if starts:
            if self._ends_attribution(at):
                return
            self._attribution_without_colon(at)
            if self._marked_part == QUOTED and originals.is_forward_separator(plain(quotemarks.unquoted(bare[at]))):
                self._marked_part = QUOTED if self._from_us(at) else FORWARDED
            self._plain_part = NEW
        labels.append(self._marked_part)
        below = next((n for n in range(len(labels), len(bare)) if bare[n][:1] != ">"), len(bare))
        self._label(self._marked_part, up_to=below)
        if quotemarks.has_wrapped_tail(bare, below - 1):
            labels.append(self._marked_part)

    def _is_no_quotation(self, at: int) -> bool:
        if self._bare[at][0] == "|":
            return not self._is_after_quoted(at)
        plain_above = at > 0 and self.labels[-1] == self._plain_part
        return quotemarks.is_false_mark(self._bare, at, above_is_plain=plain_above)

    def _named_mark(self, at: int) -> bool:
        if not quotemarks.named_mark(self._bare, at, after_quoted=self._is_after_quoted(at)):
            return False
        self._quote_mark(at)
        return True

    def _text_above(self, at: int, *, within: int) -> int | None:
        """The number of the nearest line with text above."""
        return next((n for n in range(at - 1, max(-1, at - 1 - within), -1) if self._bare[n]), None)

    def _is_after_quoted(self, at: int) -> bool:
        above = self._text_above(at, within=3)
        return above is not None and self.labels[above] in (QUOTED, FORWARDED)

    # What introduces an original

    def _colon(self, at: int) -> bool:
        """A line that ends in a colon: an attribution, or "Begin forwarded message:"."""
        if not self._may_look():
            return False
        if originals.is_forward_separator(plain(self._bare[at])):
            self._original(at, self._headers_end(at), QUOTED if self._from_us(at) else FORWARDED)
            return True
        return self._attribution(at, follows=quotemarks.quote_follows(self._bare, at + 1))

    def _runs_on(self, at: int) -> bool:
        """An attribution with the original's first words behind it, as Yahoo writes them: taken in two."""
        line = self.lines[at]
        column = attributions.ends_inside(line) if self._pieces < _MAX_PIECES else 0
        if not column:
            return False
        self._pieces += 1
        self.lines[at : at + 1] = [line[:column], line[column:]]
        self._bare[at : at + 1] = [line[:column].strip(EDGE), line[column:].strip(EDGE)]
        return self._colon(at)

    def _attribution(self, at: int, *, follows: bool) -> bool:
        """Label the attribution that ends here, and all below it if that has no quote marks."""
        if follows and self._inner_attribution(at):
            return True
        numbers = self._lines_down_to(at)
        texts = [plain(self._bare[number]) for number in numbers]
        count = attributions.attribution_lines(texts, quote_follows=follows)
        if count:
            del self.labels[numbers[-count] :]
            self._original(numbers[-count], at, QUOTED, follows=follows)
        return count > 0

    def _lone_attribution(self, at: int) -> bool:
        """An attribution that is a paragraph by itself and lacks its colon."""
        if line_at(self._bare, at - 1) or line_at(self._bare, at + 1) or len(self._bare[at]) > originals.MAX_LINE:
            return False
        return self._may_look() and attributions.stands_without_colon(plain(self._bare[at])) and self._colon(at)

    def _lines_down_to(self, at: int) -> list[int]:
        """The lines of the paragraph that end here; one gap above a lone address is passed over."""
        numbers: list[int] = []
        for number in range(at, max(-1, at - attributions.WRAPPED - 1), -1):
            text = self._bare[number]
            if number < at and (self.labels[number] not in (NEW, SIGNATURE) or text[:1] in (">", "＞", "|")):
                break
            if text:
                numbers.append(number)
            elif not self._bare[numbers[-1]].startswith("<"):
                break
        return numbers[: attributions.WRAPPED][::-1]

    def _inner_attribution(self, at: int) -> bool:
        """An attribution behind the sender's last words: the line is taken in two, its second half comes next."""
        line = self.lines[at]
        column = attributions.starts_inside(line) if self._pieces < _MAX_PIECES else 0
        if not line[:column].strip(EDGE):
            return False
        self._pieces += 1
        self.lines[at : at + 1] = [line[:column], line[column:]]
        self._bare[at : at + 1] = [line[:column].strip(EDGE), line[column:].strip(EDGE)]
        self.labels.append(self._plain_part)
        return True

    def _ends_attribution(self, at: int) -> bool:
        """ "> wrote:": no quotation, but the end of an address that was opened above."""
        if not self._bare[at].endswith(COLONS):
            return False
        above = self._text_above(at, within=2)
        if above is None:
            return False
        opened = any(quotemarks.is_left_open(line_at(self._bare, number)) for number in (above, above - 1))
        return opened and self._colon(at)

    def _attribution_without_colon(self, at: int) -> None:
        """A quotation starts: the line above may introduce it though no colon ends it."""
        above = self._text_above(at, within=2)
        if above is None or self.labels[above] not in (NEW, SIGNATURE):
            return
        if not attributions.may_end_without_colon(self._bare[above]):
            return
        kept = self.labels[above:]
        del self.labels[above:]
        pieces = self._pieces
        self._pieces = _MAX_PIECES  # lines that have their labels are not taken in two
        found = self._attribution(above, follows=True)
        self._pieces = pieces
        if found:
            self._label(QUOTED, up_to=at)
        else:
            self.labels += kept

    def _original(self, first: int, last: int, part: str, *, follows: bool | None = None) -> None:
        """Lines ``first`` to ``last`` introduce an original: what comes below is that, up to the end without marks.

        ``follows`` is given for an attribution: below it, and not below headers, a few words may stand first.
        """
        self._label(part, up_to=last + 1)
        self._marked_part, self._plain_part = part, NEW
        if quotemarks.quote_follows(self._bare, last + 1, within=1) if follows is None else follows:
            while not line_at(self._bare, len(self.labels)) and len(self.labels) < len(self._bare):
                self.labels.append(part)
        elif follows is None or not quotemarks.is_answered_above(self._bare, last + 1):
            self._label(part, up_to=len(self._bare))

    def _rule(self, at: int) -> bool:
        """A line that starts with dashes: a separator, a delimiter, armour, or nothing."""
        if not self._may_look():
            return False
        bare, text = self._bare, plain(self._bare[at])
        if len(text) > 8 and text[0] == text[-1] == "-":
            if self._attribution(at, follows=quotemarks.quote_follows(bare, at + 1)):
                return True
            if originals.is_forward_separator(text):
                self._original(at, self._headers_end(at), QUOTED if self._from_us(at) else FORWARDED)
                return True
        block = self._after_separators(at)
        if block > at and self._block(at, block):
            return True
        if originals.is_original_separator(text) or originals.runs_into_headers(text):
            self._original(at, at, QUOTED)
            return True
        if end := footers.armour_end(bare, at):
            self._label(SIGNATURE, up_to=end)
            return True
        if footers.starts_signature(self.lines, bare, at) or footers.is_list_rule(bare, at):
            self._plain_part = SIGNATURE
            self.labels.append(SIGNATURE)
            return True
        return text[:1] in ("*", "_") and ":" in text[:30] and self._block(at, at)

    def _headers_end(self, at: int) -> int:
        """The last line of the block of headers below the separator ``at``, else that line itself."""
        first = next((n for n in range(at + 1, min(at + 3, len(self._bare))) if self._bare[n]), at)
        texts = [plain(line) for line in self._bare[first : first + originals.BLOCK_LINES]]
        size = originals.header_block(texts, after_separator=True) if first > at else 0
        return first + size - 1 if size else at

    def _after_separators(self, at: int) -> int:
        """The first line below that is no separator and not empty."""
        for number in range(at, min(at + 4, len(self._bare))):
            text = plain(self._bare[number])
            if text and not originals.is_rule(text) and not originals.is_original_separator(text):
                return number
        return at

    def _block(self, first: int, at: int) -> bool:
        """Label a block of the original's headers at ``at``, from the separator at ``first`` on."""
        if not self._may_look():
            return False
        texts = [plain(line) for line in self._bare[at : at + originals.BLOCK_LINES]]
        size = originals.header_block(texts, after_separator=at > first)
        if size:
            part = FORWARDED if self._forwarding and not self._from_us(first) else QUOTED
            self._original(first, at + size - 1, part)
        return size > 0

    def _from_us(self, at: int) -> bool:
        """Whether the original that is introduced here is ours: a mail *to* us is not."""
        head = self.lines[at : at + _HEAD]
        fields = [originals.header_field(plain(line)) for line in head]
        sender = fields.index("from") if "from" in fields else None
        if sender is not None:
            wrapped = sender + 1 < len(head) and fields[sender + 1] is None
            head = head[sender : sender + 1 + wrapped]
        said = " ".join(head).lower()
        return any(address in said for address in self._own)

    # What programs add

    def _footer(self, at: int) -> bool:
        """A client's card is one line; a notice is a paragraph."""
        if not self._may_look():
            return False
        if end := footers.footer_end(self._bare, at):
            self._label(SIGNATURE, up_to=end)
        return end > 0
