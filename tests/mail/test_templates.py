"""The template language: what a mail template may say, and that nothing else gets through."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Final

import pytest

from outreach import resources
from outreach.errors import TemplateProblem
from outreach.mail.templates import MAX_ITEMS, MAX_OUTPUT, MAX_SOURCE, MailEnvironment

CONTEXT: Final[dict[str, object]] = {
    "language": "en",
    "name": "Ada",
    "entries": [{"lines": ["a", "b"]}, {"lines": ["c"]}],
    "many": ["x" * 1_000] * MAX_ITEMS,
    "endless": ["x"] * (MAX_ITEMS + 1),
}

HOSTILE: Final = {
    "escape to the classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "escape by attribute": "{{ name.__class__ }}",
    "escape by item": "{{ name['__class__'] }}",
    "escape by filter": "{{ name|attr('__class__') }}",
    "methods of a value": "{{ name.upper() }}",
    "a method without a call": "{{ name.upper }}",
    "globals of Jinja": "{{ cycler.__init__.__globals__ }}",
    "a long text by format": "{{ '%1000000000d'|format(1) }}",
    "a long text by multiplication": "{{ 'x' * 1000000000 }}",
    "a long text by a modulo": "{{ '%1000000000d' % 1 }}",
    "a long text by centring": "{{ name|center(1000000000) }}",
    "a long text by doubling": "{% set x = name ~ name %}{{ x }}",
    "a large number": "{{ 10 ** 10000000 }}",
    "lorem ipsum": "{{ lipsum(n=100000) }}",
    "a range": "{% for n in range(1000000000) %}{% endfor %}",
    "a loop over letters": "{% for letter in name %}{{ letter }}{% endfor %}",
    "a loop without end": "{% for x in endless %}{% endfor %}",
    "a loop in a loop in a loop": (
        "{% for a in many %}{% for b in many %}{% for c in many %}{% endfor %}{% endfor %}{% endfor %}"
    ),
    "a recursive loop": "{% for e in entries recursive %}{{ loop(entries) }}{% endfor %}",
    "too much text": "{% for a in many %}{% for b in many %}{{ b }}{% endfor %}{% endfor %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "itself": '{% include "hostile.txt" %}',
    "its own parent": '{% extends "hostile.txt" %}',
    "a file outside": '{% include "../secret.txt" %}',
    "a shared file outside": '{% include "_/../../secret.txt" %}',
    "a file chosen by data": "{% include name %}",
    "markup declared safe": "{{ name|safe }}",
    "escaping switched off": "{% autoescape false %}{{ name }}{% endautoescape %}",
    "deep brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "a huge source": "x" * (MAX_SOURCE + 1),
    "not a template": "{% if %}",
    "an unknown name": "{{ password }}",
}


def environment(folder: Path, **files: str) -> MailEnvironment:
    for name, source in files.items():
        (folder / f"{name}.txt").write_text(source, encoding="utf-8")
    return MailEnvironment([folder])


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_template_is_refused_soon(tmp_path: Path, source: str) -> None:
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    start = time.process_time()
    with pytest.raises(TemplateProblem, match=r"hostile\.txt"):
        environment(tmp_path, hostile=source).text("hostile.txt", CONTEXT)
    assert time.process_time() - start < 2


def test_shared_file_may_use_no_further_one(tmp_path: Path) -> None:
    bomb = environment(tmp_path, letter='{% include "_a.txt" %}', _a='{% include "_b.txt" %}' * 99, _b="x")
    with pytest.raises(TemplateProblem, match=r"_a\.txt, line 1: only a shared file"):
        bomb.text("letter.txt", CONTEXT)


def test_problem_names_the_line_of_the_mistake(tmp_path: Path) -> None:
    with pytest.raises(TemplateProblem, match=r"letter\.txt, line 3: 'nmae' is undefined"):
        environment(tmp_path, letter="Dear\n\n{{ nmae }}\n").text("letter.txt", CONTEXT)


def test_problem_names_the_line_of_a_syntax_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateProblem, match=r"letter\.txt, line 2: "):
        environment(tmp_path, letter="Dear\n{% endif %}\n").text("letter.txt", CONTEXT)


def test_problem_does_not_repeat_the_values(tmp_path: Path) -> None:
    with pytest.raises(TemplateProblem) as caught:
        environment(tmp_path, letter="{{ name.person }}").text("letter.txt", CONTEXT)
    assert "Ada" not in str(caught.value)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"\xe4")
    with pytest.raises(TemplateProblem, match=r"letter\.txt"):
        MailEnvironment([tmp_path]).text("letter.txt", CONTEXT)


def test_longest_text_still_passes(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("{{ long }}", encoding="utf-8")
    assert len(MailEnvironment([tmp_path]).text("letter.txt", {"long": "x" * MAX_OUTPUT})) == MAX_OUTPUT


def test_byte_order_mark_of_an_editor_is_dropped(tmp_path: Path) -> None:
    assert environment(tmp_path, letter="\ufeffDear {{ name }}").text("letter.txt", CONTEXT) == "Dear Ada"


def test_loops_and_conditions_over_entries_work(tmp_path: Path) -> None:
    inner = "{% for l in e.lines %}{{ l }}{% if not loop.last %}, {% endif %}{% endfor %}"
    source = "{% for e in entries %}" + inner + ";{% endfor %}"
    assert environment(tmp_path, letter=source).text("letter.txt", CONTEXT) == "a, b;c;"


def test_changed_template_is_used_for_the_next_mail(tmp_path: Path) -> None:
    letters = environment(tmp_path, letter="one")
    assert letters.text("letter.txt", CONTEXT) == "one"
    (tmp_path / "letter.txt").write_text("two", encoding="utf-8")
    os.utime(tmp_path / "letter.txt", (2_000_000_000, 2_000_000_000))
    assert letters.text("letter.txt", CONTEXT) == "two"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "A, B, and C; 31"), ("fa", "A، B، و C; ۳۱"), ("de", "A, B und C; 31"), ("fr", "A, B et C; 31")],
)
def test_lists_and_numbers_follow_the_language(tmp_path: Path, language: str, said: str) -> None:
    letters = environment(tmp_path, letter="{{ items|listed }}; {{ 31|number }}")
    assert letters.text("letter.txt", {"language": language, "items": ["A", "B", "C"]}) == said


@pytest.mark.parametrize("path", sorted((resources.templates() / "email").rglob("*.txt")), ids=lambda path: path.name)
def test_no_letter_guesses_whether_a_man_or_a_woman_reads_it(path: Path) -> None:
    guesses = r"\b(Mr|Mrs|Ms|Sir|Madam|Herr|Herrn|Frau|geehrte[rn]?|Liebe[r]?|Monsieur|Madame|Chère?|آقای?|خانم)\b"
    assert re.search(guesses, path.read_text(encoding="utf-8")) is None
