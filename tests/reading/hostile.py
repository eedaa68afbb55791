"""Mails that are meant to stop, fill or fool whoever reads them, by what they do."""

from __future__ import annotations

HEAD = b"From: a@b.example\r\nSubject: x\r\nDate: Wed, 15 Jul 2026 10:00:00 +0200\r\n"


def body(body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


HOSTILE = {
    "encoded newline in subject": b"From: a@b.example\r\nSubject: A =?UTF-8?Q?=0A?=Bcc: inj@x.example\r\n\r\nhi",
    "message id with an open bracket": b"Message-ID: <[>\r\n\r\nx",
    "from is one quote": b'From: "\r\n\r\nx',
    "encoded newline in the name": b"From: =?utf-8?q?a=0Ab?= <a@b.example>\r\n\r\nx",
    "5,000 nested comments": b"From: " + b"(" * 5000 + b"\r\n\r\nx",
    "two from headers": b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nyes",
    "empty group": b"From: x:;\r\n\r\nx",
    "1,000 deep multipart": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(1000)
    ),
    "2,000 deep rfc822": b"Content-Type: message/rfc822\r\n\r\n" * 2000,
    "100,000 parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
    "100,000 headers": b"".join(b"X-%d: y\r\n" % i for i in range(100_000)) + b"\r\nx",
    "20,000 encoded words": b"Subject: " + b" =?utf-8?q?x?=\r\n" * 20_000 + b"\r\nx",
    "4,000 encoded words": b"Subject: " + b" =?utf-8?q?x?=\r\n" * 4_000 + b"\r\nx",
    "20,000 addresses": b"To: " + b"a@b.example," * 20_000 + b"\r\n\r\nx",
    "unknown charset": body(b"\xff\xfe", b"text/plain; charset=x-evil"),
    "idna": body(b"\xff", b"text/plain; charset=idna"),
    "rot13": body(b"uryyb", b"text/plain; charset=rot13"),
    "utf-7": body(b"+AAA-+2AA-", b"text/plain; charset=utf-7"),
    "utf-16 without a mark": body(b"\xd8\x00", b"text/plain; charset=utf-16"),
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!=a=",
    "broken uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n#",
    "no boundary": body(b"--x\r\n\r\nx", b"multipart/mixed"),
    "boundary of 10 kB": body(b"--" + b"x" * 10_000 + b"\r\n\r\ny", b"multipart/mixed; boundary=" + b"x" * 10_000),
    "50 MB": body(b"x" * 50 * 2**20),
    "9 MB of short lines": body(b"x y z\n" * (9 * 2**20 // 6)),
    "8 MB in one line": body(b"a " * (4 * 2**20)),
    "200,000 nested div": body(b"<div>" * 200_000, b"text/html"),
    "499 blockquotes and 20,000 lines": body(b"<blockquote>" * 499 + b"x<br>" * 20_000, b"text/html"),
    "200,000 paragraphs": body(b"<p>a " * 200_000, b"text/html"),
    "a million open angles": body(b"<" * 1_000_000, b"text/html"),
    "svg and math": body(b"<svg><math><mglyph><style><img src=x onerror=1>", b"text/html"),
    "100,000 newlines": body(b"\n" * 100_000),
    "100,000 dashes": body(b"-" * 100_000),
    "20,000 beginnings of attributions": body(b"On a b c\n" * 20_000),
    "20,000 attributions": body(b"On 7 July 2026 he wrote:\n" * 20_000),
    "100,000 quote marks": body(b">" * 100_000),
    "50,000 labels": body(b"Name: x\n" * 50_000),
    "20,000 list items": body(b"1. Committee of x, Berlin\n" * 20_000),
    "200,000 commas": body(b"a, " * 200_000),
    "100,000 quotation marks": body(b'"' * 100_000),
    "50,000 nouns": body("کمیته ".encode() * 50_000),
    "a megabyte of spaces": body(b" " * 1_000_000 + b"x"),
    "100,000 brackets": body(b"(" * 100_000),
    "a name of 20 kB": body(b"Name: " + b"x" * 20_000 + b"\nCity: Berlin"),
    "terminal sequence": b"Subject: \x1b]52;c;aGk=\x07\r\nFrom: a@b.example\r\n\r\nhello",
    "file name that climbs": HEAD + b"Content-Type: application/pdf; name*=utf-8''%ff..%2f\r\n\r\nx",
    "year 99999": b"Date: Fri, 1 Jan 99999999 00:00:00 +9999\r\nFrom: a@b.example\r\n\r\nwe meet on 5 September",
    "nothing": b"",
    "only NUL": b"\0" * 100,
    "30,000 brackets in a verdict": b"Authentication-Results: " + b"(" * 30_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
    "500,000 lines of one letter": body(b"a\n" * 500_000),
    "290,000 lines of one letter": body(b"a\n" * 290_000),
    "290,000 quoted lines": body(b">a\n" * 290_000),
    "290,000 flowed lines": body(b"a \n" * 290_000, b"text/plain; format=flowed"),
    "3 million carriage returns": HEAD + b"\r\n" + b"\r" * 3_000_000,
    "19 attached mails in each other": b"Content-Type: message/rfc822\r\n\r\n" * 19 + b"\r\nhi",
    "90 attached mails": body(
        b"".join(b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\n" + b"We sign.\n" * 1400 for _ in range(90)),
        b"multipart/mixed; boundary=b",
    ),
    "190 HTML parts": body(
        b"".join(b"--b\nContent-Type: text/html\n\n" + b"<p>yes" * 2000 for _ in range(190)),
        b"multipart/mixed; boundary=b",
    ),
    "290,000 delimiters that are none": body(b"--b x\n" * 290_000, b"multipart/mixed; boundary=b"),
    "140,000 likely delimiters": body(
        b"".join(b"--x%d\nContent-Type: y\n" % i for i in range(140_000)), b"multipart/mixed; boundary=q"
    ),
    "an empty boundary": body(b"\n--" * 299_000, b'multipart/mixed; boundary=""'),
    "10,000 open quotes in a type": b"Content-Type: text/plain" + b'; a="\\' * 10_000 + b"\n\nx",
    "60 kB of open quotes in From": b"From: " + b'"\\' * 30_000 + b"\n\nx",
    "60 kB of one encoded word": b"Subject: =?a?q?" + b"?" * 60_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
    "30,000 beginnings of encoded words": b"Subject: " + b"=?" * 30_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
    "end tags that close nothing": body(b"<div></b>" * 19_000, b"text/html"),
    "490 fonts crossed by paragraphs": body(b"<font a=1>" * 490 + b"<p>x</font>" * 9_000, b"text/html"),
    "120 nested tables": body(b"<table><tr><td>" * 120 + b"x<br>" * 19_000, b"text/html"),
    "490 nested quotations": body(b"<div class=yahoo_quoted>" * 490 + b"x<br>" * 19_000, b"text/html"),
    "a style sheet of open braces": body(b"<style>" + b"@a{" * 100_000 + b"</style>x", b"text/html"),
    "900 long styles": body(
        b"".join(b"<p style='%d;%s'>x" % (i, b"overflow:hidden;left:" * 90) for i in range(900)), b"text/html"
    ),
    "400,000 entities": body(b"&amp;" * 400_000, b"text/html"),
    "100,000 open uuencodings": body(b"begin 644 x\nM\n" * 100_000),
    "2 MB of base64 padding": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"= " * 1_000_000,
    "a million closed pieces of base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==" * 1_000_000,
    "2 MB of equal signs": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 2_000_000,
    "a megabyte of 0xFF": body(b"\xff" * 1_000_000),
    "a megabyte of broken UTF-8": body(b"\xc3\xa9\xff" * 300_000, b"text/plain; charset=utf-8"),
    "a megabyte of plus in utf-7": body(b"+" * 1_000_000, b"text/plain; charset=utf-7"),
    "300,000 escapes": body(b"\x1b$B" * 300_000),
    "300,000 accents on one letter": body(("a" + "\u0301" * 300_000).encode()),
    "2 million nested values of S/MIME": HEAD + b"Content-Type: application/pkcs7-mime\n\n" + b"\x30\x80" * 2_000_000,
    "2 million values of S/MIME": HEAD + b"Content-Type: application/pkcs7-mime\n\n\x30\x80" + b"\x06\0" * 2_000_000,
    "300,000 attributes of winmail.dat": HEAD
    + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\0"
    + b"\x02\x10\x80\0\0\0\0\0\0\0\0" * 300_000,
    "20,000 armours": body(b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\n" * 20_000),
    "90,000 lines of a bounce": b"From: mailer-daemon@b.example\nSubject: Undelivered mail\n\n"
    + b"<x@y.example>: 550\n" * 90_000,
    "a wide gap in a line": body(b"We sign. " + b" " * 11_000 + b"x"),
    "wide gaps in a list": body(b"".join(b"%d. " % i + b"\xc2\xa0" * 3_500 + b" - Oslo\n" for i in range(9))),
    "a wide gap in a signature": body(b"We sign.\n\n-- \n" + b" " * 11_000 + b"x"),
    "10,000 empty lines forwarded": body(b"See\n---------- Forwarded message ---------\n" + b"\n" * 11_000 + b"x"),
    "11 kB of one Persian letter": body(("We sign. " + "ک" * 11_000).encode()),
    "a contact with an empty quotation": body(b'Name: Harbour Union\nContact person: Anna Berg, "", secretary'),
    "zip bomb": HEAD + b"Content-Type: application/zip; name=x.zip\n\nPK\x03\x04" + b"\0" * 1_000_000,
}
