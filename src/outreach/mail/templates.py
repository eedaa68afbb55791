"""The template language of the mails: Jinja2 cut down to values, conditions and bounded loops.

Used by ``render`` only. The sandbox of Jinja2 guards attributes, not memory and time, so what can burn them (calls,
arithmetic, assignments, macros, most filters) is refused when the template is compiled, not when it runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from traceback import walk_tb
from typing import Any, Final

from babel.lists import format_list
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateAssertionError,
    TemplateError,
    nodes,
    pass_context,
)
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.dates import digits
from outreach.errors import TemplateProblem

#: Characters of one template file, and of one rendered text.
MAX_SOURCE: Final = 100_000
MAX_OUTPUT: Final = 200_000

#: Items a loop may go over, and how deep loops may be nested: entries, and the lines of each.
MAX_ITEMS: Final = 1_000
MAX_LOOPS: Final = 2

_ALLOWED_NODES: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Block, nodes.Extends, nodes.Include,
    nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip

_ALLOWED_FILTERS: Final = frozenset({"capitalize", "count", "e", "escape", "first", "join", "last", "length"})
_ALLOWED_TESTS: Final = frozenset({"defined", "undefined", "none", "true", "false", "eq", "ne", "gt", "ge", "lt", "le"})

#: What a template may raise: its own errors, and the misuse of a value (a number joined, a text compared).
_FAULTS: Final = (TemplateError, TypeError, ValueError, LookupError, AttributeError, RecursionError)


class MailEnvironment(ImmutableSandboxedEnvironment):
    """Compiles and keeps the templates of an ordered list of folders; the first folder that has a file wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(
            loader=FileSystemLoader([str(folder) for folder in folders], encoding="utf-8-sig"),
            autoescape=lambda name: name is not None and name.endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._files: dict[str, list[str]] = {}
        self._trees: dict[str, tuple[str, nodes.Template]] = {}  #: by name, each with the source that it was read from
        self.globals.clear()
        self.tests = {name: self.tests[name] for name in _ALLOWED_TESTS}
        self.filters = {name: self.filters[name] for name in _ALLOWED_FILTERS} | {
            "bounded": _bounded,
            "listed": _listed,
            "number": _number,
        }

    def text(self, name: str, context: Mapping[str, object]) -> str:
        """The rendered template. Raises TemplateProblem with file and line; never more than MAX_OUTPUT characters."""
        pieces, size = [], 0
        try:
            for piece in self.get_template(name).generate(context):
                size += len(piece)
                if size > MAX_OUTPUT:
                    raise TemplateProblem(f"{name}: the text grows beyond {MAX_OUTPUT} characters")
                pieces.append(piece)
        except _FAULTS as fault:
            raise TemplateProblem(_said_where(name, fault)) from fault
        return "".join(pieces)

    def versions(self, name: str) -> tuple[int, ...]:
        """Others once the file of a template, or one that it uses, was changed. Raises TemplateProblem."""
        if name not in self._files:
            try:
                used = [self.get_template(file).filename for file in (name, *self._shared_by(name))]
            except _FAULTS as fault:
                raise TemplateProblem(_said_where(name, fault)) from fault
            self._files[name] = [file for file in used if file is not None]
        return tuple(map(changed_at, self._files[name]))

    def computes_with(self, name: str) -> frozenset[str]:
        """The names a template, or one it uses, does more with than print them or ask whether they are empty."""
        found: set[str] = set()
        for file in (name, *self._shared_by(name)):
            _note_computed(self._tree(file), found)
        return frozenset(found)

    def fixed(self, name: str) -> list[str]:
        """What stands between the tags; nothing where the file is no template."""
        try:
            return [data.data for data in self._tree(name).find_all(nodes.TemplateData)]
        except (OSError, *_FAULTS):
            return []

    def _shared_by(self, name: str) -> Iterator[str]:
        for use in self._tree(name).find_all((nodes.Extends, nodes.Include)):
            if isinstance(use, nodes.Extends | nodes.Include) and isinstance(use.template, nodes.Const):
                yield str(use.template.value)

    def _tree(self, name: str) -> nodes.Template:
        assert self.loader is not None
        source = self.loader.get_source(self, name)[0]
        if name not in self._trees or self._trees[name][0] != source:
            self._trees[name] = source, self._parse(source, name, None)
        return self._trees[name][1]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``day.short`` is a key of the mapping ``day``; values have no other attributes, and so no methods."""
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of a mapping or an item of a list, and nothing else."""
        if isinstance(obj, Undefined):
            return super().getitem(obj, argument)
        if isinstance(obj, Mapping | list | tuple):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=argument)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MAX_SOURCE:
            raise TemplateAssertionError(f"more than {MAX_SOURCE} characters", 1, name, filename)
        tree = super()._parse(source, name, filename)
        _refuse_what_computes(tree, name or "", filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "bounded", [], [], None, None, lineno=loop.lineno, environment=self)
        return tree


