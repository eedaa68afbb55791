"""Parameters of Content-Type and Content-Disposition, as the standards say and as mailers write."""

from __future__ import annotations

import pytest

from outreach.reading.parameters import file_name, parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain; charset=utf-8", {"charset": "utf-8"}),
        ('Text/HTML;CHARSET="utf-8" ; x = y', {"charset": "utf-8", "x": "y"}),
        ("text/plain charset=utf-8", {"charset": "utf-8"}),
        ("text/plain; charset='utf-8'", {"charset": "utf-8"}),
        ('x/y; name="a\\"b;c"', {"name": 'a"b;c'}),
        ('x/y; name="open', {"name": "open"}),
        ("x/y; name*=utf-8''%D9%86%D8%A7%D9%85.pdf", {"name": "نام.pdf"}),
        ("x/y; name*0*=iso-8859-1'de'Gr%FC; name*1=%DFe; name*2*=%2Ex", {"name": "Grü%DFe.x"}),
        ("x/y; name*1=b; name*0=a", {"name": "ab"}),
        ("x/y; name*=%zz%ff", {"name": "%zzÿ"}),
    ],
)
def test_parameters_are_read(value: str, expected: dict[str, str]) -> None:
    assert parse(value)[1] == expected


def test_the_value_is_in_lower_case() -> None:
    assert parse("Text/HTML; x=y")[0] == "text/html"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=.pdf", "Grüße.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.doc", "y.doc"),
        ("a\r\nb", "a b"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_file_name_is_one_decoded_line_without_path(stated: str, shown: str) -> None:
    assert file_name(stated) == shown
