"""Bytes to text under right, wrong, missing and absurd labels; the same in headers."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.charset import decode, decode_header, known

PERSIAN = "ما بيانيه را امضا مي‌کنيم. کانون پناهندگان سياسي ايران – برلين"
RUSSIAN = "Мы подписываем заявление. Комитет солидарности, Берлин"
HEBREW = "אנחנו חותמים על ההצהרה. ועד הסולידריות"
GREEK = "Υπογράφουμε τη δήλωση. Επιτροπή αλληλεγγύης"
TURKISH = "İmzalıyoruz, teşekkür ederiz. Dayanışma Derneği"
GERMAN = "Wir unterschreiben: Verein für Köln – „Grüße“"
POLISH = "Podpisujemy: Komitet Solidarności, Łódź. Dziękuję za pomoc"
CHINESE = "我们签署声明。团结委员会，柏林"
JAPANESE = "声明に署名します。連帯委員会"
KOREAN = "우리는 성명서에 서명합니다"


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (PERSIAN, "cp1256", "windows-1256"),
        (HEBREW, "cp1255", "windows-1255"),
        (HEBREW, "iso8859-8", "iso-8859-8-i"),
        (HEBREW, "iso8859-8", "ISO-8859-8-E"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gb18030", "x-gbk"),
        ("我們簽署聲明", "big5", "Big5"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", "_iso-2022-jp$esc"),
        (JAPANESE, "cp932", "x-sjis"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        (PERSIAN, "utf-7", "unicode-1-1-utf-7"),
        (PERSIAN, "utf-16", "utf-16"),
        (PERSIAN, "utf-16-le", "utf-16"),
        (PERSIAN, "utf-16-be", "utf-16"),
        (GERMAN.replace("–", "-"), "mac-roman", "macintosh"),
        ("سلام", "mac-farsi", "x-mac-farsi"),
        ("Grüße", "cp850", "cp-850"),
        (TURKISH, "cp1254", "iso-8859-9"),
        (GERMAN, "cp1252", "iso-8859-1"),
        (GERMAN, "utf-8", "utf-8 euao6y69"),
        (GERMAN, "utf-8", '"UTF-8"'),
        (GERMAN, "utf-8", "utf8mb4"),
    ],
)
def test_text_is_read_under_its_label(text: str, encoding: str, label: str) -> None:
    assert decode(text.encode(encoding), label) == text


@pytest.mark.parametrize(
    "label", [None, "", "x-unknown", "x-evil", "us-ascii", "iso-8859-1", "utf-8", "8bit", "default"]
)
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PERSIAN, "cp1256"),
        (PERSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (HEBREW, "cp1255"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (GERMAN, "cp1252"),
        (POLISH, "cp1250"),
        (CHINESE, "gb18030"),
        (JAPANESE, "iso2022_jp"),
    ],
)
def test_text_is_read_when_its_label_says_nothing(text: str, encoding: str, label: str | None) -> None:
    assert decode(text.encode(encoding), label) == text


@pytest.mark.parametrize("label", ["windows-1256", "koi8-r", "iso-8859-8-i", "gb2312", "macintosh"])
def test_utf_8_is_read_under_a_wrong_label(label: str) -> None:
    assert decode(PERSIAN.encode(), label) == PERSIAN


def test_persian_in_much_markup_is_still_persian() -> None:
    html = '<html><body style="font-family: Tahoma; direction: rtl"><div class="x">' + PERSIAN + "</div></body></html>"

    assert decode(html.encode("cp1256"), "iso-8859-1") == html


@pytest.mark.parametrize("text", [PERSIAN, RUSSIAN, GERMAN, "Élève à l’école", "naïve – “yes”"])
def test_what_was_encoded_twice_is_mended(text: str) -> None:
    twice = text.encode().decode("latin-1").encode()

    assert decode(twice, "utf-8") == text


@pytest.mark.parametrize("text", ["Ã is a letter of Portuguese: AMANHÃ, MAÇÃ", "São Tomé", "€ 5 – â"])
def test_what_was_encoded_once_stays(text: str) -> None:
    assert decode(text.encode(), "utf-8") == text


def test_a_cut_character_does_not_change_the_rest() -> None:
    assert decode(PERSIAN.encode()[:-1], "utf-8").startswith(PERSIAN[:-1])


@pytest.mark.parametrize("label", ["idna", "rot13", "base64", "zlib", "unicode_escape", "punycode", "hex", "a\0b"])
def test_a_codec_that_is_no_text_encoding_is_not_used(label: str) -> None:
    assert known(label) is None
    assert decode(b"uryyb \\u0041", label) == "uryyb \\u0041"


_LABELS = st.sampled_from(
    ["utf-7", "utf-16", "utf-32", "iso-2022-jp", "hz", "gb18030", "windows-1256", "utf-8", "us-ascii", "big5", "johab"]
)


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20), _LABELS))
def test_any_bytes_become_text_that_can_be_stored(raw: bytes, label: str | None) -> None:
    text = decode(raw, label)

    assert "\0" not in text
    assert text.encode("utf-8").decode("utf-8") == text


def test_byte_order_marks_and_noncharacters_go() -> None:
    assert decode("\ufeffyes\ufffe".encode(), "utf-8") == "yes\ufffd"


def word(text: str, encoding: str = "utf-8", label: str = "") -> str:
    return f"=?{label or encoding}?B?{base64.b64encode(text.encode(encoding)).decode()}?="


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
        (f"{word('کا')} {word('نون')}", "کانون"),
        (f"{word('کا')}\r\n\t{word('نون')}", "کانون"),
        ("=?utf-8?B?2qnYp9mG2Yg=?= =?utf-8?B?2YYg2b4=?=", "کانون پ"),  # split inside a character
        ("=?UTF-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        (word(PERSIAN, "cp1256", "utf-8"), PERSIAN),  # wrong label
        (word(PERSIAN, "utf-8", "iso-8859-1"), PERSIAN),
        ("=?x-unknown?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8*en?Q?yes?=", "yes"),  # language tag of RFC 2231
        ("=?utf-8?Q?=3D=3Futf-8=3FQ=3FGr=C3=BC=C3=9Fe=3F=3D?=", "Grüße"),  # encoded twice
        ("=?utf-8?Q?Will you sign??=", "Will you sign?"),  # raw spaces and question mark
        ("=?utf-8?B?WWVz!?= x", "Yes x"),
        ("=?utf-8?X?yes?=", "=?utf-8?X?yes?="),
        (PERSIAN.encode().decode("ascii", "surrogateescape"), PERSIAN),  # bare octets
        (RUSSIAN.encode("koi8-r").decode("ascii", "surrogateescape"), RUSSIAN),
        ("a =?utf-8?q?=0A?=Bcc: b", "a Bcc: b"),
        ("=?utf-8?q??=", ""),
    ],
)  # fmt: skip
def test_headers_are_decoded(header: str, text: str) -> None:
    assert decode_header(header) == text


@given(st.text(max_size=100))
def test_any_header_becomes_one_line_that_can_be_stored(value: str) -> None:
    text = decode_header(value)

    assert "\n" not in text and "\r" not in text and "\0" not in text
    text.encode("utf-8")