def fixed_words(folders: Sequence[Path]) -> tuple[str, ...]:
    """What all plain bodies of these folders say word for word, but for the form, whose words are theirs to use."""
    environment = MailEnvironment(folders)
    found = {f"{path.relative_to(folder)}" for folder in folders for path in folder.glob("*/body.*.txt")}
    found |= {path.name for folder in folders for path in folder.glob("_*.txt") if not path.name.startswith("_form.")}
    return tuple(text for name in sorted(found) for text in environment.fixed(name))


def changed_at(path: str | Path) -> int:
    """When a file or folder was changed (nanoseconds); 0 when there is none."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _refuse_what_computes(node: nodes.Node, name: str, filename: str | None, loops: int = 0) -> None:
    complaint = None
    if not isinstance(node, _ALLOWED_NODES):
        complaint = f"a mail template may not use {type(node).__name__}"
    elif isinstance(node, nodes.Extends | nodes.Include):
        # Shared files start with "_" and use no further ones: no cycle, no avalanche.
        target = node.template.value if isinstance(node.template, nodes.Const) else ""
        if name.startswith("_") or not str(target).startswith("_"):
            complaint = "only a shared file (_name) can be used by a mail template, and it uses none itself"
    elif isinstance(node, nodes.For):
        loops += 1
        if loops > MAX_LOOPS or node.recursive:
            complaint = f"loops nested deeper than {MAX_LOOPS}"
    if complaint is not None:
        raise TemplateAssertionError(complaint, getattr(node, "lineno", None) or 1, name, filename)
    for child in node.iter_child_nodes():
        _refuse_what_computes(child, name, filename, loops)


#: Filters that give of a list of one its only item, or that there is one.
_OF_A_LIST: Final = frozenset({"length", "count", "listed"})


def _note_computed(node: nodes.Node, found: set[str]) -> None:
    match node:
        case nodes.Name(name=name):
            found.add(name)
        case nodes.Output():
            for child in node.nodes:
                if not isinstance(child, nodes.Name):
                    _note_computed(child, found)
        case nodes.If():
            _note_computed_in_test(node.test, found)
            for part in (*node.body, *node.elif_, *node.else_):
                _note_computed(part, found)
        case nodes.Filter(node=nodes.Name(name="organisations"), name=name) if name in _OF_A_LIST:
            pass
        case _:
            for inner in node.iter_child_nodes():
                _note_computed(inner, found)


def _note_computed_in_test(node: nodes.Node, found: set[str]) -> None:
    match node:
        case nodes.Name():
            pass
        case nodes.And() | nodes.Or() | nodes.Not():
            for part in node.iter_child_nodes():
                _note_computed_in_test(part, found)
        case _:
            _note_computed(node, found)


def _bounded(items: object) -> list[object] | tuple[object, ...]:
    if not isinstance(items, list | tuple):
        raise TypeError("a loop goes over a list")
    if len(items) > MAX_ITEMS:
        raise ValueError(f"a loop over more than {MAX_ITEMS} items")
    return items


@pass_context
def _listed(context: Context, items: Sequence[str]) -> str:
    """ "A, B and C" in the language of the mail."""
    # CLDR puts a right-to-left mark into Persian lists; our letters carry no invisible characters but ZWNJ.
    return format_list([str(item) for item in _bounded(items)], locale=_primary(context)).replace("\u200f", "")


@pass_context
def _number(context: Context, value: int) -> str:
    """The number in the digits of the language of the mail."""
    return digits(str(value), _primary(context))


def _primary(context: Context) -> str:
    return str(context["language"]).partition("-")[0]


def _said_where(name: str, fault: Exception) -> str:
    """File, line and complaint. Jinja2 rewrites tracebacks: frames of a template have its file and line."""
    place, line = getattr(fault, "filename", None) or name, getattr(fault, "lineno", None)
    for frame, number in walk_tb(fault.__traceback__):
        if "__jinja_exception__" in frame.f_globals:
            place, line = frame.f_code.co_filename, number
    return f"{place}{f', line {line}' if line else ''}: {fault or type(fault).__name__}"
